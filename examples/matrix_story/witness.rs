//! Sees whether what is told has happened.

use std::time::Duration;

use standins::Text;
use tokio::time::{sleep, timeout};

use crate::stage::Stage;

/// How long a step may take.
const LIMIT: Duration = Duration::from_secs(60);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks again and again until there is something to see, and returns it.
///
/// # Errors
/// `what` is not there within the limit.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> Result<T, String> {
    let seen = async {
        loop {
            match look().await {
                Some(seen) => return seen,
                None => sleep(PAUSE).await,
            }
        }
    };
    let seen = timeout(LIMIT, seen).await;
    seen.map_err(|_| format!("not within {LIMIT:?}: {what}"))
}

/// Fails with the problem unless it is true.
pub(crate) fn ensure(is_true: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if is_true { Ok(()) } else { Err(problem()) }
}

impl Stage {
    /// Whether Bob has read a message, by his notifications; `None` if it is not among them.
    pub(crate) async fn bob_has_read(&self, message: &str) -> Option<bool> {
        let notifications = self.bob.notifications().await;
        let is_it = |entry: &&serde_json::Value| {
            entry
                .pointer("/event/event_id")
                .is_some_and(|id| id == message)
        };
        notifications.iter().find(is_it)?.get("read")?.as_bool()
    }

    /// The text on Bob's phone that contains these words.
    pub(crate) fn text_with(&self, words: &str) -> Option<Text> {
        let texts = self.world.nexmo.texts();
        let phone = Self::phone();
        texts
            .into_iter()
            .find(|text| text.phone == phone && text.text.contains(words))
    }

    /// Why the Worker has sent no text about a message, as its log says; `None` if it has not decided so.
    pub(crate) fn why_dropped(&self, message: &str) -> Option<String> {
        let dropped = self.world.entries("notice.dropped");
        let is_it =
            |entry: &&serde_json::Value| entry.get("message_id").is_some_and(|id| id == message);
        let reason = dropped.iter().find(is_it)?.get("reason")?;
        reason.as_str().map(str::to_owned)
    }
}
