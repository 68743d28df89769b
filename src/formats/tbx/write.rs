//! Concepts to TBX-Basic.

use std::fmt::Write as _;

use rustc_hash::FxHashSet;

use super::{OWN, escaped};
use crate::formats::terms::one_line;
use crate::formats::xml::is_legal;
use crate::model::{Concept, Language, Term, TermStatus, TermType};

/// The shape of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// ISO 30042:2019 with data categories as attributes: `<termNote type="termType">`.
    Dca,
    /// ISO 30042:2019 with data categories as tags: `<basic:termType>`.
    Dct,
    /// ISO 30042:2008, whose root is `martif`.
    Martif,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub text: String,
    /// How many characters were left out because XML has no place for them (control characters).
    pub dropped_chars: usize,
}

/// Writes concepts. The languages of a concept stand in the order of their first terms.
pub fn write(concepts: &[Concept], style: Style) -> Written {
    let mut file = File { style, text: String::new(), dropped_chars: 0 };
    let (head, foot) = match style {
        Style::Dca => (DCA, FOOT),
        Style::Dct => (DCT, FOOT),
        Style::Martif => (MARTIF, "    </body>\n  </text>\n</martif>\n"),
    };
    file.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    file.text.push_str(head);
    // No two elements may have one id.
    let mut taken: FxHashSet<String> =
        concepts.iter().map(|concept| concept.id.clone()).filter(|id| is_name(id)).collect();
    let mut numbers = (0usize, 0usize);
    for concept in concepts {
        file.concept(concept, &mut taken, &mut numbers);
    }
    file.text.push_str(foot);
    Written { text: file.text, dropped_chars: file.dropped_chars }
}

const DCA: &str = "<?xml-model href=\"https://raw.githubusercontent.com/LTAC-Global/TBX_Core_RNG/master/TBXcoreStructV03.rng\" \
type=\"application/xml\" schematypens=\"http://relaxng.org/ns/structure/1.0\"?>\n\
<?xml-model href=\"https://raw.githubusercontent.com/LTAC-Global/TBX-Basic_dialect/master/DCA/TBX-Basic_DCA.sch\" \
type=\"application/xml\" schematypens=\"http://purl.oclc.org/dsdl/schematron\"?>\n\
<tbx type=\"TBX-Basic\" style=\"dca\" xml:lang=\"en\" xmlns=\"urn:iso:std:iso:30042:ed-2\">
  <tbxHeader>
    <fileDesc>
      <sourceDesc>
        <p>a glossary of qosha</p>
      </sourceDesc>
    </fileDesc>
  </tbxHeader>
  <text>
    <body>
";

const DCT: &str = "<?xml-model href=\"https://raw.githubusercontent.com/LTAC-Global/TBX-Basic_dialect/master/DCT/TBX-Basic.nvdl\" \
type=\"application/xml\" schematypens=\"http://purl.oclc.org/dsdl/nvdl/ns/structure/1.0\"?>\n\
<tbx type=\"TBX-Basic\" style=\"dct\" xml:lang=\"en\" xmlns=\"urn:iso:std:iso:30042:ed-2\" \
xmlns:min=\"http://www.tbxinfo.net/ns/min\" xmlns:basic=\"http://www.tbxinfo.net/ns/basic\">
  <tbxHeader>
    <fileDesc>
      <sourceDesc>
        <p>a glossary of qosha</p>
      </sourceDesc>
    </fileDesc>
  </tbxHeader>
  <text>
    <body>
";

const FOOT: &str = "    </body>\n  </text>\n</tbx>\n";

const MARTIF: &str = "<!DOCTYPE martif SYSTEM \"TBXBasiccoreStructV02.dtd\">
<martif type=\"TBX-Basic\" xml:lang=\"en\">
  <martifHeader>
    <fileDesc>
      <sourceDesc>
        <p>a glossary of qosha</p>
      </sourceDesc>
    </fileDesc>
    <encodingDesc>
      <p type=\"XCSURI\">TBXBasicXCSV02.xcs</p>
    </encodingDesc>
  </martifHeader>
  <text>
    <body>
";

struct File {
    style: Style,
    text: String,
    dropped_chars: usize,
}

/// The kinds of elements that hold data categories, and the module that a category belongs to in the other style.
#[derive(Clone, Copy)]
enum Place {
    TermNote(&'static str),
    Descrip(&'static str),
    Admin(&'static str),
}

impl File {
    fn concept(
        &mut self,
        concept: &Concept,
        taken: &mut FxHashSet<String>,
        (concepts, terms): &mut (usize, usize),
    ) {
        let (entry, section, group) = match self.style {
            Style::Martif => ("termEntry", "langSet", "tig"),
            _ => ("conceptEntry", "langSec", "termSec"),
        };
        let id = match is_name(&concept.id) {
            true => concept.id.clone(),
            false => free("c", concepts, taken),
        };
        let _ = writeln!(self.text, "      <{entry} id=\"{id}\">");
        let domain = shared_domain(concept);
        if let Some(domain) = domain {
            self.category(8, Place::Descrip("min"), "subjectField", domain);
        }
        if id != concept.id && !concept.id.is_empty() {
            self.own(8, "concept", &concept.id);
        }
        let mut languages: Vec<Language> = Vec::new();
        for term in &concept.terms {
            if !languages.contains(&term.language) {
                languages.push(term.language);
            }
        }
        for language in languages {
            let own: Vec<&Term> =
                concept.terms.iter().filter(|term| term.language == language).collect();
            // Only what is referred to needs an id.
            let ids: Vec<Option<String>> = own
                .iter()
                .map(|term| {
                    let is_full = own.iter().any(|other| full_of(other, &own) == Some(*term));
                    is_full.then(|| free("t", terms, taken))
                })
                .collect();
            let _ = writeln!(self.text, "        <{section} xml:lang=\"{language}\">");
            for (term, id) in own.iter().zip(&ids) {
                let attribute = id.as_ref().map_or_else(String::new, |id| format!(" id=\"{id}\""));
                let _ = writeln!(self.text, "          <{group}{attribute}>");
                let full = full_of(term, &own).and_then(|full| {
                    let place = own.iter().position(|other| *other == full)?;
                    Some((ids.get(place)?.as_deref()?, full))
                });
                self.term(term, full, id.is_some(), domain.is_some());
                let _ = writeln!(self.text, "          </{group}>");
            }
            let _ = writeln!(self.text, "        </{section}>");
        }
        let _ = writeln!(self.text, "      </{entry}>");
    }

    fn term(&mut self, term: &Term, full: Option<(&str, &Term)>, is_full: bool, has_domain: bool) {
        self.text.push_str("            <term>");
        self.push(&one_line(&term.text));
        self.text.push_str("</term>\n");
        // The notes of a term come first, then the rest.
        let status = match term.status {
            TermStatus::Preferred => "preferredTerm-admn-sts",
            TermStatus::Admitted => "admittedTerm-admn-sts",
            TermStatus::Deprecated | TermStatus::Forbidden => "deprecatedTerm-admn-sts",
        };
        self.category(12, Place::TermNote("min"), "administrativeStatus", status);
        let is_name =
            matches!(term.kind, TermType::Organization | TermType::Person | TermType::Place);
        if is_name {
            let noun = if self.style == Style::Martif { "properNoun" } else { "noun" };
            self.category(12, Place::TermNote("min"), "partOfSpeech", noun);
        }
        let form = match (term.kind, &term.abbreviation_of) {
            (TermType::Acronym, _) => Some("acronym"),
            (_, Some(_)) => Some("abbreviation"),
            _ if is_full => Some("fullForm"),
            _ => None,
        };
        if let Some(form) = form {
            self.category(12, Place::TermNote("basic"), "termType", form);
        }
        if !term.source.is_empty() {
            self.value(Place::Admin("basic"), "source", "source", &term.source);
        }
        if let Some((id, full)) = full {
            let words = one_line(&full.text);
            let (open, close) = match self.style {
                Style::Dct => ("basic:crossReference".to_owned(), "basic:crossReference"),
                _ => ("ref type=\"crossReference\"".to_owned(), "ref"),
            };
            let _ = write!(self.text, "            <{open} target=\"{id}\">");
            self.push(&words);
            let _ = writeln!(self.text, "</{close}>");
        } else if let Some(full) = &term.abbreviation_of {
            self.own(12, "abbreviation_of", full);
        }
        if is_plain(&term.note) {
            if !term.note.is_empty() {
                self.note(12, &term.note);
            }
        } else {
            self.own(12, "note", &term.note);
        }
        if one_line(&term.text) != term.text {
            self.own(12, "term", &term.text);
        }
        if term.status == TermStatus::Forbidden {
            self.own(12, "status", "forbidden");
        }
        if !matches!(term.kind, TermType::Acronym | TermType::Common) {
            self.own(12, "type", term.kind.name());
        }
        if term.is_case_exact {
            self.own(12, "case", "exact");
        }
        if !term.is_inflected {
            self.own(12, "inflect", "no");
        }
        if !has_domain && !term.domain.is_empty() {
            self.own(12, "domain", &term.domain);
        }
    }

    /// Writes a field in its category, or as an own note where XML would not keep it.
    fn value(&mut self, place: Place, category: &str, field: &str, value: &str) {
        match is_plain(value) {
            true => self.category(12, place, category, value),
            false => self.own(12, field, value),
        }
    }

    fn category(&mut self, indent: usize, place: Place, category: &str, value: &str) {
        let (element, module) = match place {
            Place::TermNote(module) => ("termNote", module),
            Place::Descrip(module) => ("descrip", module),
            Place::Admin(module) => ("admin", module),
        };
        let (open, close) = match self.style {
            Style::Dct => (format!("{module}:{category}"), format!("{module}:{category}")),
            _ => (format!("{element} type=\"{category}\""), element.to_owned()),
        };
        let _ = write!(self.text, "{:indent$}<{open}>", "");
        self.push(value);
        let _ = writeln!(self.text, "</{close}>");
    }

    fn note(&mut self, indent: usize, value: &str) {
        let _ = write!(self.text, "{:indent$}<note>", "");
        self.push(value);
        self.text.push_str("</note>\n");
    }

    fn own(&mut self, indent: usize, field: &str, value: &str) {
        self.note(indent, &format!("{OWN}{field}={}", escaped(value)));
    }

    fn push(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                _ if is_legal(letter) => self.text.push(letter),
                _ => self.dropped_chars += 1,
            }
        }
    }
}

/// Says whether XML keeps a text as it is, and nobody can take it for one of our own notes.
fn is_plain(value: &str) -> bool {
    !value.starts_with(OWN) && one_line(value) == value
}

/// Returns the domain that all terms of a concept share.
fn shared_domain(concept: &Concept) -> Option<&str> {
    let first = concept.terms.first().map(|term| term.domain.as_str())?;
    let is_shared = concept.terms.iter().all(|term| term.domain == first);
    Some(first).filter(|domain| is_shared && !domain.is_empty() && is_plain(domain))
}

/// Returns the term that another one of its language is short for.
fn full_of<'t>(term: &Term, own: &[&'t Term]) -> Option<&'t Term> {
    let full = term.abbreviation_of.as_ref()?;
    own.iter().copied().find(|other| other.text == *full && *other != term)
}

/// Says whether a text may be an id of XML: a letter or `_`, then letters, digits, `.`, `-` and `_`. Of the letters XML
/// allows, those below U+2000 that are alphabetic everywhere.
fn is_name(id: &str) -> bool {
    let is_letter = |letter: char| {
        letter.is_ascii_alphabetic()
            || letter == '_'
            || (('\u{C0}'..'\u{2000}').contains(&letter) && letter.is_alphabetic())
    };
    id.chars().next().is_some_and(is_letter)
        && id
            .chars()
            .all(|letter| is_letter(letter) || letter.is_ascii_digit() || ".-".contains(letter))
}

/// Returns an id that no other element has.
fn free(prefix: &str, number: &mut usize, taken: &mut FxHashSet<String>) -> String {
    loop {
        *number += 1;
        let id = format!("{prefix}{number}");
        if taken.insert(id.clone()) {
            return id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::terms::tests::simple;

    #[test]
    fn each_style_names_the_categories_in_its_way() {
        let mut concept = simple("pu", &[("en", "Public Union"), ("en", "PU"), ("az", "İB")]);
        concept.terms[1].abbreviation_of = Some("Public Union".to_owned());
        concept.terms[1].source = "charter & rules".to_owned();
        concept.terms.iter_mut().for_each(|term| term.domain = "ngo".to_owned());
        let of = |style| write(std::slice::from_ref(&concept), style).text;
        let dca = of(Style::Dca);
        assert!(dca.contains("<descrip type=\"subjectField\">ngo</descrip>"));
        assert!(dca.contains(
            "          <termSec>\n            <term>PU</term>\n            \
             <termNote type=\"administrativeStatus\">admittedTerm-admn-sts</termNote>\n            \
             <termNote type=\"termType\">acronym</termNote>\n            \
             <admin type=\"source\">charter &amp; rules</admin>\n            \
             <ref type=\"crossReference\" target=\"t1\">Public Union</ref>\n          </termSec>\n"
        ));
        let dct = of(Style::Dct);
        assert!(dct.contains("<min:subjectField>ngo</min:subjectField>"));
        assert!(
            dct.contains("<basic:crossReference target=\"t1\">Public Union</basic:crossReference>")
        );
        assert!(of(Style::Martif).contains("<termEntry id=\"pu\">"));
    }

    #[test]
    fn an_id_that_xml_can_t_hold_is_kept_in_a_note() {
        let concepts = [simple("2024/1", &[("en", "flood")]), simple("c1", &[("en", "fund")])];
        let text = write(&concepts, Style::Dca).text;
        assert!(
            text.contains("<conceptEntry id=\"c2\">\n        <note>qosha:concept=2024/1</note>")
        );
        assert!(text.contains("<conceptEntry id=\"c1\">"));
    }
}
