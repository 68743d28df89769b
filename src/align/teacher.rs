//! The rounds of expectation-maximisation that make a lexicon of likely beads.
//!
//! A round has two halves. In the first, each word of a lesson is offered the weights of its links to all words of the
//! other side; in the second, each link is counted by its share of what its two words were offered. Both halves go source
//! word after source word through the lessons it occurs in, with the weights of its pairs laid out in one table, so that
//! no list of all links is ever made: there are five hundred to a sentence pair. After the second round the few pairs that
//! matter are known, and their links are listed for the later rounds.
//!
//! Source words are worked on in parallel; what two of them add to is added up part by part, in an order that does not
//! depend on the number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::cognates::Cognates;
use super::lessons::Lessons;
use super::lexicon::{Contribution, Entry, FEW};

/// Amounts below this are no contribution.
const LEAST_AMOUNT: f32 = 1e-4;
/// Pairs less likely than this in both directions after the second round are left out of the later ones. Measured: of 510
/// links a lesson 43 stay, and mean strict F1 of the development sets changes by .0002 alone.
const LEAST_SHARE: f32 = 0.002;
/// Weight of likeness beside the probability of the round before.
const LIKENESS: f32 = 0.1;
/// Weight of likeness in the first round, beside 1.
const FIRST_LIKENESS: f32 = 20.0;
/// Source words counted at a time.
const WORDS: usize = 64;
/// Parts in which offers to target words are added up; more parts would take more memory.
const PARTS: usize = 4;

/// The pairs that were taught with the number of their contributions, and the contributions.
pub(super) type Taught = (Vec<(Entry, u32)>, Vec<Contribution>);

/// What is known while the lexicon is made.
pub(super) struct Teacher<'a> {
    lessons: Lessons,
    cognates: &'a Cognates,
    stage: Stage,
    /// For each source token the first of its pairs; one more at the end.
    pairs: Vec<usize>,
    /// The target token of each pair, how alike the two are, and the weights of a link towards target and source.
    targets: Vec<u32>,
    likeness: Vec<f32>,
    weights: Vec<[f32; 2]>,
    /// For each occurrence of a source word the first of its links; one more at the end.
    rows: Vec<usize>,
    /// The place of the target word in the lessons, and the pair.
    links: Vec<(u32, u32)>,
    nulls: [Vec<f32>; 2],
}

/// How far the teaching has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing is known: every word is linked with every word of the lesson.
    Start,
    /// The pairs are known, all words are still linked.
    Paired,
    /// The links of the likely pairs are listed.
    Linked,
}

/// One over what words were offered: target words by place, source words by occurrence.
struct Offers {
    to_target: Vec<f32>,
    to_source: Vec<f32>,
}

/// The pairs of one source word, by target token.
struct Table {
    weights: Vec<[f32; 2]>,
    counts: Vec<[f32; 2]>,
    likeness: Vec<f32>,
    /// The pair, `u32::MAX` for none.
    pairs: Vec<u32>,
    /// The target tokens met, in order.
    met: Vec<u32>,
}

impl Table {
    fn new(targets: usize) -> Self {
        Self {
            weights: vec![[1.0; 2]; targets],
            counts: vec![[0.0; 2]; targets],
            likeness: vec![0.0; targets],
            pairs: vec![u32::MAX; targets],
            met: Vec::new(),
        }
    }
}

impl<'a> Teacher<'a> {
    pub(super) fn new(lessons: Lessons, cognates: &'a Cognates) -> Self {
        Self {
            nulls: [0, 1].map(|side| vec![1.0; lessons.totals[side].len()]),
            lessons,
            cognates,
            stage: Stage::Start,
            pairs: Vec::new(),
            targets: Vec::new(),
            likeness: Vec::new(),
            weights: Vec::new(),
            rows: Vec::new(),
            links: Vec::new(),
        }
    }

    fn table(&self) -> Table {
        Table::new(self.nulls[1].len())
    }

    /// Lays out the weights of a source word's links by target token.
    fn lay(&self, word: usize, table: &mut Table) {
        match self.stage {
            Stage::Start => {
                for (target, weight) in &self.cognates.of_source[word] {
                    table.likeness[*target as usize] = *weight;
                    table.weights[*target as usize] = [1.0 + FIRST_LIKENESS * weight; 2];
                }
            }
            Stage::Paired => {
                for pair in self.pairs[word]..self.pairs[word + 1] {
                    table.weights[self.targets[pair] as usize] = self.weights[pair];
                }
            }
            Stage::Linked => {}
        }
    }

    /// Takes away what [`Self::lay`] left for a word that would disturb the next one.
    fn clear(&self, word: usize, table: &mut Table) {
        if self.stage == Stage::Start {
            for (target, _) in &self.cognates.of_source[word] {
                table.likeness[*target as usize] = 0.0;
                table.weights[*target as usize] = [1.0; 2];
            }
        }
    }

    /// Calls `visit` with the place of each target word that an occurrence is linked with, what stands for the pair (the
    /// target token while all words are linked, else the pair), and the weights.
    #[inline]
    fn each(
        &self,
        occurrence: usize,
        table: &Table,
        mut visit: impl FnMut(usize, usize, [f32; 2]),
    ) {
        if self.stage == Stage::Linked {
            for (place, pair) in &self.links[self.rows[occurrence]..self.rows[occurrence + 1]] {
                visit(*place as usize, *pair as usize, self.weights[*pair as usize]);
            }
            return;
        }
        let places = self.lessons.targets_of(occurrence);
        for (place, token) in places.clone().zip(&self.lessons.target[places]) {
            visit(place, *token as usize, table.weights[*token as usize]);
        }
    }

    /// Returns one over what each word is offered.
    fn offers(&self) -> Offers {
        let words = self.lessons.sources();
        let all = self.lessons.occurrences.len();
        // Parts of about as many occurrences each.
        let border =
            |part: usize| self.lessons.by_source.partition_point(|o| o * PARTS < all * part);
        let parts: Vec<Offers> = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                let mut offers = Offers {
                    to_target: vec![0.0; self.lessons.target.len()],
                    to_source: Vec::new(),
                };
                let mut table = self.table();
                let last = if part + 1 == PARTS { words } else { border(part + 1).min(words) };
                for word in border(part).min(words)..last {
                    self.lay(word, &mut table);
                    for occurrence in self.lessons.occurrences_of(word) {
                        let mut offer = self.nulls[0][word];
                        self.each(occurrence, &table, |place, _, weights| {
                            offers.to_target[place] += weights[0];
                            offer += weights[1];
                        });
                        offers.to_source.push(1.0 / offer.max(1e-30));
                    }
                    self.clear(word, &mut table);
                }
                offers
            })
            .collect();
        let null = |place: usize| self.nulls[1][self.lessons.target[place] as usize];
        let mut to_target: Vec<f32> = (0..self.lessons.target.len()).map(null).collect();
        let mut to_source = Vec::with_capacity(all);
        for part in parts {
            to_target.iter_mut().zip(&part.to_target).for_each(|(sum, offer)| *sum += offer);
            to_source.extend(part.to_source);
        }
        to_target.iter_mut().for_each(|offer| *offer = 1.0 / offer.max(1e-30));
        Offers { to_target, to_source }
    }

    /// Returns how often words were explained by no word, as shares.
    fn null_shares(&self, offers: &Offers) -> [Vec<f32>; 2] {
        let mut counts = [vec![0.0; self.nulls[0].len()], vec![0.0; self.nulls[1].len()]];
        for (word, count) in counts[0].iter_mut().enumerate() {
            for occurrence in self.lessons.occurrences_of(word) {
                let weight = self.lessons.weight_of(occurrence);
                *count += weight * self.nulls[0][word] * offers.to_source[occurrence];
            }
        }
        for (weight, places) in self.lessons.each() {
            for place in places {
                let word = self.lessons.target[place] as usize;
                counts[1][word] += weight * self.nulls[1][word] * offers.to_target[place];
            }
        }
        counts.map(|mut counts| {
            let total: f32 = counts.iter().sum::<f32>().max(1e-30);
            counts.iter_mut().for_each(|count| *count /= total);
            counts
        })
    }

    /// Calls `visit` with each link of a source word: what stands for the pair, the occurrence, the target
    /// word's place, the weight of the lesson, and the shares of the link in both directions.
    #[inline]
    fn visit(
        &self,
        word: usize,
        table: &Table,
        offers: &Offers,
        mut visit: impl FnMut(usize, usize, usize, f32, [f32; 2]),
    ) {
        for occurrence in self.lessons.occurrences_of(word) {
            let weight = self.lessons.weight_of(occurrence);
            let own = offers.to_source[occurrence];
            self.each(occurrence, table, |place, pair, weights| {
                let shares = [weights[0] * offers.to_target[place], weights[1] * own];
                visit(pair, occurrence, place, weight, shares);
            });
        }
    }

    /// Works on all source words, [`WORDS`] at a time, and returns the results in order.
    fn by_words<T: Send>(&self, work: impl Fn(Range<usize>, &mut Table) -> T + Sync) -> Vec<T> {
        let words = self.lessons.sources();
        (0..words.div_ceil(WORDS))
            .into_par_iter()
            .with_min_len(8)
            .map_init(
                || self.table(),
                |table, part| work(part * WORDS..((part + 1) * WORDS).min(words), table),
            )
            .collect()
    }

    /// Runs the first round, in which each direction counts by itself, and finds the pairs.
    pub(super) fn first_round(&mut self) {
        let offers = self.offers();
        let parts = self.by_words(|words, table| {
            let mut found = Vec::new();
            let mut counted = Vec::with_capacity(words.len());
            for word in words {
                self.lay(word, table);
                let mut met = std::mem::take(&mut table.met);
                let mut counts = std::mem::take(&mut table.counts);
                let mut seen = std::mem::take(&mut table.pairs);
                self.visit(word, table, &offers, |target, _, _, weight, [forth, back]| {
                    if seen[target] == u32::MAX {
                        seen[target] = 0;
                        counts[target] = [0.0; 2];
                        met.push(u32::try_from(target).unwrap_or(u32::MAX));
                    }
                    counts[target][0] += weight * forth;
                    counts[target][1] += weight * back;
                });
                counted.push(met.len());
                for target in met.drain(..) {
                    let place = target as usize;
                    seen[place] = u32::MAX;
                    found.push((target, table.likeness[place], counts[place]));
                }
                (table.met, table.counts, table.pairs) = (met, counts, seen);
                self.clear(word, table);
            }
            (found, counted)
        });
        let nulls = self.null_shares(&offers);
        drop(offers);
        let all = parts.iter().map(|(found, _)| found.len()).sum();
        self.targets.reserve_exact(all);
        self.likeness.reserve_exact(all);
        self.weights.reserve_exact(all);
        self.pairs.push(0);
        for (found, counted) in parts {
            for (target, likeness, counts) in found {
                self.targets.push(target);
                self.likeness.push(likeness);
                self.weights.push(counts);
            }
            for count in counted {
                self.pairs.push(self.pairs[self.pairs.len() - 1] + count);
            }
        }
        let mut source_totals = vec![0.0; self.lessons.sources()];
        let mut target_totals = vec![0.0; self.nulls[1].len()];
        for (word, total) in source_totals.iter_mut().enumerate() {
            for pair in self.pairs[word]..self.pairs[word + 1] {
                *total += self.weights[pair][0];
                target_totals[self.targets[pair] as usize] += self.weights[pair][1];
            }
        }
        self.settle(&source_totals, &target_totals);
        self.nulls = nulls;
        self.stage = Stage::Paired;
    }

    /// Makes weights of counts.
    fn settle(&mut self, source_totals: &[f32], target_totals: &[f32]) {
        for (word, total) in source_totals.iter().enumerate() {
            for pair in self.pairs[word]..self.pairs[word + 1] {
                let target = self.targets[pair] as usize;
                let likeness = LIKENESS * self.likeness[pair];
                let weights = &mut self.weights[pair];
                weights[0] = weights[0] / total.max(1e-30) + likeness;
                weights[1] = weights[1] / target_totals[target].max(1e-30) + likeness;
            }
        }
    }

    /// Runs a round in which a link counts as far as both directions agree.
    pub(super) fn round(&mut self) {
        let offers = self.offers();
        let parts = self.by_words(|words, table| {
            let first = self.pairs[words.start];
            let mut counted = vec![0.0f32; self.pairs[words.end] - first];
            for word in words {
                self.lay(word, table);
                if self.stage == Stage::Linked {
                    self.visit(word, table, &offers, |pair, _, _, weight, [forth, back]| {
                        counted[pair - first] += weight * forth * back;
                    });
                    continue;
                }
                let pairs = self.pairs[word]..self.pairs[word + 1];
                let mut counts = std::mem::take(&mut table.counts);
                for target in &self.targets[pairs.clone()] {
                    counts[*target as usize] = [0.0; 2];
                }
                self.visit(word, table, &offers, |target, _, _, weight, [forth, back]| {
                    counts[target][0] += weight * forth * back;
                });
                for pair in pairs {
                    counted[pair - first] = counts[self.targets[pair] as usize][0];
                }
                table.counts = counts;
            }
            counted
        });
        let nulls = self.null_shares(&offers);
        drop(offers);
        for (weights, count) in self.weights.iter_mut().zip(parts.into_iter().flatten()) {
            *weights = [count; 2];
        }
        let totals = std::mem::take(&mut self.lessons.totals);
        self.settle(&totals[0], &totals[1]);
        self.lessons.totals = totals;
        self.nulls = nulls;
        if self.stage == Stage::Paired {
            self.keep_likely();
            self.list_links();
        }
    }

    /// Keeps the pairs that are likely enough to matter.
    fn keep_likely(&mut self) {
        let mut kept = 0;
        let mut starts = Vec::with_capacity(self.pairs.len());
        for word in self.pairs.windows(2) {
            starts.push(kept);
            for pair in word[0]..word[1] {
                if self.weights[pair][0].max(self.weights[pair][1]) >= LEAST_SHARE {
                    self.targets[kept] = self.targets[pair];
                    self.likeness[kept] = self.likeness[pair];
                    self.weights[kept] = self.weights[pair];
                    kept += 1;
                }
            }
        }
        starts.push(kept);
        self.pairs = starts;
        self.targets.truncate(kept);
        self.targets.shrink_to_fit();
        self.likeness.truncate(kept);
        self.likeness.shrink_to_fit();
        self.weights.truncate(kept);
        self.weights.shrink_to_fit();
    }

    /// Lists the links of the pairs.
    fn list_links(&mut self) {
        let parts = self.by_words(|words, table| {
            let (mut counted, mut links) = (Vec::new(), Vec::new());
            for word in words {
                let pairs = self.pairs[word]..self.pairs[word + 1];
                for pair in pairs.clone() {
                    table.pairs[self.targets[pair] as usize] =
                        u32::try_from(pair).unwrap_or(u32::MAX);
                }
                for occurrence in self.lessons.occurrences_of(word) {
                    let before = links.len();
                    for place in self.lessons.targets_of(occurrence) {
                        let pair = table.pairs[self.lessons.target[place] as usize];
                        if pair != u32::MAX {
                            links.push((u32::try_from(place).unwrap_or(u32::MAX), pair));
                        }
                    }
                    counted.push(links.len() - before);
                }
                for target in &self.targets[pairs] {
                    table.pairs[*target as usize] = u32::MAX;
                }
            }
            (counted, links)
        });
        self.links.reserve_exact(parts.iter().map(|(_, links)| links.len()).sum());
        self.rows.reserve_exact(self.lessons.occurrences.len() + 1);
        self.rows.push(0);
        for (counted, links) in parts {
            for count in counted {
                self.rows.push(self.rows[self.rows.len() - 1] + count);
            }
            self.links.extend(links);
        }
        self.stage = Stage::Linked;
    }

    /// Runs the last round, after at least two. Returns the kept pairs by source and target token, with how many
    /// contributions each has, and the contributions one after another: none for a pair that more than [`FEW`] beads
    /// taught.
    pub(super) fn last_round(self) -> Taught {
        let offers = self.offers();
        let parts = self.by_words(|words, table| {
            let mut taught = (Vec::new(), Vec::new());
            for word in words {
                self.last_of(word, table, &offers, &mut taught);
            }
            taught
        });
        let (mut taught, mut contributions) = (Vec::new(), Vec::new());
        for part in parts {
            taught.extend(part.0);
            contributions.extend(part.1);
        }
        (taught, contributions)
    }

    fn last_of(
        &self,
        word: usize,
        table: &Table,
        offers: &Offers,
        (taught, contributions): &mut Taught,
    ) {
        let first = self.pairs[word];
        let mut counts = vec![(0.0f32, 0usize); self.pairs[word + 1] - first];
        self.visit(word, table, offers, |pair, _, _, weight, [forth, back]| {
            let amount = weight * forth * back;
            let (count, lessons) = &mut counts[pair - first];
            *count += amount;
            *lessons += usize::from(amount > LEAST_AMOUNT);
        });
        let mut kept: Vec<(Entry, usize)> = Vec::new();
        let source = u32::try_from(word).unwrap_or(u32::MAX);
        for (place, (count, _)) in counts.iter().enumerate() {
            let target = self.targets[first + place];
            let totals = [self.lessons.totals[0][word], self.lessons.totals[1][target as usize]];
            let entry = Entry::new(source, target, *count, totals);
            if entry.is_kept() {
                kept.push((entry, place));
            }
        }
        kept.sort_unstable_by_key(|(entry, _)| entry.target);
        // For each pair where its contributions go; the end for a pair without.
        let mut slots = vec![usize::MAX; counts.len()];
        for (entry, place) in kept {
            let lessons = counts[place].1;
            let few = if lessons <= FEW { lessons } else { 0 };
            if few > 0 {
                slots[place] = contributions.len();
                let nothing = Contribution { text: 0, source: 0, target: 0, amount: 0.0 };
                contributions.resize(contributions.len() + few, nothing);
            }
            taught.push((entry, u32::try_from(few).unwrap_or(u32::MAX)));
        }
        self.visit(word, table, offers, |pair, occurrence, place, weight, [forth, back]| {
            let slot = &mut slots[pair - first];
            let amount = weight * forth * back;
            if *slot != usize::MAX && amount > LEAST_AMOUNT {
                contributions[*slot] = Contribution {
                    text: self.lessons.text_of(occurrence),
                    source: self.lessons.source_sentences[occurrence],
                    target: self.lessons.target_sentences[place],
                    amount,
                };
                *slot += 1;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::align::lexicon::{Direction, Lexicon};
    use crate::align::search::{Found, Posteriors};
    use crate::align::{Corpus, Pair, cognates::Cognates, fixed::Free};
    use crate::model::Language;
    use crate::segment::presegmented_document;

    #[test]
    fn words_that_always_meet_are_paired() {
        let document = |text: &str| presegmented_document("", text.to_owned(), Language::UND);
        let source = document("red house\nred door\nblue house\nblue door");
        let target = document("kirmizi ev\nkirmizi kapi\nmavi ev\nmavi kapi");
        let corpus = Corpus::new(Free::each(&[Pair::new(&source, &target)]));
        let found = |i: usize| Found { source: i, target: i, shape: 2, posterior: 1.0 };
        let pass = Posteriors { found: (0..4).map(found).collect(), ..Posteriors::default() };
        let lexicon = Lexicon::learn(&corpus, &Cognates::new(&corpus, &[]), &[pass]);
        let id = |tokens: &[String], word: &str| {
            u32::try_from(tokens.iter().position(|token| token == word).unwrap()).unwrap()
        };
        let probability = |source: &str, target: &str| {
            let (source, target) =
                (id(&corpus.source.tokens, source), id(&corpus.target.tokens, target));
            let entry = lexicon.entry(source, target);
            entry.map_or(0.0, |entry| lexicon.probability(entry, Direction::ToTarget))
        };
        assert!(probability("red", "kirmi") > 3.0 * probability("red", "ev"));
        assert!(probability("house", "ev") > 3.0 * probability("house", "mavi"));
        let rows: Vec<_> = lexicon.of(0, Direction::ToSource).map(|entry| entry.target).collect();
        assert!(rows.is_sorted() && !rows.is_empty());
    }
}
