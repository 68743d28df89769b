//! More than two versions at once: one table, a row a meaning, in which every pair of versions agrees with the others.
//!
//! Each two versions are paired by themselves first, which gives the probability of every bead of theirs. A row takes some
//! segments of each version, so it holds a bead of each two; the table sought is the one whose beads, of all pairs together,
//! have the greatest expected gain, by the same measure as [`decode`](super::search::decode). Where one pair is in doubt the
//! others decide.
//!
//! ```text
//!   en  az  ru       gain of a row = gain en-az + gain en-ru + gain az-ru
//!   0   0   0
//!   1   1   1-2
//!   2   -   3
//! ```
//!
//! The search goes from the beginnings of all versions to their ends. A state is how many segments of each version are
//! behind it; states with as many segments behind them all together are compared, and those far behind the best are
//! dropped: away from doubtful places there is one.
//!
//! List items in another order are put in the order of the first version before all this ([`reorder`](super::reorder)).

mod pairs;

use std::collections::{BTreeMap, BinaryHeap};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::fixed::{Free, Gates};
use super::numeric::log_add;
use super::progress::Steps;
use super::search::{BEAD_COST, Posteriors};
use super::{Job, Options, Pair, finished};
use crate::formats::dictionary::Entry;
use crate::model::{Alignment, Bead, Document, Origin, Row, SegmentId, Table, TermHit};
use pairs::{Beads, Bounds, Part, Sizes, State, behind, clear};

/// The most versions that are aligned at once.
pub const MAX_VERSIONS: usize = 8;

/// The most states kept that have as many segments behind them, times the square of the number of versions.
const BEAM: usize = 600;

/// How far, in nats, a state may lie behind the best with as many segments behind it.
const BEHIND: f64 = 15.0;

/// How much each pair counts, times the number of versions.
const SHARE_OF_PAIR: f64 = 2.0;

/// Temperature of the confidence: the pairs are not wrong independently of one another.
const TEMPERATURE: f64 = 0.7;

/// Rows below this probability are left out of the sums.
const LEAST: f64 = 1e-4;

/// The most rows that are tried at a state.
const MOST_CHOICES: usize = 64;

/// A version of a text, with the glossary terms found in it.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// The version.
    pub document: &'a Document,
    /// Glossary hits in it; the concept numbers are the same for all versions.
    pub terms: &'a [TermHit],
}

/// What is known of the words of two versions ([`Options::dictionary`]), by the places of both, the earlier first.
pub type Dictionaries = BTreeMap<(usize, usize), Vec<Entry>>;

/// Aligns up to [`MAX_VERSIONS`] versions of a text at once; further ones are left out. Two versions without a dictionary of
/// their own have that of the options.
///
/// # Example
/// ```
/// use qosha::{align::{self, Version}, model::Language, segment};
/// let texts = [("en", "Good day. Come in."), ("az", "Salam. Buyurun."), ("tr", "Merhaba. Buyurun.")];
/// let documents = texts.map(|(tag, text)| {
///     segment::document(tag, text.into(), Language::parse(tag).unwrap(), &Default::default())
/// });
/// let versions = documents.each_ref().map(|document| Version { document, terms: &[] });
/// let table = align::align_versions(&versions, &Default::default(), &Default::default());
/// assert_eq!(table.rows().len(), 2);
/// ```
pub fn align_versions(
    versions: &[Version<'_>],
    dictionaries: &Dictionaries,
    options: &Options<'_>,
) -> Table {
    let versions = &versions[..versions.len().min(MAX_VERSIONS)];
    let mut pairs = Vec::new();
    for b in 1..versions.len() {
        pairs.extend((0..b).map(|a| (a, b)));
    }
    let ordering = (1..versions.len()).map(|_| 0);
    let sources = ordering.chain(pairs.iter().map(|(a, _)| *a));
    let all = sources.map(|a| super::steps(versions[a].document.segments.len())).sum();
    let steps = Steps::new(all, options.progress);
    let options = |a: usize, b: usize| Options {
        dictionary: dictionaries.get(&(a, b)).map_or(options.dictionary, Vec::as_slice),
        ..*options
    };
    let orders = orders(versions, &options, &steps);
    let beads = pairs.par_iter().map(|(a, b)| {
        let lengths = [orders[*a].ids.len(), orders[*b].ids.len()];
        let known = (*a == 0).then_some(&orders[*b]).and_then(|order| order.posteriors.as_ref());
        if let Some(known) = known {
            steps.add(super::steps(lengths[0]));
            return Beads::new([*a, *b], known, lengths);
        }
        let ids = [orders[*a].ids.clone(), orders[*b].ids.clone()];
        let free = Free { ids, gates: Gates::default() };
        let pair = pair(&versions[*a], &versions[*b]);
        let job = Job::learn(vec![(pair, free)], &options(*a, *b), &steps);
        Beads::new([*a, *b], &job.posteriors(0), lengths)
    });
    let grid = Grid {
        lengths: orders.iter().map(|order| order.ids.len()).collect(),
        beads: beads.collect(),
    };
    let (taken, together) = grid.rows();
    let mut pairs = BTreeMap::new();
    for (number, beads) in together.iter().enumerate() {
        let [a, b] = beads.versions;
        let (one, other) = (&versions[a], &versions[b]);
        let all = taken.iter().flat_map(|row| row.beads(number, beads, &orders)).collect();
        pairs.insert((a, b), finished(&pair(one, other), all));
    }
    let rows = taken.iter().map(|row| row.placed(&orders)).collect();
    Table::new(versions.len(), rows, pairs)
}

fn pair<'a>(source: &Version<'a>, target: &Version<'a>) -> Pair<'a> {
    Pair {
        source_terms: source.terms,
        target_terms: target.terms,
        ..Pair::new(source.document, target.document)
    }
}

/// A version's segments in the order of the first version.
struct Order {
    ids: Vec<SegmentId>,
    /// Which segments stand elsewhere in the first version.
    moved: Vec<bool>,
    /// The beads with the first version, where nothing had to move.
    posteriors: Option<Posteriors>,
}

/// Puts list items in the order of the first version.
fn orders<'o>(
    versions: &[Version<'_>],
    options: &(impl Fn(usize, usize) -> Options<'o> + Sync),
    steps: &Steps<'_>,
) -> Vec<Order> {
    let order = |(place, version): (usize, &Version<'_>)| {
        let ids: Vec<SegmentId> = version.document.ids().collect();
        if place == 0 {
            return Order { moved: vec![false; ids.len()], ids, posteriors: None };
        }
        let pair = pair(&versions[0], version);
        let job = Job::learn(Free::each(&[pair]), &options(0, place), steps);
        let posteriors = job.posteriors(0);
        let order = ordered(ids, &job.alignment(0, &pair, &posteriors));
        let has_moved = !order.ids.is_sorted();
        Order { posteriors: (!has_moved).then_some(posteriors), ..order }
    };
    versions.par_iter().enumerate().map(order).collect()
}

fn ordered(mut ids: Vec<SegmentId>, alignment: &Alignment) -> Order {
    let mut moved = vec![false; ids.len()];
    let mut partner = vec![None; ids.len()];
    for bead in alignment.beads().iter().filter(|bead| !bead.is_null()) {
        for id in &bead.target {
            partner[id.place()] = Some(bead.source[0]);
            moved[id.place()] = bead.reordered;
        }
    }
    // A segment without partner stays behind the one before it that kept its place.
    let mut last = SegmentId(0);
    for (place, partner) in partner.iter_mut().enumerate() {
        match partner {
            Some(_) if moved[place] => {}
            Some(own) => last = *own,
            None => *partner = Some(last),
        }
    }
    ids.sort_by_key(|id| partner[id.place()]);
    Order { ids, moved, posteriors: None }
}

/// A row as the search sees it.
struct Taken {
    at: State,
    sizes: Sizes,
    /// The beads of each two versions.
    parts: Vec<Vec<Part>>,
    confidence: f64,
}

impl Taken {
    /// Returns the beads of two versions inside the row.
    fn beads(&self, number: usize, beads: &Beads, orders: &[Order]) -> Vec<Bead> {
        let bead = |part: &Part| {
            let [source, target] = [0, 1].map(|side| {
                let order = &orders[beads.versions[side]];
                let start = self.at[beads.versions[side]] as usize + usize::from(part.start[side]);
                order.ids[start..start + usize::from(part.sizes[side])].to_vec()
            });
            let moved = |ids: &[SegmentId], side: usize| {
                ids.iter().any(|id| orders[beads.versions[side]].moved[id.place()])
            };
            Bead {
                confidence: beads.probability(&self.at, part).clamp(0.0, 1.0),
                reordered: moved(&source, 0) != moved(&target, 1),
                ..Bead::settled(source, target, Origin::Machine)
            }
        };
        self.parts.get(number).into_iter().flatten().map(bead).collect()
    }

    /// Makes the row of the segments themselves.
    fn placed(&self, orders: &[Order]) -> Row {
        let mut reordered = false;
        let segments = orders
            .iter()
            .zip(self.at.iter().zip(self.sizes))
            .map(|(order, (start, size))| {
                let start = *start as usize;
                let ids = order.ids[start..start + usize::from(size)].to_vec();
                reordered |= ids.iter().any(|id| order.moved[id.place()]);
                ids
            })
            .collect();
        Row { segments, confidence: self.confidence, reordered }
    }
}

/// A row that may follow a state.
struct Edge {
    from: u32,
    to: u32,
    sizes: Sizes,
    weight: f64,
}

/// The states looked at, each after those that lead to it, and the rows between them.
struct Lattice {
    states: Vec<State>,
    edges: Vec<Edge>,
}

/// All versions and the beads of each two.
struct Grid {
    lengths: Vec<usize>,
    beads: Vec<Beads>,
}

impl Grid {
    /// Returns the rows of the table with the greatest expected gain, and the beads as the table's versions together see them.
    fn rows(&self) -> (Vec<Taken>, Vec<Beads>) {
        let lattice = self.lattice();
        let probabilities = lattice.probabilities(1.0);
        let tempered = lattice.probabilities(TEMPERATURE);
        let parts: Vec<Vec<Vec<Part>>> = lattice
            .edges
            .par_iter()
            .zip(&probabilities)
            .map(|(edge, probability)| {
                let at = &lattice.states[edge.from as usize];
                let row = if *probability < LEAST { None } else { self.row(at, &edge.sizes) };
                row.map_or_else(Vec::new, |(_, parts)| parts)
            })
            .collect();
        let together = self.together(&lattice, &probabilities, &parts);
        let mut best = vec![(f64::NEG_INFINITY, usize::MAX); lattice.states.len()];
        best[0].0 = 0.0;
        for (number, (edge, parts)) in lattice.edges.iter().zip(&parts).enumerate() {
            let at = &lattice.states[edge.from as usize];
            let own: f64 = match parts.len() {
                // A row that is hardly possible gains nothing and costs a bead for each segment.
                0 => -BEAD_COST * edge.sizes.iter().map(|size| f64::from(*size)).sum::<f64>(),
                _ => together.iter().zip(parts).map(|(beads, parts)| beads.gain(at, parts)).sum(),
            };
            let sum = best[edge.from as usize].0 + own;
            if sum > best[edge.to as usize].0 {
                best[edge.to as usize] = (sum, number);
            }
        }
        let mut rows = Vec::new();
        let mut at = lattice.states.len() - 1;
        while let Some(edge) = lattice.edges.get(best[at].1) {
            let (number, from) = (best[at].1, edge.from as usize);
            let state = lattice.states[from];
            let parts = match &parts[number] {
                none if none.is_empty() => self.row(&state, &edge.sizes).unwrap_or_default().1,
                parts => parts.clone(),
            };
            let confidence = tempered[number];
            rows.push(Taken { at: state, sizes: edge.sizes, parts, confidence });
            at = from;
        }
        rows.reverse();
        (rows, self.together(&lattice, &tempered, &parts))
    }

    /// Looks for states and rows from the beginnings to the ends.
    fn lattice(&self) -> Lattice {
        let total: usize = self.lengths.iter().sum();
        // What each pair says is said again by the others together.
        let share = SHARE_OF_PAIR / self.lengths.len() as f64;
        let beam = (BEAM / self.lengths.len().pow(2).max(1)).max(1);
        let mut lattice = Lattice { states: Vec::new(), edges: Vec::new() };
        let mut numbers: FxHashMap<State, u32> = FxHashMap::default();
        // For each count of segments behind, the states with the weight of the best way to them.
        let mut waiting: Vec<FxHashMap<State, f64>> = Vec::new();
        waiting.resize_with(total + 1, FxHashMap::default);
        waiting[0].insert([0; MAX_VERSIONS], 0.0);
        let mut ends: Vec<State> = Vec::new();
        for count in 0..=total {
            let mut states: Vec<(State, f64)> =
                std::mem::take(&mut waiting[count]).into_iter().collect();
            states
                .sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            let best = states.first().map_or(0.0, |state| state.1);
            states.retain(|state| state.1 >= best - BEHIND);
            states.truncate(beam);
            for (at, weight) in states {
                let from = u32::try_from(lattice.states.len()).unwrap_or(u32::MAX);
                lattice.states.push(at);
                numbers.insert(at, from);
                for sizes in self.choices(&at) {
                    let Some((own, _)) = self.row(&at, &sizes) else { continue };
                    let to = behind(&at, &sizes);
                    let taken = sizes.iter().map(|size| usize::from(*size)).sum::<usize>();
                    let known = waiting[count + taken].entry(to).or_insert(f64::NEG_INFINITY);
                    *known = known.max(weight + share * own);
                    lattice.edges.push(Edge { from, to: 0, sizes, weight: share * own });
                    ends.push(to);
                }
            }
        }
        let mut ends = ends.into_iter();
        lattice.edges.retain_mut(|edge| {
            let to = ends.next().and_then(|to| numbers.get(&to));
            to.map(|to| edge.to = *to).is_some()
        });
        lattice
    }

    /// Returns what the pairs together say of a row and the beads of each pair in it, `None` where they don't hold it
    /// together.
    fn row(&self, at: &State, sizes: &Sizes) -> Option<(f64, Vec<Vec<Part>>)> {
        let mut bounds = vec![Bounds::default(); self.beads.len()];
        loop {
            let mut sum = 0.0;
            let mut joined = Joined::new(sizes);
            let mut all = Vec::with_capacity(self.beads.len());
            for (beads, bounds) in self.beads.iter().zip(&bounds) {
                let (weight, parts) = beads.best(at, sizes, bounds);
                sum += weight;
                parts.iter().for_each(|part| joined.join(beads.versions, part));
                all.push(parts);
            }
            if !joined.is_one() || sum == f64::NEG_INFINITY {
                return None;
            }
            if self.agree(&all, &mut bounds) {
                return Some((sum, all));
            }
        }
    }

    /// Says whether the beads of each two versions agree with those of the others, and narrows the bounds where not: where
    /// two versions part at a place and one of them and a third part there too, all three do; and a segment that is one with
    /// what a third version says has a partner where that has one.
    fn agree(&self, all: &[Vec<Part>], bounds: &mut [Bounds]) -> bool {
        let before = bounds.to_vec();
        for ((beads, parts), bounds) in self.beads.iter().zip(all).zip(&mut *bounds) {
            let [a, b] = beads.versions;
            for c in (0..self.lengths.len()).filter(|c| *c != a && *c != b) {
                let (of_a, of_b) = (self.between(all, a, c), self.between(all, b, c));
                for [x, z] in clear(&of_a) {
                    for [y, _] in clear(&of_b).into_iter().filter(|at| at[1] == z) {
                        if !parts.iter().skip(1).any(|part| part.start == [x, y]) {
                            bounds.passed.push([x, y]);
                        }
                    }
                }
                for (side, own, other) in [(0, &of_a, &of_b), (1, &of_b, &of_a)] {
                    let has_partner = |z: u8| {
                        other.iter().any(|part| !part.sizes.contains(&0) && part.covers(1, z))
                    };
                    for part in own.iter().filter(|part| part.sizes[0] == 1 && part.sizes[1] > 0) {
                        if part.range(1).any(has_partner) {
                            bounds.paired[side] |= 1 << part.start[0];
                        }
                    }
                }
            }
        }
        let fits = |(bounds, parts): (&Bounds, &Vec<Part>)| {
            !parts.iter().any(|part| bounds.forbid(part.start, part.sizes))
        };
        bounds.iter().zip(all).all(fits) || before == bounds
    }

    /// Returns the beads of two versions inside a row, in the order asked for.
    fn between(&self, all: &[Vec<Part>], one: usize, other: usize) -> Vec<Part> {
        let own = [one.min(other), one.max(other)];
        let number = self.beads.iter().position(|beads| beads.versions == own);
        let mut parts = number.map_or_else(Vec::new, |number| all[number].clone());
        if one > other {
            for part in &mut parts {
                part.start.reverse();
                part.sizes.reverse();
            }
        }
        parts
    }

    /// Returns the beads of each two versions with the probability that all versions together give them.
    fn together(
        &self,
        lattice: &Lattice,
        probabilities: &[f64],
        parts: &[Vec<Vec<Part>>],
    ) -> Vec<Beads> {
        let together = |(number, beads): (usize, &Beads)| {
            let lengths = beads.versions.map(|version| self.lengths[version]);
            let mut together = Beads::none(beads.versions, lengths);
            for ((edge, probability), parts) in lattice.edges.iter().zip(probabilities).zip(parts) {
                let at = &lattice.states[edge.from as usize];
                for part in parts.get(number).into_iter().flatten() {
                    together.add(beads.place(at, part.start), part.sizes, *probability);
                }
            }
            together
        };
        self.beads.par_iter().enumerate().map(together).collect()
    }

    /// Returns the sizes that the next row may have: one segment alone, or what likely beads hold together.
    ///
    /// ```text
    /// en 0 ── tr 0, 1      the first bead gives en 1, tr 2; the bead of tr and ru reaches further,
    /// en 1 ── tr 2         so does that of en and ru: the row is en 2, tr 3, ru 2
    /// en 0, 1 ── ru 0, 1
    /// ```
    fn choices(&self, at: &State) -> Vec<Sizes> {
        let mut choices: Vec<Sizes> = Vec::new();
        for (version, length) in self.lengths.iter().enumerate() {
            if (at[version] as usize) < *length {
                let mut sizes = [0; MAX_VERSIONS];
                sizes[version] = 1;
                choices.push(sizes);
            }
        }
        // What surer beads hold together comes first, and of that the larger rows: there may be too many to try all.
        let mut waiting: BinaryHeap<(u8, usize, Sizes)> = BinaryHeap::new();
        let mut seen: FxHashSet<Sizes> = FxHashSet::default();
        let mut reach = |waiting: &mut BinaryHeap<_>, row: Sizes, sureness: u8| {
            if seen.insert(row) {
                waiting.push((sureness, row.iter().map(|size| usize::from(*size)).sum(), row));
            }
        };
        for beads in &self.beads {
            for (row, sureness) in beads.growing(at, &[0; MAX_VERSIONS]) {
                reach(&mut waiting, row, sureness);
            }
        }
        let most = choices.len() + MOST_CHOICES;
        while let Some((sureness, _, row)) = waiting.pop() {
            choices.push(row);
            if choices.len() == most {
                break;
            }
            for beads in &self.beads {
                for (grown, own) in beads.growing(at, &row) {
                    reach(&mut waiting, grown, own.min(sureness));
                }
            }
        }
        choices
    }
}

impl Lattice {
    /// Returns the probability of each edge: its share of all ways from the beginnings to the ends. `temperature` multiplies
    /// every weight.
    fn probabilities(&self, temperature: f64) -> Vec<f64> {
        let mut before = vec![f64::NEG_INFINITY; self.states.len()];
        let mut after = before.clone();
        let Some(last) = after.last_mut() else { return Vec::new() };
        *last = 0.0;
        before[0] = 0.0;
        for edge in &self.edges {
            before[edge.to as usize] = log_add(
                before[edge.to as usize],
                before[edge.from as usize] + temperature * edge.weight,
            );
        }
        for edge in self.edges.iter().rev() {
            after[edge.from as usize] = log_add(
                after[edge.from as usize],
                temperature * edge.weight + after[edge.to as usize],
            );
        }
        let (before, after) = (before, after);
        let probability = |edge: &Edge| {
            let log =
                before[edge.from as usize] + temperature * edge.weight + after[edge.to as usize]
                    - after[0];
            if log.is_nan() { 0.0 } else { libm::exp(log).min(1.0) }
        };
        self.edges.iter().map(probability).collect()
    }
}

/// Which segments of a row beads hold together.
struct Joined {
    /// For each version the first of its segments.
    firsts: [u8; MAX_VERSIONS],
    /// For each segment another one that it is held together with, itself for one of each group.
    links: Vec<u8>,
}

impl Joined {
    fn new(sizes: &Sizes) -> Self {
        let mut count = 0;
        let firsts = sizes.map(|size| {
            count += size;
            count - size
        });
        Self { firsts, links: (0..count).collect() }
    }

    fn group(&self, mut segment: u8) -> u8 {
        while self.links[usize::from(segment)] != segment {
            segment = self.links[usize::from(segment)];
        }
        segment
    }

    fn join(&mut self, versions: [usize; 2], part: &Part) {
        let segments = |side: usize| {
            let first = self.firsts[versions[side]] + part.start[side];
            first..first + part.sizes[side]
        };
        let all: Vec<u8> = segments(0).chain(segments(1)).collect();
        for pair in all.windows(2) {
            let (one, other) = (self.group(pair[0]), self.group(pair[1]));
            self.links[usize::from(one)] = other;
        }
    }

    fn is_one(&self) -> bool {
        let count = self.links.iter().zip(0u8..).filter(|(link, own)| **link == *own).count();
        count == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::segment::presegmented_document;

    fn table(texts: &[&str]) -> (Vec<Document>, Table) {
        let document = |text: &&str| presegmented_document("", (*text).to_owned(), Language::UND);
        let documents: Vec<Document> = texts.iter().map(document).collect();
        let versions: Vec<Version<'_>> =
            documents.iter().map(|document| Version { document, terms: &[] }).collect();
        let table = align_versions(&versions, &Default::default(), &Default::default());
        (documents, table)
    }

    fn segments(table: &Table) -> Vec<Vec<Vec<u32>>> {
        let row = |row: &Row| -> Vec<Vec<u32>> {
            row.segments.iter().map(|ids| ids.iter().map(|id| id.0).collect()).collect()
        };
        table.rows().iter().map(row).collect()
    }

    #[test]
    fn rows_hold_what_hangs_together_in_any_version() {
        let things = ["water", "tents", "bread", "roads", "schools", "clinics", "bridges", "wells"];
        let line = |number: usize| {
            format!("Our volunteers brought {} to village {number}.", things[number])
        };
        // All lines, some of them written on one line with the next.
        let text = |joined: &[usize]| -> String {
            let end = |number: usize| if joined.contains(&number) { " " } else { "\n" };
            (0..things.len()).map(|number| line(number) + end(number)).collect()
        };
        let (_, table) = table(&[&text(&[]), &text(&[3]), &text(&[4])]);
        let rows = segments(&table);
        assert_eq!(rows.len(), 6, "{rows:?}");
        assert_eq!(rows[3], [vec![3, 4, 5], vec![3, 4], vec![3, 4]]);
        let pair = table.pair(2, 0).unwrap();
        let inside: Vec<_> =
            pair.beads()[3..5].iter().map(|b| (b.target.len(), b.source.len())).collect();
        assert_eq!(inside, [(1, 1), (2, 1)]);
    }

    #[test]
    fn versions_with_nothing_in_them_leave_the_others_as_they_are() {
        let (_, table) = table(&["One.\nTwo.", "", "One.\nTwo."]);
        assert_eq!(
            segments(&table),
            [vec![vec![0], vec![], vec![0]], vec![vec![1], vec![], vec![1]],]
        );
        assert!(super::tests::table(&[]).1.rows().is_empty());
        assert_eq!(segments(&super::tests::table(&["a\nb"]).1).len(), 2);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]
        #[test]
        fn every_segment_stands_in_one_row_and_pairs_keep_to_the_rows(
            texts in proptest::collection::vec("(([0-9]{1,2}[.)] )?[a-d]{1,5} [a-z0-9]{1,6}[.?]?\n){0,9}", 2..4),
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (documents, all) = table(&texts);
            let mut row_of: FxHashMap<(usize, u32), usize> = FxHashMap::default();
            for (number, row) in segments(&all).into_iter().enumerate() {
                for (version, ids) in row.into_iter().enumerate() {
                    for id in ids {
                        proptest::prop_assert_eq!(row_of.insert((version, id), number), None);
                    }
                }
            }
            for (version, document) in documents.iter().enumerate() {
                proptest::prop_assert!(document.ids().all(|id| row_of.contains_key(&(version, id.0))));
            }
            for target in 1..documents.len() {
                for source in 0..target {
                    for bead in all.pair(source, target).unwrap().beads() {
                        let rows = bead.source.iter().map(|id| row_of[&(source, id.0)]);
                        let mut rows: Vec<usize> =
                            rows.chain(bead.target.iter().map(|id| row_of[&(target, id.0)])).collect();
                        rows.dedup();
                        proptest::prop_assert_eq!(rows.len(), 1);
                    }
                }
            }
            let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            proptest::prop_assert_eq!(single.install(|| table(&texts).1), all);
        }
    }
}
