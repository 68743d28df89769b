//! `align --against`: the pairs of an earlier alignment, carried over to revised texts.

use std::collections::BTreeSet;
use std::path::Path;

use crate::align;
use crate::cli::talk::Talk;
use crate::cli::{input, units};
use crate::model::{Bead, Document, Language, SegmentId, Unit};
use crate::text::counted;

/// How many languages of a file are named to a person who asked for others.
const LANGUAGES_TOLD: usize = 6;

/// Returns beads with those of a file behind them that are kept: the pairs whose texts did not change and that meet neither
/// the beads nor the anchors. Tells what became of the pairs.
pub(super) fn beads(
    path: &Path,
    source: &Document,
    target: &Document,
    mut beads: Vec<Bead>,
    anchors: &[(SegmentId, SegmentId)],
    talk: &Talk,
) -> anyhow::Result<Vec<Bead>> {
    let name = input::name(path);
    let languages = (source.language, target.language);
    anyhow::ensure!(
        languages.0 != languages.1,
        "{name}: both versions are in {}, and a unit holds one text in each language; keep pairs with --fixed",
        languages.0
    );
    let units = units::read_units(path, Some(languages), talk)?.units;
    let old: Vec<(&str, &str)> =
        units.iter().map(|unit| (text(unit, languages.0), text(unit, languages.1))).collect();
    let count = old.iter().filter(|(s, t)| !s.trim().is_empty() && !t.trim().is_empty()).count();
    if count == 0 {
        let found: BTreeSet<Language> =
            units.iter().flat_map(|u| u.texts.keys().copied()).collect();
        let found: Vec<String> =
            found.iter().take(LANGUAGES_TOLD).map(Language::to_string).collect();
        let hint = match &found[..] {
            [] => "name what align or a translation tool has written".to_owned(),
            found => format!(
                "its languages are {}; say --source-lang and --target-lang",
                found.join(", ")
            ),
        };
        anyhow::bail!(
            "{name}: no unit has a text in {} and in {}: {hint}",
            languages.0,
            languages.1
        );
    }
    let mut carried = align::carry(source, target, &old);
    carried.give_way(&beads, anchors);
    let kept = carried.beads.len();
    // A pair that was in doubt stays so.
    beads.extend(
        carried
            .beads
            .into_iter()
            .zip(carried.pairs)
            .map(|(bead, pair)| Bead { confidence: units[pair].confidence.unwrap_or(1.0), ..bead }),
    );
    let anew = |document: &Document, ids: fn(&Bead) -> &[SegmentId]| {
        document.segments.len()
            - beads.iter().map(|bead| ids(bead).len()).sum::<usize>().min(document.segments.len())
    };
    let overruled = match carried.overruled {
        0 => String::new(),
        number => format!(", {number} gave way to what is fixed"),
    };
    talk.note(&format!(
        "{name}: {kept} of {} kept, {} changed, {} gone{overruled}; {} of the source and {} of the target aligned anew",
        counted(count, "pair"),
        carried.changed,
        carried.gone,
        counted(anew(source, |bead| &bead.source), "segment"),
        anew(target, |bead| &bead.target),
    ));
    Ok(beads)
}

/// Returns the text of a unit in a language, else in another script or region of it; empty where there is none.
fn text(unit: &Unit, language: Language) -> &str {
    let like = || unit.texts.iter().find(|(own, _)| own.is_same_language(language));
    let own = unit.texts.get_key_value(&language).or_else(like);
    own.map_or("", |(_, text)| text)
}
