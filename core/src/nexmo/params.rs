//! The parameters of the requests of Nexmo's webhooks.
//!
//! A setting in Nexmo's dashboard decides whether they come in the query, as a form or as JSON. No API reads that
//! setting, so all three are accepted.

use serde_json::value::RawValue;
use thiserror::Error;

use super::timestamp;
use crate::{fields::Fields, ids::TextId, json, phone::Number, time::Timestamp};

/// The longest accepted `messageId`, in characters. Nexmo's have up to 36.
const LONGEST_ID: usize = 256;

/// Why a request of a webhook cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WebhookError {
    /// The body should be JSON, by its type or its first character, and is not a JSON object.
    #[error("the body is not a JSON object")]
    Json,
    /// The request has none of Nexmo's parameters.
    #[error("the request has none of Nexmo's parameters: expected msisdn, to and messageId")]
    NoParameters,
    /// A parameter is missing or blank.
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    /// `to` is not a number.
    #[error("the parameter to is not a phone number of 7 to 15 digits")]
    NoNumber,
    /// `msisdn` is not a phone.
    #[error("the parameter msisdn is not a phone of 7 to 15 digits")]
    NoPhone,
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

/// When a request was sent and signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// When Nexmo first pushed it (`message-timestamp`), if readable.
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
/// [`WebhookError::Json`].
pub fn params(
    query: &str,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Vec<(String, String)>, WebhookError> {
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

fn json_scalars(body: &[u8]) -> Result<Vec<(String, String)>, WebhookError> {
    let body = json::readable(body);
    let members = Fields::read("", &body).map_err(|_| WebhookError::Json)?;
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

/// The parameters of a request, by name. The first of a repeated name counts.
pub(super) struct Params<'a>(pub &'a [(String, String)]);

impl<'a> Params<'a> {
    /// The parameters of a request of the SMS API. [`WebhookError::MessagesApi`] if it is one of the other API.
    pub fn of_sms_api(params: &'a [(String, String)]) -> Result<Self, WebhookError> {
        let params = Self(params);
        match params.has("message_uuid") || params.has("channel") {
            true => Err(WebhookError::MessagesApi),
            false => Ok(params),
        }
    }

    pub fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A parameter that is neither missing nor blank.
    pub fn required(&self, name: &'static str) -> Result<&'a str, WebhookError> {
        let value = self.get(name).unwrap_or_default().trim();
        match value.is_empty() {
            true => Err(WebhookError::Missing(name)),
            false => Ok(value),
        }
    }

    /// `messageId`.
    pub fn message_id(&self) -> Result<TextId, WebhookError> {
        let id = self.required("messageId")?;
        match id.chars().count() > LONGEST_ID {
            true => Err(WebhookError::TooLong("messageId")),
            false => Ok(TextId::new(id)),
        }
    }

    /// `to`, which is one of the operator's numbers.
    pub fn number(&self) -> Result<Number, WebhookError> {
        Number::parse(self.required("to")?).ok_or(WebhookError::NoNumber)
    }

    /// When the request was sent and signed.
    pub fn details(&self) -> Details {
        let seconds = |text: &str| {
            let seconds: i64 = text.trim().parse().ok()?;
            Some(Timestamp::from_millis(seconds.checked_mul(1_000)?))
        };
        Details {
            message_timestamp: self.get("message-timestamp").and_then(timestamp::read),
            signed_at: self.get("timestamp").and_then(seconds),
        }
    }
}
