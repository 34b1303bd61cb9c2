//! Phones that no text reaches.

use serde_json::Value;
use standins::User;

use crate::{
    receiving::Next,
    support::{BEN, BENS_PHONE, Thread, World},
};

fn unreachable() -> Next {
    Next::Dropped("unreachable".to_owned())
}

/// The next text to Ben leaves, and fails with this code.
async fn next_fails(world: &World, thread: &Thread, code: u16) {
    assert_eq!(world.next(thread, BEN).await, Next::Texted);
    world
        .receive_failure(&world.last_text(BENS_PHONE), code)
        .await;
}

#[tokio::test]
async fn a_phone_out_of_service_is_not_texted_until_it_sends_a_text() {
    for code in [3, 4] {
        let world = World::without_delay(&[]).await;
        let (thread, text) = world.texted(BEN).await;
        world.receive_failure(&text, code).await;
        for _ in 0..2 {
            assert_eq!(world.next(&thread, BEN).await, unreachable());
        }
        let record = world.record(BEN).await;
        assert_eq!(record["unreachable"]["phone"], BENS_PHONE);
        assert_eq!(record["opted_out"], Value::Null);
        world.deliver_reply(&thread.reply("Back again")).await;
        world.posted(&thread.conversation, 1).await;
        assert_eq!(world.next(&thread, BEN).await, Next::Texted);
    }
}

#[tokio::test]
async fn three_texts_in_a_row_that_do_not_arrive_make_a_phone_unreachable() {
    let world = World::without_delay(&[]).await;
    let (thread, text) = world.texted(BEN).await;
    world.receive_failure(&text, 12).await;
    for code in [14, 12] {
        next_fails(&world, &thread, code).await;
    }
    let next = world.next(&thread, BEN).await;
    println!("12, 14 and 12 in a row: {next:?}");
    assert_eq!(next, unreachable());
}

#[tokio::test]
async fn one_that_arrives_or_fails_otherwise_in_between_begins_the_row_anew() {
    let world = World::without_delay(&[("DELIVERY_RECEIPTS", "all")]).await;
    let (thread, text) = world.texted(BEN).await;
    world.receive_failure(&text, 12).await;
    next_fails(&world, &thread, 12).await;
    assert_eq!(world.next(&thread, BEN).await, Next::Texted);
    let arrived = world.last_text(BENS_PHONE);
    let receipt = world.nexmo.receipt(&arrived, 0, "delivered", "0");
    world.receive(&arrived, &receipt).await;
    for code in [14, 14, 2, 14, 14] {
        next_fails(&world, &thread, code).await;
    }
    next_fails(&world, &thread, 14).await;
    assert_eq!(world.next(&thread, BEN).await, unreachable());
}

#[tokio::test]
async fn a_new_phone_is_texted() {
    let mut world = World::without_delay(&[]).await;
    let (thread, text) = world.texted(BEN).await;
    world.receive_failure(&text, 3).await;
    let new = "15550102099";
    world.layer.create_user(User::new(BEN, "Ben", new));
    // The identity is cached for five minutes.
    world.redeploy(&[]).await;
    let thread = Thread {
        phone: new.to_owned(),
        ..thread
    };
    assert_eq!(world.next(&thread, BEN).await, Next::Texted);
    let record = world.record(BEN).await;
    assert_eq!(record["unreachable"], Value::Null);
}

#[tokio::test]
async fn another_user_of_the_phone_is_texted() {
    let world = World::without_delay(&[]).await;
    let (_, text) = world.texted(BEN).await;
    world.receive_failure(&text, 3).await;
    world.layer.create_user(User::new("dan", "Dan", BENS_PHONE));
    world.new_thread("dan").await;
}
