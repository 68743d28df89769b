//! `align` with more than two versions: one table.

use clap::ValueEnum;

use super::{Arguments, Format, terms, warn_if_unrelated};
use crate::align::{self, Dictionaries, Progress, Version};
use crate::cli::Outcome;
use crate::cli::talk::Talk;
use crate::formats;
use crate::glossary::Glossary;
use crate::model::{Document, Language, TermHit, Unit};
use crate::report::{self, Versions};

/// Aligns all versions and writes the table.
pub(super) fn run(
    arguments: &Arguments,
    documents: &[Document],
    glossary: Option<&Glossary>,
    style: report::terminal::Style,
    talk: &Talk,
) -> anyhow::Result<Outcome> {
    let format = arguments.output.format(arguments.format, Format::Text)?;
    if let Some(name) = two_sided(format) {
        anyhow::bail!(
            "{name} holds two versions, and there are {}; text, csv, tsv, jsonl, tmx and html hold any number",
            documents.len()
        );
    }
    let found: Vec<Vec<TermHit>> = documents.iter().map(|d| terms(d, glossary)).collect();
    let versions: Vec<Version<'_>> =
        documents.iter().zip(&found).map(|(document, terms)| Version { document, terms }).collect();
    let pairs: Vec<(usize, usize)> =
        (1..documents.len()).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
    let languages: Vec<(Language, Language)> =
        pairs.iter().map(|(a, b)| (documents[*a].language, documents[*b].language)).collect();
    let dictionaries = arguments.guidance.dictionaries(&languages, talk)?;
    let dictionaries: Dictionaries = pairs.into_iter().zip(dictionaries).collect();
    let tell = super::tell_work(&documents.iter().collect::<Vec<_>>(), talk);
    let options = arguments.guidance.options(&[], Progress::to(&tell));
    let table = align::align_versions(&versions, &dictionaries, &options);
    talk.done();
    for (place, document) in documents.iter().enumerate().skip(1) {
        if let Some(alignment) = table.pair(0, place) {
            warn_if_unrelated(&documents[0], document, &alignment, talk);
        }
    }
    let table = match arguments.min_confidence {
        Some(least) => table.at_least(least),
        None => table,
    };
    let versions = Versions { documents, table: &table, explain: arguments.explain };
    let result = match format {
        Format::Csv => csv(&versions, formats::csv::Table::CSV)?,
        Format::Tsv => csv(&versions, formats::csv::Table::TSV)?,
        Format::Jsonl => report::jsonl::table(&versions),
        Format::Tmx => tmx(&versions, talk)?,
        Format::Html => report::html::table(&versions),
        _ => report::terminal::table(&versions, style),
    };
    arguments.output.write(&result)?;
    Ok(Outcome::Nothing)
}

/// Returns the name of a format that has no place for a third version.
fn two_sided(format: Format) -> Option<String> {
    let holds_any = matches!(
        format,
        Format::Text | Format::Csv | Format::Tsv | Format::Jsonl | Format::Tmx | Format::Html
    );
    let name = format.to_possible_value().map(|value| format!("--format {}", value.get_name()));
    if holds_any { None } else { name }
}

fn csv(versions: &Versions<'_>, table: formats::csv::Table) -> anyhow::Result<String> {
    let mut out = Vec::new();
    formats::csv::write_versions(&mut out, versions.table.rows(), versions.documents, table)?;
    Ok(String::from_utf8(out)?)
}

/// Writes each row that two versions or more share as one unit.
fn tmx(versions: &Versions<'_>, talk: &Talk) -> anyhow::Result<String> {
    let documents = versions.documents;
    for (place, document) in documents.iter().enumerate() {
        let other = documents[..place].iter().find(|other| other.language == document.language);
        if let Some(other) = other {
            anyhow::bail!(
                "{} and {} are both in {}: a unit of a TMX file holds one text in each language",
                other.name,
                document.name,
                document.language
            );
        }
    }
    let names: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    let mut out = Vec::new();
    let mut writer = formats::tmx::Writer::new(&mut out, documents.first().map(|d| d.language))?;
    for row in versions.table.rows() {
        let said = documents.iter().zip(&row.segments).filter(|(_, ids)| !ids.is_empty());
        let unit = Unit {
            texts: said.map(|(document, ids)| (document.language, document.joined(ids))).collect(),
            source_language: documents.first().map(|document| document.language),
            origin: names.join(" - "),
            confidence: Some(row.confidence),
            note: String::new(),
        };
        if unit.texts.len() > 1 {
            writer.write(&unit)?;
        }
    }
    if writer.finish()?.dropped_chars > 0 {
        documents.iter().for_each(|document| super::warn_of_dropped(document, talk));
    }
    Ok(String::from_utf8(out)?)
}
