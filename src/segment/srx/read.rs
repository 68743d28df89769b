//! The XML of SRX 2.0 and 1.0 to lists of rules.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Says why a file can't be used as SRX.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct SrxError {
    /// The line, from 1.
    pub line: usize,
    /// The reason.
    pub message: String,
}

/// A file of rules.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    /// Whether all maps that fit a language count, or the first only.
    pub(super) cascade: bool,
    pub(super) lists: Vec<List>,
    pub(super) maps: Vec<Map>,
    /// What the file holds beyond SRX, by line.
    pub(super) extensions: Vec<(usize, String)>,
}

/// A `languagerule`: a named list of rules.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) rules: Vec<RawRule>,
}

/// A `rule`, its patterns as written.
#[derive(Debug, Clone, Default)]
pub(super) struct RawRule {
    pub(super) line: usize,
    pub(super) is_break: bool,
    pub(super) before: String,
    pub(super) after: String,
}

/// A `languagemap`.
#[derive(Debug, Clone)]
pub(super) struct Map {
    pub(super) line: usize,
    pub(super) pattern: String,
    pub(super) list: String,
}

struct Parser<'t> {
    text: &'t str,
    line: usize,
    /// The byte up to which lines have been counted.
    counted: usize,
    file: File,
    open: Vec<String>,
    rule: Option<RawRule>,
    is_srx: bool,
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<File, SrxError> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut parser = Parser {
        text,
        line: 1,
        counted: 0,
        file: File::default(),
        open: Vec::new(),
        rule: None,
        is_srx: false,
    };
    let mut xml = quick_xml::Reader::from_str(text);
    loop {
        let event = xml.read_event();
        let position = match &event {
            Ok(_) => xml.buffer_position(),
            Err(_) => xml.error_position(),
        };
        parser.count_to(usize::try_from(position).unwrap_or(usize::MAX));
        match event.map_err(|error| parser.error(error.to_string()))? {
            Event::Start(element) => parser.start(&element, false)?,
            Event::Empty(element) => parser.start(&element, true)?,
            Event::End(_) => parser.end(),
            Event::Text(text) => parser.text(&text.xml10_content()),
            Event::CData(text) => parser.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let letter = match reference.resolve_char_ref() {
                    Ok(Some(letter)) => Some(letter.to_string()),
                    _ => quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned),
                };
                let letter = letter
                    .ok_or_else(|| parser.error(format!("the entity &{name}; is not known")))?;
                parser.text(&letter);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !parser.is_srx {
        return Err(parser.error("this is no SRX file: no element <srx>"));
    }
    if let Some(open) = parser.open.last() {
        let message = format!("the file ends inside <{open}>");
        return Err(parser.error(message));
    }
    if parser.file.lists.is_empty() || parser.file.maps.is_empty() {
        return Err(
            parser.error("the file has no rules: <languagerule> and <languagemap> are needed")
        );
    }
    for map in &parser.file.maps {
        if !parser.file.lists.iter().any(|list| list.name == map.list) {
            let message =
                format!("the map names the rules \"{}\", which are not in the file", map.list);
            return Err(SrxError { line: map.line, message });
        }
    }
    Ok(parser.file)
}

impl Parser<'_> {
    fn error(&self, message: impl Into<String>) -> SrxError {
        SrxError { line: self.line, message: message.into() }
    }

    fn count_to(&mut self, position: usize) {
        let to = position.min(self.text.len());
        if let Some(bytes) = self.text.as_bytes().get(self.counted..to) {
            self.line += bytes.iter().filter(|byte| **byte == b'\n').count();
            self.counted = to;
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) -> Result<(), SrxError> {
        let full = element.name().as_ref().to_owned();
        let name = element.local_name().as_ref().to_owned();
        let attribute = |wanted: &str| -> Result<Option<String>, SrxError> {
            for attribute in element.attributes() {
                let attribute = attribute.map_err(|error| self.error(error.to_string()))?;
                if attribute.key.local_name().as_ref() == wanted {
                    let value = attribute
                        .normalized_value(XmlVersion::Implicit1_0)
                        .map_err(|error| self.error(error.to_string()))?;
                    return Ok(Some(value.into_owned()));
                }
            }
            Ok(None)
        };
        let needed = |wanted: &str| {
            attribute(wanted)?
                .ok_or_else(|| self.error(format!("<{name}> has no attribute {wanted}")))
        };
        let is_yes = |wanted: &str, default: bool| match attribute(wanted)?.as_deref() {
            None => Ok(default),
            Some("yes" | "true") => Ok(true),
            Some("no" | "false") => Ok(false),
            Some(other) => {
                Err(self.error(format!("{wanted} is \"{other}\"; \"yes\" or \"no\" is needed")))
            }
        };
        if self.open.is_empty() && name != "srx" {
            return Err(self.error(format!("this is no SRX file: it begins with <{full}>")));
        }
        match &name[..] {
            "srx" => self.is_srx = true,
            "header" => {
                let cascade = is_yes("cascade", false)?;
                self.file.cascade = cascade;
            }
            "languagerule" => {
                let name = needed("languagerulename")?;
                self.file.lists.push(List { name, rules: Vec::new() });
            }
            "rule"
                if !full.contains(':') || self.open.iter().any(|open| open == "languagerule") =>
            {
                let is_break = is_yes("break", true)?;
                self.rule = Some(RawRule { line: self.line, is_break, ..RawRule::default() });
            }
            "languagemap" => {
                let map = Map {
                    line: self.line,
                    pattern: needed("languagepattern")?,
                    list: needed("languagerulename")?,
                };
                self.file.maps.push(map);
            }
            "formathandle" | "body" | "languagerules" | "maprules" | "maprule" | "beforebreak"
            | "afterbreak" => {}
            _ => {
                let message = format!("<{full}> is no element of SRX and is not used");
                self.file.extensions.push((self.line, message));
            }
        }
        self.open.push(name);
        if is_empty {
            self.end();
        }
        Ok(())
    }

    fn end(&mut self) {
        if self.open.pop().as_deref() == Some("rule")
            && let (Some(rule), Some(list)) = (self.rule.take(), self.file.lists.last_mut())
        {
            list.rules.push(rule);
        }
    }

    fn text(&mut self, piece: &str) {
        let Some(rule) = &mut self.rule else { return };
        match self.open.last().map(String::as_str) {
            Some("beforebreak") => rule.before.push_str(piece),
            Some("afterbreak") => rule.after.push_str(piece),
            _ => {}
        }
    }
}
