//! Code 9: the carrier says that the user has opted out.

use serde_json::Value;
use standins::User;

use crate::{
    receiving::{Next, said},
    support::{BEN, BENS_PHONE, World},
};

const DAN: &str = "dan";

fn opted_out() -> Next {
    Next::Dropped("opted_out".to_owned())
}

/// A world in which Dan has Ben's phone.
async fn world() -> World {
    let world = World::without_delay(&[("STOP_REPLY", "You are out.")]).await;
    world.layer.create_user(User::new(DAN, "Dan", BENS_PHONE));
    world
}

fn is_idle(record: &Value) -> bool {
    record["replies"]["waiting"] == 0
}

#[tokio::test]
async fn code_9_is_a_stop_of_the_phone_that_is_not_answered() {
    let world = world().await;
    let dans = world.new_thread(DAN).await;
    let (thread, text) = world.texted(BEN).await;
    let texts = world.nexmo.texts().len();
    world.receive_failure(&text, 9).await;
    let record = world.record_when(BEN, is_idle).await;
    assert_eq!(record["opted_out"]["phone"], BENS_PHONE);
    assert_eq!(world.next(&thread, BEN).await, opted_out());
    assert_eq!(world.next(&dans, DAN).await, opted_out());
    assert_eq!(
        world.nexmo.texts().len(),
        texts,
        "nor was the STOP answered"
    );
    assert!(world.layer.posts().is_empty());
}

#[tokio::test]
async fn start_lifts_it() {
    let world = world().await;
    let dans = world.new_thread(DAN).await;
    let (thread, text) = world.texted(BEN).await;
    world.receive_failure(&text, 9).await;
    world.record_when(BEN, is_idle).await;
    assert_eq!(world.next(&thread, BEN).await, opted_out());
    world.deliver_reply(&thread.reply("START")).await;
    world.record_when(BEN, is_idle).await;
    assert_eq!(world.next(&thread, BEN).await, Next::Texted);
    assert_eq!(world.next(&dans, DAN).await, Next::Texted);
}

#[tokio::test]
async fn a_start_that_came_after_the_text_left_wins_over_a_late_code_9() {
    let world = world().await;
    let (thread, text) = world.texted(BEN).await;
    world.deliver_reply(&thread.reply("START")).await;
    world.record_when(BEN, is_idle).await;
    world.receive_failure(&text, 9).await;
    world.record_when(BEN, is_idle).await;
    assert_eq!(world.verdict().await, said("undelivered_opted_out", 9));
    assert_eq!(world.next(&thread, BEN).await, Next::Texted);
    world.new_thread(DAN).await;
}

#[tokio::test]
async fn a_late_code_9_wins_over_a_start_that_came_before_the_text_left() {
    let world = world().await;
    let (thread, _) = world.texted(BEN).await;
    world.deliver_reply(&thread.reply("START")).await;
    world.record_when(BEN, is_idle).await;
    world.thread_in(&thread.conversation, BEN).await;
    world.receive_failure(&world.last_text(BENS_PHONE), 9).await;
    assert_eq!(world.next(&thread, BEN).await, opted_out());
}
