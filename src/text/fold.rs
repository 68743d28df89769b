//! Letters made alike for comparison, by the rules of their language.
//!
//! In Azerbaijani and Turkish, `I` is the capital of `ı` and `İ` that of `i`. The general mapping turns `İctimai` into
//! `i` + U+0307 + `ctimai`, one character longer than the word, and `IŞIQ` into `işiq`, another word. So folding takes
//! the language **of the word**, and maps one character to one character, so that places in the folded text are places
//! in the original.
//!
//! Where the language of a word is not known (an English name inside Azerbaijani text, an anchor between two
//! languages), [`skeleton`](fn@super::skeleton) compares without regard to I, İ, ı and i.

use crate::model::Language;

/// Returns the lower-case form of a letter in a language, always one character: the few letters whose lower case is
/// longer (only `İ` outside Turkic languages) map to their first character.
pub fn fold_char(letter: char, language: Language) -> char {
    match letter {
        'A'..='Z' if letter != 'I' => letter.to_ascii_lowercase(),
        'I' if language.has_dotless_i() => 'ı',
        'I' | 'İ' => 'i',
        '\0'..='\u{7F}' => letter,
        // Cyrillic letters that stand for the Latin ones in mixed text: U+04D9 is typed for U+0259.
        'ә' | 'Ә' if language.has_dotless_i() => 'ə',
        // Small letters that are looked up most.
        'ə' | 'ı' | 'ş' | 'ğ' | 'à'..='ö' | 'ø'..='ÿ' | 'а'..='џ' => letter,
        _ => letter.to_lowercase().next().unwrap_or(letter),
    }
}

/// Returns the text with every letter folded by [`fold_char`]. Folding twice gives what folding once gives, and the
/// result has as many characters as the text.
///
/// # Example
/// ```
/// use qosha::{model::Language, text::fold};
/// assert_eq!(fold("İctimai IŞIQ", Language::AZ), "ictimai ışıq");
/// assert_eq!(fold("INTERNATIONAL", Language::EN), "international");
/// ```
pub fn fold(text: &str, language: Language) -> String {
    text.chars().map(|letter| fold_char(letter, language)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turkic_i_keeps_its_dot_or_lack_of_it() {
        assert_eq!(fold("ICTIMAI İctimai", Language::AZ), "ıctımaı ictimai");
        assert_eq!(fold("ICTIMAI İctimai", Language::EN), "ictimai ictimai");
        assert_eq!(fold("ИҸТИМАИ", Language::AZ_CYRL), "иҹтимаи");
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_equals_folding_once(text in "\\PC*") {
            for language in [Language::AZ, Language::EN, Language::RU] {
                let once = fold(&text, language);
                proptest::prop_assert_eq!(fold(&once, language), once.clone());
                proptest::prop_assert_eq!(once.chars().count(), text.chars().count());
            }
        }
    }
}
