//! `eval align`: scores alignments of segments.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::table::{calibration, explained, head, row};
use super::{Format, json};
use crate::evaluate::align::{self, DocumentScore, Scores, Set};
use crate::evaluate::beads::Score;
use crate::model::Language;

/// Score alignment: folders with X.src, X.tgt (a segment a line) and X.gold (beads).
///
/// A folder that holds no such documents itself is searched one level down. Precision, recall and F1 are given for
/// beads that are right exactly (strict), in part (lax), and exactly among those with both sides. The calibration
/// tells what a confidence is worth: in each range, how many of the beads are right.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha eval align shared/eval/align/dev
  qosha eval align shared/eval/align/dev/maligna-pl-en --pooled --explain
  qosha eval align my-set --source-lang de --target-lang fr --format json")]
pub(in crate::cli) struct Arguments {
    /// The folders
    #[arg(value_name = "FOLDER", required = true)]
    folders: Vec<PathBuf>,
    /// The language of the sources [default: what the folder's name ends in, as news-en-tr does]
    #[arg(long, value_name = "TAG")]
    source_lang: Option<Language>,
    /// The language of the targets [default: what the folder's name ends in]
    #[arg(long, value_name = "TAG")]
    target_lang: Option<Language>,
    /// Align all documents of a folder as one job that shares what is learnt
    #[arg(long)]
    pooled: bool,
    /// List the beads that are wrong and the gold beads that were missed
    #[arg(long)]
    explain: bool,
    /// What to write; JSON holds everything
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<String> {
    let languages = (arguments.source_lang, arguments.target_lang);
    let mut sets = Vec::new();
    for folder in &arguments.folders {
        sets.extend(Set::find(folder, languages)?);
    }
    let scores = align::score(&sets, arguments.pooled)?;
    match arguments.format {
        Format::Json => json(&scores),
        Format::Text => Ok(text(&scores, arguments.explain)),
    }
}

fn text(scores: &Scores, explain: bool) -> String {
    let mut out = String::new();
    out.push_str(&head());
    for set in &scores.sets {
        let _ = writeln!(out, "{}, {} to {}", set.name, set.source_language, set.target_language);
        let is_all = |document: &&DocumentScore| is_perfect(&document.score);
        let perfect = set.documents.iter().filter(is_all).count();
        for document in &set.documents {
            if perfect < 2 || !is_perfect(&document.score) {
                out.push_str(&row(&format!("  {}", document.name), &document.score));
            }
        }
        if perfect > 1 {
            let _ = writeln!(out, "  {perfect} documents without a wrong or missed bead");
        }
        if set.documents.len() > 1 {
            out.push_str(&row("  together", &set.total));
        }
        let error = set.calibration.expected_error;
        let _ = writeln!(out, "  expected calibration error {error:.4}");
    }
    if scores.sets.len() > 1 {
        out.push_str(&row("all sets", &scores.total));
    }
    out.push('\n');
    out.push_str(&calibration(&scores.calibration));
    if explain {
        for set in &scores.sets {
            for document in set.documents.iter().filter(|d| !d.mismatches.is_empty()) {
                let _ = writeln!(out, "\n{}/{}", set.name, document.name);
                for mismatch in &document.mismatches {
                    out.push_str(&explained(mismatch));
                }
            }
        }
    }
    out
}

fn is_perfect(score: &Score) -> bool {
    let is_one = |figure: f64| figure >= 1.0;
    is_one(score.strict.f1) && is_one(score.lax.f1) && is_one(score.nonnull.f1)
}
