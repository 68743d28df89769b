//! Joins concepts from elsewhere to a glossary file.
//!
//! ```text
//! file: pu  en Public Union    az İctimai Birliyi
//!
//! from elsewhere                                      becomes
//! pu   en Public Union   az İctimai Birlik            a term more: the id and a term are the same
//! --   en Public Union   az İctimai Birliyi  ru ОО    a term more: every language both have shares a term
//! --   en Public Union   az Xalq Birliyi              skipped: which of the two is right, a person must say
//! x9   en Public Union   az Xalq Birliyi              a concept of its own: its id says so
//! pu   en fund           az fond                      skipped: the id is another concept's
//! ```
//! Nothing that stands in the file is changed: what is said otherwise of a term that is there is told, and the file's word
//! stands. Concepts that come together are never joined to each other: the file they come from keeps them apart.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::csv::{Columns, KNOWN};
use super::edit::{Editor, Field, check_id, check_text, id_of};
use super::write::cells;
use super::{EditError, Glossary};
use crate::model::{Concept, Language, Term};
use crate::text::fold;

/// What became of concepts that were joined to a glossary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joined {
    /// The terms that were added.
    pub added: usize,
    /// Those that the file has already.
    pub already: usize,
    /// Those that were not added, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// The fields the file has no column for, and of how many terms each was left out.
    pub lost: BTreeMap<&'static str, usize>,
    /// The fields of terms that are there which say something else in the file that came, by column.
    pub otherwise: BTreeMap<&'static str, usize>,
    /// What a person should look at: the line of the term that came, and what of it.
    pub told: Vec<(usize, String)>,
}

impl Joined {
    fn skip(&mut self, concept: &Concept, reason: &'static str, message: String) {
        *self.skipped.entry(reason).or_default() += concept.terms.len();
        self.told.push((concept.terms.first().map_or(0, |term| term.line), message));
    }

    fn skip_term(&mut self, term: &Term, reason: &'static str, message: String) {
        *self.skipped.entry(reason).or_default() += 1;
        self.told.push((term.line, message));
    }
}

/// The place of the status among the known columns.
const STATUS: usize = 3;

/// Where the terms of a concept go.
enum Target {
    /// The concept at this place of the file.
    Known(usize),
    /// A new one of this id.
    New(String),
}

impl Editor {
    /// Adds the terms of concepts that came from elsewhere; an empty id is one that is not known.
    ///
    /// # Errors
    /// When the file could not be read again with what was added, which does not happen: all of it is then as it was.
    pub fn join(&mut self, concepts: &[Concept]) -> Result<Joined, EditError> {
        let mut joined = Joined::default();
        let known = Known::of(&self.glossary);
        let mut plan: Vec<(Target, Vec<&Term>)> = Vec::new();
        let mut new_ids: FxHashMap<String, usize> = FxHashMap::default();
        let mut taken: FxHashSet<String> =
            self.glossary.concepts.iter().map(|concept| concept.id.clone()).collect();
        for concept in concepts {
            let usable = self.usable(concept, &mut joined);
            if usable.terms.is_empty() {
                continue;
            }
            let Some(target) = self.target(&known, &usable, &mut joined) else { continue };
            let target = match target {
                Target::New(id) if id.is_empty() => match free_id(&usable, &taken) {
                    Some(id) => Target::New(id),
                    None => {
                        let message =
                            "no id can be made of the terms; give the concept one".to_owned();
                        joined.skip(&usable, "no id", message);
                        continue;
                    }
                },
                target => target,
            };
            let terms = concept.terms.iter().filter(|term| usable.terms.contains(term)).collect();
            match target {
                // Concepts of one id in several files, or twice in one, are one concept.
                Target::New(id) if new_ids.contains_key(&id) => {
                    let place = new_ids[&id];
                    self.add_new(&mut plan, place, terms, &mut joined);
                }
                Target::New(id) => {
                    taken.insert(id.clone());
                    new_ids.insert(id.clone(), plan.len());
                    plan.push((Target::New(id), Vec::new()));
                    let place = plan.len() - 1;
                    self.add_new(&mut plan, place, terms, &mut joined);
                }
                Target::Known(place) => {
                    let new = self.new_terms(place, terms, &mut joined);
                    plan.push((Target::Known(place), new));
                }
            }
        }
        match self.columns {
            Columns::Rows(places) => self.insert(places, &plan, &mut joined)?,
            Columns::Wide(..) => self.insert_wide(&plan, &mut joined),
        }
        Ok(joined)
    }

    /// Returns a concept with those of its terms that can stand in a glossary file.
    fn usable(&self, concept: &Concept, joined: &mut Joined) -> Concept {
        let mut usable = Concept { id: concept.id.clone(), terms: Vec::new() };
        if !usable.id.is_empty() && check_id(&usable.id).is_err() {
            usable.id = String::new();
        }
        let has_status = match &self.columns {
            Columns::Rows(places) => places[STATUS].is_some(),
            Columns::Wide(..) => false,
        };
        for term in &concept.terms {
            let has_language = term.language.is_assigned() && term.language != Language::UND;
            let problem = if !has_language {
                Some((
                    "no language",
                    format!("\"{}\" is not the code of a language", term.language),
                ))
            } else if !has_status && !term.status.is_allowed() {
                // Without its status it would read as one to use.
                let (text, status) = (&term.text, term.status.name());
                let message = format!(
                    "\"{text}\" is {status}, which the glossary has no column for: skipped"
                );
                Some(("not to be used", message))
            } else {
                check_text("the term", &term.text)
                    .err()
                    .map(|error| ("not a term", error.to_string()))
            };
            match problem {
                Some((reason, message)) => joined.skip_term(term, reason, message),
                None => usable.terms.push(term.clone()),
            }
        }
        usable
    }

    /// Settles where a concept goes; `None` where it is skipped, which is told.
    fn target(&self, known: &Known, concept: &Concept, joined: &mut Joined) -> Option<Target> {
        let owners = known.owners(concept);
        if let Some(place) = known.ids.get(&concept.id) {
            let own = self.glossary.concepts.get(*place)?;
            if owners.contains(place) || !has_common_language(own, concept) {
                return Some(Target::Known(*place));
            }
            let message = format!(
                "concept {} is another one in the glossary (\"{}\", here \"{}\"): skipped; give one of the two another id",
                concept.id,
                first(own),
                first(concept)
            );
            joined.skip(concept, "another concept has the id", message);
            return None;
        }
        let safe: Vec<usize> = owners
            .iter()
            .copied()
            .filter(|place| {
                self.glossary.concepts.get(*place).is_some_and(|own| agrees(own, concept))
            })
            .collect();
        match (&safe[..], &owners[..]) {
            ([place], _) => Some(Target::Known(*place)),
            ([], []) => Some(Target::New(concept.id.clone())),
            // That two concepts claim a term is for lint to say, where each has an id of its own.
            _ if !concept.id.is_empty() => Some(Target::New(concept.id.clone())),
            _ => {
                let ids = owners.iter().filter_map(|place| self.glossary.concepts.get(*place));
                let ids: Vec<&str> = ids.map(|concept| concept.id.as_str()).collect();
                let message = format!(
                    "\"{}\" has a term of concept {} and others beside: skipped; add them with glossary add FILE --concept {}",
                    first(concept),
                    ids.join(" and "),
                    ids.first().copied().unwrap_or("ID")
                );
                joined.skip(concept, "a term of another concept", message);
                None
            }
        }
    }

    /// Adds terms to a new concept, each once.
    fn add_new<'t>(
        &self,
        plan: &mut [(Target, Vec<&'t Term>)],
        place: usize,
        terms: Vec<&'t Term>,
        joined: &mut Joined,
    ) {
        let Some((_, own)) = plan.get_mut(place) else { return };
        for term in terms {
            match own.iter().any(|t| t.language == term.language && t.text == term.text) {
                true => joined.already += 1,
                false => own.push(term),
            }
        }
    }

    /// Returns the terms that a concept of the file does not have, and counts the others.
    fn new_terms<'t>(
        &self,
        place: usize,
        terms: Vec<&'t Term>,
        joined: &mut Joined,
    ) -> Vec<&'t Term> {
        let Some(own) = self.glossary.concepts.get(place) else { return Vec::new() };
        let mut new: Vec<&Term> = Vec::new();
        for term in terms {
            let is_same = |t: &&Term| t.language == term.language && t.text == term.text;
            if let Some(there) = own.terms.iter().find(is_same) {
                joined.already += 1;
                let (theirs, ours) = (cells("", term), cells("", there));
                for (place, name) in KNOWN.iter().enumerate() {
                    if theirs[place] != ours[place] && term.said().any(|said| said == *name) {
                        *joined.otherwise.entry(name).or_default() += 1;
                    }
                }
                if there.status.is_allowed() != term.status.is_allowed() {
                    joined.told.push((
                        term.line,
                        format!(
                            "\"{}\" is {} in the glossary, on line {}, and {} here: the glossary's word stands",
                            term.text,
                            there.status.name(),
                            there.line,
                            term.status.name()
                        ),
                    ));
                }
            } else if new.iter().any(is_same) {
                joined.already += 1;
            } else {
                new.push(term);
            }
        }
        new
    }

    /// Writes the rows, each behind those of its language and concept.
    fn insert(
        &mut self,
        places: [Option<usize>; KNOWN.len()],
        plan: &[(Target, Vec<&Term>)],
        joined: &mut Joined,
    ) -> Result<(), EditError> {
        let lines: FxHashMap<usize, usize> =
            self.sheet.rows().map(|(row, line)| (line, row)).collect();
        let end = self.sheet.rows().last().map_or(0, |(row, _)| row);
        let width = self.width();
        let mut new: Vec<(usize, Vec<String>)> = Vec::new();
        for (target, terms) in plan {
            for term in terms {
                let (id, behind) = match target {
                    Target::New(id) => (id.as_str(), end),
                    Target::Known(place) => {
                        let own = &self.glossary.concepts[*place];
                        let row = |term: &Term| lines.get(&term.line).copied();
                        let same = own.terms.iter().filter(|t| t.language == term.language);
                        let last = same.filter_map(row).max();
                        let last = last.or_else(|| own.terms.iter().filter_map(row).max());
                        (own.id.as_str(), last.unwrap_or(end))
                    }
                };
                let mut row = vec![String::new(); width];
                let said: Vec<&str> = term.said().collect();
                for ((value, place), name) in cells(id, term).into_iter().zip(places).zip(KNOWN) {
                    match place {
                        Some(place) => row[place] = value,
                        None if said.contains(&name) => {
                            *joined.lost.entry(name).or_default() += 1;
                        }
                        None => {}
                    }
                }
                new.push((behind, row));
            }
        }
        joined.added += new.len();
        // From the end of the file, so that the places before it stay what they are.
        new.sort_by_key(|(behind, _)| *behind);
        let mut sheet = self.sheet.clone();
        for (behind, row) in new.iter().rev() {
            sheet.insert(*behind, row);
        }
        self.adopt(sheet)
    }

    /// Writes the terms into a file with a column a language, which holds nothing else of a term.
    fn insert_wide(&mut self, plan: &[(Target, Vec<&Term>)], joined: &mut Joined) {
        let ids: Vec<String> =
            self.glossary.concepts.iter().map(|concept| concept.id.clone()).collect();
        for (target, terms) in plan {
            let (id, is_new) = match target {
                Target::New(id) => (id.as_str(), true),
                Target::Known(place) => (ids[*place].as_str(), false),
            };
            let mut is_first = is_new;
            for term in terms {
                let beside = [
                    (Field::Domain, &term.domain),
                    (Field::Note, &term.note),
                    (Field::Source, &term.source),
                ];
                let mut fields: Vec<(Field, String)> = Vec::new();
                for (field, value) in beside {
                    let has_place = is_first && self.wide_column(field).is_some();
                    if has_place && !value.is_empty() {
                        fields.push((field, value.clone()));
                    }
                }
                let held: Vec<&str> = fields.iter().map(|(field, _)| field.name()).collect();
                match self.add(Some(id), &[(term.language, term.text.clone())], &fields) {
                    Ok(_) => {
                        joined.added += 1;
                        is_first = false;
                        for field in term.said().filter(|field| !held.contains(field)) {
                            *joined.lost.entry(field).or_default() += 1;
                        }
                    }
                    Err(error) => joined.skip_term(term, "no place in the file", error.to_string()),
                }
            }
        }
    }
}

/// The concepts of a file by id, and by term whatever its case.
struct Known {
    ids: FxHashMap<String, usize>,
    terms: FxHashMap<(Language, String), Vec<usize>>,
}

impl Known {
    fn of(glossary: &Glossary) -> Self {
        let mut known = Self { ids: FxHashMap::default(), terms: FxHashMap::default() };
        for (place, concept) in glossary.concepts.iter().enumerate() {
            known.ids.insert(concept.id.clone(), place);
            for term in &concept.terms {
                known.terms.entry(key(term)).or_default().push(place);
            }
        }
        known
    }

    /// Returns the concepts that have a term of another one, in the order of the file.
    fn owners(&self, concept: &Concept) -> Vec<usize> {
        let found = concept.terms.iter().filter_map(|term| self.terms.get(&key(term)));
        let mut owners: Vec<usize> = found.flatten().copied().collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }
}

fn key(term: &Term) -> (Language, String) {
    (term.language, fold(&term.text, term.language))
}

fn has_common_language(one: &Concept, other: &Concept) -> bool {
    one.terms.iter().any(|term| other.terms.iter().any(|t| t.language == term.language))
}

/// Says whether two concepts share a term in every language that both have.
fn agrees(one: &Concept, other: &Concept) -> bool {
    let own: FxHashSet<(Language, String)> = one.terms.iter().map(key).collect();
    other.terms.iter().all(|term| {
        let has = |t: &&Term| t.language == term.language;
        !one.terms.iter().any(|t| has(&t))
            || other.terms.iter().filter(has).any(|t| own.contains(&key(t)))
    })
}

fn first(concept: &Concept) -> &str {
    concept.terms.first().map_or("", |term| term.text.as_str())
}

/// Makes an id of the English term or else the first; a number behind it where it is taken.
fn free_id(concept: &Concept, taken: &FxHashSet<String>) -> Option<String> {
    let is_english = |term: &&Term| term.language.is_same_language(Language::EN);
    let term = concept.terms.iter().find(is_english).or(concept.terms.first())?;
    let base = id_of(&term.text, term.language);
    if base.is_empty() {
        return None;
    }
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !taken.contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TermStatus, TermType};

    const FILE: &str = "# ours\nconcept,language,term,status,note\npu,en,Public Union,preferred,\n\
        pu,az,İctimai Birliyi,preferred,\n\nf,en,fund,forbidden,\nf,az,fond,,\n";

    fn concept(id: &str, terms: &[(&str, &str)]) -> Concept {
        let term = |(line, (tag, text)): (usize, &(&str, &str))| Term {
            line,
            ..Term::new(Language::parse(tag).unwrap(), (*text).to_owned())
        };
        Concept { id: id.to_owned(), terms: (1..).zip(terms).map(term).collect() }
    }

    fn join(text: &str, concepts: &[Concept]) -> (String, Joined) {
        let mut editor = Editor::open("g.csv", text).unwrap();
        let joined = editor.join(concepts).unwrap();
        (editor.text(), joined)
    }

    #[test]
    fn a_concept_is_joined_where_id_or_terms_agree() {
        let (text, joined) = join(
            FILE,
            &[
                concept("pu", &[("en", "Public Union"), ("az", "İctimai Birlik")]),
                concept("", &[("en", "public union"), ("az", "İctimai Birliyi"), ("ru", "ОО")]),
                concept("", &[("az", "Qış Məktəbi")]),
            ],
        );
        assert_eq!(
            text,
            FILE.replace("Birliyi,preferred,\n", "Birliyi,preferred,\npu,az,İctimai Birlik,admitted,\npu,en,public union,admitted,\npu,ru,ОО,admitted,\n")
                .replace("pu,en,public union,admitted,\n", "")
                .replace("Union,preferred,\n", "Union,preferred,\npu,en,public union,admitted,\n")
                + "gish-maktabi,az,Qış Məktəbi,admitted,\n"
        );
        assert_eq!((joined.added, joined.already), (4, 2));
        assert!(joined.skipped.is_empty() && joined.told.is_empty(), "{joined:?}");
    }

    #[test]
    fn what_clashes_is_told_and_skipped() {
        let mut allowed = concept("f", &[("en", "fund")]);
        allowed.terms[0].note = "x".to_owned();
        let (text, joined) = join(
            FILE,
            &[
                concept("pu", &[("en", "shelter")]),
                concept("", &[("en", "Public Union"), ("az", "Xalq Birliyi")]),
                allowed,
            ],
        );
        assert_eq!(text, FILE);
        let reasons: Vec<&str> = joined.skipped.keys().copied().collect();
        assert_eq!(reasons, ["a term of another concept", "another concept has the id"]);
        assert_eq!(joined.otherwise.keys().copied().collect::<Vec<_>>(), ["note"]);
        let told: Vec<&str> = joined.told.iter().map(|(_, message)| message.as_str()).collect();
        assert!(told[0].starts_with(
            "concept pu is another one in the glossary (\"Public Union\", here \"shelter\")"
        ));
        assert!(
            told[2]
                .starts_with("\"fund\" is forbidden in the glossary, on line 6, and admitted here")
        );
    }

    #[test]
    fn an_id_of_its_own_makes_a_concept_of_its_own() {
        let (text, joined) =
            join(FILE, &[concept("x9", &[("en", "Public Union"), ("az", "Xalq Birliyi")])]);
        assert!(text.ends_with("x9,en,Public Union,admitted,\nx9,az,Xalq Birliyi,admitted,\n"));
        assert_eq!(joined.added, 2);
    }

    #[test]
    fn what_the_file_has_no_column_for_is_counted() {
        let mut new = concept("s", &[("en", "shelter")]);
        new.terms[0].source = "handbook".to_owned();
        new.terms[0].kind = TermType::Kind;
        let (_, joined) = join(FILE, &[new.clone()]);
        assert_eq!(joined.lost.into_iter().collect::<Vec<_>>(), [("source", 1), ("type", 1)]);
        let (text, joined) =
            join("id,en,note\nf,fund,\n", &[new, concept("s", &[("az", "sığınacaq")])]);
        assert_eq!(text, "id,en,note\nf,fund,\ns,shelter,\n");
        assert_eq!(joined.skipped.get("no place in the file"), Some(&1));
    }

    #[test]
    fn a_term_not_to_be_used_needs_a_place_for_its_status() {
        let mut wrong = concept("s", &[("en", "refuge")]);
        wrong.terms[0].status = TermStatus::Forbidden;
        for file in ["concept,language,term\nf,en,fund\n", "id,en\nf,fund\n"] {
            let (text, joined) = join(file, std::slice::from_ref(&wrong));
            assert_eq!(text, file);
            assert_eq!(joined.skipped.get("not to be used"), Some(&1));
        }
    }

    #[test]
    fn a_new_file_holds_what_was_joined() {
        let (glossary, _) = Glossary::read_csv("g", FILE, super::super::Mode::Strict).unwrap();
        let mut editor = Editor::create("new.csv");
        editor.join(&glossary.concepts).unwrap();
        let mut back = editor.glossary().clone();
        let mut wanted = glossary.clone();
        for glossary in [&mut back, &mut wanted] {
            glossary.name.clear();
            glossary.concepts.iter_mut().flat_map(|c| &mut c.terms).for_each(|term| term.line = 0);
        }
        assert_eq!(back, wanted);
        let (_, joined) = join(FILE, &glossary.concepts);
        assert_eq!((joined.added, joined.already), (0, 4));
    }
}
