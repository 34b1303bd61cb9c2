//! `POST /sms/json`: who may send what to whom. Always 200; the statuses are in the body.

use super::auth::{authenticate, params};
use super::encoding::{Alphabet, as_gsm, parts};
use super::{JSON, Number, Shared, State, Text};
use crate::clock::now_ms;
use crate::json::{Json, object};
use crate::lock;
use crate::server::{Answered, Incoming};
use std::collections::BTreeMap;
use tokio::time::Instant;
use uuid::Uuid;

const PRICE: f64 = 0.0333;
const NETWORK: &str = "12345";
/// Characters; more is status 12.
const LONGEST: usize = 3200;

pub(super) type Params = BTreeMap<String, String>;

pub(super) struct Refusal {
    status: u16,
    text: String,
    /// Throttled entries carry `to` and `network` too.
    to: Option<String>,
}

pub(super) fn refuse<T>(status: u16, text: &str) -> Result<T, Refusal> {
    Err(Refusal {
        status,
        text: text.to_owned(),
        to: None,
    })
}

pub(super) fn submit(shared: &Shared, incoming: &Incoming, partial: bool) -> Answered {
    let params = params(incoming);
    let accepted = authenticate(shared, incoming, &params)
        .and_then(|()| compose(&params))
        .and_then(|draft| accept(shared, draft, partial));
    shared.traffic.changed();
    let integer = shared.options.integer_count;
    match accepted {
        Ok(entries) => answer(entries, integer),
        Err(Refusal { status, text, to }) => answer(vec![entry(status, &text, to)], integer),
    }
}

/// A whole answer of one refused entry.
pub(super) fn refusal(status: u16, text: &str, integer: bool) -> Answered {
    answer(vec![entry(status, text, None)], integer)
}

fn entry(status: u16, text: &str, to: Option<String>) -> Json {
    let json = object([
        ("status", status.to_string().into()),
        ("error-text", text.into()),
    ]);
    match to {
        Some(to) => json.with("to", to).with("network", NETWORK),
        None => json,
    }
}

fn answer(entries: Vec<Json>, integer: bool) -> Answered {
    let count = entries.len();
    let count: Json = if integer {
        count.into()
    } else {
        count.to_string().into()
    };
    let json = object([("message-count", count), ("messages", Json::List(entries))]);
    Answered::new(200, JSON, json.text())
}

struct Draft {
    from: String,
    to: String,
    text: String,
    alphabet: Alphabet,
    client_ref: Option<String>,
}

fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, Refusal> {
    match params.get(name).filter(|value| !value.is_empty()) {
        Some(value) => Ok(value),
        None => refuse(2, &format!("Missing {name} param")),
    }
}

/// What can be refused from the request alone.
fn compose(params: &Params) -> Result<Draft, Refusal> {
    let from = required(params, "from")?;
    let to = required(params, "to")?;
    let text = required(params, "text")?;
    let alphabet = match params.get("type").map(String::as_str) {
        None | Some("text") => Alphabet::Gsm,
        Some("unicode") => Alphabet::Unicode,
        Some(_) => return refuse(3, "Invalid type param"),
    };
    if !(7..=15).contains(&to.len())
        || !to.bytes().all(|byte| byte.is_ascii_digit())
        || to.starts_with('0')
    {
        return refuse(3, "to address is not numeric");
    }
    if !plausible_sender(from) {
        return refuse(15, "Illegal Sender Address - rejected");
    }
    optional(params)?;
    if text.chars().count() > LONGEST {
        return refuse(12, "The message is too long");
    }
    Ok(Draft {
        from: from.to_owned(),
        to: to.to_owned(),
        text: text.to_owned(),
        alphabet,
        client_ref: params.get("client-ref").cloned(),
    })
}

fn plausible_sender(from: &str) -> bool {
    if from.bytes().all(|byte| byte.is_ascii_digit()) {
        return from.len() <= 15 && !from.starts_with('0');
    }
    from.len() <= 11
        && from
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
}

fn optional(params: &Params) -> Result<(), Refusal> {
    let within = |name: &str, low: u32, high: u32| {
        let value = params.get(name).map(|value| value.parse::<u32>());
        value.is_none_or(|value| value.is_ok_and(|value| (low..=high).contains(&value)))
    };
    let flag = params.get("status-report-req").map(String::as_str);
    if !within("ttl", 20_000, 604_800_000) {
        return refuse(3, "Invalid ttl param");
    }
    if !within("message-class", 0, 3) {
        return refuse(3, "Invalid message-class param");
    }
    if !matches!(flag, None | Some("1" | "0" | "true" | "false")) {
        return refuse(3, "Invalid status-report-req param");
    }
    if params
        .get("client-ref")
        .is_some_and(|value| value.chars().count() > 40)
    {
        return refuse(3, "Invalid client-ref param");
    }
    if params
        .get("callback")
        .is_some_and(|url| url.len() > 100 || !url.starts_with("http"))
    {
        return refuse(23, "Invalid callback url");
    }
    Ok(())
}

/// What depends on the account; the entries of the answer.
fn accept(shared: &Shared, draft: Draft, partial: bool) -> Result<Vec<Json>, Refusal> {
    let mut state = lock(&shared.state);
    permit(&mut state, &draft, shared.options.throughput)?;
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
    let sent = ids.iter().map(|id| accepted(&draft, id, state.balance));
    let entries = sent
        .chain(refused.iter().map(|_| entry(1, "Throttled", None)))
        .collect();
    state.texts.push(stored(draft, &pieces, ids));
    Ok(entries)
}

/// Whether the account may send this now.
fn permit(state: &mut State, draft: &Draft, throughput: bool) -> Result<(), Refusal> {
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

fn stored(draft: Draft, pieces: &[String], message_ids: Vec<String>) -> Text {
    Text {
        phone: draft.to,
        number: draft.from,
        text: pieces.concat(),
        alphabet: draft.alphabet,
        parts: pieces.len(),
        message_ids,
        client_ref: draft.client_ref,
        at: Instant::now(),
        at_ms: now_ms(),
    }
}

fn throttle(state: &mut State, number: &Number, to: &str) -> Result<(), Refusal> {
    let refused = |text: String, to: Option<String>| Refusal {
        status: 1,
        text,
        to,
    };
    state.limits.key().map_err(|text| refused(text, None))?;
    if number.is_north_american() {
        let limit = state.limits.number(&number.msisdn);
        limit.map_err(|text| refused(text, Some(to.to_owned())))?;
    }
    Ok(())
}

fn accepted(draft: &Draft, id: &str, balance: f64) -> Json {
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

/// 16 upper-case hex digits, as of old, or a UUID.
pub(super) fn message_id(uuid: bool) -> String {
    let id = Uuid::new_v4();
    if uuid {
        id.to_string()
    } else {
        format!("{:016X}", id.as_u64_pair().0 ^ id.as_u64_pair().1)
    }
}
