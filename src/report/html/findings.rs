//! The page of two versions and their findings.
//!
//! ```text
//! title, counts
//! filter: severities, type, next, previous               (with script)
//! list of findings  │  both texts whole, what differs marked, the findings under each pair
//! what the types mean
//! ```
//! Findings are numbered `f1`, `f2`, … in the order of the texts; the list and the keys jump to these. A page holds at most
//! [`Comparison::limit`] findings, and of very long texts the surroundings of findings only; what is left out is told
//! where it is.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{heads, page, side_with, tools};
use crate::diff::explain;
use crate::model::{DivergenceType, Document, Severity, Span};
use crate::report::{Comparison, Lines, Shown, disjoint};
use crate::text::counted;

/// Pairs up to which a page holds the texts whole. Measured with 5,000 pairs and 1,000 findings (2.4 MB, Chromium, two shared
/// cores): it opens in 1.0 s and jumps in 0.14 s; slowed down six times, as a phone may be, in 6.4 s and 0.4 s.
const WHOLE: usize = 5_000;

/// Pairs from which on the browser lays out only what is seen; jumps are then less exact while it has not seen the rest.
pub(in crate::report) const LONG: usize = 1000;

/// Pairs that are kept before and behind each finding where the texts are not whole.
const AROUND: usize = 3;

/// Returns the page of a comparison with its divergences.
pub fn divergences(comparison: &Comparison<'_>) -> String {
    let (source, target) = (comparison.source, comparison.target);
    let (shown, left_out) = comparison.shown();
    let shown = in_order_of_place(comparison, shown);
    let findings = Findings {
        by_bead: comparison.by_bead(&shown),
        lines: [Lines::new(&source.text), Lines::new(&target.text)],
        comparison,
        shown,
    };
    let title = format!("{} and {}", source.name, target.name);
    let main = html! {
        (counts(&findings.by_type(), left_out))
        (findings.tools())
        div class="page" {
            (findings.index())
            main class=[(findings.by_bead.len() > LONG).then_some("long")] {
                (heads([source, target]))
                (findings.rows())
            }
        }
        (legend(findings.by_type().into_keys()))
    };
    page(&title, &comparison.summary().to_string(), &main)
}

/// Puts findings in the order of the pairs they first stand under, those that are passed over among the others.
fn in_order_of_place<'a>(comparison: &Comparison<'_>, shown: Vec<Shown<'a>>) -> Vec<Shown<'a>> {
    let mut places = vec![usize::MAX; shown.len()];
    for (place, numbers) in comparison.by_bead(&shown).into_iter().enumerate() {
        for number in numbers {
            places[number] = places[number].min(place);
        }
    }
    let mut placed: Vec<(usize, Shown<'a>)> = places.into_iter().zip(shown).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, shown)| shown).collect()
}

struct Findings<'a> {
    comparison: &'a Comparison<'a>,
    shown: Vec<Shown<'a>>,
    /// For each bead the numbers of its findings, from 0.
    by_bead: Vec<Vec<usize>>,
    /// The lines of source and target.
    lines: [Lines; 2],
}

/// Returns the word for how grave a finding is, which is its class too.
fn weight(shown: &Shown<'_>) -> &'static str {
    if shown.reason.is_some() { "suppressed" } else { shown.divergence.severity.name() }
}

impl Findings<'_> {
    /// How many findings there are of each type, in the order of the types.
    fn by_type(&self) -> BTreeMap<DivergenceType, usize> {
        let mut counts = BTreeMap::new();
        for shown in &self.shown {
            *counts.entry(shown.divergence.kind).or_default() += 1;
        }
        counts
    }

    fn tools(&self) -> Markup {
        let weights = self.shown.iter().map(weight);
        let types: Vec<(&str, usize)> =
            self.by_type().into_iter().map(|(kind, count)| (kind.name(), count)).collect();
        tools(weights, &types, "only pairs with findings")
    }

    /// The list of findings, each with a link to its place.
    fn index(&self) -> Markup {
        let line = |document: &Document, lines: &Lines, span: Option<Span>| {
            span.map(|span| format!("{} {}", document.language, lines.of(span.start)))
        };
        html! {
            nav class="index" aria-label="Findings" {
                details open {
                    summary { (counted(self.shown.len(), "finding")) }
                    ol {
                        @for (number, shown) in self.shown.iter().enumerate() {
                            @let d = shown.divergence;
                            @let source = line(self.comparison.source, &self.lines[0], d.source_span);
                            @let target = line(self.comparison.target, &self.lines[1], d.target_span);
                            li class=(weight(shown)) data-number=(number) {
                                a href={ "#f" (number + 1) } {
                                    b { (weight(shown)) } " " (d.kind.name())
                                    @if let (Some(expected), Some(found)) = (&d.expected, &d.found) {
                                        span class="values" { (short(expected)) " → " (short(found)) }
                                    } @else if let Some(value) = d.expected.as_ref().or(d.found.as_ref()) {
                                        span class="values" { (short(value)) }
                                    }
                                    span class="at" { (source.into_iter().chain(target).collect::<Vec<_>>().join(", ")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn rows(&self) -> Markup {
        let beads = self.comparison.alignment.beads();
        let kept = kept(&self.by_bead);
        let mut first = vec![true; self.shown.len()];
        let mut out = Vec::new();
        let mut gap = 0;
        for (place, (bead, own)) in beads.iter().zip(&self.by_bead).enumerate() {
            if !kept[place] {
                gap += 1;
                continue;
            }
            out.push(left_out(gap, "pair"));
            gap = 0;
            let worst = own.iter().map(|number| self.shown[*number]).filter(|s| s.reason.is_none());
            let worst = worst.map(|s| s.divergence.severity).max().map_or("", Severity::name);
            let [source_lines, target_lines] = &self.lines;
            let side = |is_source: bool| {
                let marks = self.marks(own, is_source);
                let spans = disjoint(marks.iter().map(|(span, _)| *span).collect());
                let class = if is_source { "source" } else { "target" };
                let mark = |text: &str, span: Span| {
                    let numbers = marks.iter().filter(|(own, _)| own.overlaps(span));
                    let numbers: Vec<String> =
                        numbers.map(|(_, number)| number.to_string()).collect();
                    html! { mark class=(class) data-of=(numbers.join(" ")) { (text) } }
                };
                let (document, ids, lines) = match is_source {
                    true => (self.comparison.source, &bead.source, source_lines),
                    false => (self.comparison.target, &bead.target, target_lines),
                };
                side_with((document, ids), &spans, lines, None, mark)
            };
            out.push(html! {
                section class={ "row " (worst) } id={ "b" (place + 1) } {
                    div class="texts" { (side(true)) (side(false)) }
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
        out.push(left_out(gap, "pair"));
        html! { @for row in out { (row) } }
    }

    /// A finding under its pair. One that concerns several pairs stands under each, and the first has its number as id.
    fn note(&self, number: usize, is_first: bool) -> Markup {
        let shown = &self.shown[number];
        let d = shown.divergence;
        html! {
            li id=[is_first.then(|| format!("f{}", number + 1))] class=(weight(shown)) tabindex="-1" data-number=(number) data-severity=(weight(shown)) data-type=(d.kind.name()) {
                b { (weight(shown)) } " " (d.message)
                @if let Some(reason) = shown.reason { " (" (reason) ")" }
                " " a href={ "#" (d.kind.code()) } { code { (d.kind.code()) " " (d.kind.name()) } }
            }
        }
    }

    /// Returns what is marked on a side of a row, each with the number of its finding. Where segments changed places no
    /// words differ: the whole segments are marked.
    fn marks(&self, own: &[usize], is_source: bool) -> Vec<(Span, usize)> {
        let mut marks: Vec<(Span, usize)> = Vec::new();
        for number in own {
            let d = self.shown[*number].divergence;
            let (value, span) = match is_source {
                true => (&d.expected, d.source_span),
                false => (&d.found, d.target_span),
            };
            if value.is_some() || d.kind == DivergenceType::Order {
                marks.extend(span.map(|span| (span, *number)));
            }
        }
        marks
    }
}

/// How many findings there are of each type, and how many more are not on the page.
pub(in crate::report) fn counts(
    by_type: &BTreeMap<DivergenceType, usize>,
    left_out: usize,
) -> Markup {
    let counts: Vec<String> =
        by_type.iter().map(|(kind, count)| format!("{} {count}", kind.name())).collect();
    html! {
        header {
            @if !counts.is_empty() { p class="quiet" { (counts.join(", ")) } }
            @if left_out > 0 {
                p class="told" {
                    (counted(left_out, "more finding")) " not on this page, none of them graver than those that are. "
                    code { "--limit 0" } " puts all on it, " code { "--format jsonl" } " writes all."
                }
            }
        }
    }
}

/// Says which beads or rows are on the page, by the findings of each: all of them, or in long texts those near a finding.
pub(in crate::report) fn kept(findings: &[Vec<usize>]) -> Vec<bool> {
    let count = findings.len();
    if count <= WHOLE {
        return vec![true; count];
    }
    let mut kept = vec![false; count];
    for place in (0..count).filter(|place| !findings[*place].is_empty()) {
        let end = (place + AROUND + 1).min(count);
        kept[place.saturating_sub(AROUND)..end].fill(true);
    }
    kept
}

/// What the types on the page mean, for a reader who has the page alone.
pub(in crate::report) fn legend(kinds: impl Iterator<Item = DivergenceType>) -> Markup {
    let kinds: Vec<DivergenceType> = kinds.collect();
    html! {
        @if !kinds.is_empty() {
            section class="legend" {
                h2 { "What the types mean" }
                dl {
                    @for kind in kinds {
                        @let explanation = explain(kind);
                        dt id=(kind.code()) { code { (kind.code()) } " " (kind.name()) ": " (explanation.title) }
                        dd { (explanation.meaning) " Not reported: " (explanation.agrees) }
                    }
                }
            }
        }
    }
}

/// Says how many pairs or rows are left out in a place.
pub(in crate::report) fn left_out(count: usize, noun: &str) -> Markup {
    html! {
        @if count > 0 {
            p class="gap" { (counted(count, noun)) " without findings left out" }
        }
    }
}

/// Shortens a value for the list.
pub(in crate::report) fn short(text: &str) -> String {
    let mut short: String = text.chars().take(36).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Alignment, Bead, Divergence, Language, Origin, SegmentId};
    use crate::segment;

    fn finding(kind: DivergenceType, found: Option<&str>) -> Divergence {
        Divergence {
            kind,
            subtype: "",
            severity: Severity::Warning,
            source_segments: vec![SegmentId(0)],
            target_segments: vec![SegmentId(0)],
            source_span: Some(Span::new(0, 3)),
            target_span: Some(Span::new(0, 3)),
            expected: None,
            found: found.map(str::to_owned),
            message: "a <finding>".to_owned(),
        }
    }

    /// The page of as many findings as asked for about the first of two pairs of segments.
    fn page_of(found: Vec<Divergence>, limit: Option<usize>) -> String {
        let document = |name: &str, language| {
            segment::presegmented_document(name, "Yes.\nNo.".to_owned(), language)
        };
        let (source, target) = (document("en", Language::EN), document("az", Language::AZ));
        let ids = |id| vec![SegmentId(id)];
        let beads = (0..2).map(|id| Bead::settled(ids(id), ids(id), Origin::Person)).collect();
        let alignment = Alignment::new(2, 2, beads).unwrap();
        let comparison =
            Comparison { limit, ..Comparison::new(&source, &target, &alignment, found) };
        divergences(&comparison)
    }

    #[test]
    fn words_are_marked_and_segments_only_where_they_changed_places() {
        let marks = |kind, found| {
            let page = page_of(vec![finding(kind, found)], None);
            ["mark class=\"source\"", "mark class=\"target\""]
                .map(|mark| page.matches(mark).count())
        };
        assert_eq!(marks(DivergenceType::Term, None), [0, 0]);
        assert_eq!(marks(DivergenceType::Order, None), [1, 1]);
        assert_eq!(marks(DivergenceType::Number, None), [0, 0]);
        assert_eq!(marks(DivergenceType::Number, Some("Yes")), [0, 1]);
    }

    #[test]
    fn every_finding_has_one_place_and_a_link_to_it() {
        let page = page_of(vec![finding(DivergenceType::Number, None); 3], None);
        for number in 1..=3 {
            assert_eq!(page.matches(&format!("id=\"f{number}\"")).count(), 1);
            assert_eq!(page.matches(&format!("href=\"#f{number}\"")).count(), 1);
        }
        assert!(page.contains("id=\"V01\"") && page.contains("a &lt;finding&gt;"));
    }

    #[test]
    fn more_findings_than_the_limit_are_counted_and_the_gravest_stay() {
        let grave = Divergence { severity: Severity::Error, ..finding(DivergenceType::Date, None) };
        let mut all = vec![finding(DivergenceType::Number, None); 4];
        all.push(grave);
        let page = page_of(all, Some(2));
        assert!(page.contains("3 more findings not on this page"));
        assert!(page.contains("data-type=\"date\"") && page.contains("1 error, 4 warnings"));
        assert_eq!(page.matches("data-type=").count(), 2);
    }
}
