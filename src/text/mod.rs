//! Pure functions on strings: folding, words, skeletons, distance, values.

pub mod distance;
pub mod fold;
pub mod skeleton;
pub mod suffix;
pub mod values;
pub mod words;

pub use fold::{fold, fold_char};
pub use skeleton::skeleton;
pub use words::{Word, words};
