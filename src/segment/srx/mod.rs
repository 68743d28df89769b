//! Segmentation by the rules of an SRX file (Segmentation Rules eXchange 2.0; 1.0 is read too).
//!
//! ```text
//! XML       lists of rules and maps from languages to lists           [`read`]
//! patterns  Java's and ICU's notation to Rust's                       [`pattern`]
//! places    a place between two characters is decided by the first rule whose `beforebreak` matches up to it and
//!           whose `afterbreak` matches from it on; places that no rule decides are no boundaries
//! export    our own rules as SRX                                      [`export`]
//! ```
//!
//! Every place is tried, so matches may overlap. Only the lists that a language maps to are compiled. A rule that can't
//! be used is reported with its line. The header's options about inline elements have no meaning in plain text.
//!
//! Source: "SRX 2.0 Specification", OSCAR/LISA, 2008.

mod export;
mod pattern;
mod read;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

use super::sentences::Cut;
use crate::model::{Language, Span};
pub use export::export;
pub use read::SrxError;

/// How many bytes left of a place a rule may look at. Java's engines cut unbounded look-behind at 100 characters; this
/// is a hundred of the longest, and keeps the time linear.
const LEFT_BYTES: usize = 400;

/// How many characters right of a place the slow engine may look at.
const RIGHT_CHARS: usize = 32;

/// The size that a compiled pattern may have, in bytes: word lists of thousands of entries fit.
const SIZE_LIMIT: usize = 64 << 20;

/// The rules of an SRX file.
#[derive(Debug)]
pub struct Srx {
    file: read::File,
    engines: Mutex<BTreeMap<Language, Arc<Engine>>>,
}

impl Srx {
    /// Reads the text of an SRX file.
    ///
    /// # Errors
    /// With the line, when it is no SRX or is broken.
    pub fn read(text: &str) -> Result<Self, SrxError> {
        let file = read::read(text)?;
        for map in &file.maps {
            language_pattern(&map.pattern)
                .map_err(|message| SrxError { line: map.line, message })?;
        }
        Ok(Self { file, engines: Mutex::default() })
    }

    /// Returns the rules for a language, compiled on first use; `None` where no map fits the language.
    ///
    /// Language tags have no case (RFC 5646), so patterns are matched without it.
    pub fn engine(&self, language: Language) -> Option<Arc<Engine>> {
        let mut engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = engines.get(&language) {
            return Some(Arc::clone(engine));
        }
        let tag = language.to_string();
        let mut fitting = self.file.maps.iter().filter(|map| {
            language_pattern(&map.pattern)
                .is_ok_and(|pattern| pattern.is_match(&tag).unwrap_or(false))
        });
        let mut names: Vec<&str> = Vec::new();
        if self.file.cascade {
            names.extend(fitting.map(|map| &map.list[..]));
        } else {
            names.extend(fitting.next().map(|map| &map.list[..]));
        }
        if names.is_empty() {
            return None;
        }
        let rules = names
            .iter()
            .filter_map(|name| self.file.lists.iter().find(|list| list.name == **name))
            .flat_map(|list| &list.rules);
        let engine = Arc::new(Engine::compile(rules));
        engines.insert(language, Arc::clone(&engine));
        Some(engine)
    }

    /// Returns what the file holds that is no SRX and was not used, with its line.
    pub fn extensions(&self) -> &[(usize, String)] {
        &self.file.extensions
    }

    /// Returns the language patterns of the maps, in order.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.file.maps.iter().map(|map| &map.pattern[..])
    }
}

fn language_pattern(pattern: &str) -> Result<fancy_regex::Regex, String> {
    let translated = pattern::translate(pattern)?;
    fancy_regex::Regex::new(&format!(r"\A(?i:{})\z", translated.text))
        .map_err(|error| reason(&error.to_string()))
}

/// The compiled rules for one language.
#[derive(Debug, Default)]
pub struct Engine {
    rules: Vec<Rule>,
    problems: Vec<SrxError>,
    /// The characters a break may stand behind; `None` where a rule allows any.
    behind: Option<Letters>,
}

#[derive(Debug)]
struct Rule {
    is_break: bool,
    label: &'static str,
    before: Side,
    after: Side,
}

/// One side of a rule.
#[derive(Debug)]
struct Side {
    matcher: Matcher,
    /// The characters that can touch the place; `None` where any can.
    touching: Option<Letters>,
}

#[derive(Debug)]
enum Matcher {
    /// An empty pattern.
    Always,
    /// A pattern with one character of the other side's text, so that `\b` sees it.
    Plain(regex::Regex),
    /// A pattern that looks around: compiled for each number of characters that are left on the right.
    Slow { pattern: String, by_rest: Box<[OnceLock<Option<fancy_regex::Regex>>]> },
}

impl Engine {
    fn compile<'r>(raw: impl Iterator<Item = &'r read::RawRule>) -> Self {
        let mut engine = Self::default();
        for rule in raw {
            match (Side::new(&rule.before, true), Side::new(&rule.after, false)) {
                (Ok(before), Ok(after)) => engine.rules.push(Rule {
                    is_break: rule.is_break,
                    label: label(rule.line),
                    before,
                    after,
                }),
                (Err(message), _) | (_, Err(message)) => {
                    engine.problems.push(SrxError { line: rule.line, message });
                }
            }
        }
        let mut breaks = engine.rules.iter().filter(|rule| rule.is_break);
        engine.behind = breaks.try_fold(Letters::default(), |all, rule| {
            rule.before.touching.as_ref().map(|letters| all.union(letters))
        });
        engine
    }

    /// Returns the rules that can't be used, with their lines and the reasons.
    pub fn problems(&self) -> &[SrxError] {
        &self.problems
    }

    /// Tells of every place in a stretch that a break rule matches.
    pub(super) fn scan(&self, text: &str, span: Span, tell: &mut dyn FnMut(Cut)) {
        let piece = span.of(text);
        let mut letters = piece.char_indices();
        let Some((_, mut left)) = letters.next() else { return };
        for (at, right) in letters {
            let behind = std::mem::replace(&mut left, right);
            if self.behind.as_ref().is_some_and(|behind_break| !behind_break.contains(behind)) {
                continue;
            }
            let place = Place { piece, at, left: behind, right };
            let fits = |rule: &&Rule| place.fits(rule);
            let Some(first) = self.rules.iter().position(|rule| rule.is_break && fits(&rule))
            else {
                continue;
            };
            let exception = self.rules[..first].iter().filter(|rule| !rule.is_break).find(fits);
            let (is_boundary, rule) = match exception {
                Some(rule) => (false, rule.label),
                None => (true, self.rules[first].label),
            };
            tell(Cut { at: span.start + at, is_boundary, rule });
        }
    }
}

/// Returns the name of a rule: `SRX line 12`. Names are kept for the life of the program, one a line of a file.
fn label(line: usize) -> &'static str {
    static LABELS: LazyLock<Mutex<BTreeMap<usize, &'static str>>> = LazyLock::new(Mutex::default);
    let mut labels = LABELS.lock().unwrap_or_else(PoisonError::into_inner);
    labels.entry(line).or_insert_with(|| Box::leak(format!("SRX line {line}").into_boxed_str()))
}

/// A place between two characters.
#[derive(Clone, Copy)]
struct Place<'t> {
    piece: &'t str,
    at: usize,
    left: char,
    right: char,
}

impl Place<'_> {
    fn fits(&self, rule: &Rule) -> bool {
        let touches = |side: &Side, letter| {
            side.touching.as_ref().is_none_or(|letters| letters.contains(letter))
        };
        touches(&rule.before, self.left)
            && touches(&rule.after, self.right)
            && self.is_before(&rule.before.matcher)
            && self.is_after(&rule.after.matcher)
    }

    fn start(&self) -> usize {
        let from = self.at.saturating_sub(LEFT_BYTES);
        (from..=self.at).find(|at| self.piece.is_char_boundary(*at)).unwrap_or(self.at)
    }

    /// Says whether the pattern matches some text that ends here.
    fn is_before(&self, matcher: &Matcher) -> bool {
        match matcher {
            Matcher::Always => true,
            Matcher::Plain(regex) => {
                regex.is_match_at(&self.piece[..self.at + self.right.len_utf8()], self.start())
            }
            Matcher::Slow { pattern, by_rest } => {
                let (end, rest) = self.right_end();
                let build = || format!(r"(?:{pattern})(?=(?s:.{{{rest}}})\z)");
                let Some(regex) = slow(&by_rest[rest], build) else { return false };
                matches!(regex.find_from_pos(&self.piece[..end], self.start()), Ok(Some(_)))
            }
        }
    }

    /// Says whether the pattern matches some text that begins here.
    fn is_after(&self, matcher: &Matcher) -> bool {
        let from = self.at - self.left.len_utf8();
        match matcher {
            Matcher::Always => true,
            Matcher::Plain(regex) => regex.is_match(&self.piece[from..]),
            Matcher::Slow { pattern, by_rest } => {
                let (end, _) = self.right_end();
                let build = || format!(r"\A(?s:.)(?:{pattern})");
                let Some(regex) = slow(&by_rest[0], build) else { return false };
                regex.is_match(&self.piece[from..end]).unwrap_or(false)
            }
        }
    }

    /// Returns the end of what the slow engine may see on the right, and its characters.
    fn right_end(&self) -> (usize, usize) {
        let mut count = 0;
        let mut end = self.at;
        for letter in self.piece[self.at..].chars().take(RIGHT_CHARS) {
            count += 1;
            end += letter.len_utf8();
        }
        (end, count)
    }
}

fn slow(
    place: &OnceLock<Option<fancy_regex::Regex>>,
    pattern: impl FnOnce() -> String,
) -> Option<&fancy_regex::Regex> {
    place.get_or_init(|| fancy_regex::Regex::new(&pattern()).ok()).as_ref()
}

impl Side {
    fn new(written: &str, is_before: bool) -> Result<Self, String> {
        if written.is_empty() {
            return Ok(Self { matcher: Matcher::Always, touching: None });
        }
        let pattern::Translated { text, is_possessive } = pattern::translate(written)?;
        let around = if is_before {
            format!(r"(?s:(?-s:{text}).)\z")
        } else {
            format!(r"\A(?s:.)(?:{text})")
        };
        // By itself first: brackets that don't match must not be closed by ours.
        if !is_possessive && let Ok(hir) = regex_syntax::parse(&text) {
            let regex = regex::RegexBuilder::new(&around).size_limit(SIZE_LIMIT).build();
            let regex = regex.map_err(|error| reason(&error.to_string()))?;
            let touching = Letters::touching(&hir, is_before);
            return Ok(Self { matcher: Matcher::Plain(regex), touching });
        }
        fancy_regex::Regex::new(&text).map_err(|error| reason(&error.to_string()))?;
        let by_rest = (0..=RIGHT_CHARS).map(|_| OnceLock::new()).collect();
        Ok(Self { matcher: Matcher::Slow { pattern: text, by_rest }, touching: None })
    }
}

/// Returns the last line of a message of the regex crates, which says what is wrong; the lines before it draw where.
fn reason(message: &str) -> String {
    let last = message.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let last = last.unwrap_or("the pattern can't be read");
    format!("the pattern can't be used: {}", last.trim_start_matches("error: "))
}

/// A set of characters.
#[derive(Debug, Clone, Default)]
struct Letters(ClassUnicodeSorted);

type ClassUnicodeSorted = Vec<(char, char)>;

impl Letters {
    /// Returns the characters that a match of the pattern can end (or begin) with; `None` where a match can be empty.
    fn touching(hir: &Hir, at_end: bool) -> Option<Self> {
        let (class, is_nullable) = edge(hir, at_end)?;
        (!is_nullable).then(|| Self::of(&class))
    }

    fn of(class: &ClassUnicode) -> Self {
        Self(class.ranges().iter().map(|range| (range.start(), range.end())).collect())
    }

    fn union(&self, other: &Self) -> Self {
        let ranges = self.0.iter().chain(&other.0);
        Self::of(&ClassUnicode::new(ranges.map(|(from, to)| ClassUnicodeRange::new(*from, *to))))
    }

    fn contains(&self, letter: char) -> bool {
        let place = self.0.partition_point(|(_, to)| *to < letter);
        self.0.get(place).is_some_and(|(from, _)| *from <= letter)
    }
}

/// Returns the characters at an edge of what a pattern matches, and whether it can match nothing; `None` where it
/// matches bytes that are no characters.
fn edge(hir: &Hir, at_end: bool) -> Option<(ClassUnicode, bool)> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (ClassUnicode::empty(), true),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let letter = if at_end { text.chars().next_back() } else { text.chars().next() }?;
            (ClassUnicode::new([ClassUnicodeRange::new(letter, letter)]), false)
        }
        HirKind::Class(Class::Unicode(class)) => (class.clone(), false),
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            let (class, is_nullable) = edge(&repetition.sub, at_end)?;
            (class, is_nullable || repetition.min == 0)
        }
        HirKind::Capture(capture) => return edge(&capture.sub, at_end),
        HirKind::Concat(parts) => {
            let mut all = ClassUnicode::empty();
            let mut is_nullable = true;
            for place in 0..parts.len() {
                let part = if at_end { &parts[parts.len() - 1 - place] } else { &parts[place] };
                let (class, is_empty) = edge(part, at_end)?;
                all.union(&class);
                if !is_empty {
                    is_nullable = false;
                    break;
                }
            }
            (all, is_nullable)
        }
        HirKind::Alternation(parts) => {
            let mut all = ClassUnicode::empty();
            let mut is_nullable = false;
            for part in parts {
                let (class, is_empty) = edge(part, at_end)?;
                all.union(&class);
                is_nullable |= is_empty;
            }
            (all, is_nullable)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{Options, segment};

    const HEAD: &str = "<srx version=\"2.0\" xmlns=\"http://www.lisa.org/srx20\">\n<header cascade=\"CASCADE\"/>\n\
        <body><languagerules>\n<languagerule languagerulename=\"a\">\n";

    fn file(rules: &str, cascade: &str) -> String {
        format!(
            "{}{rules}</languagerule>\n<languagerule languagerulename=\"b\">\n\
             <rule><beforebreak>\\.</beforebreak><afterbreak>\\s</afterbreak></rule>\n</languagerule>\n\
             </languagerules><maprules>\n<languagemap languagepattern=\"AZ.*\" languagerulename=\"a\"/>\n\
             <languagemap languagepattern=\".*\" languagerulename=\"b\"/>\n</maprules></body></srx>",
            HEAD.replace("CASCADE", cascade)
        )
    }

    fn rule(is_break: &str, before: &str, after: &str) -> String {
        format!(
            "<rule break=\"{is_break}\"><beforebreak>{before}</beforebreak><afterbreak>{after}</afterbreak></rule>\n"
        )
    }

    fn cut(rules: &str, cascade: &str, text: &str) -> Vec<String> {
        let srx = Srx::read(&file(rules, cascade)).expect("a good file");
        let engine = srx.engine(Language::AZ).expect("a map");
        assert_eq!(engine.problems(), []);
        let options = Options { srx: Some(&srx), ..Options::default() };
        let found = segment(text, Language::AZ, &options);
        found.segments.iter().map(|segment| segment.span.of(text).to_owned()).collect()
    }

    #[test]
    fn the_first_matching_rule_wins() {
        let exception = rule("no", r"\bDr\.", r"\s");
        let breaks = rule("yes", r"\.", r"\s");
        let text = "Dr. A gəldi. B.";
        assert_eq!(cut(&(exception.clone() + &breaks), "no", text), ["Dr. A gəldi.", "B."]);
        assert_eq!(cut(&(breaks + &exception), "no", text), ["Dr.", "A gəldi.", "B."]);
        // Without cascade the second list does not count; with it, it does.
        assert_eq!(cut(&exception, "no", text), [text]);
        assert_eq!(cut(&exception, "yes", text), ["Dr. A gəldi.", "B."]);
    }

    #[test]
    fn every_place_is_tried() {
        // Greedy matches from left to right would find one of the two places only.
        let breaks = rule("yes", "aa", "a");
        assert_eq!(cut(&breaks, "no", "aaaa"), ["aa", "a", "a"]);
        let breaks = rule("yes", r"\.\s*", "x");
        assert_eq!(cut(&breaks, "no", "a.  x"), ["a.", "x"]);
    }

    #[test]
    fn looking_around_works_on_either_side() {
        let breaks = rule("yes", r"(?&lt;!\bDr)\.", r"\s+(?!and)");
        assert_eq!(cut(&breaks, "no", "Dr. A. and B. C"), ["Dr. A. and B.", "C"]);
        let breaks = rule("yes", r"a++(?=b)", "");
        assert_eq!(cut(&breaks, "no", "aab ac"), ["aa", "b ac"]);
        // `\b` sees the letter on the other side.
        let breaks = rule("yes", r"x\b", "");
        assert_eq!(cut(&breaks, "no", "xə x,y"), ["xə x", ",y"]);
    }

    #[test]
    fn a_rule_that_cannot_be_used_is_reported_with_its_line() {
        let text = file(&(rule("no", r"\X", "") + &rule("no", "(a", ")")), "no");
        let srx = Srx::read(&text).expect("the file is fine");
        let engine = srx.engine(Language::AZ).expect("a map");
        let lines: Vec<usize> = engine.problems().iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [5, 6]);
    }

    #[test]
    fn broken_files_name_the_line() {
        for (text, line, part) in [
            ("", 1, "no SRX file"),
            ("<tmx/>", 1, "begins with <tmx>"),
            ("<srx>\n<body>\n</srx>", 3, ""),
            ("<srx>\n<body>", 2, "ends inside <body>"),
            ("<srx>\n<header cascade=\"maybe\"/></srx>", 2, "maybe"),
            ("<srx/>", 1, "has no rules"),
            (
                "<srx><languagerule languagerulename=\"a\"/>\n<languagemap languagepattern=\".*\" languagerulename=\"b\"/></srx>",
                2,
                "\"b\"",
            ),
            (
                "<srx><languagerule languagerulename=\"a\"/>\n<languagemap languagepattern=\"(\" languagerulename=\"a\"/></srx>",
                2,
                "pattern",
            ),
        ] {
            let error = Srx::read(text).expect_err(text);
            assert!(error.line == line && error.message.contains(part), "{text}: {error}");
        }
    }
}
