//! `eval versions`: scores tables of several versions.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::table::{calibration, head, row};
use super::{Format, json};
use crate::evaluate::versions;

/// Score several versions at once: documents X.en, X.tr, X.de with the gold beads of each two and the gold rows.
///
/// The beads of each two versions are scored twice: aligned by themselves, and as the table of all versions has them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  cargo run --release --manifest-path benches/Cargo.toml --bin versions -- OUT news-en-tr news-en-de
  qosha eval versions OUT")]
pub(in crate::cli) struct Arguments {
    /// The folder
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<String> {
    let scores = versions::score(&arguments.folder)?;
    if arguments.format == Format::Json {
        return json(&scores);
    }
    let mut out = head();
    for pair in &scores.pairs {
        out.push_str(&row(&format!("{} alone", pair.name), &pair.alone));
        out.push_str(&row(&format!("{} in the table", pair.name), &pair.together));
    }
    let [alone, together] = &scores.total;
    out.push_str(&row("all alone", alone));
    out.push_str(&row("all in the table", together));
    let [precision, recall, f1] = scores.rows;
    let _ = writeln!(out, "\nrows P {precision:.4} R {recall:.4} F1 {f1:.4}");
    let _ = writeln!(out, "\nrows\n{}", calibration(&scores.rows_calibration));
    let _ = write!(out, "beads in the table\n{}", calibration(&scores.beads_calibration));
    Ok(out)
}
