//! A divergence: something one version says and the other does not.

use super::{SegmentId, Span};

/// What one version says and the other does not, or says differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// What kind of thing differs.
    pub kind: DivergenceType,
    /// What it is more finely, such as `count`, `clock`, `person`; one word or words joined by `_`.
    pub subtype: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The source segments, ascending; empty where the source has nothing.
    pub source_segments: Vec<SegmentId>,
    /// The target segments, ascending; empty where the target has nothing.
    pub target_segments: Vec<SegmentId>,
    /// The bytes of the differing value in the source, else of the segments; `None` on an empty side.
    pub source_span: Option<Span>,
    /// The same in the target.
    pub target_span: Option<Span>,
    /// The source's value as written, where there is one.
    pub expected: Option<String>,
    /// The target's value as written, where there is one.
    pub found: Option<String>,
    /// The divergence in a sentence for people, in English.
    pub message: String,
}

/// What kind of thing differs: the 18 types of facts that other programs rely on, then finer signals of our own, which are
/// information unless they are sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DivergenceType {
    /// Digits or number words, money, phone and legal-reference numbers.
    Number,
    /// A day, month or year.
    Date,
    /// A clock time, duration, unit of measure, currency or magnitude word.
    TimeUnit,
    /// A percentage.
    Percent,
    /// A source segment without counterpart.
    Omission,
    /// A target segment without counterpart.
    Addition,
    /// Segments that changed places.
    Order,
    /// Several segments made one; never more than information.
    Merge,
    /// A target segment that stands twice.
    Duplicate,
    /// A list item missing, extra, or run together with another.
    ListItem,
    /// A name that became another.
    Entity,
    /// A name misspelt.
    EntityTypo,
    /// A glossary term not rendered by an allowed one.
    Term,
    /// A negation lost or gained.
    Negation,
    /// A segment left in the source's language.
    Untranslated,
    /// Quotation marks lost or gained.
    Quotes,
    /// A web address that differs.
    Url,
    /// An e-mail address that differs.
    Email,
    /// A part of a segment without counterpart.
    Clause,
    /// Another number of paragraphs.
    Paragraphs,
    /// All, some, only: how much or how many it is said of.
    Scope,
    /// Must, should, may: how binding it is.
    Modality,
    /// Rose or fell, more or less, before or after.
    Direction,
    /// Brackets lost, gained or left open.
    Brackets,
    /// Another mark at the end.
    Punctuation,
    /// A word that stands twice in a row.
    DoubledWord,
    /// Letters of another script within a word.
    Script,
}

impl DivergenceType {
    /// Every type, in the order of the reports.
    pub const ALL: [Self; 27] = [
        Self::Number,
        Self::Date,
        Self::TimeUnit,
        Self::Percent,
        Self::Omission,
        Self::Addition,
        Self::Order,
        Self::Merge,
        Self::Duplicate,
        Self::ListItem,
        Self::Entity,
        Self::EntityTypo,
        Self::Term,
        Self::Negation,
        Self::Untranslated,
        Self::Quotes,
        Self::Url,
        Self::Email,
        Self::Clause,
        Self::Paragraphs,
        Self::Scope,
        Self::Modality,
        Self::Direction,
        Self::Brackets,
        Self::Punctuation,
        Self::DoubledWord,
        Self::Script,
    ];

    /// Says whether the type is one of the 18 types of facts.
    pub fn is_fact(self) -> bool {
        self <= Self::Email
    }

    /// Returns the name that files and options use, such as `time_unit`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::TimeUnit => "time_unit",
            Self::Percent => "percent",
            Self::Omission => "omission",
            Self::Addition => "addition",
            Self::Order => "order",
            Self::Merge => "merge",
            Self::Duplicate => "duplicate",
            Self::ListItem => "list_item",
            Self::Entity => "entity",
            Self::EntityTypo => "entity_typo",
            Self::Term => "term",
            Self::Negation => "negation",
            Self::Untranslated => "untranslated",
            Self::Quotes => "quotes",
            Self::Url => "url",
            Self::Email => "email",
            Self::Clause => "clause",
            Self::Paragraphs => "paragraphs",
            Self::Scope => "scope",
            Self::Modality => "modality",
            Self::Direction => "direction",
            Self::Brackets => "brackets",
            Self::Punctuation => "punctuation",
            Self::DoubledWord => "doubled_word",
            Self::Script => "script",
        }
    }

    /// Returns the stable code, a letter for the family and a number: `V` values, `S` structure, `N` names, `M`
    /// meaning, `A` addresses, `F` form. A code is never given to another type.
    pub fn code(self) -> &'static str {
        match self {
            Self::Number => "V01",
            Self::Date => "V02",
            Self::TimeUnit => "V03",
            Self::Percent => "V04",
            Self::Omission => "S01",
            Self::Addition => "S02",
            Self::Order => "S03",
            Self::Merge => "S04",
            Self::Duplicate => "S05",
            Self::ListItem => "S06",
            Self::Entity => "N01",
            Self::EntityTypo => "N02",
            Self::Term => "N03",
            Self::Negation => "M01",
            Self::Untranslated => "M02",
            Self::Quotes => "F01",
            Self::Url => "A01",
            Self::Email => "A02",
            Self::Clause => "S07",
            Self::Paragraphs => "S08",
            Self::Scope => "M03",
            Self::Modality => "M04",
            Self::Direction => "M05",
            Self::Brackets => "F02",
            Self::Punctuation => "F03",
            Self::DoubledWord => "F04",
            Self::Script => "F05",
        }
    }
}

/// How much a divergence matters. The order is by weight: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; not a fault by itself.
    Info,
    /// To be looked at.
    Warning,
    /// The versions state different facts.
    Error,
}

impl Severity {
    /// Returns the name that files and options use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
