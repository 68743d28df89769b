//! Pairs the language versions of a text and shows where they disagree.
//!
//! The pipeline, each step a folder of this crate:
//!
//! ```text
//! formats   bytes        -> text           (encoding guessed and shown)
//! segment   text         -> Document       (segments: spans into the untouched text)
//! glossary  text         -> TermHit        (names found under inflection)
//! align     two Documents -> Alignment     (beads with confidence and evidence)
//! diff      Alignment    -> Divergence     (what one version says and the other does not)
//! report    divergences  -> terminal, HTML, JSONL, CSV, SARIF
//! memory    beads        -> Unit           (kept in one file, searched by likeness)
//! ```
//!
//! What every part may rely on: the text is never altered, every claim is a [`model::Span`] into it, and the same
//! input gives the same output to the byte. The library does not print, read the environment or look at the clock:
//! only [`cli`] does.

pub mod align;
pub mod cli;
pub mod diff;
pub mod evaluate;
pub mod formats;
pub mod glossary;
pub mod language;
#[cfg(feature = "memory")]
pub mod memory;
pub mod model;
pub mod report;
pub mod segment;
pub mod text;
