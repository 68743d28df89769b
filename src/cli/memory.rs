//! `memory`: the translation memory.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use super::Outcome;
use super::input::{self, PairOptions, Texts};
use super::output::OutputOption;
use super::talk::Talk;
use crate::formats::{csv as tables, tmx};
use crate::memory::{Counts, Memory, MemoryError, Searcher};
use crate::model::{Language, Unit};

/// Keep translations and find them again by likeness.
///
/// A memory is one file, `memory.qosha` unless --memory names another.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    Import(Import),
    Add(Add),
    Export(Export),
    Search(Search),
    Concordance(Concordance),
    Stats(Stats),
}

#[derive(Debug, clap::Args)]
struct MemoryOption {
    /// The file of the memory
    #[arg(long, value_name = "FILE", default_value = "memory.qosha")]
    memory: PathBuf,
}

/// Add units from files: TMX, CSV or TSV with a column a language, or a table that `align --format csv` wrote.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha memory import old-translations.tmx
  qosha memory import pairs.csv --source-lang en --target-lang az")]
pub(super) struct Import {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The language of a column named `source`
    #[arg(long, value_name = "TAG")]
    source_lang: Option<Language>,
    /// The language of a column named `target`
    #[arg(long, value_name = "TAG")]
    target_lang: Option<Language>,
    #[command(flatten)]
    memory: MemoryOption,
}

/// Align two versions and add the pairs.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha memory add corpora/flood/en.txt corpora/flood/az.txt --min-confidence 0.8")]
pub(super) struct Add {
    /// The source version
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// The target version
    #[arg(value_name = "TARGET")]
    target: PathBuf,
    #[command(flatten)]
    pair: PairOptions,
    /// Leave out pairs with less confidence, between 0 and 1
    #[arg(long, value_name = "P", default_value_t = 0.5)]
    min_confidence: f64,
    #[command(flatten)]
    memory: MemoryOption,
}

/// Write all units.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha memory export --format tmx -o all.tmx")]
pub(super) struct Export {
    /// What to write
    #[arg(long, value_enum, default_value_t = ExportFormat::Tmx)]
    format: ExportFormat,
    #[command(flatten)]
    memory: MemoryOption,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    Tmx,
    Csv,
    Tsv,
}

/// Find units like each line of standard input; every unit that reaches the score is considered.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  echo \"The school was closed.\" | qosha memory search --source-lang en --target-lang az")]
pub(super) struct Search {
    /// The language of the queries
    #[arg(long, value_name = "TAG", default_value = "en")]
    source_lang: Language,
    /// Find only units with a text in this language
    #[arg(long, value_name = "TAG")]
    target_lang: Option<Language>,
    /// The least score, between 0 and 100: the share of words that need not be changed
    #[arg(long, value_name = "SCORE", default_value_t = 70.0)]
    min_score: f64,
    /// The most units for a query
    #[arg(long, value_name = "N", default_value_t = 5)]
    limit: usize,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    memory: MemoryOption,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

/// Show the units that hold a phrase, case aside.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha memory concordance \"İctimai Birliyi\" --lang az")]
pub(super) struct Concordance {
    /// The phrase
    #[arg(value_name = "PHRASE")]
    phrase: String,
    /// The language of the phrase
    #[arg(long, value_name = "TAG", default_value = "en")]
    lang: Language,
    /// The most units
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    memory: MemoryOption,
    #[command(flatten)]
    output: OutputOption,
}

/// Count what is in the memory.
#[derive(Debug, clap::Args)]
pub(super) struct Stats {
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    memory: MemoryOption,
}

#[derive(Serialize)]
struct MatchRow<'a> {
    query: usize,
    id: i64,
    score: f64,
    source: &'a str,
    target: &'a str,
    target_language: Language,
    origin: &'a str,
}

/// Runs a `memory` verb.
pub(super) fn run(verb: &Verb, talk: &Talk) -> anyhow::Result<Outcome> {
    match verb {
        Verb::Import(arguments) => import(arguments, talk),
        Verb::Add(arguments) => add(arguments, talk),
        Verb::Export(arguments) => export(arguments, talk),
        Verb::Search(arguments) => search(arguments),
        Verb::Concordance(arguments) => concordance(arguments),
        Verb::Stats(arguments) => stats(arguments),
    }
}

fn told(talk: &Talk, name: &str, counts: &Counts) {
    let mut line = format!(
        "{name}: {} units read, {} added, {} merged",
        counts.read, counts.added, counts.merged
    );
    for (reason, count) in &counts.skipped {
        let _ = write!(line, ", {count} skipped ({reason})");
    }
    talk.note(&line);
}

fn import(arguments: &Import, talk: &Talk) -> anyhow::Result<Outcome> {
    // All files are read before anything is written: a broken one leaves the memory as it was.
    let mut batches: Vec<(String, Vec<Unit>)> = Vec::new();
    for file in &arguments.files {
        let name = input::name(file);
        let is_tmx = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tmx"));
        let mut units =
            if is_tmx { tmx_units(file, talk)? } else { table_units(file, arguments, talk)? };
        for unit in units.iter_mut().filter(|unit| unit.origin.is_empty()) {
            unit.origin.clone_from(&name);
        }
        batches.push((name, units));
    }
    let mut memory = Memory::open_or_create(&arguments.memory.memory)?;
    for (name, units) in batches {
        let counts = memory.add(units)?;
        told(talk, &name, &counts);
    }
    Ok(Outcome::Nothing)
}

fn tmx_units(path: &Path, talk: &Talk) -> anyhow::Result<Vec<Unit>> {
    let name = input::name(path);
    let bytes = input::bytes(path)?;
    let mut reader = tmx::Reader::new(BufReader::new(&bytes[..])).with_context(|| name.clone())?;
    let mut units = Vec::new();
    for unit in reader.by_ref() {
        units.push(unit.with_context(|| name.clone())?);
    }
    for defect in reader.defects() {
        talk.warn(&format!("{name}: {defect}"));
    }
    let counts = reader.counts();
    for (reason, count) in &counts.skipped {
        talk.warn(&format!("{name}: {count} units skipped: {reason}"));
    }
    if counts.is_cut_off {
        talk.warn(&format!(
            "{name}: the file ends before its end; {} units were read",
            counts.used
        ));
    }
    Ok(units)
}

fn table_units(path: &Path, arguments: &Import, talk: &Talk) -> anyhow::Result<Vec<Unit>> {
    let name = input::name(path);
    let text = input::text(path, None, talk)?;
    let languages = arguments.source_lang.zip(arguments.target_lang);
    let read = tables::read_units(&text, languages).with_context(|| name.clone())?;
    for defect in &read.defects {
        talk.warn(&format!("{name}: {defect}"));
    }
    Ok(read.units)
}

fn add(arguments: &Add, talk: &Talk) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        (0.0..=1.0).contains(&arguments.min_confidence),
        "--min-confidence {}: a probability lies between 0 and 1",
        arguments.min_confidence
    );
    let glossary = input::glossary(&arguments.pair.glossary, talk)?;
    let texts = Texts::new(&arguments.pair.text, glossary.as_ref(), talk)?;
    let (source, target) = texts.pair(&arguments.source, &arguments.target, &arguments.pair)?;
    let alignment = super::align::align(&source, &target, glossary.as_ref());
    let is_sure = |unit: &Unit| {
        unit.confidence.is_none_or(|confidence| confidence >= arguments.min_confidence)
    };
    let units: Vec<Unit> =
        super::align::units(&alignment, &source, &target).filter(is_sure).collect();
    let mut memory = Memory::open_or_create(&arguments.memory.memory)?;
    let counts = memory.add(units)?;
    told(talk, &format!("{} - {}", source.name, target.name), &counts);
    Ok(Outcome::Nothing)
}

fn export(arguments: &Export, talk: &Talk) -> anyhow::Result<Outcome> {
    let memory = Memory::open(&arguments.memory.memory)?;
    let units: Vec<Unit> = memory
        .units()
        .map(|stored| stored.map(|stored| stored.unit))
        .collect::<Result<_, MemoryError>>()?;
    let count = units.len();
    let mut out = Vec::new();
    match arguments.format {
        ExportFormat::Tmx => {
            let mut writer = tmx::Writer::new(&mut out, None)?;
            for unit in &units {
                writer.write(unit)?;
            }
            let written = writer.finish()?;
            if written.dropped_chars > 0 {
                talk.warn(&format!(
                    "{} control characters have no place in XML and were left out",
                    written.dropped_chars
                ));
            }
        }
        ExportFormat::Csv | ExportFormat::Tsv => {
            let languages: Vec<Language> = memory.stats()?.languages.into_keys().collect();
            let table = if arguments.format == ExportFormat::Csv {
                tables::Table::CSV
            } else {
                tables::Table::TSV
            };
            tables::write_units(&mut out, &languages, units, table)?;
        }
    }
    arguments.output.write(&String::from_utf8(out)?)?;
    talk.note(&format!("{count} units written"));
    Ok(Outcome::Nothing)
}

fn search(arguments: &Search) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        (0.0..=100.0).contains(&arguments.min_score),
        "--min-score {}: a score lies between 0 and 100",
        arguments.min_score
    );
    let memory = Memory::open(&arguments.memory.memory)?;
    let searcher = Searcher::load(&memory, arguments.source_lang)?;
    let mut out = String::new();
    for (number, query) in std::io::stdin().lock().lines().enumerate() {
        let query = query.context("standard input can't be read as UTF-8 text")?;
        if query.trim().is_empty() {
            continue;
        }
        let found =
            searcher.search(&query, arguments.target_lang, arguments.min_score, arguments.limit)?;
        if arguments.format == Format::Text {
            let _ = writeln!(out, "{query}");
        }
        for unit in &found {
            for (language, target) in &unit.targets {
                match arguments.format {
                    Format::Jsonl => {
                        let row = MatchRow {
                            query: number,
                            id: unit.id.0,
                            score: unit.score,
                            source: &unit.source,
                            target,
                            target_language: *language,
                            origin: &unit.origin,
                        };
                        out.push_str(&(serde_json::to_string(&row)? + "\n"));
                    }
                    Format::Text => {
                        let _ = writeln!(
                            out,
                            "  {:6.2}  {}\n          {language}: {target}  ({})",
                            unit.score, unit.source, unit.origin
                        );
                    }
                }
            }
        }
    }
    arguments.output.write(&out)?;
    Ok(Outcome::Nothing)
}

fn concordance(arguments: &Concordance) -> anyhow::Result<Outcome> {
    let memory = Memory::open(&arguments.memory.memory)?;
    let mut out = String::new();
    for hit in memory.concordance(&arguments.phrase, arguments.lang, arguments.limit)? {
        match arguments.format {
            Format::Jsonl => out.push_str(&(serde_json::to_string(&hit)? + "\n")),
            Format::Text => {
                let _ = writeln!(out, "{}", hit.text);
                for (language, text) in &hit.others {
                    let _ = writeln!(out, "  {language}: {text}");
                }
            }
        }
    }
    arguments.output.write(&out)?;
    Ok(Outcome::Nothing)
}

fn stats(arguments: &Stats) -> anyhow::Result<Outcome> {
    let stats = Memory::open(&arguments.memory.memory)?.stats()?;
    let mut out = String::new();
    match arguments.format {
        Format::Jsonl => out.push_str(&(serde_json::to_string(&stats)? + "\n")),
        Format::Text => {
            let _ = writeln!(out, "{} units, {} characters", stats.units, stats.characters);
            for (language, count) in &stats.languages {
                let _ = writeln!(out, "{language}: {count}");
            }
            let _ = writeln!(out, "texts with more than one translation: {}", stats.repeated);
            for (origin, count) in &stats.origins {
                let _ = writeln!(
                    out,
                    "from {}: {count}",
                    if origin.is_empty() { "unknown" } else { origin }
                );
            }
        }
    }
    OutputOption { output: None }.write(&out)?;
    Ok(Outcome::Nothing)
}
