//! What a person can be shown for a bead: the numbers, values, names and concepts found on both sides.

use super::Pair;
use crate::model::{Anchor, AnchorKind, Bead, Document, SegmentId, Span, TermHit};
use crate::text::{skeleton, values, words};

/// Letters a name's skeleton needs to be shown as an anchor; shorter ones agree by chance.
const LEAST_NAME: usize = 4;

/// Returns the anchors of a bead, by kind and source place. Each place is used once a kind.
pub(super) fn anchors(pair: &Pair<'_>, bead: &Bead) -> Vec<Anchor> {
    if bead.is_null() {
        return Vec::new();
    }
    let mut anchors = Vec::new();
    match_up(
        AnchorKind::ListNumber,
        &numbers(pair.source, &bead.source),
        &numbers(pair.target, &bead.target),
        &mut anchors,
    );
    match_up(
        AnchorKind::Value,
        &values(pair.source, &bead.source),
        &values(pair.target, &bead.target),
        &mut anchors,
    );
    match_up(
        AnchorKind::Name,
        &names(pair.source, &bead.source),
        &names(pair.target, &bead.target),
        &mut anchors,
    );
    match_up(
        AnchorKind::Concept,
        &concepts(pair.source, &bead.source, pair.source_terms),
        &concepts(pair.target, &bead.target, pair.target_terms),
        &mut anchors,
    );
    anchors
}

fn match_up<K: PartialEq>(
    kind: AnchorKind,
    source: &[(K, Span)],
    target: &[(K, Span)],
    anchors: &mut Vec<Anchor>,
) {
    let mut used = vec![false; target.len()];
    for (key, span) in source {
        let free = (0..target.len()).find(|place| !used[*place] && target[*place].0 == *key);
        if let Some(place) = free {
            used[place] = true;
            anchors.push(Anchor { kind, source: *span, target: target[place].1 });
        }
    }
}

fn numbers(document: &Document, ids: &[SegmentId]) -> Vec<(u32, Span)> {
    let segments = ids.iter().filter_map(|id| document.segments.get(id.place()));
    segments.filter_map(|segment| Some((segment.number?, segment.marker?))).collect()
}

fn values(document: &Document, ids: &[SegmentId]) -> Vec<(Agreeing, Span)> {
    let segments = ids.iter().filter_map(|id| document.segments.get(id.place()));
    segments
        .flat_map(|segment| {
            let found = values::find(segment.span.of(&document.text), document.language);
            let start = segment.span.start;
            found.into_iter().filter(|value| value.is_digits).map(move |value| {
                let span = value.span.shifted(start);
                (Agreeing(value), span)
            })
        })
        .collect()
}

/// A value that equals every value it agrees with.
struct Agreeing(values::Value);

impl PartialEq for Agreeing {
    fn eq(&self, other: &Self) -> bool {
        self.0.agrees(&other.0)
    }
}

/// Returns the capitalised words that do not open the segment, by skeleton.
fn names(document: &Document, ids: &[SegmentId]) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    for id in ids {
        let Some(segment) = document.segments.get(id.place()) else { continue };
        for word in words(segment.span.of(&document.text)) {
            if word.text.chars().next().is_some_and(char::is_uppercase) {
                let key = skeleton(word.text, document.language);
                if key.len() >= LEAST_NAME {
                    names.push((key, word.span.shifted(segment.span.start)));
                }
            }
        }
    }
    names
}

fn concepts(document: &Document, ids: &[SegmentId], hits: &[TermHit]) -> Vec<(usize, Span)> {
    let segments = ids.iter().filter_map(|id| document.segments.get(id.place()));
    segments
        .flat_map(|segment| {
            let first = hits.partition_point(|hit| hit.span.start < segment.span.start);
            hits[first..].iter().take_while(|hit| hit.span.start < segment.span.end)
        })
        .filter(|hit| !hit.is_nested)
        .map(|hit| (hit.concept, hit.span))
        .collect()
}
