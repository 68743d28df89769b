//! The words of a document, split and folded once for all checks.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use crate::model::{Document, SegmentId, Span};
use crate::text::common::CommonWords;
use crate::text::{fold, words};

/// A word where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    /// The word as written.
    pub(super) text: &'a str,
    /// Its bytes in the document.
    pub(super) span: Span,
    /// Which of the document's distinct words it is, as written, from 0.
    pub(super) number: u32,
}

/// The words of all segments of a document.
pub(super) struct Words<'a> {
    words: Vec<Word<'a>>,
    /// Where the words of each segment end among `words`.
    ends: Vec<usize>,
    /// The distinct words, folded.
    folded: Vec<String>,
    common: Option<&'static CommonWords>,
    /// What the distinct words may mean, where it has been asked.
    concepts: Vec<OnceCell<Vec<&'static str>>>,
}

impl<'a> Words<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut all = Self {
            words: Vec::new(),
            ends: Vec::new(),
            folded: Vec::new(),
            common: CommonWords::of(document.language),
            concepts: Vec::new(),
        };
        for segment in &document.segments {
            for word in words(segment.span.of(&document.text)) {
                let number = *numbers.entry(word.text).or_insert_with(|| {
                    all.folded.push(fold(word.text, document.language));
                    u32::try_from(all.folded.len() - 1).unwrap_or(u32::MAX)
                });
                let span = word.span.shifted(segment.span.start);
                all.words.push(Word { text: word.text, span, number });
            }
            all.ends.push(all.words.len());
        }
        all.concepts.resize_with(all.folded.len(), OnceCell::new);
        all
    }

    /// Returns the words of a segment in order; none for a segment that the document does not have.
    pub(super) fn of_segment(&self, id: SegmentId) -> &[Word<'a>] {
        let Some(end) = self.ends.get(id.place()) else { return &[] };
        let start = id.place().checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.words[start..*end]
    }

    /// Returns a word folded by the language of the document.
    pub(super) fn folded(&self, word: &Word<'_>) -> &str {
        &self.folded[word.number as usize]
    }

    /// Returns what a word may mean as a common word; nothing in a language without such a table.
    pub(super) fn concepts(&self, word: &Word<'_>) -> &[&'static str] {
        let ask = || self.common.map_or_else(Vec::new, |common| common.concepts(self.folded(word)));
        self.concepts[word.number as usize].get_or_init(ask)
    }

    /// Returns how many distinct words there are.
    pub(super) fn count(&self) -> usize {
        self.folded.len()
    }
}
