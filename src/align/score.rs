//! The score of a bead in nats against "unrelated".
//!
//! ```text
//! score = log share of the shape
//!       + length + .6 * words (mean of both directions) + ends + starts + boundaries inside
//! ```
//! A bead without partner has the first term only; all others are log-likelihood ratios: of the lengths ([`super::length`]), of
//! the words ([`words`](super::words)), of the marks at the borders ([`estimate`](super::estimate)).
//!
//! The grid is scored in blocks of rows, in parallel; within a row, shape by shape.

use std::ops::Range;

use rayon::prelude::*;

use super::band::Band;
use super::cognates::Cognates;
use super::estimate::Parameters;
use super::length::{Lengths, prefix};
use super::lexicon::{Direction, LEAST_USED, Lexicon};
use super::numeric;
use super::progress::Steps;
use super::search::Found;
use super::shape::{SHAPES, is_null};
use super::tokens::{Corpus, END_CLASSES, START_CLASSES, Sentence, Text};
use super::vectors::Cosines;
use super::words::Block;

/// Weight of the words (trial: .3 to 1 tried, flat between .5 and .9).
const WORDS: f64 = 0.6;
/// Weight of a look-alike beside the lexicon.
pub(super) const LIKENESS: f32 = 0.4;

/// Rows scored at a time: enough that the sentences shared with the next block hardly count.
const ROWS: usize = 192;

/// Everything a score depends on beside the text.
#[derive(Clone, Copy)]
pub(super) struct Model<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) cognates: &'a Cognates,
    pub(super) lexicon: &'a Lexicon,
    pub(super) parameters: &'a Parameters,
}

impl Model<'_> {
    /// Returns one over the plain share of a word on its side.
    #[inline]
    pub(super) fn rarity(&self, word: u32, direction: Direction) -> f32 {
        match direction {
            Direction::ToTarget => self.corpus.target.rarity(word),
            Direction::ToSource => self.corpus.source.rarity(word),
        }
    }
}

/// Returns the scores of the beads that start at each node of the band, for the first `depth` shapes; minus infinity for
/// a bead that leaves the band. They lie row after row, within a row shape after shape.
pub(super) fn score(
    text: &Text,
    number: usize,
    band: &Band,
    model: &Model<'_>,
    depth: usize,
    steps: &Steps<'_>,
) -> Vec<f32> {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let lengths = Lengths::new(text, model.parameters);
    let borders = Borders::new(text, model.parameters);
    // Zeros cost nothing until a block overwrites them.
    let mut scores = vec![0.0; band.nodes() * depth];
    let mut blocks = Vec::new();
    let mut rest = &mut scores[..];
    for start in (0..band.rows()).step_by(ROWS) {
        let end = (start + ROWS).min(band.rows());
        let (block, left) = rest.split_at_mut(band.nodes_of(start..end) * depth);
        blocks.push((start..end, block));
        rest = left;
    }
    let most = SHAPES[..depth].iter().map(|(n, m)| *n.max(m)).max().unwrap_or(1);
    blocks.into_par_iter().for_each(|(rows, mut out)| {
        let words = Block::new(text, number, band, rows.clone(), model, most);
        let cosines = Cosines::new(text, band, rows.clone(), most);
        let count = rows.len();
        for i in rows {
            let (row, left) = out.split_at_mut((band.high(i) - band.low(i) + 1) * depth);
            score_row(
                i,
                row,
                band,
                model.parameters,
                (&lengths, &borders, &words, cosines.as_ref()),
            );
            out = left;
        }
        steps.add(count);
    });
    scores
}

/// Scores the beads that start in a row.
fn score_row(
    i: usize,
    out: &mut [f32],
    band: &Band,
    parameters: &Parameters,
    (lengths, borders, words, cosines): (&Lengths, &Borders<'_>, &Block, Option<&Cosines<'_>>),
) {
    let (low, high) = (band.low(i), band.high(i));
    out.fill(f32::NEG_INFINITY);
    let mut sums: Vec<f32> = Vec::new();
    for (shape, out) in out.chunks_exact_mut(high - low + 1).enumerate() {
        let (n, m) = SHAPES[shape];
        // The columns from which the bead stays in the band.
        let Some(columns) = band.columns(i, n, m) else { continue };
        let prior = parameters.log_prior[shape];
        let out = &mut out[columns.start - low..columns.end - low];
        if is_null(shape) {
            #[expect(clippy::cast_possible_truncation, reason = "halves the memory of the grid")]
            out.fill(prior as f32);
            continue;
        }
        let width = columns.len();
        sums.clear();
        sums.resize(width, 0.0);
        let forth = words.forth(i, n, columns.start);
        for k in 0..m {
            sums.iter_mut().zip(&forth[k..]).for_each(|(sum, figure)| *sum += figure);
        }
        for k in 0..n {
            let back = words.back(i + k, m, columns.start);
            sums.iter_mut().zip(back).for_each(|(sum, figure)| *sum += figure);
        }
        let first = columns.start;
        for ((j, out), sum) in columns.clone().zip(&mut *out).zip(&sums) {
            let score = prior
                + lengths.score((i, n), (j, m))
                + WORDS / 2.0 * f64::from(*sum)
                + borders.score((i, n), (j, m));
            #[expect(clippy::cast_possible_truncation, reason = "halves the memory of the grid")]
            let score = score as f32;
            *out = score;
        }
        if let (Some(cosines), Some(closeness)) = (cosines, &parameters.closeness) {
            for (j, out) in columns.clone().zip(&mut *out) {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "halves the memory of the grid"
                )]
                let score = closeness.score(cosines.of((i, n), (j, m))) as f32;
                *out += score;
            }
        }
        for j in band.crossed(columns, m) {
            out[j - first] = f32::NEG_INFINITY;
        }
    }
}

/// What the ends, starts and inner boundaries of beads say.
struct Borders<'a> {
    text: &'a Text,
    parameters: &'a Parameters,
    /// Running sums of what each boundary would say inside a bead, for both sides: of the boundaries before a sentence.
    inner: [Vec<f64>; 2],
}

impl<'a> Borders<'a> {
    fn new(text: &'a Text, parameters: &'a Parameters) -> Self {
        let sums = |sentences: &[Sentence], odds: &[f64]| {
            let mut last: Option<usize> = None;
            let sums = prefix(sentences, |sentence| {
                let end = last.replace(sentence.end);
                end.map_or(0.0, |end| odds[end * START_CLASSES + sentence.start])
            });
            sums[1..].to_vec()
        };
        let inner =
            [sums(&text.source, &parameters.inner[0]), sums(&text.target, &parameters.inner[1])];
        Self { text, parameters, inner }
    }

    #[inline]
    fn score(&self, source: (usize, usize), target: (usize, usize)) -> f64 {
        let [end, start, inner] = self.parts(source, target);
        end + start + inner
    }

    #[inline]
    fn parts(&self, (i, n): (usize, usize), (j, m): (usize, usize)) -> [f64; 3] {
        let (source, target) = (&self.text.source, &self.text.target);
        let inner = self.inner[0][i + n - 1] - self.inner[0][i] + self.inner[1][j + m - 1]
            - self.inner[1][j];
        let end = source[i + n - 1].end * END_CLASSES + target[j + m - 1].end;
        let start = source[i].start * START_CLASSES + target[j].start;
        [self.parameters.end[end], self.parameters.start[start], inner]
    }
}

/// What each part of the score says of single beads of a text.
pub(super) struct Judge<'a> {
    text: &'a Text,
    number: usize,
    model: Model<'a>,
    lengths: Lengths,
    borders: Borders<'a>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(text: &'a Text, number: usize, model: Model<'a>) -> Self {
        let lengths = Lengths::new(text, model.parameters);
        let borders = Borders::new(text, model.parameters);
        Self { text, number, model, lengths, borders }
    }

    /// Returns the parts of a bead's score, in nats.
    pub(super) fn parts(&self, at: &Found) -> Vec<(&'static str, f64)> {
        let mut parts = vec![("shape", self.model.parameters.log_prior[at.shape])];
        if is_null(at.shape) {
            return parts;
        }
        let (n, m) = SHAPES[at.shape];
        let (source, target) = (at.source..at.source + n, at.target..at.target + m);
        parts.push(("length", self.lengths.score((at.source, n), (at.target, m))));
        let words = words(self.text, self.number, &source, &target, &self.model, View::Search);
        parts.push(("words", words));
        let [end, start, inner] = self.borders.parts((at.source, n), (at.target, m));
        parts.extend([("ends", end), ("starts", start), ("boundaries", inner)]);
        let vectors = self.text.vectors.as_ref().zip(self.model.parameters.closeness.as_ref());
        if let Some((vectors, closeness)) = vectors {
            let cosine = vectors.cosine((at.source, n), (at.target, m));
            parts.push(("vectors", closeness.score(cosine)));
        }
        parts
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
            self.log += numeric::ln(self.product.max(1e-300));
            self.product = 1.0;
        }
    }

    fn log(self) -> f64 {
        self.log + numeric::ln(self.product.max(1e-300))
    }
}

/// How [`words`] looks at sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// As the search does.
    Search,
    /// By content alone: the marker of a list item does not count.
    Content,
}

impl View {
    fn counts(self, token: &str) -> bool {
        self == Self::Search || !token.starts_with("\u{1}item")
    }
}

/// Returns what the words of any source and target sentences say of each other, in nats, anywhere in the grid.
pub(super) fn words(
    text: &Text,
    number: usize,
    source: &Range<usize>,
    target: &Range<usize>,
    model: &Model<'_>,
    view: View,
) -> f64 {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let list = |sentences: &[Sentence], range: &Range<usize>, names: &[String]| {
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        let numbered = (first..).zip(&sentences[range.clone()]);
        let all = numbered.flat_map(|(place, s)| {
            let marker = if view == View::Content { s.marker } else { 0 };
            s.tokens[marker..].iter().map(move |token| (place, *token))
        });
        all.filter(|(_, token)| view.counts(&names[*token as usize])).collect::<Vec<(u32, u32)>>()
    };
    let source = list(&text.source, source, &model.corpus.source.tokens);
    let target = list(&text.target, target, &model.corpus.target.tokens);
    let link = |(i, e): (u32, u32), (j, f): (u32, u32), direction: Direction| {
        let learnt = model.lexicon.entry(e, f).map_or(0.0, |entry| {
            match model.lexicon.probability(entry, direction) {
                probability if probability < LEAST_USED => 0.0,
                probability if !Lexicon::is_rare(entry) => probability,
                _ => model.lexicon.left_out(entry, direction, number, i, j),
            }
        });
        (learnt, LIKENESS * model.cognates.weight(e, f))
    };
    let mut product = [Product::default(), Product::default()];
    for f in &target {
        let (trust, rarity) =
            (model.lexicon.trust(f.1, Direction::ToTarget), model.rarity(f.1, Direction::ToTarget));
        let rest = model.lexicon.rest(f.1, Direction::ToTarget);
        let sum: f32 = source
            .iter()
            .map(|e| link(*e, *f, Direction::ToTarget))
            .map(|(t, v)| trust * t + v)
            .sum();
        product[0].add(f64::from(rest + rarity * sum / source.len().max(1) as f32));
    }
    for e in &source {
        let (trust, rarity) =
            (model.lexicon.trust(e.1, Direction::ToSource), model.rarity(e.1, Direction::ToSource));
        let rest = model.lexicon.rest(e.1, Direction::ToSource);
        let sum: f32 = target
            .iter()
            .map(|f| link(*e, *f, Direction::ToSource))
            .map(|(t, v)| trust * t + v)
            .sum();
        product[1].add(f64::from(rest + rarity * sum / target.len().max(1) as f32));
    }
    let [forth, back] = product;
    WORDS * (forth.log() + back.log()) / 2.0
}
