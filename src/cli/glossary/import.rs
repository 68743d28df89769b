//! `glossary import`: the terms of other programs' files, as a new glossary or added to one.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::edit::{changed_rows, utf8};
use super::export::{Format, listed};
use crate::cli::output::{OutputOption, write_file};
use crate::cli::talk::Talk;
use crate::cli::units::{DEFECTS_TOLD, first_letter};
use crate::cli::{Outcome, input};
use crate::formats::{ReadConcepts, TableRow, omegat, tbx, termtable, utx, xlsx};
use crate::glossary::{Editor, Glossary, GlossaryError, Joined, Mode, lint};
use crate::model::{Language, Severity};
use crate::report::terminal::visible;
use crate::text::counted;

/// Take the terms of other programs' files into a glossary.
///
/// Reads TBX (versions 2 and 3, TBX-Min), UTX, `OmegaT`'s glossaries, tables of terms (Weblate, Trados, a column a language),
/// Excel workbooks, and glossary files of ours. With --into a concept joins one that has its id or its terms; terms that are
/// there stay as they are, and what clashes is told and skipped. Without, a new glossary is written, a row a term.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha glossary import names.tbx -o names.csv
  qosha glossary import terms.txt --source-lang en --target-lang az --into glossaries/terms.csv --dry-run")]
pub(in crate::cli) struct Import {
    /// The files; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Add to this glossary, which is made where it is not there
    #[arg(long, value_name = "GLOSSARY", conflicts_with = "output")]
    into: Option<PathBuf>,
    /// What the files are; the kinds of TBX, and those of tables, are one here [default: seen from the content and the name]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The language of the source terms, where the file does not say
    #[arg(long, value_name = "TAG", requires = "target_lang")]
    source_lang: Option<Language>,
    /// The language of the target terms, where the file does not say
    #[arg(long, value_name = "TAG", requires = "source_lang")]
    target_lang: Option<Language>,
    /// The sheet of a workbook [default: the first with cells]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The encoding of the files, such as `windows-1254` [default: seen from the bytes]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Write nothing; print the rows that would change
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: OutputOption,
}

pub(super) fn run(arguments: &Import, talk: &Talk) -> anyhow::Result<Outcome> {
    arguments.output.spares(&arguments.files)?;
    // All files are read before anything is written: a broken one leaves everything as it was.
    let mut read: Vec<(String, ReadConcepts)> = Vec::new();
    for file in &arguments.files {
        let name = input::name(file);
        let concepts = read_file(file, arguments, talk)?;
        anyhow::ensure!(
            !concepts.concepts.is_empty(),
            "{name}: the file holds no terms{}; is it the right one, and --format the right format?",
            reasons(&concepts.counts.skipped)
        );
        read.push((name, concepts));
    }
    let into = arguments.into.as_deref();
    let (old, mut editor) = match into.filter(|path| path.exists()) {
        Some(path) => {
            let old = utf8(path)?;
            let editor = Editor::open(&input::name(path), &old)?;
            (old, editor)
        }
        None => {
            let path = into.or(arguments.output.output.as_deref());
            (String::new(), Editor::create(&path.map_or_else(String::new, input::name)))
        }
    };
    editor.warnings().iter().for_each(|warning| talk.warn(warning));
    for (name, read) in &read {
        let joined = editor.join(&read.concepts)?;
        told(name, read, &joined, talk);
    }
    let new = editor.text();
    match into {
        _ if arguments.dry_run => {
            OutputOption { output: None }.write(&changed_rows(&old, &new))?;
        }
        Some(path) if new != old => write_file(path, new.as_bytes())?,
        Some(_) => {}
        None => arguments.output.write(&new)?,
    }
    let touched = editor.touched();
    let place = into.or(arguments.output.output.as_deref());
    let place = place.map_or_else(|| "the glossary".to_owned(), input::name);
    let findings: Vec<String> = lint(editor.glossary())
        .into_iter()
        .filter(|finding| finding.severity >= Severity::Warning)
        .filter(|finding| touched.binary_search(&finding.line).is_ok())
        .map(|finding| {
            format!("{place}:{}: {} [{}]", finding.line, visible(&finding.message), finding.code)
        })
        .collect();
    told_some(&findings, "more findings; glossary lint lists them", talk);
    Ok(Outcome::Nothing)
}

/// Warns of the first of many places, and how many there are more.
fn told_some(places: &[String], more: &str, talk: &Talk) {
    for place in places.iter().take(DEFECTS_TOLD) {
        talk.warn(place);
    }
    if let Some(count @ 1..) = places.len().checked_sub(DEFECTS_TOLD) {
        talk.warn(&format!("{count} {more}"));
    }
}

fn reasons(skipped: &std::collections::BTreeMap<&'static str, usize>) -> String {
    let reasons: Vec<String> =
        skipped.iter().map(|(reason, count)| format!("{reason}: {count}")).collect();
    if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) }
}

/// Tells what became of a file.
fn told(name: &str, read: &ReadConcepts, joined: &Joined, talk: &Talk) {
    let defects = read.defects.iter().map(|defect| (defect.line, defect.message.clone()));
    let mut places: Vec<(usize, String)> = defects.chain(joined.told.iter().cloned()).collect();
    places.sort_by_key(|(line, _)| *line);
    let places: Vec<String> = places
        .iter()
        .map(|(line, message)| format!("{name}:{line}: {}", visible(message)))
        .collect();
    told_some(&places, &format!("more such places in {name}"), talk);
    if !read.unread.is_empty() {
        let unread: Vec<String> = read
            .unread
            .iter()
            .map(|(what, count)| format!("{} ({count})", visible(what)))
            .collect();
        talk.warn(&format!(
            "{name}: not read, as a glossary has no place for it: {}",
            unread.join(", ")
        ));
    }
    if !joined.otherwise.is_empty() {
        talk.warn(&format!(
            "{name}: says otherwise of terms that are there, which stay as they are: {}",
            listed(&joined.otherwise)
        ));
    }
    if !joined.lost.is_empty() {
        talk.warn(&format!(
            "{name}: left out, as the glossary has no column for it: {}",
            listed(&joined.lost)
        ));
    }
    let mut skipped = read.counts.skipped.clone();
    for (reason, count) in &joined.skipped {
        *skipped.entry(reason).or_default() += count;
    }
    let count: usize = skipped.values().sum();
    talk.note(&format!(
        "{name}: {} in {} read, {} added, {} already there, {count} skipped{}",
        counted(read.counts.seen, "term"),
        counted(read.concepts.len(), "concept"),
        joined.added,
        joined.already,
        reasons(&skipped)
    ));
}

fn read_file(path: &Path, arguments: &Import, talk: &Talk) -> anyhow::Result<ReadConcepts> {
    let name = input::name(path);
    let bytes = input::bytes(path)?;
    let languages = arguments.source_lang.zip(arguments.target_lang);
    let is_archive =
        bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let is_xml = first_letter(&bytes) == Some(b'<') || has_ending(path, &["tbx", "tbxm"]);
    match arguments.format {
        Some(Format::Xlsx) => return workbook(&name, &bytes, arguments, talk),
        None if is_archive => return workbook(&name, &bytes, arguments, talk),
        Some(Format::Tbx | Format::TbxDct | Format::Tbx2) => {
            return tbx::read(bytes.as_slice()).context(name);
        }
        None if is_xml => return tbx::read(bytes.as_slice()).context(name),
        _ => {}
    }
    let text = input::decoded(path, bytes, arguments.encoding.as_deref(), talk)?;
    anyhow::ensure!(!text.trim().is_empty(), "{name}: the file is empty");
    let is_utx = text.trim_start().get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("#utx"));
    let needed = || {
        languages.with_context(|| {
            format!("{name}: the languages of this format stand nowhere in it; say --source-lang and --target-lang")
        })
    };
    match arguments.format {
        Some(Format::Utx) => return utx::read(&text, languages).context(name),
        None if is_utx => return utx::read(&text, languages).context(name),
        Some(Format::Omegat) => return Ok(omegat::read(&text, needed()?)),
        Some(Format::Csv | Format::Wide) => return own(&name, &text, talk)?.map_err(Into::into),
        Some(Format::Weblate | Format::Trados) => {
            return table(&name, &termtable::rows(&text).context(name.clone())?, arguments);
        }
        _ => {}
    }
    if has_ending(path, &["utx"]) {
        return utx::read(&text, languages).context(name);
    }
    let no_header = match own(&name, &text, talk)? {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    let rows = termtable::rows(&text).context(name.clone())?;
    let first = rows.iter().map(|(_, row)| row).find(|row| row.iter().any(|cell| !cell.is_empty()));
    match first {
        Some(first) if termtable::is_header(first) => table(&name, &rows, arguments),
        // A table without header is OmegaT's, where it is not called otherwise.
        Some(_) if text.contains('\t') && !has_ending(path, &["csv"]) => {
            Ok(omegat::read(&text, needed()?))
        }
        _ => Err(no_header.into()),
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    endings.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

fn table(name: &str, rows: &[TableRow], arguments: &Import) -> anyhow::Result<ReadConcepts> {
    let languages = arguments.source_lang.zip(arguments.target_lang);
    termtable::read(rows, languages).context(name.to_owned())
}

/// Reads a glossary file of ours; the inner error is that its header is another's.
fn own(
    name: &str,
    text: &str,
    talk: &Talk,
) -> Result<Result<ReadConcepts, GlossaryError>, GlossaryError> {
    let (glossary, notes) = match Glossary::read_csv(name, text, Mode::Lenient) {
        Ok(read) => read,
        Err(error) => return Ok(Err(error)),
    };
    // Behind a cell that is not closed nobody knows what is what.
    if let Some(open) = notes.iter().find(|note| note.code == "open_quote") {
        return Err(open.clone());
    }
    let mut read = ReadConcepts::default();
    for note in notes {
        match note.code {
            "unknown_column" => talk.warn(&note.to_string()),
            code => {
                let reason = if code == "duplicate" { "twice in the file" } else { "broken row" };
                read.counts.seen += 1;
                *read.counts.skipped.entry(reason).or_default() += 1;
                let message = note.problem;
                read.defects.push(crate::formats::Defect { line: note.line, message });
            }
        }
    }
    let count: usize = glossary.concepts.iter().map(|concept| concept.terms.len()).sum();
    read.counts.seen += count;
    read.counts.used = count;
    read.concepts = glossary.concepts;
    if !Glossary::has_ids(text) {
        read.concepts.iter_mut().for_each(|concept| concept.id.clear());
    }
    Ok(Ok(read))
}

/// Reads a sheet of a workbook: as a glossary file of ours where its header is one's, else as a table of terms.
fn workbook(
    name: &str,
    bytes: &[u8],
    arguments: &Import,
    talk: &Talk,
) -> anyhow::Result<ReadConcepts> {
    let (sheet, rows) =
        xlsx::read(bytes, arguments.sheet.as_deref()).with_context(|| name.to_owned())?;
    let place = format!("{name}, sheet \"{sheet}\"");
    let width = rows.first().map_or(0, |(_, row)| row.len());
    // As a file, with the line that each row begins on; a cell may go over several.
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .flexible(true)
        .from_writer(Vec::new());
    let (mut starts, mut line) = (Vec::new(), 1);
    for (row, cells) in &rows {
        starts.push((line, *row));
        line += 1 + cells.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let blanks = std::iter::repeat_n("", width.saturating_sub(cells.len()));
        writer.write_record(cells.iter().map(String::as_str).chain(blanks))?;
    }
    let text = String::from_utf8(writer.into_inner()?)?;
    let row_of = |line: usize| {
        let place = starts.partition_point(|(start, _)| *start <= line);
        starts.get(place.saturating_sub(1)).map_or(line, |(_, row)| *row)
    };
    let at_row = |error: GlossaryError| GlossaryError { line: row_of(error.line), ..error };
    match own(&place, &text, talk).map_err(at_row)? {
        Ok(mut read) => {
            read.defects.iter_mut().for_each(|defect| defect.line = row_of(defect.line));
            let terms = read.concepts.iter_mut().flat_map(|concept| &mut concept.terms);
            terms.for_each(|term| term.line = row_of(term.line));
            Ok(read)
        }
        Err(_) => table(&place, &rows, arguments),
    }
}
