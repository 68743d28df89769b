//! What the forms of a Russian or English word have in common.
//!
//! Languages that join endings to a word one behind the other have [`suffix`](super::suffix).

use crate::model::Language;

/// Returns what forms of a word have in common in Russian and English, as its beginning and one more letter; the word
/// itself in other languages.
pub fn stem(word: &str, language: Language) -> (&str, Option<char>) {
    match language.code() {
        "ru" => (russian_stem(word), None),
        "en" => english_stem(word),
        _ => (word, None),
    }
}

/// Takes the case ending off a Russian noun or adjective, the longest there is, where it leaves three letters.
fn russian_stem(word: &str) -> &str {
    let ending = |letters: usize| {
        let (at, _) = word.char_indices().rev().nth(letters - 1)?;
        Some(at)
    };
    let is_ending = |ending: &str| {
        matches!(
            ending,
            "иями"
                | "ями"
                | "ами"
                | "ого"
                | "его"
                | "ому"
                | "ему"
                | "ыми"
                | "ими"
                | "иях"
                | "иям"
                | "ией"
                | "ую"
                | "юю"
                | "ая"
                | "яя"
                | "ое"
                | "ее"
                | "ые"
                | "ие"
                | "ых"
                | "их"
                | "ым"
                | "им"
                | "ый"
                | "ий"
                | "ой"
                | "ей"
                | "ом"
                | "ем"
                | "ов"
                | "ев"
                | "ам"
                | "ям"
                | "ах"
                | "ях"
                | "ия"
                | "ии"
                | "ию"
                | "ью"
                | "а"
                | "я"
                | "ь"
                | "й"
                | "о"
                | "е"
                | "ы"
                | "и"
                | "у"
                | "ю"
        )
    };
    let at = (1..=4).rev().filter_map(ending).find(|at| is_ending(&word[*at..]));
    at.map(|at| &word[..at]).filter(|stem| stem.chars().nth(2).is_some()).unwrap_or(word)
}

/// Takes the plural ending off an English noun; `parties` is `part` and `y`.
fn english_stem(word: &str) -> (&str, Option<char>) {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return (stem, Some('y'));
    }
    if ["sses", "shes", "ches", "xes"].into_iter().any(|ending| word.ends_with(ending)) {
        return (&word[..word.len() - 2], None);
    }
    let is_plural =
        word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    (if is_plural { &word[..word.len() - 1] } else { word }, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_of_russian_and_english_words() {
        assert_eq!(
            ["фонде", "благотворительном", "мир", "дома"].map(russian_stem),
            ["фонд", "благотворительн", "мир", "дом"]
        );
        assert_eq!(english_stem("parties"), ("part", Some('y')));
        assert_eq!(
            ["boxes", "unions", "press", "status"].map(|word| english_stem(word).0),
            ["box", "union", "press", "status"]
        );
    }
}
