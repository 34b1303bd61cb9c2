//! Webhook calls: they must get a 2xx within a second; retries by Layer's schedule, then the webhook is
//! made inactive.

use super::handle::{Layer, Shared};
use super::model::{Delivery, Event, Hook, HookStatus, Outcome, Version};
use crate::http::{Answer, Attempt};
use crate::lock::lock;
use std::sync::Arc;
use std::time::Duration;

/// Seconds before each retry (Layer's documentation, webhook requirements).
const RETRIES: [u32; 5] = [10, 30, 120, 300, 1200];

impl Layer {
    /// Calls a webhook once with this event, active or not, without retries.
    pub async fn post(&self, event: &Event, hook: &Hook) -> Answer {
        let body = event.body(hook.version, hook.config.as_ref());
        self.shared.call(event, hook, &body).await.answer
    }

    /// Sends an event again, with the same request id, to every active webhook that receives its type. Layer
    /// does so when a 2xx is lost.
    pub fn publish_again(&self, event: &Event) {
        self.shared.send(event, |_| true);
    }
}

impl Shared {
    /// Records the event and calls every active webhook that receives its type.
    pub(crate) fn publish(self: &Arc<Self>, event: &Event) {
        self.publish_to(event, |_| true);
    }

    /// The same, but calls only webhooks of some versions.
    pub(crate) fn publish_to(self: &Arc<Self>, event: &Event, which: impl Fn(Version) -> bool) {
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
            let call = Call {
                event: event.clone(),
                hook,
                body,
                delivery: state.deliveries.len() - 1,
            };
            self.traffic.spawn(deliver(Arc::clone(self), call));
        }
    }

    async fn call(&self, event: &Event, hook: &Hook, body: &str) -> Attempt {
        let outgoing = event.request(hook, &self.options.app_id, body);
        let client = &self.traffic.client;
        client.attempt(&outgoing, self.options.answer_limit).await
    }

    fn update(&self, delivery: usize, change: impl FnOnce(&mut Delivery)) {
        if let Some(delivery) = lock(&self.state).deliveries.get_mut(delivery) {
            change(delivery);
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

/// A webhook call to deliver.
struct Call {
    event: Event,
    hook: Hook,
    body: String,
    /// Index of its [`Delivery`].
    delivery: usize,
}

async fn deliver(shared: Arc<Shared>, call: Call) {
    let outcome = attempt_all(&shared, &call).await;
    shared.update(call.delivery, |delivery| delivery.outcome = outcome);
}

/// Makes every attempt, with the waits between them.
async fn attempt_all(shared: &Shared, call: &Call) -> Outcome {
    let mut waits = RETRIES.iter();
    loop {
        if !shared.still_active(&call.hook) {
            return Outcome::Dropped;
        }
        let attempt = shared.call(&call.event, &call.hook, &call.body).await;
        let success = attempt.answer.is_success();
        shared.update(call.delivery, |delivery| delivery.attempts.push(attempt));
        if success {
            return Outcome::Delivered;
        }
        let Some(wait) = waits.next() else {
            shared.deactivate(&call.hook);
            return Outcome::GivenUp;
        };
        let wait = f64::from(*wait) * shared.options.retry_scale;
        tokio::time::sleep(Duration::try_from_secs_f64(wait).unwrap_or_default()).await;
    }
}
