//! `POST /sms/json`. The HTTP status is always 200; the statuses of the parts are in the body.

use super::auth::authenticate;
use super::params::{self, Params};
use crate::clock::now_ms;
use crate::http::{Request, Response};
use crate::json::{Json, object};
use crate::lock::lock;
use crate::nexmo::encoding::{Alphabet, as_gsm, parts};
use crate::nexmo::handle::{Shared, State};
use crate::nexmo::model::{Number, Text};
use crate::nexmo::phones::push_receipts;
use crate::nexmo::wire::{NETWORK, Refusal, message_id, refuse, response};
use std::sync::Arc;
use tokio::time::Instant;

/// The price of a part, in euros.
const PRICE: f64 = 0.0333;
/// The longest text, in characters. Longer ones get status 12.
const LONGEST: usize = 3200;

/// Accepts or refuses a text, and pushes its receipts if they are switched on; `partial`: accepts only its first part.
pub(super) async fn submit(shared: &Arc<Shared>, request: &Request, partial: bool) -> Response {
    let params = params::body(request);
    let accepted = authenticate(shared, request, &params)
        .and_then(|()| compose(&params))
        .and_then(|draft| accept(shared, draft, partial));
    shared.traffic.changed();
    let integer_count = shared.options.integer_count;
    match accepted {
        Ok(Accepted { entries, text }) => {
            push_receipts(shared, &text).await;
            response(entries, integer_count)
        }
        Err(refusal) => refusal.response(integer_count),
    }
}

/// A text whose parameters are valid.
struct Draft {
    from: String,
    to: String,
    text: String,
    alphabet: Alphabet,
    client_ref: Option<String>,
    callback: Option<String>,
    wants_receipts: bool,
}

/// A text that is stored, and the entries of the response.
struct Accepted {
    text: Text,
    entries: Vec<Json>,
}

fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, Refusal> {
    match params.get(name).filter(|value| !value.is_empty()) {
        Some(value) => Ok(value),
        None => refuse(2, &format!("Missing {name} param")),
    }
}

/// Checks the parameters.
fn compose(params: &Params) -> Result<Draft, Refusal> {
    let from = required(params, "from")?;
    let to = required(params, "to")?;
    let text = required(params, "text")?;
    let value = |name: &str| params.get(name).map(String::as_str);
    let alphabet = match value("type") {
        None | Some("text") => Alphabet::Gsm,
        Some("unicode") => Alphabet::Unicode,
        Some(_) => return refuse(3, "Invalid type param"),
    };
    if !is_phone(to) {
        return refuse(3, "to address is not numeric");
    }
    if !is_sender(from) {
        return refuse(15, "Illegal Sender Address - rejected");
    }
    check_optional(params)?;
    if text.chars().count() > LONGEST {
        return refuse(12, "The message is too long");
    }
    Ok(Draft {
        from: from.to_owned(),
        to: to.to_owned(),
        text: text.to_owned(),
        alphabet,
        client_ref: params.get("client-ref").cloned(),
        callback: params.get("callback").cloned(),
        wants_receipts: !matches!(value("status-report-req"), Some("0" | "false")),
    })
}

fn is_phone(to: &str) -> bool {
    let digits = to.bytes().all(|byte| byte.is_ascii_digit());
    digits && (7..=15).contains(&to.len()) && !to.starts_with('0')
}

/// Whether a `from` is valid: digits, or up to 11 letters, digits and spaces.
fn is_sender(from: &str) -> bool {
    if from.bytes().all(|byte| byte.is_ascii_digit()) {
        return from.len() <= 15 && !from.starts_with('0');
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ';
    from.len() <= 11 && from.bytes().all(plain)
}

fn check_optional(params: &Params) -> Result<(), Refusal> {
    let value = |name: &str| params.get(name).map(String::as_str);
    let within = |name: &str, low: u32, high: u32| {
        let value = value(name).map(str::parse::<u32>);
        value.is_none_or(|value| value.is_ok_and(|value| (low..=high).contains(&value)))
    };
    if !within("ttl", 20_000, 604_800_000) {
        return refuse(3, "Invalid ttl param");
    }
    if !within("message-class", 0, 3) {
        return refuse(3, "Invalid message-class param");
    }
    let flag = value("status-report-req");
    if !matches!(flag, None | Some("1" | "0" | "true" | "false")) {
        return refuse(3, "Invalid status-report-req param");
    }
    if value("client-ref").is_some_and(|value| value.chars().count() > 40) {
        return refuse(3, "Invalid client-ref param");
    }
    if !value("callback").is_none_or(is_callback) {
        return refuse(23, "Invalid callback url");
    }
    Ok(())
}

fn is_callback(url: &str) -> bool {
    let is_web = url.starts_with("http://") || url.starts_with("https://");
    is_web && url.chars().count() <= 100 && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Checks what depends on the account, and stores the text.
fn accept(shared: &Shared, draft: Draft, partial: bool) -> Result<Accepted, Refusal> {
    let mut state = lock(&shared.state);
    check_account(&mut state, &draft, shared.options.throughput)?;
    let text = match draft.alphabet {
        Alphabet::Gsm => as_gsm(&draft.text),
        Alphabet::Unicode => draft.text.clone(),
    };
    let mut pieces = parts(&text, draft.alphabet);
    let refused = if partial {
        pieces.split_off(1)
    } else {
        Vec::new()
    };
    let cost = PRICE * f64::from(u32::try_from(pieces.len()).unwrap_or(u32::MAX));
    if state.balance < cost {
        return refuse(9, "Quota Exceeded - rejected");
    }
    state.balance -= cost;
    let ids: Vec<_> = pieces
        .iter()
        .map(|_| message_id(shared.options.uuid_ids))
        .collect();
    let sent = ids.iter().map(|id| entry(&draft, id, state.balance));
    let entries = sent
        .chain(refused.iter().map(|_| Refusal::new(1, "Throttled").entry()))
        .collect();
    let text = Text {
        undelivered: undelivered(&state, &draft.to),
        ..stored(draft, &pieces, ids)
    };
    state.texts.push(text.clone());
    Ok(Accepted { text, entries })
}

/// Whether the account may send this now.
fn check_account(state: &mut State, draft: &Draft, throughput: bool) -> Result<(), Refusal> {
    let number = state
        .numbers
        .iter()
        .find(|number| number.msisdn == draft.from)
        .cloned();
    let Some(number) = number else {
        return refuse(15, "Illegal Sender Address - rejected");
    };
    if state
        .whitelist
        .as_ref()
        .is_some_and(|phones| !phones.contains(&draft.to))
    {
        return refuse(29, "Non White-listed Destination - rejected");
    }
    if state.barred.contains(&draft.to) {
        return refuse(7, "Number barred.");
    }
    if throughput {
        throttle(state, &number, &draft.to)
    } else {
        Ok(())
    }
}

/// The `err-code` of receipts of texts to a phone that texts do not reach.
fn undelivered(state: &State, phone: &str) -> Option<u16> {
    let receipts = state.receipts.as_ref()?;
    receipts.failing.get(phone).copied()
}

fn stored(draft: Draft, pieces: &[String], message_ids: Vec<String>) -> Text {
    Text {
        phone: draft.to,
        number: draft.from,
        text: pieces.concat(),
        alphabet: draft.alphabet,
        parts: pieces.len(),
        message_ids,
        client_ref: draft.client_ref,
        callback: draft.callback,
        wants_receipts: draft.wants_receipts,
        undelivered: None,
        at: Instant::now(),
        at_ms: now_ms(),
    }
}

fn throttle(state: &mut State, number: &Number, to: &str) -> Result<(), Refusal> {
    let limit = state.limits.key();
    limit.map_err(|text| Refusal::throttled(text, None))?;
    if number.is_north_american() {
        let limit = state.limits.number(&number.msisdn);
        limit.map_err(|text| Refusal::throttled(text, Some(to)))?;
    }
    Ok(())
}

/// The entry of an accepted part.
fn entry(draft: &Draft, id: &str, balance: f64) -> Json {
    let json = object([
        ("to", draft.to.as_str().into()),
        ("message-id", id.into()),
        ("status", "0".into()),
        ("remaining-balance", format!("{balance:.8}").into()),
        ("message-price", format!("{PRICE:.8}").into()),
        ("network", NETWORK.into()),
    ]);
    match &draft.client_ref {
        Some(reference) => json.with("client-ref", reference.as_str()),
        None => json,
    }
}
