//! Requests to other services. Timeouts include the body, and redirects are not followed.

use texting::{
    http::{Call, Http, HttpRequest, HttpResponse, LONGEST_RESPONSE, Method, NoResponse},
    time::{Span, Timestamp},
};
use worker::{
    AbortController, Fetcher, Result,
    js_sys::{self, Promise},
    wasm_bindgen::JsCast,
    web_sys::{Headers, RequestInit, RequestRedirect, WorkerGlobalScope},
    worker_sys,
};

use super::{
    fetch,
    timeout::{left_until, within},
};

/// Requests over the internet.
pub struct Internet;

impl Http for Internet {
    fn call(&self, request: HttpRequest, deadline: Timestamp) -> Call<'_> {
        Box::pin(async move { send(&request, deadline).await })
    }
}

/// Sends a request over the internet. Ends after the request's timeout or at `deadline`, whichever is
/// earlier.
pub async fn send(request: &HttpRequest, deadline: Timestamp) -> HttpResponse {
    let abort = AbortController::default();
    let Ok(init) = init(request) else {
        return HttpResponse::Missing(NoResponse::NotSent);
    };
    init.set_signal(Some(&abort.signal()));
    let received = within(timeout(request, deadline), async {
        let global: WorkerGlobalScope = js_sys::global().unchecked_into();
        read(global.fetch_with_str_and_init(&request.url, &init)).await
    })
    .await;
    if received.is_none() {
        abort.abort();
    }
    response(received)
}

/// Sends a request to another Worker by a service binding. Ends as [`send`] does.
pub async fn send_to(service: Fetcher, request: &HttpRequest, deadline: Timestamp) -> HttpResponse {
    let service: worker_sys::Fetcher = service.into_rpc();
    let received = within(timeout(request, deadline), async {
        read(service.fetch_with_str_and_init(&request.url, &init(request)?)?).await
    })
    .await;
    response(received)
}

fn timeout(request: &HttpRequest, deadline: Timestamp) -> Span {
    left_until(deadline).min(request.timeout)
}

fn response(received: Option<Result<HttpResponse>>) -> HttpResponse {
    match received {
        Some(Ok(response)) => response,
        Some(Err(_)) => HttpResponse::Missing(NoResponse::Connection),
        None => HttpResponse::Missing(NoResponse::Timeout),
    }
}

async fn read(promise: Promise) -> Result<HttpResponse> {
    let response = fetch::response(promise).await?;
    let bytes = fetch::body(&response).await?;
    let bytes = bytes.get(..LONGEST_RESPONSE).unwrap_or(&bytes);
    Ok(HttpResponse::Received {
        status: response.status(),
        body: String::from_utf8_lossy(bytes).into_owned(),
    })
}

fn init(request: &HttpRequest) -> Result<RequestInit> {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    };
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let init = fetch::init(method, request.body.as_deref());
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    Ok(init)
}
