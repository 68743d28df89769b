//! What one version says and the other does not.
//!
//! ```text
//! structure   omitted, added, repeated, merged, put elsewhere    from the beads alone     [`structure`]
//! values      numbers, dates, times, percentages, addresses      by what they mean        [`values`]
//! names       people and places                                  by their sound           [`names`]
//! terms       names the glossary knows                           by concept               [`terms`]
//! meaning     left untranslated, or in another language          by the words themselves  [`meaning`]
//! negation    lost or added                                      by counting              [`negation`]
//! sense       all and some, must and may, missing clauses        by concept               [`sense`]
//! form        quotation marks, brackets, ends, scripts           by signs                 [`form`]
//! ```
//! A check looks at one bead with both sides ([`Context`]) or, for structure, at all beads. **The most specific finding
//! wins**: a segment without partner or left untranslated gives one finding and no other. False alarms are the enemy: a
//! value that agrees under any reading agrees, a value that stands in a neighbouring bead has moved with a sentence
//! border, a name must be known by its sound before its absence means something.
//!
//! [`rules`] says what is made of the findings: types that are off, pairs that are right, findings passed over for a reason.
//! [`explain`] says what a type means. [`revision`] compares two revisions of one version, [`mod@update`] says what of a
//! translation a new revision makes stale. [`versions`] compares three and more versions at once.

mod explanation;
mod fingerprint;
mod form;
mod meaning;
mod names;
mod negation;
pub mod revision;
pub mod rules;
mod sense;
mod structure;
mod terms;
pub mod update;
mod values;
pub mod versions;
mod words;

use std::ops::Range;

use crate::glossary::Glossary;
use crate::model::{
    Aligned, Alignment, Divergence, DivergenceType, Document, Segment, SegmentId, Severity, Span,
    TermHit,
};
use crate::text::values::{Value, ValueKind};

pub use explanation::{Example, Explanation, explain};
pub use fingerprint::fingerprint;
use words::{Word, Words};

/// Returns where two aligned versions disagree, by source place, then target place, then type.
///
/// # Example
/// ```
/// use qosha::{align, diff, model::{DivergenceType, Language}, segment};
/// let source = segment::document("en", "The road is closed for 47 days.".into(), Language::EN, &Default::default());
/// let target = segment::document("az", "Yol 37 gün bağlı qalır.".into(), Language::AZ, &Default::default());
/// let alignment = align::align(align::Pair::new(&source, &target), &Default::default());
/// let found = diff::diff(&source, &target, &alignment, None);
/// assert_eq!(found[0].kind, DivergenceType::Number);
/// assert_eq!(found[0].expected.as_deref(), Some("47"));
/// ```
pub fn diff(
    source: &Document,
    target: &Document,
    alignment: &Alignment,
    glossary: Option<&Glossary>,
) -> Vec<Divergence> {
    let mut found = structure::check(source, target, alignment);
    found.extend(form::paragraphs(source, target, alignment));
    let hits = |document: &Document| {
        glossary.map_or_else(Vec::new, |glossary| {
            glossary.matcher(document.language).find(&document.text)
        })
    };
    let (source_terms, target_terms) = (hits(source), hits(target));
    let (source_words, target_words) = (Words::of(source), Words::of(target));
    let contexts: Vec<Context<'_>> = alignment
        .beads()
        .iter()
        .filter(|bead| !bead.is_null())
        .map(|bead| {
            Context::new(
                Side::new(source, &bead.source, &source_terms, &source_words),
                Side::new(target, &bead.target, &target_terms, &target_words),
            )
        })
        .collect();
    let untranslated: Vec<Option<Divergence>> =
        contexts.iter().map(meaning::untranslated).collect();
    let is_translated: Vec<bool> = untranslated.iter().map(Option::is_none).collect();
    found.extend(untranslated.into_iter().flatten());
    let translated: Vec<&Context<'_>> = contexts
        .iter()
        .zip(is_translated)
        .filter(|(_, is_translated)| *is_translated)
        .map(|(c, _)| c)
        .collect();
    values::check(&translated, &mut found);
    names::check(&translated, &mut found);
    negation::check(&translated, &mut found);
    sense::check(&translated, &mut found);
    for context in &translated {
        if let Some(glossary) = glossary {
            terms::check(context, glossary, &mut found);
        }
        form::check(context, &mut found);
    }
    settle(&mut found);
    found
}

/// Returns where versions don't keep to a glossary, a list for each pair in the order of [`diff`]: terms that are not rendered,
/// terms that are not to be used, and terms that are rendered now so, now otherwise, over all pairs. Unlike [`diff`] it
/// looks at segments without partner and untranslated ones too.
pub fn check_terms(pairs: &[Aligned<'_>], glossary: &Glossary) -> Vec<Vec<Divergence>> {
    let hits = |document: &Document| glossary.matcher(document.language).find(&document.text);
    let known: Vec<[(Vec<TermHit>, Words<'_>); 2]> = pairs
        .iter()
        .map(|pair| [pair.source, pair.target].map(|side| (hits(side), Words::of(side))))
        .collect();
    let mut contexts: Vec<(usize, Context<'_>)> = Vec::new();
    for (place, (pair, [source, target])) in pairs.iter().zip(&known).enumerate() {
        let beads = pair.alignment.beads().iter();
        let own = beads.map(|bead| {
            Context::new(
                Side::new(pair.source, &bead.source, &source.0, &source.1),
                Side::new(pair.target, &bead.target, &target.0, &target.1),
            )
        });
        contexts.extend(own.map(|context| (place, context)));
    }
    let mut found = vec![Vec::new(); pairs.len()];
    for (place, context) in &contexts {
        terms::check(context, glossary, &mut found[*place]);
    }
    for (place, finding) in terms::inconsistent(&contexts, glossary) {
        found[place].push(finding);
    }
    found.iter_mut().for_each(settle);
    found
}

/// Puts findings in order and drops the less specific one where two speak of the same words.
fn settle(found: &mut Vec<Divergence>) {
    found.sort_by(|one, other| {
        let key = |d: &Divergence| {
            (
                d.source_segments.first().copied(),
                d.target_segments.first().copied(),
                d.kind,
                d.source_span,
                d.target_span,
            )
        };
        let place = |d: &Divergence| d.source_span.map_or(usize::MAX, |span| span.start);
        (place(one), key(one)).cmp(&(place(other), key(other)))
    });
    let names: Vec<(Option<Span>, Option<Span>)> = found
        .iter()
        .filter(|d| d.kind == DivergenceType::Term)
        .map(|d| (d.source_span, d.target_span))
        .collect();
    // A glossary term that differs is not also a changed name.
    found.retain(|d| {
        let is_name = matches!(d.kind, DivergenceType::Entity | DivergenceType::EntityTypo);
        let overlaps = |one: Option<Span>, other: Option<Span>| {
            one.zip(other).is_some_and(|(a, b)| a.overlaps(b))
        };
        !is_name || !names.iter().any(|(source, _)| overlaps(*source, d.source_span))
    });
    found.dedup();
    debug_assert!(found.iter().all(is_explained), "a subtype that `explain` does not list");
}

/// Says whether [`explain`] lists the subtype of a finding, so that rules can name it.
fn is_explained(divergence: &Divergence) -> bool {
    let subtypes = explain(divergence.kind).subtypes;
    subtypes.iter().any(|(name, _)| *name == divergence.subtype)
}

/// A bead with both sides and what is known of its texts. All spans are bytes of the documents.
struct Context<'a> {
    source: Side<'a>,
    target: Side<'a>,
}

/// One side of a bead.
struct Side<'a> {
    document: &'a Document,
    ids: &'a [SegmentId],
    /// The values; numbers in list markers only where the other side has no marker.
    values: Vec<Value>,
    /// The values that stand in list markers.
    markers: Vec<Span>,
    /// The glossary hits, nested ones too.
    terms: Vec<&'a TermHit>,
    /// The words of the whole document.
    vocabulary: &'a Words<'a>,
}

impl<'a> Context<'a> {
    /// Pairs two sides; the numbers of list markers are no values where both have markers.
    fn new(source: Side<'a>, target: Side<'a>) -> Self {
        let mut context = Self { source, target };
        let has_marker = |side: &Side<'_>| side.segments().any(|segment| segment.marker.is_some());
        let have = [has_marker(&context.source), has_marker(&context.target)];
        for (side, has_other) in [(&mut context.source, have[1]), (&mut context.target, have[0])] {
            if has_other {
                side.values.retain(|value| !side.markers.contains(&value.span));
            }
        }
        context
    }

    /// Makes a finding about this bead. A missing span stands for the whole side.
    fn finding(
        &self,
        kind: DivergenceType,
        subtype: &'static str,
        severity: Severity,
        spans: (Option<Span>, Option<Span>),
        message: String,
    ) -> Divergence {
        let (source, target) = spans;
        Divergence {
            kind,
            subtype,
            severity,
            source_segments: self.source.ids.to_vec(),
            target_segments: self.target.ids.to_vec(),
            source_span: source.or_else(|| self.source.span()),
            target_span: target.or_else(|| self.target.span()),
            expected: source.map(|span| span.of(&self.source.document.text).to_owned()),
            found: target.map(|span| span.of(&self.target.document.text).to_owned()),
            message,
        }
    }
}

impl<'a> Side<'a> {
    fn new(
        document: &'a Document,
        ids: &'a [SegmentId],
        terms: &'a [TermHit],
        vocabulary: &'a Words<'a>,
    ) -> Self {
        let mut side = Self {
            document,
            ids,
            values: Vec::new(),
            markers: Vec::new(),
            terms: Vec::new(),
            vocabulary,
        };
        for segment in ids.iter().filter_map(|id| document.segments.get(id.place())) {
            let start = segment.span.start;
            for mut value in
                crate::text::values::find(segment.span.of(&document.text), document.language)
            {
                value.span = value.span.shifted(start);
                value.unit_span = value.unit_span.map(|span| span.shifted(start));
                if segment.marker.is_some_and(|marker| marker.overlaps(value.span)) {
                    // `25. dakikada` begins as a list item does: where the other side has none, the number may explain one.
                    (value.is_digits, value.is_sure) = (false, false);
                    side.markers.push(value.span);
                }
                side.values.push(value);
            }
            let first = terms.partition_point(|hit| hit.span.start < start);
            let inside = terms[first..].iter().take_while(|hit| hit.span.start < segment.span.end);
            side.terms.extend(inside);
        }
        // A word of an address says nothing: info@school-road.example speaks of no school.
        let addresses = side.addresses();
        side.terms.retain(|hit| !addresses.iter().any(|address| address.overlaps(hit.span)));
        side
    }

    fn segments(&self) -> impl Iterator<Item = &'a Segment> {
        let document = self.document;
        self.ids.iter().filter_map(move |id| document.segments.get(id.place()))
    }

    /// Returns where web and e-mail addresses stand.
    fn addresses(&self) -> Vec<Span> {
        let is_address = |value: &&Value| matches!(value.kind, ValueKind::Url | ValueKind::Email);
        self.values.iter().filter(is_address).map(|value| value.span).collect()
    }

    /// Returns the segments with their words.
    fn words(&self) -> impl Iterator<Item = (&'a Segment, &'a [Word<'a>])> {
        let (document, vocabulary) = (self.document, self.vocabulary);
        self.ids.iter().filter_map(move |id| {
            Some((document.segments.get(id.place())?, vocabulary.of_segment(*id)))
        })
    }

    fn span(&self) -> Option<Span> {
        self.document.span_of(self.ids)
    }

    /// Returns the texts of the segments with their places.
    fn texts(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> {
        let document = self.document;
        self.segments().map(move |segment| (segment.span.of(&document.text), segment.span.range()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{Pair, align};
    use crate::model::Language;
    use crate::segment;

    fn compared(
        source: &str,
        target: &str,
    ) -> Vec<(DivergenceType, Option<String>, Option<String>)> {
        let options = segment::Options::default();
        let source = segment::document("en", source.to_owned(), Language::EN, &options);
        let target = segment::document("az", target.to_owned(), Language::AZ, &options);
        let alignment = align(Pair::new(&source, &target), &Default::default());
        let found = diff(&source, &target, &alignment, None);
        found.into_iter().map(|d| (d.kind, d.expected, d.found)).collect()
    }

    #[test]
    fn what_is_said_otherwise_is_no_divergence() {
        let source = "Six million people live there. Write to info@qosha.example by 12 p.m. on October 9, 2020.";
        let target = "Orada 6 mln nəfər yaşayır. 2020-ci il oktyabrın 9-u saat 12:00-dək info@qosha.example ünvanına yazın.";
        assert_eq!(compared(source, target), []);
    }

    #[test]
    fn a_month_without_a_day_and_an_odd_day_are_dates() {
        let some = |text: &str| Some(text.to_owned());
        let found = compared("The summit in June was long.", "Martda keçirilən sammit uzun idi.");
        assert_eq!(found, [(DivergenceType::Date, some("June"), some("Martda"))]);
        let found = compared("Come on June 10.", "60 iyun gəlin.");
        assert_eq!(found.iter().map(|d| d.0).collect::<Vec<_>>(), [DivergenceType::Date]);
        // A month that is said by another word, and one that both name.
        assert_eq!(compared("It began in June.", "Həmin ay başladı."), []);
        assert_eq!(compared("It began in June, in summer.", "Yayda, iyunun sonunda başladı."), []);
        assert_eq!(compared("We may march on.", "Biz may ayında gedirik."), []);
    }

    #[test]
    fn an_untranslated_segment_gives_one_finding() {
        let found = compared(
            "We ask all the 47 donors to help the families.",
            "We ask all the 47 donors to help the families.",
        );
        assert_eq!(found.iter().map(|d| d.0).collect::<Vec<_>>(), [DivergenceType::Untranslated]);
    }

    #[test]
    fn a_term_inside_an_address_is_not_asked_for() {
        let found = |source: &str, target: &str| {
            let csv = "concept,language,term\ns,en,school\ns,az,məktəb\n";
            let (glossary, _) =
                Glossary::read_csv("g", csv, crate::glossary::Mode::Strict).unwrap();
            let document = |name: &str, text: &str, language| {
                segment::document(name, text.to_owned(), language, &segment::Options::default())
            };
            let source = document("en", source, Language::EN);
            let target = document("az", target, Language::AZ);
            let alignment = align(Pair::new(&source, &target), &Default::default());
            let found = diff(&source, &target, &alignment, Some(&glossary));
            found.iter().filter(|d| d.kind == DivergenceType::Term).count()
        };
        let target = "info@school-road.example ünvanına yazın.";
        assert_eq!(found("Write to info@school-road.example.", target), 0);
        assert_eq!(found("Write to the school: info@school-road.example.", target), 1);
    }

    #[test]
    fn another_unit_or_magnitude_is_a_divergence() {
        assert_eq!(compared("It took 5 hours.", "Bu, 5 gün çəkdi.")[0].0, DivergenceType::TimeUnit);
        assert_eq!(
            compared("It cost 6 million manat.", "Bu, 6 milyard manata başa gəldi.")[0].0,
            DivergenceType::TimeUnit
        );
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
        #[test]
        fn any_two_texts_can_be_compared(
            source in "([A-Z][a-z]{1,6}|[0-9]{1,4}|\\PC|[.,;!?\"“ ]|\\n|1\\. ){0,40}",
            target in "([A-ZƏİ][a-zəı]{1,6}|[0-9]{1,4}|\\PC|[.,;!?\"“ ]|\\n|1\\. ){0,40}",
        ) {
            let options = segment::Options::default();
            let source = segment::document("en", source, Language::EN, &options);
            let target = segment::document("az", target, Language::AZ, &options);
            let alignment = align(Pair::new(&source, &target), &Default::default());
            for found in diff(&source, &target, &alignment, None) {
                for (span, text) in [(found.source_span, &source.text), (found.target_span, &target.text)] {
                    proptest::prop_assert!(span.is_none_or(|span| text.get(span.range()).is_some()));
                }
                proptest::prop_assert!(!found.message.is_empty());
            }
        }
    }
}
