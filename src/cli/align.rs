//! `align`: pairs the segments of two versions.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;

use super::Outcome;
use super::input::{self, PairOptions, Texts};
use super::output::{self, OutputOption};
use super::talk::Talk;
use crate::align::{self, Pair};
use crate::formats;
use crate::glossary::Glossary;
use crate::language;
use crate::model::{Alignment, Document, Language, TermHit, Unit};
use crate::report::{self, Comparison};

/// Pair the segments of two versions of a text.
///
/// Works without dictionary or model: lengths, words learnt from the texts themselves, numbers, list items, names across
/// alphabets and, where given, glossary terms. Every pair carries a confidence between 0 and 1, the probability that it
/// is right.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha align corpora/flood/en.txt corpora/flood/az.txt
  qosha align corpora/flood/en.txt corpora/flood/az.txt --explain
  qosha align letter.en.txt letter.az.txt --format tmx -o letter.tmx
  qosha align en.txt az.txt --presegmented --format beads
  qosha align --batch pairs.tsv --format tmx")]
pub(super) struct Arguments {
    /// The source version
    #[arg(value_name = "SOURCE", required_unless_present = "batch")]
    source: Option<PathBuf>,
    /// The target version
    #[arg(value_name = "TARGET", required_unless_present = "batch")]
    target: Option<PathBuf>,
    #[command(flatten)]
    pair: PairOptions,
    /// What to write; beads are lines such as `[1,2]:[1]`
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show what speaks for each pair (with text, html and jsonl)
    #[arg(long)]
    explain: bool,
    /// Take the pairs from a file of beads instead of aligning
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    beads: Option<PathBuf>,
    /// Align many pairs: a file of lines `source<TAB>target<TAB>output[<TAB>source-lang<TAB>target-lang]`, paths relative
    /// to it; one lexicon is learnt over all pairs of a language pair
    #[arg(long, value_name = "FILE", conflicts_with_all = ["source", "output"])]
    batch: Option<PathBuf>,
    /// Leave outputs of a batch that exist already
    #[arg(long, requires = "batch")]
    resume: bool,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Beads,
    Jsonl,
    Csv,
    Tsv,
    Tmx,
    Html,
}

/// Runs `align`.
pub(super) fn run(arguments: &Arguments, talk: &Talk) -> anyhow::Result<Outcome> {
    let glossary = input::glossary(&arguments.pair.glossary, talk)?;
    let texts = Texts::new(&arguments.pair.text, glossary.as_ref(), talk)?;
    if let Some(batch) = &arguments.batch {
        return run_batch(batch, arguments, &texts, glossary.as_ref(), talk);
    }
    let (Some(source), Some(target)) = (&arguments.source, &arguments.target) else {
        anyhow::bail!("name SOURCE and TARGET");
    };
    let (source, target) = texts.pair(source, target, &arguments.pair)?;
    let alignment = match &arguments.beads {
        Some(beads) => read_beads(beads, &source, &target)?,
        None => align(&source, &target, glossary.as_ref()),
    };
    let color = talk.colors_result(arguments.output.is_file());
    arguments.output.write(&rendered(arguments, &source, &target, &alignment, color, talk)?)?;
    Ok(Outcome::Nothing)
}

/// Aligns two documents with the terms of a glossary.
pub(super) fn align(
    source: &Document,
    target: &Document,
    glossary: Option<&Glossary>,
) -> Alignment {
    let terms = |document: &Document| terms(document, glossary);
    let (source_terms, target_terms) = (terms(source), terms(target));
    align::align(Pair { source, target, source_terms: &source_terms, target_terms: &target_terms })
}

/// Finds the terms of a glossary in a document.
fn terms(document: &Document, glossary: Option<&Glossary>) -> Vec<TermHit> {
    glossary.map_or_else(Vec::new, |g| g.matcher(document.language).find(&document.text))
}

/// Reads a file of beads for two documents.
pub(super) fn read_beads(
    path: &Path,
    source: &Document,
    target: &Document,
) -> anyhow::Result<Alignment> {
    let bytes = input::bytes(path)?;
    let text = formats::encoding::decode(bytes).with_context(|| input::name(path))?.text;
    formats::beads::read(&text, source, target).with_context(|| input::name(path))
}

fn rendered(
    arguments: &Arguments,
    source: &Document,
    target: &Document,
    alignment: &Alignment,
    color: bool,
    talk: &Talk,
) -> anyhow::Result<String> {
    let comparison = Comparison::new(source, target, alignment, Vec::new());
    Ok(match arguments.format {
        Format::Text => {
            let style =
                report::terminal::Style { width: talk.width(arguments.output.is_file()), color };
            report::terminal::alignment(&comparison, style, arguments.explain)
        }
        Format::Beads => formats::beads::write(alignment, source, target),
        Format::Jsonl => report::jsonl::alignment(&comparison, arguments.explain),
        Format::Csv => table(alignment, source, target, formats::csv::Table::CSV)?,
        Format::Tsv => table(alignment, source, target, formats::csv::Table::TSV)?,
        Format::Tmx => tmx(alignment, source, target, talk)?,
        Format::Html => report::html::alignment(&comparison, arguments.explain),
    })
}

fn table(
    alignment: &Alignment,
    source: &Document,
    target: &Document,
    table: formats::csv::Table,
) -> anyhow::Result<String> {
    let mut out = Vec::new();
    formats::csv::write_alignment(&mut out, alignment, source, target, table)?;
    Ok(String::from_utf8(out)?)
}

/// Writes the beads with both sides as translation units.
fn tmx(
    alignment: &Alignment,
    source: &Document,
    target: &Document,
    talk: &Talk,
) -> anyhow::Result<String> {
    let mut out = Vec::new();
    let mut writer = formats::tmx::Writer::new(&mut out, Some(source.language))?;
    for unit in units(alignment, source, target) {
        writer.write(&unit)?;
    }
    let written = writer.finish()?;
    if written.dropped_chars > 0 {
        talk.warn(&format!(
            "{} control characters have no place in XML and were left out",
            written.dropped_chars
        ));
    }
    Ok(String::from_utf8(out)?)
}

/// Returns a translation unit for each bead with both sides.
pub(super) fn units<'a>(
    alignment: &'a Alignment,
    source: &'a Document,
    target: &'a Document,
) -> impl Iterator<Item = Unit> + 'a {
    alignment.beads().iter().filter(|bead| !bead.is_null()).map(|bead| Unit {
        texts: [
            (source.language, source.joined(&bead.source)),
            (target.language, target.joined(&bead.target)),
        ]
        .into(),
        source_language: Some(source.language),
        origin: format!("{} - {}", source.name, target.name),
        confidence: Some(bead.confidence),
        note: String::new(),
    })
}

/// A line of a batch file.
struct Job {
    line: usize,
    source: PathBuf,
    target: PathBuf,
    output: PathBuf,
    languages: Option<(Language, Language)>,
}

/// Reads a batch file; paths are made relative to its folder.
fn jobs(path: &Path, talk: &Talk) -> anyhow::Result<Vec<Job>> {
    let text = input::text(path, None, talk)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut jobs = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let place = format!("{}:{number}", path.display());
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let languages = match columns[..] {
            [_, _, _] => None,
            [_, _, _, source, target] => {
                let parse = |tag: &str| Language::parse(tag).with_context(|| place.clone());
                Some((parse(source)?, parse(target)?))
            }
            _ => anyhow::bail!(
                "{place}: {} columns; a line is source<TAB>target<TAB>output, or these and two languages",
                columns.len()
            ),
        };
        let job = |at: usize| folder.join(columns[at]);
        jobs.push(Job { line: number, source: job(0), target: job(1), output: job(2), languages });
    }
    Ok(jobs)
}

/// Aligns all pairs of a batch, language pair by language pair. What can't be read is told of and the rest goes on.
fn run_batch(
    path: &Path,
    arguments: &Arguments,
    texts: &Texts<'_>,
    glossary: Option<&Glossary>,
    talk: &Talk,
) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Nothing;
    let mut loaded: Vec<(Job, Document, Document)> = Vec::new();
    let all = jobs(path, talk)?;
    let count = all.len();
    for job in all {
        if arguments.resume && job.output.exists() {
            continue;
        }
        let (given_source, given_target) = match job.languages {
            Some((source, target)) => (Some(source), Some(target)),
            None => (arguments.pair.source_lang, arguments.pair.target_lang),
        };
        let options = crate::segment::Options::default();
        let read = |path: &Path, given| texts.document(path, given, &options);
        match read(&job.source, given_source)
            .and_then(|s| Ok((s, read(&job.target, given_target)?)))
        {
            Ok((source, target)) => loaded.push((job, source, target)),
            Err(error) => {
                talk.error(&error.context(format!("{}:{}", path.display(), job.line)));
                outcome = Outcome::Trouble;
            }
        }
    }
    let languages = |entry: &(Job, Document, Document)| (entry.1.language, entry.2.language);
    let mut groups: Vec<Vec<(Job, Document, Document)>> = Vec::new();
    let is_odd = |document: &Document| {
        let seen = language::detect(&document.text);
        seen.is_some_and(|seen| !seen.is_same_language(document.language))
    };
    for entry in loaded {
        // What is clearly in another language would spoil what the others learn: it is a group of its own.
        if is_odd(&entry.1) || is_odd(&entry.2) {
            groups.insert(0, vec![entry]);
            continue;
        }
        let like = |group: &&mut Vec<(Job, Document, Document)>| {
            languages(&group[0]) == languages(&entry)
                && !is_odd(&group[0].1)
                && !is_odd(&group[0].2)
        };
        match groups.iter_mut().find(like) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    let mut written = 0;
    for group in &groups {
        let found: Vec<_> =
            group.iter().map(|(_, s, t)| (terms(s, glossary), terms(t, glossary))).collect();
        let pairs: Vec<Pair<'_>> = group
            .iter()
            .zip(&found)
            .map(|((_, source, target), (source_terms, target_terms))| Pair {
                source,
                target,
                source_terms,
                target_terms,
            })
            .collect();
        for ((job, source, target), alignment) in group.iter().zip(align::align_all(&pairs)) {
            let result = rendered(arguments, source, target, &alignment, false, talk)
                .and_then(|result| write_output(&job.output, &result));
            match result {
                Ok(()) => written += 1,
                Err(error) => {
                    talk.error(&error.context(format!("{}:{}", path.display(), job.line)));
                    outcome = Outcome::Trouble;
                }
            }
        }
    }
    talk.note(&format!("{written} of {count} pairs written"));
    Ok(outcome)
}

fn write_output(path: &Path, result: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{}: cannot be made", folder.display()))?;
    }
    output::write_file(path, result.as_bytes())
}
