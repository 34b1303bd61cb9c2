//! One part of a message.

use base64ct::{Base64, Base64Unpadded, Encoding};
use serde_json::Value;

use super::{
    attachment::{Attachment, Kind, NAMES, TITLE, name_of},
    mime::Mime,
};
use crate::{json, sms::control::is_blank};

/// The prefix of the types of Layer's XDK, whose bodies are JSON.
const XDK: &str = "application/vnd.layer.";

/// What a part of a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text.
    Text(String),
    /// HTML, which counts only if there is no text.
    Html(Attachment),
    /// Something else that a person would miss.
    Attachment(Attachment),
    /// Of no known type and without a name: data of an application, as a rule.
    Unknown(Attachment),
    /// Nothing to be seen: empty, or it only serves another part.
    Nothing,
}

impl Part {
    /// Reads all parts of a message. Skips what is no JSON object.
    pub fn all_of(message: &Value) -> Vec<Self> {
        let parts = message.get("parts").and_then(Value::as_array);
        let parts = parts.into_iter().flatten();
        parts.filter(|part| part.is_object()).map(read).collect()
    }

    /// The attachment, if it is one.
    pub fn into_attachment(self) -> Option<Attachment> {
        match self {
            Self::Attachment(attachment) | Self::Unknown(attachment) => Some(attachment),
            Self::Text(_) | Self::Html(_) | Self::Nothing => None,
        }
    }
}

fn read(part: &Value) -> Part {
    let written = part.get("mime_type").and_then(Value::as_str);
    let mime = Mime::read(written.unwrap_or_default());
    if serves_another(&mime) {
        return Part::Nothing;
    }
    match mime.essence.as_str() {
        "text/plain" => plain(part),
        "text/html" => Part::Html(other(part, &mime)),
        essence if essence.starts_with(XDK) => xdk(part, &mime),
        essence => match kind_of(essence) {
            Some(kind) => attachment(kind, name_of(None, NAMES, part, &mime)),
            None => match other(part, &mime) {
                unnamed if unnamed.name.is_empty() && is_data(essence) => Part::Unknown(unnamed),
                other => Part::Attachment(other),
            },
        },
    }
}

/// Whether a part only serves another: previews and sources of the XDK, previews and sizes of Atlas, which were
/// Layer's kits for apps.
fn serves_another(mime: &Mime) -> bool {
    let role = mime.parameter("role").unwrap_or_default();
    role.eq_ignore_ascii_case("preview")
        || role.eq_ignore_ascii_case("source")
        || mime.essence.ends_with("+preview")
        || mime.essence == "application/json+imagesize"
}

fn is_data(essence: &str) -> bool {
    essence.starts_with("application/")
}

fn kind_of(essence: &str) -> Option<Kind> {
    match essence {
        "text/vcard" | "text/x-vcard" => Some(Kind::Contact),
        "location/coordinate" => Some(Kind::Location),
        _ => match essence.split('/').next() {
            Some("image") => Some(Kind::Photo),
            Some("video") => Some(Kind::Video),
            Some("audio") => Some(Kind::Audio),
            _ => None,
        },
    }
}

fn attachment(kind: Kind, name: String) -> Part {
    Part::Attachment(Attachment::new(kind, name))
}

/// A part of no known type: a file if it has a name.
fn other(part: &Value, mime: &Mime) -> Attachment {
    let name = name_of(None, NAMES, part, mime);
    let kind = match name.is_empty() {
        true => Kind::Attachment,
        false => Kind::File,
    };
    Attachment::new(kind, name)
}

/// Text that is stored elsewhere or is unreadable is there all the same.
fn plain(part: &Value) -> Part {
    match body(part) {
        Body::Text(text) if text.is_empty() => Part::Nothing,
        Body::Text(text) => Part::Text(text),
        Body::None => Part::Nothing,
        Body::Elsewhere | Body::Unreadable => attachment(Kind::Attachment, String::new()),
    }
}

fn xdk(part: &Value, mime: &Mime) -> Part {
    let content = match body(part) {
        Body::Text(text) => json::value(&text),
        _ => None,
    };
    let of_type = mime.essence.strip_prefix(XDK).unwrap_or_default();
    let of_type = of_type.strip_suffix("+json").unwrap_or_default();
    let fields = match of_type {
        "image" | "file" | "location" | "link" => NAMES,
        _ => TITLE,
    };
    let name = name_of(content.as_ref(), fields, part, mime);
    match of_type {
        "text" => xdk_text(content.as_ref()),
        "image" => attachment(Kind::Photo, name),
        "file" => attachment(Kind::File, name),
        "location" => attachment(Kind::Location, name),
        "link" => Part::Attachment(Attachment {
            address: content.as_ref().and_then(address_in),
            ..Attachment::new(Kind::Link, name)
        }),
        _ if !name.is_empty() => attachment(Kind::File, name),
        "product" | "carousel" | "choice" | "receipt" => attachment(Kind::Attachment, name),
        _ => Part::Unknown(Attachment::new(Kind::Attachment, name)),
    }
}

fn xdk_text(content: Option<&Value>) -> Part {
    let Some(content) = content else {
        return attachment(Kind::Attachment, String::new());
    };
    match content.get("text").and_then(Value::as_str) {
        Some(text) if !text.is_empty() => Part::Text(text.to_owned()),
        _ => Part::Nothing,
    }
}

/// The address of a link, without blanks around it.
fn address_in(link: &Value) -> Option<String> {
    let address = link.get("url")?.as_str()?.trim();
    (!is_blank(address)).then(|| address.to_owned())
}

/// The body of a part.
enum Body {
    Text(String),
    /// Layer stores what is over 2 KB elsewhere, at an address that expires.
    Elsewhere,
    Unreadable,
    None,
}

fn body(part: &Value) -> Body {
    let Some(body) = part.get("body").and_then(Value::as_str) else {
        let is_elsewhere = part.get("content").is_some_and(Value::is_object);
        return if is_elsewhere {
            Body::Elsewhere
        } else {
            Body::None
        };
    };
    let encoding = part.get("encoding").and_then(Value::as_str);
    if encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64")) {
        base64(body).map_or(Body::Unreadable, Body::Text)
    } else {
        Body::Text(body.to_owned())
    }
}

/// Decodes base64 with or without line breaks and padding.
fn base64(body: &str) -> Option<String> {
    let digits: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = Base64::decode_vec(&digits)
        .or_else(|_| Base64Unpadded::decode_vec(&digits))
        .ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
