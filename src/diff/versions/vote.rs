//! What each version says of a fact, which versions agree, and which is the odd one.
//!
//! | family | the vote |
//! | --- | --- |
//! | absence | who has the segment against who has none: every version votes |
//! | left untranslated, terms | no vote: the finding itself says which version is at fault |
//! | others | versions that are told to differ are in different groups; one that no pair tells of joins the group whose value it has |
//!
//! The odd version is the one that stands alone where all others with a vote, two at least, agree.

use std::collections::BTreeSet;

use super::facts::{Family, agree};
use super::{Compared, Disagreement, Finding, Side, Stand};
use crate::model::{Divergence, DivergenceType, SegmentId, Severity, Span};
use crate::text::words;

impl Compared<'_> {
    /// Brings the findings of a fact together; `None` where none of them is told by itself, nor all of them together.
    pub(super) fn disagreement(&self, fact: &[usize]) -> Option<Disagreement> {
        let findings: Vec<&Finding> = fact.iter().map(|place| &self.findings[*place]).collect();
        let is_common = is_lost_by_one(&findings);
        let told = || findings.iter().copied().filter(|finding| finding.is_told || is_common);
        let first = told().next()?;
        let family = first.family();
        let mut stands = self.stands(&findings);
        let faulty: BTreeSet<usize> = match family {
            Family::Terms => told().map(|finding| finding.versions[1]).collect(),
            Family::Other(DivergenceType::Untranslated, _) => {
                told().map(|finding| self.untranslated(finding).version).collect()
            }
            _ => BTreeSet::new(),
        };
        if family == Family::Absence {
            self.group_by_absence(&findings, &mut stands);
        } else if faulty.is_empty() {
            self.group_by_findings(&findings, &mut stands);
        } else {
            for finding in &findings {
                for version in finding.versions {
                    stands[version].group = Some(usize::from(faulty.contains(&version)));
                }
            }
        }
        let mut odd = odd(&stands);
        if !faulty.is_empty() {
            odd = faulty.first().copied().filter(|_| faulty.len() == 1);
        } else if first.divergence.kind == DivergenceType::EntityTypo && told().count() == 1 {
            odd = odd.or(Some(first.versions[1]));
        }
        let seen = |finding: &&Finding| Some(finding.versions[1]) == odd;
        let main = findings.iter().copied().find(seen).unwrap_or(first);
        let gravest = told().map(|finding| finding.divergence.severity).max();
        let severity = match family {
            Family::Absence if odd.is_some() => main.divergence.severity,
            _ => gravest.unwrap_or(Severity::Info),
        };
        let pairs = told().map(|finding| (finding.versions, finding.divergence.clone()));
        let pairs = pairs.collect();
        let kind = main.divergence.kind;
        let subtype = main.divergence.subtype;
        let mut found =
            Disagreement { kind, subtype, severity, odd, stands, message: String::new(), pairs };
        found.message = self.message(&found, family, main);
        Some(found)
    }

    /// Returns what the findings know of each version, without groups. Versions that they don't know of stand with what is
    /// opposite the others.
    fn stands(&self, findings: &[&Finding]) -> Vec<Stand> {
        let mut stands = vec![Stand::default(); self.documents.len()];
        for side in findings.iter().flat_map(|finding| finding.sides()) {
            let stand = &mut stands[side.version];
            stand.segments.extend(side.ids);
            if stand.text.is_none() && side.value.is_some() {
                self.say(stand, side);
            }
        }
        let known: Vec<(usize, Vec<SegmentId>)> =
            stands.iter().map(|stand| stand.segments.clone()).enumerate().collect();
        for (version, stand) in stands.iter_mut().enumerate() {
            if stand.segments.is_empty() {
                let opposite = known.iter().flat_map(|(of, ids)| self.partners(*of, ids, version));
                stand.segments = opposite.collect();
            }
            stand.segments.sort_unstable();
            stand.segments.dedup();
            stand.span = stand.span.or_else(|| self.documents[version].span_of(&stand.segments));
        }
        stands
    }

    fn say(&self, stand: &mut Stand, side: Side<'_>) {
        stand.span = side.value;
        stand.text = side.value.map(|span| span.of(&self.documents[side.version].text).to_owned());
    }

    /// Groups the versions by whether they have the segments; where all have them, by whether they have them twice.
    fn group_by_absence(&self, findings: &[&Finding], stands: &mut [Stand]) {
        let is_twice = |finding: &&&Finding| finding.divergence.kind == DivergenceType::Duplicate;
        let twice: BTreeSet<usize> =
            findings.iter().filter(is_twice).map(|finding| finding.versions[1]).collect();
        let takes_part = |version: usize| !self.documents[version].segments.is_empty();
        let is_lacking = (0..stands.len())
            .any(|version| takes_part(version) && stands[version].segments.is_empty());
        for (version, stand) in stands.iter_mut().enumerate().filter(|(v, _)| takes_part(*v)) {
            let has = match is_lacking {
                true => !stand.segments.is_empty(),
                false => twice.contains(&version),
            };
            stand.group = Some(usize::from(!has));
            stand.span = self.documents[version].span_of(&stand.segments);
            let text = stand.span.filter(|_| has);
            stand.text = text.map(|span| span.of(&self.documents[version].text).to_owned());
        }
    }

    /// Groups the versions by which of them are told to differ.
    fn group_by_findings(&self, findings: &[&Finding], stands: &mut [Stand]) {
        let differ: BTreeSet<[usize; 2]> = findings
            .iter()
            .flat_map(|finding| [finding.versions, [finding.versions[1], finding.versions[0]]])
            .collect();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for version in 0..stands.len() {
            if !differ.iter().any(|pair| pair[0] == version) {
                continue;
            }
            let fits =
                |group: &Vec<usize>| group.iter().all(|other| !differ.contains(&[version, *other]));
            match groups.iter().position(fits) {
                Some(place) => groups[place].push(version),
                None => groups.push(vec![version]),
            }
        }
        for (number, group) in groups.iter().enumerate() {
            group.iter().for_each(|version| stands[*version].group = Some(number));
        }
        let family = findings.first().map(|finding| finding.family());
        let Some(family @ (Family::Values | Family::Names)) = family else { return };
        for version in 0..stands.len() {
            if stands[version].text.is_some() || stands[version].segments.is_empty() {
                continue;
            }
            // What a group says, as this version says it.
            let said = |number: usize| {
                groups[number].iter().find_map(|other| {
                    let span = stands[*other].text.as_ref().and(stands[*other].span)?;
                    let theirs = (*other, &stands[*other].segments[..], span);
                    self.same(family, theirs, version, &stands[version].segments)
                })
            };
            let own = stands[version].group;
            let fitting: Vec<(usize, Span)> = (0..groups.len())
                .filter(|number| own.is_none_or(|own| own == *number))
                .filter_map(|number| Some((number, said(number)?)))
                .collect();
            if let [(group, span)] = fitting[..] {
                let stand = &mut stands[version];
                stand.group = Some(group);
                stand.span = Some(span);
                stand.text = Some(span.of(&self.documents[version].text).to_owned());
            }
        }
    }

    /// Returns where segments of a version say the value or the name that another version says.
    fn same(
        &self,
        family: Family,
        (other, their_ids, span): (usize, &[SegmentId], Span),
        version: usize,
        ids: &[SegmentId],
    ) -> Option<Span> {
        if family == Family::Values {
            let theirs = self.value(other, their_ids, span)?;
            let ours = ids.iter().filter_map(|id| self.values[version].get(id.place())).flatten();
            let mut ours = ours.filter(|value| agree(value, theirs));
            return ours.next().map(|value| value.span);
        }
        let count = words(span.of(&self.documents[other].text)).count();
        let text = &self.documents[version].text;
        let segments = ids.iter().filter_map(|id| self.documents[version].segments.get(id.place()));
        segments.into_iter().find_map(|segment| {
            let words = words(segment.span.of(text));
            let spans: Vec<Span> =
                words.map(|word| word.span.shifted(segment.span.start)).collect();
            let mut rows = spans.windows(count.max(1));
            let whole = |row: &[Span]| Some(Span::new(row.first()?.start, row.last()?.end));
            rows.find_map(|row| {
                whole(row).filter(|row| self.sounds_like((other, span), (version, *row)))
            })
        })
    }
}

/// Says whether two versions or more negate what one does not: a translator may put a thing by a negation, two hardly do so in the
/// same place.
fn is_lost_by_one(findings: &[&Finding]) -> bool {
    let is_lost = |finding: &&Finding| {
        let Divergence { kind, subtype, .. } = finding.divergence;
        (kind, subtype) == (DivergenceType::Negation, "lost")
    };
    let lacking = |finding: &&Finding| finding.versions[1];
    let negating: BTreeSet<usize> = findings.iter().map(|finding| finding.versions[0]).collect();
    findings.iter().all(is_lost)
        && findings.windows(2).all(|pair| lacking(&pair[0]) == lacking(&pair[1]))
        && negating.len() > 1
}

/// Returns the version that stands alone against two or more that agree.
fn odd(stands: &[Stand]) -> Option<usize> {
    let members = |number: usize| -> Vec<usize> {
        (0..stands.len()).filter(|version| stands[*version].group == Some(number)).collect()
    };
    let [one, other, more] = [members(0), members(1), members(2)];
    match (&one[..], &other[..]) {
        ([alone], [_, _, ..]) | ([_, _, ..], [alone]) if more.is_empty() => Some(*alone),
        _ => None,
    }
}
