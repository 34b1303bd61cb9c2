//! Pushing inbound texts and receipts, and Nexmo's retries.

use super::inbound::Inbound;
use super::reply::Reply;
use crate::http::{Answer, Outgoing, TimedOut};
use crate::lock::lock;
use crate::nexmo::handle::{Nexmo, Shared};
use crate::nexmo::model::Push;
use std::sync::Arc;
use std::time::Duration;

/// Timeout of a push.
const TIMEOUT: Duration = Duration::from_secs(15);
/// A day in seconds.
const DAY: f64 = 86_400.0;

impl Nexmo {
    /// Sends a text from a phone: pushes it to the number's URL, or else to the account's, with retries.
    /// Returns the pushes; without a URL they are not sent.
    pub fn reply(&self, reply: &Reply) -> Vec<Inbound> {
        let url = {
            let state = lock(&self.shared.state);
            let number = state
                .numbers
                .iter()
                .find(|number| number.msisdn == reply.number);
            number
                .and_then(|number| number.mo_http_url.clone())
                .or_else(|| state.mo_callback.clone())
        };
        let pushes = self.inbound(reply);
        if let Some(url) = url {
            self.push_all(&pushes, &url);
        }
        pushes
    }

    /// Pushes to this URL, all at once and each with retries.
    pub fn push_all(&self, pushes: &[Inbound], url: &str) {
        for inbound in pushes {
            let index = record(&self.shared, inbound, url);
            let task = deliver(Arc::clone(&self.shared), inbound.request(url), index);
            self.shared.traffic.spawn(task);
        }
    }

    /// Pushes to this URL once, without retries, and does not record it.
    pub async fn push(&self, inbound: &Inbound, url: &str) -> Answer {
        self.shared
            .traffic
            .client
            .send(&inbound.request(url), TIMEOUT)
            .await
    }

    /// All pushes so far.
    #[must_use]
    pub fn pushes(&self) -> Vec<Push> {
        lock(&self.shared.state).pushes.clone()
    }

    /// Waits until the pushes so far meet the condition, and returns them.
    ///
    /// # Errors
    /// The condition was not met within the limit.
    pub async fn wait_for_pushes(
        &self,
        limit: Duration,
        condition: impl Fn(&[Push]) -> bool,
    ) -> Result<Vec<Push>, TimedOut> {
        let ask = || {
            let state = lock(&self.shared.state);
            condition(&state.pushes).then(|| state.pushes.clone())
        };
        self.shared.traffic.until(limit, ask).await
    }
}

/// Records a push that begins; returns the index of its [`Push`].
pub(super) fn record(shared: &Shared, inbound: &Inbound, url: &str) -> usize {
    let mut state = lock(&shared.state);
    state.pushes.push(Push {
        inbound: inbound.clone(),
        url: url.to_owned(),
        attempts: Vec::new(),
        finished: false,
    });
    state.pushes.len() - 1
}

/// Sends a push until no retry follows; `index`: that of its [`Push`].
pub(super) async fn deliver(shared: Arc<Shared>, request: Outgoing, index: usize) {
    let rule = shared.options.retry_rule;
    let mut waited = 0.0;
    for number in 0_u32.. {
        let wait = rule.wait(number);
        let may_retry = waited + wait <= DAY;
        if !attempt(&shared, &request, index, may_retry).await {
            return;
        }
        waited += wait;
        let wait = Duration::try_from_secs_f64(wait * shared.options.retry_scale);
        tokio::time::sleep(wait.unwrap_or_default()).await;
    }
}

/// Makes one attempt of a push, and returns whether another one follows.
pub(super) async fn attempt(
    shared: &Shared,
    request: &Outgoing,
    index: usize,
    may_retry: bool,
) -> bool {
    let attempt = shared.traffic.client.attempt(request, TIMEOUT).await;
    let again = may_retry && shared.options.retry_rule.retries(&attempt.answer);
    if let Some(push) = lock(&shared.state).pushes.get_mut(index) {
        push.attempts.push(attempt);
        push.finished = !again;
    }
    shared.traffic.changed();
    again
}
