//! Where three and more versions disagree, and which of them is the odd one.
//!
//! Each two versions are compared as [`diff`](super::diff) does, with the beads that one [`Table`] has for them, and what the
//! pairs find is brought together:
//!
//! ```text
//! en  12 October    ┐
//! az  12 oktyabr    ┤ en-ru and az-ru each find a date that differs     one fact, told once:
//! ru  10 октября    ┘ en-az finds none                                  ru is odd, en and az agree
//! ```
//! [`facts`] says which findings of pairs are about one fact, [`vote`] what each version says of it and which of them agree,
//! [`wording`] how people are told, [`rules`] what the project makes of it.
//!
//! **The first version is the source**, as with two: every pair is compared from the earlier version to the later. The other
//! direction is compared too, and only bears witness: a check that looks at the target alone (a lost quotation mark, a term) so
//! learns what a third version has to say. What only it finds is not told, but for a negation that two translations have and the source
//! lacks.

mod facts;
mod rules;
mod vote;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use crate::glossary::Glossary;
use crate::language;
use crate::model::{Divergence, DivergenceType, Document, SegmentId, Severity, Span, Table};
use crate::text::values::{self, Value};
use facts::Family;

pub use rules::{RuledDisagreements, SuppressedDisagreement};

/// What several versions say differently of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// What kind of thing differs, seen from the odd version where there is one: what it alone lacks is an omission.
    pub kind: DivergenceType,
    /// What it is more finely.
    pub subtype: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The place of the version against which two or more agree; `None` where no single version stands alone so.
    pub odd: Option<usize>,
    /// What each version says, in their order.
    pub stands: Vec<Stand>,
    /// The disagreement in a sentence for people, in English.
    pub message: String,
    /// The findings of two versions that it was made of, one at least, with the places of source and target.
    pub pairs: Vec<([usize; 2], Divergence)>,
}

/// What one version says of a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// The segments, ascending; empty where the version has nothing here.
    pub segments: Vec<SegmentId>,
    /// The bytes of the differing value, else of the segments; `None` where there are no segments.
    pub span: Option<Span>,
    /// The value as written, where there is one.
    pub text: Option<String>,
    /// The number of the group of versions that say the same, from 0; `None` where the version neither confirms nor denies.
    pub group: Option<usize>,
}

impl Disagreement {
    /// Returns a name of 16 hexadecimal digits, made of the type and of what the versions say (white space aside): the same in
    /// whatever order they are compared.
    pub fn fingerprint(&self, documents: &[Document]) -> String {
        let said = |(stand, document): (&Stand, &Document)| {
            (document.joined(&stand.segments), stand.text.clone().unwrap_or_default())
        };
        let mut all: Vec<_> = self.stands.iter().zip(documents).map(said).collect();
        all.sort_unstable();
        let mut hash = Xxh3::new();
        let texts = all.iter().flat_map(|(text, value)| [text.as_str(), value.as_str()]);
        for part in [self.kind.name()].into_iter().chain(texts) {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        format!("{:016x}", hash.digest())
    }

    /// Returns the place of the version that a report points at: the odd one, else the last that says something else than the
    /// first; of the two the one that has something to point at.
    pub fn place(&self) -> usize {
        let has_text = |place: &usize| self.stands[*place].span.is_some();
        let grouped = || (0..self.stands.len()).filter(|place| self.stands[*place].group.is_some());
        let other =
            || grouped().rev().filter(has_text).max_by_key(|place| self.stands[*place].group);
        self.odd.filter(has_text).or_else(other).or_else(|| grouped().next()).unwrap_or(0)
    }
}

/// Returns where the versions of a table disagree, by row, then type, then place. A version without segments takes no part.
///
/// # Example
/// ```
/// use qosha::{align::{self, Version}, diff, model::Language, segment};
/// let texts = [
///     ("en", "The meeting is on 12 October."),
///     ("az", "Görüş 12 oktyabrda keçiriləcək."),
///     ("ru", "Встреча состоится 10 октября."),
/// ];
/// let documents = texts.map(|(tag, text)| {
///     segment::document(tag, text.into(), Language::parse(tag).unwrap(), &Default::default())
/// });
/// let versions = documents.each_ref().map(|document| Version { document, terms: &[] });
/// let table = align::align_versions(&versions, &Default::default(), &Default::default());
/// let found = diff::versions::diff_versions(&documents, &table, None);
/// assert_eq!(found[0].odd, Some(2));
/// assert_eq!(
///     found[0].message,
///     "ru says \"10 октября\"; en says \"12 October\", az \"12 oktyabrda\""
/// );
/// ```
pub fn diff_versions(
    documents: &[Document],
    table: &Table,
    glossary: Option<&Glossary>,
) -> Vec<Disagreement> {
    let documents = &documents[..documents.len().min(table.versions())];
    let compared = Compared::new(documents, table, glossary);
    let mut row_of = BTreeMap::new();
    for (number, row) in table.rows().iter().enumerate() {
        for (version, ids) in row.segments.iter().enumerate() {
            row_of.extend(ids.iter().map(|id| ((version, *id), number)));
        }
    }
    let row = |found: &Disagreement| {
        let places = found.stands.iter().enumerate();
        let all = places.flat_map(|(v, stand)| stand.segments.iter().map(move |id| (v, *id)));
        all.filter_map(|place| row_of.get(&place)).min().copied()
    };
    let mut found: Vec<Disagreement> =
        compared.facts().iter().filter_map(|fact| compared.disagreement(fact)).collect();
    // A stable sort: what is alike stays in the order of the pairs.
    found.sort_by_cached_key(|d| {
        let spans: Vec<Option<Span>> = d.stands.iter().map(|stand| stand.span).collect();
        (row(d), d.kind, spans)
    });
    found
}

/// A finding of two versions.
struct Finding {
    /// The places of source and target.
    versions: [usize; 2],
    /// Whether it is told by itself, or only bears witness.
    is_told: bool,
    divergence: Divergence,
}

/// One side of a finding of two versions.
#[derive(Clone, Copy)]
struct Side<'a> {
    version: usize,
    ids: &'a [SegmentId],
    /// The bytes of the value, where the side has one.
    value: Option<Span>,
}

impl Finding {
    fn sides(&self) -> [Side<'_>; 2] {
        let d = &self.divergence;
        let value = |span: Option<Span>, value: &Option<String>| span.filter(|_| value.is_some());
        [
            Side {
                version: self.versions[0],
                ids: &d.source_segments,
                value: value(d.source_span, &d.expected),
            },
            Side {
                version: self.versions[1],
                ids: &d.target_segments,
                value: value(d.target_span, &d.found),
            },
        ]
    }

    /// Returns the side of a version, and the other one.
    fn seen_from(&self, version: usize) -> Option<(Side<'_>, Side<'_>)> {
        let [source, target] = self.sides();
        match version {
            _ if version == source.version => Some((source, target)),
            _ if version == target.version => Some((target, source)),
            _ => None,
        }
    }

    fn family(&self) -> Family {
        Family::of(&self.divergence)
    }
}

/// The versions, and what each two of them disagree about.
struct Compared<'a> {
    documents: &'a [Document],
    /// Of each two versions, for each segment of the first those of the second it is paired with.
    partners: BTreeMap<[usize; 2], Vec<Vec<SegmentId>>>,
    /// The values of each segment of each version.
    values: Vec<Vec<Vec<Value>>>,
    findings: Vec<Finding>,
}

impl<'a> Compared<'a> {
    fn new(documents: &'a [Document], table: &Table, glossary: Option<&Glossary>) -> Self {
        let has_text = |place: &usize| !documents[*place].segments.is_empty();
        let places: Vec<usize> = (0..documents.len()).filter(has_text).collect();
        let forward = places.iter().flat_map(|b| places.iter().map(|a| [*a, *b]));
        let (forward, backward): (Vec<_>, Vec<_>) =
            forward.filter(|[a, b]| a != b).partition(|[a, b]| a < b);
        let pairs: Vec<[usize; 2]> = forward.into_iter().chain(backward).collect();
        type OfPair = (Vec<Vec<SegmentId>>, Vec<Divergence>);
        let compare = |[a, b]: &[usize; 2]| -> OfPair {
            let (source, target) = (&documents[*a], &documents[*b]);
            let Some(alignment) = table.pair(*a, *b) else {
                return (vec![Vec::new(); source.segments.len()], Vec::new());
            };
            let mut partners = vec![Vec::new(); source.segments.len()];
            for bead in alignment.beads() {
                for id in &bead.source {
                    partners[id.place()].clone_from(&bead.target);
                }
            }
            (partners, super::diff(source, target, &alignment, glossary))
        };
        let found: Vec<OfPair> = pairs.par_iter().map(compare).collect();
        let values = documents.iter().map(|document| {
            let own = document.segments.iter().map(|segment| {
                let found = values::find(segment.span.of(&document.text), document.language);
                let placed =
                    |value: Value| Value { span: value.span.shifted(segment.span.start), ..value };
                found.into_iter().map(placed).collect()
            });
            own.collect()
        });
        let mut compared = Self {
            documents,
            partners: BTreeMap::new(),
            values: values.collect(),
            findings: Vec::new(),
        };
        for (pair, (partners, found)) in pairs.into_iter().zip(found) {
            compared.partners.insert(pair, partners);
            compared.findings.extend(found.into_iter().map(|divergence| Finding {
                versions: pair,
                is_told: pair[0] < pair[1],
                divergence,
            }));
        }
        compared.leave_to_the_source(places.first().copied().unwrap_or(0));
        compared.pass_over_untranslated();
        compared
    }

    /// Returns the segments of a version that stand opposite some of another.
    fn partners(&self, of: usize, ids: &[SegmentId], version: usize) -> Vec<SegmentId> {
        let Some(partners) = self.partners.get(&[of, version]) else { return Vec::new() };
        let mut all: Vec<SegmentId> =
            ids.iter().filter_map(|id| partners.get(id.place())).flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Lets nothing be told that a translation lacks by the measure of another translation where the source can be asked: a
    /// quotation mark, a negation or a name that only a translation added need not be in the next one.
    fn leave_to_the_source(&mut self, source: usize) {
        for place in 0..self.findings.len() {
            let finding = &self.findings[place];
            let is_owed = match finding.family() {
                Family::Terms => true,
                Family::Other(kind, _) => kind != DivergenceType::Untranslated,
                Family::Absence | Family::Values | Family::Names => false,
            };
            let [ours, _] = finding.sides();
            let is_of_source =
                ours.version == source || self.partners(ours.version, ours.ids, source).is_empty();
            if is_owed && !is_of_source {
                self.findings[place].is_told = false;
            }
        }
    }

    /// Leaves out what is found in segments that are left untranslated: that they are is the one finding.
    fn pass_over_untranslated(&mut self) {
        let of_kind = |finding: &&Finding| finding.divergence.kind == DivergenceType::Untranslated;
        let mut untranslated = BTreeSet::new();
        for finding in self.findings.iter().filter(of_kind).filter(|finding| finding.is_told) {
            let side = self.untranslated(finding);
            untranslated.extend(side.ids.iter().map(|id| (side.version, *id)));
        }
        self.findings.retain(|finding| {
            let touches = |side: Side<'_>| {
                side.ids.iter().any(|id| untranslated.contains(&(side.version, *id)))
            };
            let family = finding.family();
            of_kind(&finding)
                || family == Family::Absence
                || !finding.sides().into_iter().any(touches)
        });
    }

    /// Returns the side of a finding that is in the language of the other: the target, unless the source is seen not to be in
    /// its own language.
    fn untranslated<'f>(&self, finding: &'f Finding) -> Side<'f> {
        let [source, target] = finding.sides();
        let document = &self.documents[source.version];
        let seen = language::detect(&document.joined(source.ids));
        let is_foreign = seen.is_some_and(|seen| !seen.is_same_language(document.language));
        if is_foreign { source } else { target }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{Version, align_versions};
    use crate::diff::rules::{Accepted, Rules, Scope, Selector, Setting, Suppression};
    use crate::model::{Alignment, Bead, Language, Origin, Row};
    use crate::segment;

    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap()
    }

    /// Makes versions of rows: what each version says there, nothing where it says nothing.
    fn versions(tags: &[&str], rows: &[&[&str]]) -> (Vec<Document>, Table) {
        let mut ids: Vec<Vec<Vec<SegmentId>>> = vec![Vec::new(); rows.len()];
        let mut documents = Vec::new();
        for (version, tag) in tags.iter().enumerate() {
            let mut lines: Vec<&str> = Vec::new();
            for (row, texts) in rows.iter().enumerate() {
                let first = lines.len();
                lines.extend(texts[version].lines());
                ids[row].push((first..lines.len()).map(SegmentId::at).collect());
            }
            let name = format!("{tag}.txt");
            documents.push(segment::presegmented_document(&name, lines.join("\n"), language(tag)));
        }
        let mut pairs = BTreeMap::new();
        for target in 1..tags.len() {
            for source in 0..target {
                let beads = ids.iter().map(|row| {
                    Bead::settled(row[source].clone(), row[target].clone(), Origin::Person)
                });
                let [ours, theirs] = [source, target].map(|v| documents[v].segments.len());
                let alignment = Alignment::new(ours, theirs, beads.collect()).unwrap();
                pairs.insert((source, target), alignment);
            }
        }
        let row = |segments| Row { segments, confidence: 1.0, reordered: false };
        (documents, Table::new(tags.len(), ids.into_iter().map(row).collect(), pairs))
    }

    fn compared(tags: &[&str], rows: &[&[&str]]) -> Vec<Disagreement> {
        let (documents, table) = versions(tags, rows);
        diff_versions(&documents, &table, None)
    }

    fn told(tags: &[&str], rows: &[&[&str]]) -> Vec<(Option<usize>, String)> {
        compared(tags, rows).into_iter().map(|found| (found.odd, found.message)).collect()
    }

    const THREE: [&str; 3] = ["en", "az", "ru"];

    #[test]
    fn two_that_agree_name_the_odd_one_once() {
        let row = |en, az, ru| {
            [
                format!("We sent {en} tents to the village."),
                format!("Kəndə {az} çadır göndərdik."),
                format!("Мы отправили в село {ru} палаток."),
            ]
        };
        let told = |numbers: [u32; 3]| {
            let row = row(numbers[0], numbers[1], numbers[2]);
            let row: Vec<&str> = row.iter().map(String::as_str).collect();
            told(&THREE, &[&row])
        };
        assert_eq!(told([47, 47, 47]), []);
        let message = "ru says \"37\"; en and az say \"47\"".to_owned();
        assert_eq!(told([47, 47, 37]), [(Some(2), message)]);
        let message = "az says \"37\"; en and ru say \"47\"".to_owned();
        assert_eq!(told([47, 37, 47]), [(Some(1), message)]);
        let message = "en says \"37\"; az and ru say \"47\"".to_owned();
        assert_eq!(told([37, 47, 47]), [(Some(0), message)]);
        let message = "all differ: en says \"47\", az \"37\", ru \"27\"".to_owned();
        assert_eq!(told([47, 37, 27]), [(None, message)]);
    }

    #[test]
    fn two_against_two_is_no_majority() {
        let rows: [&[&str]; 1] = [&[
            "The road is closed for 47 days.",
            "Yol 47 gün bağlıdır.",
            "Дорога закрыта 37 дней.",
            "Yol 37 gündür kapalı.",
        ]];
        let message = "no majority: en and az say \"47\"; ru and tr say \"37\"".to_owned();
        assert_eq!(told(&["en", "az", "ru", "tr"], &rows), [(None, message)]);
    }

    #[test]
    fn two_numbers_in_one_sentence_are_two_facts() {
        let rows: [&[&str]; 1] = [&[
            "We sent 47 tents and 600 blankets.",
            "600 ədyal və 47 çadır göndərdik.",
            "Мы отправили 37 палаток и 500 одеял.",
        ]];
        let found = compared(&THREE, &rows);
        let said: Vec<Vec<Option<&str>>> = found
            .iter()
            .map(|found| found.stands.iter().map(|stand| stand.text.as_deref()).collect())
            .collect();
        let some = |texts: [&'static str; 3]| texts.map(Some).to_vec();
        assert_eq!(said, [some(["47", "47", "37"]), some(["600", "600", "500"])]);
        assert!(found.iter().all(|found| found.odd == Some(2)));
    }

    #[test]
    fn a_number_that_one_version_lacks_is_its_own() {
        let rows: [&[&str]; 1] = [&[
            "We have sent 47 tents to the village.",
            "Kəndə çadırlar göndərdik.",
            "Мы отправили в село 47 палаток.",
        ]];
        let message = "en and ru say \"47\"; az does not".to_owned();
        assert_eq!(told(&THREE, &rows), [(Some(1), message)]);
        let rows: [&[&str]; 1] = [&[
            "We have sent tents to the village.",
            "Kəndə 47 çadır göndərdik.",
            "Мы отправили в село палатки.",
        ]];
        let message = "only az says \"47\"; en and ru do not".to_owned();
        assert_eq!(told(&THREE, &rows), [(Some(1), message)]);
    }

    #[test]
    fn a_number_in_words_has_a_vote() {
        let rows: [&[&str]; 1] =
            [&["We sent 12 tents.", "On iki çadır göndərdik.", "Мы отправили 15 палаток."]];
        let found = compared(&THREE, &rows);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].odd, Some(2));
        assert_eq!(found[0].stands[1].text.as_deref(), Some("On iki"));
    }

    #[test]
    fn what_one_lacks_is_an_omission_and_what_one_adds_an_addition() {
        let said: &[&str] = &["We came in May.", "Biz mayda gəldik.", "Мы приехали в мае."];
        let found = |row: &[&str]| {
            let found = compared(&THREE, &[said, row, said]);
            found.into_iter().map(|d| (d.kind, d.odd, d.message)).collect::<Vec<_>>()
        };
        let message = "ru has nothing for: Nobody helped us.".to_owned();
        let row = found(&["Nobody helped us.", "Bizə kömək edən olmadı.", ""]);
        assert_eq!(row, [(DivergenceType::Omission, Some(2), message)]);
        let message = "en has nothing for: Bizə kömək edən olmadı.".to_owned();
        let row = found(&["", "Bizə kömək edən olmadı.", "Никто нам не помог."]);
        assert_eq!(row, [(DivergenceType::Omission, Some(0), message)]);
        let message = "only az says: Bizə kömək edən olmadı.".to_owned();
        let row = found(&["", "Bizə kömək edən olmadı.", ""]);
        assert_eq!(row, [(DivergenceType::Addition, Some(1), message)]);
        let message = "only en says: Nobody helped us.".to_owned();
        let row = found(&["Nobody helped us.", "", ""]);
        assert_eq!(row, [(DivergenceType::Addition, Some(0), message)]);
        let message = "list item 6 is missing in az: 6. \"Sun\" PU, Orujlu Arzu;".to_owned();
        let row = found(&["6. \"Sun\" PU, Orujlu Arzu;", "", "6. ОО «Солнце», Оруджлу Арзу;"]);
        assert_eq!(row, [(DivergenceType::ListItem, Some(1), message)]);
    }

    #[test]
    fn a_sentence_that_a_version_cuts_in_two_is_still_one_fact() {
        let rows: [&[&str]; 2] = [
            &["We came in May.", "Biz mayda gəldik.", "Мы приехали в мае."],
            &["Nobody helped us, and we left.", "Bizə kömək edən olmadı.\nGetdik.", ""],
        ];
        let found = compared(&THREE, &rows);
        let omitted: Vec<&Disagreement> =
            found.iter().filter(|found| found.kind == DivergenceType::Omission).collect();
        assert_eq!(omitted.len(), 1);
        assert_eq!(omitted[0].stands[1].segments.len(), 2);
    }

    #[test]
    fn what_stands_twice_is_told_of_the_version_it_stands_twice_in() {
        let rows: [&[&str]; 1] = [&[
            "We thank all of you.",
            "Hamınıza təşəkkür edirik.\nHamınıza təşəkkür edirik.",
            "Мы благодарим всех вас.",
        ]];
        let found = compared(&THREE, &rows);
        let twice: Vec<&Disagreement> =
            found.iter().filter(|found| found.kind == DivergenceType::Duplicate).collect();
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].odd, Some(1));
        assert_eq!(twice[0].message, "az says this twice: Hamınıza təşəkkür edirik.");
    }

    #[test]
    fn a_changed_name_is_told_of_the_odd_version() {
        let rows: [&[&str]; 1] = [&[
            "1. \"Clear Spring\" Public Union, Huseynova Leyla;",
            "1. \"Şəffaf Bulaq\" İctimai Birliyi, Hüseynova Sevda;",
            "1. ОО «Чистый родник», Гусейнова Лейла;",
        ]];
        let message =
            "az says \"Hüseynova Sevda\"; en says \"Huseynova Leyla\", ru \"Гусейнова Лейла\"";
        assert_eq!(told(&THREE, &rows), [(Some(1), message.to_owned())]);
    }

    #[test]
    fn a_version_that_has_nothing_here_has_no_vote() {
        let rows: [&[&str]; 2] = [
            &["We came in May.", "Biz mayda gəldik.", "Мы приехали в мае."],
            &["The road is closed for 47 days.", "Yol 37 gün bağlıdır.", ""],
        ];
        let found = told(&THREE, &rows);
        let message = "en says \"47\", az \"37\"; ru has nothing here".to_owned();
        assert!(found.contains(&(None, message)), "{found:?}");
    }

    #[test]
    fn what_is_left_untranslated_is_told_once_and_nothing_else_of_it() {
        let english = "We have not sent the 47 tents to the families of the village.";
        let russian = "Мы не отправили семьям села 47 палаток.";
        let row: [&[&str]; 1] = [&[english, english, russian]];
        let message = "az is left in the language of en".to_owned();
        assert_eq!(told(&THREE, &row), [(Some(1), message)]);
        let row: [&[&str]; 1] = [&[english, english, english]];
        let message =
            "az is left in the language of en; ru is left in the language of en".to_owned();
        assert_eq!(told(&THREE, &row), [(None, message)]);
    }

    #[test]
    fn a_lost_negation_is_told_with_who_keeps_it() {
        let row: [&[&str]; 1] = [&[
            "The school is not open today.",
            "Məktəb bu gün açıqdır.",
            "Школа сегодня не работает.",
        ]];
        let message = "en negates (\"not\"), az does not; ru agrees with en".to_owned();
        assert_eq!(told(&THREE, &row), [(Some(1), message)]);
    }

    #[test]
    fn a_negation_that_the_source_alone_lacks_is_told_of_it() {
        let english = "The teachers have been paid since May.";
        let azerbaijani = "Müəllimlər maydan maaş almayıb.";
        let russian = "Учителя не получали зарплату с мая.";
        let message = "az negates (\"almayıb\"), en does not; ru agrees with az".to_owned();
        assert_eq!(told(&THREE, &[&[english, azerbaijani, russian]]), [(Some(0), message)]);
        // One translator may put it so.
        let russian = "Учителя получали зарплату с мая.";
        assert_eq!(told(&THREE, &[&[english, azerbaijani, russian]]), []);
    }

    #[test]
    fn an_item_with_another_number_is_told_of_the_odd_version() {
        let row: [&[&str]; 1] = [&[
            "14. \"Clear Spring\" PU, Amrahli Sona;",
            "14. \"Şəffaf Bulaq\" İB, Əmrahlı Sona;",
            "13. ОО «Чистый родник», Амрахлы Сона;",
        ]];
        let message = "list item 14 has number 13 in ru; az agrees with en".to_owned();
        assert_eq!(told(&THREE, &row), [(Some(2), message)]);
    }

    #[test]
    fn a_sentence_in_another_language_is_told_of_its_version_once() {
        let row: [&[&str]; 1] = [&[
            "We ask you to help the families of our village before winter.",
            "Köyümüzün ailelerine kıştan önce yardım etmenizi rica ediyoruz.",
            "Мы просим вас помочь семьям нашего села до наступления зимы.",
        ]];
        let message = "az is in another language here: tr".to_owned();
        assert_eq!(told(&THREE, &row), [(Some(1), message)]);
        let message = "en is in another language here: tr".to_owned();
        let row = [row[0][1], "Kəndimizin ailələrinə kömək etməyinizi xahiş edirik.", row[0][2]];
        assert_eq!(told(&THREE, &[&row]), [(Some(0), message)]);
    }

    #[test]
    fn a_unit_is_told_with_its_number() {
        let rows: [&[&str]; 1] =
            [&["The road is 38 km long.", "Yolun uzunluğu 38 km-dir.", "Длина дороги 38 м."]];
        let message = "ru says \"38 м\"; en and az say \"38 km\"";
        assert_eq!(told(&THREE, &rows), [(Some(2), message.to_owned())]);
    }

    #[test]
    fn a_term_is_owed_to_the_source() {
        let told = |csv: &str, row: [&str; 3]| {
            let csv = format!("concept,language,term,status,type\n{csv}");
            let (glossary, _) =
                Glossary::read_csv("g", &csv, crate::glossary::Mode::Strict).unwrap();
            let (documents, table) = versions(&THREE, &[&row]);
            let found = diff_versions(&documents, &table, Some(&glossary));
            let terms = found.into_iter().filter(|found| found.kind == DivergenceType::Term);
            terms.map(|found| (found.odd, found.message)).collect::<Vec<_>>()
        };
        let (en, az, ru) = (
            "h,en,Green Hill,,organization\n",
            "h,az,Yaşıl Təpə,,organization\n",
            "h,ru,Зелёный холм,,organization\n",
        );
        let all = format!("{en}{az}{ru}");
        let english = "We ask Green Hill to help.";
        let row = [english, "Göy Təpədən kömək istəyirik.", "Мы просим Зелёный холм помочь."];
        let message = "az does not say \"Yaşıl Təpə\" for \"Green Hill\"".to_owned();
        let agrees = format!("{message}; ru agrees with en");
        assert_eq!(told(&all, row), [(Some(1), agrees)]);
        let unknown = format!("{message}; ru does not settle it");
        assert_eq!(told(&format!("{en}{az}"), row), [(Some(1), unknown)]);
        let row = [english, "Göy Təpədən kömək istəyirik.", "Мы просим Синий холм помочь."];
        let both = format!("{message}; ru does not say \"Зелёный холм\" for \"Green Hill\"");
        assert_eq!(told(&all, row), [(None, both)]);
        let row =
            ["We ask them to help.", "Yaşıl Təpədən kömək istəyirik.", "Мы просим их помочь."];
        assert_eq!(told(&all, row), []);
    }

    #[test]
    fn an_empty_version_takes_no_part() {
        let rows: [&[&str]; 1] = [&["We sent 47 tents.", "", "Мы отправили 37 палаток."]];
        let message = "en says \"47\", ru \"37\"".to_owned();
        assert_eq!(told(&THREE, &rows), [(None, message)]);
        assert_eq!(told(&THREE, &[&["We came.", "", ""]]), []);
        assert_eq!(told(&THREE, &[]), []);
    }

    #[test]
    fn the_fingerprint_does_not_ask_for_the_order() {
        let row = ["We sent 47 tents.", "47 çadır göndərdik.", "Мы отправили 37 палаток."];
        let name = |order: [usize; 3]| {
            let tags = order.map(|place| THREE[place]);
            let texts = order.map(|place| row[place]);
            let (documents, table) = versions(&tags, &[&texts]);
            diff_versions(&documents, &table, None)[0].fingerprint(&documents)
        };
        let first = name([0, 1, 2]);
        assert_eq!([name([2, 1, 0]), name([1, 2, 0])], [first.clone(), first.clone()]);
        let other = ["We sent 47 tents.", "47 çadır göndərdik.", "Мы отправили 27 палаток."];
        let (documents, table) = versions(&THREE, &[&other]);
        assert_ne!(diff_versions(&documents, &table, None)[0].fingerprint(&documents), first);
    }

    #[test]
    fn rules_hold_for_the_odd_version() {
        let rows: [&[&str]; 1] =
            [&["We sent 47 tents.", "47 çadır göndərdik.", "Мы отправили 37 палаток."]];
        let (documents, table) = versions(&THREE, &rows);
        let found = diff_versions(&documents, &table, None);
        let applied = |rules: Rules| {
            let files = ["a/en.txt", "a/az.txt", "a/ru.txt"];
            let ruled = rules.apply_to_versions(found.clone(), &documents, &files);
            (ruled.found.first().map(|found| found.severity), ruled.suppressed.len())
        };
        let setting = |scope| Setting {
            selector: "number".parse().unwrap(),
            level: "warning".parse().unwrap(),
            scope,
        };
        let settings = |scope| Rules { settings: vec![setting(scope)], ..Rules::default() };
        assert_eq!(applied(settings(Scope::Target(Language::RU))), (Some(Severity::Warning), 0));
        assert_eq!(applied(settings(Scope::Target(Language::AZ))), (Some(Severity::Error), 0));
        let accepted = |source: &str, target: &str, tags: [&str; 2]| Rules {
            accepted: vec![Accepted {
                source: source.to_owned(),
                target: target.to_owned(),
                selector: Selector::ALL,
                languages: Some(tags.map(language)),
                reason: None,
            }],
            ..Rules::default()
        };
        // en and az agree, so what is right for one is right for both.
        assert_eq!(applied(accepted("47", "37", ["en", "ru"])), (None, 1));
        assert_eq!(applied(accepted("47", "37", ["en", "az"])), (Some(Severity::Error), 0));
        let suppressed = |fingerprint: Option<String>, file: &str| Rules {
            suppressions: vec![Suppression {
                fingerprint,
                selector: Selector::ALL,
                text: None,
                file: Some(glob::Pattern::new(file).unwrap()),
                reason: "checked".to_owned(),
            }],
            ..Rules::default()
        };
        let name = found[0].fingerprint(&documents);
        assert_eq!(applied(suppressed(Some(name), "a/*")), (None, 1));
        assert_eq!(applied(suppressed(Some("0".to_owned()), "a/*")).1, 0);
        assert_eq!(applied(suppressed(None, "a/ru.txt")), (None, 1));
        assert_eq!(applied(suppressed(None, "a/az.txt")).1, 0);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]
        #[test]
        fn any_three_texts_can_be_compared(
            texts in proptest::collection::vec(
                "([A-ZƏİ][a-zəı]{1,6}|[0-9]{1,3}|not|deyil|\\PC|[.,;!?\"« ]|\\n|1\\. ){0,30}", 3..4),
        ) {
            let documents: Vec<Document> = texts.iter().zip(THREE).map(|(text, tag)| {
                segment::document(tag, text.clone(), language(tag), &segment::Options::default())
            }).collect();
            let versions: Vec<Version<'_>> =
                documents.iter().map(|document| Version { document, terms: &[] }).collect();
            let table = align_versions(&versions, &Default::default(), &Default::default());
            for found in diff_versions(&documents, &table, None) {
                proptest::prop_assert!(!found.message.is_empty() && !found.pairs.is_empty());
                let named = found.stands.iter().filter(|stand| stand.group.is_some()).count();
                proptest::prop_assert!(named >= 2, "{found:?}");
                proptest::prop_assert!(found.odd.is_none_or(|odd| found.stands[odd].group.is_some()));
                for (stand, document) in found.stands.iter().zip(&documents) {
                    let fits = |span: Span| document.text.get(span.range()).is_some();
                    proptest::prop_assert!(stand.span.is_none_or(fits));
                    proptest::prop_assert_eq!(stand.span.is_none(), stand.segments.is_empty());
                }
                found.fingerprint(&documents);
                found.place();
            }
        }
    }
}
