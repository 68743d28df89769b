//! One self-contained HTML page: both texts whole, side by side, with what diverges marked.
//!
//! The page needs no network and no script to be read; the script only filters and jumps. It follows the reader's light
//! or dark setting, stands in one column on a phone, and prints without its tools.

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Comparison, Lines, disjoint, marked};
use crate::diff::revision::{RevisionChange, RevisionKind};
use crate::model::{Divergence, DivergenceType, Document, SegmentId, SegmentKind, Severity, Span};
use crate::text::counted;

const CSS: &str = include_str!("assets/page.css");
const JS: &str = include_str!("assets/page.js");

/// Returns the page of a comparison with its divergences.
pub fn divergences(comparison: &Comparison<'_>) -> String {
    let types: BTreeSet<&str> = comparison.divergences.iter().map(|d| d.kind.name()).collect();
    let title = format!("{} and {}", comparison.source.name, comparison.target.name);
    let rows = rows(comparison, false);
    let main = html! {
        (tools(&types))
        main {
            (heads([comparison.source, comparison.target]))
            (rows)
        }
    };
    page(&title, &comparison.summary().to_string(), &main)
}

/// Returns the page of an alignment; with `explain` what speaks for each pair.
pub fn alignment(comparison: &Comparison<'_>, explain: bool) -> String {
    let title = format!("{} and {}", comparison.source.name, comparison.target.name);
    let summary = comparison.summary();
    let line = format!("{}, {}", summary.segments(), counted(summary.pairs, "pair"));
    let main = html! {
        main {
            (heads([comparison.source, comparison.target]))
            (rows(comparison, true))
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
    let count = changes.iter().filter(|change| change.is_change()).count();
    let lines = (Lines::new(&old.text), Lines::new(&new.text));
    let main = html! {
        main {
            (heads([old, new]))
            @for change in changes {
                @let ids = |id: Option<SegmentId>| id.into_iter().collect::<Vec<_>>();
                section class={ "row " (revision_class(change.kind)) } {
                    div class="texts" {
                        (side(old, &ids(change.old), &change.removed, &lines.0, "source"))
                        (side(new, &ids(change.new), &change.added, &lines.1, "target"))
                    }
                    @if change.is_change() {
                        ul class="notes" {
                            li class=(revision_class(change.kind)) {
                                b { (change.kind.name()) }
                                @for (gone, come) in &change.values { " " (gone) " → " (come) }
                            }
                        }
                    }
                }
            }
        }
    };
    page(&title, &counted(count, "change"), &main)
}

fn revision_class(kind: RevisionKind) -> &'static str {
    match kind {
        RevisionKind::Unchanged => "",
        RevisionKind::Edited => "warning",
        RevisionKind::Added | RevisionKind::Moved => "info",
        RevisionKind::Removed => "error",
    }
}

fn page(title: &str, summary: &str, main: &Markup) -> String {
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

fn tools(types: &BTreeSet<&str>) -> Markup {
    html! {
        nav class="tools" aria-label="Filter" {
            form hidden {
                @for (value, label) in [("error", "errors"), ("warning", "warnings"), ("info", "info")] {
                    label { input type="checkbox" name="severity" value=(value) checked; (label) }
                }
                label {
                    "type "
                    select name="type" {
                        option value="" { "all" }
                        @for name in types { option value=(name) { (name) } }
                    }
                }
                label { input type="checkbox" name="only" checked; "only divergences" }
                output class="quiet" {}
                span class="push" {
                    button type="button" value="-1" { "previous" } " "
                    button type="button" value="1" { "next" }
                }
            }
        }
    }
}

fn heads<'d>(documents: impl IntoIterator<Item = &'d Document>) -> Markup {
    html! {
        div class="heads" {
            @for document in documents {
                div { (document.name) " " span class="quiet" { (document.language) } }
            }
        }
    }
}

fn rows(comparison: &Comparison<'_>, with_confidence: bool) -> Markup {
    let (source, target) = (comparison.source, comparison.target);
    let lines = (Lines::new(&source.text), Lines::new(&target.text));
    html! {
        @for (place, bead) in comparison.alignment.beads().iter().enumerate() {
            @let found = comparison.of_bead(bead);
            @let worst = found.iter().map(|d| d.severity).max().map_or("", Severity::name);
            section class={ "row " (worst) } id={ "b" (place + 1) } {
                div class="texts" {
                    (side(source, &bead.source, &marks(&found, true), &lines.0, "source"))
                    (side(target, &bead.target, &marks(&found, false), &lines.1, "target"))
                }
                @if !found.is_empty() { (notes(comparison, &found)) }
                @if with_confidence { p class="at" { (sureness(bead.confidence, bead.reordered)) } }
            }
        }
    }
}

fn sureness(confidence: f64, is_reordered: bool) -> String {
    let reordered = if is_reordered { ", reordered" } else { "" };
    format!("confidence {:.0} %{reordered}", confidence * 100.0)
}

/// Returns the spans that are marked on a side of a row. Where a term is missing, or segments changed places, no words
/// differ: the whole segments are marked.
fn marks(found: &[&Divergence], is_source: bool) -> Vec<Span> {
    let is_whole = |d: &&&Divergence| {
        matches!(d.kind, DivergenceType::Order)
            || (d.kind == DivergenceType::Term && d.found.is_none() && !is_source)
    };
    let whole = found.iter().filter(is_whole);
    let whole = whole.filter_map(|d| if is_source { d.source_span } else { d.target_span });
    disjoint(marked(found, is_source).into_iter().chain(whole).collect())
}

/// The findings of a row. One that concerns several rows stands in each, with the same number.
fn notes(comparison: &Comparison<'_>, found: &[&Divergence]) -> Markup {
    let number =
        |d: &Divergence| comparison.divergences.iter().position(|other| std::ptr::eq(other, d));
    html! {
        ul class="notes" {
            @for d in found {
                li class=(d.severity.name()) data-number=(number(d).unwrap_or(0)) data-severity=(d.severity.name()) data-type=(d.kind.name()) {
                    b { (d.severity.name()) } " " (d.message) " " code { (d.kind.code()) " " (d.kind.name()) }
                }
            }
        }
    }
}

/// One side of a row: the line it stands on and its text with marks.
fn side(
    document: &Document,
    ids: &[SegmentId],
    marks: &[Span],
    lines: &Lines,
    class: &str,
) -> Markup {
    let segments: Vec<_> = ids.iter().filter_map(|id| document.segments.get(id.place())).collect();
    html! {
        div lang=(document.language) dir="auto" {
            @match segments.first() {
                None => p class="nothing" lang="en" { span class="tag" { (document.language) " " } "nothing here" },
                Some(first) => {
                    span class="at" { span class="tag" { (document.language) " " } (lines.of(first.span.start)) }
                    @for segment in &segments {
                        p class=(if segment.kind == SegmentKind::Heading { "heading" } else { "" }) {
                            @for (text, is_marked) in pieces(&document.text, segment.span, marks) {
                                @if is_marked { mark class=(class) { (text) } } @else { (text) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Cuts a segment at the marks; the marks are in order and disjoint.
fn pieces<'t>(text: &'t str, span: Span, marks: &[Span]) -> Vec<(&'t str, bool)> {
    let mut pieces = Vec::new();
    let mut at = span.start;
    for mark in marks.iter().filter(|mark| mark.overlaps(span)) {
        let (start, end) = (mark.start.max(at), mark.end.min(span.end));
        pieces.push((Span::new(at, start).of(text), false));
        pieces.push((Span::new(start, end).of(text), true));
        at = end.max(at);
    }
    pieces.push((Span::new(at, span.end).of(text), false));
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
    fn where_no_words_differ_the_whole_segment_is_marked() {
        let finding = |kind, found: Option<&str>| Divergence {
            kind,
            subtype: "",
            severity: Severity::Warning,
            source_segments: vec![SegmentId(0)],
            target_segments: vec![SegmentId(0)],
            source_span: Some(Span::new(0, 3)),
            target_span: Some(Span::new(0, 9)),
            expected: None,
            found: found.map(str::to_owned),
            message: String::new(),
        };
        let marked = |finding: &Divergence| (marks(&[finding], true), marks(&[finding], false));
        let (source, target) = marked(&finding(DivergenceType::Term, None));
        assert_eq!((source.len(), target), (0, vec![Span::new(0, 9)]));
        let (source, target) = marked(&finding(DivergenceType::Order, None));
        assert_eq!((source.len(), target.len()), (1, 1));
        let (_, target) = marked(&finding(DivergenceType::Number, None));
        assert_eq!(target.len(), 0);
    }

    #[test]
    fn marks_cut_a_segment_into_pieces() {
        let text = "Yol 37 gün bağlı";
        let found = pieces(text, Span::new(0, text.len()), &[Span::new(4, 6)]);
        assert_eq!(found, [("Yol ", false), ("37", true), (" gün bağlı", false)]);
    }
}
