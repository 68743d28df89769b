//! `segment`: the segments of a text.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;

use super::Outcome;
use super::input::{Given, GlossaryOptions, TextOptions, Texts};
use super::output::{OutputOption, Sink};
use super::talk::Talk;
use crate::language;
use crate::model::{Language, Segment};
use crate::report::jsonl::SegmentRows;
use crate::report::terminal::visible;
use crate::segment::{self, Options, Piece, Quotes, Segmentation, Wrap};

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
    /// Show for each place where a segment could end which rule cut or held back
    #[arg(long, conflicts_with = "presegmented")]
    explain: bool,
    #[command(flatten)]
    glossary: GlossaryOptions,
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
    let inputs =
        arguments.files.iter().chain(arguments.glossary.inputs()).chain(arguments.text.inputs());
    arguments.output.spares(inputs)?;
    let format = arguments.output.format(arguments.format, Format::Lines)?;
    let glossary = arguments.glossary.read(talk)?;
    let texts = Texts::new(&arguments.text, glossary.as_ref(), talk)?;
    let stdin = [PathBuf::from("-")];
    let files = if arguments.files.is_empty() { &stdin[..] } else { &arguments.files };
    let given = Given(arguments.lang, "--lang");
    let mut sink = arguments.output.open()?;
    let mut piece = String::new();
    for (place, file) in files.iter().enumerate() {
        let text = texts.read(file, given)?;
        let options = texts.segmenting(&text, &options);
        if arguments.explain {
            let decisions = segment::explain(&text.text, text.language, &options);
            explain(&text.text, &decisions, &mut piece);
            sink.write(&piece)?;
            piece.clear();
            continue;
        }
        if format == Format::Lines && place > 0 {
            sink.write("\n")?;
        }
        let name = (files.len() > 1).then_some(text.name.as_str());
        let mut writer = Writer::new(format, &text.text, name, &mut sink);
        if arguments.text.presegmented {
            let Segmentation { blocks, segments } =
                segment::presegmented(&text.text, text.language);
            let mut segments = segments.into_iter().peekable();
            for (number, block) in blocks.into_iter().enumerate() {
                while let Some(segment) = segments.next_if(|segment| segment.block == number) {
                    writer.add(Piece::Segment(segment));
                }
                writer.add(Piece::Block(block));
            }
        } else {
            segment::each(&text.text, text.language, &options, &mut |piece| writer.add(piece));
        }
        writer.finish()?;
    }
    sink.finish()?;
    Ok(Outcome::Nothing)
}

/// How many bytes of the result are gathered before they are written.
const CHUNK: usize = 1 << 16;

/// Writes segments while they are found: the memory for a text is little more than its own.
struct Writer<'t> {
    format: Format,
    text: &'t str,
    sink: &'t mut Sink,
    rows: SegmentRows<'t>,
    block: Option<usize>,
    /// The segments of the block that is open, where their rows name its kind.
    waiting: Vec<Segment>,
    piece: String,
    /// The first error: the segmenter can't be stopped.
    outcome: anyhow::Result<()>,
}

impl<'t> Writer<'t> {
    fn new(format: Format, text: &'t str, file: Option<&'t str>, sink: &'t mut Sink) -> Self {
        Self {
            format,
            text,
            sink,
            rows: SegmentRows::new(text, file),
            block: None,
            waiting: Vec::new(),
            piece: String::new(),
            outcome: Ok(()),
        }
    }

    fn add(&mut self, piece: Piece) {
        match (self.format, piece) {
            (Format::Lines, Piece::Segment(segment)) => {
                segment::line(self.text, &segment, &mut self.block, &mut self.piece);
            }
            (Format::Lines, Piece::Block(_)) => {}
            (Format::Jsonl, Piece::Segment(segment)) => self.waiting.push(segment),
            (Format::Jsonl, Piece::Block(block)) => {
                for segment in self.waiting.drain(..) {
                    self.rows.add(&segment, Some(block.kind), &mut self.piece);
                }
            }
        }
        if self.piece.len() >= CHUNK && self.outcome.is_ok() {
            self.outcome = self.sink.write(&self.piece);
            self.piece.clear();
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        self.outcome?;
        self.sink.write(&self.piece)
    }
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
