//! What a part of a message is that is no text: its kind, its name, and how a text describes it.

use std::fmt;

use serde_json::Value;
use strum::IntoStaticStr;

use super::mime::Mime;
use crate::sms::{
    control::is_blank,
    shorten::{on_one_line, shorten},
};

/// The most characters of a name.
const LONGEST_NAME: usize = 40;
/// The fields that name an attachment, the most telling first.
pub(super) const NAMES: &[&str] = &["title", "name", "filename", "file_name"];
/// The field that names what has a `name` for other reasons: Layer's products and choices.
pub(super) const TITLE: &[&str] = &["title"];

/// A part of a message that is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is.
    pub kind: Kind,
    /// Its title, else its file name, on one line and cut to 40 characters; empty if it has none.
    pub name: String,
    /// The address of a link.
    pub address: Option<String>,
}

/// What an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// A picture.
    Photo,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// A file of another type, with a name.
    File,
    /// A place.
    Location,
    /// A visiting card.
    Contact,
    /// A link.
    Link,
    /// Anything else.
    Attachment,
}

impl Kind {
    /// The word for it in texts and templates.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

impl Attachment {
    pub(super) fn new(kind: Kind, name: String) -> Self {
        Self {
            kind,
            name,
            address: None,
        }
    }
}

/// Prints it as a text describes it: a link as its address, the rest in brackets.
impl fmt::Display for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.word();
        match &self.address {
            Some(address) => f.write_str(address),
            None if self.name.is_empty() => write!(f, "[{kind}]"),
            None => write!(f, "[{kind}: {}]", self.name),
        }
    }
}

/// The name of a part: the first title or file name among the `fields` of its content, its own and the parameters of
/// its type; empty if there is none.
pub(super) fn name_of(
    content: Option<&Value>,
    fields: &[&str],
    part: &Value,
    mime: &Mime,
) -> String {
    let in_content = fields
        .iter()
        .filter_map(|field| content?.get(field)?.as_str());
    let own = NAMES.iter().filter_map(|field| part.get(field)?.as_str());
    let own = in_content.chain(own);
    let of_type = ["name", "filename"]
        .into_iter()
        .filter_map(|name| mime.parameter(name));
    let mut names = own.chain(of_type).map(on_one_line);
    let name = names.find(|name| !is_blank(name)).unwrap_or_default();
    shorten(&name, LONGEST_NAME).into_owned()
}
