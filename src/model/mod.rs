//! The nouns: what exists, with no behaviour beyond what keeps each value valid.
//!
//! Every other folder speaks in these types, and there is one type a noun: a segment of the segmenter is the
//! segment of the aligner and of the report.

mod alignment;
mod bead;
mod concept;
mod divergence;
mod document;
mod language;
mod segment;
mod span;
mod table;
mod unit;

pub use alignment::{Aligned, Alignment, AlignmentError};
pub use bead::{Anchor, AnchorKind, Bead, Evidence, Origin};
pub use concept::{Concept, HitKind, Term, TermHit, TermStatus, TermType, UnknownWord};
pub use divergence::{Divergence, DivergenceType, Severity};
pub use document::Document;
pub use language::{Language, LanguageError};
pub use segment::{Block, BlockKind, Segment, SegmentId, SegmentKind, Warning, WarningKind};
pub use span::Span;
pub use table::{Row, Table};
pub use unit::Unit;
