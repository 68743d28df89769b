//! TMX to units, whatever shape the file is in.
//!
//! The reader keeps its own stack of open elements and closes what the file forgot to close, so that a slip costs one
//! unit and not the file. What was not used is counted by reason in [`Reader::counts`], what was odd stands in
//! [`Reader::defects`] with its line.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};

use quick_xml::events::BytesStart;

use super::{CONFIDENCE, ORIGIN};
use crate::formats::xml::{Piece, RootError, Step, Walk, attribute, name_of};
use crate::formats::{Defect, ReadCounts};
use crate::model::{Language, Unit};

/// Says why a file can't be read as TMX.
#[derive(Debug, thiserror::Error)]
pub enum TmxError {
    /// The file can't be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is something else.
    #[error("line {line}: this is no TMX file: {found}")]
    NotTmx {
        /// The line.
        line: usize,
        /// What was found in place of `<tmx>`.
        found: String,
    },
}

/// Reads the units of a TMX file one by one.
///
/// A unit with two texts in one language gives two units, as no text may be lost. A unit with text in fewer than two
/// languages is skipped and counted.
pub struct Reader<R: Read> {
    walk: Walk<R>,
    open: Vec<Element>,
    header_source: Option<String>,
    unit: Option<OpenUnit>,
    ready: VecDeque<Unit>,
    counts: ReadCounts,
    is_over: bool,
}

/// An open element: its name in lower case, and whether what stands in it is text of the segment.
struct Element {
    name: String,
    is_text: bool,
}

#[derive(Default)]
struct OpenUnit {
    line: usize,
    source: Option<String>,
    texts: Vec<(Language, String)>,
    note: String,
    origin: String,
    confidence: Option<f64>,
    tuv: Option<OpenText>,
    /// The type and the text so far of an open `prop`.
    prop: Option<(String, String)>,
}

#[derive(Default)]
struct OpenText {
    line: usize,
    tag: Option<String>,
    text: String,
}

impl<R: Read> std::fmt::Debug for Reader<R> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Reader").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl<R: Read> Reader<R> {
    /// Opens a TMX file and reads up to its `tmx` element.
    ///
    /// # Errors
    /// When the input can't be read or is no TMX.
    pub fn new(input: R) -> Result<Self, TmxError> {
        let mut walk = Walk::new(input)?;
        let root = walk.root(&["tmx"]).map_err(|error| match error {
            RootError::Io(error) => TmxError::Io(error),
            RootError::Other { line, found } => TmxError::NotTmx { line, found },
        })?;
        Ok(Self {
            walk,
            open: vec![Element { name: name_of(&root), is_text: false }],
            header_source: None,
            unit: None,
            ready: VecDeque::new(),
            counts: ReadCounts::default(),
            is_over: false,
        })
    }

    /// Returns what was odd so far, in the order of the file; after 1000 no more are kept.
    pub fn defects(&self) -> &[Defect] {
        &self.walk.defects
    }

    /// Returns how many units were met so far, used and skipped.
    pub fn counts(&self) -> &ReadCounts {
        &self.counts
    }

    /// Returns the header's `srclang`, once the first unit has been read; `None` where it is missing, `*all*`, or no
    /// language.
    pub fn source_language(&self) -> Option<Language> {
        self.header_source.as_deref().and_then(|tag| Language::parse(tag).ok())
    }

    /// Takes one step through the file.
    fn step(&mut self, buffer: &mut Vec<u8>) -> Result<(), TmxError> {
        match self.walk.step(buffer)? {
            Step::Start { tag, is_empty } => {
                self.start(&tag);
                if is_empty {
                    self.close(self.open.len().saturating_sub(1));
                }
            }
            Step::End(name) => match self.open.iter().rposition(|element| element.name == name) {
                Some(place) => self.close_to(place, &name),
                None => self.walk.defect_here(format!("</{name}> closes nothing: passed over")),
            },
            Step::Text(piece) => self.text(piece),
            Step::Over => {
                if let Some(element) = self.open.last() {
                    let message =
                        format!("the file ends inside <{}>: it was cut off", element.name);
                    self.cut_off(message);
                }
                self.is_over = true;
            }
            Step::Broken(message) => self.cut_off(format!("{message}: what follows was not read")),
            Step::Other => {}
        }
        Ok(())
    }

    /// Ends the reading; an open unit is lost, since nobody knows what its rest would have been.
    fn cut_off(&mut self, message: String) {
        self.walk.defect_here(message);
        self.counts.is_cut_off = true;
        if self.unit.take().is_some() {
            self.counts.seen += 1;
            self.counts.skip("cut off");
        }
        self.is_over = true;
    }

    fn start(&mut self, start: &BytesStart<'_>) {
        let name = name_of(start);
        // None of these may stand in itself, so the one before was not closed.
        if matches!(name.as_str(), "tu" | "tuv" | "seg")
            && let Some(place) = self.open.iter().rposition(|element| element.name == name)
        {
            self.walk.defect_here(format!("<{name}> is not closed before the next one"));
            self.close_to(place, &name);
        }
        let line = self.walk.line();
        let parent_is_text = self.open.last().is_some_and(|element| element.is_text);
        let is_in_seg = self.open.iter().any(|element| element.name == "seg");
        let is_text = match name.as_str() {
            "seg" => self.unit.as_ref().is_some_and(|unit| unit.tuv.is_some()),
            "bpt" | "ept" | "ph" | "it" | "ut" => false,
            "sub" => is_in_seg,
            _ => parent_is_text,
        };
        match (name.as_str(), &mut self.unit) {
            ("header", _) => self.header_source = attribute(start, "srclang"),
            ("tu", _) => {
                self.unit = Some(OpenUnit {
                    line,
                    source: attribute(start, "srclang"),
                    ..OpenUnit::default()
                });
            }
            ("tuv", Some(unit)) => {
                let tag = attribute(start, "xml:lang").or_else(|| attribute(start, "lang"));
                unit.tuv = Some(OpenText { line, tag, text: String::new() });
            }
            ("prop", Some(unit)) if unit.tuv.is_none() => {
                unit.prop = attribute(start, "type").map(|kind| (kind, String::new()));
            }
            ("tuv" | "seg", None) => {
                self.walk.defect(line, format!("<{name}> stands outside a unit: passed over"));
            }
            _ => {}
        }
        self.open.push(Element { name, is_text });
    }

    /// Closes the elements down to the one at `place`.
    fn close_to(&mut self, place: usize, name: &str) {
        if let Some(inner) = self.open.get(place + 1) {
            let message = format!("<{}> is not closed before </{name}>", inner.name);
            self.walk.defect_here(message);
        }
        while self.open.len() > place {
            self.close(self.open.len() - 1);
        }
    }

    /// Closes the innermost element, which stands at `place`.
    fn close(&mut self, place: usize) {
        let Some(element) = self.open.get(place) else { return };
        match element.name.as_str() {
            "prop" => self.close_prop(),
            "tuv" => self.close_tuv(),
            "tu" => self.close_tu(),
            _ => {}
        }
        self.open.truncate(place);
    }

    fn close_prop(&mut self) {
        let Some(unit) = &mut self.unit else { return };
        match unit.prop.take() {
            Some((kind, text)) if kind == ORIGIN => unit.origin = text,
            Some((kind, text)) if kind == CONFIDENCE => {
                unit.confidence = text.trim().parse().ok().filter(|c| (0.0..=1.0).contains(c));
            }
            _ => {}
        }
    }

    fn close_tuv(&mut self) {
        let Some(unit) = &mut self.unit else { return };
        let Some(OpenText { line, tag, text }) = unit.tuv.take() else { return };
        if text.trim().is_empty() {
            return;
        }
        match tag.as_deref().map(Language::parse) {
            Some(Ok(language)) => {
                unit.texts.push((language, text));
                if self.walk.is_damaged() && unit.texts.iter().any(|(_, t)| t.contains('\u{FFFD}'))
                {
                    self.walk.defect(
                        line,
                        "a byte is not valid in the file's encoding: it reads U+FFFD".to_owned(),
                    );
                }
            }
            Some(Err(error)) => self.walk.defect(line, format!("{error}: the text is left out")),
            None => self.walk.defect(line, "the text names no language: it is left out".to_owned()),
        }
    }

    fn close_tu(&mut self) {
        let Some(unit) = self.unit.take() else { return };
        self.counts.seen += 1;
        let mut first: BTreeMap<Language, String> = BTreeMap::new();
        let mut more = Vec::new();
        for (language, text) in unit.texts {
            match first.get(&language) {
                None => drop(first.insert(language, text)),
                Some(same) if *same == text => {}
                Some(_) => more.push((language, text)),
            }
        }
        if first.len() < 2 {
            self.counts.skip("text in fewer than two languages");
            return;
        }
        let tag = unit.source.or_else(|| self.header_source.clone());
        let made = Unit {
            source_language: tag.and_then(|tag| source_among(&tag, &first)),
            texts: first,
            origin: unit.origin,
            confidence: unit.confidence,
            note: unit.note,
        };
        for (language, text) in more {
            self.walk.defect(
                unit.line,
                format!("a second text in {language}: it makes a unit of its own"),
            );
            let mut other = made.clone();
            other.texts.insert(language, text);
            self.ready.push_back(other);
        }
        self.counts.used += 1;
        self.ready.push_front(made);
    }

    /// Puts text where it belongs: the segment, a note, a property.
    fn text(&mut self, piece: Piece) {
        let Some(place) = self.place() else { return };
        place.push_str(&piece.text);
        for message in piece.told {
            self.walk.defect_here(message);
        }
    }

    /// Returns where text goes now, or `None` where it is not kept.
    fn place(&mut self) -> Option<&mut String> {
        let element = self.open.last()?;
        let unit = self.unit.as_mut()?;
        match element.name.as_str() {
            _ if element.is_text => unit.tuv.as_mut().map(|tuv| &mut tuv.text),
            "note" if unit.tuv.is_none() => Some(&mut unit.note),
            "prop" if unit.tuv.is_none() => unit.prop.as_mut().map(|(_, text)| text),
            _ => None,
        }
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Unit, TmxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut buffer = Vec::new();
        loop {
            if let Some(unit) = self.ready.pop_front() {
                return Some(Ok(unit));
            }
            if self.is_over {
                return None;
            }
            if let Err(error) = self.step(&mut buffer) {
                self.is_over = true;
                return Some(Err(error));
            }
        }
    }
}

/// Returns the language of the unit that `srclang` means: the very tag, or the one text in another variant of it
/// (`en` for `en-US`).
fn source_among(tag: &str, texts: &BTreeMap<Language, String>) -> Option<Language> {
    let wanted = Language::parse(tag).ok()?;
    if texts.contains_key(&wanted) {
        return Some(wanted);
    }
    let mut variants = texts.keys().copied().filter(|language| language.is_same_language(wanted));
    variants.next().filter(|_| variants.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Vec<Unit>, Vec<String>, ReadCounts) {
        let text = format!("<tmx version='1.4'><header srclang='en'/><body>{body}</body></tmx>");
        read_all(text.as_bytes())
    }

    fn read_all(bytes: &[u8]) -> (Vec<Unit>, Vec<String>, ReadCounts) {
        let mut reader = Reader::new(bytes).unwrap();
        let units = reader.by_ref().map(Result::unwrap).collect();
        let defects = reader.defects().iter().map(ToString::to_string).collect();
        (units, defects, reader.counts().clone())
    }

    fn pair(source: &str, target: &str) -> String {
        format!(
            "<tu><tuv xml:lang='en'><seg>{source}</seg></tuv><tuv xml:lang='az'><seg>{target}</seg></tuv></tu>"
        )
    }

    fn english(body: &str) -> String {
        let (units, _, _) = read(&pair(body, "x"));
        units[0].texts[&Language::EN].clone()
    }

    #[test]
    fn native_codes_are_no_text_and_what_they_say_is() {
        assert_eq!(
            english("The <bpt i='1'>&lt;b></bpt>big<ept i='1'>&lt;/b></ept> <hi>cat</hi><ph/>."),
            "The big cat."
        );
        assert_eq!(
            english("See <ph>&lt;img alt='<sub>the <it pos='begin'>&lt;i></it>cat</sub>'></ph>!"),
            "See the cat!"
        );
        assert_eq!(english("a<ut>{\\b }</ut>b <![CDATA[<c>]]> &amp;&#x41;&#66;"), "ab <c> &AB");
    }

    #[test]
    fn old_and_odd_files_are_read() {
        let text = "<TMX version=\"1.1\"><header srclang='EN-us'/><body><TU\n><TUV LANG = 'eN-uS'><Seg>a</Seg></TUV>\
                    <tuv lang='AZE'><seg>b</seg></tuv></TU></body></TMX>";
        let (units, defects, _) = read_all(text.as_bytes());
        let tags: Vec<String> = units[0].texts.keys().map(ToString::to_string).collect();
        assert_eq!(tags, ["az", "en-US"]);
        assert_eq!(units[0].source_language.unwrap().to_string(), "en-US");
        assert!(defects.is_empty(), "{defects:?}");
    }

    #[test]
    fn the_source_language_is_the_units_own_or_the_headers() {
        let (units, ..) =
            read(&(pair("a", "b") + &pair("c", "d").replace("<tu>", "<tu srclang='az'>")));
        assert_eq!(units[0].source_language, Some(Language::EN));
        assert_eq!(units[1].source_language, Some(Language::AZ));
        let (units, ..) = read(&pair("a", "b").replace("<tu>", "<tu srclang='*all*'>"));
        assert_eq!(units[0].source_language, None);
    }

    #[test]
    fn what_is_skipped_is_counted_and_said() {
        let body = "<tu><tuv xml:lang='en'><seg>alone</seg></tuv></tu>\n<tu><tuv><seg>a</seg></tuv>\
                    <tuv xml:lang='azərbaycan'><seg>b</seg></tuv></tu>";
        let (units, defects, counts) = read(&(body.to_owned() + &pair("a", "b")));
        assert_eq!((units.len(), counts.seen, counts.used), (1, 3, 1));
        assert_eq!(counts.skipped["text in fewer than two languages"], 2);
        assert_eq!(defects.len(), 2);
        assert!(defects[0].starts_with("line 2: ") && defects[1].contains("azərbaycan"));
    }

    #[test]
    fn a_second_text_of_a_language_is_not_lost() {
        let (units, defects, _) =
            read(&pair("a", "b").replace("</tu>", "<tuv xml:lang='az'><seg>c</seg></tuv></tu>"));
        let targets: Vec<&str> =
            units.iter().map(|unit| unit.texts[&Language::AZ].as_str()).collect();
        assert_eq!(targets, ["b", "c"]);
        assert_eq!(defects.len(), 1);
    }

    #[test]
    fn entities_are_not_expanded_and_surrogates_are_joined() {
        let text = format!(
            "<!DOCTYPE tmx [<!ENTITY big 'xxxxxxxx'><!ENTITY f SYSTEM 'file:///etc/hostname'>]><tmx><body>{}</body></tmx>",
            pair("&big; &f; &#xD83D;&#xDE00; &#1;", "a")
        );
        let (units, defects, _) = read_all(text.as_bytes());
        assert_eq!(units[0].texts[&Language::EN], "&big; &f; 😀 ");
        assert_eq!(defects.len(), 3);
    }

    #[test]
    fn a_slip_costs_one_unit_and_a_cut_the_last() {
        let slip = "<tu><tuv xml:lang='en'><seg>a<b></seg></tuv><tuv xml:lang='az'><seg>b & c</seg></tu></x>";
        let (units, defects, counts) = read(&(slip.to_owned() + &pair("c", "d")));
        assert_eq!(units.len(), 2);
        assert_eq!(units[0].texts[&Language::AZ], "b & c");
        assert!(defects.len() >= 3 && !counts.is_cut_off);
        let text = format!("<tmx><body>{}\n{}", pair("a", "b"), &pair("c", "d")[..60]);
        let (units, defects, counts) = read_all(text.as_bytes());
        assert_eq!(units.len(), 1);
        assert!(counts.is_cut_off && defects[0].starts_with("line 2: "), "{defects:?}");
        assert_eq!(counts.skipped["cut off"], 1);
    }

    #[test]
    fn what_is_no_tmx_is_refused() {
        for wrong in ["", "Salam", "<html><body/></html>", "<?xml version='1.0'?>", "a,b\nc,d"] {
            assert!(
                matches!(Reader::new(wrong.as_bytes()), Err(TmxError::NotTmx { .. })),
                "{wrong}"
            );
        }
    }
}
