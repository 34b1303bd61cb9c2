//! SplitMix64: small, fast, and the same everywhere.

use std::cell::Cell;

use texting::time::Span;

/// A stream of random numbers that a seed determines.
pub struct Random(Cell<u64>);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    pub fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly from 0 to `end` - 1.
    pub fn below(&self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    /// Evenly from `least` to `most`.
    pub fn between(&self, least: i64, most: i64) -> i64 {
        least + i64::try_from(self.next() % u64::try_from(most - least + 1).unwrap()).unwrap()
    }

    /// Evenly from `least` to `most`.
    pub fn span(&self, least: Span, most: Span) -> Span {
        Span::from_millis(self.between(least.as_millis(), most.as_millis()))
    }

    pub fn percent(&self, chance: u64) -> bool {
        self.next() % 100 < chance
    }

    pub fn bits(&self) -> u32 {
        (self.next() >> 32) as u32
    }

    pub fn of<T: Copy>(&self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}
