//! A translation unit: the same thing said in two or more languages, kept for reuse.

use std::collections::BTreeMap;

use super::Language;

/// What the translation memory keeps: a text in each of at least two languages, and where it came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unit {
    /// The text in each language.
    pub texts: BTreeMap<Language, String>,
    /// The language the others were translated from, where known.
    pub source_language: Option<Language>,
    /// Where the unit came from: a file name, a tool, a person. Empty where unknown.
    pub origin: String,
    /// The aligner's confidence in `0..=1` where an alignment made the unit, `None` otherwise.
    pub confidence: Option<f64>,
    /// A note for people. Empty where there is none.
    pub note: String,
}
