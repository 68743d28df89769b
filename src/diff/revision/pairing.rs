//! Which segments of two revisions are the same ones.
//!
//! 1. Segments that are equal in the same order: a longest common subsequence over segments ([`similar`], Myers 1986 with
//!    the bounds of Git). Case, white space and the look of marks do not count, nor do list markers.
//! 2. Segments that are equal elsewhere.
//! 3. Segments that are alike by their words in order, the most alike pairs first; ties go to those in one gap between equal
//!    segments, then to the earlier ones. Candidates are the segments of the same gap where it is small, and those that
//!    share the rarest words, found in an index.
//! 4. A segment that is left beside a pair joins it where half of its words or more stand in the pair's other side and are
//!    no other segment's: the one was split, or the two were merged.
//! 5. Of the pairs, those that keep their order in the heaviest chain, by words, stay in place; the others moved.
//!
//! Each step looks at a bounded number of candidates a segment, so that the time is near linear in the segments. Measured on
//! such sentences, 20,000 on each side, in an unoptimised build on a busy machine: 0.3 s where one in twenty was edited, 1.2 s
//! where each was, 1.5 s where they were shuffled too, 1.1 s where the texts have nothing in common.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::ops::Range;

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::wording;
use crate::model::{Document, SegmentId};
use crate::text::fold;

/// Likeness, in `0..=1` by words, from which two segments of one gap are one segment edited. Below, a sentence was replaced:
/// chosen so that two of five words, as a person sees it, are too few.
const EDITED: f64 = 0.4;

/// Likeness from which segments of different places are one segment, moved and edited, and the words the shorter needs.
/// Chosen: a wrong guess across the text misleads more than `removed` and `added` do.
const EDITED_ELSEWHERE: f64 = 0.7;
const LEAST_WORDS_ELSEWHERE: usize = 4;

/// Share of its words by which a segment joins a pair, and how many at least.
const PART: f64 = 0.5;
const LEAST_WORDS_OF_PART: usize = 2;

/// The most segments that one is split into, or that are merged into one: as many as a bead takes on a side.
const MOST_PARTS: usize = 5;

/// How many segments a gap may have on the older side for all of them to be candidates.
const SMALL_GAP: usize = 32;

/// How many entries of the index are read for a segment, and how many candidates are compared in full. Chosen; measured on
/// 20,000 made-up sentences of 5 to 25 words (8,000 words by Zipf's law), two words of each changed: 19,998 find their pair.
const INDEX_ENTRIES: usize = 256;
const CANDIDATES: usize = 8;

/// Product of two lengths in words from which segments are compared by their sets of words: a text without any mark is one
/// segment.
const LONG: usize = 100_000_000;

/// Segments of both revisions that are the same ones; both sides hold at least one, and one of them no more.
pub(super) struct Link {
    /// Places in the older revision, ascending and without gaps.
    pub(super) old: Vec<usize>,
    /// Places in the newer revision, ascending and without gaps.
    pub(super) new: Vec<usize>,
    /// Whether it stands in another place.
    pub(super) is_moved: bool,
}

/// A segment as it is compared.
struct Sentence {
    /// The same number for segments that are equal.
    key: usize,
    /// Its words; its marks where it has no words.
    words: Vec<u32>,
    has_words: bool,
}

/// Returns the links in the order of the newer revision.
pub(super) fn links(old: &Document, new: &Document) -> Vec<Link> {
    let mut numbers = Numbers::default();
    let old = numbers.sentences(old);
    let new = numbers.sentences(new);
    let mut pairs = Pairs::new(old, new);
    let gaps = pairs.equal_in_order();
    pairs.equal_elsewhere();
    pairs.alike(&gaps);
    let mut links = pairs.links();
    Parts { pairs: &pairs, is_turned: false }.join(&mut links);
    Parts { pairs: &pairs, is_turned: true }.join(&mut links);
    tell_moved(&mut links, &pairs);
    links
}

/// Numbers for tokens and for rows of tokens.
#[derive(Default)]
struct Numbers {
    tokens: FxHashMap<String, u32>,
    rows: FxHashMap<Vec<u32>, usize>,
}

impl Numbers {
    fn sentences(&mut self, document: &Document) -> Vec<Sentence> {
        let sentence = |id: SegmentId| {
            let (mut row, mut words) = (Vec::new(), Vec::new());
            for token in wording::tokens(document, &[id]) {
                let next = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
                let number =
                    *self.tokens.entry(fold(&token.key, document.language)).or_insert(next);
                row.push(number);
                if token.is_word {
                    words.push(number);
                }
            }
            let has_words = !words.is_empty();
            if !has_words {
                words.clone_from(&row);
            }
            let next = self.rows.len();
            Sentence { key: *self.rows.entry(row).or_insert(next), words, has_words }
        };
        document.ids().map(sentence).collect()
    }
}

/// A gap between segments that are equal in order.
type Gap = (Range<usize>, Range<usize>);

/// Pairs of single segments.
struct Pairs {
    old: Vec<Sentence>,
    new: Vec<Sentence>,
    of_old: Vec<Option<usize>>,
    of_new: Vec<Option<usize>>,
}

impl Pairs {
    fn new(old: Vec<Sentence>, new: Vec<Sentence>) -> Self {
        let (of_old, of_new) = (vec![None; old.len()], vec![None; new.len()]);
        Self { old, new, of_old, of_new }
    }

    fn pair(&mut self, from: usize, to: usize) {
        self.of_old[from] = Some(to);
        self.of_new[to] = Some(from);
    }

    fn equal_in_order(&mut self) -> Vec<Gap> {
        let keys = |side: &[Sentence]| side.iter().map(|one| one.key).collect::<Vec<_>>();
        let mut gaps = Vec::new();
        for op in capture_diff_slices(Algorithm::Myers, &keys(&self.old), &keys(&self.new)) {
            if op.tag() == DiffTag::Equal {
                op.old_range().zip(op.new_range()).for_each(|(from, to)| self.pair(from, to));
            } else {
                gaps.push((op.old_range(), op.new_range()));
            }
        }
        gaps
    }

    fn equal_elsewhere(&mut self) {
        let mut free: FxHashMap<usize, VecDeque<usize>> = FxHashMap::default();
        for (from, sentence) in self.old.iter().enumerate() {
            // A row of stars stands anywhere.
            if self.of_old[from].is_none() && sentence.has_words {
                free.entry(sentence.key).or_default().push_back(from);
            }
        }
        for to in 0..self.new.len() {
            if self.of_new[to].is_none()
                && let Some(from) = free.get_mut(&self.new[to].key).and_then(VecDeque::pop_front)
            {
                self.pair(from, to);
            }
        }
    }

    fn alike(&mut self, gaps: &[Gap]) {
        let index = Index::new(self);
        let mut gap_of = vec![usize::MAX; self.old.len()];
        for (number, (from, _)) in gaps.iter().enumerate() {
            gap_of[from.clone()].fill(number);
        }
        let mut found = Vec::new();
        for (number, (old_range, new_range)) in gaps.iter().enumerate() {
            let mates: Vec<usize> =
                old_range.clone().filter(|from| self.of_old[*from].is_none()).collect();
            for to in new_range.clone().filter(|to| self.of_new[*to].is_none()) {
                let expected = old_range.start + (to - new_range.start).min(old_range.len());
                let mut candidates = index.candidates(&self.new[to].words, expected);
                if mates.len() <= SMALL_GAP {
                    candidates.extend(&mates);
                }
                candidates.sort_unstable();
                candidates.dedup();
                for from in candidates {
                    let (ours, theirs) = (&self.old[from].words, &self.new[to].words);
                    let is_near = gap_of[from] == number;
                    let least = if is_near { EDITED } else { EDITED_ELSEWHERE };
                    let is_long = ours.len().min(theirs.len()) >= LEAST_WORDS_ELSEWHERE;
                    let alike = likeness(ours, theirs);
                    if alike >= least && (is_near || is_long) {
                        found.push((alike, is_near, from.abs_diff(expected), from, to));
                    }
                }
            }
        }
        found.sort_by(|one, other| {
            let place = |pair: &(f64, bool, usize, usize, usize)| (!pair.1, pair.2, pair.3, pair.4);
            other.0.total_cmp(&one.0).then(place(one).cmp(&place(other)))
        });
        for (_, _, _, from, to) in found {
            if self.of_old[from].is_none() && self.of_new[to].is_none() {
                self.pair(from, to);
            }
        }
    }

    fn links(&self) -> Vec<Link> {
        let paired = self.of_new.iter().enumerate().filter_map(|(to, from)| Some(((*from)?, to)));
        paired.map(|(from, to)| Link { old: vec![from], new: vec![to], is_moved: false }).collect()
    }
}

/// Where the words of segments without partner stand in the older revision.
struct Index(FxHashMap<u32, Vec<usize>>);

impl Index {
    fn new(pairs: &Pairs) -> Self {
        let mut entries: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        let free = pairs.old.iter().enumerate().filter(|(from, _)| pairs.of_old[*from].is_none());
        for (from, sentence) in free {
            for word in distinct(&sentence.words) {
                entries.entry(word).or_default().push(from);
            }
        }
        Self(entries)
    }

    /// Returns the segments that share most of the rarest words; ties go to those near the place where one is expected.
    fn candidates(&self, words: &[u32], expected: usize) -> Vec<usize> {
        let mut lists: Vec<(u32, &Vec<usize>)> = distinct(words)
            .into_iter()
            .filter_map(|word| Some((word, self.0.get(&word)?)))
            .collect();
        lists.sort_by_key(|(word, list)| (list.len(), *word));
        let mut seen = Vec::new();
        for (_, list) in lists {
            if !seen.is_empty() && seen.len() + list.len() > INDEX_ENTRIES {
                break;
            }
            // Of a word that is everywhere, the places around the expected one.
            let middle = list.partition_point(|from| *from < expected);
            let start = middle.saturating_sub(INDEX_ENTRIES / 2);
            seen.extend(&list[start..list.len().min(start + INDEX_ENTRIES)]);
        }
        seen.sort_unstable();
        let mut counted: Vec<(usize, usize)> =
            seen.chunk_by(|one, next| one == next).map(|same| (same.len(), same[0])).collect();
        counted.sort_by_key(|(count, from)| (Reverse(*count), from.abs_diff(expected), *from));
        counted.into_iter().take(CANDIDATES).map(|(_, from)| from).collect()
    }
}

fn distinct(words: &[u32]) -> Vec<u32> {
    let mut distinct = words.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// Returns how alike two rows of words are, in `0..=1`: words in common, in order, twice over all words.
fn likeness(one: &[u32], other: &[u32]) -> f64 {
    let common = if one.len().saturating_mul(other.len()) > LONG {
        let (one, other) = (distinct(one), distinct(other));
        let common = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
        return 2.0 * common as f64 / (one.len() + other.len()).max(1) as f64;
    } else {
        rapidfuzz::distance::lcs_seq::similarity(one.iter().copied(), other.iter().copied())
    };
    2.0 * common as f64 / (one.len() + other.len()).max(1) as f64
}

/// Joins segments that are left to the pairs beside them: of the newer side, or `is_turned` of the older.
struct Parts<'a> {
    pairs: &'a Pairs,
    is_turned: bool,
}

impl Parts<'_> {
    /// The side whose segments join, and the other.
    fn sides(&self) -> (&[Sentence], &[Sentence]) {
        let (old, new) = (&self.pairs.old[..], &self.pairs.new[..]);
        if self.is_turned { (old, new) } else { (new, old) }
    }

    fn many<'l>(&self, link: &'l mut Link) -> &'l mut Vec<usize> {
        if self.is_turned { &mut link.old } else { &mut link.new }
    }

    fn single<'l>(&self, link: &'l Link) -> &'l [usize] {
        if self.is_turned { &link.new } else { &link.old }
    }

    fn join(&self, links: &mut [Link]) {
        let count = self.sides().0.len();
        let mut owner: Vec<Option<usize>> = vec![None; count];
        for (number, link) in links.iter_mut().enumerate() {
            self.many(link).iter().for_each(|place| owner[*place] = Some(number));
        }
        // A row of parts is joined from the pair outwards: first those behind it, then those before.
        let free: Vec<usize> = (0..count).filter(|place| owner[*place].is_none()).collect();
        for place in free.iter().copied() {
            let before = place.checked_sub(1).and_then(|before| owner[before]);
            let behind = owner.get(place + 1).copied().flatten();
            let mut best: Option<(f64, usize)> = None;
            for number in before.into_iter().chain(behind) {
                let share = self.share(place, &mut links[number]);
                if share.is_some_and(|share| best.is_none_or(|(most, _)| share > most)) {
                    best = share.map(|share| (share, number));
                }
            }
            if let Some((_, number)) = best {
                self.add(place, &mut links[number]);
                owner[place] = Some(number);
            }
        }
        for place in free.into_iter().rev() {
            if owner[place].is_none()
                && let Some(number) = owner.get(place + 1).copied().flatten()
                && self.share(place, &mut links[number]).is_some()
            {
                self.add(place, &mut links[number]);
                owner[place] = Some(number);
            }
        }
    }

    fn add(&self, place: usize, link: &mut Link) {
        let many = self.many(link);
        many.push(place);
        many.sort_unstable();
    }

    /// Returns the share of a segment's words that stand in the other side of a pair and are no other segment's; `None`
    /// where they are too few.
    fn share(&self, place: usize, link: &mut Link) -> Option<f64> {
        let (ours, theirs) = self.sides();
        if self.single(link).len() != 1 || self.many(link).len() >= MOST_PARTS {
            return None;
        }
        let whole = &theirs[*self.single(link).first()?].words;
        let mut parts = self.many(link).clone();
        parts.push(place);
        parts.sort_unstable();
        let mut words = Vec::new();
        let mut own = 0..0;
        for part in parts {
            let start = words.len();
            words.extend_from_slice(&ours[part].words);
            if part == place {
                own = start..words.len();
            }
        }
        let (mut common, mut found) = (0, 0);
        for op in capture_diff_slices(Algorithm::Myers, whole, &words) {
            if op.tag() == DiffTag::Equal {
                common += op.new_range().len();
                let inside = op.new_range();
                found += inside.end.min(own.end).saturating_sub(inside.start.max(own.start));
            }
        }
        let share = found as f64 / own.len().max(1) as f64;
        let is_alike = 2.0 * common as f64 >= EDITED * (whole.len() + words.len()) as f64;
        (ours[place].has_words && found >= LEAST_WORDS_OF_PART && share >= PART && is_alike)
            .then_some(share)
    }
}

/// Marks the links that do not belong to the heaviest chain in which both revisions have the same order. Ties go to the
/// chain whose links stand earlier in the older revision.
fn tell_moved(links: &mut [Link], pairs: &Pairs) {
    let weight = |link: &Link| {
        link.new.iter().map(|place| pairs.new[*place].words.len().max(1)).sum::<usize>()
    };
    // best[p] covers old places by the scheme of Fenwick (1994): the heaviest chain that ends there, and its last link.
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); pairs.old.len() + 1];
    let mut before: Vec<Option<usize>> = Vec::with_capacity(links.len());
    let mut heaviest: (usize, Option<usize>) = (0, None);
    for (number, link) in links.iter().enumerate() {
        let Some(place) = link.old.first() else {
            before.push(None);
            continue;
        };
        let mut chain = (0, None);
        let mut at = *place;
        while at > 0 {
            if best[at].0 > chain.0 {
                chain = best[at];
            }
            at &= at - 1;
        }
        before.push(chain.1);
        let own = (chain.0 + weight(link), Some(number));
        if own.0 > heaviest.0 {
            heaviest = own;
        }
        let mut at = place + 1;
        while at < best.len() {
            if own.0 > best[at].0 {
                best[at] = own;
            }
            at += at & at.wrapping_neg();
        }
    }
    links.iter_mut().for_each(|link| link.is_moved = true);
    let mut next = heaviest.1;
    while let Some(number) = next {
        links[number].is_moved = false;
        next = before[number];
    }
}
