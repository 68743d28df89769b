//! A concept (what a glossary entry names) and its terms (the words for it in one language).

use super::{Language, Span};

/// What a glossary entry names: an organization, a person, a kind of organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// The id its rows share, unique in a glossary.
    pub id: String,
    /// The terms, in the order of the file.
    pub terms: Vec<Term>,
}

/// A name for a concept in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The language it is a word of.
    pub language: Language,
    /// The words as the glossary writes them.
    pub text: String,
    /// Whether it may be used.
    pub status: TermStatus,
    /// What it names.
    pub kind: TermType,
    /// Whether its case must be as written (`true`, acronyms) or may differ.
    pub is_case_exact: bool,
    /// Whether its words may take suffixes.
    pub is_inflected: bool,
    /// The term it is short for, as written in the glossary.
    pub abbreviation_of: Option<String>,
    /// The field it belongs to. Empty where none is given.
    pub domain: String,
    /// A note for people. Empty where there is none.
    pub note: String,
    /// Where it was found. Empty where unknown.
    pub source: String,
    /// The line of the glossary file it stands on, from 1.
    pub line: usize,
}

impl Term {
    /// Returns a term of which nothing is said but its words: admitted, common, inflected, in any case.
    pub fn new(language: Language, text: String) -> Self {
        Self {
            language,
            text,
            status: TermStatus::default(),
            kind: TermType::default(),
            is_case_exact: false,
            is_inflected: true,
            abbreviation_of: None,
            domain: String::new(),
            note: String::new(),
            source: String::new(),
            line: 0,
        }
    }

    /// Returns the columns of a glossary file, beside those of the words, in which the term says more than an empty cell does.
    pub fn said(&self) -> impl Iterator<Item = &'static str> {
        let all = [
            ("status", self.status != TermStatus::default()),
            ("type", self.kind != TermType::default()),
            ("case", self.is_case_exact),
            ("inflect", !self.is_inflected),
            ("abbreviation_of", self.abbreviation_of.is_some()),
            ("domain", !self.domain.is_empty()),
            ("note", !self.note.is_empty()),
            ("source", !self.source.is_empty()),
        ];
        all.into_iter().filter(|(_, is_said)| *is_said).map(|(name, _)| name)
    }
}

/// Whether a term may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermStatus {
    /// The one to use.
    Preferred,
    /// Right too. What a term without a status has.
    #[default]
    Admitted,
    /// No longer to be used.
    Deprecated,
    /// Wrong.
    Forbidden,
}

/// What a term names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermType {
    /// An organization.
    Organization,
    /// A person.
    Person,
    /// A place.
    Place,
    /// A short form in capitals.
    Acronym,
    /// A kind of organization, such as Public Union.
    Kind,
    /// Any other term. What a term without a type has.
    #[default]
    Common,
}

/// A word that names no value of a fixed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{word}\" is not one of {allowed}")]
pub struct UnknownWord {
    /// The word.
    pub word: String,
    /// The words that may stand there.
    pub allowed: &'static str,
}

impl TermStatus {
    /// Reads a status of a glossary file; an empty word is [`TermStatus::Admitted`].
    ///
    /// # Errors
    /// When the word is no status.
    pub fn parse(word: &str) -> Result<Self, UnknownWord> {
        Ok(match word.trim().to_ascii_lowercase().as_str() {
            "preferred" => Self::Preferred,
            "admitted" | "" => Self::Admitted,
            "deprecated" => Self::Deprecated,
            "forbidden" => Self::Forbidden,
            _ => {
                return Err(UnknownWord {
                    word: word.to_owned(),
                    allowed: "preferred, admitted, deprecated, forbidden",
                });
            }
        })
    }

    /// Returns the word of a glossary file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Admitted => "admitted",
            Self::Deprecated => "deprecated",
            Self::Forbidden => "forbidden",
        }
    }

    /// Says whether a text may use the term.
    pub fn is_allowed(self) -> bool {
        matches!(self, Self::Preferred | Self::Admitted)
    }
}

impl TermType {
    /// Returns the word of a glossary file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Person => "person",
            Self::Place => "place",
            Self::Acronym => "acronym",
            Self::Kind => "kind",
            Self::Common => "common",
        }
    }

    /// Reads a type of a glossary file; an empty word is [`TermType::Common`].
    ///
    /// # Errors
    /// When the word is no type.
    pub fn parse(word: &str) -> Result<Self, UnknownWord> {
        Ok(match word.trim().to_ascii_lowercase().as_str() {
            "organization" | "organisation" => Self::Organization,
            "person" => Self::Person,
            "place" => Self::Place,
            "acronym" => Self::Acronym,
            "kind" | "kind of organization" | "kind_of_organization" => Self::Kind,
            "common" | "" => Self::Common,
            _ => {
                return Err(UnknownWord {
                    word: word.to_owned(),
                    allowed: "organization, person, place, acronym, kind, common",
                });
            }
        })
    }
}

/// A place in a text where a term stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermHit {
    /// The place of the concept in the glossary, from 0.
    pub concept: usize,
    /// The place of the term in the concept, from 0.
    pub term: usize,
    /// The bytes of the text, suffix included, surrounding quotation marks left out.
    pub span: Span,
    /// How the text differs from the term.
    pub how: HitKind,
    /// Letters too many, missing, wrong or swapped; more than 0 in near hits only.
    pub edits: u8,
    /// Whether it lies inside a longer hit.
    pub is_nested: bool,
}

/// How a hit differs from the term as the glossary writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    /// Letter for letter.
    Exact,
    /// In another case.
    Case,
    /// In another alphabet: Azerbaijani is written in two.
    Script,
    /// With a suffix or a changed stem.
    Inflected,
    /// With a spelling mistake; only where asked for.
    Near,
}
