//! Likeness search: every text that could reach the wanted score is compared, so a true best match is never missed.
//!
//! The score is the share of words that need not be changed: one minus Levenshtein's distance over tokens, divided by the
//! longer token count, in percent, rounded down to hundredths. Tokens are folded, so a text that differs in case alone has
//! distance 0; only a text that is letter for letter the query scores 100, any other at most 99.99.
//!
//! Only texts whose length allows the score are compared: `|n - m|` is a lower bound of the distance. The comparison is
//! bit-parallel and stops at the bound. `O(units * ceil(n / 64) * m)` in the worst case, on all threads.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Memory, MemoryError, UnitId};
use crate::model::Language;
use crate::text::distance::{Comparator, for_each_token, likeness, most_distance};

/// The highest score, in hundredths of a percent, of a text that is not letter for letter the query.
const NEARLY: u32 = 9_999;

/// A unit that is like the query.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Match {
    /// The unit.
    pub id: UnitId,
    /// How like it is, in `0.0..=100.0`, with two decimals.
    pub score: f64,
    /// Its text in the query's language.
    pub source: String,
    /// The tag of that text.
    pub source_language: Language,
    /// Its texts in the wanted languages, by tag.
    pub targets: Vec<(Language, String)>,
    /// Where the unit came from.
    pub origin: String,
}

/// The texts of one language, numbered word by word, ready to be compared with many queries.
#[derive(Debug)]
pub struct Searcher<'m> {
    memory: &'m Memory,
    language: Language,
    numbers: FxHashMap<String, u32>,
    /// One for each text: its unit, its tag, and where its tokens begin; one more at the end.
    texts: Vec<(UnitId, Language, usize)>,
    tokens: Vec<u32>,
}

impl<'m> Searcher<'m> {
    /// Reads the texts of a language from a memory. Regions do not part texts: a search in `en` finds `en-US`.
    ///
    /// # Errors
    /// When the memory can't be read.
    pub fn load(memory: &'m Memory, language: Language) -> Result<Self, MemoryError> {
        let mut searcher = Self {
            memory,
            language,
            numbers: FxHashMap::default(),
            texts: Vec::new(),
            tokens: Vec::new(),
        };
        for stored in memory.units() {
            let stored = stored?;
            let texts = stored.unit.texts.iter();
            for (tag, text) in texts.filter(|(tag, _)| tag.is_same_language(language)) {
                searcher.texts.push((stored.id, *tag, searcher.tokens.len()));
                let Self { numbers, tokens, .. } = &mut searcher;
                for_each_token(text, language, |token| {
                    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                    // Looking up first saves a copy of every known token.
                    let number = match numbers.get(token) {
                        Some(number) => *number,
                        None => *numbers.entry(token.to_owned()).or_insert(next),
                    };
                    tokens.push(number);
                });
            }
        }
        searcher.texts.push((UnitId(i64::MAX), language, searcher.tokens.len()));
        Ok(searcher)
    }

    /// Returns the units most like a query, at least `min_score` (in `0.0..=100.0`) and at most `limit` of them; the best
    /// first, equally good ones in the order of their ids. `target` limits them to units with a text in that language. A
    /// unit with several variants of the language (`en-GB`, `en-US`) is found once, by the one most like the query.
    ///
    /// # Errors
    /// When the memory can't be read.
    pub fn search(
        &self,
        query: &str,
        target: Option<Language>,
        min_score: f64,
        limit: usize,
    ) -> Result<Vec<Match>, MemoryError> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0..=10,000"
        )]
        let least = (min_score.clamp(0.0, 100.0) * 100.0).ceil() as u32;
        let mut numbers = Vec::new();
        let mut unknown = u32::MAX;
        for_each_token(query, self.language, |token| {
            numbers.push(self.numbers.get(token).copied().unwrap_or_else(|| {
                unknown -= 1;
                unknown
            }));
        });
        let comparator = Comparator::new(&numbers);
        // Threads see the numbers alone, not the database.
        let (texts, all) = (&self.texts, &self.tokens);
        let mut scored: Vec<(u32, UnitId, Language)> = texts
            .par_windows(2)
            .filter_map(|pair| {
                let tokens = &all[pair[0].2..pair[1].2];
                let longer = tokens.len().max(numbers.len());
                let distance = comparator.distance_within(tokens, most_distance(least, longer))?;
                Some((likeness(distance, longer), pair[0].0, pair[0].1))
            })
            .collect();
        scored.sort_unstable_by_key(|(score, id, tag)| (std::cmp::Reverse(*score), *id, *tag));
        let mut matches: Vec<(u32, Match)> = Vec::new();
        // Where each unit stands in `matches`, by which its other variants find it.
        let mut places: FxHashMap<UnitId, usize> = FxHashMap::default();
        for (score, id, tag) in scored {
            // Texts of distance 0 are told apart by their letters, so all of one score are read before the cut.
            if matches.len() >= limit && matches.last().is_some_and(|(last, _)| *last > score) {
                break;
            }
            let Some(unit) = self.memory.unit(id)? else { continue };
            let Some(source) = unit.texts.get(&tag) else { continue };
            let targets: Vec<(Language, String)> = unit
                .texts
                .iter()
                .filter(|(other, _)| {
                    **other != tag && target.is_none_or(|wanted| other.is_same_language(wanted))
                })
                .map(|(other, text)| (*other, text.clone()))
                .collect();
            if targets.is_empty() {
                continue;
            }
            let score = if source == query { 10_000 } else { score.min(NEARLY) };
            if score < least {
                continue;
            }
            let found = Match {
                id,
                score: f64::from(score) / 100.0,
                source: source.clone(),
                source_language: tag,
                targets,
                origin: unit.origin.clone(),
            };
            let place = *places.entry(id).or_insert(matches.len());
            match matches.get_mut(place) {
                Some(other) if other.0 >= score => {}
                Some(other) => *other = (score, found),
                None => matches.push((score, found)),
            }
        }
        matches.sort_by_key(|(score, found)| (std::cmp::Reverse(*score), found.id));
        matches.truncate(limit);
        Ok(matches.into_iter().map(|(_, found)| found).collect())
    }
}

impl Memory {
    /// Searches once; for many queries [`Searcher::load`] once and search it.
    ///
    /// # Errors
    /// When the memory can't be read.
    pub fn search(
        &self,
        query: &str,
        language: Language,
        target: Option<Language>,
        min_score: f64,
        limit: usize,
    ) -> Result<Vec<Match>, MemoryError> {
        Searcher::load(self, language)?.search(query, target, min_score, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Unit;
    use crate::text::distance::tokens;

    fn memory(texts: &[&str]) -> Memory {
        let mut memory = Memory::in_memory().unwrap();
        let unit = |(place, text): (usize, &&str)| Unit {
            texts: [(Language::EN, (*text).to_owned()), (Language::AZ, format!("tərcümə {place}"))]
                .into(),
            ..Unit::default()
        };
        memory.add(texts.iter().enumerate().map(unit)).unwrap();
        memory
    }

    #[test]
    fn only_the_same_letters_score_a_hundred() {
        let memory =
            memory(&["The school was closed.", "the school was closed.", "The road was closed."]);
        let found = memory
            .search("The school was closed.", Language::EN, Some(Language::AZ), 70.0, 5)
            .unwrap();
        let scores: Vec<f64> = found.iter().map(|found| found.score).collect();
        assert_eq!(scores, [100.0, 99.99, 80.0]);
        assert_eq!(found[0].targets, [(Language::AZ, "tərcümə 0".to_owned())]);
    }

    #[test]
    fn a_language_that_no_unit_has_finds_nothing() {
        let memory = memory(&["One."]);
        assert_eq!(memory.search("One.", Language::RU, None, 0.0, 5).unwrap(), []);
        assert_eq!(memory.search("One.", Language::EN, Some(Language::RU), 0.0, 5).unwrap(), []);
    }

    #[test]
    fn a_unit_with_two_variants_of_the_language_is_found_once_by_its_best_text() {
        let mut memory = Memory::in_memory().unwrap();
        let texts = [
            ("en-GB", "The colour was red."),
            ("en-US", "The color was red."),
            ("az", "Qırmızı idi."),
        ];
        let texts = texts.map(|(tag, text)| (tag.parse().unwrap(), text.to_owned())).into();
        memory.add([Unit { texts, ..Unit::default() }]).unwrap();
        let search =
            |target| memory.search("The color was red.", Language::EN, target, 50.0, 5).unwrap();
        let found = search(Some(Language::AZ));
        let told: Vec<String> =
            found.iter().map(|found| format!("{} {:.2}", found.source, found.score)).collect();
        assert_eq!(told, ["The color was red. 100.00"]);
        assert_eq!(found[0].targets, [(Language::AZ, "Qırmızı idi.".to_owned())]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn a_plain_loop_finds_the_same_in_the_same_order(
            texts in proptest::collection::vec("[a-dA]( [a-dA]){0,8}", 1..30),
            query in "[a-dA]( [a-dA]){0,8}",
            least in 0u32..=100,
            limit in 1usize..12,
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let wanted = tokens(&query, Language::EN);
            let score = |text: &str| {
                let own = tokens(text, Language::EN);
                // Every token is one letter here.
                let distance = rapidfuzz::distance::levenshtein::distance(
                    own.concat().chars(),
                    wanted.concat().chars(),
                );
                let score = likeness(distance, own.len().max(wanted.len()));
                if text == query { 10_000 } else { score.min(NEARLY) }
            };
            let mut plain: Vec<(u32, i64)> = texts.iter().copied().map(score).zip(1..).collect();
            plain.retain(|(score, _)| *score >= least * 100);
            plain.sort_by_key(|(score, id)| (std::cmp::Reverse(*score), *id));
            plain.truncate(limit);
            let told = |score: f64, id: i64| format!("{id} {score:.2}");
            let plain: Vec<String> =
                plain.into_iter().map(|(score, id)| told(f64::from(score) / 100.0, id)).collect();
            let found =
                memory(&texts).search(&query, Language::EN, None, f64::from(least), limit).unwrap();
            let found: Vec<String> = found.iter().map(|one| told(one.score, one.id.0)).collect();
            proptest::prop_assert_eq!(found, plain);
        }
    }
}
