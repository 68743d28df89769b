//! Signals of meaning that can be had without a model: left untranslated, negation lost.

use super::{Context, Side};
use crate::language::{data, rows, written};
use crate::model::{Divergence, DivergenceType, Language, Severity};
use crate::text::{fold, words};

/// Words that must be the source's for a segment to count as untranslated.
const LEAST_WORDS: usize = 4;

/// Share of the target's words that must be the source's. Names and numbers are the same in both languages, so half is
/// common; ordinary words in small letters must be among them.
const LEAST_SHARE: f64 = 0.75;

/// Returns a finding where the target repeats the source's words.
pub(super) fn untranslated(context: &Context<'_>) -> Option<Divergence> {
    let collect = |side: &Side<'_>| -> Vec<String> {
        // Addresses are the same in every language.
        let is_address = |piece: &&str| piece.contains('@') || piece.contains("://");
        let pieces = side.texts().flat_map(|(text, _)| text.split_whitespace());
        pieces
            .filter(|piece| !is_address(piece))
            .flat_map(words)
            .map(|word| word.text.to_owned())
            .filter(|word| word.chars().any(char::is_alphabetic))
            .collect()
    };
    let (source, target) = (collect(&context.source), collect(&context.target));
    if target.len() < LEAST_WORDS {
        return None;
    }
    let known: std::collections::BTreeSet<String> =
        source.iter().map(|word| fold(word, Language::UND)).collect();
    let same: Vec<&String> =
        target.iter().filter(|word| known.contains(&fold(word, Language::UND))).collect();
    let ordinary = same
        .iter()
        .filter(|word| word.starts_with(char::is_lowercase) && word.chars().count() >= 3)
        .count();
    let is_untranslated = same.len() as f64 >= LEAST_SHARE * target.len() as f64 && ordinary >= 3;
    is_untranslated.then(|| {
        let message = "the target is left in the language of the source".to_owned();
        context.finding(
            DivergenceType::Untranslated,
            "segment",
            Severity::Error,
            (None, None),
            message,
        )
    })
}

/// Adds a finding where the source negates and nothing in the target does.
pub(super) fn negation(context: &Context<'_>, found: &mut Vec<Divergence>) {
    let Some(source) = negating(&context.source).next() else { return };
    if data(context.target.document.language, "negation.txt").is_none() || negates(&context.target)
    {
        return;
    }
    let message = format!(
        "the source negates (\"{}\"), the target does not",
        source.of(&context.source.document.text)
    );
    let spans = (Some(source), None);
    found.push(context.finding(
        DivergenceType::Negation,
        "lost",
        Severity::Warning,
        spans,
        message,
    ));
}

/// Returns the places of the words that negate.
fn negating<'a>(side: &'a Side<'_>) -> impl Iterator<Item = crate::model::Span> + 'a {
    let language = side.document.language;
    let list: Vec<String> = rows(data(language, "negation.txt").unwrap_or_default())
        .map(|row| fold(&written(row[0], language), language))
        .collect();
    side.texts().flat_map(move |(text, range)| {
        let words: Vec<_> = words(text).collect();
        let folded: Vec<String> =
            words.iter().map(|word| fold(word.text, language).replace('’', "'")).collect();
        let is_negating = |place: usize| {
            let is_number_sign =
                folded[place] == "no" && text[words[place].span.end..].starts_with(". ");
            // `nə də` is neither, `nə` alone is what.
            let is_pair = folded
                .get(place + 1)
                .is_some_and(|next| list.contains(&format!("{} {next}", folded[place])));
            !is_number_sign && (list.contains(&folded[place]) || is_pair)
        };
        let places: Vec<_> = (0..words.len())
            .filter(|place| is_negating(*place))
            .map(|place| words[place].span.shifted(range.start))
            .collect();
        places
    })
}

/// Says whether anything on a side negates: a word, or a negative verb ending.
fn negates(side: &Side<'_>) -> bool {
    let language = side.document.language;
    if negating(side).next().is_some() {
        return true;
    }
    let all = |is: fn(&str) -> bool| {
        side.texts().any(|(text, _)| words(text).any(|word| is(&fold(word.text, language))))
    };
    match language.code() {
        "az" if language.script() == Some("Cyrl") => {
            all(|word| is_negative_az(&crate::language::to_latin(word)))
        }
        "az" => all(is_negative_az),
        "tr" => all(is_negative_tr),
        "ru" => all(|word| {
            word.chars().count() > 4
                && (word.starts_with("не") || word.starts_with("без") || word.starts_with("бес"))
        }),
        "en" => all(|word| {
            word.ends_with("n't")
                || word.ends_with("less")
                || word.starts_with("un")
                || word.starts_with("non")
        }),
        _ => false,
    }
}

/// Says whether an Azerbaijani verb is in a negative form, or a noun has the ending for "without".
fn is_negative_az(word: &str) -> bool {
    const MIDDLE: [&str; 28] = [
        "mır", "mir", "mur", "mür", "maz", "məz", "maya", "məyə", "mayı", "məyi", "madı", "mədi",
        "mamı", "məmi", "masın", "məsin", "mamal", "məməl", "madan", "mədən", "masa", "məsə",
        "maq", "mama", "məmə", "mam", "məm", "mayan",
    ];
    const END: [&str; 6] = ["sız", "siz", "suz", "süz", "ma", "mə"];
    let long = word.chars().count() >= 5;
    // `-maq`, `-mək` is the plain infinitive; only `-mamaq`, `-məmək` negates.
    let middle = MIDDLE
        .iter()
        .filter(|form| **form != "maq")
        .any(|form| word.find(form).is_some_and(|at| at >= 2));
    long && (middle
        || END.iter().any(|form| word.ends_with(form))
        || ["sız", "siz", "suz", "süz"].iter().any(|form| word.contains(form)))
}

/// Says whether a Turkish verb is in a negative form, or a noun has the ending for "without".
fn is_negative_tr(word: &str) -> bool {
    const MIDDLE: [&str; 26] = [
        "mıyor", "miyor", "muyor", "müyor", "maz", "mez", "maya", "meye", "mayı", "meyi", "madı",
        "medi", "mamış", "memiş", "masın", "mesin", "mamal", "memel", "madan", "meden", "masa",
        "mese", "mama", "meme", "mam", "mem",
    ];
    let long = word.chars().count() >= 5;
    long && (MIDDLE.iter().any(|form| word.find(form).is_some_and(|at| at >= 2))
        || ["sız", "siz", "suz", "süz"].iter().any(|form| word.contains(form)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azerbaijani_verbs_negate_by_an_ending() {
        for word in ["getmir", "bilməz", "unudulmamalı", "olmayan", "gəlmədi", "fasiləsiz"] {
            assert!(is_negative_az(word), "{word}");
        }
        for word in ["gedir", "kömək", "almaq", "məktəb"] {
            assert!(!is_negative_az(word), "{word}");
        }
    }
}
