//! Which findings of pairs are about one fact.
//!
//! Two findings belong together when they meet in a version and are about the same there: the same words of it, or, where it
//! lacks something, the same thing of the others. What is missing, added or stands twice is known by the segments that the
//! beads join.

use std::collections::BTreeMap;

use super::{Compared, Finding, Side};
use crate::diff::names;
use crate::diff::values::is_measure;
use crate::model::{Divergence, DivergenceType, SegmentId, Span};
use crate::text::skeleton::skeleton;
use crate::text::values::Value;
use crate::text::words;

/// Findings of one family can be about one fact. A number in one pair may be a date in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// A segment that some versions have and others lack.
    Absence,
    /// Numbers, dates, times, percentages, addresses.
    Values,
    /// Names, changed or misspelt.
    Names,
    /// Terms of the glossary.
    Terms,
    /// Any other type, by its subtype where two subtypes are two things.
    Other(DivergenceType, &'static str),
}

impl Family {
    pub(super) fn of(divergence: &Divergence) -> Self {
        use DivergenceType as Type;
        match (divergence.kind, divergence.subtype) {
            (Type::Omission | Type::Addition | Type::Duplicate, _)
            | (Type::ListItem, "missing" | "extra") => Self::Absence,
            (Type::Number | Type::Date | Type::TimeUnit | Type::Percent, _)
            | (Type::Url | Type::Email, _) => Self::Values,
            (Type::Entity | Type::EntityTypo, _) => Self::Names,
            (Type::Term, _) => Self::Terms,
            (Type::ListItem, subtype) => Self::Other(Type::ListItem, subtype),
            (kind, _) => Self::Other(kind, ""),
        }
    }

    /// Says whether a pair has one finding of the sort in a place at most, so that those of all pairs there are about one fact.
    fn is_single(self) -> bool {
        matches!(self, Self::Other(DivergenceType::Negation, _))
    }
}

/// Sets of findings, joined as they turn out to be one.
struct Joined(Vec<usize>);

impl Joined {
    fn root(&self, mut place: usize) -> usize {
        while self.0[place] != place {
            place = self.0[place];
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        // The earlier is the root, so that the order of the facts is that of the findings.
        self.0[one.max(other)] = one.min(other);
    }

    /// Returns the sets, each in order.
    fn sets(&self) -> Vec<Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for place in 0..self.0.len() {
            sets.entry(self.root(place)).or_default().push(place);
        }
        sets.into_values().collect()
    }
}

/// The findings of a family that touch a segment.
type Places = BTreeMap<(Family, usize, SegmentId), Vec<usize>>;

impl Compared<'_> {
    /// Returns the facts: for each the numbers of its findings.
    pub(super) fn facts(&self) -> Vec<Vec<usize>> {
        let mut joined = Joined((0..self.findings.len()).collect());
        let mut places: Places = BTreeMap::new();
        let mut lacking: BTreeMap<(usize, SegmentId), usize> = BTreeMap::new();
        for (number, finding) in self.findings.iter().enumerate() {
            for side in finding.sides() {
                for id in side.ids {
                    let family = finding.family();
                    if family != Family::Absence {
                        places.entry((family, side.version, *id)).or_default().push(number);
                        continue;
                    }
                    // The segment itself, and what stands opposite it in versions that have it too; what is said twice
                    // may share its partner with the first.
                    let is_twice = finding.divergence.kind == DivergenceType::Duplicate;
                    let others = if is_twice { 0..0 } else { 0..self.documents.len() };
                    let opposite = others.flat_map(|version| {
                        let ids = self.partners(side.version, &[*id], version);
                        ids.into_iter().map(move |id| (version, id))
                    });
                    for place in opposite.chain([(side.version, *id)]) {
                        joined.join(*lacking.entry(place).or_insert(number), number);
                    }
                }
            }
        }
        for ((_, version, _), all) in &places {
            for (at, one) in all.iter().enumerate() {
                for other in &all[at + 1..] {
                    if joined.root(*one) != joined.root(*other)
                        && self.is_one_fact([*one, *other], *version, &places)
                    {
                        joined.join(*one, *other);
                    }
                }
            }
        }
        joined.sets()
    }

    /// Says whether two findings that meet in a segment of a version are about one fact: `here` and `meets` are their sides in that
    /// version, `there` and `beyond` the other ones.
    fn is_one_fact(&self, [one, other]: [usize; 2], version: usize, places: &Places) -> bool {
        let (one, other) = (&self.findings[one], &self.findings[other]);
        let (Some((here, there)), Some((meets, beyond))) =
            (one.seen_from(version), other.seen_from(version))
        else {
            return false;
        };
        let family = one.family();
        let is_here = overlaps(here.value, meets.value);
        if one.versions == other.versions {
            return false;
        }
        if family.is_single() {
            return true;
        }
        let is_silent = here.value.is_none() && meets.value.is_none();
        if there.version == beyond.version {
            let has_values = there.value.is_some() || beyond.value.is_some();
            return is_here || overlaps(there.value, beyond.value) || is_silent && !has_values;
        }
        match there.value.is_some() && beyond.value.is_some() {
            true => {
                self.say_the_same([one, other], [there, beyond])
                    || is_here
                        && (family != Family::Values
                            || self.are_opposed(family, there, beyond, places))
            }
            false => is_here || is_silent && matches!(family, Family::Other(..)),
        }
    }

    /// Says whether the values of two versions are the same thing.
    fn say_the_same(&self, findings: [&Finding; 2], sides: [Side<'_>; 2]) -> bool {
        let [one, other] = sides;
        let (Some(span), Some(theirs)) = (one.value, other.value) else { return false };
        match findings[0].family() {
            Family::Values => {
                let theirs = self.value(other.version, other.ids, theirs);
                let ours = self.value(one.version, one.ids, span);
                ours.zip(theirs).is_some_and(|(ours, theirs)| agree(ours, theirs))
            }
            Family::Names => self.sounds_like((one.version, span), (other.version, theirs)),
            Family::Terms => {
                // Both name what the third version lacks, by the same term of the glossary.
                let targets = findings.map(|finding| finding.versions[1]);
                targets[0] == targets[1]
                    && findings[0].divergence.expected == findings[1].divergence.expected
            }
            Family::Absence | Family::Other(..) => false,
        }
    }

    /// Says whether two values are told to differ from each other.
    fn are_opposed(&self, family: Family, one: Side<'_>, other: Side<'_>, places: &Places) -> bool {
        let at = |id: &SegmentId| places.get(&(family, one.version, *id));
        one.ids.iter().filter_map(at).flatten().any(|number| {
            let Some((ours, theirs)) = self.findings[*number].seen_from(one.version) else {
                return false;
            };
            theirs.version == other.version
                && overlaps(ours.value, one.value)
                && overlaps(theirs.value, other.value)
        })
    }

    /// Returns the value that stands at some bytes of segments.
    pub(super) fn value(&self, version: usize, ids: &[SegmentId], span: Span) -> Option<&Value> {
        let of = |id: &SegmentId| {
            let values = self.values[version].get(id.place())?;
            let first = values.partition_point(|value| value.span.end <= span.start);
            values.get(first).filter(|value| value.span.overlaps(span))
        };
        ids.iter().find_map(of)
    }

    /// Says whether two names sound alike, word by word, in whatever order.
    pub(super) fn sounds_like(&self, one: (usize, Span), other: (usize, Span)) -> bool {
        let keys = |(version, span): (usize, Span)| -> Vec<String> {
            let document = &self.documents[version];
            let words = words(span.of(&document.text));
            words.map(|word| skeleton(word.text, document.language)).collect()
        };
        let (ours, theirs) = (keys(one), keys(other));
        let is_like = |key: &String| theirs.iter().any(|their| names::is_alike(key, their));
        !ours.is_empty() && ours.len() == theirs.len() && ours.iter().all(is_like)
    }
}

fn overlaps(one: Option<Span>, other: Option<Span>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.overlaps(other))
}

/// Says whether two values mean the same, in whatever unit.
pub(super) fn agree(one: &Value, other: &Value) -> bool {
    let units = one.unit.zip(other.unit);
    let differ =
        units.is_some_and(|(one, other)| one != other && is_measure(one) && is_measure(other));
    one.converts_to(other) || one.agrees(other) && !differ
}
