//! Classes of letters, quick for the alphabets people write in most.
//!
//! The standard library looks classes up in compressed tables. Letters of Latin and Cyrillic script are decided by their
//! place here; everything else is asked of the standard library, with which these agree for every character.

/// Says whether a character is a letter or a digit.
pub(super) fn is_word(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric(),
        '\u{C0}'..='\u{2AF}' => !matches!(c, '×' | '÷'),
        '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => true,
        '\u{2000}'..='\u{206F}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// Says whether a character is a letter.
pub(super) fn is_letter(c: char) -> bool {
    match c {
        '\u{C0}'..='\u{2AF}' | '\u{400}'..='\u{52F}' => is_word(c),
        _ => c.is_alphabetic(),
    }
}

/// Says whether a character is a small letter.
pub(super) fn is_lower(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_lowercase(),
        'ə' | 'ı' | 'ş' | 'ğ' | '\u{430}'..='\u{45F}' => true,
        '\u{410}'..='\u{42F}' | '\u{2000}'..='\u{206F}' => false,
        _ => c.is_lowercase(),
    }
}

/// Says whether a character is a capital.
pub(super) fn is_upper(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_uppercase(),
        'Ə' | 'İ' | '\u{400}'..='\u{42F}' => true,
        'ə' | 'ı' | 'ş' | 'ğ' | '\u{430}'..='\u{45F}' | '\u{2000}'..='\u{206F}' => false,
        _ => c.is_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_classes_are_those_of_the_standard_library() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_word(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_lower(c), c.is_lowercase(), "{c:?}");
            assert_eq!(is_upper(c), c.is_uppercase(), "{c:?}");
        }
    }
}
