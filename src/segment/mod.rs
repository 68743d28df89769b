//! Cuts a text into segments: sentences, headings, list items.
//!
//! ```text
//! lines   which line breaks end something, which only wrap a line      [`layout`]
//! lists   `…; 11."Warm Hands" …`: markers with or without a space    [`marker`]
//! marks   each `. ! ? …` in turn: an ordered list of small rules, the   [`rules`]
//!         first that has something to say decides
//! quotes  where quotations open and close                               [`quotation`]
//! srx       the rules of an SRX file in place of our own                [`srx`]
//! oddities  gaps in numbering, words run together: reported, left       [`oddities`]
//! ```
//!
//! The text is never altered: segments are spans of it, in order and disjoint, and every visible character lies in one.
//! What is known of a language (abbreviations, words that open sentences) comes from its data files ([`tables`]). Each
//! boundary knows the rule that made it, and [`explain`] tells of the candidates held back too.
//!
//! One pass over the text; time and memory are linear in its length, also for a single line of hundreds of megabytes.

mod layout;
mod letters;
mod marker;
mod oddities;
mod quotation;
mod rules;
mod sentences;
mod srx;
mod tables;

use crate::language;
use crate::model::{Block, BlockKind, Document, Language, Segment, SegmentKind, Span};
use layout::Stretch;
use oddities::Oddities;
use sentences::Cut;
pub use srx::{Engine, Srx, SrxError, export as export_srx};
use tables::Tables;

/// How to cut.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// What to do with quotations of several sentences.
    pub quotes: Quotes,
    /// What line breaks inside a paragraph mean.
    pub wrap: Wrap,
    /// Whether to cut glued sentences such as `readsWe appeal` apart.
    pub repair: bool,
    /// Rules of an SRX file in place of our own; a language that no map fits is cut at line ends only. `quotes` and
    /// `repair` belong to our own rules.
    pub srx: Option<&'a Srx>,
    /// Spans of the text whose inside is never cut: names that hold a full stop or an exclamation mark. In any order.
    pub names: &'a [Span],
}

impl Options<'_> {
    /// Returns how versions are cut that are to be paired: as by default, and glued sentences apart. One version is glued
    /// where another is not, and then a whole bead is wrong. Measured, `qosha eval appeals corpora`, strict F1 with and
    /// without: .993 and .966; on clean text no place is cut that is not cut without (`qosha eval segment`, all sets).
    pub fn of_versions() -> Self {
        Self { repair: true, ..Self::default() }
    }
}

/// What to do with quotations of several sentences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Quotes {
    /// Cut between the sentences of a quotation: an aligner wants small units.
    #[default]
    Split,
    /// Keep a quotation whole.
    Keep,
}

/// What a line break inside a paragraph means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wrap {
    /// Seen from the shape of the lines: prose wrapped at a width is joined, short lines stay apart.
    #[default]
    Auto,
    /// Every line break is a boundary.
    Keep,
    /// No line break is a boundary.
    Join,
}

/// A text cut into blocks and segments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segmentation {
    /// The blocks, in order and disjoint.
    pub blocks: Vec<Block>,
    /// The segments, in order and disjoint, covering every visible character.
    pub segments: Vec<Segment>,
}

impl Segmentation {
    /// Makes a document of the text that was cut.
    pub fn of(self, name: &str, text: String, language: Language) -> Document {
        let Self { blocks, segments } = self;
        Document { name: name.to_owned(), language, text, blocks, segments }
    }
}

/// A place where a segment could end, and what was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The byte behind the candidate, in the text.
    pub at: usize,
    /// Whether the segment ends here.
    pub cut: bool,
    /// The rule that decided.
    pub rule: &'static str,
}

/// A piece of a text that is being cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The next segment.
    Segment(Segment),
    /// The block that ends here; its segments came before it.
    Block(Block),
}

/// The bytes of a segment of average length; no more than a guess of how much memory to ask for.
const SEGMENT_BYTES: usize = 80;

/// Cuts a text into segments. Never fails; an empty text has none.
///
/// # Example
/// ```
/// use qosha::{model::Language, segment::{segment, Options}};
/// let text = "Salam. 12-ci maddə dəyişdi.";
/// let found = segment(text, Language::AZ, &Options::default());
/// let pieces: Vec<_> = found.segments.iter().map(|s| s.span.of(text)).collect();
/// assert_eq!(pieces, ["Salam.", "12-ci maddə dəyişdi."]);
/// ```
pub fn segment(text: &str, language: Language, options: &Options<'_>) -> Segmentation {
    let mut found = Segmentation::default();
    found.segments.reserve(text.len() / SEGMENT_BYTES);
    each(text, language, options, &mut |piece| match piece {
        Piece::Segment(segment) => found.segments.push(segment),
        Piece::Block(block) => found.blocks.push(block),
    });
    found
}

/// Cuts a text and gives each piece when it is found: for texts so large that their segments should not be kept.
pub fn each(text: &str, language: Language, options: &Options<'_>, give: &mut dyn FnMut(Piece)) {
    cut(text, language, options, &mut |_| {}, give);
}

/// Returns what was decided at every place where a segment could end, in order.
pub fn explain(text: &str, language: Language, options: &Options<'_>) -> Vec<Decision> {
    let mut decisions = Vec::new();
    cut(text, language, options, &mut |decision| decisions.push(decision), &mut |_| {});
    decisions
}

/// Cuts a text and makes a document of it.
pub fn document(name: &str, text: String, language: Language, options: &Options<'_>) -> Document {
    segment(&text, language, options).of(name, text, language)
}

/// Takes every line for a segment. An empty line is a paragraph mark: it keeps its number and is no segment.
pub fn presegmented(text: &str, language: Language) -> Segmentation {
    let tables = Tables::of(language);
    let mut found = Segmentation::default();
    let mut oddities = Oddities::default();
    let mut is_open = false;
    for (index, line) in (0u32..).zip(layout::lines(text)) {
        let span = trimmed(text, line);
        if span.is_empty() {
            is_open = false;
        } else {
            if !is_open {
                found.blocks.push(Block { span, kind: BlockKind::Paragraph });
                is_open = true;
            }
            let block = found.blocks.len() - 1;
            let mut segment = make(text, span, "line", block, index, &tables);
            oddities.note(text, &mut segment);
            found.segments.push(segment);
        }
    }
    found
}

/// Takes every line of a text for a segment and makes a document of it.
pub fn presegmented_document(name: &str, text: String, language: Language) -> Document {
    presegmented(&text, language).of(name, text, language)
}

/// Returns the segments one a line, an empty line between blocks, inner line breaks and runs of blanks as one space.
pub fn lines(document: &Document) -> String {
    let mut out = String::with_capacity(document.text.len() + document.segments.len());
    let mut block = None;
    for segment in &document.segments {
        line(&document.text, segment, &mut block, &mut out);
    }
    out
}

/// Adds the line of a segment, behind an empty one where a block begins; `block` is that of the segment before.
pub fn line(text: &str, segment: &Segment, block: &mut Option<usize>, out: &mut String) {
    if block.replace(segment.block).is_some_and(|before| before != segment.block) {
        out.push('\n');
    }
    let mut words = segment.span.of(text).split_whitespace();
    out.extend(words.next());
    for word in words {
        out.push(' ');
        out.push_str(word);
    }
    out.push('\n');
}

fn cut(
    text: &str,
    language: Language,
    options: &Options<'_>,
    tell: &mut dyn FnMut(Decision),
    give: &mut dyn FnMut(Piece),
) {
    let language = match language::script_of(text) {
        Some("Cyrl") if language.is_same_language(Language::AZ) => Language::AZ_CYRL,
        _ => language,
    };
    let tables = Tables::of(language);
    let engine = options.srx.map(|srx| srx.engine(language).unwrap_or_default());
    let names = merged(options.names);
    let mut oddities = Oddities::default();
    let mut last_number = None;
    let mut open: Option<OpenBlock> = None;
    let (mut blocks, mut segments) = (0, 0u32);
    for (Stretch { span, rule }, begins) in layout::stretches(text, options.wrap, &tables) {
        if begins && let Some(block) = open.take() {
            give(Piece::Block(block.close()));
            blocks += 1;
        }
        let mut start = span.start;
        let mut add = |mut cut: Cut| {
            if cut.is_boundary && cut.at < span.end && is_inside(&names, cut.at) {
                cut = Cut { is_boundary: false, rule: "inside name", ..cut };
            }
            tell(Decision { at: cut.at, cut: cut.is_boundary, rule: cut.rule });
            if cut.is_boundary {
                let piece = trimmed(text, Span::new(start, cut.at));
                if !piece.is_empty() {
                    let mut segment = make(text, piece, cut.rule, blocks, segments, &tables);
                    oddities.note(text, &mut segment);
                    segments = segments.saturating_add(1);
                    open.get_or_insert_with(|| OpenBlock::new(piece)).add(&segment);
                    give(Piece::Segment(segment));
                }
                start = cut.at;
            }
        };
        match &engine {
            Some(engine) => engine.scan(text, span, &mut add),
            None => sentences::scan(text, span, options, &tables, &mut last_number, &mut add),
        }
        add(Cut { at: span.end, is_boundary: true, rule });
    }
    if let Some(block) = open {
        give(Piece::Block(block.close()));
    }
}

/// A block whose end has not come.
struct OpenBlock {
    span: Span,
    segments: usize,
    is_title: bool,
    has_items: bool,
}

impl OpenBlock {
    fn new(span: Span) -> Self {
        Self { span, segments: 0, is_title: false, has_items: false }
    }

    fn add(&mut self, segment: &Segment) {
        self.span.end = segment.span.end;
        self.segments += 1;
        self.is_title = matches!(segment.kind, SegmentKind::Heading | SegmentKind::Label);
        self.has_items |= segment.kind == SegmentKind::ListItem;
    }

    fn close(self) -> Block {
        let kind = match self {
            Self { segments: 1, is_title: true, .. } => BlockKind::Heading,
            Self { has_items: true, .. } => BlockKind::List,
            _ => BlockKind::Paragraph,
        };
        Block { span: self.span, kind }
    }
}

/// Returns spans in order, those that overlap as one.
fn merged(spans: &[Span]) -> Vec<Span> {
    let mut spans = spans.to_vec();
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// Says whether a place lies between the ends of one of the spans, which are in order and disjoint.
fn is_inside(spans: &[Span], at: usize) -> bool {
    let next = spans.partition_point(|span| span.end <= at);
    spans.get(next).is_some_and(|span| span.start < at)
}

fn make(
    text: &str,
    span: Span,
    rule: &'static str,
    block: usize,
    index: u32,
    tables: &Tables,
) -> Segment {
    let piece = span.of(text);
    let marker = marker::at_start(piece, tables);
    let kind = match &marker {
        Some(_) => SegmentKind::ListItem,
        None => layout::kind(piece),
    };
    Segment {
        span,
        block,
        kind,
        number: marker.as_ref().and_then(|marker| marker.number),
        marker: marker.map(|marker| Span::new(span.start, span.start + marker.length)),
        rule,
        warnings: Vec::new(),
        index,
    }
}

/// Returns the span without white space at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let bytes = text.as_bytes().get(span.start..span.end).unwrap_or_default();
    // Nearly always blanks of ASCII, if any.
    let blanks =
        bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
    let is_done = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if is_done(bytes.get(blanks)) && is_done(bytes.last()) {
        return Span::new(span.start + blanks, span.end);
    }
    let piece = span.of(text);
    let start = span.start + (piece.len() - piece.trim_start().len());
    Span::new(start, start + piece.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, language: Language) -> Vec<&str> {
        let found = segment(text, language, &Options::default());
        found.segments.iter().map(|s| s.span.of(text)).collect()
    }

    #[test]
    fn items_run_together_on_a_line_are_cut() {
        let text = "10. \"Bright Day\" PU, Rahimova Sevinj; 11.\"Warm Hands\" PU, Gasimov Elchin;";
        assert_eq!(pieces(text, Language::EN).len(), 2);
        let text = "12.\"Hüquq\" İB, Sultanov Vüqar; 14.\"İpək Sap\" İB, Mahmudlu Aygün;";
        assert_eq!(pieces(text, Language::AZ).len(), 2);
    }

    #[test]
    fn an_item_cut_by_an_empty_line_is_one() {
        let text = "11.\"Warm Classroom\" Foundation,\n\nMammadzada Ilaha;\n\n12.\"Equal\" PU, Karimli Farid;";
        let found = pieces(text, Language::EN);
        assert_eq!(found.len(), 2);
        assert!(found[0].ends_with("Ilaha;"));
    }

    #[test]
    fn a_missing_number_is_reported_and_not_invented() {
        let text = "6.\"A\" PU, Orujlu Rashid;\n\n8.\"B\" PU, Mirzali Togrul;";
        let found = segment(text, Language::EN, &Options::default());
        assert_eq!(found.segments[1].number, Some(8));
        assert_eq!(found.segments[1].warnings[0].note, "7 is missing between 6 and 8");
    }

    #[test]
    fn the_inside_of_a_name_is_never_cut() {
        let text = "\"Help! Now. Here\" Union met. They left.";
        let names = [Span::new(1, 16), Span::new(7, 11)];
        let options = Options { names: &names, ..Options::default() };
        let found = segment(text, Language::EN, &options);
        assert_eq!(found.segments.len(), 2);
        assert_eq!(segment(text, Language::EN, &Options::default()).segments.len(), 4);
    }

    #[test]
    fn presegmented_lines_keep_their_numbers() {
        let found = presegmented("bir\n\niki\r\nüç", Language::AZ);
        let indices: Vec<u32> = found.segments.iter().map(|s| s.index).collect();
        assert_eq!(indices, [0, 2, 3]);
        assert_eq!(found.segments[1].span.of("bir\n\niki\r\nüç"), "iki");
        assert_eq!(found.blocks.len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn segments_cover_every_visible_character_once_and_in_order(
            parts in proptest::collection::vec("[ \\n]{0,3}(\\PC{0,6}|Dr|[.!?…;:,]{1,3}|[0-9]{1,3}[.)]|[\"“”«»(\\[]|az|Əli|İ|\\- )", 0..40)
        ) {
            let text = parts.concat();
            for language in language::known().into_iter().chain([Language::UND]) {
                for options in [
                    Options::default(),
                    Options { quotes: Quotes::Keep, wrap: Wrap::Join, repair: true, ..Options::default() },
                    Options { wrap: Wrap::Keep, ..Options::default() },
                ] {
                    let found = segment(&text, language, &options);
                    let mut at = 0;
                    for segment in &found.segments {
                        proptest::prop_assert!(text[at..segment.span.start].trim().is_empty());
                        proptest::prop_assert!(!segment.span.is_empty());
                        at = segment.span.end;
                    }
                    proptest::prop_assert!(text[at..].trim().is_empty());
                }
            }
        }
    }
}
