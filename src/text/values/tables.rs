//! The words of values in a language: months, numbers, units.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::{data, rows, written};
use crate::model::Language;
use crate::text::stem::stem;
use crate::text::suffix::{is_ending, is_form_of};
use crate::text::{fold, fold_char};

/// The longest ending, in letters, that an Azerbaijani or Turkish word of these tables takes: `faizindən`.
const LONGEST_ENDING: usize = 6;

/// The fewest letters of a stem that Russian forms of a unit share: `летн` of `летний`, not `час` and `мил`.
const LEAST_STEM: usize = 4;

/// The longest number word, in letters, that joins a unit: `двенадцати`.
const LONGEST_NUMBER: usize = 10;

/// What stands behind the unit of a word made of a number and a unit: `üçgünlük`, `ikimərtəbəli`.
const DERIVED: [&str; 8] = ["lı", "li", "lu", "lü", "лы", "ли", "лу", "лү"];

/// Words that look like a number with an ending: `for`.
const NO_NUMBERS: [&str; 2] = ["üçün", "үчүн"];

/// A word for a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct NumberWord {
    pub(super) value: u64,
    /// Whether it is no other word too, such as `one`.
    pub(super) is_sure: bool,
}

/// A word for a part, for several, or for a quantity: half, a dozen, a decade.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    pub(super) over: u64,
    pub(super) of: u64,
    pub(super) unit: Option<&'static str>,
    /// Whether it says how many without a number before it, as `decades` does not.
    pub(super) is_sure: bool,
}

/// The words of one language.
#[derive(Debug, Default)]
pub(super) struct Tables {
    months: FxHashMap<String, u8>,
    /// The whole names of the months, in all their forms; no abbreviations.
    whole_months: Vec<(String, u8)>,
    /// The days of the week, in all their forms, names of more words first.
    weekdays: Vec<(Vec<String>, u8)>,
    /// The first two letters of their names.
    weekday_starts: FxHashSet<[Option<char>; 2]>,
    /// Words for a time of day, as minutes since midnight.
    times: FxHashMap<String, u16>,
    numbers: FxHashMap<String, NumberWord>,
    amounts: FxHashMap<String, Amount>,
    /// The first two letters of the words of numbers and amounts: most words of a text begin with others.
    starts: FxHashSet<[Option<char>; 2]>,
    /// The amounts of several, where words take endings.
    multiples: Vec<(String, Amount)>,
    /// What adds a half to the number before it, in words: `and a half`.
    halves: Vec<Vec<String>>,
    units: FxHashMap<String, &'static str>,
    /// What the forms of a unit have in common, where forms are many: Russian adjectives.
    unit_stems: FxHashMap<String, &'static str>,
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
        for row in rows(data(language, "weekdays.tsv").unwrap_or_default()) {
            let number = row[0].parse().unwrap_or(0);
            let words = |name: &&str| (name.split(' ').map(form).collect(), number);
            tables.weekdays.extend(row[1..].iter().map(words));
        }
        for row in rows(data(language, "times.tsv").unwrap_or_default()) {
            let (hour, minute) = row[0].split_once(':').unwrap_or((row[0], "0"));
            let minutes = hour.parse::<u16>().unwrap_or(0) * 60 + minute.parse().unwrap_or(0);
            tables.times.extend(row[1..].iter().map(|word| (form(word), minutes)));
        }
        tables.weekdays.sort_by_key(|(words, _)| Reverse(words.len()));
        let first = |(words, _): &(Vec<String>, u8)| Some(start(words.first()?, language));
        tables.weekday_starts = tables.weekdays.iter().filter_map(first).collect();
        for row in rows(data(language, "numbers.tsv").unwrap_or_default()) {
            let value = row[0].parse().unwrap_or(0);
            tables.numbers.extend(row[1..].iter().map(|word| {
                let (word, is_sure) = sure(word);
                (form(word), NumberWord { value, is_sure })
            }));
        }
        for row in rows(data(language, "units.tsv").unwrap_or_default()) {
            let id = row[0];
            tables.units.extend(row[1..].iter().map(|word| (form(word), id)));
            if language.code() == "ru" {
                let long = |word: &String| word.chars().count() >= LEAST_STEM;
                let stems = row[1..].iter().map(|word| stem(&form(word), language).0.to_owned());
                tables.unit_stems.extend(stems.filter(long).map(|stem| (stem, id)));
            }
        }
        for row in rows(data(language, "amounts.tsv").unwrap_or_default()) {
            if row[0] == "+1/2" {
                let words = |phrase: &&str| phrase.split(' ').map(form).collect();
                tables.halves.extend(row[2..].iter().map(words));
                continue;
            }
            let (over, of) = row[0].split_once('/').unwrap_or((row[0], "1"));
            let (over, of) = (over.parse().unwrap_or(1), of.parse().unwrap_or(1));
            let unit = Some(row[1]).filter(|unit| *unit != "-");
            for word in &row[2..] {
                let (word, is_sure) = sure(word);
                let amount = Amount { over, of, unit, is_sure };
                if of == 1 && tables.takes_endings {
                    tables.multiples.push((form(word), amount));
                }
                tables.amounts.insert(form(word), amount);
            }
        }
        let counted = tables.numbers.keys().chain(tables.amounts.keys());
        tables.starts = counted.map(|word| start(word, language)).collect();
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

    /// Returns the day of the week, from 1 for Monday, whose name some words begin with, and its number of words.
    pub(super) fn weekday<'w>(&self, words: impl Iterator<Item = &'w str>) -> Option<(u8, usize)> {
        let language = self.language?;
        let mut words = words.peekable();
        if !self.weekday_starts.contains(&start(words.peek()?, language)) {
            return None;
        }
        // Names that have most words come first.
        let most = self.weekdays.first().map_or(0, |(name, _)| name.len());
        let folded: Vec<String> = words.take(most).map(|word| fold(word, language)).collect();
        let begins = |(name, _): &&(Vec<String>, u8)| {
            let Some((last, first)) = name.split_last() else { return false };
            folded.len() >= name.len() && folded[..first.len()] == *first && {
                let word = &folded[first.len()];
                word == last || self.takes_endings && is_form_of(word, last, language)
            }
        };
        self.weekdays.iter().find(begins).map(|(name, number)| (*number, name.len()))
    }

    /// Says whether a folded word is a month's name without ending.
    pub(super) fn is_bare_month(&self, folded: &str) -> bool {
        self.months.contains_key(folded)
    }

    /// Says whether a word begins as one for a number or an amount does.
    fn may_count(&self, word: &str) -> bool {
        self.language.is_some_and(|language| self.starts.contains(&start(word, language)))
    }

    /// Returns a number word: exact or, in languages with endings, an ordinal or a case form. Of the short words only those
    /// below ten take endings, legal ones: `üçü`, `ikisi`, but `ona` is `to him`.
    pub(super) fn number(&self, word: &str) -> Option<NumberWord> {
        if !self.may_count(word) {
            return None;
        }
        self.look(&self.numbers, word, 4).or_else(|| {
            let language = self.language.filter(|_| self.takes_endings)?;
            let word = fold(word, language);
            let places = word.char_indices().map(|(at, _)| at).skip(2).take(2);
            let found = places.filter_map(|at| {
                let (stem, rest) = word.split_at(at);
                let number = self.numbers.get(stem).filter(|number| number.value < 10)?;
                is_ending(Some(stem), rest, language).then_some(*number)
            });
            found.last().filter(|_| !NO_NUMBERS.contains(&word.as_str()))
        })
    }

    /// Returns the value of a magnitude word, a thousand or more; `million` may take endings, `min` and `bin` may not.
    pub(super) fn magnitude(&self, word: &str) -> Option<u64> {
        self.number(word).map(|number| number.value).filter(|value| *value >= 1000)
    }

    /// Returns what a word for a part, for several or for a quantity means.
    pub(super) fn amount(&self, word: &str) -> Option<Amount> {
        let language = self.language.filter(|_| self.may_count(word))?;
        let word = fold(word, language);
        if let Some(amount) = self.amounts.get(&word) {
            return Some(*amount);
        }
        // Of parts the forms are listed: `yarın` is tomorrow.
        let fits = |(base, _): &&(String, Amount)| is_form_of(&word, base, language);
        self.multiples.iter().find(fits).map(|(_, amount)| *amount)
    }

    /// Returns how many of some words, folded, add a half to the number before them.
    pub(super) fn half<'w>(&self, words: impl Iterator<Item = &'w str> + Clone) -> Option<usize> {
        let language = self.language.unwrap_or(Language::UND);
        let fits = |half: &&Vec<String>| {
            let mut words = words.clone();
            half.iter().all(|part| words.next().is_some_and(|word| fold(word, language) == *part))
        };
        self.halves.iter().filter(fits).map(Vec::len).max()
    }

    /// Returns the number and the unit of a word made of both: `ikimərtəbəli`, `двухэтажный`.
    pub(super) fn compound(&self, word: &str) -> Option<(u64, &'static str)> {
        let language = self
            .language
            .filter(|language| matches!(language.code(), "az" | "ru") && self.may_count(word))?;
        let word = fold(word, language);
        let is_unit = |rest: &str| -> Option<&'static str> {
            if language.code() == "ru" {
                return self.unit_stems.get(stem(rest, language).0).copied();
            }
            let ends = rest.char_indices().map(|(at, _)| at).skip(2).chain([rest.len()]);
            let bare = |rest: &str| DERIVED.iter().any(|form| rest.starts_with(form));
            let fits = |end: &usize| *end == rest.len() || bare(&rest[*end..]);
            ends.filter(fits).find_map(|end| self.units.get(&rest[..end]).copied())
        };
        word.char_indices().skip(2).take(LONGEST_NUMBER - 1).find_map(|(at, _)| {
            let (number, rest) = word.split_at(at);
            let number = self.numbers.get(number)?;
            Some((number.value, is_unit(rest)?))
        })
    }

    /// Returns the time of day that a word names, in minutes since midnight.
    pub(super) fn time(&self, word: &str) -> Option<u16> {
        self.look(&self.times, word, 4)
    }

    /// Returns the id of a unit.
    pub(super) fn unit(&self, word: &str) -> Option<&'static str> {
        self.look(&self.units, word, 2).or_else(|| {
            let language = self.language.filter(|_| !self.unit_stems.is_empty())?;
            self.unit_stems.get(stem(&fold(word, language), language).0).copied()
        })
    }
}

/// Returns the first two letters of a word, folded.
fn start(word: &str, language: Language) -> [Option<char>; 2] {
    let mut letters = word.chars().map(|letter| fold_char(letter, language));
    [letters.next(), letters.next()]
}

/// Takes the `?` off a form, and says whether there is none.
fn sure(form: &str) -> (&str, bool) {
    form.strip_suffix('?').map_or((form, true), |form| (form, false))
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
