//! The words of a bead, and which of them may be names.

use rustc_hash::FxHashMap;

use super::sound::spoken;
use crate::diff::{Side, Word};
use crate::model::{Language, SegmentKind, Span};
use crate::text::common::CommonWords;
use crate::text::skeleton::skeleton;

/// Letters a name needs: shorter ones are alike by chance.
const LEAST_LETTERS: usize = 4;

/// A word in any of its places.
#[derive(Debug)]
pub(super) struct Form {
    /// The word folded, without what an apostrophe joins to it.
    pub(super) bare: String,
    /// `bare` without regard to the dot of i: what a name left as it is has in common in all languages.
    pub(super) plain: String,
    /// The number of its beginning, which it has in common with other forms of the word.
    pub(super) beginning: u32,
    /// The skeleton of `bare`.
    pub(super) key: String,
    /// The skeleton of `bare` as English speaks it; empty in other languages or where it says no more than `key`.
    pub(super) spoken: String,
    /// What it may mean as a common word.
    pub(super) concepts: Vec<&'static str>,
    /// The places and peoples it may name.
    pub(super) places: Vec<&'static str>,
}

/// The words of one side of all beads, each with what is known of it by itself.
pub(super) struct Forms {
    language: Language,
    common: Option<&'static CommonWords>,
    known_places: Option<&'static CommonWords>,
    /// What has been looked up, by the number of the word.
    seen: Vec<Option<Seen>>,
    numbers: FxHashMap<String, u32>,
    forms: Vec<Form>,
    beginnings: FxHashMap<String, u32>,
}

/// What is known of a word as written.
#[derive(Clone, Copy)]
struct Seen {
    form: u32,
    is_capital: bool,
    /// Whether it looks like a name by its letters.
    is_name: bool,
}

impl Forms {
    /// Begins with no form of the document that a side is of.
    pub(super) fn new(side: &Side<'_>) -> Self {
        let language = side.document.language;
        Self {
            language,
            common: CommonWords::of(language),
            known_places: CommonWords::places(language),
            seen: vec![None; side.vocabulary.count()],
            numbers: FxHashMap::default(),
            forms: Vec::new(),
            beginnings: FxHashMap::default(),
        }
    }

    fn seen(&mut self, word: &Word<'_>, folded: &str) -> Seen {
        if let Some(seen) = self.seen[word.number as usize] {
            return seen;
        }
        let letters = word.text.chars().filter(|c| c.is_alphabetic()).count();
        let is_capital = word.text.starts_with(char::is_uppercase);
        let is_shouted = letters > 1 && word.text.chars().all(|c| !c.is_lowercase());
        let seen = Seen {
            form: self.number(folded),
            is_capital,
            is_name: is_capital && !is_shouted && letters >= LEAST_LETTERS,
        };
        self.seen[word.number as usize] = Some(seen);
        seen
    }

    fn number(&mut self, folded: &str) -> u32 {
        let bare = folded.split(['\'', '’']).next().unwrap_or_default().to_owned();
        if let Some(number) = self.numbers.get(&bare) {
            return *number;
        }
        let of = |table: Option<&'static CommonWords>| {
            table.map_or_else(Vec::new, |table| table.concepts(&bare))
        };
        let key = skeleton(&bare, self.language);
        let mut heard = String::new();
        if self.language.code() == "en" {
            heard = skeleton(&spoken(&bare), self.language);
            if heard == key {
                heard.clear();
            }
        }
        let (concepts, places) = (of(self.common), of(self.known_places));
        let number = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
        self.numbers.insert(bare.clone(), number);
        let plain = bare.replace('ı', "i");
        let next = u32::try_from(self.beginnings.len()).unwrap_or(u32::MAX);
        let beginning = *self.beginnings.entry(beginning(&bare)).or_insert(next);
        self.forms.push(Form { plain, bare, beginning, key, spoken: heard, concepts, places });
        number
    }

    /// Returns what is known of a word by itself.
    pub(super) fn form(&self, number: u32) -> &Form {
        &self.forms[number as usize]
    }

    /// Returns the number of the beginning of a folded word, if there is such a word.
    pub(super) fn beginning(&self, folded: &str) -> Option<u32> {
        self.beginnings.get(&beginning(folded)).copied()
    }

    /// Returns how many beginnings there are.
    pub(super) fn beginnings(&self) -> usize {
        self.beginnings.len()
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    pub(super) fn len(&self) -> usize {
        self.forms.len()
    }

    /// Returns the words of a side in order.
    pub(super) fn words(&mut self, side: &Side<'_>) -> Vec<Occurrence> {
        let mut found = Vec::new();
        for (segment, words) in side.words() {
            let is_item = segment.kind == SegmentKind::ListItem;
            for (place, word) in words.iter().enumerate() {
                let seen = self.seen(word, side.vocabulary.folded(word));
                let is_term = || side.terms.iter().any(|hit| hit.span.overlaps(word.span));
                found.push(Occurrence {
                    span: word.span,
                    form: seen.form,
                    is_capital: seen.is_capital,
                    is_first: place == 0 && !is_item,
                    is_name: seen.is_name && !is_term(),
                });
            }
        }
        found
    }
}

/// A word where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occurrence {
    pub(super) span: Span,
    pub(super) form: u32,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
    /// Whether it opens a sentence, where any word has a capital.
    pub(super) is_first: bool,
    /// Whether it looks like a name: a capital, not all capitals, long enough, no term of the glossary.
    pub(super) is_name: bool,
}

/// Returns the skeletons of all words of a side.
pub(super) fn all_keys(side: &Side<'_>) -> Vec<String> {
    let language = side.document.language;
    side.words()
        .flat_map(|(_, words)| words)
        .map(|word| skeleton(word.text, language))
        .filter(|key| key.len() >= 3)
        .collect()
}

/// Returns what the forms of a word have in common as far as letters tell: all but a plural s, at most five letters.
fn beginning(folded: &str) -> String {
    folded.strip_suffix('s').unwrap_or(folded).chars().take(5).collect()
}
