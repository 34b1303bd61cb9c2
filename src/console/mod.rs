//! The operator's console: plain files that are a part of this Worker. They hold nothing secret, and
//! ask for everything that they show with the token that the operator types in.

use worker::{Method, Request, Response, Result};

use crate::{answer, routes};

/// Nothing from elsewhere, nothing inline, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
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

/// The file at a path, if one is.
pub fn file(path: &str) -> Option<File> {
    FILES.iter().find(|file| file.path == path).copied()
}

/// Answers a request for a file.
pub fn answer(request: &Request, file: File) -> Result<Response> {
    if !matches!(routes::method(request), Method::Get | Method::Head) {
        return answer::method_not_allowed("GET");
    }
    let answer = answer::file(file.content_type, file.body)?;
    answer.headers().set("content-security-policy", POLICY)?;
    answer.headers().set("referrer-policy", "no-referrer")?;
    Ok(answer)
}
