//! Bytes to text and model, model to bytes: one file a format.
//!
//! | file | reads | writes |
//! | --- | --- | --- |
//! | [`encoding`] | plain text in UTF-8, UTF-16 and the old Windows code pages | |
//! | [`beads`] | beads by number, hunalign ladders | beads by number |
//!
//! Readers are tolerant: what can be used is used, and what can't is reported with its line. A reader refuses only
//! what it can't make sense of as a whole. No reader opens another file or address than the one it was given.

pub mod beads;
pub mod encoding;

pub use encoding::{DecodeError, Decoded, FormatError, decode, decode_as, read_file};

/// Something a reader could not use, or used only after a repair; reading went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The line of the file, from 1.
    pub line: usize,
    /// What was wrong and what was done, in a few words.
    pub message: String,
}

impl std::fmt::Display for Defect {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "line {}: {}", self.line, self.message)
    }
}
