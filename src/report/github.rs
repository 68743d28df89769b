//! Findings as annotations of GitHub's workflows: a line each, which the host shows beside the line of the file it is about.
//!
//! ```text
//! ::error file=az.txt,line=11,endLine=11,col=28,endColumn=30,title=V01 number::the source says "47", the target "37"
//! ```
//! Columns are code points. The host shows ten annotations of each kind a step and drops the others; they stay in the log.
//! Source: GitHub's documentation of workflow commands.

use std::fmt::Write as _;

use super::Comparison;
use super::places::{Place, Places};
use crate::diff::revision::RevisionChange;
use crate::model::{Divergence, DivergenceType, Document, Severity};

/// How many annotations of a kind the host shows for a step, by its documentation.
pub const MOST_SHOWN: usize = 10;

/// Returns a line a finding. One that only the source has is about the source.
pub fn divergences(comparison: &Comparison<'_>) -> String {
    let (source, target) = (comparison.source, comparison.target);
    let (source_places, target_places) = (Places::new(&source.text), Places::new(&target.text));
    let mut out = String::new();
    for divergence in &comparison.divergences {
        let Divergence { kind, severity, message, source_span, target_span, .. } = divergence;
        let place = match (source_span, target_span) {
            (_, Some(span)) => Some((target, target_places.ends(*span))),
            (Some(span), None) => Some((source, source_places.ends(*span))),
            (None, None) => None,
        };
        annotation(&title(*kind), *severity, message, place, &mut out);
    }
    out
}

/// Returns a line a change between two revisions. What is gone is about the older one.
pub fn revision(old: &Document, new: &Document, changes: &[RevisionChange]) -> String {
    let (old_places, new_places) = (Places::new(&old.text), Places::new(&new.text));
    let mut out = String::new();
    for change in changes.iter().filter(|change| change.is_change()) {
        let is = new.span_of(&change.new).map(|span| (new, new_places.ends(span)));
        let was = || old.span_of(&change.old).map(|span| (old, old_places.ends(span)));
        let (label, message) = (change.label(), change.message(old, new));
        annotation(&label, change.severity(), &message, is.or_else(was), &mut out);
    }
    out
}

/// Returns the title of findings of a type.
pub(super) fn title(kind: DivergenceType) -> String {
    format!("{} {}", kind.code(), kind.name())
}

/// Writes the line of a finding, with the text and the place that it is about.
pub(super) fn annotation(
    title: &str,
    severity: Severity,
    message: &str,
    place: Option<(&Document, (Place, Place))>,
    out: &mut String,
) {
    let _ = write!(out, "::{} ", word(severity));
    if let Some((document, (start, end))) = place {
        let file = property(&document.name);
        let _ = write!(out, "file={file},line={},endLine={}", start.line, end.line);
        // Columns are for one line.
        if start.line == end.line {
            let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
        }
        out.push(',');
    }
    let _ = writeln!(out, "title={}::{}", property(title), escaped(message));
}

/// Returns the host's word for a severity.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// Escapes a message.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property, in which colons and commas mean something too.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_the_host_is_escaped() {
        assert_eq!(escaped("5 %: a\r\nb, c"), "5 %25: a%0D%0Ab, c");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
