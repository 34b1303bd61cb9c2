//! Webhook calls: one second for a 2xx, Layer's schedule of retries, and the webhook inactive after the last.

use super::event::Event;
use super::hook::{Attempt, Delivery, Hook, HookStatus, Outcome};
use super::model::Version;
use super::{Layer, Shared};
use crate::client::Answer;
use crate::lock;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Seconds before each retry (docs: webhook requirements).
const RETRIES: [u32; 5] = [10, 30, 120, 300, 1200];

impl Layer {
    /// Calls a webhook once with this event, whatever its state; nothing is retried.
    pub async fn post(&self, event: &Event, hook: &Hook) -> Answer {
        let body = event.body(hook.version, hook.config.as_ref());
        self.shared.call(event, hook, &body).await
    }

    /// Sends an event once more to every active webhook that asked for its type, as Layer does when a
    /// 2xx got lost: with the same request id.
    pub fn publish_again(&self, event: &Event) {
        self.shared.send(event, |_| true);
    }
}

impl Shared {
    /// Records the event and calls every active webhook that asked for its type.
    pub(super) fn publish(self: &Arc<Self>, event: &Event) {
        self.publish_to(event, |_| true);
    }

    /// The same for webhooks of some versions only.
    pub(super) fn publish_to(self: &Arc<Self>, event: &Event, which: impl Fn(Version) -> bool) {
        lock(&self.state).events.push(event.clone());
        if !lock(&self.state).silent {
            self.send(event, which);
        }
        self.traffic.changed();
    }

    fn send(self: &Arc<Self>, event: &Event, which: impl Fn(Version) -> bool) {
        let mut state = lock(&self.state);
        let wants = |hook: &&Hook| {
            let kind = event.kind(hook.version);
            hook.status == HookStatus::Active
                && which(hook.version)
                && hook.events.iter().any(|one| one == kind)
        };
        let hooks: Vec<Hook> = state.hooks.iter().filter(wants).cloned().collect();
        for hook in hooks {
            let body = event.body(hook.version, hook.config.as_ref());
            state.deliveries.push(Delivery {
                event_id: event.id.clone(),
                kind: event.kind(hook.version).to_owned(),
                hook_id: hook.id.clone(),
                body: body.clone(),
                attempts: Vec::new(),
                outcome: Outcome::Pending,
            });
            let number = state.deliveries.len() - 1;
            self.traffic
                .spawn(deliver(Arc::clone(self), event.clone(), hook, body, number));
        }
    }

    async fn call(&self, event: &Event, hook: &Hook, body: &str) -> Answer {
        let uri = format!("layer:///apps/{}/webhooks/{}", self.options.app_id, hook.id);
        let outgoing = event.request(hook.version, &hook.target_url, &uri, &hook.secret, body);
        self.traffic
            .client
            .send(&outgoing, self.options.answer_limit)
            .await
    }

    fn settle(&self, number: usize, outcome: Outcome) {
        if let Some(delivery) = lock(&self.state).deliveries.get_mut(number) {
            delivery.outcome = outcome;
        }
        self.traffic.changed();
    }

    fn still_active(&self, hook: &Hook) -> bool {
        let state = lock(&self.state);
        let found = state.hooks.iter().find(|one| one.id == hook.id);
        found.is_some_and(|one| one.status == HookStatus::Active && one.epoch == hook.epoch)
    }

    fn deactivate(&self, hook: &Hook) {
        let mut state = lock(&self.state);
        if let Some(found) = state.hooks.iter_mut().find(|one| one.id == hook.id) {
            found.status = HookStatus::Inactive;
            found.status_reason = Some("Deactivated after too many failed requests".to_owned());
        }
    }
}

async fn deliver(shared: Arc<Shared>, event: Event, hook: Hook, body: String, number: usize) {
    let mut waits = RETRIES.iter();
    loop {
        if !shared.still_active(&hook) {
            return shared.settle(number, Outcome::Dropped);
        }
        let at = Instant::now();
        let answer = shared.call(&event, &hook, &body).await;
        let done = answer.is_success();
        if let Some(delivery) = lock(&shared.state).deliveries.get_mut(number) {
            delivery.attempts.push(Attempt { at, answer });
        }
        shared.traffic.changed();
        if done {
            return shared.settle(number, Outcome::Delivered);
        }
        let Some(wait) = waits.next() else {
            shared.deactivate(&hook);
            return shared.settle(number, Outcome::GivenUp);
        };
        let wait = f64::from(*wait) * shared.options.retry_scale;
        tokio::time::sleep(Duration::try_from_secs_f64(wait).unwrap_or_default()).await;
    }
}
