//! Reads the settings of Layer.

use super::{
    paths,
    reader::{Reader, quote},
    table, url, values,
};
use crate::layer::{account::LayerAccount, chat::LayerChat, version::ApiVersion};

/// `nexmo_path` must not overlap with the path of the webhook.
pub(super) fn read(reader: &mut Reader<'_>, nexmo_path: Option<&str>) -> Option<LayerChat> {
    let account = account(reader);
    let webhook_secret = reader.read(&table::LAYER_WEBHOOK_SECRET, values::webhook_secret);
    let path = reader.read(&table::LAYER_PATH, paths::read);
    let webhook_name = reader.text(&table::WEBHOOK_NAME);
    if let (Some(layer), Some(nexmo)) = (&path, nexmo_path) {
        check_overlap(reader, layer, nexmo);
    }
    Some(LayerChat {
        account: account?,
        webhook_secret: webhook_secret?,
        path: path?,
        webhook_name: webhook_name?,
    })
}

fn account(reader: &mut Reader<'_>) -> Option<LayerAccount> {
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
fn check_overlap(reader: &mut Reader<'_>, layer: &str, nexmo: &str) {
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

/// Only version 3.0 can mark up to a message and no further.
pub(super) fn check_mark_read(
    reader: &mut Reader<'_>,
    chat: Option<&LayerChat>,
    mark_read: Option<bool>,
) {
    let version = chat.map(|chat| chat.account.version);
    if mark_read == Some(true) && version.is_some_and(|it| it != ApiVersion::V3_0) {
        reader.problem(&table::MARK_READ, "needs LAYER_API_VERSION=3.0".to_owned());
    }
}
