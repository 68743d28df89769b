//! `align`: pairs the segments of two versions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;

use super::Outcome;
use super::input::{self, Given, PairOptions, Texts};
use super::output::{self, OutputOption};
use super::talk::Talk;
use crate::align::{self, Pair};
use crate::formats;
use crate::glossary::Glossary;
use crate::language;
use crate::model::{Alignment, Document, Language, TermHit, Unit};
use crate::report::{self, Comparison};
use crate::text::counted;

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
    /// What to write; beads are lines such as `[1,2]:[1]` [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Show what speaks for each pair (with text, html and jsonl)
    #[arg(long)]
    explain: bool,
    /// Take pairs apart whose confidence is lower: their segments are told to have no partner
    #[arg(long, value_name = "0..1", value_parser = confidence)]
    min_confidence: Option<f64>,
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
    /// Beads with costs, as Vecalign writes them
    Vecalign,
    Jsonl,
    Csv,
    Tsv,
    Tmx,
    /// XLIFF 1.2
    #[value(alias = "xlf")]
    Xliff,
    /// XLIFF 2.1
    Xliff2,
    /// Links of the OPUS collection
    Xces,
    Html,
}

/// Reads a confidence.
fn confidence(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "a number between 0 and 1 is needed, such as 0.8".to_owned())
}

impl Arguments {
    /// Leaves the pairs that are sure enough.
    fn keep_sure(&self, alignment: Alignment) -> Alignment {
        match self.min_confidence {
            Some(least) => alignment.at_least(least),
            None => alignment,
        }
    }
}

/// Confidence from which a partner is sure, in texts of twenty segments on both sides together, and in shorter ones, from
/// which the aligner learns little.
const SURE: f64 = 0.9;
const SURE_IN_SHORT: f64 = 0.5;

/// Least share of segments with a sure partner that two versions of one text have. Measured on segments of both sides: NTREX
/// en-tr and en-de with made-up noise .75 and more, half an appeal against the whole .56 and more; two appeals of the same
/// make (`corpora/*/en.txt` and `az.txt`) .46 and less, a shuffled target .12 and less, other unrelated texts .01 and less.
const LEAST_PAIRED: f64 = 0.5;

/// Runs `align`.
pub(super) fn run(arguments: &Arguments, talk: &Talk) -> anyhow::Result<Outcome> {
    let read = [&arguments.source, &arguments.target, &arguments.beads];
    arguments.output.spares(read.into_iter().flatten().chain(arguments.pair.inputs()))?;
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
    warn_if_unrelated(&source, &target, &alignment, talk);
    let alignment = arguments.keep_sure(alignment);
    let format = arguments.output.format(arguments.format, Format::Text);
    let style = report::terminal::Style {
        width: talk.width(arguments.output.is_file()),
        color: talk.colors_result(arguments.output.is_file()),
    };
    let work = Work { source: &source, target: &target, alignment: &alignment };
    arguments.output.write(&work.rendered(format, style, arguments.explain, talk)?)?;
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

/// Warns where so few segments found a partner that the texts are hardly versions of one text.
pub(super) fn warn_if_unrelated(
    source: &Document,
    target: &Document,
    alignment: &Alignment,
    talk: &Talk,
) {
    let all = source.segments.len() + target.segments.len();
    let least = if all < 20 { SURE_IN_SHORT } else { SURE };
    let sure = alignment.beads().iter().filter(|bead| !bead.is_null() && bead.confidence >= least);
    let (found, reached) =
        sure.fold((0, 0), |(s, t), bead| (s + bead.source.len(), t + bead.target.len()));
    let is_too_short = source.segments.len().min(target.segments.len()) < 2;
    if !is_too_short && ((found + reached) as f64) < LEAST_PAIRED * all as f64 {
        talk.warn(&format!(
            "{} and {} may not be versions of one text: only {} % of the source and {} % of the target found a sure partner",
            source.name,
            target.name,
            found * 100 / source.segments.len(),
            reached * 100 / target.segments.len(),
        ));
    }
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

/// Two versions and their beads, to be written.
struct Work<'a> {
    source: &'a Document,
    target: &'a Document,
    alignment: &'a Alignment,
}

impl Work<'_> {
    fn rendered(
        &self,
        format: Format,
        style: report::terminal::Style,
        explain: bool,
        talk: &Talk,
    ) -> anyhow::Result<String> {
        let Self { source, target, alignment } = self;
        let comparison = Comparison::new(source, target, alignment, Vec::new());
        Ok(match format {
            Format::Text => report::terminal::alignment(&comparison, style, explain),
            Format::Beads => formats::beads::write(alignment, source, target),
            Format::Vecalign => formats::beads::write_with_costs(alignment, source, target),
            Format::Xces => formats::xces::write(alignment, source, target),
            Format::Xliff => self.xliff(formats::xliff::Version::V1_2, talk),
            Format::Xliff2 => self.xliff(formats::xliff::Version::V2_1, talk),
            Format::Jsonl => report::jsonl::alignment(&comparison, explain),
            Format::Csv => self.table(formats::csv::Table::CSV)?,
            Format::Tsv => self.table(formats::csv::Table::TSV)?,
            Format::Tmx => self.tmx(talk)?,
            Format::Html => report::html::alignment(&comparison, explain),
        })
    }

    fn table(&self, table: formats::csv::Table) -> anyhow::Result<String> {
        let mut out = Vec::new();
        formats::csv::write_alignment(&mut out, self.alignment, self.source, self.target, table)?;
        Ok(String::from_utf8(out)?)
    }

    /// Writes the beads with both sides as translation units.
    fn tmx(&self, talk: &Talk) -> anyhow::Result<String> {
        let mut out = Vec::new();
        let mut writer = formats::tmx::Writer::new(&mut out, Some(self.source.language))?;
        for unit in units(self.alignment, self.source, self.target) {
            writer.write(&unit)?;
        }
        if writer.finish()?.dropped_chars > 0 {
            self.warn_of_dropped(talk);
        }
        Ok(String::from_utf8(out)?)
    }

    /// Writes the beads with a source as units of an XLIFF file.
    fn xliff(&self, version: formats::xliff::Version, talk: &Talk) -> String {
        let written = formats::xliff::write(self.alignment, self.source, self.target, version);
        if written.dropped_chars > 0 {
            self.warn_of_dropped(talk);
        }
        if written.without_source > 0 {
            talk.warn(&format!(
                "{} of the target's segments or groups have no source and are not in the file: XLIFF has no place for them",
                written.without_source
            ));
        }
        written.text
    }

    /// Says where the characters stand that XML has no place for.
    fn warn_of_dropped(&self, talk: &Talk) {
        for document in [self.source, self.target] {
            let text = &document.text;
            let is_dropped = |letter: char| !formats::tmx::is_legal(letter);
            if let Some(at) = text.find(is_dropped) {
                talk.warn(&format!(
                    "{}:{}: a control character, which XML has no place for, is left out ({} in the file)",
                    document.name,
                    text[..at].matches('\n').count() + 1,
                    text.matches(is_dropped).count()
                ));
            }
        }
    }
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
    source_language: Option<Language>,
    target_language: Option<Language>,
}

impl Job {
    /// Reads a line; paths are made relative to the folder of the file.
    fn parse(number: usize, line: &str, folder: &Path) -> anyhow::Result<Self> {
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let (source, target, output, languages) = match columns[..] {
            [source, target, output] | [source, target, output, ""] => {
                (source, target, output, ["", ""])
            }
            [source, target, output, from, to] => (source, target, output, [from, to]),
            _ => anyhow::bail!(
                "{}; a line is source<TAB>target<TAB>output, or these and two languages",
                counted(columns.len(), "column")
            ),
        };
        anyhow::ensure!(
            ![source, target, output].contains(&""),
            "source, target or output is empty"
        );
        let language = |tag: &str| match tag {
            "" => Ok(None),
            tag => Language::parse(tag).map(Some),
        };
        Ok(Self {
            line: number,
            source: folder.join(source),
            target: folder.join(target),
            output: folder.join(output),
            source_language: language(languages[0])?,
            target_language: language(languages[1])?,
        })
    }
}

/// The lines of a batch that can be worked on, and how many lines there are.
struct Batch<'a> {
    path: &'a Path,
    jobs: Vec<Job>,
    count: usize,
    talk: &'a Talk,
    outcome: Outcome,
}

impl<'a> Batch<'a> {
    /// Reads a batch file. A line that makes no sense, or whose output would be written over an input or over the output
    /// of another line, is told of and left out.
    fn read(path: &'a Path, arguments: &Arguments, talk: &'a Talk) -> anyhow::Result<Self> {
        let text = input::text(path, None, talk)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut batch = Self { path, jobs: Vec::new(), count: 0, talk, outcome: Outcome::Nothing };
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            batch.count += 1;
            match Job::parse(number, line, folder) {
                Ok(job) => batch.jobs.push(job),
                Err(error) => batch.failed(number, error),
            }
        }
        let read = batch.jobs.iter().flat_map(|job| [&job.source, &job.target]);
        let inputs: BTreeSet<PathBuf> = read
            .chain(arguments.pair.inputs())
            .map(PathBuf::as_path)
            .chain([path])
            .map(output::resolved)
            .collect();
        let mut outputs: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for job in std::mem::take(&mut batch.jobs) {
            let place = output::resolved(&job.output);
            let name = job.output.display();
            if inputs.contains(&place) {
                let error = anyhow::anyhow!("{name}: the output is an input of this batch");
                batch.failed(job.line, error);
            } else if let Some(other) = outputs.get(&place) {
                let error = anyhow::anyhow!("{name}: the output is that of line {other} already");
                batch.failed(job.line, error);
            } else {
                outputs.insert(place, job.line);
                batch.jobs.push(job);
            }
        }
        Ok(batch)
    }

    /// Tells what is wrong with a line; the rest goes on.
    fn failed(&mut self, line: usize, error: anyhow::Error) {
        self.talk.error(&error.context(format!("{}:{line}", self.path.display())));
        self.outcome = Outcome::Trouble;
    }
}

/// Aligns all pairs of a batch, language pair by language pair. What can't be read is told of and the rest goes on.
fn run_batch(
    path: &Path,
    arguments: &Arguments,
    texts: &Texts<'_>,
    glossary: Option<&Glossary>,
    talk: &Talk,
) -> anyhow::Result<Outcome> {
    let mut batch = Batch::read(path, arguments, talk)?;
    let mut loaded: Vec<(Job, Document, Document)> = Vec::new();
    let mut left = 0;
    for job in std::mem::take(&mut batch.jobs) {
        if arguments.resume && job.output.exists() {
            left += 1;
            continue;
        }
        let options = crate::segment::Options::default();
        let read = |path: &Path, given| texts.document(path, given, &options);
        let given = Given(job.source_language.or(arguments.pair.source_lang), "--source-lang");
        let source = read(&job.source, given);
        let given = Given(job.target_language.or(arguments.pair.target_lang), "--target-lang");
        let target = || read(&job.target, given);
        match source.and_then(|source| Ok((source, target()?))) {
            Ok((source, target)) => loaded.push((job, source, target)),
            Err(error) => batch.failed(job.line, error),
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
            warn_if_unrelated(source, target, &alignment, talk);
            let format = arguments.format.or_else(|| output::format_of(&job.output));
            let style = report::terminal::Style { width: talk.width(true), color: false };
            let alignment = arguments.keep_sure(alignment);
            let work = Work { source, target, alignment: &alignment };
            let result = work
                .rendered(format.unwrap_or(Format::Text), style, arguments.explain, talk)
                .and_then(|result| write_output(&job.output, &result));
            match result {
                Ok(()) => written += 1,
                Err(error) => batch.failed(job.line, error),
            }
        }
    }
    let left = if left > 0 { format!(", {left} left as they were") } else { String::new() };
    talk.note(&format!("{written} of {} written{left}", counted(batch.count, "pair")));
    Ok(batch.outcome)
}

fn write_output(path: &Path, result: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{}: cannot be made", folder.display()))?;
    }
    output::write_file(path, result.as_bytes())
}
