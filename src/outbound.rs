//! Requests to other services: time-outs that cover the body, no redirect followed.

use std::time::Duration;

use futures_util::future::{Either, select};
use texting::{
    http::{Call, Method, NoAnswer, Reply},
    time::Millis,
};
use worker::{
    AbortController, Delay, Fetch, Fetcher, Headers, Request, RequestInit, RequestRedirect, Result,
    wasm_bindgen::JsValue,
};

use crate::edge;

/// An answer beyond this is none of ours.
const LONGEST_BODY: usize = 4 * 1024 * 1024;

/// Carries out a request over the internet, ending by `deadline` at the latest.
pub async fn send(call: &Call, deadline: Millis) -> Reply {
    let abort = AbortController::default();
    let signal = abort.signal();
    let answer = within(time_out(call, deadline), async {
        let request = request(call)?;
        read(Fetch::Request(request).send_with_signal(&signal).await?).await
    })
    .await;
    if answer.is_none() {
        abort.abort();
    }
    reply(answer)
}

/// Carries out a request by a service binding.
pub async fn send_to(service: &Fetcher, call: &Call, deadline: Millis) -> Reply {
    let answer = within(time_out(call, deadline), async {
        read(service.fetch_request(request(call)?).await?).await
    })
    .await;
    reply(answer)
}

/// The outcome of some work, or `None` when it takes longer than some milliseconds.
pub async fn within<T>(milliseconds: u64, work: impl Future<Output = T>) -> Option<T> {
    let work = std::pin::pin!(work);
    let delay = std::pin::pin!(Delay::from(Duration::from_millis(milliseconds)));
    match select(work, delay).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

/// What is left until a deadline, in milliseconds.
pub fn left(deadline: Millis) -> u64 {
    u64::try_from(deadline - edge::now()).unwrap_or(0)
}

fn time_out(call: &Call, deadline: Millis) -> u64 {
    left(deadline).min(u64::from(call.time_out))
}

fn reply(answer: Option<Result<Reply>>) -> Reply {
    match answer {
        Some(Ok(reply)) => reply,
        Some(Err(_)) => Reply::NoAnswer(NoAnswer::Connection),
        None => Reply::NoAnswer(NoAnswer::TimeOut),
    }
}

async fn read(mut response: worker::Response) -> Result<Reply> {
    let status = response.status_code();
    let bytes = response.bytes().await?;
    let bytes = bytes.get(..LONGEST_BODY).unwrap_or(&bytes);
    Ok(Reply::Answer {
        status,
        body: String::from_utf8_lossy(bytes).into_owned(),
    })
}

fn request(call: &Call) -> Result<Request> {
    let headers = Headers::new();
    for (name, value) in &call.headers {
        headers.set(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(match call.method {
        Method::Get => worker::Method::Get,
        Method::Post => worker::Method::Post,
        Method::Delete => worker::Method::Delete,
    })
    .with_headers(headers)
    .with_redirect(RequestRedirect::Manual)
    .with_body(call.body.as_deref().map(JsValue::from_str));
    Request::new_with_init(&call.url, &init)
}
