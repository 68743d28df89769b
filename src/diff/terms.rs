//! Glossary terms: a concept named on one side must be named by an allowed term on the other.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Context, Side};
use crate::glossary::Glossary;
use crate::model::{
    Divergence, DivergenceType, Language, Severity, Term, TermHit, TermStatus, TermType,
};
use crate::text::common::CommonWords;
use crate::text::stem::stem;
use crate::text::suffix::{has_endings, is_form_of};
use crate::text::{counted, fold, words};

/// The longest word, in letters, that an acronym leaves out: `of`, `və`, `и`.
const LONGEST_SMALL_WORD: usize = 3;

/// Adds the findings about terms of a bead.
pub(super) fn check(context: &Context<'_>, glossary: &Glossary, found: &mut Vec<Divergence>) {
    let (source, target) = (&context.source, &context.target);
    let mut told: Vec<usize> = Vec::new();
    for hit in source.terms.iter().filter(|hit| !hit.is_nested) {
        let allowed: Vec<&Term> = glossary
            .terms(hit.concept, target.document.language)
            .filter(|term| term.status.is_allowed())
            .collect();
        if allowed.is_empty() || told.contains(&hit.concept) {
            continue;
        }
        let term = |hit: &TermHit| &glossary.concepts[hit.concept].terms[hit.term];
        // One string may stand for two concepts: any allowed hit of this one will do.
        let theirs = || target.terms.iter().filter(|theirs| theirs.concept == hit.concept);
        if theirs().any(|theirs| term(theirs).status.is_allowed())
            || allowed.iter().any(|term| is_said_otherwise(context, term))
        {
            continue;
        }
        told.push(hit.concept);
        let wanted =
            allowed.iter().find(|term| term.status == TermStatus::Preferred).unwrap_or(&allowed[0]);
        let severity = severity(term(hit));
        let written = hit.span.of(&source.document.text);
        let (subtype, span, message) = match theirs().next() {
            Some(wrong) => (
                "forbidden",
                Some(wrong.span),
                format!(
                    "\"{}\" is not to be used for \"{written}\"; the glossary has \"{}\"",
                    wrong.span.of(&target.document.text),
                    wanted.text
                ),
            ),
            None => (
                "missing",
                None,
                format!("the target does not say \"{}\" for \"{written}\"", wanted.text),
            ),
        };
        let mut finding = context.finding(
            DivergenceType::Term,
            subtype,
            severity,
            (Some(hit.span), span),
            message,
        );
        finding.expected = Some(wanted.text.clone());
        found.push(finding);
    }
    for hit in target.terms.iter().filter(|hit| !hit.is_nested) {
        let term = &glossary.concepts[hit.concept].terms[hit.term];
        let is_known = told.contains(&hit.concept);
        if !term.status.is_allowed() && !is_known {
            let severity = if term.status == TermStatus::Forbidden {
                Severity::Error
            } else {
                Severity::Warning
            };
            let written = hit.span.of(&target.document.text);
            let message = format!(
                "\"{written}\" is {} by the glossary",
                if severity == Severity::Error { "forbidden" } else { "outdated" }
            );
            found.push(context.finding(
                DivergenceType::Term,
                "forbidden",
                severity,
                (None, Some(hit.span)),
                message,
            ));
        }
    }
}

/// Returns the terms that are rendered otherwise than mostly, with the number of their pair. Only terms of one writing are
/// compared with each other, a full name with full names and a short form with short forms: `İB` for `Public Union` is
/// no other name, but a shorter one.
pub(super) fn inconsistent(
    contexts: &[(usize, Context<'_>)],
    glossary: &Glossary,
) -> Vec<(usize, Divergence)> {
    let term = |hit: &TermHit| &glossary.concepts[hit.concept].terms[hit.term];
    let is_short = |term: &Term| term.kind == TermType::Acronym || term.abbreviation_of.is_some();
    // By concept, source term, language of the rendering and its length: each rendering with its places.
    type Key = (usize, usize, Language, bool);
    type Places<'c> = Vec<(&'c (usize, Context<'c>), &'c TermHit, &'c TermHit)>;
    let mut renderings: BTreeMap<Key, BTreeMap<usize, Places<'_>>> = BTreeMap::new();
    for entry in contexts {
        let (source, target) = (&entry.1.source, &entry.1.target);
        for hit in source.terms.iter().copied().filter(|hit| !hit.is_nested) {
            let allowed = |theirs: &&TermHit| {
                theirs.concept == hit.concept && term(theirs).status.is_allowed()
            };
            let mut theirs: Vec<&TermHit> =
                target.terms.iter().copied().filter(|hit| !hit.is_nested).filter(allowed).collect();
            if theirs.iter().any(|hit| !is_short(term(hit))) && !is_short(term(hit)) {
                theirs.retain(|hit| !is_short(term(hit)));
            }
            theirs.dedup_by_key(|hit| hit.term);
            // Several renderings in one bead: nobody knows which one is of this word.
            let [only] = theirs[..] else { continue };
            let key = (hit.concept, hit.term, term(only).language, is_short(term(only)));
            let places = renderings.entry(key).or_default().entry(only.term).or_default();
            places.push((entry, hit, only));
        }
    }
    let mut found = Vec::new();
    for ((concept, ..), by_term) in &renderings {
        // The one used most; of equals the first of the glossary.
        let most = by_term.iter().max_by_key(|(term, places)| (places.len(), Reverse(**term)));
        let Some((usual, often)) = most else { continue };
        let wanted = &glossary.concepts[*concept].terms[*usual].text;
        for (_, places) in by_term.iter().filter(|(term, _)| *term != usual) {
            for ((pair, context), hit, theirs) in places {
                let is_name = severity(term(hit)) == Severity::Error;
                let severity = if is_name { Severity::Warning } else { Severity::Info };
                let message = format!(
                    "\"{}\" is \"{}\" here and \"{wanted}\" in {}",
                    term(hit).text,
                    term(theirs).text,
                    counted(often.len(), "other place")
                );
                let spans = (Some(hit.span), Some(theirs.span));
                let mut finding =
                    context.finding(DivergenceType::Term, "inconsistent", severity, spans, message);
                finding.expected = Some(wanted.clone());
                found.push((*pair, finding));
            }
        }
    }
    found
}

/// Says whether the target says an allowed term in words that are no hit of it: an acronym spelt out, a kind of organization in
/// the letter case that its language has inside names (`экологический фонд`), a country by its people (`британский`).
fn is_said_otherwise(context: &Context<'_>, term: &Term) -> bool {
    let side = &context.target;
    let language = side.document.language;
    if side.texts().any(|(text, _)| is_spelt_out(&term.text, text)) {
        return true;
    }
    let mut parts = words(&term.text).map(|word| fold(word.text, language));
    let (Some(only), None) = (parts.next(), parts.next()) else { return false };
    if term.kind == TermType::Kind && !is_acronym(&term.text) {
        let is_form = |word: &str| match has_endings(language) {
            true => is_form_of(word, &only, language),
            false => stem(word, language) == stem(&only, language),
        };
        return side
            .texts()
            .any(|(text, _)| words(text).any(|word| is_form(&fold(word.text, language))));
    }
    let places = |side: &Side<'_>| CommonWords::places(side.document.language);
    let (Some(ours), Some(theirs)) = (places(&context.source), places(side)) else { return false };
    let mentions = |places: &CommonWords, side: &Side<'_>, place: &str| {
        let found = side.texts().flat_map(|(text, _)| places.of_text(text));
        found.filter(|(_, concepts)| concepts.contains(&place)).count()
    };
    // As often as in the source: one `American` stands for one `US`.
    theirs.concepts(&only).into_iter().any(|place| {
        let count = mentions(theirs, side, place);
        count > 0 && count >= mentions(ours, &context.source, place)
    })
}

fn is_acronym(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(char::is_uppercase)
}

/// Says whether a text has a row of words in capitals whose first letters make an acronym; small words in between do not count.
fn is_spelt_out(acronym: &str, text: &str) -> bool {
    if !is_acronym(acronym) {
        return false;
    }
    let capitals: Vec<Option<char>> = words(text)
        .filter(|word| {
            word.text.chars().count() > LONGEST_SMALL_WORD
                || !word.text.starts_with(char::is_lowercase)
        })
        .map(|word| word.text.chars().next().filter(|first| first.is_uppercase()))
        .collect();
    let letters: Vec<Option<char>> = acronym.chars().map(Some).collect();
    capitals.windows(letters.len()).any(|row| row == letters)
}

/// Returns how much a term that is not rendered matters. A name must be; an everyday word may well be said otherwise.
fn severity(term: &Term) -> Severity {
    match term.kind {
        TermType::Organization | TermType::Person | TermType::Place => Severity::Error,
        TermType::Kind | TermType::Acronym => Severity::Warning,
        TermType::Common if term.text.starts_with(char::is_uppercase) => Severity::Warning,
        TermType::Common => Severity::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Aligned, check_terms};
    use crate::glossary::{Glossary, Mode};
    use crate::model::{Alignment, Bead, Document, Language, Origin, SegmentId};
    use crate::segment;

    fn version(name: &str, text: &str, language: Language) -> Document {
        segment::presegmented_document(name, text.to_owned(), language)
    }

    #[test]
    fn a_term_may_be_said_otherwise() {
        let csv = "concept,language,term,status,type,case\nun,en,UN,,acronym,\nun,ru,ООН,,acronym,\n\
            fund,en,Foundation,,kind,\nfund,ru,Фонд,,kind,exact\nfr,en,France,,place,\nfr,ru,Франция,,place,\n";
        let (glossary, _) = Glossary::read_csv("g", csv, Mode::Strict).unwrap();
        let count = |source: &str, target: &str| {
            let source = version("en", source, Language::EN);
            let target = version("ru", target, Language::RU);
            let bead = Bead::settled(vec![SegmentId(0)], vec![SegmentId(0)], Origin::Person);
            let alignment = Alignment::new(1, 1, vec![bead]).unwrap();
            let pair = Aligned { source: &source, target: &target, alignment: &alignment };
            check_terms(&[pair], &glossary)[0].len()
        };
        for (source, target, wanted) in [
            ("The UN sent tents.", "Организация Объединённых Наций прислала палатки.", 0),
            ("The UN sent tents.", "Организация прислала палатки.", 1),
            ("The Clear Spring Foundation helps.", "Помогает фонд «Чистый родник».", 0),
            ("The Clear Spring Foundation helps.", "Помогает союз «Чистый родник».", 1),
            ("France sent doctors.", "Приехали французские врачи.", 0),
            ("France sent doctors.", "Приехали иностранные врачи.", 1),
            ("France sent French doctors.", "Страна прислала французских врачей.", 1),
        ] {
            assert_eq!(count(source, target), wanted, "{source} / {target}");
        }
    }

    #[test]
    fn renderings_are_compared_over_all_pairs_and_short_forms_apart() {
        let csv = "concept,language,term,status,type\nh,en,Green Hill,,organization\n\
            h,az,Yaşıl Təpə,,organization\nh,az,Yaşıl Yamac,,organization\nh,az,YT,,acronym\n";
        let (glossary, _) = Glossary::read_csv("g", csv, Mode::Strict).unwrap();
        let texts = [
            ("Green Hill helps.\nGreen Hill came.", "Yaşıl Təpə kömək edir.\nYT gəldi."),
            ("Green Hill helps.\nGreen Hill came.", "Yaşıl Yamacdan kömək.\nYaşıl Təpə gəldi."),
        ];
        let documents = texts.map(|(source, target)| {
            (version("en", source, Language::EN), version("az", target, Language::AZ))
        });
        let beads = |count: u32| -> Vec<Bead> {
            let ids = (0..count).map(|id| vec![SegmentId(id)]);
            ids.map(|ids| Bead::settled(ids.clone(), ids, Origin::Person)).collect()
        };
        let alignment = Alignment::new(2, 2, beads(2)).unwrap();
        let pairs: Vec<Aligned<'_>> = documents
            .iter()
            .map(|(source, target)| Aligned { source, target, alignment: &alignment })
            .collect();
        let found = check_terms(&pairs, &glossary);
        assert!(found[0].is_empty());
        let told: Vec<_> = found[1].iter().map(|d| (d.subtype, d.message.as_str())).collect();
        let message = "\"Green Hill\" is \"Yaşıl Yamac\" here and \"Yaşıl Təpə\" in 2 other places";
        assert_eq!(told, [("inconsistent", message)]);
    }
}
