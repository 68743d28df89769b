//! Finds the terms of a glossary in a text, with endings.
//!
//! A text is cut into tokens: a run of letters and digits, with the ending that a hyphen, an apostrophe or a closing
//! quotation mark joins to it (`BMT-nin`, `Kəndləri"nin`). A term is a row of words and stands where as many tokens in a
//! row are forms of them; only blanks, quotation marks and the term's own marks may lie between, so
//! `"Road to School" Public Union` is found
//! by `Road to School Public Union`. **Every** word may carry an ending, which covers inner genitives (`Birliyin İdarə
//! Heyəti`); the last one may also drop its possessive (`Liqa`, `Liqası`).
//!
//! An acronym matches in its own case only, alone or with a joined ending: `AB` is no start of `ABŞ`.
//!
//! Candidates come from a table by the first letters of the first word, so the cost hardly grows with the glossary.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Glossary;
use crate::language;
use crate::model::{HitKind, Language, Span, Term, TermHit, TermType};
use crate::text::{fold, suffix};

/// The longest word, in letters, that is taken for an acronym when it is all capitals; longer ones are shouting.
const LONGEST_ACRONYM: usize = 6;

/// Letters of a first word by which candidates are found; endings and softening change later letters only.
const KEY_LETTERS: usize = 2;

/// Finds the terms of one language.
#[derive(Debug)]
pub struct Matcher<'g> {
    glossary: &'g Glossary,
    language: Language,
    entries: Vec<Entry>,
    by_key: FxHashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Entry {
    concept: usize,
    term: usize,
    words: Vec<Word>,
    is_inflected: bool,
}

#[derive(Debug)]
struct Word {
    /// The marks that the term has between the word before and this one, such as `!`.
    marks_before: String,
    written: String,
    folded: String,
    is_acronym: bool,
    /// Whether small and capital letters must be as written.
    is_case_exact: bool,
    /// The ending that the glossary itself joins to the word, as in `Women's`.
    ending: Option<String>,
    /// The word without its possessive ending, for the last word of a name of several.
    bare: Option<String>,
}

/// A word of the text with its joined ending.
struct Token<'t> {
    base: &'t str,
    folded: String,
    ending: Option<String>,
    base_span: Span,
    span: Span,
}

/// Says whether a character may stand between the words of a term wherever it stands.
fn joins(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '-' | '’' | '\'')
}

impl<'g> Matcher<'g> {
    /// Makes a matcher for the terms of a language; Azerbaijani terms are found in both alphabets.
    pub(super) fn new(glossary: &'g Glossary, language: Language) -> Self {
        let mut matcher =
            Self { glossary, language, entries: Vec::new(), by_key: FxHashMap::default() };
        for (concept, entry) in glossary.concepts.iter().enumerate() {
            for (term, words) in entry.terms.iter().enumerate() {
                if words.language.is_same_language(language) {
                    matcher.add(concept, term, words);
                }
            }
        }
        matcher
    }

    fn add(&mut self, concept: usize, term: usize, entry: &Term) {
        let tokens = self.tokens(&entry.text);
        let count = tokens.len();
        let mut end = None;
        let words: Vec<Word> = tokens
            .into_iter()
            .enumerate()
            .map(|(place, token)| {
                let between =
                    end.replace(token.span.end).map(|end| &entry.text[end..token.span.start]);
                let (word, folded) = (token.base, token.folded);
                let is_last = place + 1 == count && count > 1;
                Word {
                    marks_before: between
                        .unwrap_or_default()
                        .chars()
                        .filter(|c| !joins(*c))
                        .collect(),
                    is_acronym: is_acronym(word) || (entry.kind == TermType::Acronym && count == 1),
                    bare: is_last.then(|| without_possessive(&folded, self.language)).flatten(),
                    written: word.to_owned(),
                    ending: token.ending,
                    is_case_exact: entry.is_case_exact,
                    folded,
                }
            })
            .collect();
        let Some(first) = words.first() else { return };
        let key: String = first.folded.chars().take(KEY_LETTERS).collect();
        self.by_key.entry(key).or_default().push(self.entries.len());
        self.entries.push(Entry { concept, term, words, is_inflected: entry.is_inflected });
    }

    /// Returns every place where a term stands, by start, longer hits first, then by concept and term. Spans are bytes of
    /// `text`, with endings and without quotation marks around.
    ///
    /// # Example
    /// ```
    /// use qosha::{glossary::{Glossary, Mode}, model::Language};
    /// let (glossary, _) = Glossary::read_csv("g", "en,az\nPublic Union,İctimai Birliyi\n", Mode::Strict).unwrap();
    /// let text = "\"Ümid\" İctimai Birliyinin sədri";
    /// let hits = glossary.matcher(Language::AZ).find(text);
    /// assert_eq!(hits[0].span.of(text), "İctimai Birliyinin");
    /// ```
    pub fn find(&self, text: &str) -> Vec<TermHit> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let tokens = self.tokens(text);
        let mut hits = Vec::new();
        for at in 0..tokens.len() {
            let key_end = tokens[at]
                .folded
                .char_indices()
                .nth(KEY_LETTERS)
                .map_or(tokens[at].folded.len(), |(end, _)| end);
            let Some(entries) = self.by_key.get(&tokens[at].folded[..key_end]) else { continue };
            for entry in entries.iter().map(|entry| &self.entries[*entry]) {
                if let Some((span, how)) = self.stands(entry, &tokens, at, text) {
                    hits.push(TermHit {
                        concept: entry.concept,
                        term: entry.term,
                        span,
                        how,
                        is_nested: false,
                    });
                }
            }
        }
        self.prefer_own_alphabet(text, &mut hits);
        hits.sort_by_key(|hit| {
            (hit.span.start, std::cmp::Reverse(hit.span.end), hit.concept, hit.term)
        });
        let mut longest: Option<Span> = None;
        for hit in &mut hits {
            hit.is_nested = longest.is_some_and(|span| span != hit.span && span.contains(hit.span));
            if longest.is_none_or(|span| hit.span.end > span.end) {
                longest = Some(hit.span);
            }
        }
        hits
    }

    /// Drops a hit of a term in another alphabet where the concept has a term in the alphabet of the text that stands
    /// in the same place.
    fn prefer_own_alphabet(&self, text: &str, hits: &mut Vec<TermHit>) {
        let is_foreign = |hit: &TermHit| {
            let term = &self.glossary.concepts[hit.concept].terms[hit.term].text;
            is_cyrillic(term) != is_cyrillic(hit.span.of(text))
        };
        let own: FxHashSet<(usize, Span)> =
            hits.iter().filter(|hit| !is_foreign(hit)).map(|hit| (hit.concept, hit.span)).collect();
        hits.retain(|hit| !is_foreign(hit) || !own.contains(&(hit.concept, hit.span)));
    }

    /// Returns the glossary whose terms are found.
    pub fn glossary(&self) -> &'g Glossary {
        self.glossary
    }

    fn tokens<'t>(&self, text: &'t str) -> Vec<Token<'t>> {
        let mut tokens = Vec::new();
        let mut from = 0;
        for (base, base_span) in words_of(text) {
            if base_span.start < from {
                continue;
            }
            let (ending, end) = joined_ending(text, base_span.end, self.language);
            from = end;
            tokens.push(Token {
                base,
                folded: folded(base, self.language),
                ending,
                base_span,
                span: Span::new(base_span.start, end),
            });
        }
        tokens
    }

    /// Says whether an entry stands at a token; returns its span and how it differs.
    fn stands(
        &self,
        entry: &Entry,
        tokens: &[Token<'_>],
        at: usize,
        text: &str,
    ) -> Option<(Span, HitKind)> {
        let row = tokens.get(at..at + entry.words.len())?;
        let mut how = HitKind::Exact;
        for (place, (word, token)) in entry.words.iter().zip(row).enumerate() {
            if place > 0 {
                let between = &text[row[place - 1].span.end..token.span.start];
                // `Read! Now! Union` is written with its marks, or without.
                let marks = between.chars().filter(|c| !joins(*c));
                let fits = marks.clone().next().is_none() || marks.eq(word.marks_before.chars());
                if between.len() > 8 || !fits || between.contains("\n\n") {
                    return None;
                }
            }
            how = how.max(self.is_form(word, token, entry.is_inflected)?);
        }
        if how == HitKind::Inflected && self.is_adjective(entry, tokens, at, text) {
            return None;
        }
        let last = &row[row.len() - 1];
        Some((Span::new(row[0].span.start, last.span.end.max(last.base_span.end)), how))
    }

    /// Says whether a single word with a bare possessive vowel opens a name of its own: `Mərkəzi Bank` names no `Mərkəz`,
    /// while `Gənclər Mərkəzi` does.
    fn is_adjective(&self, entry: &Entry, tokens: &[Token<'_>], at: usize, text: &str) -> bool {
        let [word] = &entry.words[..] else { return false };
        let token = &tokens[at];
        let is_bare_vowel = token
            .folded
            .strip_prefix(word.folded.as_str())
            .is_some_and(|rest| matches!(rest, "ı" | "i" | "u" | "ü"));
        let is_capital = |token: &Token<'_>| token.base.starts_with(char::is_uppercase);
        let opens = tokens.get(at + 1).is_some_and(|next| {
            is_capital(next)
                && text[token.span.end..next.span.start].chars().all(char::is_whitespace)
        });
        let is_led = at > 0 && {
            let before = &tokens[at - 1];
            let between = &text[before.span.end..token.span.start];
            between.chars().all(|c| c.is_whitespace() || matches!(c, '"' | '”' | '»' | '“'))
                && (is_capital(before) || !between.trim().is_empty())
        };
        suffix::has_endings(self.language) && is_bare_vowel && is_capital(token) && opens && !is_led
    }

    fn is_form(&self, word: &Word, token: &Token<'_>, is_inflected: bool) -> Option<HitKind> {
        let with_ending = match &token.ending {
            ending if *ending == word.ending => HitKind::Exact,
            None => HitKind::Inflected,
            Some(_) if is_inflected => HitKind::Inflected,
            Some(_) => return None,
        };
        if word.is_acronym {
            let is_same = word.written == token.base
                || (self.language.script() == Some("Cyrl")
                    && word.folded == token.folded
                    && is_acronym(token.base));
            let how = if word.written == token.base { HitKind::Exact } else { HitKind::Script };
            return is_same.then_some(with_ending.max(how));
        }
        if word.written == token.base {
            return Some(with_ending);
        }
        // Endings and softening change the last letters only.
        let stem = word.written.chars().count().saturating_sub(1);
        let has_case = word
            .written
            .chars()
            .zip(token.base.chars())
            .take(stem)
            .all(|(ours, theirs)| ours.is_uppercase() == theirs.is_uppercase());
        if word.is_case_exact && !has_case {
            return None;
        }
        if word.folded == token.folded {
            let is_same_alphabet = is_cyrillic(&word.written) == is_cyrillic(token.base);
            let how = if is_same_alphabet { HitKind::Case } else { HitKind::Script };
            return Some(with_ending.max(how));
        }
        let takes_both = suffix::has_endings(self.language);
        if !is_inflected || (token.ending.is_some() && !takes_both) {
            return None;
        }
        let is_form = match self.language.code() {
            "az" | "tr" => {
                suffix::is_form_of(&token.folded, &word.folded, self.language)
                    || word
                        .bare
                        .as_ref()
                        .is_some_and(|bare| suffix::is_form_of(&token.folded, bare, self.language))
            }
            "ru" => russian_stem(&token.folded) == russian_stem(&word.folded),
            "en" => english_stem(&token.folded) == english_stem(&word.folded),
            _ => token
                .folded
                .strip_prefix(word.folded.as_str())
                .is_some_and(|rest| matches!(rest, "s" | "e" | "n" | "en")),
        };
        is_form.then_some(HitKind::Inflected)
    }
}

/// Returns the runs of letters and digits with their places.
fn words_of(text: &str) -> impl Iterator<Item = (&str, Span)> {
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36F}');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_inner)?;
        let length = text[start..].find(|c: char| !is_inner(c)).unwrap_or(text.len() - start);
        at = start + length;
        Some((&text[start..at], Span::new(start, at)))
    })
}

/// Returns the ending that is joined to a word, and where it ends; the end of the word where there is none.
fn joined_ending(text: &str, end: usize, language: Language) -> (Option<String>, usize) {
    let rest = &text[end..];
    let mut letters = rest.chars();
    let Some(joint) = letters
        .next()
        .filter(|c| matches!(c, '-' | '\'' | '’' | '"' | '”' | '»' | '“' | '\u{2011}'))
    else {
        return (None, end);
    };
    let body = letters.as_str();
    let length = body.find(|c: char| !c.is_alphanumeric()).unwrap_or(body.len());
    let written = &body[..length];
    let ending = folded(written, language);
    let is_small = written.chars().all(char::is_lowercase);
    let is_ending = !ending.is_empty()
        && is_small
        && match language.code() {
            "az" | "tr" => suffix::is_ending(None, &ending, language),
            "en" => matches!(joint, '\'' | '’') && ending == "s",
            "ru" => joint == '-' && ending.chars().count() <= 3,
            _ => false,
        };
    if is_ending { (Some(ending), end + joint.len_utf8() + length) } else { (None, end) }
}

/// Folds a word; Azerbaijani in Cyrillic letters is written in Latin ones.
fn folded(word: &str, language: Language) -> String {
    let is_azerbaijani = language.code() == "az";
    let folded = fold(word, if is_azerbaijani { Language::AZ } else { language });
    if is_azerbaijani && is_cyrillic(&folded) {
        return language::to_latin(&folded);
    }
    folded
}

/// Says whether a text has Cyrillic letters.
fn is_cyrillic(text: &str) -> bool {
    text.chars().any(|c| ('\u{400}'..='\u{52F}').contains(&c))
}

fn is_acronym(word: &str) -> bool {
    let letters = word.chars().count();
    (2..=LONGEST_ACRONYM).contains(&letters)
        && word.chars().all(|c| c.is_uppercase() || c.is_numeric())
        && word.chars().any(char::is_uppercase)
}

/// Takes the possessive ending of the third person off a word of at least five letters: `birliyi` to `birlik`.
fn without_possessive(word: &str, language: Language) -> Option<String> {
    if !suffix::has_endings(language) || word.chars().count() < 5 {
        return None;
    }
    let stem = word.strip_suffix(['ı', 'i', 'u', 'ü'])?;
    let stem = match stem
        .strip_suffix('s')
        .filter(|stem| stem.ends_with(['a', 'ə', 'e', 'ı', 'i', 'o', 'ö', 'u', 'ü']))
    {
        Some(vowel) => vowel.to_owned(),
        None => match stem.chars().next_back()? {
            'ğ' => format!("{}q", stem.strip_suffix('ğ')?),
            'y' => format!("{}k", stem.strip_suffix('y')?),
            _ => stem.to_owned(),
        },
    };
    (stem.chars().count() >= 4).then_some(stem)
}

/// Takes the case ending off a Russian noun or adjective; the longest that leaves three letters.
fn russian_stem(word: &str) -> &str {
    const ENDINGS: [&str; 44] = [
        "иями", "ями", "ами", "ого", "его", "ому", "ему", "ыми", "ими", "иях", "иям", "ией", "ую",
        "юю", "ая", "яя", "ое", "ее", "ые", "ие", "ых", "их", "ым", "им", "ый", "ий", "ой", "ей",
        "ом", "ем", "ов", "ев", "ам", "ям", "ах", "ях", "ия", "ии", "ию", "ью", "а", "я", "ь", "й",
    ];
    const SHORT: [&str; 6] = ["о", "е", "ы", "и", "у", "ю"];
    let ending = ENDINGS.iter().chain(&SHORT).find(|ending| word.ends_with(**ending));
    let stem = ending.and_then(|ending| word.strip_suffix(*ending)).unwrap_or(word);
    if stem.chars().count() >= 3 { stem } else { word }
}

/// Takes the plural ending off an English noun.
fn english_stem(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    let sibilant =
        ["sses", "shes", "ches", "xes"].into_iter().find(|ending| word.ends_with(ending));
    if sibilant.is_some() {
        return word[..word.len() - 2].to_owned();
    }
    let is_plural =
        word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    if is_plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::Mode;
    use super::*;

    fn surfaces<'t>(terms: &str, language: Language, text: &'t str) -> Vec<&'t str> {
        let csv = format!("{language}\n{}\n", terms.replace(';', "\n"));
        let (glossary, _) = Glossary::read_csv("g", &csv, Mode::Strict).unwrap();
        glossary.matcher(language).find(text).iter().map(|hit| hit.span.of(text)).collect()
    }

    #[test]
    fn azerbaijani_terms_are_found_under_inflection() {
        let az = |terms, text| surfaces(terms, Language::AZ, text);
        assert_eq!(az("İctimai Birliyi", "İCTİMAİ BİRLİYİNİN üzvü"), ["İCTİMAİ BİRLİYİNİN"]);
        assert_eq!(az("İctimai Birliyi", "yeni İctimai Birliklər"), ["İctimai Birliklər"]);
        assert_eq!(az("BMT", "BMT-nin, BMT, bmt, BMTX"), ["BMT-nin", "BMT"]);
        assert_eq!(
            az("SOS Uşaq Kəndləri", "\"SOS Uşaq Kəndləri\"nin rəhbəri"),
            ["SOS Uşaq Kəndləri\"nin"]
        );
        assert_eq!(az("Qadınlar Alyansı", "Qadınların Alyansında"), ["Qadınların Alyansında"]);
        assert_eq!(az("Senat", "senator, Senatda"), ["Senatda"]);
        assert_eq!(az("AB;Aİ", "ABŞ ailə AB-yə"), ["AB-yə"]);
    }

    #[test]
    fn quotation_marks_inside_a_name_do_not_hide_it() {
        let found = surfaces(
            "Road to School Public Union",
            Language::EN,
            "1.\"Road to School\" Public Union, Valizada",
        );
        assert_eq!(found, ["Road to School\" Public Union"]);
    }

    #[test]
    fn cyrillic_text_is_matched_by_latin_terms() {
        assert_eq!(
            surfaces("İctimai Birliyi", Language::AZ, "Иҹтимаи Бирлијинин"),
            ["Иҹтимаи Бирлијинин"]
        );
    }

    #[test]
    fn a_term_of_the_other_alphabet_does_not_stand_beside_one_of_the_texts_own() {
        let both = "concept,language,term\npu,az,İctimai Birliyi\npu,az-Cyrl,Иҹтимаи Бирлији\n";
        let found = |csv: &str, text: &str| -> Vec<(usize, HitKind)> {
            let (glossary, _) = Glossary::read_csv("g", csv, Mode::Strict).unwrap();
            let hits = glossary.matcher(Language::AZ).find(text);
            hits.iter().map(|hit| (hit.term, hit.how)).collect()
        };
        assert_eq!(found(both, "İctimai Birliyi"), [(0, HitKind::Exact)]);
        assert_eq!(found(both, "İCTİMAİ BİRLİYİ"), [(0, HitKind::Case)]);
        assert_eq!(found(both, "Иҹтимаи Бирлији"), [(1, HitKind::Exact)]);
        assert_eq!(found(both, "İctimai Birliyinin"), [(0, HitKind::Inflected)]);
        let cyrillic = both.replace("pu,az,İctimai Birliyi\n", "");
        assert_eq!(found(&cyrillic, "İctimai Birliyi"), [(0, HitKind::Script)]);
        let latin = both.replace("pu,az-Cyrl,Иҹтимаи Бирлији\n", "");
        assert_eq!(found(&latin, "Иҹтимаи Бирлији"), [(0, HitKind::Script)]);
    }

    #[test]
    fn russian_and_english_inflect_too() {
        assert_eq!(
            surfaces("Благотворительный фонд", Language::RU, "в Благотворительном фонде"),
            ["Благотворительном фонде"]
        );
        assert_eq!(
            surfaces("Public Union", Language::EN, "Public Unions and a Public Union's"),
            ["Public Unions", "Public Union's"]
        );
    }

    #[test]
    fn hits_inside_longer_ones_are_nested() {
        let csv = "az\nQırmızı Xaç\nBeynəlxalq Qırmızı Xaç Komitəsi\n";
        let (glossary, _) = Glossary::read_csv("g", csv, Mode::Strict).unwrap();
        let hits = glossary.matcher(Language::AZ).find("Beynəlxalq Qırmızı Xaç Komitəsinin");
        assert_eq!(hits.iter().map(|hit| hit.is_nested).collect::<Vec<_>>(), [false, true]);
    }

    proptest::proptest! {
        #[test]
        fn adding_a_term_never_hides_a_hit(text in "((Fond|İB|Qırmızı Xaç|-nin|ların|\"| |\\PC)){0,20}") {
            let read = |csv: &str| Glossary::read_csv("g", csv, Mode::Strict).unwrap().0;
            let few = read("az\nFond\nİB\n");
            let more = read("az\nFond\nİB\nQırmızı Xaç Fond\nFondu\n");
            let spans = |glossary: &Glossary| -> Vec<(usize, Span)> {
                glossary.matcher(Language::AZ).find(&text).iter().map(|hit| (hit.concept, hit.span)).collect()
            };
            let all = spans(&more);
            for hit in spans(&few) {
                proptest::prop_assert!(all.contains(&hit));
                proptest::prop_assert!(text.get(hit.1.range()).is_some());
            }
        }
    }
}
