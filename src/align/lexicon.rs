//! A lexicon learnt from the likely beads: IBM model 1 in both directions, made to agree.
//!
//! Each likely bead is a pair of bags of words with the bead's posterior as weight; a word type counts once a sentence.
//! After a first round the expected count of a pair is the product of both directions' link probabilities (Liang,
//! Taskar & Klein 2006), so that a pair counts only where each word prefers the other.
//!
//! A pair seen a few times is believed too easily: the very sentence that is scored has taught it. Pairs with few
//! contributions keep them, and half of what the scored sentences themselves gave is taken away (leave-one-out).

use rustc_hash::FxHashMap;

use super::cognates::Cognates;
use super::search::Posteriors;
use super::shape::{SHAPES, is_null};
use super::tokens::{Corpus, Sentence};

/// Beads below this posterior teach nothing.
const LEAST_POSTERIOR: f64 = 0.03;
/// Rounds of expectation-maximisation.
const ROUNDS: usize = 4;
/// Absolute discount of a count.
const DISCOUNT: f32 = 0.25;
/// Added to the total that a count is divided by.
const SMOOTHING: f32 = 0.8;
/// Probabilities below this in both directions are not kept.
const LEAST_KEPT: f32 = 0.01;
/// Probabilities below this are not used.
pub(super) const LEAST_USED: f32 = 0.003;
/// The share of what the scored sentences taught that is taken away in the search (trial: half is best).
pub(super) const HALF: f32 = 0.5;
/// Pairs with at most this many contributions are corrected for what the scored sentences taught.
const FEW: usize = 8;

/// What the beads taught.
#[derive(Debug)]
pub(super) struct Lexicon {
    /// The kept pairs, by target and then source token.
    pairs: Vec<Entry>,
    /// For each target token the first of its pairs; one more at the end.
    by_target: Vec<usize>,
    /// For each source token its pairs, by target token.
    by_source: Vec<Vec<u32>>,
    source_totals: Vec<f32>,
    target_totals: Vec<f32>,
}

/// A pair of words that go together.
#[derive(Debug)]
pub(super) struct Entry {
    /// The source token.
    pub(super) source: u32,
    /// The target token.
    pub(super) target: u32,
    count: f32,
    /// What taught the pair, where few beads did: text, source sentence, target sentence, amount.
    contributions: Vec<(u32, u32, u32, f32)>,
}

/// The direction in which a probability is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The probability of the target word given the source word.
    ToTarget,
    /// The probability of the source word given the target word.
    ToSource,
}

impl Lexicon {
    /// Returns the lexicon of the first round: nothing is known.
    pub(super) fn empty(corpus: &Corpus) -> Self {
        let (source, target) = (corpus.source.tokens.len(), corpus.target.tokens.len());
        Self {
            pairs: Vec::new(),
            by_target: vec![0; target + 1],
            by_source: vec![Vec::new(); source],
            source_totals: vec![0.0; source],
            target_totals: vec![0.0; target],
        }
    }

    /// Returns the pairs of a target token, by source token.
    pub(super) fn of_target(&self, target: u32) -> &[Entry] {
        &self.pairs[self.by_target[target as usize]..self.by_target[target as usize + 1]]
    }

    /// Returns the pairs of a source token, by target token.
    pub(super) fn of_source(&self, source: u32) -> impl Iterator<Item = &Entry> {
        self.by_source[source as usize].iter().map(|pair| &self.pairs[*pair as usize])
    }

    /// Returns the pair of two tokens, where it is kept.
    pub(super) fn entry(&self, source: u32, target: u32) -> Option<&Entry> {
        let row = self.of_target(target);
        row.binary_search_by_key(&source, |entry| entry.source).ok().map(|place| &row[place])
    }

    /// Returns the probability of a pair where no sentence is scored, the most it can be.
    pub(super) fn probability(&self, entry: &Entry, direction: Direction) -> f32 {
        self.with_own(entry, direction, None)
    }

    /// Says whether the probability depends on the sentences that are scored.
    pub(super) fn is_rare(entry: &Entry) -> bool {
        !entry.contributions.is_empty()
    }

    /// Returns the probability of a pair with a share of what the scored sentences taught taken away: [`HALF`] in the
    /// search, all of it where single pairs are compared.
    pub(super) fn left_out(
        &self,
        entry: &Entry,
        direction: Direction,
        text: u32,
        source: u32,
        target: u32,
        share: f32,
    ) -> f32 {
        let own =
            entry.contributions.iter().filter(|c| c.0 == text && (c.1 == source || c.2 == target));
        self.with_own(entry, direction, Some(share * own.map(|c| c.3).sum::<f32>()))
    }

    fn with_own(&self, entry: &Entry, direction: Direction, own: Option<f32>) -> f32 {
        let total = match direction {
            Direction::ToTarget => self.source_totals[entry.source as usize],
            Direction::ToSource => self.target_totals[entry.target as usize],
        };
        match own {
            Some(own) => {
                (entry.count - DISCOUNT - own).max(0.0) / (total - 0.5 + SMOOTHING).max(0.3)
            }
            None => (entry.count - DISCOUNT).max(0.0) / (total + SMOOTHING),
        }
    }

    /// Learns from the likely beads of all texts.
    pub(super) fn learn(corpus: &Corpus, cognates: &Cognates, passes: &[Posteriors]) -> Self {
        let mut teacher = Teacher::new(corpus, cognates, passes);
        for round in 0..ROUNDS {
            teacher.round(round == 0, round + 1 == ROUNDS);
        }
        teacher.lexicon(corpus)
    }
}

/// A bead as a lesson: its words with the sentence each stands in.
struct Lesson {
    text: u32,
    weight: f32,
    source: Vec<(u32, u32)>,
    target: Vec<(u32, u32)>,
    /// The place of the first of its pairs in [`Teacher::links`]: source words times target words of them.
    links: usize,
}

struct Teacher {
    lessons: Vec<Lesson>,
    /// The pair of each source word and target word of each lesson.
    links: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    likeness: Vec<f32>,
    to_target: Vec<f32>,
    to_source: Vec<f32>,
    null_to_target: Vec<f32>,
    null_to_source: Vec<f32>,
    counts: Vec<f32>,
    contributions: Vec<Vec<(u32, u32, u32, f32)>>,
    source_totals: Vec<f32>,
    target_totals: Vec<f32>,
}

/// Adds up how often each word was taught.
fn totals(lessons: &[Lesson], words: usize, side: fn(&Lesson) -> &[(u32, u32)]) -> Vec<f32> {
    let mut totals = vec![0.0; words];
    for lesson in lessons {
        for (_, word) in side(lesson) {
            totals[*word as usize] += lesson.weight;
        }
    }
    totals
}

fn words(sentences: &[Sentence], start: usize, count: usize) -> Vec<(u32, u32)> {
    let numbered = (0u32..).zip(sentences).skip(start).take(count);
    numbered.flat_map(|(place, s)| s.types.iter().map(move |token| (place, *token))).collect()
}

impl Teacher {
    fn new(corpus: &Corpus, cognates: &Cognates, passes: &[Posteriors]) -> Self {
        let mut lessons = Vec::new();
        for (number, (text, pass)) in (0u32..).zip(corpus.texts.iter().zip(passes)) {
            let likely =
                |f: &&super::search::Found| f.posterior >= LEAST_POSTERIOR && !is_null(f.shape);
            for found in pass.found.iter().filter(likely) {
                let (n, m) = SHAPES[found.shape];
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a probability needs no more digits"
                )]
                let weight = found.posterior as f32;
                lessons.push(Lesson {
                    text: number,
                    weight,
                    source: words(&text.source, found.source, n),
                    target: words(&text.target, found.target, m),
                    links: 0,
                });
            }
        }
        let mut ids: FxHashMap<u64, u32> = FxHashMap::default();
        let (mut pairs, mut links) = (Vec::new(), Vec::new());
        for lesson in &mut lessons {
            lesson.links = links.len();
            for (_, source) in &lesson.source {
                for (_, target) in &lesson.target {
                    let id = *ids
                        .entry((u64::from(*source) << 32) | u64::from(*target))
                        .or_insert_with(|| {
                            pairs.push((*source, *target));
                            u32::try_from(pairs.len() - 1).unwrap_or(u32::MAX)
                        });
                    links.push(id);
                }
            }
        }
        let likeness: Vec<f32> = pairs.iter().map(|(s, t)| cognates.weight(*s, *t)).collect();
        Self {
            to_target: vec![0.0; pairs.len()],
            to_source: vec![0.0; pairs.len()],
            null_to_target: vec![1.0; corpus.target.tokens.len()],
            null_to_source: vec![1.0; corpus.source.tokens.len()],
            counts: Vec::new(),
            contributions: vec![Vec::new(); pairs.len()],
            source_totals: totals(&lessons, corpus.source.tokens.len(), |lesson| &lesson.source),
            target_totals: totals(&lessons, corpus.target.tokens.len(), |lesson| &lesson.target),
            lessons,
            links,
            likeness,
            pairs,
        }
    }

    /// Runs one round. The first one starts from likeness and counts each direction by itself; the last one keeps what
    /// each bead contributed to rare pairs.
    fn round(&mut self, is_first: bool, is_last: bool) {
        let weight = |probability: f32, likeness: f32| {
            if is_first { 1.0 + 20.0 * likeness } else { probability + 0.1 * likeness }
        };
        let mut counts = vec![0.0f32; self.pairs.len()];
        let mut back = vec![0.0f32; if is_first { self.pairs.len() } else { 0 }];
        let mut null_target = vec![0.0f32; self.null_to_target.len()];
        let mut null_source = vec![0.0f32; self.null_to_source.len()];
        for lesson in &self.lessons {
            let columns = lesson.target.len();
            let links = &self.links[lesson.links..lesson.links + lesson.source.len() * columns];
            let mut target_sums: Vec<f32> =
                lesson.target.iter().map(|(_, f)| self.null_to_target[*f as usize]).collect();
            let mut source_sums: Vec<f32> =
                lesson.source.iter().map(|(_, e)| self.null_to_source[*e as usize]).collect();
            for (row, links) in links.chunks_exact(columns.max(1)).enumerate() {
                for (sum, pair) in target_sums.iter_mut().zip(links) {
                    let pair = *pair as usize;
                    *sum += weight(self.to_target[pair], self.likeness[pair]);
                    source_sums[row] += weight(self.to_source[pair], self.likeness[pair]);
                }
            }
            for ((_, f), sum) in lesson.target.iter().zip(&target_sums) {
                null_target[*f as usize] +=
                    lesson.weight * self.null_to_target[*f as usize] / sum.max(1e-30);
            }
            for ((_, e), sum) in lesson.source.iter().zip(&source_sums) {
                null_source[*e as usize] +=
                    lesson.weight * self.null_to_source[*e as usize] / sum.max(1e-30);
            }
            for (row, links) in links.chunks_exact(columns.max(1)).enumerate() {
                for (column, pair) in links.iter().enumerate() {
                    let pair = *pair as usize;
                    let forth = weight(self.to_target[pair], self.likeness[pair])
                        / target_sums[column].max(1e-30);
                    let own = weight(self.to_source[pair], self.likeness[pair])
                        / source_sums[row].max(1e-30);
                    if is_first {
                        counts[pair] += lesson.weight * forth;
                        back[pair] += lesson.weight * own;
                        continue;
                    }
                    let amount = lesson.weight * forth * own;
                    counts[pair] += amount;
                    let kept = &mut self.contributions[pair];
                    if is_last && amount > 1e-4 && kept.len() <= FEW {
                        kept.push((
                            lesson.text,
                            lesson.source[row].0,
                            lesson.target[column].0,
                            amount,
                        ));
                    }
                }
            }
        }
        let (mut source_totals, mut target_totals) =
            (self.source_totals.clone(), self.target_totals.clone());
        if is_first {
            source_totals.fill(0.0);
            target_totals.fill(0.0);
            for ((source, target), (forth, own)) in self.pairs.iter().zip(counts.iter().zip(&back))
            {
                source_totals[*source as usize] += forth;
                target_totals[*target as usize] += own;
            }
        }
        let back = if is_first { &back } else { &counts };
        for (pair, (source, target)) in self.pairs.iter().enumerate() {
            self.to_target[pair] = counts[pair] / source_totals[*source as usize].max(1e-30);
            self.to_source[pair] = back[pair] / target_totals[*target as usize].max(1e-30);
        }
        self.null_to_target = shares(null_target);
        self.null_to_source = shares(null_source);
        self.counts = counts;
    }

    fn lexicon(self, corpus: &Corpus) -> Lexicon {
        let mut lexicon = Lexicon::empty(corpus);
        lexicon.source_totals = self.source_totals;
        lexicon.target_totals = self.target_totals;
        let mut kept: Vec<Entry> = Vec::new();
        let rows = self.pairs.into_iter().zip(self.counts).zip(self.contributions);
        for (((source, target), count), contributions) in rows {
            let contributions = if contributions.len() > FEW { Vec::new() } else { contributions };
            let entry = Entry { source, target, count, contributions };
            let most = lexicon
                .probability(&entry, Direction::ToTarget)
                .max(lexicon.probability(&entry, Direction::ToSource));
            if most >= LEAST_KEPT {
                kept.push(entry);
            }
        }
        kept.sort_unstable_by_key(|entry| (entry.target, entry.source));
        for (place, entry) in (0u32..).zip(&kept) {
            lexicon.by_source[entry.source as usize].push(place);
            lexicon.by_target[entry.target as usize + 1] += 1;
        }
        for target in 1..lexicon.by_target.len() {
            lexicon.by_target[target] += lexicon.by_target[target - 1];
        }
        lexicon.pairs = kept;
        lexicon
    }
}

fn shares(mut counts: Vec<f32>) -> Vec<f32> {
    let total: f32 = counts.iter().sum::<f32>().max(1e-30);
    counts.iter_mut().for_each(|count| *count /= total);
    counts
}
