//! The console's files, which are public and contain no data.

use reqwest::{Client, Method};

use crate::support::{World, fetch};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

async fn world_without_setup(overrides: &[(&str, &str)]) -> World {
    World::without_setup(overrides, |_, _, _| {}).await
}

/// The paths of scripts and style sheets that a file refers to.
fn referenced_files(body: &str) -> Vec<String> {
    let words = body.split(['"', '\'']);
    let files = words.filter(|word| word.ends_with(".js") || word.ends_with(".css"));
    files
        .map(|word| format!("/admin/{}", word.rsplit('/').next().unwrap()))
        .collect()
}

#[tokio::test]
async fn every_file_of_the_console_is_served_with_a_strict_policy() {
    let world = world_without_setup(&[]).await;
    let mut wanted = vec!["/admin".to_owned(), "/admin/".to_owned()];
    let mut bytes = 0;
    let mut seen = 0;
    while let Some(path) = wanted.get(seen).cloned() {
        seen += 1;
        let answer = reqwest::get(format!("{}{path}", world.worker.url()))
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers();
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(headers[name], value, "{name} of {path}");
        }
        let kind = headers["content-type"].to_str().unwrap().to_owned();
        let expected = match path.rsplit('.').next().unwrap() {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            _ => "text/html; charset=utf-8",
        };
        assert_eq!(kind, expected, "{path}");
        let body = answer.text().await.unwrap();
        bytes += body.len();
        for more in referenced_files(&body) {
            if !wanted.contains(&more) {
                wanted.push(more);
            }
        }
    }
    assert!(seen >= 12, "{wanted:?}");
    assert!(
        bytes < 48_000,
        "{bytes} bytes are too many, as each start of the Worker loads them"
    );
}

#[tokio::test]
async fn files_allow_get_and_head_only() {
    let world = world_without_setup(&[]).await;
    let url = format!("{}/admin/console.js", world.worker.url());
    let head = Client::new().head(&url).send().await.unwrap();
    assert_eq!(head.status(), 200);
    let post = Client::new().post(&url).send().await.unwrap();
    assert_eq!(
        (post.status().as_u16(), &post.headers()["allow"]),
        (405, &"GET".parse().unwrap())
    );
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
    for path in [
        "/admin",
        "/admin/",
        "/admin/console.js",
        "/admin/console.css",
        "/admin/settings",
    ] {
        let answer = fetch(Method::GET, &format!("{}{path}", world.worker.url())).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (404, "not found"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let world = world_without_setup(&[]).await;
    for path in [
        "/admin/index.html",
        "/admin/mod.rs",
        "/admin//console.js",
        "/admin/console.js/",
        "/console.js",
    ] {
        let answer = world.admin(Method::GET, path).await;
        assert_eq!(answer.status(), 404, "{path}");
    }
}
