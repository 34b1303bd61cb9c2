//! How many requests a second: an account's, a number's, the number API's.

use crate::clock::now_ms;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// The text for a number that sends too fast; the number in it is milliseconds.
pub(super) const WAIT: &str = "Throughput Rate Exceeded - please wait [ 702 ] and retry";

const SECOND: Duration = Duration::from_secs(1);
const PER_KEY: usize = 30;

#[derive(Default)]
pub(super) struct Limits {
    key: VecDeque<Instant>,
    numbers: HashMap<String, Instant>,
    account: Option<Instant>,
}

impl Limits {
    /// Counts a text of the account; the error text if it is one too many.
    pub(super) fn key(&mut self) -> Result<(), String> {
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
        // The first number is the cap, not a wait.
        Err(format!(
            "Exceeded maximum MT throughput[ MAX [ {PER_KEY} ] INTERVAL [ 1000 ] COUNT [ {PER_KEY} ] \
             LAST INT-START [ {start} ] TIME_SINCE_LAST_INTERVAL_START [ {since} ]  ] "
        ))
    }

    /// Counts a text of a number that may send one a second.
    pub(super) fn number(&mut self, number: &str) -> Result<(), String> {
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

    /// Counts a request to the account and number API; false: too soon.
    pub(super) fn account(&mut self) -> bool {
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
