//! The figures of alignment as tables, and beads that are wrong.

use std::fmt::Write as _;

use crate::evaluate::beads::{Figures, Score};
use crate::evaluate::calibration::{Bin, Calibration};
use crate::evaluate::mismatches::{Mismatch, MismatchKind};

/// Returns the head of the table of figures.
pub(super) fn head() -> String {
    let figures = format!("{:>7}{:>7}{:>7}", "P", "R", "F1");
    format!(
        "{:<22}{:>21}  {:>21}  {:>21}\n{:<22}{figures}  {figures}  {figures}{:>7}\n",
        "", "strict", "lax", "both sides", "", "gold"
    )
}

/// Returns a row of the table; a name that is too long for its column has a line of its own.
pub(super) fn row(name: &str, score: &Score) -> String {
    let figures = |figures: Figures| {
        format!("{:>7.4}{:>7.4}{:>7.4}", figures.precision, figures.recall, figures.f1)
    };
    let name = if name.chars().count() > 22 {
        format!("{name}\n{:<22}", "")
    } else {
        format!("{name:<22}")
    };
    format!(
        "{name}{}  {}  {}{:>7}\n",
        figures(score.strict),
        figures(score.lax),
        figures(score.nonnull),
        score.gold_beads
    )
}

/// Returns the table of bins and the expected calibration error.
pub(super) fn calibration(calibration: &Calibration) -> String {
    let mut out = format!("{:<18}{:>7}{:>9}{:>9}\n", "confidence", "beads", "mean", "right");
    let share = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |n| format!("{n:.4}"));
    let mut push = |name: &str, bin: &Bin| {
        let (mean, right) = (share(bin.mean_confidence), share(bin.share_right));
        let _ = writeln!(out, "{name:<18}{:>7}{mean:>9}{right:>9}", bin.beads);
    };
    for bin in &calibration.bins {
        // The last bin holds its upper border too.
        let join = if bin.to < 1.0 { "to below" } else { "to" };
        push(&format!("{} {join} {}", bin.from, bin.to), bin);
    }
    push("all", &calibration.all);
    let _ = writeln!(out, "expected calibration error {:.4}", calibration.expected_error);
    out
}

/// Returns a bead and the beginnings of its two sides.
pub(super) fn explained(mismatch: &Mismatch) -> String {
    let numbers = |numbers: &[u32]| {
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        format!("[{}]", numbers.join(","))
    };
    let mut out = match (mismatch.kind, mismatch.confidence) {
        (MismatchKind::Wrong, Some(confidence)) => format!("  wrong  {confidence:.4}"),
        (MismatchKind::Wrong, None) => format!("  wrong  {:6}", ""),
        (MismatchKind::Missed, _) => format!("  missed {:6}", ""),
    };
    let _ = writeln!(out, "  {}:{}", numbers(&mismatch.source), numbers(&mismatch.target));
    for text in [&mismatch.source_text, &mismatch.target_text] {
        let _ = writeln!(out, "                 {}", beginning(text));
    }
    out
}

/// Returns the first 60 characters of a text on one line; a dash for nothing.
fn beginning(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return "-".to_owned();
    }
    let mut short: String = line.chars().take(MOST).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
