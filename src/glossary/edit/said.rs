//! What can be said of terms, and what is refused: fields, ids, errors.

use super::super::GlossaryError;
use super::super::csv::{KNOWN, flag};
use crate::model::{Language, TermStatus, TermType};
use crate::text::{fold, nearest};

/// A field of a term beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Whether it may be used: the words of [`TermStatus`].
    Status,
    /// What it names: the words of [`TermType`].
    Type,
    /// `exact` or `fold`.
    Case,
    /// `yes` or `no`.
    Inflect,
    /// The term of the same concept and language that it is short for.
    AbbreviationOf,
    /// The field it belongs to.
    Domain,
    /// A note for people.
    Note,
    /// Where it was found.
    Source,
}

impl Field {
    /// Returns the place among the known columns.
    pub(super) fn place(self) -> usize {
        match self {
            Self::Status => 3,
            Self::Type => 4,
            Self::Case => 5,
            Self::Inflect => 6,
            Self::AbbreviationOf => 7,
            Self::Domain => 8,
            Self::Note => 9,
            Self::Source => 10,
        }
    }

    /// Returns the name of its column.
    pub fn name(self) -> &'static str {
        KNOWN[self.place()]
    }

    pub(super) fn check(self, value: &str) -> Result<(), EditError> {
        let wrong = |allowed: &str| {
            let names: Vec<&str> = allowed.split(", ").collect();
            EditError::Value {
                name: self.name(),
                value: value.to_owned(),
                allowed: allowed.to_owned(),
                hint: hint(value, &names),
            }
        };
        match self {
            Self::Status => {
                TermStatus::parse(value).map(drop).map_err(|error| wrong(error.allowed))
            }
            Self::Type => TermType::parse(value).map(drop).map_err(|error| wrong(error.allowed)),
            Self::Case => {
                flag("", value, "exact", "fold", false).map(drop).map_err(|_| wrong("exact, fold"))
            }
            Self::Inflect => {
                flag("", value, "yes", "no", true).map(drop).map_err(|_| wrong("yes, no"))
            }
            Self::AbbreviationOf | Self::Domain | Self::Note | Self::Source => Ok(()),
        }
    }
}

/// Says why an edit can't be made. The file is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The file can't be read as a glossary.
    #[error("{0}; nothing is changed")]
    File(#[from] GlossaryError),
    /// No concept has the id.
    #[error("{file}: there is no concept {id}{hint}")]
    NoConcept {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The nearest one.
        hint: String,
    },
    /// The concept has no such term.
    #[error("concept {concept} has no term \"{text}\" in {language}{hint}")]
    NoTerm {
        /// The id.
        concept: String,
        /// The language.
        language: Language,
        /// The words.
        text: String,
        /// The nearest one, or those there are.
        hint: String,
    },
    /// The file has no place for a value.
    #[error("{file} has no column {name}; {way_out}")]
    NoColumn {
        /// The file.
        file: String,
        /// The column.
        name: String,
        /// What to do.
        way_out: String,
    },
    /// A field has fixed words, and this is none of them.
    #[error("{name} \"{value}\" is not one of {allowed}{hint}")]
    Value {
        /// The field.
        name: &'static str,
        /// The word.
        value: String,
        /// The words that may stand there.
        allowed: String,
        /// The nearest one.
        hint: String,
    },
    /// The code is no language's.
    #[error("\"{tag}\" is not the code of a language{hint}")]
    Language {
        /// The code.
        tag: String,
        /// The nearest one.
        hint: String,
    },
    /// A term or an id can't be written so.
    #[error("{what} \"{text}\" {problem}")]
    Text {
        /// What it is.
        what: &'static str,
        /// The words.
        text: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// An id or a term is in use, and the edit would make two of one.
    #[error("{0}")]
    Taken(String),
}

pub(super) fn hint(word: &str, names: &[&str]) -> String {
    nearest(word, names).map_or_else(String::new, |near| format!("; is {near} meant?"))
}

pub(super) fn wrong(what: &'static str, text: &str, problem: &'static str) -> EditError {
    EditError::Text { what, text: text.to_owned(), problem }
}

pub(in crate::glossary) fn check_text(what: &'static str, text: &str) -> Result<(), EditError> {
    if text.trim().is_empty() {
        return Err(wrong(what, text, "is empty"));
    }
    if text.trim() != text {
        return Err(wrong(what, text, "has blanks at its ends"));
    }
    if text.contains(['\n', '\r']) {
        return Err(wrong(what, text, "goes over the end of its line"));
    }
    Ok(())
}

pub(in crate::glossary) fn check_id(id: &str) -> Result<(), EditError> {
    check_text("the id", id)
}

/// Makes an id of the words of a term: small letters and digits of the Latin alphabet, hyphens between the words. The letters
/// of Azerbaijani are written as in English, other letters stay.
pub(in crate::glossary) fn id_of(text: &str, language: Language) -> String {
    let mut id = String::new();
    for letter in fold(text, language).chars() {
        let written = match letter {
            'ə' | 'Ə' => "a",
            'ı' => "i",
            'ö' => "o",
            'ü' => "u",
            'ğ' => "gh",
            'ç' => "ch",
            'ş' => "sh",
            'q' if language == Language::AZ => "g",
            'x' if language == Language::AZ => "kh",
            'c' if language == Language::AZ => "j",
            '\'' | '’' => continue,
            _ if letter.is_alphanumeric() => {
                id.push(letter);
                continue;
            }
            _ if id.is_empty() || id.ends_with('-') => continue,
            _ => "-",
        };
        id.push_str(written);
    }
    id.trim_end_matches('-').to_owned()
}
