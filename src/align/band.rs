//! The part of the grid that is looked at.
//!
//! A node (i, j) says that i source and j target segments are behind us. For each i the band holds the nodes from
//! `low(i)` to `high(i)`; both rise with i, and neighbouring rows overlap, so that some path always leads through.
//!
//! A short text is looked at whole. For a long one, tokens that are rare on both sides give points; the heaviest chain
//! of points that rises on both sides gives a line, and the band is laid around it, wider where points are far apart
//! (a missing chapter bends the line).

use rayon::prelude::*;

use super::cognates::Cognates;
use super::fixed::Gates;
use super::search::Posteriors;
use super::shape::{LONGEST, SHAPES};
use super::tokens::{Corpus, Sentence, Text};

/// The most nodes that are looked at without a band.
const WHOLE: usize = 300_000;

/// What a bead's posterior must reach for its nodes to stay in the band.
const KEPT: f64 = 3e-4;

/// How far the kept nodes are widened, in columns and in rows. Measured: from 6 and 3 down to 2 and 0 no figure of the
/// development sets changes.
const WIDER_COLUMNS: usize = 3;
const WIDER_ROWS: usize = 1;

/// The most points of rare tokens looked at, a segment. Measured: 200,000 segments made of 2,000 lines take 55 s and 675 MB
/// with it, 60 s and 1,474 MB without.
const POINTS: usize = 16;

/// Least half width of a band laid around anchors, in columns.
const HALF_WIDTH: f64 = 20.0;

/// How wide a band around anchors may be, nodes a row, where it has more nodes than [`MOST`]; it is narrowed to those. A text
/// in which nothing is rare (300,000 lines of one letter) has no anchors.
const WIDEST: usize = 100;

/// The most nodes of a band that is wider than that, where the least half width leaves so few.
const MOST: usize = 20_000_000;

/// The part of the grid that is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    low: Vec<usize>,
    high: Vec<usize>,
    offsets: Vec<usize>,
    /// Segments that a rare token links, where the band was laid around them: source place, target place.
    pub(super) anchors: Vec<(usize, usize)>,
    /// Where the ways must lead.
    gates: Gates,
}

impl Band {
    /// Makes the band of the first round.
    pub(super) fn first(text: &Text, corpus: &Corpus, cognates: &Cognates) -> Self {
        let (rows, columns) = (text.source.len(), text.target.len());
        if (rows + 1).saturating_mul(columns + 1) <= WHOLE || rows == 0 || columns == 0 {
            let (low, high) = (vec![0; rows + 1], vec![columns; rows + 1]);
            return Self::of(low, high, Vec::new(), text.gates.clone());
        }
        let chain = steady(heaviest_chain(points(text, corpus, cognates)), rows, columns);
        let free = Self::around(chain, text, f64::INFINITY);
        if free.nodes() <= MOST.max(WIDEST * (rows + 1)) {
            return free;
        }
        let half = (MOST / (rows + 1) / 2) as f64;
        Self::around(free.anchors, text, half.max(HALF_WIDTH))
    }

    /// Lays a band around anchors, no wider than so many columns to each side.
    fn around(chain: Vec<(usize, usize)>, text: &Text, widest: f64) -> Self {
        let (rows, columns) = (text.source.len(), text.target.len());
        let (mut low, mut high) = (vec![columns; rows + 1], vec![0; rows + 1]);
        let slope = columns as f64 / rows as f64;
        let mut corners: Vec<(usize, usize)> = vec![(0, 0)];
        corners.extend(&chain);
        corners.push((rows, columns));
        for ends in corners.windows(2) {
            let ((i0, j0), (i1, j1)) = (ends[0], ends[1]);
            let (gap_i, gap_j) = ((i1 - i0) as f64, j1 as f64 - j0 as f64);
            let bend = 0.5 * (gap_j - slope * gap_i).abs();
            for i in i0..=i1 {
                let near = (i - i0).min(i1 - i) as f64;
                let half = (HALF_WIDTH + 0.25 * near + bend).min(widest);
                let centre =
                    if i1 == i0 { j0 as f64 } else { j0 as f64 + gap_j * (i - i0) as f64 / gap_i };
                low[i] = low[i].min(floor(centre - half));
                high[i] = high[i].max(floor(centre + half + 1.0).min(columns));
            }
        }
        Self::of(low, high, chain, text.gates.clone())
    }

    /// Makes a band from row ends; the ends are spread so that they rise, the corners are inside and some way leads through
    /// the gates.
    fn of(
        mut low: Vec<usize>,
        mut high: Vec<usize>,
        anchors: Vec<(usize, usize)>,
        gates: Gates,
    ) -> Self {
        low[0] = 0;
        for (row, column) in gates.needed() {
            low[row] = low[row].min(column);
            high[row] = high[row].max(column);
        }
        for i in (1..low.len()).rev() {
            low[i - 1] = low[i - 1].min(low[i]);
        }
        for i in 1..high.len() {
            high[i] = high[i].max(high[i - 1]);
        }
        for i in 1..low.len() {
            // Neighbouring rows must share a column.
            high[i - 1] = high[i - 1].max(low[i]);
        }
        for ends in [&mut low, &mut high] {
            ends.iter_mut().enumerate().for_each(|(row, end)| *end = gates.clamp(row, *end));
        }
        let mut offsets = Vec::with_capacity(low.len() + 1);
        let mut total = 0;
        for (low, high) in low.iter().zip(&high) {
            offsets.push(total);
            total += high - low + 1;
        }
        offsets.push(total);
        Self { low, high, offsets, anchors, gates }
    }

    /// Returns the band of the next round: the nodes of beads that are at all likely, widened.
    pub(super) fn pruned(self, pass: &Posteriors) -> Self {
        let rows = self.low.len() - 1;
        let columns = self.high[rows];
        let (mut low, mut high) = (vec![columns; rows + 1], vec![0; rows + 1]);
        for found in pass.found.iter().filter(|found| found.posterior > KEPT) {
            let (n, m) = SHAPES[found.shape];
            for i in found.source..=found.source + n {
                low[i] = low[i].min(found.target);
                high[i] = high[i].max(found.target + m);
            }
        }
        low[0] = 0;
        high[rows] = columns;
        let widened = |i: usize| i.saturating_sub(WIDER_ROWS)..=(i + WIDER_ROWS).min(rows);
        let least =
            |i: usize| low[widened(i)].iter().min().map_or(0, |j| j.saturating_sub(WIDER_COLUMNS));
        let most = |i: usize| {
            high[widened(i)].iter().max().map_or(columns, |j| (j + WIDER_COLUMNS).min(columns))
        };
        let new_low = (0..=rows).map(least).collect();
        let new_high = (0..=rows).map(most).collect();
        Self::of(new_low, new_high, self.anchors, self.gates)
    }

    /// Returns how many rows of nodes there are: source segments and one.
    pub(super) fn rows(&self) -> usize {
        self.low.len()
    }

    /// Returns the first column of a row.
    pub(super) fn low(&self, row: usize) -> usize {
        self.low[row]
    }

    /// Returns the last column of a row.
    pub(super) fn high(&self, row: usize) -> usize {
        self.high[row]
    }

    /// Returns how many nodes there are.
    pub(super) fn nodes(&self) -> usize {
        self.offsets[self.low.len()]
    }

    /// Returns how many nodes a range of rows has.
    pub(super) fn nodes_of(&self, rows: std::ops::Range<usize>) -> usize {
        self.offsets[rows.end] - self.offsets[rows.start]
    }

    /// Returns the number of the first node of a row.
    pub(super) fn first_of(&self, row: usize) -> usize {
        self.offsets[row]
    }

    /// Returns the first row before which there are at least so many nodes.
    pub(super) fn row_of(&self, nodes: usize) -> usize {
        self.offsets.partition_point(|offset| *offset < nodes)
    }

    /// Returns the columns of a row from which a bead of `n` source and `m` target segments stays in the band and keeps to
    /// the gates on the source side.
    pub(super) fn columns(&self, row: usize, n: usize, m: usize) -> Option<std::ops::Range<usize>> {
        if row + n >= self.low.len() {
            return None;
        }
        let start = self.low[row].max(self.low[row + n].saturating_sub(m));
        let end = (self.high[row] + 1).min((self.high[row + n] + 1).saturating_sub(m));
        if start >= end {
            return None;
        }
        self.gates.columns(row, (n, m), start..end)
    }

    /// Says from which columns of a range a bead of `m` target segments reaches over a place where none may.
    pub(super) fn crossed(
        &self,
        columns: std::ops::Range<usize>,
        m: usize,
    ) -> impl Iterator<Item = usize> + '_ {
        let columns = if m > 1 && self.gates.has_seams() { columns } else { 0..0 };
        columns.filter(move |column| self.gates.is_crossed(*column, m))
    }

    /// Says whether some bead of the band takes `n` source segments from `i`, and target segment `j`.
    #[inline]
    pub(super) fn may_join(&self, i: usize, n: usize, j: usize) -> bool {
        // Such a bead takes at most `m` target segments, and ends in row i + n.
        let m = LONGEST - n;
        i + n < self.low.len()
            && j >= self.low[i].max(self.low[i + n].saturating_sub(m))
            && j < self.high[i + n].min(self.high[i] + m)
    }

    /// Says whether some bead of the band takes source segment `i`, and `m` target segments from `j`.
    #[inline]
    pub(super) fn may_take(&self, i: usize, j: usize, m: usize) -> bool {
        // Such a bead starts at most n - 1 rows before this one, and ends at most n rows behind it.
        let n = LONGEST - m;
        let last = (i + n).min(self.low.len() - 1);
        j >= self.low[i.saturating_sub(n - 1)].max(self.low[i + 1].saturating_sub(m))
            && j <= self.high[i]
            && j + m <= self.high[last]
    }

    /// Returns the number of a node, `None` outside the band.
    pub(super) fn node(&self, row: usize, column: usize) -> Option<usize> {
        let inside = row < self.low.len() && (self.low[row]..=self.high[row]).contains(&column);
        inside.then(|| self.offsets[row] + column - self.low[row])
    }

    /// Returns the target segments that a bead of the band may pair with a source segment.
    pub(super) fn cells(&self, source: usize) -> std::ops::Range<usize> {
        let last = self.low.len() - 1;
        self.low[source.saturating_sub(super::shape::MOST - 1)]
            ..self.high[(source + super::shape::MOST).min(last)]
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "columns, cut at 0")]
fn floor(column: f64) -> usize {
    column.max(0.0) as usize
}

/// Returns points (source, target, weight) where tokens that are rare on both sides look alike, by source and target. The
/// rarest pairs of tokens come first and there is a budget of points, so that a long text in which every word occurs often
/// (one made of formulas) takes no more than its share of time.
fn points(text: &Text, corpus: &Corpus, cognates: &Cognates) -> Vec<(usize, usize, f64)> {
    let size = text.source.len().max(text.target.len());
    let rare = (size / 1500).max(4);
    let (source, target) =
        rayon::join(|| places(&text.source, rare), || places(&text.target, rare));
    let mut pairs: Vec<(usize, usize, usize, f64)> = Vec::new();
    for (column, (token, columns)) in target.iter().enumerate() {
        for (other, weight) in &cognates.of_target[*token as usize] {
            let Ok(row) = source.binary_search_by_key(other, |(token, _)| *token) else {
                continue;
            };
            // Punctuation and short words look alike everywhere.
            if *weight < 0.3 || corpus.source.tokens[*other as usize].chars().count() < 2 {
                continue;
            }
            let count = source[row].1.len() * columns.len();
            pairs.push((count, row, column, f64::from(*weight) / libm::sqrt(count as f64)));
        }
    }
    pairs.sort_unstable_by_key(|(count, row, column, _)| (*count, *row, *column));
    let mut left = POINTS * size;
    let mut points: Vec<(usize, usize, f64)> = Vec::new();
    for (count, row, column, share) in pairs {
        let Some(rest) = left.checked_sub(count) else { break };
        left = rest;
        let columns = &target[column].1;
        points.extend(source[row].1.iter().flat_map(|i| columns.iter().map(|j| (*i, *j, share))));
    }
    // By weight too, so that equal points are added up in one order.
    points.par_sort_unstable_by(|one, other| {
        (one.0, one.1).cmp(&(other.0, other.1)).then(one.2.total_cmp(&other.2))
    });
    points.dedup_by(|next, kept| {
        let is_same = (next.0, next.1) == (kept.0, kept.1);
        if is_same {
            kept.2 += next.2;
        }
        is_same
    });
    points
}

/// Returns the tokens that stand in at most `rare` sentences, by token, with those sentences.
fn places(sentences: &[Sentence], rare: usize) -> Vec<(u32, Vec<usize>)> {
    let mut all: Vec<(u32, usize)> = sentences
        .iter()
        .enumerate()
        .flat_map(|(place, sentence)| sentence.types.iter().map(move |token| (*token, place)))
        .collect();
    all.par_sort_unstable();
    all.chunk_by(|one, other| one.0 == other.0)
        .filter(|chunk| chunk.len() <= rare)
        .map(|chunk| (chunk[0].0, chunk.iter().map(|(_, place)| *place).collect()))
        .collect()
}

/// Returns the heaviest chain of points that rises strictly on both sides, by a Fenwick tree of maxima over columns.
fn heaviest_chain(points: Vec<(usize, usize, f64)>) -> Vec<(usize, usize)> {
    let columns = points.iter().map(|(_, j, _)| j + 1).max().unwrap_or(0);
    let mut tree: Vec<(f64, usize)> = vec![(0.0, usize::MAX); columns + 1];
    let mut best: Vec<(f64, usize)> = Vec::with_capacity(points.len());
    let mut start = 0;
    while start < points.len() {
        let row = points[start].0;
        let end = start + points[start..].iter().take_while(|point| point.0 == row).count();
        for (_, j, weight) in &points[start..end] {
            let (mut sum, mut from) = (0.0, usize::MAX);
            let mut at = *j;
            while at > 0 {
                if tree[at].0 > sum {
                    (sum, from) = tree[at];
                }
                at &= at - 1;
            }
            best.push((sum + weight, from));
        }
        for place in start..end {
            let mut at = points[place].1 + 1;
            while at < tree.len() {
                if best[place].0 > tree[at].0 {
                    tree[at] = (best[place].0, place);
                }
                at += at & at.wrapping_neg();
            }
        }
        start = end;
    }
    let heaviest =
        best.iter().enumerate().fold(None, |most: Option<usize>, (place, value)| match most {
            Some(most) if best[most].0 >= value.0 => Some(most),
            _ => Some(place),
        });
    let mut chain = Vec::new();
    let mut at = heaviest.unwrap_or(usize::MAX);
    while at != usize::MAX {
        chain.push((points[at].0, points[at].1));
        at = best[at].1;
    }
    chain.reverse();
    chain
}

/// Keeps the points that at least three of their six neighbours in the chain agree with.
fn steady(chain: Vec<(usize, usize)>, rows: usize, columns: usize) -> Vec<(usize, usize)> {
    let slope = columns as f64 / rows as f64;
    let agree = |one: (usize, usize), other: (usize, usize)| {
        let di = other.0 as f64 - one.0 as f64;
        let dj = other.1 as f64 - one.1 as f64;
        (dj - slope * di).abs() <= 3.0 + 0.25 * di.abs()
    };
    (0..chain.len())
        .filter(|at| {
            let around = at.saturating_sub(3)..(at + 4).min(chain.len());
            around.filter(|other| other != at && agree(chain[*at], chain[*other])).count() >= 3
        })
        .map(|at| chain[at])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Pair;
    use super::super::fixed::Free;
    use super::*;
    use crate::model::Language;

    #[test]
    fn the_heaviest_rising_chain_leaves_the_outlier() {
        let points = vec![(0, 0, 1.0), (1, 9, 1.5), (2, 2, 1.0), (3, 3, 1.0)];
        assert_eq!(heaviest_chain(points), [(0, 0), (2, 2), (3, 3)]);
    }

    #[test]
    fn a_long_text_without_anchors_has_a_narrow_band() {
        let lines = "a\n".repeat(20_000);
        let read = |language| crate::segment::presegmented_document("", lines.clone(), language);
        let (source, target) = (read(Language::EN), read(Language::AZ));
        let corpus = Corpus::new(Free::each(&[Pair::new(&source, &target)]));
        let band = Band::first(&corpus.texts[0], &corpus, &Cognates::new(&corpus, &[]));
        assert!(band.nodes() <= MOST + 2 * band.rows(), "{}", band.nodes());
    }

    #[test]
    fn rows_of_a_band_overlap() {
        let band = Band::of(vec![0, 5, 3, 9], vec![0, 6, 7, 9], Vec::new(), Gates::default());
        for row in 1..band.rows() {
            assert!(band.low(row) <= band.high(row - 1) && band.low(row - 1) <= band.low(row));
        }
        assert_eq!(band.node(0, 0), Some(0));
        assert_eq!(band.node(3, 0), None);
    }
}
