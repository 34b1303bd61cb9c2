//! What was under way when the first release was killed. Its leases end after 45 seconds.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    support::{QUIET, SOON},
    upgraded::{after, at_once},
};

const LEASE: Duration = Duration::from_secs(46);
const TEXT: &str = "New thread\n\nalice: In flight";

#[tokio::test]
async fn nothing_is_taken_up_before_it_is_due_or_its_lease_ends() {
    let world = at_once().await;
    tokio::time::sleep(QUIET).await;
    for user in ["gus", "hal"] {
        let record = world.record(user).await;
        assert_eq!(record["notices"]["first"][0]["sending"], true);
    }
    assert_eq!(world.record("ben").await["notices"]["waiting"], 4);
    assert!(world.nexmo.texts().is_empty() && world.layer.posts().is_empty());
}

#[tokio::test]
async fn a_text_that_nexmo_had_taken_arrives_twice_and_one_that_it_had_not_once() {
    let world = after(LEASE).await;
    for (user, times) in [("gus", 2), ("hal", 1)] {
        world.texted(user, 1).await;
        tokio::time::sleep(QUIET).await;
        let wanted = BTreeMap::from([(TEXT.to_owned(), times)]);
        assert_eq!(world.all_texts_to(user), wanted, "{user}");
    }
}

#[tokio::test]
async fn a_reply_that_the_chat_had_taken_is_posted_again_with_its_id_and_is_there_once() {
    let world = after(LEASE).await;
    let conversation = world.id("ida");
    let repeated = |requests: &[standins::Recorded]| {
        let posts = requests.iter().filter(|one| one.method == "POST");
        posts.filter(|one| one.path.contains(&conversation)).count() == 1
    };
    let traffic = world.layer.traffic();
    traffic.wait_for(SOON, repeated).await.unwrap();
    let is_idle = |record: &serde_json::Value| record["replies"]["waiting"] == 0;
    world.record_when("ida", is_idle).await;
    let posts = world.layer.posts().into_iter();
    let repeats: Vec<bool> = posts
        .filter(|post| post.conversation == conversation)
        .map(|post| post.repeat)
        .collect();
    assert_eq!(repeats, [true]);
    assert_eq!(world.replies_in(&conversation), ["Into the dark"]);
}
