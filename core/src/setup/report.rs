//! The report of a setup.

use serde::Serialize;
use strum::IntoStaticStr;

use crate::phone::Number;

/// What a setup found and changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetupReport {
    /// Whether everything is in place.
    pub ok: bool,
    /// The chat.
    #[serde(flatten)]
    pub chat: ChatReport,
    /// The numbers at Nexmo.
    pub nexmo: NexmoReport,
}

/// What a setup found and changed at the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatReport {
    /// The webhook at Layer.
    Layer(LayerReport),
    /// The connection with a Matrix homeserver.
    Matrix(MatrixReport),
}

impl ChatReport {
    /// Whether everything is in place.
    pub fn is_ok(&self) -> bool {
        match self {
            Self::Layer(layer) => layer.ok,
            Self::Matrix(matrix) => matrix.ok,
        }
    }

    /// The problem of the first webhook that has one.
    pub fn webhook_problem(&self) -> Option<&str> {
        match self {
            Self::Layer(layer) => {
                let mut webhooks = layer.webhooks.iter();
                webhooks.find_map(|webhook| webhook.problem.as_deref())
            }
            Self::Matrix(_) => None,
        }
    }

    /// A problem that concerns no single webhook.
    pub fn problem(&self) -> Option<&str> {
        match self {
            Self::Layer(layer) => layer.problem.as_deref(),
            Self::Matrix(matrix) => matrix.problem.as_deref(),
        }
    }
}

/// What a setup found out about a Matrix homeserver, which changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatrixReport {
    /// Whether requests arrive in both directions.
    pub ok: bool,
    /// The homeserver's client API.
    pub url: String,
    /// How long the homeserver's request to this service took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What a setup found and changed at Layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LayerReport {
    /// Whether our webhook is active and there is nothing else to do.
    pub ok: bool,
    /// The URL of our webhook.
    pub target_url: String,
    /// The steps, one for each webhook with our name.
    pub webhooks: Vec<WebhookReport>,
    /// A problem that concerns no single webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What a setup found or changed about one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebhookReport {
    /// What was or is to be done.
    pub state: WebhookState,
    /// Layer's id of the webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The webhook's URL, if another one than ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl WebhookReport {
    pub(super) fn new(state: WebhookState, id: Option<String>, problem: Option<String>) -> Self {
        Self {
            state,
            id,
            target_url: None,
            problem,
        }
    }
}

/// What was or is to be done about a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WebhookState {
    /// Nothing: it is active.
    Kept,
    /// Layer verified it again.
    Activated,
    /// It was registered.
    Registered,
    /// It was deleted.
    Deleted,
    /// Nothing: it has our name and another URL.
    Elsewhere,
    /// After a check: Layer has to verify it again.
    ToActivate,
    /// After a check: it has to be registered.
    ToRegister,
    /// After a check: it has to be deleted.
    ToDelete,
}

/// What a setup found and changed at Nexmo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NexmoReport {
    /// Whether the texts to all configured numbers are delivered here.
    pub ok: bool,
    /// The configured numbers.
    pub numbers: Vec<NumberReport>,
    /// A problem that concerns no single number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What a setup found or changed about one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NumberReport {
    /// The number.
    pub number: Number,
    /// What was or is to be done.
    pub state: NumberState,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What was or is to be done about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NumberState {
    /// Nothing: its texts are delivered here.
    Kept,
    /// Its webhook URL was changed.
    Updated,
    /// Its webhook URL could not be changed, or it cannot receive texts.
    Failed,
    /// The Nexmo account does not own it.
    NotOwned,
    /// After a check: its webhook URL has to be changed.
    ToUpdate,
}
