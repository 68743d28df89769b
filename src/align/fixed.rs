//! What is settled before the search: beads that a person or a file has decided, and pairs of segments that belong
//! together.
//!
//! A **fixed bead** stands as it is, whatever its shape, with a side empty or across other beads. Its segments are taken
//! out of the search, no other bead reaches over the place where they stood, and the ways through the grid pass through
//! that place. An **anchor** says only that two segments stand in one bead; the search finds out what else does.
//!
//! ```text
//! fixed bead [2]:[2]                 anchor 2:2
//!     0 1 | 3 4                          0 1 2 3 4
//! 0   . .                            0   . . .
//! 1   . .                            1   . . .
//!     ----+----   through the gate   2   . . ######
//! 3       . .                        3       # . .    a bead must lead over the corner
//! 4       . .                        4       # . .
//! ```
//!
//! Fixed beads and anchors that cross are taken at their word: the most that rise together guide the search, the others
//! become beads of their own, marked reordered.

use std::ops::Range;

use super::Pair;
use super::shape::{LONGEST, MOST};
use crate::model::{Alignment, AlignmentError, Bead, Document, Origin, SegmentId};

/// Says why decisions can't be kept. Segments are named by their numbers ([`Segment::index`](crate::model::Segment::index)).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FixedError {
    /// A bead names a segment that does not exist, or one that another bead names.
    #[error(transparent)]
    Bead(#[from] AlignmentError),
    /// An anchor names a segment that does not exist.
    #[error(
        "anchor {0}:{1}: there is no such {2} segment; their numbers are those that `qosha segment` and `--format beads` show"
    )]
    NoSegment(u32, u32, &'static str),
    /// An anchor names a segment of a fixed bead and one outside it.
    #[error("anchor {0}:{1}: one of the two stands in a fixed bead without the other")]
    Contradicts(u32, u32),
    /// Anchors join more segments than a bead may take.
    #[error(
        "anchors at {0}:{1}: together they join {2} source and {3} target segments, more than a bead of the search takes ({MOST} a side, {LONGEST} together); give the bead whole, in a file of fixed beads"
    )]
    TooLong(u32, u32, usize, usize),
    /// The delimiters do not pair.
    #[error(
        "the source has {0} of the delimiter \"{2}\" and the target {1}; there must be as many on both sides"
    )]
    Delimiters(usize, usize, String),
}

/// Decisions that the search keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FixedPoints {
    beads: Vec<Bead>,
    /// Anchors that rise together and with the beads: ranges of places on both sides.
    joined: Vec<[Range<usize>; 2]>,
}

impl FixedPoints {
    /// Makes fixed points of beads, which may leave segments out, and of anchors: places of a source and a target segment.
    ///
    /// # Errors
    /// When a segment does not exist or is named in two beads, or an anchor contradicts a bead or joins too much.
    pub fn new(
        source: &Document,
        target: &Document,
        beads: Vec<Bead>,
        anchors: &[(SegmentId, SegmentId)],
    ) -> Result<Self, FixedError> {
        let counts = [source.segments.len(), target.segments.len()];
        Alignment::new(counts[0], counts[1], beads.clone())?;
        let mut fixed = Self { beads, joined: Vec::new() };
        let mut owner = [vec![usize::MAX; counts[0]], vec![usize::MAX; counts[1]]];
        for (number, bead) in fixed.beads.iter_mut().enumerate() {
            for (owner, ids) in owner.iter_mut().zip([&mut bead.source, &mut bead.target]) {
                ids.sort_unstable();
                ids.iter().for_each(|id| owner[id.place()] = number);
            }
        }
        let number = |document: &Document, place: usize| {
            document.segments.get(place).map_or(0, |segment| segment.index)
        };
        let mut groups: Vec<[Range<usize>; 2]> = Vec::new();
        for (s, t) in anchors {
            let (s, t) = (s.place(), t.place());
            let names = (number(source, s), number(target, t));
            for (place, count, side) in [(s, counts[0], "source"), (t, counts[1], "target")] {
                if place >= count {
                    return Err(FixedError::NoSegment(names.0, names.1, side));
                }
            }
            match (owner[0][s], owner[1][t]) {
                (usize::MAX, usize::MAX) => groups.push([s..s + 1, t..t + 1]),
                (one, other) if one == other => {}
                _ => return Err(FixedError::Contradicts(names.0, names.1)),
            }
        }
        for group in joined(groups) {
            let names = (number(source, group[0].start), number(target, group[1].start));
            let [n, m] = [group[0].len(), group[1].len()];
            if n > MOST || m > MOST || n + m > LONGEST {
                return Err(FixedError::TooLong(names.0, names.1, n, m));
            }
            let is_owned = |side: usize| group[side].clone().any(|p| owner[side][p] != usize::MAX);
            if is_owned(0) || is_owned(1) {
                return Err(FixedError::Contradicts(names.0, names.1));
            }
            fixed.joined.push(group);
        }
        fixed.settle_crossings();
        Ok(fixed)
    }

    /// Makes fixed points of the segments that hold a delimiter and nothing else, such as `***`: the first of the source
    /// goes with the first of the target and so on, and no bead crosses one.
    ///
    /// # Errors
    /// When the sides have not as many.
    pub fn delimiters(
        source: &Document,
        target: &Document,
        delimiter: &str,
    ) -> Result<Vec<Bead>, FixedError> {
        let places = |document: &Document| -> Vec<SegmentId> {
            let is_one = |id: &SegmentId| document.segment_text(*id).trim() == delimiter.trim();
            document.ids().filter(is_one).collect()
        };
        let (ours, theirs) = (places(source), places(target));
        if ours.len() != theirs.len() {
            return Err(FixedError::Delimiters(ours.len(), theirs.len(), delimiter.to_owned()));
        }
        let bead = |(s, t)| Bead::settled(vec![s], vec![t], Origin::Person);
        Ok(ours.into_iter().zip(theirs).map(bead).collect())
    }

    /// Returns the fixed beads.
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// Marks fixed beads that cross the others, and makes fixed beads of anchors that do.
    fn settle_crossings(&mut self) {
        let whole = self.beads.iter().enumerate().filter_map(|(at, bead)| Some((spans(bead)?, at)));
        let mut all: Vec<([Range<usize>; 2], usize)> = whole.collect();
        let beads = self.beads.len();
        all.extend(self.joined.iter().cloned().zip(beads..));
        all.sort_by_key(|([source, _], _)| source.start);
        let starts: Vec<usize> = all.iter().map(|([_, target], _)| target.start).collect();
        let chain = longest_rising(&starts);
        let mut is_rising = vec![false; beads + self.joined.len()];
        chain.into_iter().for_each(|at| is_rising[all[at].1] = true);
        for (_, at) in all.iter().filter(|(_, at)| *at < beads && !is_rising[*at]) {
            self.beads[*at].reordered = true;
        }
        let (kept, crossing) = std::mem::take(&mut self.joined)
            .into_iter()
            .enumerate()
            .partition::<Vec<_>, _>(|(at, _)| is_rising[beads + at]);
        self.joined = kept.into_iter().map(|(_, group)| group).collect();
        self.beads.extend(crossing.into_iter().map(|(_, [source, target])| {
            let ids = |places: Range<usize>| places.map(SegmentId::at).collect();
            Bead { reordered: true, ..Bead::settled(ids(source), ids(target), Origin::Person) }
        }));
    }
}

/// Returns the ranges of a bead's segments, `None` where a side is empty or has a gap.
fn spans(bead: &Bead) -> Option<[Range<usize>; 2]> {
    let span = |ids: &[SegmentId]| {
        let (first, last) = (ids.first()?.place(), ids.last()?.place());
        (last + 1 - first == ids.len()).then_some(first..last + 1)
    };
    Some([span(&bead.source)?, span(&bead.target)?])
}

/// Joins anchors that share a segment, or that lie in the range another one covers.
pub(super) fn joined(mut groups: Vec<[Range<usize>; 2]>) -> Vec<[Range<usize>; 2]> {
    let meet =
        |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
    loop {
        let before = groups.len();
        for side in 0..2 {
            groups.sort_by_key(|group| (group[side].start, group[1 - side].start));
            let mut merged: Vec<[Range<usize>; 2]> = Vec::with_capacity(groups.len());
            for group in groups {
                match merged.last_mut() {
                    Some(last) if meet(&last[side], &group[side]) => {
                        for (last, group) in last.iter_mut().zip(&group) {
                            *last = last.start.min(group.start)..last.end.max(group.end);
                        }
                    }
                    _ => merged.push(group),
                }
            }
            groups = merged;
        }
        if groups.len() == before {
            return groups;
        }
    }
}

/// Returns the places of a longest rising subsequence, by patience sorting; of several the one that ends smallest.
pub(crate) fn longest_rising<T: Ord>(values: &[T]) -> Vec<usize> {
    // For each length of a chain the item with the least end, and for each item the one before.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values[*end] < *value);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut chain = Vec::new();
    let mut at = ends.last().copied();
    while let Some(place) = at {
        chain.push(place);
        at = before[place];
    }
    chain.reverse();
    chain
}

/// The segments that are left for the search, and where the ways through their grid must lead.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Free {
    /// The segments of the source and the target that no fixed bead takes.
    pub(super) ids: [Vec<SegmentId>; 2],
    pub(super) gates: Gates,
}

impl Free {
    /// Returns pairs with what their fixed points leave of them.
    pub(super) fn each<'a>(pairs: &[Pair<'a>]) -> Vec<(Pair<'a>, Self)> {
        pairs.iter().map(|pair| (*pair, Self::new(pair.source, pair.target, pair.fixed))).collect()
    }

    fn new(source: &Document, target: &Document, fixed: Option<&FixedPoints>) -> Self {
        let Some(fixed) = fixed else {
            let ids = [source.ids().collect(), target.ids().collect()];
            return Self { ids, gates: Gates::default() };
        };
        let mut taken = [vec![false; source.segments.len()], vec![false; target.segments.len()]];
        for bead in &fixed.beads {
            for (taken, ids) in taken.iter_mut().zip([&bead.source, &bead.target]) {
                ids.iter().for_each(|id| taken[id.place()] = true);
            }
        }
        // For each place how many free segments stand before it.
        let before = taken.each_ref().map(|taken| {
            let mut before = vec![0; taken.len() + 1];
            for (place, is_taken) in taken.iter().enumerate() {
                before[place + 1] = before[place] + usize::from(!is_taken);
            }
            before
        });
        let ids = taken.each_ref().map(|taken| {
            let free = taken.iter().enumerate().filter(|(_, is_taken)| !**is_taken);
            free.map(|(place, _)| SegmentId::at(place)).collect::<Vec<_>>()
        });
        let rising = fixed.beads.iter().filter(|bead| !bead.reordered).filter_map(spans);
        let mut nodes: Vec<(usize, usize)> =
            rising.map(|[s, t]| (before[0][s.start], before[1][t.start])).collect();
        nodes.sort_unstable();
        let at =
            |side: usize, range: &Range<usize>| before[side][range.start]..before[side][range.end];
        let mut joined: Vec<[Range<usize>; 2]> =
            fixed.joined.iter().map(|[s, t]| [at(0, s), at(1, t)]).collect();
        joined.sort_unstable_by_key(|[s, _]| s.start);
        let seams = [0, 1].map(|side| {
            let taken = taken[side].iter().enumerate().filter(|(_, is_taken)| **is_taken);
            let mut seams: Vec<usize> = taken.map(|(place, _)| before[side][place]).collect();
            seams.dedup();
            seams
        });
        Self { gates: Gates::new(nodes, joined, seams, [ids[0].len(), ids[1].len()]), ids }
    }
}

/// Where the ways through a grid must lead. A node (i, j) has i source and j target segments behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Gates {
    /// For each row of nodes the first and the last column; none where nothing is settled.
    ends: Vec<(usize, usize)>,
    /// The nodes that every way passes through, ascending.
    nodes: Vec<(usize, usize)>,
    /// Source and target segments that must stand in one bead, ascending.
    joined: Vec<[Range<usize>; 2]>,
    /// The nodes, by row and by column, that no bead may reach over, ascending.
    seams: [Vec<usize>; 2],
}

impl Gates {
    fn new(
        nodes: Vec<(usize, usize)>,
        joined: Vec<[Range<usize>; 2]>,
        seams: [Vec<usize>; 2],
        [rows, columns]: [usize; 2],
    ) -> Self {
        let mut ends = vec![(0, columns); rows + 1];
        let mut low = |row: usize, column: usize| {
            if let Some(end) = ends.get_mut(row) {
                end.0 = end.0.max(column);
            }
        };
        // Behind a gate, and from the end of joined segments on.
        nodes.iter().for_each(|(row, column)| low(row + 1, *column));
        joined.iter().for_each(|[s, t]| low(s.end, t.end));
        for row in 1..ends.len() {
            ends[row].0 = ends[row].0.max(ends[row - 1].0);
        }
        let mut high = |row: usize, column: usize| ends[row].1 = ends[row].1.min(column);
        nodes.iter().filter(|(row, _)| *row > 0).for_each(|(row, column)| high(row - 1, *column));
        joined.iter().for_each(|[s, t]| high(s.start, t.start));
        for row in (1..ends.len()).rev() {
            ends[row - 1].1 = ends[row - 1].1.min(ends[row].1);
        }
        // No way comes to the rows inside joined segments: any column will do that keeps the rows rising.
        for [s, t] in &joined {
            for end in &mut ends[s.start + 1..s.end] {
                *end = (t.start, t.end);
            }
        }
        Self { ends, nodes, joined, seams }
    }

    /// Returns the nodes that the band must hold.
    pub(super) fn needed(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let corners = self.joined.iter().flat_map(|[s, t]| [(s.start, t.start), (s.end, t.end)]);
        self.nodes.iter().copied().chain(corners)
    }

    /// Returns a column of a row, moved to where ways may lead.
    pub(super) fn clamp(&self, row: usize, column: usize) -> usize {
        self.ends.get(row).map_or(column, |(low, high)| column.max(*low).min(*high))
    }

    /// Returns the columns of a range from which a bead of `n` source and `m` target segments may start in a row.
    pub(super) fn columns(
        &self,
        row: usize,
        (n, m): (usize, usize),
        columns: Range<usize>,
    ) -> Option<Range<usize>> {
        if n == 0 || self.ends.is_empty() {
            return Some(columns);
        }
        let inside = |list: &[usize]| {
            let next = list.partition_point(|seam| *seam <= row);
            list.get(next).is_some_and(|seam| *seam < row + n)
        };
        let is_closed = |row: usize| {
            let after = self.joined.partition_point(|[s, _]| s.start < row);
            self.joined[..after].last().is_some_and(|[s, _]| row < s.end)
        };
        if inside(&self.seams[0]) || is_closed(row) || is_closed(row + n) {
            return None;
        }
        let at = |row: usize| {
            let from = self.nodes.partition_point(|(at, _)| *at < row);
            let to = self.nodes.partition_point(|(at, _)| *at <= row);
            &self.nodes[from..to]
        };
        let start = at(row).last().map_or(columns.start, |(_, column)| columns.start.max(*column));
        let end = at(row + n)
            .first()
            .map_or(columns.end, |(_, column)| columns.end.min((column + 1).saturating_sub(m)));
        (start < end).then_some(start..end)
    }

    /// Says whether a bead of `m` target segments from a column reaches over a place where none may.
    pub(super) fn is_crossed(&self, column: usize, m: usize) -> bool {
        let next = self.seams[1].partition_point(|seam| *seam <= column);
        self.seams[1].get(next).is_some_and(|seam| *seam < column + m)
    }

    /// Says whether no bead may reach over some place of the target.
    pub(super) fn has_seams(&self) -> bool {
        !self.seams[1].is_empty()
    }

    /// Says whether an anchor holds the segment at a place of the source or the target.
    pub(super) fn holds(&self, side: usize, place: usize) -> bool {
        self.joined.iter().any(|group| group[side].contains(&place))
    }

    /// Returns the most segments that a bead must take, both sides together.
    pub(super) fn longest(&self) -> usize {
        self.joined.iter().map(|[s, t]| s.len() + t.len()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{Options, align};
    use crate::model::Language;
    use crate::segment::presegmented_document;

    fn lines(text: &str) -> Document {
        presegmented_document("", text.to_owned(), Language::UND)
    }

    fn numbered(count: usize) -> Document {
        lines(&(0..count).map(|n| format!("line {n} of the text.\n")).collect::<String>())
    }

    fn ids(places: &[usize]) -> Vec<SegmentId> {
        places.iter().map(|place| SegmentId::at(*place)).collect()
    }

    fn bead(source: &[usize], target: &[usize]) -> Bead {
        Bead::settled(ids(source), ids(target), Origin::Person)
    }

    fn anchor(s: usize, t: usize) -> (SegmentId, SegmentId) {
        (SegmentId::at(s), SegmentId::at(t))
    }

    #[test]
    fn anchors_and_fixed_beads_hold_against_the_words() {
        let document = numbered(8);
        let fixed = FixedPoints::new(
            &document,
            &document,
            vec![bead(&[1], &[]), bead(&[6], &[0])],
            &[anchor(3, 4), anchor(4, 4)],
        )
        .unwrap();
        let pair = Pair { fixed: Some(&fixed), ..Pair::new(&document, &document) };
        let alignment = align(pair, &Options::default());
        let has = |s: &[usize], t: &[usize]| {
            alignment.beads().iter().any(|b| b.source == ids(s) && b.target == ids(t))
        };
        assert!(has(&[1], &[]) && has(&[6], &[0]), "{:?}", alignment.beads());
        let of = |place: usize| {
            alignment.beads().iter().find(|b| b.source.contains(&SegmentId::at(place))).unwrap()
        };
        for place in [3, 4] {
            assert!(of(place).target.contains(&SegmentId::at(4)), "{:?}", alignment.beads());
        }
    }

    #[test]
    fn what_contradicts_is_refused() {
        let document = numbered(12);
        let new = |beads, anchors: &[_]| FixedPoints::new(&document, &document, beads, anchors);
        assert!(matches!(
            new(vec![bead(&[1], &[1])], &[anchor(1, 2)]),
            Err(FixedError::Contradicts(1, 2))
        ));
        assert!(new(vec![bead(&[1], &[1, 2])], &[anchor(1, 2)]).is_ok());
        assert!(matches!(
            new(Vec::new(), &[anchor(1, 2), anchor(1, 9)]),
            Err(FixedError::TooLong(1, 2, 1, 8))
        ));
        assert!(matches!(
            new(vec![bead(&[1], &[1]), bead(&[2], &[1])], &[]),
            Err(FixedError::Bead(_))
        ));
        assert!(matches!(
            new(Vec::new(), &[anchor(1, 12)]),
            Err(FixedError::NoSegment(1, 0, "target"))
        ));
    }

    #[test]
    fn anchors_that_cross_become_beads_of_their_own() {
        let document = numbered(6);
        let anchors = [anchor(1, 1), anchor(2, 2), anchor(3, 0), anchor(4, 4)];
        let fixed = FixedPoints::new(&document, &document, Vec::new(), &anchors).unwrap();
        assert_eq!(fixed.joined.len(), 3);
        assert!(fixed.beads.len() == 1 && fixed.beads[0].reordered);
    }

    #[test]
    fn delimiters_pair_in_order() {
        let (source, target) = (lines("a\n***\nb\n***\nc"), lines("x\ny\n***\n***\nz"));
        let beads = FixedPoints::delimiters(&source, &target, "***").unwrap();
        assert_eq!(beads, [bead(&[1], &[2]), bead(&[3], &[3])]);
        let fixed = FixedPoints::new(&source, &target, beads, &[]).unwrap();
        let pair = Pair { fixed: Some(&fixed), ..Pair::new(&source, &target) };
        let alignment = align(pair, &Options::default());
        // "b" stands alone between the delimiters.
        assert!(alignment.beads().iter().any(|b| b.source == ids(&[2]) && b.target.is_empty()));
        assert!(FixedPoints::delimiters(&source, &lines("***"), "***").is_err());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_is_settled_is_kept_and_nothing_is_lost(
            counts in (1usize..12, 1usize..12),
            beads in proptest::collection::vec((0usize..12, 0usize..3, 0usize..12, 0usize..3), 0..4),
            anchors in proptest::collection::vec((0usize..12, 0usize..12), 0..4),
            longest in 2usize..7,
        ) {
            let (source, target) = (numbered(counts.0), numbered(counts.1));
            let beads: Vec<Bead> = beads
                .iter()
                .map(|(s, n, t, m)| Bead::settled(
                    (*s..s + n).map(SegmentId::at).collect(),
                    (*t..t + m).map(SegmentId::at).collect(),
                    Origin::Person,
                ))
                .filter(|bead| !(bead.source.is_empty() && bead.target.is_empty()))
                .collect();
            let anchors: Vec<_> = anchors.iter().map(|(s, t)| anchor(*s, *t)).collect();
            let Ok(fixed) = FixedPoints::new(&source, &target, beads.clone(), &anchors) else {
                return Ok(());
            };
            let pair = Pair { fixed: Some(&fixed), ..Pair::new(&source, &target) };
            let alignment = align(pair, &Options { max_bead: longest, ..Options::default() });
            let all = alignment.beads();
            for bead in &beads {
                proptest::prop_assert!(all.iter().any(|b| (&b.source, &b.target) == (&bead.source, &bead.target)));
            }
            for (s, t) in anchors {
                proptest::prop_assert!(
                    all.iter().any(|b| b.source.contains(&s) && b.target.contains(&t)),
                    "{:?} {:?} {:?}", s, t, all
                );
            }
            let mut seen: Vec<u32> = all.iter().flat_map(|b| b.source.iter().map(|id| id.0)).collect();
            seen.sort_unstable();
            proptest::prop_assert_eq!(seen, source.ids().map(|id| id.0).collect::<Vec<_>>());
        }
    }
}
