//! An alignment to XLIFF 1.2 and 2.1, for translation programs to open and go on with.
//!
//! A bead is a unit: its source segments joined by a space, and its target segments where there are some. A bead without
//! source can't be a unit, since XLIFF has targets of sources only: it is counted, not written. Confidence below 1 goes
//! into a note that people read. Sources: OASIS, XLIFF 1.2 (2008) and XLIFF 2.1 (2018).

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::formats::xml::is_legal;
use crate::model::{Alignment, Document};

/// Which XLIFF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// XLIFF 1.2.
    V1_2,
    /// XLIFF 2.1.
    V2_1,
}

/// A file and what could not be put into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub text: String,
    /// How many beads had no source.
    pub without_source: usize,
    /// How many characters were left out because XML has no place for them.
    pub dropped_chars: usize,
}

/// Writes an alignment.
pub fn write(
    alignment: &Alignment,
    source: &Document,
    target: &Document,
    version: Version,
) -> Written {
    let mut written =
        Written { text: head(source, target, version), without_source: 0, dropped_chars: 0 };
    let mut dropped = 0;
    let mut clean = |text: &str| {
        let legal: String = text.chars().filter(|letter| is_legal(*letter)).collect();
        dropped += text.chars().count() - legal.chars().count();
        escape(&legal).into_owned()
    };
    for (place, bead) in alignment.beads().iter().enumerate() {
        if bead.source.is_empty() {
            written.without_source += 1;
            continue;
        }
        let id = place + 1;
        let source_text = clean(&source.joined(&bead.source));
        let target_text = (!bead.target.is_empty()).then(|| clean(&target.joined(&bead.target)));
        let target = target_text
            .map(|text| format!("        <target>{text}</target>\n"))
            .unwrap_or_default();
        let note = format!("confidence {:.4}", bead.confidence);
        let out = &mut written.text;
        // Writing to a string can't fail.
        let _ = match version {
            Version::V1_2 => {
                write!(
                    out,
                    "      <trans-unit id=\"{id}\">\n        <source>{source_text}</source>\n{target}        \
                     <note>{note}</note>\n      </trans-unit>\n"
                )
            }
            Version::V2_1 => {
                write!(
                    out,
                    "    <unit id=\"{id}\">\n      <notes>\n        <note>{note}</note>\n      </notes>\n      \
                     <segment>\n        <source>{source_text}</source>\n{target}      </segment>\n    </unit>\n"
                )
            }
        };
    }
    written.text.push_str(match version {
        Version::V1_2 => "    </body>\n  </file>\n</xliff>\n",
        Version::V2_1 => "  </file>\n</xliff>\n",
    });
    written.dropped_chars = dropped;
    written
}

fn head(source: &Document, target: &Document, version: Version) -> String {
    let name = escape(&source.name);
    let (from, to) = (source.language, target.language);
    match version {
        Version::V1_2 => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff xmlns=\"urn:oasis:names:tc:xliff:document:1.2\" \
             version=\"1.2\">\n  <file original=\"{name}\" source-language=\"{from}\" target-language=\"{to}\" \
             datatype=\"plaintext\">\n    <body>\n"
        ),
        Version::V2_1 => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" \
             version=\"2.1\" srcLang=\"{from}\" trgLang=\"{to}\">\n  <file id=\"f1\" original=\"{name}\">\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bead, Language, Origin, Segment, SegmentId, SegmentKind, Span};

    fn document(lines: &[&str], language: Language) -> Document {
        let mut start = 0;
        let segment = |(index, line): (u32, &&str)| {
            let span = Span::new(start, start + line.len());
            start += line.len() + 1;
            Segment {
                span,
                block: 0,
                kind: SegmentKind::Sentence,
                marker: None,
                number: None,
                rule: "line",
                warnings: Vec::new(),
                index,
            }
        };
        let segments = (0..).zip(lines).map(segment).collect();
        let text = lines.join("\n");
        Document { name: "a.txt".to_owned(), language, text, blocks: Vec::new(), segments }
    }

    #[test]
    fn beads_are_units_and_those_without_source_are_counted() {
        let source = document(&["One & two.", "Three.\u{1}"], Language::EN);
        let target = document(&["Bir və iki.", "Üç."], Language::AZ);
        let bead = |source: &[usize], target: &[usize]| {
            let ids = |places: &[usize]| places.iter().map(|place| SegmentId::at(*place)).collect();
            Bead::settled(ids(source), ids(target), Origin::Import)
        };
        let beads = vec![bead(&[0], &[0]), bead(&[1], &[]), bead(&[], &[1])];
        let alignment = Alignment::new(2, 2, beads).expect("an alignment");
        for version in [Version::V1_2, Version::V2_1] {
            let written = write(&alignment, &source, &target, version);
            assert_eq!((written.without_source, written.dropped_chars), (1, 1));
            assert_eq!(written.text.matches("<source>").count(), 2);
            assert_eq!(written.text.matches("<target>Bir və iki.</target>").count(), 1);
            assert!(written.text.contains("<source>One &amp; two.</source>"));
            let mut xml = quick_xml::Reader::from_str(&written.text);
            while !matches!(xml.read_event().expect("good XML"), quick_xml::events::Event::Eof) {}
        }
    }
}
