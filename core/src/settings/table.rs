//! The table of all settings: names, defaults and expected values.

use super::setting::Setting;
use crate::template;

/// The chat.
pub const CHAT: Setting = Setting::new("CHAT", "layer or matrix").default("layer");
/// The Layer application.
pub const LAYER_APP_ID: Setting =
    Setting::new("LAYER_APP_ID", "a uuid, or layer:///apps/production/<uuid>")
        .layer()
        .required();
/// The token of Layer's Platform API.
pub const LAYER_BEARER_TOKEN: Setting = Setting::new(
    "LAYER_BEARER_TOKEN",
    "the token of Layer's Platform API, as a secret",
)
.layer()
.secret()
.required();
/// The key that signs Layer's webhooks.
pub const LAYER_WEBHOOK_SECRET: Setting = Setting::new(
    "LAYER_WEBHOOK_SECRET",
    "a random text of your own, as a secret",
)
.layer()
.secret()
.required();
/// The version of the Platform API and of the webhook.
pub const LAYER_API_VERSION: Setting = Setting::new("LAYER_API_VERSION", "1.0, 1.1, 2.0 or 3.0")
    .layer()
    .default("1.0");
/// The server of the Platform API.
pub const LAYER_API_URL: Setting = Setting::new("LAYER_API_URL", BASE_URL)
    .layer()
    .default("https://api.layer.com");
/// The path of Layer's webhook.
pub const LAYER_PATH: Setting = Setting::new("LAYER_PATH", PATH)
    .layer()
    .default("nexmo-new-message");
/// The homeserver.
pub const MATRIX_URL: Setting = Setting::new(
    "MATRIX_URL",
    "the homeserver's origin, without a path: https://…, or http://… on loopback",
)
.matrix()
.required();
/// The name of the homeserver.
pub const MATRIX_SERVER_NAME: Setting = Setting::new(
    "MATRIX_SERVER_NAME",
    "the part after the colon of the ids of your users, such as `example.org`",
)
.matrix()
.required();
/// The application service's token towards the homeserver.
pub const MATRIX_AS_TOKEN: Setting = Setting::new(
    "MATRIX_AS_TOKEN",
    "the `as_token` of the application service's registration, as a secret",
)
.matrix()
.secret()
.required();
/// The homeserver's token towards the application service.
pub const MATRIX_HS_TOKEN: Setting = Setting::new(
    "MATRIX_HS_TOKEN",
    "the `hs_token` of the application service's registration, as a secret",
)
.matrix()
.secret()
.required();
/// The users that the service has nothing to do with.
pub const MATRIX_IGNORE_USERS: Setting = Setting::new(
    "MATRIX_IGNORE_USERS",
    "ids of users (`@bot:example.org`) or beginnings of ids and `*` (`@telegram_*`), separated by commas, or nothing",
)
.matrix();
/// The key of the Nexmo account.
pub const NEXMO_KEY: Setting =
    Setting::new("NEXMO_KEY", "the API key of the Nexmo account, as a secret")
        .secret()
        .required();
/// The secret of the Nexmo account.
pub const NEXMO_SECRET: Setting = Setting::new(
    "NEXMO_SECRET",
    "the API secret of the Nexmo account, as a secret",
)
.secret()
.required();
/// The pool of numbers.
pub const NEXMO_NUMBERS: Setting = Setting::new(
    "NEXMO_NUMBERS",
    "the numbers that the Nexmo account owns, with their country codes, separated by commas",
)
.required();
/// The country of phones without a country's code.
pub const PHONE_COUNTRY: Setting = Setting::new(
    "PHONE_COUNTRY",
    "the ISO code of the country of phones that are written without one, such as `US`, or nothing",
);
/// In which order a user's conversations get the numbers.
pub const NUMBER_ORDER: Setting =
    Setting::new("NUMBER_ORDER", "listed or spread").default("listed");
/// The path of inbound texts.
pub const NEXMO_PATH: Setting = Setting::new("NEXMO_PATH", PATH).default("nexmo-new-sms");
/// The key that signs inbound texts.
pub const NEXMO_SIGNATURE_SECRET: Setting = Setting::new(
    "NEXMO_SIGNATURE_SECRET",
    "the signature secret of the Nexmo account, as a secret",
)
.secret();
/// How inbound texts are signed.
pub const NEXMO_SIGNATURE_METHOD: Setting = Setting::new(
    "NEXMO_SIGNATURE_METHOD",
    "md5hash, md5, sha1, sha256 or sha512",
)
.default("md5hash");
/// How old a signed text may be.
pub const NEXMO_SIGNATURE_MAX_AGE: Setting = Setting::new(
    "NEXMO_SIGNATURE_MAX_AGE",
    "a span of time above zero, such as `1 day`, or nothing",
);
/// The server of the Nexmo API.
pub const NEXMO_API_URL: Setting =
    Setting::new("NEXMO_API_URL", BASE_URL).default("https://rest.nexmo.com");
/// Which delivery receipts are kept.
pub const DELIVERY_RECEIPTS: Setting =
    Setting::new("DELIVERY_RECEIPTS", "off, failures or all").default("failures");
/// Below how much credit the operator is warned.
pub const NEXMO_LOW_CREDIT: Setting = Setting::new(
    "NEXMO_LOW_CREDIT",
    "a whole number of euros, such as `10`; 0 for no warning",
)
.default("10");
/// How long Nexmo may try to deliver a text.
pub const TEXT_TTL: Setting = Setting::new(
    "TEXT_TTL",
    "a span of time from 20 seconds to 7 days, such as `12 hours`, or nothing",
);
/// The Worker's own origin.
pub const SERVER_URL: Setting = Setting::new(
    "SERVER_URL",
    "this Worker's public origin, without a path: https://…, or http://… on loopback",
)
.required();
/// How long a message may stay unread.
pub const DELAY: Setting = Setting::new(
    "DELAY",
    "a span of time from zero to 30 days, such as `10 minutes`",
)
.required();
/// When a link's number may be reused.
pub const NUMBER_EXPIRATION_TIME: Setting = Setting::new(
    "NUMBER_EXPIRATION_TIME",
    "a span of time above zero, up to 100 years, such as `1 week`",
)
.default("1 week");
/// The statuses that justify a text.
pub const REPORT_ON_STATUS: Setting = Setting::new(
    "REPORT_ON_STATUS",
    "sent, delivered or both, separated by a comma",
)
.layer()
.default("sent,delivered")
.alias("RECIPIENT_STATUS_FILTER");
/// The template of texts.
pub const TEMPLATE: Setting =
    Setting::new("TEMPLATE", template::SUPPORTED).default("<%= sender.name %>: <%= text %>");
/// The template of introductions.
pub const INTRODUCE_CONVERSATION: Setting =
    Setting::new("INTRODUCE_CONVERSATION", template::SUPPORTED);
/// Whether what waits unread in a conversation leaves as one text.
pub const DIGEST: Setting = Setting::new("DIGEST", "on or off").default("off");
/// The template of digests.
pub const DIGEST_TEMPLATE: Setting =
    Setting::new("DIGEST_TEMPLATE", template::SUPPORTED_IN_DIGESTS);
/// The least time between two texts of a conversation.
pub const TEXT_INTERVAL: Setting = Setting::new(
    "TEXT_INTERVAL",
    "a span of time above zero, up to NUMBER_EXPIRATION_TIME, such as `2 hours`, with DIGEST=on; or nothing",
);
/// When no text leaves.
pub const QUIET_HOURS: Setting = Setting::new(
    "QUIET_HOURS",
    "two different times of the day, such as `21:00-08:00`, and TIME_ZONE, or nothing",
);
/// The time zone of recipients whose identity names none.
pub const TIME_ZONE: Setting = Setting::new(
    "TIME_ZONE",
    "the IANA name of a time zone, such as `Europe/Berlin`; required with QUIET_HOURS",
);
/// The most texts to one user in 24 hours.
pub const MAX_TEXTS_PER_DAY: Setting = Setting::new(
    "MAX_TEXTS_PER_DAY",
    "a whole number from 1, such as `20`, or nothing",
);
/// The most recipients of a message that causes texts.
pub const LARGEST_CONVERSATION: Setting = Setting::new(
    "LARGEST_CONVERSATION",
    "a whole number from 1, such as `100`, or nothing; 50 for Matrix if it is not set",
);
/// How often the same words are posted.
pub const SAME_REPLY_LIMIT: Setting = Setting::new(
    "SAME_REPLY_LIMIT",
    "a whole number, such as `3`; 0 for no limit",
)
.default("3");
/// Whether a reply marks what was texted as read.
pub const MARK_READ: Setting = Setting::new(
    "MARK_READ",
    "on (with Layer it needs LAYER_API_VERSION=3.0) or off; if it is not set, off for Layer and on for Matrix",
);
/// Whether texts name what is no text.
pub const ATTACHMENTS: Setting =
    Setting::new("ATTACHMENTS", "describe or ignore").default("describe");
/// The field of an identity that can say no to texts.
pub const PREFERENCE_FIELD: Setting = Setting::new(
    "PREFERENCE_FIELD",
    "the path of a field in the recipient's identity, such as `metadata.sms_notifications`, or nothing",
);
/// The name of the webhook.
pub const WEBHOOK_NAME: Setting = Setting::new("WEBHOOK_NAME", "any name")
    .layer()
    .default("Nexmo Integration");
/// The URL of the operator's identities.
pub const IDENTITIES_URL: Setting = Setting::new(
    "IDENTITIES_URL",
    "https://… (or http://… on loopback) with {user_id} in its path or query, without user info or fragment",
);
/// The token of the operator's identities.
pub const IDENTITIES_TOKEN: Setting = Setting::new(
    "IDENTITIES_TOKEN",
    "the bearer token of the identities, as a secret",
)
.secret();
/// The text sent in reply to STOP.
pub const STOP_REPLY: Setting = Setting::new("STOP_REPLY", "any text");
/// The text sent in reply to HELP.
pub const HELP_REPLY: Setting = Setting::new("HELP_REPLY", "any text");
/// The text sent in reply to a text that reaches no conversation.
pub const NO_CONVERSATION_REPLY: Setting = Setting::new("NO_CONVERSATION_REPLY", "any text");
/// The token of the operator's routes.
pub const ADMIN_TOKEN: Setting =
    Setting::new("ADMIN_TOKEN", "a random text of your own, as a secret").secret();

/// All settings, in the order in which problems are reported.
pub const NAMES: &[Setting] = &[
    CHAT,
    LAYER_APP_ID,
    LAYER_BEARER_TOKEN,
    LAYER_WEBHOOK_SECRET,
    LAYER_API_VERSION,
    LAYER_API_URL,
    LAYER_PATH,
    MATRIX_URL,
    MATRIX_SERVER_NAME,
    MATRIX_AS_TOKEN,
    MATRIX_HS_TOKEN,
    MATRIX_IGNORE_USERS,
    NEXMO_KEY,
    NEXMO_SECRET,
    NEXMO_NUMBERS,
    PHONE_COUNTRY,
    NUMBER_ORDER,
    NEXMO_PATH,
    NEXMO_SIGNATURE_SECRET,
    NEXMO_SIGNATURE_METHOD,
    NEXMO_SIGNATURE_MAX_AGE,
    NEXMO_API_URL,
    DELIVERY_RECEIPTS,
    NEXMO_LOW_CREDIT,
    TEXT_TTL,
    SERVER_URL,
    DELAY,
    NUMBER_EXPIRATION_TIME,
    REPORT_ON_STATUS,
    TEMPLATE,
    INTRODUCE_CONVERSATION,
    DIGEST,
    DIGEST_TEMPLATE,
    TEXT_INTERVAL,
    QUIET_HOURS,
    TIME_ZONE,
    MAX_TEXTS_PER_DAY,
    LARGEST_CONVERSATION,
    ATTACHMENTS,
    PREFERENCE_FIELD,
    SAME_REPLY_LIMIT,
    MARK_READ,
    WEBHOOK_NAME,
    IDENTITIES_URL,
    IDENTITIES_TOKEN,
    STOP_REPLY,
    HELP_REPLY,
    NO_CONVERSATION_REPLY,
    ADMIN_TOKEN,
];

const BASE_URL: &str = "https://… (or http://… on loopback) without user info, query or fragment";
const PATH: &str = "segments of letters, digits and . _ ~ - with / between them, neither under admin, \
    health, _matrix or the other path nor above it";
