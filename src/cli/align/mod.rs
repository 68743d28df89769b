//! `align`: pairs the segments of two versions.

mod against;
mod batch;
mod guidance;
mod versions;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;

use super::Outcome;
use super::input::{self, PairOptions, Texts};
use super::output::OutputOption;
use super::talk::Talk;
use crate::align::{self, FixedPoints, Options, Pair, Progress};
use crate::formats;
use crate::glossary::Glossary;
use crate::model::{Alignment, Bead, Document, Language, TermHit, Unit};
use crate::report::{self, Comparison};
use crate::text::counted;
use guidance::Guidance;

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
  qosha align en.txt az.txt --lexicon memory
  qosha align en.txt az.txt --fixed checked.jsonl --anchor 12:14
  qosha align new.en.txt new.az.txt --against letter.tmx --format tmx -o new.tmx
  qosha align corpora/flood/en.txt corpora/flood/az.txt corpora/flood/ru.txt --format csv
  qosha align --batch pairs.tsv --format tmx")]
pub(super) struct Arguments {
    /// The source version
    #[arg(value_name = "SOURCE", required_unless_present = "batch")]
    source: Option<PathBuf>,
    /// The target version
    #[arg(value_name = "TARGET", required_unless_present = "batch")]
    target: Option<PathBuf>,
    /// Further versions: the result is one table with a row for each thing said, in which all pairs of versions agree
    #[arg(value_name = "VERSION", num_args = 0..=align::MAX_VERSIONS - 2,
        conflicts_with_all = ["batch", "beads", "anchor", "fixed", "delimiter", "against", "source_vectors", "source_lang", "target_lang"])]
    versions: Vec<PathBuf>,
    /// The languages of all versions, in their order, such as en,az,ru
    #[arg(long, value_name = "TAGS", value_delimiter = ',', conflicts_with_all = ["source_lang", "target_lang", "batch"])]
    langs: Vec<Language>,
    #[command(flatten)]
    pair: PairOptions,
    #[command(flatten)]
    guidance: Guidance,
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
    /// Leave outputs of a batch that exist and are not empty. The lexicon is learnt from the pairs that are left to do, so
    /// confidences can differ from those of one run over all
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
    /// A ladder, as hunalign writes it
    Ladder,
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
    let read = read.into_iter().flatten().chain(&arguments.versions);
    let read = read.chain(arguments.pair.inputs()).chain(arguments.guidance.inputs());
    arguments.output.spares(read)?;
    let glossary = arguments.pair.glossary.read(talk)?;
    let texts = Texts::new(&arguments.pair.text, glossary.as_ref(), talk)?;
    if let Some(batch) = &arguments.batch {
        return batch::run(batch, arguments, &texts, glossary.as_ref(), talk);
    }
    let (Some(source), Some(target)) = (&arguments.source, &arguments.target) else {
        anyhow::bail!("name SOURCE and TARGET");
    };
    let style = report::terminal::Style {
        width: talk.width(arguments.output.is_file()),
        color: talk.colors_result(arguments.output.is_file()),
    };
    let mut paths = vec![source.as_path(), target.as_path()];
    paths.extend(arguments.versions.iter().map(PathBuf::as_path));
    let documents = texts.versions(&input::named(&paths, &arguments.langs, &arguments.pair)?)?;
    let [source, target] = &documents[..] else {
        return versions::run(arguments, &documents, glossary.as_ref(), style, talk);
    };
    let alignment = match &arguments.beads {
        Some(beads) => read_beads(beads, source, target)?,
        None => {
            let fixed = arguments.guidance.fixed(source, target, talk)?;
            let (from, to) = (source.language, target.language);
            let dictionary = arguments.guidance.dictionary(from, to, talk)?;
            let vectors = arguments.guidance.vectors(source, target, talk)?;
            let pair = Pair {
                fixed: fixed.as_ref(),
                vectors: vectors.as_ref(),
                ..Pair::new(source, target)
            };
            let tell = tell_work(&[source, target], talk);
            let options = arguments.guidance.options(&dictionary, Progress::to(&tell));
            align_with(pair, glossary.as_ref(), &options)
        }
    };
    talk.done();
    warn_if_unrelated(source, target, &alignment, talk);
    let alignment = arguments.keep_sure(alignment);
    let format = arguments.output.format(arguments.format, Format::Text)?;
    let work = Work { source, target, alignment: &alignment };
    arguments.output.write(&work.rendered(format, style, arguments.explain, talk)?)?;
    Ok(Outcome::Nothing)
}

/// From how many segments, of all versions together, a person is told that they are being aligned. Measured: half a second for
/// 4,000 made-up segments, a second for 8,000, on two cores.
const LONG: usize = 4000;

/// Says that versions are being aligned, where it takes a while. Returns what is to be told how far it is.
pub(super) fn tell_work(documents: &[&Document], talk: &Talk) -> impl Fn(f64) + Sync + use<> {
    let count: usize = documents.iter().map(|document| document.segments.len()).sum();
    let tell = (count >= LONG)
        .then(|| talk.doing_part(&format!("aligning {}", counted(count, "segment"))));
    move |share| tell.iter().for_each(|tell| tell(share))
}

/// Aligns two documents with the terms of a glossary.
pub(super) fn align(
    source: &Document,
    target: &Document,
    glossary: Option<&Glossary>,
    talk: &Talk,
) -> Alignment {
    let tell = tell_work(&[source, target], talk);
    let options = Options { progress: Progress::to(&tell), ..Options::default() };
    let alignment = align_with(Pair::new(source, target), glossary, &options);
    talk.done();
    alignment
}

/// Aligns two documents around the pairs of an earlier alignment whose texts stand in them still.
pub(super) fn align_against(
    earlier: &Path,
    source: &Document,
    target: &Document,
    glossary: Option<&Glossary>,
    talk: &Talk,
) -> anyhow::Result<Alignment> {
    let beads = against::beads(earlier, source, target, Vec::new(), &[], talk)?;
    let fixed = FixedPoints::new(source, target, beads, &[])
        .with_context(|| format!("{} - {}", source.name, target.name))?;
    let tell = tell_work(&[source, target], talk);
    let options = Options { progress: Progress::to(&tell), ..Options::default() };
    let pair = Pair { fixed: Some(&fixed), ..Pair::new(source, target) };
    let alignment = align_with(pair, glossary, &options);
    talk.done();
    Ok(alignment)
}

fn align_with(pair: Pair<'_>, glossary: Option<&Glossary>, options: &Options<'_>) -> Alignment {
    let (source_terms, target_terms) = (terms(pair.source, glossary), terms(pair.target, glossary));
    let pair = Pair { source_terms: &source_terms, target_terms: &target_terms, ..pair };
    align::align(pair, options)
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
    let beads = named_beads(path, source, target)?;
    Alignment::new(source.segments.len(), target.segments.len(), beads)
        .with_context(|| input::name(path))
}

/// Reads the beads that a file names.
fn named_beads(path: &Path, source: &Document, target: &Document) -> anyhow::Result<Vec<Bead>> {
    let bytes = input::bytes(path)?;
    let text = formats::encoding::decode(bytes).with_context(|| input::name(path))?.text;
    formats::beads::read_named(&text, source, target).with_context(|| input::name(path))
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
            Format::Ladder => self.ladder(talk),
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

    fn ladder(&self, talk: &Talk) -> String {
        let Self { source, target, alignment } = self;
        let ladder = formats::beads::write_ladder(alignment, source, target);
        if ladder.merged > 0 {
            talk.warn(&format!(
                "{} - {}: {} share a step, as a ladder has no place for what crosses; --format beads has",
                source.name,
                target.name,
                counted(ladder.merged, "pair")
            ));
        }
        ladder.text
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
                "{} - {}: {} of the target's segments or groups have no source and are not in the file: XLIFF has no place for them",
                self.source.name,
                self.target.name,
                written.without_source
            ));
        }
        written.text
    }

    fn warn_of_dropped(&self, talk: &Talk) {
        [self.source, self.target].into_iter().for_each(|document| warn_of_dropped(document, talk));
    }
}

/// Says where the characters stand that XML has no place for.
pub(super) fn warn_of_dropped(document: &Document, talk: &Talk) {
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
