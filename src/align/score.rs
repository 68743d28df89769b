//! The score of a bead in nats against "unrelated".
//!
//! ```text
//! score = log share of the shape
//!       + length + .6 * words (mean of both directions) + ends + starts + boundaries inside
//! ```
//! A bead without partner has the first term only; all others are log-likelihood ratios.
//!
//! **Length**: the target length given the source length by Student's t with 8 degrees of freedom (a Gaussian takes too
//! much offence at free translations: trial, .961 against .988 on maligna), against a log-normal fitted to the target
//! sentences of the text.
//!
//! **Words**: each target word is explained by the mean over the bead's source words of its lexicon probability against
//! its plain share, and by its look-alikes; the same the other way round. The sums over the words of one sentence are
//! computed once for the whole band and shared by all beads ([`Cells`]).

use rayon::prelude::*;

use super::band::Band;
use super::cognates::Cognates;
use super::estimate::Parameters;
use super::lexicon::{Direction, HALF, LEAST_USED, Lexicon};
use super::search::Found;
use super::shape::{COUNT, MOST, SHAPES, is_null};
use super::tokens::{Corpus, END_CLASSES, START_CLASSES, Sentence, Text};

/// Weight of the words (trial: .3 to 1 tried, flat between .5 and .9).
const WORDS: f64 = 0.6;
/// Weight of a look-alike beside the lexicon.
const LIKENESS: f32 = 0.4;
/// How much of a word's probability the lexicon may explain at most.
const TRUST: f32 = 0.5;
/// Degrees of freedom of the length model.
const FREEDOM: f64 = 8.0;
/// Least spread of the log-normal background of sentence lengths.
const LEAST_SPREAD: f64 = 0.3;

/// Everything a score depends on beside the text.
#[derive(Clone, Copy)]
pub(super) struct Model<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) cognates: &'a Cognates,
    pub(super) lexicon: &'a Lexicon,
    pub(super) parameters: &'a Parameters,
}

impl Model<'_> {
    /// Returns how much of a word's probability the lexicon explains, by how often the word occurs; 0 for a word the
    /// lexicon does not know.
    fn trust(&self, word: u32, direction: Direction) -> f32 {
        let (count, is_known) = match direction {
            Direction::ToTarget => {
                (self.corpus.target.counts[word as usize], !self.lexicon.of_target(word).is_empty())
            }
            Direction::ToSource => (
                self.corpus.source.counts[word as usize],
                self.lexicon.of_source(word).next().is_some(),
            ),
        };
        if !is_known {
            return 0.0;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a count")]
        let left = count as f32 - 0.5;
        TRUST * left / (left + 1.0)
    }

    /// Returns one over the plain share of a word on its side.
    fn rarity(&self, word: u32, direction: Direction) -> f32 {
        let share = match direction {
            Direction::ToTarget => self.corpus.target.share(word),
            Direction::ToSource => self.corpus.source.share(word),
        };
        #[expect(clippy::cast_possible_truncation, reason = "a ratio needs no more digits")]
        let rarity = (1.0 / share) as f32;
        rarity
    }
}

/// How a length is judged: against the length of the other side, and against the text's own habits.
struct Lengths {
    ratio: f64,
    variance: f64,
    mean: f64,
    spread: f64,
    constant: f64,
}

impl Lengths {
    fn new(text: &Text, parameters: &Parameters) -> Self {
        let logs: Vec<f64> = text.target.iter().map(|s| libm::log(s.length)).collect();
        let count = logs.len().max(1) as f64;
        let mean = logs.iter().sum::<f64>() / count;
        let variance = logs.iter().map(|log| (log - mean) * (log - mean)).sum::<f64>() / count;
        let half = (FREEDOM + 1.0) / 2.0;
        let constant = libm::lgamma(half)
            - libm::lgamma(FREEDOM / 2.0)
            - 0.5 * libm::log(FREEDOM * std::f64::consts::PI);
        Self {
            ratio: parameters.ratio,
            variance: parameters.variance,
            mean,
            spread: libm::sqrt(variance).max(LEAST_SPREAD),
            constant,
        }
    }

    /// Returns the log density of a target sentence's length by the habits of the text.
    fn background(&self, length: f64) -> f64 {
        let log = libm::log(length);
        let z = (log - self.mean) / self.spread;
        -0.5 * z * z - libm::log(self.spread) - 0.5 * libm::log(2.0 * std::f64::consts::PI) - log
    }

    /// Returns the log-likelihood ratio of a bead's lengths; `background` is the mean over its target sentences.
    fn score(&self, source: f64, target: f64, background: f64) -> f64 {
        let expected = self.ratio * source;
        let residual = target - expected;
        let scale = self.variance * (expected + target) / 2.0 + 1.0;
        let density = self.constant
            - 0.5 * libm::log(scale)
            - (FREEDOM + 1.0) / 2.0 * libm::log1p(residual * residual / (FREEDOM * scale));
        density - background
    }
}

/// For each word of one side, how well each sentence of the other side (inside the band) explains it.
struct Cells {
    /// For each sentence of this side the other side's sentences looked at.
    ranges: Vec<std::ops::Range<usize>>,
    /// For each sentence: word after word, a figure for each sentence of its range.
    rows: Vec<Vec<f32>>,
    /// For each sentence and word what is left for no explanation.
    rests: Vec<Vec<f32>>,
}

impl Cells {
    fn new(text: &Text, number: u32, band: &Band, model: &Model<'_>, direction: Direction) -> Self {
        let forward: Vec<std::ops::Range<usize>> =
            (0..text.source.len()).map(|i| band.cells(i)).collect();
        let (own, other, ranges) = match direction {
            Direction::ToTarget => {
                (&text.target, &text.source, turned(&forward, text.target.len()))
            }
            Direction::ToSource => (&text.source, &text.target, forward),
        };
        let places = Places::new(other);
        let (rows, rests) = own
            .par_iter()
            .zip(&ranges)
            .enumerate()
            .map(|(place, (sentence, range))| {
                let mut row = vec![0.0f32; sentence.tokens.len() * range.len()];
                let mut rest = Vec::with_capacity(sentence.tokens.len());
                for (word, figures) in
                    sentence.tokens.iter().zip(row.chunks_exact_mut(range.len().max(1)))
                {
                    rest.push(1.0 - model.trust(*word, direction));
                    explain(*word, place, number, range, figures, &places, model, direction);
                }
                // A range may be empty, and then there are no chunks.
                rest.resize(sentence.tokens.len(), 1.0);
                (row, rest)
            })
            .unzip();
        Self { ranges, rows, rests }
    }

    /// Returns the log of how well `count` sentences from `first` explain the words of a sentence of this side, against
    /// their plain shares; `words` is the number of words of those sentences.
    fn explained(&self, sentence: usize, first: usize, count: usize, words: f64) -> f64 {
        let range = &self.ranges[sentence];
        if first < range.start || first + count > range.end {
            return f64::NEG_INFINITY;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a count of words")]
        let share = (1.0 / words.max(1.0)) as f32;
        let from = first - range.start;
        let mut product = Product::default();
        let rows = self.rows[sentence].chunks_exact(range.len());
        for (figures, rest) in rows.zip(&self.rests[sentence]) {
            let sum: f32 = figures[from..from + count].iter().sum();
            product.add(f64::from(rest + share * sum));
        }
        product.log()
    }
}

/// The log of a long product, with few logarithms.
struct Product {
    log: f64,
    product: f64,
}

impl Default for Product {
    fn default() -> Self {
        Self { log: 0.0, product: 1.0 }
    }
}

impl Product {
    fn add(&mut self, factor: f64) {
        self.product *= factor;
        if !(1e-100..1e100).contains(&self.product) {
            self.log += libm::log(self.product.max(1e-300));
            self.product = 1.0;
        }
    }

    fn log(self) -> f64 {
        self.log + libm::log(self.product.max(1e-300))
    }
}

/// Turns ranges of targets for each source into ranges of sources for each target. The ranges rise.
fn turned(ranges: &[std::ops::Range<usize>], targets: usize) -> Vec<std::ops::Range<usize>> {
    let (mut first, mut last) = (0, 0);
    (0..targets)
        .map(|target| {
            while first < ranges.len() && ranges[first].end <= target {
                first += 1;
            }
            while last < ranges.len() && ranges[last].start <= target {
                last += 1;
            }
            first..last.max(first)
        })
        .collect()
}

/// Where each token of a side stands: token and sentence, by token.
struct Places(Vec<(u32, u32)>);

impl Places {
    fn new(sentences: &[Sentence]) -> Self {
        let numbered = (0u32..).zip(sentences);
        let mut all: Vec<(u32, u32)> = numbered
            .flat_map(|(place, sentence)| sentence.tokens.iter().map(move |token| (*token, place)))
            .collect();
        all.sort_unstable();
        Self(all)
    }

    fn of(&self, token: u32, range: &std::ops::Range<usize>) -> &[(u32, u32)] {
        let at = |sentence: usize| {
            let key = (token, u32::try_from(sentence).unwrap_or(u32::MAX));
            self.0.partition_point(|place| *place < key)
        };
        &self.0[at(range.start)..at(range.end)]
    }
}

/// Adds to `figures` how well each sentence of the range explains a word.
#[expect(clippy::too_many_arguments, reason = "one step of a loop, kept apart to be read")]
fn explain(
    word: u32,
    place: usize,
    text: u32,
    range: &std::ops::Range<usize>,
    figures: &mut [f32],
    places: &Places,
    model: &Model<'_>,
    direction: Direction,
) {
    let rarity = model.rarity(word, direction);
    let trust = model.trust(word, direction) * rarity;
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    let mut learnt = |entry: &super::lexicon::Entry| {
        let probability = model.lexicon.probability(entry, direction);
        if probability < LEAST_USED {
            return;
        }
        let other = if direction == Direction::ToTarget { entry.source } else { entry.target };
        for (_, sentence) in places.of(other, range) {
            let probability = match direction {
                _ if !Lexicon::is_rare(entry) => probability,
                Direction::ToTarget => {
                    model.lexicon.left_out(entry, direction, text, *sentence, place, HALF)
                }
                Direction::ToSource => {
                    model.lexicon.left_out(entry, direction, text, place, *sentence, HALF)
                }
            };
            figures[*sentence as usize - range.start] += trust * probability;
        }
    };
    match direction {
        Direction::ToTarget => model.lexicon.of_target(word).iter().for_each(&mut learnt),
        Direction::ToSource => model.lexicon.of_source(word).for_each(&mut learnt),
    }
    let alike = match direction {
        Direction::ToTarget => &model.cognates.of_target[word as usize],
        Direction::ToSource => &model.cognates.of_source[word as usize],
    };
    for (other, weight) in alike {
        for (_, sentence) in places.of(*other, range) {
            figures[*sentence as usize - range.start] += LIKENESS * weight * rarity;
        }
    }
}

/// Returns [`COUNT`] scores for each node of the band, for the beads that start there; minus infinity for a bead that
/// leaves the band.
pub(super) fn score(text: &Text, number: usize, band: &Band, model: &Model<'_>) -> Vec<f32> {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let to_target = Cells::new(text, number, band, model, Direction::ToTarget);
    let to_source = Cells::new(text, number, band, model, Direction::ToSource);
    // by_target[j][m - 1][i - start]: how well m target sentences from j explain source sentence i.
    let source_words = prefix(&text.source, |s| s.tokens.len() as f64);
    let target_words = prefix(&text.target, |s| s.tokens.len() as f64);
    let columns = text.target.len();
    let by_target: Vec<Vec<f64>> = (0..columns)
        .into_par_iter()
        .map(|j| {
            let range = &to_target.ranges[j];
            let mut figures = Vec::with_capacity(range.len() * MOST);
            for m in 1..=MOST.min(columns - j) {
                let words = target_words[j + m] - target_words[j];
                figures.extend(range.clone().map(|i| to_source.explained(i, j, m, words)));
            }
            figures
        })
        .collect();
    let lengths = Lengths::new(text, model.parameters);
    let source_lengths = prefix(&text.source, |s| s.length);
    let target_lengths = prefix(&text.target, |s| s.length);
    let backgrounds = prefix(&text.target, |s| lengths.background(s.length));
    let rows: Vec<Vec<f32>> = (0..band.rows())
        .into_par_iter()
        .map(|i| {
            let (low, high) = (band.low(i), band.high(i));
            let mut scores = vec![f32::NEG_INFINITY; (high - low + 1) * COUNT];
            let cells = if i < text.source.len() { band.cells(i) } else { 0..0 };
            // by_source[(n - 1) * width + j - start]: how well n source sentences from i explain target sentence j.
            let mut by_source = Vec::with_capacity(cells.len() * MOST);
            for n in 1..=MOST.min(text.source.len() - i) {
                let words = source_words[i + n] - source_words[i];
                by_source.extend(cells.clone().map(|j| to_target.explained(j, i, n, words)));
            }
            for (column, scores) in (low..=high).zip(scores.chunks_exact_mut(COUNT)) {
                for (shape, (n, m)) in SHAPES.iter().enumerate() {
                    if band.node(i + n, column + m).is_none() {
                        continue;
                    }
                    let mut score = model.parameters.log_prior[shape];
                    if !is_null(shape) {
                        let source = source_lengths[i + n] - source_lengths[i];
                        let target = target_lengths[column + m] - target_lengths[column];
                        let background =
                            (backgrounds[column + m] - backgrounds[column]) / *m as f64;
                        score += lengths.score(source, target, background);
                        let from = (n - 1) * cells.len() + column - cells.start;
                        let forth: f64 = by_source[from..from + m].iter().sum();
                        let range = &to_target.ranges[column];
                        let from = (m - 1) * range.len() + i - range.start;
                        let back: f64 = by_target[column][from..from + n].iter().sum();
                        score += WORDS * (forth + back) / 2.0;
                        let marks =
                            marks(&text.source[i..i + n], &text.target[column..column + m], model);
                        score += marks.iter().sum::<f64>();
                    }
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "halves the memory of the grid"
                    )]
                    let score = score as f32;
                    scores[shape] = score;
                }
            }
            scores
        })
        .collect();
    rows.concat()
}

/// Returns running sums, one more than there are sentences.
fn prefix(sentences: &[Sentence], figure: impl Fn(&Sentence) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0];
    let mut sum = 0.0;
    for sentence in sentences {
        sum += figure(sentence);
        sums.push(sum);
    }
    sums
}

/// Returns what ends, starts and boundaries inside a bead say.
fn marks(source: &[Sentence], target: &[Sentence], model: &Model<'_>) -> [f64; 3] {
    let parameters = model.parameters;
    let (Some(source_last), Some(target_last)) = (source.last(), target.last()) else {
        return [0.0; 3];
    };
    let end = parameters.end[source_last.end * END_CLASSES + target_last.end];
    let start = parameters.start[source[0].start * START_CLASSES + target[0].start];
    let inner: f64 = [source, target]
        .into_iter()
        .zip(&parameters.inner)
        .flat_map(|(side, odds)| {
            side.windows(2).map(move |pair| odds[pair[0].end * START_CLASSES + pair[1].start])
        })
        .sum();
    [end, start, inner]
}

/// Returns the parts of a bead's score by name, in nats.
pub(super) fn parts(
    text: &Text,
    number: usize,
    at: &Found,
    model: &Model<'_>,
) -> Vec<(&'static str, f64)> {
    let mut parts = vec![("shape", model.parameters.log_prior[at.shape])];
    if is_null(at.shape) {
        return parts;
    }
    let (n, m) = SHAPES[at.shape];
    let (source, target) = (at.source..at.source + n, at.target..at.target + m);
    let lengths = Lengths::new(text, model.parameters);
    let background: f64 =
        text.target[target.clone()].iter().map(|s| lengths.background(s.length)).sum();
    let total = |sentences: &[Sentence]| sentences.iter().map(|s| s.length).sum::<f64>();
    let (one, other) = (total(&text.source[source.clone()]), total(&text.target[target.clone()]));
    parts.push(("length", lengths.score(one, other, background / m as f64)));
    parts.push(("words", words(text, number, &source, &target, model, View::Search)));
    let [end, start, inner] = marks(&text.source[source], &text.target[target], model);
    parts.extend([("ends", end), ("starts", start), ("boundaries", inner)]);
    parts
}

/// How [`words`] looks at sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// As the search does.
    Search,
    /// By content alone: the number of a list item does not count, nor what the two sentences taught themselves.
    Content,
}

impl View {
    fn counts(self, token: &str) -> bool {
        self == Self::Search || !token.starts_with("\u{1}item")
    }

    fn left_out(self) -> f32 {
        if self == Self::Search { HALF } else { 1.0 }
    }
}

/// Returns what the words of any source and target sentences say of each other, in nats, anywhere in the grid.
pub(super) fn words(
    text: &Text,
    number: usize,
    source: &std::ops::Range<usize>,
    target: &std::ops::Range<usize>,
    model: &Model<'_>,
    view: View,
) -> f64 {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let list = |sentences: &[Sentence], range: &std::ops::Range<usize>, names: &[String]| {
        let numbered = (0u32..).zip(sentences).skip(range.start).take(range.len());
        let all = numbered.flat_map(|(place, s)| s.tokens.iter().map(move |token| (place, *token)));
        all.filter(|(_, token)| view.counts(&names[*token as usize])).collect::<Vec<(u32, u32)>>()
    };
    let source = list(&text.source, source, &model.corpus.source.tokens);
    let target = list(&text.target, target, &model.corpus.target.tokens);
    let link = |(i, e): (u32, u32), (j, f): (u32, u32), direction: Direction| {
        let learnt = model.lexicon.entry(e, f).map_or(0.0, |entry| {
            match model.lexicon.probability(entry, direction) {
                probability if probability < LEAST_USED => 0.0,
                probability if !Lexicon::is_rare(entry) => probability,
                _ => model.lexicon.left_out(entry, direction, number, i, j, view.left_out()),
            }
        });
        (learnt, LIKENESS * model.cognates.weight(e, f))
    };
    let mut product = [Product::default(), Product::default()];
    for f in &target {
        let (trust, rarity) =
            (model.trust(f.1, Direction::ToTarget), model.rarity(f.1, Direction::ToTarget));
        let sum: f32 = source
            .iter()
            .map(|e| link(*e, *f, Direction::ToTarget))
            .map(|(t, v)| trust * t + v)
            .sum();
        product[0].add(f64::from(1.0 - trust + rarity * sum / source.len().max(1) as f32));
    }
    for e in &source {
        let (trust, rarity) =
            (model.trust(e.1, Direction::ToSource), model.rarity(e.1, Direction::ToSource));
        let sum: f32 = target
            .iter()
            .map(|f| link(*e, *f, Direction::ToSource))
            .map(|(t, v)| trust * t + v)
            .sum();
        product[1].add(f64::from(1.0 - trust + rarity * sum / target.len().max(1) as f32));
    }
    let [forth, back] = product;
    WORDS * (forth.log() + back.log()) / 2.0
}
