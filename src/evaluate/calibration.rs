//! Calibration: whether a confidence of .9 is right nine times in ten.
//!
//! Beads are sorted into bins by their confidence. In each bin the mean confidence stands beside the share of beads that
//! are right; the expected calibration error (Naeini, Cooper & Hauskrecht 2015) is the distance of the two, averaged over
//! the bins by their number of beads:
//!
//! ```text
//! error = sum over bins of  beads in bin / all beads * |mean confidence - share right|
//! ```
//!
//! The beads are those that precision counts ([`beads`](super::beads)): each distinct bead once, a run without partner as
//! one bead a segment, each with the confidence of the run. Right means strictly right.

use serde::Serialize;

/// The borders of the bins. A bin holds its lower border and not its upper one; the last holds 1 too. They lie closer
/// near 1, where nearly all beads are.
pub const EDGES: [f64; 6] = [0.0, 0.5, 0.7, 0.9, 0.98, 1.0];

/// The beads of one bin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// The least confidence of the bin.
    pub from: f64,
    /// The confidence it ends before; the last bin holds 1.
    pub to: f64,
    /// How many beads it holds.
    pub beads: usize,
    /// Their mean confidence, in `0..=1`; none without beads.
    pub mean_confidence: Option<f64>,
    /// The share of them that are strictly right, in `0..=1`; none without beads.
    pub share_right: Option<f64>,
}

/// The calibration of many beads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// One bin between any two of [`EDGES`], from the least confidence up.
    pub bins: Vec<Bin>,
    /// All beads as one bin.
    pub all: Bin,
    /// The expected calibration error, in `0..=1`; 0 without beads.
    pub expected_error: f64,
}

impl Calibration {
    /// Sorts beads into bins: each with its confidence and whether it is right. A confidence outside of `0..=1` counts as
    /// the nearer end, one that is no number as 0.
    pub fn of(beads: &[(f64, bool)]) -> Self {
        let mut sums = [(0usize, 0.0f64, 0usize); EDGES.len() - 1];
        for (confidence, is_right) in beads {
            let confidence = if confidence.is_nan() { 0.0 } else { confidence.clamp(0.0, 1.0) };
            let at = EDGES[1..EDGES.len() - 1].partition_point(|edge| *edge <= confidence);
            sums[at].0 += 1;
            sums[at].1 += confidence;
            sums[at].2 += usize::from(*is_right);
        }
        let bins: Vec<Bin> =
            EDGES.windows(2).zip(sums).map(|(edges, sum)| bin(edges[0], edges[1], sum)).collect();
        let all =
            sums.iter().fold((0, 0.0, 0), |all, sum| (all.0 + sum.0, all.1 + sum.1, all.2 + sum.2));
        let distance = |(count, confidences, right): (usize, f64, usize)| {
            // The count of beads cancels: n / all * |sum / n - right / n|.
            if count == 0 { 0.0 } else { (confidences - right as f64).abs() }
        };
        let expected_error = sums.into_iter().map(distance).sum::<f64>() / all.0.max(1) as f64;
        Self { bins, all: bin(EDGES[0], EDGES[EDGES.len() - 1], all), expected_error }
    }
}

fn bin(from: f64, to: f64, (beads, confidences, right): (usize, f64, usize)) -> Bin {
    let share = |sum: f64| (beads > 0).then(|| sum / beads as f64);
    let (mean_confidence, share_right) = (share(confidences), share(right as f64));
    Bin { from, to, beads, mean_confidence, share_right }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-12
    }

    #[test]
    fn a_case_computed_by_hand() {
        // .5 to .7: .6 and .6, one of two right: |.6 - .5| = .1, two beads.
        // .7 to .9: .8, wrong: .8, one bead.
        // .98 to 1: .99 and 1, both right: |.995 - 1| = .005, two beads.
        // (2 * .1 + 1 * .8 + 2 * .005) / 5 = 1.01 / 5 = .202
        let beads = [(0.6, true), (0.6, false), (0.8, false), (0.99, true), (1.0, true)];
        let calibration = Calibration::of(&beads);
        let counts: Vec<usize> = calibration.bins.iter().map(|bin| bin.beads).collect();
        assert_eq!(counts, [0, 2, 1, 0, 2]);
        assert!(is_near(calibration.expected_error, 0.202));
        assert!(is_near(calibration.bins[1].mean_confidence.unwrap(), 0.6));
        assert!(is_near(calibration.bins[1].share_right.unwrap(), 0.5));
        assert!(is_near(calibration.bins[4].mean_confidence.unwrap(), 0.995));
        assert_eq!(calibration.bins[0].mean_confidence, None);
        // (.6 + .6 + .8 + .99 + 1) / 5 = 3.99 / 5
        assert!(is_near(calibration.all.mean_confidence.unwrap(), 0.798));
        assert!(is_near(calibration.all.share_right.unwrap(), 0.6));
    }

    #[test]
    fn a_border_belongs_to_the_bin_above_it_and_one_to_the_last() {
        let at = |confidence| {
            let bins = Calibration::of(&[(confidence, true)]).bins;
            bins.iter().position(|bin| bin.beads == 1)
        };
        let borders: Vec<Option<usize>> = EDGES.into_iter().map(at).collect();
        assert_eq!(borders, [Some(0), Some(1), Some(2), Some(3), Some(4), Some(4)]);
        assert_eq!(at(0.979_999), Some(3));
        assert_eq!((at(-1.0), at(7.0), at(f64::NAN)), (Some(0), Some(4), Some(0)));
    }

    #[test]
    fn overconfidence_in_one_bin_does_not_make_up_for_doubt_in_another() {
        // .6 right is .4 too low, .8 wrong .8 too high: (.4 + .8) / 2.
        let calibration = Calibration::of(&[(0.6, true), (0.8, false)]);
        assert!(is_near(calibration.expected_error, 0.6));
    }

    #[test]
    fn no_beads_have_no_error() {
        let calibration = Calibration::of(&[]);
        assert!(is_near(calibration.expected_error, 0.0));
        assert_eq!((calibration.all.beads, calibration.all.mean_confidence), (0, None));
    }
}
