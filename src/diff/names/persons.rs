//! The persons of signatories: the name behind the last comma of a numbered item is always written by sound, so both
//! versions must have it, and the same one.

use super::candidate::all_keys;
use super::sound::SAME;
use crate::diff::{Context, Side};
use crate::model::{Divergence, DivergenceType, SegmentKind, Severity, Span};
use crate::text::skeleton::{likeness, skeleton};

/// Compares the persons of two signatories; returns whether something was told.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Divergence>) -> bool {
    let (source, target) = (person(&context.source), person(&context.target));
    match (source, target) {
        (Some(source), Some(target)) => {
            let (ours, theirs) = (parts(source, &context.source), parts(target, &context.target));
            let is_found = |key: &String| theirs.iter().any(|other| likeness(key, other) >= SAME);
            let missing = ours.iter().filter(|key| !is_found(key)).count();
            if ours.is_empty() || missing == 0 || ours.len() != theirs.len() {
                return false;
            }
            let message = format!(
                "the person is \"{}\" in the source, \"{}\" in the target",
                source.of(&context.source.document.text),
                target.of(&context.target.document.text)
            );
            found.push(context.finding(
                DivergenceType::Entity,
                "person",
                Severity::Error,
                (Some(source), Some(target)),
                message,
            ));
            true
        }
        (Some(one), None) => missing_person(context, one, true, found),
        (None, Some(one)) => missing_person(context, one, false, found),
        (None, None) => false,
    }
}

fn missing_person(
    context: &Context<'_>,
    person: Span,
    is_source: bool,
    found: &mut Vec<Divergence>,
) -> bool {
    let (side, other) = if is_source {
        (&context.source, &context.target)
    } else {
        (&context.target, &context.source)
    };
    // Without the comma before it the person stands somewhere in the item all the same.
    let others = all_keys(other);
    if parts(person, side).iter().any(|key| others.iter().any(|other| likeness(key, other) >= SAME))
    {
        return false;
    }
    let name = person.of(&side.document.text);
    let (spans, message) = if is_source {
        ((Some(person), None), format!("the person \"{name}\" is missing in the target"))
    } else {
        ((None, Some(person)), format!("the person \"{name}\" is missing in the source"))
    };
    found.push(context.finding(
        DivergenceType::Entity,
        "person_missing",
        Severity::Error,
        spans,
        message,
    ));
    true
}

/// Returns the person of a signatory: two to four capitalised words behind the last comma of a list item.
fn person(side: &Side<'_>) -> Option<Span> {
    let mut segments = side.segments();
    let segment = segments
        .next()
        .filter(|segment| segment.kind == SegmentKind::ListItem && segment.number.is_some())?;
    if segments.next().is_some() {
        return None;
    }
    let text = segment.span.of(&side.document.text).trim_end_matches([';', '.', ',', ' ']);
    let comma = text.rfind(',')?;
    let tail = text[comma + 1..].trim();
    let parts: Vec<&str> = tail.split_whitespace().collect();
    let is_name = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '’' || c == '\'')
    };
    if !(2..=4).contains(&parts.len()) || !parts.iter().all(is_name) {
        return None;
    }
    let start = segment.span.start
        + (tail.as_ptr() as usize - segment.span.of(&side.document.text).as_ptr() as usize);
    Some(Span::new(start, start + tail.len()))
}

fn parts(person: Span, side: &Side<'_>) -> Vec<String> {
    let words = person.of(&side.document.text).split_whitespace();
    words.map(|word| skeleton(word, side.document.language)).filter(|key| !key.is_empty()).collect()
}
