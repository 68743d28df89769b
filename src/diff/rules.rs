//! What is made of findings: which types are told and how grave they are, which pairs are right though they differ, and which
//! findings are passed over for a written reason.
//!
//! ```text
//! finding ── level of its type ──> off: dropped, told nowhere
//!        └── accepted pair ──────> suppressed, with "accepted"
//!        └── suppression ────────> suppressed, with its reason
//!        └── else ───────────────> found, with the severity of its level
//! ```
//! Rules are plain data and [`Rules::apply`] is a pure function; where the rules are written is the business of who calls.
//! Suppressed findings are kept apart, not lost, so that reports can count and show them. A suppression that nothing needs
//! any longer is told ([`Use`]), or the list would only ever grow.

use std::fmt;
use std::str::FromStr;

use super::explanation::explain;
use super::fingerprint;
use crate::model::{Divergence, DivergenceType, Document, Language, SegmentId, Severity, Span};
use crate::text::{fold, nearest, suffix, words};

/// What the project and the command line say of findings.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// How each type is told; the order matters only between equally specific ones, of which the last counts.
    pub settings: Vec<Setting>,
    /// Pairs that are right.
    pub accepted: Vec<Accepted>,
    /// Findings that are passed over.
    pub suppressions: Vec<Suppression>,
}

/// Which findings are meant: all, those of a type, those of a type and subtype. Written `all`, `number` or `V01`,
/// `number/phone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    kind: Option<DivergenceType>,
    subtype: Option<String>,
}

/// How a type is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Not at all.
    Off,
    /// As the check itself has it.
    On,
    /// With this severity, whatever the check says.
    As(Severity),
}

/// A level for some findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The findings.
    pub selector: Selector,
    /// Their level.
    pub level: Level,
    /// Who says so.
    pub scope: Scope,
}

/// For which texts a setting holds; a later variant counts more than an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For all texts.
    Project,
    /// For targets in a language; a tag that names a script counts more than one that does not, and holds for that script only.
    Target(Language),
    /// For this run.
    Run,
}

/// A pair that is right though it differs: a number, a name or a term written so on both sides.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// What the source says.
    pub source: String,
    /// What the target says, in any inflected form.
    pub target: String,
    /// The findings it holds for.
    pub selector: Selector,
    /// The languages of the two texts; versions in the opposite direction are compared the other way round. `None`: any two.
    pub languages: Option<[Language; 2]>,
    /// Why, for the reader of the rules.
    pub reason: Option<String>,
}

/// A finding, or several, that are passed over for a reason. What is `None` is not asked for; the rest must all fit.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The fingerprint that `diff --format jsonl` shows.
    pub fingerprint: Option<String>,
    /// The type.
    pub selector: Selector,
    /// Words that stand in a row in the paired segments, on either side.
    pub text: Option<String>,
    /// A file, source or target, relative to the project's folder, with `*` for what may differ.
    pub file: Option<glob::Pattern>,
    /// Why.
    pub reason: String,
}

/// Two versions that were compared, with the names by which suppressions know their files.
#[derive(Clone, Copy, Debug)]
pub struct Versions<'a> {
    /// The source version.
    pub source: &'a Document,
    /// The target version.
    pub target: &'a Document,
    /// The files of source and target, relative to the project's folder, with `/` between the parts.
    pub files: [&'a str; 2],
}

/// A finding that is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub divergence: Divergence,
    /// Why.
    pub reason: String,
}

/// Whether a suppression was needed. The order is by use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// It is for other files.
    Elsewhere,
    /// It is for these files and matched nothing.
    Nothing,
    /// It matched a finding.
    Matched,
}

/// Findings after the rules.
#[derive(Clone, Debug, Default)]
pub struct Ruled {
    /// What is told, in the order given.
    pub found: Vec<Divergence>,
    /// What is passed over, in the order given.
    pub suppressed: Vec<Suppressed>,
    /// One for each suppression, in their order.
    pub uses: Vec<Use>,
}

/// Says why a word of the rules is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No such type.
    #[error("unknown type \"{word}\"; {}", meant(.word, &names(), "`qosha explain` lists all"))]
    Type {
        /// The word.
        word: String,
    },
    /// The type is not divided so.
    #[error("{kind} has no subtype \"{word}\"; {}", meant(.word, &subtypes(kind), &format!("it has {}", subtypes(kind).join(", "))))]
    Subtype {
        /// The type's name.
        kind: String,
        /// The word.
        word: String,
    },
    /// No such level.
    #[error("unknown severity \"{word}\"; {}", meant(.word, &LEVELS, "write off, info, warning, error, or on"))]
    Level {
        /// The word.
        word: String,
    },
}

const LEVELS: [&str; 5] = ["off", "on", "info", "warning", "error"];

/// What stands for every type.
const ALL: &str = "all";

fn names() -> Vec<&'static str> {
    DivergenceType::ALL.iter().map(|kind| kind.name()).chain([ALL]).collect()
}

fn subtypes(kind: &str) -> Vec<&'static str> {
    let kind = DivergenceType::ALL.into_iter().find(|known| known.name() == kind);
    kind.map_or_else(Vec::new, |kind| {
        explain(kind).subtypes.iter().map(|(name, _)| *name).collect()
    })
}

fn meant(word: &str, names: &[&str], otherwise: &str) -> String {
    match nearest(word, names) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => otherwise.to_owned(),
    }
}

/// Reads the name or the code of a type.
///
/// # Errors
/// When there is no such type.
fn parse_type(word: &str) -> Result<DivergenceType, RuleError> {
    let is_meant = |kind: &DivergenceType| {
        kind.name().eq_ignore_ascii_case(word) || kind.code().eq_ignore_ascii_case(word)
    };
    let found = DivergenceType::ALL.into_iter().find(is_meant);
    found.ok_or_else(|| RuleError::Type { word: word.to_owned() })
}

impl Selector {
    /// Selects every finding.
    pub const ALL: Self = Self { kind: None, subtype: None };

    /// Returns the type, `None` for all.
    pub fn kind(&self) -> Option<DivergenceType> {
        self.kind
    }

    /// Returns the subtype, `None` for all of the type.
    pub fn subtype(&self) -> Option<&str> {
        self.subtype.as_deref()
    }

    fn selects(&self, divergence: &Divergence) -> bool {
        self.selects_type(divergence.kind, divergence.subtype)
    }

    /// Says whether findings of a type and subtype are meant.
    pub(super) fn selects_type(&self, kind: DivergenceType, subtype: &str) -> bool {
        self.kind.is_none_or(|own| own == kind) && self.subtype().is_none_or(|own| own == subtype)
    }

    /// How much is said: a subtype more than a type, a type more than all.
    fn weight(&self) -> usize {
        usize::from(self.kind.is_some()) + usize::from(self.subtype.is_some())
    }
}

impl FromStr for Selector {
    type Err = RuleError;

    fn from_str(word: &str) -> Result<Self, RuleError> {
        if word == ALL {
            return Ok(Self::ALL);
        }
        let (kind, subtype) = match word.split_once('/') {
            Some((kind, subtype)) => (parse_type(kind)?, Some(subtype)),
            None => (parse_type(word)?, None),
        };
        let known = explain(kind).subtypes;
        if let Some(subtype) = subtype
            && !known.is_empty()
            && known.iter().all(|(name, _)| *name != subtype)
        {
            return Err(RuleError::Subtype {
                kind: kind.name().to_owned(),
                word: subtype.to_owned(),
            });
        }
        Ok(Self { kind: Some(kind), subtype: subtype.map(str::to_owned) })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.kind.map_or(ALL, DivergenceType::name))?;
        self.subtype().map_or(Ok(()), |subtype| write!(out, "/{subtype}"))
    }
}

impl FromStr for Level {
    type Err = RuleError;

    fn from_str(word: &str) -> Result<Self, RuleError> {
        Ok(match word {
            "off" => Self::Off,
            "on" => Self::On,
            "info" => Self::As(Severity::Info),
            "warning" => Self::As(Severity::Warning),
            "error" => Self::As(Severity::Error),
            _ => return Err(RuleError::Level { word: word.to_owned() }),
        })
    }
}

impl Scope {
    fn holds_for(self, target: Language) -> bool {
        match self {
            Self::Project | Self::Run => true,
            Self::Target(language) => is_in(target, language),
        }
    }

    fn weight(self) -> usize {
        match self {
            Self::Project => 0,
            Self::Target(language) => 1 + usize::from(language.script().is_some()),
            Self::Run => 3,
        }
    }
}

/// Says whether a text is in a language; a tag without script holds for every script.
fn is_in(text: Language, language: Language) -> bool {
    text.is_same_language(language)
        && language.script().is_none_or(|script| text.script() == Some(script))
}

impl Rules {
    /// Says whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.accepted.is_empty() && self.suppressions.is_empty()
    }

    /// Sorts the findings of two versions into those that are told and those that are passed over.
    pub fn apply(&self, found: Vec<Divergence>, versions: Versions<'_>) -> Ruled {
        let is_for = |suppression: &Suppression| {
            versions.files.iter().any(|file| fits_file(suppression, file))
        };
        let fresh = |rule| if is_for(rule) { Use::Nothing } else { Use::Elsewhere };
        let mut ruled =
            Ruled { uses: self.suppressions.iter().map(fresh).collect(), ..Ruled::default() };
        let has_fingerprints = self.suppressions.iter().any(|rule| rule.fingerprint.is_some());
        for mut divergence in found {
            let name = match has_fingerprints {
                true => fingerprint(&divergence, versions.source, versions.target),
                false => String::new(),
            };
            let mut reason = None;
            for (rule, used) in self.suppressions.iter().zip(&mut ruled.uses) {
                if *used != Use::Elsewhere && rule.matches(&divergence, &name, versions) {
                    *used = Use::Matched;
                    reason = reason.or(Some(&rule.reason));
                }
            }
            let target = versions.target.language;
            match self.level_of_type(divergence.kind, divergence.subtype, target) {
                Level::Off => continue,
                Level::On => {}
                Level::As(severity) => divergence.severity = severity,
            }
            let accepted = || self.accepted_by(&divergence, versions);
            match reason.cloned().or_else(accepted) {
                Some(reason) => ruled.suppressed.push(Suppressed { divergence, reason }),
                None => ruled.found.push(divergence),
            }
        }
        ruled
    }

    /// Returns the reason for which a pair is right, where it is.
    pub(super) fn accepted_by(
        &self,
        divergence: &Divergence,
        versions: Versions<'_>,
    ) -> Option<String> {
        let rule = self.accepted.iter().find(|rule| rule.matches(divergence, versions))?;
        Some(rule.to_string())
    }

    /// Returns the level of a type of findings: what this run says goes before what is said of a language, that before what is said
    /// of all texts; of these a subtype before its type, a type before `all`.
    pub(super) fn level_of_type(
        &self,
        kind: DivergenceType,
        subtype: &str,
        target: Language,
    ) -> Level {
        let settings = self.settings.iter().filter(|setting| {
            setting.scope.holds_for(target) && setting.selector.selects_type(kind, subtype)
        });
        // Of equal ones `max_by_key` takes the last.
        let strongest = settings.max_by_key(|s| (s.scope.weight(), s.selector.weight()));
        strongest.map_or(Level::On, |setting| setting.level)
    }
}

impl Suppression {
    fn matches(&self, divergence: &Divergence, name: &str, versions: Versions<'_>) -> bool {
        let Versions { source, target, .. } = versions;
        let says = |words: &String| {
            let stands = |document: &Document, ids: &[SegmentId]| {
                let texts = ids.iter().map(|id| document.segment_text(*id));
                texts.into_iter().any(|text| stands_in(words, text, document.language))
            };
            stands(source, &divergence.source_segments)
                || stands(target, &divergence.target_segments)
        };
        self.selector.selects(divergence)
            && self.fingerprint.as_ref().is_none_or(|own| own == name)
            && self.text.as_ref().is_none_or(says)
    }

    /// Says what is suppressed, for people: `number "47 families"`.
    pub fn what(&self) -> String {
        let kind = (self.selector != Selector::ALL).then(|| self.selector.to_string());
        let name = self.fingerprint.as_ref().map(|name| format!("fingerprint {name}"));
        let text = self.text.as_ref().map(|text| format!("\"{text}\""));
        let file = self.file.as_ref().map(|file| format!("in {file}"));
        [kind, name, text, file].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Accepted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\"{}\" is accepted for \"{}\"", self.target, self.source)?;
        self.reason.as_ref().map_or(Ok(()), |reason| write!(out, ": {reason}"))
    }
}

impl Accepted {
    fn matches(&self, divergence: &Divergence, versions: Versions<'_>) -> bool {
        let Versions { source, target, .. } = versions;
        let [mut ours, mut theirs] = [&self.source, &self.target];
        if let Some([from, to]) = self.languages {
            let is = |from, to| is_in(source.language, from) && is_in(target.language, to);
            if !is(from, to) {
                if !is(to, from) {
                    return false;
                }
                [ours, theirs] = [theirs, ours];
            }
        }
        self.selector.selects(divergence)
            && says(ours, source, divergence.source_span, &divergence.source_segments)
            && says(theirs, target, divergence.target_span, &divergence.target_segments)
    }
}

/// Says whether a suppression is for a file.
pub(super) fn fits_file(suppression: &Suppression, file: &str) -> bool {
    let options =
        glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::default() };
    suppression.file.as_ref().is_none_or(|pattern| pattern.matches_with(file, options))
}

/// Says whether a side of a finding says some words: where it has a value the value is these words, else they stand in the
/// segments.
fn says(words: &str, document: &Document, span: Option<Span>, ids: &[SegmentId]) -> bool {
    let Some(span) = span else { return false };
    let text = span.of(&document.text);
    let is_value = document.span_of(ids) != Some(span);
    let length = |text: &str| words::tokens(text).len();
    stands_in(words, text, document.language) && (!is_value || length(words) == length(text))
}

/// Says whether words stand in a row in a text, letter case aside; the last one may have an ending.
pub(super) fn stands_in(row: &str, text: &str, language: Language) -> bool {
    let folded = |text: &str| -> Vec<String> {
        words::tokens(text).iter().map(|word| fold(word.text, language)).collect()
    };
    let (row, text) = (folded(row), folded(text));
    let Some((last, before)) = row.split_last() else { return false };
    let fits = |stretch: &[String]| {
        stretch
            .split_last()
            .is_some_and(|(end, start)| start == before && is_form(end, last, language))
    };
    text.windows(row.len()).any(fits)
}

/// Says whether a word is another one, with an ending that its language adds or that a hyphen or an apostrophe joins to it:
/// `15-dək`, `QHT-nin`, `15-го`.
fn is_form(word: &str, base: &str, language: Language) -> bool {
    let is_joined = |rest: &str| {
        let ending = rest.strip_prefix(['-', '\'', '’', '\u{2010}', '\u{2011}']);
        ending.is_some_and(|ending| ending.chars().all(char::is_alphabetic))
    };
    word == base
        || word.strip_prefix(base).is_some_and(is_joined)
        || suffix::has_endings(language) && suffix::is_form_of(word, base, language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment;

    fn versions() -> (Document, Document) {
        let document = |name: &str, text: &str, language| {
            segment::presegmented_document(name, text.to_owned(), language)
        };
        (
            document("en", "The NGO helps 47 families.", Language::EN),
            document("az", "QHT-nin 37 ailəyə köməyi var.", Language::AZ),
        )
    }

    /// A finding about some words of both sides; no words stand for the whole segment.
    fn finding(kind: DivergenceType, subtype: &'static str, words: [&str; 2]) -> Divergence {
        let (source, target) = versions();
        let place = |document: &Document, words: &str| {
            let start = document.text.find(words).unwrap();
            let end = if words.is_empty() { document.text.len() } else { start + words.len() };
            Some(Span::new(start, end))
        };
        Divergence {
            kind,
            subtype,
            severity: Severity::Error,
            source_segments: vec![SegmentId(0)],
            target_segments: vec![SegmentId(0)],
            source_span: place(&source, words[0]),
            target_span: place(&target, words[1]),
            expected: None,
            found: None,
            message: String::new(),
        }
    }

    fn number() -> Divergence {
        finding(DivergenceType::Number, "count", ["47", "37"])
    }

    fn applied(rules: &Rules, found: Vec<Divergence>) -> Ruled {
        let (source, target) = versions();
        let files = ["flood/en.txt", "flood/az.txt"];
        rules.apply(found, Versions { source: &source, target: &target, files })
    }

    fn settings(of: &[(&str, &str, Scope)]) -> Rules {
        let setting = |(selector, level, scope): &(&str, &str, Scope)| Setting {
            selector: selector.parse().unwrap(),
            level: level.parse().unwrap(),
            scope: *scope,
        };
        Rules { settings: of.iter().map(setting).collect(), ..Rules::default() }
    }

    fn accepted(source: &str, target: &str) -> Accepted {
        Accepted {
            source: source.to_owned(),
            target: target.to_owned(),
            selector: Selector::ALL,
            languages: None,
            reason: None,
        }
    }

    fn suppression() -> Suppression {
        Suppression {
            fingerprint: None,
            selector: Selector::ALL,
            text: None,
            file: None,
            reason: "they count otherwise".to_owned(),
        }
    }

    #[test]
    fn without_rules_all_findings_are_told_as_they_are() {
        let ruled = applied(&Rules::default(), vec![number()]);
        assert_eq!((ruled.found, ruled.suppressed), (vec![number()], vec![]));
    }

    #[test]
    fn the_most_specific_setting_counts() {
        let severity = |rules: &Rules| {
            applied(rules, vec![number()]).found.first().map(|finding| finding.severity)
        };
        let project = Scope::Project;
        let rules = [("number/count", "info", project), ("number", "off", project)];
        assert_eq!(severity(&settings(&rules)), Some(Severity::Info));
        let rules = [("number", "warning", Scope::Target(Language::AZ)), ("V01", "off", project)];
        assert_eq!(severity(&settings(&rules)), Some(Severity::Warning));
        let rules = [("number", "warning", Scope::Target(Language::RU)), ("V01", "off", project)];
        assert_eq!(severity(&settings(&rules)), None);
        let rules = [("all", "off", Scope::Run), ("number/count", "error", project)];
        assert_eq!(severity(&settings(&rules)), None);
        let rules = [("number", "on", Scope::Run), ("all", "off", Scope::Run)];
        assert_eq!(severity(&settings(&rules)), Some(Severity::Error));
    }

    #[test]
    fn an_accepted_pair_is_passed_over_under_inflection() {
        let term = finding(DivergenceType::Term, "missing", ["NGO", ""]);
        let rules = Rules { accepted: vec![accepted("ngo", "QHT")], ..Rules::default() };
        let ruled = applied(&rules, vec![term, number()]);
        assert_eq!((ruled.found.len(), ruled.suppressed.len()), (1, 1));
        assert_eq!(ruled.suppressed[0].reason, "\"QHT\" is accepted for \"ngo\"");
    }

    #[test]
    fn a_value_must_be_the_accepted_one_as_a_whole() {
        let told = |source: &str, target: &str, languages| {
            let accepted = Accepted { languages, ..accepted(source, target) };
            let rules = Rules { accepted: vec![accepted], ..Rules::default() };
            applied(&rules, vec![number()]).found.len()
        };
        assert_eq!(told("47", "37", None), 0);
        assert_eq!(told("47 families", "37", None), 1);
        assert_eq!(told("4", "3", None), 1);
        assert_eq!(told("47", "37", Some([Language::EN, Language::AZ])), 0);
        assert_eq!(told("37", "47", Some([Language::AZ, Language::EN])), 0);
        assert_eq!(told("47", "37", Some([Language::EN, Language::RU])), 1);
    }

    #[test]
    fn a_suppression_matches_what_it_names_and_tells_its_use() {
        let (source, target) = versions();
        let name = fingerprint(&number(), &source, &target);
        let file = |pattern: &str| Some(glob::Pattern::new(pattern).unwrap());
        let text = |text: &str| Some(text.to_owned());
        let used = |rule: Suppression| {
            let rules = Rules { suppressions: vec![rule], ..Rules::default() };
            applied(&rules, vec![number()]).uses[0]
        };
        let rule = suppression();
        assert_eq!(used(Suppression { fingerprint: Some(name), ..rule.clone() }), Use::Matched);
        assert_eq!(used(Suppression { fingerprint: text("0"), ..rule.clone() }), Use::Nothing);
        assert_eq!(used(Suppression { text: text("37 ailə"), ..rule.clone() }), Use::Matched);
        assert_eq!(used(Suppression { text: text("7 ailə"), ..rule.clone() }), Use::Nothing);
        assert_eq!(used(Suppression { file: file("*/az.txt"), ..rule.clone() }), Use::Matched);
        assert_eq!(used(Suppression { file: file("school/*"), ..rule.clone() }), Use::Elsewhere);
        assert_eq!(used(Suppression { file: file("*.txt"), ..rule }), Use::Elsewhere);
    }

    #[test]
    fn a_suppression_of_a_type_that_is_off_is_still_needed() {
        let off = settings(&[("number", "off", Scope::Run)]);
        let ruled = applied(&Rules { suppressions: vec![suppression()], ..off }, vec![number()]);
        assert_eq!((ruled.found.len(), ruled.suppressed.len()), (0, 0));
        assert_eq!(ruled.uses, [Use::Matched]);
    }

    #[test]
    fn unknown_words_are_told_with_the_nearest_name() {
        let error = |word: &str| word.parse::<Selector>().unwrap_err().to_string();
        assert_eq!(error("nubmer"), "unknown type \"nubmer\"; did you mean \"number\"?");
        assert_eq!(error("weather"), "unknown type \"weather\"; `qosha explain` lists all");
        assert_eq!(error("number/phon"), "number has no subtype \"phon\"; did you mean \"phone\"?");
        assert_eq!(error("quotes/x"), "quotes has no subtype \"x\"; it has lost");
        let error = "warnign".parse::<Level>().unwrap_err().to_string();
        assert_eq!(error, "unknown severity \"warnign\"; did you mean \"warning\"?");
        assert_eq!("v01/phone".parse::<Selector>().unwrap().to_string(), "number/phone");
    }
}
