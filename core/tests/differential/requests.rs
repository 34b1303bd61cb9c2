//! Requests to Layer against `layer-api`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use texting::{
    chat::post::Post,
    http::{HttpRequest, Method},
    ids::{ConversationId, MessageId, UserId},
    layer::{
        account::LayerAccount,
        api::{get_conversation, get_message},
        identity::get_identity,
        ids::uuid_of,
        post::post_message,
        registration::{WantedWebhook, activate, create, delete, list},
        version::ApiVersion,
    },
    secret::Secret,
};

use crate::wanted;

const API: &str = "https://api.layer.com";

/// One call of `layer-api`.
#[derive(Deserialize)]
pub struct Row {
    /// Our function that corresponds.
    pub what: String,
    version: String,
    /// The arguments of ours.
    pub args: BTreeMap<String, String>,
    sends: Option<Sends>,
    failed: bool,
}

#[derive(Deserialize)]
struct Sends {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// A request as facts: `method`, `path`, `body` and headers by their lower-case names. There are none
/// when nothing is sent.
pub type Facts = BTreeMap<String, String>;

impl Row {
    pub fn arg(&self, name: &str) -> &str {
        self.args.get(name).map_or("", String::as_str)
    }

    /// Nothing also where their own server could not read what they sent.
    fn theirs(&self) -> Facts {
        let Some(sends) = &self.sends else {
            assert!(self.failed, "nothing sent and no error");
            return Facts::new();
        };
        let mut facts = sends.headers.clone();
        facts.insert("method".to_owned(), sends.method.clone());
        facts.insert("path".to_owned(), sends.path.clone());
        facts.insert("body".to_owned(), sends.body.clone());
        facts
    }

    fn ours(&self) -> Facts {
        self.call().map(facts).unwrap_or_default()
    }

    fn call(&self) -> Option<HttpRequest> {
        let version = self.version.parse::<ApiVersion>().expect("a known version");
        let account = LayerAccount {
            app_id: "082d4684-0992-11e5-a6c0-1697f925ec7b".to_owned(),
            token: Secret::new("t0ken"),
            version,
            api_url: API.to_owned(),
        };
        let conversation = || uuid_of(self.arg("conversation")).map(ConversationId::new);
        match self.what.as_str() {
            "get_conversation" => Some(get_conversation(&account, &conversation()?)),
            "get_message" => {
                let message = MessageId::new(uuid_of(self.arg("message"))?);
                Some(get_message(&account, &conversation()?, &message))
            }
            "get_identity" => get_identity(&account, &UserId::new(self.arg("user"))),
            "post_message" => {
                let post = Post {
                    conversation_id: &conversation()?,
                    user_id: &UserId::new(self.arg("user")),
                    text: self.arg("text"),
                    dedupe_id: self.arg("dedupe"),
                };
                Some(post_message(&account, &post))
            }
            "list" => Some(list(&account)),
            "create" => Some(create(&account, &self.wanted(version))),
            "activate" => activate(&account, self.arg("id")),
            "delete" => delete(&account, self.arg("id")),
            other => panic!("{other} is unknown"),
        }
    }

    fn wanted(&self, version: ApiVersion) -> WantedWebhook {
        let [name, url, secret] = ["name", "target_url", "secret"].map(|name| self.arg(name));
        WantedWebhook::new(
            name.to_owned(),
            url.to_owned(),
            version,
            Secret::new(secret),
        )
    }
}

fn facts(call: HttpRequest) -> Facts {
    let headers = call.headers.into_iter();
    let mut facts: Facts = headers
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let method = match call.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    };
    let path = call.url.strip_prefix(API).expect("Layer's own server");
    facts.insert("method".to_owned(), method.to_owned());
    facts.insert("path".to_owned(), path.to_owned());
    facts.insert("body".to_owned(), call.body.unwrap_or_default());
    facts
}

#[test]
fn requests_are_those_of_layer_api_but_for_the_wanted_differences() {
    let rows: Vec<Row> =
        serde_json::from_str(include_str!("requests.json")).expect("the golden file is readable");
    let mut seen = BTreeSet::new();
    for row in &rows {
        let (theirs, ours) = (row.theirs(), row.ours());
        let names: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
        let differing = names
            .into_iter()
            .filter(|name| theirs.get(*name) != ours.get(*name));
        for fact in differing {
            let reason = wanted::reason(row, fact, &theirs, &ours);
            let shown = || (&row.what, &row.args, theirs.get(fact), ours.get(fact));
            seen.insert(reason.unwrap_or_else(|| panic!("{fact} differs: {:?}", shown())));
        }
    }
    let listed: BTreeSet<_> = wanted::DIFFERENCES.iter().map(|(why, _)| *why).collect();
    assert_eq!(seen, listed, "a listed difference is gone");
}
