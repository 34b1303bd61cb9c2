//! Panics on demand, in the build of one test only: what a fault of ours does to everybody else.

/// Panics if the words hold the name of the place.
#[expect(clippy::panic, reason = "that is what it is for")]
pub fn if_asked(words: &str, place: &str) {
    if words.contains(place) {
        panic!("deliberate: {place}");
    }
}
