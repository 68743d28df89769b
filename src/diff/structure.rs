//! What the beads alone say: omitted, added, repeated, merged, put elsewhere.

use std::collections::BTreeMap;

use crate::align::longest_rising;
use crate::model::{
    Alignment, Bead, BlockKind, Divergence, DivergenceType, Document, Segment, SegmentId,
    SegmentKind, Severity,
};
use crate::text::{counted, fold};

/// A repeated segment shorter than this, in letters and digits, may well be meant: `Bəli.`
const LEAST_REPEATED: usize = 12;

/// How far apart, in segments, a repetition may stand from the first: a line pasted twice stands next to itself, while a
/// phrase that comes back pages later is meant.
const NEAREST: usize = 8;

/// Returns the findings of structure.
pub(super) fn check(
    source: &Document,
    target: &Document,
    alignment: &Alignment,
) -> Vec<Divergence> {
    let mut found = Vec::new();
    let (seen, echoed) = (repeated(target), repeated(source));
    for bead in alignment.beads() {
        match (bead.source.is_empty(), bead.target.is_empty()) {
            (false, true) => found.extend(bead.source.iter().map(|id| omitted(source, *id))),
            (true, false) => found.extend(bead.target.iter().map(|id| added(target, *id, &seen))),
            (false, false) => joined(source, target, bead, [&echoed, &seen], &mut found),
            (true, true) => {}
        }
    }
    order(source, target, alignment.beads(), &mut found);
    found
}

/// Letters and digits of a segment, folded, its list marker left out.
fn content(document: &Document, segment: &Segment) -> String {
    let start = segment.marker.map_or(segment.span.start, |marker| marker.end);
    let text = document.text.get(start..segment.span.end).unwrap_or_default();
    fold(text, document.language).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Returns for each segment that repeats one just before it that one.
fn repeated(document: &Document) -> BTreeMap<SegmentId, SegmentId> {
    let mut first: BTreeMap<String, SegmentId> = BTreeMap::new();
    let mut repeated = BTreeMap::new();
    for (id, segment) in document.ids().zip(&document.segments) {
        let content = content(document, segment);
        if content.chars().count() < LEAST_REPEATED {
            continue;
        }
        if let Some(known) =
            first.insert(content, id).filter(|known| id.place() - known.place() <= NEAREST)
        {
            repeated.insert(id, known);
        }
    }
    repeated
}

fn shown(document: &Document, id: SegmentId) -> String {
    let text = document.joined(&[id]);
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Makes the finding of a source segment without partner.
pub(super) fn omitted(source: &Document, id: SegmentId) -> Divergence {
    let segment = &source.segments[id.place()];
    let text = shown(source, id);
    let (kind, subtype, severity, message) = match (segment.kind, segment.number) {
        (SegmentKind::ListItem, Some(number)) => (
            DivergenceType::ListItem,
            "missing",
            Severity::Error,
            format!("list item {number} is missing in the target: {text}"),
        ),
        (SegmentKind::ListItem, None) => (
            DivergenceType::ListItem,
            "missing",
            Severity::Error,
            format!("a list item is missing in the target: {text}"),
        ),
        (SegmentKind::Heading | SegmentKind::Label, _) => (
            DivergenceType::Omission,
            "heading",
            Severity::Warning,
            format!("the heading is missing in the target: {text}"),
        ),
        _ => (
            DivergenceType::Omission,
            "segment",
            Severity::Error,
            format!("the target has nothing for: {text}"),
        ),
    };
    Divergence {
        kind,
        subtype,
        severity,
        source_segments: vec![id],
        target_segments: Vec::new(),
        source_span: Some(segment.span),
        target_span: None,
        expected: Some(segment.span.of(&source.text).to_owned()),
        found: None,
        message,
    }
}

/// Makes the finding of a target segment without partner; `seen` has what repeats a segment before it.
pub(super) fn added(
    target: &Document,
    id: SegmentId,
    seen: &BTreeMap<SegmentId, SegmentId>,
) -> Divergence {
    let segment = &target.segments[id.place()];
    let text = shown(target, id);
    let (kind, subtype, severity, message) = match (seen.get(&id), segment.kind) {
        (Some(_), _) => (
            DivergenceType::Duplicate,
            "segment",
            Severity::Error,
            format!("the target says this twice: {text}"),
        ),
        (None, SegmentKind::ListItem) => (
            DivergenceType::ListItem,
            "extra",
            Severity::Error,
            format!("the source has no such list item: {text}"),
        ),
        (None, SegmentKind::Heading | SegmentKind::Label) => (
            DivergenceType::Addition,
            "heading",
            Severity::Warning,
            format!("the source has no such heading: {text}"),
        ),
        _ => (
            DivergenceType::Addition,
            "segment",
            Severity::Error,
            format!("the source has nothing for: {text}"),
        ),
    };
    Divergence {
        kind,
        subtype,
        severity,
        source_segments: Vec::new(),
        target_segments: vec![id],
        source_span: None,
        target_span: Some(segment.span),
        expected: None,
        found: Some(segment.span.of(&target.text).to_owned()),
        message,
    }
}

/// Looks at a bead with both sides: repeated segments in it, segments made one, list items run together. What either
/// side repeats is known.
fn joined(
    source: &Document,
    target: &Document,
    bead: &Bead,
    [echoed, seen]: [&BTreeMap<SegmentId, SegmentId>; 2],
    found: &mut Vec<Divergence>,
) {
    let is_echoed = bead.source.iter().any(|id| echoed.contains_key(id));
    let is_repeated = |id: &&SegmentId| {
        let first = seen.get(id).filter(|_| bead.target.len() > 1);
        first.is_some_and(|first| !is_echoed || bead.target.contains(first))
    };
    let repeated = bead.target.iter().filter(is_repeated);
    found.extend(repeated.map(|id| added(target, *id, seen)));
    // What is said twice is no part of a split.
    let (n, m) = (bead.source.len(), bead.target.iter().filter(|id| !is_repeated(id)).count());
    let all = |kind, subtype, message| Divergence {
        kind,
        subtype,
        severity: Severity::Info,
        source_segments: bead.source.clone(),
        target_segments: bead.target.clone(),
        source_span: source.span_of(&bead.source),
        target_span: target.span_of(&bead.target),
        expected: None,
        found: None,
        message,
    };
    let items = |document: &Document, ids: &[SegmentId]| -> Vec<u32> {
        let items = ids.iter().map(|id| &document.segments[id.place()]);
        items.filter(|s| s.kind == SegmentKind::ListItem).filter_map(|s| s.number).collect()
    };
    let (ours, theirs) = (items(source, &bead.source), items(target, &bead.target));
    if n > m && ours.len() == n && theirs.len() == m {
        let numbers: Vec<String> = ours.iter().map(u32::to_string).collect();
        let message = format!("list items {} are {m} in the target", numbers.join(", "));
        let mut divergence = all(DivergenceType::ListItem, "merged", message);
        divergence.severity = Severity::Warning;
        found.push(divergence);
    } else if n > m {
        found.push(all(
            DivergenceType::Merge,
            "merge",
            format!("{n} source segments are {m} in the target"),
        ));
    } else if m > n {
        let (said, is) = (counted(n, "source segment"), if n == 1 { "is" } else { "are" });
        found.push(all(DivergenceType::Merge, "split", format!("{said} {is} {m} in the target")));
    }
    if (n, m) == (1, 1) {
        let (one, other) =
            (&source.segments[bead.source[0].place()], &target.segments[bead.target[0].place()]);
        if let (Some(expected), Some(number), false) = (one.number, other.number, bead.reordered)
            && expected != number
            && one.kind == SegmentKind::ListItem
        {
            let mut divergence = all(
                DivergenceType::ListItem,
                "renumbered",
                format!("list item {expected} has number {number} in the target"),
            );
            divergence.source_span = one.marker;
            divergence.target_span = other.marker;
            divergence.expected = Some(expected.to_string());
            divergence.found = Some(number.to_string());
            found.push(divergence);
        }
        if !bead.reordered
            && is_run_together(target, bead.target[0])
            && !is_run_together(source, bead.source[0])
        {
            let message =
                "the list item stands on one line with the one before it in the target only";
            found.push(all(DivergenceType::ListItem, "run_together", message.to_owned()));
        }
    }
}

/// Says whether a numbered item stands on one line with the item before it.
fn is_run_together(document: &Document, id: SegmentId) -> bool {
    let Some(before) = id.place().checked_sub(1).map(|place| &document.segments[place]) else {
        return false;
    };
    let item = &document.segments[id.place()];
    let is_item =
        |segment: &Segment| segment.kind == SegmentKind::ListItem && segment.number.is_some();
    let between = document.text.get(before.span.end..item.span.start).unwrap_or_default();
    is_item(before)
        && is_item(item)
        && !between.contains('\n')
        && document.blocks.get(item.block).is_some_and(|block| block.kind == BlockKind::List)
}

/// Finds beads that cross. Two beads that crossed each other alone changed places; a bead that crosses more was moved.
fn order(source: &Document, target: &Document, beads: &[Bead], found: &mut Vec<Divergence>) {
    let linked: Vec<&Bead> = beads.iter().filter(|bead| !bead.is_null()).collect();
    let kept = longest_rising(&linked.iter().map(|bead| bead.target[0]).collect::<Vec<_>>());
    let mut is_kept = vec![false; linked.len()];
    for place in kept {
        is_kept[place] = true;
    }
    for (place, bead) in linked.iter().enumerate().filter(|(place, _)| !is_kept[*place]) {
        let crossing: Vec<&&Bead> = linked
            .iter()
            .enumerate()
            .filter(|(other, partner)| {
                (*other < place) != (partner.target[0] < bead.target[0]) && *other != place
            })
            .map(|(_, partner)| partner)
            .collect();
        let (subtype, mut source_ids, mut target_ids) = match crossing[..] {
            [partner] => (
                "swapped",
                [&partner.source[..], &bead.source].concat(),
                [&partner.target[..], &bead.target].concat(),
            ),
            _ => ("moved", bead.source.clone(), bead.target.clone()),
        };
        source_ids.sort_unstable();
        target_ids.sort_unstable();
        let message = match subtype {
            "swapped" => "two segments changed places".to_owned(),
            _ => format!("the target puts this elsewhere: {}", shown(source, bead.source[0])),
        };
        found.push(Divergence {
            kind: DivergenceType::Order,
            subtype,
            severity: Severity::Warning,
            source_span: source.span_of(&source_ids),
            target_span: target.span_of(&target_ids),
            source_segments: source_ids,
            target_segments: target_ids,
            expected: None,
            found: None,
            message,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Language, Origin};
    use crate::segment;

    fn checked(
        source: &str,
        target: &str,
        beads: &[(&[u32], &[u32])],
    ) -> Vec<(DivergenceType, &'static str)> {
        let document =
            |text: &str, language| segment::presegmented_document("", text.to_owned(), language);
        let (source, target) = (document(source, Language::EN), document(target, Language::AZ));
        let ids = |list: &[u32]| list.iter().map(|n| SegmentId(*n)).collect();
        let beads =
            beads.iter().map(|(s, t)| Bead::settled(ids(s), ids(t), Origin::Person)).collect();
        let alignment =
            Alignment::new(source.segments.len(), target.segments.len(), beads).unwrap();
        check(&source, &target, &alignment).iter().map(|d| (d.kind, d.subtype)).collect()
    }

    #[test]
    fn a_missing_item_is_a_list_item_and_a_missing_sentence_an_omission() {
        let found = checked("We came.\n6.\"Sun\" PU, Orujlu Arzu;", "Gəldik.", &[(&[0], &[0])]);
        assert_eq!(found, [(DivergenceType::ListItem, "missing")]);
        let found = checked("We came here.\nWe saw it.", "Buraya gəldik.", &[(&[0], &[0])]);
        assert_eq!(found, [(DivergenceType::Omission, "segment")]);
    }

    #[test]
    fn a_repeated_segment_is_a_duplicate() {
        let found =
            checked("We came here.", "Biz buraya gəldik.\nBiz buraya gəldik.", &[(&[0], &[0])]);
        assert_eq!(found, [(DivergenceType::Duplicate, "segment")]);
        // Both in one bead are no split.
        let found =
            checked("We came here.", "Biz buraya gəldik.\nBiz buraya gəldik.", &[(&[0], &[0, 1])]);
        assert_eq!(found, [(DivergenceType::Duplicate, "segment")]);
        // Nor is one that an aligner put to what follows, unless the source repeats it, too.
        let twice = "Biz buraya gəldik.\nBiz buraya gəldik.\nGördük.";
        let found = checked("We came here.\nWe saw it.", twice, &[(&[0], &[0]), (&[1], &[1, 2])]);
        assert_eq!(found, [(DivergenceType::Duplicate, "segment")]);
        let source = "We came here today.\nWe came here today.";
        let found = checked(source, twice, &[(&[0], &[0]), (&[1], &[1, 2])]);
        assert_eq!(found, [(DivergenceType::Merge, "split")]);
    }

    #[test]
    fn two_list_items_made_one_are_told_as_such() {
        let found = checked(
            "1. Persons over eighteen;\n2. persons who have slept well;",
            "1. Yaşı on səkkizdən çox olan və yaxşı yatmış şəxslər;",
            &[(&[0, 1], &[0])],
        );
        assert_eq!(found, [(DivergenceType::ListItem, "merged")]);
    }

    #[test]
    fn a_message_counts_in_the_right_number() {
        let told = |source: u32, target: u32| {
            let document = |count: u32, language| {
                let text = vec!["We came."; count as usize].join("\n");
                segment::presegmented_document("", text, language)
            };
            let ids = |count: u32| (0..count).map(SegmentId).collect();
            let bead = Bead::settled(ids(source), ids(target), Origin::Person);
            let alignment = Alignment::new(source as usize, target as usize, vec![bead]).unwrap();
            let (source, target) = (document(source, Language::EN), document(target, Language::AZ));
            check(&source, &target, &alignment)[0].message.clone()
        };
        assert_eq!(told(1, 2), "1 source segment is 2 in the target");
        assert_eq!(told(2, 3), "2 source segments are 3 in the target");
        assert_eq!(told(2, 1), "2 source segments are 1 in the target");
    }

    #[test]
    fn two_that_cross_each_other_changed_places() {
        let found = checked(
            "One.\nTwo.\nThree.",
            "Bir.\nÜç.\nİki.",
            &[(&[0], &[0]), (&[1], &[2]), (&[2], &[1])],
        );
        assert_eq!(found, [(DivergenceType::Order, "swapped")]);
    }
}
