//! What the words of a bead say: how well the sentences of each side explain the words of the other.
//!
//! A target word is explained by the mean over the bead's source words of its lexicon probability against its plain
//! share, and by its look-alikes; the same the other way round. A bead's figure is a sum over its sentences, so what
//! `n` source sentences from `i` say of target sentence `j` is computed once for all beads that ask:
//!
//! ```text
//! figures of sentence j:   word 1  word 2  word 3        forth(i, n = 2, j) = log product over words of
//!     source sentence i      .2      .0     4.1              rest + share * (figure of i + figure of i + 1)
//!     source sentence i+1    .0     1.3      .0
//! ```
//!
//! This is done for a block of rows of the grid at a time, so that memory does not grow with the text.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::band::Band;
use super::lexicon::{Direction, LEAST_USED, Lexicon};
use super::numeric;
use super::score::{LIKENESS, Model};
use super::tokens::{Sentence, Text};

/// Words whose figures are added up at a time.
const LANES: usize = 4;

/// Words after which a product is turned into a logarithm; 32 factors of at most 1e7 do not overflow.
const FACTORS: usize = 32;

/// The word figures of a block of rows, logarithms against the plain shares of the words.
pub(super) struct Block {
    first: usize,
    /// For each source sentence of the block the target sentences looked at.
    cells: Vec<Range<usize>>,
    /// For each source sentence the place of its first figure.
    places: Vec<usize>,
    /// For source sentence i, count n and target sentence j: what n sentences from i say of sentence j.
    forth: Vec<f32>,
    /// For source sentence i, count m and target sentence j: what m sentences from j say of sentence i.
    back: Vec<f32>,
}

impl Block {
    /// Computes the figures for beads that start in a range of rows and take up to `most` sentences a side.
    pub(super) fn new(
        text: &Text,
        number: u32,
        band: &Band,
        rows: Range<usize>,
        model: &Model<'_>,
        most: usize,
    ) -> Self {
        let sources = rows.start..(rows.end + most - 1).min(text.source.len());
        let cells: Vec<Range<usize>> = sources.clone().map(|i| band.cells(i)).collect();
        let mut places = Vec::with_capacity(cells.len());
        let mut total = 0;
        for range in &cells {
            places.push(total);
            total += range.len() * most;
        }
        let mut block = Self {
            first: sources.start,
            forth: vec![f32::NEG_INFINITY; total],
            back: vec![f32::NEG_INFINITY; total],
            cells,
            places,
        };
        let (Some(top), Some(end)) = (block.cells.first(), block.cells.last()) else {
            return block;
        };
        let targets = top.start..end.end;
        let mut sentence = Figures::default();
        let index = Index::new(&text.source, &sources);
        for (j, range) in targets.clone().zip(turned(&block.cells, &targets)) {
            let range = range.start + sources.start..range.end + sources.start;
            sentence.fill(&text.target[j], j, number, &range, &index, model, Direction::ToTarget);
            let is_needed = |i, n| band.may_join(i, n, j);
            sentence.explain(&text.source, &range, most, is_needed, |i, n, figure| {
                let place = i - sources.start;
                let cells = &block.cells[place];
                block.forth[block.places[place] + (n - 1) * cells.len() + j - cells.start] = figure;
            });
        }
        let index = Index::new(&text.target, &targets);
        for (place, i) in sources.enumerate() {
            let range = &block.cells[place];
            sentence.fill(&text.source[i], i, number, range, &index, model, Direction::ToSource);
            let is_needed = |j, m| band.may_take(i, j, m);
            sentence.explain(&text.target, range, most, is_needed, |j, m, figure| {
                block.back[block.places[place] + (m - 1) * range.len() + j - range.start] = figure;
            });
        }
        block
    }

    /// Returns what `n` source sentences from `i` say of each target sentence from `j` on.
    #[inline]
    pub(super) fn forth(&self, i: usize, n: usize, j: usize) -> &[f32] {
        Self::row(self, &self.forth, i, n, j)
    }

    /// Returns what `m` target sentences say of source sentence `i`, for each first target sentence from `j` on.
    #[inline]
    pub(super) fn back(&self, i: usize, m: usize, j: usize) -> &[f32] {
        Self::row(self, &self.back, i, m, j)
    }

    fn row<'a>(&self, figures: &'a [f32], i: usize, count: usize, j: usize) -> &'a [f32] {
        let cells = &self.cells[i - self.first];
        let from = self.places[i - self.first] + (count - 1) * cells.len();
        &figures[from + j - cells.start..from + cells.len()]
    }
}

/// Turns ranges of targets for each source into ranges of sources for each target. The ranges rise.
fn turned(
    ranges: &[Range<usize>],
    targets: &Range<usize>,
) -> impl Iterator<Item = Range<usize>> + use<> {
    let (mut first, mut last) = (0, 0);
    let turned: Vec<Range<usize>> = targets
        .clone()
        .map(|target| {
            while first < ranges.len() && ranges[first].end <= target {
                first += 1;
            }
            while last < ranges.len() && ranges[last].start <= target {
                last += 1;
            }
            first..last.max(first)
        })
        .collect();
    turned.into_iter()
}

/// Where each token of a range of sentences stands.
struct Index {
    places: Vec<(u32, u32)>,
    of_token: FxHashMap<u32, (u32, u32)>,
}

impl Index {
    fn new(sentences: &[Sentence], range: &Range<usize>) -> Self {
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        let numbered = (first..).zip(&sentences[range.clone()]);
        let mut places: Vec<(u32, u32)> = numbered
            .flat_map(|(place, sentence)| sentence.tokens.iter().map(move |token| (*token, place)))
            .collect();
        places.sort_unstable();
        let mut of_token = FxHashMap::default();
        let mut start = 0u32;
        for chunk in places.chunk_by(|one, other| one.0 == other.0) {
            let end = start + u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            of_token.insert(chunk[0].0, (start, end));
            start = end;
        }
        Self { places, of_token }
    }

    /// Returns the places of a token inside a range of sentences.
    #[inline]
    fn of(&self, token: u32, range: &Range<usize>) -> &[(u32, u32)] {
        let Some((start, end)) = self.of_token.get(&token) else { return &[] };
        let all = &self.places[*start as usize..*end as usize];
        let from = all.partition_point(|place| (place.1 as usize) < range.start);
        let rest = &all[from..];
        &rest[..rest.partition_point(|place| (place.1 as usize) < range.end)]
    }
}

/// For each word of one sentence, how well each sentence of a range of the other side explains it.
#[derive(Default)]
struct Figures {
    /// Sentence after sentence a figure for each word, filled up to whole lanes.
    rows: Vec<f32>,
    /// What is left for no explanation, for each word.
    rests: Vec<f32>,
    sums: Vec<f32>,
}

impl Figures {
    #[expect(clippy::too_many_arguments, reason = "one step of a loop, kept apart to be read")]
    fn fill(
        &mut self,
        sentence: &Sentence,
        place: usize,
        text: u32,
        range: &Range<usize>,
        index: &Index,
        model: &Model<'_>,
        direction: Direction,
    ) {
        let width = sentence.tokens.len().next_multiple_of(LANES);
        self.rows.clear();
        self.rows.resize(width * range.len(), 0.0);
        self.rests.clear();
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        for (column, word) in sentence.tokens.iter().enumerate() {
            let rarity = model.rarity(*word, direction);
            let trust = model.lexicon.trust(*word, direction);
            self.rests.push(model.lexicon.rest(*word, direction));
            let mut add = |sentence: u32, figure: f32| {
                self.rows[(sentence as usize - range.start) * width + column] += figure;
            };
            let trust = trust * rarity;
            for entry in model.lexicon.of(*word, direction) {
                let probability = model.lexicon.probability(entry, direction);
                if probability < LEAST_USED {
                    continue;
                }
                for (_, other) in index.of(entry.other(direction), range) {
                    let probability = match direction {
                        _ if !Lexicon::is_rare(entry) => probability,
                        Direction::ToTarget => {
                            model.lexicon.left_out(entry, direction, text, *other, place)
                        }
                        Direction::ToSource => {
                            model.lexicon.left_out(entry, direction, text, place, *other)
                        }
                    };
                    add(*other, trust * probability);
                }
            }
            for (other, weight) in model.cognates.of(*word, direction) {
                for (_, other) in index.of(*other, range) {
                    add(*other, LIKENESS * weight * rarity);
                }
            }
        }
        self.rests.resize(width, 1.0);
    }

    /// Calls `write` with a first sentence, a count and the log of how well those sentences explain the words, for all that
    /// some bead of the band needs.
    fn explain(
        &mut self,
        others: &[Sentence],
        range: &Range<usize>,
        most: usize,
        is_needed: impl Fn(usize, usize) -> bool,
        mut write: impl FnMut(usize, usize, f32),
    ) {
        let width = self.rests.len();
        for start in range.clone() {
            self.sums.clear();
            self.sums.resize(width, 0.0);
            let mut words = 0;
            for count in 1..=most.min(range.end - start) {
                let at = start + count - 1;
                words += others[at].tokens.len();
                let row = &self.rows[(at - range.start) * width..(at - range.start + 1) * width];
                #[expect(clippy::cast_precision_loss, reason = "a count of words")]
                let share = 1.0 / words.max(1) as f32;
                self.sums.iter_mut().zip(row).for_each(|(sum, figure)| *sum += figure);
                if is_needed(start, count) {
                    write(start, count, log_product(&self.sums, &self.rests, share));
                }
            }
        }
    }
}

/// Returns the log of the product of `rest + share * sum`.
fn log_product(sums: &[f32], rests: &[f32], share: f32) -> f32 {
    let mut log = 0.0;
    for (sums, rests) in sums.chunks(FACTORS).zip(rests.chunks(FACTORS)) {
        let mut product = [1.0f64; LANES];
        for (sums, rests) in sums.chunks_exact(LANES).zip(rests.chunks_exact(LANES)) {
            for lane in 0..LANES {
                product[lane] *= f64::from(rests[lane] + share * sums[lane]);
            }
        }
        log += numeric::ln((product[0] * product[1] * product[2] * product[3]).max(1e-300));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a score needs no more digits")]
    let log = log as f32;
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_turn_both_ways() {
        let turned: Vec<_> = turned(&[0..2, 0..3, 1..4], &(0..4)).collect();
        assert_eq!(turned, [0..2, 0..3, 1..3, 2..3]);
    }

    #[test]
    fn a_long_product_is_the_sum_of_its_logarithms() {
        let log = log_product(&[3.0; 72], &[0.5; 72], 0.5);
        assert!((f64::from(log) - 72.0 * libm::log(2.0)).abs() < 1e-3);
    }
}
