//! Reads a glossary from CSV: a row a term, or a column a language.
//!
//! ```text
//! concept,language,term,status,type            en,az,ru
//! pu,en,Public Union,preferred,kind            Public Union|PU,İctimai Birliyi|İB,Общественное объединение
//! pu,az,İctimai Birliyi,preferred,kind
//! ```
//! The file may be separated by commas, semicolons or tabs, as spreadsheets write it; lines that begin with `#` are
//! comments. What is wrong is told with file, line and value. A file whose first row is no header is refused: its first
//! term would be lost, and its columns guessed.

use csv::{ReaderBuilder, StringRecord, Trim};
use rustc_hash::FxHashMap;

use super::Glossary;
use super::sheet::header_of;
use crate::model::{Concept, Language, Severity, Term, TermStatus, TermType};
use crate::text::{counted, nearest, table};

/// What to do with rows that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The first one is an error.
    Strict,
    /// They are left out and told of.
    Lenient,
}

/// Says what is wrong with a glossary file, and where. A warning takes nothing away from the glossary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct GlossaryError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// Its kind: `header`, `unknown_column`, `open_quote`, `broken_row`, `duplicate`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub problem: String,
}

/// The columns of the row form that may be there.
pub(super) const KNOWN: [&str; 11] = [
    "concept",
    "language",
    "term",
    "status",
    "type",
    "case",
    "inflect",
    "abbreviation_of",
    "domain",
    "note",
    "source",
];

/// Names of the wide form that stand beside the languages.
const KNOWN_WIDE: [&str; 5] = ["concept", "id", "domain", "note", "source"];

impl Glossary {
    /// Reads a glossary; `name` is the file's, for messages. Returns it with what was odd or, leniently, left out.
    ///
    /// # Errors
    /// When the header names no form, or (strictly) at the first row that can't be read.
    pub fn read_csv(
        name: &str,
        text: &str,
        mode: Mode,
    ) -> Result<(Self, Vec<GlossaryError>), GlossaryError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let separator = table::separator(header_of(text));
        let found = |line, code, severity, problem| GlossaryError {
            file: name.to_owned(),
            line,
            code,
            severity,
            problem,
        };
        let fail = |line, code, problem| found(line, code, Severity::Error, problem);
        let mut notes = Vec::new();
        let mut rows = text;
        if let Some(line) = table::open_quote(text, separator, Some(b'#')) {
            let problem = "a cell begins with a quotation mark that is not closed before the line \
                           ends; close it, or delete the mark"
                .to_owned();
            let error = fail(line, "open_quote", problem);
            if mode == Mode::Strict {
                return Err(error);
            }
            notes.push(error);
            // Nobody knows where the cell was to end.
            let end = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            rows = &text[..end];
        }
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .comment(Some(b'#'))
            .flexible(true)
            // Cells are trimmed one by one as they are taken: the reader would copy every row for it.
            .trim(Trim::Headers)
            .from_reader(rows.as_bytes());
        let line_of = |row: &StringRecord| table::line_of(rows, row.position(), Some(b'#'));
        let header =
            reader.headers().map_err(|error| fail(1, "header", error.to_string()))?.clone();
        let line = line_of(&header);
        let columns = Columns::of(&header).map_err(|problem| fail(line, "header", problem))?;
        for column in columns.unknown(&header) {
            let known: &[&str] =
                if matches!(columns, Columns::Rows(_)) { &KNOWN } else { &KNOWN_WIDE };
            let meant = match nearest(column, known) {
                Some(near) => format!("; is \"{near}\" meant?"),
                None => String::new(),
            };
            let problem = format!("the column \"{column}\" is not known and not read{meant}");
            notes.push(found(line, "unknown_column", Severity::Warning, problem));
        }
        let mut glossary = Self { name: name.to_owned(), concepts: Vec::new() };
        let mut known = Places::default();
        let mut row = StringRecord::new();
        loop {
            let (line, result) = match reader.read_record(&mut row) {
                Ok(false) => break,
                // A line of blanks, or what the reader makes of a comment that the file ends in.
                Ok(true) if row.len() == 1 && row[0].trim().is_empty() => continue,
                Ok(true) => {
                    let line = line_of(&row);
                    (line, columns.add(&row, &header, line, &mut glossary, &mut known))
                }
                Err(error) => (
                    table::line_of(rows, error.position(), Some(b'#')),
                    Err(format!("the row can't be read: {error}").into()),
                ),
            };
            match result.map_err(|RowError { code, problem }| fail(line, code, problem)) {
                Ok(()) => {}
                Err(error) if mode == Mode::Lenient => notes.push(error),
                Err(error) => return Err(error),
            }
        }
        Ok((glossary, notes))
    }
}

impl Glossary {
    /// Says whether a file has a column for the ids of its concepts; where it has none, they are numbered.
    pub fn has_ids(text: &str) -> bool {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let header = header_of(text);
        let cells = header.split([',', ';', '\t']).map(|cell| cell.trim().trim_matches('"').trim());
        cells
            .into_iter()
            .any(|name| ["concept", "id"].iter().any(|id| id.eq_ignore_ascii_case(name)))
    }
}

/// The form of a file: which column is what.
#[derive(Debug)]
pub(super) enum Columns {
    /// A row a term; the place of each known column.
    Rows([Option<usize>; KNOWN.len()]),
    /// A column a language; the place of the id, and the languages by place.
    Wide(Option<usize>, Vec<(usize, Language)>),
}

impl Columns {
    pub(super) fn of(header: &StringRecord) -> Result<Self, String> {
        let place = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
        let required = ["concept", "language", "term"];
        let (there, missing): (Vec<&str>, Vec<&str>) =
            required.into_iter().partition(|name| place(name).is_some());
        if missing.is_empty() {
            return Ok(Self::Rows(KNOWN.map(place)));
        }
        let languages: Vec<(usize, Language)> =
            header.iter().enumerate().filter_map(|(at, name)| Some((at, tag(name)?))).collect();
        let id = place("concept").or_else(|| place("id"));
        // A first row of terms may hold a tag by accident, hardly two, or one beside the name of another column.
        let is_wide = match languages.len() {
            0 => false,
            1 => header.len() == 1 || id.is_some(),
            _ => true,
        };
        if is_wide {
            return Ok(Self::Wide(id, languages));
        }
        let names = header.iter().collect::<Vec<_>>().join(",");
        if there.is_empty() {
            return Err(format!(
                "the first row \"{names}\" is no header of a glossary; write concept,language,term or a column a language such as en,az"
            ));
        }
        let missing: Vec<String> = missing
            .into_iter()
            .map(|name| match header.iter().find(|column| nearest(column, &[name]).is_some()) {
                Some(column) => format!("{name} (is \"{column}\" meant?)"),
                None => name.to_owned(),
            })
            .collect();
        Err(format!("the header \"{names}\" has no column {}", missing.join(" and no column ")))
    }

    /// Returns the names of the columns that are not read.
    fn unknown<'h>(&self, header: &'h StringRecord) -> impl Iterator<Item = &'h str> {
        let is_rows = matches!(self, Self::Rows(_));
        header.iter().filter(move |name| {
            let names = if is_rows { &KNOWN[..] } else { &KNOWN_WIDE[..] };
            let is_known = names.iter().any(|known| known.eq_ignore_ascii_case(name));
            !name.is_empty() && !is_known && (is_rows || tag(name).is_none())
        })
    }

    fn add(
        &self,
        row: &StringRecord,
        header: &StringRecord,
        line: usize,
        glossary: &mut Glossary,
        known: &mut Places,
    ) -> Result<(), RowError> {
        if row.len() != header.len() {
            return Err(format!(
                "{} where the header has {}; put a value with a separator in it into quotes",
                counted(row.len(), "column"),
                header.len()
            )
            .into());
        }
        match self {
            Self::Rows(places) => {
                let value =
                    |at: usize| places[at].and_then(|place| row.get(place)).unwrap_or("").trim();
                let id = value(0);
                if id.is_empty() {
                    return Err("no concept id; rows of one concept share one".to_owned().into());
                }
                let term = Term {
                    language: Language::parse(value(1)).map_err(|error| error.to_string())?,
                    text: text_of(value(2))?,
                    status: TermStatus::parse(value(3))
                        .map_err(|error| format!("status {error}"))?,
                    kind: TermType::parse(value(4)).map_err(|error| format!("type {error}"))?,
                    is_case_exact: flag("case", value(5), "exact", "fold", false)?,
                    is_inflected: flag("inflect", value(6), "yes", "no", true)?,
                    abbreviation_of: Some(value(7).to_owned()).filter(|full| !full.is_empty()),
                    domain: value(8).to_owned(),
                    note: value(9).to_owned(),
                    source: value(10).to_owned(),
                    line,
                };
                push(glossary, known, id, term)
            }
            Self::Wide(id, languages) => {
                let id =
                    id.and_then(|place| row.get(place)).map(str::trim).filter(|id| !id.is_empty());
                let id =
                    id.map_or_else(|| format!("c{}", glossary.concepts.len() + 1), str::to_owned);
                for (place, language) in languages {
                    let variants = row.get(*place).unwrap_or("").split('|').map(str::trim);
                    for variant in variants.filter(|variant| !variant.is_empty()) {
                        let term = Term { line, ..Term::new(*language, text_of(variant)?) };
                        push(glossary, known, &id, term)?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// Returns the language that a column of the wide form is named by.
fn tag(name: &str) -> Option<Language> {
    Language::parse(name).ok().filter(Language::is_usual)
}

fn text_of(value: &str) -> Result<String, String> {
    if value.is_empty() {
        return Err("the term is empty; write one or delete the row".to_owned());
    }
    if value.contains('\n') {
        return Err(
            "the term goes over the end of its line; is a quotation mark missing?".to_owned()
        );
    }
    Ok(value.to_owned())
}

pub(super) fn flag(
    column: &str,
    value: &str,
    yes: &str,
    no: &str,
    default: bool,
) -> Result<bool, String> {
    match value {
        "" => Ok(default),
        _ if value.eq_ignore_ascii_case(yes) => Ok(true),
        _ if value.eq_ignore_ascii_case(no) => Ok(false),
        _ => Err(format!("{column} \"{value}\" is not one of {yes}, {no}")),
    }
}

/// Says why a row is left out.
struct RowError {
    code: &'static str,
    problem: String,
}

impl From<String> for RowError {
    fn from(problem: String) -> Self {
        Self { code: "broken_row", problem }
    }
}

/// The place of each concept in the glossary that is read, by its id.
type Places = FxHashMap<String, usize>;

fn push(
    glossary: &mut Glossary,
    places: &mut Places,
    id: &str,
    term: Term,
) -> Result<(), RowError> {
    let place = places.get(id).copied().unwrap_or_else(|| {
        places.insert(id.to_owned(), glossary.concepts.len());
        glossary.concepts.push(Concept { id: id.to_owned(), terms: Vec::new() });
        glossary.concepts.len() - 1
    });
    let terms = &mut glossary.concepts[place].terms;
    if let Some(same) =
        terms.iter().find(|known| known.language == term.language && known.text == term.text)
    {
        let problem = format!(
            "\"{}\" stands for concept {id} on line {} already; delete one of the rows",
            term.text, same.line
        );
        return Err(RowError { code: "duplicate", problem });
    }
    terms.push(term);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Glossary, GlossaryError> {
        Glossary::read_csv("names.csv", text, Mode::Strict).map(|(glossary, _)| glossary)
    }

    #[test]
    fn both_forms_are_read() {
        let rows = read(
            "concept,language,term,status\npu,en,Public Union,preferred\npu,az,İctimai Birliyi,\n",
        )
        .unwrap();
        assert_eq!(rows.concepts[0].terms[1].text, "İctimai Birliyi");
        let wide = read("# names\nen;az\nPublic Union|PU;İctimai Birliyi\n").unwrap();
        assert_eq!(wide.concepts[0].id, "c1");
        assert_eq!(wide.concepts[0].terms.len(), 3);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let wrong = |text: &str| read(text).unwrap_err().to_string();
        assert!(
            wrong("concept,language,term\na,en,One\na,xx1,Two\n")
                .starts_with("names.csv:3: \"xx1\"")
        );
        assert!(
            wrong("concept,language,term,status\na,en,One,good\n").contains("preferred, admitted")
        );
        assert!(
            wrong("concept,language,term\na,en\n").contains("2 columns where the header has 3")
        );
        assert!(wrong("name,city\nx,y\n").contains("no header of a glossary"));
        assert!(wrong("").contains("no header of a glossary"));
        assert!(wrong("c7,az,İctimai Birliyi\n").starts_with("names.csv:1: the first row"));
        assert!(
            wrong("concept,lang,term\na,az,b\n")
                .contains("no column language (is \"lang\" meant?)")
        );
        assert!(wrong("concept,language,term\na,az,\"b\nc\"\n").contains("over the end"));
        assert!(wrong("concept,language,term\na,en,One\na,en,One\n").contains("line 2 already"));
    }

    #[test]
    fn a_quote_that_swallows_rows_is_told_with_its_line() {
        let text = "concept,language,term\na,en,One\nb,en,\"Two\nc,en,Three\n";
        let error = read(text).unwrap_err();
        assert_eq!((error.line, error.code), (3, "open_quote"));
        let (glossary, notes) = Glossary::read_csv("n", text, Mode::Lenient).unwrap();
        assert_eq!((glossary.concepts.len(), notes.len()), (1, 1));
    }

    #[test]
    fn an_unknown_column_is_named_with_what_it_is_near_to() {
        let noted = |text: &str| Glossary::read_csv("n", text, Mode::Strict).unwrap().1;
        let notes = noted("# head\nconcept,language,term,statuss,colour\na,en,One,preferred,red\n");
        assert_eq!(
            notes[0].to_string(),
            "n:2: the column \"statuss\" is not known and not read; is \"status\" meant?"
        );
        assert_eq!((notes.len(), notes[1].severity), (2, Severity::Warning));
        assert!(notes[1].problem.ends_with("not read"));
        assert_eq!(noted("id,en,az,Note,checked\n1,a,b,,\n").len(), 1);
    }

    #[test]
    fn blank_lines_and_a_last_comment_are_no_rows() {
        let glossary = read("concept,language,term\na,en,One\n  \n# end").unwrap();
        assert_eq!(glossary.concepts.len(), 1);
    }

    #[test]
    fn good_rows_load_when_asked() {
        let text = "concept,language,term\na,en,One\nb,??,Two\nc,en,Three\n";
        let (glossary, notes) = Glossary::read_csv("n", text, Mode::Lenient).unwrap();
        assert_eq!((glossary.concepts.len(), notes.len()), (2, 1));
    }
}
