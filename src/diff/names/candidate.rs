//! The words of a bead, and which of them may be names.

use rustc_hash::FxHashMap;

use super::sound::spoken;
use crate::diff::Side;
use crate::model::{Language, SegmentKind, Span};
use crate::text::common::CommonWords;
use crate::text::skeleton::skeleton;
use crate::text::{fold, words};

/// Letters a name needs: shorter ones are alike by chance.
const LEAST_LETTERS: usize = 4;

/// A word in any of its places.
#[derive(Debug)]
pub(super) struct Form {
    /// The word folded, without what an apostrophe joins to it.
    pub(super) bare: String,
    /// `bare` without regard to the dot of i: what a name left as it is has in common in all languages.
    pub(super) plain: String,
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
    numbers: FxHashMap<String, u32>,
    forms: Vec<Form>,
}

impl Forms {
    pub(super) fn new(language: Language) -> Self {
        Self {
            language,
            common: CommonWords::of(language),
            known_places: CommonWords::places(language),
            numbers: FxHashMap::default(),
            forms: Vec::new(),
        }
    }

    fn number(&mut self, word: &str) -> u32 {
        let mut bare = fold(word, self.language);
        bare.truncate(bare.find(['\'', '’']).unwrap_or(bare.len()));
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
        self.forms.push(Form { plain, bare, key, spoken: heard, concepts, places });
        number
    }

    /// Returns what is known of a word by itself.
    pub(super) fn form(&self, number: u32) -> &Form {
        &self.forms[number as usize]
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
        for segment in side.segments() {
            let text = segment.span.of(&side.document.text);
            let is_item = segment.kind == SegmentKind::ListItem;
            for (place, word) in words(text).enumerate() {
                let span = word.span.shifted(segment.span.start);
                let letters = word.text.chars().filter(|c| c.is_alphabetic()).count();
                let is_capital = word.text.starts_with(char::is_uppercase);
                let is_shouted = letters > 1 && word.text.chars().all(|c| !c.is_lowercase());
                let is_term = || side.terms.iter().any(|hit| hit.span.overlaps(span));
                found.push(Occurrence {
                    span,
                    form: self.number(word.text),
                    is_capital,
                    is_first: place == 0 && !is_item,
                    is_name: is_capital && !is_shouted && letters >= LEAST_LETTERS && !is_term(),
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
    side.texts()
        .flat_map(|(text, _)| {
            words(text).map(|word| skeleton(word.text, language)).collect::<Vec<_>>()
        })
        .filter(|key| key.len() >= 3)
        .collect()
}
