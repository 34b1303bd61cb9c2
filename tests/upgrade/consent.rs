//! Users who want no texts.

use std::time::Duration;

use serde_json::Value;

use crate::{
    people::{ALICE, NIAS_PHONE, phone},
    support::QUIET,
    upgraded::after,
};

const PAST_DUE: Duration = Duration::from_secs(2 * 3_600);

#[tokio::test]
async fn a_phone_that_sent_stop_gets_nothing_until_it_sends_start() {
    let mut world = after(PAST_DUE).await;
    // Oli has never been texted: only KV knows that his phone wants no texts.
    let dropped = world.entries_when("notice.dropped", 1).await;
    assert_eq!(dropped[0]["reason"], "opted_out");
    world.redeploy(&[("DELAY", "0")]).await;
    let nia = world.thread("nia", "nia");
    world.say(&nia.conversation, ALICE, "Not to be texted");
    world.entries_when("notice.dropped", 2).await;
    assert_eq!(world.texts_to(NIAS_PHONE), [""; 0]);

    world.deliver_reply(&nia.reply("START")).await;
    let is_idle = |record: &Value| record["replies"]["waiting"] == 0;
    world.record_when("nia", is_idle).await;
    world.say(&nia.conversation, ALICE, "Wanted again");
    world.texted("nia", 1).await;
    world.say(&world.id("oli"), ALICE, "Wanted by Oli too");
    let texts = world.texted("oli", 2).await;
    let wanted = [
        "alice: Wanted again",
        "New thread\n\nalice: Wanted by Oli too",
    ];
    assert_eq!(texts, wanted);
}

#[tokio::test]
async fn a_stop_whose_answer_failed_is_answered_once() {
    let world = after(Duration::from_secs(70)).await;
    let is_idle = |record: &Value| record["replies"]["waiting"] == 0;
    let record = world.record_when("pat", is_idle).await;
    assert_eq!(record["opted_out"]["phone"], phone("pat"));
    tokio::time::sleep(QUIET).await;
    assert_eq!(world.texts_to(phone("pat")), ["You are out."]);
}
