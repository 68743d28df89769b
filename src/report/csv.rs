//! Findings as CSV, for spreadsheets: a header, a row a finding, texts with their line breaks as blanks.

use csv::Writer;

use super::{Comparison, Lines, Shown};
use crate::diff::fingerprint;
use crate::diff::revision::RevisionChange;
use crate::model::Document;

/// Returns the divergences as CSV: severity, type, subtype, code, source and target line, the two values, the message,
/// both texts, the fingerprint; where those that are passed over are shown, why.
///
/// # Errors
/// When the rows can't be written, which memory alone can cause.
pub fn divergences(comparison: &Comparison<'_>) -> csv::Result<String> {
    let (source, target) = (comparison.source, comparison.target);
    let (source_lines, target_lines) = (Lines::new(&source.text), Lines::new(&target.text));
    let mut writer = Writer::from_writer(Vec::new());
    let header = [
        "severity",
        "type",
        "subtype",
        "code",
        "source_line",
        "target_line",
        "expected",
        "found",
        "message",
        "source",
        "target",
        "fingerprint",
    ];
    let more = comparison.shows_suppressed.then_some("suppressed");
    writer.write_record(header.into_iter().chain(more))?;
    for Shown { divergence: d, reason } in comparison.all() {
        let line = |lines: &Lines, span: Option<crate::model::Span>| {
            span.map_or_else(String::new, |span| lines.of(span.start).to_string())
        };
        let cells = [
            d.severity.name(),
            d.kind.name(),
            d.subtype,
            d.kind.code(),
            &line(&source_lines, d.source_span),
            &line(&target_lines, d.target_span),
            d.expected.as_deref().unwrap_or_default(),
            d.found.as_deref().unwrap_or_default(),
            &d.message,
            &source.joined(&d.source_segments),
            &target.joined(&d.target_segments),
            &fingerprint(d, source, target),
        ];
        let more = comparison.shows_suppressed.then_some(reason.unwrap_or_default());
        writer.write_record(cells.into_iter().chain(more))?;
    }
    finished(writer)
}

/// Returns the changes between two revisions as CSV: change, old and new line, old and new text, values that differ,
/// severity, message.
///
/// # Errors
/// When the rows can't be written, which memory alone can cause.
pub fn revision(old: &Document, new: &Document, changes: &[RevisionChange]) -> csv::Result<String> {
    let (old_lines, new_lines) = (Lines::new(&old.text), Lines::new(&new.text));
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record([
        "change", "old_line", "new_line", "old", "new", "values", "severity", "message",
    ])?;
    for change in changes.iter().filter(|change| change.is_change()) {
        let place = |document: &Document, lines: &Lines, ids: &[crate::model::SegmentId]| {
            let span = document.span_of(ids);
            span.map_or_else(String::new, |span| lines.of(span.start).to_string())
        };
        let values = change.facts.iter().map(|fact| fact.texts(old, new));
        let values: Vec<String> = values.map(|(gone, come)| format!("{gone} > {come}")).collect();
        writer.write_record([
            change.kind.name(),
            &place(old, &old_lines, &change.old),
            &place(new, &new_lines, &change.new),
            &old.joined(&change.old),
            &new.joined(&change.new),
            &values.join("; "),
            change.severity().name(),
            &change.message(old, new),
        ])?;
    }
    finished(writer)
}

pub(super) fn finished(writer: Writer<Vec<u8>>) -> csv::Result<String> {
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
