//! Posting a reply into a conversation, as the user who texted it.

use serde::Serialize;
use sha1::{Digest, Sha1};
use uuid::Uuid;

use super::{api::Account, fault::Fault, ids};
use crate::http::{HttpRequest, HttpResponse, Method};
use crate::ids::{ConversationId, TextId, UserId};

/// The most that Layer takes in one part, in bytes of UTF-8.
const PART_BYTES: usize = 2_048;
/// From where on a blank is a good place to cut: 10 % are worth it.
const BLANK_FROM: usize = PART_BYTES - PART_BYTES / 10;
/// What the de-duplication ids are made in. Never to change: a reply that is retried across a deploy
/// would be posted twice.
const NAMESPACE: Uuid = Uuid::from_u128(0x3d0c_9e1b_7a54_4c0e_9d5f_2b8e_61f7_a4c3);

/// A message as Layer takes it.
#[derive(Serialize)]
struct NewMessage<'a> {
    #[serde(flatten)]
    sender: Sender<'a>,
    parts: [Part<'a>; 1],
}

#[derive(Serialize)]
#[serde(untagged)]
enum Sender<'a> {
    User { sender: User<'a> },
    Identity { sender_id: String },
}

#[derive(Serialize)]
struct User<'a> {
    user_id: &'a str,
}

#[derive(Serialize)]
struct Part<'a> {
    body: &'a str,
    mime_type: &'static str,
}

/// A text that is to be posted as a user.
pub struct Post<'a> {
    /// The conversation that it goes into.
    pub conversation_id: &'a ConversationId,
    /// The user who texted it.
    pub user_id: &'a UserId,
    /// At most 2 KB ([`split`]).
    pub text: &'a str,
    /// Makes the same request again harmless ([`dedupe_id`]).
    pub dedupe_id: &'a str,
}

/// Posts one text of at most 2 KB ([`split`]) as a user. `dedupe` ([`dedupe_id`]) becomes the
/// message's id: the same request again makes no second message. `conversation_id` is a UUID.
pub fn post_message(account: &Account, post: &Post<'_>) -> HttpRequest {
    let path = format!("conversations/{}/messages", post.conversation_id);
    let mut call = account.call(Method::Post, &path, account.accept());
    call.headers
        .push(("Content-Type", "application/json".to_owned()));
    // Layer wants it bare, without the quotes of an entity tag.
    call.headers
        .push(("If-None-Match", post.dedupe_id.to_owned()));
    call.body = Some(body(account, post));
    call
}

fn body(account: &Account, post: &Post<'_>) -> String {
    let sender = if account.version.sends_sender_id() {
        Sender::Identity {
            sender_id: ids::identity_uri(post.user_id),
        }
    } else {
        Sender::User {
            sender: User {
                user_id: post.user_id,
            },
        }
    };
    let message = NewMessage {
        sender,
        parts: [Part {
            body: post.text,
            mime_type: "text/plain",
        }],
    };
    // Serialising strings into a string has nothing that could fail.
    serde_json::to_string(&message).unwrap_or_default()
}

/// What became of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostAnswer {
    /// It is in the conversation.
    Posted,
    /// Not now, or nobody knows: the same request again is harmless.
    TryAgain {
        /// Why, for the log.
        why: String,
    },
    /// Only the operator can help (token, app, `LAYER_API_URL`): wait and try again.
    OperatorFault {
        /// Why, for the log.
        why: String,
    },
    /// Never.
    Refused {
        /// Why, for the log and the list of failures.
        why: String,
    },
}

/// Reads the answer to [`post_message`].
pub fn read_post(reply: &HttpResponse) -> PostAnswer {
    let fault = Fault::read(reply);
    let is = |code, id| fault.code == Some(code) || fault.id.as_deref() == Some(id);
    let why = fault.why();
    match reply.status() {
        Some(200..=299) => PostAnswer::Posted,
        Some(409) if is(111, "id_in_use") => PostAnswer::Posted,
        Some(401 | 300..=399) => PostAnswer::OperatorFault { why },
        Some(403) if is(2, "invalid_app_id") || is(5, "app_suspended") => {
            PostAnswer::OperatorFault { why }
        }
        None | Some(408 | 409 | 429 | 500..) | Some(..200) => PostAnswer::TryAgain { why },
        Some(_) => PostAnswer::Refused { why },
    }
}

/// Cuts a text into pieces of at most 2 KB each, between characters, after a blank if one is near
/// the end. Together they are the text; an empty text has none.
pub fn split(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at_checked(cut(rest)).unwrap_or((rest, ""));
        pieces.push(piece.to_owned());
        rest = after;
    }
    pieces
}

fn cut(text: &str) -> usize {
    if text.len() <= PART_BYTES {
        return text.len();
    }
    let most = text.floor_char_boundary(PART_BYTES);
    let after_blank = text
        .char_indices()
        .map(|(at, c)| (at + c.len_utf8(), c))
        .take_while(|(end, _)| *end <= most)
        .filter(|(end, c)| c.is_whitespace() && *end >= BLANK_FROM)
        .last();
    after_blank.map_or(most, |(end, _)| end)
}

/// The de-duplication id of one post of a text: a UUIDv5 of Nexmo's id of the text and the place of
/// the post among those that the text was split into.
pub fn dedupe_id(nexmo_message_id: &TextId, index: usize) -> String {
    let name = format!("{nexmo_message_id}/{index}");
    let hash: [u8; 20] = Sha1::new()
        .chain_update(NAMESPACE.as_bytes())
        .chain_update(name)
        .finalize()
        .into();
    let (first, _) = hash.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    uuid::Builder::from_sha1_bytes(*first)
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{http::NoResponse, layer::api::ApiVersion, secret::Secret, time::SECOND};

    fn account(version: ApiVersion) -> Account {
        Account {
            app_id: "app".to_owned(),
            token: Secret::new("t0ken"),
            version,
            api_url: "https://api.layer.com/".to_owned(),
        }
    }

    fn posted(version: ApiVersion, user_id: &str, text: &str) -> HttpRequest {
        let post = Post {
            conversation_id: &ConversationId::new("c"),
            user_id: &UserId::new(user_id),
            text,
            dedupe_id: "uuid",
        };
        post_message(&account(version), &post)
    }

    fn answer(status: u16, body: &str) -> PostAnswer {
        read_post(&HttpResponse::Received {
            status,
            body: body.to_owned(),
        })
    }

    #[test]
    fn a_post_in_1_0_is_what_layers_own_client_sent() {
        let call = posted(ApiVersion::V1_0, "u\"1", "Hé\n");
        assert_eq!(
            call.url,
            "https://api.layer.com/apps/app/conversations/c/messages"
        );
        assert_eq!(
            call.body.as_deref(),
            Some(
                r#"{"sender":{"user_id":"u\"1"},"parts":[{"body":"Hé\n","mime_type":"text/plain"}]}"#
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
                ("Content-Type", "application/json".to_owned()),
                ("If-None-Match", "uuid".to_owned()),
            ]
        );
        assert_eq!(
            (call.method, call.timeout),
            (Method::Post, SECOND.times(10))
        );
    }

    #[test]
    fn from_2_0_the_sender_is_an_identity() {
        let call = posted(ApiVersion::V2_0, "a b", "Hi");
        assert_eq!(
            call.body.as_deref(),
            Some(
                r#"{"sender_id":"layer:///identities/a%20b","parts":[{"body":"Hi","mime_type":"text/plain"}]}"#
            )
        );
    }

    #[test]
    fn an_answer_decides_what_becomes_of_the_post() {
        for (status, body) in [
            (200, ""),
            (201, "{}"),
            (202, ""),
            (409, r#"{"code":111}"#),
            (409, r#"{"id":"id_in_use"}"#),
        ] {
            assert_eq!(answer(status, body), PostAnswer::Posted, "{status} {body}");
        }
        for (status, body) in [
            (401, ""),
            (403, r#"{"code":2,"id":"invalid_app_id"}"#),
            (403, r#"{"code":5}"#),
            (301, ""),
            (302, ""),
            (308, ""),
        ] {
            let got = answer(status, body);
            assert!(
                matches!(got, PostAnswer::OperatorFault { .. }),
                "{status} {body}: {got:?}"
            );
        }
        for (status, body) in [
            (408, ""),
            (409, r#"{"code":108}"#),
            (409, ""),
            (429, ""),
            (500, ""),
            (503, ""),
        ] {
            let got = answer(status, body);
            assert!(
                matches!(got, PostAnswer::TryAgain { .. }),
                "{status} {body}: {got:?}"
            );
        }
        for status in [400, 402, 403, 404, 405, 406, 410, 413, 415, 422, 451] {
            let got = answer(status, r#"{"code":101}"#);
            assert!(
                matches!(got, PostAnswer::Refused { .. }),
                "{status}: {got:?}"
            );
        }
        let lost = read_post(&HttpResponse::Missing(NoResponse::Timeout));
        assert_eq!(
            lost,
            PostAnswer::TryAgain {
                why: "no answer in time".to_owned()
            }
        );
    }

    #[test]
    fn a_refusal_says_why_in_layers_words_only() {
        let body = r#"{"code":101,"id":"access_denied","message":"what was sent"}"#;
        let why = "HTTP 403, code 101, access_denied".to_owned();
        assert_eq!(answer(403, body), PostAnswer::Refused { why });
    }

    #[test]
    fn a_text_of_2_kb_is_one_piece_and_one_more_byte_two() {
        assert!(split("").is_empty());
        let full = "x".repeat(2_048);
        assert_eq!(split(&full), [full.as_str()]);
        assert_eq!(split(&format!("{full}y")), [full, "y".to_owned()]);
    }

    #[test]
    fn a_blank_near_the_end_is_where_it_is_cut() {
        let lengths = |text: String| split(&text).iter().map(String::len).collect::<Vec<_>>();
        let blank_at = |at: usize| format!("{} {}", "x".repeat(at), "y".repeat(2_100));
        assert_eq!(lengths(blank_at(2_000)), [2_001, 2_048, 52]);
        assert_eq!(lengths(blank_at(1_843)), [1_844, 2_048, 52]);
        assert_eq!(lengths(blank_at(1_000)), [2_048, 1_053]);
        assert_eq!(lengths("é".repeat(1_024) + "é"), [2_048, 2]);
        assert_eq!(lengths(format!("x{}", "😀".repeat(512))), [2_045, 4]);
    }

    #[test]
    fn ids_differ_by_text_and_index_and_stay_the_same_for_ever() {
        assert_eq!(
            dedupe_id(&TextId::new("0B00000053FFB40F"), 0),
            dedupe_id(&TextId::new("0B00000053FFB40F"), 0)
        );
        assert_ne!(
            dedupe_id(&TextId::new("0B00000053FFB40F"), 0),
            dedupe_id(&TextId::new("0B00000053FFB40F"), 1)
        );
        assert_ne!(
            dedupe_id(&TextId::new("a"), 0),
            dedupe_id(&TextId::new("b"), 0)
        );
        assert_eq!(
            dedupe_id(&TextId::new("0B00000053FFB40F"), 0),
            "b17eed23-65ce-55c5-ae6e-3cd746c4c860"
        );
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text_and_none_is_too_long(text in "[a é😀\n]{0,3000}") {
            let pieces = split(&text);
            prop_assert_eq!(pieces.concat(), text);
            prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && piece.len() <= 2_048));
        }
    }
}
