//! `glossary`: the names of organizations and other terms.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use super::Outcome;
use super::input::{self, TextOptions, Texts};
use super::output::OutputOption;
use super::talk::Talk;
use crate::glossary::{Glossary, Mode, lint};
use crate::language;
use crate::model::{HitKind, Language, Severity};
use crate::segment::Options;

/// Keep the names of organizations and other terms.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    Find(Find),
    Lint(Lint),
    List(List),
}

/// Find the terms of a glossary in texts, under inflection.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha glossary find corpora/school/az.txt --glossary glossaries/organizations.csv")]
pub(super) struct Find {
    /// The texts; none or `-` reads standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A glossary (CSV); may be given several times, later ones come first
    #[arg(long, value_name = "FILE", required = true)]
    glossary: Vec<PathBuf>,
    /// The language as a BCP 47 tag [default: from the file name, else seen from the text]
    #[arg(long, value_name = "TAG")]
    lang: Option<Language>,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<FindFormat>,
    #[command(flatten)]
    text: TextOptions,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FindFormat {
    Text,
    Jsonl,
}

/// Report what is wrong with glossaries: clashes, gaps, mixed script.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit status: 1 when an error or a warning is found.

Example:
  qosha glossary lint glossaries/*.csv")]
pub(super) struct Lint {
    /// The glossaries (CSV)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<FindFormat>,
    /// Leave out rows that can't be read, with a warning, instead of stopping at the first
    #[arg(long)]
    lenient: bool,
    #[command(flatten)]
    output: OutputOption,
}

/// List the concepts of glossaries, a line each.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha glossary list glossaries/organizations.csv --langs en,az")]
pub(super) struct List {
    /// The glossaries (CSV)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The languages to show, in this order [default: all]
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    langs: Vec<Language>,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct HitRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    line: usize,
    start: usize,
    end: usize,
    term: &'a str,
    concept: &'a str,
    surface: &'a str,
    how: HitKind,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    nested: bool,
}

/// Runs a `glossary` verb.
pub(super) fn run(verb: &Verb, talk: &Talk) -> anyhow::Result<Outcome> {
    match verb {
        Verb::Find(arguments) => find(arguments, talk),
        Verb::Lint(arguments) => run_lint(arguments, talk),
        Verb::List(arguments) => list(arguments, talk),
    }
}

fn find(arguments: &Find, talk: &Talk) -> anyhow::Result<Outcome> {
    let inputs = arguments.files.iter().chain(&arguments.glossary).chain(arguments.text.inputs());
    arguments.output.spares(inputs)?;
    let format = arguments.output.format(arguments.format, FindFormat::Text);
    let glossary = input::glossary(&arguments.glossary, talk)?.unwrap_or_default();
    let stdin = [PathBuf::from("-")];
    let files = if arguments.files.is_empty() { &stdin[..] } else { &arguments.files };
    let mut out = String::new();
    let texts = Texts::new(&arguments.text, Some(&glossary), talk)?;
    for file in files {
        let document = texts.document(file, arguments.lang, &Options::default())?;
        let matcher = glossary.matcher(document.language);
        // Hits come in order, so lines are counted along the way.
        let (mut line, mut line_start, mut at) = (1, 0, 0);
        for hit in matcher.find(&document.text) {
            for (place, _) in document.text[at..hit.span.start].match_indices('\n') {
                line += 1;
                line_start = at + place + 1;
            }
            at = hit.span.start;
            let start = document.text[line_start..hit.span.start].chars().count();
            let surface = hit.span.of(&document.text);
            let concept = &glossary.concepts[hit.concept];
            let row = HitRow {
                file: (files.len() > 1).then(|| document.name.clone()),
                line,
                start,
                end: start + surface.chars().count(),
                term: &concept.terms[hit.term].text,
                concept: &concept.id,
                surface,
                how: hit.how,
                nested: hit.is_nested,
            };
            match format {
                FindFormat::Jsonl => out.push_str(&(serde_json::to_string(&row)? + "\n")),
                FindFormat::Text => {
                    let surface = surface.split_whitespace().collect::<Vec<_>>().join(" ");
                    let how = serde_json::to_string(&row.how)?;
                    let nested = if row.nested { ", inside a longer one" } else { "" };
                    let _ = writeln!(
                        out,
                        "{}:{line}:{}\t{surface}\t{} ({}{nested}) {}",
                        document.name,
                        start + 1,
                        row.term,
                        how.trim_matches('"'),
                        row.concept
                    );
                }
            }
        }
    }
    arguments.output.write(&out)?;
    Ok(Outcome::Nothing)
}

fn run_lint(arguments: &Lint, talk: &Talk) -> anyhow::Result<Outcome> {
    let mut out = String::new();
    let mut is_found = false;
    arguments.output.spares(&arguments.files)?;
    let format = arguments.output.format(arguments.format, FindFormat::Text);
    for file in &arguments.files {
        let text = input::text(file, None, talk)?;
        let name = input::name(file);
        let mode = if arguments.lenient { Mode::Lenient } else { Mode::Strict };
        let (glossary, notes) = Glossary::read_csv(&name, &text, mode)?;
        for note in notes {
            talk.warn(&note.to_string());
            is_found = true;
        }
        for finding in lint(&glossary) {
            is_found |= finding.severity >= Severity::Warning;
            match format {
                FindFormat::Text => {
                    let _ = writeln!(
                        out,
                        "{name}:{}: {}: {} [{}]",
                        finding.line,
                        finding.severity.name(),
                        finding.message,
                        finding.code
                    );
                }
                FindFormat::Jsonl => {
                    let mut row = serde_json::to_value(&finding)?;
                    row["file"] = name.clone().into();
                    out.push_str(&(row.to_string() + "\n"));
                }
            }
        }
    }
    arguments.output.write(&out)?;
    Ok(if is_found { Outcome::Found } else { Outcome::Nothing })
}

fn list(arguments: &List, talk: &Talk) -> anyhow::Result<Outcome> {
    arguments.output.spares(&arguments.files)?;
    let glossary = input::glossary(&arguments.files, talk)
        .context("the glossary can't be listed")?
        .unwrap_or_default();
    let mut languages = arguments.langs.clone();
    if languages.is_empty() {
        languages = glossary
            .concepts
            .iter()
            .flat_map(|c| c.terms.iter().map(|term| term.language))
            .collect();
        languages.sort_unstable();
        languages.dedup();
        languages.sort_by_key(|language| !language::known().contains(language));
    }
    let mut out = String::new();
    for (place, concept) in glossary.concepts.iter().enumerate() {
        let columns: Vec<String> = languages
            .iter()
            .map(|language| {
                let terms: Vec<&str> =
                    glossary.terms(place, *language).map(|term| term.text.as_str()).collect();
                format!(
                    "{language}: {}",
                    if terms.is_empty() { "-".to_owned() } else { terms.join(" | ") }
                )
            })
            .collect();
        let _ = writeln!(out, "{}\t{}", concept.id, columns.join("\t"));
    }
    arguments.output.write(&out)?;
    Ok(Outcome::Nothing)
}
