//! `glossary signatories`: who signed a text.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::cli::Outcome;
use crate::cli::input::{Given, TextOptions, Texts};
use crate::cli::output::OutputOption;
use crate::cli::talk::Talk;
use crate::glossary::{Signatory, signatories};
use crate::model::{Document, Language, Span};
use crate::report::terminal::visible;

/// List the organizations and people that signed a text.
///
/// Each signatory is taken apart: number, name, kind of organization, what else the name says, person. Numbers that are missing
/// in a list are told.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha glossary signatories corpora/flood/en.txt
  qosha glossary signatories corpora/flood/az.txt --format csv -o signatories.csv")]
pub(in crate::cli) struct Signatories {
    /// The texts; none or `-` reads standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language as a BCP 47 tag [default: from the file name, else seen from the text]
    #[arg(long, value_name = "TAG")]
    lang: Option<Language>,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    text: TextOptions,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Tsv,
    Jsonl,
}

#[derive(Serialize)]
struct Record {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Counts the lists of a text from 1.
    list: usize,
    number: Option<u32>,
    core: Option<String>,
    kind: Option<String>,
    class: Option<String>,
    scope: String,
    person: Option<String>,
    organization: Option<String>,
    line: usize,
}

pub(super) fn run(arguments: &Signatories, talk: &Talk) -> anyhow::Result<Outcome> {
    arguments.output.spares(arguments.files.iter().chain(arguments.text.inputs()))?;
    let stdin = [PathBuf::from("-")];
    let files = if arguments.files.is_empty() { &stdin[..] } else { &arguments.files };
    let texts = Texts::new(&arguments.text, None, talk)?;
    let mut records = Vec::new();
    for file in files {
        let document = texts.document(file, Given(arguments.lang, "--lang"))?;
        let lists = signatories(&document);
        if lists.is_empty() {
            talk.warn(&format!("{}: no list of signatories was found", document.name));
        }
        for (list, found) in (1..).zip(lists) {
            for gap in &found.gaps {
                talk.note(&format!(
                    "{}: number {gap} is missing among the signatories",
                    document.name
                ));
            }
            let file = (files.len() > 1).then(|| document.name.clone());
            let record = |one| Record { file: file.clone(), list, ..Record::new(&one, &document) };
            records.extend(found.signatories.into_iter().map(record));
        }
    }
    let result = match arguments.output.format(arguments.format, Format::Text)? {
        Format::Text => listed(&records),
        Format::Csv => table(&records, b',')?,
        Format::Tsv => table(&records, b'\t')?,
        Format::Jsonl => {
            let lines: Result<Vec<String>, _> = records.iter().map(serde_json::to_string).collect();
            lines?.into_iter().map(|line| line + "\n").collect()
        }
    };
    arguments.output.write(&result)?;
    Ok(Outcome::Nothing)
}

impl Record {
    fn new(one: &Signatory, document: &Document) -> Self {
        let text =
            |span: Span| span.of(&document.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let start = document.segments[one.segment.place()].span.start;
        Self {
            file: None,
            list: 0,
            number: one.number,
            core: one.core.map(text),
            kind: one.kind.as_ref().map(|kind| text(kind.span)),
            class: one.kind.as_ref().map(|kind| kind.class.clone()),
            scope: one.scope.iter().map(|span| text(*span)).collect::<Vec<_>>().join("; "),
            person: one.person.map(text),
            organization: one.organization.map(text),
            line: document.text[..start].matches('\n').count() + 1,
        }
    }
}

fn table(records: &[Record], separator: u8) -> anyhow::Result<String> {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    for record in records {
        writer.serialize(record)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// How wide a column is at most.
const WIDEST: usize = 60;

fn listed(records: &[Record]) -> String {
    let cells = |record: &Record| {
        let number = record.number.map_or_else(|| "-".to_owned(), |number| format!("{number}."));
        let mut kind = record.kind.clone().unwrap_or_else(|| "-".to_owned());
        if !record.scope.is_empty() {
            let _ = write!(kind, " ({})", record.scope);
        }
        let core = record.core.as_deref().unwrap_or("-").to_owned();
        [number, core, kind].map(|cell| visible(&cell))
    };
    let rows: Vec<[String; 3]> = records.iter().map(cells).collect();
    let widest = |column: usize| {
        let widths = rows.iter().map(|row| row[column].width().min(WIDEST));
        widths.max().unwrap_or(0)
    };
    let widths = [0, 1, 2].map(widest);
    let mut out = String::new();
    let mut before: Option<&Record> = None;
    for (record, row) in records.iter().zip(&rows) {
        let begins =
            before.is_none_or(|last| (&last.file, last.list) != (&record.file, record.list));
        if begins && before.is_some() {
            out.push('\n');
        }
        if let Some(file) = record.file.as_ref().filter(|_| begins) {
            let _ = writeln!(out, "{}", visible(file));
        }
        before = Some(record);
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(out, "{cell}{}  ", " ".repeat(width.saturating_sub(cell.width())));
        }
        let _ = writeln!(out, "{}", visible(record.person.as_deref().unwrap_or("-")));
    }
    out
}
