//! The forms of this Worker's responses.

use serde::Serialize;
use worker::{Response, ResponseBuilder, Result, web_sys::ReadableStream};

/// Plain text.
pub fn text(status: u16, body: &str) -> Result<Response> {
    Ok(builder(status, "text/plain; charset=utf-8")?.fixed(body.as_bytes().to_vec()))
}

/// 200 without a body.
pub fn empty() -> Result<Response> {
    Response::empty()
}

/// A JSON document.
pub fn json(status: u16, body: &impl Serialize) -> Result<Response> {
    let body = serde_json::to_vec(body)?;
    Ok(builder(status, "application/json")?.fixed(body))
}

/// A body that is passed on as it comes, if there is one.
pub fn stream(status: u16, content_type: &str, body: Option<ReadableStream>) -> Result<Response> {
    let builder = builder(status, content_type)?;
    Ok(match body {
        Some(body) => builder.stream(body),
        None => builder.empty(),
    })
}

/// A response that is not cached, and whose type browsers do not guess.
fn builder(status: u16, content_type: &str) -> Result<ResponseBuilder> {
    ResponseBuilder::new()
        .with_status(status)
        .with_header("content-type", content_type)?
        .with_header("x-content-type-options", "nosniff")?
        .with_header("cache-control", "no-store")
}
