//! What every request must have: the token, the application's id, and the headers.

use crate::http::{Request, Response};
use crate::layer::handle::Shared;
use crate::layer::model::Version;
use crate::layer::wire::responses;

const PLATFORM: &str = "application/vnd.layer+json";
const WEBHOOKS: &str = "application/vnd.layer.webhooks+json";

/// A request that passed [`check`].
pub(super) struct Checked<'a> {
    pub(super) request: &'a Request,
    pub(super) version: Version,
}

/// Checks a request; `path`: the segments after the application's id.
pub(super) fn check<'a>(
    shared: &Shared,
    request: &'a Request,
    app: &str,
    path: &[&str],
) -> Result<Checked<'a>, Response> {
    if !is_authenticated(shared, request) {
        return Err(responses::authentication_required());
    }
    if app != shared.options.app_id {
        return Err(responses::invalid_app_id());
    }
    let media_type = match path {
        ["webhooks", ..] => WEBHOOKS,
        _ => PLATFORM,
    };
    let version = accepted_version(request, media_type);
    let version = version.ok_or_else(|| responses::invalid_accept(media_type))?;
    if request.method == "POST" && !request.body.is_empty() && !is_json(request) {
        return Err(responses::invalid_content_type());
    }
    Ok(Checked { request, version })
}

fn is_authenticated(shared: &Shared, request: &Request) -> bool {
    let token = request
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    token == Some(shared.options.token.as_str())
}

/// The version in `Accept`, if the header has exactly the documented form.
fn accepted_version(request: &Request, media_type: &str) -> Option<Version> {
    let (found, parameter) = request.header("accept")?.split_once(';')?;
    let name = parameter.trim().strip_prefix("version=")?;
    let version = Version::named(name)?;
    (found.trim() == media_type).then_some(version)
}

fn is_json(request: &Request) -> bool {
    let header = request.header("content-type").unwrap_or_default();
    header
        .split(';')
        .next()
        .is_some_and(|found| found.trim() == "application/json")
}
