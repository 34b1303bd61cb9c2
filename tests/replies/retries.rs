use std::{collections::BTreeSet, time::Duration};

use standins::{Fault, Repeat, What, When};

use crate::support::{BEN, NUMBERS, SOON, Thread, World};

const HALF_A_MINUTE: Duration = Duration::from_secs(30);

/// Makes the first `times` posts into the thread's conversation fail.
fn posts_of(thread: &Thread, what: What, times: u64) -> Fault {
    Fault::new(When::path(&thread.conversation).method("POST"), what).times(times)
}

/// Asserts that a reply was posted in `tries` tries with the same id and is one message.
async fn assert_posted_once(world: &World, thread: &Thread, tries: usize) {
    let posted = world
        .posted_within(&thread.conversation, 1, HALF_A_MINUTE)
        .await;
    world
        .record_when(BEN, |record| !is_waiting(record, &thread.conversation))
        .await;
    assert_eq!(posted.len(), 1);
    assert_eq!(world.posted(&thread.conversation, 1).await.len(), 1);
    let path = format!("/conversations/{}/messages", thread.conversation);
    let requests = world.layer.traffic().requests();
    let ids: Vec<_> = requests
        .iter()
        .filter(|request| request.method == "POST" && request.path.ends_with(&path))
        .map(|request| request.header("if-none-match").unwrap())
        .collect();
    assert_eq!(ids.len(), tries);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1, "{ids:?}");
}

fn is_waiting(record: &serde_json::Value, conversation: &str) -> bool {
    let waiting = record["replies"]["first"].as_array().unwrap();
    waiting
        .iter()
        .any(|reply| reply["conversation_id"] == conversation)
}

#[tokio::test]
async fn a_reply_is_retried_until_layer_accepts_it() {
    let world = World::without_delay(&[]).await;
    let mut threads = Vec::new();
    for _ in NUMBERS {
        threads.push(world.new_thread(BEN).await);
    }
    world.layer.traffic().set_faults(vec![
        posts_of(
            &threads[0],
            What::Status(500, "<html>oops</html>".to_owned()),
            2,
        ),
        posts_of(&threads[1], What::Status(429, String::new()), 2),
        posts_of(&threads[2], What::Reset, 2),
    ]);
    for thread in &threads {
        world.deliver_reply(&thread.reply("Against all odds")).await;
    }
    for thread in &threads {
        assert_posted_once(&world, thread, 3).await;
    }
    assert_eq!(world.layer.traffic().fired(), [2, 2, 2]);
    assert_eq!(
        world.record(BEN).await["failures"].as_array().map(Vec::len),
        Some(0)
    );
}

#[tokio::test]
async fn a_post_that_hangs_times_out() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let hang = posts_of(&thread, What::Hang(Duration::from_secs(60)), 1);
    world.layer.traffic().set_faults(vec![hang]);
    world.deliver_reply(&thread.reply("Hello?")).await;
    assert_posted_once(&world, &thread, 2).await;
}

#[tokio::test]
async fn a_post_whose_response_is_lost_is_not_doubled() {
    let world = World::without_delay(&[]).await;
    for repeat in [Repeat::Created, Repeat::Ok, Repeat::Conflict] {
        world.layer.set_repeat(repeat);
        let thread = world.new_thread(BEN).await;
        world
            .layer
            .traffic()
            .set_faults(vec![posts_of(&thread, What::AcceptThenReset, 1)]);
        world.deliver_reply(&thread.reply("Taken")).await;
        let doubled = |all: &[standins::Recorded]| {
            all.iter()
                .filter(|one| one.method == "POST" && one.path.contains(&thread.conversation))
                .count()
                >= 2
        };
        world.layer.traffic().wait_for(SOON, doubled).await.unwrap();
        assert_posted_once(&world, &thread, 2).await;
        assert!(world.layer.posts().last().unwrap().repeat, "{repeat:?}");
    }
}
