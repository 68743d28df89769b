//! `memory`: the translation memory.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use super::Outcome;
use super::input::{self, PairOptions, Texts};
use super::output::OutputOption;
use super::talk::Talk;
use super::units;
use crate::formats::{ReadUnits, csv as tables, tmx};
use crate::memory::{Counts, Match, Memory, MemoryError, Searcher, Stored};
use crate::model::{Language, Unit};
use crate::report::terminal::visible;
use crate::text::counted;

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

/// The file of a memory where none is named.
pub(super) const FILE: &str = "memory.qosha";

#[derive(Debug, clap::Args)]
struct MemoryOption {
    /// The file of the memory
    #[arg(long, value_name = "FILE", default_value = FILE)]
    memory: PathBuf,
}

/// Add units from files: TMX, XLIFF, CSV or TSV with a column a language, or what `align` wrote as csv, tsv or jsonl.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha memory import old-translations.tmx
  qosha memory import letter.docx.sdlxliff
  qosha memory import pairs.csv --source-lang en --target-lang az")]
pub(super) struct Import {
    /// The files; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The language of a column or key named `source`, or of the sources of an XLIFF file that does not say
    #[arg(long, value_name = "TAG")]
    source_lang: Option<Language>,
    /// The language of a column or key named `target`, or of the targets of such a file
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
    /// What to write [default: the ending of the output file, else tmx]
    #[arg(long, value_enum)]
    format: Option<ExportFormat>,
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
    /// The language of the queries [default: every language is searched]
    #[arg(long, value_name = "TAG")]
    source_lang: Option<Language>,
    /// Find only units with a text in this language
    #[arg(long, value_name = "TAG")]
    target_lang: Option<Language>,
    /// The least score, between 0 and 100: the share of words that need not be changed
    #[arg(long, value_name = "SCORE", default_value_t = 70.0)]
    min_score: f64,
    /// The most units for a query
    #[arg(long, value_name = "N", default_value_t = 5)]
    limit: usize,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
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
    /// The language of the phrase [default: every language is searched]
    #[arg(long, value_name = "TAG")]
    lang: Option<Language>,
    /// The most units
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
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
    source_language: Language,
    target_language: Language,
    origin: &'a str,
}

/// Runs a `memory` verb.
pub(super) fn run(verb: &Verb, talk: &Talk) -> anyhow::Result<Outcome> {
    match verb {
        Verb::Import(arguments) => import(arguments, talk),
        Verb::Add(arguments) => add(arguments, talk),
        Verb::Export(arguments) => export(arguments, talk),
        Verb::Search(arguments) => search(arguments, talk),
        Verb::Concordance(arguments) => concordance(arguments),
        Verb::Stats(arguments) => stats(arguments),
    }
}

fn told(talk: &Talk, name: &str, counts: &Counts) {
    let skipped: usize = counts.skipped.values().sum();
    let reasons: Vec<String> =
        counts.skipped.iter().map(|(reason, count)| format!("{reason}: {count}")).collect();
    let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    talk.note(&format!(
        "{name}: {} read, {} added, {} merged, {skipped} skipped{why}",
        counted(counts.read, "unit"),
        counts.added,
        counts.merged
    ));
}

fn import(arguments: &Import, talk: &Talk) -> anyhow::Result<Outcome> {
    // All files are read before anything is written: a broken one leaves the memory as it was.
    let mut batches: Vec<(String, ReadUnits)> = Vec::new();
    let languages = arguments.source_lang.zip(arguments.target_lang);
    for file in &arguments.files {
        let name = input::name(file);
        let mut read = units::read_units(file, languages, talk)?;
        for unit in read.units.iter_mut().filter(|unit| unit.origin.is_empty()) {
            unit.origin.clone_from(&name);
        }
        batches.push((name, read));
    }
    let mut memory = Memory::open_or_create(&arguments.memory.memory)?;
    for (name, read) in batches {
        let mut counts = memory.add(read.units)?;
        for (reason, count) in read.counts.skipped {
            counts.skip(reason, count);
        }
        told(talk, &name, &counts);
    }
    Ok(Outcome::Nothing)
}

fn add(arguments: &Add, talk: &Talk) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        (0.0..=1.0).contains(&arguments.min_confidence),
        "--min-confidence {}: a probability lies between 0 and 1",
        arguments.min_confidence
    );
    let glossary = arguments.pair.glossary.read(talk)?;
    let texts = Texts::new(&arguments.pair.text, glossary.as_ref(), talk)?;
    let (source, target) = texts.pair(&arguments.source, &arguments.target, &arguments.pair)?;
    let alignment = super::align::align(&source, &target, glossary.as_ref(), talk);
    super::align::warn_if_unrelated(&source, &target, &alignment, talk);
    let is_sure = |unit: &Unit| {
        unit.confidence.is_none_or(|confidence| confidence >= arguments.min_confidence)
    };
    let (units, unsure): (Vec<Unit>, Vec<Unit>) =
        super::align::units(&alignment, &source, &target).partition(is_sure);
    let mut memory = Memory::open_or_create(&arguments.memory.memory)?;
    let mut counts = memory.add(units)?;
    if !unsure.is_empty() {
        counts.skip("less confidence than --min-confidence", unsure.len());
    }
    told(talk, &format!("{} - {}", source.name, target.name), &counts);
    Ok(Outcome::Nothing)
}

fn export(arguments: &Export, talk: &Talk) -> anyhow::Result<Outcome> {
    arguments.output.spares([&arguments.memory.memory])?;
    let format = arguments.output.format(arguments.format, ExportFormat::Tmx)?;
    let memory = Memory::open(&arguments.memory.memory)?;
    let units: Vec<Stored> = memory.units().collect::<Result<_, MemoryError>>()?;
    let count = units.len();
    let mut out = Vec::new();
    match format {
        ExportFormat::Tmx => {
            let mut writer = tmx::Writer::new(&mut out, None)?;
            for Stored { id, unit } in &units {
                let dropped = writer.write(unit)?;
                if dropped > 0 {
                    talk.warn(&format!(
                        "{}: unit {}, from {}: {} left out, which XML has no place for",
                        arguments.memory.memory.display(),
                        id.0,
                        unit.origin,
                        counted(dropped, "control character")
                    ));
                }
            }
            writer.finish()?;
        }
        ExportFormat::Csv | ExportFormat::Tsv => {
            let languages: Vec<Language> = memory.stats()?.languages.into_keys().collect();
            let table =
                if format == ExportFormat::Csv { tables::Table::CSV } else { tables::Table::TSV };
            let units = units.into_iter().map(|stored| stored.unit);
            tables::write_units(&mut out, &languages, units, table)?;
        }
    }
    arguments.output.write(&String::from_utf8(out)?)?;
    talk.note(&format!("{} written", counted(count, "unit")));
    Ok(Outcome::Nothing)
}

fn search(arguments: &Search, talk: &Talk) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        (0.0..=100.0).contains(&arguments.min_score),
        "--min-score {}: a score lies between 0 and 100",
        arguments.min_score
    );
    arguments.output.spares([&arguments.memory.memory])?;
    let format = arguments.output.format(arguments.format, Format::Text)?;
    let memory = Memory::open(&arguments.memory.memory)?;
    let languages: BTreeSet<Language> = match arguments.source_lang {
        Some(language) => [language].into(),
        None => memory.stats()?.languages.keys().map(|language| language.base()).collect(),
    };
    let searchers = languages
        .into_iter()
        .map(|language| Searcher::load(&memory, language))
        .collect::<Result<Vec<_>, _>>()?;
    let mut out = String::new();
    let queries = input::text(Path::new("-"), None, talk)?;
    for (number, query) in queries.lines().enumerate() {
        if query.trim().is_empty() {
            continue;
        }
        let found = best(&searchers, query, arguments)?;
        if format == Format::Text {
            let _ = writeln!(out, "{}", visible(query));
        }
        for unit in &found {
            for (language, target) in &unit.targets {
                match format {
                    Format::Jsonl => {
                        let row = MatchRow {
                            query: number,
                            id: unit.id.0,
                            score: unit.score,
                            source: &unit.source,
                            target,
                            source_language: unit.source_language,
                            target_language: *language,
                            origin: &unit.origin,
                        };
                        out.push_str(&(serde_json::to_string(&row)? + "\n"));
                    }
                    Format::Text => {
                        let _ = writeln!(
                            out,
                            "  {:6.2}  {}\n          {language}: {}  ({})",
                            unit.score,
                            visible(&unit.source),
                            visible(target),
                            visible(&unit.origin)
                        );
                    }
                }
            }
        }
    }
    arguments.output.write(&out)?;
    Ok(Outcome::Nothing)
}

/// Returns the best matches in all languages searched, a unit once.
fn best(
    searchers: &[Searcher<'_>],
    query: &str,
    arguments: &Search,
) -> Result<Vec<Match>, MemoryError> {
    let mut found = Vec::new();
    for searcher in searchers {
        let Search { target_lang, min_score, limit, .. } = arguments;
        found.extend(searcher.search(query, *target_lang, *min_score, *limit)?);
    }
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.id.cmp(&other.id)));
    let mut seen = BTreeSet::new();
    found.retain(|unit| seen.insert(unit.id));
    found.truncate(arguments.limit);
    Ok(found)
}

fn concordance(arguments: &Concordance) -> anyhow::Result<Outcome> {
    anyhow::ensure!(!arguments.phrase.trim().is_empty(), "the phrase is empty: say what to find");
    arguments.output.spares([&arguments.memory.memory])?;
    let format = arguments.output.format(arguments.format, Format::Text)?;
    let memory = Memory::open(&arguments.memory.memory)?;
    let mut out = String::new();
    for hit in memory.concordance(&arguments.phrase, arguments.lang, arguments.limit)? {
        match format {
            Format::Jsonl => out.push_str(&(serde_json::to_string(&hit)? + "\n")),
            Format::Text => {
                let _ = writeln!(out, "{}", visible(&hit.text));
                for (language, text) in &hit.others {
                    let _ = writeln!(out, "  {language}: {}", visible(text));
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
            let _ = writeln!(
                out,
                "{}, {}",
                counted(stats.units, "unit"),
                counted(stats.characters, "character")
            );
            for (language, count) in &stats.languages {
                let _ = writeln!(out, "{language}: {count}");
            }
            let _ = writeln!(out, "texts with more than one translation: {}", stats.repeated);
            for (origin, count) in &stats.origins {
                let _ = writeln!(
                    out,
                    "from {}: {count}",
                    if origin.is_empty() { "unknown".to_owned() } else { visible(origin) }
                );
            }
        }
    }
    OutputOption { output: None }.write(&out)?;
    Ok(Outcome::Nothing)
}
