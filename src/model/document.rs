//! One language's version of a text, cut into segments.

use super::{Block, Language, Segment, SegmentId, Span};

/// One version of a text: its name, its language, the untouched text, and the segments found in it.
#[derive(Clone, Debug)]
pub struct Document {
    /// What people call it, usually the file name; `-` for standard input.
    pub name: String,
    /// The language of the text.
    pub language: Language,
    /// The decoded text without byte-order mark. Every span of the document is a range of its bytes.
    pub text: String,
    /// The blocks, in order and disjoint.
    pub blocks: Vec<Block>,
    /// The segments, in order and disjoint; they cover every visible character of the text.
    pub segments: Vec<Segment>,
}

impl Document {
    /// Returns the text of a segment, with line breaks as in the original; empty for an id out of range.
    pub fn segment_text(&self, id: SegmentId) -> &str {
        self.segments.get(id.place()).map_or("", |segment| segment.span.of(&self.text))
    }

    /// Returns the ids of all segments in order.
    pub fn ids(&self) -> impl Iterator<Item = SegmentId> + use<> {
        (0..self.segments.len()).map(SegmentId::at)
    }

    /// Returns the span from the first to the last of the segments, `None` for an empty list.
    pub fn span_of(&self, ids: &[SegmentId]) -> Option<Span> {
        let spans = || ids.iter().filter_map(|id| self.segments.get(id.place())).map(|s| s.span);
        Some(Span::new(spans().map(|s| s.start).min()?, spans().map(|s| s.end).max()?))
    }

    /// Returns the texts of the segments joined by a space, inner line breaks and runs of blanks made one space.
    pub fn joined(&self, ids: &[SegmentId]) -> String {
        let mut joined = String::new();
        for word in ids.iter().flat_map(|id| self.segment_text(*id).split_whitespace()) {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(word);
        }
        joined
    }
}
