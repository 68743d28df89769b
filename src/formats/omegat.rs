//! The glossaries of OmegaT: source term, target term and comment, with tabs between and no header.
//!
//! ```text
//! Public Union    İctimai Birliyi    citation form after a name
//! ```
//! Lines that begin with `#` are comments, no quotation mark is special, and there is no place for anything else: the languages
//! are those of the project, and terms that are not to be used can't be marked, so they are left out. The comment is the note of
//! the target term, or else of the source term.
//!
//! Source: OmegaT's manual, "Glossaries", and its reader (`GlossaryReaderTSV`, version 6).

use std::fmt::Write as _;

use super::terms::{Gathered, Losses, ReadConcepts, one_line, pairs};
use crate::model::{Concept, Language, Term};

/// Writes concepts as rows of two languages, and says what could not be written.
pub fn write(concepts: &[Concept], languages: (Language, Language)) -> (String, Losses) {
    let (rows, losses) = pairs(concepts, languages, &["note"]);
    let mut text = String::new();
    let mut last: Option<String> = None;
    for row in rows {
        let notes = [&row.target.note, &row.source.note];
        let note = notes.into_iter().find(|note| !note.is_empty()).map_or("", String::as_str);
        let cells = [row.source.text.as_str(), row.target.text.as_str(), note].map(one_line);
        let used = if cells[2].is_empty() { 2 } else { 3 };
        let mut line = String::new();
        // A row that begins with # would be a comment.
        let mark = if cells[0].starts_with('#') { " " } else { "" };
        let _ = writeln!(line, "{mark}{}", cells[..used].join("\t"));
        if last.as_ref() != Some(&line) {
            text.push_str(&line);
            last = Some(line);
        }
    }
    (text, losses)
}

/// Reads rows. Those of one source term make one concept; none has an id.
pub fn read(text: &str, (source, target): (Language, Language)) -> ReadConcepts {
    let mut read = ReadConcepts::default();
    let mut gathered = Gathered::default();
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let cells: Vec<String> = line.split('\t').map(one_line).collect();
        let (Some(one), Some(other)) = (cells.first(), cells.get(1)) else {
            read.skip(number, "a line without a tab");
            continue;
        };
        if one.is_empty() || other.is_empty() {
            read.skip(number, "a row with one term only");
            continue;
        }
        if cells.iter().skip(3).any(|cell| !cell.is_empty()) {
            read.pass_over("fourth column");
        }
        let mut terms = [Term::new(source, one.clone()), Term::new(target, other.clone())];
        terms.iter_mut().for_each(|term| term.line = number);
        terms[1].note = cells.get(2).cloned().unwrap_or_default();
        let new = gathered.add("", terms.into());
        read.counts.seen += new;
        read.counts.used += new;
    }
    read.concepts = gathered.concepts();
    read
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::terms::tests::{concepts, simple};
    use crate::model::TermStatus;

    const LANGUAGES: (Language, Language) = (Language::EN, Language::AZ);

    #[test]
    fn rows_of_one_source_term_are_one_concept() {
        let text = "# ours\nPublic \"Union\t İctimai Birliyi\tafter a name\nPublic \"Union\tİctimai Birlik\n\nalone\nx\t\n";
        let read = read(text, LANGUAGES);
        let [concept] = &read.concepts[..] else { panic!("{:?}", read.concepts) };
        let texts: Vec<&str> = concept.terms.iter().map(|term| term.text.as_str()).collect();
        assert_eq!(texts, ["Public \"Union", "İctimai Birliyi", "İctimai Birlik"]);
        assert_eq!(concept.terms[1].note, "after a name");
        let skipped: Vec<&str> = read.counts.skipped.keys().copied().collect();
        assert_eq!(skipped, ["a line without a tab", "a row with one term only"]);
    }

    #[test]
    fn what_is_not_to_be_used_is_left_out_and_counted() {
        let mut concept = simple("u", &[("en", "union"), ("az", "birlik"), ("az", "ittifaq")]);
        concept.terms[2].status = TermStatus::Forbidden;
        concept.terms[0].note = "a\tnote".to_owned();
        let (text, losses) = write(&[concept], LANGUAGES);
        assert_eq!(text, "union\tbirlik\ta note\n");
        assert_eq!(losses.terms.get("not to be used"), Some(&1));
        assert_eq!(losses.fields.get("concept"), Some(&2));
    }

    proptest! {
        #[test]
        fn rows_read_back(concepts in concepts()) {
            let (text, losses) = write(&concepts, LANGUAGES);
            let back = read(&text, LANGUAGES);
            prop_assert_eq!(&back.defects, &[]);
            prop_assert_eq!(back.counts.seen, back.concepts.iter().map(|c| c.terms.len()).sum::<usize>());
            prop_assert_eq!(losses.written == 0, text.is_empty());
            let (again, _) = write(&back.concepts, LANGUAGES);
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
            // Rows of two concepts with one source term may come together; no pair is lost.
            let pairs = |text: &str| lines(text).into_iter()
                .map(|line| line.split('\t').take(2).collect::<Vec<_>>().join("\t"))
                .collect::<std::collections::BTreeSet<_>>();
            prop_assert!(pairs(&again).is_superset(&pairs(&text)));
        }
    }
}
