//! The operator's settings: read whole from the Worker's environment, all problems said at once.

pub mod duration;
mod overview;
mod paths;
mod reader;
mod table;
mod url;
mod values;

pub use self::{
    overview::{Shown, admin_token, overview},
    reader::Problem,
    table::{NAMES, Setting},
};
pub use crate::identity::IdentitiesUrl;

use self::reader::Reader;
use crate::{
    chat::status::ReportOn,
    layer,
    nexmo::{self, signature::SignatureMethod},
    phone::Number,
    secret::Secret,
    template::{Kind, Template},
    time::Span,
};

/// The configuration, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The Layer application and how to reach it.
    pub layer: layer::api::Account,
    /// The HMAC key of Layer's webhooks.
    pub webhook_secret: Secret,
    /// The path of Layer's webhook, without a slash at either end.
    pub layer_path: String,
    /// The name of the webhook, in its registration and its requests.
    pub webhook_name: String,
    /// The Nexmo account and how to reach it.
    pub nexmo: nexmo::send::Account,
    /// The pool of numbers: E.164 digits, in order of preference, at least one, none twice.
    pub numbers: Vec<Number>,
    /// The path of inbound texts, without a slash at either end.
    pub nexmo_path: String,
    /// How inbound texts are vouched for; by a token in the path when there is none.
    pub signature: Option<SignatureCheck>,
    /// This Worker's public origin, without a slash at its end.
    pub server_url: String,
    /// How long a message may stay unread, in milliseconds.
    pub delay: Span,
    /// The inactivity after which a link may be given away, in milliseconds.
    pub number_expiration: Span,
    /// The statuses that justify a text: at least one.
    pub report_on: ReportOn,
    /// The text.
    pub template: Template,
    /// What comes before the first text of a link, if anything.
    pub introduction: Option<Template>,
    /// The operator's own identities; Layer's when there are none.
    pub identities: Option<IdentitiesUrl>,
    /// The bearer token of the operator's own identities, be they at a URL or another Worker.
    pub identities_token: Option<Secret>,
    /// What STOP and its kin are answered with.
    pub stop_reply: Option<String>,
    /// What HELP and its kin are answered with.
    pub help_reply: Option<String>,
    /// The bearer token of the operator's routes, which do not exist without it.
    pub admin_token: Option<Secret>,
}

/// How the signature of an inbound text is checked.
#[derive(Clone, Debug)]
pub struct SignatureCheck {
    /// The signature secret of the Nexmo account.
    pub secret: Secret,
    /// How the text is signed.
    pub method: SignatureMethod,
    /// How old the text may be, in milliseconds; of any age when not set.
    pub max_age: Option<Span>,
}

impl Settings {
    /// The URL that Layer's webhook is registered for.
    pub fn webhook_target(&self) -> String {
        format!("{}/{}", self.server_url, self.layer_path)
    }
}

/// Reads all settings; `get` gives the value of a var or secret by its name.
///
/// # Errors
/// Everything that is wrong, in the order of [`NAMES`]. No secret's value is among it.
pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Settings, Vec<Problem>> {
    let mut reader = Reader::new(get);
    let settings = gather(&mut reader);
    match (settings, reader.into_problems()) {
        (Some(settings), problems) if problems.is_empty() => Ok(settings),
        (_, problems) => Err(problems),
    }
}

/// Reads every setting before it looks at any, so that no problem hides another.
fn gather<G: Fn(&str) -> Option<String>>(reader: &mut Reader<G>) -> Option<Settings> {
    let layer = layer(reader);
    let webhook_secret = reader.read(&table::LAYER_WEBHOOK_SECRET, values::webhook_secret);
    let paths = both_paths(reader);
    let webhook_name = reader.text(&table::WEBHOOK_NAME);
    let nexmo = nexmo(reader);
    let numbers = reader.read(&table::NEXMO_NUMBERS, values::numbers);
    let signature = signature(reader);
    let server_url = reader.read(&table::SERVER_URL, url::origin);
    let delay = reader.read(&table::DELAY, values::delay);
    let number_expiration = reader.read(&table::NUMBER_EXPIRATION_TIME, values::expiration);
    let report_on = reader.read(&table::REPORT_ON_STATUS, values::report_on);
    let template = reader.read(&table::TEMPLATE, |it| values::template(it, Kind::Text));
    let introduction = reader.read(&table::INTRODUCE_CONVERSATION, |it| {
        values::template(it, Kind::Introduction)
    });
    let identities_token = reader.read(&table::IDENTITIES_TOKEN, values::token);
    let identities = reader
        .read(&table::IDENTITIES_URL, url::of_users)
        .map(|url| IdentitiesUrl {
            url,
            token: identities_token.clone(),
        });
    let stop_reply = reader.text(&table::STOP_REPLY);
    let help_reply = reader.text(&table::HELP_REPLY);
    let admin_token = reader.secret(&table::ADMIN_TOKEN);
    let (layer_path, nexmo_path) = paths?;
    Some(Settings {
        layer: layer?,
        webhook_secret: webhook_secret?,
        layer_path,
        webhook_name: webhook_name?,
        nexmo: nexmo?,
        numbers: numbers?,
        nexmo_path,
        signature,
        server_url: server_url?,
        delay: delay?,
        number_expiration: number_expiration?,
        report_on: report_on?,
        template: template?,
        introduction,
        identities,
        identities_token,
        stop_reply,
        help_reply,
        admin_token,
    })
}

fn layer<G: Fn(&str) -> Option<String>>(reader: &mut Reader<G>) -> Option<layer::api::Account> {
    let app_id = reader.read(&table::LAYER_APP_ID, values::app_id);
    let token = reader.read(&table::LAYER_BEARER_TOKEN, values::token);
    let version = reader.read(&table::LAYER_API_VERSION, values::version);
    let api_url = reader.read(&table::LAYER_API_URL, url::base);
    Some(layer::api::Account {
        app_id: app_id?,
        token: token?,
        version: version?,
        api_url: api_url?,
    })
}

fn nexmo<G: Fn(&str) -> Option<String>>(reader: &mut Reader<G>) -> Option<nexmo::send::Account> {
    let key = reader.secret(&table::NEXMO_KEY);
    let secret = reader.secret(&table::NEXMO_SECRET);
    let api_url = reader.read(&table::NEXMO_API_URL, url::base);
    Some(nexmo::send::Account {
        key: key?,
        secret: secret?,
        api_url: api_url?,
    })
}

/// Reads both paths. A clash is told of the one that the operator wrote.
fn both_paths<G: Fn(&str) -> Option<String>>(reader: &mut Reader<G>) -> Option<(String, String)> {
    let layer = reader.read(&table::LAYER_PATH, paths::read);
    let nexmo = reader.read(&table::NEXMO_PATH, paths::read);
    let (layer, nexmo) = (layer?, nexmo?);
    if paths::is_within(&layer, &nexmo) || paths::is_within(&nexmo, &layer) {
        let (setting, own, other) = if reader.is_set(&table::NEXMO_PATH) {
            (table::NEXMO_PATH, &nexmo, table::LAYER_PATH.name)
        } else {
            (table::LAYER_PATH, &layer, table::NEXMO_PATH.name)
        };
        let problem = format!(
            "{} is, lies under or lies above {other}",
            reader::quote(own)
        );
        reader.problem(&setting, problem);
    }
    Some((layer, nexmo))
}

/// Reads how inbound texts are signed; what is wrong with that is said even where nothing is signed.
fn signature<G: Fn(&str) -> Option<String>>(reader: &mut Reader<G>) -> Option<SignatureCheck> {
    let secret = reader.secret(&table::NEXMO_SIGNATURE_SECRET);
    let method = reader.read(&table::NEXMO_SIGNATURE_METHOD, values::method);
    let max_age = reader.read(&table::NEXMO_SIGNATURE_MAX_AGE, values::above_zero);
    Some(SignatureCheck {
        secret: secret?,
        method: method?,
        max_age,
    })
}

#[cfg(test)]
mod tests;
