//! Words of a text with their places.
//!
//! A word is what UAX #29 calls one, with the parts that Azerbaijani joins kept together where asked: `NATO-nun` is two
//! words to UAX #29 and one to a translator. [`words`] gives the standard's words; [`tokens`] glues parts joined by a
//! hyphen or apostrophe with nothing between.

use unicode_segmentation::UnicodeSegmentation;

use crate::model::Span;

/// A word and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// The word as written.
    pub text: &'t str,
    /// Its bytes in the text.
    pub span: Span,
}

/// Returns the words of a text in order, by UAX #29: pieces that hold a letter or digit.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    text.unicode_word_indices()
        .map(|(start, word)| Word { text: word, span: Span::new(start, start + word.len()) })
}

/// Returns the words of a text with the parts that a hyphen or apostrophe joins kept in one: `12-ci`, `BMT-nin`,
/// `Azərbaycan'ın`.
pub fn tokens(text: &str) -> Vec<Word<'_>> {
    let mut tokens: Vec<Word<'_>> = Vec::new();
    for word in words(text) {
        if let Some(last) = tokens.last_mut() {
            let between = &text[last.span.end..word.span.start];
            if matches!(between, "-" | "'" | "’" | "\u{2010}" | "\u{2011}") {
                last.span.end = word.span.end;
                last.text = &text[last.span.range()];
                continue;
            }
        }
        tokens.push(word);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_behind_a_hyphen_stay_with_their_word() {
        let found: Vec<_> = tokens("BMT-nin 12-ci, Bakı – Quba").iter().map(|w| w.text).collect();
        assert_eq!(found, ["BMT-nin", "12-ci", "Bakı", "Quba"]);
    }

    #[test]
    fn words_know_their_bytes() {
        let word = words("(ə) bir").nth(1).unwrap();
        assert_eq!((word.text, word.span), ("bir", Span::new(5, 8)));
    }
}
