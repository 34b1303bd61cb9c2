//! URLs and paths.

use proptest::prelude::*;

use super::*;
use crate::settings::{paths, url};

#[test]
fn urls_are_https_or_on_loopback() {
    for (value, read) in [
        ("https://layer.example.com/", "https://layer.example.com"),
        (
            "HTTPS://Layer.Example.com:443/a/b//",
            "https://layer.example.com/a/b",
        ),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.9.8.7/x", "http://127.9.8.7/x"),
        ("http://[::1]:80/", "http://[::1]"),
        (
            "https://xn--mnchen-3ya.example",
            "https://xn--mnchen-3ya.example",
        ),
    ] {
        assert_eq!(good("LAYER_API_URL", value).layer().account.api_url, read);
        assert_eq!(good("NEXMO_API_URL", value).nexmo.api_url, read);
    }
    are_problems(
        "NEXMO_API_URL",
        &[
            ("rest.nexmo.com", "`rest.nexmo.com` is not a URL"),
            ("/sms", "`/sms` is not a URL"),
            ("https://", "`https://` is not a URL"),
            ("https://a b", "`https://a b` is not a URL"),
            ("https://a:99999", "`https://a:99999` is not a URL"),
            ("https://[::zz]", "`https://[::zz]` is not a URL"),
            ("https://10.0.0.256", "`https://10.0.0.256` is not a URL"),
            ("https://api.123", "`https://api.123` is not a URL"),
            ("https://a.0x7f.", "`https://a.0x7f.` is not a URL"),
            (
                "https://münchen.example",
                "`https://münchen.example` is not a URL",
            ),
            ("ftp://example.com", "`ftp://example.com` is not https"),
            (
                "http://example.com",
                "`http://example.com` is http, but not on loopback",
            ),
            (
                "http://a.localhost",
                "`http://a.localhost` is http, but not on loopback",
            ),
            (
                "http://localhost.example",
                "`http://localhost.example` is http, but not on loopback",
            ),
            (
                "http://127.0.0.1.example",
                "`http://127.0.0.1.example` is http, but not on loopback",
            ),
            (
                "http://10.0.0.1",
                "`http://10.0.0.1` is http, but not on loopback",
            ),
            (
                "http://[::2]",
                "`http://[::2]` is http, but not on loopback",
            ),
            ("https://me:hunter2@example.com", "the value has user info"),
            ("me:hunter2@example.com", "the value is not a URL"),
            (
                "https://example.com/?key=hunter2",
                "`https://example.com/` has a query or a fragment",
            ),
            (
                "https://example.com#x",
                "`https://example.com` has a query or a fragment",
            ),
        ],
    );
}

#[test]
fn the_server_url_is_an_origin() {
    for (value, read) in [
        ("https://texts.example.com/", "https://texts.example.com"),
        ("https://texts.example.com:443", "https://texts.example.com"),
        (
            "https://texts.example.com:8443",
            "https://texts.example.com:8443",
        ),
        ("http://localhost:8787", "http://localhost:8787"),
    ] {
        assert_eq!(good("SERVER_URL", value).server_url, read);
    }
    are_problems(
        "SERVER_URL",
        &[
            (
                "https://example.com/x",
                "`https://example.com/x` has a path",
            ),
            (
                "http://example.com",
                "`http://example.com` is http, but not on loopback",
            ),
            ("https://u@example.com", "the value has user info"),
            (
                "https://example.com?x",
                "`https://example.com` has a query or a fragment",
            ),
        ],
    );
}

#[test]
fn the_url_of_identities_has_the_user_in_its_path() {
    let url = |value| good("IDENTITIES_URL", value).identities.unwrap().url;
    let slash = "https://people.example.com/u/{user_id}/";
    assert_eq!(url(slash), slash);
    assert_eq!(
        url("http://localhost:1/{user_id}.json"),
        "http://localhost:1/{user_id}.json"
    );
    assert_eq!(
        url("https://a.example.com/a/{user_id}/{user_id}"),
        "https://a.example.com/a/{user_id}/{user_id}"
    );
    for as_written in [
        "https://people.example.com?key=k@y&user={user_id}",
        "https://people.example.com/användare/{user_id}",
        "https://people.example.com/{tenant} 1/{user_id}|x",
    ] {
        assert_eq!(url(as_written), as_written);
    }
    are_problems(
        "IDENTITIES_URL",
        &[
            (
                "https://example.com/users/",
                "`https://example.com/users/` does not contain {user_id}",
            ),
            (
                "https://{user_id}.example.com/",
                "`https://{user_id}.example.com/` has {user_id} outside its path and query",
            ),
            (
                "https://{user_id}.example.com/{user_id}",
                "`https://{user_id}.example.com/{user_id}` has {user_id} outside its path and query",
            ),
            (
                "https://example.com/{user_id}#card",
                "`https://example.com/{user_id}` has a fragment",
            ),
            (
                "https://example.com:{user_id}/",
                "`https://example.com:{user_id}/` has {user_id} outside its path and query",
            ),
            (
                "https://me:{user_id}@example.com/",
                "the value has user info",
            ),
            (
                "http://example.com/{user_id}",
                "`http://example.com/{user_id}` is http, but not on loopback",
            ),
        ],
    );
    assert!(good("IDENTITIES_TOKEN", "alone").identities.is_none());
}

#[test]
fn paths_are_segments() {
    for (value, read) in [
        ("a", "a"),
        ("/a/b_c/d.e~f-g/", "a/b_c/d.e~f-g"),
        ("administrator", "administrator"),
    ] {
        assert_eq!(good("LAYER_PATH", value).layer().path, read);
        assert_eq!(good("NEXMO_PATH", value).nexmo_path, read);
    }
    are_problems(
        "LAYER_PATH",
        &[
            ("/", "`/` has an empty segment"),
            ("//a", "`//a` has an empty segment"),
            ("a//b", "`a//b` has an empty segment"),
            ("a/../b", "`a/../b` has a segment `..`"),
            (".", "`.` has a segment `.`"),
            ("a b", "`a b` has the character ` `"),
            ("a?b", "`a?b` has the character `?`"),
            ("a/%2e", "`a/%2e` has the character `%`"),
            ("admin", "`admin` lies under /admin, which is taken"),
            ("/admin/x", "`/admin/x` lies under /admin, which is taken"),
            ("health/", "`health/` lies under /health, which is taken"),
        ],
    );
}

#[test]
fn the_paths_do_not_overlap() {
    assert_eq!(
        problem("NEXMO_PATH", "nexmo-new-message/sms"),
        "`nexmo-new-message/sms` overlaps LAYER_PATH"
    );
    assert_eq!(
        problem("LAYER_PATH", "nexmo-new-sms"),
        "`nexmo-new-sms` overlaps NEXMO_PATH"
    );
    let problems = with(&[("LAYER_PATH", "a/b"), ("NEXMO_PATH", "a")]).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].setting, "NEXMO_PATH");
    assert!(with(&[("LAYER_PATH", "texts"), ("NEXMO_PATH", "texts2")]).is_ok());
}

proptest! {
    #[test]
    fn a_url_is_read_the_same_again(tail in "[a-z0-9.:/@%\\[\\]]{0,20}") {
        if let Ok(base) = url::base(&format!("https://{tail}")) {
            prop_assert_eq!(url::base(&base), Ok(base));
        }
    }

    #[test]
    fn a_path_is_read_the_same_again(value in "[a-z./~ -]{1,12}") {
        if let Ok(path) = paths::read(&value) {
            prop_assert_eq!(paths::read(&path), Ok(path));
        }
    }
}
