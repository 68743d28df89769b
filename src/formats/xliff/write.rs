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

/// A unit of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The id, another one for each unit of a file.
    pub id: usize,
    /// The source text.
    pub source: String,
    /// The translation, where there is one.
    pub target: Option<String>,
    /// How far it has come; `None` is not told.
    pub state: Option<State>,
    /// What a translator is to read.
    pub notes: Vec<String>,
}

/// How far a translation has come, in the words of either version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is none: `new`, `initial`.
    Untranslated,
    /// It is to be looked at: `needs-review-translation`; `initial`, with a sub-state of our own.
    NeedsReview,
    /// It was changed and not looked at again: `translated`.
    Translated,
    /// It stands: `final`.
    Final,
}

impl State {
    fn attributes(self, version: Version) -> &'static str {
        match (version, self) {
            (Version::V1_2, Self::Untranslated) => " state=\"new\"",
            (Version::V1_2, Self::NeedsReview) => " state=\"needs-review-translation\"",
            (Version::V2_1, Self::Untranslated) => " state=\"initial\"",
            (Version::V2_1, Self::NeedsReview) => {
                " state=\"initial\" subState=\"qosha:needs-review\""
            }
            (_, Self::Translated) => " state=\"translated\"",
            (_, Self::Final) => " state=\"final\"",
        }
    }
}

/// Writes an alignment.
pub fn write(
    alignment: &Alignment,
    source: &Document,
    target: &Document,
    version: Version,
) -> Written {
    let beads = alignment.beads().iter().enumerate();
    let with_source = beads.filter(|(_, bead)| !bead.source.is_empty());
    let entries = with_source.map(|(place, bead)| Entry {
        id: place + 1,
        source: source.joined(&bead.source),
        target: (!bead.target.is_empty()).then(|| target.joined(&bead.target)),
        state: None,
        notes: vec![format!("{CONFIDENCE}{:.4}", bead.confidence)],
    });
    let without_source = alignment.beads().iter().filter(|bead| bead.source.is_empty()).count();
    Written { without_source, ..write_entries(entries, source, target, version) }
}

/// Writes units for a source and a target document, of which the name and the languages are told.
pub fn write_entries(
    entries: impl IntoIterator<Item = Entry>,
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
    for entry in entries {
        let id = entry.id;
        let source = clean(&entry.source);
        let target = entry.target.as_deref().map(&mut clean);
        let notes: Vec<String> = entry.notes.iter().map(|note| clean(note)).collect();
        let state = entry.state.map_or("", |state| state.attributes(version));
        let out = &mut written.text;
        // Writing to a string can't fail.
        match version {
            Version::V1_2 => {
                let _ = write!(
                    out,
                    "      <trans-unit id=\"{id}\">\n        <source>{source}</source>\n"
                );
                match target {
                    Some(text) => {
                        let _ = writeln!(out, "        <target{state}>{text}</target>");
                    }
                    // The state of a unit stands at its target.
                    None if !state.is_empty() => {
                        let _ = writeln!(out, "        <target{state}/>");
                    }
                    None => {}
                }
                for note in notes {
                    let _ = writeln!(out, "        <note>{note}</note>");
                }
                out.push_str("      </trans-unit>\n");
            }
            Version::V2_1 => {
                let _ = writeln!(out, "    <unit id=\"{id}\">");
                if !notes.is_empty() {
                    out.push_str("      <notes>\n");
                    for note in notes {
                        let _ = writeln!(out, "        <note>{note}</note>");
                    }
                    out.push_str("      </notes>\n");
                }
                let _ = write!(out, "      <segment{state}>\n        <source>{source}</source>\n");
                if let Some(text) = target {
                    let _ = writeln!(out, "        <target>{text}</target>");
                }
                out.push_str("      </segment>\n    </unit>\n");
            }
        }
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
