use proptest::prelude::*;

use super::*;
use crate::{
    http::{Method, NoResponse},
    secret::Secret,
    sms::gsm::sms,
    time::SECOND,
};

fn account() -> Account {
    Account {
        key: Secret::new("abcd1234"),
        secret: Secret::new("s&cret"),
        api_url: "https://rest.nexmo.com/".to_owned(),
    }
}

fn answer(status: u16, body: &str) -> SendAnswer {
    let body = body.to_owned();
    read_answer(&HttpResponse::Received { status, body })
}

fn single(status: &str, words: &str) -> SendAnswer {
    let entry = serde_json::json!({ "status": status, "error-text": words });
    let body = serde_json::json!({ "message-count": "1", "messages": [entry] });
    answer(200, &body.to_string())
}

#[test]
fn a_text_goes_out_as_a_form() {
    let reference = "r".repeat(50);
    let call = send(
        &account(),
        &Number::from_digits("15550102030"),
        &Phone::from_digits("447700900000"),
        &sms("a+b & ü"),
        &reference,
    );
    assert_eq!(
        (call.method, call.timeout),
        (Method::Post, SECOND.times(10))
    );
    assert_eq!(call.url, "https://rest.nexmo.com/sms/json");
    let form = (
        "content-type",
        "application/x-www-form-urlencoded".to_owned(),
    );
    assert!(call.headers.contains(&form));
    let expected = format!(
        "api_key=abcd1234&api_secret=s%26cret&from=15550102030&to=447700900000&\
         text=a%2Bb+%26+%C3%BC&type=text&client-ref={}",
        "r".repeat(40)
    );
    assert_eq!(call.body, Some(expected));
}

#[test]
fn a_text_outside_the_gsm_alphabet_is_marked_as_unicode() {
    let call = send(
        &account(),
        &Number::from_digits("1"),
        &Phone::from_digits("2"),
        &sms("привет"),
        "r",
    );
    assert!(
        call.body
            .is_some_and(|body| body.contains("&type=unicode&"))
    );
}

#[test]
fn an_accepted_text_has_the_id_of_its_first_part() {
    for count in ["\"2\"", "2"] {
        let body = format!(
            r#"{{"message-count":{count},"messages":[{{"status":"0","message-id":"A"}},
                {{"status":0,"message-id":"B","to":"447700900000"}}]}}"#
        );
        let expected = SendAnswer::Accepted {
            message_id: Some("A".to_owned()),
            parts_refused: 0,
        };
        assert_eq!(answer(200, &body), expected);
    }
}

#[test]
fn a_text_of_which_any_part_was_taken_is_accepted() {
    let body = r#"{"messages":[{"status":"1","error-text":7},{"status":"0","message-id":"B"}]}"#;
    for status in [200, 500] {
        let expected = SendAnswer::Accepted {
            message_id: Some("B".to_owned()),
            parts_refused: 1,
        };
        assert_eq!(answer(status, body), expected);
    }
}

#[test]
fn every_status_has_its_consequence() {
    let is = |code: u32| match single(&code.to_string(), "") {
        SendAnswer::Accepted { .. } => 'a',
        SendAnswer::TryAgain { .. } => 't',
        SendAnswer::Throttled { wait: None, .. } => 'w',
        SendAnswer::Throttled { .. } => '!',
        SendAnswer::OperatorFault { .. } => 'o',
        SendAnswer::Refused { .. } => 'r',
    };
    let all: String = (0..=33).map(is).collect();
    let unlisted = "r".repeat(13);
    assert_eq!(all, format!("awrrotrrootorror{unlisted}orror"));
    assert_eq!(is(101), 'r');
}

#[test]
fn a_wait_is_only_what_nexmo_asks_for() {
    let wait = |words: &str| match single("1", words) {
        SendAnswer::Throttled { wait, .. } => wait,
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

#[test]
fn without_a_readable_answer_the_http_status_decides() {
    let tries = [
        answer(200, ""),
        answer(200, "<html>"),
        answer(200, r#"{"messages":[]}"#),
        answer(200, r#"{"messages":[{"status":null}]}"#),
        answer(200, r#"{"messages":[{"status":"ok"}]}"#),
        answer(503, "busy"),
        answer(500, r#"{"messages":[{"status":"2"}]}"#),
        read_answer(&HttpResponse::Missing(NoResponse::Timeout)),
        read_answer(&HttpResponse::Missing(NoResponse::Connection)),
    ];
    for answer in tries {
        assert!(matches!(answer, SendAnswer::TryAgain { .. }), "{answer:?}");
    }
    let throttled = answer(429, "");
    assert!(matches!(
        throttled,
        SendAnswer::Throttled { wait: None, .. }
    ));
    let body = r#"{"error-code":"401","error-code-label":"authentication failed"}"#;
    let why = "HTTP 401: authentication failed".to_owned();
    assert_eq!(answer(401, body), SendAnswer::OperatorFault { why });
    let why = "HTTP 404".to_owned();
    assert_eq!(answer(404, "not here"), SendAnswer::Refused { why });
}

#[test]
fn a_reason_has_status_meaning_and_words_but_no_phone() {
    let SendAnswer::Refused { why } = single("7", "Number 447700900000 barred.\nSorry") else {
        panic!("not refused");
    };
    let meaning = "the phone is barred from receiving texts";
    let expected = format!("status 7 ({meaning}): Number **********00 barred. Sorry");
    assert_eq!(why, expected);
}

#[test]
fn somebody_elses_words_are_short() {
    assert_eq!(tame(&"é".repeat(200)), "é".repeat(120));
    assert_eq!(tame("code 1234, phone 12345"), "code 1234, phone ***45");
}

proptest! {
    #[test]
    fn any_answer_can_be_read(status in 100u16..600, body in any::<String>()) {
        let accepted = matches!(answer(status, &body), SendAnswer::Accepted { .. });
        prop_assert!(!accepted);
    }

    #[test]
    fn no_long_run_of_digits_survives(words in "[0-9a ]{0,200}") {
        let longest = tame(&words)
            .split(|c: char| !c.is_ascii_digit())
            .map(str::len)
            .max();
        prop_assert!(longest.is_none_or(|longest| longest < 5));
    }
}
