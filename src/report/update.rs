//! What a new revision of the source makes of a translation: terminal, HTML, JSONL, CSV, and the units of XLIFF and TMX.
//!
//! People see three texts in a row: the older source with what went, the newer with what came, and the translation with the
//! facts that are still the old ones, or already the new ones. What is current is left out, but for HTML, which shows all.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::{AnsiColor, Style as Paint};
use maud::html;
use serde::Serialize;

use super::terminal::{Mark, Side, Style, cells, columns, conclude, labelled, place, visible};
use super::{Lines, disjoint};
use crate::diff::revision::RevisionKind;
use crate::diff::update::{Revised, Standing, UpdateRow, UpdateState};
use crate::formats::xliff::{Entry, State};
use crate::model::{Document, SegmentId, Severity, Span, Unit};
use crate::text::counted;

/// The three texts and the rows of [`crate::diff::update::update`].
#[derive(Debug, Clone, Copy)]
pub struct Update<'a> {
    /// The texts.
    pub texts: Revised<'a>,
    /// The rows.
    pub rows: &'a [UpdateRow],
    /// The least severity of rows that are told; the summary, XLIFF and TMX know of all.
    pub least: Severity,
}

/// One text of a row: the segments and the pieces that are marked.
struct Text<'a> {
    document: &'a Document,
    ids: &'a [SegmentId],
    marks: Vec<Span>,
}

impl<'a> Update<'a> {
    /// Returns the rows that are worth telling.
    fn told(self) -> impl Iterator<Item = &'a UpdateRow> {
        self.rows.iter().filter(move |row| self.tells(row))
    }

    fn tells(self, row: &UpdateRow) -> bool {
        row.state != UpdateState::Current && row.severity >= self.least
    }

    /// Returns the three texts of a row.
    fn row(self, row: &'a UpdateRow) -> [Text<'a>; 3] {
        let Revised { old, new, translation } = self.texts;
        [
            Text { document: old, ids: &row.old, marks: disjoint(row.removed()) },
            Text { document: new, ids: &row.new, marks: disjoint(row.added()) },
            Text { document: translation, ids: &row.target, marks: disjoint(row.found()) },
        ]
    }

    fn lines(self) -> [Lines; 3] {
        let Revised { old, new, translation } = self.texts;
        [old, new, translation].map(|document| Lines::new(&document.text))
    }

    /// Counts segments of the newer source, and of the translation what has no source: `57 segments, 49 current, 5 stale, 3
    /// untranslated, 1 orphaned`.
    fn summary(self) -> String {
        let mut parts = vec![counted(self.texts.new.segments.len(), "segment")];
        for state in [UpdateState::Current].into_iter().chain(UpdateState::TOLD) {
            let rows = self.rows.iter().filter(|row| row.state == state);
            let size = |row: &UpdateRow| match row.new.len() {
                0 => row.target.len(),
                count => count,
            };
            let count: usize = rows.map(size).sum();
            if count > 0 {
                parts.push(format!("{count} {}", state.name()));
            }
        }
        parts.join(", ")
    }
}

/// The mark of facts in the translation: as what went where they are the old ones, else as what came.
fn mark(row: &UpdateRow) -> Mark {
    let is_old = row.facts.iter().any(|fact| fact.standing == Standing::Old);
    if is_old { Mark::Source } else { Mark::Target }
}

/// Returns the rows for a terminal, and a summary line.
pub fn terminal(update: Update<'_>, style: Style) -> String {
    let lines = update.lines();
    let mut out = String::new();
    for row in update.told() {
        let marks = [Mark::Source, Mark::Target, mark(row)];
        let texts = update.row(row);
        let sides = texts.iter().zip(&lines).zip(marks).map(|((text, lines), mark)| Side {
            head: place(text.document, text.ids, lines),
            text: cells(text.document, text.ids, &text.marks),
            mark,
        });
        columns(&sides.collect::<Vec<_>>(), style, &mut out);
        let color = match row.severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Info => AnsiColor::Cyan,
        };
        let paint = Paint::new().bold().fg_color(Some(color.into()));
        let message = format!(": {}", visible(&row.message(update.texts)));
        labelled(row.state.name(), paint, &message, style, &mut out);
        out.push('\n');
    }
    conclude(&update.summary(), Paint::new().bold(), style, &mut out);
    out
}

/// Returns the page of an update, one self-contained file.
pub fn html(update: Update<'_>) -> String {
    let Revised { old, new, translation } = update.texts;
    let title = format!("{} and {}", new.name, translation.name);
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    update.told().for_each(|row| *states.entry(row.state.name()).or_default() += 1);
    let states: Vec<(&str, usize)> = states.into_iter().collect();
    let weights = update.told().map(|row| row.severity.name());
    let lines = update.lines();
    let main = html! {
        (super::html::tools(weights, &states, "only what is to be looked at"))
        main style="--versions: 3" {
            (super::html::heads([old, new, translation]))
            @for (number, row) in update.rows.iter().enumerate() {
                @let is_told = update.tells(row);
                @let class = if is_told { row.severity.name() } else { "" };
                section class={ "row " (class) } id={ "b" (number + 1) } {
                    div class="texts" {
                        @let classes = ["source", "target", mark(row).class()];
                        @for ((text, lines), class) in update.row(row).iter().zip(&lines).zip(classes) {
                            (super::html::side(text.document, text.ids, &text.marks, lines, class))
                        }
                    }
                    @if is_told {
                        ul class="notes" {
                            li class=(class) data-number=(number) data-severity=(class) data-type=(row.state.name()) {
                                b { (row.state.name()) } " " (row.message(update.texts))
                            }
                        }
                    }
                }
            }
        }
    };
    super::html::page(&title, &update.summary(), &main)
}

#[derive(Serialize)]
struct Row<'a> {
    state: UpdateState,
    severity: Severity,
    changes: Vec<RevisionKind>,
    moved: bool,
    old_segments: Vec<u32>,
    new_segments: Vec<u32>,
    target_segments: Vec<u32>,
    old_bytes: Option<Span>,
    new_bytes: Option<Span>,
    target_bytes: Option<Span>,
    old: String,
    new: String,
    target: String,
    removed_bytes: Vec<Span>,
    added_bytes: Vec<Span>,
    values: Vec<Value<'a>>,
    message: String,
}

#[derive(Serialize)]
struct Value<'a> {
    old: &'a str,
    new: &'a str,
    target: Option<&'a str>,
    target_bytes: Option<Span>,
    follows: Option<&'static str>,
}

/// Returns the rows as records, one a line.
pub fn jsonl(update: Update<'_>) -> String {
    let Revised { old, new, translation } = update.texts;
    let mut out = String::new();
    for row in update.told() {
        let values = row.facts.iter().map(|fact| {
            let (old, new) = fact.change.texts(old, new);
            Value {
                old,
                new,
                target: fact.found.map(|span| span.of(&translation.text)),
                target_bytes: fact.found,
                follows: match fact.standing {
                    Standing::Old => Some("old"),
                    Standing::New => Some("new"),
                    Standing::Unclear => None,
                },
            }
        });
        let record = Row {
            state: row.state,
            severity: row.severity,
            changes: changes(row),
            moved: row.changes.iter().any(|change| change.is_moved),
            old_segments: super::jsonl::indices(old, &row.old),
            new_segments: super::jsonl::indices(new, &row.new),
            target_segments: super::jsonl::indices(translation, &row.target),
            old_bytes: old.span_of(&row.old),
            new_bytes: new.span_of(&row.new),
            target_bytes: translation.span_of(&row.target),
            old: old.joined(&row.old),
            new: new.joined(&row.new),
            target: translation.joined(&row.target),
            removed_bytes: row.removed(),
            added_bytes: row.added(),
            values: values.collect(),
            message: row.message(update.texts),
        };
        super::jsonl::line(&record, &mut out);
    }
    out
}

/// Returns what became of the source segments, without repetition.
fn changes(row: &UpdateRow) -> Vec<RevisionKind> {
    let kinds: BTreeSet<RevisionKind> = row.changes.iter().map(|change| change.kind).collect();
    kinds.into_iter().filter(|kind| *kind != RevisionKind::Unchanged).collect()
}

/// Returns the rows as CSV: state, severity, changes, the line in each text, values that differ, message, the three texts.
///
/// # Errors
/// When the rows can't be written, which memory alone can cause.
pub fn csv(update: Update<'_>) -> csv::Result<String> {
    let Revised { old, new, .. } = update.texts;
    let lines = update.lines();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "state",
        "severity",
        "changes",
        "old_line",
        "new_line",
        "target_line",
        "values",
        "message",
        "old",
        "new",
        "target",
    ])?;
    for row in update.told() {
        let texts = update.row(row);
        let line = |place: usize| {
            let span = texts[place].document.span_of(texts[place].ids);
            span.map_or_else(String::new, |span| lines[place].of(span.start).to_string())
        };
        let text = |place: usize| texts[place].document.joined(texts[place].ids);
        let kinds: Vec<&str> = changes(row).into_iter().map(RevisionKind::name).collect();
        let values = row.facts.iter().map(|fact| fact.change.texts(old, new));
        let values: Vec<String> = values.map(|(gone, come)| format!("{gone} > {come}")).collect();
        writer.write_record([
            row.state.name(),
            row.severity.name(),
            &kinds.join(" "),
            &line(0),
            &line(1),
            &line(2),
            &values.join("; "),
            &row.message(update.texts),
            &text(0),
            &text(1),
            &text(2),
        ])?;
    }
    super::csv::finished(writer)
}

/// Returns a unit of XLIFF for each row that has a source: the newer source, the translation as far as there is one, and
/// how it stands. What is stale has the older source in a note.
pub fn entries(update: Update<'_>) -> impl Iterator<Item = Entry> {
    let Revised { old, new, translation } = update.texts;
    let rows = update.rows.iter().enumerate().filter(|(_, row)| !row.new.is_empty());
    rows.map(move |(place, row)| {
        let (was, is) = (old.joined(&row.old), new.joined(&row.new));
        let is_same = row.state == UpdateState::Current && was == is;
        let (state, notes) = match row.state {
            _ if row.target.is_empty() => (State::Untranslated, Vec::new()),
            UpdateState::Stale => {
                let was = if was.is_empty() { None } else { Some(format!("older source: {was}")) };
                let notes = [Some(row.message(update.texts)), was];
                (State::NeedsReview, notes.into_iter().flatten().collect())
            }
            UpdateState::Current if is_same => (State::Final, Vec::new()),
            _ => (State::Translated, vec![row.message(update.texts)]),
        };
        Entry {
            id: place + 1,
            source: is,
            target: (!row.target.is_empty()).then(|| translation.joined(&row.target)),
            state: Some(state),
            notes,
        }
    })
}

/// Returns a translation unit for each row whose translation stands.
pub fn units(update: Update<'_>) -> impl Iterator<Item = Unit> {
    let Revised { new, translation, .. } = update.texts;
    update.rows.iter().filter(|row| row.stands()).map(move |row| Unit {
        texts: [
            (new.language, new.joined(&row.new)),
            (translation.language, translation.joined(&row.target)),
        ]
        .into(),
        source_language: Some(new.language),
        origin: format!("{} - {}", new.name, translation.name),
        confidence: None,
        note: String::new(),
    })
}
