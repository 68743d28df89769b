//! The words of a document, split and folded once for all checks.

use rustc_hash::FxHashMap;

use crate::model::{Document, SegmentId, Span};
use crate::text;

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
}

impl<'a> Words<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut all = Self { words: Vec::new(), ends: Vec::new(), folded: Vec::new() };
        for segment in &document.segments {
            for word in text::words(segment.span.of(&document.text)) {
                let number = *numbers.entry(word.text).or_insert_with(|| {
                    all.folded.push(text::fold(word.text, document.language));
                    u32::try_from(all.folded.len() - 1).unwrap_or(u32::MAX)
                });
                let span = word.span.shifted(segment.span.start);
                all.words.push(Word { text: word.text, span, number });
            }
            all.ends.push(all.words.len());
        }
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

    /// Returns how many distinct words there are.
    pub(super) fn count(&self) -> usize {
        self.folded.len()
    }
}
