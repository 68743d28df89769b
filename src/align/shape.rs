//! The shapes a bead can have: how many source and target segments it takes.

/// How many shapes there are.
pub(super) const COUNT: usize = 17;

/// The most segments a bead takes on one side.
pub(super) const MOST: usize = 5;

/// The most segments a bead takes on both sides together.
pub const LONGEST: usize = 6;

/// The shapes, source count and target count: two with an empty side, then every n and m up to five with n + m up to
/// six, the shorter ones first. Longer beads did not help (trial: up to 7 segments, worse); up to 5 segments lose .002 of F1.
pub(super) const SHAPES: [(usize, usize); COUNT] = [
    (1, 0),
    (0, 1),
    (1, 1),
    (1, 2),
    (2, 1),
    (2, 2),
    (1, 3),
    (3, 1),
    (1, 4),
    (4, 1),
    (2, 3),
    (3, 2),
    (1, 5),
    (5, 1),
    (2, 4),
    (4, 2),
    (3, 3),
];

/// How many of the first shapes take at most two segments a side, less those of two by two.
pub(super) const SHORT: usize = 5;

/// Returns how many of the first shapes take at most so many segments, both sides together.
pub(super) fn depth(longest: usize) -> usize {
    SHAPES.partition_point(|(n, m)| n + m <= longest)
}

/// Says whether a shape has an empty side.
pub(super) fn is_null(shape: usize) -> bool {
    shape < 2
}

/// The share of each shape before anything is seen, in the order of [`SHAPES`]. From the trial: 1-1 .86, 1-2 and 2-1
/// .035, 2-2 .008, 1-3 and 3-1 .006, without partner .02, others .0015.
pub(super) const START: [f64; COUNT] = [
    0.02, 0.02, 0.86, 0.035, 0.035, 0.008, 0.006, 0.006, 0.0015, 0.0015, 0.0015, 0.0015, 0.0015,
    0.0015, 0.0015, 0.0015, 0.0015,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_all_those_allowed() {
        for n in 1..=MOST {
            for m in 1..=MOST {
                assert_eq!(SHAPES.contains(&(n, m)), n + m <= LONGEST, "{n}-{m}");
            }
        }
        assert!(SHAPES.is_sorted_by_key(|(n, m)| n + m));
        assert_eq!([2, 3, LONGEST].map(depth), [3, SHORT, COUNT]);
        assert!((0..COUNT).all(|shape| is_null(shape) == (SHAPES[shape].0 * SHAPES[shape].1 == 0)));
    }
}
