//! Sums over all ways to align two texts inside a band, and the alignment with the most expected right beads.
//!
//! Forward-backward in log space over nodes and two classes of the last bead: without partner, or with. A segment
//! without partner makes the next one more likely to be without: the transition between the classes is part of the
//! score. The result decoded is not the best path but the one that maximises the expected F1.

use super::band::Band;
use super::estimate::Transitions;
use super::shape::{COUNT, SHAPES, is_null};
use super::tokens::Text;

/// Posteriors below this are not kept.
const LEAST: f64 = 1e-4;

/// What a bead costs in the decoding; the gradient of F1 where precision counts beads without partner, recall does not,
/// and precision is about .9 (trial: best of the values tried).
const BEAD_COST: f64 = 0.45;

/// The share of its posterior that a bead without partner gains.
const NULL_SHARE: f64 = 0.5;

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

/// A running sum of exponentials in log space.
#[derive(Clone, Copy)]
struct LogSum {
    most: f64,
    sum: f64,
}

impl LogSum {
    const EMPTY: Self = Self { most: f64::NEG_INFINITY, sum: 0.0 };

    fn add(&mut self, value: f64) {
        if value == f64::NEG_INFINITY {
            return;
        }
        if value <= self.most {
            self.sum += libm::exp(value - self.most);
        } else {
            self.sum = self.sum * libm::exp(self.most - value) + 1.0;
            self.most = value;
        }
    }

    fn value(self) -> f64 {
        if self.sum > 0.0 { self.most + libm::log(self.sum) } else { f64::NEG_INFINITY }
    }
}

fn log_add(one: f64, other: f64) -> f64 {
    let mut sum = LogSum::EMPTY;
    sum.add(one);
    sum.add(other);
    sum.value()
}

/// Returns the posterior of each bead of the band. `scores` holds [`COUNT`] scores a node, for the beads that start
/// there; `temperature` multiplies every score.
pub(super) fn posteriors(
    text: &Text,
    band: &Band,
    scores: &[f32],
    transitions: &Transitions,
    temperature: f64,
) -> Posteriors {
    let step = transitions.log_ratios().map(|row| row.map(|value| value * temperature));
    let nodes = band.nodes();
    // outgoing[u][z]: log of the sum over ways to reach u, times the transition into a bead of class z.
    let mut outgoing = vec![[f64::NEG_INFINITY; 2]; nodes];
    let mut forward = vec![[f64::NEG_INFINITY; 2]; nodes];
    let (rows, columns) = (text.source.len(), text.target.len());
    for row in 0..band.rows() {
        for column in band.low(row)..=band.high(row) {
            let Some(node) = band.node(row, column) else { continue };
            if row == 0 && column == 0 {
                // Before the first bead stands none: neutral.
                outgoing[node] = [0.0, 0.0];
                continue;
            }
            let mut sums = [LogSum::EMPTY; 2];
            for (shape, (n, m)) in SHAPES.iter().enumerate() {
                if *n > row || *m > column {
                    continue;
                }
                if let Some(from) = band.node(row - n, column - m) {
                    let score = f64::from(scores[from * COUNT + shape]) * temperature;
                    sums[class(shape)].add(outgoing[from][class(shape)] + score);
                }
            }
            let reached = sums.map(LogSum::value);
            forward[node] = reached;
            for (z, out) in outgoing[node].iter_mut().enumerate() {
                *out = log_add(reached[0] + step[0][z], reached[1] + step[1][z]);
            }
        }
    }
    let Some(last) = band.node(rows, columns) else { return Posteriors::default() };
    let total = if rows + columns == 0 { 0.0 } else { log_add(forward[last][0], forward[last][1]) };
    let mut backward = vec![[f64::NEG_INFINITY; 2]; nodes];
    backward[last] = [0.0, 0.0];
    let mut found = Vec::new();
    let mut counts = [[0.0; 2]; 2];
    for row in (0..band.rows()).rev() {
        for column in (band.low(row)..=band.high(row)).rev() {
            let Some(node) = band.node(row, column) else { continue };
            let mut sums = [LogSum::EMPTY; 2];
            for shape in (0..COUNT).rev() {
                let (n, m) = SHAPES[shape];
                let Some(to) = band.node(row + n, column + m) else { continue };
                let score = f64::from(scores[node * COUNT + shape]);
                if score == f64::NEG_INFINITY {
                    continue;
                }
                let rest = score * temperature + backward[to][class(shape)];
                sums[class(shape)].add(rest);
                let log = outgoing[node][class(shape)] + rest - total;
                if log > -9.3 {
                    let posterior = libm::exp(log);
                    if posterior > LEAST {
                        found.push(Found { source: row, target: column, shape, posterior });
                    }
                }
            }
            let ahead = sums.map(LogSum::value);
            if node == last {
                continue;
            }
            for c in 0..2 {
                backward[node][c] = log_add(step[c][0] + ahead[0], step[c][1] + ahead[1]);
                for z in 0..2 {
                    let log = forward[node][c] + step[c][z] + ahead[z] - total;
                    if log > -40.0 {
                        counts[c][z] += libm::exp(log);
                    }
                }
            }
        }
    }
    found.reverse();
    Posteriors { found, transitions: counts }
}

/// Returns the beads, in order, whose expected gain is greatest. Every segment stands in one of them.
pub(super) fn decode(text: &Text, band: &Band, posteriors: &Posteriors) -> Vec<Found> {
    let nodes = band.nodes();
    let mut best = vec![(f64::NEG_INFINITY, 0usize, 0.0f64); nodes];
    if let Some(start) = band.node(0, 0) {
        best[start].0 = 0.0;
    }
    let mut likely = posteriors.found.iter().peekable();
    for row in 0..band.rows() {
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
            for (shape, (n, m)) in SHAPES.iter().enumerate() {
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
    fn log_sums_do_not_overflow() {
        let mut sum = LogSum::EMPTY;
        for value in [-1000.0, 1000.0, 1000.0, f64::NEG_INFINITY] {
            sum.add(value);
        }
        assert!((sum.value() - 1000.0 - libm::log(2.0)).abs() < 1e-12);
    }
}
