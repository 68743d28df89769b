//! `glossary check` and `stats`: whether versions keep to the glossary, and how much it holds.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::FindFormat;
use crate::cli::input::{self, PairOptions, Texts};
use crate::cli::output::OutputOption;
use crate::cli::talk::Talk;
use crate::cli::{Outcome, align};
use crate::diff::{self, Aligned};
use crate::glossary::Stats;
use crate::model::Severity;
use crate::report::{self, Comparison};
use crate::text::counted;

/// Check that two versions keep to the glossary.
///
/// Each term of the source needs an allowed term of the same concept in the target segments it is paired with. Terms that are
/// not to be used are told, and terms that are rendered now so, now otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit status: 1 when an error or a warning is found. Everyday words that are rendered otherwise are info.

Example:
  qosha glossary check corpora/school/en.txt corpora/school/az.txt --glossary glossaries/organizations.csv")]
pub(in crate::cli) struct Check {
    /// The source version
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// The target version
    #[arg(value_name = "TARGET")]
    target: PathBuf,
    #[command(flatten)]
    pair: PairOptions,
    /// Take the pairs from a file of beads such as `[1,2]:[1]` instead of aligning
    #[arg(long, value_name = "FILE")]
    beads: Option<PathBuf>,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<FindFormat>,
    #[command(flatten)]
    output: OutputOption,
}

/// Count concepts and terms by language, status and type.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha glossary stats glossaries/organizations.csv")]
pub(in crate::cli) struct Count {
    /// The glossaries (CSV), counted as one; later ones come first
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<FindFormat>,
    #[command(flatten)]
    output: OutputOption,
}

pub(super) fn check(arguments: &Check, talk: &Talk) -> anyhow::Result<Outcome> {
    let texts = [&arguments.source, &arguments.target];
    let inputs = texts.into_iter().chain(&arguments.beads).chain(arguments.pair.inputs());
    arguments.output.spares(inputs)?;
    let format = arguments.output.format(arguments.format, FindFormat::Text);
    let Some(glossary) = input::glossary(&arguments.pair.glossary, talk)? else {
        anyhow::bail!("there is no glossary to check by; name one: --glossary FILE");
    };
    let texts = Texts::new(&arguments.pair.text, Some(&glossary), talk)?;
    let (source, target) = texts.pair(&arguments.source, &arguments.target, &arguments.pair)?;
    let alignment = match &arguments.beads {
        Some(beads) => align::read_beads(beads, &source, &target)?,
        None => align::align(&source, &target, Some(&glossary), talk),
    };
    align::warn_if_unrelated(&source, &target, &alignment, talk);
    let pair = Aligned { source: &source, target: &target, alignment: &alignment };
    let found = match source.segments.is_empty() || target.segments.is_empty() {
        true => Vec::new(),
        false => diff::check_terms(&[pair], &glossary).remove(0),
    };
    let is_failing = found.iter().any(|divergence| divergence.severity >= Severity::Warning);
    let comparison = Comparison::new(&source, &target, &alignment, found);
    let is_file = arguments.output.is_file();
    let result = match format {
        FindFormat::Jsonl => report::jsonl::divergences(&comparison),
        FindFormat::Text => {
            let (width, color) = (talk.width(is_file), talk.colors_result(is_file));
            report::terminal::divergences(&comparison, report::terminal::Style { width, color })
        }
    };
    arguments.output.write(&result)?;
    Ok(if is_failing { Outcome::Found } else { Outcome::Nothing })
}

pub(super) fn stats(arguments: &Count, talk: &Talk) -> anyhow::Result<Outcome> {
    arguments.output.spares(&arguments.files)?;
    let format = arguments.output.format(arguments.format, FindFormat::Text);
    let glossary = input::glossary(&arguments.files, talk)?.unwrap_or_default();
    let stats = Stats::of(&glossary);
    let json = serde_json::to_value(&stats)?;
    let out = match format {
        FindFormat::Jsonl => serde_json::to_string(&stats)? + "\n",
        FindFormat::Text => {
            let mut out = format!(
                "{}, {}\n",
                counted(stats.concepts, "concept"),
                counted(stats.terms, "term")
            );
            for language in &stats.languages {
                let _ = writeln!(
                    out,
                    "{}: {}, {} without",
                    language.language,
                    counted(language.terms, "term"),
                    counted(language.missing, "concept")
                );
            }
            for name in ["status", "type"] {
                let counts = json[name].as_object().into_iter().flatten();
                let counts: Vec<String> =
                    counts.map(|(word, count)| format!("{count} {word}")).collect();
                let _ = writeln!(out, "{name}: {}", counts.join(", "));
            }
            out
        }
    };
    arguments.output.write(&out)?;
    Ok(Outcome::Nothing)
}
