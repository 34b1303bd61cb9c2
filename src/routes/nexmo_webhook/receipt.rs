//! Delivery receipts, which are passed on to user records if they matter.

use texting::{
    delivery::Door,
    kv::{self, Kv, KvError},
    nexmo::receipt::read,
    record::command::{Event, Outcome},
    settings::Settings,
};
use worker::Env;

use super::{Params, ignore, is_too_old, not_stored, refuse, unreadable, user_at};
use crate::{
    http::{error::Handled, response},
    objects::user_record::client,
    platform::{clock::now, kv::KvNamespace},
};

/// Handles a request that is vouched for.
pub(super) async fn handle(env: &Env, settings: &Settings, params: &Params) -> Handled {
    let (receipt, details) = match read(params) {
        Ok(Some(read)) => read,
        Ok(None) => return ignore("a probe without parameters"),
        Err(error) => return unreadable(&error.to_string()),
    };
    if is_too_old(settings, &details) {
        return refuse("timestamp is older than NEXMO_SIGNATURE_MAX_AGE");
    }
    let kept = settings.receipts.as_ref().map(|receipts| receipts.kept);
    let kv = KvNamespace::new(env);
    let matters = match Door::of(&receipt, kept) {
        Door::Nothing => false,
        Door::TellIf(key) => is_there(&kv, key).await.map_err(not_stored)?,
        Door::Tell => true,
    };
    if !matters {
        return ignore("a delivery receipt that does not matter");
    }
    let known = user_at(&kv, &receipt.phone, &receipt.number).await;
    let Some(user_id) = known.map_err(not_stored)? else {
        return ignore("a delivery receipt of an unknown phone");
    };
    let event = Event::DeliveryReceipt(receipt);
    let told = client::tell_with_timeout(env, &user_id, &event).await;
    match told.map_err(not_stored)? {
        Outcome::Known => ignore("a delivery receipt that is unknown or says nothing new"),
        _ => Ok(response::empty()?),
    }
}

/// Whether KV has an entry. It is asked for alone: most receipts need nothing else of KV.
async fn is_there(kv: &KvNamespace, key: String) -> Result<bool, KvError> {
    let found = kv.get(&[key], now() + kv::TIMEOUT).await?;
    Ok(found.iter().any(Option::is_some))
}
