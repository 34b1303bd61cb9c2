//! Receipts that come before Nexmo's response to the text.

use standins::{Push, ReceiptTime, Receipts};

use crate::{
    receiving::{said, verdict},
    support::{ALICE, BEN, BENS_PHONE, SOON, World},
};

/// Texts Ben while Nexmo pushes all receipts before it responds; `code`: why they fail, if they do.
async fn text_with_early_receipts(kept: &str, code: Option<u16>) -> World {
    let world = World::without_delay(&[("DELIVERY_RECEIPTS", kept)]).await;
    world.nexmo.receipts(Receipts {
        time: ReceiptTime::BeforeResponse,
        failing: code
            .map(|code| (BENS_PHONE.to_owned(), code))
            .into_iter()
            .collect(),
        ..Receipts::default()
    });
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.texts(1).await;
    let both = |pushes: &[Push]| pushes.len() == 2 && pushes.iter().all(|one| one.finished);
    let pushes = world.nexmo.wait_for_pushes(SOON, both).await.unwrap();
    assert!(pushes.iter().all(Push::delivered), "{pushes:?}");
    world
}

async fn ends_as_texted(world: &World) {
    let record = world.waiting(BEN, 0).await;
    assert_eq!(record["links"][0]["introduced"], true);
    world.entries_when("notice.sent", 1).await;
    assert_eq!(world.nexmo.traffic().count("/sms/json"), 1);
}

#[tokio::test]
async fn a_failure_before_the_response_is_kept_and_the_notice_ends_as_texted() {
    for kept in ["failures", "all"] {
        let world = text_with_early_receipts(kept, Some(8)).await;
        ends_as_texted(&world).await;
        assert_eq!(world.verdict().await, said("undelivered_passing", 8));
    }
}

#[tokio::test]
async fn a_delivery_before_the_response_is_kept_and_the_notice_ends_as_texted() {
    let world = text_with_early_receipts("all", None).await;
    ends_as_texted(&world).await;
    assert_eq!(world.verdict().await, said("delivered", None));
}

#[tokio::test]
async fn if_only_failures_are_kept_a_delivery_before_the_response_changes_nothing() {
    let world = text_with_early_receipts("failures", None).await;
    ends_as_texted(&world).await;
    assert_eq!(verdict(&world.record(BEN).await), (None, None));
}
