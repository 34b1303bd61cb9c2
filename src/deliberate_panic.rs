//! Panics on demand, in the build for one test only (`tests/panics`).

/// Panics if `words` contains the name of the place.
#[expect(clippy::panic, reason = "its purpose")]
pub fn if_asked(words: &str, place: &str) {
    if words.contains(place) {
        panic!("deliberate: {place}");
    }
}
