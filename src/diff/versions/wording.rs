//! How people are told of a disagreement: versions by their languages, the odd one first.

use super::facts::Family;
use super::{Compared, Disagreement, Finding, Stand};
use crate::model::DivergenceType;
use crate::text::counted;

/// How much of a segment is shown, in code points.
const SHOWN: usize = 60;

/// Joins names: `en`, `en and az`, `en, az and ru`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Shortens the text of a segment.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// Returns the form of a verb for so many names.
fn verb(names: &[String], one: &'static str, many: &'static str) -> &'static str {
    if names.len() == 1 { one } else { many }
}

/// Puts the names of versions for `the source` and `the target` in the message of a pair, what it quotes aside.
fn named(message: &str, source: &str, target: &str) -> String {
    let parts = message.split('"').enumerate().map(|(place, part)| match place % 2 {
        0 => part.replace("the source", source).replace("the target", target),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("\"")
}

impl Compared<'_> {
    /// Returns what people call a version: its language, or its file where others are in that language.
    fn name(&self, version: usize) -> String {
        let document = &self.documents[version];
        let same = self.documents.iter().filter(|other| other.language == document.language);
        if same.count() == 1 { document.language.to_string() } else { document.name.clone() }
    }

    fn names(&self, versions: &[usize]) -> Vec<String> {
        versions.iter().map(|version| self.name(*version)).collect()
    }

    /// Says a disagreement in a sentence. `main` is the finding that shows it best.
    pub(super) fn message(&self, found: &Disagreement, family: Family, main: &Finding) -> String {
        let groups = groups(found);
        match family {
            Family::Absence => return self.absence(found, main, &groups),
            Family::Other(DivergenceType::Merge, _) => return self.merge(found, &groups),
            Family::Other(DivergenceType::Order, _) if found.odd.is_some() => {
                return self.order(found);
            }
            // What differs beside the same words, such as a unit, the message of the pair says.
            Family::Values if !says_the_same(found) => return self.statements(found, &groups),
            Family::Names if main.divergence.kind == DivergenceType::Entity => {
                return self.statements(found, &groups);
            }
            _ => {}
        }
        let [source, target] = main.versions;
        let (source_name, target_name) = (self.name(source), self.name(target));
        if found.subtype == "run_together" {
            let with = groups.iter().find(|group| group.contains(&target));
            let with = with.map_or_else(Vec::new, |group| self.names(group));
            return named(&main.divergence.message, &source_name, &listed(&with));
        }
        if found.odd.is_none() && found.pairs.len() > 1 {
            let mut all: Vec<String> = Vec::new();
            // One that is untranslated itself is no measure of another.
            let is_measure = |versions: &[usize; 2]| {
                found.kind != DivergenceType::Untranslated
                    || found.stands[versions[0]].group == Some(0)
            };
            for (versions, divergence) in found.pairs.iter().filter(|(v, _)| is_measure(v)) {
                let [source, target] = versions.map(|version| self.name(version));
                let message = named(&divergence.message, &source, &target);
                if !all.contains(&message) {
                    all.push(message);
                }
            }
            return all.join("; ");
        }
        let others: Vec<usize> = groups
            .iter()
            .flatten()
            .copied()
            .filter(|version| {
                *version != source && found.stands[*version].group == found.stands[source].group
            })
            .collect();
        let others = self.names(&others);
        // What is misspelt or untranslated is so whatever the others say.
        match found.kind {
            DivergenceType::EntityTypo => {
                return format!("in {target_name} {}", main.divergence.message);
            }
            DivergenceType::Untranslated => {
                return named(&main.divergence.message, &source_name, &target_name);
            }
            _ => {}
        }
        let tail = match others.is_empty() {
            true => self.tail(found),
            false => format!(
                "; {} {} with {}",
                listed(&others),
                verb(&others, "agrees", "agree"),
                source_name
            ),
        };
        named(&main.divergence.message, &source_name, &target_name) + &tail
    }

    /// Says who has a segment and who has not.
    fn absence(&self, found: &Disagreement, main: &Finding, groups: &[Vec<usize>]) -> String {
        let (Some(has), Some(lacks)) = (groups.first(), groups.get(1)) else {
            return main.divergence.message.clone();
        };
        let text = has.first().map_or_else(String::new, |version| {
            let ids = found.stands[*version].segments.iter().take(1).copied();
            self.documents[*version].joined(&ids.collect::<Vec<_>>())
        });
        let shown = shown(&text);
        let is_item = found.kind == DivergenceType::ListItem;
        let what = if is_item { "list item" } else { "heading" };
        let is_named = is_item || found.subtype == "heading";
        let (has, lacks) = (self.names(has), self.names(lacks));
        if found.kind == DivergenceType::Duplicate {
            return format!("{} {} this twice: {shown}", listed(&has), verb(&has, "says", "say"));
        }
        match found.odd.map(|odd| found.stands[odd].segments.is_empty()) {
            Some(true) if is_named => {
                // The number of the item, as the pair's message has it.
                let of_pair = main.divergence.message.split(" is missing").next();
                let what = of_pair.filter(|_| is_item).unwrap_or("the heading");
                format!("{what} is missing in {}: {shown}", listed(&lacks))
            }
            Some(true) => format!("{} has nothing for: {shown}", listed(&lacks)),
            Some(false) if is_named => format!("only {} has this {what}: {shown}", listed(&has)),
            Some(false) => format!("only {} says: {shown}", listed(&has)),
            None => format!(
                "{} {} this, {} {} not: {shown}",
                listed(&has),
                verb(&has, "has", "have"),
                listed(&lacks),
                verb(&lacks, "does", "do"),
            ),
        }
    }

    /// Says what the odd version puts elsewhere.
    fn order(&self, found: &Disagreement) -> String {
        let odd = found.odd.map_or_else(String::new, |odd| self.name(odd));
        if found.subtype == "swapped" {
            return format!("two segments changed places in {odd}");
        }
        let other = (0..found.stands.len()).find(|version| Some(*version) != found.odd);
        let text = other.map_or_else(String::new, |version| {
            self.documents[version].joined(&found.stands[version].segments)
        });
        format!("{odd} puts this elsewhere: {}", shown(&text))
    }

    /// Says how many segments each version has.
    fn merge(&self, found: &Disagreement, groups: &[Vec<usize>]) -> String {
        let said = groups.iter().flat_map(|group| {
            let mut counts: Vec<(usize, Vec<usize>)> = Vec::new();
            for version in group {
                let count = found.stands[*version].segments.len();
                match counts.iter_mut().find(|(known, _)| *known == count) {
                    Some((_, versions)) => versions.push(*version),
                    None => counts.push((count, vec![*version])),
                }
            }
            counts
        });
        let said = said.map(|(count, versions)| {
            format!("{} in {}", counted(count, "segment"), listed(&self.names(&versions)))
        });
        said.collect::<Vec<_>>().join(", ") + &self.tail(found)
    }

    /// Says what each group says, the odd version first.
    fn statements(&self, found: &Disagreement, groups: &[Vec<usize>]) -> String {
        let says =
            |group: &&Vec<usize>| group.iter().any(|version| found.stands[*version].text.is_some());
        let is_odd = |group: &&Vec<usize>| found.odd.is_some_and(|odd| group.contains(&odd));
        let mut ordered: Vec<&Vec<usize>> = groups.iter().filter(is_odd).collect();
        ordered.extend(groups.iter().filter(|group| !is_odd(group)));
        let speaking: Vec<&Vec<usize>> = ordered.iter().copied().filter(says).collect();
        let silent: Vec<usize> = ordered
            .iter()
            .filter(|group| !says(group))
            .flat_map(|group| group.iter())
            .copied()
            .collect();
        let prefix = match (found.odd, groups) {
            (None, [_, _]) if groups.iter().all(|group| group.len() > 1) => "no majority: ",
            (None, [_, _, _, ..]) if groups.iter().all(|group| group.len() == 1) => "all differ: ",
            (None, [_, _, _, ..]) => "no majority: ",
            (Some(_), _) if speaking.iter().all(is_odd) => "only ",
            _ => "",
        };
        // Single versions in a row share the verb: `en says "47", az "37", ru "27"`.
        let are_single = speaking.iter().all(|group| group.len() == 1);
        let mut parts: Vec<String> = if are_single && found.odd.is_none() {
            vec![self.said(found, &speaking.into_iter().flatten().copied().collect::<Vec<_>>())]
        } else {
            speaking.iter().map(|group| self.said(found, group)).collect()
        };
        if !silent.is_empty() {
            let names = self.names(&silent);
            parts.push(format!("{} {} not", listed(&names), verb(&names, "does", "do")));
        }
        format!("{prefix}{}{}", parts.join("; "), self.tail(found))
    }

    /// Says what a group says: `en and az say "47"`, `en says "12 October", az "12 oktyabr"`.
    fn said(&self, found: &Disagreement, group: &[usize]) -> String {
        let mut texts: Vec<(&str, Vec<usize>)> = Vec::new();
        let mut without = Vec::new();
        for version in group {
            match found.stands[*version].text.as_deref() {
                None => without.push(*version),
                Some(text) => match texts.iter_mut().find(|(known, _)| *known == text) {
                    Some((_, versions)) => versions.push(*version),
                    None => texts.push((text, vec![*version])),
                },
            }
        }
        let mut parts = Vec::new();
        for (place, (text, versions)) in texts.iter().enumerate() {
            let names = self.names(versions);
            let verb = if place == 0 { verb(&names, " says", " say") } else { "" };
            parts.push(format!("{}{verb} \"{text}\"", listed(&names)));
        }
        if !without.is_empty() {
            let names = self.names(&without);
            parts.push(format!("{} {}", listed(&names), verb(&names, "agrees", "agree")));
        }
        parts.join(", ")
    }

    /// Says which versions have no vote, and why.
    fn tail(&self, found: &Disagreement) -> String {
        let without = |is_empty: bool| -> Vec<usize> {
            let versions = 0..found.stands.len();
            let is_meant = |version: &usize| {
                let stand = &found.stands[*version];
                stand.group.is_none()
                    && stand.segments.is_empty() == is_empty
                    && !self.documents[*version].segments.is_empty()
            };
            versions.filter(is_meant).collect()
        };
        let mut tail = String::new();
        for (is_empty, one, many) in [
            (false, "does not settle it", "do not settle it"),
            (true, "has nothing here", "have nothing here"),
        ] {
            let names = self.names(&without(is_empty));
            if !names.is_empty() {
                tail.push_str(&format!("; {} {}", listed(&names), verb(&names, one, many)));
            }
        }
        tail
    }
}

/// Says whether versions of different groups are written alike.
fn says_the_same(found: &Disagreement) -> bool {
    found.stands.iter().any(|stand| {
        let is_like = |other: &Stand| other.group != stand.group && other.text == stand.text;
        stand.group.is_some()
            && stand.text.is_some()
            && found.stands.iter().any(|other| other.group.is_some() && is_like(other))
    })
}

/// Returns the versions of each group.
fn groups(found: &Disagreement) -> Vec<Vec<usize>> {
    let count =
        found.stands.iter().filter_map(|stand| stand.group).max().map_or(0, |last| last + 1);
    let mut groups = vec![Vec::new(); count];
    for (version, stand) in found.stands.iter().enumerate() {
        if let Some(group) = stand.group {
            groups[group].push(version);
        }
    }
    groups
}
