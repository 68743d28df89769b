//! `lexicon`: dictionaries learnt from translations, and what `align --lexicon` takes for one.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Subcommand;

use super::Outcome;
use super::input;
use super::output::OutputOption;
use super::talk::Talk;
use super::units;
use crate::align;
use crate::formats::dictionary::{self, Entry};
use crate::model::{Language, Unit};
use crate::text::counted;

/// What `--lexicon` and `lexicon learn` take for the memory of this folder.
const MEMORY: &str = "memory";

/// How many odd rows of a dictionary are told of one by one.
const DEFECTS_TOLD: usize = 20;

/// Learn which words stand for which, to align later texts better.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    Learn(Learn),
}

/// Learn a dictionary from translations: a table with source, target, both probabilities and a count.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha lexicon learn memory --source-lang en --target-lang az -o en-az.csv
  qosha lexicon learn old.tmx older.xlf --source-lang en --target-lang az -o en-az.csv
  qosha align letter.en.txt letter.az.txt --lexicon en-az.csv")]
pub(super) struct Learn {
    /// Files with translation units: TMX, XLIFF, CSV, TSV, or the records of `align`; `memory` is the memory of this folder
    #[arg(value_name = "FILE|memory", required = true)]
    files: Vec<PathBuf>,
    /// The language to learn from
    #[arg(long, value_name = "TAG")]
    source_lang: Language,
    /// The language to learn the words of
    #[arg(long, value_name = "TAG")]
    target_lang: Language,
    /// Leave out pairs of words that were met less often, in units
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    min_count: f32,
    #[command(flatten)]
    output: OutputOption,
}

/// Runs a `lexicon` verb.
pub(super) fn run(verb: &Verb, talk: &Talk) -> anyhow::Result<Outcome> {
    let Verb::Learn(arguments) = verb;
    arguments.output.spares(&arguments.files)?;
    let languages = (arguments.source_lang, arguments.target_lang);
    let mut pairs = Vec::new();
    for file in &arguments.files {
        let found = pairs_of(units_of(file, languages, talk)?, languages);
        anyhow::ensure!(
            !found.is_empty(),
            "{}: no unit has a text in {} and one in {}",
            input::name(file),
            languages.0,
            languages.1
        );
        pairs.extend(found);
    }
    let mut entries = align::learn_dictionary(&pairs, languages.0, languages.1);
    entries.retain(|entry| entry.count >= arguments.min_count);
    if entries.is_empty() {
        talk.warn(&format!(
            "nothing was learnt from {}: a few hundred are needed",
            counted(pairs.len(), "unit")
        ));
    }
    arguments.output.write(&dictionary::write_csv(&entries, Some(languages)))?;
    talk.note(&format!(
        "{} learnt from {}",
        counted(entries.len(), "word pair"),
        counted(pairs.len(), "unit")
    ));
    Ok(Outcome::Nothing)
}

/// Reads what `--lexicon` names, for each two of some languages: a dictionary, or translations that one is learnt from.
/// Returns the entries of each two languages, in their order.
pub(super) fn load(
    path: &Path,
    pairs: &[(Language, Language)],
    talk: &Talk,
) -> anyhow::Result<Vec<Vec<Entry>>> {
    let name = input::name(path);
    let known = if is_memory(path) || has_units(path)? {
        learnt(path, pairs, talk)?
    } else {
        read(path, pairs, talk)?
    };
    if known.iter().all(Option::is_none)
        && let Some((source, target)) = pairs.first()
    {
        let more = if pairs.len() > 1 { " or any other two of the languages" } else { "" };
        talk.warn(&format!("{name} has nothing for {source} and {target}{more}, and is not used"));
    }
    Ok(known.into_iter().map(Option::unwrap_or_default).collect())
}

/// Learns from the units of a file; `None` for languages that no unit has both of.
fn learnt(
    path: &Path,
    pairs: &[(Language, Language)],
    talk: &Talk,
) -> anyhow::Result<Vec<Option<Vec<Entry>>>> {
    let learn = |languages: &(Language, Language)| -> anyhow::Result<Option<Vec<Entry>>> {
        let texts = pairs_of(units_of(path, *languages, talk)?, *languages);
        let entries = || align::learn_dictionary(&texts, languages.0, languages.1);
        Ok((!texts.is_empty()).then(entries))
    };
    pairs.iter().map(learn).collect()
}

/// Reads a dictionary; `None` for languages that are not its own.
fn read(
    path: &Path,
    pairs: &[(Language, Language)],
    talk: &Talk,
) -> anyhow::Result<Vec<Option<Vec<Entry>>>> {
    let name = input::name(path);
    let read = dictionary::read(&input::text(path, None, talk)?).context(name.clone())?;
    for defect in read.defects.iter().take(DEFECTS_TOLD) {
        talk.warn(&format!("{name}:{}: {}", defect.line, defect.message));
    }
    if let Some(more @ 1..) = read.defects.len().checked_sub(DEFECTS_TOLD) {
        talk.warn(&format!("{name}: {more} more such places"));
    }
    let Some(own) = read.languages else {
        anyhow::ensure!(
            pairs.len() == 1,
            "{name} does not say which languages it is for, and there are more than two; write their tags, such as en,az, in its first line instead of source,target"
        );
        return Ok(vec![Some(read.entries)]);
    };
    let same = |one: (Language, Language), other: (Language, Language)| {
        one.0.is_same_language(other.0) && one.1.is_same_language(other.1)
    };
    let entries = |languages: &(Language, Language)| {
        if same(own, *languages) {
            Some(read.entries.clone())
        } else {
            let is_turned = same((own.1, own.0), *languages);
            is_turned.then(|| read.entries.iter().cloned().map(Entry::turned).collect())
        }
    };
    Ok(pairs.iter().map(entries).collect())
}

fn is_memory(path: &Path) -> bool {
    path == Path::new(MEMORY) || path.extension().is_some_and(|ending| ending == "qosha")
}

/// Says whether a file has units and is no dictionary: XML, or records.
fn has_units(path: &Path) -> anyhow::Result<bool> {
    let bytes = input::bytes(path)?;
    let visible = bytes.iter().find(|byte| byte.is_ascii_graphic());
    Ok(matches!(visible, Some(b'<' | b'{')))
}

fn units_of(
    path: &Path,
    languages: (Language, Language),
    talk: &Talk,
) -> anyhow::Result<Vec<Unit>> {
    if is_memory(path) {
        return units_of_memory(path);
    }
    Ok(units::read_units(path, Some(languages), talk)?.units)
}

#[cfg(feature = "memory")]
fn units_of_memory(path: &Path) -> anyhow::Result<Vec<Unit>> {
    let path = if path == Path::new(MEMORY) { Path::new(super::memory::FILE) } else { path };
    let memory = crate::memory::Memory::open(path)?;
    memory.units().map(|stored| Ok(stored?.unit)).collect()
}

#[cfg(not(feature = "memory"))]
fn units_of_memory(path: &Path) -> anyhow::Result<Vec<Unit>> {
    anyhow::bail!("{}: this program was built without the translation memory", path.display())
}

/// Returns the texts of both languages; a text in a variant of a language will do.
fn pairs_of(units: Vec<Unit>, languages: (Language, Language)) -> Vec<(String, String)> {
    let text = |unit: &Unit, language: Language| {
        let exact = unit.texts.get(&language);
        let alike = || unit.texts.iter().find(|(own, _)| own.is_same_language(language));
        exact.or_else(|| alike().map(|(_, text)| text)).cloned()
    };
    let pair = |unit: &Unit| text(unit, languages.0).zip(text(unit, languages.1));
    units.iter().filter_map(pair).collect()
}
