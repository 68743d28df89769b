//! Glossary terms: a concept named on one side must be named by an allowed term on the other.

use super::Context;
use crate::glossary::Glossary;
use crate::model::{Divergence, DivergenceType, Severity, Term, TermStatus, TermType};

/// Adds the findings about terms of a bead.
pub(super) fn check(context: &Context<'_>, glossary: &Glossary, found: &mut Vec<Divergence>) {
    let (source, target) = (&context.source, &context.target);
    let mut told: Vec<usize> = Vec::new();
    for hit in source.terms.iter().filter(|hit| !hit.is_nested) {
        let allowed: Vec<&Term> = glossary
            .terms(hit.concept, target.document.language)
            .filter(|term| term.status.is_allowed())
            .collect();
        if allowed.is_empty() || told.contains(&hit.concept) {
            continue;
        }
        let term = |hit: &crate::model::TermHit| &glossary.concepts[hit.concept].terms[hit.term];
        // One string may stand for two concepts: any allowed hit of this one will do.
        let theirs = || target.terms.iter().filter(|theirs| theirs.concept == hit.concept);
        if theirs().any(|theirs| term(theirs).status.is_allowed()) {
            continue;
        }
        told.push(hit.concept);
        let wanted =
            allowed.iter().find(|term| term.status == TermStatus::Preferred).unwrap_or(&allowed[0]);
        let severity = severity(term(hit));
        let written = hit.span.of(&source.document.text);
        let (subtype, span, message) = match theirs().next() {
            Some(wrong) => (
                "forbidden",
                Some(wrong.span),
                format!(
                    "\"{}\" is not to be used for \"{written}\"; the glossary has \"{}\"",
                    wrong.span.of(&target.document.text),
                    wanted.text
                ),
            ),
            None => (
                "missing",
                None,
                format!("the target does not say \"{}\" for \"{written}\"", wanted.text),
            ),
        };
        let mut finding = context.finding(
            DivergenceType::Term,
            subtype,
            severity,
            (Some(hit.span), span),
            message,
        );
        finding.expected = Some(wanted.text.clone());
        found.push(finding);
    }
    for hit in target.terms.iter().filter(|hit| !hit.is_nested) {
        let term = &glossary.concepts[hit.concept].terms[hit.term];
        let is_known = told.contains(&hit.concept);
        if !term.status.is_allowed() && !is_known {
            let severity = if term.status == TermStatus::Forbidden {
                Severity::Error
            } else {
                Severity::Warning
            };
            let written = hit.span.of(&target.document.text);
            let message = format!(
                "\"{written}\" is {} by the glossary",
                if severity == Severity::Error { "forbidden" } else { "outdated" }
            );
            found.push(context.finding(
                DivergenceType::Term,
                "forbidden",
                severity,
                (None, Some(hit.span)),
                message,
            ));
        }
    }
}

/// Returns how much a term that is not rendered matters. A name must be; an everyday word may well be said otherwise.
fn severity(term: &Term) -> Severity {
    match term.kind {
        TermType::Organization | TermType::Person | TermType::Place => Severity::Error,
        TermType::Kind | TermType::Acronym => Severity::Warning,
        TermType::Common if term.text.starts_with(char::is_uppercase) => Severity::Warning,
        TermType::Common => Severity::Info,
    }
}
