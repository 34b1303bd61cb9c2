//! Webhooks and their calls.

use super::version::Version;
use crate::clock::now_ms;
use crate::http::Attempt;
use serde_json::{Map, Value};

/// A webhook's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookStatus {
    /// Registered, not verified yet.
    Unverified,
    /// Receives events.
    Active,
    /// Receives none.
    Inactive,
}

impl HookStatus {
    pub(crate) fn name(self) -> &'static str {
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
    /// The version of its events.
    pub version: Version,
    /// Where events are sent.
    pub target_url: String,
    /// Types of the events that it receives.
    pub events: Vec<String>,
    /// Key of the signatures.
    pub secret: String,
    /// Included in each event.
    pub config: Option<Map<String, Value>>,
    /// Only active webhooks receive events.
    pub status: HookStatus,
    /// Why it is inactive.
    pub status_reason: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Increases with each change of status; calls from an earlier epoch are dropped.
    pub(crate) epoch: u64,
}

impl Hook {
    /// `layer:///apps/…/webhooks/…`.
    pub(crate) fn uri(&self, app_id: &str) -> String {
        format!("layer:///apps/{app_id}/webhooks/{}", self.id)
    }

    /// An active webhook without verification, for `Layer::add_hook`.
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

/// The outcome of a webhook call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not delivered yet.
    Pending,
    /// A 2xx within the limit.
    Delivered,
    /// Every attempt failed; the webhook became inactive.
    GivenUp,
    /// The webhook became inactive before a retry.
    Dropped,
}

/// A webhook call and its attempts.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// [`Event::id`](super::Event::id).
    pub event_id: String,
    /// The event's type in the webhook's version.
    pub kind: String,
    /// The webhook's UUID.
    pub hook_id: String,
    /// The exact body.
    pub body: String,
    /// In order.
    pub attempts: Vec<Attempt>,
    /// Its outcome.
    pub outcome: Outcome,
}
