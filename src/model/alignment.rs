//! The beads of two documents, each segment in exactly one.

use super::{Bead, Document, Origin, SegmentId};

/// The beads of a source and a target document. Every segment of both stands in exactly one bead; beads are ordered by
/// their first source segment, and a bead without source stands before the first bead whose target lies behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alignment {
    beads: Vec<Bead>,
}

/// Two versions and their alignment.
#[derive(Debug, Clone, Copy)]
pub struct Aligned<'a> {
    /// The source version.
    pub source: &'a Document,
    /// The target version.
    pub target: &'a Document,
    /// Their beads.
    pub alignment: &'a Alignment,
}

/// Says why beads do not make an alignment. Places are positions in the list of beads, from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AlignmentError {
    /// A segment is named in two beads, or twice in one.
    #[error("{side} segment {segment} is named twice")]
    Twice {
        /// The bead that names it again.
        bead: usize,
        /// `source` or `target`.
        side: &'static str,
        /// The segment's place, from 0.
        segment: usize,
    },
    /// A segment does not exist.
    #[error("{side} segment {segment} does not exist: the {side} has {count} segments")]
    OutOfRange {
        /// The bead that names it.
        bead: usize,
        /// `source` or `target`.
        side: &'static str,
        /// The segment's place, from 0.
        segment: usize,
        /// How many segments that side has.
        count: usize,
    },
}

impl Alignment {
    /// Makes an alignment of beads in any order. What no bead names gets a bead of its own without partner; a bead with
    /// nothing on either side is dropped.
    ///
    /// # Errors
    /// When a segment is named twice or does not exist.
    pub fn new(
        source_count: usize,
        target_count: usize,
        beads: Vec<Bead>,
    ) -> Result<Self, AlignmentError> {
        let mut source_seen = vec![false; source_count];
        let mut target_seen = vec![false; target_count];
        for (place, bead) in beads.iter().enumerate() {
            mark(&mut source_seen, &bead.source, place, "source")?;
            mark(&mut target_seen, &bead.target, place, "target")?;
        }
        let mut beads: Vec<Bead> =
            beads.into_iter().filter(|b| !(b.source.is_empty() && b.target.is_empty())).collect();
        for bead in &mut beads {
            bead.source.sort_unstable();
            bead.target.sort_unstable();
        }
        for place in unseen(&source_seen) {
            beads.push(Bead::settled(vec![place], Vec::new(), Origin::Import));
        }
        for place in unseen(&target_seen) {
            beads.push(Bead::settled(Vec::new(), vec![place], Origin::Import));
        }
        Ok(Self { beads: ordered(beads) })
    }

    /// Returns the beads in order.
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// Takes beads apart that have a lower confidence: their segments stand without partner, and the confidence that they
    /// do is what the bead lacked.
    pub fn at_least(self, confidence: f64) -> Self {
        let mut beads = Vec::with_capacity(self.beads.len());
        for bead in self.beads {
            if bead.is_null() || bead.confidence >= confidence {
                beads.push(bead);
                continue;
            }
            let alone = |source: Vec<SegmentId>, target: Vec<SegmentId>| Bead {
                confidence: 1.0 - bead.confidence,
                ..Bead::settled(source, target, bead.origin)
            };
            beads.extend(bead.source.iter().map(|id| alone(vec![*id], Vec::new())));
            beads.extend(bead.target.iter().map(|id| alone(Vec::new(), vec![*id])));
        }
        Self { beads: ordered(beads) }
    }

    /// Returns the alignment with source and target changed.
    pub fn turned(&self) -> Self {
        Self { beads: ordered(self.beads.iter().map(Bead::turned).collect()) }
    }

    /// Returns the beads for a change of all but their segments.
    pub fn beads_mut(&mut self) -> &mut [Bead] {
        &mut self.beads
    }
}

fn mark(
    seen: &mut [bool],
    ids: &[SegmentId],
    bead: usize,
    side: &'static str,
) -> Result<(), AlignmentError> {
    let count = seen.len();
    for id in ids {
        let segment = id.place();
        match seen.get_mut(segment) {
            None => return Err(AlignmentError::OutOfRange { bead, side, segment, count }),
            Some(true) => return Err(AlignmentError::Twice { bead, side, segment }),
            Some(place) => *place = true,
        }
    }
    Ok(())
}

fn unseen(seen: &[bool]) -> impl Iterator<Item = SegmentId> + '_ {
    seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(place, _)| SegmentId::at(place))
}

/// Puts the beads with a source by their first source segment, then lays each target-only bead before the first of
/// them whose target lies behind it.
fn ordered(beads: Vec<Bead>) -> Vec<Bead> {
    let (mut with_source, mut target_only): (Vec<Bead>, Vec<Bead>) =
        beads.into_iter().partition(|bead| !bead.source.is_empty());
    with_source.sort_by_key(|bead| bead.source[0]);
    target_only.sort_by_key(|bead| bead.target[0]);
    let mut all = Vec::with_capacity(with_source.len() + target_only.len());
    let mut waiting = target_only.into_iter().peekable();
    for bead in with_source {
        if let Some(first) = bead.target.first() {
            while let Some(only) = waiting.next_if(|only| only.target[0] < *first) {
                all.push(only);
            }
        }
        all.push(bead);
    }
    all.extend(waiting);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubtful_beads_are_taken_apart() {
        let bead = |source: usize, target: usize, confidence: f64| Bead {
            confidence,
            ..Bead::settled(
                vec![SegmentId::at(source)],
                vec![SegmentId::at(target)],
                Origin::Machine,
            )
        };
        let alignment = Alignment::new(2, 2, vec![bead(0, 0, 0.9), bead(1, 1, 0.4)]);
        let kept = alignment.expect("an alignment").at_least(0.5);
        let sides: Vec<_> =
            kept.beads().iter().map(|bead| (bead.source.len(), bead.target.len())).collect();
        assert_eq!(sides, [(1, 1), (1, 0), (0, 1)]);
        assert!((kept.beads()[1].confidence - 0.6).abs() < 1e-9);
    }

    fn bead(source: &[u32], target: &[u32]) -> Bead {
        let ids = |list: &[u32]| list.iter().map(|n| SegmentId(*n)).collect();
        Bead::settled(ids(source), ids(target), Origin::Person)
    }

    #[test]
    fn target_only_beads_stand_before_the_first_bead_behind_them() {
        let beads = vec![bead(&[1], &[2]), bead(&[0], &[0]), bead(&[], &[1])];
        let alignment = Alignment::new(2, 3, beads).unwrap();
        let order: Vec<_> = alignment.beads().iter().map(|b| b.target[0].0).collect();
        assert_eq!(order, [0, 1, 2]);
    }

    #[test]
    fn what_no_bead_names_has_no_partner() {
        let alignment = Alignment::new(2, 1, vec![bead(&[1], &[0])]).unwrap();
        assert_eq!(alignment.beads().len(), 2);
        assert!(alignment.beads()[0].target.is_empty());
    }

    #[test]
    fn a_segment_stands_in_one_bead_only() {
        let twice = Alignment::new(2, 2, vec![bead(&[0], &[0]), bead(&[1], &[0])]);
        assert_eq!(twice, Err(AlignmentError::Twice { bead: 1, side: "target", segment: 0 }));
        assert!(matches!(
            Alignment::new(1, 1, vec![bead(&[4], &[0])]),
            Err(AlignmentError::OutOfRange { segment: 4, .. })
        ));
    }
}
