//! Randomness.

/// A random number, uniform over all of `u32`.
pub fn random() -> u32 {
    // If this fails, every wait gets its mean length and texts are still sent.
    getrandom::u32().unwrap_or(u32::MAX / 2)
}
