//! Which segments of a translation a new revision of its source makes stale.
//!
//! ```text
//! OLD ── beads ── TRANSLATION        what is translated by what
//!  │
//! changes                            what became of each source segment   [`revisions`]
//!  │
//! NEW                                so: what of the translation stands
//! ```
//! A row is the least set of segments that beads and changes keep together. Where one bead holds two source segments, or two
//! source segments were merged, all of them and all of their translation stand in one row, and the row is stale when any part
//! of it is: nobody can say which words of the translation belong to which.
//!
//! A translation may have been revised already. The facts that changed in the source decide, where there are any: the new
//! number stands in the translation and the old one does not, so it was updated; the old one stands there still, so it is
//! stale. An edit without facts is left to a person. Such a translation may fit `NEW` better than `OLD`, so both can be
//! aligned with it: the pairs of the surer alignment come first, and the other fills in what they leave without partner.
//!
//! What it does not do: it does not see whether the words of an edit without facts were translated anew.

use std::collections::BTreeMap;

use super::revision::{Fact, FactChange, RevisionChange, RevisionKind, revisions, values};
use crate::model::{Alignment, Bead, Document, Language, Origin, SegmentId, Severity, Span};
use crate::text::values::Value;
use crate::text::{skeleton, words};

/// Confidence from which a bead of the new source is believed: more likely right than wrong.
const LIKELY: f64 = 0.5;

/// Likeness of the sound of two names, in `0..=1`, from which they are one name, as between two versions, and by how much the
/// one of two names must be the better.
const SAME_NAME: f64 = 0.75;
const BETTER: f64 = 0.1;

/// A source in two revisions, and the translation of the older one.
#[derive(Debug, Clone, Copy)]
pub struct Revised<'a> {
    /// The older revision of the source.
    pub old: &'a Document,
    /// The newer revision of the source.
    pub new: &'a Document,
    /// The translation of the older revision, possibly revised in part.
    pub translation: &'a Document,
}

/// Segments that belong together, and what has become of their translation.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateRow {
    /// How the translation stands.
    pub state: UpdateState,
    /// How much it matters.
    pub severity: Severity,
    /// The segments of the older revision, ascending.
    pub old: Vec<SegmentId>,
    /// The segments of the newer revision, ascending.
    pub new: Vec<SegmentId>,
    /// The segments of the translation, ascending.
    pub target: Vec<SegmentId>,
    /// What became of the source segments, in the order of the newer revision.
    pub changes: Vec<RevisionChange>,
    /// The facts that changed in the source, and what the translation says.
    pub facts: Vec<FactStanding>,
}

/// How a translation stands towards the newer revision of its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateState {
    /// The source says the same; there is nothing to do.
    Current,
    /// The source says the same in another place: the translation stands and has to move.
    Moved,
    /// The source changed, and the translation was changed accordingly.
    Updated,
    /// The source changed, and the translation was not, or it can't be told.
    Stale,
    /// The source has no translation.
    Untranslated,
    /// The source is gone.
    Orphaned,
    /// The translation had no source before either.
    Extra,
}

/// A fact that changed in the source, and which of its states the translation has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactStanding {
    /// The change.
    pub change: FactChange,
    /// What the translation has.
    pub standing: Standing,
    /// Where the translation states it, in bytes of the translation.
    pub found: Option<Span>,
}

/// Which revision of the source a translation follows in a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The older one.
    Old,
    /// The newer one.
    New,
    /// Neither is found, or both.
    Unclear,
}

impl UpdateState {
    /// All states but [`UpdateState::Current`], the gravest first.
    pub const TOLD: [Self; 6] =
        [Self::Stale, Self::Untranslated, Self::Orphaned, Self::Moved, Self::Updated, Self::Extra];

    /// Returns the name that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Moved => "moved",
            Self::Updated => "updated",
            Self::Stale => "stale",
            Self::Untranslated => "untranslated",
            Self::Orphaned => "orphaned",
            Self::Extra => "extra",
        }
    }
}

impl UpdateRow {
    /// Says whether there is a translation that may be used for the newer source as it is.
    pub fn stands(&self) -> bool {
        let is_good =
            matches!(self.state, UpdateState::Current | UpdateState::Moved | UpdateState::Updated);
        is_good && !self.new.is_empty() && !self.target.is_empty()
    }

    /// Returns the pieces of the older source that went.
    pub fn removed(&self) -> Vec<Span> {
        self.changes.iter().flat_map(|change| change.removed.iter().copied()).collect()
    }

    /// Returns the pieces of the newer source that came.
    pub fn added(&self) -> Vec<Span> {
        self.changes.iter().flat_map(|change| change.added.iter().copied()).collect()
    }

    /// Returns where the translation states the facts that changed, in order.
    pub fn found(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = self.facts.iter().filter_map(|fact| fact.found).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    /// Says what happened in the source, facts first, and what that means for the translation.
    pub fn message(&self, texts: Revised<'_>) -> String {
        let Revised { old, new, translation } = texts;
        // A fact says more than that the words around it changed.
        let told = |change: &RevisionChange| match change.told(old, new) {
            told if told.is_empty() || change.is_moved => change.message(old, new),
            told => told,
        };
        let changed = self.changes.iter().filter(|change| change.is_change());
        let source = changed.map(told).collect::<Vec<_>>().join("; ");
        let said = |standing: Standing| -> Option<String> {
            let found = self.facts.iter().filter(|fact| fact.standing == standing);
            let mut texts: Vec<&str> = Vec::new();
            for text in found.filter_map(|fact| Some(fact.found?.of(&translation.text))) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            (!texts.is_empty()).then(|| format!("\"{}\"", texts.join("\", \"")))
        };
        let translated = match self.state {
            UpdateState::Current => "the translation stands".to_owned(),
            UpdateState::Moved => "the translation stands and has to move".to_owned(),
            UpdateState::Updated => match said(Standing::New) {
                Some(said) => format!("the translation already says {said}"),
                None => "already in the translation".to_owned(),
            },
            UpdateState::Stale => match said(Standing::Old) {
                Some(said) => format!("the translation still says {said}"),
                None => self.doubt(texts),
            },
            UpdateState::Untranslated => "no translation yet".to_owned(),
            UpdateState::Orphaned => "the translation has no source any more".to_owned(),
            UpdateState::Extra => "the translation has no source in either revision".to_owned(),
        };
        let is_said = source.is_empty() || self.state == UpdateState::Moved;
        if is_said { translated } else { format!("{source}; {translated}") }
    }

    /// Says what is to be looked at where no old fact stands in the translation.
    fn doubt(&self, texts: Revised<'_>) -> String {
        let missing: Vec<&str> = self
            .facts
            .iter()
            .filter(|fact| fact.standing == Standing::Unclear && fact.found.is_none())
            .filter_map(|fact| Some(fact.change.new.as_ref()?.of(texts.new)))
            .collect();
        if self.severity == Severity::Info {
            let target =
                self.target.first().and_then(|id| texts.translation.segments.get(id.place()));
            let marker = target.and_then(|segment| segment.marker);
            let marker = marker.map_or("another", |span| span.of(&texts.translation.text));
            return format!("the translation has {marker}");
        }
        match &missing[..] {
            [] => "check the translation".to_owned(),
            [one] => format!("check the translation: {one} is not found in it"),
            all => format!("check the translation: {} are not found in it", all.join(", ")),
        }
    }
}

/// Returns how each part of the translation stands, in the order of the newer revision; what is gone or has no source stands
/// where it was. Every segment of the three texts stands in exactly one row. `alignment` pairs `old` with the translation;
/// `new_alignment`, if there is one, `new` with the translation ([`follows_newer`] says which of them comes first).
///
/// # Example
/// ```
/// use qosha::{align, diff::update::{update, Revised, UpdateState}, model::Language, segment};
/// let text = |text: &str, language| segment::document("", text.to_owned(), language, &Default::default());
/// let (old, new) = ("The road is closed for 47 days.", "The road is closed for 37 days.");
/// let (old, new) = (text(old, Language::EN), text(new, Language::EN));
/// let translation = text("Yol 47 gün bağlı qalır.", Language::AZ);
/// let alignment = align::align(align::Pair::new(&old, &translation), &Default::default());
/// let texts = Revised { old: &old, new: &new, translation: &translation };
/// let rows = update(texts, &alignment, None);
/// assert_eq!(rows[0].state, UpdateState::Stale);
/// assert_eq!(rows[0].message(texts), "47 became 37; the translation still says \"47\"");
/// ```
pub fn update(
    texts: Revised<'_>,
    alignment: &Alignment,
    new_alignment: Option<&Alignment>,
) -> Vec<UpdateRow> {
    let changes = revisions(texts.old, texts.new);
    let mut groups = Groups::new(texts);
    for change in &changes {
        groups.join(&change.old, &change.new, &[]);
    }
    let newer = |bead: &Bead| Pair { is_newer: true, ..Pair::new(bead) };
    let mut pairs: Vec<Pair> = alignment.beads().iter().map(Pair::new).collect();
    if let Some(new_alignment) = new_alignment {
        let mut others: Vec<Pair> = new_alignment.beads().iter().map(newer).collect();
        if follows_newer(alignment, new_alignment) {
            std::mem::swap(&mut pairs, &mut others);
        }
        fill_in(&mut pairs, others, &mut groups);
    }
    for pair in &pairs {
        let (old, new) = pair.sources();
        groups.join(old, new, &pair.target);
    }
    let mut rows = rows(texts, &mut groups, changes);
    for row in &mut rows {
        settle(row, texts);
    }
    tell_moved(&mut rows);
    rows
}

/// Says whether a translation fits the newer source better: its alignment has the greater share of segments in pairs, by
/// their confidence. Pairs that a person or a file has settled always come first.
pub fn follows_newer(alignment: &Alignment, new_alignment: &Alignment) -> bool {
    let is_machine = |bead: &Bead| bead.is_null() || bead.origin == Origin::Machine;
    let sure = |alignment: &Alignment| {
        let size = |bead: &Bead| (bead.source.len() + bead.target.len()) as f64;
        let all: f64 = alignment.beads().iter().map(size).sum();
        let paired = alignment.beads().iter().filter(|bead| !bead.is_null());
        paired.map(|bead| bead.confidence * size(bead)).sum::<f64>() / all.max(1.0)
    };
    alignment.beads().iter().all(is_machine) && sure(new_alignment) > sure(alignment)
}

/// A bead of one of the alignments.
struct Pair {
    source: Vec<SegmentId>,
    target: Vec<SegmentId>,
    /// Whether the source is the newer one.
    is_newer: bool,
    is_likely: bool,
    is_settled: bool,
}

impl Pair {
    /// Makes a pair of the older source.
    fn new(bead: &Bead) -> Self {
        Self {
            source: bead.source.clone(),
            target: bead.target.clone(),
            is_newer: false,
            is_likely: !bead.is_null() && bead.confidence >= LIKELY,
            is_settled: bead.origin != Origin::Machine,
        }
    }

    /// Returns the segments of the older and of the newer source.
    fn sources(&self) -> (&[SegmentId], &[SegmentId]) {
        if self.is_newer { (&[], &self.source) } else { (&self.source, &[]) }
    }
}

/// Adds pairs of the other alignment: likely ones whose source has no translation and whose translation has no source, or is
/// one of several segments that the aligner, but no person, gave to one source.
fn fill_in(pairs: &mut Vec<Pair>, others: Vec<Pair>, groups: &mut Groups) {
    let mut is_translated = vec![false; groups.parent.len()];
    let mut owner: BTreeMap<SegmentId, usize> = BTreeMap::new();
    for (number, pair) in pairs.iter().enumerate() {
        owner.extend(pair.target.iter().map(|id| (*id, number)));
        if !pair.target.is_empty() {
            for node in groups.nodes(pair.sources()) {
                is_translated[groups.root(node)] = true;
            }
        }
    }
    for other in others.into_iter().filter(|other| other.is_likely) {
        let nodes = groups.nodes(other.sources());
        if nodes.into_iter().any(|node| is_translated[groups.root(node)]) {
            continue;
        }
        let is_free = |number: &usize| {
            let pair: &Pair = &pairs[*number];
            let left = pair.target.iter().filter(|id| !other.target.contains(id)).count();
            pair.source.is_empty() || !pair.is_settled && left > 0
        };
        let owners = other.target.iter().filter_map(|id| owner.get(id).copied());
        let owners: Vec<usize> = owners.collect();
        if owners.iter().all(is_free) {
            for number in owners {
                pairs[number].target.retain(|id| !other.target.contains(id));
            }
            owner.extend(other.target.iter().map(|id| (*id, pairs.len())));
            pairs.push(other);
        }
    }
}

/// Sets of segments that belong together, as a forest: each segment knows another of its set, the first knows itself.
struct Groups {
    parent: Vec<usize>,
    /// Where the segments of the newer source and of the translation begin.
    starts: [usize; 2],
}

impl Groups {
    fn new(texts: Revised<'_>) -> Self {
        let new = texts.old.segments.len();
        let target = new + texts.new.segments.len();
        Self {
            parent: (0..target + texts.translation.segments.len()).collect(),
            starts: [new, target],
        }
    }

    fn nodes(&self, (old, new): (&[SegmentId], &[SegmentId])) -> Vec<usize> {
        let [new_start, target_start] = self.starts;
        let old = old.iter().map(|id| id.place()).filter(|place| *place < new_start);
        let new = new.iter().map(|id| new_start + id.place());
        old.chain(new.filter(|place| *place < target_start)).collect()
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parent[node] != node {
            self.parent[node] = self.parent[self.parent[node]];
            node = self.parent[node];
        }
        node
    }

    fn join(&mut self, old: &[SegmentId], new: &[SegmentId], target: &[SegmentId]) {
        let mut nodes = self.nodes((old, new));
        let target = target.iter().map(|id| self.starts[1] + id.place());
        nodes.extend(target.filter(|place| *place < self.parent.len()));
        for pair in nodes.windows(2) {
            let (one, other) = (self.root(pair[0]), self.root(pair[1]));
            let (first, later) = (one.min(other), one.max(other));
            self.parent[later] = first;
        }
    }
}

/// Gathers the segments into rows, in the order of the changes; a row without source stands behind the one whose translation
/// stands before it.
fn rows(texts: Revised<'_>, groups: &mut Groups, changes: Vec<RevisionChange>) -> Vec<UpdateRow> {
    let [new_start, target_start] = groups.starts;
    let mut place_of: Vec<Option<usize>> = vec![None; groups.parent.len()];
    let mut rows: Vec<UpdateRow> = Vec::new();
    let empty = || UpdateRow {
        state: UpdateState::Extra,
        severity: Severity::Info,
        old: Vec::new(),
        new: Vec::new(),
        target: Vec::new(),
        changes: Vec::new(),
        facts: Vec::new(),
    };
    let mut row_of = |groups: &mut Groups, rows: &mut Vec<UpdateRow>, node: usize| {
        *place_of[groups.root(node)].get_or_insert_with(|| {
            rows.push(empty());
            rows.len() - 1
        })
    };
    for change in changes {
        let first = change.old.first().map(|id| id.place());
        let first = first.or_else(|| Some(new_start + change.new.first()?.place()));
        let Some(first) = first else { continue };
        let row = row_of(groups, &mut rows, first);
        rows[row].old.extend(&change.old);
        rows[row].new.extend(&change.new);
        rows[row].changes.push(change);
    }
    let sourced = rows.len();
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); sourced + 1];
    let mut before = 0;
    for id in texts.translation.ids() {
        let row = row_of(groups, &mut rows, target_start + id.place());
        rows[row].target.push(id);
        if row < sourced {
            before = row + 1;
        } else if rows[row].target.len() == 1 {
            behind[before].push(row);
        }
    }
    let order = behind.iter().enumerate().flat_map(|(place, extra)| {
        let own = place.checked_sub(1);
        own.into_iter().chain(extra.iter().copied())
    });
    let mut rows: Vec<Option<UpdateRow>> = rows.into_iter().map(Some).collect();
    let mut sorted: Vec<UpdateRow> = order.filter_map(|row| rows[row].take()).collect();
    for row in &mut sorted {
        row.old.sort_unstable();
        row.new.sort_unstable();
    }
    sorted
}

/// Decides how the translation of a row stands.
fn settle(row: &mut UpdateRow, texts: Revised<'_>) {
    (row.state, row.severity) = match (row.new.is_empty(), row.target.is_empty()) {
        (true, true) => (UpdateState::Current, Severity::Info),
        (true, false) if row.old.is_empty() => (UpdateState::Extra, Severity::Info),
        (true, false) => (UpdateState::Orphaned, Severity::Warning),
        (false, true) => (UpdateState::Untranslated, Severity::Warning),
        (false, false) => {
            let facts = row.changes.iter().flat_map(|change| &change.facts);
            row.facts = facts.map(|fact| standing(fact, row, texts)).collect();
            translated(row, texts)
        }
    };
}

/// Decides for a row with source and translation.
fn translated(row: &UpdateRow, texts: Revised<'_>) -> (UpdateState, Severity) {
    let any = |test: fn(&RevisionChange) -> bool| row.changes.iter().any(test);
    let is_edited = any(|change| match change.kind {
        RevisionKind::Edited => true,
        RevisionKind::Split | RevisionKind::Merged => change.is_reworded,
        _ => false,
    });
    let is_added = |change: &RevisionChange| change.kind == RevisionKind::Added;
    let is_only_added = row.changes.iter().all(is_added);
    let is_apart = row.new.windows(2).any(|two| two[1].place() != two[0].place() + 1);
    let is_other = any(|change| matches!(change.kind, RevisionKind::Removed | RevisionKind::Added));
    let has = |standing: Standing| row.facts.iter().any(|fact| fact.standing == standing);
    // A name that sounds like neither proves nothing.
    let is_open = row.facts.iter().any(|fact| {
        let is_name =
            matches!(fact.change.new.as_ref().or(fact.change.old.as_ref()), Some(Fact::Name(_)));
        fact.standing == Standing::Unclear && !is_name
    });
    if has(Standing::Old) {
        (UpdateState::Stale, Severity::Error)
    } else if is_only_added {
        (UpdateState::Updated, Severity::Info)
    } else if is_other || is_apart {
        (UpdateState::Stale, Severity::Warning)
    } else if is_edited && has(Standing::New) && !is_open {
        (UpdateState::Updated, Severity::Info)
    } else if is_edited {
        (UpdateState::Stale, Severity::Warning)
    } else if any(|change| change.is_moved) {
        (UpdateState::Moved, Severity::Warning)
    } else if any(|change| change.kind == RevisionKind::Renumbered) {
        // The words stand, the number in front of them is put right in passing.
        match numbering(row, texts) {
            Some(Standing::New) => (UpdateState::Updated, Severity::Info),
            Some(_) => (UpdateState::Stale, Severity::Info),
            None => (UpdateState::Current, Severity::Info),
        }
    } else {
        (UpdateState::Current, Severity::Info)
    }
}

/// Says which list number the translation has; `None` where it has none.
fn numbering(row: &UpdateRow, texts: Revised<'_>) -> Option<Standing> {
    let number = |document: &Document, ids: &[SegmentId]| {
        ids.first().and_then(|id| document.segments.get(id.place())?.number)
    };
    let own = number(texts.translation, &row.target)?;
    if Some(own) == number(texts.new, &row.new) {
        return Some(Standing::New);
    }
    let is_old = Some(own) == number(texts.old, &row.old);
    Some(if is_old { Standing::Old } else { Standing::Unclear })
}

/// Looks for a fact that changed in the translation of a row.
fn standing(change: &FactChange, row: &UpdateRow, texts: Revised<'_>) -> FactStanding {
    let with = |standing, found| FactStanding { change: change.clone(), standing, found };
    if let (Some(Fact::Name(old)), Some(Fact::Name(new))) = (&change.old, &change.new) {
        let (standing, found) = name(*old, *new, row, texts);
        return with(standing, found);
    }
    let theirs = values(texts.translation, &row.target);
    let found = |fact: &Option<Fact>| -> Option<Span> {
        theirs.iter().find(|value| states(value, fact.as_ref())).map(|value| value.span)
    };
    // What the newer source still says elsewhere in the row is no leftover.
    let is_said = values(texts.new, &row.new).iter().any(|v| states(v, change.old.as_ref()));
    let old = found(&change.old).filter(|_| !is_said);
    let new = found(&change.new);
    match (old, new) {
        (Some(_), Some(new)) => with(Standing::Unclear, Some(new)),
        (Some(old), None) => with(Standing::Old, Some(old)),
        (None, Some(new)) => with(Standing::New, Some(new)),
        (None, None) if change.new.is_none() && !is_said => with(Standing::New, None),
        (None, None) => with(Standing::Unclear, None),
    }
}

/// Says whether a value states a fact.
fn states(value: &Value, fact: Option<&Fact>) -> bool {
    match fact {
        Some(Fact::Value(other)) => other.agrees(value),
        Some(Fact::Measure(other, _)) => other.agrees(value) && other.unit == value.unit,
        Some(Fact::Name(_)) | None => false,
    }
}

/// Looks which of two names the translation has, by their sound.
fn name(old: Span, new: Span, row: &UpdateRow, texts: Revised<'_>) -> (Standing, Option<Span>) {
    let likeness = |span: Span, document: &Document| -> (f64, Option<Span>) {
        let spoken = words(span.of(&document.text)).map(|w| sound(w.text, document.language));
        let best = spoken.map(|name| best_sound(&name, row, texts.translation));
        best.reduce(|worst, next| if next.0 < worst.0 { next } else { worst })
            .unwrap_or((0.0, None))
    };
    let ((old, old_span), (new, new_span)) = (likeness(old, texts.old), likeness(new, texts.new));
    if old >= SAME_NAME && old > new + BETTER {
        (Standing::Old, old_span)
    } else if new >= SAME_NAME && new > old + BETTER {
        (Standing::New, new_span)
    } else {
        (Standing::Unclear, None)
    }
}

fn sound(word: &str, language: Language) -> Vec<char> {
    skeleton(word, language).chars().collect()
}

/// Returns how like the likest capitalised word of the translation sounds, endings aside, and where it stands.
fn best_sound(name: &[char], row: &UpdateRow, translation: &Document) -> (f64, Option<Span>) {
    let mut best = (0.0, None);
    for id in &row.target {
        let Some(segment) = translation.segments.get(id.place()) else { continue };
        let capitals = words(segment.span.of(&translation.text))
            .filter(|word| word.text.starts_with(char::is_uppercase));
        for word in capitals {
            let own = sound(word.text, translation.language);
            let start: String = own.iter().take(name.len()).collect();
            let name: String = name.iter().collect();
            let likeness = skeleton::likeness(&name, &start);
            if likeness > best.0 {
                best = (likeness, Some(word.span.shifted(segment.span.start)));
            }
        }
    }
    best
}

/// Takes rows whose source moved for done where their translation stands between that of their neighbours already.
fn tell_moved(rows: &mut [UpdateRow]) {
    let is_still = |row: &UpdateRow| {
        row.state != UpdateState::Moved && !row.new.is_empty() && !row.target.is_empty()
    };
    let mut behind: Vec<Option<SegmentId>> = Vec::with_capacity(rows.len());
    let mut next = None;
    for row in rows.iter().rev() {
        behind.push(next);
        if is_still(row) {
            next = row.target.first().copied();
        }
    }
    let mut before: Option<SegmentId> = None;
    for (row, behind) in rows.iter_mut().zip(behind.into_iter().rev()) {
        if is_still(row) {
            before = row.target.last().copied();
        } else if row.state == UpdateState::Moved {
            let (first, last) = (row.target.first().copied(), row.target.last().copied());
            let follows = before.is_none_or(|before| Some(before) < first);
            let precedes = behind.is_none_or(|behind| last < Some(behind));
            if follows && precedes && (before.is_some() || behind.is_some()) {
                // It does not become a neighbour of others: they are measured by what never moved.
                (row.state, row.severity) = (UpdateState::Updated, Severity::Info);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UpdateState::{Current, Extra, Moved, Orphaned, Stale, Untranslated, Updated};
    use super::*;
    use crate::model::Language;
    use crate::segment::presegmented_document;

    /// Lines, and the beads between the older source and the translation by places.
    struct Case {
        old: Document,
        new: Document,
        translation: Document,
    }

    impl Case {
        fn new(old: &[&str], new: &[&str], translation: &[&str]) -> Self {
            let lines =
                |lines: &[&str], language| presegmented_document("", lines.join("\n"), language);
            Self {
                old: lines(old, Language::EN),
                new: lines(new, Language::EN),
                translation: lines(translation, Language::AZ),
            }
        }

        fn texts(&self) -> Revised<'_> {
            Revised { old: &self.old, new: &self.new, translation: &self.translation }
        }

        fn alignment(&self, beads: &[(&[usize], &[usize])], origin: Origin) -> Alignment {
            self.alignment_of(&self.old, beads, origin)
        }

        fn alignment_of(
            &self,
            source: &Document,
            beads: &[(&[usize], &[usize])],
            origin: Origin,
        ) -> Alignment {
            let ids = |places: &[usize]| places.iter().map(|p| SegmentId::at(*p)).collect();
            let beads = beads.iter().map(|(s, t)| Bead::settled(ids(s), ids(t), origin));
            let counts = (source.segments.len(), self.translation.segments.len());
            Alignment::new(counts.0, counts.1, beads.collect()).unwrap()
        }

        /// Returns the rows where each line of the older source is translated by the line at its place.
        fn rows(&self) -> Vec<UpdateRow> {
            let pairs: Vec<[usize; 1]> = (0..self.old.segments.len()).map(|at| [at]).collect();
            let pairs = pairs.iter().map(|pair| (&pair[..], &pair[..]));
            let pairs: Vec<(&[usize], &[usize])> =
                pairs.filter(|(_, t)| t[0] < self.translation.segments.len()).collect();
            update(self.texts(), &self.alignment(&pairs, Origin::Machine), None)
        }

        fn states(&self) -> Vec<UpdateState> {
            self.rows().iter().map(|row| row.state).collect()
        }

        fn messages(&self) -> Vec<String> {
            self.rows().iter().map(|row| row.message(self.texts())).collect()
        }
    }

    #[test]
    fn the_value_in_the_translation_decides() {
        let state = |translation: &str| {
            let case = Case::new(&["It takes 47 days."], &["It takes 37 days."], &[translation]);
            let row = case.rows().remove(0);
            (row.state, row.severity, row.message(case.texts()))
        };
        let (stale, severity, message) = state("Bu, 47 gün çəkir.");
        assert_eq!((stale, severity), (Stale, Severity::Error));
        assert_eq!(message, "47 became 37; the translation still says \"47\"");
        let (updated, _, message) = state("Bu, 37 gün çəkir.");
        assert_eq!(updated, Updated);
        assert_eq!(message, "47 became 37; the translation already says \"37\"");
        let (stale, severity, message) = state("Bu, çox gün çəkir.");
        assert_eq!((stale, severity), (Stale, Severity::Warning));
        assert_eq!(message, "47 became 37; check the translation: 37 is not found in it");
        assert_eq!(state("Bu, 47 gün yox, 37 gün çəkir.").0, Stale);
    }

    #[test]
    fn a_value_written_otherwise_in_the_translation_counts() {
        let case = Case::new(
            &["Some 5 million people came before June."],
            &["Some 6 million people came before May."],
            &["Maydan əvvəl 6 mln nəfər gəldi."],
        );
        assert_eq!(case.states(), [Updated]);
        let case = Case::new(&["It took 5 hours."], &["It took 5 days."], &["Bu, 5 saat çəkdi."]);
        assert_eq!(case.messages(), ["5 hours became 5 days; the translation still says \"5\""]);
    }

    #[test]
    fn an_edit_without_facts_is_to_be_checked() {
        let case = Case::new(
            &["We ask all the people for help."],
            &["We ask all the donors for help."],
            &["Hamıdan kömək istəyirik."],
        );
        assert_eq!(case.messages(), ["edited; check the translation"]);
        // How a mark is drawn is no reason to look at a translation.
        let case =
            Case::new(&["The \"House\" is full."], &["The “House” is full."], &["\"Ev\" doludur."]);
        assert_eq!(case.states(), [Current]);
    }

    #[test]
    fn a_changed_name_is_found_by_its_sound() {
        let state = |translation: &str| {
            let old = ["9. \"Bridge\" PU, Huseynova Sevinj;"];
            let new = ["9. \"Bridge\" PU, Huseynova Gunel;"];
            Case::new(&old, &new, &[translation]).states()[0]
        };
        assert_eq!(state("9. \"Körpü\" İB, Hüseynova Sevinc;"), Stale);
        assert_eq!(state("9. \"Körpü\" İB, Hüseynova Günel;"), Updated);
        assert_eq!(state("9. \"Körpü\" İB;"), Stale);
    }

    #[test]
    fn new_gone_and_foreign_segments_are_told() {
        let case = Case::new(
            &["We need tents today.", "Goodbye to all of you."],
            &["We need tents today.", "Warm clothes and food help children."],
            &["Bu gün çadır lazımdır.", "Hamınıza əlvida.", "Redaktorun qeydi."],
        );
        assert_eq!(case.states(), [Current, Untranslated, Orphaned, Extra]);
    }

    #[test]
    fn what_moved_stands_and_has_to_move_unless_it_has_moved() {
        let old = ["We thank all.", "The road is closed.", "Help us."];
        let new = ["The road is closed.", "Help us.", "We thank all."];
        let case = Case::new(&old, &new, &["Təşəkkür edirik.", "Yol bağlıdır.", "Kömək edin."]);
        assert_eq!(case.states().iter().filter(|state| **state == Moved).count(), 1);
        let texts = ["Yol bağlıdır.", "Kömək edin.", "Təşəkkür edirik."];
        let case = Case::new(&old, &new, &texts);
        let beads: [(&[usize], &[usize]); 3] = [(&[0], &[2]), (&[1], &[0]), (&[2], &[1])];
        let rows = update(case.texts(), &case.alignment(&beads, Origin::Person), None);
        assert!(rows.iter().all(|row| row.severity == Severity::Info), "{rows:?}");
    }

    #[test]
    fn items_sorted_anew_move_with_their_numbers() {
        let old = ["1. tents for the families;", "2. warm blankets;", "3. clean water;"];
        let new = ["1. warm blankets;", "2. clean water;", "3. tents for the families;"];
        let texts = ["1. ailələr üçün çadırlar;", "2. isti yorğanlar;", "3. təmiz su;"];
        let rows = Case::new(&old, &new, &texts).rows();
        let count = |state| rows.iter().filter(|row| row.state == state).count();
        assert_eq!((count(Moved), count(Stale)), (1, 2), "{rows:?}");
    }

    #[test]
    fn all_that_one_bead_holds_is_stale_together() {
        let case = Case::new(
            &["The road is closed.", "It takes 47 days."],
            &["The road is closed.", "It takes 37 days."],
            &["Yol bağlıdır və bu, 47 gün çəkir."],
        );
        let alignment = case.alignment(&[(&[0, 1], &[0])], Origin::Machine);
        let rows = update(case.texts(), &alignment, None);
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].state, rows[0].new.len(), rows[0].changes.len()), (Stale, 2, 2));
        // A sentence of which one half is gone from the source says too much.
        let case = Case::new(
            &["The road is closed.", "It takes 47 days."],
            &["The road is closed."],
            &["Yol bağlıdır və bu, 47 gün çəkir."],
        );
        let rows = update(case.texts(), &alignment, None);
        assert_eq!((rows.len(), rows[0].state), (1, Stale));
    }

    #[test]
    fn a_new_sentence_may_be_translated_already() {
        let case = Case::new(
            &["The road is closed."],
            &["The road is closed.", "Warm clothes and food help children."],
            &["Yol bağlıdır.", "İsti paltar və yemək uşaqlara kömək edir."],
        );
        let newer = [(&[0][..], &[0][..]), (&[1], &[1])];
        let newer = case.alignment_of(&case.new, &newer, Origin::Machine);
        let states = |older: &[(&[usize], &[usize])], origin| {
            let rows = update(case.texts(), &case.alignment(older, origin), Some(&newer));
            rows.iter().map(|row| row.state).collect::<Vec<_>>()
        };
        assert_eq!(states(&[(&[0], &[0])], Origin::Person), [Current, Updated]);
        // The aligner gave it to the old sentence; what a person has settled stays.
        assert_eq!(states(&[(&[0], &[0, 1])], Origin::Machine), [Current, Updated]);
        assert_eq!(states(&[(&[0], &[0, 1])], Origin::Person), [Current, Untranslated]);
    }

    #[test]
    fn a_translation_that_was_revised_follows_the_newer_source() {
        let case = Case::new(
            &["Old stoves were mended.", "The road is closed."],
            &["The road is open again.", "Warm clothes and food help children."],
            &["Yol yenidən açıqdır.", "İsti paltar və yemək uşaqlara kömək edir."],
        );
        let older = case.alignment(&[(&[1], &[0])], Origin::Machine);
        let newer = [(&[0][..], &[0][..]), (&[1], &[1])];
        let newer = case.alignment_of(&case.new, &newer, Origin::Machine);
        assert!(follows_newer(&older, &newer) && !follows_newer(&newer, &older));
        let rows = update(case.texts(), &older, Some(&newer));
        let states: Vec<UpdateState> = rows.iter().map(|row| row.state).collect();
        assert_eq!(states, [Current, Stale, Updated]);
    }

    #[test]
    fn a_list_number_is_put_right_in_passing() {
        let old = ["1. tents;", "2. blankets;"];
        let new = ["1. clean water;", "2. tents;", "3. blankets;"];
        let rows = Case::new(&old, &new, &["1. çadırlar;", "3. yorğanlar;"]).rows();
        let seen: Vec<_> = rows.iter().map(|row| (row.state, row.severity)).collect();
        let warned = (Untranslated, Severity::Warning);
        assert_eq!(seen, [warned, (Stale, Severity::Info), (Updated, Severity::Info)]);
    }

    #[test]
    fn empty_texts_give_what_is_left() {
        assert_eq!(Case::new(&[], &[], &[]).states(), []);
        assert_eq!(Case::new(&["One."], &["One."], &[]).states(), [Untranslated]);
        assert_eq!(Case::new(&["One."], &[], &["Bir."]).states(), [Orphaned]);
        assert_eq!(Case::new(&[], &["One."], &["Bir."]).states(), [Extra, Untranslated]);
    }

    proptest::proptest! {
        #[test]
        fn every_segment_stands_in_exactly_one_row(
            old in proptest::collection::vec("[abc ]{1,8}", 0..6),
            new in proptest::collection::vec("[abc ]{1,8}", 0..6),
            translation in proptest::collection::vec("[abc 1-3]{1,8}", 0..6),
            pairs in proptest::collection::vec((0usize..6, 0usize..6), 0..4),
            newer in proptest::collection::vec((0usize..6, 0usize..6), 0..4),
        ) {
            let lines = |all: &[String]| all.iter().map(|line| format!("x{line}")).collect::<Vec<_>>().join("\n");
            let case = Case {
                old: presegmented_document("", lines(&old), Language::EN),
                new: presegmented_document("", lines(&new), Language::EN),
                translation: presegmented_document("", lines(&translation), Language::AZ),
            };
            let alignment = |source: &Document, pairs: &[(usize, usize)]| {
                let (mut seen_s, mut seen_t) = (Vec::new(), Vec::new());
                let mut beads = Vec::new();
                for (s, t) in pairs {
                    let fits = *s < source.segments.len() && *t < case.translation.segments.len();
                    if fits && !seen_s.contains(s) && !seen_t.contains(t) {
                        seen_s.push(*s);
                        seen_t.push(*t);
                        beads.push(Bead::settled(vec![SegmentId::at(*s)], vec![SegmentId::at(*t)], Origin::Machine));
                    }
                }
                Alignment::new(source.segments.len(), case.translation.segments.len(), beads).unwrap()
            };
            let (older, newer) = (alignment(&case.old, &pairs), alignment(&case.new, &newer));
            let rows = update(case.texts(), &older, Some(&newer));
            for (document, ids) in [
                (&case.old, (|row| &row.old) as fn(&UpdateRow) -> &Vec<SegmentId>),
                (&case.new, |row| &row.new),
                (&case.translation, |row| &row.target),
            ] {
                let mut all: Vec<SegmentId> = rows.iter().flat_map(|row| ids(row).clone()).collect();
                all.sort_unstable();
                proptest::prop_assert_eq!(all, document.ids().collect::<Vec<_>>());
            }
        }
    }
}
