use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{ids::TextId, nexmo::params::params, phone::Number, time::Timestamp};

const PLAIN: &str = "msisdn=14845552121&to=16105553939&messageId=02000000DA7C52E7&text=Test+this.\
    &type=text&keyword=TEST&message-timestamp=2016-05-24+11%3A12%3A01&timestamp=1464088321&nonce=51a8";
const LONG: &str = "msisdn=14845552121&to=16105553939&messageId=02000000DA7C52E7&concat=true\
    &concat-ref=4&concat-total=4&concat-part=3&text=y+for%0A%0AI+very+long+&type=text";
const RECEIPT: &str = "msisdn=14845552121&to=16105553939&network-code=310004&messageId=14000000F9\
    &price=0.00845000&status=delivered&scts=1234567890&err-code=0&api-key=a1234567";

fn query(query: &str) -> Result<Inbound, WebhookError> {
    read(&params(query, None, b"").unwrap())
}

fn text(inbound: Result<Inbound, WebhookError>) -> (InboundText, Details) {
    match inbound {
        Ok(Inbound::Text(text, details)) => (text, details),
        other => panic!("not a text: {other:?}"),
    }
}

fn is_not_a_text(inbound: Result<Inbound, WebhookError>) -> bool {
    matches!(inbound, Ok(Inbound::NotAText(_)))
}

#[test]
fn a_captured_text_is_read() {
    let (read, details) = text(query(PLAIN));
    let expected = InboundText {
        message_id: TextId::new("02000000DA7C52E7"),
        phone: Phone::from_digits("14845552121"),
        number: Number::from_digits("16105553939"),
        text: "Test this.".to_owned(),
        part: None,
    };
    assert_eq!(read, expected);
    let moment = Timestamp::from_millis(1_464_088_321_000);
    assert_eq!(details.message_timestamp, Some(moment));
    assert_eq!(details.signed_at, Some(moment));
}

#[test]
fn query_form_and_json_are_read_alike() {
    let form = params(
        "",
        Some("application/x-www-form-urlencoded; charset=UTF-8"),
        PLAIN.as_bytes(),
    );
    assert_eq!(read(&form.unwrap()), query(PLAIN));
    let json = r#" {"msisdn":"14845552121","to":16105553939,"messageId":"02000000DA7C52E7",
        "text":"Test this.","type":"text","keyword":null,
        "message-timestamp":"2016-05-24 11:12:01","timestamp":1464088321,"nested":{"a":1}}"#;
    for kind in [
        None,
        Some("application/json"),
        Some("application/json; charset=utf-8"),
    ] {
        let params = params("", kind, json.as_bytes()).unwrap();
        assert_eq!(read(&params), query(PLAIN), "{kind:?}");
    }
}

#[test]
fn scalars_of_json_stay_as_they_are_written() {
    let json =
        br#"{"a":"q\"\u00e9","b":1.50,"c":true,"d":null,"e":[1],"f":{},"g":12345678901234567890}"#;
    let params = params("q=1", None, json).unwrap();
    let read: Vec<_> = params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let digits = "12345678901234567890";
    assert_eq!(
        read,
        [
            ("q", "1"),
            ("a", "q\"é"),
            ("b", "1.50"),
            ("c", "true"),
            ("g", digits)
        ]
    );
}

#[test]
fn half_of_an_emoji_in_json_is_replaced() {
    let json =
        br#"{"msisdn":"14845552121","to":"16105553939","messageId":"A1","text":"hi \ud83d"}"#;
    let (text, _) = text(read(&params("", None, json).unwrap()));
    assert_eq!(text.text, "hi \u{fffd}");
}

#[test]
fn a_body_that_should_be_json_and_is_not_is_refused() {
    for (kind, body) in [
        (None, "{oops"),
        (Some("application/json"), "[]"),
        (Some("a/b+json"), "x=1"),
    ] {
        assert_eq!(
            params("", kind, body.as_bytes()),
            Err(WebhookError::Json),
            "{body}"
        );
    }
    let not_utf_8 = params("", None, b"{\"a\":\"\xff\"}");
    assert_eq!(not_utf_8, Ok(vec![("a".to_owned(), "\u{fffd}".to_owned())]));
    assert_eq!(params("", Some("application/json"), b" "), Ok(Vec::new()));
}

#[test]
fn query_and_body_are_read_together_and_the_first_of_a_name_counts() {
    let params = params("text=one&text=two", None, PLAIN.as_bytes()).unwrap();
    assert_eq!(params.iter().filter(|(name, _)| name == "text").count(), 3);
    assert_eq!(text(read(&params)).0.text, "one");
}

#[test]
fn a_part_of_a_longer_text_has_its_index() {
    let (read, _) = text(query(LONG));
    let part = Part {
        reference: "4".to_owned(),
        total: 4,
        index: 3,
    };
    assert_eq!(read.part, Some(part));
    assert_eq!(read.text, "y for\n\nI very long ");
}

#[test]
fn a_blank_part_is_kept() {
    let blank = LONG.replace("y+for%0A%0AI+very+long+", "+");
    assert_eq!(text(query(&blank)).0.text, " ");
}

#[test]
fn an_implausible_part_counts_as_a_whole_text() {
    for (good, bad) in [
        ("concat-ref=4", "concat-ref="),
        ("concat-ref=4", "no-ref=4"),
        ("concat-total=4", "concat-total=1"),
        ("concat-total=4", "concat-total=256"),
        ("concat-part=3", "concat-part=0"),
        ("concat-part=3", "concat-part=5"),
        ("concat-part=3", "concat-part=x"),
        ("concat=true", "concat=false"),
    ] {
        assert_eq!(text(query(&LONG.replace(good, bad))).0.part, None, "{bad}");
    }
}

#[test]
fn requests_that_are_not_texts_are_recognised() {
    for other in [
        "",
        RECEIPT,
        "msisdn=14845552121&to=16105553939&messageId=A&type=text",
        "msisdn=14845552121&to=16105553939&messageId=A&text=&type=text",
        "msisdn=14845552121&to=16105553939&messageId=A&text=%20%0A&type=text",
        "msisdn=14845552121&to=16105553939&messageId=A&text=Binary+message&type=binary&udh=06",
        "msisdn=MTN&to=16105553939&messageId=A&text=Welcome",
    ] {
        assert!(is_not_a_text(query(other)), "{other:?}");
    }
}

#[test]
fn a_text_with_a_status_is_a_text() {
    let (read, _) = text(query(&format!("{PLAIN}&status=delivered")));
    assert_eq!(read.text, "Test this.");
}

#[test]
fn a_text_from_a_short_code_a_name_or_a_blank_is_ignored() {
    for sender in ["32665", "0", "", "+", "MTN", "1234567890123456"] {
        let request = PLAIN.replace("msisdn=14845552121", &format!("msisdn={sender}"));
        let read = query(&request).unwrap();
        assert!(matches!(read, Inbound::NotAText(_)), "{sender}: {read:?}");
    }
}

#[test]
fn a_mark_before_a_form_or_json_is_skipped() {
    let json = r#"{"msisdn":"14845552121","to":"16105553939","messageId":"A","text":"Hello"}"#;
    for body in [PLAIN, json] {
        let marked = format!("\u{feff}{body}");
        let params = params("", None, marked.as_bytes()).unwrap();
        assert!(matches!(read(&params), Ok(Inbound::Text(..))), "{body}");
    }
}

#[test]
fn an_error_names_the_wrong_parameter() {
    use WebhookError as E;
    for (part, instead, error) in [
        ("msisdn=14845552121", "", E::Missing("msisdn")),
        ("to=16105553939", "", E::Missing("to")),
        ("to=16105553939", "to=Acme", E::NoNumber),
        ("messageId=02000000DA7C52E7", "", E::Missing("messageId")),
    ] {
        assert_eq!(
            query(&PLAIN.replace(part, instead)),
            Err(error),
            "{instead}"
        );
    }
    assert_eq!(query("foo=bar"), Err(E::NoParameters));
    assert!(E::Missing("msisdn").to_string().contains("msisdn"));
}

#[test]
fn parameters_have_a_longest_length() {
    let id = PLAIN.replace("02000000DA7C52E7", &"A".repeat(257));
    assert_eq!(query(&id), Err(WebhookError::TooLong("messageId")));
    let long = PLAIN.replace("Test+this.", &"a".repeat(20_001));
    assert_eq!(query(&long), Err(WebhookError::TooLong("text")));
    let fits = PLAIN.replace("Test+this.", &"%C3%A9".repeat(20_000));
    assert_eq!(text(query(&fits)).0.text.chars().count(), 20_000);
}

#[test]
fn a_request_of_the_messages_api_names_the_setting_to_change() {
    let json = br#"{"to":"16105553939","from":"14845552121","channel":"sms","message_uuid":"aaaa",
        "timestamp":"2020-01-01T12:00:00Z","usage":{"price":"0.1"},"message_type":"text","text":"hi"}"#;
    let error = read(&params("", Some("application/json"), json).unwrap()).unwrap_err();
    assert_eq!(error, WebhookError::MessagesApi);
    assert!(error.to_string().contains("Default SMS Setting"));
}

#[test]
fn a_text_with_unreadable_timestamps_is_accepted() {
    let vague = PLAIN
        .replace("2016-05-24+11%3A12%3A01", "yesterday")
        .replace("1464088321", "soon");
    assert_eq!(text(query(&vague)).1, Details::default());
}

proptest! {
    #[test]
    fn any_request_can_be_read(
        query in any::<String>(),
        kind in proptest::option::of("application/json|text/plain|.{0,20}"),
        body in any::<Vec<u8>>(),
    ) {
        if let Ok(params) = params(&query, kind.as_deref(), &body) {
            let _ = read(&params);
        }
    }

    #[test]
    fn a_text_is_not_changed(sent in "\\PC{1,50}", json in any::<bool>()) {
        prop_assume!(!sent.trim().is_empty());
        let pairs = [("msisdn", "14845552121"), ("to", "16105553939"), ("messageId", "A"), ("text", &sent)];
        let body = match json {
            true => serde_json::to_string(&BTreeMap::from(pairs)).unwrap(),
            false => form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish(),
        };
        let params = params("", None, body.as_bytes()).unwrap();
        prop_assert_eq!(text(read(&params)).0.text, sent);
    }
}
