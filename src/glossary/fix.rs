//! Slips of the hand in a glossary file that can be put right without asking: blanks around cells, a row that stands twice,
//! a last line without end.
//!
//! What is fixed changes nothing that the file says. Two rows of one term that differ in another cell are not fixed: nobody
//! knows which one is right.

use rustc_hash::FxHashMap;

use super::lint::Finding;
use super::sheet::{Sheet, header_of};
use crate::model::Severity;
use crate::text::table;

/// A slip and how to put it right.
enum Slip {
    Blanks { row: usize, column: usize },
    Double { row: usize },
    LastEnd,
}

/// Returns the file with its slips put right, and each slip, by line of the file as it was. A file with a quoted cell that is
/// not closed is left alone: nobody knows where its cells end.
pub fn fix(text: &str) -> (String, Vec<Finding>) {
    let mut sheet = Sheet::parse(text);
    let mut doubles = Vec::new();
    let mut told = Vec::new();
    for (slip, finding) in slips(text, &sheet) {
        match slip {
            Slip::Blanks { row, column } => sheet.trim(row, column),
            Slip::Double { row } => doubles.push(row),
            Slip::LastEnd => sheet.end_last_line(),
        }
        told.push(finding);
    }
    sheet.remove_rows(&doubles);
    (sheet.text(), told)
}

/// Returns the slips of a file, by line; rows that stand twice are told of by the reader and left out.
pub(super) fn findings(text: &str) -> impl Iterator<Item = Finding> {
    let slips = slips(text, &Sheet::parse(text)).into_iter();
    slips.filter(|(slip, _)| !matches!(slip, Slip::Double { .. })).map(|(_, finding)| finding)
}

fn slips(text: &str, sheet: &Sheet) -> Vec<(Slip, Finding)> {
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if table::open_quote(body, table::separator(header_of(body)), Some(b'#')).is_some() {
        return Vec::new();
    }
    let mut slips = Vec::new();
    let mut known: FxHashMap<Vec<String>, usize> = FxHashMap::default();
    let mut last = 1;
    for (row, line) in sheet.rows() {
        last = line;
        let values = sheet.values(row);
        let finding = |code, severity, message| Finding { line, code, severity, message };
        for (column, value) in values.iter().enumerate() {
            if sheet.has_blanks(row, column) {
                let message = match value.as_str() {
                    "" => format!("cell {} holds blanks only", column + 1),
                    _ => format!("\"{value}\" has blanks around it"),
                };
                let finding = finding("trailing_space", Severity::Warning, message);
                slips.push((Slip::Blanks { row, column }, finding));
            }
        }
        // A row without id is a concept of its own.
        if values.first().is_none_or(String::is_empty) || values.len() < 2 {
            continue;
        }
        if let Some(first) = known.get(&values) {
            let message = format!("the row stands on line {first} already");
            slips.push((Slip::Double { row }, finding("duplicate", Severity::Error, message)));
        } else {
            known.insert(values, line);
        }
    }
    if !sheet.has_last_end() {
        let finding = Finding {
            line: last,
            code: "no_final_newline",
            severity: Severity::Info,
            message: "the last line of the file has no end".to_owned(),
        };
        slips.push((Slip::LastEnd, finding));
    }
    slips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_put_right_and_the_rest_stays() {
        let text = "concept,language,term,note\r\n# x \r\na,en, One ,\"n\"\r\n a,en,One,n\r\na,en,One,other\r\nb,az,İki,\"  \"";
        let (fixed, told) = fix(text);
        assert_eq!(
            fixed,
            "concept,language,term,note\r\n# x \r\na,en,One,\"n\"\r\na,en,One,other\r\nb,az,İki,\"\"\r\n"
        );
        let codes: Vec<_> = told.iter().map(|finding| (finding.line, finding.code)).collect();
        let blank = "trailing_space";
        let wanted =
            [(3, blank), (4, blank), (4, "duplicate"), (6, blank), (6, "no_final_newline")];
        assert_eq!(codes, wanted);
        assert!(fix(&fixed).1.is_empty());
        let open = "concept,language,term\na,en,\"One\nb,en,Two ";
        assert_eq!(fix(open), (open.to_owned(), Vec::new()));
    }

    proptest::proptest! {
        #[test]
        fn what_is_fixed_needs_no_fixing(text in "en,az\n([ab\", \n]|\r\n|# ){0,30}") {
            let (fixed, told) = fix(&text);
            proptest::prop_assert_eq!(told.is_empty(), fixed == text);
            proptest::prop_assert!(fix(&fixed).1.is_empty());
        }
    }
}
