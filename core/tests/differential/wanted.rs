//! The wanted differences from `layer-api`.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::requests::{Facts, Row};

/// Whether a difference in a fact is one of a kind.
type IsOne = fn(&Row, &str, &Facts, &Facts) -> bool;

/// Each with its reason. A request has to differ so or not at all.
pub const DIFFERENCES: [(&str, IsOne); 9] = [
    (
        "host, connection and the body's length are left to the edge's fetch",
        left_to_fetch,
    ),
    (
        "no Content-Type without a body: there is nothing whose type it could be",
        no_content_type,
    ),
    (
        "If-None-Match with every post: the same reply must not be posted twice",
        de_duplicated,
    ),
    (
        "a user id is escaped in the path: any character may be in it",
        user_escaped,
    ),
    (
        "a user whose id no client of theirs could ask for is asked for",
        user_asked_for,
    ),
    (
        "a user id that URLs resolve away is not asked for: it would be another resource",
        user_not_asked_for,
    ),
    (
        "a conversation's id is lower case, as it is compared with others",
        lower_case,
    ),
    (
        "webhooks have a media type of their own (Layer answers 406 to another)",
        webhooks_type,
    ),
    (
        "a registration has the events and the fingerprint that we need",
        registration,
    ),
];

/// Why a fact differs, if that is wanted.
pub fn reason(row: &Row, fact: &str, theirs: &Facts, ours: &Facts) -> Option<&'static str> {
    let found = DIFFERENCES
        .iter()
        .find(|(_, is_one)| is_one(row, fact, theirs, ours));
    found.map(|(why, _)| *why)
}

fn of<'a>(facts: &'a Facts, fact: &str) -> Option<&'a str> {
    facts.get(fact).map(String::as_str)
}

fn left_to_fetch(_: &Row, fact: &str, theirs: &Facts, ours: &Facts) -> bool {
    let names = ["host", "connection", "transfer-encoding", "content-length"];
    names.contains(&fact) && of(ours, fact).is_none() && !ours.is_empty() && !theirs.is_empty()
}

fn no_content_type(_: &Row, fact: &str, theirs: &Facts, ours: &Facts) -> bool {
    fact == "content-type"
        && of(theirs, fact) == Some("application/json")
        && of(ours, "body") == Some("")
        && of(ours, fact).is_none()
}

fn de_duplicated(row: &Row, fact: &str, theirs: &Facts, ours: &Facts) -> bool {
    fact == "if-none-match"
        && row.what == "post_message"
        && of(theirs, fact).is_none()
        && of(ours, fact) == Some(row.arg("dedupe"))
}

fn user_escaped(row: &Row, fact: &str, theirs: &Facts, ours: &Facts) -> bool {
    let raw = of(theirs, fact).and_then(user_in);
    row.what == "get_identity"
        && fact == "path"
        && raw == Some(row.arg("user"))
        && asks_for_user(row, ours)
}

fn user_asked_for(row: &Row, _: &str, theirs: &Facts, ours: &Facts) -> bool {
    row.what == "get_identity" && theirs.is_empty() && asks_for_user(row, ours)
}

fn user_not_asked_for(row: &Row, _: &str, _: &Facts, ours: &Facts) -> bool {
    row.what == "get_identity" && matches!(row.arg("user"), "." | "..") && ours.is_empty()
}

/// Whether the path's one segment for a user, decoded, is the user.
fn asks_for_user(row: &Row, ours: &Facts) -> bool {
    let user = of(ours, "path").and_then(user_in).unwrap_or_default();
    let is_segment = user
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte));
    is_segment && percent_decode_str(user).decode_utf8().as_deref() == Ok(row.arg("user"))
}

fn user_in(path: &str) -> Option<&str> {
    let (_, user) = path.split_once("/users/")?;
    user.strip_suffix("/identity")
}

fn lower_case(row: &Row, fact: &str, theirs: &Facts, ours: &Facts) -> bool {
    row.what == "get_conversation"
        && fact == "path"
        && of(theirs, fact).map(str::to_ascii_lowercase).as_deref() == of(ours, fact)
}

fn webhooks_type(row: &Row, fact: &str, theirs: &Facts, ours: &Facts) -> bool {
    let expected =
        of(theirs, fact).map(|accept| accept.replace("layer+json", "layer.webhooks+json"));
    ["list", "create", "activate", "delete"].contains(&row.what.as_str())
        && fact == "accept"
        && expected.as_deref() == of(ours, fact)
}

fn registration(row: &Row, fact: &str, theirs: &Facts, ours: &Facts) -> bool {
    let read = |facts| serde_json::from_str::<Value>(of(facts, "body").unwrap_or_default()).ok();
    let (Some(mut theirs), Some(ours)) = (read(theirs), read(ours)) else {
        return false;
    };
    let fingerprint = ours.pointer("/config/fingerprint").cloned();
    if let (Some(config), Some(fingerprint)) = (theirs.get_mut("config"), fingerprint) {
        *config = json!({ "name": row.arg("name"), "fingerprint": fingerprint });
    }
    if let (Some(needed), Some(events)) = (ours.get("events"), theirs.get_mut("events")) {
        *events = needed.clone();
    }
    row.what == "create" && fact == "body" && theirs == ours
}
