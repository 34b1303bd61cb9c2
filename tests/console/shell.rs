//! The console's own files: anybody may load them, and they hold nothing.

use reqwest::{Client, Method};

use crate::support::{World, ask};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

async fn alone(differences: &[(&str, &str)]) -> World {
    World::unregistered(differences, |_, _, _| {}).await
}

/// The addresses of scripts and style sheets that a file names.
fn named(body: &str) -> Vec<String> {
    let words = body.split(['"', '\'']);
    let of_ours = words.filter(|word| word.ends_with(".js") || word.ends_with(".css"));
    of_ours
        .map(|word| format!("/admin/{}", word.rsplit('/').next().unwrap()))
        .collect()
}

#[tokio::test]
async fn every_file_that_the_console_needs_is_there_behind_a_strict_policy() {
    let world = alone(&[]).await;
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
        for more in named(&body) {
            if !wanted.contains(&more) {
                wanted.push(more);
            }
        }
    }
    assert!(seen >= 12, "{wanted:?}");
    assert!(
        bytes < 48_000,
        "{bytes} bytes are too many for what is loaded with every start of the Worker"
    );
}

#[tokio::test]
async fn a_file_is_only_looked_at() {
    let world = alone(&[]).await;
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
async fn a_method_that_nobody_knows_is_none_that_is_allowed() {
    let world = alone(&[]).await;
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
    let world = alone(&[("ADMIN_TOKEN", "")]).await;
    for path in [
        "/admin",
        "/admin/",
        "/admin/console.js",
        "/admin/console.css",
        "/admin/settings",
    ] {
        let (status, body) = ask(Method::GET, &format!("{}{path}", world.worker.url())).await;
        assert_eq!((status, body.as_str()), (404, "not found"), "{path}");
    }
}

#[tokio::test]
async fn other_paths_hold_no_file() {
    let world = alone(&[]).await;
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
