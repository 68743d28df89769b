//! XLIFF to units, whatever program the file comes from.
//!
//! The reader keeps its own stack of open elements and closes what the file forgot to close, so that a slip costs one
//! unit and not the file. An element is XLIFF's own if it has the prefix of the root; others, such as `sdl:seg-defs`, are
//! passed over with what stands in them.

use std::io::Read;

use quick_xml::events::BytesStart;

use super::CONFIDENCE;
use crate::formats::ReadUnits;
use crate::formats::xml::{Piece, RootError, Step, Walk, attribute, name_of};
use crate::model::{Language, Unit};

/// Says why a file can't be read as XLIFF.
#[derive(Debug, thiserror::Error)]
pub enum XliffError {
    /// The input can't be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The file is something else.
    #[error("line {line}: this is no XLIFF file: {found}")]
    NotXliff {
        /// The line.
        line: usize,
        /// What was found in place of `<xliff>`.
        found: String,
    },
}

/// How deep elements may stand in one another. A file made to hang a reader nests them by the million.
const MOST_DEEP: usize = 1000;

/// Reads the units of an XLIFF file of any version. `source_and_target` are the languages of the texts where the file does
/// not name them.
///
/// A unit is made of each segment: of XLIFF 2 a `segment`; of XLIFF 1 a pair of `mrk` with `mtype="seg"` and the same
/// `mid`, or a `trans-unit` without such. Segments without target text, drafts that only repeat the source, and
/// suggestions (`alt-trans`, `match`) are skipped and counted. A file that is cut off gives what stands before the cut.
///
/// # Errors
/// When the input can't be read or is no XLIFF.
pub fn read_units(
    input: impl Read,
    source_and_target: Option<(Language, Language)>,
) -> Result<ReadUnits, XliffError> {
    let mut walk = Walk::new(input)?;
    let root = walk.root(&["xliff"]).map_err(|error| match error {
        RootError::Io(error) => XliffError::Io(error),
        RootError::Other { line, found } => XliffError::NotXliff { line, found },
    })?;
    let tags = [named(&root, "srcLang"), named(&root, "trgLang")];
    let is_kept = space_of(&root).unwrap_or(false);
    let mut reader = Reader {
        walk,
        prefix: prefix_of(&root),
        open: vec![Element { name: "xliff".to_owned(), is_kept, ..Element::default() }],
        given: source_and_target,
        root_tags: tags.clone(),
        tags,
        original: String::new(),
        unit: None,
        read: ReadUnits::default(),
        has_told_of_languages: false,
        is_over: false,
    };
    let mut buffer = Vec::new();
    while !reader.is_over {
        reader.step(&mut buffer)?;
    }
    reader.read.defects = reader.walk.defects;
    Ok(reader.read)
}

struct Reader<R: Read> {
    walk: Walk<R>,
    /// The prefix of XLIFF's own elements; mostly empty.
    prefix: String,
    open: Vec<Element>,
    given: Option<(Language, Language)>,
    /// The languages of source and target that the root names, and those of the open `file`.
    root_tags: [Option<String>; 2],
    tags: [Option<String>; 2],
    /// The document that the open `file` was made of.
    original: String,
    unit: Option<OpenUnit>,
    read: ReadUnits,
    has_told_of_languages: bool,
    is_over: bool,
}

/// An open element.
#[derive(Clone, Default)]
struct Element {
    /// Its name without prefix, in lower case.
    name: String,
    /// Whether it is passed over with what stands in it.
    is_ignored: bool,
    /// Whether blanks in it are kept as they are (`xml:space="preserve"`).
    is_kept: bool,
    /// Where the text in it goes.
    place: Place,
}

/// Where text goes.
#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    #[default]
    Nowhere,
    Note,
    /// To the open segment's text in this role, and to its part at this place where it stands in one.
    Side(Role, Option<usize>),
    /// Nowhere, as native code within such a text; what stands in a `sub` is text again.
    Code(Role, Option<usize>),
}

/// What a text is.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Source,
    /// The source again, cut into parts (`seg-source`).
    CutSource,
    Target,
}

/// A `trans-unit` or a `unit`.
#[derive(Default)]
struct OpenUnit {
    notes: Vec<String>,
    segments: Vec<OpenSegment>,
    /// What Trados says of the parts of a `trans-unit`, by their `mid`.
    part_states: Vec<(String, String)>,
}

/// A `trans-unit`, or a `segment` of a `unit`.
#[derive(Default)]
struct OpenSegment {
    line: usize,
    is_closed: bool,
    /// How far the translation has come, such as `state` and `final`.
    states: Vec<(&'static str, String)>,
    source: Option<Side>,
    cut_source: Option<Side>,
    target: Option<Side>,
}

/// A text, and its parts with their `mid`.
#[derive(Default)]
struct Side {
    tag: Option<String>,
    is_kept: bool,
    text: String,
    parts: Vec<(String, String)>,
}

impl OpenSegment {
    fn side(&mut self, role: Role) -> &mut Option<Side> {
        match role {
            Role::Source => &mut self.source,
            Role::CutSource => &mut self.cut_source,
            Role::Target => &mut self.target,
        }
    }
}

impl Side {
    /// Returns a text of this side without blanks at its ends, and where they are not kept with runs of them made one
    /// space.
    fn cleaned(&self, text: &str) -> String {
        const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];
        if self.is_kept {
            return text.trim_matches(BLANKS).to_owned();
        }
        text.split(BLANKS).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn part(&self, mid: &str) -> &str {
        self.parts.iter().find(|(own, _)| own == mid).map_or("", |(_, text)| text)
    }
}

impl<R: Read> Reader<R> {
    fn step(&mut self, buffer: &mut Vec<u8>) -> Result<(), XliffError> {
        match self.walk.step(buffer)? {
            Step::Start { .. } if self.open.len() >= MOST_DEEP => {
                self.cut_off(format!(
                    "more than {MOST_DEEP} elements in one another: it ends here"
                ));
            }
            Step::Start { tag, is_empty } => {
                self.start(&tag);
                if is_empty {
                    self.close();
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

    /// Ends the reading; an open segment is lost, since nobody knows what its rest would have been.
    fn cut_off(&mut self, message: String) {
        self.walk.defect_here(message);
        self.read.counts.is_cut_off = true;
        if let Some(unit) = &mut self.unit {
            let count = unit.segments.len();
            unit.segments.retain(|segment| segment.is_closed);
            for _ in unit.segments.len()..count {
                self.read.counts.seen += 1;
                self.read.counts.skip("cut off");
            }
            self.close_unit();
        }
        self.is_over = true;
    }

    fn skip(&mut self, reason: &'static str) {
        self.read.counts.seen += 1;
        self.read.counts.skip(reason);
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let name = name_of(tag);
        let is_ignored = |open: &Self| open.open.last().is_some_and(|element| element.is_ignored);
        // None of these may stand in itself, so the one before was not closed.
        let is_alone = matches!(
            name.as_str(),
            "file" | "trans-unit" | "unit" | "segment" | "source" | "target"
        );
        if is_alone
            && !is_ignored(self)
            && !self.is_foreign(tag)
            && let Some(place) = self.open.iter().rposition(|element| element.name == name)
        {
            self.walk.defect_here(format!("<{name}> is not closed before the next one"));
            self.close_to(place, &name);
        }
        let parent = self.open.last().cloned().unwrap_or_default();
        let is_in_text = matches!(parent.place, Place::Side(..) | Place::Code(..));
        let is_other = !is_in_text && self.is_foreign(tag);
        let is_passed_over =
            matches!(name.as_str(), "alt-trans" | "matches" | "glossary" | "skeleton" | "skl");
        let mut element = Element { name, ..parent };
        if parent.is_ignored || is_other || is_passed_over {
            element.is_ignored = true;
            element.place = Place::Nowhere;
            self.pass_over(tag, &element.name);
            self.open.push(element);
            return;
        }
        element.is_kept = space_of(tag).unwrap_or(parent.is_kept);
        element.place = match (parent.place, element.name.as_str()) {
            (Place::Nowhere, "file") => {
                let [source, target] = self.root_tags.clone();
                self.tags = [
                    named(tag, "source-language").or(source),
                    named(tag, "target-language").or(target),
                ];
                self.original = attribute(tag, "original").unwrap_or_default();
                Place::Nowhere
            }
            (Place::Nowhere, "trans-unit" | "unit") => {
                self.close_unit();
                self.unit = Some(OpenUnit::default());
                if element.name == "trans-unit" {
                    self.start_segment(tag, [("approved", "approved"), ("state", "mq:status")]);
                }
                Place::Nowhere
            }
            (Place::Nowhere, "segment") => {
                self.start_segment(tag, [("state", "state"), ("state", "subState")]);
                Place::Nowhere
            }
            (Place::Nowhere, "note") => self.unit.as_mut().map_or(Place::Nowhere, |unit| {
                unit.notes.push(String::new());
                Place::Note
            }),
            (Place::Nowhere, "source" | "seg-source" | "target") => {
                self.start_side(tag, &element, &parent.name)
            }
            (Place::Side(role, part), _) => self.place_inside(tag, &element.name, role, part),
            (Place::Code(role, part), "sub") => Place::Side(role, part),
            (place, _) => place,
        };
        self.open.push(element);
    }

    /// Says whether an element belongs to another format that was put into the file.
    fn is_foreign(&self, tag: &BytesStart<'_>) -> bool {
        let names_other = attribute(tag, "xmlns").is_some_and(|name| !name.contains(":xliff:"));
        prefix_of(tag) != self.prefix || names_other
    }

    /// Takes from an element that is passed over what is worth it: how many suggestions there are, and how far Trados says
    /// that a part is.
    fn pass_over(&mut self, tag: &BytesStart<'_>, name: &str) {
        let Some(unit) = &mut self.unit else { return };
        match name {
            "alt-trans" | "match" => self.skip("a suggestion, not a translation"),
            "seg" => unit.part_states.extend(named(tag, "id").zip(named(tag, "conf"))),
            _ => {}
        }
    }

    fn start_segment(&mut self, tag: &BytesStart<'_>, states: [(&'static str, &str); 2]) {
        let line = self.walk.line();
        let Some(unit) = &mut self.unit else {
            return self
                .walk
                .defect_here("a segment stands outside a unit: passed over".to_owned());
        };
        let states = states.into_iter().filter_map(|(kind, name)| Some((kind, named(tag, name)?)));
        unit.segments.push(OpenSegment {
            line,
            states: states.collect(),
            ..OpenSegment::default()
        });
    }

    fn start_side(&mut self, tag: &BytesStart<'_>, element: &Element, parent: &str) -> Place {
        // An `ignorable` holds what stands between the segments, as a rule blanks.
        if !matches!(parent, "trans-unit" | "segment") {
            return Place::Nowhere;
        }
        let role = match element.name.as_str() {
            "source" => Role::Source,
            "target" => Role::Target,
            _ => Role::CutSource,
        };
        let segment = self.unit.as_mut().and_then(|unit| unit.segments.last_mut());
        let Some(segment) = segment.filter(|segment| !segment.is_closed) else {
            return Place::Nowhere;
        };
        if segment.side(role).is_some() {
            let message = format!("a second <{}> in one segment: passed over", element.name);
            self.walk.defect_here(message);
            return Place::Nowhere;
        }
        if role == Role::Target {
            let states = ["state", "state-qualifier"];
            let found = states.into_iter().filter_map(|name| Some((name, named(tag, name)?)));
            segment.states.extend(found);
        }
        let tag = named(tag, "xml:lang");
        *segment.side(role) = Some(Side { tag, is_kept: element.is_kept, ..Side::default() });
        Place::Side(role, None)
    }

    /// Returns where what stands in an inline element goes.
    fn place_inside(
        &mut self,
        tag: &BytesStart<'_>,
        name: &str,
        role: Role,
        part: Option<usize>,
    ) -> Place {
        let place = Place::Side(role, part);
        match name {
            "x" | "bx" | "ex" | "bpt" | "ept" | "ph" | "it" | "sc" | "ec" | "sm" | "em" => {
                let kind = named(tag, "ctype").or_else(|| named(tag, "subType"));
                // A line break is the only code that parts words.
                if matches!(kind.as_deref(), Some("lb" | "xlf:lb")) {
                    self.push(place, "\n");
                }
                Place::Code(role, part)
            }
            "cp" => {
                let hex = named(tag, "hex").unwrap_or_default();
                let letter = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
                match letter.filter(|letter| *letter != '\0') {
                    Some(letter) => self.push(place, letter.encode_utf8(&mut [0; 4])),
                    None => {
                        let message = format!("<cp hex=\"{hex}\"> is no character: left out");
                        self.walk.defect_here(message);
                    }
                }
                Place::Code(role, part)
            }
            "mrk" => match named(tag, "mtype").as_deref() {
                Some("seg") => {
                    let mid = attribute(tag, "mid").unwrap_or_default();
                    let Some(side) = self.side(role) else { return place };
                    // A part that a tag runs through may come in two pieces.
                    let known = side.parts.iter().position(|(own, _)| *own == mid);
                    if known.is_none() {
                        side.parts.push((mid, String::new()));
                    }
                    Place::Side(role, known.or(side.parts.len().checked_sub(1)))
                }
                // What Trados keeps of a text that was deleted with changes tracked.
                Some("x-sdl-deleted") => Place::Code(role, part),
                _ => place,
            },
            _ => place,
        }
    }

    fn side(&mut self, role: Role) -> Option<&mut Side> {
        self.unit.as_mut()?.segments.last_mut()?.side(role).as_mut()
    }

    fn text(&mut self, piece: Piece) {
        let place = self.open.last().map_or(Place::Nowhere, |element| element.place);
        if matches!(place, Place::Nowhere | Place::Code(..)) {
            return;
        }
        self.push(place, &piece.text);
        for message in piece.told {
            self.walk.defect_here(message);
        }
    }

    fn push(&mut self, place: Place, text: &str) {
        match place {
            Place::Nowhere | Place::Code(..) => {}
            Place::Note => {
                if let Some(note) = self.unit.as_mut().and_then(|unit| unit.notes.last_mut()) {
                    note.push_str(text);
                }
            }
            Place::Side(role, part) => {
                let Some(side) = self.side(role) else { return };
                side.text.push_str(text);
                if let Some((_, part)) = part.and_then(|part| side.parts.get_mut(part)) {
                    part.push_str(text);
                }
            }
        }
    }

    /// Closes the elements down to the one at `place`.
    fn close_to(&mut self, place: usize, name: &str) {
        if let Some(inner) = self.open.get(place + 1) {
            let message = format!("<{}> is not closed before </{name}>", inner.name);
            self.walk.defect_here(message);
        }
        while self.open.len() > place {
            self.close();
        }
    }

    /// Closes the innermost element.
    fn close(&mut self) {
        let Some(element) = self.open.pop().filter(|element| !element.is_ignored) else { return };
        if !matches!(element.name.as_str(), "trans-unit" | "segment" | "unit") {
            return;
        }
        if element.name != "unit"
            && let Some(segment) = self.unit.as_mut().and_then(|unit| unit.segments.last_mut())
        {
            segment.is_closed = true;
        }
        if element.name != "segment" {
            self.close_unit();
        }
    }

    fn close_unit(&mut self) {
        let Some(unit) = self.unit.take() else { return };
        let mut confidence = None;
        let mut notes: Vec<&str> = Vec::new();
        for note in unit.notes.iter().map(|note| note.trim()).filter(|note| !note.is_empty()) {
            let figure = note.strip_prefix(CONFIDENCE).and_then(|figure| figure.parse().ok());
            match figure.filter(|figure| (0.0..=1.0).contains(figure)) {
                Some(figure) => confidence = Some(figure),
                None => notes.push(note),
            }
        }
        let about = About { notes, confidence, part_states: &unit.part_states };
        for segment in &unit.segments {
            self.take(segment, &about);
        }
    }

    /// Makes the units of a segment.
    fn take(&mut self, segment: &OpenSegment, about: &About<'_>) {
        let nothing = Side::default();
        let target = segment.target.as_ref().unwrap_or(&nothing);
        let has_parts = |side: &&Side| !side.parts.is_empty();
        let whole = segment.source.as_ref().or(segment.cut_source.as_ref()).unwrap_or(&nothing);
        let cut = segment.cut_source.as_ref().filter(has_parts).or(Some(whole).filter(has_parts));
        match cut {
            Some(cut) if has_parts(&target) || target.text.trim().is_empty() => {
                for (mid, text) in &cut.parts {
                    self.pair(segment, about, (cut, text), (target, target.part(mid)), mid);
                }
                let alone = target.parts.iter().filter(|(mid, text)| {
                    !text.trim().is_empty() && cut.parts.iter().all(|(own, _)| own != mid)
                });
                for _ in alone {
                    self.skip("without source text");
                }
            }
            _ => self.pair(segment, about, (whole, &whole.text), (target, &target.text), ""),
        }
    }

    /// Makes a unit of two texts.
    fn pair(
        &mut self,
        segment: &OpenSegment,
        about: &About<'_>,
        source: (&Side, &str),
        target: (&Side, &str),
        mid: &str,
    ) {
        let texts = [source.0.cleaned(source.1), target.0.cleaned(target.1)];
        if texts[0].is_empty() {
            return self.skip("without source text");
        }
        if texts[1].is_empty() {
            return self.skip("without target text");
        }
        let own = about.part_states.iter().filter(|(own, _)| own == mid);
        let own = own.map(|(_, state)| ("state", state.as_str()));
        let states: Vec<(&str, &str)> =
            segment.states.iter().map(|(kind, state)| (*kind, state.as_str())).chain(own).collect();
        let is_begun = |state: &str| {
            !["new", "needs-translation", "initial", "notstarted"]
                .iter()
                .any(|draft| state.eq_ignore_ascii_case(draft))
        };
        if texts[0] == texts[1] && !states.iter().all(|(_, state)| is_begun(state)) {
            return self.skip("a draft that repeats the source");
        }
        let [given_source, given_target] = match self.given {
            Some((source, target)) => [Some(source), Some(target)],
            None => [None, None],
        };
        let [file_source, file_target] = self.tags.clone();
        let line = segment.line;
        let source_tag = source.0.tag.clone().or(file_source);
        let target_tag = target.0.tag.clone().or(file_target);
        let languages = (
            self.language(source_tag, given_source, line),
            self.language(target_tag, given_target, line),
        );
        let (Some(source), Some(target)) = languages else {
            return self.skip("no language is named");
        };
        if source == target {
            return self.skip("source and target in one language");
        }
        if self.walk.is_damaged() && texts.iter().any(|text| text.contains('\u{FFFD}')) {
            let message = "a byte is not valid in the file's encoding: it reads U+FFFD";
            self.walk.defect(line, message.to_owned());
        }
        let mut notes: Vec<String> = about.notes.iter().map(|note| (*note).to_owned()).collect();
        if !states.is_empty() {
            let states = states.iter().map(|(kind, state)| format!("{kind}: {state}"));
            notes.push(states.collect::<Vec<_>>().join(", "));
        }
        let [source_text, target_text] = texts;
        self.read.counts.seen += 1;
        self.read.counts.used += 1;
        self.read.units.push(Unit {
            texts: [(source, source_text), (target, target_text)].into(),
            source_language: Some(source),
            origin: self.original.clone(),
            confidence: about.confidence,
            note: notes.join("\n"),
        });
    }

    /// Returns the language of a tag, or the one that was given where there is none or it is no tag.
    fn language(
        &mut self,
        tag: Option<String>,
        given: Option<Language>,
        line: usize,
    ) -> Option<Language> {
        let parsed = tag.map(|tag| Language::parse(&tag));
        let problem = match (&parsed, given) {
            (Some(Ok(language)), _) => return Some(*language),
            (_, Some(given)) => return Some(given),
            (Some(Err(error)), None) => error.to_string(),
            (None, None) => "the file does not name its languages".to_owned(),
        };
        if !self.has_told_of_languages {
            self.has_told_of_languages = true;
            let message = format!("{problem}; say --source-lang and --target-lang");
            self.walk.defect(line, message);
        }
        None
    }
}

/// What is said of all segments of a unit.
struct About<'u> {
    notes: Vec<&'u str>,
    confidence: Option<f64>,
    part_states: &'u [(String, String)],
}

/// Returns the value of an attribute that says something.
fn named(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    attribute(tag, name).filter(|value| !value.is_empty())
}

/// Returns the prefix of an element's name; empty where there is none.
fn prefix_of(tag: &BytesStart<'_>) -> String {
    tag.name().prefix().map_or_else(String::new, |prefix| prefix.as_ref().to_owned())
}

/// Returns whether an element says that blanks in it are kept; `None` where it does not say.
fn space_of(tag: &BytesStart<'_>) -> Option<bool> {
    named(tag, "xml:space").map(|value| value.eq_ignore_ascii_case("preserve"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::ReadCounts;

    fn read(text: &str) -> (Vec<Unit>, Vec<String>, ReadCounts) {
        let ReadUnits { units, defects, counts } = read_units(text.as_bytes(), None).unwrap();
        let skipped: usize = counts.skipped.values().sum();
        assert_eq!((counts.used, counts.seen), (units.len(), units.len() + skipped));
        (units, defects.iter().map(ToString::to_string).collect(), counts)
    }

    fn old(body: &str) -> (Vec<Unit>, Vec<String>, ReadCounts) {
        read(&format!(
            "<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2' xmlns:sdl='http://sdl.example/1'>\
             <file original='letter.docx' source-language='en' target-language='az'><body>{body}</body></file></xliff>"
        ))
    }

    fn new(body: &str) -> (Vec<Unit>, Vec<String>, ReadCounts) {
        read(&format!(
            "<xliff version='2.1' xmlns='urn:oasis:names:tc:xliff:document:2.0' xmlns:mtc='urn:oasis:names:tc:xliff:matches:2.0' \
             srcLang='en' trgLang='az'><file id='f1'>{body}</file></xliff>"
        ))
    }

    fn texts(units: &[Unit]) -> Vec<(&str, &str)> {
        units
            .iter()
            .map(|unit| (unit.texts[&Language::EN].as_str(), unit.texts[&Language::AZ].as_str()))
            .collect()
    }

    #[test]
    fn a_unit_of_the_old_kind_is_read_with_what_is_said_of_it() {
        let (units, defects, _) = old(
            "<trans-unit id='1' approved='yes' translate='no'><source>The school\n  was closed.</source>\
             <target state='final'>Məktəb bağlı idi.</target><note>title</note><note from='x'> seen by Ann </note></trans-unit>\
             <trans-unit id='2' xml:space='preserve'><source> Two  wells. </source><target>İki  quyu.</target></trans-unit>",
        );
        assert_eq!(
            texts(&units),
            [("The school was closed.", "Məktəb bağlı idi."), ("Two  wells.", "İki  quyu.")]
        );
        assert_eq!(units[0].note, "title\nseen by Ann\napproved: yes, state: final");
        assert_eq!(units[0].origin, "letter.docx");
        assert_eq!(units[0].source_language, Some(Language::EN));
        assert!(defects.is_empty(), "{defects:?}");
    }

    #[test]
    fn parts_of_a_unit_are_paired_by_their_number() {
        let (units, _, counts) = old(
            "<trans-unit id='1'><source>One. Two. Three.</source><seg-source><g id='5'><mrk mtype='seg' mid='1'>One.</mrk> \
             <mrk mtype='seg' mid='2'>Two<x id='1'/>.</mrk></g> <mrk mtype='seg' mid='3'>Three.</mrk></seg-source>\
             <target><mrk mtype='seg' mid='3'/><mrk mtype='seg' mid='2'>İki.</mrk> <g id='5'><mrk mtype='seg' mid='1'>\
             <mrk mtype='x-sdl-deleted'>Iki</mrk>Bi<mrk mtype='term'>r</mrk>.</mrk></g></target>\
             <sdl:seg-defs><sdl:seg id='1' conf='Translated'><sdl:value key='a'>b</sdl:value></sdl:seg></sdl:seg-defs></trans-unit>",
        );
        assert_eq!(texts(&units), [("One.", "Bir."), ("Two.", "İki.")]);
        assert_eq!((units[0].note.as_str(), units[1].note.as_str()), ("state: Translated", ""));
        assert_eq!(counts.skipped["without target text"], 1);
    }

    #[test]
    fn a_unit_of_the_new_kind_has_segments() {
        let (units, defects, counts) = new(
            "<unit id='1'><mtc:matches><mtc:match ref='#1'><source>Old.</source><target>Köhnə.</target></mtc:match></mtc:matches>\
             <notes><note>about both</note></notes><originalData><data id='d1'>&lt;b></data></originalData>\
             <segment id='1' state='reviewed'><source>Five <pc id='1'>wells</pc><ph id='2'/> in <mrk id='m' type='term'>May</mrk>\
             </source><target><sc id='3'/>Mayda beş<cp hex='00A0'/>quyu<ec startRef='3'/></target></segment>\
             <ignorable><source> </source><target> </target></ignorable>\
             <segment><source>Help!</source><target/></segment></unit>\
             <group id='g'><unit id='2'><segment state='initial'><source>New</source><target>New</target></segment></unit></group>",
        );
        assert_eq!(texts(&units), [("Five wells in May", "Mayda beş\u{A0}quyu")]);
        assert_eq!(units[0].note, "about both\nstate: reviewed");
        assert!(defects.is_empty(), "{defects:?}");
        let skipped: Vec<_> = counts.skipped.into_iter().collect();
        assert_eq!(
            skipped,
            [
                ("a draft that repeats the source", 1),
                ("a suggestion, not a translation", 1),
                ("without target text", 1)
            ]
        );
    }

    #[test]
    fn codes_are_no_text_and_what_they_say_is() {
        let english = |body: &str| {
            let body =
                format!("<trans-unit><source>{body}</source><target>x</target></trans-unit>");
            let (units, ..) = old(&body);
            units[0].texts[&Language::EN].clone()
        };
        assert_eq!(
            english("The <bpt id='1'>&lt;b></bpt>big<ept id='1'>&lt;/b></ept> <g id='2'>cat</g>."),
            "The big cat."
        );
        assert_eq!(
            english(
                "See <ph id='1'>&lt;img alt='<sub>the <it pos='open'>&lt;i></it>cat</sub>'></ph>!"
            ),
            "See the cat!"
        );
        assert_eq!(english("One<x id='1' ctype='lb'/>two<bx id='2'/>."), "One two.");
        assert_eq!(english("a &lt; b <![CDATA[<c>]]> &#x41;"), "a < b <c> A");
    }

    #[test]
    fn other_prefixes_and_suggestions_do_not_disturb() {
        let text = "<x:xliff version='1.2' xmlns:x='urn:oasis:names:tc:xliff:document:1.2' xmlns:mq='MQXliff'>\
                    <x:file source-language='en' target-language='az'><x:header><source>no</source></x:header><x:body>\
                    <x:trans-unit id='1' mq:status='Confirmed'><x:source>Yes</x:source><x:target>Bəli</x:target>\
                    <mq:meta><mq:source>?</mq:source></mq:meta><x:alt-trans><x:source>Yea</x:source><x:target>Hə</x:target>\
                    </x:alt-trans></x:trans-unit></x:body></x:file></x:xliff>";
        let (units, defects, counts) = read(text);
        assert_eq!(texts(&units), [("Yes", "Bəli")]);
        assert_eq!(units[0].note, "state: Confirmed");
        assert_eq!(counts.skipped["a suggestion, not a translation"], 1);
        assert!(defects.is_empty(), "{defects:?}");
    }

    #[test]
    fn languages_are_those_of_the_text_the_file_or_the_given() {
        let file = |attributes: &str, side: &str| {
            format!(
                "<xliff version='1.2'><file {attributes}><body><trans-unit><source>a</source>\
                 <target {side}>b</target></trans-unit></body></file></xliff>"
            )
        };
        let given = Some((Language::EN, Language::RU));
        let tags = |text: &str, given| {
            let read = read_units(text.as_bytes(), given).unwrap();
            let tags =
                read.units.iter().flat_map(|unit| unit.texts.keys().map(ToString::to_string));
            (tags.collect::<Vec<_>>(), read.defects)
        };
        let both = "source-language='en-US' target-language='aze'";
        assert_eq!(tags(&file(both, ""), given).0, ["az", "en-US"]);
        assert_eq!(tags(&file(both, "xml:lang='tr'"), None).0, ["en-US", "tr"]);
        assert_eq!(tags(&file("source-language='en'", ""), given).0, ["en", "ru"]);
        let (none, defects) = tags(&file("source-language='en' target-language=''", ""), None);
        assert!(none.is_empty());
        assert!(defects[0].message.ends_with("say --source-lang and --target-lang"));
        let same = read(&file("source-language='en' target-language='en'", ""));
        assert_eq!(same.2.skipped["source and target in one language"], 1);
    }

    #[test]
    fn a_slip_costs_one_unit_and_a_cut_the_last() {
        let unit = |source: &str, target: &str| {
            format!("<trans-unit><source>{source}</source><target>{target}</target></trans-unit>\n")
        };
        let slips = unit("a<b>", "b & c").replace("</target>", "") + &unit("c", "d") + "</x>";
        let (units, defects, counts) = old(&slips);
        assert_eq!(texts(&units), [("a", "b & c"), ("c", "d")]);
        assert!(defects.len() >= 3 && !counts.is_cut_off, "{defects:?}");
        let (units, _, counts) = old(&(unit("a", "b") + &"<group>".repeat(MOST_DEEP)));
        assert!(units.len() == 1 && counts.is_cut_off);
        let head = "<xliff srcLang='en' trgLang='az'><file><unit>";
        let segment = "<segment><source>a</source><target>b</target></segment>\n";
        let (units, defects, counts) = read(&format!("{head}{segment}{}", &segment[..30]));
        assert_eq!(texts(&units), [("a", "b")]);
        assert!(counts.is_cut_off && defects[0].starts_with("line 2: "), "{defects:?}");
        assert_eq!(counts.skipped["cut off"], 1);
    }

    #[test]
    fn entities_are_not_expanded() {
        let text = "<!DOCTYPE xliff [<!ENTITY a 'xxxx'><!ENTITY f SYSTEM 'file:///etc/hostname'>]><xliff srcLang='en' trgLang='az'>\
                    <file><unit><segment><source>&a;&f;</source><target>&#xD83D;&#xDE00;</target></segment></unit></file></xliff>";
        let (units, defects, _) = read(text);
        assert_eq!(texts(&units), [("&a;&f;", "😀")]);
        assert_eq!(defects.len(), 2);
    }

    #[test]
    fn what_is_no_xliff_is_refused() {
        for wrong in ["", "Salam", "<tmx/>", "<?xml version='1.0'?>"] {
            let error = read_units(wrong.as_bytes(), None).unwrap_err();
            assert!(matches!(error, XliffError::NotXliff { line: 1, .. }), "{wrong}: {error}");
        }
    }
}
