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
use super::{LIMIT, by_severity, counts, disjoint, segments_of};
use crate::diff::versions::{Disagreement, SuppressedDisagreement};
use crate::model::{DivergenceType, Document, SegmentId, Span, Table};
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
    /// How many are left out because they are milder than asked for, by severity.
    pub milder: [usize; 3],
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
        Self {
            documents,
            table,
            found,
            suppressed,
            shows_suppressed: false,
            limit: Some(LIMIT),
            milder: [0; 3],
        }
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
            counts(self.by_severity(), self.suppressed.len(), self.milder)
        )
    }

    /// Counts errors, warnings, information.
    pub fn by_severity(&self) -> [usize; 3] {
        by_severity(self.found.iter().map(|found| found.severity))
    }

    /// Returns the language of the odd version, or its file where another version is in that language.
    fn odd(&self, found: &Disagreement) -> Option<String> {
        let odd = &self.documents[found.odd?];
        let same = self.documents.iter().filter(|document| document.language == odd.language);
        Some(if same.count() == 1 { odd.language.to_string() } else { odd.name.clone() })
    }
}

/// Returns how a version is marked: as what should go where it is the odd one or nobody knows, else as what should come.
fn mark(found: &Disagreement, version: usize) -> Mark {
    match found.odd {
        Some(odd) if odd != version => Mark::Target,
        _ => Mark::Source,
    }
}

/// A piece of a version's text that is marked.
#[derive(Debug, Clone, Copy)]
struct Marked {
    span: Span,
    mark: Mark,
    /// The number of the disagreement, by its place in what is asked for.
    number: usize,
}

/// Returns what disagreements mark in a version's column: the values; of segments that changed places all of the segment. What holds another mark gives way to it.
fn marked(found: &[Shown<'_>], version: usize) -> Vec<Marked> {
    let all = found.iter().enumerate().filter_map(|(number, Shown { found, .. })| {
        let stand = &found.stands[version];
        let is_whole = found.kind == DivergenceType::Order;
        let is_marked = stand.group.is_some() && (stand.text.is_some() || is_whole);
        let span = stand.span.filter(|_| is_marked)?;
        Some(Marked { span, mark: mark(found, version), number })
    });
    let all: Vec<Marked> = all.collect();
    let holds = |one: &Marked| {
        all.iter().any(|other| one.span != other.span && one.span.contains(other.span))
    };
    all.iter().copied().filter(|one| !holds(one)).collect()
}

/// Returns the segments of a version in a row, with those that disagreements about the row name elsewhere.
fn segments(found: &[Shown<'_>], version: usize, own: &[SegmentId]) -> Vec<SegmentId> {
    let named = found.iter().flat_map(|shown| shown.found.stands[version].segments.iter());
    let mut ids: Vec<SegmentId> = named.chain(own).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::terminal::Style;
    use super::*;
    use crate::diff::versions::diff_versions;
    use crate::model::{Alignment, Bead, Language, Origin, Row};
    use crate::segment::presegmented_document;

    /// Calls with the report of three versions whose lines stand side by side.
    fn reported<R>(texts: [&str; 3], call: impl Fn(&Disagreements<'_>) -> R) -> R {
        let documents: Vec<Document> = texts
            .iter()
            .zip(["en", "az", "ru"])
            .map(|(text, tag)| {
                let language = Language::parse(tag).unwrap();
                presegmented_document(&format!("{tag}.txt"), (*text).to_owned(), language)
            })
            .collect();
        let ids: Vec<SegmentId> = documents[0].ids().collect();
        let pairs = [(0, 1), (0, 2), (1, 2)].map(|pair| {
            let bead = |id: &SegmentId| Bead::settled(vec![*id], vec![*id], Origin::Person);
            let beads = ids.iter().map(bead).collect();
            (pair, Alignment::new(ids.len(), ids.len(), beads).unwrap())
        });
        let row = |id: &SegmentId| Row {
            segments: vec![vec![*id]; 3],
            confidence: 1.0,
            reordered: false,
        };
        let table = Table::new(3, ids.iter().map(row).collect(), BTreeMap::from(pairs));
        let found = diff_versions(&documents, &table, None);
        call(&Disagreements::new(&documents, &table, found))
    }

    const TWO: [&str; 3] = [
        "We sent 47 tents and <600> blankets.\nThank you.",
        "47 çadır və 500 ədyal göndərdik.\nSağ olun.",
        "Мы отправили 37 палаток и 600 одеял.\nСпасибо.",
    ];

    #[test]
    fn what_names_another_odd_version_stands_under_a_row_of_its_own() {
        let wide = Style { width: 110, color: false };
        let text = reported(TWO, |report| terminal(report, wide));
        let odd: Vec<&str> = text.lines().filter(|line| line.contains("(odd)")).collect();
        assert_eq!(odd.len(), 2);
        assert!(text.contains("{+47+}") && text.contains("[-37-]") && text.contains("[-500-]"));
        assert!(text.ends_with("2, 2 and 2 segments, 2 rows, 2 divergences: 2 errors\n"));
        let narrow = Style { width: 60, color: false };
        let text = reported(TWO, |report| terminal(report, narrow));
        assert!(text.lines().all(|line| line.chars().count() <= 60 && !line.contains('│')));
    }

    #[test]
    fn the_page_has_a_column_a_version_and_a_place_a_finding() {
        let page = reported(TWO, html);
        assert!(page.contains("--versions: 3") && page.contains("&lt;"));
        for number in 1..=2 {
            assert_eq!(page.matches(&format!("id=\"f{number}\"")).count(), 1);
            assert_eq!(page.matches(&format!("href=\"#f{number}\"")).count(), 1);
        }
        assert_eq!(page.matches("class=\"odd\"").count(), 2);
        assert_eq!(page.matches("mark class=\"source\"").count(), 2);
        assert_eq!(page.matches("mark class=\"target\"").count(), 4);
    }

    #[test]
    fn annotations_point_at_the_odd_version_and_the_others_are_related() {
        let lines = reported(TWO, github);
        assert!(lines.starts_with("::error file=ru.txt,line=1,endLine=1,col=14,endColumn=16,"));
        assert!(lines.contains("\n::error file=az.txt,"));
        let log: serde_json::Value = serde_json::from_str(&reported(TWO, sarif)).unwrap();
        let first = &log["runs"][0]["results"][0];
        let uri = |place: &serde_json::Value| {
            place["physicalLocation"]["artifactLocation"]["uri"].as_str().map(str::to_owned)
        };
        assert_eq!(uri(&first["locations"][0]).as_deref(), Some("ru.txt"));
        let related = first["relatedLocations"].as_array().unwrap();
        let related: Vec<_> = related.iter().filter_map(uri).collect();
        assert_eq!(related, ["en.txt", "az.txt"]);
        assert_eq!(first["properties"]["odd"], "ru");
    }

    #[test]
    fn a_mark_that_holds_another_gives_way() {
        let texts =
            ["1. We sent 47 tents.", "1. 47 çadır göndərdik.", "1. Мы отправили 37 палаток."];
        reported(texts, |report| {
            let mut whole = report.found[0].clone();
            whole.kind = DivergenceType::Order;
            whole.stands.iter_mut().zip(report.documents).for_each(|(stand, document)| {
                stand.span = document.span_of(&stand.segments);
            });
            let both = [&report.found[0], &whole].map(|found| Shown { found, reason: None });
            assert_eq!(marked(&both, 2).len(), 1);
            assert_eq!(marked(&both[1..], 2).len(), 1);
        });
    }
}
