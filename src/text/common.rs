//! Common words, by what they mean: `schools`, `məktəbdə` and `школе` are one concept.
//!
//! `common.tsv` of a language names concepts by an English word and lists the words that say it; languages that have the
//! file are known to each other by these names. Words are looked up in any of their forms, by endings: a lookup may
//! find several concepts, and one too many costs little where it is used (as a hint that two texts say the same).

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::stem::stem;
use super::suffix::{is_ending, stems};
use super::{fold, words};
use crate::language::{data, rows, to_latin, written};
use crate::model::Language;

/// The longest ending of a verb, in letters, where no list of endings is known.
const LONGEST_VERBAL: usize = 7;

/// The least letters that two forms of a word have in common in languages whose endings are not known, where the word has more.
const LEAST_BEGINNING: usize = 4;

/// The letters that may follow them.
const LONGEST_ENDING: usize = 5;

/// The letters of the longest word that is looked up: what is longer is no word, and every place in it would be tried.
const LONGEST_WORD: usize = 100;

/// How the endings of Azerbaijani and Turkish verbs begin, behind a vowel that joins them or a `y`.
const VERBAL: &[&str] = &[
    "ır", "ir", "ur", "ür", "ar", "ər", "er", "r", "mış", "miş", "muş", "müş", "dı", "di", "du",
    "dü", "tı", "ti", "tu", "tü", "acaq", "əcək", "acağ", "əcəy", "acak", "ecek", "eceğ", "an",
    "ən", "en", "maq", "mək", "mağ", "məy", "mak", "mek", "ma", "mə", "me", "mı", "mi", "mu", "mü",
    "ıb", "ib", "ub", "üb", "ıp", "ip", "up", "üp", "araq", "ərək", "arak", "erek", "sa", "sə",
    "se", "sın", "sin", "sun", "sün", "malı", "məli", "meli", "ıl", "il", "ul", "ül", "ın", "in",
    "un", "ün", "ış", "iş", "uş", "üş", "a", "ə", "e", "ı", "i", "u", "ü",
];

/// The common words of one language.
#[derive(Debug)]
pub struct CommonWords {
    language: Language,
    /// The words by the letters that their forms keep.
    stems: FxHashMap<String, Vec<Stem>>,
}

#[derive(Debug)]
struct Stem {
    concept: &'static str,
    is_verb: bool,
    /// Whether the last letter is softened, so that a vowel must follow.
    is_softened: bool,
}

impl CommonWords {
    /// Returns the common words of a language, `None` where it has no `common.tsv`.
    pub fn of(language: Language) -> Option<&'static Self> {
        Self::of_file(language, "common.tsv")
    }

    /// Returns the places and peoples of a language, `None` where it has no `places.tsv`: the same kind of table, of names that
    /// each language has words of its own for.
    pub fn places(language: Language) -> Option<&'static Self> {
        Self::of_file(language, "places.tsv")
    }

    fn of_file(language: Language, file: &'static str) -> Option<&'static Self> {
        type Known = BTreeMap<(Language, &'static str), Option<&'static CommonWords>>;
        static ALL: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        // Read once for the life of the program.
        *all.entry((language, file)).or_insert_with(|| {
            let text = data(language, file)?;
            Some(Box::leak(Box::new(Self::read(text, language))))
        })
    }

    fn read(text: &'static str, language: Language) -> Self {
        let mut common = Self { language, stems: FxHashMap::default() };
        for row in rows(text) {
            for word in row[1..].iter().flat_map(|cell| cell.split('|')) {
                let (word, is_verb) = match word.strip_suffix('-') {
                    Some(verb) => (verb, true),
                    None => (word, false),
                };
                let word = fold(&written(word, language), language);
                common.add(&common.plain(&word), row[0], is_verb);
            }
        }
        common
    }

    /// Returns a word in the letters that words are kept in: Azerbaijani in Latin ones, Russian without `ё`.
    fn plain(&self, folded: &str) -> String {
        match self.language.code() {
            "az" if self.language.script() == Some("Cyrl") => to_latin(folded),
            "ru" => folded.replace('ё', "е"),
            _ => folded.to_owned(),
        }
    }

    fn add(&mut self, word: &str, concept: &'static str, is_verb: bool) {
        let keys: Vec<(String, bool)> = match self.language.code() {
            "az" | "tr" => {
                let stems = stems(word, self.language).into_iter().enumerate();
                stems.map(|(place, stem)| (stem, place > 0)).collect()
            }
            "ru" => {
                let (stem, is_infinitive) = russian(word);
                return self.insert(stem.to_owned(), concept, is_infinitive, false);
            }
            "en" => {
                let (stem, last) = stem(word, self.language);
                vec![(stem.chars().chain(last).collect(), false)]
            }
            _ => vec![(beginning(word).to_owned(), false)],
        };
        for (key, is_softened) in keys {
            self.insert(key, concept, is_verb, is_softened);
        }
    }

    fn insert(&mut self, key: String, concept: &'static str, is_verb: bool, is_softened: bool) {
        let known = self.stems.entry(key).or_default();
        if known.iter().all(|known| known.concept != concept) {
            known.push(Stem { concept, is_verb, is_softened });
        }
    }

    /// Returns the concepts that a word may stand for, in any of its forms. `folded` is the word folded in this language.
    pub fn concepts(&self, folded: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        if folded.chars().nth(LONGEST_WORD).is_some() {
            return found;
        }
        let word = self.plain(folded);
        match self.language.code() {
            "az" | "tr" => {
                let ends = word.char_indices().map(|(at, _)| at).skip(2).chain([word.len()]);
                for end in ends {
                    let rest = &word[end..];
                    let stems = self.stems.get(&word[..end]).into_iter().flatten();
                    let fits = |stem: &&Stem| {
                        (!stem.is_softened || rest.starts_with(is_vowel))
                            && (is_ending(Some(&word[..end]), rest, self.language)
                                || (stem.is_verb && is_verbal(rest)))
                    };
                    found.extend(stems.filter(fits).map(|stem| stem.concept));
                }
            }
            "ru" => {
                let noun = stem_of(&word).len();
                let ends = word.char_indices().map(|(at, _)| at).skip(2).chain([word.len()]);
                for end in ends {
                    let rest = &word[end..];
                    let is_verbal = rest.starts_with(is_russian_vowel)
                        && rest.chars().count() <= LONGEST_VERBAL;
                    let stems = self.stems.get(&word[..end]).into_iter().flatten();
                    let fits = |stem: &&Stem| {
                        rest.is_empty() || end == noun || (stem.is_verb && is_verbal)
                    };
                    found.extend(stems.filter(fits).map(|stem| stem.concept));
                }
            }
            "en" => {
                for form in english(&word) {
                    let stems = self.stems.get(&form).into_iter().flatten();
                    found.extend(stems.map(|stem| stem.concept));
                }
            }
            _ => {
                let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]).enumerate();
                for (letters, end) in ends.skip(1) {
                    let rest = word[end..].chars().count();
                    if rest <= if letters < LEAST_BEGINNING { 0 } else { LONGEST_ENDING } {
                        let stems = self.stems.get(&word[..end]).into_iter().flatten();
                        found.extend(stems.map(|stem| stem.concept));
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Returns the words of a text with the concepts that each may stand for.
    pub fn of_text<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (super::Word<'t>, Vec<&'static str>)> {
        words(text).map(|word| {
            let concepts = self.concepts(&fold(word.text, self.language));
            (word, concepts)
        })
    }
}

/// Returns what the forms of a word keep where the endings of its language are not known: all but the last two letters, at least
/// four.
fn beginning(word: &str) -> &str {
    let letters = word.chars().count();
    let kept = letters.saturating_sub(2).max(LEAST_BEGINNING);
    word.char_indices().nth(kept).map_or(word, |(end, _)| &word[..end])
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'ı' | 'o' | 'u' | 'ə' | 'e' | 'i' | 'ö' | 'ü')
}

fn is_russian_vowel(letter: char) -> bool {
    matches!(letter, 'а' | 'е' | 'ё' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я')
}

/// Says whether the letters behind the stem of an Azerbaijani or Turkish verb are an ending.
fn is_verbal(rest: &str) -> bool {
    rest.is_empty()
        || VERBAL.iter().any(|form| {
            rest.strip_prefix('y').unwrap_or(rest).starts_with(form) || rest.starts_with(form)
        })
}

/// Returns what forms of a Russian word keep: a verb without the ending of its infinitive and the vowel before it, else the word
/// without its case ending.
/// Says whether it is a verb.
fn russian(word: &str) -> (&str, bool) {
    let verb = word.strip_suffix("ся").or_else(|| word.strip_suffix("сь")).unwrap_or(word);
    let infinitive = ["овать", "евать", "ать", "ять", "ить", "еть", "уть", "ыть", "ти"];
    let stem = infinitive.into_iter().find_map(|ending| verb.strip_suffix(ending));
    match stem {
        Some(stem) if stem.chars().nth(2).is_some() => (stem, true),
        Some(_) => (word, true),
        None => (stem_of(word), false),
    }
}

fn stem_of(word: &str) -> &str {
    stem(word, Language::RU).0
}

/// Returns what an English word may be a form of: itself, a plural, a third person, a past, an `-ing`.
fn english(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let (noun, last) = stem(word, Language::EN);
    forms.push(noun.chars().chain(last).collect());
    for ending in ["ed", "ing", "es", "er", "ers", "ly", "'s", "’s"] {
        // `only` is no form of `on`.
        let least = if ending == "ly" { 3 } else { 1 };
        let stem = word.strip_suffix(ending);
        let Some(verb) = stem.filter(|verb| verb.chars().nth(least).is_some()) else {
            continue;
        };
        forms.push(verb.to_owned());
        forms.push(format!("{verb}e"));
        if let Some(verb) = verb.strip_suffix('i') {
            forms.push(format!("{verb}y"));
        }
        let mut letters = verb.chars().rev();
        if letters.next() == letters.next() {
            forms.push(
                verb[..verb.len() - verb.chars().next_back().map_or(0, char::len_utf8)].to_owned(),
            );
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concepts(word: &str, language: Language) -> Vec<&'static str> {
        let common = CommonWords::of(language).unwrap();
        common.concepts(&fold(word, language))
    }

    #[test]
    fn forms_of_one_concept_are_found_in_every_language() {
        for (concept, words) in [
            (
                "school",
                [("schools", Language::EN), ("məktəblərdə", Language::AZ), ("школе", Language::RU)],
            ),
            (
                "child",
                [("children", Language::EN), ("uşağın", Language::AZ), ("детям", Language::RU)],
            ),
            (
                "right_law",
                [("right", Language::EN), ("haqdır", Language::AZ), ("правом", Language::RU)],
            ),
            ("go", [("went", Language::EN), ("getməyib", Language::AZ), ("шёл", Language::RU)]),
            (
                "provide",
                [
                    ("providing", Language::EN),
                    ("təmin", Language::AZ),
                    ("обеспечивают", Language::RU),
                ],
            ),
        ] {
            for (word, language) in words {
                assert!(concepts(word, language).contains(&concept), "{word}");
            }
        }
        assert!(concepts("МӘКТӘБДӘ", Language::AZ_CYRL).contains(&"school"));
    }

    #[test]
    fn words_that_only_begin_alike_are_not_forms() {
        assert!(!concepts("yolka", Language::AZ).contains(&"road"));
        assert!(!concepts("status", Language::EN).contains(&"state"));
    }

    #[test]
    fn every_file_names_the_concepts_of_the_english_one() {
        for file in ["common.tsv", "places.tsv"] {
            let keys = |language| -> std::collections::BTreeSet<&str> {
                rows(data(language, file).unwrap()).map(|row| row[0]).collect()
            };
            let known = keys(Language::EN);
            for language in crate::language::known() {
                if CommonWords::of_file(language, file).is_some() {
                    let own = keys(language);
                    let strange: Vec<_> = own.difference(&known).collect();
                    assert!(strange.is_empty(), "{language}: {strange:?}");
                }
            }
        }
    }

    #[test]
    fn a_place_and_its_people_have_one_key_in_every_language() {
        for (key, words) in [
            (
                "germany",
                [
                    ("Germans", "en"),
                    ("almaniyalılar", "az"),
                    ("немецкой", "ru"),
                    ("Almanlar", "tr"),
                ],
            ),
            (
                "moscow",
                [("Moscow", "en"), ("Moskvada", "az"), ("Москвой", "ru"), ("Moskova", "tr")],
            ),
            ("prague", [("Prague", "en"), ("Praqada", "az"), ("Праге", "ru"), ("Prag", "tr")]),
        ] {
            for (word, language) in words {
                let language = language.parse().unwrap();
                let places = CommonWords::places(language).unwrap();
                assert!(places.concepts(&fold(word, language)).contains(&key), "{word}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_word_can_be_looked_up(word in "\\PC{0,12}") {
            for language in [Language::EN, Language::AZ, Language::AZ_CYRL, Language::RU, Language::TR] {
                concepts(&word, language);
            }
        }
    }
}
