//! XLIFF, the format in which texts travel to translators and back.
//!
//! [`write()`] writes an alignment as XLIFF 1.2 or 2.1, for translation programs to open and go on with. [`read_units`] reads
//! what such programs give back, 1.0 to 2.2, with what Trados (`.sdlxliff`), memoQ (`.mqxliff`) and others add to it.
//!
//! What of a `source` or `target` is text: everything but the native codes in `bpt`, `ept`, `ph` and `it`; of these what
//! stands in a `sub`. `cp` is the character it names, a code for a line break is a line break. Blanks count where
//! `xml:space` says so; elsewhere runs of them are one space.
//!
//! Kept are the languages, the name of the document (the unit's origin), the notes, and how far the translation has come
//! (`state`, `approved`, Trados' `conf`, memoQ's `status`), which goes into the note. Not kept are inline codes, suggestions
//! (`alt-trans`, `match`), glossaries and what other formats put into the file. The document type is never loaded, and no
//! entity but the five of XML is expanded.
//!
//! Sources: OASIS, XLIFF 1.2 (2008) and XLIFF 2.1 (2018).

mod read;
mod write;

pub use read::{XliffError, read_units};
pub use write::{Entry, State, Version, Written, write, write_entries};

/// What stands before the aligner's confidence, in `0..=1`, in a note.
const CONFIDENCE: &str = "confidence ";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{
        Alignment, Bead, Document, Language, Origin, Segment, SegmentId, SegmentKind, Span, Unit,
    };

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

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(
            rows in proptest::collection::vec(
                ("[ -~əığ“”😀\n]{0,20}x", "([ -~əığ\t]{1,20}x)?", 0u16..=10_000), 0..8,
            ),
        ) {
            let (mut lines, mut beads) = ([Vec::new(), Vec::new()], Vec::new());
            for (source, target, confidence) in &rows {
                let mut ids = [Vec::new(), Vec::new()];
                for (place, line) in [source, target].into_iter().enumerate() {
                    if !line.is_empty() {
                        ids[place].push(SegmentId::at(lines[place].len()));
                        lines[place].push(line.as_str());
                    }
                }
                let [source, target] = ids;
                let confidence = f64::from(*confidence) / 10_000.0;
                beads.push(Bead { confidence, ..Bead::settled(source, target, Origin::Machine) });
            }
            let source = document(&lines[0], Language::EN);
            let target = document(&lines[1], Language::AZ);
            let alignment = Alignment::new(lines[0].len(), lines[1].len(), beads).unwrap();
            let paired = alignment.beads().iter().filter(|bead| !bead.is_null());
            let units: Vec<Unit> = paired
                .map(|bead| Unit {
                    texts: [
                        (Language::EN, source.joined(&bead.source)),
                        (Language::AZ, target.joined(&bead.target)),
                    ]
                    .into(),
                    source_language: Some(Language::EN),
                    origin: "a.txt".to_owned(),
                    confidence: Some(bead.confidence),
                    note: String::new(),
                })
                .collect();
            for version in [Version::V1_2, Version::V2_1] {
                let written = write(&alignment, &source, &target, version);
                let back = read_units(written.text.as_bytes(), None).unwrap();
                prop_assert_eq!(&back.units, &units);
                prop_assert!(back.defects.is_empty(), "{:?}", back.defects);
                prop_assert_eq!(back.counts.seen, rows.len());
            }
        }

        #[test]
        fn no_bytes_make_the_reader_panic(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<xliff srcLang='en' trgLang='az'>", "<file source-language='en'>", "<unit>", "</unit>", "<segment>",
                    "</segment>", "<trans-unit>", "</trans-unit>", "<source>", "</source>", "<seg-source>", "</seg-source>",
                    "<target xml:lang='az'>", "</target>", "<mrk mtype='seg' mid='1'>", "</mrk>", "<ph>", "</ph>", "<sub>",
                    "<cp hex='1F600'/>", "<cp/>", "<x ctype='lb'/>", "<note>", "</note>", "<alt-trans>", "</alt-trans>",
                    "<q:seg id='1' conf='x'/>", "text", "&amp;", "&x;", "&#xD83D;", "&", "<", "]]>", "<!DOCTYPE x [", "\u{0}",
                ]),
                0..60,
            ),
        ) {
            let text = format!("<xliff srcLang='en' trgLang='az'>{}", pieces.concat());
            let read = read_units(text.as_bytes(), None).unwrap();
            let skipped: usize = read.counts.skipped.values().sum();
            prop_assert_eq!(read.counts.used, read.units.len());
            prop_assert_eq!(read.counts.seen, read.units.len() + skipped);
            let _ = read_units(pieces.concat().as_bytes(), None);
        }
    }
}
