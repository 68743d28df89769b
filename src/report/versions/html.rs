//! The page of several versions: a column a version, all texts whole, what differs marked, the findings under each row.
//!
//! The list of findings, the filter and what the types mean are those of the page of
//! [two versions](super::super::html::divergences).

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::Lines;
use super::super::html::findings::{LONG, counts, kept, left_out, legend, short};
use super::super::html::{heads, page, side_with, tools};
use super::super::terminal::Mark;
use super::{Disagreements, Marked, Shown, disjoint, marked};
use crate::model::{DivergenceType, Document, SegmentId, Severity, Span};
use crate::text::counted;

/// Versions that fit side by side on a screen; more are wider than it and move sideways.
const SIDE_BY_SIDE: usize = 4;

/// Returns the page of the disagreements.
pub fn html(report: &Disagreements<'_>) -> String {
    let (shown, not_shown) = report.shown();
    let documents = report.documents;
    let found = Page {
        by_row: report.by_row(&shown),
        lines: documents.iter().map(|document| Lines::new(&document.text)).collect(),
        report,
        shown,
    };
    let mut by_type: BTreeMap<DivergenceType, usize> = BTreeMap::new();
    found.shown.iter().for_each(|shown| *by_type.entry(shown.found.kind).or_default() += 1);
    let types: Vec<(&str, usize)> =
        by_type.iter().map(|(kind, count)| (kind.name(), *count)).collect();
    let names: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    let classes: Vec<&str> = [
        (found.by_row.len() > LONG).then_some("long"),
        (documents.len() > SIDE_BY_SIDE).then_some("many"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let main = html! {
        (counts(&by_type, not_shown))
        (tools(found.shown.iter().map(Shown::weight), &types, "only rows with findings"))
        div class="page" {
            (found.index())
            main class=(classes.join(" ")) style={ "--versions: " (documents.len()) } {
                (heads(documents))
                (found.rows())
            }
        }
        (legend(by_type.into_keys()))
    };
    page(&names.join(", "), &report.summary(), &main)
}

struct Page<'a> {
    report: &'a Disagreements<'a>,
    shown: Vec<Shown<'a>>,
    /// For each row the numbers of its disagreements, from 0.
    by_row: Vec<Vec<usize>>,
    /// The lines of each version.
    lines: Vec<Lines>,
}

impl Page<'_> {
    /// The list of disagreements, each with a link to its place.
    fn index(&self) -> Markup {
        html! {
            nav class="index" aria-label="Findings" {
                details open {
                    summary { (counted(self.shown.len(), "finding")) }
                    ol {
                        @for (number, shown) in self.shown.iter().enumerate() {
                            li class=(shown.weight()) data-number=(number) {
                                a href={ "#f" (number + 1) } {
                                    b { (shown.weight()) } " " (shown.found.kind.name())
                                    @if let Some(odd) = self.report.odd(shown.found) { " in " (odd) }
                                    (self.values(shown))
                                    span class="at" { (self.places(shown)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What the versions say, those that say the same in one.
    fn values(&self, shown: &Shown<'_>) -> Markup {
        let mut texts: Vec<&str> = Vec::new();
        for text in shown.found.stands.iter().filter_map(|stand| stand.text.as_deref()) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let is_absence =
            shown.found.odd.is_some_and(|odd| shown.found.stands[odd].segments.is_empty());
        texts.truncate(if is_absence { 1 } else { texts.len() });
        let texts: Vec<String> = texts.into_iter().map(short).collect();
        html! { @if !texts.is_empty() { span class="values" { (texts.join(" · ")) } } }
    }

    /// The lines of a disagreement: `en 12, az 12, ru 13`.
    fn places(&self, shown: &Shown<'_>) -> String {
        let versions = self.report.documents.iter().zip(&shown.found.stands).zip(&self.lines);
        let places = versions.filter_map(|((document, stand), lines)| {
            stand.span.map(|span| format!("{} {}", document.language, lines.of(span.start)))
        });
        places.collect::<Vec<_>>().join(", ")
    }

    fn rows(&self) -> Markup {
        let rows = self.report.table.rows();
        let kept = kept(&self.by_row);
        let mut first = vec![true; self.shown.len()];
        let mut out = Vec::new();
        let mut gap = 0;
        for (place, (row, own)) in rows.iter().zip(&self.by_row).enumerate() {
            if !kept[place] {
                gap += 1;
                continue;
            }
            out.push(left_out(gap, "row"));
            gap = 0;
            let told = own.iter().map(|number| self.shown[*number]).filter(|s| s.reason.is_none());
            let worst = told.map(|shown| shown.found.severity).max().map_or("", Severity::name);
            let versions = self.report.documents.iter().zip(&row.segments).enumerate();
            out.push(html! {
                section class={ "row " (worst) } id={ "b" (place + 1) } {
                    div class="texts" {
                        @for (version, (document, ids)) in versions { (self.side(version, document, ids, own)) }
                    }
                    @if !own.is_empty() {
                        ul class="notes" {
                            @for number in own {
                                (self.note(*number, std::mem::take(&mut first[*number])))
                            }
                        }
                    }
                }
            });
        }
        out.push(left_out(gap, "row"));
        html! { @for row in out { (row) } }
    }

    /// The text of a version in a row.
    fn side(
        &self,
        version: usize,
        document: &Document,
        ids: &[SegmentId],
        own: &[usize],
    ) -> Markup {
        let shown: Vec<Shown<'_>> = own.iter().map(|number| self.shown[*number]).collect();
        let marks = marked(&shown, version);
        let spans = disjoint(marks.iter().map(|marked| marked.span).collect());
        let write = |text: &str, span: Span| {
            let of: Vec<&Marked> = marks.iter().filter(|own| own.span.overlaps(span)).collect();
            let is_odd = of.iter().any(|marked| marked.mark == Mark::Source);
            let class = if is_odd { Mark::Source } else { Mark::Target }.class();
            let numbers: Vec<String> =
                of.iter().map(|marked| own[marked.number].to_string()).collect();
            html! { mark class=(class) data-of=(numbers.join(" ")) { (text) } }
        };
        let is_odd = shown.iter().any(|shown| shown.found.odd == Some(version));
        let class = is_odd.then_some("odd");
        side_with((document, ids), &spans, &self.lines[version], class, write)
    }

    /// A disagreement under its row. One that concerns several rows stands under each, and the first has its number as id.
    fn note(&self, number: usize, is_first: bool) -> Markup {
        let shown = &self.shown[number];
        let found = shown.found;
        let weight = shown.weight();
        html! {
            li id=[is_first.then(|| format!("f{}", number + 1))] class=(weight) tabindex="-1" data-number=(number) data-severity=(weight) data-type=(found.kind.name()) {
                b { (weight) } " " (found.message)
                @if let Some(reason) = shown.reason { " (" (reason) ")" }
                " " a href={ "#" (found.kind.code()) } { code { (found.kind.code()) " " (found.kind.name()) } }
            }
        }
    }
}
