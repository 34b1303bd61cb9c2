//! Receipts for each part of a text, twice and in any order.

use standins::{Receipts, Text};

use crate::{
    receiving::said,
    support::{ALICE, BEN, BENS_PHONE, World},
};

/// A text of two parts to Ben.
async fn long_text(kept: &str) -> (World, Text) {
    let world = World::without_delay(&[("DELIVERY_RECEIPTS", kept)]).await;
    let words = "Words, and more. ".repeat(12);
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, &words);
    let text = world.texts(1).await.remove(0);
    assert_eq!(text.message_ids.len(), 2);
    world.waiting(BEN, 0).await;
    (world, text)
}

/// Pushes receipts of parts; checks the verdict after each.
async fn verdicts_after(
    kept: &str,
    receipts: &[(usize, &str, u16)],
    verdicts: &[(Option<String>, Option<i64>)],
) {
    let (world, text) = long_text(kept).await;
    for ((part, status, code), verdict) in receipts.iter().zip(verdicts) {
        let receipt = world.nexmo.receipt(&text, *part, status, &code.to_string());
        world.receive(&text, &receipt).await;
        assert_eq!(world.verdict().await, *verdict, "{receipts:?}");
    }
    assert_eq!(world.nexmo.texts().len(), 1);
}

const NOTHING: (Option<String>, Option<i64>) = (None, None);

#[tokio::test]
async fn a_text_is_delivered_when_each_of_its_parts_is() {
    let receipts = [
        (1, "accepted", 0),
        (1, "delivered", 0),
        (1, "delivered", 0),
        (0, "delivered", 0),
        (0, "accepted", 0),
    ];
    let delivered = said("delivered", None);
    let verdicts = [NOTHING, NOTHING, NOTHING, delivered.clone(), delivered];
    verdicts_after("all", &receipts, &verdicts).await;
}

#[tokio::test]
async fn one_part_that_failed_fails_the_text_whatever_comes_later() {
    let receipts = [
        (0, "delivered", 0),
        (1, "failed", 8),
        (1, "failed", 3),
        (0, "failed", 9),
        (1, "delivered", 0),
        (1, "accepted", 0),
    ];
    let failed = said("undelivered_passing", 8);
    for kept in ["failures", "all"] {
        let mut verdicts = vec![failed.clone(); 6];
        verdicts[0] = NOTHING;
        verdicts_after(kept, &receipts, &verdicts).await;
    }
}

#[tokio::test]
async fn the_first_final_word_on_a_part_counts() {
    let receipts = [(0, "delivered", 0), (0, "failed", 3), (1, "delivered", 0)];
    let verdicts = [NOTHING, NOTHING, said("delivered", None)];
    verdicts_after("all", &receipts, &verdicts).await;
}

#[tokio::test]
async fn a_receipt_without_our_reference_is_known_by_nexmos_id() {
    let (world, text) = long_text("failures").await;
    let receipt = world.nexmo.receipt(&text, 1, "rejected", "2");
    world.receive(&text, &receipt.without("client-ref")).await;
    assert_eq!(world.verdict().await, said("undelivered_passing", 2));
}

#[tokio::test]
async fn receipts_that_nexmo_pushes_twice_and_in_the_wrong_order_count_once() {
    let world = World::without_delay(&[("DELIVERY_RECEIPTS", "all")]).await;
    world.nexmo.receipts(Receipts {
        failing: [(BENS_PHONE.to_owned(), 12)].into(),
        twice: true,
        reversed: true,
        ..Receipts::default()
    });
    let (thread, _) = world.texted(BEN).await;
    for texts in 2..=4 {
        // Three failures in a row would be too many. These are two for each text, but of one text each.
        let pushed = |pushes: &[standins::Push]| {
            pushes.len() == 4 * (texts - 1) && pushes.iter().all(|one| one.finished)
        };
        let soon = crate::support::SOON;
        world.nexmo.wait_for_pushes(soon, pushed).await.unwrap();
        assert_eq!(world.verdict().await, said("undelivered_unreachable", 12));
        let unreachable = world.record(BEN).await["unreachable"].is_object();
        assert_eq!(unreachable, texts == 4);
        if texts < 4 {
            world.thread_in(&thread.conversation, BEN).await;
        }
    }
}
