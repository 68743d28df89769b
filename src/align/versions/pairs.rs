//! The beads of two versions inside a row of all: which may begin where, which are likeliest together, and which the other
//! versions forbid.

use rustc_hash::FxHashMap;

use super::MAX_VERSIONS;
use crate::align::search::{BEAD_COST, NULL_SHARE, Posteriors};
use crate::align::shape::SHAPES;

/// The logarithm of a probability that is not known because it is too small to be kept.
const UNLIKELY: f64 = -9.5;

/// The most segments of a version that a row takes.
const MOST_OF_ROW: u8 = 8;

/// What a bead's probability must reach to give a reason for a row.
const LEAST_REASON: f64 = 0.01;

/// What is known of the beads of two versions.
pub(super) struct Beads {
    pub(super) versions: [usize; 2],
    /// The likely beads by where they start: sizes, the probability, and its logarithm given that a bead starts there.
    pub(super) starting: FxHashMap<[u32; 2], Vec<Start>>,
    /// For each segment of both versions the probability that it is without partner.
    pub(super) alone: [Vec<f64>; 2],
}

#[derive(Clone, Copy)]
pub(super) struct Start {
    pub(super) sizes: [u8; 2],
    pub(super) probability: f64,
    pub(super) log: f64,
}

impl Start {
    pub(super) fn is_null(&self) -> bool {
        self.sizes.contains(&0)
    }

    /// Returns how sure the bead is, roughly: more is surer.
    pub(super) fn sureness(&self) -> u8 {
        match self.probability {
            0.5.. => 2,
            0.1.. => 1,
            _ => 0,
        }
    }
}

impl Beads {
    pub(super) fn new(versions: [usize; 2], posteriors: &Posteriors, lengths: [usize; 2]) -> Self {
        let mut beads = Self::none(versions, lengths);
        for found in &posteriors.found {
            let (n, m) = SHAPES[found.shape];
            let at = [found.source, found.target].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            let sizes = [n, m].map(|size| u8::try_from(size).unwrap_or(u8::MAX));
            beads.add(at, sizes, found.posterior);
        }
        let all = |starts: &Vec<Start>| starts.iter().map(|start| start.probability).sum::<f64>();
        for found in &posteriors.found {
            let at = [found.source, found.target].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            let Some(starts) = beads.starting.get_mut(&at) else { continue };
            let all = all(starts);
            for start in starts {
                start.log = libm::log(start.probability / all).max(UNLIKELY);
            }
        }
        beads
    }

    pub(super) fn none(versions: [usize; 2], lengths: [usize; 2]) -> Self {
        let alone = lengths.map(|length| vec![0.0; length]);
        Self { versions, starting: FxHashMap::default(), alone }
    }

    pub(super) fn add(&mut self, at: [u32; 2], sizes: [u8; 2], probability: f64) {
        for side in 0..2 {
            if sizes[1 - side] == 0 {
                let alone = &mut self.alone[side][at[side] as usize];
                *alone = (*alone + probability).min(1.0);
            }
        }
        let starts = self.starting.entry(at).or_default();
        match starts.iter_mut().find(|start| start.sizes == sizes) {
            Some(start) => start.probability += probability,
            None => starts.push(Start { sizes, probability, log: UNLIKELY }),
        }
    }

    /// Returns the likely beads that start so many segments behind a state.
    pub(super) fn of(&self, at: &State, behind: [u8; 2]) -> &[Start] {
        self.starting.get(&self.place(at, behind)).map_or(&[], Vec::as_slice)
    }

    /// Returns the likely beads with both sides that start so many segments behind a state.
    pub(super) fn reasons(&self, at: &State, behind: [u8; 2]) -> impl Iterator<Item = &Start> {
        let is_reason = |s: &&Start| !s.is_null() && s.probability >= LEAST_REASON;
        self.of(at, behind).iter().filter(is_reason)
    }

    /// Returns a row grown by each likely bead that starts in it, in one of these versions at least, and reaches further; and
    /// how sure that bead is, roughly. A row with nothing in it grows by the beads that start at its place.
    pub(super) fn growing(&self, at: &State, row: &Sizes) -> Vec<(Sizes, u8)> {
        let own = self.versions.map(|version| row[version]);
        let is_empty = row.iter().all(|size| *size == 0);
        let mut grown = Vec::new();
        for i in 0..=own[0] {
            for j in 0..=own[1] {
                // Behind both ends is the next row.
                if [i, j] == own && !is_empty {
                    continue;
                }
                for start in self.reasons(at, [i, j]) {
                    let [n, m] = start.sizes;
                    let ends = [(i + n).max(own[0]), (j + m).max(own[1])];
                    if ends != own && ends.iter().all(|end| *end <= MOST_OF_ROW) {
                        let mut row = *row;
                        for (version, end) in self.versions.iter().zip(ends) {
                            row[*version] = end;
                        }
                        grown.push((row, start.sureness()));
                    }
                }
            }
        }
        grown
    }

    /// Returns the beads inside a row that weigh most together, and what they weigh.
    pub(super) fn best(&self, at: &State, sizes: &Sizes, bounds: &Bounds) -> (f64, Vec<Part>) {
        let [rows, columns] = self.versions.map(|version| sizes[version]);
        let width = usize::from(columns) + 1;
        let node = |i: u8, j: u8| usize::from(i) * width + usize::from(j);
        let mut best = vec![(f64::NEG_INFINITY, Part::default()); (usize::from(rows) + 1) * width];
        best[0].0 = 0.0;
        for i in 0..=rows {
            for j in 0..=columns {
                let here = best[node(i, j)].0;
                let mut reach = |start: &Start| {
                    let (to_i, to_j) = (i + start.sizes[0], j + start.sizes[1]);
                    let is_bounded = bounds.forbid([i, j], start.sizes);
                    if to_i > rows || to_j > columns || is_bounded {
                        return;
                    }
                    let sum = here + start.log;
                    let to = &mut best[node(to_i, to_j)];
                    if sum > to.0 {
                        *to = (sum, Part { start: [i, j], sizes: start.sizes });
                    }
                };
                self.of(at, [i, j]).iter().for_each(&mut reach);
                // What no likely bead speaks for may still be right where the other versions say so.
                let unlikely = |sizes| Start { sizes, probability: 0.0, log: UNLIKELY };
                reach(&unlikely([1, 0]));
                reach(&unlikely([0, 1]));
                if i + j == 0 && rows > 0 && columns > 0 {
                    reach(&unlikely([rows, columns]));
                }
            }
        }
        let mut parts = Vec::new();
        let (mut i, mut j) = (rows, columns);
        while i + j > 0 {
            let part = best[node(i, j)].1;
            parts.push(part);
            [i, j] = part.start;
        }
        parts.reverse();
        (best[node(rows, columns)].0, parts)
    }

    /// Returns the expected gain of beads inside a row.
    pub(super) fn gain(&self, at: &State, parts: &[Part]) -> f64 {
        let gain = |part: &Part| {
            let share = if part.sizes.contains(&0) { NULL_SHARE } else { 1.0 };
            share * self.probability(at, part) - BEAD_COST
        };
        parts.iter().map(gain).sum()
    }

    /// Returns the probability of a bead inside a row.
    pub(super) fn probability(&self, at: &State, part: &Part) -> f64 {
        let place = self.place(at, part.start);
        match part.sizes {
            [_, 0] => self.alone[0][place[0] as usize],
            [0, _] => self.alone[1][place[1] as usize],
            sizes => {
                let found = self.of(at, part.start).iter().find(|start| start.sizes == sizes);
                found.map_or(0.0, |start| start.probability).min(1.0)
            }
        }
    }

    /// Returns how many segments of both versions are behind a place inside a row.
    pub(super) fn place(&self, at: &State, behind: [u8; 2]) -> [u32; 2] {
        [0, 1].map(|side| at[self.versions[side]] + u32::from(behind[side]))
    }
}

/// A bead inside a row.
#[derive(Clone, Copy, Default)]
pub(super) struct Part {
    pub(super) start: [u8; 2],
    pub(super) sizes: [u8; 2],
}

impl Part {
    pub(super) fn range(&self, side: usize) -> std::ops::Range<u8> {
        self.start[side]..self.start[side] + self.sizes[side]
    }

    pub(super) fn covers(&self, side: usize, segment: u8) -> bool {
        self.range(side).contains(&segment)
    }
}

/// What the other versions ask of the beads of two.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Bounds {
    /// Places that no bead reaches over.
    pub(super) passed: Vec<[u8; 2]>,
    /// The segments of each side that have a partner, as bits.
    pub(super) paired: [u16; 2],
}

impl Bounds {
    pub(super) fn forbid(&self, [i, j]: [u8; 2], [n, m]: [u8; 2]) -> bool {
        let is_passed = |[x, y]: &[u8; 2]| (i >= *x && j >= *y) || (i + n <= *x && j + m <= *y);
        let is_needed = match [n, m] {
            [_, 0] => self.paired[0] & (1 << i) != 0,
            [0, _] => self.paired[1] & (1 << j) != 0,
            _ => false,
        };
        is_needed || !self.passed.iter().all(is_passed)
    }
}

/// Returns the places between two beads that both have two sides.
pub(super) fn clear(parts: &[Part]) -> Vec<[u8; 2]> {
    let is_clear = |pair: &&[Part]| !pair.iter().any(|part| part.sizes.contains(&0));
    parts.windows(2).filter(is_clear).map(|pair| pair[1].start).collect()
}

/// How many segments of each version are behind.
pub(super) type State = [u32; MAX_VERSIONS];

/// How many segments of each version a row takes.
pub(super) type Sizes = [u8; MAX_VERSIONS];

pub(super) fn behind(at: &State, sizes: &Sizes) -> State {
    std::array::from_fn(|version| at[version] + u32::from(sizes[version]))
}
