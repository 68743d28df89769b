//! Classes of letters, quick for the alphabets people write in most.
//!
//! The standard library looks classes up in compressed tables. Letters of Latin and Cyrillic script are decided by their
//! place here; everything else is asked of the standard library, with which these agree but for Georgian: Unicode calls its
//! everyday letters small since they have capitals for headings, but sentences do not begin with those.

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

/// Returns the value of a digit: European, Arabic or Persian.
pub(super) fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(zero))
}

/// Says whether a character is a small letter of an alphabet whose sentences begin with capitals.
pub(super) fn is_lower(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_lowercase(),
        'ə' | 'ı' | 'ş' | 'ğ' | '\u{430}'..='\u{45F}' => true,
        '\u{410}'..='\u{42F}' | '\u{10D0}'..='\u{10FF}' | '\u{2000}'..='\u{206F}' => false,
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
            let is_georgian = ('\u{10D0}'..='\u{10FF}').contains(&c);
            assert_eq!(is_lower(c), c.is_lowercase() && !is_georgian, "{c:?}");
            assert_eq!(is_upper(c), c.is_uppercase(), "{c:?}");
        }
    }
}
