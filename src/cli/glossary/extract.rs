//! `glossary extract`: candidates for a glossary from aligned versions.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::ValueEnum;
use serde::Serialize;

use super::versions::Versions;
use crate::cli::Outcome;
use crate::cli::output::OutputOption;
use crate::cli::talk::Talk;
use crate::glossary::{Candidate, Support, extract};
use crate::model::{Aligned, Document, SegmentId, TermType};
use crate::report::terminal::visible;
use crate::text::counted;

/// Propose terms that two versions have in common: organizations, people, acronyms.
///
/// Signatories are paired by who signed, number and kind of organization, however a list is sorted; organizations and people of
/// the text by what stands in the same pair of segments; acronyms by how often they stand together. What the glossaries have
/// already is left out. `--format csv` is a glossary: take out what is wrong, and `glossary import` the rest.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha glossary extract corpora/flood/en.txt corpora/flood/az.txt
  qosha glossary extract en.txt az.txt --glossary names.csv -o candidates.csv
  qosha glossary extract --batch pairs.tsv --min-count 2 --format jsonl")]
pub(in crate::cli) struct Extract {
    #[command(flatten)]
    versions: Versions,
    /// Also propose other names that sound alike in both versions, places for the most part
    #[arg(long)]
    names: bool,
    /// Leave out what fewer pairs of segments have
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_count: usize,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Jsonl,
}

#[derive(Serialize)]
struct Record<'a> {
    concept: &'a str,
    r#type: TermType,
    source: &'a str,
    target: &'a str,
    source_written: &'a str,
    target_written: &'a str,
    count: usize,
    support: &'a [Support],
    contexts: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    source: String,
    source_line: usize,
    source_text: String,
    target: String,
    target_line: usize,
    target_text: String,
}

pub(super) fn run(arguments: &Extract, talk: &Talk) -> anyhow::Result<Outcome> {
    arguments.output.spares(arguments.versions.inputs())?;
    let glossary = arguments.versions.pair.glossary.read(talk)?;
    let read = arguments.versions.read(glossary.as_ref(), talk)?;
    let pairs = read.pairs();
    let languages: BTreeSet<_> =
        pairs.iter().map(|pair| (pair.source.language, pair.target.language)).collect();
    anyhow::ensure!(
        languages.len() < 2,
        "the pairs are in several languages ({}): extract from each pair of languages by itself",
        languages.iter().map(|(from, to)| format!("{from}-{to}")).collect::<Vec<_>>().join(", ")
    );
    let mut found = extract(&pairs, glossary.as_ref(), arguments.names);
    found.retain(|candidate| candidate.count >= arguments.min_count);
    let result = match arguments.output.format(arguments.format, Format::Text)? {
        Format::Text => listed(&found, &pairs),
        Format::Csv => glossary_rows(&found, &pairs)?,
        Format::Jsonl => records(&found, &pairs)?,
    };
    arguments.output.write(&result)?;
    let of = |kind| found.iter().filter(|one| one.kind == kind).count();
    talk.note(&format!(
        "{}: {}, {}, {}",
        counted(found.len(), "candidate"),
        counted(of(TermType::Organization), "organization"),
        counted(of(TermType::Person), "name")
            .replace("name", "person")
            .replace("persons", "people"),
        counted(of(TermType::Acronym), "acronym")
    ));
    Ok(if read.has_failed { Outcome::Trouble } else { Outcome::Nothing })
}

fn place(document: &Document, id: SegmentId) -> (usize, String) {
    let segment = &document.segments[id.place()];
    let line = document.text[..segment.span.start].matches('\n').count() + 1;
    (line, document.joined(&[id]).split_whitespace().collect::<Vec<_>>().join(" "))
}

fn records(found: &[Candidate], pairs: &[Aligned<'_>]) -> anyhow::Result<String> {
    let mut out = String::new();
    for candidate in found {
        let contexts = candidate.contexts.iter().map(|context| {
            let pair = &pairs[context.pair];
            let (source_line, source_text) = place(pair.source, context.source);
            let (target_line, target_text) = place(pair.target, context.target);
            Place {
                source: pair.source.name.clone(),
                source_line,
                source_text,
                target: pair.target.name.clone(),
                target_line,
                target_text,
            }
        });
        let record = Record {
            concept: &candidate.concept,
            r#type: candidate.kind,
            source: &candidate.source.term,
            target: &candidate.target.term,
            source_written: &candidate.source.written,
            target_written: &candidate.target.written,
            count: candidate.count,
            support: &candidate.support,
            contexts: contexts.collect(),
        };
        out.push_str(&(serde_json::to_string(&record)? + "\n"));
    }
    Ok(out)
}

/// Returns the candidates as a glossary, a row a term.
fn glossary_rows(found: &[Candidate], pairs: &[Aligned<'_>]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["concept", "language", "term", "type", "case", "note", "source"])?;
    for candidate in found {
        let kind = word(&candidate.kind)?;
        let note = format!("found {} times", candidate.count);
        let note = if candidate.count == 1 { "found once".to_owned() } else { note };
        let pair = candidate.contexts.first().map_or(&pairs[0], |context| &pairs[context.pair]);
        let sides = [(pair.source, &candidate.source), (pair.target, &candidate.target)];
        for (document, name) in sides {
            let language = document.language.to_string();
            let row =
                [&candidate.concept, &language, &name.term, &kind, "exact", &note, &document.name];
            writer.write_record(row)?;
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// Returns the word that a value is written as.
fn word(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string(value)?.trim_matches('"').to_owned())
}

fn listed(found: &[Candidate], pairs: &[Aligned<'_>]) -> String {
    let mut out = String::new();
    for candidate in found {
        let support: Vec<String> =
            candidate.support.iter().filter_map(|one| word(one).ok()).collect();
        let _ = writeln!(
            out,
            "{}\t{} = {}\t({} x: {})",
            word(&candidate.kind).unwrap_or_default(),
            visible(&candidate.source.term),
            visible(&candidate.target.term),
            candidate.count,
            support.join(", ")
        );
        let several = pairs.len() > 1;
        for context in &candidate.contexts {
            let pair = &pairs[context.pair];
            let ((line, _), (other, _)) =
                (place(pair.source, context.source), place(pair.target, context.target));
            if several {
                let (source, target) = (visible(&pair.source.name), visible(&pair.target.name));
                let _ = writeln!(out, "\t{source}:{line} {target}:{other}");
            }
        }
    }
    out
}
