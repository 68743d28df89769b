//! `segment`: the segments of a text.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;

use super::Outcome;
use super::input::{self, Given, TextOptions, Texts};
use super::output::OutputOption;
use super::talk::Talk;
use crate::language;
use crate::model::Language;
use crate::report::{self, terminal::visible};
use crate::segment::{self, Options, Quotes, Wrap};

/// Split texts into segments: sentences, headings, list items.
///
/// The text is never altered: every segment is a range of it, and what is odd (a gap in the numbering, words run
/// together) is reported, not repaired.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha segment letter.az.txt
  qosha segment --lang az --format jsonl letter.txt
  qosha segment --explain letter.en.txt
  qosha segment --engine srx:rules.srx letter.en.txt
  qosha segment --export-srx -o qosha.srx
  pbpaste | qosha segment --lang en --format lines")]
pub(super) struct Arguments {
    /// The texts; none or `-` reads standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language as a BCP 47 tag [default: from the file name, else seen from the text]
    #[arg(long, value_name = "TAG")]
    lang: Option<Language>,
    /// What to write: `lines` is a segment a line with an empty line between paragraphs
    /// [default: the ending of the output file, else lines]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Cut between the sentences of a quotation, or keep a quotation whole
    #[arg(long, value_enum, default_value_t = QuotesOption::Split)]
    quotes: QuotesOption,
    /// Line breaks inside a paragraph: seen from the shape of the lines, each kept as a boundary, or all joined
    #[arg(long, value_enum, default_value_t = WrapOption::Auto)]
    wrap: WrapOption,
    /// Cut glued sentences such as "readsWe appeal" apart
    #[arg(long)]
    repair: bool,
    /// Show for each place where a segment could end which rule cut or held back
    #[arg(long, conflicts_with = "presegmented")]
    explain: bool,
    /// A glossary (CSV) whose names are never cut inside; may be given several times
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
    /// Write our own rules as SRX 2.0, for other programs: of all languages, or of the one that --lang names
    #[arg(long, conflicts_with_all = ["files", "explain", "engine"])]
    export_srx: bool,
    #[command(flatten)]
    text: TextOptions,
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Lines,
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum QuotesOption {
    Split,
    Keep,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WrapOption {
    Auto,
    Keep,
    Join,
}

/// Runs `segment`.
pub(super) fn run(arguments: &Arguments, talk: &Talk) -> anyhow::Result<Outcome> {
    let options = Options {
        quotes: match arguments.quotes {
            QuotesOption::Split => Quotes::Split,
            QuotesOption::Keep => Quotes::Keep,
        },
        wrap: match arguments.wrap {
            WrapOption::Auto => Wrap::Auto,
            WrapOption::Keep => Wrap::Keep,
            WrapOption::Join => Wrap::Join,
        },
        repair: arguments.repair,
        ..Options::default()
    };
    if arguments.export_srx {
        let languages = match arguments.lang {
            Some(language) => vec![language],
            None => [language::known(), vec![Language::AZ_CYRL]].concat(),
        };
        arguments.output.write(&segment::export_srx(&languages))?;
        return Ok(Outcome::Nothing);
    }
    let inputs = arguments.files.iter().chain(&arguments.glossary).chain(arguments.text.inputs());
    arguments.output.spares(inputs)?;
    let format = arguments.output.format(arguments.format, Format::Lines);
    let glossary = input::glossary(&arguments.glossary, talk)?;
    let texts = Texts::new(&arguments.text, glossary.as_ref(), talk)?;
    let stdin = [PathBuf::from("-")];
    let files = if arguments.files.is_empty() { &stdin[..] } else { &arguments.files };
    let mut result = String::new();
    let given = Given(arguments.lang, "--lang");
    for (place, file) in files.iter().enumerate() {
        if arguments.explain {
            let text = texts.read(file, given)?;
            let options = texts.segmenting(&text, &options);
            let decisions = segment::explain(&text.text, text.language, &options);
            explain(&text.text, &decisions, &mut result);
            continue;
        }
        let document = texts.document(file, given, &options)?;
        match format {
            Format::Lines => {
                if place > 0 && !result.is_empty() {
                    result.push('\n');
                }
                result.push_str(&segment::lines(&document));
            }
            Format::Jsonl => {
                let file = (files.len() > 1).then_some(document.name.as_str());
                result.push_str(&report::jsonl::segments(&document, file));
            }
        }
    }
    arguments.output.write(&result)?;
    Ok(Outcome::Nothing)
}

/// Adds a line such as `12:34  cut  full stop  …in Baku.| We…` for each decision.
fn explain(text: &str, decisions: &[segment::Decision], result: &mut String) {
    let (mut line, mut line_start, mut at) = (1, 0, 0);
    for decision in decisions {
        for (place, _) in text[at..decision.at].match_indices('\n') {
            line += 1;
            line_start = at + place + 1;
        }
        at = decision.at;
        let column = text[line_start..at].chars().count() + 1;
        let left: Vec<char> = text[..at].chars().rev().take(24).collect();
        let left = visible(&left.into_iter().rev().collect::<String>());
        let right = visible(&text[at..].chars().take(24).collect::<String>());
        let verdict = if decision.cut { "cut" } else { "held" };
        let _ = writeln!(result, "{line}:{column}\t{verdict}\t{}\t…{left}|{right}…", decision.rule);
    }
}
