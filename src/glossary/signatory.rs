//! Who signed: the organizations and people of a list of signatories, taken apart.
//!
//! ```text
//! 6."Gizli Bulag" Charitable Foundation for Training of Children, Aladdinov Muzaffar;
//! number    core        kind of organization    scope             person
//! ```
//!
//! The parts come in any order and in any state of repair. What is told apart, in this order:
//!
//! - what stands in quotation marks, whatever marks they are;
//! - parts that commas, dashes and brackets outside of them separate: a part of capitalised words without a kind of
//!   organization is a person, the last such part before others, one of two words and more before one of one word;
//! - the kind of organization, by the lists `organizations.tsv` of the languages: the legal form (`Public Union`) before
//!   what the organization calls itself (`Center`), the longest before shorter ones;
//! - a person behind the kind or the quotation marks without a comma between.
//!
//! The core is what stands in quotation marks, else the name without its legal form; what is left is the scope. A run of list
//! items is a list of signatories where at least half of them have a kind, or a person beside a quoted name.

use std::ops::Range;

use super::organizations::{Role, Rules, Token, is_quote, spanning};
use crate::model::{Document, Segment, SegmentId, SegmentKind, Span};
use crate::text::{self, skeleton};

/// The most words a person's name is taken to have.
const LONGEST_PERSON: usize = 4;

/// Words of a person's name that begin with a small letter.
const PARTICLES: [&str; 15] = [
    "oğlu", "qızı", "oglu", "oghlu", "gizi", "qizi", "kizi", "оглы", "кызы", "van", "von", "de",
    "al", "bin", "ibn",
];

/// The fewest lines in a run that are signatories though they are no list items.
const LEAST_LINES: usize = 3;

/// A kind of organization as a signatory writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationKind {
    /// Where it stands, without ending.
    pub span: Span,
    /// Its class, the same in all languages: `public-union`, `foundation`.
    pub class: String,
    /// Whether it is a kind of public body, which signs no appeals.
    pub is_state: bool,
}

/// An organization or person that signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatory {
    /// The segment it stands in.
    pub segment: SegmentId,
    /// The number of the list item.
    pub number: Option<u32>,
    /// The organization as written, core, kind and scope; `None` where a person signs alone.
    pub organization: Option<Span>,
    /// The name by which it is known, without quotation marks and legal form.
    pub core: Option<Span>,
    /// Whether the core stands in quotation marks.
    pub is_quoted: bool,
    /// The kind of organization.
    pub kind: Option<OrganizationKind>,
    /// What else the name says, for example whom it is for, in the order of the text.
    pub scope: Vec<Span>,
    /// The person, without titles and roles.
    pub person: Option<Span>,
}

/// A list of signatories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatoryList {
    /// The signatories, in the order of the text.
    pub signatories: Vec<Signatory>,
    /// The numbers that are missing between the first and the last.
    pub gaps: Vec<u32>,
}

/// Finds the lists of signatories of a document.
///
/// # Example
/// ```
/// use qosha::{glossary, model::Language, segment};
/// let text = "Signed by:\n1.\"Aran\" PU for children, Huseynov Ibrahim; 3.PU \"Help\", Abbasova Malahat;";
/// let document = segment::document("", text.into(), Language::EN, &segment::Options::of_versions());
/// let lists = glossary::signatories(&document);
/// let first = &lists[0].signatories[0];
/// assert_eq!(first.core.map(|span| span.of(&document.text)), Some("Aran"));
/// assert_eq!(first.person.map(|span| span.of(&document.text)), Some("Huseynov Ibrahim"));
/// assert_eq!(lists[0].gaps, [2]);
/// ```
pub fn signatories(document: &Document) -> Vec<SignatoryList> {
    let rules = Rules::new(document.language);
    let found: Vec<Vec<Signatory>> =
        document.ids().zip(&document.segments).map(|entry| rules.read(document, entry)).collect();
    let is_line = |all: &Vec<Signatory>| !all.is_empty() && all.iter().all(Signatory::is_whole);
    // An item whose marker is damaged is no item to the segmenter, but stands behind one.
    let mut is_item = vec![false; found.len()];
    for (place, segment) in document.segments.iter().enumerate() {
        let is_behind = place > 0 && is_item[place - 1] && is_line(&found[place]);
        is_item[place] = segment.kind == SegmentKind::ListItem || is_behind;
    }
    let mut lists = Vec::new();
    let mut start = 0;
    for run in is_item.chunk_by(|one, other| one == other) {
        let own = &found[start..start + run.len()];
        start += run.len();
        if run[0] {
            let sure = own.iter().filter(|all| all.iter().any(Signatory::is_sure)).count();
            if 2 * sure >= run.len() {
                lists.push(SignatoryList::new(own.iter().flatten().cloned().collect()));
            }
            continue;
        }
        for lines in own.chunk_by(|one, other| is_line(one) == is_line(other)) {
            if is_line(&lines[0]) && lines.len() >= LEAST_LINES {
                lists.push(SignatoryList::new(lines.iter().flatten().cloned().collect()));
            }
        }
    }
    lists
}

impl SignatoryList {
    fn new(mut signatories: Vec<Signatory>) -> Self {
        // One without a number, between two that leave room for it, has the number between.
        for place in 1..signatories.len() {
            let next = signatories[place..].iter().find_map(|one| one.number);
            let before = signatories[place - 1].number;
            if signatories[place].number.is_none()
                && let (Some(before), Some(next)) = (before, next)
                && before.saturating_add(1) < next
            {
                signatories[place].number = Some(before + 1);
            }
        }
        let mut numbers: Vec<u32> = signatories.iter().filter_map(|one| one.number).collect();
        numbers.sort_unstable();
        let gaps = numbers.windows(2).flat_map(|pair| pair[0].saturating_add(1)..pair[1]);
        Self { gaps: gaps.collect(), signatories }
    }
}

impl Signatory {
    /// Says whether this is surely a signatory and no demand or sentence.
    fn is_sure(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| !kind.is_state)
            || (self.is_quoted && self.person.is_some())
    }

    /// Says whether this is a signatory even where no list says so.
    fn is_whole(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| !kind.is_state) && self.person.is_some()
    }

    /// Returns the term for a glossary: the core where it stands in quotation marks, else the whole name.
    pub fn term(&self) -> Option<Span> {
        if self.is_quoted { self.core } else { self.organization }
    }

    /// Returns the person's name as a key that does not depend on the alphabet and the order of its words.
    pub fn person_key(&self, document: &Document) -> Option<String> {
        let name = self.person?.of(&document.text);
        let mut words: Vec<String> =
            text::words(name).map(|word| skeleton(word.text, document.language)).collect();
        words.sort_unstable();
        Some(words.join(" "))
    }

    /// Returns the core as a key that does not depend on the alphabet.
    pub fn core_key(&self, document: &Document) -> Option<String> {
        Some(skeleton(self.core?.of(&document.text), document.language))
    }
}

impl Rules {
    /// Reads a segment; several signatories where a semicolon parts them.
    fn read(&self, document: &Document, (id, segment): (SegmentId, &Segment)) -> Vec<Signatory> {
        let start = segment.marker.map_or(segment.span.start, |marker| marker.end);
        let body = Span::new(start.min(segment.span.end), segment.span.end);
        let tokens = self.tokens(body, &document.text);
        let mut all: Vec<Signatory> = Vec::new();
        let mut rest = &tokens[..];
        while !rest.is_empty() {
            let next = rest.iter().skip(1).position(|token| token.separator == Some(';'));
            let (own, left) = rest.split_at(next.map_or(rest.len(), |next| next + 1));
            rest = left;
            let mut number = segment.number.filter(|_| all.is_empty());
            let mut own = own;
            // The number of an item that the segmenter did not see begins this piece, or ends the one before it.
            if let [first, second, ..] = own
                && number.is_none()
                && !second.is_quoted
                && (second.is_capital() || second.separator.is_some())
                && let Ok(read) = first.word.text.parse()
            {
                number = Some(read);
                own = &own[1..];
            }
            if let [before @ .., last] = own
                && last.word.text.parse() == Ok(number.unwrap_or(u32::MAX).saturating_add(1))
                && !last.is_quoted
            {
                own = before;
            }
            match self.parse(own, &document.text) {
                Some(read) => all.push(Signatory { segment: id, number, ..read }),
                // What is no signatory of its own stays with the one before it.
                None if all.is_empty() && left.is_empty() => return Vec::new(),
                None => {}
            }
        }
        all
    }

    fn parse(&self, tokens: &[Token<'_>], text: &str) -> Option<Signatory> {
        let (organization, person) = self.told_apart(tokens);
        let blank = Signatory {
            segment: SegmentId(0),
            number: None,
            organization: None,
            core: None,
            is_quoted: false,
            kind: None,
            scope: Vec::new(),
            person: person.map(|range| spanning(&tokens[range])),
        };
        let own = organization.map_or(&[][..], |range| self.without_role(&tokens[range]));
        if own.is_empty() {
            return blank.person.is_some().then_some(blank);
        }
        let outside = self.best_kind(own, false);
        let kind = outside.or_else(|| self.best_kind(own, true)).map(|found| OrganizationKind {
            span: self.without_ending(own, found.range()),
            class: found.class.to_owned(),
            is_state: found.role == Role::State,
        });
        let quoted = own.iter().position(|token| token.is_quoted).map(|first| {
            let count = own[first..].iter().take_while(|token| token.is_quoted).count();
            first..first + count
        });
        let is_quoted = quoted.is_some();
        let form = outside.filter(|found| found.role == Role::Form).map(|found| found.range());
        let (core, scope) = match (quoted, form) {
            (Some(quoted), _) => {
                let kind = outside.map_or(0..0, |found| found.range());
                (quoted.clone(), left(own.len(), &quoted, &kind))
            }
            (None, Some(form)) if form.start > 0 => {
                (0..form.start, left(own.len(), &(0..form.start), &form))
            }
            (None, Some(form)) if form.end < own.len() => {
                let rest = without_small_words(&own[form.end..]).len();
                (own.len() - rest..own.len(), Vec::new())
            }
            _ => (0..own.len(), Vec::new()),
        };
        let ends_with_kind = outside.filter(|found| found.range().end == own.len());
        let whole = match ends_with_kind {
            Some(found) => {
                Span::new(spanning(own).start, self.without_ending(own, found.range()).end)
            }
            None => spanning(own),
        };
        Some(Signatory {
            organization: Some(widened(whole, text)),
            core: Some(spanning(&own[core])),
            is_quoted,
            kind,
            scope: scope.into_iter().map(|piece| possessive(spanning(&own[piece]), text)).collect(),
            ..blank
        })
    }

    /// Returns the tokens of the organization and of the person.
    fn told_apart(&self, tokens: &[Token<'_>]) -> (Option<Range<usize>>, Option<Range<usize>>) {
        let mut parts: Vec<Range<usize>> = Vec::new();
        for (place, token) in tokens.iter().enumerate() {
            match parts.last_mut() {
                Some(part) if token.separator.is_none() => part.end = place + 1,
                _ => parts.push(place..place + 1),
            }
        }
        parts.retain(|part| !self.is_role(&tokens[part.clone()]));
        let has_name = |part: &Range<usize>| {
            tokens[part.clone()].iter().any(|token| token.is_quoted || token.is_capital())
        };
        // A person may say what they are in words that no list has: `Sona Aliyeva, midwife`.
        if let [first, rest @ ..] = &parts[..]
            && !rest.is_empty()
            && !rest.iter().any(has_name)
            && self.best_kind(&tokens[first.clone()], false).is_none()
            && let Some(name) = self.person(tokens, first.clone()).filter(|name| name.len() > 1)
        {
            return (None, Some(name));
        }
        let has_organization = |part: &Range<usize>| {
            let own = &tokens[part.clone()];
            own.iter().any(|token| token.is_quoted) || self.best_kind(own, false).is_some()
        };
        let is_known = parts.iter().any(has_organization);
        let mut best: Option<(usize, usize, Range<usize>)> = None;
        for (place, part) in parts.iter().enumerate() {
            if has_organization(part) {
                continue;
            }
            let Some(name) = self.person(tokens, part.clone()) else { continue };
            let is_last = place + 1 == parts.len();
            if name.len() == 1
                && !(is_last && is_known && tokens[part.start].separator == Some(','))
            {
                continue;
            }
            let rank = name.len().min(2);
            // Where nothing is known to be an organization, the first part is one.
            let may_be = is_known || place > 0 || parts.len() == 1;
            if may_be && best.as_ref().is_none_or(|best| rank >= best.0) {
                best = Some((rank, place, name));
            }
        }
        if let Some((_, place, name)) = best {
            let others = parts.iter().enumerate().filter(|(other, _)| *other != place);
            let others: Vec<_> = others.map(|(_, part)| part.clone()).collect();
            // What stands on the other side of the person is no part of the name.
            let before = others.iter().filter(|part| part.end <= name.start).cloned();
            let before: Vec<_> = before.collect();
            let side = if before.iter().any(has_organization) || (!is_known && !before.is_empty()) {
                before
            } else {
                others.into_iter().filter(|part| part.start >= name.end).collect()
            };
            let organization = side.first().zip(side.last()).map(|(a, b)| a.start..b.end);
            return (organization, Some(name));
        }
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return (None, None) };
        let all = first.start..last.end;
        match self.person_behind(tokens, all.clone()) {
            Some(name) => {
                let end = name.start;
                (Some(all.start..end), Some(name))
            }
            None => (Some(all), None),
        }
    }

    /// Returns the person that a part without an organization names, if it names one.
    fn person(&self, tokens: &[Token<'_>], part: Range<usize>) -> Option<Range<usize>> {
        let mut name = part;
        while name.len() > 1 && self.is_role(&tokens[name.start..=name.start]) {
            name.start += 1;
        }
        while name.len() > 1 && self.is_role(&tokens[name.end - 1..name.end]) {
            name.end -= 1;
        }
        let own = &tokens[name.clone()];
        let is_name =
            |token: &Token<'_>| token.is_capital() || PARTICLES.contains(&token.folded.as_str());
        let has_digit = |token: &Token<'_>| token.word.text.chars().any(char::is_numeric);
        let is_person = (1..=LONGEST_PERSON).contains(&own.len())
            && own.iter().all(|token| is_name(token) && !has_digit(token))
            && own[0].is_capital()
            && own.iter().any(|token| token.word.text.chars().count() > 2);
        is_person.then_some(name)
    }

    /// Returns the person that stands behind the kind of organization or the quotation marks without a separator.
    fn person_behind(&self, tokens: &[Token<'_>], all: Range<usize>) -> Option<Range<usize>> {
        let own = &tokens[all.clone()];
        let quoted = own.iter().rposition(|token| token.is_quoted).map_or(0, |last| last + 1);
        let kind = self.best_kind(own, false);
        let start = kind.map_or(0, |kind| kind.range().end).max(quoted);
        if start == 0 {
            return None;
        }
        let behind = all.start + start..all.end;
        let is_named = kind.is_some_and(|kind| kind.range().start > 0) || quoted > 0;
        let name = self.person(tokens, behind.clone()).filter(|name| is_named && name.len() > 1);
        if name.is_some() {
            return name;
        }
        // Behind what else the name says: two capitals of which one is a surname.
        let name = all.end.checked_sub(2).filter(|first| *first > behind.start)?..all.end;
        self.has_surname(&tokens[name.clone()]).then(|| self.person(tokens, name)).flatten()
    }

    /// Returns an organization without the role of a person in it: `chair of the "Aran" PU`.
    fn without_role<'a, 't>(&self, tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
        let mut own = tokens;
        while own.len() > 1 && self.is_role(&own[own.len() - 1..]) {
            own = &own[..own.len() - 1];
        }
        let roles =
            own.iter().take_while(|token| self.is_role(std::slice::from_ref(token))).count();
        if roles == 0 || roles == own.len() {
            return own;
        }
        without_small_words(&own[roles..])
    }
}

/// Returns tokens from the first that begins with a capital or stands in quotation marks; all where none does.
fn without_small_words<'a, 't>(tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    let first = tokens.iter().position(|token| token.is_quoted || token.is_capital());
    &tokens[first.unwrap_or(0)..]
}

/// Returns the pieces of `0..len` that two ranges leave.
fn left(len: usize, one: &Range<usize>, other: &Range<usize>) -> Vec<Range<usize>> {
    let is_taken = |place: usize| one.contains(&place) || other.contains(&place);
    let free: Vec<usize> = (0..len).filter(|place| !is_taken(*place)).collect();
    let runs = free.chunk_by(|a, b| a + 1 == *b);
    runs.map(|run| run[0]..run[run.len() - 1] + 1).collect()
}

/// Returns a span with the quotation marks and apostrophes at its ends.
fn widened(span: Span, text: &str) -> Span {
    let is_mark = |mark: &char| is_quote(*mark) || matches!(mark, '\'' | '’');
    let before = text[..span.start].chars().rev().take(2).take_while(is_mark);
    let behind = text[span.end..].chars().take(2).take_while(is_mark);
    let start = span.start - before.map(char::len_utf8).sum::<usize>();
    Span::new(start, span.end + behind.map(char::len_utf8).sum::<usize>())
}

/// Returns a span with the apostrophe that ends its last word: `Journalists'`.
fn possessive(span: Span, text: &str) -> Span {
    let behind = text[span.end..].chars().next().filter(|mark| matches!(mark, '\'' | '’'));
    Span::new(span.start, span.end + behind.map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::segment;

    /// Number, core, kind, scope and person of each signatory.
    fn read(text: &str, language: Language) -> Vec<[String; 5]> {
        let options = segment::Options::of_versions();
        let document = segment::document("", text.to_owned(), language, &options);
        let written =
            |span: Option<Span>| span.map_or("", |span| span.of(&document.text)).to_owned();
        let row = |one: &Signatory| {
            let scope: Vec<String> = one.scope.iter().map(|span| written(Some(*span))).collect();
            let number = one.number.map_or(String::new(), |number| number.to_string());
            let kind = written(one.kind.as_ref().map(|kind| kind.span));
            [number, written(one.core), kind, scope.join("; "), written(one.person)]
        };
        let lists = signatories(&document);
        lists.iter().flat_map(|list| &list.signatories).map(row).collect()
    }

    fn one(text: &str, language: Language) -> [String; 5] {
        let mut all = read(&format!("1. {text}\n2. \"X\" PU, A. Bcd\n"), language);
        assert_eq!(all.len(), 2, "{text}");
        all.swap_remove(0)
    }

    #[test]
    fn the_parts_come_in_any_order() {
        let expected = ["1", "Clean Spring", "Public Union", "for the Plain", "Aliyeva Sona"];
        for text in [
            "\"Clean Spring\" Public Union for the Plain, Aliyeva Sona;",
            "“Clean Spring’’ Public Union for the Plain - Aliyeva Sona",
            "Aliyeva Sona, chair of the «Clean Spring» Public Union for the Plain",
            "\"Clean Spring\" Public Union for the Plain (chairperson Aliyeva Sona)",
            "\"Clean Spring\" Public Union for the Plain Aliyeva Sona",
            "Public Union for the Plain \"Clean Spring\", Aliyeva Sona, director",
        ] {
            assert_eq!(one(text, Language::EN), expected, "{text}");
        }
        assert_eq!(one("Sona Aliyeva, midwife", Language::EN), ["1", "", "", "", "Sona Aliyeva"]);
    }

    #[test]
    fn a_name_without_quotation_marks_is_what_stands_before_its_legal_form() {
        let core = |text| one(text, Language::EN)[1..3].join(" | ");
        assert_eq!(
            core("Rural Teachers Public Union, Aliyeva Sona"),
            "Rural Teachers | Public Union"
        );
        assert_eq!(
            core("Public Union of Rural Teachers, Aliyeva Sona"),
            "Rural Teachers | Public Union"
        );
        assert_eq!(
            core("Doctors' Alliance for Society, Aliyeva Sona"),
            "Doctors' Alliance for Society | Alliance"
        );
        let az = one("Kənd Müəllimləri İctimai Birliyinin sədri Əliyeva Sona", Language::AZ);
        assert_eq!(az[1..], ["Kənd Müəllimləri", "İctimai Birliyi", "", "Əliyeva Sona"]);
    }

    #[test]
    fn items_with_damaged_markers_are_not_lost() {
        let text = "Signed by: 1.\"Clear Spring\" PU, Amrahli Sona 2.“Water\" Fund Mursalova Aybaniz 3 . PU \"New Field\" Samadov Nijat;4)Young Doctors Public Union - Valiyev Tural\n6.\"Care\" PU,\n";
        let rows = read(text, Language::EN);
        let rows: Vec<String> =
            rows.iter().map(|row| format!("{} {} {}", row[0], row[1], row[4])).collect();
        let expected = [
            "1 Clear Spring Amrahli Sona",
            "2 Water Mursalova Aybaniz",
            "3 New Field Samadov Nijat",
            "4 Young Doctors Valiyev Tural",
            "6 Care ",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn demands_and_prose_are_no_signatories() {
        let text = "We ask:\n1. Repair the road, please.\n2. Open the school in Aran.\n3. Pay Aliyeva Sona.\n";
        assert!(read(text, Language::EN).is_empty());
        let text =
            "The \"Aran\" Public Union, Baku, sent water. We thank the Red Fund, Aliyev Ali.";
        assert!(read(text, Language::EN).is_empty());
    }

    #[test]
    fn lines_without_numbers_and_semicolons_are_lists_too() {
        let text = "Signed by:\n\"Aran\" PU - Aliyeva Sona\n\"Buta\" PU - Əli Əliyev\n\"Vafa\" Fund - Ali Aliyev\n";
        assert_eq!(read(text, Language::EN).len(), 3);
        let text =
            "1. \"Aran\" PU, Aliyeva Sona; \"Buta\" PU, Ali Aliyev; \"Vafa\" Fund, Roza Aliyeva.";
        assert_eq!(read(text, Language::EN).len(), 3);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "([0-9]{1,2}[.)] ?)?([\"“”«» A-Za-zƏİəı,;()–-]{0,12}(PU|Fondu|, )?){0,8}") {
            read(&text, Language::AZ);
        }
    }
}
