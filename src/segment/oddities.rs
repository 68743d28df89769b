//! What is odd about segments and stays as it is: gaps in numbering, words run together, glued sentences, mixed script.

use crate::model::{Segment, Span, Warning, WarningKind};
use crate::text::words;

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
        for word in words(span.of(text)) {
            let place = word.span.shifted(span.start);
            word_oddities(word.text, place, warnings);
        }
    }
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
