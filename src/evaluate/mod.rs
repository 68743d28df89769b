//! Scores against gold: the same definitions as the public scorers of each task.

pub mod align;
pub mod segment;
