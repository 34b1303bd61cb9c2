//! Random numbers, the same for the same seed.

use std::cell::RefCell;

use fastrand::Rng;
use texting::time::Span;

/// A stream of random numbers that a seed determines.
pub struct Random(RefCell<Rng>);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(RefCell::new(Rng::with_seed(seed)))
    }

    /// Evenly from 0 to `end` - 1; 0 if `end` is 0.
    pub fn below(&self, end: usize) -> usize {
        self.0.borrow_mut().usize(..end.max(1))
    }

    /// Evenly from `least` to `most`.
    pub fn between(&self, least: i64, most: i64) -> i64 {
        self.0.borrow_mut().i64(least..=most)
    }

    /// Evenly from `least` to `most`.
    pub fn span(&self, least: Span, most: Span) -> Span {
        Span::from_millis(self.between(least.as_millis(), most.as_millis()))
    }

    pub fn percent(&self, chance: u8) -> bool {
        self.0.borrow_mut().u8(..100) < chance
    }

    pub fn bits(&self) -> u32 {
        self.0.borrow_mut().u32(..)
    }

    pub fn of<T: Copy>(&self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}
