//! TMX, the format in which translation memories travel.
//!
//! [`Writer`] writes TMX 1.4b, one unit at a time. [`Reader`] reads what is met in the wild, TMX 1.1 to 1.4: UTF-8,
//! UTF-16 and declared encodings, `lang` for `xml:lang`, odd case, repeated languages, files that were cut off. Both
//! work on streams, so that the size of a memory does not matter.
//!
//! What of a `seg` is text: everything but the native codes inside `bpt`, `ept`, `ph`, `it` and `ut`. What is
//! highlighted (`hi`) is text, and so is what a code says to the reader (`sub`, such as the caption of a picture).
//!
//! The document type is never loaded, and no entity but the five of XML is expanded.

mod read;
mod write;

pub use super::xml::is_legal;
pub use read::{Reader, TmxError};
pub use write::{Writer, Written};

/// The property under which the aligner's confidence is kept, in `0..=1`.
const CONFIDENCE: &str = "x-confidence";

/// The property under which the origin of a unit is kept.
const ORIGIN: &str = "x-origin";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::model::{Language, Unit};

    fn written(units: &[Unit]) -> (Vec<u8>, Written) {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes, Some(Language::EN)).unwrap();
        for unit in units {
            writer.write(unit).unwrap();
        }
        let report = writer.finish().unwrap();
        (bytes, report)
    }

    #[test]
    fn what_xml_does_not_allow_is_dropped_and_counted() {
        let texts = BTreeMap::from([
            (Language::EN, "a\u{B}b\u{0}c < & \"d\"\r\n".to_owned()),
            (Language::AZ, "ə\u{FFFF}".to_owned()),
        ]);
        let (bytes, report) = written(&[Unit { texts, ..Unit::default() }]);
        assert_eq!(report, Written { units: 1, dropped_chars: 3 });
        let unit = Reader::new(bytes.as_slice()).unwrap().next().unwrap().unwrap();
        assert_eq!(unit.texts[&Language::EN], "abc < & \"d\"\r\n");
        assert_eq!(unit.texts[&Language::AZ], "ə");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(
            rows in proptest::collection::vec(
                ("[ -~əığ\n\r\t“”😀]{1,20}x", "[ -~əığ]{1,20}x", 0usize..5, 0u8..=100, "[a-zə &<]{0,9}"),
                0..8,
            ),
        ) {
            let languages = ["en", "en-GB", "az-Cyrl", "ru", "tly"];
            let units: Vec<Unit> = rows
                .into_iter()
                .map(|(one, other, place, percent, note)| {
                    let language: Language = languages[place].parse().unwrap();
                    Unit {
                        texts: BTreeMap::from([(language, one), (Language::AZ, other)]),
                        source_language: Some(language),
                        origin: note.clone(),
                        confidence: (percent < 90).then(|| f64::from(percent) / 100.0),
                        note,
                    }
                })
                .collect();
            let (bytes, report) = written(&units);
            prop_assert_eq!(report.units, units.len());
            let mut reader = Reader::new(bytes.as_slice()).unwrap();
            let back: Vec<Unit> = reader.by_ref().map(Result::unwrap).collect();
            prop_assert_eq!(back, units);
            prop_assert!(reader.defects().is_empty(), "{:?}", reader.defects());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<tmx>", "<header srclang='en'>", "<tu>", "</tu>", "<tuv xml:lang='en'>", "<tuv lang=az>",
                    "</tuv>", "<seg>", "</seg>", "text", "<bpt i='1'>", "</ept>", "&amp;", "&x;", "&#0;", "&#xD83D;",
                    "&", "<", "]]>", "<![CDATA[a]]>", "<!DOCTYPE tmx [<!ENTITY x 'y'>]>", "</tmx>", "\u{0}", "<prop/>",
                ]),
                0..40,
            ),
        ) {
            let bytes = pieces.concat().into_bytes();
            if let Ok(reader) = Reader::new(bytes.as_slice()) {
                prop_assert!(reader.take(1000).count() < 1000);
            }
        }
    }
}
