//! Reads a glossary from CSV: a row a term, or a column a language.
//!
//! ```text
//! concept,language,term,status,type            en,az,ru
//! pu,en,Public Union,preferred,kind            Public Union|PU,İctimai Birliyi|İB,Общественное объединение
//! pu,az,İctimai Birliyi,preferred,kind
//! ```
//! The file may be separated by commas, semicolons or tabs, as spreadsheets write it; lines that begin with `#` are
//! comments. What is wrong is told with file, line and value.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::Glossary;
use crate::model::{Concept, Language, Term, TermStatus, TermType};

/// What to do with rows that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The first one is an error.
    Strict,
    /// They are left out and told of.
    Lenient,
}

/// Says what is wrong with a glossary file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct GlossaryError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub problem: String,
}

/// The columns of the row form that may be there.
const KNOWN: [&str; 11] = [
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

impl Glossary {
    /// Reads a glossary; `name` is the file's, for messages. Returns it with what was left out.
    ///
    /// # Errors
    /// When the header names no form, or (strictly) at the first row that can't be read.
    pub fn read_csv(
        name: &str,
        text: &str,
        mode: Mode,
    ) -> Result<(Self, Vec<GlossaryError>), GlossaryError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let header_line = text
            .lines()
            .find(|line| !line.starts_with('#') && !line.trim().is_empty())
            .unwrap_or("");
        let count = |separator: char| header_line.matches(separator).count();
        let separator =
            [('\t', b'\t'), (';', b';')].into_iter().find(|(c, _)| count(*c) > count(','));
        let mut reader = ReaderBuilder::new()
            .delimiter(separator.map_or(b',', |(_, byte)| byte))
            .comment(Some(b'#'))
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let fail =
            |line: u64, problem: String| GlossaryError { file: name.to_owned(), line, problem };
        let header = reader.headers().map_err(|error| fail(1, error.to_string()))?.clone();
        let columns = Columns::of(&header).map_err(|problem| fail(1, problem))?;
        let mut glossary = Self { name: name.to_owned(), concepts: Vec::new() };
        let mut notes = Vec::new();
        for row in reader.records() {
            let result = match row {
                Ok(row) => {
                    let line = row.position().map_or(0, csv::Position::line);
                    columns
                        .add(&row, &header, line, &mut glossary)
                        .map_err(|problem| fail(line, problem))
                }
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    Err(fail(line, format!("the row can't be read: {error}")))
                }
            };
            match result {
                Ok(()) => {}
                Err(error) if mode == Mode::Lenient => notes.push(error),
                Err(error) => return Err(error),
            }
        }
        Ok((glossary, notes))
    }
}

/// The form of a file: which column is what.
enum Columns {
    /// A row a term; the place of each known column.
    Rows([Option<usize>; KNOWN.len()]),
    /// A column a language; the place of the id, and the languages by place.
    Wide(Option<usize>, Vec<(usize, Language)>),
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self, String> {
        let place = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
        if place("term").is_some() && place("language").is_some() {
            if place("concept").is_none() {
                return Err(
                    "the header has no column \"concept\", which rows of one concept share"
                        .to_owned(),
                );
            }
            return Ok(Self::Rows(KNOWN.map(place)));
        }
        let id = place("concept").or_else(|| place("id"));
        let languages: Vec<(usize, Language)> = header
            .iter()
            .enumerate()
            .filter_map(|(at, column)| {
                Some((at, Language::parse(column).ok().filter(Language::is_usual)?))
            })
            .collect();
        if languages.is_empty() {
            return Err(format!(
                "the header \"{}\" is none of a glossary; write concept,language,term or a column a language such as en,az",
                header.iter().collect::<Vec<_>>().join(",")
            ));
        }
        Ok(Self::Wide(id, languages))
    }

    fn add(
        &self,
        row: &StringRecord,
        header: &StringRecord,
        line: u64,
        glossary: &mut Glossary,
    ) -> Result<(), String> {
        if row.len() != header.len() {
            return Err(format!(
                "{} columns where the header has {}; put a value with a separator in it into quotes",
                row.len(),
                header.len()
            ));
        }
        let line = usize::try_from(line).unwrap_or(0);
        match self {
            Self::Rows(places) => {
                let value = |at: usize| places[at].and_then(|place| row.get(place)).unwrap_or("");
                let id = value(0);
                if id.is_empty() {
                    return Err("no concept id; rows of one concept share one".to_owned());
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
                push(glossary, id, term)
            }
            Self::Wide(id, languages) => {
                let id = id.and_then(|place| row.get(place)).filter(|id| !id.is_empty());
                let id =
                    id.map_or_else(|| format!("c{}", glossary.concepts.len() + 1), str::to_owned);
                for (place, language) in languages {
                    let variants = row.get(*place).unwrap_or("").split('|').map(str::trim);
                    for variant in variants.filter(|variant| !variant.is_empty()) {
                        let term = Term {
                            language: *language,
                            text: variant.to_owned(),
                            status: TermStatus::default(),
                            kind: TermType::default(),
                            is_case_exact: false,
                            is_inflected: true,
                            abbreviation_of: None,
                            domain: String::new(),
                            note: String::new(),
                            source: String::new(),
                            line,
                        };
                        push(glossary, &id, term)?;
                    }
                }
                Ok(())
            }
        }
    }
}

fn text_of(value: &str) -> Result<String, String> {
    if value.is_empty() {
        Err("the term is empty; write one or delete the row".to_owned())
    } else {
        Ok(value.to_owned())
    }
}

fn flag(column: &str, value: &str, yes: &str, no: &str, default: bool) -> Result<bool, String> {
    match value {
        "" => Ok(default),
        _ if value.eq_ignore_ascii_case(yes) => Ok(true),
        _ if value.eq_ignore_ascii_case(no) => Ok(false),
        _ => Err(format!("{column} \"{value}\" is not one of {yes}, {no}")),
    }
}

fn push(glossary: &mut Glossary, id: &str, term: Term) -> Result<(), String> {
    // Rows of one concept usually stand together, so look from the end.
    let known = glossary.concepts.iter().rposition(|concept| concept.id == id);
    let place = known.unwrap_or_else(|| {
        glossary.concepts.push(Concept { id: id.to_owned(), terms: Vec::new() });
        glossary.concepts.len() - 1
    });
    let terms = &mut glossary.concepts[place].terms;
    if let Some(same) =
        terms.iter().find(|known| known.language == term.language && known.text == term.text)
    {
        return Err(format!(
            "\"{}\" stands for concept {id} on line {} already",
            term.text, same.line
        ));
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
        assert!(wrong("name,city\nx,y\n").contains("none of a glossary"));
        assert!(wrong("concept,language,term\na,en,One\na,en,One\n").contains("line 2 already"));
    }

    #[test]
    fn good_rows_load_when_asked() {
        let text = "concept,language,term\na,en,One\nb,??,Two\nc,en,Three\n";
        let (glossary, notes) = Glossary::read_csv("n", text, Mode::Lenient).unwrap();
        assert_eq!((glossary.concepts.len(), notes.len()), (2, 1));
    }
}
