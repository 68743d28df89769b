//! Names of people, places and organizations, compared by how they sound.
//!
//! A name is written by sound (`Sevinj`, `Sevinc`, `Севиндж`) or left as it is; both are right, so names are compared by
//! [`skeleton`](fn@crate::text::skeleton), and endings of the target are seen through by comparing beginnings.
//!
//! ```text
//! candidate   the words of a bead, which of them may be names
//! sound       how alike two words sound
//! known       what both texts teach: which names find partners, which words are ordinary, what goes together
//! changed     a name gave way to another
//! typos       two neighbouring letters changed places
//! persons     who signed
//! ```
//! A capitalised word without partner proves nothing by itself: offices are translated, places and peoples have names of their own
//! ([`CommonWords::places`](crate::text::common::CommonWords::places)). So a name counts as changed only together with a
//! word that nothing in the source explains. A swap of letters wins over a change.

mod candidate;
mod changed;
mod known;
mod persons;
mod sound;
mod typos;

use super::Context;
use crate::model::Divergence;
use candidate::Forms;
use known::{Bead, Known, Unexplained};

/// Adds the findings about names; beads in order.
pub(super) fn check(contexts: &[&Context<'_>], found: &mut Vec<Divergence>) {
    let Some(first) = contexts.first() else { return };
    let (mut source, mut target) = (Forms::new(&first.source), Forms::new(&first.target));
    let beads: Vec<Bead<'_, '_>> = contexts
        .iter()
        .map(|context| Bead {
            context,
            source: source.words(&context.source),
            target: target.words(&context.target),
        })
        .collect();
    let mut known = Known::new(source, target, &beads);
    let unexplained: Vec<Unexplained> = beads.iter().map(|bead| known.unexplained(bead)).collect();
    known.learn(&beads, &unexplained);
    for (bead, mut left) in beads.iter().zip(unexplained) {
        let is_told = persons::check(bead.context, found);
        for typo in typos::find(bead, &known) {
            left.missing.retain(|place| *place != typo.source);
            left.strange.retain(|place| *place != typo.target);
            found.push(typos::finding(bead, &typo));
        }
        if !is_told {
            changed::check(bead, &left, &known, found);
        }
    }
}

/// Says whether two skeletons are one name, endings of either aside.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    let starts = |source, target| sound::likeness_of_starts(source, target);
    starts(one, other) >= sound::SAME || starts(other, one) >= sound::SAME
}

#[cfg(test)]
mod tests {
    use super::sound::{SAME, likeness_of_starts, renders, spoken};
    use crate::model::Language;
    use crate::text::skeleton::skeleton;

    #[test]
    fn endings_do_not_hide_a_name() {
        let key = |word, language| skeleton(word, language);
        assert!(
            likeness_of_starts(&key("Sarigol", Language::EN), &key("Sarıgöldən", Language::AZ))
                >= SAME
        );
        assert!(likeness_of_starts(&key("Leyla", Language::EN), &key("Lalə", Language::AZ)) < SAME);
    }

    #[test]
    fn english_names_are_heard_in_azerbaijani() {
        let heard = |source: &str, target: &str| {
            let target = skeleton(target, Language::AZ);
            renders(&skeleton(source, Language::EN), &target)
                .max(renders(&skeleton(&spoken(source), Language::EN), &target))
        };
        for (source, target) in [
            ("george", "Corc"),
            ("jeff", "Ceff"),
            ("geoff", "Ceff"),
            ("michael", "Maykl"),
            ("charles", "Çarlz"),
            ("waters", "Uotersin"),
            ("schumacher", "Şumaxer"),
            ("phillips", "Fillips"),
        ] {
            assert!(heard(source, target) >= 0.66, "{source} {target} {}", heard(source, target));
        }
        for (source, target) in [
            ("ivanov", "Saipov"),
            ("george", "Tomas"),
            ("waters", "Renclers"),
            ("michael", "Stiven"),
            ("coons", "Draqons"),
        ] {
            assert!(heard(source, target) < 0.66, "{source} {target} {}", heard(source, target));
        }
    }
}
