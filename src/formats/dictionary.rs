//! Bilingual dictionaries: which words and phrases of one language stand for which of another, and how surely.
//!
//! Two kinds are read; which of them a file is, is seen from its first line.
//!
//! ```text
//! source,target,forward,backward,count        a table: commas, semicolons or tabs
//! school,məktəb,0.9120,0.8800,14.00
//!
//! məktəb @ school                             hunalign's: the target language FIRST
//! ```
//!
//! A table has a header with `source` and `target`, or with the tags of the two languages, and beside them `weight`, or
//! `forward`, `backward` and `count`; other columns are passed over. Without header the columns are source, target and,
//! where there is a third, weight. Runs of blanks in a phrase are one space. Lines that begin with `#` are comments.
//!
//! Hunalign's dictionaries hold one entry a line, the phrase of the target language before the one of the source
//! (hunalign's manual, "Dictionary"); they know neither weights nor comments.

use crate::formats::csv::stray_quote;
use crate::formats::{DEFECTS_KEPT, Defect, ReadCounts};
use crate::model::Language;
use crate::text::{counted, table};

/// What parts the two phrases of a line in hunalign's dictionaries.
const AT: &str = " @ ";

const COMMENT: Option<u8> = Some(b'#');

/// A word or phrase and its translation.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The phrase of the source language, its words parted by one space; never empty.
    pub source: String,
    /// The phrase of the target language, in the same form.
    pub target: String,
    /// The probability of the target given the source, in `0..=1`. Where the file has one figure for both directions,
    /// that one; 1 where it has none.
    pub forward: f32,
    /// The probability of the source given the target, in `0..=1`.
    pub backward: f32,
    /// How often the pair was seen, or expected to have been seen; at least 0, and 1 where the file does not say.
    pub count: f32,
}

impl Entry {
    /// Makes an entry that is taken to be right: both probabilities and the count are 1.
    pub fn sure(source: String, target: String) -> Self {
        Self { source, target, forward: 1.0, backward: 1.0, count: 1.0 }
    }

    /// Returns how far the two stand for each other, in `0..=1`: the geometric mean of both directions.
    pub fn weight(&self) -> f32 {
        (self.forward * self.backward).sqrt()
    }

    /// Returns the entry for the other direction.
    #[must_use]
    pub fn turned(self) -> Self {
        Self {
            source: self.target,
            target: self.source,
            forward: self.backward,
            backward: self.forward,
            count: self.count,
        }
    }
}

/// The entries of a dictionary, and what became of the rest of its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dictionary {
    /// The entries in the order of the file. A pair that stands there twice is here twice.
    pub entries: Vec<Entry>,
    /// The languages of source and target where the header names them.
    pub languages: Option<(Language, Language)>,
    /// What was odd, in the order of the file; after 1000 no more are kept.
    pub defects: Vec<Defect>,
    /// How many rows were met, used and skipped.
    pub counts: ReadCounts,
}

impl Dictionary {
    fn skip(&mut self, line: usize, reason: &'static str, message: String) {
        self.counts.skip(reason);
        if self.defects.len() < DEFECTS_KEPT {
            self.defects.push(Defect { line, message });
        }
    }

    /// Takes a row in; `figures` are forward, backward and count.
    fn put(&mut self, line: usize, source: &str, target: &str, figures: [f32; 3]) {
        let phrase = |cell: &str| cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let (source, target) = (phrase(source), phrase(target));
        if source.is_empty() || target.is_empty() {
            let side = if source.is_empty() { "source" } else { "target" };
            let message = format!("the {side} is empty: the row is skipped");
            return self.skip(line, "an empty side", message);
        }
        let [forward, backward, count] = figures;
        self.counts.used += 1;
        self.entries.push(Entry { source, target, forward, backward, count });
    }
}

/// Says why a dictionary can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DictionaryError {
    /// A cell that opens with a quotation mark swallows the lines that follow.
    #[error(
        "line {0}: a cell begins with a quotation mark that is not closed before the line ends; close it, or write \"\" for a quotation mark in the text"
    )]
    OpenQuote(usize),
}

/// Reads a dictionary of either kind. A row that can't be used is skipped and told of: one with a single column, an empty
/// side, a probability that is no number from 0 to 1, a count that is none from 0. An empty text is an empty dictionary.
///
/// In a table parted by tabs a quotation mark that is not closed, or closed before its cell ends, is a letter, as programs
/// that write such tables mean it; then all quotation marks are.
///
/// # Errors
/// When a quoted cell of a table parted by commas or semicolons is not closed.
pub fn read(text: &str) -> Result<Dictionary, DictionaryError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    if lines.next().is_some_and(|line| line.contains(AT) && !line.contains('\t')) {
        return Ok(read_hunalign(text));
    }
    read_table(text)
}

fn read_hunalign(text: &str) -> Dictionary {
    let mut dictionary = Dictionary::default();
    for (line, entry) in (1..).zip(text.lines()).filter(|(_, entry)| !entry.trim().is_empty()) {
        dictionary.counts.seen += 1;
        match entry.split(AT).collect::<Vec<_>>()[..] {
            [target, source] => dictionary.put(line, source, target, [1.0; 3]),
            [_] => {
                let message = format!(
                    "no \"{AT}\" in the line: it is skipped; write the target, \"{AT}\", and the source"
                );
                dictionary.skip(line, "one column", message);
            }
            _ => {
                let message =
                    format!("more than one \"{AT}\" in the line: nobody knows which parts the two");
                dictionary.skip(line, "too many columns", message);
            }
        }
    }
    dictionary
}

fn read_table(text: &str) -> Result<Dictionary, DictionaryError> {
    let is_row = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let first = text.lines().find(is_row).unwrap_or_default();
    // In a list without header a comma belongs to a phrase sooner than a tab does.
    let delimiter = if first.contains('\t') { b'\t' } else { table::separator(first) };
    let has_stray_quote = delimiter == b'\t' && stray_quote(text, delimiter).is_some();
    if let Some(line) = table::open_quote(text, delimiter, COMMENT)
        && !has_stray_quote
    {
        return Err(DictionaryError::OpenQuote(line));
    }
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .comment(COMMENT)
        .quoting(!has_stray_quote)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    // Rows of any length are taken and the text is UTF-8: there is nothing that could be wrong with a row.
    let mut rows = rows.records().filter_map(Result::ok).peekable();
    let mut dictionary = Dictionary::default();
    let Some(first) = rows.peek() else { return Ok(dictionary) };
    let columns = Columns::of(first);
    dictionary.languages = columns.languages;
    for row in rows.skip(usize::from(columns.has_header)) {
        read_row(&mut dictionary, &row, &columns, text);
    }
    Ok(dictionary)
}

fn read_row(dictionary: &mut Dictionary, row: &csv::StringRecord, columns: &Columns, text: &str) {
    let is_blank = row.iter().all(|cell| cell.trim().is_empty());
    if is_blank {
        return;
    }
    dictionary.counts.seen += 1;
    let line = || table::line_of(text, row.position(), COMMENT);
    let (Some(source), Some(target)) = (row.get(columns.source), row.get(columns.target)) else {
        let message = format!(
            "{} where a source and a target are needed: the row is skipped",
            counted(row.len(), "column")
        );
        return dictionary.skip(line(), "one column", message);
    };
    if row.len() > columns.most {
        let message = format!(
            "{} where {} are known: the row is skipped; put a phrase with a separator in it into quotation marks",
            counted(row.len(), "cell"),
            columns.most
        );
        return dictionary.skip(line(), "too many columns", message);
    }
    let figure = |column: Option<usize>, most: f32| {
        let cell = column.and_then(|column| row.get(column)).map(str::trim).unwrap_or_default();
        if cell.is_empty() {
            return Ok(None);
        }
        // Where semicolons part the cells, the comma is in the numbers.
        let number = cell.parse().or_else(|_| cell.replace(',', ".").parse::<f32>());
        number.ok().filter(|number| (0.0..=most).contains(number)).map(Some).ok_or(cell)
    };
    let probability =
        |column| figure(column, 1.0).map_err(|cell| (cell, "probability from 0 to 1"));
    let figures = || {
        let weight = probability(columns.weight)?;
        let forward = probability(columns.forward)?;
        let backward = probability(columns.backward)?;
        let count = figure(columns.count, f32::MAX).map_err(|cell| (cell, "count from 0"))?;
        let one = weight.unwrap_or(1.0);
        Ok([
            forward.or(weight).or(backward).unwrap_or(one),
            backward.or(weight).or(forward).unwrap_or(one),
            count.unwrap_or(1.0),
        ])
    };
    match figures() {
        Ok(figures) => dictionary.put(line(), source, target, figures),
        Err((cell, wanted)) => {
            let message = format!("\"{cell}\" is no {wanted}: the row is skipped");
            dictionary.skip(line(), "a wrong number", message);
        }
    }
}

/// Where what stands in a row.
struct Columns {
    has_header: bool,
    languages: Option<(Language, Language)>,
    source: usize,
    target: usize,
    weight: Option<usize>,
    forward: Option<usize>,
    backward: Option<usize>,
    count: Option<usize>,
    /// How many cells a row may have.
    most: usize,
}

impl Columns {
    /// Returns what the first row says of the columns.
    fn of(first: &csv::StringRecord) -> Self {
        let place = |name: &str| first.iter().position(|c| c.trim().eq_ignore_ascii_case(name));
        let header = |source, target, languages| Self {
            has_header: true,
            languages,
            source,
            target,
            weight: place("weight"),
            forward: place("forward"),
            backward: place("backward"),
            count: place("count"),
            most: first.len(),
        };
        if let (Some(source), Some(target)) = (place("source"), place("target")) {
            return header(source, target, None);
        }
        // `az` is also a word: only two languages side by side are a header.
        let language = |place| Language::parse(first.get(place)?).ok().filter(Language::is_usual);
        if let (Some(source), Some(target)) = (language(0), language(1))
            && source != target
        {
            return header(0, 1, Some((source, target)));
        }
        Self {
            has_header: false,
            languages: None,
            source: 0,
            target: 1,
            weight: Some(2),
            forward: None,
            backward: None,
            count: None,
            most: 3,
        }
    }
}

/// Writes entries as a table that [`read`] reads, a row an entry in the given order: source, target, `forward` and
/// `backward` with four decimals, `count` with two. The first two columns are named by their languages where these are
/// given, else `source` and `target`.
pub fn write_csv(entries: &[Entry], languages: Option<(Language, Language)>) -> String {
    let mut bytes = Vec::new();
    let mut rows = csv::WriterBuilder::new().comment(COMMENT).from_writer(&mut bytes);
    // Writing to memory can't fail, and all rows have as many cells.
    let names = languages.map(|(source, target)| (source.to_string(), target.to_string()));
    let (source, target) = names.unwrap_or_else(|| ("source".to_owned(), "target".to_owned()));
    let _ = rows.write_record([&source[..], &target, "forward", "backward", "count"]);
    for Entry { source, target, forward, backward, count } in entries {
        let figures = [format!("{forward:.4}"), format!("{backward:.4}"), format!("{count:.2}")];
        let [forward, backward, count] = &figures;
        let _ = rows.write_record([source, target, forward, backward, count]);
    }
    let _ = rows.flush();
    drop(rows);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(dictionary: &Dictionary) -> Vec<(&str, &str)> {
        dictionary.entries.iter().map(|e| (e.source.as_str(), e.target.as_str())).collect()
    }

    fn defects(dictionary: &Dictionary) -> Vec<String> {
        dictionary.defects.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn hunalign_lists_the_target_first() {
        let text = "\u{FEFF}məktəb @ school\r\nİctimai  Birlik @ Public Union\r\n\r\nalone\na @ b @ c\n @ x\n# @ \"\n";
        let dictionary = read(text).unwrap();
        let wanted = [("school", "məktəb"), ("Public Union", "İctimai Birlik"), ("\"", "#")];
        assert_eq!(pairs(&dictionary), wanted);
        let lines: Vec<usize> = dictionary.defects.iter().map(|defect| defect.line).collect();
        assert_eq!(lines, [4, 5, 6]);
        assert_eq!((dictionary.counts.seen, dictionary.counts.used), (6, 3));
    }

    #[test]
    fn a_header_says_which_column_is_which() {
        let text = "# made by hand\nTarget;note;Source;Weight\nməktəb;x;school;0,25\nyol;;road;\n";
        let dictionary = read(text).unwrap();
        assert_eq!(pairs(&dictionary), [("school", "məktəb"), ("road", "yol")]);
        let quarter = Entry { forward: 0.25, backward: 0.25, ..dictionary.entries[0].clone() };
        assert_eq!(dictionary.entries[0], quarter);
        assert!((quarter.weight() - 0.25).abs() < 1e-6);
        assert_eq!(dictionary.entries[1], Entry::sure("road".to_owned(), "yol".to_owned()));
        let dictionary = read("az,en\nməktəb,school\n").unwrap();
        assert_eq!(dictionary.languages, Some((Language::AZ, Language::EN)));
        assert_eq!(pairs(&dictionary), [("məktəb", "school")]);
        let dictionary = read("source,target,forward,backward,count\na,b,0.81,1,3\n").unwrap();
        assert!((dictionary.entries[0].weight() - 0.9).abs() < 1e-6);
        assert!((dictionary.entries[0].count - 3.0).abs() < 1e-6);
        assert_eq!(dictionary.entries[0].clone().turned().turned(), dictionary.entries[0]);
    }

    #[test]
    fn without_header_source_comes_first() {
        let dictionary = read("few\taz\t0.5\nhello, all\tsalam\n").unwrap();
        assert_eq!(pairs(&dictionary), [("few", "az"), ("hello, all", "salam")]);
        assert_eq!(dictionary.languages, None);
        // Quotation marks are letters in the tables that other programs write.
        let dictionary = read("\"\tdırnaq\nsix \"mln\"\t6 mln\n").unwrap();
        assert_eq!(pairs(&dictionary), [("\"", "dırnaq"), ("six \"mln\"", "6 mln")]);
        assert_eq!(read("").unwrap(), Dictionary::default());
    }

    #[test]
    fn what_can_not_be_used_is_told_with_its_line() {
        let text =
            "source,target,weight\nalone\na,b,1.5\nc,d,high\ne,,1\n\n\"f\",g,1,2\nh,i,nan\nk,l,1\n";
        let dictionary = read(text).unwrap();
        assert_eq!(pairs(&dictionary), [("k", "l")]);
        assert_eq!(
            defects(&dictionary),
            [
                "line 2: 1 column where a source and a target are needed: the row is skipped",
                "line 3: \"1.5\" is no probability from 0 to 1: the row is skipped",
                "line 4: \"high\" is no probability from 0 to 1: the row is skipped",
                "line 5: the target is empty: the row is skipped",
                "line 7: 4 cells where 3 are known: the row is skipped; put a phrase with a separator in it into quotation marks",
                "line 8: \"nan\" is no probability from 0 to 1: the row is skipped",
            ]
        );
        assert_eq!(dictionary.counts.skipped["a wrong number"], 3);
        assert_eq!(read("source,target\n\"a,b\nc,d\n"), Err(DictionaryError::OpenQuote(2)));
        let count = read("source,target,count\na,b,-1\n").unwrap();
        assert_eq!(defects(&count), ["line 2: \"-1\" is no count from 0: the row is skipped"]);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(
            rows in proptest::collection::vec(
                ("[#a-zə\",;@]{1,6}( [\"#a-zı'@]{1,4}){0,2}", "[#a-zə\",;\t]{0,6}x", 0u16..=10_000, 0u16..=10_000, 0u32..100_000),
                0..8,
            ),
        ) {
            let entries: Vec<Entry> = rows
                .into_iter()
                .map(|(source, target, forward, backward, count)| Entry {
                    source,
                    target: target.split_whitespace().collect::<Vec<_>>().join(" "),
                    forward: f32::from(forward) / 10_000.0,
                    backward: f32::from(backward) / 10_000.0,
                    count: count as f32 / 4.0,
                })
                .collect();
            let back = read(&write_csv(&entries, None)).unwrap();
            prop_assert_eq!(back.entries, entries);
            prop_assert!(back.defects.is_empty());
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[a\",;\t\n\r# @.0-9ə\u{FEFF}]{0,60}") {
            if let Ok(dictionary) = read(&text) {
                let skipped: usize = dictionary.counts.skipped.values().sum();
                prop_assert_eq!(dictionary.counts.used, dictionary.entries.len());
                prop_assert_eq!(dictionary.counts.seen, dictionary.entries.len() + skipped);
            }
        }
    }
}
