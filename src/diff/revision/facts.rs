//! Which numbers, dates, times, addresses and names differ between two revisions of a segment.
//!
//! Values are compared by what they mean ([`crate::text::values`]): `6 million` and `6,000,000` are no change. A value in
//! digits counts by itself; a number word or a month only where another one stands for it, as `one` comes and goes with the
//! wording. A name counts where capitalised words inside a sentence give way to capitalised words, other endings aside.

use similar::{DiffOp, DiffTag};

use super::wording::{Token, content};
use super::{RevisionChange, RevisionKind};
use crate::diff::values::is_measure;
use crate::model::{Document, Segment, SegmentId, SegmentKind, Span};
use crate::text::values::{self, Value};
use crate::text::{fold, suffix, words};

/// Letters that two forms of one name must share before their endings.
const LEAST_STEM: usize = 3;

/// A fact that one revision states: a span of its text and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A number, a date, a time or an address; its span is one of the document.
    Value(Value),
    /// A number with another unit than the other revision has: the span takes both.
    Measure(Value, Span),
    /// A name.
    Name(Span),
}

/// A fact that the revisions state differently, or only one of them. At least one side is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactChange {
    /// As the older revision has it.
    pub old: Option<Fact>,
    /// As the newer revision has it.
    pub new: Option<Fact>,
}

impl Fact {
    /// Returns the bytes of the document that state it.
    pub fn span(&self) -> Span {
        match self {
            Self::Value(value) => value.span,
            Self::Measure(_, span) | Self::Name(span) => *span,
        }
    }

    /// Returns the words of the document that state it.
    pub fn of<'t>(&self, document: &'t Document) -> &'t str {
        self.span().of(&document.text)
    }
}

impl FactChange {
    /// Returns what both revisions say, an empty text where one says nothing.
    pub fn texts<'t>(&self, old: &'t Document, new: &'t Document) -> (&'t str, &'t str) {
        let text = |fact: &Option<Fact>, document: &'t Document| {
            fact.as_ref().map_or("", |fact| fact.of(document))
        };
        (text(&self.old, old), text(&self.new, new))
    }

    /// Tells the change: `47 became 37`, `47 is gone`, `37 is new`.
    pub fn told(&self, old: &Document, new: &Document) -> String {
        match self.texts(old, new) {
            (gone, "") => format!("{gone} is gone"),
            ("", come) => format!("{come} is new"),
            (gone, come) => format!("{gone} became {come}"),
        }
    }
}

/// Returns the values of segments, list markers left out; spans are bytes of the document.
pub(in crate::diff) fn values(document: &Document, ids: &[SegmentId]) -> Vec<Value> {
    let segments = ids.iter().filter_map(|id| document.segments.get(id.place()));
    let found = segments.flat_map(|segment| {
        let content = content(segment, &document.text);
        let found = values::find(content.of(&document.text), document.language);
        found
            .into_iter()
            .map(move |value| Value { span: value.span.shifted(content.start), ..value })
    });
    found.collect()
}

/// Returns the facts that differ: values by their place in the newer revision, else in the older, then names.
pub(super) fn changed(
    old: &Document,
    new: &Document,
    change: &RevisionChange,
    (ours, theirs): (&[Token], &[Token]),
    ops: &[DiffOp],
) -> Vec<FactChange> {
    debug_assert_eq!(change.kind, RevisionKind::Edited);
    let (before, after) = (values(old, &change.old), values(new, &change.new));
    let lone = |own: &[Value], other: &[Value]| -> Vec<Value> {
        own.iter().filter(|v| !other.iter().any(|theirs| v.agrees(theirs))).cloned().collect()
    };
    let (mut gone, mut come) = (lone(&before, &after), lone(&after, &before));
    let mut facts = measures(old, new, &before, &after);
    let fits: [fn(&Value, &Value) -> bool; 3] = [
        |one, other| one.kind == other.kind && one.unit == other.unit,
        |one, other| one.kind == other.kind,
        |one, other| one.is_digits && other.is_digits,
    ];
    for fits in fits {
        gone.retain(|value| {
            let Some(place) = come.iter().position(|other| fits(value, other)) else { return true };
            let other = come.remove(place);
            facts.push(FactChange {
                old: Some(Fact::Value(value.clone())),
                new: Some(Fact::Value(other)),
            });
            false
        });
    }
    let in_digits = |value: &Value| value.is_digits;
    let alone = gone.into_iter().filter(in_digits).map(|value| (Some(Fact::Value(value)), None));
    let alone =
        alone.chain(come.into_iter().filter(in_digits).map(|v| (None, Some(Fact::Value(v)))));
    facts.extend(alone.map(|(old, new)| FactChange { old, new }));
    let start = |fact: &Option<Fact>| fact.as_ref().map_or(usize::MAX, |fact| fact.span().start);
    facts.sort_by_key(|fact| (start(&fact.new), start(&fact.old)));
    let is_told = |span: Span, facts: &[FactChange]| {
        facts.iter().filter_map(|fact| fact.new.as_ref()).any(|fact| fact.span().overlaps(span))
    };
    let names: Vec<FactChange> = names(old, new, (ours, theirs), ops)
        .filter(|(_, come)| !is_told(*come, &facts))
        .map(|(gone, come)| FactChange { old: Some(Fact::Name(gone)), new: Some(Fact::Name(come)) })
        .collect();
    facts.extend(names);
    facts
}

/// Returns the numbers that stayed with another unit: `5 hours` and `5 days`.
fn measures(old: &Document, new: &Document, before: &[Value], after: &[Value]) -> Vec<FactChange> {
    let mut facts = Vec::new();
    for value in before {
        let Some(unit) = value.unit.filter(|unit| is_measure(unit)) else { continue };
        let others: Vec<&Value> = after.iter().filter(|other| value.agrees(other)).collect();
        if others.iter().any(|other| other.unit.is_none_or(|theirs| theirs == unit)) {
            continue;
        }
        if let Some(other) = others.iter().find(|other| other.unit.is_some_and(is_measure)) {
            let fact = |value: &Value, document: &Document| {
                Some(Fact::Measure(value.clone(), with_unit(value.span, &document.text)))
            };
            facts.push(FactChange { old: fact(value, old), new: fact(other, new) });
        }
    }
    facts
}

/// Returns the span of a number with its unit: the sign that touches it, else the next word.
fn with_unit(number: Span, text: &str) -> Span {
    let is_sign = |letter: char| !letter.is_alphanumeric() && !letter.is_whitespace();
    let before = text[..number.start].chars().next_back().filter(|letter| is_sign(*letter));
    if let Some(sign) = before.filter(|sign| !matches!(sign, '(' | '"' | '“' | '«' | '-')) {
        return Span::new(number.start - sign.len_utf8(), number.end);
    }
    let behind = &text[number.end..];
    let end = words(behind).next().map_or(0, |word| word.span.end);
    Span::new(number.start, number.end + end)
}

/// Returns the names that gave way to others.
fn names<'a>(
    old: &'a Document,
    new: &'a Document,
    (ours, theirs): (&'a [Token], &'a [Token]),
    ops: &'a [DiffOp],
) -> impl Iterator<Item = (Span, Span)> + 'a {
    ops.iter().filter(|op| op.tag() == DiffTag::Replace).filter_map(move |op| {
        let gone = name(old, ours, op.old_range())?;
        let come = name(new, theirs, op.new_range())?;
        let is_one = is_one_name(gone.of(&old.text), come.of(&new.text), new);
        (!is_one).then_some((gone, come))
    })
}

/// Returns the span of words that are a name as far as one can see: capitalised ones behind a word or a comma of the same
/// sentence. German capitalises more than names, a heading all words.
fn name(document: &Document, tokens: &[Token], range: std::ops::Range<usize>) -> Option<Span> {
    let row = &tokens[range.clone()];
    let (first, last) = (row.first()?, row.last()?);
    let before = &tokens[range.start.checked_sub(1)?];
    let segment = segment_at(document, first.span)?;
    let is_inside = segment.span.contains(before.span) && segment.span.contains(last.span);
    let is_running = !matches!(segment.kind, SegmentKind::Heading | SegmentKind::Label);
    let is_capital =
        |token: &Token| token.key.chars().count() > 1 && token.key.starts_with(char::is_uppercase);
    let is_name = (before.is_word || before.key == ",")
        && is_inside
        && is_running
        && document.language.code() != "de"
        && row.iter().all(is_capital)
        && segment.span.of(&document.text).contains(char::is_lowercase);
    is_name.then(|| Span::new(first.span.start, last.span.end))
}

fn segment_at(document: &Document, span: Span) -> Option<&Segment> {
    let place = document.segments.partition_point(|segment| segment.span.end <= span.start);
    document.segments.get(place)
}

/// Says whether two words are one name in other letters of the same case, or with another ending.
fn is_one_name(one: &str, other: &str, document: &Document) -> bool {
    let language = document.language;
    let (one, other) = (fold(one, language), fold(other, language));
    if one == other {
        return true;
    }
    let shared = one.chars().zip(other.chars()).take_while(|(ours, theirs)| ours == theirs);
    let (count, length) =
        shared.fold((0, 0), |(count, length), (letter, _)| (count + 1, length + letter.len_utf8()));
    let is_form = |word: &str| suffix::is_ending(Some(&word[..length]), &word[length..], language);
    count >= LEAST_STEM && suffix::has_endings(language) && is_form(&one) && is_form(&other)
}

#[cfg(test)]
mod tests {
    use super::super::revisions;
    use crate::model::Language;
    use crate::segment;

    fn told(old: &str, new: &str, language: Language) -> Vec<String> {
        let document = |text: &str| segment::presegmented_document("", text.to_owned(), language);
        let (old, new) = (document(old), document(new));
        let changes = revisions(&old, &new);
        assert_eq!(changes.len(), 1, "one pair is expected");
        changes[0].facts.iter().map(|fact| fact.told(&old, &new)).collect()
    }

    #[test]
    fn a_value_written_otherwise_is_no_other_value() {
        let none: [&str; 0] = [];
        let english = |old: &str, new: &str| told(old, new, Language::EN);
        assert_eq!(
            english("Some 6 million people live here.", "Some 6,000,000 people live here."),
            none
        );
        assert_eq!(english("It opens at 12 p.m. on May 3.", "It opens at 12:00 on 3 May."), none);
        assert_eq!(english("Six families came here.", "The 6 families came here."), none);
        assert_eq!(english("One of the roads is closed.", "The road is closed, one hears."), none);
    }

    #[test]
    fn values_units_months_and_number_words_are_named() {
        let english = |old: &str, new: &str| told(old, new, Language::EN);
        assert_eq!(
            english("It took 5 hours to come.", "It took 5 days to come."),
            ["5 hours became 5 days"]
        );
        assert_eq!(
            english("It ends before June this year.", "It ends before May this year."),
            ["June became May"]
        );
        assert_eq!(
            english("Six families came here.", "Seven families came here."),
            ["Six became Seven"]
        );
        assert_eq!(english("We have 12 tents and 40 beds.", "We have 12 tents."), ["40 is gone"]);
        assert_eq!(
            told("Yol 47 gün, 3 ay bağlıdır.", "Yol 37 gün, 3 ay bağlıdır.", Language::AZ),
            ["47 became 37"]
        );
    }

    #[test]
    fn names_count_where_they_are_sure() {
        let none: [&str; 0] = [];
        let azerbaijani = |old: &str, new: &str| told(old, new, Language::AZ);
        assert_eq!(
            azerbaijani("9. \"Bilik\" İB, Hüseynova Leyla;", "9. \"Bilik\" İB, Hüseynova Lalə;"),
            ["Leyla became Lalə"]
        );
        assert_eq!(azerbaijani("Biz yardımı Bakıda aldıq.", "Biz yardımı Bakıdan aldıq."), none);
        assert_eq!(azerbaijani("Bu gün yol bağlıdır.", "Dünən yol bağlıdır."), none);
    }
}
