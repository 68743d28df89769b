//! Sums over all ways to align two texts inside a band, and the alignment with the most expected right beads.
//!
//! Forward-backward in log space over nodes and two classes of the last bead: without partner, or with. A segment
//! without partner makes the next one more likely to be without: the transition between the classes is part of the
//! score. The result decoded is not the best path but the one that maximises the expected F1.
//!
//! A row of the grid is worked on shape by shape; only the beads that stay in the row (a target segment without partner)
//! must go column by column.
//!
//! The sums go from both ends to the middle at the same time, and from there on to the other ends, where they meet what the
//! other has left: that keeps two threads busy on one text, and no more memory than one of them would take. Where the
//! middle is does not depend on the number of threads, and so the sums don't either.

use std::ops::Range;

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

/// No way at all, in log space, by class.
const NOTHING: [f64; 2] = [f64::NEG_INFINITY; 2];

/// One way that adds nothing, by class.
const NEUTRAL: [f64; 2] = [0.0; 2];

/// The log of the least expected number of a transition at a node that is counted.
const LEAST_COUNTED: f64 = -40.0;

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
#[derive(Default)]
struct Ring([Vec<[f64; 2]>; MOST + 1]);

impl Ring {
    fn row(&self, row: usize) -> &[[f64; 2]] {
        &self.0[row % (MOST + 1)]
    }

    fn start(&mut self, row: usize, width: usize) {
        let cells = &mut self.0[row % (MOST + 1)];
        cells.clear();
        cells.resize(width, NOTHING);
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
    /// What the class of a bead adds to the score of the next: class before, class.
    step: [[f64; 2]; 2],
}

impl Grid<'_> {
    /// Returns the scores of a shape in a row, from the first column of the band on.
    fn line(&self, row: usize, shape: usize) -> &[f32] {
        let nodes = self.nodes(row);
        let from = nodes.start * self.depth + shape * nodes.len();
        &self.scores[from..from + nodes.len()]
    }

    /// Returns the numbers of the nodes of a row.
    fn nodes(&self, row: usize) -> Range<usize> {
        self.band.first_of(row)..self.band.first_of(row + 1)
    }

    /// Returns the row before which about half of the nodes are; the first only where there is no other.
    fn middle(&self) -> usize {
        self.band.row_of(self.band.nodes().div_ceil(2)).min(self.band.rows() - 1)
    }

    /// Returns the shapes that lead to another row, with how many segments they take.
    fn shapes(&self) -> impl Iterator<Item = (usize, (usize, usize))> + use<> {
        SHAPES.into_iter().enumerate().take(self.depth).filter(|(_, (n, _))| *n > 0)
    }

    /// Returns what a bead of each class adds to after the ways to a node, by the class of their last bead.
    #[inline]
    fn onward(&self, reached: [f64; 2]) -> [f64; 2] {
        let step = &self.step;
        [0, 1].map(|z| log_add(reached[0] + step[0][z], reached[1] + step[1][z]))
    }

    /// Returns the ways after a bead of each class, by the class of their first bead.
    #[inline]
    fn back(&self, ahead: [f64; 2]) -> [f64; 2] {
        self.step.map(|step| log_add(step[0] + ahead[0], step[1] + ahead[1]))
    }

    /// Calls `visit` with the column of each bead of a shape that starts in a row, and the log sum over all ways with it.
    /// `outgoing` is of the row, `behind` of the row the bead ends in.
    #[inline]
    fn each_bead(
        &self,
        (row, shape): (usize, usize),
        outgoing: &[[f64; 2]],
        behind: &[[f64; 2]],
        mut visit: impl FnMut(usize, f64),
    ) {
        let (n, m) = SHAPES[shape];
        let Some(from) = self.band.columns(row, n, m) else { return };
        let z = class(shape);
        let (low, to_low) = (self.band.low(row), self.band.low(row + n));
        let inside = from.start - low..from.end - low;
        let scores = &self.line(row, shape)[inside.clone()];
        let ends = outgoing[inside].iter().zip(&behind[from.start + m - to_low..]);
        for ((column, (out, after)), score) in from.zip(ends).zip(scores) {
            visit(column, out[z] + f64::from(*score) * self.temperature + after[z]);
        }
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
    let grid = Grid { band, scores, depth, temperature, step };
    let (rows, columns) = (text.source.len(), text.target.len());
    if band.node(rows, columns).is_none() || rows + columns == 0 {
        return Posteriors::default();
    }
    let middle = grid.middle();
    // What is kept of a node: before the middle the sums over the ways to it, from there on those over the ways after it.
    // Each row sets its own.
    let mut sums = vec![[0.0; 2]; band.nodes()];
    let (reached, ahead) = sums.split_at_mut(band.first_of(middle));
    let (mut forward, mut backward) = (Forward::default(), Backward::default());
    rayon::join(
        || (0..middle).for_each(|row| forward.row(&grid, row, &mut reached[grid.nodes(row)])),
        || {
            let start = band.first_of(middle);
            for row in (middle..band.rows()).rev() {
                let nodes = grid.nodes(row);
                backward.row(&grid, row, &mut ahead[nodes.start - start..nodes.end - start]);
            }
        },
    );
    let total = if middle == 0 {
        log_add(ahead[0][0], ahead[0][1])
    } else {
        across(&grid, middle, &forward, &backward)
    };
    if !total.is_finite() {
        return Posteriors::default();
    }
    let (mut first, second) = rayon::join(
        || likely_before(&grid, total, reached, backward),
        || likely_behind(&grid, total, ahead, forward),
    );
    first.found.extend(second.found);
    for (sum, count) in
        first.transitions.iter_mut().flatten().zip(second.transitions.iter().flatten())
    {
        *sum += count;
    }
    first
}

/// Returns the log sum over all ways, by the one bead of each that leads from before a row to that row or behind it.
fn across(grid: &Grid<'_>, middle: usize, forward: &Forward, backward: &Backward) -> f64 {
    let mut total = f64::NEG_INFINITY;
    for row in middle.saturating_sub(MOST)..middle {
        for (shape, (n, _)) in grid.shapes().filter(|(_, (n, _))| row + n >= middle) {
            let (outgoing, behind) = (forward.outgoing.row(row), backward.behind.row(row + n));
            grid.each_bead((row, shape), outgoing, behind, |_, log| total = log_add(total, log));
        }
    }
    total
}

/// Goes on from the middle to the start and returns the likely beads that begin before the middle, from the sums over the
/// ways to each node there.
fn likely_before(
    grid: &Grid<'_>,
    total: f64,
    reached: &[[f64; 2]],
    mut backward: Backward,
) -> Posteriors {
    let mut likely = Likely::new(total);
    let (mut ahead, mut outgoing) = (Vec::new(), Vec::new());
    for row in (0..grid.band.row_of(reached.len())).rev() {
        let reached = &reached[grid.nodes(row)];
        ahead.resize(reached.len(), NOTHING);
        backward.row(grid, row, &mut ahead);
        outgoing.clear();
        outgoing.extend(reached.iter().map(|reached| grid.onward(*reached)));
        if row == 0 {
            outgoing[0] = NEUTRAL;
        }
        for (shape, (n, _)) in grid.shapes() {
            likely.beads(grid, (row, shape), &outgoing, backward.behind.row(row + n));
        }
        likely.row(grid, row, [&outgoing, backward.behind.row(row)], [reached, &ahead]);
    }
    likely.finish()
}

/// Goes on from the middle to the end and returns the likely beads that begin behind it, from the sums over the ways after
/// each node there.
fn likely_behind(
    grid: &Grid<'_>,
    total: f64,
    ahead: &[[f64; 2]],
    mut forward: Forward,
) -> Posteriors {
    let mut likely = Likely::new(total);
    let (mut reached, mut behind) = (Vec::new(), Vec::new());
    let start = grid.band.nodes() - ahead.len();
    let (middle, rows) = (grid.band.row_of(start), grid.band.rows());
    for row in middle..rows {
        let nodes = grid.nodes(row);
        let ahead = &ahead[nodes.start - start..nodes.end - start];
        reached.resize(ahead.len(), NOTHING);
        forward.row(grid, row, &mut reached);
        behind.clear();
        behind.extend(ahead.iter().map(|ahead| grid.back(*ahead)));
        if row + 1 == rows {
            behind[ahead.len() - 1] = NEUTRAL;
        }
        for (shape, (n, _)) in grid.shapes().filter(|(_, (n, _))| row >= middle + n) {
            likely.beads(grid, (row - n, shape), forward.outgoing.row(row - n), &behind);
        }
        likely.row(grid, row, [forward.outgoing.row(row), &behind], [&reached, ahead]);
    }
    likely.finish()
}

/// Sums over all ways to the nodes of a row, row after row from the first.
#[derive(Default)]
struct Forward {
    /// The ways to a node with the transition into a bead of each class.
    outgoing: Ring,
    sums: [RowSums; 2],
}

impl Forward {
    /// Sets the log sum over all ways to each node of a row, by the class of the last bead.
    fn row(&mut self, grid: &Grid<'_>, row: usize, reached: &mut [[f64; 2]]) {
        let band = grid.band;
        let (low, width) = (band.low(row), reached.len());
        self.outgoing.start(row, width);
        self.sums.iter_mut().for_each(|sums| sums.start(width));
        for (shape, (n, m)) in grid.shapes().filter(|(_, (n, _))| *n <= row) {
            let from_row = row - n;
            let Some(from) = band.columns(from_row, n, m) else { continue };
            let z = class(shape);
            let from_low = band.low(from_row);
            let (terms, most) = self.sums[z].line();
            let place = from.start + m - low;
            let inside = from.start - from_low..from.end - from_low;
            let before = &self.outgoing.row(from_row)[inside.clone()];
            let scores = &grid.line(from_row, shape)[inside];
            let cells = terms[place..].iter_mut().zip(&mut most[place..]);
            for (((term, most), before), score) in cells.zip(before).zip(scores) {
                *term = before[z] + f64::from(*score) * grid.temperature;
                *most = most.max(*term);
            }
        }
        let [alone, paired] = &mut self.sums;
        let (alone, paired) = (alone.finish(), paired.finish());
        let staying = grid.line(row, TARGET_ALONE);
        let mut before = f64::NEG_INFINITY;
        for column in 0..width {
            let is_first = row == 0 && column == 0 && low == 0;
            reached[column] =
                if is_first { NOTHING } else { [log_add(alone[column], before), paired[column]] };
            // Before the first bead stands none: neutral.
            let out = if is_first { NEUTRAL } else { grid.onward(reached[column]) };
            self.outgoing.set(row, column, out);
            before = out[0] + f64::from(staying[column]) * grid.temperature;
        }
    }
}

/// Sums over all ways from the nodes of a row to the end, row after row from the last.
#[derive(Default)]
struct Backward {
    /// The ways after a node with the transition from a bead of each class.
    behind: Ring,
    sums: [RowSums; 2],
}

impl Backward {
    /// Sets the log sum over all ways from each node of a row, by the class of the next bead.
    fn row(&mut self, grid: &Grid<'_>, row: usize, ahead: &mut [[f64; 2]]) {
        let band = grid.band;
        let (low, width) = (band.low(row), ahead.len());
        self.behind.start(row, width);
        self.sums.iter_mut().for_each(|sums| sums.start(width));
        for (shape, (n, m)) in grid.shapes() {
            let Some(from) = band.columns(row, n, m) else { continue };
            let z = class(shape);
            let to_low = band.low(row + n);
            let (terms, most) = self.sums[z].line();
            let inside = from.start - low..from.end - low;
            let after = &self.behind.row(row + n)[from.start + m - to_low..];
            let scores = &grid.line(row, shape)[inside.clone()];
            let cells = terms[inside.clone()].iter_mut().zip(&mut most[inside]);
            for (((term, most), after), score) in cells.zip(after).zip(scores) {
                *term = f64::from(*score) * grid.temperature + after[z];
                *most = most.max(*term);
            }
        }
        let [alone, paired] = &mut self.sums;
        let (alone, paired) = (alone.finish(), paired.finish());
        let staying = grid.line(row, TARGET_ALONE);
        let mut after = f64::NEG_INFINITY;
        for column in (0..width).rev() {
            let is_last = row + 1 == band.rows() && column + 1 == width;
            let stay = f64::from(staying[column]) * grid.temperature + after;
            ahead[column] =
                if is_last { NOTHING } else { [log_add(alone[column], stay), paired[column]] };
            let back = if is_last { NEUTRAL } else { grid.back(ahead[column]) };
            self.behind.set(row, column, back);
            after = back[0];
        }
    }
}

/// The beads that are at all likely, as they are found.
struct Likely {
    total: f64,
    /// The log of what a bead must reach, all ways being one.
    least: f64,
    found: Vec<Found>,
    transitions: [[f64; 2]; 2],
}

impl Likely {
    fn new(total: f64) -> Self {
        let least = libm::log(LEAST) + total;
        Self { total, least, found: Vec::new(), transitions: [[0.0; 2]; 2] }
    }

    /// Takes the likely beads of a shape that start in a row; `outgoing` is of that row, `behind` of the row they end in.
    fn beads(
        &mut self,
        grid: &Grid<'_>,
        (row, shape): (usize, usize),
        outgoing: &[[f64; 2]],
        behind: &[[f64; 2]],
    ) {
        grid.each_bead((row, shape), outgoing, behind, |target, log| {
            if log > self.least {
                let posterior = exp(log - self.total);
                self.found.push(Found { source: row, target, shape, posterior });
            }
        });
    }

    /// Takes the likely beads that stay in a row, and counts the transitions at its nodes.
    fn row(
        &mut self,
        grid: &Grid<'_>,
        row: usize,
        [outgoing, behind]: [&[[f64; 2]]; 2],
        [reached, ahead]: [&[[f64; 2]]; 2],
    ) {
        self.beads(grid, (row, TARGET_ALONE), outgoing, behind);
        for (reached, ahead) in reached.iter().zip(ahead) {
            for (c, counts) in self.transitions.iter_mut().enumerate() {
                for (z, count) in counts.iter_mut().enumerate() {
                    let log = reached[c] + grid.step[c][z] + ahead[z] - self.total;
                    if log > LEAST_COUNTED {
                        *count += exp(log);
                    }
                }
            }
        }
    }

    fn finish(mut self) -> Posteriors {
        self.found.sort_unstable_by_key(|found| (found.source, found.target, found.shape));
        Posteriors { found: self.found, transitions: self.transitions }
    }
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
