//! XLIFF.

mod write;

pub use write::{Version, Written, write};
