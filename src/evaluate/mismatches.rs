//! The beads on which system and gold disagree, for people to look at.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::beads::{Link, counted};
use crate::model::{Document, Segment};

/// A bead on which system and gold disagree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mismatch {
    /// Who has the bead.
    pub kind: MismatchKind,
    /// The numbers of its source segments: the lines, from 0.
    pub source: Vec<u32>,
    /// The numbers of its target segments.
    pub target: Vec<u32>,
    /// The source segments, with a blank between them.
    pub source_text: String,
    /// The target segments, with a blank between them.
    pub target_text: String,
    /// The confidence in a wrong bead, in `0..=1`; none for a missed one.
    pub confidence: Option<f64>,
}

/// Who has a bead that the other has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MismatchKind {
    /// The system has it, the gold has not.
    Wrong,
    /// The gold has it, the system has not. Those without partner are listed, though recall does not count them.
    Missed,
}

/// Returns the beads that count, a run without partner as one bead a segment with the confidence of the run.
fn singled(system: &[(Link, f64)]) -> impl Iterator<Item = (Link, f64)> {
    let counted = |(link, confidence): &(Link, f64)| {
        let confidence = *confidence;
        counted(link).into_iter().map(move |one| (one, confidence))
    };
    system.iter().flat_map(counted)
}

/// Says of each bead that precision counts how sure the system was and whether the gold has it.
pub(super) fn judged(gold: &[Link], system: &[(Link, f64)]) -> Vec<(f64, bool)> {
    let gold: BTreeSet<Link> = gold.iter().flat_map(counted).collect();
    singled(system).map(|(one, confidence)| (confidence, gold.contains(&one))).collect()
}

/// Returns the text of each segment by its number.
pub(super) fn texts(document: &Document) -> BTreeMap<u32, String> {
    let one = |segment: &Segment| (segment.index, segment.span.of(&document.text).to_owned());
    document.segments.iter().map(one).collect()
}

/// Lists the beads that only one of gold and system has, in the order of the text.
pub(super) fn mismatches(
    gold: &[Link],
    system: &[(Link, f64)],
    texts: (&BTreeMap<u32, String>, &BTreeMap<u32, String>),
) -> Vec<Mismatch> {
    let gold_set: BTreeSet<Link> = gold.iter().flat_map(counted).collect();
    let system_set: BTreeMap<Link, f64> = singled(system).collect();
    // A bead without source stands behind the source of what the gold pairs with the target before it.
    let mut before: BTreeMap<u32, u32> = BTreeMap::new();
    for (source, target) in &gold_set {
        if let (Some(source), Some(target)) = (source.last(), target.last()) {
            before.insert(*target, *source);
        }
    }
    let place = |(source, target): &Link| -> (u32, u32, u32) {
        let target = target.first().copied().unwrap_or(u32::MAX);
        match source.first() {
            Some(source) => (*source + 1, 0, target),
            None => {
                let last = before.range(..target).next_back();
                (last.map_or(0, |(_, source)| *source + 1), 1, target)
            }
        }
    };
    let text = |numbers: &[u32], texts: &BTreeMap<u32, String>| {
        let parts: Vec<&str> =
            numbers.iter().filter_map(|number| texts.get(number)).map(String::as_str).collect();
        parts.join(" ")
    };
    let row = |kind, link: &Link, confidence| Mismatch {
        kind,
        source: link.0.clone(),
        target: link.1.clone(),
        source_text: text(&link.0, texts.0),
        target_text: text(&link.1, texts.1),
        confidence,
    };
    let wrong = system_set
        .iter()
        .filter(|(link, _)| !gold_set.contains(*link))
        .map(|(link, confidence)| (place(link), row(MismatchKind::Wrong, link, Some(*confidence))));
    let missed = gold_set
        .iter()
        .filter(|link| !system_set.contains_key(*link))
        .map(|link| (place(link), row(MismatchKind::Missed, link, None)));
    let mut rows: Vec<_> = wrong.chain(missed).collect();
    rows.sort_by_key(|row| row.0);
    rows.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::MismatchKind::{Missed, Wrong};
    use super::*;
    use crate::model::Language;
    use crate::segment;

    fn document(count: usize) -> Document {
        let lines: Vec<String> = (0..count).map(|number| format!("line {number}")).collect();
        segment::presegmented_document("", lines.join("\n"), Language::UND)
    }

    #[test]
    fn wrong_and_missed_beads_stand_in_the_order_of_the_text() {
        let gold =
            [(vec![0], vec![0]), (vec![], vec![1]), (vec![1, 2], vec![2]), (vec![3], vec![])];
        let system =
            [((vec![0], vec![0, 1]), 0.6), ((vec![1], vec![2]), 0.7), ((vec![2, 3], vec![]), 0.4)];
        let texts = (texts(&document(4)), texts(&document(3)));
        let rows = mismatches(&gold, &system, (&texts.0, &texts.1));
        let short: Vec<_> = rows
            .iter()
            .map(|row| (row.kind, row.source.clone(), row.target.clone(), row.confidence))
            .collect();
        assert_eq!(
            short,
            [
                (Wrong, vec![0], vec![0, 1], Some(0.6)),
                (Missed, vec![0], vec![0], None),
                (Missed, vec![], vec![1], None),
                (Wrong, vec![1], vec![2], Some(0.7)),
                (Missed, vec![1, 2], vec![2], None),
                (Wrong, vec![2], vec![], Some(0.4)),
            ]
        );
        assert_eq!(rows[0].target_text, "line 0 line 1");
        // The run without partner counts as two beads, of which the gold has one.
        let judged = judged(&gold, &system);
        assert_eq!(judged, [(0.6, false), (0.7, false), (0.4, false), (0.4, true)]);
    }
}
