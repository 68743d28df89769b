//! `glossary check` and `stats`: whether versions keep to the glossary, and how much it holds.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;

use super::FindFormat;
use super::versions::Versions;
use crate::cli::Outcome;
use crate::cli::input::{self, LenientOption};
use crate::cli::output::OutputOption;
use crate::cli::rules::{self, RuleOptions, RunRules};
use crate::cli::talk::Talk;
use crate::diff;
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
    #[command(flatten)]
    versions: Versions,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<CheckFormat>,
    #[command(flatten)]
    rules: RuleOptions,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    Text,
    Jsonl,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Annotations for a workflow of GitHub
    Github,
}

/// Count concepts and terms by language, status and type.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha glossary stats glossaries/organizations.csv")]
pub(in crate::cli) struct Count {
    /// The glossaries (CSV), counted as one; later ones come first [default: those of `qosha.toml`]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    lenient: LenientOption,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<FindFormat>,
    #[command(flatten)]
    output: OutputOption,
}

pub(super) fn check(arguments: &Check, talk: &Talk) -> anyhow::Result<Outcome> {
    arguments.output.spares(arguments.versions.inputs())?;
    let format = arguments.output.format(arguments.format, CheckFormat::Text)?;
    let Some(glossary) = arguments.versions.pair.glossary.read(talk)? else {
        anyhow::bail!("there is no glossary to check by; name one: --glossary FILE");
    };
    let read = arguments.versions.read(Some(&glossary), talk)?;
    let mut pairs = read.pairs();
    pairs.retain(|pair| !pair.source.segments.is_empty() && !pair.target.segments.is_empty());
    let found = diff::check_terms(&pairs, &glossary);
    let project = arguments.versions.pair.glossary.project(talk)?;
    let mut rules = RunRules::new(&arguments.rules, project, talk);
    let comparisons: Vec<Comparison<'_>> = pairs
        .iter()
        .zip(found)
        .map(|(pair, found)| {
            let ruled = rules.apply(found, pair.source, pair.target);
            arguments.rules.comparison(pair.source, pair.target, pair.alignment, ruled)
        })
        .collect();
    // A pair that could not be read may need what no other does.
    if !read.has_failed {
        rules.tell_unused(talk, rules::is_of_glossary);
    }
    let mut divergences = comparisons.iter().flat_map(|comparison| &comparison.divergences);
    let is_failing = divergences.any(|one| one.severity >= Severity::Warning);
    let is_file = arguments.output.is_file();
    let result = match format {
        CheckFormat::Sarif => report::sarif::divergences(&comparisons),
        CheckFormat::Github => {
            let counts = comparisons.iter().map(|comparison| comparison.summary().by_severity);
            rules::tell_of_annotations(counts, talk);
            comparisons.iter().map(report::github::divergences).collect()
        }
        CheckFormat::Jsonl if arguments.versions.is_batch() => {
            comparisons.iter().map(named).collect::<anyhow::Result<String>>()?
        }
        CheckFormat::Jsonl => comparisons.iter().map(report::jsonl::divergences).collect(),
        CheckFormat::Text => {
            let (width, color) = (talk.width(is_file), talk.colors_result(is_file));
            let style = report::terminal::Style { width, color };
            let text = |comparison| report::terminal::divergences(comparison, style);
            comparisons.iter().map(text).collect()
        }
    };
    arguments.output.write(&result)?;
    Ok(match (read.has_failed, is_failing) {
        (true, _) => Outcome::Trouble,
        (false, true) => Outcome::Found,
        (false, false) => Outcome::Nothing,
    })
}

/// Returns the divergences of one pair of many, each with the names of its versions.
fn named(comparison: &Comparison<'_>) -> anyhow::Result<String> {
    let mut out = String::new();
    for line in report::jsonl::divergences(comparison).lines() {
        let mut row: serde_json::Value = serde_json::from_str(line)?;
        row["source"] = comparison.source.name.clone().into();
        row["target"] = comparison.target.name.clone().into();
        out += &(row.to_string() + "\n");
    }
    Ok(out)
}

pub(super) fn stats(arguments: &Count, talk: &Talk) -> anyhow::Result<Outcome> {
    let files = input::glossaries(&arguments.files, talk)?;
    arguments.output.spares(&files)?;
    let format = arguments.output.format(arguments.format, FindFormat::Text)?;
    let glossary = input::glossary(&files, arguments.lenient, talk)?.unwrap_or_default();
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
