//! Numbers, dates, times, percentages, addresses: compared by what they mean.
//!
//! In each bead every value in digits, and every number word that is no other word, looks for a partner that agrees with it: an unused one of its own kind first, then
//! any unused one, then one that is used already (a number may be said twice), then one in a neighbouring bead (a sentence
//! border that moved). What is left on both sides is paired, like with like, and told as one finding that names both
//! values; a number word only where it and one other value are all that is left. Partners that agree are compared by unit.

use super::{Context, Side};
use crate::model::{Divergence, DivergenceType, Language, Severity, Span};
use crate::text::values::{self, Reading, Value, ValueKind};

/// What [`Reading::Number`] counts one as.
const MILLIONTHS: i128 = 1_000_000;

/// What is left of a bead: the values without partner, sure number words too.
#[derive(Default)]
struct Left<'a> {
    source: Vec<&'a Value>,
    target: Vec<&'a Value>,
}

/// Units that are compared with each other; a percentage or a degree is never another unit of the same thing, and `5 times` counts
/// nothing.
pub(super) fn is_measure(unit: &str) -> bool {
    !matches!(unit, "percent" | "article" | "degree" | "year" | "time")
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
        let sides = [&context.source, &context.target];
        let months = sides.map(|side| named(side, values::months));
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
        told_names(context, &months, "month", found);
        told_names(context, &sides.map(|side| named(side, values::weekdays)), "weekday", found);
    }
}

/// Returns the months or days of the week that a side names, with their places in the text.
fn named(side: &Side<'_>, find: fn(&str, Language) -> Vec<(Span, u8)>) -> Vec<(Span, u8)> {
    let segments = side.ids.iter().filter_map(|id| side.document.segments.get(id.place()));
    let found = segments.flat_map(|segment| {
        let own = find(segment.span.of(&side.document.text), side.document.language);
        own.into_iter().map(|(span, number)| (span.shifted(segment.span.start), number))
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

/// Tells of months or days of the week that the other side does not name where it names another one, unless both are parts of dates in digits, which
/// are compared as such; a month that is only left out is often said by another word.
fn told_names(
    context: &Context<'_>,
    names: &[Vec<(Span, u8)>; 2],
    subtype: &'static str,
    found: &mut Vec<Divergence>,
) {
    let alone = |side: &Side<'_>, own: &[(Span, u8)], others: &[(Span, u8)]| -> Vec<(Span, bool)> {
        // A day or a year in digits: what it says is compared as a date.
        let dates =
            || side.values.iter().filter(|value| value.kind == ValueKind::Date && value.is_digits);
        let is_dated = |span: Span| dates().any(|date| date.span.overlaps(span));
        let is_alone = |(_, name): &&(Span, u8)| others.iter().all(|(_, other)| other != name);
        own.iter().filter(is_alone).map(|(span, _)| (*span, is_dated(*span))).collect()
    };
    let source = alone(&context.source, &names[0], &names[1]);
    let target = alone(&context.target, &names[1], &names[0]);
    let pairs = source.into_iter().zip(target).filter(|(source, target)| !(source.1 && target.1));
    for ((source, _), (target, _)) in pairs {
        let expected = source.of(&context.source.document.text);
        let given = target.of(&context.target.document.text);
        let message = format!("the source says \"{expected}\", the target \"{given}\"");
        let spans = (Some(source), Some(target));
        found.push(context.finding(DivergenceType::Date, subtype, Severity::Error, spans, message));
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
            source.iter().enumerate().filter(|(_, value)| value.is_sure || value.unit.is_some())
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
            let spans = (Some(value.whole_span()), Some(other.whole_span()));
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
        value.is_sure && !is_said(value, own, others)
    };
    let mut left = Left {
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
    };
    forget_scores(&mut left.source, &context.source, &mut left.target);
    forget_scores(&mut left.target, &context.target, &mut left.source);
    left
}

/// Takes out the scores that look like times of day where the other side has both numbers: 21:20, and 21 to 20.
fn forget_scores(values: &mut Vec<&Value>, side: &Side<'_>, others: &mut Vec<&Value>) {
    let is_number = |other: &Value, digits: &str| {
        let number =
            digits.parse().map(|number: i32| Reading::Number(i128::from(number) * MILLIONTHS));
        number.is_ok_and(|number| other.readings.contains(&number))
    };
    values.retain(|value| {
        let points = value.span.of(&side.document.text).split_once(':');
        let Some((first, second)) = points.filter(|_| value.kind == ValueKind::Time) else {
            return true;
        };
        let is_score = |pair: &[&Value]| is_number(pair[0], first) && is_number(pair[1], second);
        let Some(place) = others.windows(2).position(is_score) else { return true };
        others.drain(place..place + 2);
        false
    });
}

fn words(unit: &str) -> String {
    unit.replace('_', " ")
}

/// Tells of the values without partner, pairing those of both sides.
fn told(context: &Context<'_>, mut left: Left<'_>, found: &mut Vec<Divergence>) {
    let fits: [fn(&Value, &Value) -> bool; 4] = [
        |one, other| one.kind == other.kind && is_other_magnitude(one, other),
        |one, other| one.kind == other.kind && one.unit == other.unit,
        |one, other| one.kind == other.kind,
        |one, other| !one.kind.is_address() && !other.kind.is_address(),
    ];
    for fits in fits {
        let mut place = 0;
        while place < left.source.len() {
            let value = left.source[place];
            let fits = |other: &&Value| value.is_digits && other.is_digits && fits(value, other);
            match left.target.iter().position(fits) {
                Some(other) => {
                    let other = left.target.remove(other);
                    left.source.remove(place);
                    found.push(differing(context, value, other));
                }
                None => place += 1,
            }
        }
    }
    // A number word is told of only where it is clear what stands for it: the only number that is left on the other side.
    if let ([value], [other]) = (&left.source[..], &left.target[..])
        && !value.kind.is_address()
        && !other.kind.is_address()
    {
        found.push(differing(context, value, other));
        return;
    }
    let sides = [
        (left.source, &context.source, "source", "target"),
        (left.target, &context.target, "target", "source"),
    ];
    for (values, side, here, there) in sides {
        // `a minute` is `1 dəqiqə`, `one-third` is `1/3`: a lone one is as often said by an article.
        let is_one = |value: &&Value| value.readings.contains(&Reading::Number(MILLIONTHS));
        let is_fraction = |value: &&Value| {
            value.span.of(&side.document.text).contains('/') && value.kind == ValueKind::Number
        };
        let is_told = |value: &&Value| value.is_digits && !is_one(value) && !is_fraction(value);
        for value in values.into_iter().filter(is_told) {
            let (kind, subtype) = type_of(value);
            let text = value.span.of(&side.document.text);
            let message = format!("\"{text}\" of the {here} is not in the {there}");
            let spans =
                if here == "source" { (Some(value.span), None) } else { (None, Some(value.span)) };
            found.push(context.finding(kind, subtype, Severity::Warning, spans, message));
        }
    }
}

/// Says whether two numbers differ in their magnitude alone: 6 million and 6 billion, 10,000 and 10 million.
fn is_other_magnitude(one: &Value, other: &Value) -> bool {
    let numbers = |value: &Value| -> Vec<i128> {
        let number = |reading: &Reading| match reading {
            Reading::Number(number) if *number > 0 => Some(*number),
            _ => None,
        };
        value.readings.iter().filter_map(number).collect()
    };
    let is_thousandfold = |one: i128, other: i128| {
        let (small, large) = (one.min(other), one.max(other));
        [1_000, 1_000_000, 1_000_000_000]
            .into_iter()
            .any(|times| small.checked_mul(times) == Some(large))
    };
    let theirs = numbers(other);
    one.magnitude != other.magnitude
        && numbers(one).iter().any(|one| theirs.iter().any(|other| is_thousandfold(*one, *other)))
}

fn differing(context: &Context<'_>, value: &Value, other: &Value) -> Divergence {
    let (mut kind, mut subtype) = type_of(value);
    if is_other_magnitude(value, other) {
        (kind, subtype) = (DivergenceType::TimeUnit, "magnitude");
    } else if value.is_other_unit(other) {
        (kind, subtype) = (DivergenceType::TimeUnit, "unit");
    } else if kind == DivergenceType::Number && !value.kind.is_address() {
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
