//! Sending a text: the request to Nexmo's SMS API and its response.

use serde_json::Value;

use super::account::NexmoAccount;
use crate::{
    http::{HttpRequest, HttpResponse, NoResponse},
    ids::TextId,
    json,
    phone::{Number, Phone},
    redact,
    sms::{encoding::Encoding, gsm::Sms},
    time::{MINUTE, Span},
};

/// The longest `client-ref` that every version of the API accepts, in characters.
const LONGEST_REFERENCE: usize = 40;

/// The outcome of a request to send a text. Each `why` has the status, its meaning and Nexmo's error text,
/// with phone numbers masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// Nexmo accepted the text, or at least one of its parts.
    Accepted {
        /// Nexmo's ids of the accepted parts.
        message_ids: Vec<TextId>,
        /// How many parts Nexmo refused. A retry would send the other parts again.
        parts_refused: usize,
    },
    /// A temporary error: Nexmo did not take the text.
    TryAgain {
        /// Why.
        why: String,
    },
    /// Nexmo may have taken the text: its response was lost or is unreadable.
    PerhapsTaken {
        /// Why.
        why: String,
    },
    /// The rate limit was exceeded. Does not count as a try.
    Throttled {
        /// The wait that Nexmo asks for, at most a minute.
        wait: Option<Span>,
        /// Why.
        why: String,
    },
    /// The operator has to act before any text can be sent.
    OperatorFault {
        /// Why.
        why: String,
    },
    /// Nexmo sends no text from this number to this phone; another number may do.
    NumberRefused {
        /// Why.
        why: String,
    },
    /// A permanent error.
    Refused {
        /// Why.
        why: String,
    },
}

/// A text to be sent.
pub struct Text<'a> {
    /// The number that it leaves from.
    pub from: &'a Number,
    /// The phone that it goes to.
    pub to: &'a Phone,
    /// Its words.
    pub sms: &'a Sms,
    /// Delivery receipts repeat it: at most its first 40 characters.
    pub client_ref: &'a str,
    /// The URL to which Nexmo sends delivery receipts. `None`: to none, unless the account has one.
    pub callback: Option<&'a str>,
    /// How long Nexmo may try to deliver it: 20 seconds to 7 days. `None`: Nexmo decides.
    pub ttl: Option<Span>,
}

/// The request that sends a text.
pub fn send(account: &NexmoAccount, text: &Text<'_>) -> HttpRequest {
    let kind = match text.sms.encoding {
        Encoding::Gsm => "text",
        Encoding::Unicode => "unicode",
    };
    let reference: String = text.client_ref.chars().take(LONGEST_REFERENCE).collect();
    let ttl = text.ttl.map(|ttl| ttl.as_millis().to_string());
    let mut fields = vec![
        ("api_key", account.key.expose()),
        ("api_secret", account.secret.expose()),
        ("from", text.from.as_str()),
        ("to", text.to.as_str()),
        ("text", text.sms.text.as_str()),
        ("type", kind),
        ("client-ref", reference.as_str()),
    ];
    fields.extend(text.callback.map(|callback| ("callback", callback)));
    fields.extend(ttl.as_deref().map(|ttl| ("ttl", ttl)));
    account.post_form("/sms/json", &fields)
}

/// Reads the response to [`send`] (the table of statuses in Nexmo's SMS API reference).
///
/// A text with one accepted part is accepted: there is no idempotency key, and a retry would send that part
/// again.
pub fn read_send_response(response: &HttpResponse) -> SendOutcome {
    let (status, body) = match response {
        HttpResponse::Received { status, body } => (*status, body),
        HttpResponse::Missing(NoResponse::NotSent) => {
            let why = response.outline();
            return SendOutcome::TryAgain { why };
        }
        HttpResponse::Missing(NoResponse::Timeout | NoResponse::Connection) => {
            let why = response.outline();
            return SendOutcome::PerhapsTaken { why };
        }
    };
    let json = json::value(body);
    let entries = json.as_ref().and_then(|json| json.get("messages"));
    entries
        .and_then(|entries| read_entries(status, one_or_more(entries)))
        .unwrap_or_else(|| read_http_status(status, body))
}

/// The entries of `messages`. A single one may stand there without its list.
fn one_or_more(entries: &Value) -> &[Value] {
    match entries {
        Value::Array(entries) => entries,
        entry => std::slice::from_ref(entry),
    }
}

/// The outcome by the entries of `messages`, one for each part; `None` when they are unreadable, or when
/// the HTTP status is an error that decides alone. Each entry is read by itself: an unreadable entry does
/// not hide an accepted one.
fn read_entries(http_status: u16, entries: &[Value]) -> Option<SendOutcome> {
    let accepted = |entry: &&Value| code(entry) == Some(0);
    let taken: Vec<&Value> = entries.iter().filter(accepted).collect();
    if !taken.is_empty() {
        let ids = taken.iter().filter_map(|entry| text(entry, "message-id"));
        return Some(SendOutcome::Accepted {
            message_ids: ids.map(TextId::new).collect(),
            parts_refused: entries.len() - taken.len(),
        });
    }
    if matches!(http_status, 401 | 408 | 429 | 500..) {
        return None;
    }
    let entry = entries.first()?;
    let error_text = text(entry, "error-text").unwrap_or_default();
    Some(read_status(code(entry)?, error_text))
}

fn read_status(code: u32, error_text: &str) -> SendOutcome {
    let why = match redact::error_text(error_text).as_str() {
        "" => format!("status {code} ({})", meaning(code)),
        redacted => format!("status {code} ({}): {redacted}", meaning(code)),
    };
    match code {
        1 => SendOutcome::Throttled {
            wait: requested_wait(error_text),
            why,
        },
        5 | 10 => SendOutcome::TryAgain { why },
        4 | 8 | 9 | 11 | 14 | 29 | 32 => SendOutcome::OperatorFault { why },
        15 => SendOutcome::NumberRefused { why },
        _ => SendOutcome::Refused { why },
    }
}

/// The status of an entry. Documented as a string, though some of Nexmo's libraries expect a number.
fn code(entry: &Value) -> Option<u32> {
    match entry.get("status")? {
        Value::String(code) => code.trim().parse().ok(),
        code => u32::try_from(code.as_u64()?).ok(),
    }
}

fn text<'a>(entry: &'a Value, name: &str) -> Option<&'a str> {
    entry.get(name)?.as_str()
}

/// The outcome by the HTTP status alone. 502, 504, 520, 522 and 524 are a proxy's: Nexmo behind it may have
/// taken the text.
fn read_http_status(status: u16, body: &str) -> SendOutcome {
    let why = match error_text(body).as_str() {
        "" => format!("HTTP {status}"),
        error_text => format!("HTTP {status}: {error_text}"),
    };
    match status {
        429 => SendOutcome::Throttled {
            wait: requested_wait(body),
            why,
        },
        200..=299 => SendOutcome::PerhapsTaken {
            why: format!("{why}, but the response is not one of the SMS API"),
        },
        502 | 504 | 520 | 522 | 524 => SendOutcome::PerhapsTaken { why },
        408 | 500.. => SendOutcome::TryAgain { why },
        400 | 413 | 422 => SendOutcome::Refused { why },
        300..=499 => SendOutcome::OperatorFault { why },
        _ => SendOutcome::Refused { why },
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

/// The redacted error text outside `messages`, in any of the formats that Nexmo has used.
fn error_text(body: &str) -> String {
    let Some(Value::Object(error)) = json::value(body) else {
        return String::new();
    };
    let texts = ["error-code-label", "error-text", "title", "detail"]
        .iter()
        .filter_map(|name| error.get(*name)?.as_str())
        .collect::<Vec<_>>();
    redact::error_text(&texts.join(": "))
}

/// The wait in `please wait [ 702 ]`, in milliseconds. Brackets alone are not enough: another error text has
/// the rate limit of the account in brackets.
fn requested_wait(error_text: &str) -> Option<Span> {
    let (_, rest) = error_text.split_once("please wait [")?;
    let (wait, _) = rest.split_once(']')?;
    let wait = Span::from_millis(wait.trim().parse().ok()?);
    (wait >= Span::ZERO).then_some(wait.min(MINUTE))
}

#[cfg(test)]
mod tests;
