//! Findings as SARIF 2.1.0, which code hosts and editors show beside the lines they are about.
//!
//! One run holds the findings of all pairs. A finding stands in the target, with the source as a related location; what only the
//! source has stands in the source. Findings that are passed over are there too, each with its reason, as the
//! standard has it: a viewer shows or hides them. The rules are the types of [`explain`], all of them, so that the number of a
//! rule never changes; between revisions they are the kinds of changes. Standard: OASIS, Static Analysis Results Interchange Format 2.1.0 (2020).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::Comparison;
use super::places::Places;
use crate::diff::revision::{RevisionChange, RevisionKind};
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
pub(super) struct Rule {
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
    text: Cow<'a, str>,
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
    #[serde(skip_serializing_if = "str::is_empty")]
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
    log(Rule::types(), comparisons.iter().flat_map(findings).collect())
}

/// Returns what changed between two revisions as a log with one run, whose rules are the kinds of changes.
pub fn revision(old: &Document, new: &Document, changes: &[RevisionChange]) -> String {
    let (old_places, new_places) = (Places::new(&old.text), Places::new(&new.text));
    let result = |change: &RevisionChange| {
        let was = old.span_of(&change.old).map(|span| location(old, &old_places, span));
        let is = new.span_of(&change.new).map(|span| location(new, &new_places, span));
        let (locations, related_locations) = both(was, is, "the older revision");
        let kinds = RevisionKind::CHANGES.into_iter();
        let place = kinds.take_while(|kind| *kind != change.kind).count();
        Finding::new(
            ((change.kind.name(), place), change.severity()),
            change.message(old, new),
            locations,
            related_locations,
            change.fingerprint(old, new),
            None,
            Properties::default(),
        )
    };
    let rules = RevisionKind::CHANGES.into_iter().map(Rule::of_change).collect();
    log(rules, changes.iter().filter(|change| change.is_change()).map(result).collect())
}

/// Returns a log with one run.
pub(super) fn log(rules: Vec<Rule>, results: Vec<Finding<'_>>) -> String {
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "qosha",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules,
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    // Strings, numbers and lists alone, which always serialise.
    serde_json::to_string_pretty(&log).map_or_else(|_| String::new(), |json| json + "\n")
}

impl Rule {
    /// Returns the rules of all types of findings.
    pub(super) fn types() -> Vec<Self> {
        DivergenceType::ALL.into_iter().map(Self::of_type).collect()
    }

    /// Returns the name and the place among [`Self::types`] of the rule of a type.
    pub(super) fn place_of(kind: DivergenceType) -> (&'static str, usize) {
        (kind.code(), kind as usize)
    }

    fn of_type(kind: DivergenceType) -> Self {
        let Explanation { title, meaning, why, agrees, severity, .. } = explain(kind);
        Self {
            id: kind.code(),
            name: kind.name(),
            short_description: text(title),
            full_description: text(meaning),
            help: text(format!(
                "{meaning} {why} Not reported: {agrees} `qosha explain {}` has an example.",
                kind.code()
            )),
            default_configuration: Configuration { level: level(severity) },
        }
    }

    fn of_change(kind: RevisionKind) -> Self {
        let meaning = kind.meaning();
        Self {
            id: kind.name(),
            name: kind.name(),
            short_description: text(kind.name()),
            full_description: text(meaning),
            help: text(format!(
                "{meaning} It is an error where a number, a date, a name or another fact differs."
            )),
            default_configuration: Configuration { level: level(kind.severity()) },
        }
    }
}

fn text<'a>(text: impl Into<Cow<'a, str>>) -> Message<'a> {
    Message { text: text.into() }
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
        let (locations, related_locations) = both(ours, theirs, "the source");
        Finding::new(
            (Rule::place_of(divergence.kind), divergence.severity),
            divergence.message.as_str(),
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

/// Returns the places of a finding, and those related to it: the earlier side by its name, where the later one has a place.
fn both(
    earlier: Option<Location>,
    later: Option<Location>,
    name: &'static str,
) -> (Vec<Location>, Vec<Location>) {
    match (earlier, later) {
        (Some(earlier), Some(later)) => (vec![later], vec![related(earlier, 1, name)]),
        (earlier, later) => (later.or(earlier).into_iter().collect(), Vec::new()),
    }
}

impl<'a> Finding<'a> {
    /// Makes a finding of a rule, which is named with its place; with a reason it is one that is passed over.
    pub(super) fn new(
        ((rule_id, rule_index), severity): ((&'static str, usize), Severity),
        message: impl Into<Cow<'a, str>>,
        locations: Vec<Location>,
        related_locations: Vec<Location>,
        fingerprint: String,
        reason: Option<&'a str>,
        properties: Properties<'a>,
    ) -> Self {
        let justification = |justification| Suppression { kind: "external", justification };
        Self {
            rule_id,
            rule_index,
            level: level(severity),
            message: text(message),
            locations,
            related_locations,
            partial_fingerprints: [(FINGERPRINT, fingerprint)].into(),
            suppressions: reason.into_iter().map(justification).collect(),
            properties,
        }
    }
}

/// Returns a place that is related to a finding, numbered from 1, with what it is.
pub(super) fn related(place: Location, id: usize, name: impl Into<Cow<'static, str>>) -> Location {
    Location { id: Some(id), message: Some(text(name)), ..place }
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
    use crate::diff::revision::revisions;
    use crate::model::Language;
    use crate::segment;

    #[test]
    fn rules_are_numbered_as_the_types_are() {
        for (place, kind) in DivergenceType::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
    }

    #[test]
    fn a_change_points_at_its_kind_and_at_both_revisions() {
        let document = |name: &str, text: &str| {
            let text = text.to_owned();
            segment::document(name, text, Language::EN, &segment::Options::default())
        };
        let old = document("old.txt", "It takes 47 days. Goodbye.");
        let new = document("new.txt", "It takes 37 days.");
        let log = revision(&old, &new, &revisions(&old, &new));
        let log: serde_json::Value = serde_json::from_str(&log).unwrap();
        let run = &log["runs"][0];
        let told: Vec<_> = run["results"].as_array().unwrap().iter().collect();
        let said = |found: &serde_json::Value| -> Vec<String> {
            let place = found["ruleIndex"].as_u64().unwrap();
            let rule = &run["tool"]["driver"]["rules"][usize::try_from(place).unwrap()];
            assert_eq!(rule["id"], found["ruleId"]);
            let place = |key| found[key][0]["physicalLocation"]["artifactLocation"]["uri"].clone();
            let (file, other) = (place("locations"), place("relatedLocations"));
            let all = [found["level"].clone(), found["message"]["text"].clone(), file, other];
            all.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        assert_eq!(said(told[0]), ["error", "edited: 47 became 37", "new.txt", "old.txt"]);
        assert_eq!(said(told[1]), ["warning", "removed", "old.txt"]);
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn file_names_become_addresses() {
        assert_eq!(uri("corpora/school/az.txt"), "corpora/school/az.txt");
        assert_eq!(uri("məktub 1%.txt"), "m%C9%99ktub%201%25.txt");
        assert_eq!(uri("/a/b:c"), "file:///a/b%3Ac");
    }
}
