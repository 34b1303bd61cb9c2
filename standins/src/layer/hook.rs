//! Webhooks and the calls that they got.

use super::model::Version;
use crate::client::Answer;
use crate::clock::now_ms;
use serde_json::{Map, Value};
use tokio::time::Instant;

/// A webhook's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookStatus {
    /// Registered; the verification is under way.
    Unverified,
    /// Gets events.
    Active,
    /// Gets none.
    Inactive,
}

impl HookStatus {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}

/// A registered webhook.
#[derive(Clone, Debug)]
pub struct Hook {
    /// A UUID.
    pub id: String,
    /// Which generation its events have.
    pub version: Version,
    /// Where they go.
    pub target_url: String,
    /// Which events.
    pub events: Vec<String>,
    /// Key of their signatures.
    pub secret: String,
    /// Sent along with each.
    pub config: Option<Map<String, Value>>,
    /// Only active ones get events.
    pub status: HookStatus,
    /// Why it is inactive.
    pub status_reason: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Grows with each activation: calls of an earlier time are dropped.
    pub(super) epoch: u64,
}

impl Hook {
    /// An active webhook that was never verified, for [`super::Layer::add_hook`].
    #[must_use]
    pub fn active(version: Version, target_url: &str, events: &[&str], secret: &str) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            version,
            target_url: target_url.to_owned(),
            events: events.iter().map(|event| (*event).to_owned()).collect(),
            secret: secret.to_owned(),
            config: None,
            status: HookStatus::Active,
            status_reason: None,
            created_at: now_ms(),
            epoch: 0,
        }
    }
}

/// One try to deliver a webhook call.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it left.
    pub at: Instant,
    /// What came back.
    pub answer: Answer,
}

/// What became of a webhook call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Still tried.
    Pending,
    /// Answered by a 2xx in time.
    Delivered,
    /// All tries failed; the webhook is inactive now.
    GivenUp,
    /// The webhook became inactive meanwhile.
    Dropped,
}

/// A webhook call and its attempts.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// [`super::Event::id`].
    pub event_id: String,
    /// The event's type, in the webhook's generation.
    pub kind: String,
    /// The webhook's UUID.
    pub hook_id: String,
    /// The exact body.
    pub body: String,
    /// In order.
    pub attempts: Vec<Attempt>,
    /// What became of it.
    pub outcome: Outcome,
}
