//! TBX, the format in which glossaries travel.
//!
//! [`write()`] writes TBX-Basic of ISO 30042:2019 (version 3) in either style, or the older `martif` of ISO 30042:2008
//! (version 2). [`read()`] reads all of them and TBX-Min.
//!
//! ```text
//! glossary         TBX-Basic
//! concept          conceptEntry id
//! language, term   langSec, termSec, term
//! status           administrativeStatus; forbidden is deprecatedTerm-admn-sts and an own note
//! type             termType for acronyms; the others an own note
//! abbreviation_of  crossReference to the termSec of the full form, termType of both
//! domain           subjectField of the concept
//! note, source     note, source
//! ```
//! What TBX-Basic has no category for stands in a note `qosha:field=value` of the term, so that nothing is lost on the way to
//! us and other programs show it as a note: `type`, `case`, `inflect`, domains that differ within a concept, an abbreviation of
//! a term that is not there, and texts with line breaks or runs of blanks, which XML does not keep apart from layout.
//!
//! Sources: ISO 30042:2019 by its schemas (LTAC Global, `TBXcoreStructV03.rng`, `TBX-Basic_DCA.sch`, the Min and Basic modules,
//! read in 2026), where `partOfSpeech` has no `properNoun`; LISA, TBX-Basic (2009) for the older form, where it has. Files that
//! declare entities of their own are refused, and no other file is opened.

mod read;
mod write;

pub use read::{TbxError, read};
pub use write::{Style, Written, write};

/// What a note begins with that holds a field TBX-Basic has no category for.
const OWN: &str = "qosha:";

/// Writes a value so that it stands on one line without runs of blanks.
fn escaped(value: &str) -> String {
    let mut out = String::new();
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' ' if out.is_empty() || out.ends_with(' ') || letters.peek().is_none() => {
                out.push_str("\\s");
            }
            _ => out.push(letter),
        }
    }
    out
}

/// Reads what [`escaped`] wrote.
fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        out.push(match letters.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('s') => ' ',
            Some(other) => other,
            None => '\\',
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::terms::tests::{concepts, without_lines};

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(concepts in concepts(), style in 0..3usize) {
            let style = [Style::Dca, Style::Dct, Style::Martif][style];
            let written = write(&concepts, style);
            let read = read(written.text.as_bytes()).unwrap();
            prop_assert_eq!(&read.defects, &[]);
            prop_assert!(read.unread.is_empty(), "{:?}", read.unread);
            prop_assert_eq!(without_lines(read.concepts), concepts);
        }

        #[test]
        fn an_escape_reads_back(value in "[a \\\\\n\r\tnrts]{0,9}") {
            let written = escaped(&value);
            prop_assert_eq!(&crate::formats::terms::one_line(&written), &written);
            prop_assert_eq!(unescaped(&written), value);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<tbx>", "<martif>", "<conceptEntry id='c'>", "</conceptEntry>", "<langSec xml:lang='en'>", "<langSet>",
                    "</langSec>", "<termSec id='t'>", "<tig>", "</tig>", "</termSec>", "<term>", "</term>", "word", "<note>",
                    "qosha:case=exact", "</note>", "<descrip type='definition'>", "</descrip>", "<descripGrp>", "&x;", "&#0;",
                    "<!DOCTYPE a [<!ENTITY x 'y'>]>", "<ref target='t'/>", "<", "]]>", "\u{0}", "<hi>", "</hi>",
                ]),
                0..40,
            ),
        ) {
            let _ = read(pieces.concat().as_bytes());
            let _ = read(format!("<tbx>{}", pieces.concat()).as_bytes());
        }
    }
}
