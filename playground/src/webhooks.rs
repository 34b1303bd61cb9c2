//! The webhooks that the stand-ins sent, and each as a command line.

use crate::curl;
use crate::world::World;
use serde_json::{Value, json};
use standins::{Answer, Attempt, Delivery, Outcome, Outgoing, Push};
use tokio::time::Instant;

/// Calls shown of each service.
const SHOWN: usize = 40;

impl World {
    /// The last calls of both services, oldest first.
    pub(crate) fn webhooks(&self) -> Vec<Value> {
        let (deliveries, pushes) = (self.layer.deliveries(), self.nexmo.pushes());
        let mut all: Vec<Value> = last(&deliveries)
            .map(|(n, one)| self.layer_call(n, one))
            .collect();
        all.extend(last(&pushes).map(|(n, one)| self.nexmo_call(n, one)));
        all.sort_by_key(|one| one.get("at").and_then(Value::as_i64));
        all
    }

    fn nexmo_call(&self, number: usize, push: &Push) -> Value {
        let outcome = match (push.delivered(), push.finished) {
            (true, _) => "delivered",
            (false, true) => "given_up",
            (false, false) => "pending",
        };
        self.call(("nexmo", number), "inbound text", outcome, &push.attempts)
    }

    fn layer_call(&self, number: usize, delivery: &Delivery) -> Value {
        let outcome = match delivery.outcome {
            Outcome::Pending => "pending",
            Outcome::Delivered => "delivered",
            Outcome::GivenUp => "given_up",
            Outcome::Dropped => "dropped",
        };
        self.call(
            ("layer", number),
            &delivery.kind,
            outcome,
            &delivery.attempts,
        )
    }

    fn call(
        &self,
        (from, number): (&str, usize),
        kind: &str,
        outcome: &str,
        attempts: &[Attempt],
    ) -> Value {
        let answer = |answer: &Answer| match answer {
            Answer::Status(status, _) => status.to_string(),
            Answer::TimedOut => "no answer in time".to_owned(),
            Answer::Failed(_) => "no connection".to_owned(),
        };
        json!({
            "id": format!("{from}/{number}"),
            "from": from,
            "kind": kind,
            "outcome": outcome,
            "tries": attempts.len(),
            "answer": attempts.last().map(|last| answer(&last.answer)),
            "at": attempts.first().map(|first| self.wall_clock(first.at)),
        })
    }

    /// Milliseconds since 1970, the same whenever it is asked.
    fn wall_clock(&self, at: Instant) -> i64 {
        let (instant, ms) = self.began;
        let since = at.saturating_duration_since(instant).as_millis();
        ms.saturating_add(i64::try_from(since).unwrap_or(i64::MAX))
    }

    /// A call as it was sent, signature included, for a shell.
    pub(crate) fn command(&self, from: &str, number: usize) -> Option<String> {
        let outgoing = match from {
            "layer" => self.layer_request(number),
            "nexmo" => self.nexmo_request(number),
            _ => None,
        };
        outgoing.map(|outgoing| curl::command(&outgoing))
    }

    fn layer_request(&self, number: usize) -> Option<Outgoing> {
        let deliveries = self.layer.deliveries();
        let delivery = deliveries.get(number)?;
        let hooks = self.layer.hooks();
        let hook = hooks.iter().find(|hook| hook.id == delivery.hook_id)?;
        let events = self.layer.events();
        let event = events.iter().find(|event| event.id == delivery.event_id)?;
        Some(event.request(hook, &self.app_id, &delivery.body))
    }

    fn nexmo_request(&self, number: usize) -> Option<Outgoing> {
        let pushes = self.nexmo.pushes();
        let push = pushes.get(number)?;
        let written = self.written();
        let mut inbound = written.iter().flat_map(|one| &one.pushes);
        let inbound = inbound.find(|one| one.param("messageId") == Some(&push.message_id))?;
        Some(inbound.request(&push.url))
    }
}

/// The last ones, each with its place among all.
fn last<T>(all: &[T]) -> impl Iterator<Item = (usize, &T)> {
    all.iter().enumerate().skip(all.len().saturating_sub(SHOWN))
}
