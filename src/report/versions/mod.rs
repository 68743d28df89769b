//! Several versions and where they disagree: terminal, HTML, JSONL, CSV, SARIF, annotations.
//!
//! People see all versions of a row side by side. What the odd version says is marked as what should go, what the
//! others say as what should come; where no version is the odd one nobody knows, and all is marked alike.

mod annotations;
mod html;
mod records;
mod terminal;

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::terminal::Mark;
use super::{LIMIT, counts, disjoint, segments_of};
use crate::diff::versions::{Disagreement, SuppressedDisagreement};
use crate::model::{DivergenceType, Document, SegmentId, Severity, Span, Table};
use crate::text::counted;

pub use annotations::{github, sarif};
pub use html::html;
pub use records::{csv, jsonl};
pub use terminal::terminal;

/// Several aligned versions and where they disagree.
#[derive(Debug)]
pub struct Disagreements<'a> {
    /// The versions, in the order of the table's columns.
    pub documents: &'a [Document],
    /// Their rows.
    pub table: &'a Table,
    /// The disagreements, in the order of [`crate::diff::versions::diff_versions`].
    pub found: Vec<Disagreement>,
    /// What is passed over.
    pub suppressed: Vec<SuppressedDisagreement>,
    /// Whether that is shown too, each with its reason; SARIF always holds it.
    pub shows_suppressed: bool,
    /// How many are shown to people, the gravest; `None` for all. What programs read is always whole.
    pub limit: Option<usize>,
}

/// A disagreement as it is shown, with the reason where it is passed over.
#[derive(Debug, Clone, Copy)]
struct Shown<'a> {
    found: &'a Disagreement,
    reason: Option<&'a str>,
}

impl Shown<'_> {
    /// Returns the word for how grave it is.
    fn weight(&self) -> &'static str {
        if self.reason.is_some() { "suppressed" } else { self.found.severity.name() }
    }
}

impl<'a> Disagreements<'a> {
    /// Makes a report of disagreements.
    pub fn new(documents: &'a [Document], table: &'a Table, found: Vec<Disagreement>) -> Self {
        let suppressed = Vec::new();
        Self { documents, table, found, suppressed, shows_suppressed: false, limit: Some(LIMIT) }
    }

    /// Returns what is told and then, where asked for, what is passed over.
    fn all(&self) -> Vec<Shown<'_>> {
        let told = self.found.iter().map(|found| Shown { found, reason: None });
        let passed_over = self.suppressed.iter().filter(|_| self.shows_suppressed);
        let passed_over = passed_over
            .map(|passed| Shown { found: &passed.disagreement, reason: Some(&passed.reason) });
        told.chain(passed_over).collect()
    }

    /// Returns what is shown to people, by row, and how much more there is.
    fn shown(&self) -> (Vec<Shown<'_>>, usize) {
        let all = self.all();
        let limit = self.limit.unwrap_or(usize::MAX);
        let left_out = all.len().saturating_sub(limit);
        let mut gravest: Vec<usize> = (0..all.len()).collect();
        gravest.sort_by_key(|place| {
            (all[*place].reason.is_some(), Reverse(all[*place].found.severity))
        });
        gravest.truncate(limit);
        gravest.sort_unstable();
        let shown: Vec<Shown<'_>> = gravest.into_iter().map(|place| all[place]).collect();
        let mut first = vec![usize::MAX; shown.len()];
        for (row, numbers) in self.by_row(&shown).into_iter().enumerate() {
            numbers.into_iter().for_each(|number| first[number] = first[number].min(row));
        }
        let mut placed: Vec<(usize, Shown<'_>)> = first.into_iter().zip(shown).collect();
        placed.sort_by_key(|(row, _)| *row);
        (placed.into_iter().map(|(_, shown)| shown).collect(), left_out)
    }

    /// Returns for each row which of the disagreements concern it: those that name one of its segments.
    fn by_row(&self, shown: &[Shown<'_>]) -> Vec<Vec<usize>> {
        let mut row_of = FxHashMap::default();
        for (number, row) in self.table.rows().iter().enumerate() {
            for (version, ids) in row.segments.iter().enumerate() {
                row_of.extend(ids.iter().map(|id| ((version, *id), number)));
            }
        }
        let mut by_row = vec![Vec::new(); self.table.rows().len()];
        for (number, Shown { found, .. }) in shown.iter().enumerate() {
            for (version, stand) in found.stands.iter().enumerate() {
                let rows = stand.segments.iter().filter_map(|id| row_of.get(&(version, *id)));
                for row in rows {
                    // A disagreement comes once in a row.
                    if by_row[*row].last() != Some(&number) {
                        by_row[*row].push(number);
                    }
                }
            }
        }
        by_row
    }

    /// Counts segments, rows and disagreements: `57, 57 and 57 segments, 57 rows, 3 divergences: 3 info`.
    fn summary(&self) -> String {
        format!(
            "{}, {}, {}",
            segments_of(self.documents),
            counted(self.table.rows().len(), "row"),
            counts(self.by_severity(), self.suppressed.len())
        )
    }

    /// Counts errors, warnings, information.
    pub fn by_severity(&self) -> [usize; 3] {
        [Severity::Error, Severity::Warning, Severity::Info]
            .map(|severity| self.found.iter().filter(|found| found.severity == severity).count())
    }

    /// Returns the language of the odd version, or its file where another version is in that language.
    fn odd(&self, found: &Disagreement) -> Option<String> {
        let odd = &self.documents[found.odd?];
        let same = self.documents.iter().filter(|document| document.language == odd.language);
        Some(if same.count() == 1 { odd.language.to_string() } else { odd.name.clone() })
    }
}

/// Returns what is marked in a version's column, by the disagreement; of segments that changed places, or where a term is
/// missing, all of the segment.
fn mark(found: &Disagreement, version: usize) -> Option<(Span, Mark)> {
    let stand = &found.stands[version];
    let is_whole = found.kind == DivergenceType::Order
        || (found.kind == DivergenceType::Term && found.odd == Some(version));
    let is_marked = stand.group.is_some() && (stand.text.is_some() || is_whole);
    let mark = match found.odd {
        Some(odd) if odd != version => Mark::Target,
        _ => Mark::Source,
    };
    stand.span.filter(|_| is_marked).map(|span| (span, mark))
}

/// Returns the spans to mark of several disagreements in a version's column, and how.
fn marks(found: &[Shown<'_>], version: usize) -> (Vec<Span>, Mark) {
    let all: Vec<(Span, Mark)> =
        found.iter().filter_map(|shown| mark(shown.found, version)).collect();
    let is_odd = all.iter().any(|(_, mark)| *mark == Mark::Source);
    let spans = disjoint(all.into_iter().map(|(span, _)| span).collect());
    (spans, if is_odd { Mark::Source } else { Mark::Target })
}

/// Returns the segments of a version in a row, with those that disagreements about the row name elsewhere.
fn segments(found: &[Shown<'_>], version: usize, own: &[SegmentId]) -> Vec<SegmentId> {
    let named = found.iter().flat_map(|shown| shown.found.stands[version].segments.iter());
    let mut ids: Vec<SegmentId> = named.chain(own).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
