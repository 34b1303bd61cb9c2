//! A user's name and phone: the profile, and the phones that the user has confirmed.

use serde_json::{Map, Value};

use super::{
    account::{Homeserver, local_part},
    failure::{Failure, success},
};
use crate::{
    http::{HttpRequest, HttpResponse, Method},
    identity::{Identity, IdentityOutcome},
    ids::UserId,
    json,
    percent::escaped,
    sms::control::is_blank,
};

/// The request for a user's profile, as the user: a homeserver may hide it from who shares no room with them.
pub fn get_profile(homeserver: &Homeserver, user_id: &UserId) -> HttpRequest {
    let path = format!("v3/profile/{}", escaped(user_id));
    homeserver.request_as(user_id, Method::Get, &path)
}

/// The request for a user's phones, as the user.
pub fn get_phones(homeserver: &Homeserver, user_id: &UserId) -> HttpRequest {
    homeserver.request_as(user_id, Method::Get, "v3/account/3pid")
}

/// Reads the responses to [`get_profile`] and [`get_phones`]. A user without a name has no profile, and may not be acted as
/// if there is no such user.
pub fn read_identity(
    user_id: &UserId,
    profile: &HttpResponse,
    phones: &HttpResponse,
) -> IdentityOutcome {
    let phone = match read_json(phones) {
        Ok(phones) => latest_phone(&phones),
        Err(failure) if failure.is_forbidden() => return IdentityOutcome::NoSuchUser,
        Err(failure) => return failed("phones", &failure),
    };
    let known = match read_json(profile) {
        Ok(profile) => profile,
        Err(failure) if failure.is_not_found() => Value::Null,
        Err(failure) => return failed("profile", &failure),
    };
    IdentityOutcome::Found(identity(user_id, &known, phone))
}

fn read_json(response: &HttpResponse) -> Result<Value, Failure> {
    let body = success(response)?;
    json::value(body).ok_or_else(|| Failure::unreadable(response, "JSON"))
}

fn failed(what: &str, failure: &Failure) -> IdentityOutcome {
    IdentityOutcome::Failed {
        why: format!("{what}: {}", failure.why()),
    }
}

fn identity(user_id: &UserId, profile: &Value, phone: Option<Value>) -> Identity {
    let named = profile.get("displayname").and_then(Value::as_str);
    let named = named.filter(|name| !is_blank(name));
    let name = named.unwrap_or(local_part(user_id));
    let mut fields = Map::new();
    fields.insert("user_id".to_owned(), user_id.as_str().into());
    fields.insert("name".to_owned(), name.into());
    fields.extend(phone.map(|phone| ("phone".to_owned(), phone)));
    let others = [("avatar_url", "avatar_url"), ("m.tz", "time_zone")];
    for (theirs, ours) in others {
        let value = profile.get(theirs).filter(|value| !value.is_null());
        fields.extend(value.map(|value| (ours.to_owned(), value.clone())));
    }
    Identity::with(fields)
}

/// The phone that was added last.
fn latest_phone(body: &Value) -> Option<Value> {
    let phones = body.get("threepids").and_then(Value::as_array)?.iter();
    let phones = phones.filter(|it| it.get("medium") == Some(&"msisdn".into()));
    let added = |phone: &&Value| phone.get("added_at").and_then(Value::as_i64);
    // Of several without a time the first counts: the homeserver lists the newest first.
    let latest = phones.rev().max_by_key(added)?;
    Some(with_plus(latest.get("address")?.as_str()?).into())
}

/// A phone as it is stored for the homeserver is international: digits with or without a plus.
fn with_plus(address: &str) -> String {
    let address = address.trim();
    match address.starts_with(|c: char| c.is_ascii_digit()) && !address.starts_with("00") {
        true => format!("+{address}"),
        false => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::NoResponse;

    fn bob() -> UserId {
        UserId::new("@bob:localtest")
    }

    fn response(status: u16, body: &Value) -> HttpResponse {
        let body = body.to_string();
        HttpResponse::Received { status, body }
    }

    fn phones(of: &[(&str, &str, i64)]) -> HttpResponse {
        let one = |(medium, address, at): &(&str, &str, i64)| json!({"medium": medium, "address": address, "validated_at": at, "added_at": at});
        let all: Vec<Value> = of.iter().map(one).collect();
        response(200, &json!({ "threepids": all }))
    }

    fn found(profile: &HttpResponse, phones: &HttpResponse) -> Value {
        match read_identity(&bob(), profile, phones) {
            IdentityOutcome::Found(identity) => Value::Object(identity.fields),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_identity_has_the_name_of_the_profile_and_the_phone_that_was_added_last() {
        let profile = response(
            200,
            &json!({"displayname": "Bob Builder", "m.tz": "Europe/Berlin"}),
        );
        let phones = phones(&[
            ("msisdn", "15550102030", 5),
            ("msisdn", "+1 555 010 2031", 9),
            ("email", "bob@example.com", 12),
        ]);
        let expected = json!({
            "user_id": "@bob:localtest", "name": "Bob Builder", "phone": "+1 555 010 2031",
            "time_zone": "Europe/Berlin",
        });
        assert_eq!(found(&profile, &phones), expected);
    }

    #[test]
    fn a_stored_phone_is_international_with_or_without_a_plus() {
        let phone = |address| {
            let identity = found(
                &response(200, &json!({})),
                &phones(&[("msisdn", address, 1)]),
            );
            identity["phone"].as_str().unwrap().to_owned()
        };
        assert_eq!(phone("15550102030"), "+15550102030");
        assert_eq!(phone("0015550102030"), "0015550102030");
        assert_eq!(phone("+15550102030"), "+15550102030");
    }

    #[test]
    fn a_user_without_a_name_has_that_of_the_id() {
        let expected = json!({"user_id": "@bob:localtest", "name": "bob"});
        for profile in [
            response(404, &json!({"errcode": "M_NOT_FOUND"})),
            response(200, &json!({"displayname": " "})),
        ] {
            assert_eq!(found(&profile, &phones(&[])), expected);
        }
    }

    #[test]
    fn a_user_whom_nobody_may_act_as_is_unknown() {
        let forbidden = response(403, &json!({"errcode": "M_FORBIDDEN"}));
        let silent = HttpResponse::Missing(NoResponse::Timeout);
        for profile in [response(404, &json!({})), silent] {
            let outcome = read_identity(&bob(), &profile, &forbidden);
            assert_eq!(outcome, IdentityOutcome::NoSuchUser);
        }
    }

    #[test]
    fn a_homeserver_that_does_not_answer_says_nothing_of_the_user() {
        let profile = response(200, &json!({"displayname": "Bob"}));
        let silent = HttpResponse::Missing(NoResponse::Timeout);
        for (profile, phones) in [
            (&profile, &silent),
            (&silent, &phones(&[])),
            (&profile, &response(429, &json!({}))),
            (&response(500, &json!({})), &phones(&[])),
        ] {
            let outcome = read_identity(&bob(), profile, phones);
            assert!(
                matches!(outcome, IdentityOutcome::Failed { .. }),
                "{outcome:?}"
            );
        }
    }
}
