//! Walks through the candidates of a stretch: final marks, ends of list items, glued sentences.

use std::cell::OnceCell;

use super::letters::{is_letter, is_lower, is_upper, is_word};
use super::marker::{self, Form};
use super::oddities;
use super::quotation::Quotations;
use super::rules::{self, Context, Mark};
use super::tables::Tables;
use super::{Options, Quotes};
use crate::model::Span;

/// A decided candidate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// The byte behind the mark and what closes with it.
    pub(super) at: usize,
    pub(super) is_boundary: bool,
    pub(super) rule: &'static str,
}

/// The last list number seen, which the next one must continue.
pub(super) type LastNumber = Option<(Form, u32)>;

/// How many bytes to the left are looked at for a token; longer ones are no abbreviations.
const TOKEN_BYTES: usize = 60;

/// How many bytes behind the last mark of a stretch may be no more than marks themselves.
const REMNANT_BYTES: usize = 16;

pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '։' | '‼' | '⁉')
}

fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '”'
            | '“'
            | '»'
            | '«'
            | '’'
            | '\''
            | ')'
            | ']'
            | '›'
            | '‘'
            | '`'
            | '）'
            | '」'
            | '』'
    )
}

fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '„'
            | '«'
            | '‘'
            | '\''
            | '('
            | '['
            | '‹'
            | '”'
            | '»'
            | '`'
            | '¿'
            | '¡'
            | '（'
            | '「'
            | '『'
    )
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―')
}

/// Decides every candidate inside a stretch, in order; the end of the stretch is not one.
pub(super) fn scan(
    text: &str,
    span: Span,
    options: &Options<'_>,
    tables: &Tables,
    last: &mut LastNumber,
    tell: &mut dyn FnMut(Cut),
) {
    let piece = span.of(text);
    let mut start = 0;
    let mut quotations = Quotations::new(piece);
    note_number(piece, tables, last);
    let mut item = marker::next_inside(piece, tables);
    let mut at = 0;
    loop {
        let found = next_candidate(piece, at, options.repair);
        // An item that lacks its end is cut where the next one begins.
        let found = match (item, found) {
            (Some(place), found)
                if place >= at && found.as_ref().is_none_or(|f| place < f.place()) =>
            {
                item = None;
                Candidate::Item(place)
            }
            (_, Some(found)) => found,
            (_, None) => break,
        };
        let (end, boundary, rule, next) = match found {
            Candidate::Item(place) => (place, Some(true), "next list item", place),
            Candidate::Mark(place) => mark(piece, start, place, tables, *last, &mut quotations),
            Candidate::Semicolon(place) => semicolon(piece, start, place, tables, *last),
            Candidate::Capital(place) => glued(piece, place, tables),
            Candidate::Colon(place) => colon(piece, start, place, tables, *last, &mut quotations),
            Candidate::Smile(place) => smile(piece, start, place),
        };
        at = next;
        let Some(boundary) = boundary else { continue };
        let is_kept = options.quotes == Quotes::Keep && boundary && quotations.is_open(end);
        let (boundary, rule) = match is_kept {
            true => (false, "inside quotation"),
            false => (boundary, rule),
        };
        tell(Cut { at: span.start + end, is_boundary: boundary, rule });
        if boundary {
            start = end;
            let right = piece[end..].trim_start();
            note_number(right, tables, last);
            item =
                marker::next_inside(right, tables).map(|place| piece.len() - right.len() + place);
        }
    }
}

fn note_number(piece: &str, tables: &Tables, last: &mut LastNumber) {
    if let Some(marker) = marker::at_start(piece, tables)
        && let Some(number) = marker.number
    {
        *last = Some((marker.form, number));
    }
}

#[derive(Clone, Copy)]
enum Candidate {
    /// The next item of a list begins behind here.
    Item(usize),
    /// A final mark begins here.
    Mark(usize),
    /// A semicolon or comma stands here.
    Semicolon(usize),
    /// A capital behind a small letter stands here.
    Capital(usize),
    /// A colon stands here.
    Colon(usize),
    /// Pictures or a smile made of marks begin here.
    Smile(usize),
}

impl Candidate {
    /// The byte where it stands.
    fn place(self) -> usize {
        match self {
            Self::Item(place)
            | Self::Mark(place)
            | Self::Semicolon(place)
            | Self::Capital(place)
            | Self::Colon(place)
            | Self::Smile(place) => place,
        }
    }
}

/// The bytes that a candidate can begin with.
const FIRST_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b".!?;:)";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    // Marks of Armenian and Arabic script, from U+2000 on, full-width ones, and pictures. Letters of two bytes hold none.
    table[0xD6] = true;
    let mut byte = 0xD8;
    while byte < 256 {
        table[byte] = byte <= 0xDB || byte >= 0xE2;
        byte += 1;
    }
    table
};

fn next_candidate(piece: &str, from: usize, with_capitals: bool) -> Option<Candidate> {
    let bytes = piece.as_bytes();
    let mut at = from;
    loop {
        let next = bytes.get(at..)?.iter().position(|byte| FIRST_BYTES[usize::from(*byte)]);
        if with_capitals
            && let Some(place) =
                glued_capital(piece, at, next.map_or(piece.len(), |next| at + next))
        {
            return Some(Candidate::Capital(place));
        }
        at += next?;
        match bytes[at] {
            b'.' | b'!' | b'?' => return Some(Candidate::Mark(at)),
            b';' => return Some(Candidate::Semicolon(at)),
            b':' => return Some(Candidate::Colon(at)),
            b')' if bytes.get(at + 1) == Some(&b')') => return Some(Candidate::Smile(at)),
            b')' => at += 1,
            _ => {
                let letter = piece[at..].chars().next()?;
                if is_mark(letter) {
                    return Some(Candidate::Mark(at));
                }
                if is_picture(letter) {
                    return Some(Candidate::Smile(at));
                }
                if letter == '؛' {
                    return Some(Candidate::Semicolon(at));
                }
                at += letter.len_utf8();
            }
        }
    }
}

/// Returns the first capital behind a small letter between two places.
fn glued_capital(piece: &str, from: usize, to: usize) -> Option<usize> {
    let mut is_small = piece[..from].ends_with(is_lower);
    for (at, letter) in piece[from..to].char_indices() {
        if is_small && is_upper(letter) {
            return Some(from + at);
        }
        is_small = is_lower(letter);
    }
    None
}

type Decided = (usize, Option<bool>, &'static str, usize);

/// Decides a final mark: everything that belongs to it, what stands left and right, then the rules.
fn mark(
    piece: &str,
    start: usize,
    place: usize,
    tables: &Tables,
    last: LastNumber,
    quotations: &mut Quotations<'_>,
) -> Decided {
    let is_glued = !piece[start..place].ends_with(char::is_whitespace);
    // The colon of Armenian is a mark there only.
    let run = mark_run(&piece[place..], is_glued).max(1);
    let marks = &piece[place..place + run];
    let mut end = place + run;
    let closed = end + closers(&piece[end..]);
    let closed = quotations.closed_behind_blank(closed).unwrap_or(closed);
    let closing = &piece[end..closed];
    end = closed;
    let smile = smile_behind(&piece[end..]);
    end += smile;
    let rest = &piece[end..];
    let right = rest.trim_start();
    if is_remnant(right) {
        return (end, None, "", end);
    }
    let is_spaced = right.len() < rest.len();
    let left = &piece[start..place];
    // `Mr . Robinson`
    let (token, before) = left_of(left.strip_suffix(' ').unwrap_or(left));
    let opened = right.trim_start_matches(is_opener);
    let has_dash = opened.starts_with(is_dash);
    let bare = opened.trim_start_matches(|c: char| is_dash(c) || is_opener(c) || c.is_whitespace());
    let list = if is_spaced || closing.is_empty() { marker::at_start(right, tables) } else { None };
    let context = Context {
        tables,
        class: OnceCell::new(),
        marks,
        kind: Mark::of(marks),
        closing,
        closes_with_smile: smile > 0,
        token,
        before,
        is_spaced,
        opened: right.len() > opened.len(),
        has_dash,
        next: bare.chars().next(),
        first: right.chars().next(),
        next_word: word_of(bare),
        second: bare[word_of(bare).len()..].chars().next(),
        so_far: piece[start..place].trim_start(),
        is_next_number: last.is_some_and(|(_, last)| token.parse() == Ok(last + 1)),
        continues_list: list.is_some_and(|marker| marker::continues(right, &marker, last, false)),
    };
    let (boundary, rule) = rules::decide(&context);
    (end, Some(boundary), rule, end)
}

/// Says whether no more than a few marks are left of a stretch, such as a quotation mark behind a blank: they are no
/// segment of their own.
fn is_remnant(right: &str) -> bool {
    right.len() <= REMNANT_BYTES && !right.contains(is_word)
}

/// Returns the length of a smile behind a mark, with the blank before it; it must be a word by itself.
fn smile_behind(piece: &str) -> usize {
    let body = piece.strip_prefix(' ').unwrap_or(piece);
    match smile_length(body) {
        Some(length) if !body[length..].starts_with(|c: char| !c.is_whitespace()) => {
            piece.len() - body.len() + length
        }
        _ => 0,
    }
}

/// Returns the length of a run of final marks, spaced ones (`. . .`, `! ! !`) included.
fn mark_run(piece: &str, is_glued: bool) -> usize {
    let mut end = piece.len() - piece.trim_start_matches(is_mark).len();
    // `compounds. . . . The habit`: the first ends the sentence, three stand for what was left out.
    if piece.starts_with(". . . .") && !piece.starts_with(". . . . .") && is_glued {
        return 1;
    }
    let spaced = match piece.as_bytes().first() {
        Some(b'.') => " .",
        Some(b'!') => " !",
        Some(b'?') => " ?",
        _ => return end,
    };
    while let Some(rest) = piece[end..].strip_prefix(spaced) {
        // `.NET` begins a word, and `. ... and` a sentence.
        if rest.starts_with(is_word) || rest.starts_with("..") {
            break;
        }
        end += spaced.len();
    }
    end
}

/// Returns the length of closing quotes, brackets and reference marks such as `[17]` behind a mark.
fn closers(piece: &str) -> usize {
    let mut end = 0;
    loop {
        let rest = &piece[end..];
        let Some(first) = rest.chars().next() else { return end };
        if let Some(length) = reference(rest) {
            end += length;
        } else if let Some(length) = spaced_closer(rest) {
            end += length;
        } else if is_picture(first) {
            end += first.len_utf8();
        } else if is_closer(first) {
            // An opening quotation mark behind a blank is none of ours; directly behind the mark it closes, unless a
            // letter follows at once: `dedi."Biz`.
            let behind = &rest[first.len_utf8()..];
            if matches!(first, '"' | '“' | '‘' | '\'' | '«' | '»') && behind.starts_with(is_word)
            {
                return end;
            }
            end += first.len_utf8();
        } else {
            return end;
        }
    }
}

/// What closes with a blank before it: a reference mark (`by the lake. [17] There`), and the closing quotation marks of French
/// (`« pièce. » Les`) and of hasty typing.
fn spaced_closer(piece: &str) -> Option<usize> {
    let body = piece.strip_prefix([' ', '\u{A0}', '\u{202F}'])?;
    let blank = piece.len() - body.len();
    if let Some(length) = reference(body) {
        return Some(blank + length);
    }
    let behind = body.strip_prefix(['»', '”'])?;
    let is_closing = !behind.starts_with(is_word);
    is_closing.then_some(blank + body.len() - behind.len())
}

/// Says whether a character is a picture such as 👍, or belongs to one (joiners, colours of skin).
fn is_picture(c: char) -> bool {
    // Ballot boxes, ticks and arrows of the same blocks are bullets.
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{260F}' | '\u{2613}'..='\u{26FF}'
        | '\u{270A}'..='\u{270D}' | '\u{2728}' | '\u{2763}' | '\u{2764}' | '\u{2B50}' | '\u{FE0F}' | '\u{200D}')
}

fn reference(piece: &str) -> Option<usize> {
    let body = piece.strip_prefix('[')?;
    let digits =
        body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',').len();
    (digits > 0 && digits < 8 && body[digits..].starts_with(']')).then_some(digits + 2)
}

/// Returns the end of a piece, as far as words are looked at.
pub(super) fn nearby(piece: &str) -> &str {
    let from = (piece.len().saturating_sub(TOKEN_BYTES)..=piece.len())
        .find(|at| piece.is_char_boundary(*at));
    &piece[from.unwrap_or(0)..]
}

/// Returns the token that ends a piece, and the word before it.
fn left_of(piece: &str) -> (&str, &str) {
    let tail = nearby(piece);
    let is_inner = |c: char| {
        is_word(c) || matches!(c, '.' | '-' | '\'' | '’' | '№' | '°' | 'º' | '/' | '\u{301}')
    };
    let bare = tail.trim_end_matches(is_inner);
    // An opening quotation mark is no part of the word.
    let token = tail[bare.len()..].trim_start_matches(['\'', '’']);
    let before = bare.trim_end();
    let head = before.trim_end_matches(|c: char| is_word(c) || matches!(c, '-' | '’' | '\'' | '.'));
    // Only blanks may stand between the two.
    let is_next =
        bare[before.len()..].chars().all(char::is_whitespace) && bare.len() > before.len();
    (token, if is_next { &before[head.len()..] } else { "" })
}

fn word_of(piece: &str) -> &str {
    let end = piece.len()
        - piece.trim_start_matches(|c: char| is_word(c) || matches!(c, '-' | '’' | '\'')).len();
    &piece[..end]
}

/// How many words the name of a person has at most, titles with it.
const NAME_WORDS: usize = 4;

/// Says whether a semicolon parts two signatories without numbers: `"Sun" PU, Aliyev Ali; "Moon" PU, Karimova Lala`. Both
/// begin with a name in quotation marks, and the first ends with that of a person.
fn parts_signatories(left: &str, right: &str) -> bool {
    let is_quoted = |piece: &str| {
        let words = piece.trim_start_matches(is_opener);
        words.len() < piece.len() && !piece.starts_with('(') && words.starts_with(is_upper)
    };
    let names_person = || {
        let (organization, person) = nearby(left).rsplit_once(',')?;
        let words = person.split_whitespace();
        let is_name = words.clone().all(|word| word.starts_with(is_upper));
        Some(is_name && (1..=NAME_WORDS).contains(&words.count()) && !organization.is_empty())
    };
    is_quoted(left.trim_start()) && is_quoted(right) && names_person() == Some(true)
}

/// Decides a semicolon: a boundary only where the next item of the running list follows, or a signatory another.
fn semicolon(
    piece: &str,
    start: usize,
    place: usize,
    tables: &Tables,
    last: LastNumber,
) -> Decided {
    let behind = place + piece[place..].chars().next().map_or(1, char::len_utf8);
    let end = behind + closers(&piece[behind..]);
    let right = piece[end..].trim_start();
    let Some(marker) = marker::at_start(right, tables) else {
        let is_next = parts_signatories(&piece[start..place], right);
        return (end, is_next.then_some(true), "next signatory", end);
    };
    let continues = marker::continues(right, &marker, last, true);
    (end, Some(continues), "next list item", end)
}

/// Decides a colon: the full stop of Armenian; elsewhere a boundary only where a list follows on the line, or where a word
/// of speech announces words that begin as a whole text does: `Müraciətdə deyilir: Biz, …`.
fn colon(
    piece: &str,
    start: usize,
    place: usize,
    tables: &Tables,
    last: LastNumber,
    quotations: &mut Quotations<'_>,
) -> Decided {
    let left = &piece[start..place];
    if left.ends_with(|c: char| ('\u{531}'..='\u{587}').contains(&c) || c == '…') {
        return mark(piece, start, place, tables, last, quotations);
    }
    let end = place + 1;
    let rest = &piece[end..];
    if let Some(length) = smile_length(&piece[place..]) {
        return smile_of(piece, start..place, place + length);
    }
    let right = rest.trim_start();
    if marker::begins_list(right, tables) {
        return (end, Some(true), "list follows", end);
    }
    if right.len() == rest.len() || !tables.is_speech(left_of(left).0) {
        return (end, None, "", end);
    }
    let word = word_of(right);
    let is_address = right.starts_with(is_upper) && right[word.len()..].starts_with(',');
    let is_list = marker::at_start(right, tables).is_some_and(|marker| marker.number == Some(1));
    (end, Some(is_address || is_list), "colon", end)
}

/// Decides pictures, and smiles made of brackets: a boundary before a capital or a name of an account.
fn smile(piece: &str, start: usize, place: usize) -> Decided {
    let rest = piece[place..].trim_start_matches(|c: char| is_picture(c) || c == ')');
    smile_of(piece, start..place, piece.len() - rest.len())
}

fn smile_of(piece: &str, so_far: std::ops::Range<usize>, end: usize) -> Decided {
    // At the start of a segment a picture is a bullet.
    if piece[so_far].trim_start().is_empty() {
        return (end, None, "", end);
    }
    let end = end + closers(&piece[end..]);
    let rest = &piece[end..];
    let right = rest.trim_start();
    let is_start = right.starts_with(is_upper) || right.starts_with('@');
    let boundary = (!right.is_empty() && right.len() < rest.len()).then_some(is_start);
    (end, boundary, "smile", end)
}

/// Returns the length of a smile: `:)`, `;-)`, `=(((`, `:D`.
fn smile_length(piece: &str) -> Option<usize> {
    let body = piece.strip_prefix([':', ';', '='])?;
    let mouth = body.strip_prefix('-').unwrap_or(body);
    let behind = mouth.trim_start_matches([')', '(']);
    let behind =
        if behind.len() < mouth.len() { behind } else { mouth.strip_prefix(['D', 'P'])? };
    let is_whole = !behind.starts_with(is_word);
    is_whole.then_some(piece.len() - behind.len())
}

/// Decides a capital inside a word: a boundary where the word before it is a word of speech, or a word of small letters
/// before one that opens sentences: `itiriblərBiz`.
fn glued(piece: &str, place: usize, tables: &Tables) -> Decided {
    let next = place + piece[place..].chars().next().map_or(1, char::len_utf8);
    let left = nearby(&piece[..place]);
    let word = &left[left.trim_end_matches(is_letter).len()..];
    let second = piece[next..].chars().next().map_or(0, char::len_utf8);
    let right = &piece[place..next + second];
    let is_glued = oddities::glued(&piece[place - word.len()..place + right.len()]).is_some();
    let is_small = word.chars().all(is_lower) && tables.is_starter(word_of(&piece[place..]));
    let boundary = is_glued && (tables.is_speech(word) || is_small);
    (place, is_glued.then_some(boundary), "glued sentences", next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_what_touches_the_mark() {
        assert_eq!(left_of("alma, nar və s"), ("s", "və"));
        assert_eq!(left_of("at 5 p.m"), ("p.m", "5"));
        assert_eq!(left_of("(2020-ci il"), ("il", "2020-ci"));
    }

    #[test]
    fn references_and_closing_marks_go_with_the_sentence() {
        assert_eq!(closers("\" Next"), 1);
        assert_eq!(closers("[17] Next"), 4);
        assert_eq!(closers("\"Next"), 0);
    }
}
