//! What is re-estimated after each round: length, shapes, transitions, punctuation.

use super::band::Band;
use super::search::{Found, Posteriors};
use super::shape::{COUNT, SHAPES, START, is_null};
use super::tokens::{
    Corpus, END_CLASSES, END_COLON, END_COMMA, END_OTHER, END_QUESTION, END_SEMICOLON, END_STOP,
    START_BULLET, START_CLASSES, START_LOWER, START_UPPER, Sentence,
};
use super::vectors::Closeness;

/// Beads below this posterior do not take part in the estimates.
const LEAST: f64 = 0.002;

/// Start of the length variance, per character (Gale & Church 1993 found 6.8 for European pairs; trial: 4).
const START_VARIANCE: f64 = 4.0;

/// How many anchors the length ratio needs to be taken from the anchored segments alone.
const ENOUGH_ANCHORS: usize = 30;

/// Weight of the start value against what is counted, for a transition.
const TRANSITION_STRENGTH: f64 = 30.0;

/// What the score of a bead uses beside the lexicon.
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    /// Target characters per source character.
    pub(super) ratio: f64,
    /// Variance of the target length, per character.
    pub(super) variance: f64,
    /// Log of the share of each shape.
    pub(super) log_prior: [f64; COUNT],
    /// How a bead without partner follows another.
    pub(super) transitions: Transitions,
    /// Log odds of the last segments' end classes, source times [`END_CLASSES`] plus target.
    pub(super) end: Vec<f64>,
    /// Log odds of the first segments' start classes, source times [`START_CLASSES`] plus target.
    pub(super) start: Vec<f64>,
    /// Log odds of a boundary inside a bead, for the source side and the target side: end class of the left segment
    /// times [`START_CLASSES`] plus start class of the right one.
    pub(super) inner: [Vec<f64>; 2],
    /// What the cosine of sentence vectors says, where there are some.
    pub(super) closeness: Option<Closeness>,
}

/// How beads without partner follow each other.
#[derive(Debug, Clone)]
pub(super) struct Transitions {
    /// Probability that a bead is without partner, after one without and after one with.
    null_after: [f64; 2],
    /// Share of beads without partner.
    null_share: f64,
}

impl Transitions {
    /// Returns log(P(class | class before) / P(class)): class before, class; class 0 is without partner.
    pub(super) fn log_ratios(&self) -> [[f64; 2]; 2] {
        let share = self.null_share;
        self.null_after.map(|p| [libm::log(p / share), libm::log((1.0 - p) / (1.0 - share))])
    }
}

impl Parameters {
    /// Returns what is assumed before the first round. A long run without partner (a missing chapter) must be possible
    /// from the start, so a bead without partner follows another with probability .9.
    pub(super) fn start(corpus: &Corpus, bands: &[Band]) -> Self {
        let anchored: usize = bands.iter().map(|band| band.anchors.len()).sum();
        let (mut source, mut target) = (0.0, 0.0);
        for (text, band) in corpus.texts.iter().zip(bands) {
            if anchored >= ENOUGH_ANCHORS {
                source += band.anchors.iter().map(|(i, _)| text.source[*i].length).sum::<f64>();
                target += band.anchors.iter().map(|(_, j)| text.target[*j].length).sum::<f64>();
            } else {
                source += text.source.iter().map(|s| s.length).sum::<f64>();
                target += text.target.iter().map(|s| s.length).sum::<f64>();
            }
        }
        let inner = || {
            let values = (0..END_CLASSES * START_CLASSES)
                .map(|at| inner_bias(at / START_CLASSES, at % START_CLASSES));
            values.collect::<Vec<f64>>()
        };
        Self {
            ratio: if source > 0.0 && target > 0.0 { target / source } else { 1.0 },
            variance: START_VARIANCE,
            log_prior: START.map(libm::log),
            transitions: Transitions { null_after: [0.9, 0.04], null_share: 0.04 },
            end: (0..END_CLASSES * END_CLASSES)
                .map(|at| end_bias(at / END_CLASSES, at % END_CLASSES))
                .collect(),
            start: (0..START_CLASSES * START_CLASSES)
                .map(|at| start_bias(at / START_CLASSES, at % START_CLASSES))
                .collect(),
            inner: [inner(), inner()],
            closeness: Closeness::start(corpus, bands),
        }
    }

    /// Returns the parameters that the posteriors of a round speak for.
    pub(super) fn estimate(&self, corpus: &Corpus, passes: &[Posteriors]) -> Self {
        let mut counts = Counts::default();
        let mut transitions = [[0.0; 2]; 2];
        for (text, pass) in corpus.texts.iter().zip(passes) {
            for found in pass.found.iter().filter(|found| found.posterior > LEAST) {
                counts.add(found, &text.source, &text.target);
            }
            for (sum, count) in
                transitions.iter_mut().flatten().zip(pass.transitions.iter().flatten())
            {
                *sum += count;
            }
        }
        let ratio = if counts.source_length > 0.0 {
            counts.target_length / counts.source_length
        } else {
            self.ratio
        };
        let variance = counts.variance(ratio, corpus, passes).unwrap_or(self.variance);
        let total: f64 = counts.shapes.iter().sum();
        let mut log_prior = [0.0; COUNT];
        for (shape, log) in log_prior.iter_mut().enumerate() {
            let smoothed = counts.shapes[shape] + 0.3 * START[shape] * total + 0.1;
            *log = libm::log(smoothed / ((1.0 + 0.3) * total).max(1.0));
        }
        let nulls = counts.shapes[0] + counts.shapes[1];
        let null_share = if total > 0.0 { (nulls / total).clamp(1e-4, 0.9) } else { 0.04 };
        let null_after = [0, 1].map(|c| {
            let from = transitions[c][0] + transitions[c][1];
            (transitions[c][0] + TRANSITION_STRENGTH * null_share) / (from + TRANSITION_STRENGTH)
        });
        let transitions =
            Transitions { null_after: null_after.map(|p| p.clamp(1e-6, 0.999)), null_share };
        Self {
            ratio: ratio.clamp(0.05, 20.0),
            variance,
            log_prior,
            transitions,
            end: log_odds(&counts.end, END_CLASSES, end_bias),
            start: log_odds(&counts.start, START_CLASSES, start_bias),
            inner: [
                inner_odds(&counts.inner[0], corpus.texts.iter().map(|text| &text.source[..])),
                inner_odds(&counts.inner[1], corpus.texts.iter().map(|text| &text.target[..])),
            ],
            closeness: self.closeness.as_ref().map(|known| known.estimate(corpus, passes)),
        }
    }
}

/// Soft counts over the likely beads.
struct Counts {
    shapes: [f64; COUNT],
    source_length: f64,
    target_length: f64,
    end: Vec<f64>,
    start: Vec<f64>,
    inner: [Vec<f64>; 2],
}

impl Default for Counts {
    fn default() -> Self {
        let inner = || vec![0.0; END_CLASSES * START_CLASSES];
        Self {
            shapes: [0.0; COUNT],
            source_length: 0.0,
            target_length: 0.0,
            end: vec![0.0; END_CLASSES * END_CLASSES],
            start: vec![0.0; START_CLASSES * START_CLASSES],
            inner: [inner(), inner()],
        }
    }
}

impl Counts {
    fn add(&mut self, found: &Found, source: &[Sentence], target: &[Sentence]) {
        let weight = found.posterior;
        self.shapes[found.shape] += weight;
        if is_null(found.shape) {
            return;
        }
        let (n, m) = SHAPES[found.shape];
        let source = &source[found.source..found.source + n];
        let target = &target[found.target..found.target + m];
        if (n, m) == (1, 1) {
            self.source_length += weight * source[0].length;
            self.target_length += weight * target[0].length;
        }
        self.end[source[n - 1].end * END_CLASSES + target[m - 1].end] += weight;
        self.start[source[0].start * START_CLASSES + target[0].start] += weight;
        for (side, sentences) in [source, target].into_iter().enumerate() {
            for pair in sentences.windows(2) {
                self.inner[side][pair[0].end * START_CLASSES + pair[1].start] += weight;
            }
        }
    }

    /// Returns the mean squared residual of the 1-1 beads per character, at least 1; single residuals are cut at 16.
    fn variance(&self, ratio: f64, corpus: &Corpus, passes: &[Posteriors]) -> Option<f64> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (text, pass) in corpus.texts.iter().zip(passes) {
            let single =
                pass.found.iter().filter(|f| SHAPES[f.shape] == (1, 1) && f.posterior > LEAST);
            for found in single {
                let source = ratio * text.source[found.source].length;
                let target = text.target[found.target].length;
                let residual = target - source;
                let scaled = residual * residual / ((target + source) / 2.0 + 1.0);
                sum += found.posterior * scaled.min(16.0);
                weights += found.posterior;
            }
        }
        (weights > 0.0).then(|| (sum / weights).max(1.0))
    }
}

/// What two end classes say before anything is counted.
fn end_bias(source: usize, target: usize) -> f64 {
    let is_question = |class: usize| class % 9 == END_QUESTION;
    match source == target {
        true if source == END_STOP => 0.3,
        true => 1.2,
        false if is_question(source) || is_question(target) => -1.5,
        false => -0.7,
    }
}

/// What two start classes say before anything is counted.
fn start_bias(source: usize, target: usize) -> f64 {
    match source == target {
        true if source == START_UPPER => 0.1,
        true => 1.0,
        false => -0.6,
    }
}

/// How likely a boundary lies inside a bead, by what stands left and right of it.
fn inner_bias(left: usize, right: usize) -> f64 {
    let by_left = match left % 9 {
        END_COLON => 0.8,
        END_SEMICOLON => 1.0,
        END_COMMA => 1.2,
        END_OTHER => -0.3,
        _ => 0.0,
    };
    let by_right = match right {
        START_LOWER => 1.0,
        START_BULLET => -0.5,
        _ => 0.0,
    };
    by_left + by_right
}

/// Returns the log odds of each pair of classes against independence, drawn towards the bias where little is counted.
fn log_odds(counts: &[f64], classes: usize, bias: fn(usize, usize) -> f64) -> Vec<f64> {
    let total: f64 = counts.iter().sum();
    let rows: Vec<f64> =
        (0..classes).map(|s| counts[s * classes..(s + 1) * classes].iter().sum()).collect();
    let columns: Vec<f64> =
        (0..classes).map(|t| (0..classes).map(|s| counts[s * classes + t]).sum()).collect();
    (0..classes * classes)
        .map(|at| {
            let (source, target) = (at / classes, at % classes);
            let expected = if total > 0.0 { rows[source] * columns[target] / total } else { 0.0 };
            let weight = 5.0 * expected / (expected + 1.0) + 0.3;
            let start = weight * libm::exp(bias(source, target));
            libm::log((counts[at] + start) / (expected + weight))
        })
        .collect()
}

/// Returns the log odds that a boundary between two classes lies inside a bead.
fn inner_odds<'a>(inside: &[f64], sides: impl Iterator<Item = &'a [Sentence]>) -> Vec<f64> {
    let mut all = vec![0.0; END_CLASSES * START_CLASSES];
    for sentences in sides {
        for pair in sentences.windows(2) {
            all[pair[0].end * START_CLASSES + pair[1].start] += 1.0;
        }
    }
    let (inside_total, total): (f64, f64) = (inside.iter().sum(), all.iter().sum());
    let share = ((inside_total + 0.5) / (total + 1.0)).clamp(1e-4, 0.98);
    (0..all.len())
        .map(|at| {
            let bias = inner_bias(at / START_CLASSES, at % START_CLASSES);
            let start = 1.0 / (1.0 + libm::exp(-(logit(share) + bias)));
            let p = ((inside[at] + 5.0 * start) / (all[at] + 5.0)).clamp(1e-6, 0.98);
            logit(p) - logit(share)
        })
        .collect()
}

fn logit(p: f64) -> f64 {
    libm::log(p / (1.0 - p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_pairs_without_counts_keep_their_bias() {
        let odds = log_odds(&vec![0.0; END_CLASSES * END_CLASSES], END_CLASSES, end_bias);
        let at = END_QUESTION * END_CLASSES + END_STOP;
        assert!((odds[at] + 1.5).abs() < 1e-9);
    }

    #[test]
    fn class_pairs_that_go_together_gain() {
        let mut counts = vec![0.0; START_CLASSES * START_CLASSES];
        counts[0] = 90.0;
        counts[START_LOWER * START_CLASSES + START_LOWER] = 10.0;
        let odds = log_odds(&counts, START_CLASSES, start_bias);
        assert!(odds[START_LOWER * START_CLASSES + START_LOWER] > 1.0);
        assert!(odds[START_LOWER * START_CLASSES] < -1.0);
    }
}
