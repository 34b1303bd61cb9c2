//! Nexmo's SMS API, and its account and number API.

mod account;
mod auth;
mod params;
mod sms;

use super::handle::Shared;
use crate::fault::Parties;
use crate::http::{Request, Response};
use std::sync::Arc;

/// Routes a request to its handler; `partial`: accept only the first part of a text.
pub(crate) async fn respond(shared: &Arc<Shared>, request: &Request, partial: bool) -> Response {
    let handled = match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/sms/json") => Ok(sms::submit(shared, request, partial).await),
        ("GET", "/account/numbers") => account::numbers(shared, request),
        ("POST", "/number/update") => account::update(shared, request).await,
        ("GET", "/account/get-balance") => account::balance(shared, request),
        ("POST", "/account/settings") => account::settings(shared, request).await,
        _ => {
            let body = "<html><body>Not Found</body></html>".to_owned();
            Err(Response::new(404, "text/html", body))
        }
    };
    handled.unwrap_or_else(|refusal| refusal)
}

/// The phone and number in a request to send a text.
pub(crate) fn parties(request: &Request) -> Parties {
    if request.path != "/sms/json" {
        return Parties::default();
    }
    let mut params = params::body(request);
    Parties {
        phone: params.remove("to"),
        number: params.remove("from"),
    }
}
