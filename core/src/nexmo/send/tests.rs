use proptest::prelude::*;

use super::*;
use crate::{
    http::{Method, NoResponse},
    secret::Secret,
    sms::gsm::sms,
    time::SECOND,
};

fn account() -> NexmoAccount {
    NexmoAccount {
        key: Secret::new("abcd1234"),
        secret: Secret::new("s&cret"),
        api_url: "https://rest.nexmo.com/".to_owned(),
    }
}

fn outcome(status: u16, body: &str) -> SendOutcome {
    let body = body.to_owned();
    read_send_response(&HttpResponse::Received { status, body })
}

fn single(status: &str, words: &str) -> SendOutcome {
    let entry = serde_json::json!({ "status": status, "error-text": words });
    let body = serde_json::json!({ "message-count": "1", "messages": [entry] });
    outcome(200, &body.to_string())
}

fn sent(words: &str, client_ref: &str, ttl: Option<Span>) -> HttpRequest {
    sent_to_be_received(words, client_ref, ttl, None)
}

fn sent_to_be_received(
    words: &str,
    client_ref: &str,
    ttl: Option<Span>,
    callback: Option<&str>,
) -> HttpRequest {
    let text = Text {
        from: &Number::from_digits("15550102030"),
        to: &Phone::from_digits("447700900000"),
        sms: &sms(words),
        client_ref,
        callback,
        ttl,
    };
    send(&account(), &text)
}

#[test]
fn a_text_says_how_long_nexmo_may_try_to_deliver_it() {
    let body = sent("Hi", "r", Some(SECOND.times(90))).body.unwrap();
    assert!(body.ends_with("&client-ref=r&ttl=90000"), "{body}");
}

#[test]
fn a_text_names_the_url_for_its_receipts() {
    let url = "https://texts.example/sms/receipt/4a";
    let body = sent_to_be_received("Hi", "r", None, Some(url))
        .body
        .unwrap();
    let callback = "&callback=https%3A%2F%2Ftexts.example%2Fsms%2Freceipt%2F4a";
    assert!(body.ends_with(callback), "{body}");
}

#[test]
fn a_text_is_sent_as_a_form() {
    let reference = "r".repeat(50);
    let request = sent("a+b & ü", &reference, None);
    assert_eq!(
        (request.method, request.timeout),
        (Method::Post, SECOND.times(10))
    );
    assert_eq!(request.url, "https://rest.nexmo.com/sms/json");
    let form = (
        "content-type",
        "application/x-www-form-urlencoded".to_owned(),
    );
    assert!(request.headers.contains(&form));
    let expected = format!(
        "api_key=abcd1234&api_secret=s%26cret&from=15550102030&to=447700900000&\
         text=a%2Bb+%26+%C3%BC&type=text&client-ref={}",
        "r".repeat(40)
    );
    assert_eq!(request.body, Some(expected));
}

#[test]
fn a_text_outside_the_gsm_alphabet_is_marked_as_unicode() {
    let request = sent("привет", "r", None);
    assert!(
        request
            .body
            .is_some_and(|body| body.contains("&type=unicode&"))
    );
}

#[test]
fn an_accepted_text_has_the_ids_of_its_parts() {
    for count in ["\"2\"", "2"] {
        let body = format!(
            r#"{{"message-count":{count},"messages":[{{"status":"0","message-id":"A"}},
                {{"status":0,"message-id":"B","to":"447700900000"}}]}}"#
        );
        let expected = SendOutcome::Accepted {
            message_ids: ["A", "B"].map(TextId::new).to_vec(),
            parts_refused: 0,
        };
        assert_eq!(outcome(200, &body), expected);
    }
}

#[test]
fn a_text_with_an_accepted_part_is_accepted() {
    let body = r#"{"messages":[{"status":"1","error-text":7},{"status":"0","message-id":"B"}]}"#;
    for status in [200, 500] {
        let expected = SendOutcome::Accepted {
            message_ids: vec![TextId::new("B")],
            parts_refused: 1,
        };
        assert_eq!(outcome(status, body), expected);
    }
}

#[test]
fn every_status_has_its_outcome() {
    let is = |code: u32| match single(&code.to_string(), "") {
        SendOutcome::Accepted { .. } => 'a',
        SendOutcome::TryAgain { .. } => 't',
        SendOutcome::PerhapsTaken { .. } => 'p',
        SendOutcome::Throttled { wait: None, .. } => 'w',
        SendOutcome::Throttled { .. } => '!',
        SendOutcome::OperatorFault { .. } => 'o',
        SendOutcome::NumberRefused { .. } => 'n',
        SendOutcome::Refused { .. } => 'r',
    };
    let all: String = (0..=33).map(is).collect();
    let unlisted = "r".repeat(13);
    assert_eq!(all, format!("awrrotrrootorron{unlisted}orror"));
    assert_eq!(is(101), 'r');
}

#[test]
fn a_wait_comes_only_from_nexmos_request_to_wait() {
    let wait = |words: &str| match single("1", words) {
        SendOutcome::Throttled { wait, .. } => wait,
        other => panic!("{other:?}"),
    };
    let asked = "Throughput Rate Exceeded - please wait [ 702 ] and retry";
    assert_eq!(wait(asked), Some(Span::from_millis(702)));
    assert_eq!(wait("please wait [999999]"), Some(MINUTE));
    let cap = "Exceeded maximum MT throughput[ MAX [ 30 ] INTERVAL [ 1000 ] COUNT [ 30 ] ]";
    for words in [
        cap,
        "Throttled",
        "please wait [ -1 ]",
        "please wait [ 5",
        "",
    ] {
        assert_eq!(wait(words), None, "{words:?}");
    }
}

/// What an HTTP status with a body that is not Nexmo's means.
fn by_status(status: u16) -> &'static str {
    match outcome(status, "<html>") {
        SendOutcome::PerhapsTaken { .. } => "perhaps taken",
        SendOutcome::TryAgain { .. } | SendOutcome::Throttled { .. } => "try again",
        SendOutcome::OperatorFault { .. } => "operator",
        SendOutcome::Refused { .. } => "refused",
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_readable_response_the_http_status_decides() {
    for status in 200..600 {
        let expected = match status {
            200..=299 | 502 | 504 | 520 | 522 | 524 => "perhaps taken",
            408 | 429 | 500.. => "try again",
            400 | 413 | 422 => "refused",
            _ => "operator",
        };
        assert_eq!(by_status(status), expected, "{status}");
    }
    let body = r#"{"error-code":"401","error-code-label":"authentication failed"}"#;
    let why = "HTTP 401: authentication failed".to_owned();
    assert_eq!(outcome(401, body), SendOutcome::OperatorFault { why });
    let waits = outcome(429, "");
    assert!(matches!(waits, SendOutcome::Throttled { wait: None, .. }));
}

#[test]
fn a_text_whose_response_is_lost_or_unreadable_was_perhaps_taken() {
    let unreadable = [
        "",
        "<html>",
        r#"<?xml version="1.0"?><mt-submission-response/>"#,
        "[]",
        r#"{"messages":[]}"#,
        r#"{"messages":{}}"#,
        r#"{"messages":[{"status":null}]}"#,
        r#"{"messages":[{"status":"ok"}]}"#,
    ];
    let lost = [NoResponse::Timeout, NoResponse::Connection];
    let outcomes = unreadable.map(|body| outcome(200, body)).into_iter();
    let lost = lost.map(|why| read_send_response(&HttpResponse::Missing(why)));
    for outcome in outcomes.chain(lost) {
        assert!(
            matches!(outcome, SendOutcome::PerhapsTaken { .. }),
            "{outcome:?}"
        );
    }
    let not_sent = read_send_response(&HttpResponse::Missing(NoResponse::NotSent));
    assert!(matches!(not_sent, SendOutcome::TryAgain { .. }));
    let failed = outcome(500, r#"{"messages":[{"status":"2"}]}"#);
    assert!(matches!(failed, SendOutcome::TryAgain { .. }));
}

#[test]
fn a_single_entry_counts_without_its_list() {
    let body = r#"{"message-count":1,"messages":{"status":"0","message-id":"A"}}"#;
    assert!(matches!(outcome(200, body), SendOutcome::Accepted { .. }));
}

#[test]
fn a_reason_has_status_meaning_and_error_text_but_no_phone() {
    let SendOutcome::Refused { why } = single("7", "Number 447700900000 barred.\nSorry") else {
        panic!("not refused");
    };
    let meaning = "the phone is barred from receiving texts";
    let expected = format!("status 7 ({meaning}): Number **********00 barred. Sorry");
    assert_eq!(why, expected);
}

proptest! {
    #[test]
    fn any_response_can_be_read(status in 100u16..600, body in any::<String>()) {
        let accepted = matches!(outcome(status, &body), SendOutcome::Accepted { .. });
        prop_assert!(!accepted);
    }
}
