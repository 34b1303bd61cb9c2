//! Waiting, with and without a limit.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use texting::time::{Span, Timestamp};
use worker::Delay;

use super::clock::now;

/// The result of some work. Drops the work and returns `None` when it takes longer than `timeout`.
pub async fn within<T>(timeout: Span, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(sleep(timeout))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

/// As [`within`], with a deadline.
pub async fn by<T>(deadline: Timestamp, work: impl Future<Output = T>) -> Option<T> {
    within(left_until(deadline), work).await
}

/// The time left until a moment; zero once it has passed.
pub fn left_until(deadline: Timestamp) -> Span {
    (deadline - now()).max(Span::ZERO)
}

/// Waits.
pub async fn sleep(span: Span) {
    let millis = u64::try_from(span.as_millis()).unwrap_or(0);
    Delay::from(Duration::from_millis(millis)).await;
}
