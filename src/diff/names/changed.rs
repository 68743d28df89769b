//! Names that gave way to other names.
//!
//! Among what nothing explains in a bead, a missing name and a strange one make a change when enough speaks for it:
//!
//! ```text
//! the source name     is a place, or is elsewhere mostly written by its sound     2, or 3 where it always is
//! the target name     is a place, or is elsewhere a name of the source            2, or 3 where it has its partner elsewhere,
//!                                                                                 or 1 where it stands but here
//! the words beside    are one name                                                1     Tiger Woods, Tiger Highlands
//! ```
//! Two words that are left over together elsewhere, too, are a translation: `Lake`, `Gölü`.

use super::known::{Bead, Known, Unexplained};
use super::sound::is_same;
use crate::model::{Divergence, DivergenceType, Severity};

/// The points from which a change is told; more make it sure. Measured on the development sets (English–Turkish,
/// English–Russian) with their untouched translations: 3 tells some forty times more that is no change.
const ENOUGH: u32 = 4;

/// Adds a finding where a known name gave way to a word that nothing explains.
pub(super) fn check(
    bead: &Bead<'_, '_>,
    left: &Unexplained,
    known: &Known,
    found: &mut Vec<Divergence>,
) {
    let mut best: Option<(u32, usize, usize)> = None;
    for &missing in &left.missing {
        for &strange in &left.strange {
            let points = points(bead, missing, strange, known);
            if points >= ENOUGH && best.is_none_or(|(most, ..)| points > most) {
                best = Some((points, missing, strange));
            }
        }
    }
    let Some((points, missing, strange)) = best else { return };
    let (missing, strange) = (bead.source[missing].span, bead.target[strange].span);
    let message = format!(
        "the source names \"{}\", the target \"{}\"",
        missing.of(&bead.context.source.document.text),
        strange.of(&bead.context.target.document.text)
    );
    let severity = if points > ENOUGH { Severity::Error } else { Severity::Warning };
    let spans = (Some(missing), Some(strange));
    found.push(bead.context.finding(DivergenceType::Entity, "name", severity, spans, message));
}

fn points(bead: &Bead<'_, '_>, missing: usize, strange: usize, known: &Known) -> u32 {
    let (source, target) = (&bead.source[missing], &bead.target[strange]);
    if known.goes_with(source, target) {
        return 0;
    }
    let (ours, theirs) = (known.source_fate(source), known.target_fate(target));
    let ours_is_place = !known.source.form(source.form).places.is_empty();
    let theirs_is_place = !known.target.form(target.form).places.is_empty();
    let lost = if ours.partnered >= 3
        && !known.source_speaks(source)
        && ours.partnered >= 3 * ours.alone
    {
        3
    } else if ours_is_place
        || (ours.partnered >= 2 && ours.partnered >= 2 * ours.alone)
        || (ours.partnered >= 1 && ours.alone <= 1 && !known.source_speaks(source))
    {
        2
    } else {
        1
    };
    // As a rule the name stands where the source has it.
    let is_settled = theirs.partnered >= 1 && theirs.alone <= 1;
    let given = match known.is_name_elsewhere(target) {
        true if is_settled => 3,
        true if theirs.partnered >= 1 || theirs.alone <= 1 => 2,
        _ if theirs_is_place || is_settled => 2,
        _ => u32::from(theirs.alone <= 1),
    };
    let near = u32::from(has_neighbour(bead, missing, strange, known));
    lost + given + near
}

/// Says whether the words beside two names are one name: `Tiger Woods`, `Tiger Highlands`.
fn has_neighbour(bead: &Bead<'_, '_>, missing: usize, strange: usize, known: &Known) -> bool {
    let beside = |at: usize, count: usize| {
        [at.checked_sub(1), (at + 1 < count).then_some(at + 1)].into_iter().flatten()
    };
    beside(missing, bead.source.len()).any(|ours| {
        beside(strange, bead.target.len()).any(|theirs| {
            let (ours, theirs) = (&bead.source[ours], &bead.target[theirs]);
            ours.is_name
                && theirs.is_name
                && is_same(&known.source.form(ours.form).key, &known.target.form(theirs.form).key)
        })
    })
}
