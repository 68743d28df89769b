//! SARIF and annotations of GitHub: the finding stands in the odd version, the others are related to it.

use super::super::github as annotations;
use super::super::places::Places;
use super::super::sarif::{Finding, Properties, Rule, location, log, related};
use super::{Disagreements, Shown};

/// Returns the disagreements as a log of SARIF with one run; what is passed over is there too, each with its reason.
pub fn sarif(report: &Disagreements<'_>) -> String {
    let documents = report.documents;
    let places: Vec<Places<'_>> = documents.iter().map(|d| Places::new(&d.text)).collect();
    let told = report.found.iter().map(|found| Shown { found, reason: None });
    let passed_over = report
        .suppressed
        .iter()
        .map(|passed| Shown { found: &passed.disagreement, reason: Some(&passed.reason) });
    let results = told.chain(passed_over).map(|Shown { found, reason }| {
        let at = found.place();
        let of = |version: usize| {
            let span = found.stands[version].span?;
            Some(location(&documents[version], &places[version], span))
        };
        let others = (0..documents.len()).filter(|version| *version != at);
        let others = others
            .filter_map(|version| Some((of(version)?, documents[version].language.to_string())));
        let others = (1..).zip(others);
        Finding::new(
            (Rule::place_of(found.kind), found.severity),
            found.message.as_str(),
            of(at).into_iter().collect(),
            others.map(|(id, (place, name))| related(place, id, name)).collect(),
            found.fingerprint(documents),
            reason,
            Properties { subtype: found.subtype, odd: report.odd(found), ..Properties::default() },
        )
    });
    log(Rule::types(), results.collect())
}

/// Returns a line a disagreement.
pub fn github(report: &Disagreements<'_>) -> String {
    let documents = report.documents;
    let places: Vec<Places<'_>> = documents.iter().map(|d| Places::new(&d.text)).collect();
    let mut out = String::new();
    for found in &report.found {
        let at = found.place();
        let place = found.stands[at].span.map(|span| (&documents[at], places[at].ends(span)));
        let title = annotations::title(found.kind);
        annotations::annotation(&title, found.severity, &found.message, place, &mut out);
    }
    out
}
