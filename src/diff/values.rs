//! Numbers, dates, times, percentages, addresses: compared by what they mean.
//!
//! In each bead every value in digits looks for a partner that agrees with it: an unused one of its own kind first, then
//! any unused one, then one that is used already (a number may be said twice), then one in a neighbouring bead (a sentence
//! border that moved). What is left on both sides is paired, like with like, and told as one finding that names both
//! values. Partners that agree are compared by unit.

use super::{Context, Side};
use crate::model::{Divergence, DivergenceType, Severity, Span};
use crate::text::values::{self, Reading, Value, ValueKind};

/// What is left of a bead: the values without partner.
#[derive(Default)]
struct Left<'a> {
    source: Vec<&'a Value>,
    target: Vec<&'a Value>,
}

/// Units that are compared with each other; a percentage or a degree is never another unit of the same thing.
pub(super) fn is_measure(unit: &str) -> bool {
    !matches!(unit, "percent" | "article" | "degree" | "year")
}

/// Adds the findings about values; beads in order.
pub(super) fn check(contexts: &[&Context<'_>], found: &mut Vec<Divergence>) {
    let mut left: Vec<Left<'_>> = Vec::with_capacity(contexts.len());
    for context in contexts {
        left.push(matched(context, found));
    }
    let count = left.len();
    for place in 0..count {
        // A value that stands in the bead before or behind moved with a sentence border.
        let neighbours = [place.checked_sub(1), Some(place + 1).filter(|next| *next < count)];
        for other in neighbours.into_iter().flatten() {
            let (targets, sources) = (left[other].target.clone(), left[place].source.clone());
            left[place].source.retain(|value| !targets.iter().any(|theirs| value.agrees(theirs)));
            left[other].target.retain(|value| !sources.iter().any(|ours| ours.agrees(value)));
        }
    }
    for (context, left) in contexts.iter().zip(left) {
        let months = [&context.source, &context.target].map(months);
        let first = found.len();
        told(context, left, found);
        // A number beside a month is a day or a year, however odd.
        for finding in &mut found[first..] {
            let spans = [finding.source_span, finding.target_span];
            let is_beside =
                [&context.source, &context.target].into_iter().zip(spans).zip(&months).any(
                    |((side, span), months)| span.is_some_and(|span| is_beside(side, span, months)),
                );
            if finding.kind == DivergenceType::Number && is_beside {
                (finding.kind, finding.subtype) = (DivergenceType::Date, "date");
            }
        }
        told_months(context, &months, found);
    }
}

/// Returns the months that a side names, with their places in the text.
fn months(side: &Side<'_>) -> Vec<(Span, u8)> {
    let segments = side.ids.iter().filter_map(|id| side.document.segments.get(id.place()));
    let found = segments.flat_map(|segment| {
        let own = values::months(segment.span.of(&side.document.text), side.document.language);
        own.into_iter().map(|(span, month)| (span.shifted(segment.span.start), month))
    });
    found.collect()
}

/// Says whether a number stands right before or behind a month.
fn is_beside(side: &Side<'_>, number: Span, months: &[(Span, u8)]) -> bool {
    let is_near = |from: usize, to: usize| {
        from <= to
            && side.document.text[from..to].chars().all(|mark| mark.is_whitespace() || mark == ',')
    };
    months
        .iter()
        .any(|(month, _)| is_near(number.end, month.start) || is_near(month.end, number.start))
}

/// Tells of months without a day that the other side does not name where it names another one; a month that is only left out is
/// often said by another word.
fn told_months(context: &Context<'_>, months: &[Vec<(Span, u8)>; 2], found: &mut Vec<Divergence>) {
    let alone = |side: &Side<'_>, own: &[(Span, u8)], others: &[(Span, u8)]| -> Vec<Span> {
        // A day or a year in digits: what it says is compared as a date.
        let dates =
            || side.values.iter().filter(|value| value.kind == ValueKind::Date && value.is_digits);
        let is_dated = |span: Span| dates().any(|date| date.span.overlaps(span));
        let is_alone = |(span, month): &&(Span, u8)| {
            !is_dated(*span) && others.iter().all(|(_, other)| other != month)
        };
        own.iter().filter(is_alone).map(|(span, _)| *span).collect()
    };
    let source = alone(&context.source, &months[0], &months[1]);
    let target = alone(&context.target, &months[1], &months[0]);
    for (source, target) in source.into_iter().zip(target) {
        let expected = source.of(&context.source.document.text);
        let given = target.of(&context.target.document.text);
        let message = format!("the source says \"{expected}\", the target \"{given}\"");
        let spans = (Some(source), Some(target));
        found.push(context.finding(DivergenceType::Date, "month", Severity::Error, spans, message));
    }
}

/// Pairs the values of a bead; returns what is left and tells of units that differ.
fn matched<'a>(context: &'a Context<'_>, found: &mut Vec<Divergence>) -> Left<'a> {
    let (source, target) = (&context.source.values, &context.target.values);
    let mut partner: Vec<Option<usize>> = vec![None; source.len()];
    let mut used = vec![false; target.len()];
    let passes: [fn(&Value, &Value) -> bool; 4] = [
        |one, other| one.is_like(other) && one.unit == other.unit,
        Value::converts_to,
        Value::is_like,
        Value::agrees,
    ];
    for fits in passes {
        for (place, value) in
            source.iter().enumerate().filter(|(_, value)| value.is_digits || value.unit.is_some())
        {
            if partner[place].is_none() {
                partner[place] =
                    (0..target.len()).find(|other| !used[*other] && fits(value, &target[*other]));
                if let Some(other) = partner[place] {
                    used[other] = true;
                }
            }
        }
    }
    for (value, other) in
        source.iter().zip(&partner).filter_map(|(value, place)| Some((value, &target[(*place)?])))
    {
        if let (Some(unit), Some(theirs)) = (value.unit, other.unit)
            && unit != theirs
            && !value.converts_to(other)
            && is_measure(unit)
            && is_measure(theirs)
        {
            let spans = (Some(value.span), Some(other.span));
            let message = format!(
                "the unit differs: {} in the source, {} in the target",
                words(unit),
                words(theirs)
            );
            found.push(context.finding(
                DivergenceType::TimeUnit,
                "unit",
                Severity::Error,
                spans,
                message,
            ));
        }
    }
    // `45 miles (72 kilometres)`: one of the two is enough on the other side.
    let is_said = |value: &Value, own: &[Value], others: &[Value]| {
        others.iter().any(|other| value.agrees(other) || value.converts_to(other))
            || own.iter().any(|twin| {
                twin.converts_to(value) && others.iter().any(|other| twin.is_like(other))
            })
    };
    let is_left = |value: &Value, own: &[Value], others: &[Value]| {
        value.is_digits && !is_said(value, own, others)
    };
    Left {
        source: source
            .iter()
            .zip(&partner)
            .filter(|(value, partner)| partner.is_none() && is_left(value, source, target))
            .map(|(value, _)| value)
            .collect(),
        target: target
            .iter()
            .zip(used)
            .filter(|(value, used)| !used && is_left(value, target, source))
            .map(|(value, _)| value)
            .collect(),
    }
}

fn words(unit: &str) -> String {
    unit.replace('_', " ")
}

/// Tells of the values without partner, pairing those of both sides.
fn told(context: &Context<'_>, mut left: Left<'_>, found: &mut Vec<Divergence>) {
    let fits: [fn(&Value, &Value) -> bool; 4] = [
        |one, other| one.kind == other.kind && is_same_mantissa(one, other),
        |one, other| one.kind == other.kind && one.unit == other.unit,
        |one, other| one.kind == other.kind,
        |one, other| !is_address(one.kind) && !is_address(other.kind),
    ];
    for fits in fits {
        let mut place = 0;
        while place < left.source.len() {
            let value = left.source[place];
            match left.target.iter().position(|other| fits(value, other)) {
                Some(other) => {
                    let other = left.target.remove(other);
                    left.source.remove(place);
                    found.push(differing(context, value, other));
                }
                None => place += 1,
            }
        }
    }
    let sides = [
        (left.source, &context.source, "source", "target"),
        (left.target, &context.target, "target", "source"),
    ];
    for (values, side, here, there) in sides {
        // `a minute` is `1 dəqiqə`, `one-third` is `1/3`: a lone one is as often said by an article.
        let is_one = |value: &&Value| value.readings.contains(&Reading::Number(1_000_000));
        let is_fraction = |value: &&Value| {
            value.span.of(&side.document.text).contains('/') && value.kind == ValueKind::Number
        };
        for value in values.into_iter().filter(|value| !is_one(value) && !is_fraction(value)) {
            let (kind, subtype) = type_of(value);
            let text = value.span.of(&side.document.text);
            let message = format!("\"{text}\" of the {here} is not in the {there}");
            let spans =
                if here == "source" { (Some(value.span), None) } else { (None, Some(value.span)) };
            found.push(context.finding(kind, subtype, Severity::Warning, spans, message));
        }
    }
}

fn is_address(kind: ValueKind) -> bool {
    matches!(kind, ValueKind::Url | ValueKind::Email | ValueKind::Phone)
}

/// Says whether two numbers are the same before their magnitude words: 6 million and 6 billion.
fn is_same_mantissa(one: &Value, other: &Value) -> bool {
    let (Some(by), Some(theirs)) = (one.magnitude, other.magnitude) else { return false };
    let mantissas = |value: &Value, by: u64| -> Vec<i128> {
        let numbers = value.readings.iter().filter_map(|reading| match reading {
            Reading::Number(number) => Some(number / i128::from(by)),
            _ => None,
        });
        numbers.collect()
    };
    by != theirs
        && mantissas(one, by).iter().any(|number| mantissas(other, theirs).contains(number))
}

fn differing(context: &Context<'_>, value: &Value, other: &Value) -> Divergence {
    let (mut kind, mut subtype) = type_of(value);
    if is_same_mantissa(value, other) {
        (kind, subtype) = (DivergenceType::TimeUnit, "magnitude");
    } else if kind == DivergenceType::Number && !is_address(value.kind) {
        // The target's digits may have become a date or a percentage only by the change.
        let (theirs, finer) = type_of(other);
        if theirs == DivergenceType::Percent {
            (kind, subtype) = (theirs, finer);
        }
    }
    let expected = value.span.of(&context.source.document.text);
    let given = other.span.of(&context.target.document.text);
    let message = format!("the source says \"{expected}\", the target \"{given}\"");
    context.finding(kind, subtype, Severity::Error, (Some(value.span), Some(other.span)), message)
}

fn type_of(value: &Value) -> (DivergenceType, &'static str) {
    match value.kind {
        ValueKind::Date => (DivergenceType::Date, "date"),
        ValueKind::Time => (DivergenceType::TimeUnit, "clock"),
        ValueKind::Percent => (DivergenceType::Percent, "percent"),
        ValueKind::Phone => (DivergenceType::Number, "phone"),
        ValueKind::Url => (DivergenceType::Url, "address"),
        ValueKind::Email => (DivergenceType::Email, "address"),
        ValueKind::Number => match value.unit {
            Some("article") => (DivergenceType::Number, "legal_reference"),
            Some("dollar" | "euro" | "pound" | "manat" | "rouble" | "lira") => {
                (DivergenceType::Number, "amount")
            }
            _ => (DivergenceType::Number, "count"),
        },
    }
}
