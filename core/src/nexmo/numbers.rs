//! Setting up the operator's numbers: where Nexmo delivers the texts that they receive.
//!
//! Nexmo allows about one call a second here, and before it takes a URL it probes it with a GET that
//! must be answered with 200.

use std::borrow::Cow;

use serde_json::Value;
use thiserror::Error;

use super::{Account, TIMEOUT, post_form, send::tame};
use crate::{
    fields::{Fields, Problem, text},
    http::{HttpRequest, HttpResponse, Method},
};

/// Numbers on a page: the most that Nexmo gives.
pub const PAGE_SIZE: usize = 100;

/// Why a number could not be listed or changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SetupError {
    /// Nexmo did not answer, was overrun or failed. It may work later.
    #[error("Nexmo could not do it now ({0})")]
    Later(String),
    /// The operator's credentials are wrong.
    #[error("Nexmo refused NEXMO_KEY and NEXMO_SECRET ({0})")]
    Credentials(String),
    /// Nexmo refused the call.
    #[error(
        "Nexmo refused it ({0}); is this Worker reachable at SERVER_URL, and the number yours?"
    )]
    Refused(String),
    /// The answer is in no known shape.
    #[error("Nexmo's answer could not be read ({0})")]
    Unreadable(String),
}

/// A number of the account, as Nexmo lists it. An update resends all of it: what one leaves out may
/// be cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnedNumber {
    /// The country's two letters.
    pub country: String,
    /// The number: E.164 digits, or a short code.
    pub msisdn: String,
    /// Where its inbound texts go, if anywhere.
    pub mo_http_url: Option<String>,
    /// What it can do: `SMS`, `VOICE`, `MMS`.
    pub features: Option<Vec<String>>,
    /// The application that it belongs to.
    pub app_id: Option<String>,
    /// The system type of its SMPP client.
    pub mo_smpp_sys_type: Option<String>,
    /// What becomes of its calls.
    pub voice_callback_type: Option<String>,
    /// Where its calls go.
    pub voice_callback_value: Option<String>,
    /// Where the states of its calls are reported.
    pub voice_status_callback: Option<String>,
}

/// One page of the account's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many numbers there are on all pages.
    pub count: usize,
    /// Those on this page.
    pub numbers: Vec<OwnedNumber>,
}

/// The request for one page of the account's numbers, counted from 1.
pub fn list_call(account: &Account, page_index: usize) -> HttpRequest {
    let path = format!("/account/numbers?size={PAGE_SIZE}&index={page_index}");
    HttpRequest {
        method: Method::Get,
        url: account.url(&path),
        headers: vec![account.basic(), ("accept", "application/json".to_owned())],
        body: None,
        timeout: TIMEOUT,
    }
}

/// Reads a page. An account without numbers is answered by `{}`.
///
/// # Errors
/// Any [`SetupError`].
pub fn read_page(reply: &HttpResponse) -> Result<Page, SetupError> {
    page(answered(reply)?).map_err(|problem| {
        SetupError::Unreadable(format!("expected a list of numbers, but {problem}"))
    })
}

fn page(body: &str) -> Result<Page, Problem> {
    let listing = Fields::read("", body)?;
    let numbers = listing.objects("numbers")?.unwrap_or_default();
    let numbers: Vec<_> = numbers.iter().map(owned).collect::<Result<_, _>>()?;
    let count = listing.number("count")?;
    Ok(Page {
        count: count
            .and_then(|n| n.try_into().ok())
            .unwrap_or(numbers.len()),
        numbers,
    })
}

/// What is in a shape of its own is refused, not left out: an update would clear it.
fn owned(number: &Fields) -> Result<OwnedNumber, Problem> {
    let written = |name| Ok(number.text(name)?.map(Cow::into_owned));
    let features = number.list("features")?.map(|all| {
        let features = all.iter().map(|raw| text(raw).map(Cow::into_owned));
        features
            .collect::<Option<_>>()
            .ok_or_else(|| Problem::new(number.path_of("features"), "is not a list of texts"))
    });
    Ok(OwnedNumber {
        country: written("country")?.unwrap_or_default(),
        msisdn: written("msisdn")?.unwrap_or_default(),
        mo_http_url: written("moHttpUrl")?,
        features: features.transpose()?,
        app_id: written("app_id")?,
        mo_smpp_sys_type: written("moSmppSysType")?,
        voice_callback_type: written("voiceCallbackType")?,
        voice_callback_value: written("voiceCallbackValue")?,
        voice_status_callback: written("voiceStatusCallback")?,
    })
}

/// Whether the inbound texts of a number go elsewhere than to the wanted URL.
pub fn needs_update(number: &OwnedNumber, wanted: &str) -> bool {
    number.mo_http_url.as_deref() != Some(wanted)
}

/// The request that makes the inbound texts of a number go to a URL.
pub fn update_call(account: &Account, number: &OwnedNumber, mo_http_url: &str) -> HttpRequest {
    let kept = [
        ("app_id", &number.app_id),
        ("moSmppSysType", &number.mo_smpp_sys_type),
        ("voiceCallbackType", &number.voice_callback_type),
        ("voiceCallbackValue", &number.voice_callback_value),
        ("voiceStatusCallback", &number.voice_status_callback),
    ];
    let mut fields = vec![
        ("country", number.country.as_str()),
        ("msisdn", number.msisdn.as_str()),
        ("moHttpUrl", mo_http_url),
    ];
    fields.extend(kept.into_iter().filter_map(|(name, value)| {
        let value = value.as_deref().filter(|value| !value.is_empty())?;
        Some((name, value))
    }));
    let mut call = post_form(account.url("/number/update"), &fields);
    call.headers.push(account.basic());
    call
}

/// Reads the answer to an update.
///
/// # Errors
/// Any [`SetupError`].
pub fn read_update(reply: &HttpResponse) -> Result<(), SetupError> {
    let body = answered(reply)?;
    match error_code(body) {
        Some(_) => Ok(()),
        None => Err(SetupError::Unreadable("expected an error-code".to_owned())),
    }
}

/// The body of an answer that is no error, neither by its HTTP status nor by the code within.
fn answered(reply: &HttpResponse) -> Result<&str, SetupError> {
    let HttpResponse::Received { status, body } = reply else {
        return Err(SetupError::Later(reply.outline()));
    };
    let (code, label) = error_code(body).unwrap_or_default();
    let outline = match code {
        0 => format!("HTTP {status}"),
        _ => format!("HTTP {status}, code {code}: {}", tame(&label)),
    };
    // An error of HTTP's own weighs more than a code; an answer with a status of 200 may hold one.
    let decisive = if *status == 200 && code != 0 {
        code
    } else {
        *status
    };
    match decisive {
        200 => Ok(body),
        401 => Err(SetupError::Credentials(outline)),
        429 | 500.. => Err(SetupError::Later(outline)),
        _ => Err(SetupError::Refused(outline)),
    }
}

/// The `error-code` of an answer, a string or a number, and its label.
fn error_code(body: &str) -> Option<(u16, String)> {
    let answer: Value = serde_json::from_str(body).ok()?;
    let code = match answer.get("error-code")? {
        Value::String(code) => code.trim().parse().ok()?,
        code => u16::try_from(code.as_u64()?).ok()?,
    };
    let label = answer.get("error-code-label").and_then(Value::as_str);
    Some((code, label.unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{http::NoResponse, secret::Secret};

    fn account() -> Account {
        Account {
            key: Secret::new("key"),
            secret: Secret::new("secret"),
            api_url: "https://rest.nexmo.com".to_owned(),
        }
    }

    fn answer(status: u16, body: &str) -> HttpResponse {
        let body = body.to_owned();
        HttpResponse::Received { status, body }
    }

    const LISTED: &str = r#"{"count":102,"numbers":[
        {"country":"US","msisdn":"14155550100","moHttpUrl":"https://example.com/a","type":"mobile-lvn",
         "features":["VOICE","SMS"],"voiceCallbackType":"app","voiceCallbackValue":"x&y",
         "voiceStatusCallback":"https://example.com/v","app_id":"29f7","moSmppSysType":"inbound"},
        {"country":"ES","msisdn":"34000000000","features":null,"voiceCallbackType":""}]}"#;

    fn listed() -> Vec<OwnedNumber> {
        read_page(&answer(200, LISTED)).unwrap().numbers
    }

    #[test]
    fn pages_are_asked_for_with_the_credentials_in_a_header() {
        let call = list_call(&account(), 2);
        assert_eq!(
            call.url,
            "https://rest.nexmo.com/account/numbers?size=100&index=2"
        );
        assert_eq!((call.method, &call.body), (Method::Get, &None));
        let basic = ("authorization", "Basic a2V5OnNlY3JldA==".to_owned());
        assert!(call.headers.contains(&basic));
    }

    #[test]
    fn a_page_has_its_numbers_and_the_count_of_all() {
        let page = read_page(&answer(200, LISTED)).unwrap();
        assert_eq!((page.count, page.numbers.len()), (102, 2));
        assert_eq!(page.numbers[1].msisdn, "34000000000");
        assert_eq!(page.numbers[1].mo_http_url, None);
    }

    #[test]
    fn an_account_may_have_no_numbers() {
        for body in [
            "{}",
            r#"{"count":0,"numbers":[]}"#,
            r#"{"count":0,"numbers":null}"#,
        ] {
            assert_eq!(read_page(&answer(200, body)), Ok(Page::default()), "{body}");
        }
    }

    #[test]
    fn a_number_in_another_shape_is_refused_by_the_name_of_its_field() {
        for (body, problem) in [
            (
                r#"{"numbers":{}}"#,
                "the field `numbers` is an object, not a list",
            ),
            (
                r#"{"numbers":[7]}"#,
                "the field `numbers[0]` is a number, not an object",
            ),
            (
                r#"{"numbers":[{"app_id":7}]}"#,
                "the field `numbers[0].app_id` is a number, not text",
            ),
            (
                r#"{"numbers":[{"features":["SMS",7]}]}"#,
                "the field `numbers[0].features` is not a list of texts",
            ),
        ] {
            let expected = format!("expected a list of numbers, but {problem}");
            let read = read_page(&answer(200, body));
            assert_eq!(read, Err(SetupError::Unreadable(expected)), "{body}");
        }
    }

    #[test]
    fn only_a_number_that_points_elsewhere_needs_an_update() {
        let numbers = listed();
        assert!(!needs_update(&numbers[0], "https://example.com/a"));
        assert!(needs_update(&numbers[0], "https://example.com/b"));
        assert!(needs_update(&numbers[1], "https://example.com/a"));
    }

    #[test]
    fn an_update_resends_what_was_listed() {
        let numbers = listed();
        let call = update_call(&account(), &numbers[0], "https://w.example/sms/t");
        assert_eq!(call.url, "https://rest.nexmo.com/number/update");
        assert_eq!(call.method, Method::Post);
        assert!(
            call.headers
                .iter()
                .any(|(name, _)| *name == "authorization")
        );
        let expected = "country=US&msisdn=14155550100&moHttpUrl=https%3A%2F%2Fw.example%2Fsms%2Ft\
            &app_id=29f7&moSmppSysType=inbound&voiceCallbackType=app&voiceCallbackValue=x%26y\
            &voiceStatusCallback=https%3A%2F%2Fexample.com%2Fv";
        assert_eq!(call.body.as_deref(), Some(expected));
        let call = update_call(&account(), &numbers[1], "u");
        assert_eq!(
            call.body.as_deref(),
            Some("country=ES&msisdn=34000000000&moHttpUrl=u")
        );
    }

    #[test]
    fn an_update_is_done_when_nexmo_says_so() {
        for body in [
            r#"{"error-code":"200","error-code-label":"success"}"#,
            r#"{"error-code":200}"#,
        ] {
            assert_eq!(read_update(&answer(200, body)), Ok(()), "{body}");
        }
        let unreadable = read_update(&answer(200, "ok"));
        assert!(matches!(unreadable, Err(SetupError::Unreadable(_))));
    }

    #[test]
    fn errors_say_who_is_to_blame() {
        let wrong = r#"{"error-code":"401","error-code-label":"authentication failed"}"#;
        let failed = r#"{"error-code":"420","error-code-label":"method failed"}"#;
        for status in [200, 401] {
            let outline = format!("HTTP {status}, code 401: authentication failed");
            let expected = Err(SetupError::Credentials(outline));
            assert_eq!(read_update(&answer(status, wrong)), expected);
        }
        for status in [200, 420] {
            let outline = format!("HTTP {status}, code 420: method failed");
            let expected = Err(SetupError::Refused(outline));
            assert_eq!(read_update(&answer(status, failed)), expected);
        }
        for reply in [
            answer(429, ""),
            answer(503, failed),
            HttpResponse::Missing(NoResponse::Timeout),
        ] {
            assert!(
                matches!(read_page(&reply), Err(SetupError::Later(_))),
                "{reply:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_answer_can_be_read(status in 100u16..600, body in any::<String>()) {
            let _ = read_page(&answer(status, &body));
            prop_assert!(read_update(&answer(status, &body)).is_err());
        }
    }
}
