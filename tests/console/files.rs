//! The console's files, which are public and contain no data.

use std::{collections::BTreeSet, fs, path::Path};

use reqwest::{Client, Method, Response, header::HeaderMap};

use crate::support::{SOON, World, assert_refused, fetch};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Paths below `/admin` that name no file of the console and no route.
const NOTHING: [&str; 17] = [
    "/admin/none.js",
    "/admin/none.css",
    "/admin/index.html",
    "/admin/console.html",
    "/admin/settings.js",
    "/admin/mod.rs",
    "/admin/.js",
    "/admin/console.js.css",
    "/admin/console.js/",
    "/admin//console.js",
    "/admin/admin/console.js",
    "/admin/%63onsole.js",
    "/admin/console%2ejs",
    "/admin/..%2fconsole.js",
    "/admin/%2e%2e%2fconsole%2fconsole.js",
    "/admin/..%2f..%2fwrangler.toml",
    "/admin/..%5c..%5cbuild%5cindex.js",
];

async fn world_without_setup(overrides: &[(&str, &str)]) -> World {
    World::without_setup(overrides, |_, _, _| {}).await
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/console"))
}

/// The names of everything in the folder of the console.
fn deployed() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// The names of the scripts and style sheets that a file refers to.
fn referenced(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(['"', '\'']);
    let files = words.filter(|word| word.ends_with(".js") || word.ends_with(".css"));
    files.map(|word| word.rsplit('/').next().unwrap())
}

/// The page, and the names of all files that it consists of.
fn needed() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut new = vec!["index.html".to_owned()];
    while let Some(name) = new.pop() {
        let text = fs::read_to_string(folder().join(&name))
            .unwrap_or_else(|error| panic!("console/{name}: {error}"));
        new.extend(referenced(&text).map(str::to_owned));
        names.insert(name);
        new.retain(|name| !names.contains(name));
    }
    names
}

/// The paths of a file.
fn paths(name: &str) -> Vec<String> {
    match name {
        "index.html" => vec!["/admin".to_owned(), "/admin/".to_owned()],
        name => vec![format!("/admin/{name}")],
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap() {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        other => panic!("no type for .{other}"),
    }
}

fn assert_headers(headers: &HeaderMap, name: &str) {
    for (header, value) in [
        ("content-type", content_type(name)),
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(headers[header], value, "{header} of {name}");
    }
}

async fn get(world: &World, path: &str) -> Response {
    reqwest::get(format!("{}{path}", world.worker.url()))
        .await
        .unwrap()
}

#[test]
fn nothing_but_the_page_and_what_it_refers_to_is_deployed() {
    assert!(needed().len() >= 11, "{:?}", needed());
    assert_eq!(deployed(), needed());
}

#[tokio::test]
async fn every_file_of_the_console_is_served_with_a_strict_policy() {
    let world = world_without_setup(&[]).await;
    for name in needed() {
        let content = fs::read_to_string(folder().join(&name)).unwrap();
        for path in paths(&name) {
            let answer = get(&world, &path).await;
            assert_eq!(answer.status(), 200, "{path}");
            assert_headers(answer.headers(), &name);
            assert_eq!(answer.text().await.unwrap(), content, "{path}");
        }
    }
}

#[tokio::test]
async fn files_allow_get_and_head_only() {
    let world = world_without_setup(&[]).await;
    let url = format!("{}/admin/console.js", world.worker.url());
    let head = Client::new().head(&url).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_headers(head.headers(), "console.js");
    let others = [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS];
    assert_refused(&others, &url, "GET").await;
}

#[tokio::test]
async fn unknown_methods_are_not_allowed() {
    let world = world_without_setup(&[]).await;
    for (path, allowed) in [
        ("/admin", "GET"),
        ("/admin/settings", "GET"),
        ("/admin/setup", "GET, POST"),
        ("/admin/statistics", "GET"),
        ("/admin/users/ben", "GET, DELETE"),
        ("/health", "GET"),
        ("/nexmo-new-message", "GET, POST"),
        ("/nexmo-new-sms", "GET, POST"),
    ] {
        for method in ["QUERY", "PROPFIND"] {
            let answer = world.admin(method.parse().unwrap(), path).await;
            assert_eq!(answer.status(), 405, "{method} {path}");
            assert_eq!(answer.headers()["allow"], allowed, "{path}");
        }
    }
}

#[tokio::test]
async fn without_a_token_configured_there_is_no_console() {
    let world = world_without_setup(&[("ADMIN_TOKEN", "")]).await;
    let files = deployed();
    let paths = files.iter().flat_map(|name| paths(name));
    for path in paths.chain(["/admin/none.js".to_owned(), "/admin/settings".to_owned()]) {
        for method in [Method::GET, Method::POST] {
            let answer = fetch(method, &format!("{}{path}", world.worker.url())).await;
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (404, "not found"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let world = world_without_setup(&[]).await;
    for path in NOTHING {
        for method in [Method::GET, Method::POST] {
            let answer = world.admin(method, path).await;
            assert_eq!(answer.status(), 404, "{path}");
            assert_eq!(answer.text().await.unwrap(), "not found", "{path}");
        }
        assert_eq!(get(&world, path).await.status(), 401, "{path}");
    }
    for path in ["/", "/index.html", "/console.js", "/console/console.js"] {
        assert_eq!(get(&world, path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn without_its_files_only_the_console_is_missing() {
    let world = World::without_setup(&[], |_, _, worker| worker.without_assets = true).await;
    for path in ["/admin", "/admin/console.js"] {
        let answer = get(&world, path).await;
        assert_eq!(answer.status(), 503, "{path}");
        assert!(answer.text().await.unwrap().contains("ASSETS"), "{path}");
    }
    world.worker.logged("console.unavailable", SOON).await;
    for path in ["/admin/settings", "/admin/users/ben"] {
        assert_eq!(world.admin(Method::GET, path).await.status(), 200, "{path}");
    }
    for path in ["/health", "/nexmo-new-message?verification_challenge=x"] {
        assert_eq!(get(&world, path).await.status(), 200, "{path}");
    }
}
