//! Workbooks of Excel and other spreadsheets (`.xlsx`): the cells of one sheet.
//!
//! A sheet is read as text, cell by cell, so that one with a single cell in its last corner costs no more than others; what a
//! formula gives is its value. Written is one sheet, all cells text, so that no program takes a term for a number or a formula,
//! with the header in bold and kept in sight.
//!
//! Two crates do the work, `calamine` (MIT) and `rust_xlsxwriter` (MIT or Apache-2.0), both Rust alone.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use rust_xlsxwriter::{DocProperties, Format, Workbook};

use super::TableRow;

/// How large a workbook may be when unpacked, in bytes: a file of a few kilobytes can hold gigabytes of blanks.
const MOST_UNPACKED: u64 = 512 << 20;

/// How many columns of a row are read, and how long a sheet may be. A table of terms has hardly thirty columns.
const MOST_COLUMNS: u32 = 1000;

/// Says why a workbook can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The file is no workbook.
    #[error(
        "this is no workbook of Excel (.xlsx): {0}; save it again as an Excel workbook, or as CSV UTF-8"
    )]
    NotXlsx(String),
    /// The workbook is one of Excel before 2007, or encrypted.
    #[error(
        "this is a workbook in the format before 2007 (.xls), or one with a password; save it as an Excel workbook (.xlsx) without one"
    )]
    Old,
    /// Unpacked it would fill the memory.
    #[error("the workbook would take {0} MB when unpacked; save the sheet with the terms alone")]
    TooLarge(u64),
    /// No sheet has the name.
    #[error("there is no sheet \"{name}\"; there are: {found}")]
    NoSheet {
        /// The name.
        name: String,
        /// Those that are there.
        found: String,
    },
    /// The sheet has no cells.
    #[error("the sheet \"{0}\" is empty; name another with --sheet")]
    Empty(String),
    /// A cell can't be read.
    #[error("the sheet \"{sheet}\" can't be read: {problem}")]
    Broken {
        /// The sheet.
        sheet: String,
        /// What is wrong.
        problem: String,
    },
    /// A cell can't be written: 32,767 characters are the most.
    #[error("row {row}: {problem}")]
    Unwritable {
        /// The row, from 1.
        row: usize,
        /// What is wrong.
        problem: String,
    },
}

/// Reads a sheet: the one of a name, else the first that has cells. A row comes with its number in the sheet, from 1; empty
/// rows and the empty cells at the end of a row are left out. Returns the name of the sheet too.
///
/// # Errors
/// When the file is no workbook, the sheet is not there, empty or broken.
pub fn read(bytes: &[u8], sheet: Option<&str>) -> Result<(String, Vec<TableRow>), SheetError> {
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(SheetError::Old);
    }
    let unpacked = unpacked_len(bytes);
    if unpacked > MOST_UNPACKED {
        return Err(SheetError::TooLarge(unpacked >> 20));
    }
    let not_xlsx = |error: XlsxError| SheetError::NotXlsx(error.to_string());
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(not_xlsx)?;
    let names = book.sheet_names();
    let wanted: Vec<String> = match sheet {
        Some(name) if names.iter().any(|known| known == name) => vec![name.to_owned()],
        Some(name) => {
            return Err(SheetError::NoSheet { name: name.to_owned(), found: names.join(", ") });
        }
        None => names,
    };
    for name in &wanted {
        let broken = |error: XlsxError| SheetError::Broken {
            sheet: name.clone(),
            problem: error.to_string(),
        };
        let mut cells = match book.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            // A sheet that is a chart has no cells.
            Err(XlsxError::NotAWorksheet(_)) if sheet.is_none() => continue,
            Err(error) => return Err(broken(error)),
        };
        let mut rows: Vec<TableRow> = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            let text = text_of(cell.get_value());
            if text.trim().is_empty() || column >= MOST_COLUMNS {
                continue;
            }
            let row = row as usize + 1;
            if rows.last().is_none_or(|(last, _)| *last != row) {
                rows.push((row, Vec::new()));
            }
            let Some((_, own)) = rows.last_mut() else { continue };
            let column = column as usize;
            if own.len() <= column {
                own.resize(column + 1, String::new());
            }
            own[column] = text;
        }
        if !rows.is_empty() {
            return Ok((name.clone(), rows));
        }
    }
    Err(SheetError::Empty(wanted.join(", ")))
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(moment) => moment.as_f64().to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Returns how long the files of an archive say they are. The entries of its directory begin with `PK\x01\x02`, and the length
/// stands 24 bytes behind.
fn unpacked_len(bytes: &[u8]) -> u64 {
    let entries = memchr::memmem::find_iter(bytes, b"PK\x01\x02");
    let lengths = entries.filter_map(|at| {
        let length = bytes.get(at + 24..at + 28)?;
        Some(u64::from(u32::from_le_bytes(length.try_into().ok()?)))
    });
    lengths.sum()
}

/// Writes rows, the first of them the header, as a workbook with one sheet. The same rows give the same bytes.
///
/// # Errors
/// When a cell is too long for a workbook, or there are more rows than a sheet has.
pub fn write(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    let moment = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1);
    if let Ok(moment) = moment {
        book.set_properties(&DocProperties::new().set_creation_datetime(&moment));
    }
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    let at = |row: usize| {
        move |error: rust_xlsxwriter::XlsxError| SheetError::Unwritable {
            row: row + 1,
            problem: error.to_string(),
        }
    };
    sheet.set_name(name).map_err(at(0))?;
    for (row, cells) in rows.iter().enumerate() {
        let place = u32::try_from(row).unwrap_or(u32::MAX);
        for (column, cell) in (0..).zip(cells) {
            if cell.is_empty() {
                continue;
            }
            match row {
                0 => sheet.write_string_with_format(place, column, cell, &bold),
                _ => sheet.write_string(place, column, cell),
            }
            .map_err(at(row))?;
        }
    }
    for (column, name) in (0..).zip(rows.first().into_iter().flatten()) {
        let width = if name == "term" { 48 } else { 16 };
        sheet.set_column_width(column, width).map_err(at(0))?;
    }
    sheet.set_freeze_panes(1, 0).map_err(at(0))?;
    book.save_to_buffer().map_err(at(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(texts: &[&[&str]]) -> Vec<Vec<String>> {
        texts.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn a_sheet_reads_back_and_is_the_same_each_time() {
        let sheet = rows(&[&["en", "az"], &["=1+1", "007"], &["", "ə\nğ"]]);
        let bytes = write("Glossary", &sheet).unwrap();
        assert_eq!(bytes, write("Glossary", &sheet).unwrap());
        let (name, back) = read(&bytes, None).unwrap();
        assert_eq!(name, "Glossary");
        let wanted: Vec<(usize, Vec<String>)> = (1..).zip(sheet).collect();
        assert_eq!(back, wanted);
    }

    #[test]
    fn what_is_no_workbook_or_has_no_such_sheet_is_told() {
        let error = |bytes: &[u8], sheet| read(bytes, sheet).unwrap_err().to_string();
        assert!(error(b"PK\x03\x04 no archive", None).starts_with("this is no workbook of Excel"));
        assert!(
            error(b"\xD0\xCF\x11\xE0\xA1", None)
                .starts_with("this is a workbook in the format before 2007")
        );
        let bytes = write("Glossary", &[]).unwrap();
        assert_eq!(
            error(&bytes, Some("Terms")),
            "there is no sheet \"Terms\"; there are: Glossary"
        );
        assert!(error(&bytes, None).starts_with("the sheet \"Glossary\" is empty"));
        assert!(matches!(read(&bytes[..bytes.len() / 2], None), Err(SheetError::NotXlsx(_))));
    }

    #[test]
    fn a_workbook_that_would_fill_the_memory_is_refused() {
        let mut bytes = write("a", &[]).unwrap();
        let at = memchr::memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
        bytes[at + 24..at + 28].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(read(&bytes, None), Err(SheetError::TooLarge(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn cells_read_back(
            cells in proptest::collection::vec(proptest::collection::vec("[a-zə&<\"'= ]{0,5}[a-z0-9ə]", 1..4), 1..5),
        ) {
            let (_, back) = read(&write("a", &cells).unwrap(), None).unwrap();
            let back: Vec<Vec<String>> = back.into_iter().map(|(_, row)| row).collect();
            prop_assert_eq!(back, cells);
        }
    }
}
