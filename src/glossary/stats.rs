//! How much a glossary holds.

use std::collections::BTreeMap;

use super::Glossary;
use crate::model::{Language, TermStatus, TermType};

/// The counts of a glossary.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// Concepts.
    pub concepts: usize,
    /// Terms of all languages.
    pub terms: usize,
    /// Each language tag that a term has, by tag.
    pub languages: Vec<LanguageStats>,
    /// Terms by status; none that no term has.
    pub status: BTreeMap<TermStatus, usize>,
    /// Terms by type; none that no term has.
    pub r#type: BTreeMap<TermType, usize>,
}

/// The counts of one language.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LanguageStats {
    /// The language.
    pub language: Language,
    /// Terms in it.
    pub terms: usize,
    /// Concepts with a term in it.
    pub concepts: usize,
    /// Concepts without one.
    pub missing: usize,
}

impl Stats {
    /// Counts a glossary.
    pub fn of(glossary: &Glossary) -> Self {
        let (mut terms, mut status, mut kinds) = (0, BTreeMap::new(), BTreeMap::new());
        let mut languages: BTreeMap<Language, (usize, usize)> = BTreeMap::new();
        for concept in &glossary.concepts {
            let mut own: Vec<Language> = Vec::new();
            for term in &concept.terms {
                terms += 1;
                *status.entry(term.status).or_default() += 1;
                *kinds.entry(term.kind).or_default() += 1;
                let counts = languages.entry(term.language).or_default();
                counts.0 += 1;
                if !own.contains(&term.language) {
                    own.push(term.language);
                    counts.1 += 1;
                }
            }
        }
        let concepts = glossary.concepts.len();
        let languages = languages.into_iter().map(|(language, (terms, own))| LanguageStats {
            language,
            terms,
            concepts: own,
            missing: concepts - own,
        });
        Self { concepts, terms, languages: languages.collect(), status, r#type: kinds }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mode;
    use super::*;

    #[test]
    fn terms_and_gaps_are_counted() {
        let csv = "concept,language,term,status\na,en,Union,preferred\na,en,Guild,\nb,az,Fond,\n";
        let stats = Stats::of(&Glossary::read_csv("g", csv, Mode::Strict).unwrap().0);
        assert_eq!((stats.concepts, stats.terms), (2, 3));
        let (az, en) = (&stats.languages[0], &stats.languages[1]);
        assert_eq!((az.terms, az.missing, en.terms, en.missing), (1, 1, 2, 1));
        assert_eq!(stats.status[&TermStatus::Preferred], 1);
    }
}
