//! What is odd about segments and stays as it is: gaps in numbering, words run together, glued sentences, mixed script.

use std::ops::Range;

use crate::model::{Segment, Span, Warning, WarningKind};
use crate::text::words;

use super::letters::{is_lower, is_upper};

/// Letters from which a word is taken for several run together. The longest word of the Azerbaijani and English
/// development texts has 24 letters; German compounds reach 33 and are rare enough to be looked at.
const RUN_TOGETHER: usize = 30;

/// Adds warnings to the segments.
pub(super) fn note(text: &str, segments: &mut [Segment]) {
    let mut last: Option<u32> = None;
    for segment in segments {
        let Segment { span, number, marker, warnings, .. } = segment;
        if let (Some(number), Some(marker)) = (*number, *marker) {
            if let Some(last) = last.filter(|last| number > last + 1 && number <= last + 4) {
                let note = if number == last + 2 {
                    format!("{} is missing between {last} and {number}", last + 1)
                } else {
                    format!(
                        "{} to {} are missing between {last} and {number}",
                        last + 1,
                        number - 1
                    )
                };
                warnings.push(Warning { kind: WarningKind::NumberingGap, span: marker, note });
            }
            last = Some(number);
        } else if marker.is_none() && !span.of(text).ends_with([',', ';']) {
            last = None;
        }
        let piece = span.of(text);
        for run in odd_runs(piece) {
            for word in words(&piece[run.clone()]) {
                let place = word.span.shifted(span.start + run.start);
                word_oddities(word.text, place, warnings);
            }
        }
    }
}

/// Returns the runs of letters in which a word may be odd: long ones, and those with a capital behind a small letter or
/// letters of two scripts. Nearly all words are passed over byte by byte, which is what makes the segmenter fast.
fn odd_runs(piece: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = piece.as_bytes();
    let mut at = if has_no_odd_run(bytes) { bytes.len() } else { 0 };
    std::iter::from_fn(move || {
        loop {
            at += bytes[at..].iter().position(|byte| is_inner(*byte))?;
            let start = at;
            let (mut seen, mut is_small, mut is_odd) = (0u8, false, false);
            while let Some(byte) = bytes.get(at).copied().filter(|byte| is_inner(*byte)) {
                match byte {
                    b'a'..=b'z' => {
                        is_small = true;
                        seen |= LATIN;
                    }
                    b'A'..=b'Z' => {
                        is_odd |= is_small;
                        is_small = false;
                        seen |= LATIN;
                    }
                    b'0'..=b'9' => is_small = false,
                    // Letters of two bytes: Latin ones up to U+024F and U+0259, Cyrillic ones up to U+052F.
                    0xC3..=0xD4 => {
                        seen |= if byte < 0xD0 { LATIN } else { CYRILLIC };
                        let letter = piece[at..].chars().next().unwrap_or(' ');
                        is_odd |= is_small && is_upper(letter);
                        is_small = is_lower(letter);
                    }
                    // Other scripts are looked at whole.
                    _ => is_odd = true,
                }
                at += match byte {
                    0..0x80 => 1,
                    0x80..0xE0 => 2,
                    0xE0..0xF0 => 3,
                    0xF0.. => 4,
                };
            }
            if is_odd || seen == LATIN | CYRILLIC || at - start >= RUN_TOGETHER {
                return Some(start..at);
            }
        }
    })
}

/// Says whether a piece has surely no odd run, by passes that processors do many bytes at a time.
fn has_no_odd_run(bytes: &[u8]) -> bool {
    let mut seen = 0;
    for byte in bytes {
        seen |= u8::from(byte.is_ascii_alphabetic()) * LATIN
            | u8::from(matches!(byte, 0xD0..=0xD4)) * CYRILLIC
            | u8::from(matches!(byte, 0xE0..=0xE1 | 0xE3..=0xFF | 0xD5..=0xDF)) * OTHER;
    }
    seen & OTHER == 0
        && seen != LATIN | CYRILLIC
        && !has_capital_inside(bytes)
        && !has_long_run(bytes)
}

/// Says whether a capital may stand behind a small letter. Beyond ASCII the letter before may be a capital too.
fn has_capital_inside(bytes: &[u8]) -> bool {
    let pairs = || bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let in_ascii = pairs().fold(0, |odd, (left, right)| {
        odd | (u8::from(left.is_ascii_lowercase() | (*left >= 0x80))
            & u8::from(right.is_ascii_uppercase()))
    });
    // Letters of two bytes, of Latin and Cyrillic script.
    let beyond = || {
        bytes.windows(3).any(|window| {
            matches!(window[1], 0xC3..=0xD4)
                && (window[0].is_ascii_lowercase() || window[0] >= 0x80)
                && char::from_u32(u32::from(window[1] & 0x1F) << 6 | u32::from(window[2] & 0x3F))
                    .is_some_and(is_upper)
        })
    };
    in_ascii > 0 || !bytes.is_ascii() && beyond()
}

/// Says whether some run may have [`RUN_TOGETHER`] letters. From the end of a window of that size back to the last byte
/// that is no letter: the next window begins behind it.
fn has_long_run(bytes: &[u8]) -> bool {
    let mut start = 0;
    while let Some(window) = bytes.get(start..start + RUN_TOGETHER) {
        match window.iter().rposition(|byte| !(byte.is_ascii_alphanumeric() || *byte >= 0x80)) {
            Some(place) => start += place + 1,
            None => return true,
        }
    }
    false
}

const LATIN: u8 = 1;
const CYRILLIC: u8 = 2;
const OTHER: u8 = 4;

/// Says whether a byte begins a letter, a digit or another character of a run: any beyond ASCII but the signs from U+0080
/// and U+2000 on.
fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0xC3 && byte != 0xE2
}

fn word_oddities(word: &str, span: Span, warnings: &mut Vec<Warning>) {
    if word.len() < 6 {
        return;
    }
    let mut warn = |kind, note| warnings.push(Warning { kind, span, note });
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if letters >= RUN_TOGETHER {
        warn(
            WarningKind::RunTogether,
            format!("\"{word}\" has {letters} letters: words run together?"),
        );
    }
    let is_latin = |c: char| matches!(c, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{259}');
    let is_cyrillic = |c: char| ('\u{400}'..='\u{52F}').contains(&c);
    if word.chars().any(is_latin) && word.chars().any(is_cyrillic) {
        warn(WarningKind::MixedScript, format!("\"{word}\" mixes Latin and Cyrillic letters"));
    } else if let Some((left, right)) = glued(word) {
        warn(WarningKind::GluedSentences, format!("\"{left}\" and \"{right}\" are glued"));
    }
}

/// Splits a word at a capital behind three small letters and before a small one, as in `readsWe`. Brand names such as
/// `WhatsApp` look the same, so this is a warning only.
pub(super) fn glued(word: &str) -> Option<(&str, &str)> {
    let mut small = 0;
    for (at, letter) in word.char_indices() {
        if letter.is_lowercase() {
            small += 1;
        } else {
            let next = word[at + letter.len_utf8()..].chars().next();
            if small >= 3 && letter.is_uppercase() && next.is_some_and(char::is_lowercase) {
                return Some((&word[..at], &word[at..]));
            }
            small = 0;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glued_words_are_seen() {
        assert_eq!(glued("readsWe"), Some(("reads", "We")));
        assert_eq!(glued("deyilirBiz"), Some(("deyilir", "Biz")));
        assert_eq!(glued("McDonald"), None);
        assert_eq!(glued("QHT"), None);
    }

    #[test]
    fn mixed_script_is_seen() {
        let mut warnings = Vec::new();
        word_oddities("mәktәblər", Span::new(0, 12), &mut warnings);
        assert_eq!(warnings[0].kind, WarningKind::MixedScript);
    }
}
