//! What is odd about segments and stays as it is: gaps in numbering, words run together, glued sentences, mixed script.

use std::ops::Range;

use crate::model::{Segment, Span, Warning, WarningKind};
use crate::text::words;

use super::letters::{is_lower, is_upper};

/// Letters from which a word is taken for several run together. The longest word of the Azerbaijani and English
/// development texts has 24 letters; German compounds reach 33 and are rare enough to be looked at.
const RUN_TOGETHER: usize = 30;

/// Notes what is odd, segment by segment.
#[derive(Debug, Default)]
pub(super) struct Oddities {
    /// The last number of the list that is open.
    last: Option<u32>,
    /// Up to where the text has surely no odd run.
    clean_to: usize,
    /// Up to where it may have some.
    dirty_to: usize,
}

/// How many bytes are looked at in one go: enough that segments of a few words cost little, few enough that an odd word
/// sends few segments the slow way.
const WINDOW: usize = 1024;

impl Oddities {
    /// Adds warnings to the next segment.
    pub(super) fn note(&mut self, text: &str, segment: &mut Segment) {
        let Segment { span, number, marker, warnings, .. } = segment;
        if let (Some(number), Some(marker)) = (*number, *marker) {
            if let Some(last) = self.last.filter(|last| number > last + 1 && number <= last + 4) {
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
            self.last = Some(number);
        } else if marker.is_none() && !span.of(text).ends_with([',', ';']) {
            self.last = None;
        }
        if self.is_clean(text, *span) {
            return;
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

impl Oddities {
    /// Says whether a segment has surely no odd run. Segments must come in order.
    fn is_clean(&mut self, text: &str, span: Span) -> bool {
        let bytes = text.as_bytes();
        if span.end <= self.clean_to {
            return true;
        }
        if span.start >= self.dirty_to {
            let end = (span.start + WINDOW).max(span.end).min(bytes.len());
            if has_no_odd_run(&bytes[span.start..end]) {
                self.clean_to = end;
                return true;
            }
            self.dirty_to = end;
        }
        has_no_odd_run(&bytes[span.start..span.end])
    }
}

/// Returns the runs of letters in which a word may be odd: long ones, and those with a capital behind a small letter or
/// letters of two scripts. Nearly all words are passed over byte by byte, which is what makes the segmenter fast.
fn odd_runs(piece: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = piece.as_bytes();
    let mut at = 0;
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
    if !bytes.is_ascii() {
        for byte in bytes {
            let is_other = matches!(byte, 0xE0..=0xE1 | 0xE3..=0xFF | 0xD5..=0xDF);
            seen |= (u8::from(byte.is_ascii_alphabetic()) * LATIN)
                | (u8::from(matches!(byte, 0xD0..=0xD4)) * CYRILLIC)
                | (u8::from(is_other) * OTHER);
        }
    }
    seen & OTHER == 0
        && seen != LATIN | CYRILLIC
        && !has_capital_inside(bytes)
        && !has_long_run(bytes)
}

/// Says whether a capital may stand behind a small letter. Beyond ASCII the letter before may be a capital too, and some
/// small letters of rare alphabets count as capitals: what this finds is looked at again.
fn has_capital_inside(bytes: &[u8]) -> bool {
    let next = bytes.get(1..).unwrap_or_default();
    let is_inner = |byte: u8| u8::from(byte.is_ascii_lowercase() | (byte >= 0x80));
    let in_ascii = bytes.iter().zip(next).fold(0, |odd, (left, right)| {
        odd | (is_inner(*left) & u8::from(right.is_ascii_uppercase()))
    });
    if in_ascii > 0 || bytes.is_ascii() {
        return in_ascii > 0;
    }
    // The first and second bytes of capitals: U+00C0 to U+00DE, of the pairs from U+0100 to U+017F, of letters beyond these
    // but for U+0240 to U+027F, and of the Cyrillic ones.
    let beyond = bytes.iter().zip(next).zip(bytes.get(2..).unwrap_or_default());
    beyond.fold(0, |odd, ((left, first), second)| {
        let is_even = second & 1 == 0;
        let is_capital = (*first == 0xC3) & (*second <= 0x9E)
            | matches!(first, 0xC4 | 0xC5 | 0xD2..=0xD4) & is_even
            | matches!(first, 0xC6..=0xC8 | 0xCA..=0xCF)
            | (*first == 0xD0) & (*second <= 0xAF)
            | (*first == 0xD1) & (*second >= 0xA0) & is_even;
        odd | (is_inner(*left) & u8::from(is_capital))
    }) > 0
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
