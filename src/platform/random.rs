//! Randomness.

/// Evenly spread over all of `u32`.
pub fn random() -> u32 {
    // Without randomness every wait has its middle length, and texts still leave.
    getrandom::u32().unwrap_or(u32::MAX / 2)
}
