//! What changed between two revisions of one version.
//!
//! Segments are paired first: those that are equal in the same order (a longest common subsequence over segments), then,
//! in each gap between them, the most alike; what is equal elsewhere has moved. A pair that is alike but not equal is
//! compared word by word.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::model::{Document, SegmentId, Severity, Span};
use crate::text::values::{self, Value};
use crate::text::{fold, words};

/// Likeness, in `0..=1` by words, from which two segments are one segment edited. Below, a sentence was replaced.
const EDITED: f64 = 0.4;

/// One segment, or what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionChange {
    /// What happened.
    pub kind: RevisionKind,
    /// The segment of the older revision.
    pub old: Option<SegmentId>,
    /// The segment of the newer revision.
    pub new: Option<SegmentId>,
    /// For an edit, the pieces that went, as spans of the older text.
    pub removed: Vec<Span>,
    /// For an edit, the pieces that came, as spans of the newer text.
    pub added: Vec<Span>,
    /// For an edit, the values in digits that differ: as written in the older and in the newer revision.
    pub values: Vec<(String, String)>,
}

/// What happened to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionKind {
    /// The same words in the same place.
    Unchanged,
    /// The same words in another place.
    Moved,
    /// Other words, in part.
    Edited,
    /// New.
    Added,
    /// Gone.
    Removed,
}

impl RevisionKind {
    /// Returns the name that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Moved => "moved",
            Self::Edited => "edited",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

impl RevisionChange {
    /// Says whether anything changed.
    pub fn is_change(&self) -> bool {
        self.kind != RevisionKind::Unchanged
    }

    /// Returns how much the change matters: an error where a number, a date or another value differs, else a warning. What
    /// did not change is information.
    pub fn severity(&self) -> Severity {
        match self.kind {
            RevisionKind::Unchanged => Severity::Info,
            RevisionKind::Edited if !self.values.is_empty() => Severity::Error,
            _ => Severity::Warning,
        }
    }

    /// Takes the change for none: the newer text stands, without marks. `None` where there is no newer text.
    pub fn passed_over(self) -> Option<Self> {
        self.new?;
        let none = Self { kind: RevisionKind::Unchanged, ..self };
        Some(Self { removed: Vec::new(), added: Vec::new(), values: Vec::new(), ..none })
    }
}

/// Returns what became of every segment, in the order of the newer revision; a segment that is gone stands where it was.
pub fn revisions(old: &Document, new: &Document) -> Vec<RevisionChange> {
    let key = |document: &Document, id| fold(&document.joined(&[id]), document.language);
    let old_keys: Vec<String> = old.ids().map(|id| key(old, id)).collect();
    let new_keys: Vec<String> = new.ids().map(|id| key(new, id)).collect();
    let mut partner: Vec<Option<(usize, RevisionKind)>> = vec![None; new_keys.len()];
    let mut is_used = vec![false; old_keys.len()];
    let mut gaps = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys) {
        if op.tag() == DiffTag::Equal {
            for (from, to) in op.old_range().zip(op.new_range()) {
                partner[to] = Some((from, RevisionKind::Unchanged));
                is_used[from] = true;
            }
        } else {
            gaps.push((op.old_range(), op.new_range()));
        }
    }
    // The same words elsewhere have moved.
    for to in 0..new_keys.len() {
        if partner[to].is_none()
            && let Some(from) =
                (0..old_keys.len()).find(|from| !is_used[*from] && old_keys[*from] == new_keys[to])
        {
            partner[to] = Some((from, RevisionKind::Moved));
            is_used[from] = true;
        }
    }
    for (old_range, new_range) in gaps {
        pair_alike(old_range, new_range, &old_keys, &new_keys, &mut partner, &mut is_used);
    }
    assembled(old, new, &partner, &is_used)
}

/// Pairs the most alike segments of a gap, best first; ties go to the earlier ones.
fn pair_alike(
    old_range: std::ops::Range<usize>,
    new_range: std::ops::Range<usize>,
    old_keys: &[String],
    new_keys: &[String],
    partner: &mut [Option<(usize, RevisionKind)>],
    is_used: &mut [bool],
) {
    let mut pairs = Vec::new();
    for from in old_range.filter(|from| !is_used[*from]) {
        for to in new_range.clone().filter(|to| partner[*to].is_none()) {
            let alike = alike(&old_keys[from], &new_keys[to]);
            if alike >= EDITED {
                pairs.push((alike, from, to));
            }
        }
    }
    pairs.sort_by(|one, other| {
        other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2)))
    });
    for (_, from, to) in pairs {
        if !is_used[from] && partner[to].is_none() {
            is_used[from] = true;
            partner[to] = Some((from, RevisionKind::Edited));
        }
    }
}

/// Returns how alike two texts are by words, in `0..=1`: words in common, in order, twice over all words.
fn alike(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (one.split(' ').collect(), other.split(' ').collect());
    let common: usize = capture_diff_slices(Algorithm::Myers, &one, &other)
        .iter()
        .filter(|op| op.tag() == DiffTag::Equal)
        .map(|op| op.old_range().len())
        .sum();
    2.0 * common as f64 / (one.len() + other.len()).max(1) as f64
}

fn assembled(
    old: &Document,
    new: &Document,
    partner: &[Option<(usize, RevisionKind)>],
    is_used: &[bool],
) -> Vec<RevisionChange> {
    let mut changes = Vec::new();
    let change = |kind, old, new| RevisionChange {
        kind,
        old,
        new,
        removed: Vec::new(),
        added: Vec::new(),
        values: Vec::new(),
    };
    let mut next_old = 0;
    let removed = |upto: usize, next_old: &mut usize, changes: &mut Vec<RevisionChange>| {
        for gone in (*next_old..upto).filter(|gone| !is_used[*gone]) {
            changes.push(change(RevisionKind::Removed, Some(SegmentId::at(gone)), None));
        }
        *next_old = (*next_old).max(upto);
    };
    for (to, partner) in partner.iter().enumerate() {
        let id = SegmentId::at(to);
        match partner {
            None => changes.push(change(RevisionKind::Added, None, Some(id))),
            Some((from, kind)) => {
                if *kind != RevisionKind::Moved {
                    removed(*from, &mut next_old, &mut changes);
                }
                let mut change = change(*kind, Some(SegmentId::at(*from)), Some(id));
                if *kind == RevisionKind::Edited {
                    compare(old, new, &mut change);
                }
                changes.push(change);
            }
        }
    }
    removed(is_used.len(), &mut next_old, &mut changes);
    changes
}

/// Finds the words that went and came, and the values that differ.
fn compare(old: &Document, new: &Document, change: &mut RevisionChange) {
    let pieces = |document: &Document, id: Option<SegmentId>| -> (Vec<String>, Vec<Span>) {
        let Some(segment) = id.and_then(|id| document.segments.get(id.place())) else {
            return Default::default();
        };
        let text = segment.span.of(&document.text);
        words(text)
            .map(|word| (word.text.to_owned(), word.span.shifted(segment.span.start)))
            .unzip()
    };
    let (old_words, old_spans) = pieces(old, change.old);
    let (new_words, new_spans) = pieces(new, change.new);
    for op in capture_diff_slices(Algorithm::Myers, &old_words, &new_words) {
        if op.tag() == DiffTag::Equal {
            continue;
        }
        change.removed.extend(joined(&old_spans[op.old_range()]));
        change.added.extend(joined(&new_spans[op.new_range()]));
    }
    let found = |document: &Document, id: Option<SegmentId>| -> Vec<(String, Value)> {
        let text = id.map_or("", |id| document.segment_text(id));
        let all = values::find(text, document.language).into_iter().filter(|value| value.is_digits);
        all.map(|value| (value.span.of(text).to_owned(), value)).collect()
    };
    let (old_values, new_values) = (found(old, change.old), found(new, change.new));
    let lone = |one: &[(String, Value)], other: &[(String, Value)]| -> Vec<String> {
        let is_lone = |value: &Value| !other.iter().any(|(_, theirs)| value.agrees(theirs));
        one.iter().filter(|(_, value)| is_lone(value)).map(|(text, _)| text.clone()).collect()
    };
    let (gone, come) = (lone(&old_values, &new_values), lone(&new_values, &old_values));
    for place in 0..gone.len().max(come.len()) {
        let at = |list: &[String]| list.get(place).cloned().unwrap_or_default();
        change.values.push((at(&gone), at(&come)));
    }
}

/// Joins the spans of neighbouring words.
fn joined(spans: &[Span]) -> Option<Span> {
    Some(Span::new(spans.first()?.start, spans.last()?.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::segment;

    fn kinds(old: &str, new: &str) -> Vec<RevisionKind> {
        let document = |text: &str| {
            segment::document("", text.to_owned(), Language::EN, &segment::Options::default())
        };
        revisions(&document(old), &document(new)).iter().map(|change| change.kind).collect()
    }

    #[test]
    fn moved_edited_added_and_removed_are_told_apart() {
        use RevisionKind::{Added, Edited, Moved, Removed, Unchanged};
        let old = "We thank all who help.\n\nThe road is closed for 47 days a year.\n\nChildren want to learn.\n\nGoodbye to all.";
        let new = "Children want to learn.\n\nWe thank all who help.\n\nThe road is closed for 37 days a year.\n\nWrite to us soon.";
        assert_eq!(kinds(old, new), [Moved, Unchanged, Edited, Added, Removed]);
        assert_eq!(kinds(old, old), [Unchanged; 4]);
    }

    #[test]
    fn values_that_changed_are_named() {
        let document = |text: &str| {
            segment::document("", text.to_owned(), Language::EN, &segment::Options::default())
        };
        let changes = revisions(&document("It takes 47 days."), &document("It takes 37 days."));
        assert_eq!(changes[0].values, [("47".to_owned(), "37".to_owned())]);
        assert_eq!((changes[0].removed.len(), changes[0].added.len()), (1, 1));
        assert_eq!(changes[0].severity(), Severity::Error);
        let plain = changes[0].clone().passed_over().unwrap();
        assert!(!plain.is_change() && plain.added.is_empty() && plain.values.is_empty());
    }
}
