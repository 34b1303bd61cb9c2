//! The two places where an operator's own code can say who a user is and how a conversation is
//! introduced. To write your own in Rust, implement one of the traits here and return it from
//! [`identities`] or [`introductions`].

use std::{cell::RefCell, collections::HashMap};

use texting::{
    attempt::Introduction,
    http::{HttpRequest, Method, HttpResponse},
    identity::{IdentitiesUrl, Identity, IdentityAnswer, identities_call, read_identity},
    layer::api::{Account, Resource, get_identity, read_resource},
    settings::Settings,
    template::{Context, Template},
    time::{MINUTE, Millis},
};
use worker::{Env, Fetcher};

use crate::{edge, outbound};

/// Says who a user is.
pub trait Identities {
    /// The identity of a user; the answer is wanted by `deadline`.
    async fn identity(&self, user_id: &str, deadline: Millis) -> IdentityAnswer;
}

/// Says how a conversation is introduced on a number that is new to it.
pub trait Introductions {
    /// The introduction, given the first message; the answer is wanted by `deadline`.
    async fn introduction(&self, context: &Context, deadline: Millis) -> Introduction;
}

/// The identities that are configured: a service binding `IDENTITIES`, else `IDENTITIES_URL`, else
/// Layer's own.
pub fn identities<'a>(env: &Env, settings: &'a Settings) -> ConfiguredIdentities<'a> {
    match (env.service("IDENTITIES"), &settings.identities) {
        (Ok(service), url) => {
            let url = url.clone().unwrap_or_else(|| IdentitiesUrl {
                url: "https://identities/{user_id}".to_owned(),
                token: settings.identities_token.clone(),
            });
            ConfiguredIdentities::Service(service, url)
        }
        (Err(_), Some(url)) => ConfiguredIdentities::Url(url),
        (Err(_), None) => ConfiguredIdentities::Layer(&settings.layer),
    }
}

/// The introductions that are configured: a service binding `INTRODUCTIONS`, else
/// `INTRODUCE_CONVERSATION`.
pub fn introductions<'a>(env: &Env, settings: &'a Settings) -> Option<ConfiguredIntroductions<'a>> {
    match env.service("INTRODUCTIONS") {
        Ok(service) => Some(ConfiguredIntroductions::Service(service)),
        Err(_) => settings
            .introduction
            .as_ref()
            .map(ConfiguredIntroductions::Template),
    }
}

/// Where identities come from.
pub enum ConfiguredIdentities<'a> {
    /// Layer's Identity service.
    Layer(&'a Account),
    /// An HTTP service of the operator's.
    Url(&'a IdentitiesUrl),
    /// Another Worker of the operator's.
    Service(Fetcher, IdentitiesUrl),
}

impl Identities for ConfiguredIdentities<'_> {
    async fn identity(&self, user_id: &str, deadline: Millis) -> IdentityAnswer {
        match self {
            Self::Layer(account) => {
                let Some(call) = get_identity(account, user_id) else {
                    return IdentityAnswer::NoSuchUser;
                };
                match read_resource(&outbound::send(&call, deadline).await) {
                    Resource::Found(answer) => IdentityAnswer::Found(Identity::from_layer(&answer)),
                    Resource::Gone => IdentityAnswer::NoSuchUser,
                    Resource::Failed { why } => IdentityAnswer::Failed { why },
                }
            }
            Self::Url(url) => match identities_call(url, user_id) {
                Some(call) => read_identity(&outbound::send(&call, deadline).await),
                None => IdentityAnswer::NoSuchUser,
            },
            Self::Service(service, url) => match identities_call(url, user_id) {
                Some(call) => {
                    read_identity(&outbound::send_to(service.clone(), &call, deadline).await)
                }
                None => IdentityAnswer::NoSuchUser,
            },
        }
    }
}

/// Where introductions come from.
pub enum ConfiguredIntroductions<'a> {
    /// The template of the settings.
    Template(&'a Template),
    /// Another Worker of the operator's.
    Service(Fetcher),
}

impl Introductions for ConfiguredIntroductions<'_> {
    async fn introduction(&self, context: &Context, deadline: Millis) -> Introduction {
        match self {
            Self::Template(template) => match template.render(context) {
                Ok(text) => Introduction::Text(text),
                Err(error) => Introduction::Failed {
                    why: error.to_string(),
                },
            },
            Self::Service(service) => {
                let call = HttpRequest {
                    method: Method::Post,
                    url: "https://introductions/".to_owned(),
                    headers: vec![("Content-Type", "application/json".to_owned())],
                    body: Some(context.to_json().to_string()),
                    time_out: 10_000,
                };
                introduction(outbound::send_to(service.clone(), &call, deadline).await)
            }
        }
    }
}

fn introduction(reply: HttpResponse) -> Introduction {
    match reply {
        HttpResponse::Received { status: 200, body } => Introduction::Text(body),
        HttpResponse::Received { status: 204, .. } => Introduction::None,
        other => Introduction::Failed {
            why: other.outline(),
        },
    }
}

/// How long a user's identity is believed.
const KNOWN_FOR: Millis = 5 * MINUTE;
/// How long it is believed that there is no such user.
const UNKNOWN_FOR: Millis = MINUTE;
/// So many identities are remembered per isolate.
const REMEMBERED: usize = 2_000;

thread_local! {
    /// Values only, never futures: an isolate is shared by many objects and events.
    static CACHE: RefCell<HashMap<String, (Millis, IdentityAnswer)>> = RefCell::default();
}

/// A user's identity from this isolate's memory, else from where it is configured to come from.
pub async fn identity(
    (env, settings): (&Env, &Settings),
    user_id: &str,
    deadline: Millis,
) -> IdentityAnswer {
    let now = edge::now();
    let known = CACHE.with_borrow(|cache| {
        cache
            .get(user_id)
            .filter(|(until, _)| *until > now)
            .map(|(_, answer)| answer.clone())
    });
    if let Some(answer) = known {
        return answer;
    }
    let answer = identities(env, settings).identity(user_id, deadline).await;
    remember(user_id, &answer);
    answer
}

fn remember(user_id: &str, answer: &IdentityAnswer) {
    let until = match answer {
        IdentityAnswer::Found(_) => edge::now() + KNOWN_FOR,
        IdentityAnswer::NoSuchUser => edge::now() + UNKNOWN_FOR,
        IdentityAnswer::Failed { .. } => return,
    };
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= REMEMBERED {
            let now = edge::now();
            cache.retain(|_, (until, _)| *until > now);
        }
        if cache.len() >= REMEMBERED {
            cache.clear();
        }
        cache.insert(user_id.to_owned(), (until, answer.clone()));
    });
}
