//! Finds the terms of a glossary in a text, with endings.
//!
//! A term is a row of words and stands where as many tokens in a row are forms of them; only blanks, quotation marks and
//! the term's own marks may lie between, so `"Road to School" Public Union` is found by `Road to School Public Union`.
//! **Every** word may carry an ending, which covers inner genitives (`Birliyin İdarə Heyəti`); the last one may also drop
//! its possessive (`Liqa`, `Liqası`).
//!
//! An acronym matches in its own case only, alone or with a joined ending: `AB` is no start of `ABŞ`.
//!
//! A text is read once for all terms: each token goes down a tree of letters ([`vocabulary`](super::vocabulary)) that
//! says which words it is a form of, then the words in a row go down a tree of words. So the time depends on the text and
//! on what is found in it, hardly on the size of the glossary. An Aho–Corasick automaton over the letters is several
//! times as fast (`benches/terms.rs` has the figures), but finds letters, not forms: which endings may follow, whether
//! the stem softened and what case the text has would all have to be looked at again at each of its many hits, of which
//! the beginnings of other words are most.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Glossary;
use super::near;
use super::token::{Tokens, is_cyrillic};
use super::vocabulary::{Collector, Form, Vocabulary, Word, is_acronym};
use crate::model::{HitKind, Language, Span, Term, TermHit, TermType};
use crate::text::suffix;

/// Bytes that may lie between two words of a term, the blanks that a new line begins with not counted.
const LONGEST_GAP: usize = 8;

/// Finds the terms of one language.
#[derive(Debug)]
pub struct Matcher<'g> {
    glossary: &'g Glossary,
    language: Language,
    vocabulary: Vocabulary<'g>,
    phrases: Phrases,
    /// Whether a term has Cyrillic letters.
    has_cyrillic: bool,
}

/// The terms as rows of words, a tree.
#[derive(Debug)]
struct Phrases {
    next: FxHashMap<(u32, u32), u32>,
    /// The terms that end at each node: concept and term.
    ends: Vec<Vec<(usize, usize)>>,
}

impl Phrases {
    /// The node where every row begins.
    const ROOT: u32 = 0;

    fn add(&mut self, words: &[u32], term: (usize, usize)) {
        let mut node = Self::ROOT;
        for word in words {
            let new = u32::try_from(self.ends.len()).expect("fewer words than bytes of memory");
            node = *self.next.entry((node, *word)).or_insert(new);
            if node == new {
                self.ends.push(Vec::new());
            }
        }
        self.ends[node as usize].push(term);
    }
}

/// What the search of one text knows.
struct Search<'s, 't> {
    tokens: Tokens<'t>,
    /// The words that the tokens are forms of, and where those of each token begin.
    forms: Vec<Form>,
    starts: Vec<usize>,
    hits: &'s mut Vec<TermHit>,
}

/// Says whether a character may stand between the words of a term wherever it stands.
fn joins(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '-' | '’' | '\'')
}

impl<'g> Matcher<'g> {
    /// Makes a matcher for the terms of a language; Azerbaijani terms are found in both alphabets.
    pub(super) fn new(glossary: &'g Glossary, language: Language) -> Self {
        let mut collector = Collector::new();
        let mut phrases = Phrases { next: FxHashMap::default(), ends: vec![Vec::new()] };
        let mut has_cyrillic = false;
        let mut words = Vec::new();
        for (concept, entry) in glossary.concepts.iter().enumerate() {
            for (place, term) in entry.terms.iter().enumerate() {
                if !term.language.is_same_language(language) {
                    continue;
                }
                let tokens: Tokens<'g> = Tokens::of(&term.text, language);
                words.clear();
                words.extend(
                    (0..tokens.len())
                        .map(|at| collector.number(word(term, &tokens, at), tokens.folded(at))),
                );
                has_cyrillic |= tokens.has_cyrillic();
                if !words.is_empty() {
                    phrases.add(&words, (concept, place));
                }
            }
        }
        let vocabulary = collector.vocabulary(language);
        Self { glossary, language, vocabulary, phrases, has_cyrillic }
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
        self.search(text, false)
    }

    /// Returns what [`Matcher::find`] does, and where a misspelt term stands ([`HitKind::Near`]): a letter or two too many,
    /// missing, wrong or swapped in words of five letters and more. A near hit never overlaps another hit of its concept, and
    /// lies inside no hit that is not near.
    ///
    /// # Example
    /// ```
    /// use qosha::{glossary::{Glossary, Mode}, model::{HitKind, Language}};
    /// let (glossary, _) = Glossary::read_csv("g", "en,az\nPublic Union,İctimai Birliyi\n", Mode::Strict).unwrap();
    /// let hits = glossary.matcher(Language::AZ).find_near("Ictimai Birliyinin sədri");
    /// assert_eq!((hits[0].how, hits[0].edits), (HitKind::Near, 1));
    /// ```
    pub fn find_near(&self, text: &str) -> Vec<TermHit> {
        self.search(text, true)
    }

    fn search(&self, text: &str, is_near_asked: bool) -> Vec<TermHit> {
        let mut hits = Vec::new();
        if self.phrases.next.is_empty() {
            return hits;
        }
        let tokens = Tokens::of(text, self.language);
        let mut forms = Vec::new();
        let mut starts = Vec::with_capacity(tokens.len() + 1);
        let mut known = FxHashMap::default();
        for at in 0..tokens.len() {
            let first = forms.len();
            starts.push(first);
            self.vocabulary.forms(&tokens, at, &mut forms);
            if is_near_asked {
                self.vocabulary.near(&tokens, at, first, &mut known, &mut forms);
            }
        }
        starts.push(forms.len());
        let mut search = Search { tokens, forms, starts, hits: &mut hits };
        for at in 0..search.tokens.len() {
            self.follow(&mut search, Phrases::ROOT, at, at, (HitKind::Exact, 0));
        }
        if self.has_cyrillic || search.tokens.has_cyrillic() {
            self.prefer_own_alphabet(text, &mut hits);
        }
        if is_near_asked {
            near::settle(&mut hits);
        }
        hits.sort_by_key(|hit| {
            (hit.span.start, std::cmp::Reverse(hit.span.end), hit.concept, hit.term)
        });
        let mut longest: Option<Span> = None;
        for hit in &mut hits {
            hit.is_nested = longest.is_some_and(|span| span != hit.span && span.contains(hit.span));
            if hit.edits == 0 && longest.is_none_or(|span| hit.span.end > span.end) {
                longest = Some(hit.span);
            }
        }
        hits
    }

    /// Follows the terms that begin at the token `from` and have come to a node before the token `at`; keeps those that end
    /// there. `so_far` is how the words so far differ, and by how many edits.
    fn follow(
        &self,
        search: &mut Search<'_, '_>,
        node: u32,
        from: usize,
        at: usize,
        so_far: (HitKind, u8),
    ) {
        if at == search.tokens.len() {
            return;
        }
        for form in search.starts[at]..search.starts[at + 1] {
            let Form { word, how, edits } = search.forms[form];
            let Some(next) = self.phrases.next.get(&(node, word)) else { continue };
            let before = search.tokens.before(at);
            if at > from && !is_gap(before, &self.vocabulary.word(word).marks_before) {
                continue;
            }
            let (how, edits) = (so_far.0.max(how), so_far.1 + edits);
            if edits > near::MOST_EDITS {
                continue;
            }
            let ends = &self.phrases.ends[*next as usize];
            let is_refused = at == from
                && match how {
                    HitKind::Inflected => self.is_adjective(search, word, at),
                    // A small word by itself has too many neighbours that are words.
                    HitKind::Near => {
                        self.vocabulary.word(word).written.starts_with(char::is_lowercase)
                    }
                    _ => false,
                };
            if !is_refused {
                let start = search.tokens.span(from).start;
                let span = Span::new(start, search.tokens.span(at).end);
                search.hits.extend(ends.iter().map(|(concept, term)| TermHit {
                    concept: *concept,
                    term: *term,
                    span,
                    how,
                    edits,
                    is_nested: false,
                }));
            }
            self.follow(search, *next, from, at + 1, (how, edits));
        }
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

    /// Says whether a term of one word with a bare possessive vowel opens a name of its own: `Mərkəzi Bank` names no
    /// `Mərkəz`, while `Gənclər Mərkəzi` does.
    fn is_adjective(&self, search: &Search<'_, '_>, word: u32, at: usize) -> bool {
        let tokens = &search.tokens;
        let rest = tokens.folded(at).strip_prefix(self.vocabulary.folded(word));
        if !suffix::has_endings(self.language)
            || !rest.is_some_and(|rest| matches!(rest, "ı" | "i" | "u" | "ü"))
        {
            return false;
        }
        let is_capital = |at: usize| tokens.base(at).starts_with(char::is_uppercase);
        let opens = at + 1 < tokens.len()
            && is_capital(at + 1)
            && tokens.before(at + 1).chars().all(char::is_whitespace);
        let is_led = at > 0 && {
            let between = tokens.before(at);
            between.chars().all(|c| c.is_whitespace() || matches!(c, '"' | '”' | '»' | '“'))
                && (is_capital(at - 1) || !between.trim().is_empty())
        };
        is_capital(at) && opens && !is_led
    }
}

/// Returns a word of a term.
fn word<'g>(term: &'g Term, tokens: &Tokens<'g>, at: usize) -> Word<'g> {
    let written = tokens.base(at);
    Word {
        written,
        marks_before: tokens.before(at).chars().filter(|c| !joins(*c)).collect(),
        ending: tokens.ending(at).map(str::to_owned),
        is_acronym: is_acronym(written) || (term.kind == TermType::Acronym && tokens.len() == 1),
        is_case_exact: term.is_case_exact,
        is_inflected: term.is_inflected,
        drops_possessive: at > 0 && at + 1 == tokens.len(),
    }
}

/// Says whether what stands between two words of a text may lie between two of a term that have `marks` between them.
/// `Read! Now! Union` is written with its marks, or without.
fn is_gap(between: &str, marks: &str) -> bool {
    if between == " " {
        return true;
    }
    let lines = between.matches('\n').count();
    // The blanks that a line begins with are none that part the words.
    let wide = match between.split_once('\n') {
        Some((end, begin)) => end.len() + begin.trim_start().len(),
        None => between.len(),
    };
    let mut written = between.chars().filter(|c| !joins(*c)).peekable();
    let fits = written.peek().is_none() || written.eq(marks.chars());
    lines < 2 && wide <= LONGEST_GAP && fits
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
