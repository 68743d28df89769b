//! Reads the units of files that other programs, or `align`, have written.

use std::path::Path;

use anyhow::Context;

use super::input;
use super::talk::Talk;
use crate::formats::tmx::{self, TmxError};
use crate::formats::xliff::{self, XliffError};
use crate::formats::{ReadUnits, csv, jsonl};
use crate::model::Language;

/// How many odd places of a file are told of one by one.
pub(super) const DEFECTS_TOLD: usize = 20;

/// Reads the units of a file: TMX, XLIFF, CSV, TSV, or the records of `align`; `-` is standard input. Which of them it is,
/// is seen from its first letters, as endings are often wrong. `source_and_target` are the languages of texts for which the
/// file has no language. Tells of what was odd; the units' origins are empty where the file names none.
pub(super) fn read_units(
    path: &Path,
    source_and_target: Option<(Language, Language)>,
    talk: &Talk,
) -> anyhow::Result<ReadUnits> {
    let name = input::name(path);
    let read = read(path, source_and_target, talk)?;
    for defect in read.defects.iter().take(DEFECTS_TOLD) {
        talk.warn(&format!("{name}:{}: {}", defect.line, defect.message));
    }
    if let Some(more @ 1..) = read.defects.len().checked_sub(DEFECTS_TOLD) {
        talk.warn(&format!("{name}: {more} more such places"));
    }
    if read.counts.is_cut_off {
        talk.warn(&format!("{name}: the file ends before its end; what was read is used"));
    }
    Ok(read)
}

fn read(
    path: &Path,
    source_and_target: Option<(Language, Language)>,
    talk: &Talk,
) -> anyhow::Result<ReadUnits> {
    let name = input::name(path);
    let bytes = input::bytes(path)?;
    anyhow::ensure!(
        !bytes.starts_with(b"PK\x03\x04"),
        "{name}: this is an archive (as .mqxlz, .sdlppx and .docx files are); unpack it and name the file in it"
    );
    // An XML file names its encoding itself.
    if first_letter(&bytes) == Some(b'<') || has_xml_ending(path) {
        return read_xml(&bytes, source_and_target).context(name);
    }
    let text = input::decoded(path, bytes, None, talk)?;
    anyhow::ensure!(!text.trim().is_empty(), "{name}: the file is empty");
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    if first.starts_with('{') {
        return jsonl::read_units(&text, source_and_target).context(name);
    }
    anyhow::ensure!(
        !first.starts_with("[{") && first != "[",
        "{name}: this is one list of JSON; write its records one a line"
    );
    anyhow::ensure!(
        !(first.starts_with('[') && first.contains("]:[")),
        "{name}: beads name segments and hold no texts; import what align writes with --format tmx, or run memory add"
    );
    csv::read_units(&text, source_and_target).context(name)
}

/// Reads TMX or XLIFF, by the first element.
fn read_xml(
    bytes: &[u8],
    source_and_target: Option<(Language, Language)>,
) -> anyhow::Result<ReadUnits> {
    match tmx::Reader::new(bytes) {
        Ok(mut reader) => {
            let units = reader.by_ref().collect::<Result<_, _>>()?;
            let (defects, counts) = (reader.defects().to_vec(), reader.counts().clone());
            Ok(ReadUnits { units, defects, counts })
        }
        Err(TmxError::NotTmx { .. }) => match xliff::read_units(bytes, source_and_target) {
            Err(XliffError::NotXliff { line, found }) => {
                anyhow::bail!("line {line}: this is neither TMX nor XLIFF: {found}")
            }
            read => Ok(read?),
        },
        Err(error) => Err(error.into()),
    }
}

/// Returns the first byte behind byte-order marks, blanks, and the NULs of UTF-16.
pub(super) fn first_letter(bytes: &[u8]) -> Option<u8> {
    let is_before = |byte: &u8| {
        byte.is_ascii_whitespace() || matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF)
    };
    bytes.iter().copied().find(|byte| !is_before(byte))
}

/// Says whether a file is called as only XML files are, so that what is wrong is told in the words of such a file.
fn has_xml_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["tmx", "xlf", "xliff", "sdlxliff", "mqxliff"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending))
}
