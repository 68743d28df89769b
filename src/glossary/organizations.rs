//! The words of organizations' names: kinds of organization, roles, quotation marks, surnames.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::language;
use crate::model::{Language, Span};
use crate::text::suffix::{has_endings, is_form_of};
use crate::text::{Word, fold, skeleton, words};

/// How Azerbaijani and Russian surnames end, as skeletons: they tell a person from a name where no comma does.
const SURNAMES: [&str; 12] =
    ["ov", "ova", "ev", "eva", "zada", "zade", "li", "lu", "skii", "ski", "oglu", "gizi"];

/// What is known of the language of a list.
pub(super) struct Rules {
    language: Language,
    /// The kinds by their first word.
    kinds: FxHashMap<String, Vec<Kind>>,
    roles: Vec<String>,
    /// Small words inside names.
    joining: Vec<String>,
}

/// A kind of organization as a data file has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    /// Its words, folded.
    words: Vec<String>,
    class: &'static str,
    role: Role,
}

/// What a kind of organization is to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A legal form, which is no part of the name.
    Form,
    /// What an organization calls itself.
    Name,
    /// What a public body calls itself; such signs no appeals.
    State,
}

/// A word of a signatory.
pub(super) struct Token<'t> {
    pub(super) word: Word<'t>,
    pub(super) folded: String,
    pub(super) is_quoted: bool,
    /// What separates it from the word before it, outside quotation marks.
    pub(super) separator: Option<char>,
}

impl Token<'_> {
    pub(super) fn is_capital(&self) -> bool {
        self.word.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// A kind of organization among tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    first: usize,
    count: usize,
    pub(super) class: &'static str,
    pub(super) role: Role,
}

impl Match {
    pub(super) fn range(&self) -> Range<usize> {
        self.first..self.first + self.count
    }
}

impl Rules {
    pub(super) fn new(language: Language) -> Self {
        let written = |word: &str| language::written(&fold(word, language), language);
        let words = |written_so: &str| -> Vec<String> {
            words::tokens(written_so).iter().map(|word| written(word.text)).collect()
        };
        let mut kinds: FxHashMap<String, Vec<Kind>> = FxHashMap::default();
        // A name in another language keeps its kind: what English knows is known everywhere.
        for known in [language, Language::EN] {
            for row in
                language::data(known, "organizations.tsv").into_iter().flat_map(language::rows)
            {
                let words = words(row[1]);
                let Some(first) = words.first().cloned() else { continue };
                let entries = kinds.entry(first).or_default();
                let role = match row.get(2) {
                    Some(&"form") => Role::Form,
                    Some(&"state") => Role::State,
                    _ => Role::Name,
                };
                entries.push(Kind { words, class: row[0], role });
            }
        }
        let list = |file| {
            let rows = language::data(language, file).into_iter().flat_map(language::rows);
            rows.map(|row| written(row[0])).collect()
        };
        Self { language, kinds, roles: list("roles.txt"), joining: list("joining.txt") }
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    pub(super) fn tokens<'t>(&self, body: Span, text: &'t str) -> Vec<Token<'t>> {
        let quoted = quotations(body.of(text));
        let mut end = 0;
        let mut tokens = Vec::new();
        for word in words::tokens(body.of(text)) {
            let is_quoted = |at: usize| quoted.iter().any(|span| span.range().contains(&at));
            let gap = end..word.span.start;
            let marks = body.of(text)[gap.clone()].char_indices();
            let separator = marks
                .filter(|(at, mark)| {
                    is_separator(*mark, &body.of(text)[gap.clone()]) && !is_quoted(gap.start + at)
                })
                .map(|(_, mark)| mark)
                .max_by_key(|mark| *mark == ';');
            end = word.span.end;
            let span = word.span.shifted(body.start);
            tokens.push(Token {
                folded: fold(word.text, self.language),
                is_quoted: is_quoted(word.span.start),
                separator,
                word: Word { text: span.of(text), span },
            });
        }
        tokens
    }

    /// Returns the kind of organization that tokens name, outside quotation marks or inside.
    pub(super) fn best_kind(&self, tokens: &[Token<'_>], inside: bool) -> Option<Match> {
        // Where the head of a name does not come last, it comes before the first small word: `Alliance for Civil Society`.
        let small = tokens.iter().skip(1).position(|token| !token.is_capital());
        let head = match has_endings(self.language) {
            true => tokens.len(),
            false => small.map_or(tokens.len(), |place| place + 1),
        };
        let mut best: Option<Match> = None;
        for (first, token) in tokens.iter().enumerate() {
            for Kind { words, class, role } in self.kinds_at(&token.folded) {
                let own = tokens.get(first..first + words.len());
                let Some(own) = own.filter(|own| own.iter().all(|t| t.is_quoted == inside)) else {
                    continue;
                };
                let is_acronym = words.len() == 1 && words[0].chars().count() <= 3;
                let fits = own.iter().zip(words).enumerate().all(|(at, (token, word))| {
                    token.folded == *word
                        || (at + 1 == words.len() && is_form_of(&token.folded, word, self.language))
                });
                let is_written_so =
                    !is_acronym || token.word.text.chars().all(|c| !c.is_lowercase());
                if !fits || !(token.is_capital() || *role == Role::Form) || !is_written_so {
                    continue;
                }
                let found = Match { first, count: words.len(), class, role: *role };
                let rank =
                    |found: &Match| (found.role == Role::Form, found.first < head, found.count);
                if best.as_ref().is_none_or(|best| rank(&found) >= rank(best)) {
                    best = Some(found);
                }
            }
        }
        best
    }

    /// Returns the kinds that may begin with a word.
    fn kinds_at(&self, word: &str) -> impl Iterator<Item = &Kind> {
        let exact = self.kinds.get(word).into_iter().flatten();
        // A kind of one word may stand with an ending.
        let inflected = self.kinds.iter().filter(move |(base, _)| {
            base.as_str() != word && is_form_of(word, base, self.language)
        });
        let mut inflected: Vec<_> =
            inflected.flat_map(|(_, kinds)| kinds).filter(|kind| kind.words.len() == 1).collect();
        inflected.sort_unstable();
        exact.chain(inflected)
    }

    /// Returns where a kind of organization stands, without the ending of its last word.
    pub(super) fn without_ending(&self, tokens: &[Token<'_>], kind: Range<usize>) -> Span {
        let whole = spanning(&tokens[kind.clone()]);
        let last = &tokens[kind.end - 1];
        let forms = self.kinds.values().flatten();
        let bases = forms
            .filter(|form| form.words.len() == kind.len())
            .filter_map(|form| form.words.last());
        // A softened stem is not the beginning of its forms, and stays as it is.
        let base = bases
            .filter(|base| last.folded.starts_with(base.as_str()))
            .max_by_key(|base| base.len());
        let letters = base.map_or(usize::MAX, |base| base.chars().count());
        let kept: usize = last.word.text.chars().take(letters).map(char::len_utf8).sum();
        Span::new(whole.start, last.word.span.start + kept)
    }

    /// Says whether a word is a legal form or another kind of organization.
    pub(super) fn is_kind(&self, folded: &str) -> bool {
        self.kinds.get(folded).is_some_and(|all| all.iter().any(|kind| kind.words.len() == 1))
    }

    /// Says whether a word may stand small inside a name.
    pub(super) fn is_joining(&self, folded: &str) -> bool {
        self.joining.iter().any(|word| word == folded)
    }

    /// Says whether a word ends as surnames do.
    pub(super) fn has_surname(&self, tokens: &[Token<'_>]) -> bool {
        tokens.iter().any(|token| {
            let sound = skeleton(token.word.text, self.language);
            SURNAMES.iter().any(|end| sound.len() > end.len() + 2 && sound.ends_with(end))
        })
    }

    /// Says whether tokens name a role and nothing else.
    pub(super) fn is_role(&self, tokens: &[Token<'_>]) -> bool {
        let is_role = |token: &Token<'_>| {
            !token.is_quoted
                && self.roles.iter().any(|role| {
                    *role == token.folded || is_form_of(&token.folded, role, self.language)
                })
        };
        tokens.iter().all(is_role)
    }
}

pub(super) fn spanning(tokens: &[Token<'_>]) -> Span {
    let start = tokens.first().map_or(0, |token| token.word.span.start);
    Span::new(start, tokens.last().map_or(start, |token| token.word.span.end))
}

pub(super) fn is_quote(mark: char) -> bool {
    matches!(mark, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″')
}

/// Says whether a mark between two words separates the parts of a signatory; a hyphen does with white space around it.
fn is_separator(mark: char, gap: &str) -> bool {
    match mark {
        ',' | ';' | ':' | '(' | ')' | '|' | '/' | '—' | '\t' => true,
        '-' | '–' | '\u{2011}' => gap.chars().any(char::is_whitespace),
        _ => false,
    }
}

/// Returns what stands in quotation marks, from the first mark to the next of its kind; two apostrophes are a mark. One that is
/// not closed counts for nothing.
fn quotations(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    let mut before = None;
    for (at, mark) in text.char_indices() {
        let is_apostrophe = matches!(mark, '\'' | '’');
        let first = before.take();
        let start = match first {
            Some(first) if is_apostrophe => first,
            _ if is_quote(mark) => at,
            _ => {
                before = is_apostrophe.then_some(at);
                continue;
            }
        };
        let is_angle = matches!(mark, '«' | '»');
        match open {
            Some((from, was_angle)) if was_angle == is_angle => {
                found.push(Span::new(from, start));
                open = None;
            }
            Some(_) => {}
            None => open = Some((at + mark.len_utf8(), is_angle)),
        }
    }
    found
}
