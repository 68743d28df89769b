//! JSONL and CSV. The fields are described in `docs/formats.md`.

use serde::Serialize;

use super::super::jsonl::{indices, line};
use super::super::{Lines, csv as tables};
use super::{Disagreements, Shown};
use crate::model::{Language, Severity, Span};

#[derive(Serialize)]
struct Row<'a> {
    r#type: &'static str,
    subtype: &'static str,
    severity: Severity,
    odd: Option<String>,
    versions: Vec<Version<'a>>,
    message: &'a str,
    fingerprint: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<&'a str>,
}

#[derive(Serialize)]
struct Version<'a> {
    language: Language,
    file: &'a str,
    segments: Vec<u32>,
    bytes: Option<Span>,
    text: Option<&'a str>,
    group: Option<usize>,
}

/// Returns the disagreements, one a line; then, where they are shown, those that are passed over, with the reason.
pub fn jsonl(report: &Disagreements<'_>) -> String {
    let mut out = String::new();
    for Shown { found, reason } in report.all() {
        let versions =
            report.documents.iter().zip(&found.stands).map(|(document, stand)| Version {
                language: document.language,
                file: &document.name,
                segments: indices(document, &stand.segments),
                bytes: stand.span,
                text: stand.text.as_deref(),
                group: stand.group,
            });
        let row = Row {
            r#type: found.kind.name(),
            subtype: found.subtype,
            severity: found.severity,
            odd: report.odd(found),
            versions: versions.collect(),
            message: &found.message,
            fingerprint: found.fingerprint(report.documents),
            code: found.kind.code(),
            suppressed: reason,
        };
        line(&row, &mut out);
    }
    out
}

/// Returns the disagreements as CSV: severity, type, subtype, code, the odd version, the message, then for each version the
/// line, the value and the text, and the fingerprint; where those that are passed over are shown, why. The columns of a
/// version are named by its language, or by its place from 1 where two are in one language.
///
/// # Errors
/// When the rows can't be written, which memory alone can cause.
pub fn csv(report: &Disagreements<'_>) -> csv::Result<String> {
    let documents = report.documents;
    let lines: Vec<Lines> = documents.iter().map(|document| Lines::new(&document.text)).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header: Vec<String> =
        ["severity", "type", "subtype", "code", "odd", "message"].map(str::to_owned).into();
    for (place, document) in documents.iter().enumerate() {
        let same = documents.iter().filter(|other| other.language == document.language);
        let name = match same.count() {
            1 => document.language.to_string(),
            _ => (place + 1).to_string(),
        };
        header.extend([format!("{name}_line"), format!("{name}_value"), name]);
    }
    header.push("fingerprint".to_owned());
    header.extend(report.shows_suppressed.then(|| "suppressed".to_owned()));
    writer.write_record(&header)?;
    for Shown { found, reason } in report.all() {
        let mut cells: Vec<String> =
            [found.severity.name(), found.kind.name(), found.subtype, found.kind.code()]
                .map(str::to_owned)
                .into();
        cells.push(report.odd(found).unwrap_or_default());
        cells.push(found.message.clone());
        for ((document, stand), lines) in documents.iter().zip(&found.stands).zip(&lines) {
            let line = stand.span.map(|span| lines.of(span.start).to_string());
            cells.push(line.unwrap_or_default());
            cells.push(stand.text.clone().unwrap_or_default());
            cells.push(document.joined(&stand.segments));
        }
        cells.push(found.fingerprint(documents));
        cells.extend(report.shows_suppressed.then(|| reason.unwrap_or_default().to_owned()));
        writer.write_record(&cells)?;
    }
    tables::finished(writer)
}
