//! Carries the pairs of an older alignment over to texts that were revised since.
//!
//! A pair is kept where both its texts still stand in the new ones, word by word, from the start of a segment to the end
//! of one. White space does not count, letter case and punctuation do. All else is left to the search.
//!
//! ```text
//! old pairs                new source                     new target
//! A. ─ X.                  A.                             X.                  kept
//! B. ─ Y.                  B, in part.                    Y.                  changed: aligned anew
//! C. D. ─ Z.               C. │ D.                        Z.                  kept, as [2,3]:[2]
//! E. ─ W.                                                                     gone
//! ```
//!
//! The old texts are the texts of the pairs, one behind the other. On each side they are compared with the new text by
//! words ([`similar`], Myers 1986 with the bounds of Git, so that the time stays near linear and never hangs on a clock).
//! That comparison only says where to look: words that are common may be paired across a border, so what stands at the
//! place that most words of a text point to is compared with it in full.
//!
//! ```text
//! old   We sing. We dance.        the words point to places 0 and 3 further on;
//! new   We dance.                 the text stands at the second
//! ```
//!
//! Texts that occur more than once thus go by their place. Pairs that are still left have moved or are gone: one whose
//! texts each occur just once among the free segments is kept too.
//!
//! What it does not do: segments without partner are not carried over, and a pair one of whose texts changed in a single
//! comma is aligned anew.

use std::ops::Range;

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use super::fixed;
use crate::model::{Bead, Document, Origin, SegmentId};

/// How many places are looked at where the words of a text point to several: the first two are where it was and where it
/// would be if the words before it had not changed, the third is spare.
const PLACES: usize = 3;

/// Words by which a place for a text that moved is looked up.
const HEAD: usize = 3;

/// Share of the words of a text that the comparison finds in the new one, from which the text changed and is not gone: half,
/// as people would say.
const CHANGED: f64 = 0.5;

/// What became of the pairs of an older alignment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// The pairs that are kept, in the order of the old ones: settled beads of [`Origin::Import`].
    pub beads: Vec<Bead>,
    /// The old pair that each of them was, by its place.
    pub pairs: Vec<usize>,
    /// How many pairs have other words or other borders now: on one side, half of the words or more still stand.
    pub changed: usize,
    /// How many pairs are gone: on both sides less than half of the words is left.
    pub gone: usize,
    /// How many pairs could be kept but gave way ([`Carried::give_way`]).
    pub overruled: usize,
}

impl Carried {
    /// Drops the beads that share a segment with other beads, or with anchors that lead out of them.
    pub fn give_way(&mut self, beads: &[Bead], anchors: &[(SegmentId, SegmentId)]) {
        let places = |range: &Range<usize>| range.clone().map(SegmentId::at).collect::<Vec<_>>();
        let groups = fixed::joined(anchors.iter().map(|(s, t)| [s, t].map(one)).collect());
        let groups =
            groups.iter().map(|[s, t]| Bead::settled(places(s), places(t), Origin::Person));
        let mut owner: [FxHashMap<SegmentId, usize>; 2] = Default::default();
        for (number, bead) in self.beads.iter().enumerate() {
            for (owner, ids) in owner.iter_mut().zip([&bead.source, &bead.target]) {
                owner.extend(ids.iter().map(|id| (*id, number)));
            }
        }
        let mut is_dropped = vec![false; self.beads.len()];
        let is_anchor = |number: usize| number >= beads.len();
        for (number, other) in beads.iter().cloned().chain(groups).enumerate() {
            let ids = [&other.source, &other.target];
            let owners =
                ids.iter().zip(&owner).flat_map(|(ids, owner)| ids.iter().map(|id| owner.get(id)));
            let owners: Vec<Option<usize>> = owners.map(Option::<&usize>::copied).collect();
            let is_inside = is_anchor(number) && owners.windows(2).all(|two| two[0] == two[1]);
            if !is_inside {
                owners.into_iter().flatten().for_each(|owner| is_dropped[owner] = true);
            }
        }
        self.overruled += is_dropped.iter().filter(|is_dropped| **is_dropped).count();
        let mut kept = is_dropped.iter().map(|is_dropped| !is_dropped);
        self.pairs.retain(|_| kept.next().unwrap_or(true));
        let mut kept = is_dropped.iter().map(|is_dropped| !is_dropped);
        self.beads.retain(|_| kept.next().unwrap_or(true));
    }
}

fn one(id: &SegmentId) -> Range<usize> {
    id.place()..id.place() + 1
}

/// Carries pairs of texts over to two documents. `old` are the source and the target text of each pair, in the order of the
/// old texts; an empty one is nothing on that side, and the pair is no pair. A bead of the result holds each segment at most
/// once. How it is done is told [above](self).
///
/// # Example
/// ```
/// use qosha::{align, model::Language, segment::presegmented_document};
/// let document = |text: &str, language| presegmented_document("", text.to_owned(), language);
/// let source = document("Dear friends,\nthe road is open.\nGoodbye.", Language::EN);
/// let target = document("Əziz dostlar,\nyol açıqdır.\nSağ olun.", Language::AZ);
/// let old = [("the road is closed.", "yol bağlıdır."), ("Goodbye.", "Sağ olun.")];
/// let carried = align::carry(&source, &target, &old);
/// assert_eq!((carried.beads.len(), carried.changed, carried.gone), (1, 1, 0));
/// ```
pub fn carry(source: &Document, target: &Document, old: &[(&str, &str)]) -> Carried {
    let mut sides = [
        Side::new(source, old.iter().map(|(text, _)| *text)),
        Side::new(target, old.iter().map(|(_, text)| *text)),
    ];
    let mut found: Vec<Option<[Range<usize>; 2]>> = vec![None; old.len()];
    let pairs: Vec<usize> = (0..old.len())
        .filter(|pair| sides.iter().all(|side| !side.text(*pair).is_empty()))
        .collect();
    for way in [Side::in_place, Side::shifted, Side::anywhere] {
        for pair in pairs.iter().copied() {
            if found[pair].is_some() {
                continue;
            }
            let [Some(source), Some(target)] = sides.each_ref().map(|side| way(side, pair)) else {
                continue;
            };
            for (side, range) in sides.iter_mut().zip([&source, &target]) {
                side.is_taken[range.clone()].fill(true);
            }
            found[pair] = Some([source, target]);
        }
    }
    let mut carried = Carried::default();
    for pair in pairs {
        let is_left = |side: &Side| {
            let places = &side.places[side.texts[pair].clone()];
            places.iter().flatten().count() as f64 >= CHANGED * places.len() as f64
        };
        match found[pair].take() {
            Some(ranges) => {
                let [source, target] = ranges.map(|range| range.map(SegmentId::at).collect());
                carried.beads.push(Bead::settled(source, target, Origin::Import));
                carried.pairs.push(pair);
            }
            None if sides.iter().any(is_left) => carried.changed += 1,
            None => carried.gone += 1,
        }
    }
    carried
}

/// One side: the old texts and the new one as words with numbers.
struct Side {
    old: Vec<u32>,
    /// Where the words of each old text stand.
    texts: Vec<Range<usize>>,
    new: Vec<u32>,
    /// The word with which each segment of the new text begins, and their count.
    borders: Vec<usize>,
    /// For each old word the new one that the comparison pairs it with.
    places: Vec<Option<usize>>,
    /// Which segments are in a pair that is kept.
    is_taken: Vec<bool>,
    /// Where segments begin with some words, up to [`HEAD`] of them.
    heads: FxHashMap<Vec<u32>, Vec<usize>>,
}

impl Side {
    fn new<'t>(document: &'t Document, texts: impl Iterator<Item = &'t str>) -> Self {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut number = |all: &mut Vec<u32>, text: &'t str| {
            let start = all.len();
            for word in words(text) {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                all.push(*numbers.entry(word).or_insert(next));
            }
            start..all.len()
        };
        let mut old = Vec::new();
        let texts = texts.map(|text| number(&mut old, text)).collect();
        let mut new = Vec::new();
        let mut borders = vec![0];
        for id in document.ids() {
            borders.push(number(&mut new, document.segment_text(id)).end);
        }
        let mut places = vec![None; old.len()];
        for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
            if op.tag() == DiffTag::Equal {
                for (from, to) in op.old_range().zip(op.new_range()) {
                    places[from] = Some(to);
                }
            }
        }
        let mut heads: FxHashMap<Vec<u32>, Vec<usize>> = FxHashMap::default();
        for start in &borders[..borders.len() - 1] {
            for count in 1..=HEAD {
                if let Some(head) = new.get(*start..start + count) {
                    heads.entry(head.to_vec()).or_default().push(*start);
                }
            }
        }
        let is_taken = vec![false; document.segments.len()];
        Self { old, texts, new, borders, places, is_taken, heads }
    }

    /// Returns the words of an old text.
    fn text(&self, pair: usize) -> &[u32] {
        &self.old[self.texts[pair].clone()]
    }

    /// Returns the segments that hold an old text where all of its words are paired with them.
    fn in_place(&self, pair: usize) -> Option<Range<usize>> {
        let text = self.texts[pair].clone();
        let start = self.places.get(text.start).copied().flatten()?;
        let all = self.places[text].iter().zip(start..).all(|(place, at)| *place == Some(at));
        self.segments(pair, start).filter(|_| all)
    }

    /// Returns the segments that hold an old text where most of its words point.
    fn shifted(&self, pair: usize) -> Option<Range<usize>> {
        let text = self.texts[pair].clone();
        let at = |(word, place): (usize, &Option<usize>)| {
            (place.as_ref()? + text.start).checked_sub(word)
        };
        let mut starts: Vec<usize> =
            text.clone().zip(&self.places[text.clone()]).filter_map(at).collect();
        starts.sort_unstable();
        let mut counts: Vec<(usize, usize)> =
            starts.chunk_by(|one, next| one == next).map(|same| (same.len(), same[0])).collect();
        counts.sort_by_key(|(count, start)| (std::cmp::Reverse(*count), *start));
        counts.iter().take(PLACES).find_map(|(_, start)| self.segments(pair, *start))
    }

    /// Returns the segments that hold an old text where most of its words point, else the only ones that do.
    fn anywhere(&self, pair: usize) -> Option<Range<usize>> {
        self.shifted(pair).or_else(|| {
            let text = self.text(pair);
            let starts = self.heads.get(&text[..text.len().min(HEAD)])?;
            let mut found = starts.iter().filter_map(|start| self.segments(pair, *start));
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// Returns the free segments from a word on that hold an old text and nothing else.
    fn segments(&self, pair: usize, start: usize) -> Option<Range<usize>> {
        let text = self.text(pair);
        let end = start + text.len();
        if self.new.get(start..end)? != text {
            return None;
        }
        let (first, last) =
            (self.borders.binary_search(&start).ok()?, self.borders.binary_search(&end).ok()?);
        let is_free = !self.is_taken[first..last].contains(&true);
        (first < last && is_free).then_some(first..last)
    }
}

/// Returns the words and marks of a text, white space left out.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_word_bounds().map(str::trim).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{FixedPoints, Options, Pair, align};
    use crate::model::{Alignment, Language};
    use crate::segment::presegmented_document;

    const OLD: [(&str, &str); 5] = [
        ("Dear friends,", "Əziz dostlar,"),
        ("We thank you. We are few.", "Sizə təşəkkür edirik, biz azıq."),
        ("The road is closed.", "Yol bağlıdır."),
        ("It takes 47 days.", "Bu, 47 gün çəkir."),
        ("We thank you.", "Sizə təşəkkür edirik."),
    ];

    fn lines(text: &[&str]) -> Document {
        presegmented_document("", text.join("\n"), Language::UND)
    }

    /// Carries [`OLD`] over to two texts and returns the beads by places, and what changed and is gone.
    #[expect(clippy::type_complexity, reason = "a list for comparison")]
    fn carried(source: &[&str], target: &[&str]) -> (Vec<(Vec<u32>, Vec<u32>)>, usize, usize) {
        let carried = carry(&lines(source), &lines(target), &OLD);
        let places = |ids: &[SegmentId]| ids.iter().map(|id| id.0).collect();
        let beads = carried.beads.iter().map(|b| (places(&b.source), places(&b.target)));
        (beads.collect(), carried.changed, carried.gone)
    }

    /// The old texts, with one side cut as it was not before.
    const SOURCE: [&str; 6] = [
        "Dear friends,",
        "We thank you.",
        "We are few.",
        "The road is closed.",
        "It takes 47 days.",
        "We thank you.",
    ];
    const TARGET: [&str; 5] = [
        "Əziz dostlar,",
        "Sizə təşəkkür edirik, biz azıq.",
        "Yol bağlıdır.",
        "Bu, 47 gün çəkir.",
        "Sizə təşəkkür edirik.",
    ];

    fn bead(source: &[u32], target: &[u32]) -> (Vec<u32>, Vec<u32>) {
        (source.to_vec(), target.to_vec())
    }

    #[test]
    fn texts_that_did_not_change_keep_all_pairs() {
        let all = vec![
            bead(&[0], &[0]),
            bead(&[1, 2], &[1]),
            bead(&[3], &[2]),
            bead(&[4], &[3]),
            bead(&[5], &[4]),
        ];
        assert_eq!(carried(&SOURCE, &TARGET), (all, 0, 0));
    }

    #[test]
    fn a_sentence_that_changed_on_one_side_is_aligned_anew() {
        let mut source = SOURCE;
        source[4] = "It takes 37 days.";
        let (beads, changed, gone) = carried(&source, &TARGET);
        assert!(!beads.contains(&bead(&[4], &[3])), "{beads:?}");
        assert_eq!((beads.len(), changed, gone), (4, 1, 0));
    }

    #[test]
    fn what_came_and_what_is_gone_moves_the_rest() {
        let source = [
            "To all:",
            "Dear friends,",
            "The road is closed.",
            "It takes 47 days.",
            "We thank you.",
        ];
        let target =
            ["Əziz dostlar,", "Yol bağlıdır.", "Bu, 47 gün çəkir.", "Sizə təşəkkür edirik."];
        let all = vec![bead(&[1], &[0]), bead(&[2], &[1]), bead(&[3], &[2]), bead(&[4], &[3])];
        let (beads, changed, gone) = carried(&source, &target);
        assert_eq!((beads, changed + gone), (all, 1));
        assert_eq!(carried(&[], &TARGET), (Vec::new(), 5, 0));
        assert_eq!(carried(&["x"], &["y"]), (Vec::new(), 0, 5));
    }

    #[test]
    fn sentences_that_changed_places_are_found() {
        let (mut source, mut target) = (SOURCE, TARGET);
        source.swap(3, 4);
        target.swap(2, 3);
        let (beads, changed, gone) = carried(&source, &target);
        assert!(
            beads.contains(&bead(&[4], &[3])) && beads.contains(&bead(&[3], &[2])),
            "{beads:?}"
        );
        assert_eq!((changed, gone), (0, 0));
    }

    #[test]
    fn other_borders_are_a_change() {
        let source = [
            "Dear friends,",
            "We thank you.",
            "We are few.",
            "The road is closed. It takes 47 days.",
            "We thank you.",
        ];
        let (beads, changed, gone) = carried(&source, &TARGET);
        assert_eq!((beads.len(), changed, gone), (3, 2, 0));
    }

    #[test]
    fn texts_that_occur_more_than_once_go_by_their_place() {
        let old = [("Yes.", "Hə."), ("No.", "Yox."), ("Yes.", "Bəli."), ("Yes.", "Hə.")];
        let source = lines(&["Yes.", "Yes.", "Yes.", "No.", "Maybe.", "Yes."]);
        let target = lines(&["Hə.", "Yeni.", "Bəli.", "Yox.", "Bəlkə.", "Hə."]);
        let carried = carry(&source, &target, &old);
        let last = carried.beads.last().map(|bead| (bead.source[0].0, bead.target[0].0));
        assert_eq!(last, Some((5, 5)), "{:?}", carried.beads);
        assert!(Alignment::new(6, 6, carried.beads).is_ok());
        // The first of two equal sentences went, and the words of the next one begin as it did.
        let old = [("We sing.", "a."), ("We sing.", "b."), ("We dance.", "c.")];
        let carried = carry(&lines(&["We sing.", "We dance."]), &lines(&["b.", "c."]), &old);
        let places: Vec<_> = carried.beads.iter().map(|b| (b.source[0].0, b.target[0].0)).collect();
        assert_eq!(places, [(0, 0), (1, 1)]);
    }

    #[test]
    fn a_text_without_partner_holds_the_place_of_its_words() {
        let old = [("a b", ""), ("a b", "x")];
        let carried = carry(&lines(&["a b", "a b"]), &lines(&["x"]), &old);
        assert_eq!(carried.beads[0].source, [SegmentId(1)]);
        assert_eq!((carried.beads.len(), carried.changed, carried.gone), (1, 0, 0));
    }

    #[test]
    fn what_a_person_settled_goes_first() {
        let (source, target) = (lines(&SOURCE), lines(&TARGET));
        let ids = |places: &[u32]| places.iter().map(|place| SegmentId(*place)).collect();
        let settled = |s, t| Bead::settled(ids(s), ids(t), Origin::Person);
        let anchor = |s, t| (SegmentId(s), SegmentId(t));
        let mut carried = carry(&source, &target, &OLD);
        let (beads, anchors) =
            (vec![settled(&[0], &[])], [anchor(2, 1), anchor(3, 2), anchor(3, 3)]);
        carried.give_way(&beads, &anchors);
        // The anchor inside a bead agrees with it.
        let left: Vec<_> = carried.beads.iter().map(|bead| bead.source[0].0).collect();
        assert_eq!((left, carried.overruled), (vec![1, 5], 3));
        let all = [beads, carried.beads].concat();
        let fixed = FixedPoints::new(&source, &target, all, &anchors).unwrap();
        let pair = Pair { fixed: Some(&fixed), ..Pair::new(&source, &target) };
        assert!(align(pair, &Options::default()).beads().len() >= 4);
    }

    /// Beads that take some segments of both sides, one behind the other.
    fn cut(sizes: &[(usize, usize)]) -> Vec<(Range<usize>, Range<usize>)> {
        let mut at = (0, 0);
        let cut = |(n, m): &(usize, usize)| {
            let bead = (at.0..at.0 + n, at.1..at.1 + m);
            at = (bead.0.end, bead.1.end);
            bead
        };
        sizes.iter().map(cut).collect()
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]
        #[test]
        fn texts_that_stay_keep_their_pairs_and_any_others_give_beads_that_are_right(
            sizes in proptest::collection::vec((0usize..3, 0usize..3), 0..9),
            words in proptest::collection::vec("[ab]( [ab]){0,2}[.]?", 36),
            others in proptest::collection::vec("[ab]( [ab]){0,2}[.]?", 0..9),
            is_unique in proptest::bool::ANY,
        ) {
            let own = |place: usize, side: &str| match is_unique {
                true => format!("{} {side}{place}", words[place]),
                false => words[place].clone(),
            };
            let sizes: Vec<_> = sizes.into_iter().filter(|sizes| *sizes != (0, 0)).collect();
            let beads = cut(&sizes);
            let end = beads.last().map_or((0, 0), |bead| (bead.0.end, bead.1.end));
            let texts = |range: Range<usize>, side| range.map(|place| own(place, side)).collect::<Vec<_>>();
            let all = [texts(0..end.0, "s"), texts(0..end.1, "t")];
            let [source, target] = all.each_ref().map(|all| presegmented_document("", all.join("\n"), Language::UND));
            let paired = beads.iter().filter(|(s, t)| !s.is_empty() && !t.is_empty());
            let pairs: Vec<(String, String)> =
                paired.clone().map(|(s, t)| (all[0][s.clone()].join(" "), all[1][t.clone()].join("\n"))).collect();
            let old: Vec<(&str, &str)> = pairs.iter().map(|(s, t)| (s.as_str(), t.as_str())).collect();
            let carried = carry(&source, &target, &old);
            if is_unique || pairs.len() == beads.len() {
                let same: Vec<Bead> = paired
                    .map(|(s, t)| Bead::settled(s.clone().map(SegmentId::at).collect(), t.clone().map(SegmentId::at).collect(), Origin::Import))
                    .collect();
                proptest::prop_assert_eq!(&carried.beads, &same);
            }
            // The same pairs and another source.
            let others = presegmented_document("", others.join("\n"), Language::UND);
            let moved = carry(&others, &target, &old);
            for (carried, source) in [(carried, &source), (moved, &others)] {
                let count = carried.beads.len() + carried.changed + carried.gone;
                proptest::prop_assert_eq!(count, old.len());
                for bead in &carried.beads {
                    let texts = (source.joined(&bead.source), target.joined(&bead.target));
                    proptest::prop_assert!(pairs.iter().any(|(s, t)| s == &texts.0 && t.replace('\n', " ") == texts.1));
                }
                let sound = Alignment::new(source.segments.len(), target.segments.len(), carried.beads);
                proptest::prop_assert!(sound.is_ok());
            }
        }
    }
}
