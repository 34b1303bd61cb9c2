//! Layer's Platform API: what is asked of it and how its answers are read. Posting is in
//! [`post`](super::post), the management of webhooks in [`registration`](super::registration).

use serde_json::Value;

pub use super::version::ApiVersion;
use super::{fault::Fault, ids};
use crate::{
    chat::{recheck::Recheck, status::Status},
    fields::Fields,
    http::{HttpRequest, HttpResponse, Method},
    ids::{ConversationId, MessageId, UserId},
    secret::Secret,
    time::{SECOND, Span},
    web_address::segment,
};

/// How long the question whether a message is still unread may take, in milliseconds: what the
/// webhooks said counts when there is no answer by then.
const RECHECK_TIMEOUT: Span = SECOND.times(3);
/// How long any other request may take, in milliseconds.
pub(super) const TIMEOUT: Span = SECOND.times(10);

/// The app whose conversations these are, and how to reach it.
#[derive(Clone, Debug)]
pub struct Account {
    /// UUID of the app.
    pub app_id: String,
    /// Platform API token.
    pub token: Secret,
    /// Version spoken.
    pub version: ApiVersion,
    /// Where the API is, without a path.
    pub api_url: String,
}

impl Account {
    /// A request under `/apps/<app>/`, without a body.
    pub(super) fn call(&self, method: Method, path: &str, accept: String) -> HttpRequest {
        HttpRequest {
            method,
            url: format!(
                "{}/apps/{}/{path}",
                self.api_url.trim_end_matches('/'),
                self.app_id
            ),
            headers: vec![
                ("Authorization", format!("Bearer {}", self.token.expose())),
                ("Accept", accept),
            ],
            body: None,
            timeout: TIMEOUT,
        }
    }

    /// The media type of the API's answers.
    pub(super) fn accept(&self) -> String {
        format!(
            "application/vnd.layer+json; version={}",
            self.version.as_str()
        )
    }

    fn get(&self, path: &str) -> HttpRequest {
        self.call(Method::Get, path, self.accept())
    }
}

/// Asks for a message as the system sees it, with every recipient's status. Both ids are UUIDs
/// ([`ids::uuid_of`]).
pub fn get_message(
    account: &Account,
    conversation_id: &ConversationId,
    message_id: &MessageId,
) -> HttpRequest {
    let call = account.get(&format!(
        "conversations/{conversation_id}/messages/{message_id}"
    ));
    HttpRequest {
        timeout: RECHECK_TIMEOUT,
        ..call
    }
}

/// Asks for a conversation, by its UUID ([`ids::uuid_of`]).
pub fn get_conversation(account: &Account, conversation_id: &ConversationId) -> HttpRequest {
    account.get(&format!("conversations/{conversation_id}"))
}

/// Asks for a user's identity; `None` for a user id that no URL can carry.
pub fn get_identity(account: &Account, user: &UserId) -> Option<HttpRequest> {
    let user = segment(user)?;
    Some(account.get(&format!("users/{user}/identity")))
}

/// Reads the answer to [`get_message`] for one user.
pub fn read_recheck(reply: &HttpResponse, user: &UserId) -> Recheck {
    match reply {
        HttpResponse::Received { status: 200, body } => {
            status_in(body, user).unwrap_or(Recheck::Unknown)
        }
        HttpResponse::Received {
            status: 404 | 410, ..
        } => Recheck::Gone,
        _ => Recheck::Unknown,
    }
}

/// `None` when the answer does not say: `recipient_status` was `null` in Layer's own examples.
fn status_in(body: &str, user: &UserId) -> Option<Recheck> {
    let message = Fields::read("", body).ok()?;
    let statuses = message.object("recipient_status").ok()??;
    let mut found = Recheck::NotListed;
    for (reference, raw) in statuses.all() {
        if ids::user_of(reference) == *user {
            let word = crate::fields::text(raw)?;
            found = Recheck::Status(Status::read(&word)?);
        }
    }
    Some(found)
}

/// The answer to a question for one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The thing, a JSON object.
    Found(Value),
    /// There is none (404), or none any more (410).
    Gone,
    /// No usable answer; ask again.
    Failed {
        /// Why, for the log.
        why: String,
    },
}

/// Reads the answer to [`get_identity`] or [`get_conversation`].
pub fn read_resource(reply: &HttpResponse) -> Resource {
    match reply {
        HttpResponse::Received { status: 200, body } => match serde_json::from_str(body) {
            Ok(value @ Value::Object(_)) => Resource::Found(value),
            _ => Resource::Failed {
                why: "HTTP 200 without a JSON object".to_owned(),
            },
        },
        HttpResponse::Received {
            status: 404 | 410, ..
        } => Resource::Gone,
        _ => Resource::Failed {
            why: Fault::read(reply).why(),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::http::NoResponse;

    const C: &str = "e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f";
    const M: &str = "940de862-3c96-11e4-baad-164230d1df67";

    fn account() -> Account {
        Account {
            app_id: "082d4684-0992-11e5-a6c0-1697f925ec7b".to_owned(),
            token: Secret::new("t0ken"),
            version: ApiVersion::V1_0,
            api_url: "https://api.layer.com".to_owned(),
        }
    }

    fn answer(status: u16, body: &str) -> HttpResponse {
        HttpResponse::Received {
            status,
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_question_carries_the_token_and_the_version() {
        let call = get_conversation(&account(), &ConversationId::new(C));
        assert_eq!(
            call.url,
            format!(
                "https://api.layer.com/apps/082d4684-0992-11e5-a6c0-1697f925ec7b/conversations/{C}"
            )
        );
        assert_eq!(
            call.headers,
            [
                ("Authorization", "Bearer t0ken".to_owned()),
                (
                    "Accept",
                    "application/vnd.layer+json; version=1.0".to_owned()
                ),
            ]
        );
        assert_eq!(
            (call.method, call.body, call.timeout),
            (Method::Get, None, SECOND.times(10))
        );
    }

    #[test]
    fn the_recheck_waits_three_seconds() {
        let call = get_message(&account(), &ConversationId::new(C), &MessageId::new(M));
        assert!(
            call.url
                .ends_with(&format!("/conversations/{C}/messages/{M}")),
            "{}",
            call.url
        );
        assert_eq!(call.timeout, SECOND.times(3));
    }

    #[test]
    fn a_user_is_escaped_in_the_path_or_not_asked_for() {
        let call = get_identity(&account(), &UserId::new("user 1/é")).unwrap();
        assert!(
            call.url.ends_with("/users/user%201%2F%C3%A9/identity"),
            "{}",
            call.url
        );
        assert!(get_identity(&account(), &UserId::new("..")).is_none());
    }

    #[test]
    fn a_recheck_reads_plain_ids_and_identities_alike() {
        for body in [
            r#"{"recipient_status":{"a b":"read","c":"sent"}}"#,
            r#"{"recipient_status":{"layer:///identities/a%20b":"read"},"parts":[{"body":"\ud800"}]}"#,
        ] {
            assert_eq!(
                read_recheck(&answer(200, body), &UserId::new("a b")),
                Recheck::Status(Status::Read)
            );
            assert_eq!(
                read_recheck(&answer(200, body), &UserId::new("d")),
                Recheck::NotListed
            );
        }
    }

    #[test]
    fn only_200_404_and_410_count_as_the_answer_to_a_recheck() {
        assert_eq!(
            read_recheck(
                &answer(200, r#"{"recipient_status":{}}"#),
                &UserId::new("a")
            ),
            Recheck::NotListed
        );
        for body in [
            r#"{"recipient_status":null}"#,
            "{}",
            "",
            "[]",
            r#"{"recipient_status":{"a":"new"}}"#,
            r#"{"recipient_status":{"a":7}}"#,
        ] {
            assert_eq!(
                read_recheck(&answer(200, body), &UserId::new("a")),
                Recheck::Unknown,
                "{body}"
            );
        }
        assert_eq!(
            read_recheck(&answer(404, ""), &UserId::new("a")),
            Recheck::Gone
        );
        assert_eq!(
            read_recheck(&answer(410, ""), &UserId::new("a")),
            Recheck::Gone
        );
        for status in [201, 204, 302, 401, 403, 429, 500] {
            let body = r#"{"recipient_status":{}}"#;
            assert_eq!(
                read_recheck(&answer(status, body), &UserId::new("a")),
                Recheck::Unknown,
                "{status}"
            );
        }
        assert_eq!(
            read_recheck(
                &HttpResponse::Missing(NoResponse::Timeout),
                &UserId::new("a")
            ),
            Recheck::Unknown
        );
    }

    #[test]
    fn a_resource_is_found_gone_or_failed() {
        let found = read_resource(&answer(200, r#"{"display_name":"Ann"}"#));
        assert_eq!(
            found,
            Resource::Found(serde_json::json!({ "display_name": "Ann" }))
        );
        assert_eq!(read_resource(&answer(404, "")), Resource::Gone);
        assert_eq!(read_resource(&answer(410, "")), Resource::Gone);
        let why = |reply: HttpResponse| match read_resource(&reply) {
            Resource::Failed { why } => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(why(answer(200, "[]")), "HTTP 200 without a JSON object");
        assert_eq!(
            why(answer(
                401,
                r#"{"code":4,"id":"authentication_required","message":"secret"}"#
            )),
            "HTTP 401, code 4, authentication_required"
        );
        assert_eq!(why(answer(429, "")), "HTTP 429");
        assert_eq!(
            why(answer(500, r#"{"id":"What a user wrote"}"#)),
            "HTTP 500"
        );
        assert_eq!(
            why(HttpResponse::Missing(NoResponse::Connection)),
            "connection failed"
        );
    }

    proptest! {
        #[test]
        fn no_body_makes_a_reader_panic(status in 100_u16..600, body in ".*") {
            let reply = answer(status, &body);
            read_recheck(&reply, &UserId::new("a"));
            read_resource(&reply);
        }
    }
}
