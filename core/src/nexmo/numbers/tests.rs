use proptest::prelude::*;

use super::*;
use crate::{
    http::{Method, NoResponse},
    secret::Secret,
};

fn account() -> NexmoAccount {
    NexmoAccount {
        key: Secret::new("key"),
        secret: Secret::new("secret"),
        api_url: "https://rest.nexmo.com".to_owned(),
    }
}

fn response(status: u16, body: &str) -> HttpResponse {
    let body = body.to_owned();
    HttpResponse::Received { status, body }
}

const LISTED: &str = r#"{"count":102,"numbers":[
    {"country":"US","msisdn":"14155550100","moHttpUrl":"https://example.com/a","type":"mobile-lvn",
     "features":["VOICE","SMS"],"voiceCallbackType":"app","voiceCallbackValue":"x&y",
     "voiceStatusCallback":"https://example.com/v","app_id":"29f7","moSmppSysType":"inbound"},
    {"country":"ES","msisdn":"34000000000","features":null,"voiceCallbackType":""}]}"#;

fn listed() -> Vec<OwnedNumber> {
    read_page(&response(200, LISTED)).unwrap().numbers
}

#[test]
fn a_page_is_requested_with_the_credentials_in_a_header() {
    let request = list_request(&account(), 2);
    assert_eq!(
        request.url,
        "https://rest.nexmo.com/account/numbers?size=100&index=2"
    );
    assert_eq!((request.method, &request.body), (Method::Get, &None));
    let basic = ("authorization", "Basic a2V5OnNlY3JldA==".to_owned());
    assert!(request.headers.contains(&basic));
}

#[test]
fn a_page_has_its_numbers_and_the_count_of_all() {
    let page = read_page(&response(200, LISTED)).unwrap();
    assert_eq!((page.count, page.numbers.len()), (102, 2));
    assert_eq!(page.numbers[1].msisdn.as_deref(), Some("34000000000"));
    assert_eq!(page.numbers[1].mo_http_url, None);
    let uncounted = LISTED.replace(r#""count":102,"#, "");
    assert_eq!(read_page(&response(200, &uncounted)).unwrap().count, 2);
}

#[test]
fn an_account_may_have_no_numbers() {
    for body in [
        "{}",
        r#"{"count":0,"numbers":[]}"#,
        r#"{"count":0,"numbers":null}"#,
    ] {
        assert_eq!(
            read_page(&response(200, body)),
            Ok(Page::default()),
            "{body}"
        );
    }
}

#[test]
fn a_number_without_country_or_digits_hides_no_other() {
    let body =
        r#"{"count":"2","numbers":[{"country":null,"msisdn":null},{"msisdn":"14155550100"}]}"#;
    let page = read_page(&response(200, body)).unwrap();
    assert_eq!(page.count, 2);
    assert_eq!(page.numbers[1].msisdn.as_deref(), Some("14155550100"));
}

#[test]
fn an_unreadable_number_is_refused_by_the_name_of_its_field() {
    for (body, field) in [
        ("[7]", "."),
        (r#"{"count":[7]}"#, "count"),
        (r#"{"numbers":{}}"#, "numbers"),
        (r#"{"numbers":[7]}"#, "numbers[0]"),
        (r#"{"numbers":[[]]}"#, "numbers[0]"),
        (r#"{"numbers":[{"msisdn":7}]}"#, "numbers[0].msisdn"),
        (r#"{"numbers":[{"app_id":7}]}"#, "numbers[0].app_id"),
        (
            r#"{"numbers":[{"features":["SMS",7]}]}"#,
            "numbers[0].features[1]",
        ),
    ] {
        let expected = format!("expected a list of numbers, but `{field}` cannot be read");
        let read = read_page(&response(200, body));
        assert_eq!(read, Err(AccountError::Unreadable(expected)), "{body}");
    }
    assert_eq!(
        read_page(&response(200, "{} {}")),
        Err(AccountError::Unreadable("expected JSON".to_owned()))
    );
}

#[test]
fn only_a_number_with_another_url_needs_an_update() {
    let numbers = listed();
    assert!(!needs_update(&numbers[0], "https://example.com/a"));
    assert!(needs_update(&numbers[0], "https://example.com/b"));
    assert!(needs_update(&numbers[1], "https://example.com/a"));
}

#[test]
fn an_update_repeats_the_listed_fields() {
    let numbers = listed();
    let request = update_request(&account(), &numbers[0], "https://w.example/sms/t");
    assert_eq!(request.url, "https://rest.nexmo.com/number/update");
    assert_eq!(request.method, Method::Post);
    assert!(
        request
            .headers
            .iter()
            .any(|(name, _)| *name == "authorization")
    );
    let expected = "country=US&msisdn=14155550100&moHttpUrl=https%3A%2F%2Fw.example%2Fsms%2Ft\
        &app_id=29f7&moSmppSysType=inbound&voiceCallbackType=app&voiceCallbackValue=x%26y\
        &voiceStatusCallback=https%3A%2F%2Fexample.com%2Fv";
    assert_eq!(request.body.as_deref(), Some(expected));
    let request = update_request(&account(), &numbers[1], "u");
    assert_eq!(
        request.body.as_deref(),
        Some("country=ES&msisdn=34000000000&moHttpUrl=u")
    );
}

#[test]
fn an_update_succeeds_by_its_error_code() {
    for body in [
        r#"{"error-code":"200","error-code-label":"success"}"#,
        r#"{"error-code":200}"#,
    ] {
        assert_eq!(read_update(&response(200, body)), Ok(()), "{body}");
    }
    let unreadable = read_update(&response(200, "ok"));
    assert!(matches!(unreadable, Err(AccountError::Unreadable(_))));
}

#[test]
fn errors_are_told_apart() {
    let wrong = r#"{"error-code":"401","error-code-label":"authentication failed"}"#;
    let failed = r#"{"error-code":"420","error-code-label":"method failed"}"#;
    for status in [200, 401] {
        let outline = format!("HTTP {status}, code 401: authentication failed");
        let expected = Err(AccountError::Credentials(outline));
        assert_eq!(read_update(&response(status, wrong)), expected);
    }
    for status in [200, 420] {
        let outline = format!("HTTP {status}, code 420: method failed");
        let expected = Err(AccountError::Refused(outline));
        assert_eq!(read_update(&response(status, failed)), expected);
    }
    for response in [
        response(429, ""),
        response(503, failed),
        HttpResponse::Missing(NoResponse::Timeout),
    ] {
        assert!(
            matches!(read_page(&response), Err(AccountError::Later(_))),
            "{response:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_response_can_be_read(status in 100u16..600, body in any::<String>()) {
        let _ = read_page(&response(status, &body));
        prop_assert!(read_update(&response(status, &body)).is_err());
    }
}
