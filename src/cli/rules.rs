//! What the project file and the command line say of findings: [`crate::diff::rules`], read and applied.
//!
//! ```toml
//! [checks]
//! quotes = "off"
//!
//! [checks.az]
//! term = "error"
//!
//! [[accept]]
//! source = "NGO"
//! target = "QHT"
//!
//! [[suppress]]
//! type = "number"
//! file = "flood/az.txt"
//! reason = "the register counts households"
//! ```

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::output::resolved;
use super::project::{Place, Project};
use super::talk::Talk;
use crate::diff::rules::{
    Accepted, Level, Ruled, Rules, Scope, Selector, Setting, Suppression, Use, Versions,
};
use crate::diff::versions::{Disagreement, RuledDisagreements};
use crate::model::{Alignment, Divergence, DivergenceType, Document, Language, Table};
use crate::report::versions::Disagreements;
use crate::report::{self, Comparison, LIMIT};
use crate::text::counted;

/// Options of verbs that tell findings.
#[derive(Debug, clap::Args)]
pub(super) struct RuleOptions {
    /// Tell a type so: off, info, warning, error, or on (as the check has it); may be given several times and goes before what
    /// `qosha.toml` says. TYPE is a name or code, `type/subtype`, or `all`; `qosha explain` lists them
    #[arg(long, value_name = "TYPE=SEVERITY", value_parser = setting)]
    check: Vec<Setting>,
    /// Show the findings that `qosha.toml` suppresses or accepts too, each with its reason
    #[arg(long)]
    show_suppressed: bool,
    /// Show at most N findings in text and HTML, the gravest; 0 for all. Other formats always have all
    #[arg(long, value_name = "N", default_value_t = LIMIT)]
    limit: usize,
}

impl RuleOptions {
    /// Returns what was compared, with the findings after the rules.
    pub(super) fn comparison<'a>(
        &self,
        source: &'a Document,
        target: &'a Document,
        alignment: &'a Alignment,
        ruled: Ruled,
    ) -> Comparison<'a> {
        Comparison {
            suppressed: ruled.suppressed,
            shows_suppressed: self.show_suppressed,
            limit: (self.limit > 0).then_some(self.limit),
            ..Comparison::new(source, target, alignment, ruled.found)
        }
    }

    /// Returns where several versions disagree, after the rules.
    pub(super) fn disagreements<'a>(
        &self,
        documents: &'a [Document],
        table: &'a Table,
        ruled: RuledDisagreements,
    ) -> Disagreements<'a> {
        Disagreements {
            suppressed: ruled.suppressed,
            shows_suppressed: self.show_suppressed,
            limit: (self.limit > 0).then_some(self.limit),
            ..Disagreements::new(documents, table, ruled.found)
        }
    }

    /// Says whether the command line sets how types are told.
    pub(super) fn has_checks(&self) -> bool {
        !self.check.is_empty()
    }
}

/// Says what a host that shows annotations drops.
pub(super) fn tell_of_annotations(by_severity: impl IntoIterator<Item = [usize; 3]>, talk: &Talk) {
    let most = report::github::MOST_SHOWN;
    let counts = by_severity.into_iter().fold([0; 3], |mut all, own| {
        all.iter_mut().zip(own).for_each(|(all, own)| *all += own);
        all
    });
    if counts.iter().any(|count| *count > most) {
        talk.note(&format!(
            "GitHub shows {most} annotations of each kind a step; the others are in the log of the step only"
        ));
    }
}

/// Reads a setting of the command line.
fn setting(text: &str) -> Result<Setting, String> {
    let Some((selector, level)) = text.split_once('=') else {
        return Err("say a type and a severity, such as quotes=off".to_owned());
    };
    Ok(Setting {
        selector: selector.trim().parse().map_err(|error| format!("{error}"))?,
        level: level.trim().parse().map_err(|error| format!("{error}"))?,
        scope: Scope::Run,
    })
}

/// The rules of a run, and which of their suppressions were needed so far.
pub(super) struct RunRules {
    rules: Rules,
    /// The project file and its folder, where there is one.
    project: Option<Project>,
    uses: Vec<Use>,
}

impl RunRules {
    /// Joins what the project says with what the command line says.
    pub(super) fn new(options: &RuleOptions, mut project: Option<Project>, talk: &Talk) -> Self {
        let mut rules = project
            .as_mut()
            .map_or_else(Rules::default, |project| std::mem::take(&mut project.rules));
        if let Some(project) = &project
            && !rules.is_empty()
        {
            let counts = [
                (rules.settings.len(), "setting"),
                (rules.accepted.len(), "accepted pair"),
                (rules.suppressions.len(), "suppression"),
            ];
            let told = counts.into_iter().filter(|(count, _)| *count > 0);
            let told: Vec<String> = told.map(|(count, noun)| counted(count, noun)).collect();
            talk.note(&format!("by {}: {}", project.path.display(), told.join(", ")));
        }
        rules.settings.extend(options.check.iter().cloned());
        Self { rules, project, uses: Vec::new() }
    }

    /// Sorts the findings of two versions.
    pub(super) fn apply(
        &mut self,
        found: Vec<Divergence>,
        source: &Document,
        target: &Document,
    ) -> Ruled {
        let files = [self.inside(&source.name), self.inside(&target.name)];
        let files = [files[0].as_str(), files[1].as_str()];
        let ruled = self.rules.apply(found, Versions { source, target, files });
        self.used(&ruled.uses);
        ruled
    }

    /// Sorts the disagreements of several versions.
    pub(super) fn apply_to_versions(
        &mut self,
        found: Vec<Disagreement>,
        documents: &[Document],
    ) -> RuledDisagreements {
        let files: Vec<String> = documents.iter().map(|d| self.inside(&d.name)).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let ruled = self.rules.apply_to_versions(found, documents, &files);
        self.used(&ruled.uses);
        ruled
    }

    /// Notes which suppressions were needed.
    fn used(&mut self, uses: &[Use]) {
        self.uses.resize(self.rules.suppressions.len(), Use::Elsewhere);
        for (all, own) in self.uses.iter_mut().zip(uses) {
            *all = (*all).max(*own);
        }
    }

    /// Returns the name of a file relative to the project's folder, with `/` between its parts; a file outside keeps its name.
    fn inside(&self, name: &str) -> String {
        let folder = self.project.as_ref().map_or(Path::new("."), |project| &project.folder);
        let path = resolved(Path::new(name));
        let Ok(inside) = path.strip_prefix(resolved(folder)) else { return name.to_owned() };
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/")
    }

    /// Tells of suppressions that matched nothing. `can_know` says of which a run like this one can know: one that
    /// looks at terms alone says nothing of a suppressed number.
    pub(super) fn tell_unused(&self, talk: &Talk, can_know: impl Fn(&Selector) -> bool) {
        let Some(project) = &self.project else { return };
        let path = project.path.display();
        for (suppression, used) in self.rules.suppressions.iter().zip(&self.uses) {
            if *used == Use::Nothing && can_know(&suppression.selector) {
                let Suppression { reason, file, .. } = suppression;
                let hint = match file {
                    Some(_) => "delete it",
                    None => "delete it, or name its file if it is for other texts",
                };
                talk.note(&format!(
                    "{path}: the suppression of {} (\"{reason}\") matches nothing any more; {hint}",
                    suppression.what()
                ));
            }
        }
    }
}

/// Says whether `diff` of two versions can find what is selected: all but what only `glossary check` tells.
pub(super) fn is_of_diff(selector: &Selector) -> bool {
    selector.subtype() != Some("inconsistent")
}

/// Says whether `glossary check` is what finds the selected.
pub(super) fn is_of_glossary(selector: &Selector) -> bool {
    selector.kind() == Some(DivergenceType::Term)
}

/// Reads the rules of a project file.
pub(super) fn read(table: &DeTable<'_>, place: &Place<'_>) -> anyhow::Result<Rules> {
    let mut rules = Rules::default();
    if let Some(checks) = table.get("checks") {
        let DeValue::Table(checks) = checks.get_ref() else {
            return Err(place.error(checks.span(), "\"checks\" is no section; write [checks]"));
        };
        settings(checks, Scope::Project, place, &mut rules.settings)?;
    }
    for entry in entries(table, "accept", place)? {
        rules.accepted.push(accepted(entry, place)?);
    }
    for entry in entries(table, "suppress", place)? {
        rules.suppressions.push(suppression(entry, place)?);
    }
    Ok(rules)
}

/// Returns the entries of a list of sections such as `[[accept]]`.
fn entries<'v, 't>(
    table: &'v DeTable<'t>,
    key: &str,
    place: &Place<'_>,
) -> anyhow::Result<Vec<&'v Spanned<DeValue<'t>>>> {
    match table.get(key).map(|value| (value.get_ref(), value.span())) {
        None => Ok(Vec::new()),
        Some((DeValue::Array(list), _)) => Ok(list.iter().collect()),
        Some((_, span)) => Err(place.error(span, format!("one section each; write [[{key}]]"))),
    }
}

/// Reads a section of settings; in that of the whole project a section inside is for a language.
fn settings(
    section: &DeTable<'_>,
    scope: Scope,
    place: &Place<'_>,
    found: &mut Vec<Setting>,
) -> anyhow::Result<()> {
    for (key, value) in section {
        let name = key.get_ref();
        match value.get_ref() {
            DeValue::Table(inner) if scope == Scope::Project => {
                let language = Language::parse(name).ok().filter(Language::is_assigned);
                let language = language.ok_or_else(|| {
                    let message = format!(
                        "\"{name}\" is no language; a section [checks.…] is named by a tag such as az, ru or az-Cyrl"
                    );
                    place.error(key.span(), message)
                })?;
                settings(inner, Scope::Target(language), place, found)?;
            }
            _ => {
                let selector = name.parse().map_err(|error| place.error(key.span(), error))?;
                let level: Level = place
                    .text(name, value)?
                    .parse()
                    .map_err(|error| place.error(value.span(), error))?;
                found.push(Setting { selector, level, scope });
            }
        }
    }
    Ok(())
}

fn selector(section: &DeTable<'_>, place: &Place<'_>) -> anyhow::Result<Selector> {
    let Some(value) = section.get("type") else { return Ok(Selector::ALL) };
    place.text("type", value)?.parse().map_err(|error| place.error(value.span(), error))
}

/// Returns a text of a section, where it has one.
fn text(section: &DeTable<'_>, key: &str, place: &Place<'_>) -> anyhow::Result<Option<String>> {
    section.get(key).map(|value| Ok(place.text(key, value)?.to_owned())).transpose()
}

/// Returns words of a section, where it has some.
fn words(section: &DeTable<'_>, key: &str, place: &Place<'_>) -> anyhow::Result<Option<String>> {
    let Some(text) = text(section, key, place)? else { return Ok(None) };
    if crate::text::words(&text).next().is_none() {
        let span = section.get(key).map_or(0..0, Spanned::span);
        return Err(place.error(span, format!("\"{key}\" has no word or number")));
    }
    Ok(Some(text))
}

fn accepted(entry: &Spanned<DeValue<'_>>, place: &Place<'_>) -> anyhow::Result<Accepted> {
    let DeValue::Table(section) = entry.get_ref() else {
        return Err(place.error(entry.span(), "this is no section; write [[accept]]"));
    };
    place.knows(section, &["source", "target", "type", "languages", "reason"])?;
    let side = |key: &str| {
        words(section, key, place)?.ok_or_else(|| {
            place.error(entry.span(), format!("[[accept]] has no {key}; add {key} = \"…\""))
        })
    };
    let languages = match section.get("languages") {
        None => None,
        Some(value) => {
            let wrong = |message: &dyn std::fmt::Display| place.error(value.span(), message);
            let tags = place.texts("languages", value)?;
            let [source, target] = tags[..] else {
                return Err(wrong(&"two languages are needed, such as [\"en\", \"az\"]"));
            };
            let language = |tag| Language::parse(tag).map_err(|error| wrong(&error));
            Some([language(source)?, language(target)?])
        }
    };
    Ok(Accepted {
        source: side("source")?,
        target: side("target")?,
        selector: selector(section, place)?,
        languages,
        reason: text(section, "reason", place)?,
    })
}

fn suppression(entry: &Spanned<DeValue<'_>>, place: &Place<'_>) -> anyhow::Result<Suppression> {
    let DeValue::Table(section) = entry.get_ref() else {
        return Err(place.error(entry.span(), "this is no section; write [[suppress]]"));
    };
    place.knows(section, &["fingerprint", "type", "text", "file", "reason"])?;
    let Some(reason) = text(section, "reason", place)? else {
        return Err(place.error(entry.span(), "[[suppress]] has no reason; add reason = \"…\""));
    };
    let file = match section.get("file") {
        None => None,
        Some(value) => {
            let pattern = place.text("file", value)?;
            let wrong = |error| place.error(value.span(), format!("\"{pattern}\": {error}"));
            Some(glob::Pattern::new(pattern).map_err(wrong)?)
        }
    };
    let suppression = Suppression {
        fingerprint: text(section, "fingerprint", place)?,
        selector: selector(section, place)?,
        text: words(section, "text", place)?,
        file,
        reason,
    };
    if suppression.what().is_empty() {
        let message = "[[suppress]] does not say what; name a fingerprint, type, text or file";
        return Err(place.error(entry.span(), message));
    }
    Ok(suppression)
}
