//! Reading a request: its URL, method, bearer token and body.

use futures_util::StreamExt;
use texting::routes::Route;
use worker::{Method, Request, Result};

use super::error::HttpError;

/// The longest body of most requests, in bytes.
pub const LONGEST_BODY: usize = 1024 * 1024;

/// A request's method. The `worker` crate takes an unknown one for GET; here it is TRACE, which no path
/// allows.
pub fn method(request: &Request) -> Method {
    let known = request.method();
    if known.as_ref() == request.inner().method() {
        known
    } else {
        Method::Trace
    }
}

/// A request's method, if its route allows it.
///
/// # Errors
/// [`HttpError::MethodNotAllowed`].
pub fn allowed_method(
    request: &Request,
    route: &Route<'_>,
) -> std::result::Result<Method, HttpError> {
    let method = method(request);
    if route.allows(method.as_ref()) {
        Ok(method)
    } else {
        let allowed = route.allow();
        Err(HttpError::MethodNotAllowed { allowed })
    }
}

/// A request's query, percent-encoded; empty if there is none.
pub fn query(request: &Request) -> String {
    let url = request.inner().url();
    let url = url.split('#').next().unwrap_or_default();
    let query = url.split_once('?').map(|(_, query)| query);
    query.unwrap_or_default().to_owned()
}

/// A request's bearer token, if it has one.
pub fn bearer(request: &Request) -> Result<Option<String>> {
    let authorization = request.headers().get("authorization")?;
    let token = authorization.as_deref().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    Ok(token.map(str::to_owned))
}

/// A request's whole body, of at most `longest` bytes.
///
/// # Errors
/// [`HttpError::BodyTooLong`], [`HttpError::BodyCutOff`].
pub async fn body(
    request: &mut Request,
    longest: usize,
) -> std::result::Result<Vec<u8>, HttpError> {
    let too_long = || HttpError::BodyTooLong { longest };
    let declared = request.headers().get("content-length")?;
    match declared.and_then(|length| length.parse::<usize>().ok()) {
        Some(length) if length > longest => Err(too_long()),
        Some(_) => match request.bytes().await {
            Ok(body) if body.len() > longest => Err(too_long()),
            Ok(body) => Ok(body),
            Err(_) => Err(HttpError::BodyCutOff),
        },
        None if request.inner().body().is_none() => Ok(Vec::new()),
        None => body_of_unknown_length(request, longest).await,
    }
}

/// Reads chunk by chunk, so that reading stops at the limit.
async fn body_of_unknown_length(
    request: &mut Request,
    longest: usize,
) -> std::result::Result<Vec<u8>, HttpError> {
    let mut chunks = request.stream()?;
    let mut body = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| HttpError::BodyCutOff)?;
        if body.len() + chunk.len() > longest {
            return Err(HttpError::BodyTooLong { longest });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
