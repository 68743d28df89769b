//! The words of values in a language: months, numbers, units.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::language::{data, rows, written};
use crate::model::Language;
use crate::text::fold;
use crate::text::suffix::is_ending;

/// The longest ending, in letters, that an Azerbaijani or Turkish word of these tables takes: `faizindən`.
const LONGEST_ENDING: usize = 6;

/// The words of one language.
#[derive(Debug, Default)]
pub(super) struct Tables {
    months: FxHashMap<String, u8>,
    /// The whole names of the months, in all their forms; no abbreviations.
    whole_months: Vec<(String, u8)>,
    numbers: FxHashMap<String, u64>,
    units: FxHashMap<String, &'static str>,
    takes_endings: bool,
    language: Option<Language>,
}

impl Tables {
    /// Returns the words of a language, empty where it has no data.
    pub(super) fn of(language: Language) -> &'static Self {
        static ALL: LazyLock<Mutex<BTreeMap<Language, &'static Tables>>> =
            LazyLock::new(Mutex::default);
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        // Read once for the life of the program: a handful of small tables.
        all.entry(language).or_insert_with(|| Box::leak(Box::new(Self::read(language))))
    }

    fn read(language: Language) -> Self {
        let mut tables = Self {
            takes_endings: matches!(language.code(), "az" | "tr"),
            language: Some(language),
            ..Self::default()
        };
        let form = |word: &str| fold(&written(word, language), language);
        for row in rows(data(language, "months.tsv").unwrap_or_default()) {
            let number = row[0].parse().unwrap_or(0);
            tables.months.extend(row[1..].iter().map(|word| (form(word), number)));
            let whole = |word: &&&str| **word == row[1] || !row[1].starts_with(**word);
            let whole = row[1..].iter().filter(whole);
            tables.whole_months.extend(whole.map(|word| (form(word), number)));
        }
        for row in rows(data(language, "numbers.tsv").unwrap_or_default()) {
            let number = row[0].parse().unwrap_or(0);
            tables.numbers.extend(row[1..].iter().map(|word| (form(word), number)));
        }
        for row in rows(data(language, "units.tsv").unwrap_or_default()) {
            let id = row[0];
            tables.units.extend(row[1..].iter().map(|word| (form(word), id)));
        }
        tables
    }

    /// Looks a word up: as it stands, else the longest form it begins with where the language adds endings.
    fn look<T: Copy>(&self, table: &FxHashMap<String, T>, word: &str, least: usize) -> Option<T> {
        let word = fold(word, self.language.unwrap_or(Language::UND));
        if let Some(found) = table.get(&word) {
            return Some(*found);
        }
        if !self.takes_endings {
            return None;
        }
        let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
        let letters = ends.len();
        (least..letters)
            .rev()
            .take(LONGEST_ENDING)
            .find_map(|stem| table.get(&word[..ends[stem]]).copied())
    }

    /// Returns the number of a month.
    pub(super) fn month(&self, word: &str) -> Option<u8> {
        self.look(&self.months, word, 3)
    }

    /// Returns the number of a month that a folded word names in full, with a legal ending where the language has them.
    pub(super) fn whole_month(&self, folded: &str, language: Language) -> Option<u8> {
        let first = folded.as_bytes().first();
        let is_month = |(name, _): &&(String, u8)| {
            // Asked of every word of a text.
            name.as_bytes().first() == first
                && folded.strip_prefix(name.as_str()).is_some_and(|rest| {
                    rest.is_empty() || (self.takes_endings && is_ending(Some(name), rest, language))
                })
        };
        self.whole_months.iter().find(is_month).map(|(_, number)| *number)
    }

    /// Says whether a folded word is a month's name without ending.
    pub(super) fn is_bare_month(&self, folded: &str) -> bool {
        self.months.contains_key(folded)
    }

    /// Returns the value of a number word: exact or, in languages with endings, an ordinal or a case form of four letters
    /// and more.
    pub(super) fn number(&self, word: &str) -> Option<u64> {
        self.look(&self.numbers, word, 4)
    }

    /// Returns the value of a magnitude word, a thousand or more; `million` may take endings, `min` and `bin` may not.
    pub(super) fn magnitude(&self, word: &str) -> Option<u64> {
        self.number(word).filter(|value| *value >= 1000)
    }

    /// Returns the id of a unit.
    pub(super) fn unit(&self, word: &str) -> Option<&'static str> {
        self.look(&self.units, word, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_seen_through_in_azerbaijani_only() {
        let az = Tables::of(Language::AZ);
        assert_eq!(az.month("sentyabrın"), Some(9));
        assert_eq!(az.unit("faizindən"), Some("percent"));
        assert_eq!(az.unit("ildə"), Some("year"));
        assert_eq!(az.magnitude("milyonu"), Some(1_000_000));
        assert_eq!(Tables::of(Language::EN).month("Mayor"), None);
    }

    #[test]
    fn cyrillic_azerbaijani_has_the_same_words() {
        assert_eq!(Tables::of(Language::AZ_CYRL).month("октјабрын"), Some(10));
    }
}
