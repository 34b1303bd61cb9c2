//! The web server of the page and its API. It listens on loopback and rejects other host names.

use crate::acts::Act;
use crate::problem::Problem;
use crate::world::World;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Allows only the page's own files and API, and no embedding by other origins.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! files {
    ($(($path:literal, $content_type:expr, $file:literal)),* $(,)?) => {
        [$(File {
            path: $path,
            content_type: $content_type,
            text: include_str!(concat!("../page/", $file)),
        }),*]
    };
}

/// A file of the page.
struct File {
    path: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const FILES: &[File] = &files![
    ("/", HTML, "index.html"),
    ("/icon.svg", "image/svg+xml", "icon.svg"),
    ("/base.css", STYLE, "base.css"),
    ("/top.css", STYLE, "top.css"),
    ("/stage.css", STYLE, "stage.css"),
    ("/chat.css", STYLE, "chat.css"),
    ("/phone.css", STYLE, "phone.css"),
    ("/record.css", STYLE, "record.css"),
    ("/worker.css", STYLE, "worker.css"),
    ("/settings.css", STYLE, "settings.css"),
    ("/main.js", SCRIPT, "main.js"),
    ("/dom.js", SCRIPT, "dom.js"),
    ("/api.js", SCRIPT, "api.js"),
    ("/clock.js", SCRIPT, "clock.js"),
    ("/chat.js", SCRIPT, "chat.js"),
    ("/create.js", SCRIPT, "create.js"),
    ("/photo.js", SCRIPT, "photo.js"),
    ("/phone.js", SCRIPT, "phone.js"),
    ("/record.js", SCRIPT, "record.js"),
    ("/rows.js", SCRIPT, "rows.js"),
    ("/waiting.js", SCRIPT, "waiting.js"),
    ("/settings.js", SCRIPT, "settings.js"),
    ("/switches.js", SCRIPT, "switches.js"),
    ("/activity.js", SCRIPT, "activity.js"),
    ("/words.js", SCRIPT, "words.js"),
    ("/tour.js", SCRIPT, "tour.js"),
];

/// Listens on the port. The returned future serves requests.
pub(crate) async fn serve(
    world: Arc<World>,
    port: u16,
) -> Result<impl Future<Output = io::Result<()>>, Problem> {
    let bound = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = bound.map_err(|error| Problem::Port {
        port,
        reason: error.to_string(),
    })?;
    Ok(async move { axum::serve(listener, router(world)).await })
}

fn router(world: Arc<World>) -> Router {
    let mut router = Router::new()
        .route("/api/state", get(state))
        .route("/api/act", post(act))
        .route("/api/curl/{from}/{number}", get(command));
    for file in FILES {
        let headers = [(header::CONTENT_TYPE, file.content_type)];
        router = router.route(file.path, get(move || async move { (headers, file.text) }));
    }
    router.with_state(world).layer(middleware::from_fn(guard))
}

/// Rejects other host names (DNS rebinding), and adds the security headers to every other response.
async fn guard(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !matches!(name, "127.0.0.1" | "localhost") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &'static str| {
        headers.insert(name, header::HeaderValue::from_static(value));
    };
    set("content-security-policy", POLICY);
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    set("cache-control", "no-cache");
    response
}

/// The state, or 304 if the page already has it.
async fn state(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    world.records.page_asked();
    let body = world.state().to_string();
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let previous = headers.get(header::IF_NONE_MATCH);
    if previous.is_some_and(|previous| previous.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let content_type = (header::CONTENT_TYPE, "application/json".to_owned());
    ([content_type, (header::ETAG, tag)], body).into_response()
}

async fn act(State(world): State<Arc<World>>, Json(act): Json<Act>) -> impl IntoResponse {
    match world.act(act).await {
        Ok(()) => (StatusCode::OK, Json(json!({"ok": true}))),
        Err(reason) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Json(json!({"error": reason})),
        ),
    }
}

async fn command(
    State(world): State<Arc<World>>,
    Path((from, number)): Path<(String, usize)>,
) -> Result<String, StatusCode> {
    world.command(&from, number).ok_or(StatusCode::NOT_FOUND)
}
