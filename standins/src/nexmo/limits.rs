//! Limits of requests per second: of the account, of a number, of the account and number API.

use crate::clock::now_ms;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// The error text for a number that exceeds its limit; the wait is in milliseconds.
pub(crate) const WAIT: &str = "Throughput Rate Exceeded - please wait [ 702 ] and retry";

const SECOND: Duration = Duration::from_secs(1);
const PER_KEY: usize = 30;

/// The times of recent requests.
#[derive(Default)]
pub(crate) struct Limits {
    /// Texts of the account.
    key: VecDeque<Instant>,
    /// The last text of each number.
    numbers: HashMap<String, Instant>,
    /// The last request to the account and number API.
    account: Option<Instant>,
}

impl Limits {
    /// Counts a text of the account. The error is Nexmo's text.
    pub(crate) fn key(&mut self) -> Result<(), String> {
        let now = Instant::now();
        while self
            .key
            .front()
            .is_some_and(|first| now.duration_since(*first) >= SECOND)
        {
            self.key.pop_front();
        }
        if self.key.len() < PER_KEY {
            self.key.push_back(now);
            return Ok(());
        }
        let since = self
            .key
            .front()
            .map(|first| now.duration_since(*first).as_millis());
        let since = since
            .and_then(|since| i64::try_from(since).ok())
            .unwrap_or_default();
        let start = now_ms().saturating_sub(since);
        // The first number is the limit, not a wait.
        Err(format!(
            "Exceeded maximum MT throughput[ MAX [ {PER_KEY} ] INTERVAL [ 1000 ] COUNT [ {PER_KEY} ] \
             LAST INT-START [ {start} ] TIME_SINCE_LAST_INTERVAL_START [ {since} ]  ] "
        ))
    }

    /// Counts a text of a number with a limit of one a second. The error is Nexmo's text.
    pub(crate) fn number(&mut self, number: &str) -> Result<(), String> {
        let now = Instant::now();
        let past = self
            .numbers
            .get(number)
            .map(|last| now.duration_since(*last));
        if let Some(past) = past.filter(|past| *past < SECOND) {
            let wait = SECOND.saturating_sub(past).as_millis() + 1;
            return Err(format!(
                "Throughput Rate Exceeded - please wait [ {wait} ] and retry"
            ));
        }
        self.numbers.insert(number.to_owned(), now);
        Ok(())
    }

    /// Counts a request to the account and number API; returns whether it is within the limit.
    pub(crate) fn account(&mut self) -> bool {
        let now = Instant::now();
        let soon = self
            .account
            .is_some_and(|last| now.duration_since(last) < SECOND);
        if !soon {
            self.account = Some(now);
        }
        !soon
    }
}
