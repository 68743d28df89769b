//! The ordered list of rules that decide a final mark. The first rule that has something to say decides.
//!
//! A rule looks at what stands left of the mark (the token that touches it, the word before), at the mark and what closes
//! with it, and at what follows. It says `Some(true)` for a boundary, `Some(false)` for none, `None` for no opinion. The
//! method, a scanner with word tables rather than a stack of expressions, is what the best measured peers share.

use std::cell::OnceCell;

use super::letters::{digit, is_letter, is_lower, is_upper, is_word};
use super::sentences::nearby;
use super::tables::{Abbreviation, Tables};

/// What the mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A single full stop.
    Stop,
    /// A mark with `!` or `?` in it.
    Strong,
    /// Two or more stops.
    Ellipsis,
}

impl Mark {
    pub(super) fn of(marks: &str) -> Self {
        match marks {
            "." | "。" | "۔" | "։" | ":" => Self::Stop,
            _ if marks.contains(['!', '?', '！', '？', '؟', '‼', '⁉']) => Self::Strong,
            _ => Self::Ellipsis,
        }
    }
}

/// The fewest letters of a word that ends a sentence before a small letter: unknown abbreviations are shorter.
const LEAST_WORD: usize = 4;

/// The most bytes of a list marker with what may stand before it.
const MARKER_BYTES: usize = 40;

/// The most words of an opening such as `Mr. Ali, M.D.`.
const OPENING_WORDS: usize = 3;

/// The most words of a phrase that opens a sentence and begins with a preposition: `On the Monday before, at 6 a.m.`.
const PHRASE_WORDS: usize = 9;

/// What a rule may look at.
#[derive(Debug)]
pub(super) struct Context<'t> {
    pub(super) tables: &'t Tables,
    /// The class of the abbreviation that the token is, once it has been asked for.
    pub(super) class: OnceCell<Option<Abbreviation>>,
    /// The run of marks.
    pub(super) marks: &'t str,
    pub(super) kind: Mark,
    /// Closing quotes, brackets and reference marks behind the mark.
    pub(super) closing: &'t str,
    /// Letters, digits and inner stops that touch the mark.
    pub(super) token: &'t str,
    /// The word before the token, where only blanks stand between.
    pub(super) before: &'t str,
    /// Whether the last thing that closes is a smile.
    pub(super) closes_with_smile: bool,
    /// Whether white space follows.
    pub(super) is_spaced: bool,
    /// Whether what follows begins with an opening quote or bracket.
    pub(super) opened: bool,
    /// Whether what follows, behind opening marks, begins with a dash.
    pub(super) has_dash: bool,
    /// The first character behind opening marks, dashes and blanks.
    pub(super) next: Option<char>,
    /// The first character that follows, whatever it is.
    pub(super) first: Option<char>,
    /// The word that begins with `next`.
    pub(super) next_word: &'t str,
    /// The character behind that word.
    pub(super) second: Option<char>,
    /// The segment so far, without the mark.
    pub(super) so_far: &'t str,
    /// Whether the token is the next number of the running list.
    pub(super) is_next_number: bool,
    /// Whether the next item of the running list follows.
    pub(super) continues_list: bool,
}

impl Context<'_> {
    fn next_is_upper(&self) -> bool {
        self.next.is_some_and(is_upper) || self.next_is_brand()
    }

    fn next_is_lower(&self) -> bool {
        self.next.is_some_and(is_lower) && !self.next_is_brand()
    }

    /// Names such as `eHow` and `iPhone` keep their small letter where a capital is due.
    fn next_is_brand(&self) -> bool {
        let mut letters = self.next_word.chars();
        letters.next().is_some_and(is_lower)
            && letters.any(is_upper)
            && self.next_word.chars().next_back().is_some_and(is_lower)
    }

    /// Says whether the token is a word by itself, and no abbreviation: long enough, or one that opens sentences.
    fn token_is_word(&self) -> bool {
        let length = self.token.chars().count();
        (length >= LEAST_WORD || length > 1 && self.tables.is_starter(self.token))
            && self.token.chars().all(is_letter)
            && self.tables.is_written_hastily()
    }

    fn next_is_digit(&self) -> bool {
        self.next.is_some_and(char::is_numeric)
    }

    /// Letters of an alphabet without case (Georgian, Arabic, Hebrew, Chinese) can open a sentence as a capital does.
    fn next_has_no_case(&self) -> bool {
        self.next.is_some_and(|c| is_letter(c) && !is_lower(c) && !is_upper(c))
    }

    /// Says whether a sentence could begin with what follows.
    fn next_opens(&self) -> bool {
        self.next_is_upper() || self.next_has_no_case()
    }

    fn next_is_starter(&self) -> bool {
        // `А. В. Иванов`: an initial, though the letter is a word too.
        let is_initial = self.second == Some('.') && self.next_word.chars().nth(1).is_none();
        self.next_opens() && !is_initial && self.tables.is_starter(self.next_word)
    }

    /// Says whether the sentence goes into a new one that begins with a small letter, as in hasty mail: only a plain word
    /// may stand before the mark, and a plain word behind it.
    fn is_careless(&self) -> bool {
        self.closing.is_empty()
            && !self.opened
            && !self.has_dash
            && self.class().is_none()
            && self.next_word.chars().all(|c| is_lower(c) || matches!(c, '\'' | '’' | '-'))
            && !matches!(self.second, Some('.' | '/' | '@'))
    }

    fn class(&self) -> Option<Abbreviation> {
        *self.class.get_or_init(|| {
            let class = self.tables.abbreviation(self.token, self.before);
            // `dall'art. 28`: what stands behind an elided word.
            let elided = || {
                let (_, rest) = self.token.rsplit_once(['\'', '’'])?;
                (rest.len() > 1).then(|| self.tables.abbreviation(rest, ""))?
            };
            class.or_else(elided)
        })
    }

    fn token_is_number(&self) -> bool {
        !self.token.is_empty() && self.token.chars().all(|c| digit(c).is_some())
    }
}

type Rule = fn(&Context<'_>) -> Option<bool>;

/// The rules by name, in order.
const RULES: [(&str, Rule); 26] = [
    ("no space", no_space),
    ("smile", smile),
    ("Armenian stop", armenian_stop),
    ("speech goes on", speech_goes_on),
    ("title with year", titled_year),
    ("strong mark", strong_mark),
    ("ellipsis", ellipsis),
    ("bracket goes on", bracket_goes_on),
    ("next list item", next_list_item),
    ("list marker", list_marker),
    ("may-end abbreviation", may_end),
    ("Russian year", russian_year),
    ("spaced abbreviation", spaced_abbreviation),
    ("time or degree", time_or_degree),
    ("with a figure", with_figure),
    ("title", never),
    ("abbreviation", number),
    ("initial", initial),
    ("single small letter", small_initial),
    ("address", address),
    ("Roman numeral", roman),
    ("ordinal", ordinal),
    ("sentence in brackets", bracketed),
    ("small letter", small_letter),
    ("mark goes on", mark_goes_on),
    ("full stop", |_| Some(true)),
];

/// Decides a candidate; returns whether it is a boundary and the rule that said so.
pub(super) fn decide(context: &Context<'_>) -> (bool, &'static str) {
    for (name, rule) in RULES {
        if let Some(boundary) = rule(context) {
            return (boundary, name);
        }
    }
    (true, "full stop")
}

/// Without white space a mark ends a sentence only between a word and a capitalised word: `clear.Families`.
fn no_space(c: &Context<'_>) -> Option<bool> {
    if c.is_spaced {
        return None;
    }
    if c.continues_list {
        return Some(true);
    }
    let small = c.token.chars().rev().take_while(|c| is_lower(*c)).count();
    // `since April 6.Families`, but not the list marker of `; 6.Families`.
    let is_number = c.token_is_number() && !c.before.is_empty() && !c.is_next_number;
    let is_plain = !c.token.contains(['.', '/']);
    let is_word = match c.kind {
        // `anymore....They`
        Mark::Ellipsis => c.marks.len() > 2 && small >= 2 && is_plain,
        _ => (small >= 3 && is_plain || is_number) && c.marks.chars().count() == 1,
    };
    // `has it?how`, but not `watch?v=d46`.
    if c.kind == Mark::Strong && small >= 2 && is_plain && c.closing.is_empty() && c.next_is_lower()
    {
        return Some(c.is_careless() && c.second.is_none_or(char::is_whitespace));
    }
    let mut following = c.next_word.chars();
    let is_capitalised = following.next().is_some_and(is_upper)
        && following.next().is_some_and(is_lower)
        // A name of a file or a host goes on with a stop: `README.Debian.gz`.
        && !matches!(c.second, Some('.' | '@'))
        && !c.next_word.contains('-');
    Some(is_word && is_capitalised && c.closing.is_empty() && !c.has_dash)
}

/// A smile behind a mark ends the sentence with it: `I do not know. :) maybe`.
fn smile(c: &Context<'_>) -> Option<bool> {
    c.closes_with_smile.then_some(true)
}

/// A title that ends in a mark has its year behind it: `the film Viva Maria! (1965)`.
fn titled_year(c: &Context<'_>) -> Option<bool> {
    let is_year = c.first == Some('(') && c.next_word.len() == 4 && c.second == Some(')');
    (is_year && c.next_is_digit()).then_some(false)
}

/// `!` and `?` end a sentence unless it goes on in small letters or with a comma.
fn strong_mark(c: &Context<'_>) -> Option<bool> {
    if c.kind != Mark::Strong {
        return None;
    }
    if matches!(c.first, Some(',' | ';' | ':')) || c.next == Some('.') {
        return Some(false);
    }
    let goes_on = c.so_far.ends_with(',') || c.marks.contains(['…', '.']);
    Some(!c.next_is_lower() || !goes_on && c.is_careless())
}

/// An ellipsis ends a sentence before a capital.
fn ellipsis(c: &Context<'_>) -> Option<bool> {
    if c.kind != Mark::Ellipsis {
        return None;
    }
    // At the start of a segment it stands for what was left out.
    if c.so_far.is_empty() {
        return Some(false);
    }
    // `the thing is . . . I did not mean it`: the pronoun is no sign of a start.
    if c.marks.contains(' ') && c.next_word == "I" && c.tables.language.code() == "en" {
        return Some(false);
    }
    let is_long = c.marks != "..";
    Some(
        c.next_is_upper()
            || c.next_has_no_case()
            || (is_long && c.next_is_digit() && !c.token_is_number()),
    )
}

/// A sentence in brackets inside another one goes on in small letters.
fn bracket_goes_on(c: &Context<'_>) -> Option<bool> {
    (c.closing.ends_with([')', ']']) && c.next_is_lower()).then_some(false)
}

/// Behind the end of a list item the next one follows.
fn next_list_item(c: &Context<'_>) -> Option<bool> {
    (c.continues_list && !c.token_is_number()).then_some(true)
}

/// A short number that opens the segment is a list marker; so are a Roman one and a single small letter.
fn list_marker(c: &Context<'_>) -> Option<bool> {
    // Nothing longer is a marker, however many marks stand before it.
    if !matches!(c.closing, "" | ")") || c.so_far.len() > MARKER_BYTES {
        return None;
    }
    let bare = c.so_far.trim_start_matches(|c: char| !is_word(c));
    let is_number = c.token_is_number() && c.token.chars().count() <= 3 || is_section(c.token);
    let mut letters = c.token.chars();
    let is_letter = letters.next().is_some_and(is_lower) && letters.next().is_none();
    let is_marker = is_number || is_letter || is_roman_numeral(c.token);
    (is_marker && bare == c.token).then_some(false)
}

/// Says whether a token is a section number such as `2.1`.
fn is_section(token: &str) -> bool {
    token.contains('.')
        && token
            .split('.')
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

/// `etc.`, `və s.`, `a.m.`: the end of a sentence before a capital.
fn may_end(c: &Context<'_>) -> Option<bool> {
    if c.class()? != Abbreviation::MayEnd {
        return None;
    }
    // `2:00 p.m. (CDT)`
    if c.first == Some('(') {
        return Some(false);
    }
    if c.next_is_digit() {
        return Some(c.opened);
    }
    if !c.next_opens() {
        return Some(false);
    }
    // A dotted form stands before names too: `U.S. President`, `a.m. Monday`.
    let is_dotted = c.token.contains('.');
    if is_dotted && c.closing.is_empty() && !c.opened {
        return Some(c.next_is_starter() || c.next_has_no_case());
    }
    // Company forms stand before names as often as at the end.
    let is_capitalised = c.token.starts_with(is_upper);
    Some(!is_capitalised || c.opened || c.next_is_starter() || !c.closing.is_empty())
}

/// `2020 г.` and `1941—1945 гг.` end a sentence before a capital.
fn russian_year(c: &Context<'_>) -> Option<bool> {
    if c.tables.language.code() != "ru" || !matches!(c.token, "г" | "гг") {
        return None;
    }
    let is_year = c.before.len() >= 4 && c.before.ends_with(|c: char| c.is_ascii_digit());
    is_year.then(|| c.next_is_upper())
}

/// Titles never end a sentence.
fn never(c: &Context<'_>) -> Option<bool> {
    (c.class()? == Abbreviation::Never && c.closing.is_empty()).then_some(false)
}

/// `5 p.m.`, `200 B.C.`, `a Ph.D.` end a sentence before any capital, unless they stand in its first words
/// (`At 5 a.m. Mr. Smith went`) or a zone of time follows (`5 p.m. EST`).
fn time_or_degree(c: &Context<'_>) -> Option<bool> {
    if c.class()? != Abbreviation::End {
        return None;
    }
    if !c.next_opens() || c.first == Some('(') {
        return Some(c.opened && c.first != Some('(') && c.next_is_digit());
    }
    // `He noted: In 44 B.C. Caesar …` opens behind the colon.
    let phrase = nearby(c.so_far).rsplit(": ").next().unwrap_or_default();
    let most = match phrase.split_whitespace().next() {
        Some(word) if c.tables.is_preposition(word) => PHRASE_WORDS,
        _ => OPENING_WORDS,
    };
    let is_whole = phrase.len() == c.so_far.len() || phrase.len() < nearby(c.so_far).len();
    let opens = is_whole && phrase.split_whitespace().take(most + 1).count() <= most;
    let is_zone = c.next_word.chars().count() > 1 && c.next_word.chars().all(is_upper);
    Some(c.next_is_starter() || c.opened || !c.closing.is_empty() || !opens && !is_zone)
}

/// `5 ft.` is a unit, `come in.` the end of a sentence; `No. 5` is a number, `Oh, no.` none.
fn with_figure(c: &Context<'_>) -> Option<bool> {
    let is_used = match c.class()? {
        Abbreviation::Unit => c.before.ends_with(|c: char| c.is_numeric()),
        Abbreviation::Figure => {
            let is_letter = c.next_is_upper() && c.next_word.chars().count() == 1;
            c.next_is_digit() || (is_roman_numeral(c.next_word) || is_letter) && c.next_word != "I"
        }
        _ => return None,
    };
    if !is_used || !c.closing.is_empty() {
        return None;
    }
    let next_is_abbreviation = c.tables.abbreviation(c.next_word, "").is_some();
    let is_unit = c.class() == Some(Abbreviation::Unit);
    Some(is_unit && c.next_opens() && !(next_is_abbreviation && c.second == Some('.')))
}

/// Units, months and addresses end a sentence before a word that opens sentences.
fn number(c: &Context<'_>) -> Option<bool> {
    if c.class()? != Abbreviation::Number || !c.closing.is_empty() {
        return None;
    }
    let is_single = c.token.chars().count() == 1;
    Some(c.next_is_starter() && !is_single && !c.opened)
}

/// A capital by itself, or capitals joined by stops, before a name: `Ə.B. Hüseynov`, `N. Gasimov`.
fn initial(c: &Context<'_>) -> Option<bool> {
    if !c.closing.is_empty() || c.token.is_empty() {
        return None;
    }
    let parts = c.token.split(['.', '-']);
    let is_initials = c.token.split(['.', '-']).all(|part| {
        let mut letters = part.chars();
        // Letters without case are initials too: `م.ر. روشن‌دل`, `ა. მთისძე`.
        let is_capital = letters.next().is_some_and(|c| is_letter(c) && !is_lower(c));
        let is_whole = letters.as_str().is_empty();
        // Yu. and Ya. are initials of Russian names.
        let is_pair = letters.next().is_some_and(is_lower) && letters.next().is_none();
        is_capital && (is_whole || is_pair && c.token.contains('.'))
    });
    if !is_initials {
        return None;
    }
    // `you and I.` ends a sentence, `Albert I. Jones` does not.
    let is_pronoun =
        c.token == "I" && c.tables.language.code() == "en" && !c.before.starts_with(is_upper);
    if is_pronoun {
        return Some(c.next_is_upper());
    }
    if !c.next_is_upper() {
        return Some(false);
    }
    let is_single = parts.count() == 1;
    let is_letter_word = is_single && matches!(c.next_word, "A" | "I");
    Some(c.next_is_starter() && !is_letter_word)
}

/// A single small letter is an abbreviation: `(b. March 2009)`, `m. 1949`.
fn small_initial(c: &Context<'_>) -> Option<bool> {
    let mut letters = c.token.chars();
    let is_small = letters.next().is_some_and(is_lower) && letters.next().is_none();
    // `u` and `o` are words of Turkic languages: only behind a bracket or a semicolon.
    let left = c.so_far.strip_suffix(c.token).unwrap_or_default().trim_end();
    (is_small && left.ends_with(['(', ';', '*', '†']) && c.closing.is_empty()).then_some(false)
}

/// An address of the web behind the end of a sentence begins a new one: `It is on our page. http://…`.
fn address(c: &Context<'_>) -> Option<bool> {
    matches!(c.next_word, "http" | "https" | "www").then_some(c.is_spaced)
}

/// A sentence in brackets may begin with a small letter: `a young bird. (the younger the better)`.
fn bracketed(c: &Context<'_>) -> Option<bool> {
    (c.first == Some('(') && c.next_is_lower()).then_some(c.token_is_word() && c.closing.is_empty())
}

/// A Roman numeral goes on in small letters: `XX. əsr`.
fn roman(c: &Context<'_>) -> Option<bool> {
    (is_roman_numeral(c.token) && c.next_is_lower()).then_some(false)
}

fn is_roman_numeral(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b"IVXLC".contains(&b))
}

/// A number with a stop is an ordinal: in German before anything that a date or a rank can be, elsewhere before a small
/// letter.
fn ordinal(c: &Context<'_>) -> Option<bool> {
    if !c.token_is_number() || !c.closing.is_empty() {
        return None;
    }
    if c.next_is_lower() {
        return Some(false);
    }
    let is_short = c.token.len() <= 2;
    (c.tables.writes_ordinals_with_stop() && is_short && !c.next_is_starter()).then_some(false)
}

/// A sentence does not go on in small letters, except behind a dash, nor before a comma.
fn small_letter(c: &Context<'_>) -> Option<bool> {
    c.next_is_lower().then_some(c.token_is_word() && c.is_careless())
}

/// The full stop of Armenian is `:`; its `.` is a half stop.
fn armenian_stop(c: &Context<'_>) -> Option<bool> {
    let is_armenian = c.token.ends_with(|c: char| ('\u{531}'..='\u{587}').contains(&c));
    (is_armenian && c.marks == ".").then_some(false)
}

/// Direct speech goes on behind who said it: `– Gəlirəm, – dedi Aysel. – Məni gözləyin.`
fn speech_goes_on(c: &Context<'_>) -> Option<bool> {
    if c.kind != Mark::Stop || !c.has_dash || c.opened || !c.closing.is_empty() {
        return None;
    }
    let left = c.so_far.trim_start_matches(['«', '"', '“', '„']);
    let is_speech = left.len() < c.so_far.len() || left.starts_with(['–', '—', '-']);
    (is_speech && has_attribution(nearby(c.so_far))).then_some(false)
}

/// Says whether a dash and a small letter stand behind a mark, as in `, – dedi`.
fn has_attribution(piece: &str) -> bool {
    piece.match_indices(['–', '—']).any(|(at, dash)| {
        let left = piece[..at].trim_end().trim_end_matches(['"', '”', '»']);
        let right = piece[at + dash.len()..].trim_start();
        left.ends_with([',', '?', '!', '…']) && right.starts_with(is_lower)
    })
}

/// Single letters with stops and blanks between: `z. B.`, `т. е.`; and dotted ones before a figure: `b.e.ə. 5`.
fn spaced_abbreviation(c: &Context<'_>) -> Option<bool> {
    if !c.closing.is_empty() {
        return None;
    }
    let is_lone = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(is_letter) && letters.next().is_none()
    };
    let is_small = c.token.starts_with(is_lower) && is_lone(c.token);
    let goes_on = is_small && is_lone(c.next_word) && c.second == Some('.');
    let is_dotted = c.token.contains('.') && c.token.split('.').all(is_lone);
    (goes_on || is_dotted && c.next_is_digit()).then_some(false)
}

/// A mark that goes on is no end: `etc.,`, `St.:`, `5.%`.
fn mark_goes_on(c: &Context<'_>) -> Option<bool> {
    matches!(c.first, Some(',' | ';' | ':' | '%' | ')' | '/')).then_some(false)
}
