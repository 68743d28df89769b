//! XML as the readers of translation files need it: in any encoding, with lines, and however broken.
//!
//! [`Walk`] goes through a file step by step. Elements that are not closed, or closed without having been opened, are left
//! to the reader to mend. The document type is never loaded, and no entity but the five of XML is expanded: a file can
//! neither make the reader open another one nor blow itself up.

mod source;

use std::io::{self, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::{DEFECTS_KEPT, Defect};
use source::Source;

/// Says whether XML 1.0 allows the character (section 2.2 of the recommendation).
pub fn is_legal(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Goes through an XML file step by step, and keeps what was odd.
pub(super) struct Walk<R: Read> {
    xml: quick_xml::Reader<Source<R>>,
    /// The first half of a character written as two surrogates, as some programs do.
    high_surrogate: Option<u32>,
    /// What comes next, where something had to be told before it.
    waiting: Option<Event<'static>>,
    /// What was odd; after 1000 no more are kept.
    pub(super) defects: Vec<Defect>,
    /// Whether the document type declares entities of its own, of which none is expanded.
    pub(super) has_entities: bool,
}

/// What comes next in a file.
pub(super) enum Step<'b> {
    /// An element begins, and ends where `is_empty`.
    Start { tag: BytesStart<'b>, is_empty: bool },
    /// The element of this name (local, in lower case) ends.
    End(String),
    /// Text.
    Text(Piece),
    /// A comment or something else that says nothing.
    Other,
    /// The file ends.
    Over,
    /// What follows can't be read.
    Broken(String),
}

/// A piece of text as it reads.
#[derive(Default)]
pub(super) struct Piece {
    /// The characters; perhaps none.
    pub(super) text: String,
    /// What was odd about them, to be told where the text is kept.
    pub(super) told: Vec<String>,
}

/// Says why a file's root is not the one that was looked for.
pub(super) enum RootError {
    /// The file can't be read.
    Io(io::Error),
    /// The file is something else.
    Other { line: usize, found: String },
}

impl<R: Read> Walk<R> {
    pub(super) fn new(input: R) -> io::Result<Self> {
        let mut source = Source::new(input)?;
        let unbelieved = source.unbelieved.take();
        let mut xml = quick_xml::Reader::from_reader(source);
        let config = xml.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let mut walk = Self {
            xml,
            high_surrogate: None,
            waiting: None,
            defects: Vec::new(),
            has_entities: false,
        };
        if let Some(name) = unbelieved {
            walk.defect(1, format!("the declared encoding {name} can't be right: read as UTF-8"));
        }
        Ok(walk)
    }

    /// Returns the line that is being read, from 1.
    pub(super) fn line(&self) -> usize {
        self.xml.get_ref().line()
    }

    /// Says whether some bytes read so far were not valid in the file's encoding.
    pub(super) fn is_damaged(&self) -> bool {
        self.xml.get_ref().is_damaged()
    }

    pub(super) fn defect(&mut self, line: usize, message: String) {
        if self.defects.len() < DEFECTS_KEPT {
            self.defects.push(Defect { line, message });
        }
    }

    /// Tells of something odd in the line that is being read.
    pub(super) fn defect_here(&mut self, message: String) {
        self.defect(self.line(), message);
    }

    /// Reads up to the root and returns its tag; `names` are what the root may be called, in lower case.
    pub(super) fn root(&mut self, names: &[&str]) -> Result<BytesStart<'static>, RootError> {
        let mut buffer = Vec::new();
        loop {
            let step = self.step(&mut buffer).map_err(RootError::Io)?;
            let found = match step {
                Step::Start { tag, .. } if names.contains(&name_of(&tag).as_str()) => {
                    return Ok(tag.into_owned());
                }
                Step::Start { tag, .. } => format!("its first element is <{}>", name_of(&tag)),
                Step::Text(piece) if !piece.text.trim().is_empty() => {
                    "it begins with text".to_owned()
                }
                Step::Over => "it holds no element".to_owned(),
                Step::Broken(message) => message,
                Step::End(_) | Step::Text(_) | Step::Other => continue,
            };
            return Err(RootError::Other { line: self.line(), found });
        }
    }

    /// Takes a step; an error is one of reading the file.
    pub(super) fn step<'b>(&mut self, buffer: &'b mut Vec<u8>) -> io::Result<Step<'b>> {
        buffer.clear();
        let event = match self.waiting.take() {
            Some(event) => event,
            None => match self.xml.read_event_into(buffer) {
                Ok(event) => event,
                Err(quick_xml::Error::Io(error)) => {
                    return Err(io::Error::new(error.kind(), error.to_string()));
                }
                Err(error) => return Ok(Step::Broken(error.to_string())),
            },
        };
        let is_letter = matches!(event, Event::Text(_) | Event::CData(_) | Event::GeneralRef(_));
        if !is_letter && self.high_surrogate.is_some() {
            self.waiting = Some(event.into_owned());
            let mut piece = Piece::default();
            self.end_surrogate(&mut piece);
            return Ok(Step::Text(piece));
        }
        Ok(match event {
            Event::Start(tag) => Step::Start { tag, is_empty: false },
            Event::Empty(tag) => Step::Start { tag, is_empty: true },
            Event::End(end) => Step::End(end.local_name().as_ref().to_ascii_lowercase()),
            Event::Text(text) => Step::Text(self.piece(&text.xml10_content())),
            Event::CData(text) => Step::Text(self.piece(&text.xml10_content())),
            Event::GeneralRef(reference) => Step::Text(self.reference(&reference)),
            Event::Eof => Step::Over,
            Event::DocType(declaration) => {
                self.has_entities |= declaration.contains("<!ENTITY");
                Step::Other
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Step::Other,
        })
    }

    fn piece(&mut self, text: &str) -> Piece {
        let mut piece = Piece::default();
        if text.is_empty() {
            return piece;
        }
        self.end_surrogate(&mut piece);
        piece.push(text);
        piece
    }

    fn reference(&mut self, name: &str) -> Piece {
        if let Some(code) = name.strip_prefix('#') {
            let code = match code.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => code.parse(),
            };
            return self.character(name, code.ok());
        }
        let text = match name {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            "apos" => "'",
            _ => {
                let mut piece = self.piece(&format!("&{name};"));
                piece.told.push(format!("&{name}; is not expanded: it stays as written"));
                return piece;
            }
        };
        self.piece(text)
    }

    fn character(&mut self, name: &str, code: Option<u32>) -> Piece {
        let mut piece = Piece::default();
        if let (Some(high), Some(low @ 0xDC00..=0xDFFF)) = (self.high_surrogate, code) {
            self.high_surrogate = None;
            let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            piece.text.extend(char::from_u32(code));
            return piece;
        }
        self.end_surrogate(&mut piece);
        match (code, code.and_then(char::from_u32)) {
            (Some(high @ 0xD800..=0xDBFF), _) => self.high_surrogate = Some(high),
            (_, Some(letter)) => piece.push(letter.encode_utf8(&mut [0; 4])),
            (_, None) => piece.told.push(format!("&{name}; is no character: left out")),
        }
        piece
    }

    fn end_surrogate(&mut self, piece: &mut Piece) {
        if self.high_surrogate.take().is_some() {
            piece.told.push("half of a surrogate pair is no character: left out".to_owned());
        }
    }
}

impl Piece {
    /// Adds text, but for what XML forbids.
    fn push(&mut self, text: &str) {
        self.text.extend(text.chars().filter(|letter| is_legal(*letter)));
        let dropped = text.chars().filter(|letter| !is_legal(*letter)).count();
        if dropped > 0 {
            self.told.push(format!("{dropped} characters that XML forbids are left out"));
        }
    }
}

/// Returns the name of an element without prefix, in lower case.
pub(super) fn name_of(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_ascii_lowercase()
}

/// Returns the value of an attribute, its name in any case.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    let found = attributes
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(name))?;
    let value = found.normalized_value(XmlVersion::Implicit1_0);
    Some(value.map_or_else(|_| found.value.trim().to_owned(), |value| value.trim().to_owned()))
}
