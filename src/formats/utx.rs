//! UTX, the tab-separated glossaries of the Asia-Pacific Association for Machine Translation.
//!
//! ```text
//! #UTX 1.11; en/az; copyright: the authors of the glossary
//! #src            tgt               src:pos  term status  tgt:comment  concept ID
//! Public Union    İctimai Birliyi   noun     approved                  pu
//! ```
//! A file knows two languages, which its first line names; the last line of the header names the columns, `src`, `tgt` and
//! `src:pos` first. A row has one `term status`, which is that of the target term: `approved` is preferred here, `provisional`
//! admitted, `non-standard` deprecated, `forbidden` forbidden. `src:comment` and `tgt:comment` are the notes, and `concept ID`
//! holds rows of one concept together. We also know `domain`.
//!
//! Sources: AAMT, UTX 1.11 (2011) and 1.20 (2018), by the files and readers that follow them (`Convert::TBX::UTX` 0.032 for
//! columns and statuses). A date of making is not written: the same glossary gives the same bytes.

use std::fmt::Write as _;

use super::terms::{Gathered, Losses, ReadConcepts, one_line, pairs};
use crate::model::{Concept, Language, Term, TermStatus};

/// Says why a file can't be read as UTX.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UtxError {
    /// The first line is another.
    #[error(
        "line 1: this is no UTX file: its first line must begin with \"#UTX\" and name the languages, such as #UTX 1.11; en/az;"
    )]
    NotUtx,
    /// The first line names no two languages.
    #[error(
        "line 1: the header names no two languages; write them as #UTX 1.11; en/az; or say --source-lang and --target-lang"
    )]
    NoLanguages,
    /// The columns are not named.
    #[error(
        "line {0}: the columns are not named; write a line such as #src, tgt, src:pos with tabs between, before the first row"
    )]
    NoColumns(usize),
}

/// The fields that a row holds.
const HELD: [&str; 4] = ["concept", "status", "note", "domain"];

/// Writes concepts as rows of two languages, and says what could not be written. The status of a source term is not held.
pub fn write(concepts: &[Concept], languages: (Language, Language)) -> (String, Losses) {
    let (rows, mut losses) = pairs(concepts, languages, &HELD);
    // A row's status is that of its target.
    let is_said = |term: &&Term| term.status != TermStatus::default();
    let mut sources: Vec<&Term> = rows.iter().map(|row| row.source).filter(is_said).collect();
    sources.dedup_by(|one, other| std::ptr::eq(*one, *other));
    if !sources.is_empty() {
        losses.fields.insert("status", sources.len());
    }
    let mut text = format!(
        "#UTX 1.11; {}/{}; copyright: the authors of the glossary\n#src\ttgt\tsrc:pos\tterm status\tsrc:comment\ttgt:comment\t\
         domain\tconcept ID\n",
        languages.0, languages.1
    );
    for row in rows {
        let status = match row.target.status {
            TermStatus::Preferred => "approved",
            TermStatus::Admitted => "provisional",
            TermStatus::Deprecated => "non-standard",
            TermStatus::Forbidden => "forbidden",
        };
        let domain = [&row.target.domain, &row.source.domain];
        let domain = domain.into_iter().find(|domain| !domain.is_empty());
        let domain = domain.map_or("", String::as_str);
        let cells = [
            &row.source.text,
            &row.target.text,
            "noun",
            status,
            &row.source.note,
            &row.target.note,
            domain,
            row.concept,
        ];
        let cells = cells.map(one_line);
        // A row that begins with # would be a comment.
        let mark = if cells[0].starts_with('#') { " " } else { "" };
        let _ = writeln!(text, "{mark}{}", cells.join("\t"));
    }
    (text, losses)
}

/// Reads a file. `languages` are used where its header names none.
///
/// # Errors
/// When the first line is not that of UTX, no languages are known, or the columns are not named.
pub fn read(text: &str, languages: Option<(Language, Language)>) -> Result<ReadConcepts, UtxError> {
    let mut lines = (1..).zip(text.lines());
    let first = lines.next().map_or("", |(_, line)| line);
    if !first.trim_start().get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("#utx")) {
        return Err(UtxError::NotUtx);
    }
    let named = first.split(';').skip(1).find_map(|part| {
        let (source, target) = part.trim().split_once('/')?;
        Some((Language::parse(source).ok()?, Language::parse(target).ok()?))
    });
    let (source, target) = named.or(languages).ok_or(UtxError::NoLanguages)?;
    let mut read = ReadConcepts::default();
    let mut gathered = Gathered::default();
    let mut columns: Option<Vec<String>> = None;
    for (number, line) in lines {
        if let Some(comment) = line.strip_prefix('#') {
            let names: Vec<String> =
                comment.split('\t').map(|name| one_line(name).to_ascii_lowercase()).collect();
            if columns.is_none() && names.iter().any(|name| name == "src") {
                columns = Some(names);
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let Some(columns) = &columns else { return Err(UtxError::NoColumns(number)) };
        let cells: Vec<String> = line.split('\t').map(one_line).collect();
        let cell = |name: &str| {
            let place = columns.iter().position(|column| column == name)?;
            cells.get(place).filter(|cell| !cell.is_empty() && *cell != "-")
        };
        let (Some(one), Some(other)) = (cell("src"), cell("tgt")) else {
            read.skip(number, "a row with one term only");
            continue;
        };
        let mut terms = [Term::new(source, one.clone()), Term::new(target, other.clone())];
        let status = cell("term status").or_else(|| cell("status"));
        match status.map(|status| status.to_ascii_lowercase()).as_deref() {
            None | Some("provisional") => {}
            Some("approved") => terms[1].status = TermStatus::Preferred,
            Some("non-standard" | "obsolete") => terms[1].status = TermStatus::Deprecated,
            Some("forbidden" | "rejected") => terms[1].status = TermStatus::Forbidden,
            Some(other) => read.pass_over(&format!("term status \"{other}\"")),
        }
        for (term, name) in terms.iter_mut().zip(["src:comment", "tgt:comment"]) {
            term.line = number;
            term.note = cell(name).cloned().unwrap_or_default();
            term.domain = cell("domain").cloned().unwrap_or_default();
        }
        if let Some(comment) = cell("comment").filter(|_| terms[1].note.is_empty()) {
            terms[1].note.clone_from(comment);
        }
        let known = [
            "src",
            "tgt",
            "src:pos",
            "tgt:pos",
            "term status",
            "status",
            "src:comment",
            "tgt:comment",
            "comment",
            "domain",
            "concept id",
        ];
        for name in columns.iter().filter(|name| !known.contains(&name.as_str())) {
            if cell(name).is_some() {
                read.pass_over(name);
            }
        }
        let new = gathered.add(cell("concept id").map_or("", String::as_str), terms.into());
        read.counts.seen += new;
        read.counts.used += new;
    }
    read.concepts = gathered.concepts();
    Ok(read)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::terms::tests::{concepts, simple};

    const LANGUAGES: (Language, Language) = (Language::EN, Language::AZ);

    #[test]
    fn rows_of_one_concept_come_together() {
        let text = "#UTX 1.20; en-US/az; 2026-01-05T10:00:00Z; copyright: x (2026); bidirectional\r\n#a dictionary of aid\r\n\
            #src\ttgt\tsrc:pos\tterm status\tcustomer\tConcept ID\r\nPublic Union\tİctimai Birliyi\tnoun\tapproved\tred\tpu\r\n\
            PU\tİB\tnoun\tforbidden\t\tpu\r\nshelter\tsığınacaq\tnoun\t-\t\t\r\nalone\t\tnoun\r\n";
        let read = read(text, None).unwrap();
        assert_eq!(read.concepts.len(), 2);
        let status: Vec<TermStatus> =
            read.concepts[0].terms.iter().map(|term| term.status).collect();
        assert_eq!(status[1], TermStatus::Preferred);
        assert_eq!(status[3], TermStatus::Forbidden);
        assert_eq!(read.concepts[0].terms[0].language.to_string(), "en-US");
        assert_eq!(read.unread.get("customer"), Some(&1));
        assert_eq!(read.counts.skipped.len(), 1);
    }

    #[test]
    fn what_is_no_utx_is_told() {
        assert_eq!(read("src\ttgt\n", None).unwrap_err(), UtxError::NotUtx);
        assert_eq!(read("#UTX 1.11; x;\n", None).unwrap_err(), UtxError::NoLanguages);
        assert_eq!(read("#UTX 1.11; en/az\na\tb\n", None).unwrap_err(), UtxError::NoColumns(2));
    }

    #[test]
    fn what_a_row_has_no_place_for_is_counted() {
        let mut concept =
            simple("pu", &[("en", "Public Union"), ("az", "İctimai Birliyi"), ("ru", "ОО")]);
        concept.terms[0].status = TermStatus::Preferred;
        concept.terms[1].source = "charter".to_owned();
        let (_, losses) = write(&[concept], LANGUAGES);
        assert_eq!(losses.fields.into_iter().collect::<Vec<_>>(), [("source", 1), ("status", 1)]);
        assert_eq!(losses.terms.get("in another language"), Some(&1));
    }

    proptest! {
        #[test]
        fn terms_status_and_ids_read_back(concepts in concepts()) {
            let (text, _) = write(&concepts, LANGUAGES);
            let back = read(&text, None).unwrap();
            prop_assert_eq!(&back.defects, &[]);
            let has = |id: &str, term: &Term| {
                let concept = back.concepts.iter().find(|concept| concept.id == id);
                concept.is_some_and(|concept| concept.terms.iter().any(|t| {
                    (t.language, &t.text) == (term.language, &one_line(&term.text))
                        && (t.language == Language::EN || t.status == term.status)
                }))
            };
            for concept in &concepts {
                let usable = |term: &&Term| term.language == Language::AZ
                    || term.language == Language::EN && term.status.is_allowed();
                let own: Vec<&Term> = concept.terms.iter().filter(usable).collect();
                let has_both = [Language::EN, Language::AZ]
                    .iter().all(|language| own.iter().any(|term| term.language == *language));
                for term in own.iter().filter(|_| has_both) {
                    prop_assert!(has(&concept.id, term), "{} {:?} in {text}", concept.id, term);
                }
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(#UTX 1; en/az\n)?(#?(src|tgt|a|\t|-|ə|\r?\n)){0,20}") {
            let _ = read(&text, Some(LANGUAGES));
        }
    }
}
