//! Who a user is: the answer of Layer's Identity service, or of the operator's own.

use serde_json::{Map, Value};
use std::fmt;
use thiserror::Error;

use crate::{
    http::{HttpRequest, HttpResponse, Method},
    ids::UserId,
    secret::Secret,
    time::{SECOND, Span},
    web_address::segment,
};

/// Stands for the user's id in the URL of the operator's identities.
pub const USER_ID: &str = "{user_id}";

/// How long the operator's identities may take to answer, in milliseconds.
const TIMEOUT: Span = SECOND.times(10);

/// Layer's fields of an identity (`platform/identities`), and the names that templates know them by:
/// Layer's own where the two agree, and those of the original service.
const LAYER_FIELDS: [(&str, &str); 11] = [
    ("display_name", "name"),
    ("phone_number", "phone"),
    ("first_name", "first_name"),
    ("first_name", "firstName"),
    ("last_name", "last_name"),
    ("last_name", "lastName"),
    ("email_address", "email"),
    ("avatar_url", "avatar_url"),
    ("avatar_url", "avatarUrl"),
    ("metadata", "metadata"),
    ("user_id", "user_id"),
];

/// What is known of a user.
#[derive(Clone, Default, PartialEq)]
pub struct Identity {
    /// The user's phone as somebody wrote it; not normalised, perhaps no phone at all.
    pub phone: Option<String>,
    /// Everything that templates may use, `name` and `phone` among it.
    pub fields: Map<String, Value>,
}

/// An answer of the operator's identities that cannot be used: theirs to put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HookError {
    /// Not JSON at all.
    #[error("the answer is not JSON")]
    NotJson,
    /// JSON, but a list or a bare value.
    #[error("the answer is not a JSON object")]
    NotAnObject,
    /// A phone of another kind.
    #[error("`phone` in the answer is neither a string nor a whole number")]
    Phone,
}

impl Identity {
    /// Reads an answer of Layer's Identity service, of any version. Nulls are left out.
    pub fn from_layer(answer: &Value) -> Self {
        let fields: Map<_, _> = LAYER_FIELDS
            .iter()
            .filter_map(|(theirs, ours)| Some(((*ours).to_owned(), answer.get(theirs)?.clone())))
            .filter(|(_, value)| !value.is_null())
            .collect();
        let phone = fields.get("phone").and_then(written_phone);
        Self { phone, fields }
    }

    /// Reads an answer of the operator's identities: an object with `name`, `phone` and whatever
    /// else templates use.
    ///
    /// # Errors
    /// When it is no object, or its `phone` is of a kind that no phone can be.
    pub fn from_hook(answer: &Value) -> Result<Self, HookError> {
        let fields = answer.as_object().ok_or(HookError::NotAnObject)?.clone();
        let phone = match fields.get("phone") {
            None | Some(Value::Null) => None,
            Some(value) => Some(written_phone(value).ok_or(HookError::Phone)?),
        };
        Ok(Self { phone, fields })
    }

    /// A user of whom nothing but a name is known.
    pub fn named(name: &str) -> Self {
        Self {
            phone: None,
            fields: Map::from_iter([("name".to_owned(), Value::from(name))]),
        }
    }
}

/// Says which fields there are, not what they hold: names, phones and addresses stay out of logs.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("fields", &self.fields.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

fn written_phone(value: &Value) -> Option<String> {
    match value {
        Value::String(phone) => Some(phone.clone()),
        Value::Number(phone) => phone.as_u64().map(|digits| digits.to_string()),
        _ => None,
    }
}

/// Where the operator's identities are.
#[derive(Clone, Debug)]
pub struct IdentitiesUrl {
    /// The URL, with [`USER_ID`] in its path.
    pub url: String,
    /// The bearer token, if they ask for one.
    pub token: Option<Secret>,
}

/// What the operator's identities said of a user.
#[derive(Clone, Debug, PartialEq)]
pub enum IdentityAnswer {
    /// This is who it is.
    Found(Identity),
    /// There is no such user.
    NoSuchUser,
    /// They could not say; asking again may help.
    Failed {
        /// What went wrong, for the log.
        why: String,
    },
}

/// The request for a user's identity. There is none for an empty id, `.` and `..`: a URL cannot
/// carry the latter two, percent-encoded or not, without changing its path.
pub fn identities_request(identities: &IdentitiesUrl, user: &UserId) -> Option<HttpRequest> {
    let encoded = segment(user)?;
    let mut headers = vec![("Accept", "application/json".to_owned())];
    if let Some(token) = &identities.token {
        headers.push(("Authorization", format!("Bearer {}", token.expose())));
    }
    Some(HttpRequest {
        method: Method::Get,
        url: identities.url.replace(USER_ID, &encoded),
        headers,
        body: None,
        timeout: TIMEOUT,
    })
}

/// Reads the answer to [`identities_request`].
pub fn read_identity(reply: &HttpResponse) -> IdentityAnswer {
    let body = match reply {
        HttpResponse::Received { status: 200, body } => body,
        HttpResponse::Received { status: 404, .. } => return IdentityAnswer::NoSuchUser,
        _ => return failed(reply.outline()),
    };
    let identity = serde_json::from_str(body)
        .map_err(|_| HookError::NotJson)
        .and_then(|answer| Identity::from_hook(&answer));
    identity.map_or_else(|error| failed(error.to_string()), IdentityAnswer::Found)
}

fn failed(why: String) -> IdentityAnswer {
    IdentityAnswer::Failed { why }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::http::NoResponse;

    fn identities(token: Option<&str>) -> IdentitiesUrl {
        IdentitiesUrl {
            url: "https://people.example/users/{user_id}/card".to_owned(),
            token: token.map(|token| Secret::new(token.to_owned())),
        }
    }

    fn answer(status: u16, body: &str) -> HttpResponse {
        let body = body.to_owned();
        HttpResponse::Received { status, body }
    }

    fn why(reply: &HttpResponse) -> String {
        match read_identity(reply) {
            IdentityAnswer::Failed { why } => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn fields_of_layer_get_both_their_names() {
        let identity = Identity::from_layer(&json!({
            "id": "layer:///identities/ada", "user_id": "ada", "identity_type": "user",
            "display_name": "Ada", "first_name": "Augusta", "last_name": "King", "public_key": null,
            "phone_number": "+1 (555) 010-2030", "email_address": "ada@example.com",
            "avatar_url": "https://example.com/ada.png", "metadata": {"level": "35"},
        }));
        assert_eq!(identity.phone.as_deref(), Some("+1 (555) 010-2030"));
        let expected = json!({
            "user_id": "ada", "name": "Ada", "phone": "+1 (555) 010-2030", "email": "ada@example.com",
            "first_name": "Augusta", "firstName": "Augusta", "last_name": "King", "lastName": "King",
            "avatar_url": "https://example.com/ada.png", "avatarUrl": "https://example.com/ada.png",
            "metadata": {"level": "35"},
        });
        assert_eq!(Value::Object(identity.fields), expected);
    }

    #[test]
    fn nulls_of_layer_are_left_out() {
        let identity = Identity::from_layer(
            &json!({"display_name": "Ada", "phone_number": null, "metadata": null}),
        );
        assert_eq!(identity, Identity::named("Ada"));
        assert_eq!(Identity::from_layer(&json!([])), Identity::default());
    }

    #[test]
    fn everything_that_a_hook_answers_is_kept() {
        let answer = json!({"name": "Ada", "phone": 15_550_102_030_u64, "nested": {"a": [1]}});
        let identity = Identity::from_hook(&answer).unwrap();
        assert_eq!(identity.phone.as_deref(), Some("15550102030"));
        assert_eq!(Value::Object(identity.fields), answer);
    }

    #[test]
    fn a_hook_may_know_no_phone() {
        for answer in [json!({}), json!({"phone": null})] {
            assert_eq!(Identity::from_hook(&answer).unwrap().phone, None);
        }
    }

    #[test]
    fn a_hook_must_answer_an_object_with_a_plausible_kind_of_phone() {
        for answer in [json!([]), json!("Ada"), json!(null), json!(1)] {
            assert_eq!(Identity::from_hook(&answer), Err(HookError::NotAnObject));
        }
        for phone in [json!(true), json!(["1"]), json!({}), json!(-1), json!(1.5)] {
            assert_eq!(
                Identity::from_hook(&json!({"phone": phone})),
                Err(HookError::Phone)
            );
        }
    }

    #[test]
    fn debug_output_holds_nothing_personal() {
        let identity =
            Identity::from_hook(&json!({"name": "Ada", "phone": "15550102030"})).unwrap();
        assert_eq!(
            format!("{identity:?}"),
            r#"Identity { fields: ["name", "phone"], .. }"#
        );
    }

    #[test]
    fn a_call_names_the_user_and_carries_the_token() {
        let call =
            identities_request(&identities(Some("t0ken")), &UserId::new("a/b c?é%")).unwrap();
        assert_eq!(call.method, Method::Get);
        assert_eq!(
            call.url,
            "https://people.example/users/a%2Fb%20c%3F%C3%A9%25/card"
        );
        assert_eq!(
            call.headers,
            [
                ("Accept", "application/json".to_owned()),
                ("Authorization", "Bearer t0ken".to_owned())
            ]
        );
        assert_eq!((call.body, call.timeout), (None, SECOND.times(10)));
    }

    #[test]
    fn a_call_without_a_token_has_no_authorization() {
        let call = identities_request(&identities(None), &UserId::new("Az09-._~")).unwrap();
        assert_eq!(call.url, "https://people.example/users/Az09-._~/card");
        assert_eq!(call.headers, [("Accept", "application/json".to_owned())]);
    }

    #[test]
    fn ids_that_would_change_the_path_are_not_asked_for() {
        for user in ["", ".", ".."] {
            assert!(identities_request(&identities(None), &UserId::new(user)).is_none());
        }
        assert!(identities_request(&identities(None), &UserId::new("...")).is_some());
    }

    #[test]
    fn answers_are_told_apart() {
        let ada = IdentityAnswer::Found(Identity::named("Ada"));
        assert_eq!(read_identity(&answer(200, r#"{"name":"Ada"}"#)), ada);
        assert_eq!(read_identity(&answer(404, "")), IdentityAnswer::NoSuchUser);
        assert_eq!(why(&answer(500, "{}")), "HTTP 500");
        assert_eq!(why(&answer(204, "")), "HTTP 204");
        assert_eq!(
            why(&HttpResponse::Missing(NoResponse::Timeout)),
            "no answer in time"
        );
        assert_eq!(why(&answer(200, "<html>")), "the answer is not JSON");
        assert_eq!(why(&answer(200, "[]")), "the answer is not a JSON object");
    }

    proptest! {
        #[test]
        fn no_user_id_changes_the_path(user in "\\PC{1,20}") {
            if let Some(call) = identities_request(&identities(None), &UserId::new(user.as_str())) {
                let url = url::Url::parse(&call.url).unwrap();
                let segments: Vec<_> = url.path_segments().unwrap().collect();
                prop_assert_eq!(segments.len(), 3);
                let decoded = percent_encoding::percent_decode_str(segments[1]).decode_utf8().unwrap();
                prop_assert_eq!(decoded, user);
            }
        }
    }
}
