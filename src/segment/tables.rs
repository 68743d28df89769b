//! What the segmenter knows of a language, read from its data files.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::{data, rows, writing, written};
use crate::model::Language;
use crate::text::{fold, fold_char};

/// The bytes that a folded word, or two of them, may have. Longer ones are in no list.
const KEY_BYTES: usize = 128;

/// A folded word that is looked up, without memory of its own: one is made for every mark of a text.
struct Key {
    bytes: [u8; KEY_BYTES],
    length: usize,
}

impl Default for Key {
    fn default() -> Self {
        Self { bytes: [0; KEY_BYTES], length: 0 }
    }
}

impl Key {
    fn push(&mut self, letter: char) {
        if let Some(room) = self.bytes.get_mut(self.length..self.length + letter.len_utf8()) {
            letter.encode_utf8(room);
            self.length += letter.len_utf8();
        }
    }

    fn fold(&mut self, word: &str, language: Language) {
        for letter in word.chars() {
            self.push(fold_char(letter, language));
        }
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

/// What may follow an abbreviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// No sentence ends after it: titles.
    Never,
    /// None ends before a digit or a name: units, months, addresses.
    Number,
    /// A sentence ends after it when a capital follows: `etc.`, `və s.`.
    MayEnd,
    /// A sentence ends after it before a capital, but not where it opens one: `p.m.`, `Ph.D.`.
    End,
    /// As `Number` behind a figure (`5 in.`), elsewhere a word.
    Unit,
    /// No sentence ends between it and a figure (`No. 5`); elsewhere a word.
    Figure,
}

/// The tables of one language.
#[derive(Debug, Default)]
pub(super) struct Words {
    abbreviations: FxHashMap<String, Abbreviation>,
    starters: FxHashSet<String>,
    speech: FxHashSet<String>,
    prepositions: FxHashSet<String>,
    /// The bytes of the longest abbreviation.
    longest_form: usize,
    /// The bytes of the longest last word of a pair.
    longest_last: usize,
    alphabet: &'static str,
    has_ordinals: bool,
    is_hasty: bool,
}

/// The tables of a language, with how to look words up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables {
    words: &'static Words,
    /// The language that words are folded by.
    pub(super) language: Language,
}

impl Tables {
    /// Returns the tables of a language. Languages without data of their own borrow those of a neighbour whose
    /// abbreviations they share (`writing.tsv`), or else the English ones.
    pub(super) fn of(language: Language) -> Self {
        static ALL: LazyLock<Mutex<BTreeMap<Language, &'static Words>>> =
            LazyLock::new(Mutex::default);
        let mut all = ALL.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Read once for the life of the program: a handful of small tables.
        let words =
            all.entry(language).or_insert_with(|| Box::leak(Box::new(Words::read(language))));
        Self { words, language }
    }

    /// Says whether sentences that begin with a small letter are looked for. Where the list of abbreviations is not as
    /// good as complete, one that is missing would look the same.
    pub(super) fn is_written_hastily(&self) -> bool {
        self.words.is_hasty
    }

    /// Looks an abbreviation up by its form without the last stop; `before` is the word before it.
    pub(super) fn abbreviation(&self, form: &str, before: &str) -> Option<Abbreviation> {
        if form.len() > self.words.longest_form {
            return None;
        }
        let table = &self.words.abbreviations;
        // Few forms are pairs, and their last words fewer still.
        if form.len() <= self.words.longest_last
            && !before.is_empty()
            && before.len() <= self.words.longest_form
        {
            let mut key = Key::default();
            key.fold(before, self.language);
            key.push(' ');
            key.fold(form, self.language);
            if let Some(class) = table.get(key.text()) {
                return Some(*class);
            }
        }
        let mut key = Key::default();
        key.fold(form, self.language);
        table.get(key.text()).copied()
    }

    fn has(&self, words: &FxHashSet<String>, word: &str) -> bool {
        if word.len() > KEY_BYTES / 2 {
            return false;
        }
        let mut key = Key::default();
        key.fold(word, self.language);
        words.contains(key.text())
    }

    /// Returns the abbreviations in order, folded, without their last stop.
    pub(super) fn abbreviations(&self) -> Vec<(&'static str, Abbreviation)> {
        let words: &'static Words = self.words;
        let mut all: Vec<_> =
            words.abbreviations.iter().map(|(form, class)| (&form[..], *class)).collect();
        all.sort_unstable_by_key(|(form, _)| *form);
        all
    }

    /// Returns the words that open sentences in order, folded.
    pub(super) fn starters(&self) -> Vec<&'static str> {
        let words: &'static Words = self.words;
        let mut all: Vec<_> = words.starters.iter().map(|word| &word[..]).collect();
        all.sort_unstable();
        all
    }

    /// Says whether a word often opens a sentence and is hardly a name.
    pub(super) fn is_starter(&self, word: &str) -> bool {
        self.has(&self.words.starters, word)
    }

    /// Says whether a word is a word of speech, such as `reads`.
    pub(super) fn is_speech(&self, word: &str) -> bool {
        self.has(&self.words.speech, word)
    }

    /// Says whether a word is a preposition, which opens phrases of time and place.
    pub(super) fn is_preposition(&self, word: &str) -> bool {
        self.has(&self.words.prepositions, word)
    }

    /// Says whether a number with a full stop is an ordinal that never ends a sentence before a capital, as in German.
    pub(super) fn writes_ordinals_with_stop(&self) -> bool {
        self.words.has_ordinals
    }

    /// Returns the alphabet by which list letters are counted.
    pub(super) fn alphabet(&self) -> &'static str {
        self.words.alphabet
    }
}

impl Words {
    fn read(language: Language) -> Self {
        let is_own = data(language, "abbreviations.tsv").is_some();
        let neighbour = writing(language, "borrows").and_then(|tag| Language::parse(tag).ok());
        let own = language;
        let language = if is_own { own } else { neighbour.unwrap_or(Language::EN) };
        let mut words = Self {
            alphabet: writing(own, "alphabet").unwrap_or("abcdefghijklmnopqrstuvwxyz"),
            has_ordinals: writing(own, "ordinals") == Some("full stop"),
            is_hasty: writing(own, "small starts") == Some("yes"),
            ..Self::default()
        };
        for row in rows(data(language, "abbreviations.tsv").unwrap_or_default()) {
            let class = match row.get(1) {
                Some(&"never") => Abbreviation::Never,
                Some(&"may_end") => Abbreviation::MayEnd,
                Some(&"end") => Abbreviation::End,
                Some(&"unit") => Abbreviation::Unit,
                Some(&"figure") => Abbreviation::Figure,
                _ => Abbreviation::Number,
            };
            words.abbreviations.insert(fold(&written(row[0], language), language), class);
        }
        let longest = words.abbreviations.keys().map(String::len).max().unwrap_or(0);
        let pairs = words.abbreviations.keys().filter_map(|form| form.rsplit_once(' '));
        words.longest_last = pairs.map(|(_, last)| last.len() + 2).max().unwrap_or(0);
        // Folding changes the bytes of a word little.
        words.longest_form = (longest + 2).min(KEY_BYTES / 3);
        let list = |file| {
            rows(data(language, file).unwrap_or_default())
                .map(|row| fold(&written(row[0], language), language))
        };
        words.starters.extend(list("starters.txt"));
        words.speech.extend(list("speech.txt"));
        words.prepositions.extend(list("prepositions.txt"));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_found_by_themselves_or_with_the_word_before() {
        let tables = Tables::of(Language::AZ);
        assert_eq!(tables.abbreviation("Prof", ""), Some(Abbreviation::Never));
        assert_eq!(tables.abbreviation("s", "və"), Some(Abbreviation::MayEnd));
        assert_eq!(tables.abbreviation("kitab", ""), None);
    }

    #[test]
    fn cyrillic_azerbaijani_has_the_same_words() {
        let tables = Tables::of(Language::AZ_CYRL);
        assert_eq!(tables.abbreviation("проф", ""), Some(Abbreviation::Never));
        assert!(tables.is_starter("Бу"));
    }
}
