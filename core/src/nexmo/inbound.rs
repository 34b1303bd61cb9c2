//! Reads inbound texts from the parameters of Nexmo's webhook.

use super::params::{Details, Params, WebhookError};
use crate::{
    phone::Phone,
    sms::inbound::{InboundText, Part},
};

/// The longest accepted text, in characters. 255 parts would hold at most 39,015.
const LONGEST_TEXT: usize = 20_000;
/// The longest accepted `concat-ref`, in characters. Nexmo's are small numbers.
const LONGEST_REFERENCE: usize = 64;

/// The content of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inbound {
    /// A text, or a part of one.
    Text(InboundText, Details),
    /// Anything else, with a description for the log. Respond with success and do nothing.
    NotAText(&'static str),
}

/// Reads the parameters of a request. The first of a repeated name counts.
///
/// # Errors
/// Any [`WebhookError`] but [`WebhookError::Json`]. Requests of Nexmo's that are not texts are no error: a
/// request without a successful response is retried for a day.
pub fn read(params: &[(String, String)]) -> Result<Inbound, WebhookError> {
    let params = Params::of_sms_api(params)?;
    if let Some(what) = not_a_text(&params) {
        return Ok(Inbound::NotAText(what));
    }
    let known = ["msisdn", "to", "messageId", "text"];
    if !known.iter().any(|name| params.has(name)) {
        return Err(WebhookError::NoParameters);
    }
    let part = part(&params);
    let text = params.get("text").unwrap_or_default();
    // A blank part is kept: the text is incomplete without it.
    if text.trim().is_empty() && (part.is_none() || !params.has("text")) {
        return Ok(Inbound::NotAText("an empty text"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(WebhookError::TooLong("text"));
    }
    let sender = params
        .get("msisdn")
        .ok_or(WebhookError::Missing("msisdn"))?;
    let Some(phone) = Phone::parse(sender) else {
        // Short codes, names and blanks are real traffic.
        return Ok(Inbound::NotAText("a text from a sender without a phone"));
    };
    let text = InboundText {
        message_id: params.message_id()?,
        phone,
        number: params.number()?,
        text: text.to_owned(),
        part,
    };
    Ok(Inbound::Text(text, params.details()))
}

/// A description of a request that is not a text.
fn not_a_text(params: &Params<'_>) -> Option<&'static str> {
    if params.0.is_empty() {
        Some("a probe without parameters")
    } else if !params.has("text") && (params.has("status") || params.has("err-code")) {
        Some("a delivery receipt")
    } else if params
        .get("type")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("binary"))
    {
        Some("a binary message")
    } else {
        None
    }
}

/// The part of a longer text; `None` for a whole text, or when the part is implausible.
fn part(params: &Params<'_>) -> Option<Part> {
    let reference = params.get("concat-ref")?.trim();
    let total: u8 = params.get("concat-total")?.trim().parse().ok()?;
    let index: u8 = params.get("concat-part")?.trim().parse().ok()?;
    let is_plausible = params.get("concat") != Some("false")
        && (1..=LONGEST_REFERENCE).contains(&reference.chars().count())
        && total >= 2
        && (1..=total).contains(&index);
    is_plausible.then(|| Part {
        reference: reference.to_owned(),
        total,
        index,
    })
}

#[cfg(test)]
mod tests;
