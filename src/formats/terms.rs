//! What the readers and writers of glossaries share: the concepts that are read, what a format can't hold, and the rows
//! of the formats that know two languages only.
//!
//! ```text
//! pu  en: Public Union, PU          Public Union    İctimai Birliyi
//!     az: İctimai Birliyi, İB       PU              İB
//! ```
//! In a row of two languages an abbreviation stands beside abbreviations and a full name beside full names, each with each;
//! where a side has none of its kind, beside all of the other side. So each term that has a partner stands in some row.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{DEFECTS_KEPT, Defect, ReadCounts};
use crate::model::{Concept, Language, Term, TermType};

/// The cells of a row, and the line of the file, or the row of the sheet, that it begins on, from 1.
pub type TableRow = (usize, Vec<String>);

/// The concepts of a file, and what became of the rest of it.
#[derive(Clone, Debug, Default)]
pub struct ReadConcepts {
    /// The concepts in the order of the file; the id is empty where the file has none.
    pub concepts: Vec<Concept>,
    /// What was odd, in the order of the file; after 1000 no more are kept.
    pub defects: Vec<Defect>,
    /// How many terms were met, read and skipped.
    pub counts: ReadCounts,
    /// What the file says beside terms and a glossary has no place for: its name in the file, and how often.
    pub unread: BTreeMap<String, usize>,
}

impl ReadConcepts {
    pub(super) fn defect(&mut self, line: usize, message: String) {
        if self.defects.len() < DEFECTS_KEPT {
            self.defects.push(Defect { line, message });
        }
    }

    /// Skips a term for a reason and tells of it.
    pub(super) fn skip(&mut self, line: usize, reason: &'static str) {
        self.counts.seen += 1;
        self.counts.skip(reason);
        self.defect(line, format!("{reason}: skipped"));
    }

    pub(super) fn pass_over(&mut self, what: &str) {
        *self.unread.entry(what.to_owned()).or_default() += 1;
    }
}

/// What a format could not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// The fields it has no place for, by their column in a glossary file, and of how many terms each was left out.
    pub fields: BTreeMap<&'static str, usize>,
    /// The terms that are not written, by reason.
    pub terms: BTreeMap<&'static str, usize>,
    /// How many terms are written.
    pub written: usize,
}

impl Losses {
    /// Says whether everything is written.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.terms.is_empty()
    }

    /// Counts a term that is not written.
    pub fn leave_out(&mut self, reason: &'static str) {
        *self.terms.entry(reason).or_default() += 1;
    }

    /// Counts the fields of a term that a format does not hold: those that say more than the default.
    pub fn count(&mut self, term: &Term, held: &[&str]) {
        for field in term.said().filter(|field| !held.contains(field)) {
            *self.fields.entry(field).or_default() += 1;
        }
    }
}

/// A row of a format with two languages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'c> {
    pub(super) concept: &'c str,
    pub(super) source: &'c Term,
    pub(super) target: &'c Term,
}

/// Returns the rows of a format with two languages, and what it can't hold beside the fields of `held`. Terms that are not
/// to be used are left out, but for target terms where the format has a place for the status.
pub(super) fn pairs<'c>(
    concepts: &'c [Concept],
    (source, target): (Language, Language),
    held: &[&str],
) -> (Vec<Pair<'c>>, Losses) {
    let mut rows = Vec::new();
    let mut losses = Losses::default();
    let has_status = held.contains(&"status");
    for concept in concepts {
        let mut sides: [Vec<&Term>; 2] = [Vec::new(), Vec::new()];
        for term in &concept.terms {
            let side = [source, target].iter().position(|wanted| is_of(term, *wanted));
            match side {
                None => losses.leave_out("in another language"),
                Some(side) if term.status.is_allowed() || (has_status && side == 1) => {
                    sides[side].push(term);
                }
                Some(_) => losses.leave_out("not to be used"),
            }
        }
        let [sources, targets] = &sides;
        for (own, others) in [(sources, targets), (targets, sources)] {
            for term in own {
                if others.is_empty() {
                    losses.leave_out("without a partner in the other language");
                } else {
                    losses.written += 1;
                    losses.count(term, held);
                    if !held.contains(&"concept") {
                        *losses.fields.entry("concept").or_default() += 1;
                    }
                }
            }
        }
        let has =
            |side: &[&Term], is_short: bool| side.iter().any(|t| is_short_form(t) == is_short);
        for source in sources {
            for target in targets {
                let (one, other) = (is_short_form(source), is_short_form(target));
                if one == other || !has(targets, one) || !has(sources, other) {
                    rows.push(Pair { concept: &concept.id, source, target });
                }
            }
        }
    }
    (rows, losses)
}

fn is_short_form(term: &Term) -> bool {
    term.kind == TermType::Acronym || term.abbreviation_of.is_some()
}

/// Says whether a term is one of a language that is asked for: a variant such as en-GB is one of en, another script is not.
fn is_of(term: &Term, wanted: Language) -> bool {
    term.language.is_same_language(wanted) && term.language.script() == wanted.script()
}

/// Gathers the rows of a format with two languages into concepts: rows of one id, and without id rows of one source term.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    concepts: Vec<Concept>,
    places: FxHashMap<String, usize>,
}

impl Gathered {
    /// Adds a row. Returns how many of its terms its concept did not have yet.
    pub(super) fn add(&mut self, id: &str, terms: Vec<Term>) -> usize {
        let first = terms.first().map_or("", |term| term.text.as_str());
        // No id begins with a tab, and no term.
        let key = if id.is_empty() { format!("\t{first}") } else { id.to_owned() };
        let place = *self.places.entry(key).or_insert_with(|| {
            self.concepts.push(Concept { id: id.to_owned(), terms: Vec::new() });
            self.concepts.len() - 1
        });
        let concept = &mut self.concepts[place];
        let mut new = 0;
        for term in terms {
            let same = concept
                .terms
                .iter_mut()
                .find(|t| t.language == term.language && t.text == term.text);
            match same {
                Some(known) => {
                    for (own, other) in
                        [(&mut known.note, term.note), (&mut known.domain, term.domain)]
                    {
                        if own.is_empty() {
                            *own = other;
                        }
                    }
                }
                None => {
                    concept.terms.push(term);
                    new += 1;
                }
            }
        }
        new
    }

    /// Returns the concepts, in the order of their first rows.
    pub(super) fn concepts(self) -> Vec<Concept> {
        self.concepts
    }
}

/// Makes runs of blanks, tabs and line ends one space, with none at the ends: what stands in a cell or an XML element is one
/// line of a glossary. A no-break space is a letter as others, but at the ends.
pub(super) fn one_line(text: &str) -> String {
    let parts = text.split(['\t', '\r', '\n', ' ']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The English names of languages by which tables name their columns.
const NAMES: [(&str, &str); 24] = [
    ("arabic", "ar"),
    ("armenian", "hy"),
    ("azerbaijani", "az"),
    ("azeri", "az"),
    ("belarusian", "be"),
    ("chinese", "zh"),
    ("english", "en"),
    ("french", "fr"),
    ("georgian", "ka"),
    ("german", "de"),
    ("hebrew", "he"),
    ("italian", "it"),
    ("kazakh", "kk"),
    ("kyrgyz", "ky"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("turkish", "tr"),
    ("turkmen", "tk"),
    ("ukrainian", "uk"),
    ("uzbek", "uz"),
];

/// Returns the language that a column is named by: a tag, or an English name, behind which a region may stand in brackets.
pub(super) fn language_of(name: &str) -> Option<Language> {
    let word = name.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
    let by_name = NAMES.iter().find(|(known, _)| *known == word);
    match by_name {
        Some((_, tag)) => Language::parse(tag).ok(),
        None => Language::parse(name).ok().filter(Language::is_usual),
    }
}

/// Returns the English name of a language, or its tag where we know none or the name would not say all of it.
pub(super) fn name_of(language: Language) -> String {
    let tag = language.to_string();
    let known = NAMES.iter().find(|(_, known)| *known == tag);
    known.map_or(tag, |(name, _)| {
        let mut letters = name.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::TermStatus;

    /// A term of whatever may stand in a glossary file.
    pub(in crate::formats) fn term(language: &'static str) -> impl Strategy<Value = Term> {
        let text = "[A-Za-zəğış&<>\"]{1,4}( [a-zəğış'’#-]{1,4}){0,2}";
        let value = "|[a-zə&<;=:]{1,6}|qosha:[a-z]{1,3}|[a-z]{1,3}(\n|\t|  |\\\\n|\\\\)[a-z]{1,3}";
        let flags = (0..4usize, 0..6usize, any::<bool>(), any::<bool>(), any::<bool>());
        (text, flags, value, value, value).prop_map(
            move |(text, (status, kind, case, inflect, is_short), domain, note, source)| {
                let kinds = ["organization", "person", "place", "acronym", "kind", "common"];
                let statuses = ["preferred", "admitted", "deprecated", "forbidden"];
                Term {
                    status: TermStatus::parse(statuses[status]).unwrap(),
                    kind: TermType::parse(kinds[kind]).unwrap(),
                    is_case_exact: case,
                    is_inflected: inflect,
                    abbreviation_of: is_short.then(|| "Full &  form".to_owned()),
                    domain,
                    note,
                    source,
                    ..Term::new(Language::parse(language).unwrap(), text)
                }
            },
        )
    }

    /// Concepts as they may stand in a glossary file: no term twice, those of a language together.
    pub(in crate::formats) fn concepts() -> impl Strategy<Value = Vec<Concept>> {
        let of = |language| proptest::collection::vec(term(language), 0..3);
        let concept = (
            "([a-z1ə.]{1,2} )?[a-z1.ə]{0,2}[a-z]",
            of("en"),
            of("az"),
            of("az-Cyrl"),
            any::<bool>(),
        );
        proptest::collection::vec(concept, 0..4).prop_map(|rows| {
            let mut concepts: Vec<Concept> = Vec::new();
            for (id, en, az, cyrl, is_resolved) in rows {
                let mut terms: Vec<Term> = Vec::new();
                for term in en.into_iter().chain(az).chain(cyrl) {
                    let is_same = |t: &Term| t.language == term.language && t.text == term.text;
                    if !terms.iter().any(is_same) {
                        terms.push(term);
                    }
                }
                // Some abbreviations are of a term that is there.
                if let (true, [first, second, ..]) = (is_resolved, &mut terms[..])
                    && first.language == second.language
                    && second.abbreviation_of.is_some()
                {
                    second.abbreviation_of = Some(first.text.clone());
                }
                let id = id.trim().to_owned();
                if !terms.is_empty() && concepts.iter().all(|concept| concept.id != id) {
                    concepts.push(Concept { id, terms });
                }
            }
            concepts
        })
    }

    /// The concepts without the lines they stand on.
    pub(in crate::formats) fn without_lines(mut concepts: Vec<Concept>) -> Vec<Concept> {
        concepts.iter_mut().flat_map(|c| &mut c.terms).for_each(|term| term.line = 0);
        concepts
    }

    pub(in crate::formats) fn simple(id: &str, terms: &[(&str, &str)]) -> Concept {
        let terms = terms.iter().map(|(tag, text)| {
            let mut term = Term::new(Language::parse(tag).unwrap(), (*text).to_owned());
            if text.len() < 4 {
                term.kind = TermType::Acronym;
            }
            term
        });
        Concept { id: id.to_owned(), terms: terms.collect() }
    }

    #[test]
    fn short_forms_stand_beside_short_forms() {
        let concept = simple(
            "pu",
            &[
                ("en", "Public Union"),
                ("en", "PU"),
                ("az", "İctimai Birliyi"),
                ("az", "İB"),
                ("ru", "ОО"),
            ],
        );
        let concepts = [concept, simple("f", &[("en", "fund"), ("az", "QF"), ("az", "fond")])];
        let (rows, losses) = pairs(&concepts, (Language::EN, Language::AZ), &["concept"]);
        let rows: Vec<(&str, &str)> =
            rows.iter().map(|row| (row.source.text.as_str(), row.target.text.as_str())).collect();
        assert_eq!(
            rows,
            [("Public Union", "İctimai Birliyi"), ("PU", "İB"), ("fund", "QF"), ("fund", "fond")]
        );
        assert_eq!(losses.terms, BTreeMap::from([("in another language", 1)]));
        assert_eq!((losses.written, losses.fields.get("type")), (7, Some(&3)));
    }

    #[test]
    fn columns_are_named_by_tag_or_by_name() {
        let tag = |name| language_of(name).map(|language| language.to_string());
        assert_eq!(tag("English (United States)").as_deref(), Some("en"));
        assert_eq!(tag("az-Cyrl").as_deref(), Some("az-Cyrl"));
        assert_eq!(tag("Note"), None);
        assert_eq!([name_of(Language::AZ), name_of(Language::AZ_CYRL)], ["Azerbaijani", "az-Cyrl"]);
    }
}
