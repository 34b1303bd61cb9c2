//! Several things at once.

use std::{cell::RefCell, pin::Pin};

use futures_util::future::join_all;

/// One of several things that go on at once. It is boxed, so that all kinds share one compiled copy of the waiting.
pub type Part<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Waits until all parts are done.
pub async fn at_once(parts: Vec<Part<'_>>) {
    join_all(parts).await;
}

/// Waits for the answers to all questions, and returns them in order.
pub async fn answers<T>(questions: impl Iterator<Item: Future<Output = T>>) -> Vec<T> {
    let questions: Vec<_> = questions.collect();
    let answers: Vec<RefCell<Option<T>>> = questions.iter().map(|_| RefCell::default()).collect();
    let parts = questions.into_iter().zip(&answers);
    let parts = parts.map(|(question, answer)| {
        Box::pin(async {
            answer.replace(Some(question.await));
        }) as Part<'_>
    });
    at_once(parts.collect()).await;
    answers
        .into_iter()
        .filter_map(RefCell::into_inner)
        .collect()
}
