//! `eval appeals`: scores the way from raw text to beads.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::table::{calibration, explained, head, row};
use super::{Format, json};
use crate::cli::input::RepairOptions;
use crate::evaluate::appeals::{self, Scores, Versions};
use crate::segment::Options;

/// Score raw texts: appeals with gold segments and gold beads, segmented and aligned as `align` does.
///
/// A bead is right when the gold segments that it covers by more than half are, on both sides, exactly those of a gold
/// bead. Each pair of versions with a gold is scored: gold.beads is that of en and az, gold.en-ru.beads that of en and
/// ru. A folder that holds no appeal itself is searched one level down.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha eval appeals corpora
  qosha eval appeals corpora/flood --explain")]
pub(in crate::cli) struct Arguments {
    /// The folders
    #[arg(value_name = "FOLDER", required = true)]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    repair: RepairOptions,
    /// List the beads that are wrong and the gold beads that were missed
    #[arg(long)]
    explain: bool,
    /// What to write; JSON holds everything
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<String> {
    let mut versions = Vec::new();
    for folder in &arguments.folders {
        versions.extend(Versions::find(folder)?);
    }
    let paired = Options::of_versions();
    let options = Options { repair: arguments.repair.or(paired.repair), ..paired };
    let scores = appeals::score(&versions, &options)?;
    match arguments.format {
        Format::Json => json(&scores),
        Format::Text => Ok(text(&scores, arguments.explain)),
    }
}

fn text(scores: &Scores, explain: bool) -> String {
    let mut out = head();
    for one in &scores.versions {
        let name = format!("{} {} {}", one.name, one.source_language, one.target_language);
        out.push_str(&row(&name, &one.score));
    }
    if scores.versions.len() > 1 {
        out.push_str(&row("together", &scores.total));
    }
    out.push('\n');
    out.push_str(&calibration(&scores.calibration));
    if explain {
        for one in scores.versions.iter().filter(|one| !one.mismatches.is_empty()) {
            let _ =
                writeln!(out, "\n{}, {} to {}", one.name, one.source_language, one.target_language);
            for mismatch in &one.mismatches {
                out.push_str(&explained(mismatch));
            }
        }
    }
    out
}
