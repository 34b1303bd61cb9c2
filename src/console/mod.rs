//! The operator's console: static files, embedded in this Worker. They hold no secret: the operator types
//! in the token with which the console requests everything that it shows.

use worker::{Method, Request};

use crate::http::{
    error::{Handled, HttpError},
    request, response,
};

/// Allows files and requests of this origin only, nothing inline, and no embedding in frames.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// One file of the console.
#[derive(Clone, Copy)]
pub struct File {
    path: &'static str,
    content_type: &'static str,
    body: &'static str,
}

macro_rules! files {
    ($($path:literal, $content_type:ident, $source:literal;)*) => {
        [$(File { path: $path, content_type: $content_type, body: include_str!($source) }),*]
    };
}

const FILES: &[File] = &files![
    "/admin", HTML, "index.html";
    "/admin/", HTML, "index.html";
    "/admin/console.css", CSS, "console.css";
    "/admin/console.js", SCRIPT, "console.js";
    "/admin/api.js", SCRIPT, "api.js";
    "/admin/chart.js", SCRIPT, "chart.js";
    "/admin/dom.js", SCRIPT, "dom.js";
    "/admin/activity.js", SCRIPT, "activity.js";
    "/admin/health.js", SCRIPT, "health.js";
    "/admin/numbers.js", SCRIPT, "numbers.js";
    "/admin/registration.js", SCRIPT, "registration.js";
    "/admin/users.js", SCRIPT, "users.js";
];

/// The file at a path.
pub fn file(path: &str) -> Option<File> {
    FILES.iter().find(|file| file.path == path).copied()
}

/// Handles a request for a file.
pub fn handle(request: &Request, file: File) -> Handled {
    if !matches!(request::method(request), Method::Get | Method::Head) {
        return Err(HttpError::MethodNotAllowed { allowed: "GET" });
    }
    let response = response::file(file.content_type, file.body)?;
    let headers = response.headers();
    headers.set("content-security-policy", CONTENT_SECURITY_POLICY)?;
    headers.set("referrer-policy", "no-referrer")?;
    Ok(response)
}
