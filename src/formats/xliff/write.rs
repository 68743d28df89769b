//! An alignment to XLIFF 1.2 and 2.1.
//!
//! A bead is a unit: its source segments joined by a space, and its target segments where there are some. A bead without
//! source can't be a unit, since XLIFF has targets of sources only: it is counted, not written. The confidence of a bead goes
//! into a note.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::CONFIDENCE;
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
        let note = format!("{CONFIDENCE}{:.4}", bead.confidence);
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
