//! What the lengths of a bead say.
//!
//! The target length given the source length follows Student's t with 8 degrees of freedom around a common ratio (Gale &
//! Church 1993 take a Gaussian, which takes too much offence at free translations: trial, .961 against .988 on maligna),
//! against a log-normal fitted to the target sentences of the text.

use super::estimate::Parameters;
use super::numeric;
use super::tokens::{Sentence, Text};

/// Degrees of freedom of the length model.
const FREEDOM: f64 = 8.0;
/// Least spread of the log-normal background of sentence lengths.
const LEAST_SPREAD: f64 = 0.3;

/// How a length is judged: against the length of the other side, and against the text's own habits.
#[derive(Debug)]
pub(super) struct Lengths {
    ratio: f64,
    variance: f64,
    mean: f64,
    spread: f64,
    constant: f64,
    /// Running sums of lengths and of target backgrounds, one more than there are sentences.
    source: Vec<f64>,
    target: Vec<f64>,
    background: Vec<f64>,
}

impl Lengths {
    pub(super) fn new(text: &Text, parameters: &Parameters) -> Self {
        let logs: Vec<f64> = text.target.iter().map(|s| libm::log(s.length)).collect();
        let count = logs.len().max(1) as f64;
        let mean = logs.iter().sum::<f64>() / count;
        let variance = logs.iter().map(|log| (log - mean) * (log - mean)).sum::<f64>() / count;
        let half = (FREEDOM + 1.0) / 2.0;
        let constant = libm::lgamma(half)
            - libm::lgamma(FREEDOM / 2.0)
            - 0.5 * libm::log(FREEDOM * std::f64::consts::PI);
        let mut lengths = Self {
            ratio: parameters.ratio,
            variance: parameters.variance,
            mean,
            spread: libm::sqrt(variance).max(LEAST_SPREAD),
            constant,
            source: prefix(&text.source, |s| s.length),
            target: prefix(&text.target, |s| s.length),
            background: Vec::new(),
        };
        lengths.background = prefix(&text.target, |s| lengths.habit(s.length));
        lengths
    }

    /// Returns the log density of a target sentence's length by the habits of the text.
    fn habit(&self, length: f64) -> f64 {
        let log = libm::log(length);
        let z = (log - self.mean) / self.spread;
        -0.5 * z * z - libm::log(self.spread) - 0.5 * libm::log(2.0 * std::f64::consts::PI) - log
    }

    /// Returns the log-likelihood ratio of the lengths of `n` source sentences from `i` and `m` target sentences from
    /// `j`, against the mean habit of the target sentences.
    #[inline]
    pub(super) fn score(&self, (i, n): (usize, usize), (j, m): (usize, usize)) -> f64 {
        let target = self.target[j + m] - self.target[j];
        let expected = self.ratio * (self.source[i + n] - self.source[i]);
        let residual = target - expected;
        let scale = self.variance * (expected + target) / 2.0 + 1.0;
        // log of scale^(-1/2) (1 + residual^2 / (8 scale))^(-9/2), with two logarithms of plain numbers.
        let density = self.constant + FREEDOM / 2.0 * numeric::ln(scale)
            - (FREEDOM + 1.0) / 2.0 * numeric::ln(scale + residual * residual / FREEDOM);
        density - (self.background[j + m] - self.background[j]) / m as f64
    }
}

/// Returns running sums, one more than there are sentences.
pub(super) fn prefix(sentences: &[Sentence], mut figure: impl FnMut(&Sentence) -> f64) -> Vec<f64> {
    let mut sums = Vec::with_capacity(sentences.len() + 1);
    sums.push(0.0);
    let mut sum = 0.0;
    for sentence in sentences {
        sum += figure(sentence);
        sums.push(sum);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::band::Band;
    use crate::align::{Corpus, Pair, cognates::Cognates, fixed::Free};
    use crate::model::Language;
    use crate::segment::presegmented_document;

    #[test]
    fn a_length_in_the_common_ratio_scores_more() {
        let text = format!("{}\n{}\n{}", "a".repeat(40), "b".repeat(80), "c".repeat(160));
        let document = presegmented_document("", text, Language::EN);
        let corpus = Corpus::new(Free::each(&[Pair::new(&document, &document)]));
        let bands = [Band::first(&corpus.texts[0], &corpus, &Cognates::new(&corpus, &[]))];
        let lengths = Lengths::new(&corpus.texts[0], &Parameters::start(&corpus, &bands));
        assert!(lengths.score((0, 1), (0, 1)) > lengths.score((0, 1), (2, 1)));
        assert!(lengths.score((1, 2), (1, 2)) > lengths.score((1, 2), (0, 1)));
    }
}
