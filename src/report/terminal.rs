//! For people at a terminal: side by side, as wide as the terminal, wrapped by what a reader sees as a letter.
//!
//! ```text
//! en.txt:12                              │ az.txt:12
//! In winter the road is closed for       │ Qışda yol orta hesabla {+37 gün+} bağlı
//! [-47 days-] on average.                │ qalır.
//! error V01 number: the source says "47 days", the target "37 gün"
//! ```
//! Where colour may be used the marks `[-…-]` and `{+…+}` give way to colour. Below 80 columns the two texts stand one
//! above the other.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Paint};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Comparison, Lines, Shown, marked};
use crate::diff::revision::{RevisionChange, RevisionKind};
use crate::model::{
    AnchorKind, Bead, Divergence, DivergenceType, Document, Origin, SegmentId, Severity, Span,
};
use crate::text::counted;

/// Least width of two texts side by side.
const SIDE_BY_SIDE: usize = 80;

/// Least width of one of several texts side by side.
const NARROWEST: usize = 24;

/// How to write for a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns that may be used.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
}

impl Style {
    pub(super) fn paint(self, text: &str, paint: Paint) -> String {
        if self.color { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }

    fn dim(self, text: &str) -> String {
        self.paint(text, Paint::new().dimmed())
    }
}

/// A mark on a piece of text: which side it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Source,
    Target,
}

impl Mark {
    fn paint(self) -> Paint {
        let color = match self {
            Self::Source => AnsiColor::Red,
            Self::Target => AnsiColor::Green,
        };
        Paint::new().bold().fg_color(Some(color.into()))
    }

    /// Returns the class of the mark in a page.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Target => "target",
        }
    }

    fn signs(self) -> (&'static str, &'static str) {
        match self {
            Self::Source => ("[-", "-]"),
            Self::Target => ("{+", "+}"),
        }
    }
}

/// The symbols of the control characters up to U+001F, three bytes each.
const PICTURES: &str = "␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟";

/// Returns how a letter is shown: a blank for white space, and a symbol for a control character, which a terminal would
/// obey.
fn shown(letter: &str) -> &str {
    if letter.chars().all(char::is_whitespace) {
        return " ";
    }
    match letter.chars().next() {
        Some(control @ '\0'..='\u{1F}') => {
            let at = 3 * control as usize;
            PICTURES.get(at..at + 3).unwrap_or("�")
        }
        Some('\u{7F}') => "␡",
        Some(control) if control.is_control() => "�",
        _ => letter,
    }
}

/// Returns a text as a terminal may have it: on one line, control characters as symbols.
pub fn visible(text: &str) -> String {
    text.graphemes(true).map(shown).collect()
}

/// A letter as a reader sees it.
#[derive(Debug, Clone)]
pub(super) struct Cell<'t> {
    text: &'t str,
    is_marked: bool,
}

/// Returns the divergences with the beads they stand in, and a summary line.
pub fn divergences(comparison: &Comparison<'_>, style: Style) -> String {
    let (source, target) = (comparison.source, comparison.target);
    let lines = (Lines::new(&source.text), Lines::new(&target.text));
    let mut out = String::new();
    let (all, left_out) = comparison.shown();
    let mut is_shown = vec![false; all.len()];
    for (bead, numbers) in comparison.alignment.beads().iter().zip(comparison.by_bead(&all)) {
        let numbers =
            numbers.into_iter().filter(|number| !std::mem::replace(&mut is_shown[*number], true));
        let shown: Vec<Shown<'_>> = numbers.map(|number| all[number]).collect();
        let fresh: Vec<&Divergence> = shown.iter().map(|shown| shown.divergence).collect();
        if fresh.is_empty() {
            continue;
        }
        // A finding about several beads is shown with all of them.
        let all = |pick: fn(&Divergence) -> &[SegmentId], own: &[SegmentId]| -> Vec<SegmentId> {
            let mut ids: Vec<SegmentId> = fresh
                .iter()
                .flat_map(|d| pick(d).iter().copied())
                .chain(own.iter().copied())
                .collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let source_ids = all(|d| &d.source_segments, &bead.source);
        let target_ids = all(|d| &d.target_segments, &bead.target);
        let texts = (
            cells(source, &source_ids, &marked(&fresh, true)),
            cells(target, &target_ids, &marked(&fresh, false)),
        );
        let heads = (place(source, &source_ids, &lines.0), place(target, &target_ids, &lines.1));
        columns(&two(heads, texts), style, &mut out);
        for shown in &shown {
            note(*shown, style, &mut out);
        }
        out.push('\n');
    }
    if left_out > 0 {
        conclude(&not_shown(left_out), Paint::new(), style, &mut out);
    }
    conclude(&comparison.summary().to_string(), Paint::new().bold(), style, &mut out);
    out
}

/// Says how many findings are not shown.
pub(super) fn not_shown(count: usize) -> String {
    let count = counted(count, "more finding");
    format!("{count} not shown, none graver than these; --limit 0 or --format jsonl has all")
}

/// Returns the pairs, a row each, with their confidence; with `explain` what speaks for each.
pub fn alignment(comparison: &Comparison<'_>, style: Style, explain: bool) -> String {
    let (source, target) = (comparison.source, comparison.target);
    let lines = (Lines::new(&source.text), Lines::new(&target.text));
    let mut out = String::new();
    for bead in comparison.alignment.beads() {
        let reordered = if bead.reordered { ", reordered" } else { "" };
        let origin = match bead.origin {
            Origin::Machine => "",
            Origin::Person => ", by a person",
            Origin::Import => ", from a file",
        };
        let heads = (
            place(source, &bead.source, &lines.0),
            format!(
                "{} ({:.0} %{reordered}{origin})",
                place(target, &bead.target, &lines.1),
                bead.confidence * 100.0
            ),
        );
        let texts = (cells(source, &bead.source, &[]), cells(target, &bead.target, &[]));
        columns(&two(heads, texts), style, &mut out);
        if explain {
            evidence(comparison, bead, style, &mut out);
        }
        out.push('\n');
    }
    let summary = comparison.summary();
    let alone = comparison.alignment.beads().len() - summary.pairs;
    let line = format!(
        "{}, {}, {} without partner",
        summary.segments(),
        counted(summary.pairs, "pair"),
        counted(alone, "segment")
    );
    conclude(&line, Paint::new().bold(), style, &mut out);
    out
}

/// Returns the rows of several versions, side by side, with their confidence.
pub fn table(versions: &super::Versions<'_>, style: Style) -> String {
    let lines: Vec<Lines> = versions.documents.iter().map(|d| Lines::new(&d.text)).collect();
    let mut out = String::new();
    for (row, pairs) in versions.table.rows().iter().zip(versions.pairs()) {
        let last = versions.documents.len() - 1;
        let sides: Vec<Side<'_>> = versions
            .documents
            .iter()
            .zip(&row.segments)
            .enumerate()
            .map(|(number, (document, ids))| {
                let mut head = place(document, ids, &lines[number]);
                if number == last {
                    let reordered = if row.reordered { ", reordered" } else { "" };
                    let _ = write!(head, " ({:.0} %{reordered})", row.confidence * 100.0);
                }
                Side { head, text: cells(document, ids, &[]), mark: Mark::Source }
            })
            .collect();
        columns(&sides, style, &mut out);
        if !pairs.is_empty() {
            let _ = writeln!(out, "  {}", style.dim(&sureness(versions, &pairs)));
        }
        out.push('\n');
    }
    conclude(&versions.summary(), Paint::new().bold(), style, &mut out);
    out
}

/// Says how sure the beads of each two versions in a row are.
pub(super) fn sureness(versions: &super::Versions<'_>, pairs: &[super::PairOfRow]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|([source, target], beads)| {
            let (source, target) = (&versions.documents[*source], &versions.documents[*target]);
            let beads: Vec<String> = beads
                .iter()
                .map(|bead| {
                    format!(
                        "[{}]:[{}] {:.0} %",
                        numbers(source, &bead.source),
                        numbers(target, &bead.target),
                        bead.confidence * 100.0
                    )
                })
                .collect();
            format!("{}-{} {}", source.language, target.language, beads.join(" "))
        })
        .collect();
    pairs.join(", ")
}

/// Returns the numbers under which segments are known.
fn numbers(document: &Document, ids: &[SegmentId]) -> String {
    let numbers = ids.iter().filter_map(|id| document.segments.get(id.place()));
    numbers.map(|segment| segment.index.to_string()).collect::<Vec<_>>().join(",")
}

fn evidence(comparison: &Comparison<'_>, bead: &Bead, style: Style, out: &mut String) {
    let features: Vec<String> =
        bead.evidence.features.iter().map(|(name, nats)| format!("{name} {nats:+.1}")).collect();
    let mut line = format!(
        "segments [{}]:[{}]",
        numbers(comparison.source, &bead.source),
        numbers(comparison.target, &bead.target)
    );
    if !features.is_empty() {
        let _ = write!(line, ": {} (nats, more speaks for the pair)", features.join(", "));
    }
    let _ = writeln!(out, "  {}", style.dim(&line));
    let anchors: Vec<String> = bead
        .evidence
        .anchors
        .iter()
        .map(|anchor| {
            let kind = match anchor.kind {
                AnchorKind::ListNumber => "item",
                AnchorKind::Value => "value",
                AnchorKind::Name => "name",
                AnchorKind::Concept => "term",
            };
            format!(
                "{kind} {} = {}",
                visible(anchor.source.of(&comparison.source.text)),
                visible(anchor.target.of(&comparison.target.text))
            )
        })
        .collect();
    for line in wrapped(&anchors.join("; "), style.width.saturating_sub(2)) {
        let _ = writeln!(out, "  {}", style.dim(&line));
    }
}

/// Returns what changed between two revisions, and a summary line.
pub fn revision(
    old: &Document,
    new: &Document,
    changes: &[RevisionChange],
    style: Style,
) -> String {
    let lines = (Lines::new(&old.text), Lines::new(&new.text));
    let mut out = String::new();
    let changes = || changes.iter().filter(|change| change.is_change());
    for change in changes() {
        let heads = (place(old, &change.old, &lines.0), place(new, &change.new, &lines.1));
        let removed = cells(old, &change.old, &change.removed);
        let texts = (removed, cells(new, &change.new, &change.added));
        columns(&two(heads, texts), style, &mut out);
        let message = visible(&change.message(old, new));
        let label = change.label();
        let rest = message.strip_prefix(&label).unwrap_or_default();
        let color = match change.kind {
            _ if change.severity() == Severity::Error => AnsiColor::Red,
            RevisionKind::Added => AnsiColor::Green,
            RevisionKind::Removed => AnsiColor::Red,
            _ if change.severity() == Severity::Info => AnsiColor::Cyan,
            _ => AnsiColor::Yellow,
        };
        let paint = Paint::new().bold().fg_color(Some(color.into()));
        labelled(&label, paint, rest, style, &mut out);
        out.push('\n');
    }
    let total = changes().count();
    let parts: Vec<String> = RevisionKind::CHANGES
        .iter()
        .map(|kind| (changes().filter(|change| change.kind == *kind).count(), kind.name()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let line = match total {
        0 => format!("{}, no changes", counted(new.segments.len(), "segment")),
        _ => format!(
            "{}, {}: {}",
            counted(new.segments.len(), "segment"),
            counted(total, "change"),
            parts.join(", ")
        ),
    };
    conclude(&line, Paint::new().bold(), style, &mut out);
    out
}

fn note(shown: Shown<'_>, style: Style, out: &mut String) {
    let Shown { divergence: Divergence { kind, severity, message, .. }, reason } = shown;
    finding(*kind, *severity, message, reason, style, out);
}

/// Writes a finding: severity, code, type, message; of one that is passed over the reason.
pub(super) fn finding(
    kind: DivergenceType,
    severity: Severity,
    message: &str,
    reason: Option<&str>,
    style: Style,
    out: &mut String,
) {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Cyan,
    };
    let (label, paint) = match reason {
        Some(_) => ("suppressed", Paint::new().dimmed()),
        None => (severity.name(), Paint::new().bold().fg_color(Some(color.into()))),
    };
    let reason = reason.map_or_else(String::new, |reason| format!(" ({})", visible(reason)));
    let rest = format!(" {} {}: {}{reason}", kind.code(), kind.name(), visible(message));
    labelled(label, paint, &rest, style, out);
}

/// Writes what is said of a row: a painted label and the rest, wrapped and indented behind the label.
pub(super) fn labelled(label: &str, paint: Paint, rest: &str, style: Style, out: &mut String) {
    let indent = label.width() + 1;
    let gap = if rest.starts_with(' ') { " " } else { "" };
    let _ = write!(out, "{}{gap}", style.paint(label, paint));
    let lines = wrapped(rest, style.width.saturating_sub(indent));
    let _ = writeln!(out, "{}", lines.join(&format!("\n{:indent$}", "")));
}

/// Writes a line that sums up, wrapped.
pub(super) fn conclude(text: &str, paint: Paint, style: Style, out: &mut String) {
    for line in wrapped(text, style.width) {
        let _ = writeln!(out, "{}", style.paint(&line, paint));
    }
}

/// Names the place of segments: file and line.
pub(super) fn place(document: &Document, ids: &[SegmentId], lines: &Lines) -> String {
    match ids.first().and_then(|id| document.segments.get(id.place())) {
        Some(segment) => format!("{}:{}", document.name, lines.of(segment.span.start)),
        None => format!("{} has nothing here", document.name),
    }
}

/// Returns the letters of segments, blanks made single, marked where a span covers them.
pub(super) fn cells<'t>(
    document: &'t Document,
    ids: &[SegmentId],
    marks: &[Span],
) -> Vec<Cell<'t>> {
    let mut cells: Vec<Cell<'t>> = Vec::new();
    for id in ids {
        let Some(segment) = document.segments.get(id.place()) else { continue };
        if !cells.is_empty() {
            cells.push(Cell { text: " ", is_marked: false });
        }
        let mut marks = marks.iter().skip_while(|mark| mark.end <= segment.span.start).peekable();
        for (at, letter) in segment.span.of(&document.text).grapheme_indices(true) {
            let at = at + segment.span.start;
            while marks.next_if(|mark| mark.end <= at).is_some() {}
            let is_marked = marks.peek().is_some_and(|mark| mark.start <= at);
            let letter = shown(letter);
            match cells.last_mut() {
                Some(last) if letter == " " && last.text == " " => last.is_marked &= is_marked,
                _ => cells.push(Cell { text: letter, is_marked }),
            }
        }
    }
    cells
}

/// One text of a row.
pub(super) struct Side<'t> {
    pub(super) head: String,
    pub(super) text: Vec<Cell<'t>>,
    pub(super) mark: Mark,
}

fn two<'t>(heads: (String, String), texts: (Vec<Cell<'t>>, Vec<Cell<'t>>)) -> [Side<'t>; 2] {
    [
        Side { head: heads.0, text: texts.0, mark: Mark::Source },
        Side { head: heads.1, text: texts.1, mark: Mark::Target },
    ]
}

/// Writes texts side by side, or one above the other where there is no room.
pub(super) fn columns(sides: &[Side<'_>], style: Style, out: &mut String) {
    let count = sides.len().max(1);
    let gaps = 3 * (count - 1);
    let width = style.width.saturating_sub(gaps) / count;
    if style.width < SIDE_BY_SIDE || width < NARROWEST {
        for side in sides {
            let _ = writeln!(out, "{}", style.dim(&fitted(&side.head, style.width)));
            for line in lines_of(&side.text, style.width.saturating_sub(2), side.mark, style) {
                let _ = writeln!(out, "  {}", line.0);
            }
        }
        return;
    }
    let rows = |side: &Side<'_>| -> Vec<(String, usize)> {
        let head = fitted(&side.head, width);
        let head = (style.dim(&head), head.width());
        std::iter::once(head).chain(lines_of(&side.text, width, side.mark, style)).collect()
    };
    let sides: Vec<Vec<(String, usize)>> = sides.iter().map(rows).collect();
    for row in 0..sides.iter().map(Vec::len).max().unwrap_or(0) {
        let mut line = String::new();
        for (number, side) in sides.iter().enumerate() {
            let (text, own) = side.get(row).map_or(("", 0), |(text, own)| (text.as_str(), *own));
            if number > 0 {
                let _ = write!(line, " {} ", style.dim("│"));
            }
            let pad = if number + 1 < sides.len() { width - own.min(width) } else { 0 };
            let _ = write!(line, "{text}{:pad$}", "");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// Shortens a place from the left, where a path says least, so that the line stays in one piece.
fn fitted(head: &str, width: usize) -> String {
    let head = visible(head);
    if head.width() <= width {
        return head;
    }
    let mut kept = Vec::new();
    let mut used = "…".width();
    for letter in head.graphemes(true).rev() {
        used += letter.width();
        if used > width {
            break;
        }
        kept.push(letter);
    }
    std::iter::once("…").chain(kept.into_iter().rev()).collect()
}

/// Wraps plain text at a width in columns; blanks at the start of a line are dropped.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let cells: Vec<Cell<'_>> =
        text.graphemes(true).map(|text| Cell { text, is_marked: false }).collect();
    lines_of(&cells, width, Mark::Source, Style { width, color: false })
        .into_iter()
        .map(|(line, _)| line)
        .collect()
}

/// Wraps letters at a width: at blanks, and inside a word that is longer than a line. Returns each line and how many
/// columns it takes.
fn lines_of(cells: &[Cell<'_>], width: usize, mark: Mark, style: Style) -> Vec<(String, usize)> {
    let width = width.max(8);
    let signs = if style.color { ("", "") } else { mark.signs() };
    let sign_width = signs.0.width();
    let mut lines = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        if cells[at].text == " " {
            at += 1;
            continue;
        }
        // How far the line reaches, marks of a marked stretch counted.
        let (mut used, mut end, mut last_blank) = (0, at, None);
        let mut is_marked = false;
        while end < cells.len() {
            let cell = &cells[end];
            let opening = if cell.is_marked && !is_marked { 2 * sign_width } else { 0 };
            let next = used + opening + cell.text.width();
            if next > width {
                break;
            }
            used = next;
            is_marked = cell.is_marked;
            if cell.text == " " {
                last_blank = Some(end);
            }
            end += 1;
        }
        if end < cells.len()
            && cells[end].text != " "
            && let Some(blank) = last_blank
        {
            end = blank;
        }
        end = end.max(at + 1);
        lines.push(painted(&cells[at..end], mark, signs, style));
        at = end;
    }
    lines
}

fn painted(cells: &[Cell<'_>], mark: Mark, signs: (&str, &str), style: Style) -> (String, usize) {
    let trimmed = cells.iter().rposition(|cell| cell.text != " ").map_or(0, |last| last + 1);
    let (mut line, mut width) = (String::new(), 0);
    for run in cells[..trimmed].chunk_by(|one, other| one.is_marked == other.is_marked) {
        let text: String = run.iter().map(|cell| cell.text).collect();
        width += text.width();
        if run[0].is_marked {
            width += signs.0.width() + signs.1.width();
            line.push_str(&style.paint(&format!("{}{text}{}", signs.0, signs.1), mark.paint()));
        } else {
            line.push_str(&text);
        }
    }
    (line, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells_of(text: &str, marks: &[bool]) -> Vec<(String, usize)> {
        let cells: Vec<Cell<'_>> = text
            .graphemes(true)
            .enumerate()
            .map(|(at, text)| Cell { text, is_marked: marks.get(at).copied().unwrap_or(false) })
            .collect();
        lines_of(&cells, 12, Mark::Target, Style { width: 12, color: false })
    }

    #[test]
    fn text_is_wrapped_at_blanks() {
        let lines: Vec<String> =
            cells_of("Qışda yol bağlı qalır", &[]).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, ["Qışda yol", "bağlı qalır"]);
    }

    #[test]
    fn a_long_path_is_shortened_from_the_left() {
        assert_eq!(fitted("a/long/path/letter.en.txt:127", 19), "…/letter.en.txt:127");
        assert_eq!(fitted("letter.en.txt:127", 17), "letter.en.txt:127");
    }

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(visible("a\u{1B}[31m\tb\r\n\u{7F}\u{9B}\0 ə"), "a␛[31m b ␡�␀ ə");
        for code in 0..=0x1Fu8 {
            let picture = shown(std::str::from_utf8(&[code]).unwrap()).chars().next().unwrap();
            let is_picture = picture == char::from_u32(0x2400 + u32::from(code)).unwrap();
            assert!(is_picture || picture == ' ', "{code}");
        }
    }

    #[test]
    fn marks_are_signs_without_colour() {
        let lines = cells_of("37 gün", &[true, true, true, true, true, true]);
        assert_eq!(lines[0].0, "{+37 gün+}");
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "(\\PC{0,20}| |ə|中|e\u{301}){0,12}", width in 8usize..60, marks in proptest::collection::vec(proptest::bool::ANY, 0..60)) {
            let cells: Vec<Cell<'_>> = text
                .graphemes(true)
                .enumerate()
                .map(|(at, text)| Cell { text, is_marked: marks.get(at).copied().unwrap_or(false) })
                .collect();
            for (line, columns) in lines_of(&cells, width, Mark::Source, Style { width, color: false }) {
                // A single letter may be wider than the line when it is marked.
                proptest::prop_assert!(columns <= width || line.graphemes(true).count() <= 5, "{line:?} {columns} > {width}");
            }
        }
    }
}
