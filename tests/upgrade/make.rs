//! Makes `first-release/`: drives the first release's own build by webhooks, and kills it at work.
//!
//! `FIRST_RELEASE=$PWD/.tools/first-release/build cargo test --test upgrade makes -- --ignored`

mod chat;
mod failing;
mod flight;
mod maker;

use std::time::Duration;

use maker::Maker;

#[tokio::test]
#[ignore = "replaces the files in tests/upgrade/first-release; FIRST_RELEASE names the folder of the first release's build"]
async fn the_first_release_makes_the_state() {
    let mut maker = Maker::start("0").await;
    maker.long_ago().await;
    maker.pass(Duration::from_secs(8 * 24 * 3_600)).await;
    maker.texts_and_replies().await;
    maker.what_ends_without_a_text().await;
    maker.redeploy("1 hour").await;
    maker.messages_that_wait().await;
    maker.redeploy("0").await;
    maker.what_fails().await;
    maker.what_is_under_way().await;
    maker.kill_and_keep().await;
}
