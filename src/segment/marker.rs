//! List markers: `1.`, `1)`, `(1)`, `a)`, `ç)`, `-`, `•`.
//!
//! A marker stands at the start of a line or of a segment, or inside a line behind the end of an item:
//!
//! ```text
//! 10. "Bright Day" PU, Rahimova Sevinj; 11."Warm Hands" PU, Gasimov Elchin;
//!                              ^^^^ one more than the last number: a marker
//! ```

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
    /// `a)`
    Letter,
    /// `-`, `•`
    Bullet,
}

/// Returns the list marker that a piece of text begins with.
pub(super) fn at_start(piece: &str, tables: &Tables) -> Option<Marker> {
    let mut letters = piece.chars();
    let first = letters.next()?;
    if matches!(first, '-' | '–' | '—' | '•' | '*' | '·' | '▪' | '●' | '‣' | '◦' | '○')
    {
        // A dash before a capital opens direct speech; only `-` and real bullets open items then.
        let rest = letters.as_str();
        let is_spaced = rest.starts_with(char::is_whitespace) && !rest.trim().is_empty();
        let is_speech =
            matches!(first, '–' | '—') && rest.trim_start().starts_with(char::is_uppercase);
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
    let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=3).contains(&digits) {
        let number: u32 = body[..digits].parse().ok()?;
        let rest = &body[digits..];
        let (form, length) = if rest.starts_with(')') {
            (Form::Bracket, open + digits + 1)
        } else if open == 0 && rest.starts_with('.') {
            (Form::Stop, digits + 1)
        } else {
            return None;
        };
        let behind = &piece[length..];
        // 3.5, 12.04.2023 and 1.) are no `Stop` markers; a lone number is none either.
        let is_glued = behind
            .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ')' | '-' | '–'));
        if behind.trim().is_empty() || (is_glued && form == Form::Stop) {
            return None;
        }
        return Some(Marker { length, number: Some(number), form });
    }
    let letter = body.chars().next()?;
    let rest = body[letter.len_utf8()..].strip_prefix(')')?;
    let small = crate::text::fold_char(letter, tables.language);
    let place = tables.alphabet().chars().position(|c| c == small)?;
    if rest.trim().is_empty() {
        return None;
    }
    let number = u32::try_from(place + 1).ok()?;
    Some(Marker { length: open + letter.len_utf8() + 1, number: Some(number), form: Form::Letter })
}

/// Says whether a marker inside a line continues the list whose last marker was `last`. Behind a semicolon up to two
/// numbers may be missing; behind another mark the number must be the next one.
pub(super) fn continues(
    marker: &Marker,
    last: Option<(Form, u32)>,
    is_after_semicolon: bool,
) -> bool {
    let (Some(number), Some((form, last))) = (marker.number, last) else { return false };
    let missing = if is_after_semicolon { 2 } else { 0 };
    marker.form == form && (last + 1..=last + 1 + missing).contains(&number)
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
    }

    #[test]
    fn numbers_of_the_text_are_no_markers() {
        for piece in ["3.5 faiz", "12.04.2023", "1240 ev", "2020. İl", "5.", "7", "1)"] {
            assert_eq!(number(piece), None, "{piece}");
        }
    }

    #[test]
    fn a_list_goes_on_with_the_next_number() {
        let marker = |number| Marker { length: 3, number: Some(number), form: Form::Stop };
        assert!(continues(&marker(11), Some((Form::Stop, 10)), false));
        assert!(!continues(&marker(14), Some((Form::Stop, 12)), false));
        assert!(continues(&marker(14), Some((Form::Stop, 12)), true));
        assert!(!continues(&marker(11), Some((Form::Bracket, 10)), true));
    }
}
