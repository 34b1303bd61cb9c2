//! Texts that are due at once and leave from one US number, which takes one a second. `RUSH=100` makes it 100 texts
//! instead of 20.

use std::time::Duration;

use standins::{Text, User};

use crate::support::{ALICE, NUMBERS, World};

/// Longer than it takes to write all messages, so that all texts are due together.
const DELAY: (&str, &str) = ("DELAY", "3 seconds");
/// How much longer than at the limit a rush may take.
const MOST: f64 = 1.0 / 0.85;

/// A world with one number, with or without its pace.
async fn world(paced: bool) -> World {
    let settings = [DELAY, ("NEXMO_NUMBERS", NUMBERS[0])];
    World::with_options(&settings, |_, nexmo, worker| {
        nexmo.throughput = true;
        worker.without_paces = !paced;
    })
    .await
}

/// Alice writes to so many people, each in a conversation of their own.
fn rush(world: &World, count: usize) {
    for person in 0..count {
        let id = format!("person{person}");
        let phone = format!("1555010{person:04}");
        world.layer.create_user(User::new(&id, &id, &phone));
        world.say(&world.conversation(&[ALICE, &id]), ALICE, "Hello");
    }
}

/// The texts of a rush, once all have left.
async fn texts(world: &World, count: usize) -> Vec<Text> {
    let longest = Duration::from_secs(60) * u32::try_from(count).unwrap() / 20;
    let texts = world.nexmo.wait_for(longest, |it| it.len() >= count).await;
    texts.unwrap_or_else(|_| panic!("not all of {count} texts left in {longest:?}"))
}

#[tokio::test]
async fn a_rush_leaves_at_over_85_percent_of_the_limit_in_three_requests_each() {
    let count = std::env::var("RUSH").map_or(20, |count| count.parse().unwrap());
    let world = world(true).await;
    rush(&world, count);
    let texts = texts(&world, count).await;
    let took = texts[count - 1].at - texts[0].at;
    let requests = world.nexmo.traffic().count("/sms/json");
    println!("{count} texts left in {took:?}, with {requests} requests");
    // The first leaves at once.
    let at_the_limit = f64::from(u32::try_from(count - 1).unwrap());
    assert!(took.as_secs_f64() <= at_the_limit * MOST, "{took:?}");
    assert!(requests <= count * 3, "{requests}");
    assert!(world.entries("pace.no_response").is_empty());
}

#[tokio::test]
async fn texts_that_get_no_moment_leave_after_a_random_time() {
    let count = 3;
    let world = world(false).await;
    rush(&world, count);
    texts(&world, count).await;
    assert!(!world.entries("pace.no_response").is_empty());
}
