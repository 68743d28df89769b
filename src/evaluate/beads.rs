//! Counts right beads: the definitions of alignment scores.
//!
//! The definitions are those published with Vecalign (Thompson & Koehn 2019, after Sennrich & Volk 2010): precision is
//! over all distinct beads of the system, those without partner included; recall is over the gold beads that have both
//! sides. A bead is right *strictly* when the gold has exactly it, and *laxly* when some of its source segments is linked
//! in the gold to some of its target segments. Runs without partner are split into single segments on both sides.
//! Counts are summed over documents before dividing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// A bead as two lists of indices, ascending.
pub type Link = (Vec<u32>, Vec<u32>);

/// Counts of right and all beads, added up over documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Beads of the system that the gold has.
    pub strict_right: usize,
    /// Beads of the system that share a link with the gold.
    pub lax_right: usize,
    /// Beads of the system.
    pub system: usize,
    /// Gold beads with both sides that the system has.
    pub strict_found: usize,
    /// Gold beads with both sides that share a link with the system.
    pub lax_found: usize,
    /// Gold beads with both sides.
    pub gold: usize,
    /// Beads of the system with both sides.
    pub system_linked: usize,
    /// Beads of the system with both sides that the gold has.
    pub linked_right: usize,
}

/// Precision, recall and their harmonic mean, each in `0..=1`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// Right beads over beads of the system.
    pub precision: f64,
    /// Found beads over beads of the gold.
    pub recall: f64,
    /// The harmonic mean of both; 0 where both are 0.
    pub f1: f64,
}

/// The figures of an alignment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Beads that are right exactly.
    pub strict: Figures,
    /// Beads that are right in part.
    pub lax: Figures,
    /// Beads with both sides only, right exactly.
    pub nonnull: Figures,
    /// Gold beads with both sides.
    pub gold_beads: usize,
    /// Beads of the system.
    pub system_beads: usize,
}

impl Counts {
    /// Counts one document. Both lists may be in any order.
    pub fn of(gold: &[Link], system: &[Link]) -> Self {
        let (gold, system) = (single_nulls(gold), single_nulls(system));
        let linked = |beads: &BTreeSet<Link>| -> BTreeSet<Link> {
            beads
                .iter()
                .filter(|(source, target)| !source.is_empty() && !target.is_empty())
                .cloned()
                .collect()
        };
        let (gold_linked, system_linked) = (linked(&gold), linked(&system));
        let (strict_right, lax_right) = right(&system, &gold);
        let (strict_found, lax_found) = right(&gold_linked, &system_linked);
        let (linked_right, _) = right(&system_linked, &gold_linked);
        Self {
            strict_right,
            lax_right,
            system: system.len(),
            strict_found,
            lax_found,
            gold: gold_linked.len(),
            system_linked: system_linked.len(),
            linked_right,
        }
    }

    /// Adds the counts of another document.
    pub fn add(&mut self, other: &Self) {
        self.strict_right += other.strict_right;
        self.lax_right += other.lax_right;
        self.system += other.system;
        self.strict_found += other.strict_found;
        self.lax_found += other.lax_found;
        self.gold += other.gold;
        self.system_linked += other.system_linked;
        self.linked_right += other.linked_right;
    }

    /// Returns the figures.
    pub fn score(&self) -> Score {
        let figures = |right, system, found, gold| {
            let (precision, recall) = (ratio(right, system), ratio(found, gold));
            let sum = precision + recall;
            Figures {
                precision,
                recall,
                f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 },
            }
        };
        Score {
            strict: figures(self.strict_right, self.system, self.strict_found, self.gold),
            lax: figures(self.lax_right, self.system, self.lax_found, self.gold),
            nonnull: figures(self.linked_right, self.system_linked, self.strict_found, self.gold),
            gold_beads: self.gold,
            system_beads: self.system,
        }
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn single_nulls(beads: &[Link]) -> BTreeSet<Link> {
    beads.iter().flat_map(counted).collect()
}

/// Returns what a bead counts as: one bead a segment where it has no partner, nothing where it is empty, else itself.
pub fn counted(bead: &Link) -> Vec<Link> {
    let (source, target) = bead;
    match (source.is_empty(), target.is_empty()) {
        (true, true) => Vec::new(),
        (false, true) => source.iter().map(|i| (vec![*i], Vec::new())).collect(),
        (true, false) => target.iter().map(|j| (Vec::new(), vec![*j])).collect(),
        (false, false) => vec![bead.clone()],
    }
}

/// Counts the beads of `system` that are right strictly and laxly.
fn right(system: &BTreeSet<Link>, gold: &BTreeSet<Link>) -> (usize, usize) {
    let mut linked: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (source, target) in gold {
        for i in source {
            linked.entry(*i).or_default().extend(target);
        }
    }
    let (mut strict, mut lax) = (0, 0);
    for bead in system {
        if gold.contains(bead) {
            strict += 1;
            lax += 1;
            continue;
        }
        let (source, target) = bead;
        let is_linked =
            |i: &u32| linked.get(i).is_some_and(|goal| target.iter().any(|j| goal.contains(j)));
        lax += usize::from(source.iter().any(is_linked));
    }
    (strict, lax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_without_partner_count_one_by_one() {
        let gold = vec![(vec![0, 1], vec![]), (vec![2], vec![0])];
        let system = vec![(vec![0], vec![]), (vec![1], vec![]), (vec![2], vec![0])];
        let score = Counts::of(&gold, &system).score();
        assert!((score.strict.f1 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn precision_counts_beads_without_partner_and_recall_does_not() {
        let gold = vec![(vec![0], vec![0]), (vec![1], vec![1])];
        let system = vec![(vec![0], vec![0]), (vec![1], vec![]), (vec![], vec![1])];
        let counts = Counts::of(&gold, &system);
        assert_eq!(
            (counts.strict_right, counts.system, counts.strict_found, counts.gold),
            (1, 3, 1, 2)
        );
    }

    #[test]
    fn a_bead_that_shares_a_link_is_laxly_right() {
        let counts = Counts::of(&[(vec![0, 1], vec![0])], &[(vec![0], vec![0]), (vec![1], vec![])]);
        assert_eq!((counts.strict_right, counts.lax_right, counts.lax_found), (0, 1, 1));
    }
}
