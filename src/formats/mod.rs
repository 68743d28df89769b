//! Bytes to text and model, model to bytes: one file a format.
//!
//! | file | reads | writes |
//! | --- | --- | --- |
//! | [`encoding`] | plain text in UTF-8, UTF-16 and the old Windows code pages | |
//! | [`tmx`] | translation memories, TMX 1.1 to 1.4b | TMX 1.4b |
//! | [`mod@csv`] | units in CSV and TSV | units, and an alignment, as CSV or TSV |
//! | [`jsonl`] | units, from the records of an alignment | |
//! | [`dictionary`] | bilingual dictionaries: tables, and those of hunalign | tables |
//! | [`vectors`] | sentence vectors, `.npy` or plain, and Vecalign's table of overlaps | |
//! | [`beads`] | beads by number, hunalign ladders, and links by [`xces`] | beads by number, with costs as Vecalign's; ladders |
//! | [`xces`] | links of the OPUS collection | the same |
//! | [`tbx`] | concepts in TBX-Basic and TBX-Min, versions 2 and 3 | the same, but TBX-Min |
//! | [`utx`], [`omegat`] | concepts in UTX and OmegaT's glossaries | rows of two languages |
//! | [`termtable`] | concepts in tables with a header | those of Weblate and Trados |
//! | [`xlsx`] | the cells of a workbook | the same |
//! | [`xliff`] | units in XLIFF 1.0 to 2.2 | an alignment, as XLIFF 1.2 and 2.1 |
//!
//! Readers are tolerant: what can be used is used, and what can't is reported with its line. A reader refuses only
//! what it can't make sense of as a whole. No reader opens another file or address than the one it was given.

pub mod beads;
pub mod csv;
pub mod dictionary;
pub mod encoding;
pub mod jsonl;
pub mod omegat;
pub mod tbx;
mod terms;
pub mod termtable;
pub mod tmx;
pub mod utx;
pub mod vectors;
pub mod xces;
pub mod xliff;
pub mod xlsx;
mod xml;

use std::collections::BTreeMap;

use crate::model::Unit;

pub use encoding::{DecodeError, Decoded, FormatError, decode, decode_as, read_file};
pub use terms::{Losses, ReadConcepts, TableRow};

/// How many defects a reader keeps in words; its counts go on. A file with the same slip in every unit would fill the
/// memory and the screen.
const DEFECTS_KEPT: usize = 1000;

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

/// How many units a reader met, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadCounts {
    /// The units or rows in the file.
    pub seen: usize,
    /// Those that were read.
    pub used: usize,
    /// Those that were not, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Whether the file ended where it should not have, or could not be read to its end.
    pub is_cut_off: bool,
}

impl ReadCounts {
    fn skip(&mut self, reason: &'static str) {
        *self.skipped.entry(reason).or_default() += 1;
    }
}

/// The units of a file, and what became of the rest of it.
#[derive(Clone, Debug, Default)]
pub struct ReadUnits {
    /// The units in the order of the file.
    pub units: Vec<Unit>,
    /// What was odd, in the order of the file.
    pub defects: Vec<Defect>,
    /// How many units or rows were met and skipped.
    pub counts: ReadCounts,
}
