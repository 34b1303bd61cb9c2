//! The file for your own code: where users' identities and the introductions of conversations come from.
//!
//! To write your own source in Rust, implement one of the traits here and return it from [`identities`] or
//! [`introductions`].

use texting::{
    attempt::effects::Introduction,
    chat::port::Chat,
    http::{HttpRequest, HttpResponse, Method},
    identity::{IdentitiesUrl, IdentityOutcome, USER_ID, identities_request, read_identity},
    ids::UserId,
    json,
    settings::Settings,
    template::{Context, Template},
    time::{SECOND, Span, Timestamp},
};
use worker::{Env, Fetcher};

use crate::platform::{
    bindings::{IDENTITIES, INTRODUCTIONS},
    outbound::{self, Internet},
};

/// How long the operator's own Worker may take for an introduction.
const INTRODUCTION_TIMEOUT: Span = SECOND.times(10);

/// A source of users' identities.
pub trait Identities {
    /// The identity of a user. If it is not there by `deadline`, it is dropped, and the attempt is repeated.
    async fn identity(&self, user_id: &UserId, deadline: Timestamp) -> IdentityOutcome;
}

/// A source of introductions, for conversations whose number is new to the user.
pub trait Introductions {
    /// The introduction of a conversation. `context` has its first message, the identities and the
    /// conversation. If it is not there by `deadline`, it is dropped, and the attempt is repeated.
    async fn introduction(&self, context: &Context, deadline: Timestamp) -> Introduction;
}

/// The configured source of identities: a service binding `IDENTITIES`, else `IDENTITIES_URL`, else the chat.
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
        (Err(_), None) => ConfiguredIdentities::Chat(&settings.chat),
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
    /// The chat.
    Chat(&'a Chat),
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
        let (url, service) = match self {
            Self::Chat(chat) => return chat.identity(&Internet, user_id, deadline).await,
            Self::Url(url) => (*url, None),
            Self::Service { service, url } => (url, Some(service.clone())),
        };
        // There is no request for a user id that cannot stand in a URL (`.` and `..`).
        let Some(request) = identities_request(url, user_id) else {
            return IdentityOutcome::NoSuchUser;
        };
        read_identity(&match service {
            None => outbound::send(&request, deadline).await,
            Some(service) => outbound::send_to(service, &request, deadline).await,
        })
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
    let request = HttpRequest {
        method: Method::Post,
        url: "https://introductions/".to_owned(),
        headers: Vec::new(),
        body: None,
        timeout: INTRODUCTION_TIMEOUT,
    };
    request.with_json(context.to_json().to_string())
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
