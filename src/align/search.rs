//! Sums over all ways to align two texts inside a band, and the alignment with the most expected right beads.
//!
//! Forward-backward in log space over nodes and two classes of the last bead: without partner, or with. A segment
//! without partner makes the next one more likely to be without: the transition between the classes is part of the
//! score. The result decoded is not the best path but the one that maximises the expected F1.
//!
//! A row of the grid is worked on shape by shape; only the beads that stay in the row (a target segment without partner)
//! must go column by column. Of the sums, one row and the five before it are kept, and the forward sums of all.

use super::band::Band;
use super::estimate::Transitions;
use super::numeric::{exp, ln, log_add};
use super::shape::{COUNT, MOST, SHAPES, is_null};
use super::tokens::Text;

/// Posteriors below this are not kept.
const LEAST: f64 = 1e-4;

/// What a bead costs in the decoding; the gradient of F1 where precision counts beads without partner, recall does not,
/// and precision is about .9 (trial: best of the values tried).
pub(super) const BEAD_COST: f64 = 0.45;

/// The share of its posterior that a bead without partner gains.
pub(super) const NULL_SHARE: f64 = 0.5;

/// The shape of a target segment without partner, the only one that stays in its row.
const TARGET_ALONE: usize = 1;

/// A bead at a place of the grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    /// The first source segment, or where one would be.
    pub(super) source: usize,
    /// The first target segment, or where one would be.
    pub(super) target: usize,
    /// The shape, a place in [`SHAPES`].
    pub(super) shape: usize,
    /// The probability of the bead, in `0..=1`.
    pub(super) posterior: f64,
}

/// The beads of a text that are at all likely.
#[derive(Debug, Default)]
pub(super) struct Posteriors {
    /// By source, target and shape.
    pub(super) found: Vec<Found>,
    /// Expected number of transitions from the first class to the second; class 0 is without partner.
    pub(super) transitions: [[f64; 2]; 2],
}

/// The class of a shape: 0 without partner, 1 with.
fn class(shape: usize) -> usize {
    usize::from(!is_null(shape))
}

/// Sums over a row and the rows next to it, by row number modulo their count, column and class.
struct Ring([Vec<[f64; 2]>; MOST + 1]);

impl Ring {
    fn new() -> Self {
        Self(std::array::from_fn(|_| Vec::new()))
    }

    fn row(&self, row: usize) -> &[[f64; 2]] {
        &self.0[row % (MOST + 1)]
    }

    fn start(&mut self, row: usize, width: usize) {
        let cells = &mut self.0[row % (MOST + 1)];
        cells.clear();
        cells.resize(width, [f64::NEG_INFINITY; 2]);
    }

    fn set(&mut self, row: usize, column: usize, value: [f64; 2]) {
        self.0[row % (MOST + 1)][column] = value;
    }
}

/// Log sums of a row, each column by itself, over terms that come shape after shape: the terms are kept until the
/// greatest of each column is known.
#[derive(Default)]
struct RowSums {
    width: usize,
    terms: Vec<f64>,
    most: Vec<f64>,
    sums: Vec<f64>,
}

impl RowSums {
    fn start(&mut self, width: usize) {
        self.width = width;
        self.terms.clear();
        self.most.clear();
        // Finite, so that nothing less nothing is nothing.
        self.most.resize(width, f64::MIN);
    }

    /// Opens a line of terms, all of them nothing so far.
    fn line(&mut self) -> (&mut [f64], &mut [f64]) {
        let from = self.terms.len();
        self.terms.resize(from + self.width, f64::NEG_INFINITY);
        (&mut self.terms[from..], &mut self.most)
    }

    /// Returns the log sum of each column.
    fn finish(&mut self) -> &[f64] {
        self.sums.clear();
        self.sums.resize(self.width, 0.0);
        for line in self.terms.chunks_exact(self.width.max(1)) {
            for ((sum, most), term) in self.sums.iter_mut().zip(&self.most).zip(line) {
                *sum += exp(term - most);
            }
        }
        for (sum, most) in self.sums.iter_mut().zip(&self.most) {
            *sum = if *sum > 0.0 { most + ln(*sum) } else { f64::NEG_INFINITY };
        }
        &self.sums
    }
}

/// The grid that the sums go over.
struct Grid<'a> {
    band: &'a Band,
    scores: &'a [f32],
    depth: usize,
    temperature: f64,
}

impl Grid<'_> {
    /// Returns the scores of a shape in a row, from the first column of the band on.
    fn line(&self, row: usize, shape: usize) -> &[f32] {
        let width = self.width(row);
        let from = self.band.first_of(row) * self.depth + shape * width;
        &self.scores[from..from + width]
    }

    fn width(&self, row: usize) -> usize {
        self.band.high(row) - self.band.low(row) + 1
    }
}

/// Returns the posterior of each bead of the band. `scores` holds a score for each of the first `depth` shapes a node, as
/// [`super::score::score`] lays them; `temperature` multiplies every score.
pub(super) fn posteriors(
    text: &Text,
    band: &Band,
    scores: &[f32],
    depth: usize,
    transitions: &Transitions,
    temperature: f64,
) -> Posteriors {
    let step = transitions.log_ratios().map(|row| row.map(|value| value * temperature));
    let grid = Grid { band, scores, depth, temperature };
    let (rows, columns) = (text.source.len(), text.target.len());
    if band.node(rows, columns).is_none() || rows + columns == 0 {
        return Posteriors::default();
    }
    let forward = forward(&grid, &step);
    let last = forward[band.nodes() - 1];
    backward(&grid, &step, &forward, log_add(last[0], last[1]))
}

/// Returns what a bead of each class adds to after the ways to a node, by the class of their last bead.
fn onward(reached: [f64; 2], step: &[[f64; 2]; 2]) -> [f64; 2] {
    [0, 1].map(|z| log_add(reached[0] + step[0][z], reached[1] + step[1][z]))
}

/// Returns for each node the log sum over all ways to it, by the class of the last bead.
fn forward(grid: &Grid<'_>, step: &[[f64; 2]; 2]) -> Vec<[f64; 2]> {
    let band = grid.band;
    let mut forward = vec![[f64::NEG_INFINITY; 2]; band.nodes()];
    // The ways to a node with the transition into a bead of each class.
    let mut outgoing = Ring::new();
    let mut sums = [RowSums::default(), RowSums::default()];
    for row in 0..band.rows() {
        let (low, width) = (band.low(row), grid.width(row));
        outgoing.start(row, width);
        sums.iter_mut().for_each(|sums| sums.start(width));
        for (shape, (n, m)) in SHAPES.iter().enumerate().take(grid.depth) {
            if *n == 0 || *n > row {
                continue;
            }
            let from_row = row - n;
            let Some(from) = band.columns(from_row, *n, *m) else { continue };
            let z = class(shape);
            let from_low = band.low(from_row);
            let (terms, most) = sums[z].line();
            let place = from.start + m - low;
            let inside = from.start - from_low..from.end - from_low;
            let before = &outgoing.row(from_row)[inside.clone()];
            let scores = &grid.line(from_row, shape)[inside];
            let cells = terms[place..].iter_mut().zip(&mut most[place..]);
            for (((term, most), before), score) in cells.zip(before).zip(scores) {
                *term = before[z] + f64::from(*score) * grid.temperature;
                *most = most.max(*term);
            }
        }
        let [alone, paired] = &mut sums;
        let (alone, paired) = (alone.finish(), paired.finish());
        let staying = grid.line(row, TARGET_ALONE);
        let reached = &mut forward[band.first_of(row)..];
        let mut before = f64::NEG_INFINITY;
        for column in 0..width {
            if row == 0 && column == 0 && low == 0 {
                // Before the first bead stands none: neutral.
                outgoing.set(row, column, [0.0, 0.0]);
                before = f64::from(staying[column]) * grid.temperature;
                continue;
            }
            reached[column] = [log_add(alone[column], before), paired[column]];
            let out = onward(reached[column], step);
            outgoing.set(row, column, out);
            before = out[0] + f64::from(staying[column]) * grid.temperature;
        }
    }
    forward
}

/// Returns the likely beads and the transitions, from the forward sums and the log sum over all ways.
fn backward(grid: &Grid<'_>, step: &[[f64; 2]; 2], forward: &[[f64; 2]], total: f64) -> Posteriors {
    let band = grid.band;
    let least = libm::log(LEAST);
    let mut found = Vec::new();
    let mut counts = [[0.0; 2]; 2];
    let mut behind = Ring::new();
    let mut sums = [RowSums::default(), RowSums::default()];
    let mut outgoing: Vec<[f64; 2]> = Vec::new();
    let last_row = band.rows() - 1;
    for row in (0..band.rows()).rev() {
        let (low, width) = (band.low(row), grid.width(row));
        let reached = &forward[band.first_of(row)..][..width];
        outgoing.clear();
        outgoing.extend(reached.iter().map(|reached| onward(*reached, step)));
        if row == 0 {
            outgoing[0] = [0.0, 0.0];
        }
        behind.start(row, width);
        sums.iter_mut().for_each(|sums| sums.start(width));
        for (shape, (n, m)) in SHAPES.iter().enumerate().take(grid.depth) {
            let Some(from) = band.columns(row, *n, *m).filter(|_| *n > 0) else { continue };
            let z = class(shape);
            let to_low = band.low(row + n);
            let (terms, most) = sums[z].line();
            let inside = from.start - low..from.end - low;
            let after = &behind.row(row + n)[from.start + m - to_low..];
            let scores = &grid.line(row, shape)[inside.clone()];
            let cells = terms[inside.clone()].iter_mut().zip(&mut most[inside.clone()]);
            for (((term, most), after), score) in cells.zip(after).zip(scores) {
                *term = f64::from(*score) * grid.temperature + after[z];
                *most = most.max(*term);
            }
            for ((column, term), out) in
                from.zip(&terms[inside.clone()]).zip(&outgoing[inside.clone()])
            {
                let log = out[z] + term - total;
                if log > least {
                    found.push(Found { source: row, target: column, shape, posterior: exp(log) });
                }
            }
        }
        let [alone, paired] = &mut sums;
        let (alone, paired) = (alone.finish(), paired.finish());
        let staying = grid.line(row, TARGET_ALONE);
        let mut after = f64::NEG_INFINITY;
        for column in (0..width).rev() {
            if row == last_row && column + 1 == width {
                behind.set(row, column, [0.0, 0.0]);
                after = 0.0;
                continue;
            }
            let stay = f64::from(staying[column]) * grid.temperature + after;
            let log = outgoing[column][0] + stay - total;
            if log > least {
                let target = low + column;
                let shape = TARGET_ALONE;
                found.push(Found { source: row, target, shape, posterior: exp(log) });
            }
            let ahead = [log_add(alone[column], stay), paired[column]];
            let back = [0, 1].map(|c| log_add(step[c][0] + ahead[0], step[c][1] + ahead[1]));
            for (c, counts) in counts.iter_mut().enumerate() {
                for (z, count) in counts.iter_mut().enumerate() {
                    let log = reached[column][c] + step[c][z] + ahead[z] - total;
                    if log > -40.0 {
                        *count += exp(log);
                    }
                }
            }
            behind.set(row, column, back);
            after = back[0];
        }
    }
    found.sort_unstable_by_key(|found| (found.source, found.target, found.shape));
    Posteriors { found, transitions: counts }
}

/// Returns the beads of the first `depth` shapes, in order, whose expected gain is greatest. Every segment stands in one of
/// them.
pub(super) fn decode(
    text: &Text,
    band: &Band,
    posteriors: &Posteriors,
    depth: usize,
) -> Vec<Found> {
    let shapes = &SHAPES[..depth];
    let nodes = band.nodes();
    let mut best = vec![(f64::NEG_INFINITY, 0usize, 0.0f64); nodes];
    if let Some(start) = band.node(0, 0) {
        best[start].0 = 0.0;
    }
    let mut likely = posteriors.found.iter().peekable();
    for row in 0..band.rows() {
        let mut columns: [std::ops::Range<usize>; COUNT] = std::array::from_fn(|_| 0..0);
        for (columns, (n, m)) in columns.iter_mut().zip(shapes) {
            *columns = band.columns(row, *n, *m).unwrap_or_default();
        }
        for column in band.low(row)..=band.high(row) {
            let Some(node) = band.node(row, column) else { continue };
            let mut posterior = [0.0; COUNT];
            while let Some(at) = likely.next_if(|at| (at.source, at.target) == (row, column)) {
                posterior[at.shape] = at.posterior;
            }
            let here = best[node].0;
            if here == f64::NEG_INFINITY {
                continue;
            }
            for (shape, (n, m)) in shapes.iter().enumerate() {
                if !columns[shape].contains(&column)
                    || band.crossed(column..column + 1, *m).count() > 0
                {
                    continue;
                }
                let Some(to) = band.node(row + n, column + m) else { continue };
                let share = if is_null(shape) { NULL_SHARE } else { 1.0 };
                let gain = here + share * posterior[shape] - BEAD_COST;
                if gain > best[to].0 {
                    best[to] = (gain, shape, posterior[shape]);
                }
            }
        }
    }
    let (mut row, mut column) = (text.source.len(), text.target.len());
    let mut path = Vec::new();
    while row + column > 0 {
        let Some(node) = band.node(row, column) else { break };
        let (_, shape, posterior) = best[node];
        let (n, m) = SHAPES[shape];
        if n > row || m > column {
            break;
        }
        (row, column) = (row - n, column - m);
        path.push(Found { source: row, target: column, shape, posterior });
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_with_no_term_sums_to_nothing() {
        let mut sums = RowSums::default();
        sums.start(2);
        let (terms, most) = sums.line();
        (terms[1], most[1]) = (-1000.0, -1000.0);
        assert_eq!(sums.finish(), [f64::NEG_INFINITY, -1000.0]);
    }
}
