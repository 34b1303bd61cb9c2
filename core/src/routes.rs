//! The paths that the Worker answers, and the methods that each allows. `docs/openapi.yaml` describes them. The
//! console's files are not among them.

use strum::{IntoStaticStr, VariantNames};

use crate::{
    chat::port::Chat,
    settings::{RECEIPT_SEGMENT, Settings},
};

/// What is at a path. Ids are as they are in the path, percent-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantNames)]
pub enum Route<'a> {
    /// Whether the settings are usable.
    Health,
    /// Layer's webhook.
    LayerWebhook,
    /// A transaction of a Matrix homeserver.
    MatrixTransaction,
    /// A Matrix homeserver's test of the connection.
    MatrixPing,
    /// A Matrix homeserver's question for a user or a room.
    MatrixQuery,
    /// Nexmo's webhook.
    NexmoWebhook,
    /// Nexmo's webhook, with a token below its path.
    NexmoWebhookWithToken(&'a str),
    /// Nexmo's webhook for delivery receipts, with the token below its path.
    NexmoReceipt(Option<&'a str>),
    /// The settings as they are.
    Settings,
    /// Whether the services that this one needs are well.
    ServicesHealth,
    /// The registrations at the chat and at Nexmo.
    Setup,
    /// The registration of the application service, for a Matrix homeserver.
    MatrixRegistration,
    /// The counts over all users.
    Statistics,
    /// The users whom a phone reaches.
    Users,
    /// A user's record.
    User(&'a str),
    /// Makes a user's record look for due work.
    Wake(&'a str),
    /// Whether a phone wants no texts.
    OptOut(&'a str),
    /// Retries what was given up.
    Retry {
        /// The user's id.
        user: &'a str,
        /// The failure's id.
        failure: &'a str,
    },
}

impl<'a> Route<'a> {
    /// The route at a path. Without usable settings, nothing is known of the webhooks' paths.
    pub fn of(path: &'a str, settings: Option<&Settings>) -> Option<Self> {
        let webhook = settings.and_then(|settings| Self::of_webhook(path, settings));
        webhook.or_else(|| Self::of_fixed(path.strip_prefix('/')?))
    }

    /// The webhook at a path. A slash more at its end, or two for one, is the same path.
    fn of_webhook(path: &'a str, settings: &Settings) -> Option<Self> {
        match &settings.chat {
            Chat::Layer(layer) => {
                if let Some(mut below) = segments_below(path, &layer.path) {
                    return below.next().is_none().then_some(Self::LayerWebhook);
                }
            }
            Chat::Matrix(_) => {
                if let Some(below) = segments_below(path, APPLICATION_SERVICE) {
                    return Self::of_homeserver(&below.collect::<Vec<_>>());
                }
            }
        }
        let mut below = segments_below(path, &settings.nexmo_path)?;
        match (below.next(), below.next(), below.next()) {
            (None, ..) => Some(Self::NexmoWebhook),
            (Some(RECEIPT_SEGMENT), token, None) => Some(Self::NexmoReceipt(token)),
            (Some(token), None, _) => Some(Self::NexmoWebhookWithToken(token)),
            (Some(_), Some(_), _) => None,
        }
    }

    /// What a homeserver requests, by the path below that of the application service.
    fn of_homeserver(path: &[&str]) -> Option<Self> {
        Some(match path {
            ["transactions", _] => Self::MatrixTransaction,
            ["ping"] => Self::MatrixPing,
            ["users" | "rooms", _] => Self::MatrixQuery,
            _ => return None,
        })
    }

    fn of_fixed(path: &'a str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').collect();
        Some(match *segments.as_slice() {
            _ if segments.contains(&"") => return None,
            ["health"] => Self::Health,
            ["admin", "settings"] => Self::Settings,
            ["admin", "health"] => Self::ServicesHealth,
            ["admin", "setup"] => Self::Setup,
            ["admin", "matrix", "registration.yaml"] => Self::MatrixRegistration,
            ["admin", "statistics"] => Self::Statistics,
            ["admin", "optouts", phone] => Self::OptOut(phone),
            ["admin", "users"] => Self::Users,
            ["admin", "users", user] => Self::User(user),
            ["admin", "users", user, "wake"] => Self::Wake(user),
            ["admin", "users", user, "failures", failure, "retry"] => Self::Retry { user, failure },
            _ => return None,
        })
    }

    /// The methods that it allows, as the header `Allow` lists them.
    pub const fn allow(&self) -> &'static str {
        match self {
            Self::Health | Self::Settings | Self::Statistics | Self::Users => "GET",
            Self::MatrixQuery | Self::MatrixRegistration | Self::ServicesHealth => "GET",
            Self::MatrixTransaction => "PUT",
            Self::MatrixPing => "POST",
            Self::LayerWebhook | Self::NexmoWebhook => "GET, POST",
            Self::NexmoWebhookWithToken(_) | Self::NexmoReceipt(_) => "GET, POST",
            Self::Setup => "GET, POST",
            Self::User(_) => "GET, DELETE",
            Self::OptOut(_) => "DELETE",
            Self::Wake(_) | Self::Retry { .. } => "POST",
        }
    }

    /// Whether it allows a method. On a route that needs no token, HEAD counts as GET.
    pub fn allows(&self, method: &str) -> bool {
        let is_public_head = method == "HEAD" && self.is_public();
        let method = if is_public_head { "GET" } else { method };
        self.allow().split(", ").any(|allowed| allowed == method)
    }

    const fn is_public(&self) -> bool {
        matches!(
            self,
            Self::Health
                | Self::LayerWebhook
                | Self::NexmoWebhook
                | Self::NexmoWebhookWithToken(_)
                | Self::NexmoReceipt(_)
        )
    }
}

/// Where a homeserver requests everything of an application service (`application-service-api` in Matrix's
/// specification).
const APPLICATION_SERVICE: &str = "_matrix/app/v1";

/// The segments of a path after those of `above`; `None` if the path does not begin with them. Empty segments do
/// not count.
fn segments_below<'a>(path: &'a str, above: &str) -> Option<impl Iterator<Item = &'a str>> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let is_below = above
        .split('/')
        .all(|segment| segments.next() == Some(segment));
    is_below.then_some(segments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;

    /// Settings with this chat and these paths for the two webhooks.
    fn settings(chat: &str, layer_path: &str, nexmo_path: &str) -> Settings {
        let read = settings::read(&|name| {
            let value = match name {
                "CHAT" => chat,
                "MATRIX_URL" => "https://matrix.example",
                "MATRIX_SERVER_NAME" => "matrix.example",
                "MATRIX_AS_TOKEN" | "MATRIX_HS_TOKEN" => "x",
                "LAYER_APP_ID" => "24f43c32-4d95-11e4-b3a2-0fd00000020d",
                "SERVER_URL" => "https://texts.example",
                "NEXMO_NUMBERS" => "12025550101",
                "DELAY" => "1 minute",
                "LAYER_PATH" => layer_path,
                "NEXMO_PATH" => nexmo_path,
                "LAYER_BEARER_TOKEN" | "LAYER_WEBHOOK_SECRET" | "NEXMO_KEY" | "NEXMO_SECRET" => "x",
                _ => return None,
            };
            Some(value.into())
        });
        read.unwrap()
    }

    #[test]
    fn the_operators_paths_are_exact() {
        let retry = Route::Retry {
            user: "b%2Fn",
            failure: "7",
        };
        for (path, route) in [
            ("/health", Some(Route::Health)),
            ("/admin/health", Some(Route::ServicesHealth)),
            ("/admin/setup", Some(Route::Setup)),
            ("/admin/users/ben", Some(Route::User("ben"))),
            ("/admin/users/ben/wake", Some(Route::Wake("ben"))),
            ("/admin/optouts/%2B1", Some(Route::OptOut("%2B1"))),
            ("/admin/optouts", None),
            ("/admin/users/b%2Fn/failures/7/retry", Some(retry)),
            ("/health/", None),
            ("/Health", None),
            ("/admin", None),
            ("/admin/users", Some(Route::Users)),
            ("/admin/users/", None),
            ("/admin/users//wake", None),
            ("/admin/users/ben/", None),
            ("/admin//setup", None),
            ("/users/ben", None),
            ("", None),
            ("/", None),
        ] {
            assert_eq!(Route::of(path, None), route, "{path}");
        }
    }

    #[test]
    fn the_webhooks_are_at_the_paths_in_the_settings() {
        let settings = settings("layer", "from/layer", "sms");
        for (path, route) in [
            ("/from/layer", Some(Route::LayerWebhook)),
            ("/sms", Some(Route::NexmoWebhook)),
            ("/sms/4a", Some(Route::NexmoWebhookWithToken("4a"))),
            ("/from/layer/", Some(Route::LayerWebhook)),
            ("//from//layer", Some(Route::LayerWebhook)),
            ("/sms/", Some(Route::NexmoWebhook)),
            ("/sms/4a/", Some(Route::NexmoWebhookWithToken("4a"))),
            ("//sms//4a", Some(Route::NexmoWebhookWithToken("4a"))),
            ("/from", None),
            ("/from/layer/4a", None),
            ("/sms/4a/4b", None),
            ("/sms/receipt", Some(Route::NexmoReceipt(None))),
            ("/sms/receipt/4a", Some(Route::NexmoReceipt(Some("4a")))),
            ("/sms/receipt/4a/4b", None),
            ("/sms4a", None),
            ("/nexmo-new-sms", None),
            ("/health", Some(Route::Health)),
        ] {
            assert_eq!(Route::of(path, Some(&settings)), route, "{path}");
        }
        assert_eq!(Route::of("/sms", None), None);
    }

    #[test]
    fn a_homeservers_paths_are_those_of_an_application_service() {
        let [layer, matrix] = ["layer", "matrix"].map(|it| settings(it, "from/layer", "sms"));
        for (path, route) in [
            ("transactions/1", Some(Route::MatrixTransaction)),
            ("ping", Some(Route::MatrixPing)),
            ("users/%40ada%3Ax", Some(Route::MatrixQuery)),
            ("rooms/%23room%3Ax", Some(Route::MatrixQuery)),
            ("transactions", None),
            ("transactions/1/2", None),
            ("thirdparty/protocol/sms", None),
            ("", None),
        ] {
            let path = format!("/_matrix/app/v1/{path}");
            assert_eq!(Route::of(&path, Some(&matrix)), route, "{path}");
            assert_eq!(Route::of(&path, Some(&layer)), None, "{path}");
        }
        assert_eq!(Route::of("/from/layer", Some(&matrix)), None);
        assert_eq!(Route::of("/sms", Some(&matrix)), Some(Route::NexmoWebhook));
    }

    #[test]
    fn head_counts_as_get_where_no_token_is_needed() {
        assert!(Route::Health.allows("HEAD") && Route::LayerWebhook.allows("HEAD"));
        assert!(!Route::Settings.allows("HEAD") && !Route::Wake("ben").allows("HEAD"));
    }

    #[test]
    fn a_method_is_allowed_by_its_whole_name() {
        let user = Route::User("ben");
        let allowed = [
            "GET",
            "DELETE",
            "POST",
            "get",
            "DEL",
            "",
            "GET, DELETE",
            ",",
        ]
        .map(|it| user.allows(it));
        assert_eq!(
            allowed,
            [true, true, false, false, false, false, false, false]
        );
    }
}
