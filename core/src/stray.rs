//! `NO_CONVERSATION_REPLY`: the answer to a text that reaches no conversation.

use crate::{
    consent::Wish,
    http::Http,
    kv::{Kv, KvEntry, KvError},
    log::{Entry, Level},
    nexmo::send::{SendOutcome, Text, read_send_response, send},
    phone::{Number, Phone},
    settings::Settings,
    sms::{gsm, inbound::InboundText, keyword::keyword},
    time::{HOUR, Span, Timestamp},
};

/// A phone gets one answer from a number in this time.
const ANSWERED_FOR: Span = HOUR.times(24);

/// The key of the entry in KV that says that a phone got the answer from a number.
fn key(phone: &Phone, number: &Number) -> String {
    format!("answered/{}/{number}", phone.key().as_str())
}

/// Answers a text that reached no conversation, if the operator has set an answer. What may forbid that is looked at
/// first, and the answer is noted in KV before it leaves. Returns what is to be logged, if anything.
pub async fn answer(
    settings: &Settings,
    text: &InboundText,
    (kv, http): (&impl Kv, &dyn Http),
    deadline: Timestamp,
) -> Option<Entry> {
    let words = settings.no_conversation_reply.as_deref()?;
    let entry = Entry::new(Level::Info, "stray.answered")
        .with("phone", text.phone.masked())
        .with("number", text.number.masked());
    match note(settings, text, kv, deadline).await {
        Ok(true) => {}
        Ok(false) => return None,
        Err(error) => return Some(not_answered(entry, error.to_string())),
    }
    let request = send(
        &settings.nexmo,
        &Text {
            from: &text.number,
            to: &text.phone,
            sms: &gsm::sms(words),
            client_ref: &text.message_id,
            callback: None,
            ttl: settings.text_ttl,
        },
    );
    let response = http.call(request, deadline).await;
    Some(match read_send_response(&response) {
        SendOutcome::Accepted { .. } | SendOutcome::PerhapsTaken { .. } => entry,
        SendOutcome::TryAgain { why }
        | SendOutcome::Throttled { why, .. }
        | SendOutcome::OperatorFault { why }
        | SendOutcome::NumberRefused { why }
        | SendOutcome::Refused { why } => not_answered(entry, why),
    })
}

fn not_answered(entry: Entry, why: String) -> Entry {
    let entry = Entry {
        level: Level::Warn,
        message: "stray.not_answered",
        ..entry
    };
    entry.with("why", why)
}

/// Notes the answer to a text, unless something forbids it. Returns whether it may leave.
async fn note(
    settings: &Settings,
    text: &InboundText,
    kv: &impl Kv,
    deadline: Timestamp,
) -> Result<bool, KvError> {
    let is_later_part = text.part.as_ref().is_some_and(|part| part.index > 1);
    if is_later_part || keyword(&text.text).is_some() || is_ours(settings, &text.phone) {
        return Ok(false);
    }
    let answered = key(&text.phone, &text.number);
    let mut keys = Wish::keys(&text.phone);
    keys.push(answered.clone());
    let mut found = kv.get(&keys, deadline).await?;
    let is_answered = found.pop().flatten().is_some();
    if is_answered || Wish::last_of(&found).is_some_and(|wish| wish.opted_out) {
        return Ok(false);
    }
    let entry = KvEntry::of(answered, &true, Some(ANSWERED_FOR))?;
    kv.put(entry, deadline).await?;
    Ok(true)
}

/// Whether a phone is one of our own numbers, which would answer in turn.
fn is_ours(settings: &Settings, phone: &Phone) -> bool {
    let mut numbers = settings.numbers.iter();
    numbers.any(|number| Phone::from_digits(number.as_str()).key() == phone.key())
}
