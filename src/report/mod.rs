//! One typed result, many renderings: terminal, HTML, JSONL, CSV, SARIF, annotations.
//!
//! A command makes a [`Comparison`] (or a list of revision changes, or an [`Update`](update::Update)) and a renderer turns it into text. What people read
//! and what programs read come from the same value. Renderers return strings and print nothing.

pub mod csv;
pub mod github;
pub mod html;
pub mod jsonl;
mod places;
pub mod sarif;
pub mod terminal;
pub mod update;
pub mod versions;

use std::fmt;

use crate::diff::rules::Suppressed;
use crate::model::{Alignment, Bead, Divergence, Document, Row, SegmentId, Severity, Span, Table};
use crate::text::counted;
use rustc_hash::FxHashMap;

/// Two aligned versions and where they disagree.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The source version.
    pub source: &'a Document,
    /// The target version.
    pub target: &'a Document,
    /// Their beads.
    pub alignment: &'a Alignment,
    /// The divergences, in the order of [`crate::diff::diff`]; none where only pairs are shown.
    pub divergences: Vec<Divergence>,
    /// The findings that are passed over.
    pub suppressed: Vec<Suppressed>,
    /// Whether those are shown too, each with its reason; SARIF always holds them.
    pub shows_suppressed: bool,
    /// How many findings are shown to people, at the terminal and in HTML; `None` for all. Of more the gravest are, and how
    /// many are not is told. What programs read is always whole.
    pub limit: Option<usize>,
    /// How many findings are left out because they are milder than asked for, by severity.
    pub milder: [usize; 3],
}

/// More findings than anybody looks through; a page with ten times as many still scrolls.
pub const LIMIT: usize = 1000;

/// A finding as it is shown.
#[derive(Debug, Clone, Copy)]
struct Shown<'a> {
    divergence: &'a Divergence,
    /// Why it is passed over, where it is.
    reason: Option<&'a str>,
}

/// The counts that sum a comparison up. Its text is a line such as
/// `56 and 54 segments, 51 pairs, 14 divergences: 5 errors, 7 warnings, 2 info`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Segments of the source and of the target.
    pub segments: [usize; 2],
    /// Beads with both sides.
    pub pairs: usize,
    /// Divergences by severity: errors, warnings, information.
    pub by_severity: [usize; 3],
    /// Findings that are passed over, not counted among those.
    pub suppressed: usize,
    /// Findings that are milder than asked for, by severity, not counted among those.
    pub milder: [usize; 3],
}

impl<'a> Comparison<'a> {
    /// Makes a comparison.
    pub fn new(
        source: &'a Document,
        target: &'a Document,
        alignment: &'a Alignment,
        divergences: Vec<Divergence>,
    ) -> Self {
        let suppressed = Vec::new();
        Self {
            source,
            target,
            alignment,
            divergences,
            suppressed,
            shows_suppressed: false,
            limit: Some(LIMIT),
            milder: [0; 3],
        }
    }

    /// Returns the findings that are told and then, where asked for, those that are passed over.
    fn all(&self) -> Vec<Shown<'_>> {
        let told = self.divergences.iter().map(|divergence| Shown { divergence, reason: None });
        let passed_over = self.suppressed.iter().filter(|_| self.shows_suppressed);
        let passed_over = passed_over
            .map(|Suppressed { divergence, reason }| Shown { divergence, reason: Some(reason) });
        told.chain(passed_over).collect()
    }

    /// Returns the findings to show to people, in the order of [`Self::all`], and how many more there are.
    fn shown(&self) -> (Vec<Shown<'_>>, usize) {
        let all = self.all();
        let left_out = all.len().saturating_sub(self.limit.unwrap_or(usize::MAX));
        if left_out == 0 {
            return (all, 0);
        }
        let mut gravest: Vec<usize> = (0..all.len()).collect();
        gravest.sort_by_key(|place| {
            (all[*place].reason.is_some(), std::cmp::Reverse(all[*place].divergence.severity))
        });
        gravest.truncate(all.len() - left_out);
        gravest.sort_unstable();
        (gravest.into_iter().map(|place| all[place]).collect(), left_out)
    }

    /// Returns for each bead which findings concern it: those that name one of its segments.
    fn by_bead(&self, shown: &[Shown<'_>]) -> Vec<Vec<usize>> {
        let mut source = vec![None; self.source.segments.len()];
        let mut target = vec![None; self.target.segments.len()];
        for (place, bead) in self.alignment.beads().iter().enumerate() {
            for (of, ids) in [(&mut source, &bead.source), (&mut target, &bead.target)] {
                for id in ids {
                    if let Some(of) = of.get_mut(id.place()) {
                        *of = Some(place);
                    }
                }
            }
        }
        let mut by_bead = vec![Vec::new(); self.alignment.beads().len()];
        for (number, Shown { divergence, .. }) in shown.iter().enumerate() {
            let ours = divergence.source_segments.iter().map(|id| source.get(id.place()));
            let theirs = divergence.target_segments.iter().map(|id| target.get(id.place()));
            for bead in ours.chain(theirs).filter_map(|bead| bead.copied().flatten()) {
                // A finding comes once in a bead.
                if by_bead[bead].last() != Some(&number) {
                    by_bead[bead].push(number);
                }
            }
        }
        by_bead
    }

    /// Counts segments, pairs and divergences.
    pub fn summary(&self) -> Summary {
        Summary {
            segments: [self.source.segments.len(), self.target.segments.len()],
            pairs: self.alignment.beads().iter().filter(|bead| !bead.is_null()).count(),
            by_severity: by_severity(self.divergences.iter().map(|d| d.severity)),
            suppressed: self.suppressed.len(),
            milder: self.milder,
        }
    }
}

impl Summary {
    /// Names the segments of both sides: `56 segments`, `56 and 54 segments`.
    fn segments(&self) -> String {
        match self.segments {
            [source, target] if source == target => counted(source, "segment"),
            [source, target] => format!("{source} and {}", counted(target, "segment")),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = counts(self.by_severity, self.suppressed, self.milder);
        write!(out, "{}, {}, {found}", self.segments(), counted(self.pairs, "pair"))
    }
}

/// Says how many findings there are: `8 divergences: 5 errors, 1 warning, 2 info, 3 suppressed`.
/// What is milder than asked for is told behind: `no errors; 18 warnings, 4 info not shown`.
fn counts(by_severity: [usize; 3], suppressed: usize, milder: [usize; 3]) -> String {
    let total: usize = by_severity.iter().sum();
    let found = match milder {
        _ if total > 0 => format!("{}: {}", counted(total, "divergence"), named(by_severity)),
        [0, 0, 0] => "no divergences".to_owned(),
        [_, 0, _] => "no errors or warnings".to_owned(),
        _ => "no errors".to_owned(),
    };
    let suppressed = match suppressed {
        0 => String::new(),
        count => format!(", {count} suppressed"),
    };
    let milder = match milder {
        [0, 0, 0] => String::new(),
        counts => format!("; {} not shown", named(counts)),
    };
    format!("{found}{suppressed}{milder}")
}

/// Names counts by severity: `5 errors, 1 warning, 2 info`.
fn named([errors, warnings, info]: [usize; 3]) -> String {
    let parts = [
        (errors, counted(errors, "error")),
        (warnings, counted(warnings, "warning")),
        (info, format!("{info} info")),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, part)| part).collect();
    parts.join(", ")
}

/// Counts errors, warnings, information.
pub fn by_severity(all: impl Iterator<Item = Severity>) -> [usize; 3] {
    let mut counts = [0; 3];
    all.for_each(|severity| counts[Severity::Error as usize - severity as usize] += 1);
    counts
}

/// Several aligned versions.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'a> {
    /// The versions, in the order of the table's columns.
    pub documents: &'a [Document],
    /// Their rows.
    pub table: &'a Table,
    /// Whether to show how sure the beads of each two versions are.
    pub explain: bool,
}

/// The beads of two versions in one row: the places of the versions, and the beads.
type PairOfRow = ([usize; 2], Vec<Bead>);

impl Versions<'_> {
    /// Returns for each row the beads of each two versions; nothing where they are not to be shown.
    fn pairs(&self) -> Vec<Vec<PairOfRow>> {
        let mut all: Vec<Vec<PairOfRow>> = vec![Vec::new(); self.table.rows().len()];
        if !self.explain {
            return all;
        }
        for target in 1..self.documents.len() {
            for source in 0..target {
                let Some(alignment) = self.table.pair(source, target) else { continue };
                let mut row_of = [FxHashMap::default(), FxHashMap::default()];
                for (number, row) in self.table.rows().iter().enumerate() {
                    for (row_of, version) in row_of.iter_mut().zip([source, target]) {
                        row_of.extend(row.segments[version].iter().map(|id| (*id, number)));
                    }
                }
                for bead in alignment.beads() {
                    let of = |side: usize, ids: &[SegmentId]| {
                        ids.first().and_then(|id| row_of[side].get(id)).copied()
                    };
                    let row = of(0, &bead.source).or_else(|| of(1, &bead.target));
                    let Some(pairs) = row.and_then(|row| all.get_mut(row)) else { continue };
                    match pairs.iter_mut().find(|pair| pair.0 == [source, target]) {
                        Some(pair) => pair.1.push(bead.clone()),
                        None => pairs.push(([source, target], vec![bead.clone()])),
                    }
                }
            }
        }
        all
    }

    /// Counts segments and rows, such as `56, 54 and 55 segments, 57 rows, 52 of them in all versions`.
    fn summary(&self) -> String {
        let whole = |row: &&Row| row.segments.iter().all(|ids| !ids.is_empty());
        let rows = self.table.rows();
        format!(
            "{}, {}, {} of them in all versions",
            segments_of(self.documents),
            counted(rows.len(), "row"),
            rows.iter().filter(whole).count()
        )
    }
}

/// Counts the segments of several versions: `56, 54 and 55 segments`.
fn segments_of(documents: &[Document]) -> String {
    let counts: Vec<String> =
        documents.iter().map(|document| document.segments.len().to_string()).collect();
    let (last, first) = counts.split_last().map_or(("", &[][..]), |(l, f)| (l.as_str(), f));
    format!("{} and {last} segments", first.join(", "))
}

/// The lines of a text, to name places as people do.
#[derive(Debug)]
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect(),
        )
    }

    /// Returns the line of a byte, from 1.
    fn of(&self, at: usize) -> usize {
        self.0.partition_point(|end| *end < at) + 1
    }
}

/// Returns the spans of a side that are to be marked in a bead: the differing values, not whole segments.
fn marked(divergences: &[&Divergence], is_source: bool) -> Vec<Span> {
    let spans = divergences
        .iter()
        .filter(|d| if is_source { d.expected.is_some() } else { d.found.is_some() })
        .filter_map(|d| if is_source { d.source_span } else { d.target_span });
    disjoint(spans.collect())
}

/// Puts spans in order and makes those that overlap one.
fn disjoint(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup();
    let mut disjoint: Vec<Span> = Vec::new();
    for span in spans {
        match disjoint.last_mut() {
            Some(last) if last.overlaps(span) => last.end = last.end.max(span.end),
            _ => disjoint.push(span),
        }
    }
    disjoint
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_a_sentence() {
        let summary = Summary {
            segments: [56, 54],
            pairs: 51,
            by_severity: [5, 1, 2],
            suppressed: 3,
            milder: [0; 3],
        };
        assert_eq!(
            summary.to_string(),
            "56 and 54 segments, 51 pairs, 8 divergences: 5 errors, 1 warning, 2 info, 3 suppressed"
        );
        let none =
            Summary { segments: [1, 1], pairs: 1, by_severity: [0; 3], suppressed: 0, ..summary };
        assert_eq!(none.to_string(), "1 segment, 1 pair, no divergences");
        let milder = |milder| Summary { milder, ..none }.to_string();
        assert!(milder([0, 18, 4]).ends_with(", no errors; 18 warnings, 4 info not shown"));
        assert!(milder([0, 0, 4]).ends_with(", no errors or warnings; 4 info not shown"));
    }

    #[test]
    fn lines_count_from_one() {
        let lines = Lines::new("a\nb\n");
        assert_eq!([lines.of(0), lines.of(2)], [1, 2]);
    }
}
