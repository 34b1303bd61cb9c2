//! The forms that this Worker's answers take.

use serde::Serialize;
use worker::{Response, ResponseBuilder, Result};

/// A plain text that no browser takes for anything else.
pub fn text(status: u16, body: &str) -> Result<Response> {
    Ok(builder(status, "text/plain; charset=utf-8")?.fixed(body.as_bytes().to_vec()))
}

/// Accepted, and there is nothing to say.
pub fn accepted() -> Result<Response> {
    Response::empty()
}

/// A JSON document.
pub fn json(status: u16, body: &impl Serialize) -> Result<Response> {
    let body = serde_json::to_vec(body)?;
    Ok(builder(status, "application/json")?.fixed(body))
}

/// A file as it is.
pub fn file(content_type: &str, body: &str) -> Result<Response> {
    Ok(builder(200, content_type)?.fixed(body.as_bytes().to_vec()))
}

/// The path is known, the method is not.
pub fn method_not_allowed(allowed: &str) -> Result<Response> {
    let answer = text(405, &format!("only {allowed} here"))?;
    answer.headers().set("allow", allowed)?;
    Ok(answer)
}

/// Nothing is here.
pub fn not_found() -> Result<Response> {
    text(404, "not found")
}

fn builder(status: u16, content_type: &str) -> Result<ResponseBuilder> {
    ResponseBuilder::new()
        .with_status(status)
        .with_header("content-type", content_type)?
        .with_header("x-content-type-options", "nosniff")?
        .with_header("cache-control", "no-store")
}
