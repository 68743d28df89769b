//! The pieces a text is cut into: blocks, and the segments inside them.

use super::Span;

/// The place of a segment in its document, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct SegmentId(pub u32);

impl SegmentId {
    /// Makes the id of the segment at `place` in the list of segments.
    pub fn at(place: usize) -> Self {
        Self(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Returns the place in the list of segments.
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

/// A paragraph, heading or list item: text between empty lines, or a line whose shape sets it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The block's bytes in the text, white space at its ends left out.
    pub span: Span,
    /// What the block is by its shape.
    pub kind: BlockKind,
}

/// What a block is by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A title, a date line or a label: a short line without a final mark.
    Heading,
    /// One or more items of a list.
    List,
}

/// A sentence, a heading, a list item or a label: the unit that is aligned and compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The segment's bytes in the text, white space at its ends left out, its list marker included.
    pub span: Span,
    /// The place of its block in the document's list of blocks, from 0.
    pub block: usize,
    /// What the segment is.
    pub kind: SegmentKind,
    /// The list marker it begins with, such as `11.` or `-`.
    pub marker: Option<Span>,
    /// The number the list marker stands for; a letter counts from a = 1. `None` for a bullet or no marker.
    pub number: Option<u32>,
    /// The rule that ended the segment.
    pub rule: &'static str,
    /// What is odd about the segment and was left as it is.
    pub warnings: Vec<Warning>,
    /// The number under which people and bead files know it: its place, or its line from 0 where the text came one
    /// segment a line.
    pub index: u32,
}

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// A sentence of running text.
    Sentence,
    /// A title or date line.
    Heading,
    /// An item of a list, its marker included.
    ListItem,
    /// A short line that introduces what follows, such as `Signed by:`.
    Label,
}

/// Something odd in the text that is reported and never repaired by itself.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Warning {
    /// What is odd.
    pub kind: WarningKind,
    /// Where, in bytes of the document.
    pub span: Span,
    /// The oddity in a few words, such as `7 is missing between 6 and 8`.
    pub note: String,
}

/// What can be odd about a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// A number is missing in a numbered list.
    NumberingGap,
    /// A word so long that several words must have run together.
    RunTogether,
    /// Two sentences with nothing between them, as in `readsWe`.
    GluedSentences,
    /// Letters of two scripts in one word.
    MixedScript,
}

impl serde::Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(&[self.start, self.end], serializer)
    }
}
