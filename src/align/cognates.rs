//! Which tokens of the two sides look alike, before anything is learnt.
//!
//! Equal numbers, equal marks, equal known things (list number, value, concept), words with a common beginning, and
//! words whose longest common subsequence is long. The weight `v` is in `0..=1`. The weights are the trial's; a word
//! pair counts from three letters up.
//!
//! What a dictionary says counts in the same way: an entry of two words by its weight, and of a phrase each word with each
//! by the weight over the number of words of the longer phrase.

use rustc_hash::FxHashMap;

use super::lexicon::Direction;
use super::tokens::{Corpus, Vocabulary, words};
use crate::formats::dictionary::Entry;

/// Trigram lists longer than this say too little and cost too much.
const LONGEST_LIST: usize = 400;

/// The least ratio of longest common subsequence to longer word, and of the shorter length to the longer.
const LEAST_RATIO: f64 = 0.7;

/// The look-alikes of each token, from both sides.
#[derive(Debug)]
pub(super) struct Cognates {
    /// For each target token the source tokens that look like it and the weight, ascending by token.
    pub(super) of_target: Vec<Vec<(u32, f32)>>,
    /// For each source token the target tokens that look like it and the weight, ascending by token.
    pub(super) of_source: Vec<Vec<(u32, f32)>>,
}

impl Cognates {
    /// Finds all look-alikes of a job, and what a dictionary adds.
    pub(super) fn new(corpus: &Corpus, dictionary: &[Entry]) -> Self {
        let said = said(corpus, dictionary);
        let mut said = said.iter().peekable();
        let by_token = index(&corpus.source);
        let by_trigram = trigrams(&corpus.source);
        let mut of_target = Vec::with_capacity(corpus.target.tokens.len());
        let mut of_source = vec![Vec::new(); corpus.source.tokens.len()];
        let mut seen: Vec<u32> = vec![u32::MAX; corpus.source.tokens.len()];
        for (place, token) in corpus.target.tokens.iter().enumerate() {
            let target = u32::try_from(place).unwrap_or(u32::MAX);
            let mut row: Vec<(u32, f32)> = Vec::new();
            if let Some(source) = by_token.get(token.as_str()) {
                seen[*source as usize] = target;
                let weight = same(token);
                if weight > 0.0 {
                    row.push((*source, weight));
                }
            }
            for key in word_keys(token) {
                let list = by_trigram.get(&key).map_or(&[][..], Vec::as_slice);
                if list.len() >= LONGEST_LIST {
                    continue;
                }
                for source in list {
                    if std::mem::replace(&mut seen[*source as usize], target) == target {
                        continue;
                    }
                    let weight = alike(&corpus.source.tokens[*source as usize], token);
                    if weight > 0.0 {
                        row.push((*source, weight));
                    }
                }
            }
            while let Some((_, source, weight)) = said.next_if(|entry| entry.0 == target) {
                match row.iter_mut().find(|known| known.0 == *source) {
                    Some(known) => known.1 = known.1.max(*weight),
                    None => row.push((*source, *weight)),
                }
            }
            row.sort_unstable_by_key(|(source, _)| *source);
            for (source, weight) in &row {
                of_source[*source as usize].push((target, *weight));
            }
            of_target.push(row);
        }
        Self { of_target, of_source }
    }

    /// Returns the look-alikes of a token that is to be explained in a direction, on the other side.
    pub(super) fn of(&self, token: u32, direction: Direction) -> &[(u32, f32)] {
        match direction {
            Direction::ToTarget => &self.of_target[token as usize],
            Direction::ToSource => &self.of_source[token as usize],
        }
    }

    /// Returns the weight of a pair, 0 where the two do not look alike.
    pub(super) fn weight(&self, source: u32, target: u32) -> f32 {
        let row = &self.of_target[target as usize];
        row.binary_search_by_key(&source, |(source, _)| *source).map_or(0.0, |place| row[place].1)
    }
}

/// Returns what a dictionary says of the words of a job: target, source and weight, ascending by target.
fn said(corpus: &Corpus, dictionary: &[Entry]) -> Vec<(u32, u32, f32)> {
    let mut said = Vec::new();
    for entry in dictionary {
        let (source, target) = (words(&entry.source), words(&entry.target));
        #[expect(clippy::cast_precision_loss, reason = "a count of words")]
        let weight = entry.weight().min(1.0) / source.len().max(target.len()).max(1) as f32;
        let known: Vec<u32> = target.iter().filter_map(|t| corpus.target.known(t)).collect();
        for e in source.iter().filter_map(|e| corpus.source.known(e)) {
            said.extend(known.iter().map(|f| (*f, e, weight)));
        }
    }
    said.sort_unstable_by(|one, other| {
        (one.0, one.1).cmp(&(other.0, other.1)).then(other.2.total_cmp(&one.2))
    });
    said.dedup_by_key(|entry| (entry.0, entry.1));
    said
}

fn index(vocabulary: &Vocabulary) -> FxHashMap<&str, u32> {
    (0u32..).zip(&vocabulary.tokens).map(|(id, token)| (token.as_str(), id)).collect()
}

fn trigrams(vocabulary: &Vocabulary) -> FxHashMap<[char; 3], Vec<u32>> {
    let mut lists: FxHashMap<[char; 3], Vec<u32>> = FxHashMap::default();
    for (id, token) in (0u32..).zip(&vocabulary.tokens) {
        for key in word_keys(token) {
            let list = lists.entry(key).or_default();
            if list.last() != Some(&id) {
                list.push(id);
            }
        }
    }
    lists
}

fn is_word(token: &str) -> bool {
    token.chars().next().is_some_and(char::is_alphabetic)
}

/// Returns the letter trigrams of a word of at least four letters.
fn word_keys(token: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> = token.chars().collect();
    if letters.len() < 4 || !is_word(token) {
        return Vec::new();
    }
    letters.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
}

/// Returns the weight of a token that stands on both sides.
fn same(token: &str) -> f32 {
    match token {
        "?" | "!" | "%" | "$" => 0.3,
        _ if token.starts_with(['#', '\u{1}']) => 1.0,
        _ if is_word(token) && token.chars().count() >= 4 => 0.5,
        _ if is_word(token) && token.chars().count() >= 2 => 0.1,
        _ => 0.0,
    }
}

/// Returns the weight of two different words of at least four letters.
fn alike(source: &str, target: &str) -> f32 {
    let one: Vec<char> = source.chars().collect();
    let other: Vec<char> = target.chars().collect();
    let longer = one.len().max(other.len()) as f64;
    let shorter = one.len().min(other.len()) as f64;
    let prefix = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let by_prefix = match prefix {
        4.. => 0.5 * prefix as f64 / longer,
        3 if one.len() == 4 && other.len() == 4 => 0.1,
        _ => 0.0,
    };
    let mut by_sequence = 0.0;
    if shorter / longer >= LEAST_RATIO {
        let common =
            rapidfuzz::distance::lcs_seq::similarity(one.iter().copied(), other.iter().copied());
        let ratio = common as f64 / longer;
        if ratio >= LEAST_RATIO {
            by_sequence = 0.5 * (ratio - 0.3) / 0.7;
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "a weight in 0..=1 needs no more digits")]
    let weight = by_prefix.max(by_sequence) as f32;
    weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_words_weigh_more_the_more_they_share() {
        assert!(alike("huma", "humo") > 0.0);
        assert!(alike("human", "humam") > alike("human", "humbn") * 0.99);
        assert!(alike("water", "susuz").abs() < 1e-6);
        assert!((same("#47") - 1.0).abs() < 1e-6);
    }
}
