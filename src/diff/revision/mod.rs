//! What changed between two revisions of one version.
//!
//! ```text
//! older                          newer
//! We thank all who help.         Children want to learn.          moved
//! It takes 47 days.              We thank all who help.           unchanged
//! We came and we saw. Goodbye.   It takes 37 days.                edited: 47 became 37
//! Children want to learn.        We came.                         split, with the sentence behind it
//!                                We saw.
//!                                Write to us soon.                added; Goodbye. is removed
//! ```
//! [`pairing`] says which segments of the two are the same ones, [`wording`] which words of them differ, [`facts`] which
//! numbers, dates and names.
//!
//! What counts as a change: letters, digits and marks. **White space never does**, of whatever kind: a text pasted again is
//! wrapped and spaced anew. How a mark is drawn (curly or straight quotation marks, long or short dashes, `…` or `...`,
//! invisible characters, composed letters) is [`RevisionKind::Typography`], and another number in front of a list item with
//! the same words [`RevisionKind::Renumbered`]: both are information, as no reader takes them for news.

mod facts;
mod pairing;
mod wording;

use super::fingerprint::hashed;
use crate::model::{Document, SegmentId, Severity, Span};

pub(in crate::diff) use facts::values;
pub use facts::{Fact, FactChange};

/// One segment, or what became of it; several where they were split or merged.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionChange {
    /// What happened.
    pub kind: RevisionKind,
    /// Whether it stands in another place now, whatever else happened.
    pub is_moved: bool,
    /// Whether words changed: letters and digits, not only marks and capitals.
    pub is_reworded: bool,
    /// The segments of the older revision, ascending; none for what is new, several for what was merged.
    pub old: Vec<SegmentId>,
    /// The segments of the newer revision, ascending; none for what is gone, several for what was split.
    pub new: Vec<SegmentId>,
    /// The pieces that went, as spans of the older text, in order; none where all of it did.
    pub removed: Vec<Span>,
    /// The pieces that came, as spans of the newer text, in order; none where all of it did.
    pub added: Vec<Span>,
    /// The numbers, dates and names that differ: values first, then names.
    pub facts: Vec<FactChange>,
}

/// What happened to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionKind {
    /// The same words in the same place.
    Unchanged,
    /// The same words, with marks drawn otherwise.
    Typography,
    /// The same words behind another list number.
    Renumbered,
    /// The same words in another place.
    Moved,
    /// Other words, in part.
    Edited,
    /// One segment became several.
    Split,
    /// Several segments became one.
    Merged,
    /// New.
    Added,
    /// Gone.
    Removed,
}

impl RevisionKind {
    /// All kinds but [`RevisionKind::Unchanged`], the gravest first.
    pub const CHANGES: [Self; 8] = [
        Self::Edited,
        Self::Split,
        Self::Merged,
        Self::Added,
        Self::Removed,
        Self::Moved,
        Self::Renumbered,
        Self::Typography,
    ];

    /// Returns the name that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Typography => "typography",
            Self::Renumbered => "renumbered",
            Self::Moved => "moved",
            Self::Edited => "edited",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }

    /// Says what happened in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Unchanged => "The same words stand in the same place.",
            Self::Typography => "The words are the same, with marks drawn otherwise.",
            Self::Renumbered => "The words are the same, behind another list number.",
            Self::Moved => "The same words stand in another place.",
            Self::Edited => "Words, marks or capitals are others, in part.",
            Self::Split => "One segment became several.",
            Self::Merged => "Several segments became one.",
            Self::Added => "The newer revision alone has the segment.",
            Self::Removed => "The older revision alone has the segment.",
        }
    }

    /// Returns how much a change of the kind matters by itself: where no fact differs, and nothing else happened.
    pub fn severity(self) -> Severity {
        match self {
            Self::Edited | Self::Added | Self::Removed | Self::Moved => Severity::Warning,
            _ => Severity::Info,
        }
    }
}

impl RevisionChange {
    fn new(kind: RevisionKind, old: Vec<SegmentId>, new: Vec<SegmentId>) -> Self {
        Self {
            kind,
            is_moved: false,
            is_reworded: false,
            old,
            new,
            removed: Vec::new(),
            added: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// Says whether anything changed.
    pub fn is_change(&self) -> bool {
        self.kind != RevisionKind::Unchanged
    }

    /// Returns how much the change matters: an error where a number, a date, a name or another fact differs; information
    /// where the words are the same and in their place; a warning else.
    pub fn severity(&self) -> Severity {
        match self.kind {
            _ if !self.facts.is_empty() => Severity::Error,
            _ if self.is_moved => Severity::Warning,
            RevisionKind::Split | RevisionKind::Merged if self.is_reworded => Severity::Warning,
            kind => kind.severity(),
        }
    }

    /// Returns what happened in a word or two: `edited`, `moved`, `moved, edited`.
    pub fn label(&self) -> String {
        match (self.is_moved, self.kind) {
            (true, kind) if kind != RevisionKind::Moved => format!("moved, {}", kind.name()),
            (_, kind) => kind.name().to_owned(),
        }
    }

    /// Says what changed, values before names: `edited: 47 became 37`, `split in 2`, `renumbered: 2. became 3.`
    pub fn message(&self, old: &Document, new: &Document) -> String {
        let label = self.label();
        let label = match self.kind {
            RevisionKind::Split => format!("{label} in {}", self.new.len()),
            RevisionKind::Merged => format!("{label} from {}", self.old.len()),
            _ => label,
        };
        match self.told(old, new) {
            told if told.is_empty() => label,
            told => format!("{label}: {told}"),
        }
    }

    /// Tells the facts or the list number that changed; an empty text where none did.
    pub(super) fn told(&self, old: &Document, new: &Document) -> String {
        let numbers = (self.removed.first(), self.added.first());
        if let (RevisionKind::Renumbered, (Some(gone), Some(come))) = (self.kind, numbers) {
            return format!("{} became {}", gone.of(&old.text), come.of(&new.text));
        }
        let facts: Vec<String> = self.facts.iter().map(|fact| fact.told(old, new)).collect();
        facts.join(", ")
    }

    /// Returns a name of 16 hexadecimal digits, made of what happened and of both texts, white space aside, never of places.
    pub fn fingerprint(&self, old: &Document, new: &Document) -> String {
        hashed(&[&self.label(), &old.joined(&self.old), &new.joined(&self.new)])
    }

    /// Takes the change for none: the newer text stands, without marks. `None` where there is no newer text.
    pub fn passed_over(self) -> Option<Self> {
        if self.new.is_empty() {
            return None;
        }
        Some(Self::new(RevisionKind::Unchanged, self.old, self.new))
    }
}

/// Returns what became of every segment, in the order of the newer revision; a segment that is gone stands where it was.
/// Every segment of either revision stands in exactly one change.
///
/// # Example
/// ```
/// use qosha::{diff::revision::{revisions, RevisionKind}, model::Language, segment};
/// let text = |text: &str| segment::document("", text.to_owned(), Language::AZ, &Default::default());
/// let (old, new) = (text("Yol 47 gün bağlıdır. Kömək edin."), text("Yol 37 gün bağlıdır. Kömək edin."));
/// let changes = revisions(&old, &new);
/// assert_eq!(changes[0].message(&old, &new), "edited: 47 became 37");
/// assert_eq!(changes[1].kind, RevisionKind::Unchanged);
/// ```
pub fn revisions(old: &Document, new: &Document) -> Vec<RevisionChange> {
    let links = pairing::links(old, new);
    let mut is_linked = vec![false; old.segments.len()];
    links.iter().flat_map(|link| &link.old).for_each(|place| is_linked[*place] = true);
    let mut changes = Vec::with_capacity(new.segments.len());
    let mut next_old = 0;
    let mut removed_upto = |upto: usize, changes: &mut Vec<RevisionChange>| {
        for gone in (next_old..upto).filter(|gone| !is_linked[*gone]) {
            let ids = vec![SegmentId::at(gone)];
            changes.push(RevisionChange::new(RevisionKind::Removed, ids, Vec::new()));
        }
        next_old = next_old.max(upto);
    };
    let mut next_new = 0;
    let added = |places: std::ops::Range<usize>, changes: &mut Vec<RevisionChange>| {
        changes.extend(places.map(|place| {
            RevisionChange::new(RevisionKind::Added, Vec::new(), vec![SegmentId::at(place)])
        }));
    };
    for link in links {
        let (Some(first_old), Some(first), Some(last)) =
            (link.old.first(), link.new.first(), link.new.last())
        else {
            continue;
        };
        added(next_new..*first, &mut changes);
        next_new = last + 1;
        if !link.is_moved {
            removed_upto(*first_old, &mut changes);
        }
        let ids = |places: &[usize]| places.iter().map(|place| SegmentId::at(*place)).collect();
        let mut change =
            RevisionChange::new(RevisionKind::Unchanged, ids(&link.old), ids(&link.new));
        change.is_moved = link.is_moved;
        wording::compare(old, new, &mut change);
        changes.push(change);
    }
    added(next_new..new.segments.len(), &mut changes);
    removed_upto(old.segments.len(), &mut changes);
    changes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::RevisionKind::{
        Added, Edited, Merged, Moved, Removed, Renumbered, Split, Unchanged,
    };
    use super::*;
    use crate::model::Language;
    use crate::segment;

    fn document(text: &str) -> Document {
        segment::document("", text.to_owned(), Language::AZ, &segment::Options::default())
    }

    fn kinds(old: &str, new: &str) -> Vec<RevisionKind> {
        revisions(&document(old), &document(new)).iter().map(|change| change.kind).collect()
    }

    fn messages(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (document(old), document(new));
        let changes = revisions(&old, &new);
        changes.iter().map(|change| change.message(&old, &new)).collect()
    }

    #[test]
    fn moved_edited_added_and_removed_are_told_apart() {
        let old = "Kömək edən hər kəsə təşəkkür edirik.\n\nYol ildə 47 gün bağlıdır.\n\nUşaqlar oxumaq istəyir.\n\nHamıya əlvida.";
        let new = "Uşaqlar oxumaq istəyir.\n\nKömək edən hər kəsə təşəkkür edirik.\n\nYol ildə 37 gün bağlıdır.\n\nTezliklə yazın.";
        assert_eq!(kinds(old, new), [Moved, Unchanged, Edited, Added, Removed]);
        assert_eq!(kinds(old, old), [Unchanged; 4]);
    }

    #[test]
    fn a_sentence_that_moved_may_be_edited_a_little() {
        let old = "Tələbə evləri 12 il əvvəl təmir olunub.\n\nYol bağlıdır, çünki qar çox yağıb.\n\nBiz kömək gözləyirik, çünki qış yaxındır.";
        let new = "Yol bağlıdır, çünki qar çox yağıb.\n\nBiz kömək gözləyirik, çünki qış yaxındır.\n\nTələbə evləri 15 il əvvəl təmir olunub.";
        assert_eq!(messages(old, new), ["unchanged", "unchanged", "moved, edited: 12 became 15"]);
    }

    #[test]
    fn a_sentence_split_in_two_and_two_made_one_are_told() {
        let one = "Su iki kəndə çatdı və 40 ev dağıldı.\n\nYol açıqdır.";
        let two = "Su iki kəndə çatdı. Nəticədə 40 ev dağıldı.\n\nYol açıqdır.";
        assert_eq!(kinds(one, two), [Split, Unchanged]);
        assert_eq!(kinds(two, one), [Merged, Unchanged]);
        let changes = revisions(&document(one), &document(two));
        assert_eq!((changes[0].old.len(), changes[0].new.len()), (1, 2));
        assert!(changes[0].is_reworded && changes[0].severity() == Severity::Warning);
        // The same words with another mark between them are no news.
        let cut = "Su iki kəndə çatdı. Və 40 ev dağıldı.\n\nYol açıqdır.";
        assert_eq!(revisions(&document(one), &document(cut))[0].severity(), Severity::Info);
    }

    #[test]
    fn a_new_sentence_behind_an_edited_one_is_no_split() {
        let old = "Bizə 40 çadır lazımdır.";
        let new = "Bizə 50 çadır lazımdır. Yemək və su çatmır.";
        assert_eq!(kinds(old, new), [Edited, Added]);
    }

    #[test]
    fn items_behind_a_new_item_are_renumbered_and_not_edited() {
        let old = "Bizə lazımdır:\n\n1. çadırlar;\n2. yorğanlar;\n";
        let new = "Bizə lazımdır:\n\n1. su;\n2. çadırlar;\n3. yorğanlar;\n";
        assert_eq!(kinds(old, new), [Unchanged, Added, Renumbered, Renumbered]);
    }

    #[test]
    fn texts_that_share_nothing_are_removed_and_added() {
        assert_eq!(kinds("Yol bağlıdır.", "Uşaqlar oxuyur."), [Added, Removed]);
        assert_eq!(kinds("", "Yol bağlıdır."), [Added]);
        assert_eq!(kinds("Yol bağlıdır.", ""), [Removed]);
        assert_eq!(kinds("", ""), []);
    }

    #[test]
    fn a_change_of_a_fact_is_an_error_and_may_be_passed_over() {
        let changes = revisions(&document("Bu, 47 gün çəkir."), &document("Bu, 37 gün çəkir."));
        assert_eq!((changes[0].removed.len(), changes[0].added.len()), (1, 1));
        assert_eq!(changes[0].severity(), Severity::Error);
        let plain = changes[0].clone().passed_over().unwrap();
        assert!(!plain.is_change() && plain.added.is_empty() && plain.facts.is_empty());
    }

    /// A text of `count` sentences of words drawn from a small vocabulary, by a simple generator.
    fn sentences(count: usize) -> Vec<String> {
        let mut state = 7u32;
        let mut word = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!("söz{}", (state >> 8) % most)
        };
        (0..count)
            .map(|_| (0..12).map(|_| word(3000)).collect::<Vec<_>>().join(" ") + ".")
            .collect()
    }

    #[test]
    fn a_long_text_in_which_every_sentence_changed_is_paired() {
        let old = sentences(2000);
        let new: Vec<String> = old.iter().map(|line| line.replacen("söz", "kəlmə", 1)).collect();
        let lines =
            |lines: &[String]| segment::presegmented_document("", lines.join("\n"), Language::AZ);
        let changes = revisions(&lines(&old), &lines(&new));
        assert!(changes.iter().all(|change| change.kind == Edited && change.old == change.new));
    }

    proptest! {
        #[test]
        fn every_segment_stands_in_exactly_one_change(
            old in "([A-ZƏ][a-zəı]{1,3}|[0-9]{1,2}|\\PC|[.,;!?\"“– ]| |\\n|1\\. ){0,60}",
            new in "([A-ZƏ][a-zəı]{1,3}|[0-9]{1,2}|\\PC|[.,;!?\"“– ]| |\\n|1\\. ){0,60}",
            cut in 0usize..60,
        ) {
            // Half of the pairs share a beginning, as revisions do.
            let shared: String = old.chars().take(cut).collect();
            for new in [new.clone(), format!("{shared}{new}")] {
                let (old, new) = (document(&old), document(&new));
                let changes = revisions(&old, &new);
                let mut ids: Vec<SegmentId> = changes.iter().flat_map(|c| c.old.clone()).collect();
                ids.sort_unstable();
                prop_assert_eq!(ids, old.ids().collect::<Vec<_>>());
                let ids: Vec<SegmentId> = changes.iter().flat_map(|c| c.new.clone()).collect();
                prop_assert_eq!(ids, new.ids().collect::<Vec<_>>());
                for change in &changes {
                    for (spans, text) in [(&change.removed, &old.text), (&change.added, &new.text)] {
                        prop_assert!(spans.iter().all(|span| text.get(span.range()).is_some()));
                        prop_assert!(spans.is_sorted());
                    }
                }
            }
            prop_assert!(revisions(&document(&old), &document(&old)).iter().all(|c| !c.is_change()));
        }
    }
}
