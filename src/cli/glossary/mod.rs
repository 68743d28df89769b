//! `glossary`: the names of organizations and other terms. What reads one is here, what changes one in [`edit`], what takes
//! one from another program or gives it to one in [`import`] and [`export`].

mod check;
mod edit;
mod export;
mod extract;
mod import;
mod signatories;
mod versions;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use super::Outcome;
use super::input::{self, Given, GlossaryOptions, LenientOption, TextOptions, Texts};
use super::output::OutputOption;
use super::talk::Talk;
use crate::glossary::{Glossary, Mode, lint_csv, unused};
use crate::language;
use crate::model::{HitKind, Language, Severity};
use crate::report::terminal::visible;

/// Keep the names of organizations and other terms.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    Add(edit::Add),
    Check(check::Check),
    Edit(edit::Edit),
    Extract(extract::Extract),
    Export(export::Export),
    Find(Find),
    Import(import::Import),
    Lint(Lint),
    List(List),
    Merge(edit::Merge),
    Remove(edit::Remove),
    Signatories(signatories::Signatories),
    Stats(check::Count),
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
    #[command(flatten)]
    glossary: GlossaryOptions,
    /// The language as a BCP 47 tag [default: from the file name, else seen from the text]
    #[arg(long, value_name = "TAG")]
    lang: Option<Language>,
    /// Also find misspelt terms: one letter too many, missing, wrong or swapped in a word of five letters, two in a word of nine
    #[arg(long)]
    near: bool,
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

/// Report what is wrong with glossaries: broken rows, clashes, gaps, mixed script.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit status: 1 when an error or a warning is found.

Examples:
  qosha glossary lint glossaries/*.csv
  qosha glossary lint names.csv --fix
  qosha glossary lint names.csv --text appeal.en.txt appeal.az.txt")]
pub(super) struct Lint {
    /// The glossaries (CSV) [default: those of `qosha.toml`]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Put right what is safe: blanks around cells, rows that stand twice, a last line without end
    #[arg(long)]
    fix: bool,
    /// Also name the concepts that stand in none of these texts; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    text: Vec<PathBuf>,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<FindFormat>,
    #[command(flatten)]
    output: OutputOption,
}

/// List the concepts of glossaries, a line each.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha glossary list glossaries/organizations.csv --langs en,az")]
pub(super) struct List {
    /// The glossaries (CSV) [default: those of `qosha.toml`]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The languages to show, in this order [default: all]
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    langs: Vec<Language>,
    #[command(flatten)]
    lenient: LenientOption,
    /// What to write; csv is the wide form [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<ListFormat>,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Text,
    Csv,
    Jsonl,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<u8>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    nested: bool,
}

/// Runs a `glossary` verb.
pub(super) fn run(verb: &Verb, talk: &Talk) -> anyhow::Result<Outcome> {
    match verb {
        Verb::Add(arguments) => edit::add(arguments, talk),
        Verb::Check(arguments) => check::check(arguments, talk),
        Verb::Edit(arguments) => edit::edit(arguments, talk),
        Verb::Extract(arguments) => extract::run(arguments, talk),
        Verb::Export(arguments) => export::run(arguments, talk),
        Verb::Find(arguments) => find(arguments, talk),
        Verb::Import(arguments) => import::run(arguments, talk),
        Verb::Lint(arguments) => run_lint(arguments, talk),
        Verb::List(arguments) => list(arguments, talk),
        Verb::Merge(arguments) => edit::merge(arguments, talk),
        Verb::Remove(arguments) => edit::remove(arguments, talk),
        Verb::Signatories(arguments) => signatories::run(arguments, talk),
        Verb::Stats(arguments) => check::stats(arguments, talk),
    }
}

fn find(arguments: &Find, talk: &Talk) -> anyhow::Result<Outcome> {
    let inputs =
        arguments.files.iter().chain(arguments.glossary.inputs()).chain(arguments.text.inputs());
    arguments.output.spares(inputs)?;
    let format = arguments.output.format(arguments.format, FindFormat::Text)?;
    let Some(glossary) = arguments.glossary.read(talk)? else {
        anyhow::bail!("there is no glossary to look by; name one: --glossary FILE");
    };
    let stdin = [PathBuf::from("-")];
    let files = if arguments.files.is_empty() { &stdin[..] } else { &arguments.files };
    let mut out = String::new();
    // Segments are not asked for, so no names are kept whole either.
    let texts = Texts::new(&arguments.text, None, talk)?;
    for file in files {
        let document = texts.read(file, Given(arguments.lang, "--lang"))?;
        let matcher = glossary.matcher(document.language);
        // Hits come in order, so lines are counted along the way.
        let (mut line, mut line_start, mut at) = (1, 0, 0);
        let hits = match arguments.near {
            true => matcher.find_near(&document.text),
            false => matcher.find(&document.text),
        };
        for hit in hits {
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
                distance: Some(hit.edits).filter(|edits| *edits > 0),
                nested: hit.is_nested,
            };
            match format {
                FindFormat::Jsonl => out.push_str(&(serde_json::to_string(&row)? + "\n")),
                FindFormat::Text => {
                    let surface = surface.split_whitespace().collect::<Vec<_>>().join(" ");
                    let how = serde_json::to_string(&row.how)?;
                    let distance =
                        row.distance.map_or(String::new(), |edits| format!(" by {edits}"));
                    let nested = if row.nested { ", inside a longer one" } else { "" };
                    let _ = writeln!(
                        out,
                        "{}:{line}:{}\t{surface}\t{} ({}{distance}{nested}) {}",
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
    let files = input::glossaries(&arguments.files, talk)?;
    arguments.output.spares(files.iter().chain(&arguments.text))?;
    let format = arguments.output.format(arguments.format, FindFormat::Text)?;
    let mut outcome = Outcome::Nothing;
    let mut texts = Vec::new();
    for file in &arguments.text {
        let (language, text) = input::language_and_text(file, talk)?;
        texts.push((language, text));
    }
    let texts: Vec<(Language, &str)> =
        texts.iter().map(|(language, text)| (*language, text.as_str())).collect();
    for file in &files {
        let name = input::name(file);
        let read =
            if arguments.fix { edit::fix(file, talk) } else { input::text(file, None, talk) };
        let text = match read {
            Ok(text) => text,
            Err(error) => {
                talk.error(&error);
                outcome = Outcome::Trouble;
                continue;
            }
        };
        let mut findings = lint_csv(&name, &text);
        if !texts.is_empty()
            && let Ok((glossary, _)) = Glossary::read_csv(&name, &text, Mode::Lenient)
        {
            findings.extend(unused(&glossary, &texts));
            findings.sort_by_key(|finding| finding.line);
        }
        for finding in findings {
            if finding.severity >= Severity::Warning && outcome == Outcome::Nothing {
                outcome = Outcome::Found;
            }
            match format {
                FindFormat::Text => {
                    let _ = writeln!(
                        out,
                        "{name}:{}: {}: {} [{}]",
                        finding.line,
                        finding.severity.name(),
                        visible(&finding.message),
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
    Ok(outcome)
}

fn list(arguments: &List, talk: &Talk) -> anyhow::Result<Outcome> {
    let files = input::glossaries(&arguments.files, talk)?;
    arguments.output.spares(&files)?;
    let glossary = input::glossary(&files, arguments.lenient, talk)
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
    let rows = glossary.concepts.iter().map(|concept| {
        let terms = |language: &Language| -> Vec<&str> {
            // A variant such as en-GB stands with its language where it has no column of its own.
            let belongs = |tag: Language| {
                tag == *language
                    || (tag.is_same_language(*language)
                        && tag.script() == language.script()
                        && !languages.contains(&tag))
            };
            let own = concept.terms.iter().filter(|term| belongs(term.language));
            own.map(|term| term.text.as_str()).collect()
        };
        let terms: Vec<(Language, Vec<&str>)> =
            languages.iter().map(|language| (*language, terms(language))).collect();
        (concept.id.as_str(), terms)
    });
    let out = match arguments.output.format(arguments.format, ListFormat::Text)? {
        ListFormat::Text => listed(rows),
        ListFormat::Csv => wide(&languages, rows)?,
        ListFormat::Jsonl => records(rows)?,
    };
    arguments.output.write(&out)?;
    Ok(Outcome::Nothing)
}

/// A concept's id, and its terms in each of the languages.
type Row<'a> = (&'a str, Vec<(Language, Vec<&'a str>)>);

fn listed<'a>(rows: impl Iterator<Item = Row<'a>>) -> String {
    let mut out = String::new();
    for (id, languages) in rows {
        out.push_str(&visible(id));
        for (language, terms) in languages {
            let terms = if terms.is_empty() { "-".to_owned() } else { terms.join(" | ") };
            let terms = visible(&terms);
            let _ = write!(out, "\t{language}: {terms}");
        }
        out.push('\n');
    }
    out
}

fn wide<'a>(languages: &[Language], rows: impl Iterator<Item = Row<'a>>) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(
        std::iter::once("concept".to_owned()).chain(languages.iter().map(ToString::to_string)),
    )?;
    for (id, languages) in rows {
        let terms = languages.iter().map(|(_, terms)| terms.join("|"));
        writer.write_record(std::iter::once(id.to_owned()).chain(terms))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn records<'a>(rows: impl Iterator<Item = Row<'a>>) -> anyhow::Result<String> {
    let mut out = String::new();
    for (id, languages) in rows {
        let terms: serde_json::Map<String, serde_json::Value> =
            languages.into_iter().map(|(tag, terms)| (tag.to_string(), terms.into())).collect();
        let row = serde_json::json!({ "concept": id, "terms": terms });
        out.push_str(&(row.to_string() + "\n"));
    }
    Ok(out)
}
