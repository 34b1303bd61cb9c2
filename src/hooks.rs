//! The file for your own code: where users' identities and the introductions of conversations come from.
//!
//! To write your own source in Rust, implement one of the traits here and return it from [`identities`] or
//! [`introductions`].

use texting::{
    attempt::effects::Introduction,
    http::{HttpRequest, HttpResponse, Method},
    identity::{
        IdentitiesUrl, Identity, IdentityOutcome, USER_ID, identities_request, read_identity,
    },
    ids::UserId,
    json,
    layer::{
        account::LayerAccount,
        api::{Resource, get_identity, read_resource},
    },
    settings::Settings,
    template::{Context, Template},
    time::{SECOND, Span, Timestamp},
};
use worker::{Env, Fetcher};

use crate::platform::{
    bindings::{IDENTITIES, INTRODUCTIONS},
    outbound,
};

/// How long the operator's own Worker may take for an introduction.
const INTRODUCTION_TIMEOUT: Span = SECOND.times(10);

/// A source of users' identities.
pub trait Identities {
    /// The identity of a user. Must return by `deadline`: later, the attempt has failed and is repeated.
    async fn identity(&self, user_id: &UserId, deadline: Timestamp) -> IdentityOutcome;
}

/// A source of introductions, for conversations whose number is new to the user.
pub trait Introductions {
    /// The introduction of a conversation. `context` has its first message, the identities and the
    /// conversation. Must return by `deadline`: later, the attempt has failed and is repeated.
    async fn introduction(&self, context: &Context, deadline: Timestamp) -> Introduction;
}

/// The configured source of identities: a service binding `IDENTITIES`, else `IDENTITIES_URL`, else Layer.
pub fn identities<'a>(env: &Env, settings: &'a Settings) -> ConfiguredIdentities<'a> {
    match (env.service(IDENTITIES), &settings.identities) {
        (Ok(service), url) => {
            let url = url.clone().unwrap_or_else(|| IdentitiesUrl {
                url: format!("https://identities/{USER_ID}"),
                token: settings.identities_token.clone(),
            });
            ConfiguredIdentities::Service { service, url }
        }
        (Err(_), Some(url)) => ConfiguredIdentities::Url(url),
        (Err(_), None) => ConfiguredIdentities::Layer(&settings.layer),
    }
}

/// The configured source of introductions, if there is one: a service binding `INTRODUCTIONS`, else
/// `INTRODUCE_CONVERSATION`.
pub fn introductions<'a>(env: &Env, settings: &'a Settings) -> Option<ConfiguredIntroductions<'a>> {
    let template = settings.introduction.as_ref();
    match env.service(INTRODUCTIONS) {
        Ok(service) => Some(ConfiguredIntroductions::Service(service)),
        Err(_) => template.map(ConfiguredIntroductions::Template),
    }
}

/// The configured source of identities.
pub enum ConfiguredIdentities<'a> {
    /// Layer's Identity service.
    Layer(&'a LayerAccount),
    /// An HTTP service of the operator.
    Url(&'a IdentitiesUrl),
    /// Another Worker of the operator.
    Service {
        /// The Worker's binding.
        service: Fetcher,
        /// The URL and token of each request.
        url: IdentitiesUrl,
    },
}

impl Identities for ConfiguredIdentities<'_> {
    async fn identity(&self, user_id: &UserId, deadline: Timestamp) -> IdentityOutcome {
        let request = match self {
            Self::Layer(account) => get_identity(account, user_id),
            Self::Url(url) => identities_request(url, user_id),
            Self::Service { url, .. } => identities_request(url, user_id),
        };
        // There is no request for a user id that cannot stand in a URL (`.` and `..`).
        let Some(request) = request else {
            return IdentityOutcome::NoSuchUser;
        };
        match self {
            Self::Layer(_) => read_layer_identity(&outbound::send(&request, deadline).await),
            Self::Url(_) => read_identity(&outbound::send(&request, deadline).await),
            Self::Service { service, .. } => {
                read_identity(&outbound::send_to(service.clone(), &request, deadline).await)
            }
        }
    }
}

fn read_layer_identity(response: &HttpResponse) -> IdentityOutcome {
    match read_resource(response) {
        Resource::Found(identity) => IdentityOutcome::Found(Identity::from_layer(&identity)),
        Resource::Gone => IdentityOutcome::NoSuchUser,
        Resource::Failed { why } => IdentityOutcome::Failed { why },
    }
}

/// The configured source of introductions.
pub enum ConfiguredIntroductions<'a> {
    /// The template of the settings.
    Template(&'a Template),
    /// Another Worker of the operator.
    Service(Fetcher),
}

impl Introductions for ConfiguredIntroductions<'_> {
    async fn introduction(&self, context: &Context, deadline: Timestamp) -> Introduction {
        match self {
            Self::Template(template) => match template.render(context) {
                Ok(text) => Introduction::Text(text),
                Err(error) => Introduction::Failed {
                    why: error.to_string(),
                },
            },
            Self::Service(service) => {
                let request = introduction_request(context);
                let response = outbound::send_to(service.clone(), &request, deadline).await;
                read_introduction(response)
            }
        }
    }
}

fn introduction_request(context: &Context) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        url: "https://introductions/".to_owned(),
        headers: vec![("Content-Type", "application/json".to_owned())],
        body: Some(context.to_json().to_string()),
        timeout: INTRODUCTION_TIMEOUT,
    }
}

fn read_introduction(response: HttpResponse) -> Introduction {
    match response {
        HttpResponse::Received { status: 200, body } => {
            Introduction::Text(json::without_bom(&body).to_owned())
        }
        HttpResponse::Received { status: 204, .. } => Introduction::None,
        other => Introduction::Failed {
            why: other.outline(),
        },
    }
}
