//! The operator's numbers at Nexmo, and the webhook that receives their inbound texts.
//!
//! Nexmo allows about one of these requests a second. Before an update it sends a GET to the new URL, which
//! must return 200.

use serde_json::Value;

use super::{
    account::NexmoAccount,
    failure::{AccountError, ErrorCode, success},
};
use crate::{
    http::{HttpRequest, HttpResponse},
    json,
};

/// Numbers on a page of the list: the most that Nexmo allows.
pub const PAGE_SIZE: usize = 100;

/// A number in Nexmo's list. An update has to repeat all of it: Nexmo may clear a field that is left out. So a
/// field of another type makes the list unreadable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnedNumber {
    /// The two-letter code of its country.
    pub country: Option<String>,
    /// The number: E.164 digits, or a short code.
    pub msisdn: Option<String>,
    /// The webhook URL of its inbound texts.
    pub mo_http_url: Option<String>,
    /// Its features: `SMS`, `VOICE`, `MMS`.
    pub features: Option<Vec<String>>,
    /// The application that it is linked to.
    pub app_id: Option<String>,
    /// The system type of its SMPP client.
    pub mo_smpp_sys_type: Option<String>,
    /// What its inbound calls are forwarded to.
    pub voice_callback_type: Option<String>,
    /// The destination of its inbound calls.
    pub voice_callback_value: Option<String>,
    /// The webhook URL of call statuses.
    pub voice_status_callback: Option<String>,
}

/// One page of the account's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many numbers the account has.
    pub count: usize,
    /// The numbers on this page.
    pub numbers: Vec<OwnedNumber>,
}

/// The request for one page of the account's numbers. Pages count from 1.
pub fn list_request(account: &NexmoAccount, page_index: usize) -> HttpRequest {
    account.get(&format!(
        "/account/numbers?size={PAGE_SIZE}&index={page_index}"
    ))
}

/// Reads the response to [`list_request`]: `{}` for an account without numbers.
///
/// # Errors
/// Any [`AccountError`].
pub fn read_page(response: &HttpResponse) -> Result<Page, AccountError> {
    let json = json::value(success(response)?)
        .ok_or_else(|| AccountError::Unreadable("expected JSON".to_owned()))?;
    let Value::Object(mut listing) = json else {
        return Err(wrong_field("."));
    };
    let numbers = match listing.remove("numbers") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(numbers)) => numbers,
        Some(_) => return Err(wrong_field("numbers")),
    };
    let count = match listing.get("count") {
        None | Some(Value::Null) => None,
        Some(Value::String(count)) => count.trim().parse().ok(),
        Some(count) => {
            let count = count.as_u64().and_then(|count| usize::try_from(count).ok());
            Some(count.ok_or_else(|| wrong_field("count"))?)
        }
    };
    let numbers = (0..)
        .zip(&numbers)
        .map(|(index, number)| owned(index, number));
    let numbers: Vec<OwnedNumber> = numbers.collect::<Result<_, _>>()?;
    Ok(Page {
        count: count.unwrap_or(numbers.len()),
        numbers,
    })
}

/// Reads one number of the list.
fn owned(index: usize, number: &Value) -> Result<OwnedNumber, AccountError> {
    let wrong = |path: &str| wrong_field(&format!("numbers[{index}]{path}"));
    let fields = number.as_object().ok_or_else(|| wrong(""))?;
    let text = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(&format!(".{name}"))),
    };
    let features = match fields.get("features") {
        None | Some(Value::Null) => None,
        Some(Value::Array(items)) => {
            Some(texts(items).map_err(|at| wrong(&format!(".features[{at}]")))?)
        }
        Some(_) => return Err(wrong(".features")),
    };
    Ok(OwnedNumber {
        country: text("country")?,
        msisdn: text("msisdn")?,
        mo_http_url: text("moHttpUrl")?,
        features,
        app_id: text("app_id")?,
        mo_smpp_sys_type: text("moSmppSysType")?,
        voice_callback_type: text("voiceCallbackType")?,
        voice_callback_value: text("voiceCallbackValue")?,
        voice_status_callback: text("voiceStatusCallback")?,
    })
}

/// The items of a list of texts, or the index of the first one that is no text.
fn texts(items: &[Value]) -> Result<Vec<String>, usize> {
    let text = |(at, item): (usize, &Value)| item.as_str().map(str::to_owned).ok_or(at);
    items.iter().enumerate().map(text).collect()
}

/// Names the field only: its value may be anything.
fn wrong_field(path: &str) -> AccountError {
    AccountError::Unreadable(format!(
        "expected a list of numbers, but `{path}` cannot be read"
    ))
}

/// Whether the webhook URL of a number differs from the wanted one.
pub fn needs_update(number: &OwnedNumber, wanted: &str) -> bool {
    number.mo_http_url.as_deref() != Some(wanted)
}

/// The request that sets the webhook URL of a number.
pub fn update_request(
    account: &NexmoAccount,
    number: &OwnedNumber,
    mo_http_url: &str,
) -> HttpRequest {
    let kept = [
        ("app_id", &number.app_id),
        ("moSmppSysType", &number.mo_smpp_sys_type),
        ("voiceCallbackType", &number.voice_callback_type),
        ("voiceCallbackValue", &number.voice_callback_value),
        ("voiceStatusCallback", &number.voice_status_callback),
    ];
    let mut fields = vec![
        ("country", number.country.as_deref().unwrap_or_default()),
        ("msisdn", number.msisdn.as_deref().unwrap_or_default()),
        ("moHttpUrl", mo_http_url),
    ];
    fields.extend(kept.into_iter().filter_map(|(name, value)| {
        let value = value.as_deref().filter(|value| !value.is_empty())?;
        Some((name, value))
    }));
    let mut request = account.post_form("/number/update", &fields);
    request.headers.push(account.authorization());
    request
}

/// Reads the response to [`update_request`].
///
/// # Errors
/// Any [`AccountError`].
pub fn read_update(response: &HttpResponse) -> Result<(), AccountError> {
    match ErrorCode::read(success(response)?) {
        Some(_) => Ok(()),
        None => Err(AccountError::Unreadable(
            "expected an error-code".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests;
