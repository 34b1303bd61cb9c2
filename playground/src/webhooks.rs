//! The webhooks that the stand-ins sent, and their curl commands.

use crate::curl;
use crate::world::World;
use serde_json::{Value, json};
use standins::{Answer, Attempt, Delivery, Outcome, Outgoing, Push};

/// How many calls of each service are shown.
const SHOWN: usize = 40;

/// A call: the service and the index among its calls.
struct CallId {
    from: &'static str,
    number: usize,
}

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
        let id = CallId {
            from: "nexmo",
            number,
        };
        self.call(&id, &kind(push), outcome, &push.attempts)
    }

    fn layer_call(&self, number: usize, delivery: &Delivery) -> Value {
        let outcome = match delivery.outcome {
            Outcome::Pending => "pending",
            Outcome::Delivered => "delivered",
            Outcome::GivenUp => "given_up",
            Outcome::Dropped => "dropped",
        };
        let id = CallId {
            from: "layer",
            number,
        };
        self.call(&id, &delivery.kind, outcome, &delivery.attempts)
    }

    fn call(&self, id: &CallId, kind: &str, outcome: &str, attempts: &[Attempt]) -> Value {
        let answer = |answer: &Answer| match answer {
            Answer::Status(status, _) => status.to_string(),
            Answer::TimedOut => "timeout".to_owned(),
            Answer::Failed(_) => "no connection".to_owned(),
        };
        json!({
            "id": format!("{}/{}", id.from, id.number),
            "from": id.from,
            "kind": kind,
            "outcome": outcome,
            "tries": attempts.len(),
            "answer": attempts.last().map(|last| answer(&last.answer)),
            "at": attempts.first().map(|first| self.wall_clock(first.at)),
        })
    }

    /// The curl command of a call, with its signature.
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
        Some(push.inbound.request(&push.url))
    }
}

/// What Nexmo pushed: a text from a phone, or a receipt and what it says.
fn kind(push: &Push) -> String {
    let param = |name| push.inbound.param(name);
    match (param("status"), param("err-code")) {
        (None, _) => "inbound text".to_owned(),
        (Some(status), None | Some("0")) => format!("a receipt: {status}"),
        (Some(status), Some(code)) => format!("a receipt: {status}, code {code}"),
    }
}

/// The last calls, each with its index.
fn last<T>(all: &[T]) -> impl Iterator<Item = (usize, &T)> {
    all.iter().enumerate().skip(all.len().saturating_sub(SHOWN))
}
