//! What Nexmo sends: responses of the SMS API, and message ids.

use crate::http::Response;
use crate::json::{Json, object};
use uuid::Uuid;

pub(crate) const JSON: &str = "application/json;charset=UTF-8";
/// The network of every phone.
pub(crate) const NETWORK: &str = "12345";

/// A status other than 0, and its error text.
pub(crate) struct Refusal {
    status: u16,
    text: String,
    /// A number's throttling reports `to` and `network`, too.
    to: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: u16, text: &str) -> Self {
        Self {
            status,
            text: text.to_owned(),
            to: None,
        }
    }

    /// Status 1; `to`: the phone, if the limit is the number's.
    pub(crate) fn throttled(text: String, to: Option<&str>) -> Self {
        Self {
            status: 1,
            text,
            to: to.map(ToOwned::to_owned),
        }
    }

    /// Its entry in a response.
    pub(crate) fn entry(self) -> Json {
        let json = object([
            ("status", self.status.to_string().into()),
            ("error-text", self.text.into()),
        ]);
        match self.to {
            Some(to) => json.with("to", to).with("network", NETWORK),
            None => json,
        }
    }

    /// A response with this entry alone.
    pub(crate) fn response(self, integer_count: bool) -> Response {
        response(vec![self.entry()], integer_count)
    }
}

/// A refusal as an error.
pub(crate) fn refuse<T>(status: u16, text: &str) -> Result<T, Refusal> {
    Err(Refusal::new(status, text))
}

/// A response with one entry for each part; `integer_count`: `message-count` is a number, not a string.
pub(crate) fn response(entries: Vec<Json>, integer_count: bool) -> Response {
    let count = entries.len();
    let count: Json = if integer_count {
        count.into()
    } else {
        count.to_string().into()
    };
    let json = object([("message-count", count), ("messages", Json::List(entries))]);
    Response::new(200, JSON, json.text())
}

/// 16 upper-case hex digits, as in older responses, or a UUID.
pub(crate) fn message_id(uuid: bool) -> String {
    let id = Uuid::new_v4();
    if uuid {
        id.to_string()
    } else {
        format!("{:016X}", id.as_u64_pair().0 ^ id.as_u64_pair().1)
    }
}
