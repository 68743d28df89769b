//! Findings as SARIF 2.1.0, which code hosts and editors show beside the lines they are about.
//!
//! One run holds the findings of all pairs. A finding stands in the target, with the source as a related location; what only the
//! source has stands in the source. Findings that are passed over are there too, each with its reason, as the
//! standard has it: a viewer shows or hides them. The rules are the types of [`explain`], all of them, so that the number of a
//! rule never changes. Standard: OASIS, Static Analysis Results Interchange Format 2.1.0 (2020).

use std::collections::BTreeMap;

use serde::Serialize;

use super::Comparison;
use super::places::Places;
use crate::diff::rules::Suppressed;
use crate::diff::{Explanation, explain, fingerprint};
use crate::model::{Divergence, DivergenceType, Document, Severity, Span};

/// Where the schema of the standard is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/// The name of our fingerprints, with the version of what they are made of.
const FINGERPRINT: &str = "qoshaFingerprint/v1";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: &'static str,
    short_description: Message<'static>,
    full_description: Message<'static>,
    help: Message<'static>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message<'a> {
    text: std::borrow::Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message<'a>,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression<'a>>,
    properties: Properties<'a>,
}

/// What the standard has no key for, as in `docs/formats.md`.
#[derive(Serialize, Default)]
pub(super) struct Properties<'a> {
    pub(super) subtype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) found: Option<&'a str>,
    /// The odd one of several versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) odd: Option<String>,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'static>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
}

/// Returns the findings of comparisons as a log with one run.
pub fn divergences(comparisons: &[Comparison<'_>]) -> String {
    log(comparisons.iter().flat_map(findings).collect())
}

/// Returns a log with one run.
pub(super) fn log(results: Vec<Finding<'_>>) -> String {
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "qosha",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: DivergenceType::ALL.into_iter().map(rule).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    // Strings, numbers and lists alone, which always serialise.
    serde_json::to_string_pretty(&log).map_or_else(|_| String::new(), |json| json + "\n")
}

fn rule(kind: DivergenceType) -> Rule {
    let Explanation { title, meaning, why, agrees, severity, .. } = explain(kind);
    let text = |text: &'static str| Message { text: text.into() };
    Rule {
        id: kind.code(),
        name: kind.name(),
        short_description: text(title),
        full_description: text(meaning),
        help: Message {
            text: format!(
                "{meaning} {why} Not reported: {agrees} `qosha explain {}` has an example.",
                kind.code()
            )
            .into(),
        },
        default_configuration: Configuration { level: level(severity) },
    }
}

/// Returns the standard's word for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn findings<'a>(comparison: &'a Comparison<'a>) -> Vec<Finding<'a>> {
    let (source, target) = (comparison.source, comparison.target);
    let (source_places, target_places) = (Places::new(&source.text), Places::new(&target.text));
    let finding = |divergence: &'a Divergence, reason: Option<&'a str>| {
        let ours = divergence.source_span.map(|span| location(source, &source_places, span));
        let theirs = divergence.target_span.map(|span| location(target, &target_places, span));
        let (locations, related_locations) = match (ours, theirs) {
            (Some(ours), Some(theirs)) => (vec![theirs], vec![related(ours, 1, "the source")]),
            (ours, theirs) => (theirs.or(ours).into_iter().collect(), Vec::new()),
        };
        Finding::new(
            (divergence.kind, divergence.severity),
            &divergence.message,
            locations,
            related_locations,
            fingerprint(divergence, source, target),
            reason,
            Properties {
                subtype: divergence.subtype,
                expected: divergence.expected.as_deref(),
                found: divergence.found.as_deref(),
                odd: None,
            },
        )
    };
    let told = comparison.divergences.iter().map(|divergence| finding(divergence, None));
    let passed_over = comparison.suppressed.iter();
    let passed_over = passed_over
        .map(|Suppressed { divergence, reason }| finding(divergence, Some(reason.as_str())));
    told.chain(passed_over).collect()
}

impl<'a> Finding<'a> {
    /// Makes a finding; with a reason it is one that is passed over.
    pub(super) fn new(
        (kind, severity): (DivergenceType, Severity),
        message: &'a str,
        locations: Vec<Location>,
        related_locations: Vec<Location>,
        fingerprint: String,
        reason: Option<&'a str>,
        properties: Properties<'a>,
    ) -> Self {
        let justification = |justification| Suppression { kind: "external", justification };
        Self {
            rule_id: kind.code(),
            rule_index: kind as usize,
            level: level(severity),
            message: Message { text: message.into() },
            locations,
            related_locations,
            partial_fingerprints: [(FINGERPRINT, fingerprint)].into(),
            suppressions: reason.into_iter().map(justification).collect(),
            properties,
        }
    }
}

/// Returns a place that is related to a finding, numbered from 1, with what it is.
pub(super) fn related(
    place: Location,
    id: usize,
    name: impl Into<std::borrow::Cow<'static, str>>,
) -> Location {
    Location { id: Some(id), message: Some(Message { text: name.into() }), ..place }
}

pub(super) fn location(document: &Document, places: &Places<'_>, span: Span) -> Location {
    let (start, end) = places.ends(span);
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(&document.name) },
            region: Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
                byte_offset: span.start,
                byte_length: span.len(),
            },
        },
        message: None,
    }
}

/// Returns the address of a file by RFC 3986: relative as it was named, with what an address can't have percent-encoded.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    let path = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_numbered_as_the_types_are() {
        for (place, kind) in DivergenceType::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
    }

    #[test]
    fn file_names_become_addresses() {
        assert_eq!(uri("corpora/school/az.txt"), "corpora/school/az.txt");
        assert_eq!(uri("məktub 1%.txt"), "m%C9%99ktub%201%25.txt");
        assert_eq!(uri("/a/b:c"), "file:///a/b%3Ac");
    }
}
