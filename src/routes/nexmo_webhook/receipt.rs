//! Delivery receipts, which are passed on to user records if they matter.

use texting::{
    delivery::Door,
    nexmo::receipt::read,
    record::command::{Event, Outcome},
    settings::Settings,
};
use worker::Env;

use super::{Params, ignore, is_too_old, not_stored, refuse, unreadable, user_at};
use crate::{
    http::{error::Handled, response},
    objects::user_record::client,
    platform::kv::KvNamespace,
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
    let (must_be_open, open_key) = match Door::of(&receipt, kept) {
        Door::Nothing => return ignore("a delivery receipt that does not matter"),
        Door::TellIf(key) => (true, Some(key)),
        Door::Tell => (false, None),
    };
    let kv = KvNamespace::new(env);
    let known = user_at(&kv, &receipt.phone, &receipt.number, open_key).await;
    let (user_id, open) = known.map_err(not_stored)?;
    if must_be_open && open.is_none() {
        return ignore("a delivery receipt that does not matter");
    }
    let Some(user_id) = user_id else {
        return ignore("a delivery receipt of an unknown phone");
    };
    let event = Event::DeliveryReceipt(receipt);
    let told = client::tell_with_timeout(env, &user_id, &event).await;
    match told.map_err(not_stored)? {
        Outcome::Known => ignore("a delivery receipt that is unknown or says nothing new"),
        _ => Ok(response::empty()?),
    }
}
