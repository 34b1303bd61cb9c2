//! Timeouts and sleep.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use texting::{
    time::{Span, Timestamp},
    timeout::grace,
};
use worker::Delay;

use super::clock::now;

/// The result of `work`. If it takes longer than `timeout` and a [`grace`], drops it and returns `None`.
pub async fn within<T>(timeout: Span, work: impl Future<Output = T>) -> Option<T> {
    let deadline = now() + timeout;
    let work = pin!(work);
    match select(work, pin!(sleep(timeout))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(((), work)) => {
            match select(work, pin!(sleep(grace(deadline, now())))).await {
                Either::Left((done, _)) => Some(done),
                Either::Right(_) => None,
            }
        }
    }
}

/// The result of `work`. If it is not done by `deadline`, drops it and returns `None`.
pub async fn by<T>(deadline: Timestamp, work: impl Future<Output = T>) -> Option<T> {
    within(left_until(deadline), work).await
}

/// The time left until `deadline`; zero once it has passed.
pub fn left_until(deadline: Timestamp) -> Span {
    (deadline - now()).max(Span::ZERO)
}

/// Waits. Returns at once if `span` is not positive.
pub async fn sleep(span: Span) {
    let millis = u64::try_from(span.as_millis()).unwrap_or(0);
    Delay::from(Duration::from_millis(millis)).await;
}
