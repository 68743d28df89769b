//! `diff`: where versions disagree; of two in one language, what changed between two revisions.

mod versions;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Outcome;
use super::input::{PairOptions, Texts, named};
use super::output::OutputOption;
use super::rules::{self, RuleOptions, RunRules};
use super::talk::Talk;
use crate::diff;
use crate::diff::revision::{self, RevisionChange};
use crate::diff::rules::Ruled;
use crate::model::{Document, Language, Severity};
use crate::report::{self, Comparison};

/// Show where versions of a text disagree, or what changed between two revisions.
///
/// The versions are split into segments and paired; then numbers, dates, times, percentages, names, glossary terms,
/// addresses, list items and whole segments are compared by what they mean: "6 million" is "6 milyon", "12 p.m." is
/// "12:00". When both texts are in one language they are taken for an older and a newer revision: a changed number, date
/// or name is an error, any other change of words a warning.
///
/// Three to eight versions are compared at once: what two or more of them agree about against one is told once, with the
/// odd one named.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit status: 1 when a divergence is as grave as --fail-on says, 0 when none is, 2 on trouble.
What `qosha.toml` suppresses does not count. `qosha explain V01` says what a finding means.

Examples:
  qosha diff corpora/school/en.txt corpora/school/az.txt --glossary glossaries/organizations.csv
  qosha diff letter.en.txt letter.az.txt --format html -o report.html
  qosha diff letter.en.txt letter.az.txt --format jsonl --min-severity warning
  qosha diff letter.en.txt letter.az.txt --check quotes=off --check number/phone=warning
  qosha diff letter.en.txt letter.az.txt --format sarif -o letter.sarif
  qosha diff letter.en.txt letter.az.txt letter.ru.txt
  qosha diff old.en.txt new.en.txt")]
pub(super) struct Arguments {
    /// The source version, or the older revision
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// The target version, or the newer revision
    #[arg(value_name = "TARGET")]
    target: PathBuf,
    /// Further versions, each in a language of its own; up to eight are compared at once
    #[arg(value_name = "VERSION", conflicts_with_all = ["beads", "source_lang", "target_lang"])]
    versions: Vec<PathBuf>,
    /// The languages of all versions, in their order, such as en,az,ru
    #[arg(long, value_name = "TAGS", value_delimiter = ',', conflicts_with_all = ["source_lang", "target_lang"])]
    langs: Vec<Language>,
    #[command(flatten)]
    pair: PairOptions,
    /// Take the pairs from a file of beads such as `[1,2]:[1]` instead of aligning
    #[arg(long, value_name = "FILE")]
    beads: Option<PathBuf>,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Leave out what is less grave; the exit status follows --fail-on all the same
    #[arg(long, value_enum, default_value_t = SeverityOption::Info, value_name = "SEVERITY")]
    min_severity: SeverityOption,
    /// Exit with status 1 when something at least as grave is found
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "SEVERITY")]
    fail_on: FailOn,
    #[command(flatten)]
    rules: RuleOptions,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Jsonl,
    Csv,
    Html,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Annotations for a workflow of GitHub
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SeverityOption {
    Info,
    Warning,
    Error,
}

impl SeverityOption {
    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Info => Severity::Info,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }

    /// Takes out what is milder, and returns how much that is, by severity.
    fn part<F>(self, found: &mut Vec<F>, severity: impl Fn(&F) -> Severity) -> [usize; 3] {
        let milder = found.extract_if(.., |found| severity(found) < self.severity());
        report::by_severity(milder.map(|found| severity(&found)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Info,
    Warning,
    Error,
    Never,
}

impl FailOn {
    pub(super) fn is_reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Info => true,
            Self::Warning => severity >= Severity::Warning,
            Self::Error => severity >= Severity::Error,
            Self::Never => false,
        }
    }
}

/// Runs `diff`.
pub(super) fn run(arguments: &Arguments, talk: &Talk) -> anyhow::Result<Outcome> {
    let texts = || [&arguments.source, &arguments.target].into_iter().chain(&arguments.versions);
    arguments.output.spares(texts().chain(&arguments.beads).chain(arguments.pair.inputs()))?;
    versions::check_count(texts().count())?;
    let format = arguments.output.format(arguments.format, Format::Text)?;
    let glossary = arguments.pair.glossary.read(talk)?;
    let paths: Vec<&Path> = texts().map(PathBuf::as_path).collect();
    let named = named(&paths, &arguments.langs, &arguments.pair)?;
    let texts = Texts::new(&arguments.pair.text, glossary.as_ref(), talk)?;
    let documents = texts.versions(&named)?;
    let [source, target] = &documents[..] else {
        return versions::run(arguments, format, &documents, glossary.as_ref(), talk);
    };
    if source.language == target.language && arguments.beads.is_none() {
        return run_revisions(arguments, format, source, target, talk);
    }
    let alignment = match &arguments.beads {
        Some(beads) => super::align::read_beads(beads, source, target)?,
        None => super::align::align(source, target, glossary.as_ref(), talk),
    };
    super::align::warn_if_unrelated(source, target, &alignment, talk);
    let mut ruled = Ruled::default();
    if !is_empty(source, target) {
        let found = diff::diff(source, target, &alignment, glossary.as_ref());
        let project = arguments.pair.glossary.project(talk)?;
        let mut rules = RunRules::new(&arguments.rules, project, talk);
        ruled = rules.apply(found, source, target);
        rules.tell_unused(talk, rules::is_of_diff);
    }
    let is_failing =
        ruled.found.iter().any(|divergence| arguments.fail_on.is_reached_by(divergence.severity));
    let milder = arguments.min_severity.part(&mut ruled.found, |divergence| divergence.severity);
    let comparison = arguments.rules.comparison(source, target, &alignment, ruled);
    let comparison = Comparison { milder, ..comparison };
    let comparisons = [comparison];
    let [comparison] = &comparisons;
    let result = match format {
        Format::Text => report::terminal::divergences(comparison, style(arguments, talk)),
        Format::Jsonl => report::jsonl::divergences(comparison),
        Format::Csv => report::csv::divergences(comparison)?,
        Format::Html => report::html::divergences(comparison),
        Format::Sarif => report::sarif::divergences(&comparisons),
        Format::Github => {
            rules::tell_of_annotations([comparison.summary().by_severity], talk);
            report::github::divergences(comparison)
        }
    };
    arguments.output.write(&result)?;
    Ok(if is_failing { Outcome::Found } else { Outcome::Nothing })
}

/// Says whether neither side has any text, so that there is nothing to compare.
fn is_empty(source: &Document, target: &Document) -> bool {
    source.segments.is_empty() && target.segments.is_empty()
}

fn style(arguments: &Arguments, talk: &Talk) -> report::terminal::Style {
    report::terminal::Style {
        width: talk.width(arguments.output.is_file()),
        color: talk.colors_result(arguments.output.is_file()),
    }
}

/// Least share of the segments of both sides that two revisions of one text have in common: chosen, far below what a thorough
/// revision leaves. Two appeals of the same make (`corpora/*/en.txt`) have .11 and less.
const LEAST_SHARED: f64 = 0.25;

/// Warns where so few segments of two texts are the same ones that they are hardly revisions of one text.
pub(super) fn warn_if_no_revisions<'c>(
    old: &Document,
    new: &Document,
    changes: impl IntoIterator<Item = &'c RevisionChange>,
    talk: &Talk,
) {
    let is_pair = |change: &&RevisionChange| !change.old.is_empty() && !change.new.is_empty();
    let pairs = changes.into_iter().filter(is_pair);
    let shared: usize = pairs.map(|change| change.old.len() + change.new.len()).sum();
    let all = old.segments.len() + new.segments.len();
    let is_long = old.segments.len().min(new.segments.len()) >= 2;
    if is_long && (shared as f64) < LEAST_SHARED * all as f64 {
        talk.warn(&format!(
            "{} and {} may not be revisions of one text: only {} % of their segments are in both",
            old.name,
            new.name,
            shared * 100 / all
        ));
    }
}

/// Compares two revisions of one version.
fn run_revisions(
    arguments: &Arguments,
    format: Format,
    old: &Document,
    new: &Document,
    talk: &Talk,
) -> anyhow::Result<Outcome> {
    if arguments.rules.has_checks() {
        talk.warn("--check has no meaning between two revisions: they are compared word by word");
    }
    let mut changes = revision::revisions(old, new);
    warn_if_no_revisions(old, new, &changes, talk);
    let is_failing = changes
        .iter()
        .any(|change| change.is_change() && arguments.fail_on.is_reached_by(change.severity()));
    let least = arguments.min_severity.severity();
    changes =
        changes
            .into_iter()
            .filter_map(|change| {
                if change.severity() >= least { Some(change) } else { change.passed_over() }
            })
            .collect();
    let result = match format {
        Format::Text => report::terminal::revision(old, new, &changes, style(arguments, talk)),
        Format::Jsonl => report::jsonl::revision(old, new, &changes),
        Format::Csv => report::csv::revision(old, new, &changes)?,
        Format::Html => report::html::revision(old, new, &changes),
        Format::Sarif => report::sarif::revision(old, new, &changes),
        Format::Github => {
            let told = || changes.iter().filter(|change| change.is_change());
            let grave = |severity| told().filter(|change| change.severity() == severity).count();
            let counts = [Severity::Error, Severity::Warning, Severity::Info].map(grave);
            rules::tell_of_annotations([counts], talk);
            report::github::revision(old, new, &changes)
        }
    };
    arguments.output.write(&result)?;
    Ok(if is_failing { Outcome::Found } else { Outcome::Nothing })
}
