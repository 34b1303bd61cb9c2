//! Several things at once.

use std::pin::Pin;

use futures_util::future::join_all;

/// One of several things that go on at once. It is boxed, so that all kinds share one compiled copy of the waiting.
pub type Part<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Waits until all parts are done.
pub async fn at_once(parts: Vec<Part<'_>>) {
    join_all(parts).await;
}
