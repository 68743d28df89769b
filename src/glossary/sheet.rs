//! The rows of a glossary file as they are written, so that an edit leaves every other row byte for byte.
//!
//! ```text
//! # names of our partners          a line beside the rows: kept
//! concept;language;term            the header, one row as others
//! pu;en;"Public Union"             cells are byte ranges of the line, quotation marks included
//!                                  an empty line: kept
//! ```
//! A file is cut into lines; a row of quoted cells may go over several lines of the file and is one line here. The text of
//! the lines one after the other **is** the file, so what is not touched can't change. What is written new follows the file:
//! its separator, its line ends, whether it quotes every cell, whether its last line has an end.
//!
//! Rows and cells are those that the reader of [`super::csv`] sees: a row ends at LF, CRLF or a lone CR.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::table;

/// A file of separated values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    has_mark: bool,
    separator: u8,
    /// The line end of new rows: the first of the file.
    end: &'static str,
    lines: Vec<Line>,
}

/// A row, a comment or an empty line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// The text without line end.
    body: String,
    /// Empty for the last line of a file that has no end there.
    end: &'static str,
    /// The bytes of each cell; empty in a comment or an empty line.
    cells: Vec<Range<usize>>,
    /// Whether it is new or changed.
    is_touched: bool,
}

impl Sheet {
    /// Cuts a text into lines and cells. Never fails: a quoted cell that is not closed goes to the end.
    pub(super) fn parse(text: &str) -> Self {
        let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let separator = table::separator(header_of(body));
        let bytes = body.as_bytes();
        let (mut lines, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let (cells, stop) = match bytes[at] {
                b'#' => (Vec::new(), find(bytes, at, |byte| byte == b'\n')),
                b'\r' | b'\n' => (Vec::new(), at),
                _ => cells(bytes, at, separator),
            };
            // The CR before the LF that ends a comment belongs to the line end.
            let is_comment_crlf =
                bytes[at] == b'#' && bytes[stop - 1] == b'\r' && bytes.get(stop) == Some(&b'\n');
            let stop = stop - usize::from(is_comment_crlf);
            let end = match &bytes[stop..] {
                [b'\r', b'\n', ..] => "\r\n",
                [b'\n', ..] => "\n",
                [b'\r', ..] => "\r",
                _ => "",
            };
            let from = at;
            let cells = cells.into_iter().map(|cell| cell.start - from..cell.end - from).collect();
            lines.push(Line { body: body[at..stop].to_owned(), end, cells, is_touched: false });
            at = stop + end.len();
        }
        let end = lines.first().map(|line: &Line| line.end).filter(|end| !end.is_empty());
        Self { has_mark: body.len() < text.len(), separator, end: end.unwrap_or("\n"), lines }
    }

    /// Returns the file.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if self.has_mark {
            text.push('\u{FEFF}');
        }
        for line in &self.lines {
            text.push_str(&line.body);
            text.push_str(line.end);
        }
        text
    }

    /// Returns the places of the rows with the line of the file, from 1, on which each begins; the header is the first.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut number = 1;
        self.lines.iter().enumerate().filter_map(move |(place, line)| {
            let own = number;
            let ends = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
            number += ends(&line.body) + ends(line.end);
            (!line.cells.is_empty()).then_some((place, own))
        })
    }

    /// Returns the lines of the file, from 1, of the rows that are new or changed.
    pub(super) fn touched(&self) -> Vec<usize> {
        self.rows()
            .filter(|(place, _)| self.lines[*place].is_touched)
            .map(|(_, line)| line)
            .collect()
    }

    /// Returns how many cells a row has.
    pub(super) fn width(&self, row: usize) -> usize {
        self.lines.get(row).map_or(0, |line| line.cells.len())
    }

    /// Returns the text of a cell, without quotation marks and without blanks at its ends; nothing where there is no cell.
    pub(super) fn value(&self, row: usize, column: usize) -> Cow<'_, str> {
        match self.raw(row, column) {
            Some(raw) => trimmed(unquoted(raw)),
            None => Cow::Borrowed(""),
        }
    }

    /// Returns the texts of all cells of a row.
    pub(super) fn values(&self, row: usize) -> Vec<String> {
        (0..self.width(row)).map(|column| self.value(row, column).into_owned()).collect()
    }

    /// Says whether a cell has blanks before or behind its text.
    pub(super) fn has_blanks(&self, row: usize, column: usize) -> bool {
        let Some(raw) = self.raw(row, column) else { return false };
        let value = unquoted(raw);
        value.trim().len() < value.len()
    }

    /// Says whether the last line has an end; an empty file needs none.
    pub(super) fn has_last_end(&self) -> bool {
        self.lines.last().is_none_or(|line| !line.end.is_empty())
    }

    /// Ends the last line.
    pub(super) fn end_last_line(&mut self) {
        let end = self.end;
        if let Some(last) = self.lines.last_mut().filter(|line| line.end.is_empty()) {
            last.end = end;
        }
    }

    fn raw(&self, row: usize, column: usize) -> Option<&str> {
        let line = self.lines.get(row)?;
        line.body.get(line.cells.get(column)?.clone())
    }

    /// Writes a cell. One that is quoted stays so, one that is not is quoted where it must be. A cell that says so already is
    /// not touched.
    pub(super) fn set(&mut self, row: usize, column: usize, value: &str) {
        if self.value(row, column) != value {
            self.write(row, column, value);
        }
    }

    /// Writes a cell anew without blanks around its text.
    pub(super) fn trim(&mut self, row: usize, column: usize) {
        let value = self.value(row, column).into_owned();
        self.write(row, column, &value);
    }

    fn write(&mut self, row: usize, column: usize, value: &str) {
        let Some(raw) = self.raw(row, column) else { return };
        let cell = written(value, raw.starts_with('"'), self.separator, column == 0);
        let mut cells: Vec<String> = self.raws(row);
        cells[column] = cell;
        self.lines[row] = Line { end: self.lines[row].end, ..self.line(&cells) };
    }

    fn raws(&self, row: usize) -> Vec<String> {
        let raws = (0..self.width(row)).filter_map(|column| self.raw(row, column));
        raws.map(str::to_owned).collect()
    }

    /// Joins cells as they are to be written.
    fn line(&self, cells: &[String]) -> Line {
        let mut body = String::new();
        let mut places = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                body.push(char::from(self.separator));
            }
            places.push(body.len()..body.len() + cell.len());
            body.push_str(cell);
        }
        Line { body, end: self.end, cells: places, is_touched: true }
    }

    /// Puts a new row behind a line and returns its place. It quotes every cell where that row does.
    pub(super) fn insert(&mut self, behind: usize, values: &[String]) -> usize {
        let is_quoted = self.width(behind) > 0
            && (0..self.width(behind))
                .all(|column| self.raw(behind, column).is_some_and(|raw| raw.starts_with('"')));
        let cells: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(column, value)| written(value, is_quoted, self.separator, column == 0))
            .collect();
        let line = self.line(&cells);
        self.put(behind, line)
    }

    fn put(&mut self, behind: usize, mut line: Line) -> usize {
        // The last line of the file has an end if it had one before.
        line.end = self.end;
        if let Some(last) = self.lines.get_mut(behind).filter(|last| last.end.is_empty()) {
            (last.end, line.end) = (line.end, "");
        }
        let place = (behind + 1).min(self.lines.len());
        self.lines.insert(place, line);
        place
    }

    /// Takes a row out.
    pub(super) fn remove(&mut self, row: usize) {
        self.remove_rows(&[row]);
    }

    /// Takes rows out; `rows` is ascending.
    pub(super) fn remove_rows(&mut self, rows: &[usize]) {
        let had_end = self.has_last_end();
        let mut place = 0;
        self.lines.retain(|_| {
            place += 1;
            rows.binary_search(&(place - 1)).is_err()
        });
        if let Some(last) = self.lines.last_mut().filter(|_| !had_end) {
            last.end = "";
        }
    }

    /// Moves a row behind another line; its text stays as it is.
    pub(super) fn shift(&mut self, row: usize, behind: usize) {
        let line = self.lines[row].clone();
        self.remove(row);
        self.put(behind - usize::from(row < behind), Line { is_touched: true, ..line });
    }
}

/// Returns the line that is the header: the first that is neither empty nor a comment.
pub(super) fn header_of(text: &str) -> &str {
    let is_header = |line: &&str| !line.starts_with('#') && !line.trim().is_empty();
    text.lines().find(is_header).unwrap_or_default()
}

/// Returns where the cells of a row are, and where it ends.
fn cells(bytes: &[u8], mut at: usize, separator: u8) -> (Vec<Range<usize>>, usize) {
    let mut cells = Vec::new();
    loop {
        let start = at;
        if bytes.get(at) == Some(&b'"') {
            at = table::closing(bytes, at + 1).map_or(bytes.len(), |end| end + 1);
        }
        at = find(bytes, at, |byte| byte == separator || matches!(byte, b'\r' | b'\n'));
        cells.push(start..at);
        if bytes.get(at) != Some(&separator) {
            return (cells, at);
        }
        at += 1;
    }
}

fn find(bytes: &[u8], at: usize, is_end: impl Fn(u8) -> bool) -> usize {
    bytes[at..].iter().position(|byte| is_end(*byte)).map_or(bytes.len(), |more| at + more)
}

fn unquoted(raw: &str) -> Cow<'_, str> {
    let Some(inner) = raw.strip_prefix('"') else { return Cow::Borrowed(raw) };
    let end = table::closing(raw.as_bytes(), 1).unwrap_or(raw.len());
    let rest = raw.get(end + 1..).unwrap_or_default();
    Cow::Owned(inner[..end - 1].replace("\"\"", "\"") + rest)
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
        Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
    }
}

/// Writes a value as a cell. The first cell of a row must not look like the start of a comment.
fn written(value: &str, is_quoted: bool, separator: u8, is_first: bool) -> String {
    let must = value.bytes().any(|byte| byte == separator || matches!(byte, b'"' | b'\r' | b'\n'));
    if is_quoted || must || (is_first && value.starts_with('#')) {
        return format!("\"{}\"", value.replace('"', "\"\""));
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_rows_follow_the_file() {
        let mut sheet = Sheet::parse("\u{FEFF}\"a\";\"b\"\r\n\"1\";\"2\"");
        sheet.insert(1, &["3".to_owned(), "x;y".to_owned()]);
        assert_eq!(sheet.text(), "\u{FEFF}\"a\";\"b\"\r\n\"1\";\"2\"\r\n\"3\";\"x;y\"");
        assert_eq!(sheet.touched(), [3]);
        sheet.remove(2);
        assert_eq!(sheet.text(), "\u{FEFF}\"a\";\"b\"\r\n\"1\";\"2\"");
    }

    #[test]
    fn a_cell_is_written_and_the_rest_kept() {
        let mut sheet = Sheet::parse("# x\na,b,c\n 1 ,\"2\",3\n\n# y\n");
        sheet.set(2, 1, "two \"2\"");
        sheet.set(2, 2, "3");
        assert_eq!(sheet.text(), "# x\na,b,c\n 1 ,\"two \"\"2\"\"\",3\n\n# y\n");
    }

    #[test]
    fn a_moved_row_keeps_its_text() {
        let mut sheet = Sheet::parse("a\n\"1\"\n2\n3");
        sheet.shift(1, 3);
        assert_eq!(sheet.text(), "a\n2\n3\n\"1\"");
        sheet.shift(3, 0);
        assert_eq!(sheet.text(), "a\n\"1\"\n2\n3");
    }

    const FILES: &str =
        "(\u{FEFF})?(([#\"]|\"\")?(ə|b| |\"\"|,|;)[ab,]{0,4}\"?(\n|\r\n|\r|,)){0,9}[a#\"]?";

    proptest::proptest! {
        #[test]
        fn the_lines_are_the_file(text in FILES) {
            proptest::prop_assert_eq!(Sheet::parse(&text).text(), text);
        }

        #[test]
        fn rows_and_cells_are_those_of_the_reader(text in FILES) {
            let sheet = Sheet::parse(&text);
            let ours: Vec<(usize, Vec<String>)> =
                sheet.rows().map(|(row, line)| (line, sheet.values(row))).collect();
            let body = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(table::separator(header_of(body)))
                .comment(Some(b'#'))
                .flexible(true)
                .has_headers(false)
                .trim(csv::Trim::All)
                .from_reader(body.as_bytes());
            let theirs: Vec<(usize, Vec<String>)> = reader
                .records()
                .map(|row| {
                    let row = row.unwrap();
                    let line = table::line_of(body, row.position(), Some(b'#'));
                    (line, row.iter().map(str::to_owned).collect())
                })
                .collect();
            let values = |rows: &[(usize, Vec<String>)]| -> Vec<Vec<String>> {
                rows.iter().map(|(_, values)| values.clone()).filter(|row| row[..] != [""]).collect()
            };
            proptest::prop_assert_eq!(values(&ours), values(&theirs));
            // A lone CR ends a row, but no line of an editor.
            if !text.replace("\r\n", "").contains('\r') {
                let lines = |rows: &[(usize, Vec<String>)]| -> Vec<usize> {
                    rows.iter().filter(|(_, row)| row[..] != [""]).map(|(line, _)| *line).collect()
                };
                proptest::prop_assert_eq!(lines(&ours), lines(&theirs));
            }
        }

        #[test]
        fn what_is_added_and_taken_away_leaves_no_trace(
            text in FILES, place in 0..12usize, values in proptest::collection::vec("[a#\",;\n ]{0,4}", 1..4),
        ) {
            let mut sheet = Sheet::parse(&text);
            let behind = place % sheet.lines.len().max(1);
            let before: Vec<String> = sheet.lines.iter().map(|line| line.body.clone()).collect();
            let row = sheet.insert(behind, &values);
            let mut after: Vec<String> = sheet.lines.iter().map(|line| line.body.clone()).collect();
            after.remove(row);
            proptest::prop_assert_eq!(before, after);
            sheet.remove(row);
            proptest::prop_assert_eq!(sheet.text(), text);
        }

        #[test]
        fn a_cell_that_is_set_back_is_as_it_was(
            cells in proptest::collection::vec("[aəb]{1,3}|\"[aəb,;\n]{1,3}\"", 1..12), value in "[aəb,\"]{1,3}",
            at in 0..12usize,
        ) {
            let text = format!("x\n{}\n", cells.join("\n"));
            let mut sheet = Sheet::parse(&text);
            let row = 1 + at % cells.len();
            let old = sheet.value(row, 0).into_owned();
            let needs_quotes = value.contains([',', '"']);
            proptest::prop_assume!(!needs_quotes || cells[row - 1].starts_with('"'));
            proptest::prop_assume!(!old.is_empty() && unquoted(&cells[row - 1]) == old);
            sheet.set(row, 0, &value);
            proptest::prop_assert_eq!(sheet.value(row, 0), value);
            sheet.set(row, 0, &old);
            proptest::prop_assert_eq!(sheet.text(), text);
        }
    }
}
