//! The operator's console: the files in `console/`, which are deployed beside the Worker as static assets and
//! requested through the binding `ASSETS`. They hold no secret: the operator types in the token with which the
//! console requests everything that it shows.

use texting::{
    console::ConsoleFile,
    log::{Entry, Level},
};
use worker::{
    Env, Method, Request, Response, Result,
    web_sys::{self, RequestRedirect},
    worker_sys::Fetcher,
};

use crate::{
    http::{
        error::{Handled, HttpError},
        request, response,
    },
    platform::{bindings::ASSETS, fetch, log::log},
};

/// Allows files and requests of this origin only, nothing inline, and no embedding in frames.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The response to a request for a file; `None` if there is no such file.
///
/// # Errors
/// [`HttpError::MethodNotAllowed`] if there is one, but the method is not GET or HEAD.
pub async fn handle(
    request: &Request,
    env: &Env,
    file: ConsoleFile<'_>,
) -> std::result::Result<Option<Response>, HttpError> {
    let asset = match asset(request, env, file).await {
        Ok(asset) => asset,
        Err(error) => return unavailable(error).map(Some),
    };
    match (asset.status(), request::method(request)) {
        (200, Method::Get | Method::Head) => Ok(Some(respond(&asset, file)?)),
        (200, _) => Err(HttpError::MethodNotAllowed { allowed: "GET" }),
        (404, _) => Ok(None),
        (status, _) => unavailable(format!("the asset server responded with {status}")).map(Some),
    }
}

/// What the asset server says about a file; its content only if the method is GET.
async fn asset(request: &Request, env: &Env, file: ConsoleFile<'_>) -> Result<web_sys::Response> {
    let assets: Fetcher = env.assets(ASSETS)?.into_rpc();
    let is_get = request::method(request) == Method::Get;
    let init = fetch::init(if is_get { "GET" } else { "HEAD" }, None);
    init.set_redirect(RequestRedirect::Manual);
    // The host means nothing to the asset server.
    let url = format!("https://assets/{}", file.name);
    fetch::response(assets.fetch_with_str_and_init(&url, &init)?).await
}

fn respond(asset: &web_sys::Response, file: ConsoleFile<'_>) -> Result<Response> {
    let response = response::stream(asset.status(), file.content_type, asset.body())?;
    let headers = response.headers();
    headers.set("content-security-policy", CONTENT_SECURITY_POLICY)?;
    headers.set("referrer-policy", "no-referrer")?;
    Ok(response)
}

/// The response if the asset server cannot be asked.
fn unavailable(why: impl ToString) -> Handled {
    log(&Entry::new(Level::Error, "console.unavailable").with("why", why));
    let body = "the console's files are missing (are they bound as ASSETS, as in wrangler.toml?)";
    Ok(response::text(503, body)?)
}
