//! Reads the requests of Nexmo's webhook for inbound texts.
//!
//! A setting in Nexmo's dashboard decides whether the parameters come in the query, as a form or as JSON.
//! No API reads that setting, so all three are accepted.

use serde_json::value::RawValue;
use thiserror::Error;

use super::timestamp;
use crate::{
    fields::Fields,
    ids::TextId,
    json,
    phone::{Number, Phone},
    sms::inbound::{InboundText, Part},
    time::Timestamp,
};

/// The longest accepted `messageId`, in characters. Nexmo's have up to 36.
const LONGEST_ID: usize = 256;
/// The longest accepted text, in characters. 255 parts would hold at most 39,015.
const LONGEST_TEXT: usize = 20_000;
/// The longest accepted `concat-ref`, in characters. Nexmo's are small numbers.
const LONGEST_REFERENCE: usize = 64;

/// Why a request cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InboundError {
    /// The body should be JSON, by its type or its first character, and is not a JSON object.
    #[error("the body is not a JSON object")]
    Json,
    /// The request has none of Nexmo's parameters.
    #[error("the request has none of Nexmo's parameters: expected msisdn, to, messageId and text")]
    NoParameters,
    /// A parameter is missing or blank.
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    /// `to` is not a number.
    #[error("the parameter to is not a phone number of 7 to 15 digits")]
    NoNumber,
    /// A parameter is longer than Nexmo ever sends.
    #[error("the parameter {0} is too long")]
    TooLong(&'static str),
    /// The account sends inbound texts in the format of another API. The operator has to change a setting.
    #[error(
        "this is a webhook of Nexmo's Messages API: choose \"SMS API\" under \"Default SMS Setting\" \
         in the API settings of Nexmo's dashboard"
    )]
    MessagesApi,
}

/// The content of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inbound {
    /// A text, or a part of one.
    Text(InboundText, Details),
    /// Anything else, with a description for the log. Respond with success and do nothing.
    NotAText(&'static str),
}

/// When a text was sent and signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// When Nexmo first pushed the text (`message-timestamp`), if readable.
    pub message_timestamp: Option<Timestamp>,
    /// When Nexmo signed the request (`timestamp`), if readable.
    pub signed_at: Option<Timestamp>,
}

/// All parameters of a request as pairs of name and value: first those of the query, then those of the body.
///
/// The body is read as JSON if its content type is JSON or its first visible byte is `{` (Nexmo has sent
/// JSON without a type), else as a form. A query or a form keeps repeated names: each is signed. From JSON
/// come the scalars of the top level as they are written, which is how Nexmo signs them; `null`, lists and
/// objects are left out, and the last of a repeated name counts.
///
/// # Errors
/// [`InboundError::Json`].
pub fn params(
    query: &str,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Vec<(String, String)>, InboundError> {
    let mut params: Vec<(String, String)> = decoded(query.as_bytes());
    let body = body.strip_prefix(json::BOM.as_bytes()).unwrap_or(body);
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => {}
        Some(first) if *first == b'{' || content_type.is_some_and(is_json) => {
            params.extend(json_scalars(body)?);
        }
        Some(_) => params.extend(decoded(body)),
    }
    Ok(params)
}

fn decoded(form: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(form).into_owned().collect()
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    media_type == "application/json" || media_type.ends_with("+json")
}

fn json_scalars(body: &[u8]) -> Result<Vec<(String, String)>, InboundError> {
    let body = json::readable(body);
    let members = Fields::read("", &body).map_err(|_| InboundError::Json)?;
    let scalar = |(name, value): (&str, &RawValue)| {
        let raw = value.get();
        match raw.bytes().next()? {
            b'"' => Some((name.to_owned(), serde_json::from_str(raw).ok()?)),
            b'{' | b'[' | b'n' => None,
            _ => Some((name.to_owned(), raw.to_owned())),
        }
    };
    Ok(members.all().filter_map(scalar).collect())
}

/// Reads the parameters of a request. The first of a repeated name counts.
///
/// # Errors
/// Any [`InboundError`] but [`InboundError::Json`]. Requests of Nexmo's that are not texts are no error: a
/// request without a successful response is retried for a day.
pub fn read(params: &[(String, String)]) -> Result<Inbound, InboundError> {
    let params = Params(params);
    if params.has("message_uuid") || params.has("channel") {
        return Err(InboundError::MessagesApi);
    }
    if let Some(what) = not_a_text(&params) {
        return Ok(Inbound::NotAText(what));
    }
    let known = ["msisdn", "to", "messageId", "text"];
    if !known.iter().any(|name| params.has(name)) {
        return Err(InboundError::NoParameters);
    }
    let part = part(&params);
    let text = params.get("text").unwrap_or_default();
    // A blank part is kept: the text is incomplete without it.
    if text.trim().is_empty() && (part.is_none() || !params.has("text")) {
        return Ok(Inbound::NotAText("an empty text"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(InboundError::TooLong("text"));
    }
    let sender = params
        .get("msisdn")
        .ok_or(InboundError::Missing("msisdn"))?;
    let Some(phone) = Phone::parse(sender) else {
        // Short codes, names and blanks are real traffic.
        return Ok(Inbound::NotAText("a text from a sender without a phone"));
    };
    let details = details(&params);
    let text = InboundText {
        message_id: message_id(&params)?,
        phone,
        number: Number::parse(params.required("to")?).ok_or(InboundError::NoNumber)?,
        text: text.to_owned(),
        part,
    };
    Ok(Inbound::Text(text, details))
}

struct Params<'a>(&'a [(String, String)]);

impl<'a> Params<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn required(&self, name: &'static str) -> Result<&'a str, InboundError> {
        let value = self.get(name).unwrap_or_default().trim();
        match value.is_empty() {
            true => Err(InboundError::Missing(name)),
            false => Ok(value),
        }
    }
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

fn message_id(params: &Params<'_>) -> Result<TextId, InboundError> {
    let id = params.required("messageId")?;
    match id.chars().count() > LONGEST_ID {
        true => Err(InboundError::TooLong("messageId")),
        false => Ok(TextId::new(id)),
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

fn details(params: &Params<'_>) -> Details {
    let seconds = |text: &str| {
        let seconds: i64 = text.trim().parse().ok()?;
        Some(Timestamp::from_millis(seconds.checked_mul(1_000)?))
    };
    Details {
        message_timestamp: params.get("message-timestamp").and_then(timestamp::read),
        signed_at: params.get("timestamp").and_then(seconds),
    }
}

#[cfg(test)]
mod tests;
