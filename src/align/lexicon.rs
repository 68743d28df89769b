//! A lexicon learnt from the likely beads: IBM model 1 in both directions, made to agree.
//!
//! Each likely bead is a pair of bags of words with the bead's posterior as weight; a word type counts once a sentence.
//! After a first round the expected count of a pair is the product of both directions' link probabilities (Liang,
//! Taskar & Klein 2006), so that a pair counts only where each word prefers the other.
//!
//! A pair seen a few times is believed too easily: the very sentence that is scored has taught it. Pairs with few
//! contributions keep them, and what the scored sentences themselves gave is taken away (leave-one-out). Measured, alone:
//! taking away half of it costs .003 nats a gold bead (.1394 against .1366); mean F1 moves by less than .001.

use super::cognates::Cognates;
use super::lessons::Lessons;
use super::search::Posteriors;
use super::teacher::Teacher;
use super::tokens::Corpus;

/// Rounds of expectation-maximisation. Measured as in [`super::ROUNDS`], together in one job: 3 rounds .9835, 4 .9858, 5
/// .9883, 6 .9879, 8 .9847.
const ROUNDS: usize = 5;
/// Absolute discount of a count.
const DISCOUNT: f32 = 0.25;
/// Added to the total that a count is divided by.
const SMOOTHING: f32 = 0.8;
/// Probabilities below this in both directions are not kept.
const LEAST_KEPT: f32 = 0.01;
/// Probabilities below this are not used.
pub(super) const LEAST_USED: f32 = 0.003;
/// How much of a word's probability the lexicon may explain at most.
const TRUST: f32 = 0.5;
/// How surely a number must be explained: it is hardly ever left out. Measured, alone: .0016 (.7) and .0031 nats (.9) less
/// surprise a gold bead, F1 within .001.
const NUMBER_TRUST: f32 = 0.8;
/// Pairs with at most this many contributions are corrected for what the scored sentences taught.
pub(super) const FEW: usize = 8;

/// What the beads taught.
#[derive(Debug)]
pub(super) struct Lexicon {
    /// The kept pairs, by target and then source token.
    pairs: Vec<Entry>,
    /// For each target token the first of its pairs; one more at the end.
    by_target: Vec<usize>,
    /// The kept pairs by source and then target token, as places in `pairs`.
    of_source: Vec<u32>,
    /// For each source token the first of its pairs in `of_source`; one more at the end.
    by_source: Vec<usize>,
    contributions: Vec<Contribution>,
    /// How much of a word's probability the lexicon explains, for source and target tokens.
    trust: [Vec<f32>; 2],
    /// What is left of it for no explanation.
    rest: [Vec<f32>; 2],
}

/// A pair of words that go together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The source token.
    pub(super) source: u32,
    /// The target token.
    pub(super) target: u32,
    pub(super) count: f32,
    /// The probability of the target word given the source word, and of the source word given the target word.
    probability: [f32; 2],
    /// How often the source and the target word were taught.
    totals: [f32; 2],
    /// The first of its contributions, and how many there are: none where many beads taught the pair.
    first: u32,
    contributions: u32,
}

/// What a bead taught of a rare pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contribution {
    pub(super) text: u32,
    /// The source and the target sentence.
    pub(super) source: u32,
    pub(super) target: u32,
    pub(super) amount: f32,
}

/// The direction in which a probability is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The probability of the target word given the source word.
    ToTarget,
    /// The probability of the source word given the target word.
    ToSource,
}

impl Entry {
    /// Makes the entry of a pair with its count and how often each word was taught.
    pub(super) fn new(source: u32, target: u32, count: f32, totals: [f32; 2]) -> Self {
        let probability = totals.map(|total| (count - DISCOUNT).max(0.0) / (total + SMOOTHING));
        Self { source, target, count, probability, totals, first: 0, contributions: 0 }
    }

    /// Says whether the pair is likely enough to be kept.
    pub(super) fn is_kept(&self) -> bool {
        self.probability[0].max(self.probability[1]) >= LEAST_KEPT
    }

    /// Returns the word on the other side of the one that is explained.
    #[inline]
    pub(super) fn other(&self, direction: Direction) -> u32 {
        match direction {
            Direction::ToTarget => self.source,
            Direction::ToSource => self.target,
        }
    }
}

impl Lexicon {
    /// Returns the lexicon of the first round: nothing is known.
    pub(super) fn empty(corpus: &Corpus) -> Self {
        Self::of_pairs(corpus, Vec::new(), Vec::new())
    }

    /// Makes a lexicon of pairs by source and target; the contributions of each follow one another.
    fn of_pairs(
        corpus: &Corpus,
        taught: Vec<(Entry, u32)>,
        contributions: Vec<Contribution>,
    ) -> Self {
        let (sources, targets) = (corpus.source.tokens.len(), corpus.target.tokens.len());
        let mut by_source = vec![0; sources + 1];
        let mut by_target = vec![0; targets + 1];
        for (entry, _) in &taught {
            by_source[entry.source as usize + 1] += 1;
            by_target[entry.target as usize + 1] += 1;
        }
        for starts in [&mut by_source, &mut by_target] {
            for place in 1..starts.len() {
                starts[place] += starts[place - 1];
            }
        }
        let mut order: Vec<u32> = vec![0; taught.len()];
        let mut next = by_target.clone();
        for (place, (entry, _)) in (0u32..).zip(&taught) {
            let slot = &mut next[entry.target as usize];
            order[*slot] = place;
            *slot += 1;
        }
        let mut firsts = Vec::with_capacity(taught.len());
        let mut first = 0;
        for (_, count) in &taught {
            firsts.push(first);
            first += count;
        }
        let mut of_source = vec![0; taught.len()];
        let pairs = (0u32..)
            .zip(&order)
            .map(|(place, from)| {
                of_source[*from as usize] = place;
                let (entry, count) = taught[*from as usize];
                Entry { first: firsts[*from as usize], contributions: count, ..entry }
            })
            .collect();
        let trust = |counts: &[f64], starts: &[usize]| {
            let known = starts.windows(2).map(|pair| pair[0] < pair[1]);
            let trust = |(count, is_known): (&f64, bool)| {
                #[expect(clippy::cast_possible_truncation, reason = "a count")]
                let left = *count as f32 - 0.5;
                if is_known { TRUST * left / (left + 1.0) } else { 0.0 }
            };
            counts.iter().zip(known).map(trust).collect::<Vec<f32>>()
        };
        let trust =
            [trust(&corpus.source.counts, &by_source), trust(&corpus.target.counts, &by_target)];
        let rest = |trust: &[f32], tokens: &[String]| {
            let rest = |(trust, token): (&f32, &String)| {
                let least = if token.starts_with('#') { NUMBER_TRUST } else { 0.0 };
                1.0 - trust.max(least)
            };
            trust.iter().zip(tokens).map(rest).collect::<Vec<f32>>()
        };
        let rest = [rest(&trust[0], &corpus.source.tokens), rest(&trust[1], &corpus.target.tokens)];
        Self { pairs, by_target, of_source, by_source, contributions, trust, rest }
    }

    /// Returns the pairs of a token that is to be explained in a direction, by the other token.
    pub(super) fn of(&self, token: u32, direction: Direction) -> impl Iterator<Item = &Entry> {
        let (direct, turned) = match direction {
            Direction::ToTarget => (self.of_target(token), &[][..]),
            Direction::ToSource => {
                let token = token as usize;
                (&[][..], &self.of_source[self.by_source[token]..self.by_source[token + 1]])
            }
        };
        direct.iter().chain(turned.iter().map(|place| &self.pairs[*place as usize]))
    }

    fn of_target(&self, target: u32) -> &[Entry] {
        &self.pairs[self.by_target[target as usize]..self.by_target[target as usize + 1]]
    }

    /// Returns the pair of two tokens, where it is kept.
    pub(super) fn entry(&self, source: u32, target: u32) -> Option<&Entry> {
        let row = self.of_target(target);
        row.binary_search_by_key(&source, |entry| entry.source).ok().map(|place| &row[place])
    }

    /// Returns all kept pairs, by target and then source token.
    pub(super) fn pairs(&self) -> &[Entry] {
        &self.pairs
    }

    /// Returns how much of a word's probability the lexicon explains, by how often the word occurs; 0 for a word the
    /// lexicon does not know.
    #[inline]
    pub(super) fn trust(&self, word: u32, direction: Direction) -> f32 {
        match direction {
            Direction::ToTarget => self.trust[1][word as usize],
            Direction::ToSource => self.trust[0][word as usize],
        }
    }

    /// Returns what is left of a word's probability for no explanation.
    #[inline]
    pub(super) fn rest(&self, word: u32, direction: Direction) -> f32 {
        match direction {
            Direction::ToTarget => self.rest[1][word as usize],
            Direction::ToSource => self.rest[0][word as usize],
        }
    }

    /// Returns the probability of a pair where no sentence is scored, the most it can be.
    #[inline]
    pub(super) fn probability(&self, entry: &Entry, direction: Direction) -> f32 {
        entry.probability[usize::from(direction == Direction::ToSource)]
    }

    /// Says whether the probability depends on the sentences that are scored.
    #[inline]
    pub(super) fn is_rare(entry: &Entry) -> bool {
        entry.contributions > 0
    }

    /// Returns the probability of a pair without what the scored sentences taught.
    pub(super) fn left_out(
        &self,
        entry: &Entry,
        direction: Direction,
        text: u32,
        source: u32,
        target: u32,
    ) -> f32 {
        let first = entry.first as usize;
        let own = self.contributions[first..first + entry.contributions as usize]
            .iter()
            .filter(|c| c.text == text && (c.source == source || c.target == target));
        let own: f32 = own.map(|c| c.amount).sum();
        let total = entry.totals[usize::from(direction == Direction::ToSource)];
        (entry.count - DISCOUNT - own).max(0.0) / (total - 0.5 + SMOOTHING).max(0.3)
    }

    /// Learns from the likely beads of all texts.
    pub(super) fn learn(corpus: &Corpus, cognates: &Cognates, passes: &[Posteriors]) -> Self {
        let mut teacher = Teacher::new(Lessons::new(corpus, passes), cognates);
        teacher.first_round();
        for _ in 2..ROUNDS {
            teacher.round();
        }
        let (taught, contributions) = teacher.last_round();
        Self::of_pairs(corpus, taught, contributions)
    }
}
