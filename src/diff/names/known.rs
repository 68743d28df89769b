//! What the two texts teach about their names.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::candidate::{Form, Forms, Occurrence};
use super::sound::{is_same, likeness_of_starts, renders};
use crate::diff::Context;

/// Likeness from which a target word may render a source name; the source name is then not missing. Measured with
/// [`renders`] on the clean development texts (English–Turkish, English–Russian).
const RENDERS: f64 = 0.66;

/// Likeness from which a name of the source explains a target name.
const EXPLAINS: f64 = 0.6;

/// Letters of its skeleton that an ordinary source word needs to explain a target name, and then as one word: there are many and
/// they are alike by chance.
const LEAST_ORDINARY: usize = 5;

/// Likeness from which it is not asked whose name a word is otherwise, and likeness from which it is surely another's.
const SURE: f64 = 0.85;
const EXACT: f64 = 0.85;

/// The words of a bead.
pub(super) struct Bead<'c, 'a> {
    pub(super) context: &'c Context<'a>,
    pub(super) source: Vec<Occurrence>,
    pub(super) target: Vec<Occurrence>,
}

/// In how many beads a name finds a partner by sound, and in how many it finds none.
#[derive(Clone, Copy, Default)]
pub(super) struct Fate {
    pub(super) partnered: u32,
    pub(super) alone: u32,
}

/// The words of both texts and how they fare.
pub(super) struct Known {
    pub(super) source: Forms,
    pub(super) target: Forms,
    source_fates: Vec<Fate>,
    target_fates: Vec<Fate>,
    /// The beginnings of words, by number, that stand in small letters: `State`, `Hotel`, `Partisi` are no names by themselves.
    source_ordinary: Vec<bool>,
    target_ordinary: Vec<bool>,
    /// Source names that find a partner somewhere, by the first letters of their skeletons.
    partnered: FxHashMap<String, Vec<u32>>,
    /// How often each capitalised target word of five letters and more stands in the text.
    spellings: BTreeMap<String, u32>,
    /// How often two words are left over together in a bead, the target word by its first letters.
    leftovers: FxHashMap<(u32, String), u32>,
}

/// What nothing of the other side explains, in a bead.
#[derive(Default)]
pub(super) struct Unexplained {
    /// Places of source words among the bead's.
    pub(super) missing: Vec<usize>,
    /// Places of target words.
    pub(super) strange: Vec<usize>,
}

impl Known {
    pub(super) fn new(source: Forms, target: Forms, beads: &[Bead<'_, '_>]) -> Self {
        let mut known = Self {
            source_fates: vec![Fate::default(); source.len()],
            target_fates: vec![Fate::default(); target.len()],
            source_ordinary: vec![false; source.beginnings()],
            target_ordinary: vec![false; target.beginnings()],
            source,
            target,
            partnered: FxHashMap::default(),
            spellings: BTreeMap::new(),
            leftovers: FxHashMap::default(),
        };
        let mut spellings = vec![0; known.target.len()];
        for bead in beads {
            for word in bead.source.iter().filter(|word| !word.is_capital) {
                known.source_ordinary[known.source.form(word.form).beginning as usize] = true;
            }
            for word in bead.target.iter().filter(|word| !word.is_capital) {
                known.target_ordinary[known.target.form(word.form).beginning as usize] = true;
            }
            for word in bead.target.iter().filter(|word| word.is_name) {
                spellings[word.form as usize] += 1;
            }
            known.count_partners(bead);
        }
        for (form, count) in (0..).zip(spellings).filter(|(_, count)| *count > 0) {
            known.spellings.insert(known.target.form(form).bare.clone(), count);
        }
        for (form, fate) in (0..).zip(&known.source_fates) {
            if fate.partnered > 0 {
                let first = first_letters(&known.source.form(form).key, 3);
                known.partnered.entry(first).or_default().push(form);
            }
        }
        known
    }

    fn count_partners(&mut self, bead: &Bead<'_, '_>) {
        for (own, other, is_source) in
            [(&bead.source, &bead.target, true), (&bead.target, &bead.source, false)]
        {
            for word in own.iter().filter(|word| word.is_name) {
                let has_partner = other.iter().filter(|word| word.is_name).any(|theirs| {
                    let (source, target) = if is_source { (word, theirs) } else { (theirs, word) };
                    is_same(&self.source.form(source.form).key, &self.target.form(target.form).key)
                });
                let fates = if is_source { &mut self.source_fates } else { &mut self.target_fates };
                let fate = &mut fates[word.form as usize];
                if has_partner { fate.partnered += 1 } else { fate.alone += 1 }
            }
        }
    }

    pub(super) fn source_fate(&self, word: &Occurrence) -> Fate {
        self.source_fates[word.form as usize]
    }

    pub(super) fn target_fate(&self, word: &Occurrence) -> Fate {
        self.target_fates[word.form as usize]
    }

    /// Says whether a source word says something by itself, so that it may be translated.
    pub(super) fn source_speaks(&self, word: &Occurrence) -> bool {
        let form = self.source.form(word.form);
        self.source_ordinary[form.beginning as usize] || !form.concepts.is_empty()
    }

    /// Says whether a target word says something by itself.
    pub(super) fn target_speaks(&self, word: &Occurrence) -> bool {
        let form = self.target.form(word.form);
        self.target_ordinary[form.beginning as usize] || !form.concepts.is_empty()
    }

    /// Says whether the target has a word, folded, in small letters.
    pub(super) fn is_ordinary_target(&self, folded: &str) -> bool {
        self.target.beginning(folded).is_some_and(|number| self.target_ordinary[number as usize])
    }

    /// Returns how well a target word may render a source word by its sound.
    pub(super) fn sound(&self, source: &Occurrence, target: &Occurrence) -> f64 {
        let (source, target) = (self.source.form(source.form), self.target.form(target.form));
        let is_inside = source.key.len() >= LEAST_ORDINARY && target.key.contains(&source.key);
        if source.key == target.key || is_inside || is_left(source, target) {
            return 1.0;
        }
        let written = renders(&source.key, &target.key);
        if source.spoken.is_empty() {
            written
        } else {
            written.max(renders(&source.spoken, &target.key))
        }
    }

    /// Says whether both words name one place or mean one thing.
    pub(super) fn is_translation(&self, source: &Occurrence, target: &Occurrence) -> bool {
        let (source, target) = (self.source.form(source.form), self.target.form(target.form));
        let meets = |own: &[&str], other: &[&str]| own.iter().any(|key| other.contains(key));
        meets(&source.places, &target.places) || meets(&source.concepts, &target.concepts)
    }

    /// Returns the names of a bead that nothing of the other side explains.
    pub(super) fn unexplained(&self, bead: &Bead<'_, '_>) -> Unexplained {
        // A word that says something by itself is a name where it mostly finds a partner: Woods, Rangers.
        let is_known = |fate: Fate| fate.partnered >= 2 && fate.partnered >= 2 * fate.alone;
        let is_place = |form: &Form| !form.places.is_empty();
        let mut found = Unexplained::default();
        for (at, word) in bead.source.iter().enumerate().filter(|(_, word)| word.is_name) {
            let is_name = is_known(self.source_fate(word))
                || is_place(self.source.form(word.form))
                || self.is_family_name(bead, at)
                || (!self.source_speaks(word)
                    && (!word.is_first
                        || bead.source.get(at + 1).is_some_and(|next| next.is_name)));
            let is_explained =
                || bead.target.iter().any(|other| self.may_render(bead, word, other));
            if is_name && !is_explained() {
                found.missing.push(at);
            }
        }
        if found.missing.is_empty() {
            return found;
        }
        for (at, word) in bead.target.iter().enumerate().filter(|(_, word)| word.is_name) {
            let is_name = !word.is_first
                && (is_known(self.target_fate(word))
                    || is_place(self.target.form(word.form))
                    || !self.target_speaks(word)
                    || (self.target_fate(word).partnered > 0 && self.is_of_another(bead, word)));
            let is_explained = || bead.source.iter().any(|other| self.explains(bead, other, word));
            if is_name && !is_explained() {
                found.strange.push(at);
            }
        }
        found
    }

    /// Says whether a source word stands behind a name that is written by its sound: `Emma Stone`.
    fn is_family_name(&self, bead: &Bead<'_, '_>, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &bead.source[before]);
        before.is_some_and(|before| {
            before.is_name && !self.source_speaks(before) && self.source_fate(before).partnered > 0
        })
    }

    /// Says whether a source name may be rendered by a target word. A name that finds partners elsewhere is not written small.
    fn may_render(&self, bead: &Bead<'_, '_>, source: &Occurrence, target: &Occurrence) -> bool {
        self.is_translation(source, target)
            || ((target.is_capital || self.source_fate(source).partnered == 0)
                && self.sounds(bead, source, target, RENDERS))
    }

    /// Says whether a source word is a reason for a target name.
    fn explains(&self, bead: &Bead<'_, '_>, source: &Occurrence, target: &Occurrence) -> bool {
        self.is_translation(source, target)
            || if source.is_capital {
                self.sounds(bead, source, target, EXPLAINS)
            } else {
                let (source, target) =
                    (self.source.form(source.form), self.target.form(target.form));
                // What a common word means is translated.
                source.key.len() >= LEAST_ORDINARY
                    && source.concepts.is_empty()
                    && is_same(&source.key, &target.key)
            }
    }

    /// Says whether two words are as alike as asked; a target word that is exactly another name of the source must be more
    /// alike, `Reeher` is no spelling of `Ryder`.
    fn sounds(
        &self,
        bead: &Bead<'_, '_>,
        source: &Occurrence,
        target: &Occurrence,
        least: f64,
    ) -> bool {
        let sound = self.sound(source, target);
        // A place has its name in the table; what is only somewhat like it is another word.
        let is_place = |form: &Form| !form.places.is_empty();
        if is_place(self.source.form(source.form)) || is_place(self.target.form(target.form)) {
            return sound >= SURE;
        }
        sound >= SURE || (sound >= least && !self.is_of_another(bead, target))
    }

    /// Says whether a target word is just how a source name sounds that stands elsewhere and not in this bead.
    fn is_of_another(&self, bead: &Bead<'_, '_>, target: &Occurrence) -> bool {
        let key = &self.target.form(target.form).key;
        let mut known = self.partnered.get(&first_letters(key, 3)).into_iter().flatten();
        let own = || bead.source.iter().filter(|word| word.is_capital);
        let own = || own().map(|word| self.source.form(word.form).key.as_str());
        known.any(|form| {
            let name = self.source.form(*form).key.as_str();
            // With an ending in this bead it is the same name: `Səmədov`, `Səmədovla`.
            likeness_of_starts(name, key) >= EXACT
                && !own().any(|own| likeness_of_starts(name, own) >= EXACT)
        }) && !own().any(|own| is_same(own, key))
    }

    /// Learns from what is left over in all beads.
    pub(super) fn learn(&mut self, beads: &[Bead<'_, '_>], unexplained: &[Unexplained]) {
        for (bead, left) in beads.iter().zip(unexplained) {
            let mut told = FxHashSet::default();
            for missing in &left.missing {
                for strange in &left.strange {
                    let pair = self.pair(&bead.source[*missing], &bead.target[*strange]);
                    // A name that stands twice in a bead is left over once.
                    if told.insert(pair.clone()) {
                        *self.leftovers.entry(pair).or_default() += 1;
                    }
                }
            }
        }
    }

    fn pair(&self, source: &Occurrence, target: &Occurrence) -> (u32, String) {
        (source.form, first_letters(&self.target.form(target.form).key, 5))
    }

    /// Says whether two words that don't sound alike go together elsewhere too, and neither has another partner.
    pub(super) fn goes_with(&self, source: &Occurrence, target: &Occurrence) -> bool {
        let (ours, theirs) = (self.source_fate(source), self.target_fate(target));
        let together = self.leftovers.get(&self.pair(source, target)).copied().unwrap_or(0);
        together >= 2 && ours.partnered <= ours.alone && theirs.partnered <= theirs.alone
    }

    /// Returns how the target writes a word elsewhere that is given with two letters, at `at` and behind it, put right. Endings
    /// may differ: the letters up to the third from the end decide, and those that were swapped.
    /// Returns the first such spelling and how often all such stand.
    pub(super) fn spelt(&self, letters: &[char], at: usize) -> Option<(&str, u32)> {
        let least = (at + 2).max(letters.len().saturating_sub(3)).max(5).min(letters.len());
        let stem: String = letters[..least].iter().collect();
        let forms = self.spellings.range(stem.clone()..);
        let mut close = forms
            .take_while(|(spelt, _)| spelt.starts_with(&stem))
            .filter(|(spelt, _)| spelt.chars().count().abs_diff(letters.len()) <= 5);
        let (spelt, count) = close.next()?;
        Some((spelt, count + close.map(|(_, count)| count).sum::<u32>()))
    }

    /// Says whether a target word is elsewhere the partner of a source name.
    pub(super) fn is_name_elsewhere(&self, target: &Occurrence) -> bool {
        let key = &self.target.form(target.form).key;
        let known = self.partnered.get(&first_letters(key, 3)).into_iter().flatten();
        known.into_iter().any(|form| likeness_of_starts(&self.source.form(*form).key, key) >= EXACT)
    }
}

/// Says whether a name stands in the target as it is, either with an ending behind it: `Brexiteer`, `Brexit`.
fn is_left(source: &Form, target: &Form) -> bool {
    let (short, long) = if source.plain.len() <= target.plain.len() {
        (&source.plain, &target.plain)
    } else {
        (&target.plain, &source.plain)
    };
    short.chars().count() >= 4 && long.starts_with(short.as_str())
}

fn first_letters(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}
