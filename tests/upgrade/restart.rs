//! A restart after the upgrade.

use std::time::Duration;

use crate::{
    people::ALICE,
    support::{QUIET, path_segment},
    upgraded::after,
};

/// Longer than every delay, wait and lease in the state.
const LONG: Duration = Duration::from_secs(2 * 3_600);

#[tokio::test]
async fn the_state_survives_a_restart_and_nothing_is_texted_again() {
    let mut world = after(LONG).await;
    let users = world.fixture.records.keys().cloned();
    // Alice gets the replies that are posted now.
    let users: Vec<String> = users.filter(|user| user != ALICE).collect();
    for user in &users {
        world.waiting(&path_segment(user), 0).await;
    }
    let texts = world.nexmo.texts().len();
    world.worker.kill_9();
    world.worker.restart().await;
    for user in &users {
        assert_eq!(world.record(user).await["user_id"], **user);
    }
    tokio::time::sleep(QUIET).await;
    assert_eq!(world.nexmo.texts().len(), texts);
    let thread = world.thread("ben", "ben");
    world.redeploy(&[("DELAY", "0")]).await;
    let before = world.texted("ben", 0).await.len();
    world.say(&thread.conversation, ALICE, "After the restart");
    let texts = world.texted("ben", before + 1).await;
    assert_eq!(texts.last().unwrap(), "alice: After the restart");
}
