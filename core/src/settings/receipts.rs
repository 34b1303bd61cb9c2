//! Reads which delivery receipts are kept, and where Nexmo sends them.

use strum::EnumString;

use super::{
    paths,
    reader::{Get, Reader, SettingWarning, quote},
    table, url,
};
use crate::{
    chat::port::Chat,
    nexmo::{
        account::NexmoAccount,
        token::{RECEIPT_TOKEN_LENGTH, receipt_token},
    },
};

/// The segment below `NEXMO_PATH` where receipts come in.
pub const SEGMENT: &str = "receipt";
/// The longest URL that Nexmo takes for them, in characters.
const LONGEST_CALLBACK: usize = 100;

/// Delivery receipts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipts {
    /// Which are kept.
    pub kept: Kept,
    /// The URL to which Nexmo sends them.
    pub callback: String,
}

/// Which delivery receipts are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Kept {
    /// Those that say that a text was not delivered.
    Failures,
    /// All.
    All,
}

/// The origin of this Worker and the path of inbound texts.
pub(super) struct Place<'a> {
    pub server_url: &'a str,
    pub nexmo_path: &'a str,
}

impl Place<'_> {
    fn callback(&self, token: &str) -> String {
        format!("{}/{}/{SEGMENT}/{token}", self.server_url, self.nexmo_path)
    }

    fn fits(&self) -> bool {
        let without_token = self.callback("").chars().count();
        without_token + RECEIPT_TOKEN_LENGTH <= LONGEST_CALLBACK
    }
}

/// The delivery receipts; `None` if none are asked for.
pub(super) fn receipts(
    kept: Option<Kept>,
    nexmo: &NexmoAccount,
    chat: &Chat,
    place: &Place<'_>,
) -> Option<Receipts> {
    let token = receipt_token(&nexmo.secret, chat.webhook_secret());
    Some(Receipts {
        kept: kept.filter(|_| place.fits())?,
        callback: place.callback(&token),
    })
}

/// Reads which are kept; `None` if none.
pub(super) fn kept(value: &str) -> Result<Option<Kept>, String> {
    let word = value.to_ascii_lowercase();
    match word.as_str() {
        "off" | "false" => Ok(None),
        word => word
            .parse()
            .map(Some)
            .map_err(|_| format!("{} is not off, failures or all", quote(value))),
    }
}

/// The warning that Nexmo would not take the URL.
pub(super) fn warning(get: Get<'_>) -> Option<SettingWarning> {
    let mut reader = Reader::new(get);
    reader.read(&table::DELIVERY_RECEIPTS, kept)??;
    let place = Place {
        server_url: &reader.read(&table::SERVER_URL, url::origin)?,
        nexmo_path: &reader.read(&table::NEXMO_PATH, paths::read)?,
    };
    (!place.fits()).then(|| SettingWarning {
        setting: table::DELIVERY_RECEIPTS.name.to_owned(),
        problem: "asks for nothing: the URL for receipts is over 100 characters, which Nexmo does not take",
        expected: "a shorter NEXMO_PATH, or off".to_owned(),
    })
}
