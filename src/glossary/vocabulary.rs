//! The words that the terms of a language are made of, and which of them a token of a text is a form of.
//!
//! Terms share their words: ten thousand names end in a few dozen kinds of organization. So each word is kept once and
//! compared once with a token, however many terms have it.
//!
//! The letters that a form keeps — the word, the word with its last letter softened, the word without its possessive
//! ending, in Russian and English the stem — stand in a tree of letters. A token goes down the tree letter by letter,
//! mostly not far, and every word that it passes is a candidate:
//!
//! ```text
//! b─i─r─l─i─k            birlik
//!         └─y            birlik, softened   <- a form where "inin" is an ending: birliyinin
//!           └─i          birliyi            <- a form where "nin" is one
//! ```
//! The tree is made from the sorted list of these keys: a node is the range of keys that begin alike, so it takes three
//! flat lists and no pointers.

use rustc_hash::FxHashMap;

use super::near;
use super::token::{Tokens, is_cyrillic};
use crate::model::{HitKind, Language};
use crate::text::stem::stem;
use crate::text::suffix;

/// The longest word, in letters, that is taken for an acronym when it is all capitals; longer ones are shouting.
const LONGEST_ACRONYM: usize = 6;

/// A word of a term. Two terms have the same word where all of this is the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Word<'g> {
    /// The word as the glossary writes it, without a joined ending.
    pub(super) written: &'g str,
    /// The marks that the term has between the word before and this one, such as `!`.
    pub(super) marks_before: String,
    /// The ending that the glossary itself joins to the word, as in `Women's`.
    pub(super) ending: Option<String>,
    pub(super) is_acronym: bool,
    /// Whether small and capital letters must be as written.
    pub(super) is_case_exact: bool,
    pub(super) is_inflected: bool,
    /// Whether a possessive ending may be left out, as at the end of a name of several words.
    pub(super) drops_possessive: bool,
}

/// The words of the terms of one language, numbered from 0.
#[derive(Debug)]
pub(super) struct Vocabulary<'g> {
    language: Language,
    words: Vec<Word<'g>>,
    folded: Vec<String>,
    /// Acronyms by their folded letters; they are found whole or not at all.
    acronyms: FxHashMap<String, Vec<u32>>,
    keys: Keys,
}

/// A word that a token is a form of, or near to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// The number of the word.
    pub(super) word: u32,
    /// How the token differs from it.
    pub(super) how: HitKind,
    /// Edits between them; 0 but for [`HitKind::Near`].
    pub(super) edits: u8,
}

/// Collects the words of terms.
pub(super) struct Collector<'g> {
    numbers: FxHashMap<Word<'g>, u32>,
    words: Vec<Word<'g>>,
    folded: Vec<String>,
}

impl<'g> Collector<'g> {
    pub(super) fn new() -> Self {
        Self { numbers: FxHashMap::default(), words: Vec::new(), folded: Vec::new() }
    }

    /// Returns the number of a word. `folded` is the word folded.
    pub(super) fn number(&mut self, word: Word<'g>, folded: &str) -> u32 {
        if let Some(number) = self.numbers.get(&word) {
            return *number;
        }
        let number = u32::try_from(self.words.len()).expect("fewer words than bytes of memory");
        self.numbers.insert(word.clone(), number);
        self.words.push(word);
        self.folded.push(folded.to_owned());
        number
    }

    /// Returns the vocabulary of the words that were collected.
    pub(super) fn vocabulary(self, language: Language) -> Vocabulary<'g> {
        let mut acronyms: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        let mut keys = Vec::new();
        for ((number, word), folded) in (0..).zip(&self.words).zip(&self.folded) {
            if word.is_acronym {
                acronyms.entry(folded.clone()).or_default().push(number);
            } else {
                keys.extend(keys_of(word, folded, number, language));
            }
        }
        let keys = Keys::of(keys);
        Vocabulary { language, words: self.words, folded: self.folded, acronyms, keys }
    }
}

impl Vocabulary<'_> {
    /// Returns a word.
    pub(super) fn word(&self, number: u32) -> &Word<'_> {
        &self.words[number as usize]
    }

    /// Returns a word, folded.
    pub(super) fn folded(&self, number: u32) -> &str {
        &self.folded[number as usize]
    }

    /// Adds the words that a token is a form of.
    pub(super) fn forms(&self, tokens: &Tokens<'_>, at: usize, forms: &mut Vec<Form>) {
        let folded = tokens.folded(at);
        let first = forms.len();
        let mut add = |number: u32, how: Option<HitKind>| {
            let Some(how) = how else { return };
            match forms[first..].iter_mut().find(|form| form.word == number) {
                Some(form) => form.how = form.how.min(how),
                None => forms.push(Form { word: number, how, edits: 0 }),
            }
        };
        for number in self.acronyms.get(folded).into_iter().flatten() {
            add(*number, self.acronym(self.word(*number), tokens, at));
        }
        let has_stems = matches!(self.language.code(), "ru" | "en");
        let (stem, last) = stem(folded, self.language);
        let end = stem.len() + last.map_or(0, char::len_utf8);
        let mut node = Some(Keys::ROOT);
        let mut passed = 0;
        for letter in stem.chars().chain(last) {
            node = node.and_then(|node| self.keys.child(node, letter));
            let Some(node) = node else { break };
            passed += letter.len_utf8();
            if has_stems && passed < end {
                continue;
            }
            for key in self.keys.at(node) {
                let is_same = self.folded(key.word) == folded;
                let is_form = || {
                    has_stems || self.has_ending(key, Some(&folded[..passed]), &folded[passed..])
                };
                add(key.word, self.how(self.word(key.word), tokens, at, is_same, is_form));
            }
        }
    }

    /// Says how a token differs from an acronym, which it spells.
    fn acronym(&self, word: &Word<'_>, tokens: &Tokens<'_>, at: usize) -> Option<HitKind> {
        let base = tokens.base(at);
        let how = match word.written == base {
            true => HitKind::Exact,
            false if is_acronym(base) && is_cyrillic(base) != is_cyrillic(word.written) => {
                HitKind::Script
            }
            false => return None,
        };
        Some(with_ending(word, tokens, at)?.max(how))
    }

    /// Says how a token differs from a word; `is_form` says whether it is one with an ending.
    fn how(
        &self,
        word: &Word<'_>,
        tokens: &Tokens<'_>,
        at: usize,
        is_same: bool,
        is_form: impl Fn() -> bool,
    ) -> Option<HitKind> {
        let with_ending = with_ending(word, tokens, at)?;
        let base = tokens.base(at);
        if word.written == base {
            return Some(with_ending);
        }
        if word.is_case_exact && !has_case_of(word.written, base) {
            return None;
        }
        if is_same {
            let is_same_alphabet = is_cyrillic(word.written) == is_cyrillic(base);
            let how = if is_same_alphabet { HitKind::Case } else { HitKind::Script };
            return Some(with_ending.max(how));
        }
        let may_end = tokens.ending(at).is_none() || suffix::has_endings(self.language);
        (word.is_inflected && may_end && is_form()).then_some(HitKind::Inflected)
    }

    /// Adds the words that a token is near to; those that it is a form of stand from `first` on. `known` keeps what was found for the folded words before.
    pub(super) fn near(
        &self,
        tokens: &Tokens<'_>,
        at: usize,
        first: usize,
        known: &mut FxHashMap<String, Vec<(u32, u8)>>,
        forms: &mut Vec<Form>,
    ) {
        let folded = tokens.folded(at);
        if !known.contains_key(folded) {
            let (stem, last) = stem(folded, self.language);
            let stem: String = stem.chars().chain(last).collect();
            known.insert(folded.to_owned(), near::near(self, &stem));
        }
        let right = forms.len();
        let base = tokens.base(at);
        let is_capital = base.starts_with(char::is_uppercase);
        for (number, edits) in known.get(folded).into_iter().flatten() {
            let word = self.word(*number);
            let is_less_capital = word.written.starts_with(char::is_uppercase) && !is_capital;
            let is_plain = !word.is_case_exact && !is_less_capital && !is_acronym(base);
            let is_right = forms[first..right].iter().any(|form| form.word == *number);
            if is_plain && !is_right && with_ending(word, tokens, at).is_some() {
                forms.push(Form { word: *number, how: HitKind::Near, edits: *edits });
            }
        }
    }

    /// Returns the tree of the letters that words begin with.
    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Returns the language of the words.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// Says whether `rest`, which follows the letters `stem` of a key, is an ending of its word, or empty; without
    /// `stem` its vowels need not agree. A word of one
    /// letter takes none: `Yi` is no form of `Y`.
    pub(super) fn has_ending(&self, key: &Key, stem: Option<&str>, rest: &str) -> bool {
        let is_short = self.folded(key.word).chars().nth(1).is_none();
        if rest.is_empty() || is_short || !self.word(key.word).is_inflected {
            return rest.is_empty() && !key.is_softened;
        }
        if matches!(self.language.code(), "ru" | "en") {
            return false;
        }
        if !suffix::has_endings(self.language) {
            return matches!(rest, "s" | "e" | "n" | "en");
        }
        (!key.is_softened || rest.starts_with(is_vowel))
            && suffix::is_ending(stem, rest, self.language)
    }
}

/// Says how the joined ending of a token differs from that of a word, `None` where it may not.
fn with_ending(word: &Word<'_>, tokens: &Tokens<'_>, at: usize) -> Option<HitKind> {
    match tokens.ending(at) {
        ending if ending == word.ending.as_deref() => Some(HitKind::Exact),
        None => Some(HitKind::Inflected),
        Some(_) => word.is_inflected.then_some(HitKind::Inflected),
    }
}

/// Says whether the letters of a token are small and capital as those of a word; its last letter may soften.
fn has_case_of(word: &str, base: &str) -> bool {
    let stem = word.chars().count().saturating_sub(1);
    let mut pairs = word.chars().zip(base.chars()).take(stem);
    pairs.all(|(ours, theirs)| ours.is_uppercase() == theirs.is_uppercase())
}

pub(super) fn is_acronym(word: &str) -> bool {
    let letters = word.chars().count();
    (2..=LONGEST_ACRONYM).contains(&letters)
        && word.chars().all(|c| c.is_uppercase() || c.is_numeric())
        && word.chars().any(char::is_uppercase)
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'ı' | 'o' | 'u' | 'ə' | 'e' | 'i' | 'ö' | 'ü')
}

/// Letters with which forms of a word begin.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    letters: String,
    /// The number of the word.
    pub(super) word: u32,
    /// Whether the last letter is softened, so that a vowel must follow.
    is_softened: bool,
}

/// Returns the keys of a word.
fn keys_of(word: &Word<'_>, folded: &str, number: u32, language: Language) -> Vec<Key> {
    let key = |letters, is_softened| Key { letters, word: number, is_softened };
    if !suffix::has_endings(language) {
        let (stem, last) = stem(folded, language);
        return vec![key(stem.chars().chain(last).collect(), false)];
    }
    let bare = word.drops_possessive.then(|| without_possessive(folded, language)).flatten();
    let mut keys = Vec::new();
    for base in std::iter::once(folded).chain(bare.as_deref()) {
        for (place, stem) in (0..).zip(suffix::stems(base, language)) {
            // Of two letters the second does not soften.
            if place == 0 || stem.chars().nth(2).is_some() {
                keys.push(key(stem, place > 0));
            }
        }
    }
    keys
}

/// A tree of letters over sorted keys.
#[derive(Debug)]
pub(super) struct Keys {
    keys: Vec<Key>,
    nodes: Vec<Node>,
    edges: Vec<(char, u32)>,
}

/// The keys that begin alike: those that end here, and where the tree goes on.
#[derive(Debug, Clone, Copy)]
struct Node {
    first_key: u32,
    past_keys: u32,
    first_edge: u32,
    past_edges: u32,
}

impl Keys {
    /// The node where every key begins.
    pub(super) const ROOT: u32 = 0;

    fn of(mut keys: Vec<Key>) -> Self {
        let number = |size: usize| u32::try_from(size).expect("fewer letters than bytes of memory");
        keys.sort_unstable();
        keys.dedup();
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        // The keys of each node that is to be made, and the bytes that they have in common.
        let mut open = std::collections::VecDeque::from([(0..keys.len(), 0)]);
        let mut made = 0;
        while let Some((range, depth)) = open.pop_front() {
            let ended = keys[range.clone()].iter().take_while(|key| key.letters.len() == depth);
            let past_keys = range.start + ended.count();
            let first_edge = edges.len();
            let mut at = past_keys;
            while at < range.end {
                let letter = keys[at].letters[depth..].chars().next().expect("longer keys follow");
                let same = |key: &&Key| key.letters[depth..].starts_with(letter);
                let end = at + keys[at..range.end].iter().take_while(same).count();
                made += 1;
                edges.push((letter, made));
                open.push_back((at..end, depth + letter.len_utf8()));
                at = end;
            }
            nodes.push(Node {
                first_key: number(range.start),
                past_keys: number(past_keys),
                first_edge: number(first_edge),
                past_edges: number(edges.len()),
            });
        }
        Self { keys, nodes, edges }
    }

    /// Returns the keys that end at a node.
    pub(super) fn at(&self, node: u32) -> &[Key] {
        let node = self.nodes[node as usize];
        &self.keys[node.first_key as usize..node.past_keys as usize]
    }

    /// Returns the nodes below a node, by letter.
    pub(super) fn children(&self, node: u32) -> &[(char, u32)] {
        let node = self.nodes[node as usize];
        &self.edges[node.first_edge as usize..node.past_edges as usize]
    }

    fn child(&self, node: u32, letter: char) -> Option<u32> {
        let children = self.children(node);
        let place = children.binary_search_by_key(&letter, |(letter, _)| *letter).ok()?;
        Some(children[place].1)
    }
}

/// Takes the possessive ending of the third person off a word of at least five letters: `birliyi` to `birlik`.
fn without_possessive(word: &str, language: Language) -> Option<String> {
    if !suffix::has_endings(language) || word.chars().count() < 5 {
        return None;
    }
    let stem = word.strip_suffix(['ı', 'i', 'u', 'ü'])?;
    let stem = match stem.strip_suffix('s').filter(|stem| stem.ends_with(is_vowel)) {
        Some(vowel) => vowel.to_owned(),
        None => match stem.chars().next_back()? {
            'ğ' => format!("{}q", stem.strip_suffix('ğ')?),
            'y' => format!("{}k", stem.strip_suffix('y')?),
            _ => stem.to_owned(),
        },
    };
    (stem.chars().count() >= 4).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_possessive_ending_is_taken_off_with_its_softening() {
        let bare = |word| without_possessive(word, Language::AZ);
        assert_eq!(bare("birliyi").as_deref(), Some("birlik"));
        assert_eq!(bare("ocağı").as_deref(), Some("ocaq"));
        assert_eq!(bare("liqası").as_deref(), Some("liqa"));
        assert_eq!(bare("evi"), None);
    }

    #[test]
    fn the_tree_holds_every_key() {
        let letters = ["birlik", "bir", "birlik", "ocaq", "fond", "bi", "əə"];
        let keys = (0..).zip(letters).map(|(word, letters)| Key {
            letters: letters.to_owned(),
            word,
            is_softened: false,
        });
        let keys = Keys::of(keys.collect());
        for (word, letters) in (0..).zip(letters) {
            let node =
                letters.chars().try_fold(Keys::ROOT, |node, letter| keys.child(node, letter));
            let found: Vec<u32> = keys.at(node.unwrap()).iter().map(|key| key.word).collect();
            assert!(found.contains(&word), "{letters}");
        }
        assert_eq!(keys.child(Keys::ROOT, 'x'), None);
    }
}
