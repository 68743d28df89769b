//! The names of organizations and other terms: what they are called in each language, and where a text names them.
//!
//! A glossary is a list of **concepts**; a concept has **terms**, any number in any number of languages. It is a CSV file
//! that people edit in a spreadsheet ([`csv`]). A [`Matcher`] finds every term of one language in a text, with endings
//! and softened stems: [`token`] cuts the text, [`vocabulary`] knows which words a token is a form of, [`matcher`] puts words
//! in a row, [`near`] adds misspelt ones where asked. [`lint()`] tells what is wrong with a glossary. An [`Editor`] changes the
//! file and leaves every other row byte for byte ([`edit`], [`sheet`]), also where it takes over concepts from elsewhere
//! ([`join`]), and [`fix()`] puts slips of the hand right. [`signatories`] and [`extract()`] find the names in texts;
//! [`file()`] writes a glossary anew.

mod csv;
mod edit;
mod extract;
mod fix;
mod join;
mod lint;
mod matcher;
mod near;
mod organizations;
mod sheet;
mod signatory;
mod stats;
mod token;
mod vocabulary;
mod write;

use rustc_hash::FxHashMap;

use crate::model::{Concept, Language, Term};

pub use csv::{GlossaryError, Mode};
pub use edit::{EditError, Editor, Field, Report};
pub use extract::{Candidate, CandidateContext, CandidateName, Support, extract};
pub use fix::fix;
pub use join::Joined;
pub use lint::{Finding, lint, lint_csv, unused};
pub use matcher::Matcher;
pub use signatory::{OrganizationKind, Signatory, SignatoryList, signatories};
pub use stats::{LanguageStats, Stats};
pub use write::{file, rows};

/// The concepts of one or more glossary files, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glossary {
    /// The name of the file, or of the last one merged.
    pub name: String,
    /// The concepts. Hits name them by their place in this list.
    pub concepts: Vec<Concept>,
}

impl Glossary {
    /// Adds another glossary. A concept with an id that is here already replaces it in its place; others follow at the
    /// end.
    pub fn merge(&mut self, other: Self) {
        let ids = self.concepts.iter().enumerate();
        let mut places: FxHashMap<String, usize> =
            ids.map(|(place, concept)| (concept.id.clone(), place)).collect();
        for concept in other.concepts {
            match places.get(&concept.id) {
                Some(place) => self.concepts[*place] = concept,
                None => {
                    places.insert(concept.id.clone(), self.concepts.len());
                    self.concepts.push(concept);
                }
            }
        }
        self.name = other.name;
    }

    /// Returns a matcher for the terms of a language.
    pub fn matcher(&self, language: Language) -> Matcher<'_> {
        Matcher::new(self, language)
    }

    /// Returns the terms of a concept in a language, in the order of the file.
    pub fn terms(&self, concept: usize, language: Language) -> impl Iterator<Item = &Term> {
        let terms = self.concepts.get(concept).map_or(&[][..], |concept| &concept.terms[..]);
        terms.iter().filter(move |term| term.language.is_same_language(language))
    }
}
