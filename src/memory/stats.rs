//! What is in a memory.

use std::collections::BTreeMap;

use super::{Memory, MemoryError};
use crate::model::Language;

/// The counts of a memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// Units.
    pub units: usize,
    /// Units with a text in each language.
    pub languages: BTreeMap<Language, usize>,
    /// Units by where they came from; the empty name where that is unknown.
    pub origins: BTreeMap<String, usize>,
    /// Texts of a language that stand in more than one unit, with another translation.
    pub repeated: usize,
    /// Characters of all texts.
    pub characters: usize,
}

impl Memory {
    /// Counts what is in the memory.
    ///
    /// # Errors
    /// When the memory can't be read.
    pub fn stats(&self) -> Result<Stats, MemoryError> {
        let mut stats = Stats::default();
        let mut seen: BTreeMap<(Language, u64), usize> = BTreeMap::new();
        for stored in self.units() {
            let unit = stored?.unit;
            stats.units += 1;
            *stats.origins.entry(unit.origin).or_default() += 1;
            for (language, text) in unit.texts {
                *stats.languages.entry(language).or_default() += 1;
                stats.characters += text.chars().count();
                *seen
                    .entry((language, xxhash_rust::xxh3::xxh3_64(text.as_bytes())))
                    .or_default() += 1;
            }
        }
        stats.repeated = seen.values().filter(|count| **count > 1).count();
        Ok(stats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Unit;

    #[test]
    fn texts_with_two_translations_are_counted() {
        let mut memory = Memory::in_memory().unwrap();
        let unit = |az: &str| Unit {
            texts: [(Language::EN, "One.".to_owned()), (Language::AZ, az.to_owned())].into(),
            ..Unit::default()
        };
        memory.add([unit("Bir."), unit("Biri."), unit("Bir.")]).unwrap();
        let stats = memory.stats().unwrap();
        assert_eq!((stats.units, stats.repeated, stats.languages[&Language::AZ]), (2, 1, 2));
    }
}
