//! `glossary export`: a glossary for another program.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::input::LenientOption;
use crate::cli::output::OutputOption;
use crate::cli::talk::Talk;
use crate::cli::{Outcome, input};
use crate::formats::{Losses, omegat, tbx, termtable, utx, xlsx};
use crate::glossary::{Glossary, file, rows};
use crate::model::Language;
use crate::text::counted;

/// Write a glossary for another program.
///
/// What the format has no place for is told by field, with counts. TBX and csv hold all of a glossary; the formats with two
/// languages leave out terms of others.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha glossary export --glossary glossaries/organizations.csv -o names.tbx
  qosha glossary export --glossary glossaries/terms.csv --source-lang en --target-lang az -o terms.txt")]
pub(in crate::cli) struct Export {
    /// The glossary (CSV); may be given several times, later ones come first
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    glossary: Vec<PathBuf>,
    #[command(flatten)]
    lenient: LenientOption,
    /// What to write [default: by the ending of the output file (.tbx, .utx, .txt or .tsv for `OmegaT`, .xlsx), else csv]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The source language of a format with two [default: the first of the glossary, where it has two]
    #[arg(long, value_name = "TAG", requires = "target_lang")]
    source_lang: Option<Language>,
    /// The target language of a format with two
    #[arg(long, value_name = "TAG", requires = "source_lang")]
    target_lang: Option<Language>,
    #[command(flatten)]
    output: OutputOption,
}

/// The formats of glossaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// TBX-Basic, version 3, categories as attributes
    Tbx,
    /// TBX-Basic, version 3, categories as tags
    TbxDct,
    /// TBX-Basic, version 2 (martif)
    Tbx2,
    /// UTX 1.11
    Utx,
    /// `OmegaT`'s glossary: source, target, comment, with tabs between
    #[value(alias = "txt", alias = "tsv", alias = "tab", alias = "utf8")]
    Omegat,
    /// A glossary file of ours, a row a term
    Csv,
    /// A glossary file of ours, a column a language
    Wide,
    /// CSV for Weblate: context, source, target, comments
    Weblate,
    /// CSV for Trados: a column a language, named in English
    Trados,
    /// An Excel workbook with a row a term
    Xlsx,
}

impl Format {
    /// Returns what the format is called in a message.
    fn name(self) -> &'static str {
        match self {
            Self::Tbx | Self::TbxDct | Self::Tbx2 => "TBX",
            Self::Utx => "UTX",
            Self::Omegat => "OmegaT's glossary format",
            Self::Csv | Self::Xlsx => "the row form",
            Self::Wide => "the wide form",
            Self::Weblate => "Weblate's table",
            Self::Trados => "Trados' table",
        }
    }
}

pub(super) fn run(arguments: &Export, talk: &Talk) -> anyhow::Result<Outcome> {
    arguments.output.spares(&arguments.glossary)?;
    let format = arguments.output.format(arguments.format, Format::Csv)?;
    let glossary =
        input::glossary(&arguments.glossary, arguments.lenient, talk)?.unwrap_or_default();
    let concepts = &glossary.concepts;
    let all = concepts.iter().map(|concept| concept.terms.len()).sum();
    let mut losses = Losses { written: all, ..Losses::default() };
    let mut dropped = 0;
    let mut result: Vec<u8> = Vec::new();
    match format {
        Format::Tbx | Format::TbxDct | Format::Tbx2 => {
            let style = match format {
                Format::TbxDct => tbx::Style::Dct,
                Format::Tbx2 => tbx::Style::Martif,
                _ => tbx::Style::Dca,
            };
            let written = tbx::write(concepts, style);
            dropped = written.dropped_chars;
            result = written.text.into_bytes();
        }
        Format::Utx | Format::Omegat | Format::Weblate => {
            let languages = languages(arguments, &glossary, format)?;
            let text;
            (text, losses) = match format {
                Format::Utx => utx::write(concepts, languages),
                Format::Omegat => omegat::write(concepts, languages),
                _ => termtable::write_weblate(concepts, languages)?,
            };
            result.extend(text.into_bytes());
        }
        Format::Csv => result = file(&glossary).into_bytes(),
        Format::Wide | Format::Trados => {
            let text;
            (text, losses) = match format {
                Format::Wide => termtable::write_wide(concepts)?,
                _ => termtable::write_trados(concepts)?,
            };
            result.extend(text.into_bytes());
        }
        Format::Xlsx => {
            anyhow::ensure!(
                arguments.output.is_file() || !std::io::stdout().is_terminal(),
                "a workbook is no text for a terminal; name a file: -o FILE.xlsx"
            );
            result = xlsx::write("Glossary", &rows(&glossary))?;
        }
    }
    arguments.output.write_bytes(&result)?;
    if !losses.fields.is_empty() {
        talk.warn(&format!("{} has no place for {}", format.name(), listed(&losses.fields)));
    }
    if !losses.terms.is_empty() {
        let reasons: Vec<String> =
            losses.terms.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        let count = losses.terms.values().sum();
        let terms = counted(count, "term");
        talk.warn(&format!("{} can't hold {terms}: {}", format.name(), reasons.join(", ")));
    }
    if dropped > 0 {
        let dropped = counted(dropped, "control character");
        talk.warn(&format!("{dropped} left out, which XML has no place for"));
    }
    talk.note(&format!("{} of {} written", losses.written, counted(all, "term")));
    Ok(Outcome::Nothing)
}

/// Returns counts by field: `note (3 terms), status (1 term)`.
pub(super) fn listed(fields: &BTreeMap<&'static str, usize>) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(field, count)| format!("{field} ({})", counted(*count, "term")))
        .collect();
    fields.join(", ")
}

/// Returns the two languages of a format that has two: as given, else those of the glossary where it has two.
fn languages(
    arguments: &Export,
    glossary: &Glossary,
    format: Format,
) -> anyhow::Result<(Language, Language)> {
    if let Some(pair) = arguments.source_lang.zip(arguments.target_lang) {
        return Ok(pair);
    }
    let mut found: Vec<Language> = Vec::new();
    for term in glossary.concepts.iter().flat_map(|concept| &concept.terms) {
        if !found.contains(&term.language) {
            found.push(term.language);
        }
    }
    match &found[..] {
        [source, target] => Ok((*source, *target)),
        _ => {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            anyhow::bail!(
                "{} holds two languages, and the glossary has {} ({}); say which: --source-lang TAG --target-lang TAG",
                format.name(),
                found.len(),
                found.join(", ")
            )
        }
    }
}
