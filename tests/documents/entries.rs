//! A Worker that has written many kinds of log entries.

use reqwest::Method;
use standins::{Fault, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, FIRST_RUN, Thread, World, fetch};

/// A world with a Tail Worker, in which an unread message is texted at once.
pub async fn world_with_tail() -> World {
    World::with_options(&[("DELAY", "0")], |_, _, worker| worker.with_tail = true).await
}

/// A world in which the log has entries of many kinds, and Ben's thread.
pub async fn world_with_entries() -> (World, Thread) {
    let world = world_with_tail().await;
    let thread = world.new_thread(BEN).await;
    let text = world.nexmo.texts().pop().unwrap();
    cause_postponed(&world, &thread).await;
    cause_failed(&world, &thread).await;
    let receipt = world.nexmo.receipt(&text, 0, "failed", "6");
    world
        .push_to(&receipt, text.callback.as_deref().unwrap())
        .await;
    world.entries_when("text.undelivered", 1).await;
    cause_refused(&world, &thread).await;
    world.deliver_reply(&thread.reply("STOP")).await;
    world.entries_when("reply.done", 1).await;
    world.say(&thread.conversation, ALICE, "Still there?");
    world.entries_when("notice.dropped", 1).await;
    let traffic = world.nexmo.traffic();
    traffic.set_faults(vec![Fault::new(
        When::path("/account/"),
        What::Status(401, String::new()),
    )]);
    world.setup().await;
    world.worker.fire_cron_at(FIRST_RUN).await;
    world.entries_when("health.problem", 1).await;
    (world, thread)
}

/// Nexmo does this to the next text to a phone.
fn next(world: &World, phone: &str, what: What) {
    let fault = Fault::new(When::phone(phone), what).times(1);
    world.nexmo.traffic().set_faults(vec![fault]);
}

fn status(code: u16, text: &str) -> What {
    What::NexmoStatus(code, text.to_owned())
}

async fn cause_postponed(world: &World, thread: &Thread) {
    next(world, BENS_PHONE, What::ThrottleFor(1));
    world.say(&thread.conversation, ALICE, "Are you?");
    world.entries_when("notice.sent", 2).await;
    next(world, BENS_PHONE, status(5, "internal"));
    world.say(&thread.conversation, ALICE, "Are you here?");
    world.entries_when("notice.sent", 3).await;
    let caras = world.new_thread(CARA).await;
    next(world, CARAS_PHONE, status(9, "quota"));
    world.say(&caras.conversation, ALICE, "Are you there, too?");
    world.entries_when("notice.postponed", 3).await;
}

async fn cause_failed(world: &World, thread: &Thread) {
    next(world, BENS_PHONE, status(7, "barred"));
    world.say(&thread.conversation, ALICE, "Are you not?");
    world.entries_when("notice.failed", 1).await;
}

async fn cause_refused(world: &World, thread: &Thread) {
    let url = world.inbound_url(&thread.number);
    let (base, _) = url.rsplit_once('/').unwrap();
    fetch(Method::GET, &format!("{base}/4a?msisdn=1&to=2")).await;
    fetch(
        Method::POST,
        &format!("{}/nexmo-new-message", world.worker.url()),
    )
    .await;
    world.entries_when("layer_webhook.bad_signature", 1).await;
}
