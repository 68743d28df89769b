//! Tables: an alignment for a spreadsheet, and translation units from and to one.
//!
//! An alignment is written as one row a bead:
//!
//! ```text
//! source,target,confidence,origin,source_segments,target_segments
//! "Dear friends,","Hörmətli dostlar,",0.9931,machine,[0],[0]
//! ```
//!
//! Units are read and written one row each, a column a language, named by its tag; `origin`, `confidence`, `note` and
//! `source_language` may stand beside them. Columns named `source` and `target` are read where the two languages are
//! given otherwise. Columns of other names are passed over. A row with more or fewer cells than the header is skipped:
//! nobody knows which of its cells is which. The delimiter is the comma, the tab or the semicolon (which spreadsheets
//! write where the comma is in numbers): the one that the header has most of, or that a first line such as `sep=;` names.
//!
//! Programs that part cells by tabs often mean a quotation mark as a letter. Where one in such a table is not what CSV asks
//! for, all are letters.

use std::io::{self, Write};

use crate::formats::{Defect, ReadUnits};
use crate::model::{Alignment, Document, Language, Origin, Row, SegmentId, Unit};
use crate::text::{counted, table};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// The byte between cells: `,` or a tab.
    pub delimiter: u8,
    /// Whether a cell that begins with `=`, `+`, `-` or `@` gets an apostrophe before it, so that a spreadsheet does
    /// not take it for a formula. It changes the text, so it is off unless asked for.
    pub guards_formulas: bool,
}

impl Table {
    /// Comma-separated values.
    pub const CSV: Self = Self { delimiter: b',', guards_formulas: false };
    /// Tab-separated values; cells with tabs, quotes or line ends are quoted as in CSV.
    pub const TSV: Self = Self { delimiter: b'\t', guards_formulas: false };

    fn writer<W: Write>(self, out: W) -> csv::Writer<W> {
        csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(out)
    }

    fn cell(self, text: &str) -> String {
        match text.chars().next() {
            Some('=' | '+' | '-' | '@') if self.guards_formulas => format!("'{text}"),
            _ => text.to_owned(),
        }
    }
}

/// Says why a table can't be read.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The first line does not name two languages.
    #[error(
        "line 1: the header names fewer than two languages: {found}; write a header such as en,az, or source,target and say --source-lang and --target-lang"
    )]
    NoLanguages {
        /// The names that were found.
        found: String,
    },
    /// A cell that opens with a quotation mark swallows the lines that follow.
    #[error(
        "line {0}: a cell begins with a quotation mark that is not closed before the line ends; close it, or write \"\" for a quotation mark in the text"
    )]
    OpenQuote(usize),
    /// Two columns have the texts of one language.
    #[error("line 1: two columns are named {0}")]
    SameLanguage(Language),
    /// The table is broken.
    #[error(transparent)]
    Broken(#[from] csv::Error),
}

/// Writes an alignment, a row a bead, in order. A side of several segments is joined by spaces, and white space in it
/// made one space; the confidence has four decimals; the segments are named by the numbers that bead files use.
///
/// # Errors
/// When the output can't be written.
pub fn write_alignment(
    out: impl Write,
    alignment: &Alignment,
    source: &Document,
    target: &Document,
    table: Table,
) -> io::Result<()> {
    let mut rows = table.writer(out);
    rows.write_record([
        "source",
        "target",
        "confidence",
        "origin",
        "source_segments",
        "target_segments",
    ])?;
    for bead in alignment.beads() {
        let origin = match bead.origin {
            Origin::Machine => "machine",
            Origin::Person => "person",
            Origin::Import => "import",
        };
        rows.write_record([
            &table.cell(&source.joined(&bead.source)),
            &table.cell(&target.joined(&bead.target)),
            &format!("{:.4}", bead.confidence),
            origin,
            &numbers(source, &bead.source),
            &numbers(target, &bead.target),
        ])?;
    }
    rows.flush()
}

fn numbers(document: &Document, ids: &[SegmentId]) -> String {
    let segments = ids.iter().filter_map(|id| document.segments.get(id.place()));
    let numbers: Vec<String> = segments.map(|segment| segment.index.to_string()).collect();
    format!("[{}]", numbers.join(","))
}

/// Writes the rows of several versions: a column for each, named by its language, and behind them the confidence with four
/// decimals, whether the row is `reordered`, and the numbers of the segments of each version. A language that several
/// versions share is named with their place, such as `en_2`.
///
/// # Errors
/// When the output can't be written.
pub fn write_versions(
    out: impl Write,
    rows: &[Row],
    documents: &[Document],
    table: Table,
) -> io::Result<()> {
    let mut writer = table.writer(out);
    let name = |(place, document): (usize, &Document)| {
        let is_first = documents[..place].iter().all(|d| d.language != document.language);
        let place = if is_first { String::new() } else { format!("_{}", place + 1) };
        format!("{}{place}", document.language)
    };
    let names: Vec<String> = documents.iter().enumerate().map(name).collect();
    let header = names.iter().cloned().chain(["confidence", "reordered"].map(str::to_owned));
    let header = header.chain(names.iter().map(|name| format!("{name}_segments")));
    writer.write_record(header)?;
    for row in rows {
        let sides = || documents.iter().zip(&row.segments);
        let mut cells: Vec<String> =
            sides().map(|(document, ids)| table.cell(&document.joined(ids))).collect();
        cells.push(format!("{:.4}", row.confidence));
        cells.push(row.reordered.to_string());
        cells.extend(sides().map(|(document, ids)| numbers(document, ids)));
        writer.write_record(cells)?;
    }
    writer.flush()
}

/// Writes units, a row each, with a column for each of the languages; a text in any other language is left out.
/// Returns how many texts were left out so.
///
/// # Errors
/// When the output can't be written.
pub fn write_units(
    out: impl Write,
    languages: &[Language],
    units: impl IntoIterator<Item = Unit>,
    table: Table,
) -> io::Result<usize> {
    let mut rows = table.writer(out);
    let tags = languages.iter().map(ToString::to_string);
    let others = ["source_language", "origin", "confidence", "note"].map(str::to_owned);
    rows.write_record(tags.chain(others))?;
    let mut left_out = 0;
    for unit in units {
        left_out += unit.texts.keys().filter(|tag| !languages.contains(tag)).count();
        let text = |tag: &Language| unit.texts.get(tag).map_or_else(String::new, |t| table.cell(t));
        let others = [
            unit.source_language.map_or_else(String::new, |tag| tag.to_string()),
            table.cell(&unit.origin),
            unit.confidence.map_or_else(String::new, |confidence| confidence.to_string()),
            table.cell(&unit.note),
        ];
        rows.write_record(languages.iter().map(text).chain(others))?;
    }
    rows.flush()?;
    Ok(left_out)
}

/// Reads units from a table with a header. `source_and_target` are the languages of columns named `source` and
/// `target`.
///
/// # Errors
/// When the header does not name two languages, or names one twice, and when a quoted cell is not closed.
pub fn read_units(
    text: &str,
    source_and_target: Option<(Language, Language)>,
) -> Result<ReadUnits, CsvError> {
    let (named, text) = named_separator(text);
    let lines_before = usize::from(named.is_some());
    let delimiter =
        named.unwrap_or_else(|| table::separator(text.lines().next().unwrap_or_default()));
    let stray_quote = stray_quote(text, delimiter);
    let are_letters = stray_quote.is_some() && delimiter == b'\t';
    if let Some(line) = table::open_quote(text, delimiter, None)
        && !are_letters
    {
        return Err(CsvError::OpenQuote(line + lines_before));
    }
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(!are_letters)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = rows.headers()?.clone();
    let columns = columns_of(&header, source_and_target)?;
    let mut read = ReadUnits::default();
    if let Some(line) = stray_quote {
        let message = if are_letters {
            "a quotation mark in a cell, not around it: all of the table are letters"
        } else {
            "a quoted cell goes on behind its closing mark: these marks are lost; write \"\" for one in the text"
        };
        read.defects.push(Defect { line: line + lines_before, message: message.to_owned() });
    }
    for row in rows.records() {
        let row = row?;
        let line = table::line_of(text, row.position(), None) + lines_before;
        read.counts.seen += 1;
        if row.len() != header.len() {
            let (found, wanted) = (counted(row.len(), "cell"), header.len());
            let message = format!(
                "{found} where the header has {wanted}: the row is skipped; put a text with a separator in it into quotation marks"
            );
            read.defects.push(Defect { line, message });
            read.counts.skip("more or fewer cells than the header");
            continue;
        }
        let mut unit = Unit::default();
        for (column, cell) in columns.iter().zip(&row) {
            put(&mut unit, *column, cell, line, &mut read.defects);
        }
        if source_and_target.is_some() && unit.source_language.is_none() {
            unit.source_language = source_and_target.map(|(source, _)| source);
        }
        unit.source_language = unit.source_language.filter(|tag| unit.texts.contains_key(tag));
        if unit.texts.len() < 2 {
            read.counts.skip("text in fewer than two languages");
            let message = "text in fewer than two languages: the row is skipped".to_owned();
            read.defects.push(Defect { line, message });
            continue;
        }
        read.counts.used += 1;
        read.units.push(unit);
    }
    Ok(read)
}

/// Returns the separator that a first line such as `sep=;` names, as spreadsheets take it, and the text behind that line.
fn named_separator(text: &str) -> (Option<u8>, &str) {
    let found = text.split_once('\n').and_then(|(first, rest)| {
        match first.trim_matches(['"', '\r', ' ']).strip_prefix("sep=")?.as_bytes() {
            [separator @ (b',' | b';' | b'\t')] => Some((Some(*separator), rest)),
            _ => None,
        }
    });
    found.unwrap_or((None, text))
}

/// Returns the line, from 1, of the first cell that begins with a quotation mark and is not quoted as in CSV: the mark is
/// not closed, or closed before the cell ends.
pub(super) fn stray_quote(text: &str, separator: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_end = |byte: u8| byte == separator || byte == b'\n' || byte == b'\r';
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        if bytes[at] == b'"' {
            let opened = line;
            at += 1;
            // Two marks in a row are one of the text.
            loop {
                match bytes.get(at) {
                    None => return Some(opened),
                    Some(b'"') if bytes.get(at + 1) == Some(&b'"') => at += 2,
                    Some(b'"') => break,
                    Some(byte) => {
                        line += usize::from(*byte == b'\n');
                        at += 1;
                    }
                }
            }
            at += 1;
            if bytes.get(at).is_some_and(|byte| !is_end(*byte)) {
                return Some(opened);
            }
        }
        at += bytes[at..].iter().position(|byte| is_end(*byte)).unwrap_or(bytes.len() - at);
        line += usize::from(bytes.get(at) == Some(&b'\n'));
        at += 1;
    }
    None
}

fn put(unit: &mut Unit, column: Column, cell: &str, line: usize, defects: &mut Vec<Defect>) {
    if cell.trim().is_empty() {
        return;
    }
    let mut wrong = |what: &str| {
        let message = format!("\"{cell}\" is no {what}: left out");
        defects.push(Defect { line, message });
    };
    match column {
        Column::Text(language) => drop(unit.texts.insert(language, cell.to_owned())),
        Column::SourceLanguage => match Language::parse(cell) {
            Ok(language) => unit.source_language = Some(language),
            Err(_) => wrong("language tag"),
        },
        Column::Confidence => match cell.trim().parse::<f64>() {
            Ok(confidence) if (0.0..=1.0).contains(&confidence) => {
                unit.confidence = Some(confidence);
            }
            _ => wrong("confidence from 0 to 1"),
        },
        Column::Origin => unit.origin = cell.to_owned(),
        Column::Note => unit.note = cell.to_owned(),
        Column::Other => {}
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Column {
    Text(Language),
    SourceLanguage,
    Origin,
    Confidence,
    Note,
    Other,
}

fn columns_of(
    header: &csv::StringRecord,
    source_and_target: Option<(Language, Language)>,
) -> Result<Vec<Column>, CsvError> {
    let column = |name: &str| match (name.trim().to_ascii_lowercase().as_str(), source_and_target) {
        ("source", Some((source, _))) => Column::Text(source),
        ("target", Some((_, target))) => Column::Text(target),
        ("source_language", _) => Column::SourceLanguage,
        ("origin", _) => Column::Origin,
        ("confidence", _) => Column::Confidence,
        ("note", _) => Column::Note,
        _ => Language::parse(name).map_or(Column::Other, Column::Text),
    };
    let mut columns: Vec<Column> = header.iter().map(column).collect();
    // In a table of an alignment the origin says who made the bead, and not where the texts are from.
    if header.iter().any(|name| name.trim() == "source_segments") {
        for column in columns.iter_mut().filter(|column| **column == Column::Origin) {
            *column = Column::Other;
        }
    }
    let is_text = |column: &Column| matches!(column, Column::Text(_));
    // A column of row numbers is often called "id" or "no", which are also Indonesian and Norwegian.
    let is_number = |name: &str| matches!(name.trim(), "id" | "ID" | "Id" | "no" | "No" | "NO");
    let sure = columns.iter().zip(header).filter(|(c, name)| is_text(c) && !is_number(name));
    if sure.count() >= 2 {
        for (column, name) in columns.iter_mut().zip(header) {
            if is_number(name) {
                *column = Column::Other;
            }
        }
    }
    for (place, column) in columns.iter().enumerate() {
        if let Column::Text(language) = column
            && columns[..place].contains(column)
        {
            return Err(CsvError::SameLanguage(*language));
        }
    }
    // Any word of three letters could be a tag: one of them at least has to be a language that people know.
    let is_given = |tag: Language| source_and_target.is_some_and(|(s, t)| tag == s || tag == t);
    let is_known =
        |column: &Column| matches!(column, Column::Text(tag) if tag.is_usual() || is_given(*tag));
    if columns.iter().filter(|column| is_text(column)).count() < 2 || !columns.iter().any(is_known)
    {
        let names: Vec<&str> = header.iter().take(8).collect();
        let found = names.join(", ").chars().take(80).collect();
        return Err(CsvError::NoLanguages { found });
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::model::{Bead, Segment, SegmentKind, Span};

    fn document(text: &str) -> Document {
        let mut segments = Vec::new();
        let mut at = 0;
        for (index, line) in (0u32..).zip(text.split('\n')) {
            segments.push(Segment {
                span: Span::new(at, at + line.len()),
                block: 0,
                kind: SegmentKind::Sentence,
                marker: None,
                number: None,
                rule: "line",
                warnings: Vec::new(),
                index,
            });
            at += line.len() + 1;
        }
        Document {
            name: "test".to_owned(),
            language: Language::EN,
            text: text.to_owned(),
            blocks: Vec::new(),
            segments,
        }
    }

    #[test]
    fn an_alignment_is_a_row_a_bead() {
        let (source, target) = (document("Hello, all\nTwo\nThree"), document("Salam\n=İki \"üç\""));
        let ids = |list: &[usize]| list.iter().map(|place| SegmentId::at(*place)).collect();
        let beads = vec![
            Bead { confidence: 0.5, ..Bead::settled(ids(&[0]), ids(&[0]), Origin::Machine) },
            Bead::settled(ids(&[1, 2]), ids(&[1]), Origin::Person),
        ];
        let alignment = Alignment::new(3, 2, beads).unwrap();
        let written = |table| {
            let mut bytes = Vec::new();
            write_alignment(&mut bytes, &alignment, &source, &target, table).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(
            written(Table::CSV),
            "source,target,confidence,origin,source_segments,target_segments\n\
             \"Hello, all\",Salam,0.5000,machine,[0],[0]\n\
             Two Three,\"=İki \"\"üç\"\"\",1.0000,person,\"[1,2]\",[1]\n"
        );
        assert!(written(Table::TSV).contains("Hello, all\tSalam\t0.5000\tmachine\t[0]\t[0]\n"));
        assert!(written(Table { guards_formulas: true, ..Table::TSV }).contains("\"'=İki"));
    }

    #[test]
    fn columns_are_known_by_their_names() {
        let table = read_units("id;EN;aze;comment\n1;a;b;x\n2;;c;\n3;d;e;\n", None).unwrap();
        let tags: Vec<String> = table.units[0].texts.keys().map(ToString::to_string).collect();
        assert_eq!(tags, ["az", "en"]);
        assert_eq!(table.units.len(), 2);
        assert_eq!(table.units[1].texts[&Language::AZ], "e");
        assert_eq!((table.counts.seen, table.counts.used), (3, 2));
        let lines: Vec<usize> = table.defects.iter().map(|defect| defect.line).collect();
        assert_eq!(lines, [3]);
    }

    #[test]
    fn source_and_target_take_the_given_languages() {
        let text = "source\ttarget\tconfidence\na\tb\t0.5\nc\td\thigh\n";
        let table = read_units(text, Some((Language::EN, Language::AZ))).unwrap();
        assert_eq!(table.units[0].source_language, Some(Language::EN));
        assert_eq!(table.units[0].confidence, Some(0.5));
        assert_eq!((table.units[1].confidence, table.defects.len()), (None, 1));
        let error = read_units(text, None).unwrap_err();
        assert!(matches!(error, CsvError::NoLanguages { .. }));
        assert!(matches!(read_units("", None), Err(CsvError::NoLanguages { .. })));
        assert!(matches!(read_units("en,eng\n", None), Err(CsvError::SameLanguage(_))));
        assert!(matches!(read_units("foo,bar\n", None), Err(CsvError::NoLanguages { .. })));
    }

    #[test]
    fn a_row_of_another_length_is_skipped_and_nothing_truncated_enters() {
        let text = "en,az\nHello, friend,Salam, dost\nalone\nBye,Sağ ol\n";
        let table = read_units(text, None).unwrap();
        assert_eq!(table.units.len(), 1);
        assert_eq!(table.counts.skipped["more or fewer cells than the header"], 2);
        let lines: Vec<usize> = table.defects.iter().map(|defect| defect.line).collect();
        assert_eq!(lines, [2, 3]);
        let open = read_units("en,az\n\"Hello,Salam\nBye,Sağ ol\n", None);
        assert!(matches!(open, Err(CsvError::OpenQuote(2))));
    }

    #[test]
    fn quotation_marks_of_tables_parted_by_tabs_may_be_letters() {
        let text = "en\taz\n\"Help!\" she said.\tx\n\"Road\ty\n";
        let table = read_units(text, None).unwrap();
        let texts: Vec<&str> =
            table.units.iter().map(|u| u.texts[&Language::EN].as_str()).collect();
        assert_eq!(texts, ["\"Help!\" she said.", "\"Road"]);
        assert_eq!(table.defects[0].line, 2);
        let lost = read_units("en,az\n\"Help!\" she said.,x\n", None).unwrap();
        assert_eq!(lost.units[0].texts[&Language::EN], "Help! she said.");
        assert!(lost.defects[0].to_string().starts_with("line 2: a quoted cell goes on"));
        let quoted = read_units("en\taz\n\"a\nb\"\t\"c \"\"d\"\"\"\n", None).unwrap();
        assert_eq!(quoted.units[0].texts[&Language::AZ], "c \"d\"");
        assert!(quoted.defects.is_empty());
    }

    #[test]
    fn a_first_line_may_name_the_separator() {
        let table = read_units("sep=;\r\nen;az\r\nHello, all;Salam\r\nalone\r\n", None).unwrap();
        assert_eq!(table.units[0].texts[&Language::EN], "Hello, all");
        assert_eq!(table.defects[0].line, 4);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(
            rows in proptest::collection::vec(("[ -~ə\n\t“]{0,12}x", "[ -~ə\r\n]{0,12}x", 0u8..200), 0..8),
            is_tsv in proptest::bool::ANY,
        ) {
            let units: Vec<Unit> = rows
                .into_iter()
                .map(|(source, target, percent)| Unit {
                    texts: BTreeMap::from([(Language::EN, source), (Language::AZ, target.clone())]),
                    source_language: Some(Language::EN),
                    origin: target,
                    confidence: (percent <= 100).then(|| f64::from(percent) / 100.0),
                    note: String::new(),
                })
                .collect();
            let table = if is_tsv { Table::TSV } else { Table::CSV };
            let mut bytes = Vec::new();
            let languages = [Language::EN, Language::AZ];
            prop_assert_eq!(write_units(&mut bytes, &languages, units.clone(), table).unwrap(), 0);
            let text = String::from_utf8(bytes).unwrap();
            let back = read_units(&text, None).unwrap();
            prop_assert_eq!(back.units, units);
            prop_assert!(back.defects.is_empty());
        }
    }
}
