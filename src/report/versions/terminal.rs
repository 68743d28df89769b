//! For people at a terminal: the versions of a row side by side, or one above the other where there is no room.
//!
//! ```text
//! en.txt:12              │ az.txt:12              │ ru.txt:12 (odd)
//! In winter the road is  │ Qışda yol {+47+} gün   │ Зимой дорога закрыта
//! closed for {+47+} days │ bağlı qalır            │ [-37-] дней
//! error V01 number: ru says "37"; en and az say "47"
//! ```

use anstyle::Style as Paint;

use super::super::terminal::{Side, Style, cells, columns, conclude, finding, not_shown, place};
use super::super::{Lines, disjoint};
use super::{Disagreements, Shown, mark, marked, segments};

/// Returns the disagreements with the rows they stand in, and a summary line.
pub fn terminal(report: &Disagreements<'_>, style: Style) -> String {
    let documents = report.documents;
    let lines: Vec<Lines> = documents.iter().map(|document| Lines::new(&document.text)).collect();
    let mut out = String::new();
    let (all, left_out) = report.shown();
    let mut is_shown = vec![false; all.len()];
    for (row, numbers) in report.table.rows().iter().zip(report.by_row(&all)) {
        let numbers =
            numbers.into_iter().filter(|number| !std::mem::replace(&mut is_shown[*number], true));
        let mut own: Vec<Shown<'_>> = numbers.map(|number| all[number]).collect();
        // What names the same odd version stands under one row: a column has one sort of marks.
        own.sort_by_key(|shown| shown.found.odd);
        for own in own.chunk_by(|one, other| one.found.odd == other.found.odd) {
            let odd = own[0].found.odd;
            let sides = documents.iter().enumerate().map(|(version, document)| {
                let ids = segments(own, version, &row.segments[version]);
                let spans = marked(own, version).into_iter().map(|marked| marked.span).collect();
                let mut head = place(document, &ids, &lines[version]);
                if odd == Some(version) {
                    head.push_str(" (odd)");
                }
                let text = cells(document, &ids, &disjoint(spans));
                Side { head, text, mark: mark(own[0].found, version) }
            });
            columns(&sides.collect::<Vec<_>>(), style, &mut out);
            for Shown { found, reason } in own {
                finding(found.kind, found.severity, &found.message, *reason, style, &mut out);
            }
            out.push('\n');
        }
    }
    if left_out > 0 {
        conclude(&not_shown(left_out), Paint::new(), style, &mut out);
    }
    conclude(&report.summary(), Paint::new().bold(), style, &mut out);
    out
}
