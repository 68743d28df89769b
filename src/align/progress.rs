//! How far an alignment is.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Who is told how far an alignment is, if anyone: called now and then, from any thread, with the share of the work done, in
/// `0.0..=1.0`. Calls of several threads may come out of order.
///
/// # Example
/// ```
/// use qosha::align::{self, Pair, Progress};
/// use qosha::{model::Language, segment};
/// let text = segment::document("en", "Good day. Come in.".into(), Language::EN, &Default::default());
/// let tell = |share: f64| assert!((0.0..=1.0).contains(&share));
/// let options = align::Options { progress: Progress::to(&tell), ..Default::default() };
/// align::align(Pair::new(&text, &text), &options);
/// ```
#[derive(Clone, Copy, Default)]
pub struct Progress<'a>(Option<&'a (dyn Fn(f64) + Sync)>);

impl<'a> Progress<'a> {
    /// Makes a progress that is told to a function.
    pub fn to(tell: &'a (dyn Fn(f64) + Sync)) -> Self {
        Self(Some(tell))
    }
}

impl std::fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Progress(told)" } else { "Progress(untold)" })
    }
}

/// The steps of a work, counted by all its threads.
pub(super) struct Steps<'a> {
    done: AtomicUsize,
    all: usize,
    progress: Progress<'a>,
}

impl<'a> Steps<'a> {
    pub(super) fn new(all: usize, progress: Progress<'a>) -> Self {
        Self { done: AtomicUsize::new(0), all, progress }
    }

    /// Counts steps that were done.
    pub(super) fn add(&self, steps: usize) {
        let Progress(Some(tell)) = self.progress else { return };
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        tell((done as f64 / self.all.max(1) as f64).min(1.0));
    }
}
