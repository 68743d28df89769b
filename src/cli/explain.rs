//! `explain`: what a finding of some type means, and what to do about it.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde::Serialize;

use super::Outcome;
use super::output::OutputOption;
use super::talk::Talk;
use crate::diff::rules::Selector;
use crate::diff::{Explanation, explain};
use crate::model::DivergenceType;

/// Explain what a finding means, with an example.
///
/// Says also why it matters, what is not reported, and how to switch it off, accept or suppress it. Without a type all types are listed. A type is named by its name or its code, as `diff` shows both.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha explain
  qosha explain V01
  qosha explain time_unit list_item
  qosha explain --format json")]
pub(super) struct Arguments {
    /// The types, such as `number`, `number/phone` or `V01` [default: a list of all]
    #[arg(value_name = "TYPE")]
    types: Vec<String>,
    /// What to write [default: the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A type as JSON.
#[derive(Serialize)]
struct Row {
    r#type: &'static str,
    code: &'static str,
    severity: &'static str,
    title: &'static str,
    meaning: &'static str,
    why: &'static str,
    agrees: &'static str,
    subtypes: Vec<Subtype>,
    source: &'static str,
    target: &'static str,
    glossary: Option<&'static str>,
}

#[derive(Serialize)]
struct Subtype {
    name: &'static str,
    meaning: &'static str,
}

pub(super) fn run(arguments: &Arguments, talk: &Talk) -> anyhow::Result<Outcome> {
    let named: Result<Vec<Selector>, _> = arguments.types.iter().map(|word| word.parse()).collect();
    let named: Vec<DivergenceType> = named?.iter().filter_map(Selector::kind).collect();
    let result = match arguments.output.format(arguments.format, Format::Text)? {
        Format::Json => {
            let all = if named.is_empty() { &DivergenceType::ALL[..] } else { &named };
            serde_json::to_string_pretty(&all.iter().map(|kind| row(*kind)).collect::<Vec<_>>())?
                + "\n"
        }
        Format::Text if named.is_empty() => list(),
        Format::Text => {
            let width = talk.width(arguments.output.is_file()).min(100);
            let pages: Vec<String> = named.iter().map(|kind| page(*kind, width)).collect();
            pages.join("\n")
        }
    };
    arguments.output.write(&result)?;
    Ok(Outcome::Nothing)
}

fn row(kind: DivergenceType) -> Row {
    let Explanation { title, meaning, why, agrees, severity, subtypes, example } = explain(kind);
    let subtype = |(name, meaning): &(&'static str, &'static str)| Subtype { name, meaning };
    Row {
        r#type: kind.name(),
        code: kind.code(),
        severity: severity.name(),
        title,
        meaning,
        why,
        agrees,
        subtypes: subtypes.iter().map(subtype).collect(),
        source: example.source,
        target: example.target,
        glossary: example.glossary,
    }
}

/// Returns a line a type.
fn list() -> String {
    let mut out = String::new();
    for kind in DivergenceType::ALL {
        let Explanation { title, severity, .. } = explain(kind);
        let _ =
            writeln!(out, "{}  {:<12}  {:<7}  {title}", kind.code(), kind.name(), severity.name());
    }
    out
}

/// Returns all that is to be said of a type.
fn page(kind: DivergenceType, width: usize) -> String {
    let Explanation { title, meaning, why, agrees, severity, subtypes, example } = explain(kind);
    let (name, code) = (kind.name(), kind.code());
    let mut out = format!("{code} {name}: {title} ({})\n\n", severity.name());
    let mut paragraph = |head: &str, text: &str| {
        if !head.is_empty() {
            let _ = writeln!(out, "{head}");
        }
        for line in text.lines() {
            if line.is_empty() {
                out.push('\n');
            }
            for line in crate::report::terminal::wrapped(line, width.saturating_sub(2)) {
                let _ = writeln!(out, "  {line}");
            }
        }
        out.push('\n');
    };
    paragraph("", meaning);
    paragraph("Why it matters", why);
    let block =
        |text: &str| text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    paragraph("Example: the source", &block(example.source));
    paragraph("Example: the target", &block(example.target));
    if let Some(glossary) = example.glossary {
        paragraph("Example: the glossary", glossary);
    }
    paragraph("What is not reported", agrees);
    if !subtypes.is_empty() {
        let lines: Vec<String> =
            subtypes.iter().map(|(name, meaning)| format!("{name}: {meaning}")).collect();
        paragraph("Subtypes", &lines.join("\n"));
    }
    paragraph(
        "To switch it off",
        &format!(
            "qosha diff … --check {name}=off, or for good in qosha.toml:\n\n[checks]\n{name} = \"off\""
        ),
    );
    paragraph(
        "To pass over a finding for good, in qosha.toml",
        &format!(
            "[[suppress]]\ntype = \"{name}\"\ntext = \"words of the sentence\"\nreason = \"why it is right\""
        ),
    );
    if has_two_values(kind) {
        paragraph(
            "To accept a pair that is right wherever it stands, in qosha.toml",
            &format!(
                "[[accept]]\ntype = \"{name}\"\nsource = \"what the source says\"\ntarget = \"what the target says\""
            ),
        );
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Says whether findings of a type mostly are about two values, which can be accepted as a pair: values, names and addresses.
fn has_two_values(kind: DivergenceType) -> bool {
    kind.code().starts_with(['V', 'N', 'A'])
}
