//! Pushing inbound texts, and Nexmo's retries.

use super::inbound::{Inbound, Reply};
use super::{Nexmo, Shared};
use crate::client::Answer;
use crate::lock;
use crate::traffic::TimedOut;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(15);
const DAY: f64 = 86_400.0;

/// Which answers are followed by a retry; both give up after 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RetryRule {
    /// 429, 5xx and no answer: after 5 s, doubling up to 15 min. A 4xx is final.
    #[default]
    Current,
    /// Whatever is not a 2xx: every minute.
    Legacy,
}

impl RetryRule {
    fn retries(self, answer: &Answer) -> bool {
        match (self, answer.status()) {
            (_, None) => true,
            (Self::Current, Some(status)) => status == 429 || status >= 500,
            (Self::Legacy, Some(_)) => !answer.is_success(),
        }
    }

    /// Seconds before the retry after the n-th attempt, from 0.
    fn wait(self, attempt: u32) -> f64 {
        match self {
            Self::Current => (5.0 * f64::from(2_u32.saturating_pow(attempt))).min(900.0),
            Self::Legacy => 60.0,
        }
    }
}

/// One inbound text, or part of one, on its way.
#[derive(Clone, Debug)]
pub struct Push {
    /// Its `messageId`.
    pub message_id: String,
    /// Where it goes.
    pub url: String,
    /// When each attempt left and what came back.
    pub attempts: Vec<(Instant, Answer)>,
    /// Whether no further attempt will follow.
    pub finished: bool,
}

impl Push {
    /// Whether the last attempt got a 2xx.
    #[must_use]
    pub fn delivered(&self) -> bool {
        self.attempts
            .last()
            .is_some_and(|(_, answer)| answer.is_success())
    }
}

impl Nexmo {
    /// Someone sends a text from a phone: it is pushed to the number's address, and again by the rule.
    /// Returns the pushes; none leaves when neither number nor account has an address.
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

    /// Pushes to this address, all at once, each one again by the rule.
    pub fn push_all(&self, pushes: &[Inbound], url: &str) {
        for inbound in pushes {
            let number = {
                let mut state = lock(&self.shared.state);
                state.pushes.push(Push {
                    message_id: inbound.param("messageId").unwrap_or_default().to_owned(),
                    url: url.to_owned(),
                    attempts: Vec::new(),
                    finished: false,
                });
                state.pushes.len() - 1
            };
            let task = deliver(
                Arc::clone(&self.shared),
                inbound.clone(),
                url.to_owned(),
                number,
            );
            self.shared.traffic.spawn(task);
        }
    }

    /// Pushes once to this address; nothing is retried or recorded.
    pub async fn push(&self, inbound: &Inbound, url: &str) -> Answer {
        self.shared
            .traffic
            .client
            .send(&inbound.request(url), LIMIT)
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
    /// They did not within the limit.
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

async fn deliver(shared: Arc<Shared>, inbound: Inbound, url: String, number: usize) {
    let rule = shared.options.retry_rule;
    let mut waited = 0.0;
    for attempt in 0_u32.. {
        let at = Instant::now();
        let answer = shared
            .traffic
            .client
            .send(&inbound.request(&url), LIMIT)
            .await;
        let wait = rule.wait(attempt);
        let again = rule.retries(&answer) && waited + wait <= DAY;
        if let Some(push) = lock(&shared.state).pushes.get_mut(number) {
            push.attempts.push((at, answer));
            push.finished = !again;
        }
        shared.traffic.changed();
        if !again {
            return;
        }
        waited += wait;
        let wait = Duration::try_from_secs_f64(wait * shared.options.retry_scale);
        tokio::time::sleep(wait.unwrap_or_default()).await;
    }
}
