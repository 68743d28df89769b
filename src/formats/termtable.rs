//! Tables of terms with a header, as translation programs and people write them: a row a concept, a column a language.
//!
//! ```text
//! English,Azerbaijani,Note                 Trados: languages by name, synonyms joined with |
//! context,source,target,developer_comments Weblate: the two languages are those of the component
//! ```
//! A column of terms is named by a tag, by the English name of a language, or `source` and `target` (or `src` and `tgt`, `term`
//! and `translation`) where the two languages are given otherwise. Beside them are read, under the names that programs use: the
//! id of the concept, a status, a type, a domain, notes and the source. Other columns are counted. Long and wide tables of our
//! own are read by the glossary itself.
//!
//! Sources: Translate Toolkit, `csvl10n` (the columns that Weblate writes and reads); for Trados there is no published
//! definition: `MultiTerm` and Studio are given a table whose columns are assigned by hand.

use super::csv::stray_quote;
use super::terms::{
    Gathered, Losses, ReadConcepts, TableRow, language_of, name_of, one_line, pairs,
};
use crate::model::{Concept, Language, Term, TermStatus, TermType};
use crate::text::table;

/// Says why a table can't be read.
#[derive(Debug, thiserror::Error)]
pub enum TermTableError {
    /// There is no row.
    #[error(
        "the table is empty; its first row must name the columns, such as en,az or source,target"
    )]
    Empty,
    /// The header names no column of terms.
    #[error(
        "line {line}: the first row \"{found}\" names fewer than two languages; name the columns such as en,az or English,Azerbaijani, or source,target and say --source-lang and --target-lang"
    )]
    NoLanguages {
        /// The line of the header.
        line: usize,
        /// The header.
        found: String,
    },
    /// There are columns `source` and `target`, and nobody said of which languages.
    #[error(
        "line {line}: the columns source and target are of no known language; say --source-lang and --target-lang"
    )]
    UnknownLanguages {
        /// The line of the header.
        line: usize,
    },
    /// A quoted cell is not closed.
    #[error(
        "line {0}: a cell begins with a quotation mark that is not closed; close it, or write \"\" for a quotation mark in the text"
    )]
    OpenQuote(usize),
    /// The table is broken.
    #[error(transparent)]
    Broken(#[from] csv::Error),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Terms(Language),
    Id,
    Status,
    Type,
    Domain,
    /// A note on the terms of a language, or of all.
    Note(Option<Language>),
    Source,
    Empty,
    Unknown,
}

/// Cuts a text into rows. The separator is the one of `,`, `;` and tab that the first row has most of; where a quotation mark
/// in a table parted by tabs is not what CSV asks for, all are letters.
///
/// # Errors
/// When a quoted cell is not closed.
pub fn rows(text: &str) -> Result<Vec<TableRow>, TermTableError> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator = table::separator(first);
    let are_letters = separator == b'\t' && stray_quote(text, separator).is_some();
    if !are_letters && let Some(line) = table::open_quote(text, separator, None) {
        return Err(TermTableError::OpenQuote(line));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .quoting(!are_letters)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row?;
        let line = table::line_of(text, row.position(), None);
        rows.push((line, row.iter().map(str::to_owned).collect()));
    }
    Ok(rows)
}

/// Says whether a first row names columns of terms.
pub fn is_header(row: &[String]) -> bool {
    let languages = (Language::EN, Language::AZ);
    let terms = row.iter().filter(|name| matches!(column(name, Some(languages)), Column::Terms(_)));
    terms.count() >= 2
}

/// Reads rows, the header first. `languages` are those of columns named `source` and `target`.
///
/// # Errors
/// When the header names fewer than two languages.
pub fn read(
    rows: &[TableRow],
    languages: Option<(Language, Language)>,
) -> Result<ReadConcepts, TermTableError> {
    let mut rows = rows.iter().filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    let Some((line, header)) = rows.next() else { return Err(TermTableError::Empty) };
    let columns: Vec<Column> = header.iter().map(|name| column(name, languages)).collect();
    if columns.iter().filter(|column| matches!(column, Column::Terms(_))).count() < 2 {
        if languages.is_none() && is_header(header) {
            return Err(TermTableError::UnknownLanguages { line: *line });
        }
        let found = header.join(",");
        return Err(TermTableError::NoLanguages { line: *line, found });
    }
    let mut read = ReadConcepts::default();
    let mut gathered = Gathered::default();
    for (line, row) in rows {
        if row.len() > header.len() {
            read.skip(*line, "a row with more cells than the header");
            continue;
        }
        read_row(&mut read, &mut gathered, *line, row, (header, &columns));
    }
    read.concepts = gathered.concepts();
    Ok(read)
}

fn read_row(
    read: &mut ReadConcepts,
    gathered: &mut Gathered,
    line: usize,
    row: &[String],
    (header, columns): (&[String], &[Column]),
) {
    let cells: Vec<String> = row.iter().map(|cell| one_line(cell)).collect();
    let filled = || columns.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty());
    let of = |wanted: Column| filled().find(|(column, _)| **column == wanted).map(|(_, cell)| cell);
    let mut terms: Vec<Term> = Vec::new();
    for (column, cell) in filled() {
        let Column::Terms(language) = column else { continue };
        for text in cell.split('|').map(str::trim).filter(|text| !text.is_empty()) {
            terms.push(Term { line, ..Term::new(*language, text.to_owned()) });
        }
    }
    if terms.is_empty() {
        read.skip(line, "a row without terms");
        return;
    }
    for (column, cell) in filled() {
        let is_read = match column {
            Column::Status => TermStatus::parse(cell).map(|status| {
                terms.iter_mut().for_each(|term| term.status = status);
            }),
            Column::Type => TermType::parse(cell).map(|kind| {
                terms.iter_mut().for_each(|term| term.kind = kind);
            }),
            _ => Ok(()),
        };
        if let Err(error) = is_read {
            read.defect(line, error.to_string());
        }
    }
    // What is said of the row goes to its first term, a language's note to that language's first.
    for (column, cell) in filled() {
        match column {
            Column::Note(language) => {
                let is_meant = |term: &&mut Term| language.is_none_or(|l| term.language == l);
                if let Some(term) = terms.iter_mut().find(is_meant) {
                    if !term.note.is_empty() {
                        term.note.push_str("; ");
                    }
                    term.note.push_str(cell);
                }
            }
            Column::Domain => terms.iter_mut().for_each(|term| term.domain.clone_from(cell)),
            Column::Source => terms.iter_mut().for_each(|term| term.source.clone_from(cell)),
            _ => {}
        }
    }
    for ((column, name), _) in
        columns.iter().zip(header).zip(&cells).filter(|(_, cell)| !cell.is_empty())
    {
        if *column == Column::Unknown {
            read.pass_over(&one_line(name));
        }
    }
    let new = gathered.add(of(Column::Id).map_or("", String::as_str), terms);
    read.counts.seen += new;
    read.counts.used += new;
}

/// Returns what a column of a name holds.
fn column(name: &str, languages: Option<(Language, Language)>) -> Column {
    let name = one_line(name);
    let word = name.to_ascii_lowercase().replace('_', " ");
    if let Some(language) = language_of(&name) {
        return Column::Terms(language);
    }
    let (source, target) = (languages.map(|pair| pair.0), languages.map(|pair| pair.1));
    match word.as_str() {
        "" => Column::Empty,
        "source" | "src" | "source term" | "term" => source.map_or(Column::Unknown, Column::Terms),
        "target" | "tgt" | "target term" | "translation" => {
            target.map_or(Column::Unknown, Column::Terms)
        }
        "concept" | "concept id" | "entry id" | "context" | "id" => Column::Id,
        "status" | "term status" => Column::Status,
        "type" | "term type" => Column::Type,
        "domain" | "subject" | "subject field" | "subjectfield" => Column::Domain,
        "note" | "notes" | "comment" | "comments" | "definition" | "explanation" => {
            Column::Note(None)
        }
        "developer comments" => Column::Note(source),
        "translator comments" => Column::Note(target),
        "origin" | "reference" => Column::Source,
        // What Weblate writes in every row and says nothing of a term.
        "location" | "fuzzy" => Column::Empty,
        _ => Column::Unknown,
    }
}

/// Writes the table that Weblate takes: rows of two languages, the id of the concept as context, so that rows with one source
/// term stay apart.
///
/// # Errors
/// When a cell can't be written, which does not happen.
pub fn write_weblate(
    concepts: &[Concept],
    languages: (Language, Language),
) -> Result<(String, Losses), csv::Error> {
    let (rows, losses) = pairs(concepts, languages, &["concept", "note"]);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "context",
        "source",
        "target",
        "translator_comments",
        "developer_comments",
    ])?;
    for row in rows {
        writer.write_record([
            row.concept,
            &row.source.text,
            &row.target.text,
            &row.target.note,
            &row.source.note,
        ])?;
    }
    Ok((finished(writer), losses))
}

/// Writes a table for Trados: a row a concept, a column a language, named in English, synonyms joined with `|`, and beside
/// them the id of the concept, its domain and its notes.
///
/// # Errors
/// When a cell can't be written, which does not happen.
pub fn write_trados(concepts: &[Concept]) -> Result<(String, Losses), csv::Error> {
    write_columns(concepts, "Entry ID", name_of, &[("Subject", "domain"), ("Note", "note")])
}

/// Writes the wide form of a glossary file: a column a language, named by its tag, variants joined with `|`.
///
/// # Errors
/// When a cell can't be written, which does not happen.
pub fn write_wide(concepts: &[Concept]) -> Result<(String, Losses), csv::Error> {
    write_columns(concepts, "concept", |language| language.to_string(), &[])
}

/// Writes a row a concept and a column a language; `beside` are the columns behind them and the fields they hold.
fn write_columns(
    concepts: &[Concept],
    id: &str,
    name: impl Fn(Language) -> String,
    beside: &[(&str, &'static str)],
) -> Result<(String, Losses), csv::Error> {
    let mut losses = Losses::default();
    let mut languages: Vec<Language> = Vec::new();
    for term in concepts.iter().flat_map(|concept| &concept.terms) {
        if !languages.contains(&term.language) {
            languages.push(term.language);
        }
    }
    let held: Vec<&str> = beside.iter().map(|(_, field)| *field).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = languages.iter().map(|language| name(*language));
    let header = std::iter::once(id.to_owned()).chain(names);
    writer.write_record(header.chain(beside.iter().map(|(name, _)| (*name).to_owned())))?;
    for concept in concepts {
        let mut used: Vec<&Term> = Vec::new();
        for term in &concept.terms {
            if !term.status.is_allowed() {
                losses.leave_out("not to be used");
            } else if term.text.contains('|') {
                losses.leave_out("with | in it, which parts synonyms");
            } else {
                losses.written += 1;
                losses.count(term, &held);
                used.push(term);
            }
        }
        if used.is_empty() {
            continue;
        }
        let of = |language: &Language| {
            let own = used.iter().filter(|term| term.language == *language);
            own.map(|term| one_line(&term.text)).collect::<Vec<_>>().join("|")
        };
        let joined = |field: &str| {
            let mut all: Vec<&str> = Vec::new();
            for term in &used {
                let value = if field == "domain" { &term.domain } else { &term.note };
                if !value.is_empty() && !all.contains(&value.as_str()) {
                    all.push(value);
                }
            }
            all.join("; ")
        };
        let cells = std::iter::once(concept.id.clone()).chain(languages.iter().map(of));
        writer.write_record(cells.chain(beside.iter().map(|(_, field)| joined(field))))?;
    }
    Ok((finished(writer), losses))
}

fn finished(writer: csv::Writer<Vec<u8>>) -> String {
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::terms::tests::{concepts, simple};

    const LANGUAGES: (Language, Language) = (Language::EN, Language::AZ);

    fn read_text(
        text: &str,
        languages: Option<(Language, Language)>,
    ) -> Result<ReadConcepts, TermTableError> {
        read(&rows(text)?, languages)
    }

    #[test]
    fn a_table_of_trados_is_read() {
        let text = "Entry ID;English (United States);Azerbaijani;Subject;Definition;Client\r\n\
            7;Public Union|PU;İctimai Birliyi;ngo;\"a kind; of body\";red\r\n8;shelter;;;\r\n";
        let read = read_text(text, None).unwrap();
        assert_eq!(read.concepts.len(), 2);
        let concept = &read.concepts[0];
        assert_eq!((concept.id.as_str(), concept.terms.len()), ("7", 3));
        assert_eq!(concept.terms[0].note, "a kind; of body");
        assert_eq!(concept.terms[2].domain, "ngo");
        assert_eq!(read.unread.get("Client"), Some(&1));
    }

    #[test]
    fn a_table_of_weblate_needs_its_languages() {
        let text = "\"location\",\"source\",\"target\",\"id\",\"fuzzy\",\"context\",\"translator_comments\",\"developer_comments\"\n\
            \"\",\"fund\",\"fond\",\"\",\"False\",\"f\",\"target's\",\"source's\"\n";
        let error = read_text(text, None).unwrap_err();
        assert!(matches!(error, TermTableError::UnknownLanguages { line: 1 }));
        let read = read_text(text, Some(LANGUAGES)).unwrap();
        let [one, other] = &read.concepts[0].terms[..] else { panic!() };
        assert_eq!((one.note.as_str(), other.note.as_str()), ("source's", "target's"));
        assert_eq!(read.concepts[0].id, "f");
        assert!(read.unread.is_empty());
    }

    #[test]
    fn what_is_no_table_of_terms_is_told_with_its_line() {
        let error = |text: &str| read_text(text, None).unwrap_err().to_string();
        assert!(error("").starts_with("the table is empty"));
        assert!(
            error("\nDear friends,hello\n")
                .starts_with("line 2: the first row \"Dear friends,hello\"")
        );
        assert!(
            error("en,az\n\"One,Bir\nTwo,İki\n")
                .starts_with("line 2: a cell begins with a quotation mark")
        );
    }

    #[test]
    fn what_trados_has_no_place_for_is_counted() {
        let mut concept = simple("u", &[("en", "union"), ("az", "bir|lik"), ("az", "ittifaq")]);
        concept.terms[0].is_case_exact = true;
        let (text, losses) = write_trados(&[concept]).unwrap();
        assert_eq!(text, "Entry ID,English,Azerbaijani,Subject,Note\nu,union,ittifaq,,\n");
        assert_eq!(losses.fields.get("case"), Some(&1));
        assert_eq!(losses.terms.len(), 1);
    }

    proptest! {
        #[test]
        fn terms_and_ids_read_back(concepts in concepts()) {
            let (text, losses) = write_trados(&concepts).unwrap();
            let back = match concepts.iter().flat_map(|c| &c.terms).map(|t| t.language).collect::<std::collections::BTreeSet<_>>().len() {
                0 | 1 => return Ok(()),
                _ => read_text(&text, None).unwrap(),
            };
            let mut found = 0;
            for concept in &back.concepts {
                let own = concepts.iter().find(|own| one_line(&own.id) == concept.id).unwrap();
                for term in &concept.terms {
                    found += 1;
                    prop_assert!(own.terms.iter().any(|t| t.language == term.language && one_line(&t.text) == term.text));
                }
            }
            prop_assert_eq!(found, losses.written);
            let (text, losses) = write_weblate(&concepts, LANGUAGES).unwrap();
            let back = read_text(&text, Some(LANGUAGES)).unwrap();
            let count: usize = back.concepts.iter().map(|concept| concept.terms.len()).sum();
            prop_assert_eq!(count, losses.written);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(en|az|,|;|\t|\"|ə|source|target|\r?\n| ){0,20}") {
            let _ = read_text(&text, Some(LANGUAGES));
        }
    }
}
