//! TBX to concepts, whichever version and style.
//!
//! An element says something by its own name (DCT: `<min:administrativeStatus>`) or by its attribute `type` (DCA and version
//! 2: `<termNote type="administrativeStatus">`); both are one **category** here. A category belongs to the innermost term,
//! language or concept around it.

use std::io::{self, Read};

use quick_xml::events::BytesStart;

use super::{OWN, unescaped};
use crate::formats::terms::{ReadConcepts, one_line};
use crate::formats::xml::{RootError, Step, Walk, attribute, name_of};
use crate::model::{Concept, Language, Term, TermStatus, TermType};

/// Says why a file can't be read as TBX. Nothing of such a file is used: half a glossary looks like a whole one.
#[derive(Debug, thiserror::Error)]
pub enum TbxError {
    /// The file can't be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is something else.
    #[error(
        "line {line}: this is no TBX file: {found}; its first element must be <tbx> or <martif>"
    )]
    NotTbx {
        /// The line.
        line: usize,
        /// What was found.
        found: String,
    },
    /// The file declares entities of its own.
    #[error(
        "line {line}: the file declares entities of its own (<!ENTITY ...>), which are not expanded; export it again without a document type of its own"
    )]
    Entities {
        /// The line of the first element.
        line: usize,
    },
    /// The XML is broken.
    #[error("line {line}: {problem}; the XML is broken there, export the file again")]
    Broken {
        /// The line.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

/// Reads a file whole.
///
/// # Errors
/// When the file is no TBX, its XML is broken, or it declares entities.
pub fn read(input: impl Read) -> Result<ReadConcepts, TbxError> {
    let mut walk = Walk::new(input)?;
    let root = walk.root(&["tbx", "martif"]).map_err(|error| match error {
        RootError::Io(error) => TbxError::Io(error),
        RootError::Other { line, found } => TbxError::NotTbx { line, found },
    })?;
    if walk.has_entities {
        return Err(TbxError::Entities { line: walk.line() });
    }
    let mut open = vec![name_of(&root)];
    let mut entries = Entries::default();
    let mut buffer = Vec::new();
    loop {
        let step = walk.step(&mut buffer)?;
        match step {
            Step::Start { tag, is_empty } => {
                let name = name_of(&tag);
                entries.start(&name, &tag, walk.line(), &open);
                if is_empty {
                    entries.end(&name, &open);
                } else {
                    open.push(name);
                }
            }
            Step::End(name) => {
                let problem = match open.pop() {
                    Some(own) if own == name => None,
                    Some(own) => Some(format!("<{own}> is closed by </{name}>")),
                    None => Some(format!("</{name}> closes nothing")),
                };
                if let Some(problem) = problem {
                    return Err(TbxError::Broken { line: walk.line(), problem });
                }
                entries.end(&name, &open);
            }
            Step::Text(piece) => {
                if let Some((_, text)) = &mut entries.leaf {
                    text.push_str(&piece.text);
                    for message in piece.told {
                        let line = walk.line();
                        entries.read.defect(line, message);
                    }
                }
            }
            Step::Over => {
                return match open.last() {
                    Some(name) => {
                        let problem = format!("the file ends inside <{name}>: it was cut off");
                        Err(TbxError::Broken { line: walk.line(), problem })
                    }
                    None => {
                        let mut read = entries.read;
                        if walk.is_damaged() {
                            let message =
                                "bytes that are not valid in the file's encoding read U+FFFD";
                            read.defect(walk.line(), message.to_owned());
                        }
                        let mut defects = std::mem::take(&mut walk.defects);
                        defects.append(&mut read.defects);
                        read.defects = defects;
                        Ok(read)
                    }
                };
            }
            Step::Broken(problem) => return Err(TbxError::Broken { line: walk.line(), problem }),
            Step::Other => {}
        }
    }
}

/// What the elements that are open have said so far.
#[derive(Default)]
struct Entries {
    read: ReadConcepts,
    entry: Option<Entry>,
    /// The category that is being read, and its text so far.
    leaf: Option<(String, String)>,
    /// The target of a cross-reference that is being read.
    target: Option<String>,
}

#[derive(Default)]
struct Entry {
    id: String,
    terms: Vec<Told>,
    domain: Option<String>,
    /// What is said of the whole concept, to go to its first term.
    notes: Vec<String>,
    section: Option<Section>,
}

#[derive(Default)]
struct Section {
    tag: Option<String>,
    /// What is said of the language, to go to its first term.
    notes: Vec<String>,
    terms: Vec<Told>,
    term: Option<Told>,
}

/// A term and what is said of it.
#[derive(Default)]
struct Told {
    line: usize,
    id: Option<String>,
    text: String,
    status: Option<TermStatus>,
    kind: Option<TermType>,
    is_short: bool,
    is_case_exact: bool,
    is_uninflected: bool,
    full: Option<String>,
    full_id: Option<String>,
    domain: Option<String>,
    notes: Vec<String>,
    sources: Vec<String>,
    language: Option<Language>,
}

/// Elements that hold others and say nothing themselves.
const FRAMES: [&str; 22] = [
    "tbx",
    "martif",
    "text",
    "body",
    "back",
    "front",
    "tbxheader",
    "martifheader",
    "filedesc",
    "sourcedesc",
    "titlestmt",
    "publicationstmt",
    "encodingdesc",
    "revisiondesc",
    "descripgrp",
    "admingrp",
    "transacgrp",
    "termnotegrp",
    "termgrp",
    "ntig",
    "refobjectsec",
    "header",
];

/// Elements inside a text.
const INLINE: [&str; 9] = ["hi", "foreign", "sc", "ec", "ph", "pc", "bpt", "ept", "it"];

impl Entries {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>, line: usize, open: &[String]) {
        if self.leaf.is_some() && INLINE.contains(&name) {
            return;
        }
        match name {
            "conceptentry" | "termentry" => {
                let id = attribute(tag, "id").map(|id| one_line(&id)).unwrap_or_default();
                self.entry = Some(Entry { id, ..Entry::default() });
            }
            "langsec" | "langset" | "langgroup" => {
                if let Some(entry) = &mut self.entry {
                    let tag = attribute(tag, "xml:lang").or_else(|| attribute(tag, "lang"));
                    entry.section = Some(Section { tag, ..Section::default() });
                }
            }
            "termsec" | "tig" | "termgroup" => self.open_term(line, attribute(tag, "id")),
            // The terms of an ntig stand in a termGrp of their own.
            "ntig" => self.open_term(line, attribute(tag, "id")),
            "term" => {
                if let Some(term) = self.term() {
                    term.line = line;
                }
                self.leaf = Some((name.to_owned(), String::new()));
            }
            _ if FRAMES.contains(&name) => {}
            _ => {
                // Only what stands in an entry is of the glossary.
                if self.entry.is_none() || self.leaf.is_some() {
                    return;
                }
                let category = match attribute(tag, "type") {
                    Some(category) if is_typed(name) => category.trim().to_owned(),
                    _ => name.to_owned(),
                };
                let is_described = open.iter().any(|name| name == "descripgrp");
                let category = match category.to_ascii_lowercase().as_str() {
                    "source" if is_described => "source of a description".to_owned(),
                    known => canonical(known).map_or(category, str::to_owned),
                };
                self.target = attribute(tag, "target");
                self.leaf = Some((category, String::new()));
            }
        }
    }

    fn open_term(&mut self, line: usize, id: Option<String>) {
        if let Some(section) = self.entry.as_mut().and_then(|entry| entry.section.as_mut()) {
            section.term = Some(Told { line, id, ..Told::default() });
        }
    }

    fn term(&mut self) -> Option<&mut Told> {
        self.entry.as_mut()?.section.as_mut()?.term.as_mut()
    }

    fn end(&mut self, name: &str, open: &[String]) {
        match name {
            "conceptentry" | "termentry" => self.close_entry(),
            "langsec" | "langset" | "langgroup" => self.close_section(),
            "termsec" | "tig" | "termgroup" | "ntig" => {
                if let Some(section) = self.entry.as_mut().and_then(|entry| entry.section.as_mut())
                {
                    section.terms.extend(section.term.take());
                }
            }
            _ if INLINE.contains(&name) || FRAMES.contains(&name) => {}
            _ => {
                // An element inside one that is being read belongs to its text.
                let is_inner =
                    open.iter().rev().take_while(|name| !is_frame(name)).next().is_some();
                if is_inner {
                    return;
                }
                if let Some((category, text)) = self.leaf.take() {
                    self.say(&category, &one_line(&text));
                }
            }
        }
    }

    /// Takes a category and its value to where it belongs.
    fn say(&mut self, category: &str, value: &str) {
        let target = self.target.take();
        if value.is_empty() && target.is_none() {
            return;
        }
        let Some(entry) = &mut self.entry else { return };
        let own = value.strip_prefix(OWN).filter(|_| category == "note");
        if let Some((field, value)) = own.and_then(|own| own.split_once('=')) {
            let value = unescaped(value);
            let is_known = match entry.section.as_mut().and_then(|section| section.term.as_mut()) {
                Some(term) => term.own(field, value),
                None if field == "concept" => {
                    entry.id = value.trim().to_owned();
                    true
                }
                None => false,
            };
            if is_known {
                return;
            }
        }
        let is_known = match (category, &mut entry.section) {
            ("subjectField", None) => {
                let domain = entry.domain.get_or_insert_default();
                add(domain, value);
                true
            }
            ("note", None) => {
                entry.notes.push(value.to_owned());
                true
            }
            ("definition", None) => {
                entry.notes.push(format!("definition: {value}"));
                true
            }
            ("source of a description", None) => {
                add_source(&mut entry.notes, value);
                true
            }
            (_, None) => false,
            (_, Some(section)) => match (&mut section.term, category) {
                (Some(term), _) => term.say(category, value, target),
                (None, "note") => {
                    section.notes.push(value.to_owned());
                    true
                }
                (None, "definition") => {
                    section.notes.push(format!("definition: {value}"));
                    true
                }
                (None, "source of a description") => {
                    add_source(&mut section.notes, value);
                    true
                }
                (None, _) => false,
            },
        };
        if !is_known {
            self.read.pass_over(category);
        }
    }

    fn close_section(&mut self) {
        let Some(entry) = &mut self.entry else { return };
        let Some(mut section) = entry.section.take() else { return };
        section.terms.extend(section.term.take());
        let language = match section.tag.as_deref().map(Language::parse) {
            Some(Ok(language)) => language,
            wrong => {
                for term in &section.terms {
                    let reason = match wrong {
                        Some(_) => "a term whose language is no language tag",
                        None => "a term without a language",
                    };
                    self.read.skip(term.line, reason);
                }
                return;
            }
        };
        let ids: Vec<(Option<String>, String)> =
            section.terms.iter().map(|term| (term.id.clone(), term.text.clone())).collect();
        let full_forms = ids.len();
        let mut notes = section.notes;
        for mut term in section.terms {
            if term.text.is_empty() {
                self.read.skip(term.line, "an empty term");
                continue;
            }
            if let Some(id) = term.full_id.take() {
                let full = ids.iter().find(|(own, _)| own.as_ref() == Some(&id));
                match full {
                    Some((_, text)) if term.is_short && full_forms > 1 => {
                        term.full = Some(text.clone());
                    }
                    _ => self.read.pass_over("crossReference"),
                }
            }
            term.language = Some(language);
            let mut all = std::mem::take(&mut notes);
            all.append(&mut term.notes);
            term.notes = all;
            self.read.counts.seen += 1;
            entry.terms.push(term);
        }
    }

    fn close_entry(&mut self) {
        self.close_section();
        let Some(entry) = self.entry.take() else { return };
        let mut notes = entry.notes;
        let mut concept = Concept { id: entry.id, terms: Vec::new() };
        for told in entry.terms {
            let Some(language) = told.language else { continue };
            if concept.terms.iter().any(|t| t.language == language && t.text == told.text) {
                self.read.counts.skip("a term that the concept has already");
                continue;
            }
            let mut all = std::mem::take(&mut notes);
            all.extend(told.notes);
            self.read.counts.used += 1;
            concept.terms.push(Term {
                status: told.status.unwrap_or_default(),
                kind: told.kind.unwrap_or_default(),
                is_case_exact: told.is_case_exact,
                is_inflected: !told.is_uninflected,
                abbreviation_of: told.full,
                domain: told.domain.or_else(|| entry.domain.clone()).unwrap_or_default(),
                note: all.join("; "),
                source: told.sources.join("; "),
                line: told.line,
                ..Term::new(language, told.text)
            });
        }
        if !concept.terms.is_empty() {
            self.read.concepts.push(concept);
        }
    }
}

impl Told {
    /// Takes one of our own fields; returns whether it is one.
    fn own(&mut self, field: &str, value: String) -> bool {
        match field {
            "term" => self.text = value,
            "status" => match TermStatus::parse(&value) {
                Ok(status) => self.status = Some(status),
                Err(_) => return false,
            },
            "type" => match TermType::parse(&value) {
                Ok(kind) => self.kind = Some(kind),
                Err(_) => return false,
            },
            "case" => self.is_case_exact = value == "exact",
            "inflect" => self.is_uninflected = value == "no",
            "abbreviation_of" => self.full = Some(value),
            "domain" => self.domain = Some(value),
            "note" => self.notes.push(value),
            "source" => self.sources.push(value),
            _ => return false,
        }
        true
    }

    /// Takes a category; returns whether a glossary has a place for it.
    fn say(&mut self, category: &str, value: &str, target: Option<String>) -> bool {
        match category {
            "term" => self.text = value.to_owned(),
            "administrativeStatus" => match status_of(value) {
                Some(status) => self.status = self.status.or(Some(status)),
                None => return false,
            },
            "termType" => match value.to_ascii_lowercase().as_str() {
                "acronym" | "initialism" => {
                    self.kind = self.kind.or(Some(TermType::Acronym));
                    self.is_short = true;
                }
                "abbreviation" | "shortform" => self.is_short = true,
                "fullform" => {}
                _ => return false,
            },
            // A glossary holds names and nouns; what they are called in grammar adds nothing.
            "partOfSpeech" => return matches!(value, "noun" | "properNoun" | "proper noun"),
            "crossReference" => match target {
                Some(target) => self.full_id = Some(target),
                None => return false,
            },
            "subjectField" => add(self.domain.get_or_insert_default(), value),
            "note" => self.notes.push(value.to_owned()),
            "definition" | "context" => self.notes.push(format!("{category}: {value}")),
            "source" => self.sources.push(value.to_owned()),
            "source of a description" => add_source(&mut self.notes, value),
            _ => return false,
        }
        true
    }
}

/// Returns the status that a value stands for: those of TBX-Basic, of TBX-Min, and the words that programs write.
fn status_of(value: &str) -> Option<TermStatus> {
    let value = value.to_ascii_lowercase();
    let known = [
        ("preferred", TermStatus::Preferred),
        ("admitted", TermStatus::Admitted),
        ("deprecated", TermStatus::Deprecated),
        ("superseded", TermStatus::Deprecated),
        ("notrecommended", TermStatus::Deprecated),
        ("obsolete", TermStatus::Deprecated),
        ("forbidden", TermStatus::Forbidden),
    ];
    known.iter().find(|(begin, _)| value.starts_with(begin)).map(|(_, status)| *status)
}

/// Returns how a category is called that a glossary has a place for; `name` is in lower case.
fn canonical(name: &str) -> Option<&'static str> {
    Some(match name {
        "administrativestatus" | "normativeauthorization" | "termstatus" => "administrativeStatus",
        "termtype" => "termType",
        "partofspeech" => "partOfSpeech",
        "subjectfield" => "subjectField",
        "crossreference" => "crossReference",
        "definition" => "definition",
        "context" => "context",
        "source" => "source",
        "note" => "note",
        _ => return None,
    })
}

/// Says whether an element tells by its attribute `type` what it is.
fn is_typed(name: &str) -> bool {
    matches!(
        name,
        "termnote"
            | "descrip"
            | "descripnote"
            | "admin"
            | "adminnote"
            | "ref"
            | "xref"
            | "transac"
            | "transacnote"
    )
}

/// Says whether an element holds others.
fn is_frame(name: &str) -> bool {
    FRAMES.contains(&name)
        || matches!(
            name,
            "conceptentry"
                | "termentry"
                | "langsec"
                | "langset"
                | "langgroup"
                | "termsec"
                | "tig"
                | "termgroup"
        )
}

fn add(all: &mut String, value: &str) {
    if !all.is_empty() {
        all.push_str("; ");
    }
    all.push_str(value);
}

fn add_source(notes: &mut [String], value: &str) {
    if let Some(last) = notes.last_mut() {
        last.push_str(&format!(" ({value})"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "<?xml version='1.0'?>\n<!DOCTYPE martif SYSTEM 'TBXBasiccoreStructV02.dtd'>\n\
        <martif type='TBX-Basic' xml:lang='en'><martifHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></martifHeader>\n\
        <text><body>\n<termEntry id='c5'><descrip type='subjectField'>aid</descrip>\n\
        <transacGrp><transac type='transactionType'>origination</transac><date>2020-01-01</date></transacGrp>\n\
        <langSet xml:lang='en-GB'><descripGrp><descrip type='definition'>A place to\n  stay.</descrip>\
        <admin type='source'>handbook</admin></descripGrp>\n\
        <ntig><termGrp><term>collective <hi>centre</hi></term><termNote type='termType'>fullForm</termNote>\
        <termNote type='administrativeStatus'>supersededTerm-admn-sts</termNote></termGrp></ntig></langSet>\n\
        <langSet xml:lang='az'><tig><term> toplu\n məskən </term><termNote type='partOfSpeech'>verb</termNote></tig></langSet>\n\
        <langSet><tig><term>lost</term></tig></langSet>\n</termEntry></body></text></martif>";

    #[test]
    fn the_older_form_is_read() {
        let read = read(OLD.as_bytes()).unwrap();
        let [concept] = &read.concepts[..] else { panic!("{:?}", read.concepts) };
        let [english, azerbaijani] = &concept.terms[..] else { panic!("{concept:?}") };
        assert_eq!((concept.id.as_str(), english.text.as_str()), ("c5", "collective centre"));
        assert_eq!(english.language.to_string(), "en-GB");
        assert_eq!(english.note, "definition: A place to stay. (handbook)");
        assert_eq!(english.status, TermStatus::Deprecated);
        assert_eq!(
            (azerbaijani.text.as_str(), azerbaijani.domain.as_str()),
            ("toplu məskən", "aid")
        );
        assert_eq!(read.counts.skipped.get("a term without a language"), Some(&1));
        let unread: Vec<&str> = read.unread.keys().map(String::as_str).collect();
        assert_eq!(unread, ["date", "partOfSpeech", "transactionType"]);
    }

    #[test]
    fn what_is_no_tbx_or_broken_is_refused_with_its_line() {
        let error = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(
            error("<tmx/>").starts_with("line 1: this is no TBX file: its first element is <tmx>")
        );
        assert!(error(&OLD.replace("</tig></langSet>\n</termEntry>", "")).contains("is closed by"));
        assert!(error(&OLD[..700]).contains("the file ends inside <"));
        assert!(error("").contains("it holds no element"));
    }

    #[test]
    fn entities_are_refused_and_never_expanded() {
        let bomb = "<!DOCTYPE martif [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\n<martif>&b;</martif>";
        assert!(matches!(read(bomb.as_bytes()), Err(TbxError::Entities { line: 2 })));
    }

    #[test]
    fn a_tag_is_a_category_as_an_attribute_is() {
        let text = "<tbx style='dct' xmlns:min='m' xmlns:basic='b'><text><body><conceptEntry id='a'><langSec xml:lang='en'>\
            <termSec id='t1'><term>United Nations</term></termSec><termSec><term>UN</term>\
            <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus><basic:termType>acronym</basic:termType>\
            <basic:crossReference target='t1'/></termSec></langSec></conceptEntry></body></text></tbx>";
        let concepts = read(text.as_bytes()).unwrap().concepts;
        let term = &concepts[0].terms[1];
        assert_eq!((term.kind, term.status), (TermType::Acronym, TermStatus::Preferred));
        assert_eq!(term.abbreviation_of.as_deref(), Some("United Nations"));
    }
}
