//! One self-contained HTML page: both texts whole, side by side, with what diverges marked.
//!
//! The page needs no network and no script to be read; the script only filters and jumps. It follows the reader's light
//! or dark setting, stands in one column on a phone, and prints without its tools.

pub(super) mod findings;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Comparison, Lines};
use crate::diff::revision::{RevisionChange, RevisionKind};
use crate::model::{Document, SegmentId, SegmentKind, Span};
use crate::text::counted;

pub use findings::divergences;

const CSS: &str = include_str!("assets/page.css");
const JS: &str = include_str!("assets/page.js");

/// Returns the page of an alignment; with `explain` what speaks for each pair.
pub fn alignment(comparison: &Comparison<'_>, explain: bool) -> String {
    let title = format!("{} and {}", comparison.source.name, comparison.target.name);
    let summary = comparison.summary();
    let line = format!("{}, {}", summary.segments(), counted(summary.pairs, "pair"));
    let main = html! {
        main {
            (heads([comparison.source, comparison.target]))
            (rows(comparison))
            @if explain { (evidence(comparison)) }
        }
    };
    page(&title, &line, &main)
}

/// Returns the page of several versions.
pub fn table(versions: &super::Versions<'_>) -> String {
    let documents = versions.documents;
    let names: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    let lines: Vec<Lines> = documents.iter().map(|d| Lines::new(&d.text)).collect();
    let main = html! {
        main style={ "--versions: " (documents.len()) } {
            (heads(documents))
            @for (number, (row, pairs)) in versions.table.rows().iter().zip(versions.pairs()).enumerate() {
                section class="row" id={ "b" (number + 1) } {
                    div class="texts" {
                        @for ((document, ids), lines) in documents.iter().zip(&row.segments).zip(&lines) {
                            (side(document, ids, &[], lines, ""))
                        }
                    }
                    p class="at" {
                        (sureness(row.confidence, row.reordered))
                        @if !pairs.is_empty() { ": " (super::terminal::sureness(versions, &pairs)) }
                    }
                }
            }
        }
    };
    page(&names.join(", "), &versions.summary(), &main)
}

/// Returns the page of two revisions: the newer one whole, with what changed.
pub fn revision(old: &Document, new: &Document, changes: &[RevisionChange]) -> String {
    let title = format!("{} and {}", old.name, new.name);
    let told = || changes.iter().filter(|change| change.is_change());
    let kinds: Vec<(&str, usize)> = RevisionKind::CHANGES
        .into_iter()
        .map(|kind| (kind.name(), told().filter(|change| change.kind == kind).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let lines = (Lines::new(&old.text), Lines::new(&new.text));
    let main = html! {
        (tools(told().map(|change| change.severity().name()), &kinds, "only changes"))
        main {
            (heads([old, new]))
            @for (number, change) in changes.iter().enumerate() {
                @let class = if change.is_change() { change.severity().name() } else { "" };
                section class={ "row " (class) } id={ "b" (number + 1) } {
                    div class="texts" {
                        (side(old, &change.old, &change.removed, &lines.0, "source"))
                        (side(new, &change.new, &change.added, &lines.1, "target"))
                    }
                    @if change.is_change() {
                        ul class="notes" {
                            li class=(class) data-number=(number) data-severity=(class) data-type=(change.kind.name()) {
                                b { (class) } " " (change.message(old, new))
                            }
                        }
                    }
                }
            }
        }
    };
    page(&title, &counted(told().count(), "change"), &main)
}

pub(super) fn page(title: &str, summary: &str, main: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="qosha";
                title { (title) }
                style { (PreEscaped(CSS)) }
            }
            body {
                header {
                    h1 { (title) }
                    p class="summary" { (summary) }
                }
                (main)
                footer { "Made by qosha " (env!("CARGO_PKG_VERSION")) ". Keys: n next, p previous divergence." }
                script { (PreEscaped(JS)) }
            }
        }
    };
    page.into_string()
}

/// The filter of a page: how grave, of which type, and next and previous. `weights` has the word for how grave each note is,
/// `types` how many notes of each type there are.
pub(super) fn tools<'n>(
    weights: impl Iterator<Item = &'n str>,
    types: &[(&str, usize)],
    only: &str,
) -> Markup {
    let words: Vec<&str> = weights.collect();
    let labels = [
        ("error", "errors"),
        ("warning", "warnings"),
        ("info", "info"),
        ("suppressed", "suppressed"),
    ];
    html! {
        nav class="tools" aria-label="Filter" {
            form hidden {
                @for (value, label) in labels {
                    @let count = words.iter().filter(|word| **word == value).count();
                    @if count > 0 {
                        label { input type="checkbox" name="severity" value=(value) checked; (label) " " (count) }
                    }
                }
                label {
                    "type "
                    select name="type" {
                        option value="" { "all" }
                        @for (name, count) in types {
                            option value=(name) { (name) " (" (count) ")" }
                        }
                    }
                }
                label { input type="checkbox" name="only"; (only) }
                span class="push" {
                    output class="quiet" {}
                    " "
                    button type="button" value="-1" title="key p" { "previous" } " "
                    button type="button" value="1" title="key n" { "next" }
                }
            }
        }
    }
}

pub(super) fn heads<'d>(documents: impl IntoIterator<Item = &'d Document>) -> Markup {
    html! {
        div class="heads" {
            @for document in documents {
                div { (document.name) " " span class="quiet" { (document.language) } }
            }
        }
    }
}

fn rows(comparison: &Comparison<'_>) -> Markup {
    let (source, target) = (comparison.source, comparison.target);
    let lines = (Lines::new(&source.text), Lines::new(&target.text));
    html! {
        @for (place, bead) in comparison.alignment.beads().iter().enumerate() {
            section class="row" id={ "b" (place + 1) } {
                div class="texts" {
                    (side(source, &bead.source, &[], &lines.0, ""))
                    (side(target, &bead.target, &[], &lines.1, ""))
                }
                p class="at" { (sureness(bead.confidence, bead.reordered)) }
            }
        }
    }
}

fn sureness(confidence: f64, is_reordered: bool) -> String {
    let reordered = if is_reordered { ", reordered" } else { "" };
    format!("confidence {:.0} %{reordered}", confidence * 100.0)
}

/// One side of a row: the line it stands on and its text with marks.
pub(super) fn side(
    document: &Document,
    ids: &[SegmentId],
    marks: &[Span],
    lines: &Lines,
    class: &str,
) -> Markup {
    let mark = |text: &str, _| html! { mark class=(class) { (text) } };
    side_with((document, ids), marks, lines, None, mark)
}

/// One side of a row, perhaps with a class, and with each marked piece as `mark` writes it; it is told the text and the mark's
/// bytes.
pub(super) fn side_with(
    (document, ids): (&Document, &[SegmentId]),
    marks: &[Span],
    lines: &Lines,
    class: Option<&str>,
    mark: impl Fn(&str, Span) -> Markup,
) -> Markup {
    let segments: Vec<_> = ids.iter().filter_map(|id| document.segments.get(id.place())).collect();
    html! {
        div class=[class] lang=(document.language) dir="auto" {
            @match segments.first() {
                None => p class="nothing" lang="en" { span class="tag" { (document.language) " " } "nothing here" },
                Some(first) => {
                    span class="at" { span class="tag" { (document.language) " " } (lines.of(first.span.start)) }
                    @for segment in &segments {
                        p class=(if segment.kind == SegmentKind::Heading { "heading" } else { "" }) {
                            @for (text, own) in pieces(&document.text, segment.span, marks) {
                                @match own { Some(own) => (mark(text, own)), None => (text) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Cuts a segment at the marks, each piece with its mark; the marks are in order and disjoint.
fn pieces<'t>(text: &'t str, span: Span, marks: &[Span]) -> Vec<(&'t str, Option<Span>)> {
    let mut pieces = Vec::new();
    let mut at = span.start;
    for mark in marks.iter().filter(|mark| mark.overlaps(span)) {
        let (start, end) = (mark.start.max(at), mark.end.min(span.end));
        pieces.push((Span::new(at, start).of(text), None));
        pieces.push((Span::new(start, end).of(text), Some(*mark)));
        at = end.max(at);
    }
    pieces.push((Span::new(at, span.end).of(text), None));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

fn evidence(comparison: &Comparison<'_>) -> Markup {
    html! {
        details {
            summary { "What speaks for each pair" }
            @for (place, bead) in comparison.alignment.beads().iter().enumerate() {
                @if !bead.evidence.features.is_empty() {
                    p {
                        a href={ "#b" (place + 1) } { (place + 1) } ": "
                        @for (name, nats) in &bead.evidence.features { (name) " " (format!("{nats:+.1}")) " " }
                        @for anchor in &bead.evidence.anchors {
                            "· " (anchor.source.of(&comparison.source.text)) " = " (anchor.target.of(&comparison.target.text)) " "
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Alignment, Language, Origin};
    use crate::segment;

    #[test]
    fn texts_are_escaped() {
        let document = |name: &str, text: &str, language| {
            segment::document(name, text.to_owned(), language, &segment::Options::default())
        };
        let source = document("<en>", "Read <script>alert(1)</script> & weep.", Language::EN);
        let target = document("az", "Oxuyun.", Language::AZ);
        let bead =
            crate::model::Bead::settled(vec![SegmentId(0)], vec![SegmentId(0)], Origin::Person);
        let alignment =
            Alignment::new(source.segments.len(), target.segments.len(), vec![bead]).unwrap();
        let page = alignment_page(&source, &target, &alignment);
        assert!(
            page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; weep.")
                && !page.contains("<script>alert")
        );
        assert!(page.contains("lang=\"az\"") && page.contains("<span class=\"tag\">az </span>"));
    }

    fn alignment_page(source: &Document, target: &Document, alignment: &Alignment) -> String {
        super::alignment(&Comparison::new(source, target, alignment, Vec::new()), true)
    }

    #[test]
    fn changes_can_be_filtered_by_kind() {
        let document = |name: &str, text: &str| {
            let text = text.to_owned();
            segment::document(name, text, Language::EN, &segment::Options::default())
        };
        let old = document("old", "We came. It takes 47 days.");
        let new = document("new", "We came. It takes 37 days.");
        let page = revision(&old, &new, &crate::diff::revision::revisions(&old, &new));
        assert!(page.contains("<option value=\"edited\">edited (1)</option>"));
        assert!(page.contains("data-severity=\"error\" data-type=\"edited\""));
        assert_eq!(page.matches("data-type=").count(), 1);
    }

    #[test]
    fn marks_cut_a_segment_into_pieces() {
        let text = "Yol 37 gün bağlı";
        let mark = Span::new(4, 6);
        let found = pieces(text, Span::new(0, text.len()), &[mark]);
        assert_eq!(found, [("Yol ", None), ("37", Some(mark)), (" gün bağlı", None)]);
    }
}
