//! The floor: a Worker that stores request bodies in Durable Objects and does nothing else. The product
//! is measured beside it, so that the ratio shows this project's work and not workerd's.
//!
//! - `GET /empty` answers 200.
//! - `POST /row?name=N` sends the body to the object N, which inserts it as a row and sets an alarm.
//! - `POST /fan?name=N&n=25` sends it to the objects `N-0` to `N-24` at once.
//! - `POST /text?name=N&in=T` stores it in the same way, with the alarm in T milliseconds. The alarm reads the row, posts
//!   it to the URL in `TEXTS` and deletes it: the least that a text needs.
//! - `POST /careful?name=N&in=T` does the same, but the alarm also stores a claim before anything is asked, asks the URL in
//!   `ASKED` and two keys of KV at once, stores that the text leaves before it does, and remembers that it has left: the
//!   least that a text needs which is not sent in vain, lost or doubled.

mod kv;
mod object;

use futures_util::future::join_all;
use worker::{
    Context, Env, Method, Request, RequestInit, Response, Result, event, wasm_bindgen::JsValue,
};

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _context: Context) -> Result<Response> {
    let url = request.inner().url();
    let name = parameter(&url, "name").unwrap_or_default();
    if url.contains("/row?") {
        let body = request.text().await?;
        return store(&env, name, "https://row/", &body).await;
    }
    for kind in ["text", "careful"] {
        if url.contains(&format!("/{kind}?")) {
            let body = request.text().await?;
            let delay = parameter(&url, "in").unwrap_or_default();
            return store(&env, name, &format!("https://{kind}/{delay}"), &body).await;
        }
    }
    if url.contains("/fan?") {
        let count = parameter(&url, "n")
            .and_then(|count| count.parse().ok())
            .unwrap_or(25);
        let body = request.text().await?;
        return fan(&env, name, count, &body).await;
    }
    Response::empty()
}

fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

async fn fan(env: &Env, name: &str, count: u32, body: &str) -> Result<Response> {
    let names: Vec<_> = (0..count).map(|index| format!("{name}-{index}")).collect();
    let stored = join_all(
        names
            .iter()
            .map(|name| store(env, name, "https://row/", body)),
    )
    .await;
    for response in stored {
        response?;
    }
    Response::empty()
}

/// Stores the body in an object. The binding has the product's name, so that one runner starts both
/// Workers.
async fn store(env: &Env, name: &str, url: &str, body: &str) -> Result<Response> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(body)));
    let request = Request::new_with_init(url, &init)?;
    let stub = env.durable_object("USER_RECORDS")?.get_by_name(name)?;
    let response = stub.fetch_with_request(request).await?;
    match response.status_code() {
        200 => Response::empty(),
        status => Response::error("not stored", status),
    }
}
