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

/// Why a text is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It is a keyword: that has an answer of its own, or none.
    Keyword,
    /// It came from one of our own numbers, which would answer in turn.
    OwnNumber,
    /// Its phone wants no texts.
    OptedOut,
    /// Its phone got the answer from this number lately.
    Answered,
}

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
    let forbidden = match forbidden(settings, text, kv, deadline).await {
        Ok(forbidden) => forbidden,
        Err(error) => return Some(not_answered(entry, error.to_string())),
    };
    if forbidden.is_some() {
        return None;
    }
    if let Err(error) = note(text, kv, deadline).await {
        return Some(not_answered(entry, error.to_string()));
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

/// What forbids the answer to a text, if anything does.
async fn forbidden(
    settings: &Settings,
    text: &InboundText,
    kv: &impl Kv,
    deadline: Timestamp,
) -> Result<Option<NoAnswer>, KvError> {
    if keyword(&text.text).is_some() {
        return Ok(Some(NoAnswer::Keyword));
    }
    let phone = text.phone.key();
    let mut numbers = settings.numbers.iter();
    if numbers.any(|number| Phone::from_digits(number.as_str()).key() == phone) {
        return Ok(Some(NoAnswer::OwnNumber));
    }
    let mut keys = Wish::keys(&text.phone);
    keys.push(key(&text.phone, &text.number));
    let mut found = kv.get(&keys, deadline).await?;
    let answered = found.pop().flatten();
    let wishes = found.iter().map(|it| it.as_deref().and_then(Wish::read));
    Ok(match Wish::last(wishes) {
        Some(wish) if wish.opted_out => Some(NoAnswer::OptedOut),
        _ => answered.map(|_| NoAnswer::Answered),
    })
}

async fn note(text: &InboundText, kv: &impl Kv, deadline: Timestamp) -> Result<(), KvError> {
    let key = key(&text.phone, &text.number);
    let entry = KvEntry::of(key, &true, Some(ANSWERED_FOR))?;
    kv.put(entry, deadline).await
}
