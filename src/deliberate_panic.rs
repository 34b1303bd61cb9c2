//! Panics and hangs on demand, in the build for one test only (`tests/panics`).

use texting::time::{MINUTE, Span};

use crate::platform::timeout::sleep;

/// How long something hangs.
const HANGS_FOR: Span = MINUTE;

/// Panics if `words` contains the name of the place.
#[expect(clippy::panic, reason = "its purpose")]
pub fn if_asked(words: &str, place: &str) {
    if words.contains(place) {
        panic!("deliberate: {place}");
    }
}

/// Waits for a minute if `words` contains the name of the place.
pub async fn hang_if_asked(words: &str, place: &str) {
    if words.contains(place) {
        sleep(HANGS_FOR).await;
    }
}
