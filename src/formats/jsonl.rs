//! The records of pairs that `align --format jsonl` writes, back to units: one JSON object a line.
//!
//! Read are `source`, `target`, `source_language`, `target_language` and `confidence`; other keys are passed over.

use serde::Deserialize;

use crate::formats::{Defect, ReadUnits};
use crate::model::{Language, Unit};

/// Says why a file of records can't be read.
#[derive(Debug, thiserror::Error)]
pub enum JsonlError {
    /// The first record is no pair.
    #[error(
        "line {line}: this is no record of a pair, which has a text under \"source\" and \"target\": {problem}"
    )]
    NotAPair {
        /// The line.
        line: usize,
        /// What the reader of JSON says.
        problem: String,
    },
    /// A record does not name the languages of its texts, and nobody else did.
    #[error("line {0}: the record names no languages; say --source-lang and --target-lang")]
    NoLanguages(usize),
}

#[derive(Deserialize)]
struct Pair {
    source: String,
    target: String,
    source_language: Option<String>,
    target_language: Option<String>,
    confidence: Option<f64>,
}

/// Reads a unit from each record. `source_and_target` are the languages of the texts, whatever the records say.
///
/// # Errors
/// When the first record is no pair, or the languages are not known.
pub fn read_units(
    text: &str,
    source_and_target: Option<(Language, Language)>,
) -> Result<ReadUnits, JsonlError> {
    let mut read = ReadUnits::default();
    for (line, record) in (1..).zip(text.lines()) {
        if record.trim().is_empty() {
            continue;
        }
        read.counts.seen += 1;
        let pair: Pair = match serde_json::from_str(record) {
            Ok(pair) => pair,
            Err(error) if read.counts.seen == 1 => {
                return Err(JsonlError::NotAPair { line, problem: problem(&error) });
            }
            Err(error) => {
                let message = format!("no record of a pair: {}", problem(&error));
                read.defects.push(Defect { line, message });
                read.counts.skip("no record of a pair");
                continue;
            }
        };
        let tag = |tag: &Option<String>| Language::parse(tag.as_deref()?).ok();
        let own = || tag(&pair.source_language).zip(tag(&pair.target_language));
        let (source, target) =
            source_and_target.or_else(own).ok_or(JsonlError::NoLanguages(line))?;
        let mut unit = Unit {
            texts: [(source, pair.source), (target, pair.target)].into(),
            source_language: Some(source),
            confidence: pair.confidence.filter(|confidence| (0.0..=1.0).contains(confidence)),
            ..Unit::default()
        };
        unit.texts.retain(|_, text| !text.trim().is_empty());
        if unit.texts.len() < 2 {
            read.counts.skip("text in fewer than two languages");
            continue;
        }
        read.counts.used += 1;
        read.units.push(unit);
    }
    Ok(read)
}

/// Returns what is wrong with a record. It is a text of one line to its reader, whose number would mislead.
fn problem(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &str = r#"{"source":"Hello.","target":"Salam.","source_language":"en","target_language":"az","confidence":0.5,"origin":"machine"}"#;

    #[test]
    fn records_of_pairs_are_units() {
        let alone =
            r#"{"source":"Bye.","target":"","source_language":"en","target_language":"az"}"#;
        let read = read_units(&format!("{PAIR}\n\n{alone}\nx\n"), None).unwrap();
        assert_eq!(read.units[0].texts[&Language::AZ], "Salam.");
        assert_eq!(read.units[0].confidence, Some(0.5));
        assert_eq!((read.counts.seen, read.counts.used), (3, 1));
        assert_eq!(
            read.defects[0].to_string(),
            "line 4: no record of a pair: expected value at column 1"
        );
    }

    #[test]
    fn languages_that_are_not_known_are_asked_for() {
        let bare = r#"{"source":"a","target":"b"}"#;
        assert!(matches!(read_units(bare, None), Err(JsonlError::NoLanguages(1))));
        let read = read_units(bare, Some((Language::EN, Language::RU))).unwrap();
        assert_eq!(read.units[0].texts[&Language::RU], "b");
        assert!(matches!(read_units("{\"a\":1}", None), Err(JsonlError::NotAPair { line: 1, .. })));
    }
}
