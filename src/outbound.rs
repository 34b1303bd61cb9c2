//! Requests to other services: time-outs that cover the body, no redirect followed.

use std::time::Duration;

use futures_util::future::{Either, select};
use texting::{
    http::{HttpRequest, Method, NoResponse, HttpResponse},
    time::Millis,
};
use worker::{
    AbortController, Delay, Fetcher, Result,
    js_sys::{self, Promise},
    wasm_bindgen::JsCast,
    web_sys::{Headers, RequestInit, RequestRedirect, WorkerGlobalScope},
    worker_sys,
};

use crate::{edge, fetch};

/// An answer beyond this is none of ours.
const LONGEST_BODY: usize = 4 * 1024 * 1024;

/// Carries out a request over the internet, ending by `deadline` at the latest.
pub async fn send(call: &HttpRequest, deadline: Millis) -> HttpResponse {
    let abort = AbortController::default();
    let answer = within(time_out(call, deadline), async {
        let init = init(call)?;
        init.set_signal(Some(&abort.signal()));
        let global: WorkerGlobalScope = js_sys::global().unchecked_into();
        read(global.fetch_with_str_and_init(&call.url, &init)).await
    })
    .await;
    if answer.is_none() {
        abort.abort();
    }
    reply(answer)
}

/// Carries out a request by a service binding.
pub async fn send_to(service: Fetcher, call: &HttpRequest, deadline: Millis) -> HttpResponse {
    let service: worker_sys::Fetcher = service.into_rpc();
    let answer = within(time_out(call, deadline), async {
        read(service.fetch_with_str_and_init(&call.url, &init(call)?)?).await
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

fn time_out(call: &HttpRequest, deadline: Millis) -> u64 {
    left(deadline).min(u64::from(call.time_out))
}

fn reply(answer: Option<Result<HttpResponse>>) -> HttpResponse {
    match answer {
        Some(Ok(reply)) => reply,
        Some(Err(_)) => HttpResponse::Missing(NoResponse::Connection),
        None => HttpResponse::Missing(NoResponse::Timeout),
    }
}

async fn read(answer: Promise) -> Result<HttpResponse> {
    let answer = fetch::answer(answer).await?;
    let bytes = fetch::body(&answer).await?;
    let bytes = bytes.get(..LONGEST_BODY).unwrap_or(&bytes);
    Ok(HttpResponse::Received {
        status: answer.status(),
        body: String::from_utf8_lossy(bytes).into_owned(),
    })
}

fn init(call: &HttpRequest) -> Result<RequestInit> {
    let method = match call.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    };
    let headers = Headers::new()?;
    for (name, value) in &call.headers {
        headers.set(name, value)?;
    }
    let init = fetch::init(method, call.body.as_deref());
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    Ok(init)
}
