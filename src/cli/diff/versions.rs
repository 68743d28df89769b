//! `diff` with more than two versions: which of them is the odd one.

use super::{Arguments, Format, style};
use crate::align::{self, Dictionaries, MAX_VERSIONS, Options, Progress, Version};
use crate::cli::Outcome;
use crate::cli::rules::{self, RunRules};
use crate::cli::talk::Talk;
use crate::diff::versions::{RuledDisagreements, diff_versions};
use crate::glossary::Glossary;
use crate::model::{Document, TermHit};
use crate::report;

/// Compares all versions.
pub(super) fn run(
    arguments: &Arguments,
    format: Format,
    documents: &[Document],
    glossary: Option<&Glossary>,
    talk: &Talk,
) -> anyhow::Result<Outcome> {
    check_languages(documents)?;
    let terms = |document: &Document| -> Vec<TermHit> {
        glossary.map_or_else(Vec::new, |g| g.matcher(document.language).find(&document.text))
    };
    let found: Vec<Vec<TermHit>> = documents.iter().map(terms).collect();
    let versions: Vec<Version<'_>> =
        documents.iter().zip(&found).map(|(document, terms)| Version { document, terms }).collect();
    let tell = crate::cli::align::tell_work(&documents.iter().collect::<Vec<_>>(), talk);
    let options = Options { progress: Progress::to(&tell), ..Options::default() };
    let table = align::align_versions(&versions, &Dictionaries::new(), &options);
    talk.done();
    let has_text = |place: &usize| !documents[*place].segments.is_empty();
    let first = (0..documents.len()).find(has_text).unwrap_or(0);
    for place in (first + 1..documents.len()).filter(has_text) {
        if let Some(alignment) = table.pair(first, place) {
            let (source, target) = (&documents[first], &documents[place]);
            crate::cli::align::warn_if_unrelated(source, target, &alignment, talk);
        }
    }
    let mut ruled = RuledDisagreements::default();
    if documents.iter().filter(|document| !document.segments.is_empty()).count() > 1 {
        let found = diff_versions(documents, &table, glossary);
        let project = arguments.pair.glossary.project(talk)?;
        let mut rules = RunRules::new(&arguments.rules, project, talk);
        ruled = rules.apply_to_versions(found, documents);
        rules.tell_unused(talk, rules::is_of_diff);
    }
    let is_failing =
        ruled.found.iter().any(|found| arguments.fail_on.is_reached_by(found.severity));
    let milder = arguments.min_severity.part(&mut ruled.found, |found| found.severity);
    let report = arguments.rules.disagreements(documents, &table, ruled);
    let report = report::versions::Disagreements { milder, ..report };
    let result = match format {
        Format::Text => report::versions::terminal(&report, style(arguments, talk)),
        Format::Jsonl => report::versions::jsonl(&report),
        Format::Csv => report::versions::csv(&report)?,
        Format::Html => report::versions::html(&report),
        Format::Sarif => report::versions::sarif(&report),
        Format::Github => {
            rules::tell_of_annotations([report.by_severity()], talk);
            report::versions::github(&report)
        }
    };
    arguments.output.write(&result)?;
    Ok(if is_failing { Outcome::Found } else { Outcome::Nothing })
}

/// Fails where there are too many versions to compare.
pub(super) fn check_count(count: usize) -> anyhow::Result<()> {
    anyhow::ensure!(
        count <= MAX_VERSIONS,
        "{count} versions are named, and up to {MAX_VERSIONS} are compared at once; compare the others with SOURCE in a \
         second run"
    );
    Ok(())
}

/// Fails where two versions are in one language. An empty one is in any language.
fn check_languages(documents: &[Document]) -> anyhow::Result<()> {
    for (place, document) in documents.iter().enumerate() {
        let is_same = |other: &&Document| {
            let is_empty = other.segments.is_empty() || document.segments.is_empty();
            other.language == document.language && !is_empty
        };
        if let Some(other) = documents[..place].iter().find(is_same) {
            anyhow::bail!(
                "{} and {} are both in {}: of several versions each is in another language; compare two revisions with \
                 qosha diff {0} {1}, or say --langs where a language was seen wrong",
                other.name,
                document.name,
                document.language
            );
        }
    }
    Ok(())
}
