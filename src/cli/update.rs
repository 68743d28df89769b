//! `update`: which segments of a translation a new revision of the source makes stale.

use std::path::PathBuf;

use clap::ValueEnum;

use super::Outcome;
use super::diff::{FailOn, SeverityOption};
use super::input::{Given, GlossaryOptions, TextOptions, Texts};
use super::output::OutputOption;
use super::talk::Talk;
use crate::diff::update::{self, Revised, UpdateState};
use crate::formats::{tmx, xliff};
use crate::model::{Document, Language};
use crate::report::{self, update::Update};
use crate::text::counted;

/// Show which segments of a translation a new revision of its source makes stale.
///
/// OLD and NEW are two revisions of the source, TRANSLATION is the translation of OLD, possibly revised in part. What
/// changed from OLD to NEW is told beside its translation: stale where a number, date or name is still the old one (an
/// error) or the source was reworded (a warning: check it), updated where the translation has the new one already,
/// untranslated where the source is new, orphaned where it is gone, moved where it stands elsewhere.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit status: 1 when something is as grave as --fail-on says, 0 when nothing is, 2 on trouble.

Examples:
  qosha update old.en.txt new.en.txt letter.az.txt
  qosha update old.en.txt new.en.txt letter.az.txt --format html -o update.html
  qosha update old.en.txt new.en.txt letter.az.txt --against letter.tmx
  qosha update old.en.txt new.en.txt letter.az.txt --format xliff -o to-translate.xlf")]
pub(super) struct Arguments {
    /// The older revision of the source
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The newer revision of the source
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// The translation of the older revision
    #[arg(value_name = "TRANSLATION")]
    translation: PathBuf,
    /// The language of OLD and NEW as a BCP 47 tag [default: from the file names, else seen from the texts]
    #[arg(long, value_name = "TAG")]
    source_lang: Option<Language>,
    /// The language of TRANSLATION
    #[arg(long, value_name = "TAG")]
    target_lang: Option<Language>,
    #[command(flatten)]
    text: TextOptions,
    #[command(flatten)]
    glossary: GlossaryOptions,
    /// Take the pairs of OLD and TRANSLATION from a file of beads such as `[1,2]:[1]` instead of aligning
    #[arg(long, value_name = "FILE")]
    beads: Option<PathBuf>,
    /// Keep the pairs of an earlier alignment of OLD and TRANSLATION and align the rest: TMX, XLIFF, CSV, TSV or records of
    /// `align --format jsonl`
    #[arg(long, value_name = "FILE", conflicts_with = "beads")]
    against: Option<PathBuf>,
    /// What to write: `xliff` is NEW with what of the translation can be kept and the state of each unit, `tmx` the units
    /// that stand [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Leave out what is less grave (not from xliff and tmx); the exit status follows --fail-on all the same
    #[arg(long, value_enum, default_value_t = SeverityOption::Info, value_name = "SEVERITY")]
    min_severity: SeverityOption,
    /// Exit with status 1 when something at least as grave is found
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "SEVERITY")]
    fail_on: FailOn,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Html,
    Jsonl,
    Csv,
    /// XLIFF 1.2
    #[value(alias = "xlf")]
    Xliff,
    /// XLIFF 2.1
    Xliff2,
    Tmx,
}

/// Runs `update`.
pub(super) fn run(arguments: &Arguments, talk: &Talk) -> anyhow::Result<Outcome> {
    let texts = [&arguments.old, &arguments.new, &arguments.translation];
    let settled = arguments.beads.iter().chain(&arguments.against);
    let options = arguments.glossary.inputs().chain(arguments.text.inputs());
    arguments.output.spares(texts.into_iter().chain(settled).chain(options))?;
    let format = arguments.output.format(arguments.format, Format::Text)?;
    let glossary = arguments.glossary.read(talk)?;
    let reader = Texts::new(&arguments.text, glossary.as_ref(), talk)?;
    let (source, target) = (
        Given(arguments.source_lang, "--source-lang"),
        Given(arguments.target_lang, "--target-lang"),
    );
    let versions =
        [(&*arguments.old, source), (&*arguments.new, source), (&*arguments.translation, target)];
    let documents = reader.versions(&versions)?;
    let [old, new, translation] = &documents[..] else {
        anyhow::bail!("three texts are needed");
    };
    check_languages(old, new, translation)?;
    let align =
        |source: &Document| super::align::align(source, translation, glossary.as_ref(), talk);
    let alignment = match (&arguments.beads, &arguments.against) {
        (Some(beads), _) => super::align::read_beads(beads, old, translation)?,
        (None, Some(earlier)) => {
            super::align::align_against(earlier, old, translation, glossary.as_ref(), talk)?
        }
        (None, None) => align(old),
    };
    let texts = Revised { old, new, translation };
    let mut rows = update::update(texts, &alignment, None);
    let (mut source, mut paired) = (old, &alignment);
    // A translation that was revised already may fit the newer source better. Pairs that a file settles are only filled in.
    let has = |state| rows.iter().any(|row| row.state == state);
    let is_open = match &arguments.beads {
        Some(_) => has(UpdateState::Untranslated) && has(UpdateState::Extra),
        None => rows.iter().any(|row| row.state != UpdateState::Current),
    };
    let newer = (is_open && !translation.segments.is_empty()).then(|| align(new));
    if let Some(newer) = &newer {
        rows = update::update(texts, &alignment, Some(newer));
        if update::follows_newer(&alignment, newer) {
            (source, paired) = (new, newer);
        }
    }
    let changes = rows.iter().flat_map(|row| &row.changes);
    super::diff::warn_if_no_revisions(old, new, changes, talk);
    super::align::warn_if_unrelated(source, translation, paired, talk);
    let is_failing = rows.iter().any(|row| arguments.fail_on.is_reached_by(row.severity));
    let update = Update { texts, rows: &rows, least: arguments.min_severity.severity() };
    let result = match format {
        Format::Text => report::update::terminal(update, style(arguments, talk)),
        Format::Html => report::update::html(update),
        Format::Jsonl => report::update::jsonl(update),
        Format::Csv => report::update::csv(update)?,
        Format::Xliff => xliff_of(update, xliff::Version::V1_2, talk),
        Format::Xliff2 => xliff_of(update, xliff::Version::V2_1, talk),
        Format::Tmx => tmx_of(update, talk)?,
    };
    arguments.output.write(&result)?;
    Ok(if is_failing { Outcome::Found } else { Outcome::Nothing })
}

fn style(arguments: &Arguments, talk: &Talk) -> report::terminal::Style {
    report::terminal::Style {
        width: talk.width(arguments.output.is_file()),
        color: talk.colors_result(arguments.output.is_file()),
    }
}

/// Fails where the source is in two languages, or the translation in that of the source. An empty text is in any language.
fn check_languages(old: &Document, new: &Document, translation: &Document) -> anyhow::Result<()> {
    let is_known =
        |document: &Document| document.language != Language::UND && !document.segments.is_empty();
    let differ = |one: &Document, other: &Document| {
        is_known(one) && is_known(other) && !one.language.is_same_language(other.language)
    };
    anyhow::ensure!(
        !differ(old, new),
        "{} is in {} and {} in {}, but OLD and NEW are two revisions of one text: the order is OLD NEW TRANSLATION; \
         --source-lang TAG says the language of both where it was seen wrong",
        old.name,
        old.language,
        new.name,
        new.language
    );
    let source = if is_known(new) { new } else { old };
    anyhow::ensure!(
        !is_known(source) || !is_known(translation) || differ(source, translation),
        "{} and {} are both in {}, but TRANSLATION is in another language than the source: name the translation last, \
         say --target-lang TAG where its language was seen wrong, or compare two revisions with qosha diff",
        source.name,
        translation.name,
        source.language
    );
    Ok(())
}

/// Writes the newer source with what of the translation can be kept.
fn xliff_of(update: Update<'_>, version: xliff::Version, talk: &Talk) -> String {
    let Revised { new, translation, .. } = update.texts;
    let entries = report::update::entries(update);
    let written = xliff::write_entries(entries, new, translation, version);
    if written.dropped_chars > 0 {
        [new, translation].iter().for_each(|text| super::align::warn_of_dropped(text, talk));
    }
    let without_source = update.rows.iter().filter(|row| row.new.is_empty());
    let left: usize = without_source.map(|row| row.target.len()).sum();
    if left > 0 {
        talk.warn(&format!(
            "{}: {} without source in {} not in the file: XLIFF has no place for them",
            translation.name,
            counted(left, "segment"),
            if left == 1 { "NEW is" } else { "NEW are" },
        ));
    }
    written.text
}

/// Writes the units that stand.
fn tmx_of(update: Update<'_>, talk: &Talk) -> anyhow::Result<String> {
    let Revised { new, translation, .. } = update.texts;
    let mut out = Vec::new();
    let mut writer = tmx::Writer::new(&mut out, Some(new.language))?;
    for unit in report::update::units(update) {
        writer.write(&unit)?;
    }
    let written = writer.finish()?;
    if written.dropped_chars > 0 {
        [new, translation].iter().for_each(|text| super::align::warn_of_dropped(text, talk));
    }
    let all = update.rows.iter().filter(|row| !row.new.is_empty()).count();
    talk.note(&format!(
        "{}: {} of {} still valid",
        translation.name,
        written.units,
        counted(all, "unit")
    ));
    Ok(String::from_utf8(out)?)
}
