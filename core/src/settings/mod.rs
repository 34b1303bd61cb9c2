//! The operator's settings, read from the Worker's environment. All problems are reported together.

mod chat;
mod digest;
pub mod duration;
mod layer;
mod matrix;
mod overview;
mod paths;
mod quiet;
mod reader;
mod receipts;
mod setting;
mod table;
mod url;
mod values;
mod var;
mod warnings;

pub use self::{
    digest::Digest,
    overview::{SettingOverview, admin_token, overview},
    quiet::unknown_time_zone,
    reader::{Get, SettingProblem, SettingWarning},
    receipts::{Kept, Receipts, SEGMENT as RECEIPT_SEGMENT},
    setting::{ChatKind, Setting},
    table::NAMES,
    var::Var,
    warnings::warnings,
};

use strum::EnumString;

use self::{chat::ChatSettings, reader::Reader, receipts::Place};
use crate::{
    chat::{port::Chat, status::ReportOn},
    identity::{FieldPath, IdentitiesUrl},
    nexmo::{account::NexmoAccount, signature::SignatureMethod},
    phone::{Country, Number},
    quiet::QuietHours,
    secret::Secret,
    template::{Template, TemplateKind},
    time::Span,
    words::Attachments,
};

/// The checked settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The chat.
    pub chat: Chat,
    /// The account at Nexmo.
    pub nexmo: NexmoAccount,
    /// The pool of numbers in order of preference: at least one, all different.
    pub numbers: Vec<Number>,
    /// In which order a user's conversations get them.
    pub number_order: NumberOrder,
    /// The country of identities' phones that are written without one.
    pub phone_country: Option<Country>,
    /// The path of inbound texts, without a slash at either end.
    pub nexmo_path: String,
    /// How signatures of inbound texts are checked. `None`: texts are authenticated by a token in the path.
    pub signature: Option<SignatureCheck>,
    /// Delivery receipts. `None`: none are asked for.
    pub receipts: Option<Receipts>,
    /// Below how much credit at Nexmo the operator is warned, in euros. `None`: never.
    pub low_credit: Option<usize>,
    /// This Worker's public origin, without a slash at its end.
    pub server_url: String,
    /// How long a message may stay unread before it is texted.
    pub delay: Span,
    /// How long a link must be inactive before its number may be reused.
    pub number_expiration: Span,
    /// How digests are made. `None`: each message is a text of its own.
    pub digest: Option<Digest>,
    /// The most texts to one user in any 24 hours.
    pub max_texts_per_day: Option<usize>,
    /// Messages to more recipients than this cause no texts.
    pub largest_conversation: Option<usize>,
    /// How many replies with the same words are posted from one link within an hour. `None`: all.
    pub same_reply_limit: Option<usize>,
    /// Whether a posted reply marks what was texted as read.
    pub mark_read: bool,
    /// The field of the recipient's identity that can say no to texts.
    pub preference_field: Option<FieldPath>,
    /// How long Nexmo may try to deliver a text. `None`: Nexmo decides.
    pub text_ttl: Option<Span>,
    /// The statuses that justify a text: at least one.
    pub report_on: ReportOn,
    /// The template of texts.
    pub template: Template,
    /// The template of the introduction before the first text of a link.
    pub introduction: Option<Template>,
    /// Whether texts name what is no text.
    pub attachments: Attachments,
    /// When no text leaves. `None`: texts leave at any time.
    pub quiet_hours: Option<QuietHours>,
    /// The operator's identities. `None`: the chat's are used.
    pub identities: Option<IdentitiesUrl>,
    /// The bearer token of the operator's identities, whether at a URL or in another Worker.
    pub identities_token: Option<Secret>,
    /// The text sent in reply to STOP.
    pub stop_reply: Option<String>,
    /// The text sent in reply to HELP.
    pub help_reply: Option<String>,
    /// The text sent in reply to a text that reaches no conversation.
    pub no_conversation_reply: Option<String>,
    /// The bearer token of the operator's routes. `None`: the routes are off.
    pub admin_token: Option<Secret>,
}

/// In which order a user's conversations get the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum NumberOrder {
    /// In the order of the list.
    Listed,
    /// Each user begins at another place of the list and goes round.
    Spread,
}

/// How signatures of inbound texts are checked.
#[derive(Clone, Debug)]
pub struct SignatureCheck {
    /// The signature secret of the Nexmo account.
    pub secret: Secret,
    /// How Nexmo signs.
    pub method: SignatureMethod,
    /// The greatest age of a signed text. `None`: any age.
    pub max_age: Option<Span>,
}

/// Reads all settings. `get` returns the value of a var or a secret by its name. Whether there is such a
/// `TIME_ZONE` only a runtime knows: see [`unknown_time_zone`].
///
/// # Errors
/// All problems, in the order of [`NAMES`]. Never contains the value of a secret.
pub fn read(get: Get<'_>) -> Result<Settings, Vec<SettingProblem>> {
    let mut reader = Reader::new(get);
    let settings = gather(&mut reader);
    match (settings, reader.into_problems()) {
        (Some(settings), problems) if problems.is_empty() => Ok(settings),
        (_, problems) => Err(problems),
    }
}

/// Reads every setting before it returns, so that all problems are found.
fn gather(reader: &mut Reader<'_>) -> Option<Settings> {
    let nexmo_path = reader.read(&table::NEXMO_PATH, paths::read);
    let chat = chat::read(reader, nexmo_path.as_deref());
    let nexmo = nexmo(reader);
    let numbers = reader.read(&table::NEXMO_NUMBERS, values::numbers);
    let number_order = reader.read(&table::NUMBER_ORDER, values::number_order);
    let receipts_kept = reader.read(&table::DELIVERY_RECEIPTS, receipts::kept);
    let low_credit = reader.read(&table::NEXMO_LOW_CREDIT, values::limit);
    let text_ttl = reader.read(&table::TEXT_TTL, values::ttl);
    let phone_country = reader.read(&table::PHONE_COUNTRY, values::country);
    let signature = signature(reader);
    let server_url = reader.read(&table::SERVER_URL, url::origin);
    let delay = reader.read(&table::DELAY, values::delay);
    let number_expiration = reader.read(&table::NUMBER_EXPIRATION_TIME, values::expiration);
    let digest = digest::read(reader, number_expiration);
    if let (Some(ChatSettings { chat, .. }), Some(delay)) = (&chat, delay) {
        let interval = digest.as_ref().map(|digest| digest.interval);
        chat::check_wait(reader, chat, delay, interval.unwrap_or_default());
    }
    let max_texts_per_day = reader.read(&table::MAX_TEXTS_PER_DAY, values::count);
    let same_reply_limit = reader.read(&table::SAME_REPLY_LIMIT, values::limit);
    let preference_field = reader.read(&table::PREFERENCE_FIELD, values::field_path);
    let template = reader.read(&table::TEMPLATE, |it| {
        values::template(it, TemplateKind::Text)
    });
    let introduction = reader.read(&table::INTRODUCE_CONVERSATION, |it| {
        values::template(it, TemplateKind::Introduction)
    });
    let attachments = reader.read(&table::ATTACHMENTS, values::attachments);
    let quiet_hours = quiet::quiet_hours(reader);
    let identities_token = reader.read(&table::IDENTITIES_TOKEN, values::token);
    let identities = reader
        .read(&table::IDENTITIES_URL, url::with_user_id)
        .map(|url| IdentitiesUrl {
            url,
            token: identities_token.clone(),
        });
    let stop_reply = reader.text(&table::STOP_REPLY);
    let help_reply = reader.text(&table::HELP_REPLY);
    let no_conversation_reply = reader.text(&table::NO_CONVERSATION_REPLY);
    let admin_token = reader.secret(&table::ADMIN_TOKEN);
    let ChatSettings {
        chat,
        report_on,
        largest_conversation,
        mark_read,
    } = chat?;
    let (nexmo, nexmo_path, server_url) = (nexmo?, nexmo_path?, server_url?);
    let place = Place {
        server_url: &server_url,
        nexmo_path: &nexmo_path,
    };
    Some(Settings {
        receipts: receipts::receipts(receipts_kept?, &nexmo, &chat, &place),
        chat,
        nexmo,
        numbers: numbers?,
        number_order: number_order?,
        phone_country,
        nexmo_path,
        signature,
        low_credit: low_credit?,
        server_url,
        delay: delay?,
        number_expiration: number_expiration?,
        digest,
        max_texts_per_day,
        largest_conversation,
        same_reply_limit: same_reply_limit?,
        mark_read,
        preference_field,
        text_ttl,
        report_on,
        template: template?,
        introduction,
        attachments: attachments?,
        quiet_hours,
        identities,
        identities_token,
        stop_reply,
        help_reply,
        no_conversation_reply,
        admin_token,
    })
}

fn nexmo(reader: &mut Reader<'_>) -> Option<NexmoAccount> {
    let key = reader.secret(&table::NEXMO_KEY);
    let secret = reader.secret(&table::NEXMO_SECRET);
    let api_url = reader.read(&table::NEXMO_API_URL, url::base);
    Some(NexmoAccount {
        key: key?,
        secret: secret?,
        api_url: api_url?,
    })
}

/// Reads how inbound texts are signed. Reports problems even if signatures are off.
fn signature(reader: &mut Reader<'_>) -> Option<SignatureCheck> {
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
