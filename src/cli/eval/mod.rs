//! `eval`: scores against gold.

mod align;
mod appeals;
mod table;
mod versions;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use super::Outcome;
use super::input::{self, Engine, SrxFile};
use super::output::OutputOption;
use super::talk::Talk;
use crate::evaluate;
use crate::model::Language;
use crate::segment::{Options, Quotes};

/// Score qosha against gold files, by the definitions of the public scorers.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    Segment(Segment),
    Align(align::Arguments),
    Appeals(appeals::Arguments),
    Versions(versions::Arguments),
    Diff(Diff),
    Terms(Terms),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Score segmentation: a folder with X.txt and X.gold.txt, or one text and its gold.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha eval segment shared/eval/segment/dev
  qosha eval segment letter.txt letter.gold.txt --lang en")]
pub(super) struct Segment {
    /// A folder, or a text
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// The gold of the text: a sentence a line, an empty line between paragraphs
    #[arg(value_name = "GOLD")]
    gold: Option<PathBuf>,
    /// The language of the text
    #[arg(long, value_name = "TAG", default_value = "und")]
    lang: Language,
    /// Keep quotations whole
    #[arg(long)]
    keep_quotes: bool,
    /// Cut glued sentences apart
    #[arg(long)]
    repair: bool,
    /// The rules to segment by: our own, or those of an SRX file; a set in a language without rules counts as uncut
    #[arg(long, value_name = "own|srx:FILE", default_value = "own")]
    engine: Engine,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Score divergences: an appeal of corpora with its divergences.tsv, or a bench with gold.jsonl.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha eval diff corpora/school --glossary glossaries/organizations.csv
  qosha eval diff shared/eval/diff/dev/eng-tur --source-lang en --target-lang tr")]
pub(super) struct Diff {
    /// The folder
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The language of the source version
    #[arg(long, value_name = "TAG", default_value = "en")]
    source_lang: Language,
    /// The language of the target version
    #[arg(long, value_name = "TAG", default_value = "az")]
    target_lang: Language,
    /// A glossary (CSV); a bench brings its own
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
    #[command(flatten)]
    lenient: input::LenientOption,
    /// Align the bench ourselves instead of taking its true alignment
    #[arg(long)]
    own_alignment: bool,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Score the finding of terms: a gold table with places, and its text.
#[derive(Debug, clap::Args)]
pub(super) struct Terms {
    /// The gold: CSV with columns `az_term_base,line,start,end,az_surface,label,kind`
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// The text
    #[arg(value_name = "TEXT")]
    text: PathBuf,
    /// The language of the text
    #[arg(long, value_name = "TAG", default_value = "az")]
    lang: Language,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs an `eval` verb.
pub(super) fn run(verb: &Verb, talk: &Talk) -> anyhow::Result<Outcome> {
    let out = match verb {
        Verb::Segment(arguments) => segment(arguments, talk)?,
        Verb::Align(arguments) => align::run(arguments)?,
        Verb::Appeals(arguments) => appeals::run(arguments)?,
        Verb::Versions(arguments) => versions::run(arguments)?,
        Verb::Diff(arguments) => diff(arguments, talk)?,
        Verb::Terms(arguments) => terms(arguments)?,
    };
    OutputOption { output: None }.write(&out)?;
    Ok(Outcome::Nothing)
}

fn json<T: Serialize>(value: &T) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

fn segment(arguments: &Segment, talk: &Talk) -> anyhow::Result<String> {
    let quotes = if arguments.keep_quotes { Quotes::Keep } else { Quotes::Split };
    let file = SrxFile::load(&arguments.engine, talk)?;
    let srx = file.as_ref().map(|file| &file.srx);
    let options = Options { quotes, repair: arguments.repair, srx, ..Options::default() };
    let mut out = String::new();
    let mut row = |name: &str, score: &evaluate::segment::Score| {
        let _ = writeln!(
            out,
            "{name:<22} inner F1 {:6.2}  all F1 {:6.2}  whole segments F1 {:6.2}",
            100.0 * score.inner.f1,
            100.0 * score.all.f1,
            100.0 * score.segments.f1
        );
    };
    if let Some(gold) = &arguments.gold {
        let (text, gold) =
            (input::text(&arguments.path, None, talk)?, input::text(gold, None, talk)?);
        let score = evaluate::segment::score_text(&text, &gold, arguments.lang, &options)?.score();
        if arguments.format == Format::Json {
            return json(&score);
        }
        row(&input::name(&arguments.path), &score);
        return Ok(out);
    }
    let folder = evaluate::segment::score_folder(&arguments.path, &options)?;
    if arguments.format == Format::Json {
        return json(&folder);
    }
    for set in &folder.sets {
        row(&set.name, &set.score);
    }
    row("all together", &folder.total);
    let _ = writeln!(out, "mean inner F1 {:.2}", 100.0 * folder.mean_inner_f1);
    Ok(out)
}

fn diff(arguments: &Diff, talk: &Talk) -> anyhow::Result<String> {
    let languages = (arguments.source_lang, arguments.target_lang);
    let mut glossaries = arguments.glossary.clone();
    let own = arguments.folder.join("glossary.csv");
    if glossaries.is_empty() && own.is_file() {
        glossaries.push(own);
    }
    let glossary = input::glossary(&glossaries, arguments.lenient, talk)?;
    let mut out = String::new();
    if arguments.folder.join("gold.jsonl").is_file() {
        let score = evaluate::diff::score_bench(
            &arguments.folder,
            languages,
            glossary.as_ref(),
            arguments.own_alignment,
        )?;
        if arguments.format == Format::Json {
            return json(&score);
        }
        for (name, entry) in &score.by_type {
            let clean = score.clean_by_type.get(name).copied().unwrap_or(0);
            let _ = writeln!(
                out,
                "{name:<13} planted {:3}  strict {:3}  located {:3}  findings {:4}  right {:3}  clean {clean:3}",
                entry.planted, entry.strict, entry.located, entry.findings, entry.right
            );
        }
        let _ = writeln!(
            out,
            "mean strict recall {:.3}  precision {:.3}  false per 100 clean segments {:.2}",
            score.macro_recall, score.precision, score.false_per_100
        );
        if let Some(clean) = score.clean_per_100 {
            let _ = writeln!(out, "untouched translation: {clean:.2} findings per 100 segments");
        }
        return Ok(out);
    }
    let score = evaluate::diff::score_appeal(&arguments.folder, languages, glossary.as_ref())?;
    if arguments.format == Format::Json {
        return json(&score);
    }
    let name = arguments.folder.file_name().unwrap_or_default().to_string_lossy();
    let _ = writeln!(
        out,
        "{name}: found {} of {}; false {}",
        score.found,
        score.planted,
        score.false_findings.len()
    );
    for kind in &score.missed {
        let _ = writeln!(out, "  missed: {kind}");
    }
    for (kind, expected, found) in &score.false_findings {
        let shown = |value: &Option<String>| value.as_deref().unwrap_or("-").replace('\n', " ");
        let _ = writeln!(out, "  false: {kind} {} / {}", shown(expected), shown(found));
    }
    Ok(out)
}

fn terms(arguments: &Terms) -> anyhow::Result<String> {
    let score =
        evaluate::terms::score(Path::new(&arguments.gold), &arguments.text, arguments.lang)?;
    if arguments.format == Format::Json {
        return json(&score);
    }
    let mut out = String::new();
    let _ = writeln!(
        out,
        "recall {:.4}  precision {:.4}  inflected recall {:.4}  look-alikes taken {}",
        score.recall, score.precision, score.inflected_recall, score.traps
    );
    for (kind, (found, all)) in &score.by_kind {
        let _ = writeln!(out, "  {kind:<24} {found}/{all}");
    }
    for (line, term, surface) in &score.missed {
        let _ = writeln!(out, "  missed: line {line} {term}: {surface}");
    }
    for (line, term, surface) in &score.false_hits {
        let _ = writeln!(out, "  false: line {line} {term}: {surface}");
    }
    Ok(out)
}
