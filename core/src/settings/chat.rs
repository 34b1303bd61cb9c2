//! Reads the settings of the chat.

use super::{
    Var, paths,
    reader::{Reader, quote},
    table, url, values,
};
use crate::{chat::port::Chat, layer::account::LayerAccount, layer::chat::LayerChat};

/// The chat and the path of Nexmo's webhook, which must not overlap with the chat's.
pub(super) struct ChatAndPath {
    pub chat: Option<Chat>,
    pub nexmo_path: Option<String>,
}

pub(super) fn read<G: Fn(&str) -> Option<Var>>(reader: &mut Reader<G>) -> ChatAndPath {
    let account = layer_account(reader);
    let webhook_secret = reader.read(&table::LAYER_WEBHOOK_SECRET, values::webhook_secret);
    let path = reader.read(&table::LAYER_PATH, paths::read);
    let nexmo_path = reader.read(&table::NEXMO_PATH, paths::read);
    let webhook_name = reader.text(&table::WEBHOOK_NAME);
    if let (Some(layer), Some(nexmo)) = (&path, &nexmo_path) {
        check_overlap(reader, layer, nexmo);
    }
    let chat = || {
        Some(Chat::Layer(LayerChat {
            account: account?,
            webhook_secret: webhook_secret?,
            path: path?,
            webhook_name: webhook_name?,
        }))
    };
    ChatAndPath {
        chat: chat(),
        nexmo_path,
    }
}

fn layer_account<G: Fn(&str) -> Option<Var>>(reader: &mut Reader<G>) -> Option<LayerAccount> {
    let app_id = reader.read(&table::LAYER_APP_ID, values::app_id);
    let token = reader.read(&table::LAYER_BEARER_TOKEN, values::token);
    let version = reader.read(&table::LAYER_API_VERSION, values::version);
    let api_url = reader.read(&table::LAYER_API_URL, url::base);
    Some(LayerAccount {
        app_id: app_id?,
        token: token?,
        version: version?,
        api_url: api_url?,
    })
}

/// If the paths overlap, the problem names the path that the operator set.
fn check_overlap<G: Fn(&str) -> Option<Var>>(reader: &mut Reader<G>, layer: &str, nexmo: &str) {
    if !paths::is_within(layer, nexmo) && !paths::is_within(nexmo, layer) {
        return;
    }
    let (setting, path, other) = if reader.is_set(&table::NEXMO_PATH) {
        (table::NEXMO_PATH, nexmo, table::LAYER_PATH)
    } else {
        (table::LAYER_PATH, layer, table::NEXMO_PATH)
    };
    reader.problem(&setting, format!("{} overlaps {}", quote(path), other.name));
}
