//! The rounds of expectation-maximisation that make a lexicon of likely beads.
//!
//! Each likely bead is a lesson: the word types of its sentences, and its posterior as weight. All pairs of words that
//! meet in a lesson get a place, source word after source word. A round has two halves. In the first, each lesson adds
//! up how much its words offer each word of the other side. In the second, each source word goes through the lessons it
//! occurs in and counts its own pairs. So both halves can be cut into parts that write to different places, and the
//! sums have one order whatever the number of threads. After the second round only the few links that matter are kept.

use rayon::prelude::*;

use super::cognates::Cognates;
use super::lexicon::{Contribution, Entry, FEW};
use super::search::Posteriors;
use super::shape::{SHAPES, is_null};
use super::tokens::{Corpus, Sentence};

/// Beads below this posterior teach nothing.
const LEAST_POSTERIOR: f64 = 0.03;
/// Amounts below this are no contribution.
const LEAST_AMOUNT: f32 = 1e-4;
/// Pairs less likely than this in both directions after the second round are left out of the later ones.
const LEAST_SHARE: f32 = 0.002;
/// Weight of likeness beside the probability of the round before.
const LIKENESS: f32 = 0.1;

/// Weight of likeness in the first round, beside 1.
const FIRST_LIKENESS: f32 = 20.0;
/// Lessons and source words worked on at a time.
const LESSONS: usize = 256;
const WORDS: usize = 64;

/// A bead as a lesson.
struct Lesson {
    text: u32,
    weight: f32,
    /// The places of its words in [`Teacher::source`] and [`Teacher::target`].
    source: std::ops::Range<usize>,
    target: std::ops::Range<usize>,
    /// The place of the first of its pairs in [`Teacher::links`]: source words times target words of them.
    links: usize,
}

/// The links that matter.
struct Likely {
    /// For each source word of the lessons the first of its links; one more at the end.
    rows: Vec<usize>,
    /// The place of the target word, and the pair.
    links: Vec<(u32, u32)>,
}

/// The pairs that were taught with the number of their contributions, and the contributions.
type Taught = (Vec<(Entry, u32)>, Vec<Contribution>);

/// A word of a lesson: its sentence and its token.
type Word = (u32, u32);

/// What is known while the lexicon is made.
pub(super) struct Teacher {
    lessons: Vec<Lesson>,
    source: Vec<Word>,
    target: Vec<Word>,
    /// The pair of each source word and target word of each lesson; empty once the likely links are known.
    links: Vec<u32>,
    likely: Option<Likely>,
    /// For each source token the lessons it occurs in, with its place among the lesson's source words.
    occurrences: Vec<(u32, u32)>,
    by_source: Vec<usize>,
    /// For each source token the first of its pairs; one more at the end.
    pairs: Vec<usize>,
    targets: Vec<u32>,
    likeness: Vec<f32>,
    /// For each pair the weights of a link towards the target and towards the source.
    weights: Vec<[f32; 2]>,
    nulls: [Vec<f32>; 2],
    source_totals: Vec<f32>,
    target_totals: Vec<f32>,
}

/// One over what the words of a lesson are offered, for its target and its source words.
struct Offers {
    to_target: Vec<f32>,
    to_source: Vec<f32>,
}

/// Adds up how often each word was taught.
fn totals(lessons: &[Lesson], words: usize, side: impl Fn(&Lesson) -> Vec<u32>) -> Vec<f32> {
    let mut totals = vec![0.0; words];
    for lesson in lessons {
        for word in side(lesson) {
            totals[word as usize] += lesson.weight;
        }
    }
    totals
}

fn add_words(sentences: &[Sentence], start: usize, count: usize, out: &mut Vec<Word>) {
    let numbered = (0u32..).zip(sentences).skip(start).take(count);
    out.extend(numbered.flat_map(|(place, s)| s.types.iter().map(move |token| (place, *token))));
}

impl Teacher {
    pub(super) fn new(corpus: &Corpus, cognates: &Cognates, passes: &[Posteriors]) -> Self {
        let (mut lessons, mut source, mut target) = (Vec::new(), Vec::new(), Vec::new());
        let mut links = 0;
        for (number, (text, pass)) in (0u32..).zip(corpus.texts.iter().zip(passes)) {
            let likely =
                |f: &&super::search::Found| f.posterior >= LEAST_POSTERIOR && !is_null(f.shape);
            for found in pass.found.iter().filter(likely) {
                let (n, m) = SHAPES[found.shape];
                let (from, to) = (source.len(), target.len());
                add_words(&text.source, found.source, n, &mut source);
                add_words(&text.target, found.target, m, &mut target);
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a probability needs no more digits"
                )]
                let weight = found.posterior as f32;
                let (source, target) = (from..source.len(), to..target.len());
                let count = source.len() * target.len();
                lessons.push(Lesson { text: number, weight, source, target, links });
                links += count;
            }
        }
        let (sources, targets) = (corpus.source.tokens.len(), corpus.target.tokens.len());
        let tokens = |words: &[Word]| words.iter().map(|word| word.1).collect::<Vec<u32>>();
        let mut teacher = Self {
            source_totals: totals(&lessons, sources, |l| tokens(&source[l.source.clone()])),
            target_totals: totals(&lessons, targets, |l| tokens(&target[l.target.clone()])),
            lessons,
            source,
            target,
            links: vec![0; links],
            likely: None,
            occurrences: Vec::new(),
            by_source: Vec::new(),
            pairs: Vec::with_capacity(sources + 1),
            targets: Vec::new(),
            likeness: Vec::new(),
            weights: Vec::new(),
            nulls: [vec![1.0; sources], vec![1.0; targets]],
        };
        teacher.find_occurrences(sources);
        teacher.link(cognates, sources, targets);
        teacher
    }

    fn find_occurrences(&mut self, sources: usize) {
        let mut starts = vec![0; sources + 1];
        for (_, word) in &self.source {
            starts[*word as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        self.occurrences = vec![(0, 0); self.source.len()];
        for (number, lesson) in (0u32..).zip(&self.lessons) {
            for (row, (_, word)) in (0u32..).zip(&self.source[lesson.source.clone()]) {
                let slot = &mut next[*word as usize];
                self.occurrences[*slot] = (number, row);
                *slot += 1;
            }
        }
        self.by_source = starts;
    }

    /// Gives each pair of words that meet a place, source word after source word.
    fn link(&mut self, cognates: &Cognates, sources: usize, targets: usize) {
        let mut last: Vec<u32> = vec![u32::MAX; targets];
        for word in 0..sources {
            let first = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
            self.pairs.push(self.targets.len());
            for (number, row) in &self.occurrences[self.by_source[word]..self.by_source[word + 1]] {
                let lesson = &self.lessons[*number as usize];
                let from = lesson.links + *row as usize * lesson.target.len();
                let words = &self.target[lesson.target.clone()];
                for (link, (_, target)) in self.links[from..].iter_mut().zip(words) {
                    let seen = &mut last[*target as usize];
                    // Places of words before this one are lower.
                    if *seen == u32::MAX || *seen < first {
                        *seen = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
                        self.targets.push(*target);
                        self.likeness.push(0.0);
                    }
                    *link = *seen;
                }
            }
            for (target, weight) in &cognates.of_source[word] {
                let seen = last[*target as usize];
                if seen != u32::MAX && seen >= first {
                    self.likeness[seen as usize] = *weight;
                }
            }
        }
        self.pairs.push(self.targets.len());
        let weight = |likeness: &f32| [1.0 + FIRST_LIKENESS * likeness; 2];
        self.weights = self.likeness.iter().map(weight).collect();
    }

    /// Calls `visit` with the place of each target word that a source word of a lesson is linked to, and the pair.
    #[inline]
    fn each(&self, lesson: &Lesson, source: usize, mut visit: impl FnMut(usize, usize)) {
        if let Some(likely) = &self.likely {
            for (target, pair) in &likely.links[likely.rows[source]..likely.rows[source + 1]] {
                visit(*target as usize, *pair as usize);
            }
            return;
        }
        let from = lesson.links + (source - lesson.source.start) * lesson.target.len();
        for (target, pair) in lesson.target.clone().zip(&self.links[from..]) {
            visit(target, *pair as usize);
        }
    }

    /// Keeps the links of the pairs that are likely enough to matter.
    fn keep_likely(&mut self) {
        let mut numbers = vec![u32::MAX; self.weights.len()];
        let mut kept = 0u32;
        let mut starts = Vec::with_capacity(self.pairs.len());
        for word in self.pairs.windows(2) {
            starts.push(kept as usize);
            let own = word[0]..word[1];
            for (pair, number) in own.clone().zip(&mut numbers[own]) {
                let weights = self.weights[pair];
                if weights[0].max(weights[1]) >= LEAST_SHARE {
                    *number = kept;
                    self.targets[kept as usize] = self.targets[pair];
                    self.likeness[kept as usize] = self.likeness[pair];
                    self.weights[kept as usize] = weights;
                    kept += 1;
                }
            }
        }
        starts.push(kept as usize);
        self.pairs = starts;
        self.targets.truncate(kept as usize);
        self.likeness.truncate(kept as usize);
        self.weights.truncate(kept as usize);
        let mut likely =
            Likely { rows: Vec::with_capacity(self.source.len() + 1), links: Vec::new() };
        for lesson in &self.lessons {
            for source in lesson.source.clone() {
                likely.rows.push(likely.links.len());
                self.each(lesson, source, |target, pair| {
                    if numbers[pair] != u32::MAX {
                        let target = u32::try_from(target).unwrap_or(u32::MAX);
                        likely.links.push((target, numbers[pair]));
                    }
                });
            }
        }
        likely.rows.push(likely.links.len());
        self.links = Vec::new();
        self.likely = Some(likely);
    }

    /// Returns one over what each word is offered, in the order of the lessons' words.
    fn offers(&self) -> Offers {
        let parts: Vec<Offers> = self
            .lessons
            .par_chunks(LESSONS)
            .map(|lessons| {
                let mut part = Offers { to_target: Vec::new(), to_source: Vec::new() };
                for lesson in lessons {
                    let from = part.to_target.len();
                    let words = &self.target[lesson.target.clone()];
                    part.to_target.extend(words.iter().map(|(_, f)| self.nulls[1][*f as usize]));
                    let columns = &mut part.to_target[from..];
                    let words = &self.source[lesson.source.clone()];
                    for ((_, e), source) in words.iter().zip(lesson.source.clone()) {
                        let mut offer = self.nulls[0][*e as usize];
                        self.each(lesson, source, |target, pair| {
                            let weights = self.weights[pair];
                            columns[target - lesson.target.start] += weights[0];
                            offer += weights[1];
                        });
                        part.to_source.push(1.0 / offer.max(1e-30));
                    }
                    columns.iter_mut().for_each(|offer| *offer = 1.0 / offer.max(1e-30));
                }
                part
            })
            .collect();
        let mut all = Offers {
            to_target: Vec::with_capacity(self.target.len()),
            to_source: Vec::with_capacity(self.source.len()),
        };
        for part in parts {
            all.to_target.extend(part.to_target);
            all.to_source.extend(part.to_source);
        }
        all
    }

    /// Counts how often words were explained by no word.
    fn null_shares(&self, offers: &Offers) -> [Vec<f32>; 2] {
        let mut counts = [vec![0.0; self.nulls[0].len()], vec![0.0; self.nulls[1].len()]];
        for lesson in &self.lessons {
            let sides = [
                (&self.source[lesson.source.clone()], &offers.to_source[lesson.source.clone()]),
                (&self.target[lesson.target.clone()], &offers.to_target[lesson.target.clone()]),
            ];
            for (side, (words, offers)) in sides.into_iter().enumerate() {
                for ((_, word), offer) in words.iter().zip(offers) {
                    let word = *word as usize;
                    counts[side][word] += lesson.weight * self.nulls[side][word] * offer;
                }
            }
        }
        counts.map(|mut counts| {
            let total: f32 = counts.iter().sum::<f32>().max(1e-30);
            counts.iter_mut().for_each(|count| *count /= total);
            counts
        })
    }

    /// Calls `visit` with each link of a source word: pair, lesson, source word's place, target word's place, and the
    /// shares of the link in both directions.
    #[inline]
    fn visit(
        &self,
        word: usize,
        offers: &Offers,
        mut visit: impl FnMut(usize, &Lesson, usize, usize, [f32; 2]),
    ) {
        for (number, row) in &self.occurrences[self.by_source[word]..self.by_source[word + 1]] {
            let lesson = &self.lessons[*number as usize];
            let source = lesson.source.start + *row as usize;
            let own = offers.to_source[source];
            self.each(lesson, source, |target, pair| {
                let weights = self.weights[pair];
                let shares = [weights[0] * offers.to_target[target], weights[1] * own];
                visit(pair, lesson, source, target, shares);
            });
        }
    }

    /// Runs a round. The first one counts each direction by itself, the others what both directions agree on.
    pub(super) fn round(&mut self, is_first: bool) {
        let offers = self.offers();
        let words = self.by_source.len() - 1;
        let parts: Vec<Vec<[f32; 2]>> = (0..words.div_ceil(WORDS))
            .into_par_iter()
            .map(|part| {
                let words = part * WORDS..((part + 1) * WORDS).min(words);
                let first = self.pairs[words.start];
                let mut counts = vec![[0.0f32; 2]; self.pairs[words.end] - first];
                for word in words {
                    self.visit(word, &offers, |pair, lesson, _, _, [forth, back]| {
                        let count = &mut counts[pair - first];
                        if is_first {
                            count[0] += lesson.weight * forth;
                            count[1] += lesson.weight * back;
                        } else {
                            count[0] += lesson.weight * forth * back;
                        }
                    });
                }
                counts
            })
            .collect();
        let nulls = self.null_shares(&offers);
        let counts = || parts.iter().flatten();
        let (mut source_totals, mut target_totals) = (Vec::new(), Vec::new());
        if is_first {
            source_totals = vec![0.0; words];
            target_totals = vec![0.0; self.target_totals.len()];
            let mut pairs = counts().zip(&self.targets);
            for (word, total) in source_totals.iter_mut().enumerate() {
                let count = self.pairs[word + 1] - self.pairs[word];
                for (count, target) in pairs.by_ref().take(count) {
                    *total += count[0];
                    target_totals[*target as usize] += count[1];
                }
            }
        }
        let source_totals = if is_first { &source_totals } else { &self.source_totals };
        let target_totals = if is_first { &target_totals } else { &self.target_totals };
        let mut pairs = counts().zip(&self.targets).zip(&self.likeness).zip(&mut self.weights);
        for (word, total) in source_totals.iter().enumerate() {
            let count = self.pairs[word + 1] - self.pairs[word];
            for (((count, target), likeness), weights) in pairs.by_ref().take(count) {
                let back = count[usize::from(is_first)];
                let likeness = LIKENESS * likeness;
                *weights = [
                    count[0] / total.max(1e-30) + likeness,
                    back / target_totals[*target as usize].max(1e-30) + likeness,
                ];
            }
        }
        self.nulls = nulls;
        if self.likely.is_none() && !is_first {
            drop(parts);
            self.keep_likely();
        }
    }

    /// Runs the last round. Returns the kept pairs by source and target token, with how many contributions each has, and
    /// the contributions one after another: none for a pair that more than [`FEW`] beads taught.
    pub(super) fn last_round(self) -> Taught {
        let offers = self.offers();
        let words = self.by_source.len() - 1;
        let parts: Vec<Taught> = (0..words.div_ceil(WORDS))
            .into_par_iter()
            .map(|part| {
                let (mut taught, mut contributions) = (Vec::new(), Vec::new());
                for word in part * WORDS..((part + 1) * WORDS).min(words) {
                    self.last_of(word, &offers, &mut taught, &mut contributions);
                }
                (taught, contributions)
            })
            .collect();
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
        offers: &Offers,
        taught: &mut Vec<(Entry, u32)>,
        contributions: &mut Vec<Contribution>,
    ) {
        let first = self.pairs[word];
        let mut counts = vec![(0.0f32, 0usize); self.pairs[word + 1] - first];
        self.visit(word, offers, |pair, lesson, _, _, [forth, back]| {
            let amount = lesson.weight * forth * back;
            let (count, lessons) = &mut counts[pair - first];
            *count += amount;
            *lessons += usize::from(amount > LEAST_AMOUNT);
        });
        let mut kept: Vec<(Entry, usize)> = Vec::new();
        // For each pair where its contributions go; the end for a pair without.
        let mut slots = vec![usize::MAX; counts.len()];
        let source = u32::try_from(word).unwrap_or(u32::MAX);
        for (place, (count, _)) in counts.iter().enumerate() {
            let target = self.targets[first + place];
            let totals = [self.source_totals[word], self.target_totals[target as usize]];
            let entry = Entry::new(source, target, *count, totals);
            if entry.is_kept() {
                kept.push((entry, place));
            }
        }
        kept.sort_unstable_by_key(|(entry, _)| entry.target);
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
        self.visit(word, offers, |pair, lesson, source, target, [forth, back]| {
            let slot = &mut slots[pair - first];
            let amount = lesson.weight * forth * back;
            if *slot != usize::MAX && amount > LEAST_AMOUNT {
                contributions[*slot] = Contribution {
                    text: lesson.text,
                    source: self.source[source].0,
                    target: self.target[target].0,
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
    use crate::align::{Corpus, Pair, cognates::Cognates};
    use crate::model::Language;
    use crate::segment::presegmented_document;

    #[test]
    fn words_that_always_meet_are_paired() {
        let document = |text: &str| presegmented_document("", text.to_owned(), Language::UND);
        let source = document("red house\nred door\nblue house\nblue door");
        let target = document("kirmizi ev\nkirmizi kapi\nmavi ev\nmavi kapi");
        let corpus = Corpus::new(&[Pair::new(&source, &target)]);
        let found = |i: usize| Found { source: i, target: i, shape: 2, posterior: 1.0 };
        let pass = Posteriors { found: (0..4).map(found).collect(), ..Posteriors::default() };
        let lexicon = Lexicon::learn(&corpus, &Cognates::new(&corpus), &[pass]);
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
