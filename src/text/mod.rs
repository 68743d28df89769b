//! Pure functions on strings: folding, words, skeletons, distance, values.

pub mod common;
pub mod distance;
pub mod fold;
mod nearest;
pub mod negative;
pub mod skeleton;
pub mod stem;
pub mod suffix;
pub mod table;
pub mod values;
pub mod words;

pub use fold::{fold, fold_char};
pub use nearest::nearest;
pub use skeleton::skeleton;
pub use words::{Word, words};

/// Returns a count with its English noun: `1 pair`, `2 pairs`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
