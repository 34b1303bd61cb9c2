//! Sending a text: the request to Nexmo's SMS API, and what its answer means.

use serde_json::Value;

pub use super::Account;
use super::post_form;
use crate::{
    http::{HttpRequest, HttpResponse},
    phone::{self, Number, Phone},
    sms::gsm::{Encoding, Sms},
    time::{MINUTE, Span},
};

/// Characters of `client-ref` that every version of the API takes.
const LONGEST_REFERENCE: usize = 40;
/// Characters of Nexmo's own words that are passed on.
const LONGEST_WORDS: usize = 120;
/// A shorter run of digits is no phone.
const SHORTEST_PHONE: usize = 5;

/// What came of a try to send a text. The reasons are for an operator: they hold the status, its
/// meaning and Nexmo's words, and no phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendAnswer {
    /// Nexmo took the text, or some of its parts.
    Accepted {
        /// Nexmo's id of the first part that it took.
        message_id: Option<String>,
        /// How many parts it refused. Sending the text again would double the others.
        parts_refused: usize,
    },
    /// It may work later. After a time-out or an unreadable answer the text may even be on its way.
    TryAgain {
        /// Why.
        why: String,
    },
    /// Too many texts at once: try again, without counting it as a try.
    Throttled {
        /// How long Nexmo asked to wait, in milliseconds, at most a minute.
        wait: Option<Span>,
        /// Why.
        why: String,
    },
    /// No text will leave before the operator has acted.
    OperatorFault {
        /// Why.
        why: String,
    },
    /// This text will never leave.
    Refused {
        /// Why.
        why: String,
    },
}

/// The request that sends a text. `from` and `to` are E.164 digits; of the reference, which comes
/// back in delivery receipts, the first 40 characters count.
pub fn send(
    account: &Account,
    from: &Number,
    to: &Phone,
    sms: &Sms,
    client_ref: &str,
) -> HttpRequest {
    let kind = match sms.encoding {
        Encoding::Gsm => "text",
        Encoding::Unicode => "unicode",
    };
    let reference: String = client_ref.chars().take(LONGEST_REFERENCE).collect();
    let fields = [
        ("api_key", account.key.expose()),
        ("api_secret", account.secret.expose()),
        ("from", from.as_str()),
        ("to", to.as_str()),
        ("text", sms.text.as_str()),
        ("type", kind),
        ("client-ref", reference.as_str()),
    ];
    post_form(account.url("/sms/json"), &fields)
}

/// Decides what an answer means (the table of statuses in Nexmo's SMS API reference).
///
/// One part that was taken makes a text accepted, whatever the rest says: there is no idempotency
/// key, and to repeat a text whose half is on its way would double that half. An answer that cannot
/// be read counts as "try again", though Nexmo may have taken the text: better doubled than lost.
pub fn read_answer(reply: &HttpResponse) -> SendAnswer {
    let HttpResponse::Received { status, body } = reply else {
        return SendAnswer::TryAgain {
            why: reply.outline(),
        };
    };
    let answer: Option<Value> = serde_json::from_str(body).ok();
    let entries = answer.as_ref().and_then(|answer| answer.get("messages"));
    entries
        .and_then(|entries| read_entries(*status, entries.as_array()?))
        .unwrap_or_else(|| read_http_status(*status, body))
}

/// What the entries say, if they do. There is one for each part, each read by itself, so that an odd
/// one hides no other. Those within an error of HTTP's own say no more than it does.
fn read_entries(http_status: u16, entries: &[Value]) -> Option<SendAnswer> {
    let accepted = |entry: &&Value| code(entry) == Some(0);
    if let Some(first) = entries.iter().find(accepted) {
        return Some(SendAnswer::Accepted {
            message_id: words(first, "message-id").map(str::to_owned),
            parts_refused: entries.len() - entries.iter().filter(accepted).count(),
        });
    }
    if matches!(http_status, 401 | 408 | 429 | 500..) {
        return None;
    }
    let entry = entries.first()?;
    Some(read_status(
        code(entry)?,
        words(entry, "error-text").unwrap_or_default(),
    ))
}

fn read_status(code: u32, words: &str) -> SendAnswer {
    let why = match tame(words).as_str() {
        "" => format!("status {code} ({})", meaning(code)),
        words => format!("status {code} ({}): {words}", meaning(code)),
    };
    match code {
        1 => SendAnswer::Throttled {
            wait: asked_wait(words),
            why,
        },
        5 | 10 => SendAnswer::TryAgain { why },
        4 | 8 | 9 | 11 | 14 | 29 | 32 => SendAnswer::OperatorFault { why },
        _ => SendAnswer::Refused { why },
    }
}

/// The status of an entry: documented as a string, but some of Nexmo's libraries expect a number.
fn code(entry: &Value) -> Option<u32> {
    match entry.get("status")? {
        Value::String(code) => code.trim().parse().ok(),
        code => u32::try_from(code.as_u64()?).ok(),
    }
}

fn words<'a>(entry: &'a Value, name: &str) -> Option<&'a str> {
    entry.get(name)?.as_str()
}

fn read_http_status(status: u16, body: &str) -> SendAnswer {
    let words = error_words(body);
    let why = match words.as_str() {
        "" => format!("HTTP {status}"),
        words => format!("HTTP {status}: {words}"),
    };
    match status {
        429 => SendAnswer::Throttled {
            wait: asked_wait(body),
            why,
        },
        401 => SendAnswer::OperatorFault { why },
        200..=299 => SendAnswer::TryAgain {
            why: format!("{why}, but the answer is not one of the SMS API"),
        },
        408 | 500.. => SendAnswer::TryAgain { why },
        _ => SendAnswer::Refused { why },
    }
}

fn meaning(code: u32) -> &'static str {
    match code {
        1 => "too many texts at once",
        2 => "a parameter is missing",
        3 => "a parameter is not valid",
        4 => "key or secret is wrong",
        5 => "an error inside Nexmo",
        6 => "the text or its destination cannot be handled",
        7 => "the phone is barred from receiving texts",
        8 => "the account is barred",
        9 => "the account is out of credit",
        10 => "too many connections",
        11 => "the account may not use this API",
        12 => "the text is too long",
        14 => "the signature is wrong",
        15 => "the destination does not take texts from this number",
        22 => "the network code is not valid",
        23 => "the callback URL is not valid",
        29 => "a trial account may only text phones that it has registered",
        32 => "both a signature and a secret were sent",
        33 => "the phone is no longer in service",
        _ => "not in Nexmo's list",
    }
}

/// The words of an error outside `messages`, in any of the shapes that Nexmo has used.
fn error_words(body: &str) -> String {
    let Ok(Value::Object(error)) = serde_json::from_str(body) else {
        return String::new();
    };
    let words = ["error-code-label", "error-text", "title", "detail"]
        .iter()
        .filter_map(|name| error.get(*name)?.as_str())
        .collect::<Vec<_>>();
    tame(&words.join(": "))
}

/// The wait that Nexmo asks for: "please wait [ 702 ]", in milliseconds. Another of its messages
/// has the cap of the account in such brackets.
fn asked_wait(words: &str) -> Option<Span> {
    let (_, rest) = words.split_once("please wait [")?;
    let (wait, _) = rest.split_once(']')?;
    let wait = Span::from_millis(wait.trim().parse().ok()?);
    (wait >= Span::ZERO).then_some(wait.min(MINUTE))
}

/// Somebody else's words, fit for a log: one short line, with whatever may be a phone masked.
pub(super) fn tame(words: &str) -> String {
    let mut tame = String::new();
    let mut digits = String::new();
    for c in words.trim().chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        match digits.len() < SHORTEST_PHONE {
            true => tame.push_str(&digits),
            false => tame.push_str(&phone::mask(&digits)),
        }
        digits.clear();
        tame.push(if c.is_control() { ' ' } else { c });
    }
    let short: String = tame.chars().take(LONGEST_WORDS).collect();
    short.trim_end().to_owned()
}

#[cfg(test)]
mod tests;
