//! `glossary add`, `edit`, `remove` and `merge`: a glossary file changed, every other row byte for byte.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use similar::{ChangeTag, TextDiff};

use crate::cli::talk::Talk;
use crate::cli::{Outcome, input, output};
use crate::glossary::{self, EditError, Editor, Field, Finding, Report, lint};
use crate::model::{Language, Severity};
use crate::report::terminal::visible;
use crate::text::counted;

/// A term as the command line names it: `az=İctimai Birliyi`.
#[derive(Debug, Clone)]
struct Named(Language, String);

impl std::str::FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (tag, words) = text
            .split_once('=')
            .ok_or("write the language, =, and the term, such as \"az=İctimai Birliyi\"")?;
        let language = Language::parse(tag).map_err(|error| {
            // The name of a language usually begins as its code does.
            let begin: String = tag.chars().take(2).collect();
            let near = Language::parse(&begin).ok().filter(Language::is_usual);
            let near = near.map_or_else(String::new, |near| format!("; is {near} meant?"));
            format!("{error}{near}")
        })?;
        Ok(Self(language, words.trim().to_owned()))
    }
}

/// A field without a value: `--unset note`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FieldName {
    Status,
    Type,
    Case,
    Inflect,
    AbbreviationOf,
    Domain,
    Note,
    Source,
}

impl FieldName {
    fn field(self) -> Field {
        match self {
            Self::Status => Field::Status,
            Self::Type => Field::Type,
            Self::Case => Field::Case,
            Self::Inflect => Field::Inflect,
            Self::AbbreviationOf => Field::AbbreviationOf,
            Self::Domain => Field::Domain,
            Self::Note => Field::Note,
            Self::Source => Field::Source,
        }
    }
}

/// What is said of a term beside its words.
#[derive(Debug, clap::Args)]
struct FieldOptions {
    /// preferred, admitted, deprecated or forbidden
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// organization, person, place, acronym, kind (of organization) or common
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// exact where small and capital letters must be as written, else fold
    #[arg(long, value_name = "CASE")]
    case: Option<String>,
    /// no where the words take no endings, else yes
    #[arg(long, value_name = "YES|NO")]
    inflect: Option<String>,
    /// The term of the same concept and language that it is short for
    #[arg(long, value_name = "TERM")]
    abbreviation_of: Option<String>,
    /// The field it belongs to
    #[arg(long, value_name = "TEXT")]
    domain: Option<String>,
    /// A note for people
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Where it was found
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
}

impl FieldOptions {
    fn fields(&self) -> Vec<(Field, String)> {
        let given = [
            (Field::Status, &self.status),
            (Field::Type, &self.kind),
            (Field::Case, &self.case),
            (Field::Inflect, &self.inflect),
            (Field::AbbreviationOf, &self.abbreviation_of),
            (Field::Domain, &self.domain),
            (Field::Note, &self.note),
            (Field::Source, &self.source),
        ];
        let given = given.into_iter().filter_map(|(field, value)| Some((field, value.as_ref()?)));
        given.map(|(field, value)| (field, value.trim().to_owned())).collect()
    }
}

#[derive(Debug, clap::Args)]
struct DryRun {
    /// Write nothing; print the rows that would change
    #[arg(long)]
    dry_run: bool,
}

/// Add terms to a concept of a glossary, or a new concept.
///
/// The options beside --term are said of every term given. A file that is not there is made, with a row a term.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha glossary add names.csv --term \"en=Green Hill\" --term \"az=Yaşıl Təpə\" --type organization
  qosha glossary add names.csv --concept green-hill --term \"az=Göy Təpə\" --status forbidden")]
pub(in crate::cli) struct Add {
    /// The glossary (CSV)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The id of the concept, known or new [default: made from the English term, else from the first]
    #[arg(long, value_name = "ID")]
    concept: Option<String>,
    /// A term and its language; may be given several times
    #[arg(long = "term", value_name = "TAG=TERM", required = true)]
    terms: Vec<Named>,
    #[command(flatten)]
    fields: FieldOptions,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Change what a glossary says of a concept or of terms of it.
///
/// Without --term the fields of all its terms are set. Abbreviations of a renamed term follow.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qosha glossary edit names.csv green-hill --domain ngo
  qosha glossary edit names.csv green-hill --term \"az=Göy Təpə\" --status forbidden --unset note
  qosha glossary edit names.csv green-hill --term \"en=Green Hill\" --rename \"Green Hills\"")]
pub(in crate::cli) struct Edit {
    /// The glossary (CSV)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The id of the concept
    #[arg(value_name = "CONCEPT")]
    concept: String,
    /// Change only this term; may be given several times
    #[arg(long = "term", value_name = "TAG=TERM")]
    terms: Vec<Named>,
    /// Write the one term that --term names in these words
    #[arg(long, value_name = "TERM", requires = "terms")]
    rename: Option<String>,
    /// Give the concept this id
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    fields: FieldOptions,
    /// Empty a field; may be given several times
    #[arg(long, value_enum, value_name = "FIELD", hide_possible_values = true)]
    unset: Vec<FieldName>,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Remove a concept, or terms of it, from a glossary.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha glossary remove names.csv green-hill --term \"az=Göy Təpə\"")]
pub(in crate::cli) struct Remove {
    /// The glossary (CSV)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The id of the concept
    #[arg(value_name = "CONCEPT")]
    concept: String,
    /// Remove only this term; may be given several times
    #[arg(long = "term", value_name = "TAG=TERM")]
    terms: Vec<Named>,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Move all terms of a concept to another one; those it has already are dropped.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qosha glossary merge names.csv green-hill-2 green-hill")]
pub(in crate::cli) struct Merge {
    /// The glossary (CSV)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The id of the concept that goes
    #[arg(value_name = "CONCEPT")]
    concept: String,
    /// The id of the concept that stays
    #[arg(value_name = "INTO")]
    into: String,
    #[command(flatten)]
    dry_run: DryRun,
}

fn pairs(terms: &[Named]) -> Vec<(Language, String)> {
    terms.iter().map(|Named(language, words)| (*language, words.clone())).collect()
}

pub(super) fn add(arguments: &Add, talk: &Talk) -> anyhow::Result<Outcome> {
    let (terms, fields) = (pairs(&arguments.terms), arguments.fields.fields());
    change(&arguments.file, true, &arguments.dry_run, talk, |editor| {
        editor.add(arguments.concept.as_deref(), &terms, &fields)
    })
}

pub(super) fn edit(arguments: &Edit, talk: &Talk) -> anyhow::Result<Outcome> {
    let (terms, mut fields) = (pairs(&arguments.terms), arguments.fields.fields());
    fields.extend(arguments.unset.iter().map(|name| (name.field(), String::new())));
    anyhow::ensure!(
        !fields.is_empty() || arguments.rename.is_some() || arguments.id.is_some(),
        "there is nothing to change; say what, such as --status forbidden, --rename TERM or --id ID"
    );
    change(&arguments.file, false, &arguments.dry_run, talk, |editor| {
        let mut all = Report { concept: arguments.concept.clone(), ..Report::default() };
        if !fields.is_empty() {
            all = editor.set(&arguments.concept, &terms, &fields)?;
        }
        if let Some(words) = &arguments.rename {
            let [term] = &terms[..] else {
                return Err(EditError::Taken(
                    "--rename writes one term anew: give --term once".to_owned(),
                ));
            };
            let report = editor.rename(&arguments.concept, term, words.trim())?;
            all.notes.extend(report.notes);
        }
        if let Some(id) = &arguments.id {
            let report = editor.rename_concept(&arguments.concept, id.trim())?;
            all.notes.extend(report.notes);
        }
        Ok(all)
    })
}

pub(super) fn remove(arguments: &Remove, talk: &Talk) -> anyhow::Result<Outcome> {
    let terms = pairs(&arguments.terms);
    change(&arguments.file, false, &arguments.dry_run, talk, |editor| {
        editor.remove(&arguments.concept, &terms)
    })
}

pub(super) fn merge(arguments: &Merge, talk: &Talk) -> anyhow::Result<Outcome> {
    change(&arguments.file, false, &arguments.dry_run, talk, |editor| {
        editor.merge(&arguments.concept, &arguments.into)
    })
}

/// Reads a file that is to be written again: it must be UTF-8, for that is what is written.
pub(super) fn utf8(path: &Path) -> anyhow::Result<String> {
    let bytes = input::bytes(path)?;
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let name = input::name(path);
    text.ok_or_else(|| anyhow::anyhow!("{name}: is not UTF-8; save it as CSV UTF-8 and try again"))
}

/// Edits a file; nothing is written unless all of it went well.
fn change(
    path: &Path,
    may_be_made: bool,
    DryRun { dry_run }: &DryRun,
    talk: &Talk,
    edit: impl FnOnce(&mut Editor) -> Result<Report, EditError>,
) -> anyhow::Result<Outcome> {
    let name = input::name(path);
    anyhow::ensure!(path != Path::new("-"), "a glossary is edited in its file; name one");
    let is_new = may_be_made && !path.exists();
    let (old, mut editor) = if is_new {
        (String::new(), Editor::create(&name))
    } else {
        let old = utf8(path)?;
        let editor = Editor::open(&name, &old)?;
        (old, editor)
    };
    let report = edit(&mut editor)?;
    editor.warnings().iter().chain(&report.warnings).for_each(|warning| talk.warn(warning));
    let new = editor.text();
    if *dry_run {
        output::OutputOption { output: None }.write(&changed_rows(&old, &new))?;
    } else if new != old {
        output::write_file(path, new.as_bytes())?;
    }
    if report.notes.is_empty() {
        let count = counted(editor.touched().len(), "row");
        talk.note(&format!("{count} changed in concept {}", visible(&report.concept)));
    }
    for note in &report.notes {
        talk.note(&visible(note));
    }
    let touched = editor.touched();
    for finding in lint(editor.glossary()) {
        if finding.severity >= Severity::Warning && touched.contains(&finding.line) {
            let message = visible(&finding.message);
            talk.warn(&format!("{name}:{}: {message} [{}]", finding.line, finding.code));
        }
    }
    Ok(Outcome::Nothing)
}

/// Returns the rows that an edit takes away and those it writes, in the order of the file.
pub(super) fn changed_rows(old: &str, new: &str) -> String {
    let mut out = String::new();
    for change in TextDiff::from_lines(old, new).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => continue,
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        let row = change.value().trim_end_matches(['\r', '\n']);
        let _ = writeln!(out, "{sign} {}", visible(row));
    }
    out
}

/// Puts the slips of a file right, tells each, and returns the text as it is now.
pub(super) fn fix(path: &Path, talk: &Talk) -> anyhow::Result<String> {
    let name = input::name(path);
    anyhow::ensure!(path != Path::new("-"), "a glossary is fixed in its file; name one");
    let old = utf8(path)?;
    let (new, fixed) = glossary::fix(&old);
    if new != old {
        output::write_file(path, new.as_bytes())?;
    }
    for Finding { line, code, message, .. } in fixed {
        talk.note(&format!("{name}:{line}: fixed: {} [{code}]", visible(&message)));
    }
    Ok(new)
}
