//! List markers: `1.`, `1)`, `(1)`, `1.)`, `a)`, `ç)`, `-`, `•`, `• 1.`.
//!
//! A marker stands at the start of a line or of a segment, or inside a line behind the end of an item:
//!
//! ```text
//! 10. "Bright Day" PU, Rahimova Sevinj; 11."Warm Hands" PU, Gasimov Elchin;
//!                                       ^^^ one more than the last number: a marker
//!
//! 1) tents 2) blankets 3) water          items that lack their end: the next marker counts
//! - tents; - blankets; - water           a dash behind a semicolon, a real bullet anywhere
//! ```

use super::letters::{digit, is_letter, is_lower, is_upper, is_word};
use super::tables::Tables;

/// A list marker at the start of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marker {
    /// Its length in bytes, without the white space behind it.
    pub(super) length: usize,
    /// The number it stands for; `None` for a bullet.
    pub(super) number: Option<u32>,
    /// Its form, so that only like markers count on.
    pub(super) form: Form,
}

/// The form of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `1.`
    Stop,
    /// `1)` or `(1)`
    Bracket,
    /// `1.)`
    StopBracket,
    /// `a)`
    Letter,
    /// `a.`, inside a line only: at its start it may be an initial.
    LetterStop,
    /// `-`, `•`
    Bullet,
}

/// How many bytes of an item are searched for the next one.
const ITEM_BYTES: usize = 2000;

/// How many blanks may stand behind a marker.
const MOST_BLANKS: usize = 100;

/// How many numbers may be missing between two items that run together.
const MOST_MISSING: u32 = 2;

/// The same before a quotation mark or a glued capital, as in `; 7."Sun"` and `; 7.Sun`, which hardly mean anything else.
const MOST_MISSING_PLAIN: u32 = 9;

/// Marks that open the words of an item.
const OPENING: [char; 7] = ['"', '“', '„', '«', '‘', '\'', '('];

/// Returns the list marker that a piece of text begins with.
pub(super) fn at_start(piece: &str, tables: &Tables) -> Option<Marker> {
    let mut letters = piece.chars();
    let first = letters.next()?;
    // Nearly all segments begin with a word.
    if is_letter(first) && !letters.as_str().starts_with(')') {
        return None;
    }
    if is_bullet(first) {
        // `• 9. Water`
        let rest = letters.as_str();
        let body = rest.trim_start();
        if body.starts_with(|c: char| digit(c).is_some())
            && let Some(marker) = at_start(body, tables)
        {
            return Some(Marker { length: piece.len() - body.len() + marker.length, ..marker });
        }
        // A dash before a capital opens direct speech; only `-` and real bullets open items then.
        let is_spaced = rest.starts_with(char::is_whitespace) && has_more(rest);
        let is_speech = matches!(first, '–' | '—') && rest.trim_start().starts_with(is_upper);
        let length = first.len_utf8();
        return (is_spaced && !is_speech).then_some(Marker {
            length,
            number: None,
            form: Form::Bullet,
        });
    }
    let (open, body) = match piece.strip_prefix('(') {
        Some(body) => (1, body),
        None => (0, piece),
    };
    let digits = body.len() - body.trim_start_matches(|c: char| digit(c).is_some()).len();
    let count = body[..digits].chars().count();
    // `(012) 555-01-47` is a telephone number.
    let is_padded = count > 1 && body.starts_with(|c| digit(c) == Some(0));
    if (1..=3).contains(&count) && !is_padded {
        let number = body[..digits].chars().filter_map(digit).fold(0, |all, one| all * 10 + one);
        let rest = &body[digits..];
        let (form, length) = if rest.starts_with(')') {
            (Form::Bracket, open + digits + 1)
        } else if open == 0 && rest.starts_with(".)") {
            (Form::StopBracket, digits + 2)
        } else if open == 0 && rest.starts_with('.') {
            (Form::Stop, digits + 1)
        } else {
            return None;
        };
        let behind = &piece[length..];
        // 3.5 and 12.04.2023 are no `Stop` markers; a lone number is none either.
        let is_glued =
            behind.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '–'));
        if !has_more(behind) || (is_glued && form == Form::Stop) {
            return None;
        }
        return Some(Marker { length, number: Some(number), form });
    }
    let letter = body.chars().next()?;
    let rest = body[letter.len_utf8()..].strip_prefix(')')?;
    let number = letter_number(letter, tables)?;
    let length = open + letter.len_utf8() + 1;
    has_more(rest).then_some(Marker { length, number: Some(number), form: Form::Letter })
}

fn is_bullet(c: char) -> bool {
    is_real_bullet(c) || matches!(c, '-' | '–' | '—' | '*' | '·')
}

/// Says whether a character is nothing but a bullet.
fn is_real_bullet(c: char) -> bool {
    matches!(c, '•' | '▪' | '●' | '‣' | '◦' | '○' | '\u{2043}')
}

/// Says whether something stands behind a marker. Only the beginning is looked at: blanks may go on for megabytes.
fn has_more(behind: &str) -> bool {
    behind.chars().take(MOST_BLANKS).any(|c| !c.is_whitespace())
}

/// Returns the place of a letter in the alphabet that lists are counted by, from 1.
fn letter_number(letter: char, tables: &Tables) -> Option<u32> {
    let small = crate::text::fold_char(letter, tables.language);
    let place = tables.alphabet().chars().position(|c| c == small)?;
    u32::try_from(place + 1).ok()
}

/// Returns where, inside an item, the next item of the same list begins although nothing need end this one:
/// `1) tents 2) blankets`. Only the next number in the same form counts, behind a blank, and before a capital or an
/// opening mark where the form is a stop, which may end a sentence too. Where it does not come, up to two numbers may be
/// missing before brackets or a quotation mark: `5."Sun" PU, Aliyev Ali 7."Moon" PU`.
pub(super) fn next_inside(piece: &str, tables: &Tables) -> Option<usize> {
    let (start, marker) = item(piece, tables)?;
    let end =
        (ITEM_BYTES.min(piece.len())..=piece.len()).find(|end| piece.is_char_boundary(*end))?;
    let body = &piece[start..end];
    if marker.form == Form::Bullet {
        let bullet = piece.chars().next()?;
        return next_bullet(body, bullet).map(|place| start + place);
    }
    // Most items hold no figure at all.
    let is_counted = !matches!(marker.form, Form::Letter | Form::LetterStop);
    if is_counted && !body.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let next = marker.number? + 1;
    (next..=next + MOST_MISSING).find_map(|number| {
        let place = next_numbered(body, marker.form, number, number > next, tables)?;
        Some(start + place)
    })
}

/// Returns where, behind an item, the one with a number begins; `is_gap` says that numbers are missing before it.
fn next_numbered(
    body: &str,
    form: Form,
    number: u32,
    is_gap: bool,
    tables: &Tables,
) -> Option<usize> {
    let letter = || {
        let place = usize::try_from(number).ok()? - 1;
        tables.alphabet().chars().nth(place)
    };
    let wanted = match form {
        Form::Stop => format!("{number}."),
        Form::StopBracket => format!("{number}.)"),
        Form::Bracket => format!("{number})"),
        Form::Letter => format!("{})", letter()?),
        Form::LetterStop => format!("{}.", letter()?),
        Form::Bullet => return None,
    };
    body.match_indices(&wanted).find_map(|(at, _)| {
        let left = body[..at].trim_end_matches('(');
        // The bullet belongs to the next item.
        let bare = left.trim_end_matches(|c: char| is_bullet(c) || c.is_whitespace());
        let is_apart = left.len() > bare.len() && bare.ends_with(|c: char| !c.is_whitespace());
        let behind = &body[at + wanted.len()..];
        let right = behind.trim_start();
        let is_quoted = right.starts_with(is_quotation_mark);
        // `Karimova38."Sun" PU`
        let is_apart = is_apart || form == Form::Stop && is_quoted && bare.ends_with(is_lower);
        let opens = is_quoted || right.starts_with(|c: char| is_upper(c) || c == '(');
        let is_listed = bare.ends_with(',') && (is_quoted || right.len() == behind.len());
        let has_words = right.starts_with(|c: char| is_word(c) || OPENING.contains(&c));
        let fits = match form {
            Form::Stop if is_gap => is_quoted && (is_listed || !names_number(bare, tables)),
            Form::Stop => opens && (is_listed || !names_number(bare, tables)),
            Form::LetterStop => !is_gap && (opens || bare.ends_with(';') && has_words),
            // `1) tents (see 2) and blankets`
            _ => has_words && bare.matches('(').count() <= bare.matches(')').count(),
        };
        (is_apart && fits).then_some(bare.len())
    })
}

fn is_quotation_mark(c: char) -> bool {
    c != '(' && OPENING.contains(&c)
}

/// Returns where, behind an item with a bullet, the next one with the same begins: behind a semicolon, and where the
/// bullet is no dash or star, behind a blank too.
fn next_bullet(body: &str, bullet: char) -> Option<usize> {
    body.match_indices(bullet).find_map(|(at, mark)| {
        let left = &body[..at];
        let bare = left.trim_end();
        let is_ended = bare.ends_with([';', '؛']);
        let is_apart = is_real_bullet(bullet) && bare.len() < left.len() && !bare.is_empty();
        let right = body[at + mark.len()..].trim_start();
        let has_words = right.starts_with(|c: char| is_word(c) || OPENING.contains(&c));
        ((is_ended || is_apart) && has_words).then_some(bare.len())
    })
}

/// Returns the marker that an item begins with and where its words begin.
fn item(piece: &str, tables: &Tables) -> Option<(usize, Marker)> {
    if let Some(marker) = at_start(piece, tables) {
        return Some((marker.length, marker));
    }
    let mut letters = piece.chars();
    let letter = letters.next()?;
    // `-tents; -blankets`
    if is_bullet(letter) && letters.as_str().starts_with(is_letter) {
        let length = letter.len_utf8();
        return Some((length, Marker { length, number: None, form: Form::Bullet }));
    }
    // A list in letters begins with its first.
    if !is_lower(letter) {
        return None;
    }
    let is_stop = letters.as_str().starts_with(". ");
    let number = letter_number(letter, tables)?;
    let length = letter.len_utf8() + 1;
    is_stop.then_some((length, Marker { length, number: Some(number), form: Form::LetterStop }))
}

/// Says whether the last word before a number makes it a reference: an abbreviation (`p. 5.`) or a sign (`№ 5.`).
fn names_number(bare: &str, tables: &Tables) -> bool {
    let word = bare.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.ends_with(['№', '§', '#', ','])
        || word.strip_suffix('.').is_some_and(|form| tables.abbreviation(form, "").is_some())
}

/// Says whether the marker at the start of `right`, inside a line, continues the list whose last marker was `last`.
/// Behind a semicolon up to two numbers may be missing; behind another mark the number must be the next one. Before a
/// quotation mark or a glued capital more is let through.
pub(super) fn continues(
    right: &str,
    marker: &Marker,
    last: Option<(Form, u32)>,
    is_after_semicolon: bool,
) -> bool {
    let (Some(number), Some((form, last))) = (marker.number, last) else { return false };
    let behind = &right[marker.length..];
    let is_quoted = behind.trim_start().starts_with(is_quotation_mark);
    let missing = match is_after_semicolon {
        true if is_quoted || behind.starts_with(is_upper) => MOST_MISSING_PLAIN,
        true => MOST_MISSING,
        false if is_quoted => MOST_MISSING,
        false => 0,
    };
    marker.form == form && (last + 1..=last + 1 + missing).contains(&number)
}

/// Says whether a list begins at the start of `right`: its first marker, and the next one behind it. With brackets also a
/// sentence counts what it names; only a semicolon between makes items of that.
pub(super) fn begins_list(right: &str, tables: &Tables) -> bool {
    let first = at_start(right, tables);
    let Some(first) = first.filter(|marker| marker.number.is_none_or(|number| number == 1)) else {
        return false;
    };
    let is_plain = matches!(first.form, Form::Stop | Form::StopBracket | Form::Bullet);
    next_inside(right, tables).is_some_and(|next| is_plain || right[..next].ends_with(';'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    fn number(piece: &str) -> Option<u32> {
        at_start(piece, &Tables::of(Language::AZ)).and_then(|marker| marker.number)
    }

    #[test]
    fn markers_need_no_space() {
        assert_eq!(number("11.\"Ana\" İB"), Some(11));
        assert_eq!(number("4) pandus"), Some(4));
        assert_eq!(number("ç) toxum"), Some(4));
        assert_eq!(number("(2) su"), Some(2));
        assert_eq!(number("۲. پل"), Some(2));
        assert_eq!(number("2.) su"), Some(2));
        assert_eq!(number("• 9. su"), Some(9));
    }

    #[test]
    fn numbers_of_the_text_are_no_markers() {
        for piece in
            ["3.5 faiz", "12.04.2023", "1240 ev", "2020. İl", "5.", "7", "1)", "1.)", "(012) 555"]
        {
            assert_eq!(number(piece), None, "{piece}");
        }
    }

    #[test]
    fn items_without_an_end_are_parted_by_the_next_number() {
        let tables = Tables::of(Language::EN);
        let next = |piece| next_inside(piece, &tables);
        assert_eq!(next("1) tents 2) water"), Some(8));
        assert_eq!(next("5.\"Sun\" PU, Aliyev Ali 6.\"Moon\" PU"), Some(22));
        assert_eq!(next("• 9. Tents • 10. Water"), Some(12));
        assert_eq!(next("a. Tents b. Water"), Some(8));
        assert_eq!(next("1. See p. 2. Then rest"), None);
        assert_eq!(next("1. Aid for 3. The rest"), None);
        assert_eq!(next("Tents 2) water"), None);
    }

    #[test]
    fn a_list_goes_on_with_the_next_number() {
        let tables = Tables::of(Language::EN);
        let goes_on = |right, last, is_after_semicolon| {
            let marker = at_start(right, &tables).unwrap();
            continues(right, &marker, Some(last), is_after_semicolon)
        };
        assert!(goes_on("11. tents", (Form::Stop, 10), false));
        assert!(!goes_on("14. tents", (Form::Stop, 12), false));
        assert!(goes_on("14. tents", (Form::Stop, 12), true));
        assert!(!goes_on("11. tents", (Form::Bracket, 10), true));
        assert!(goes_on("14.\"Sun\" PU", (Form::Stop, 12), false));
        assert!(goes_on("18.Sun PU", (Form::Stop, 12), true));
        assert!(!goes_on("18. Sun PU", (Form::Stop, 12), true));
        assert!(!goes_on("12.\"Sun\" PU", (Form::Stop, 12), true));
    }

    #[test]
    fn a_number_missing_in_a_run_of_items_does_not_join_them() {
        let tables = Tables::of(Language::EN);
        let next = |piece| next_inside(piece, &tables);
        assert_eq!(next("5.\"Sun\" PU, Aliyev Ali 7.\"Moon\" PU"), Some(22));
        assert_eq!(next("5.\"Sun\" PU, Aliyev Ali, 6.Moon PU"), Some(23));
        assert_eq!(next("5.\"Sun\" PU, Aliyev Ali6.\"Moon\" PU"), Some(22));
        assert_eq!(next("1) tents 3) water"), Some(8));
        assert_eq!(next("1) tents (see 2) or water"), None);
        assert_eq!(next("1. Aid for 3. The rest"), None);
    }

    #[test]
    fn bullets_on_one_line_are_parted() {
        let tables = Tables::of(Language::EN);
        let next = |piece| next_inside(piece, &tables);
        assert_eq!(next("- tents; - water"), Some(8));
        assert_eq!(next("-tents;-water"), Some(7));
        assert_eq!(next("• tents • water"), Some(9));
        assert_eq!(next("- a tent - a large one - is needed"), None);
        assert_eq!(next("- tents; well-made"), None);
        assert!(begins_list("- tents; - water", &tables));
        assert!(begins_list("1) tents; 2) water", &tables));
        assert!(!begins_list("1) tents, 2) water", &tables));
        assert!(!begins_list("2) tents; 3) water", &tables));
    }
}
