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

fn response(status: u16, body: &str) -> HttpResponse {
    let body = body.to_owned();
    HttpResponse::Received { status, body }
}

fn why(response: &HttpResponse) -> String {
    match read_identity(response) {
        IdentityOutcome::Failed { why } => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_field_of_a_hook_is_kept() {
    let identity = json!({"name": "Ada", "phone": 15_550_102_030_u64, "nested": {"a": [1]}});
    let read = Identity::from_hook(&identity).unwrap();
    assert_eq!(read.phone.as_deref(), Some("15550102030"));
    assert_eq!(Value::Object(read.fields), identity);
}

#[test]
fn a_hook_may_leave_out_the_phone() {
    for answer in [json!({}), json!({"phone": null})] {
        assert_eq!(Identity::from_hook(&answer).unwrap().phone, None);
    }
}

#[test]
fn a_hook_must_return_an_object() {
    for answer in [json!([]), json!("Ada"), json!(null), json!(1)] {
        assert_eq!(Identity::from_hook(&answer), Err(HookError::NotAnObject));
    }
}

#[test]
fn a_phone_of_another_type_is_no_phone_and_spoils_nothing() {
    for phone in [
        json!(true),
        json!(["15550102030"]),
        json!({}),
        json!(-1),
        json!(1.5),
    ] {
        let identity = Identity::from_hook(&json!({"name": "Ada", "phone": phone})).unwrap();
        assert_eq!(identity.fields["name"], "Ada");
        let written = identity.phone.unwrap();
        assert_eq!(crate::phone::Phone::parse(&written), None, "{written}");
    }
}

#[test]
fn debug_output_holds_nothing_personal() {
    let identity = Identity::from_hook(&json!({"name": "Ada", "phone": "15550102030"})).unwrap();
    assert_eq!(
        format!("{identity:?}"),
        r#"Identity { fields: ["name", "phone"], .. }"#
    );
}

#[test]
fn a_request_has_the_user_and_the_token() {
    let request = identities_request(&identities(Some("t0ken")), &UserId::new("a/b c?é%")).unwrap();
    assert_eq!(request.method, Method::Get);
    assert_eq!(
        request.url,
        "https://people.example/users/a%2Fb%20c%3F%C3%A9%25/card"
    );
    assert_eq!(
        request.headers,
        [
            ("Accept", "application/json".to_owned()),
            ("Authorization", "Bearer t0ken".to_owned())
        ]
    );
    assert_eq!((request.body, request.timeout), (None, SECOND.times(10)));
}

#[test]
fn a_request_without_a_token_has_no_authorization() {
    let request = identities_request(&identities(None), &UserId::new("Az09-._~")).unwrap();
    assert_eq!(request.url, "https://people.example/users/Az09-._~/card");
    assert_eq!(request.headers, [("Accept", "application/json".to_owned())]);
}

#[test]
fn ids_that_would_change_the_path_are_not_requested() {
    for user in ["", ".", ".."] {
        assert!(identities_request(&identities(None), &UserId::new(user)).is_none());
    }
    assert!(identities_request(&identities(None), &UserId::new("...")).is_some());
}

#[test]
fn a_response_decides_the_outcome() {
    let ada = IdentityOutcome::Found(Identity::named("Ada"));
    assert_eq!(read_identity(&response(200, r#"{"name":"Ada"}"#)), ada);
    assert_eq!(
        read_identity(&response(404, "")),
        IdentityOutcome::NoSuchUser
    );
    assert_eq!(why(&response(500, "{}")), "HTTP 500");
    assert_eq!(why(&response(204, "")), "HTTP 204");
    assert_eq!(
        why(&HttpResponse::Missing(NoResponse::Timeout)),
        "no response in time"
    );
    assert_eq!(why(&response(200, "<html>")), "the response is not JSON");
    assert_eq!(
        why(&response(200, "[]")),
        "the response is not a JSON object"
    );
}

proptest! {
    #[test]
    fn no_user_id_changes_the_path(user in "\\PC{1,20}") {
        if let Some(request) = identities_request(&identities(None), &UserId::new(user.as_str())) {
            let url = url::Url::parse(&request.url).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 3);
            let decoded = percent_encoding::percent_decode_str(segments[1]).decode_utf8().unwrap();
            prop_assert_eq!(decoded, user);
        }
    }
}
