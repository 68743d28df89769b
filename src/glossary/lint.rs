//! What is wrong, or may be wrong, with a glossary.

use std::collections::BTreeMap;

use super::{Glossary, GlossaryError, Mode, fix};
use crate::model::{Language, Severity, Term, TermStatus, TermType};
use crate::text::fold;

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The line of the file, from 1.
    pub line: usize,
    /// Its kind: one of [`GlossaryError::code`], or `trailing_space`, `no_final_newline`, `shared_term`, `shared_acronym`,
    /// `status_clash`, `case_variant`, `nothing_allowed`, `missing_language`, `two_preferred`, `unknown_abbreviation`,
    /// `mixed_script`, `double_space`, `unused`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl From<GlossaryError> for Finding {
    fn from(error: GlossaryError) -> Self {
        let GlossaryError { line, code, severity, problem, .. } = error;
        Self { line, code, severity, message: problem }
    }
}

/// Returns what is wrong with the file of a glossary, its broken rows and what [`lint`] says of the good ones, by line and
/// code. `name` is the file's.
pub fn lint_csv(name: &str, text: &str) -> Vec<Finding> {
    let mut findings = match Glossary::read_csv(name, text, Mode::Lenient) {
        Ok((glossary, notes)) => {
            let broken = notes.into_iter().map(Finding::from);
            broken.chain(lint(&glossary)).collect()
        }
        Err(error) => vec![Finding::from(error)],
    };
    findings.extend(fix::findings(text));
    sort(&mut findings);
    findings
}

/// Returns what is wrong with a glossary, by line and code.
pub fn lint(glossary: &Glossary) -> Vec<Finding> {
    let mut findings = Vec::new();
    shared_terms(glossary, &mut findings);
    missing_languages(glossary, &mut findings);
    nothing_allowed(glossary, &mut findings);
    for concept in &glossary.concepts {
        let mut preferred: BTreeMap<(Language, bool), &Term> = BTreeMap::new();
        for term in &concept.terms {
            let mut add = |code, severity, message| {
                findings.push(Finding { line: term.line, code, severity, message });
            };
            if term.status == TermStatus::Preferred {
                let is_short = term.kind == TermType::Acronym || term.abbreviation_of.is_some();
                if let Some(other) = preferred.insert((term.language, is_short), term) {
                    let message = format!(
                        "concept {} prefers both \"{}\" (line {}) and \"{}\" in {}",
                        concept.id, other.text, other.line, term.text, term.language
                    );
                    add("two_preferred", Severity::Warning, message);
                }
            }
            if let Some(full) = &term.abbreviation_of {
                let is_known = concept
                    .terms
                    .iter()
                    .any(|other| other.language == term.language && other.text == *full);
                if !is_known {
                    let message = format!(
                        "\"{}\" is short for \"{full}\", which concept {} does not have in {}",
                        term.text, concept.id, term.language
                    );
                    add("unknown_abbreviation", Severity::Warning, message);
                }
            }
            if term.text.contains("  ") {
                add(
                    "double_space",
                    Severity::Warning,
                    format!("\"{}\" has two blanks in a row", term.text),
                );
            }
            if let Some(word) = term.text.split_whitespace().find(|word| is_mixed(word)) {
                add(
                    "mixed_script",
                    Severity::Warning,
                    format!("\"{word}\" mixes Latin and Cyrillic letters"),
                );
            }
        }
    }
    sort(&mut findings);
    findings
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|one, other| {
        (one.line, one.code, &one.message).cmp(&(other.line, other.code, &other.message))
    });
}

/// One term that two concepts claim: a hit could mean either.
fn shared_terms(glossary: &Glossary, findings: &mut Vec<Finding>) {
    let mut known: BTreeMap<(Language, String), (&str, &Term)> = BTreeMap::new();
    for concept in &glossary.concepts {
        for term in &concept.terms {
            let is_acronym = term.kind == TermType::Acronym || term.is_case_exact;
            let key = if is_acronym { term.text.clone() } else { fold(&term.text, term.language) };
            match known.get(&(term.language, key.clone())) {
                Some((id, other)) if *id != concept.id => {
                    let is_clash = term.status.is_allowed() != other.status.is_allowed();
                    let code = match is_acronym {
                        _ if is_clash => "status_clash",
                        true => "shared_acronym",
                        false => "shared_term",
                    };
                    let but = match (is_clash, term.status.is_allowed()) {
                        (false, _) => "",
                        (true, true) => ", where it is not to be used",
                        (true, false) => ", where it may be used",
                    };
                    let message = format!(
                        "\"{}\" is a term of concept {} and of concept {id} (line {}){but}",
                        term.text, concept.id, other.line
                    );
                    findings.push(Finding {
                        line: term.line,
                        code,
                        severity: Severity::Error,
                        message,
                    });
                }
                Some((id, other)) => {
                    let is_clash = term.status.is_allowed() != other.status.is_allowed();
                    let (code, severity) = match is_clash {
                        true => ("status_clash", Severity::Warning),
                        false => ("case_variant", Severity::Info),
                    };
                    let but = if is_clash { ", and only one of them may be used" } else { "" };
                    let message = format!(
                        "\"{}\" and \"{}\" (line {}) of concept {id} differ in capitals only{but}",
                        term.text, other.text, other.line
                    );
                    findings.push(Finding { line: term.line, code, severity, message });
                }
                None => {
                    known.insert((term.language, key), (&concept.id, term));
                }
            }
        }
    }
}

/// A language in which a concept has terms, and none that may be used.
fn nothing_allowed(glossary: &Glossary, findings: &mut Vec<Finding>) {
    for concept in &glossary.concepts {
        let mut told: Vec<Language> = Vec::new();
        for term in &concept.terms {
            let mut same = concept.terms.iter().filter(|other| other.language == term.language);
            if told.contains(&term.language) || same.any(|other| other.status.is_allowed()) {
                continue;
            }
            told.push(term.language);
            let message =
                format!("concept {} has no term in {} that may be used", concept.id, term.language);
            findings.push(Finding {
                line: term.line,
                code: "nothing_allowed",
                severity: Severity::Warning,
                message,
            });
        }
    }
}

/// Returns the concepts that have a term in the language of one of the texts and stand in none of them, by line.
pub fn unused(glossary: &Glossary, texts: &[(Language, &str)]) -> Vec<Finding> {
    let mut is_used = vec![false; glossary.concepts.len()];
    let mut languages: Vec<Language> = texts.iter().map(|(language, _)| *language).collect();
    languages.sort_unstable();
    languages.dedup();
    for language in &languages {
        let matcher = glossary.matcher(*language);
        for (_, text) in texts.iter().filter(|(own, _)| own == language) {
            for hit in matcher.find(text) {
                is_used[hit.concept] = true;
            }
        }
    }
    let mut findings = Vec::new();
    for (concept, _) in glossary.concepts.iter().zip(is_used).filter(|(_, is_used)| !is_used) {
        let is_read = |term: &&Term| languages.iter().any(|l| l.is_same_language(term.language));
        let Some(first) = concept.terms.iter().find(is_read) else { continue };
        let message =
            format!("concept {} (\"{}\") stands in none of the texts", concept.id, first.text);
        let severity = Severity::Info;
        findings.push(Finding { line: first.line, code: "unused", severity, message });
    }
    sort(&mut findings);
    findings
}

/// A language that most concepts have and one has not.
fn missing_languages(glossary: &Glossary, findings: &mut Vec<Finding>) {
    let mut counts: BTreeMap<Language, usize> = BTreeMap::new();
    let languages = |terms: &[Term]| {
        let mut all: Vec<Language> = terms.iter().map(|term| term.language.base()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    for concept in &glossary.concepts {
        for language in languages(&concept.terms) {
            *counts.entry(language).or_default() += 1;
        }
    }
    let usual: Vec<Language> = counts
        .into_iter()
        .filter(|(_, count)| count * 2 > glossary.concepts.len())
        .map(|(language, _)| language)
        .collect();
    for concept in &glossary.concepts {
        let own = languages(&concept.terms);
        let missing: Vec<String> =
            usual.iter().filter(|l| !own.contains(l)).map(ToString::to_string).collect();
        if let (Some(first), false) = (concept.terms.first(), missing.is_empty()) {
            let message = format!("concept {} has no term in {}", concept.id, missing.join(", "));
            findings.push(Finding {
                line: first.line,
                code: "missing_language",
                severity: Severity::Info,
                message,
            });
        }
    }
}

fn is_mixed(word: &str) -> bool {
    let is_latin = |c: char| matches!(c, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{259}');
    word.chars().any(is_latin) && word.chars().any(|c| ('\u{400}'..='\u{52F}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clashes_are_found() {
        let csv = "concept,language,term,status,type,abbreviation_of\n\
            a,en,Union,preferred,,\na,en,Onion,preferred,,\na,az,İB,,acronym,İctimai Birliyi\n\
            b,en,union,,,\nb,az,Birliк,,,\n";
        let (glossary, _) = Glossary::read_csv("g", csv, Mode::Strict).unwrap();
        let codes: Vec<_> =
            lint(&glossary).iter().map(|finding| (finding.line, finding.code)).collect();
        assert_eq!(
            codes,
            [
                (3, "two_preferred"),
                (4, "unknown_abbreviation"),
                (5, "shared_term"),
                (6, "mixed_script")
            ]
        );
    }

    #[test]
    fn every_broken_row_is_a_finding() {
        let csv =
            "concept,language,term,note,colour\na,en,Union,,\nb,en\nc,??,Fund,,\na,en,Union,,\n";
        let codes: Vec<_> =
            lint_csv("g", csv).iter().map(|finding| (finding.line, finding.code)).collect();
        let rows = [(3, "broken_row"), (4, "broken_row"), (5, "duplicate")];
        assert_eq!(codes, [&[(1, "unknown_column")][..], &rows].concat());
        assert_eq!(lint_csv("g", "a,b\n")[0].code, "header");
    }

    #[test]
    fn status_clashes_are_found() {
        let csv = "concept,language,term,status\na,en,Union,preferred\na,en,union,forbidden\na,az,Birlik,deprecated\n\
            b,az,birlik,\nb,en,Fund,\nb,en,fund,\n";
        let (glossary, _) = Glossary::read_csv("g", csv, Mode::Strict).unwrap();
        let codes: Vec<_> =
            lint(&glossary).iter().map(|finding| (finding.line, finding.code)).collect();
        let clash = "status_clash";
        let wanted = [(3, clash), (4, "nothing_allowed"), (5, clash), (7, "case_variant")];
        assert_eq!(codes, wanted);
    }

    #[test]
    fn concepts_that_no_text_names_are_unused() {
        let csv = "id,en,az,ru\na,Union,Birlik,\nb,Fund,Fond,\nc,,,Союз\n";
        let (glossary, _) = Glossary::read_csv("g", csv, Mode::Strict).unwrap();
        let texts = [(Language::EN, "No one."), (Language::AZ, "Birliyin üzvü")];
        let lines: Vec<_> = unused(&glossary, &texts).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [3]);
    }

    #[test]
    fn a_clean_glossary_has_no_findings() {
        let (glossary, _) =
            Glossary::read_csv("g", "en,az\nUnion,Birlik\nFund,Fond\n", Mode::Strict).unwrap();
        assert_eq!(lint(&glossary), []);
    }
}
