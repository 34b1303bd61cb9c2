//! Replies that waited, and parts of long texts.

use std::time::Duration;

use standins::Inbound;

use crate::{
    fixture::inbound,
    people::phone,
    support::QUIET,
    upgraded::{after, at_once},
};

/// The long text of which the first release had all but the second part.
const WHOLE: &str = "Half of it is here. ";

#[tokio::test]
async fn waiting_replies_are_posted_once_in_their_order() {
    let world = after(Duration::from_secs(70)).await;
    let conversation = world.id("lea");
    world.posted(&conversation, 3).await;
    tokio::time::sleep(QUIET).await;
    assert_eq!(world.replies_in(&conversation), ["One", "Two", "Three"]);
}

#[tokio::test]
async fn parts_that_were_held_are_joined_with_the_part_that_was_missing() {
    let world = at_once().await;
    let late = inbound(&world.fixture.late_parts["jan"]);
    assert_eq!(world.push(&late).await, 200);
    let posted = world.posted_texts(&world.id("jan"), 1).await;
    assert_eq!(posted, [WHOLE.repeat(20)]);
    assert_eq!(world.record("jan").await["parts_waiting"], 0);
}

#[tokio::test]
async fn parts_whose_rest_does_not_come_are_posted_after_ten_minutes() {
    let mut world = after(Duration::from_secs(9 * 60)).await;
    assert_eq!(world.record("kim").await["parts_waiting"], 2);
    world.advance_clock(Duration::from_secs(65)).await;
    let posted = world.posted_texts(&world.id("kim"), 1).await;
    let mut held: Vec<Inbound> = world.fixture.inbound.iter().map(inbound).collect();
    held.retain(|part| part.param("msisdn") == Some(phone("kim")));
    held.sort_by_key(|part| part.param("concat-part").map(str::to_owned));
    let held: String = held.iter().filter_map(|part| part.param("text")).collect();
    assert_eq!(posted, [held]);
}
