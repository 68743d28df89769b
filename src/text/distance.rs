//! How far apart two sentences are, counted in words.
//!
//! A sentence is a list of tokens: a token is a run of letters, digits and `_`, or any other visible character by
//! itself, so that a lost comma counts. Tokens are compared in Unicode's composed form (NFC) and folded by the rules
//! of their language. The distance is Levenshtein's (an insertion, a deletion or a replacement costs one), the
//! likeness one minus the distance over the longer length. That is the measure translators know as a match rate.
//!
//! To compare one sentence with very many, tokens are numbered first (the caller keeps the numbers), and
//! [`Comparator`] prepares the one sentence once. It uses the bit-parallel method of Hyyrö (2003) in `rapidfuzz`:
//! `O(⌈n/64⌉·m)` for n and m tokens, less with a bound.

use rapidfuzz::distance::levenshtein::{Args, BatchComparator};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::fold_char;
use crate::model::Language;

/// Calls `use_token` with each token of the text in order, folded. White space, the soft hyphen, the zero-width space
/// and the byte-order mark part tokens or stand in them unseen, and are no tokens.
pub fn for_each_token(text: &str, language: Language, use_token: impl FnMut(&str)) {
    let fold = |letter| fold_char(letter, language);
    if is_nfc(text) {
        tokens_of(text.chars(), fold, use_token);
    } else {
        tokens_of(text.nfc(), fold, use_token);
    }
}

/// Returns the tokens of the text in order, folded.
///
/// # Example
/// ```
/// use qosha::{model::Language, text::distance::tokens};
/// assert_eq!(tokens("İctimai Birliyi, 12-ci", Language::AZ), ["ictimai", "birliyi", ",", "12", "-", "ci"]);
/// ```
pub fn tokens(text: &str, language: Language) -> Vec<String> {
    let mut all = Vec::new();
    for_each_token(text, language, |token| all.push(token.to_owned()));
    all
}

/// Returns the tokens of the text in order, in composed form, with their letters' case kept.
pub fn cased_tokens(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    tokens_of(text.nfc(), |letter| letter, |token| all.push(token.to_owned()));
    all
}

fn tokens_of(
    letters: impl Iterator<Item = char>,
    fold: impl Fn(char) -> char,
    mut use_token: impl FnMut(&str),
) {
    let mut token = String::new();
    for letter in letters {
        if letter.is_alphanumeric() || letter == '_' {
            token.push(fold(letter));
            continue;
        }
        if matches!(letter, '\u{AD}' | '\u{200B}' | '\u{FEFF}') {
            continue;
        }
        if !token.is_empty() {
            use_token(&token);
            token.clear();
        }
        if !letter.is_whitespace() {
            use_token(fold(letter).encode_utf8(&mut [0; 4]));
        }
    }
    if !token.is_empty() {
        use_token(&token);
    }
}

/// One sentence, as numbered tokens, prepared to be compared with many.
pub struct Comparator {
    batch: BatchComparator<u32>,
    len: usize,
}

impl std::fmt::Debug for Comparator {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Comparator").field("len", &self.len).finish_non_exhaustive()
    }
}

impl Comparator {
    /// Prepares a sentence. Equal numbers are equal tokens.
    pub fn new(tokens: &[u32]) -> Self {
        Self { batch: BatchComparator::new(tokens.iter().copied()), len: tokens.len() }
    }

    /// Returns the distance to another sentence if it is `most` or less, `None` otherwise.
    pub fn distance_within(&self, tokens: &[u32], most: usize) -> Option<usize> {
        if self.len.abs_diff(tokens.len()) > most {
            return None;
        }
        let args = Args::default().score_cutoff(most);
        self.batch.distance_with_args(tokens.iter().copied(), &args)
    }
}

/// Returns the likeness of two sentences in hundredths of a percent, in `0..=10_000`, rounded down: only a distance of
/// 0 gives 10,000. `longer` is the token count of the longer one; two empty sentences are alike.
pub fn likeness(distance: usize, longer: usize) -> u32 {
    if longer == 0 {
        return 10_000;
    }
    let same = longer.saturating_sub(distance) as u128;
    u32::try_from(same * 10_000 / longer as u128).unwrap_or(10_000)
}

/// Returns the greatest distance that still gives a [`likeness`] of `least` (in `0..=10_000`) where the longer sentence
/// has `longer` tokens.
pub fn most_distance(least: u32, longer: usize) -> usize {
    let needed = (longer as u128 * u128::from(least.min(10_000))).div_ceil(10_000);
    longer - usize::try_from(needed).unwrap_or(longer)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Levenshtein's distance by the textbook table.
    fn plain_distance(one: &[u32], other: &[u32]) -> usize {
        let mut row: Vec<usize> = (0..=other.len()).collect();
        for (i, a) in one.iter().enumerate() {
            let mut corner = row[0];
            row[0] = i + 1;
            for (j, b) in other.iter().enumerate() {
                let replaced = corner + usize::from(a != b);
                corner = row[j + 1];
                row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
            }
        }
        row[other.len()]
    }

    #[test]
    fn marks_are_tokens_and_unseen_characters_are_not() {
        assert_eq!(
            tokens("Bu—\u{AD}bi\u{AD}r_2 “söz”!", Language::AZ),
            ["bu", "—", "bir_2", "“", "söz", "”", "!"]
        );
        assert_eq!(tokens("E\u{301}", Language::FR), ["é"]);
        assert_eq!(cased_tokens("NATO-nun"), ["NATO", "-", "nun"]);
        assert!(tokens(" \u{FEFF}\n", Language::EN).is_empty());
    }

    #[test]
    fn likeness_is_rounded_down_and_full_only_for_the_same() {
        assert_eq!(likeness(1, 3), 6_666);
        assert_eq!(likeness(1, 100_000), 9_999);
        assert_eq!((likeness(0, 7), likeness(7, 7), likeness(0, 0)), (10_000, 0, 10_000));
    }

    proptest! {
        #[test]
        fn the_bounded_distance_is_the_textbook_one(
            one in proptest::collection::vec(0u32..12, 0..150),
            cut in proptest::collection::vec((0usize..150, 0u32..12), 0..40),
            most in 0usize..160,
        ) {
            let mut other = one.clone();
            for (place, token) in cut {
                match (place % 3, place < other.len()) {
                    (0, true) => drop(other.remove(place)),
                    (1, true) => other[place] = token,
                    _ => other.insert(place.min(other.len()), token + 300),
                }
            }
            let truth = plain_distance(&one, &other);
            let found = Comparator::new(&one).distance_within(&other, most);
            prop_assert_eq!(found, (truth <= most).then_some(truth));
        }

        #[test]
        fn the_greatest_distance_is_the_last_that_suffices(least in 0u32..=10_000, longer in 1usize..500) {
            let most = most_distance(least, longer);
            prop_assert!(likeness(most, longer) >= least);
            prop_assert!(most == longer || likeness(most + 1, longer) < least);
        }
    }
}
