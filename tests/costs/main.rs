//! What a message costs, from the runtime's counters and the stand-ins' records.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and this one prints its counts"
)]

#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use serde_json::Value;
use standins::{Fault, Text, User, What, When};
use support::{ALICE, BEN, BENS_PHONE, CARA, NUMBERS, QUIET, World, quiet_now};

/// Rows deleted after this test has ended: one per message, reply or verdict on a text, which records how it ended until
/// it is reported to the statistics hours later.
const DELETED_LATER: u64 = 1;
/// The same of a message that is texted: its text is forgotten days later, when no receipt can come any more.
const TEXT_DELETED_LATER: u64 = 2;
/// The alarm for when a message is due, which a message without a delay does not need.
const ALARM: u64 = 1;

/// The cost of one message or reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bill {
    rows_read: u64,
    /// Cloudflare bills each setting of an alarm as a row written.
    rows_written: u64,
    alarms_set: u64,
    kv_reads: u64,
    kv_writes: u64,
    outbound: usize,
    waited_ms: u64,
}

async fn bill_so_far(world: &World, user: &str) -> Bill {
    let cost = &world.record(user).await["cost_of_this_instance"];
    let count = |name: &str| cost[name].as_u64().unwrap();
    Bill {
        rows_read: count("rows_read"),
        rows_written: count("rows_written") + count("alarms_set"),
        alarms_set: count("alarms_set"),
        kv_reads: count("kv_reads"),
        kv_writes: count("kv_writes"),
        outbound: world.layer.traffic().requests().len() + world.nexmo.traffic().requests().len(),
        waited_ms: count("waited_ms"),
    }
}

/// The cost to Ben's record of running `work`, which is printed as `what`.
async fn bill(world: &World, what: &str, work: impl AsyncFnOnce()) -> Bill {
    bill_of(world, BEN, what, work).await
}

async fn bill_of(world: &World, user: &str, what: &str, work: impl AsyncFnOnce()) -> Bill {
    let before = bill_so_far(world, user).await;
    work().await;
    tokio::time::sleep(QUIET).await;
    let after = bill_so_far(world, user).await;
    let bill = Bill {
        rows_read: after.rows_read - before.rows_read,
        rows_written: after.rows_written - before.rows_written,
        alarms_set: after.alarms_set - before.alarms_set,
        kv_reads: after.kv_reads - before.kv_reads,
        kv_writes: after.kv_writes - before.kv_writes,
        outbound: after.outbound - before.outbound,
        waited_ms: after.waited_ms - before.waited_ms,
    };
    println!("{what:32} {bill:?}");
    bill
}

#[tokio::test]
async fn a_message_costs_what_the_readme_says() {
    let world = World::with(&[]).await;
    let first = world.conversation(&[ALICE, BEN]);
    let other = world.conversation(&[ALICE, BEN]);
    world.say(&first, ALICE, "one");
    world.texts(1).await;
    world.waiting(BEN, 0).await;

    let read = bill(&world, "read before due", async || {
        let sent = world.say(&first, ALICE, "two");
        world.waiting(BEN, 1).await;
        world.layer.mark_read(&sent.message.id, BEN).unwrap();
        world.waiting(BEN, 0).await;
    })
    .await;
    let texted = bill(&world, "texted on an existing link", async || {
        world.say(&first, ALICE, "three");
        world.texts(2).await;
    })
    .await;
    let linked = bill(&world, "texted on a new link", async || {
        world.say(&other, ALICE, "four");
        world.texts(3).await;
    })
    .await;
    // The user's first reply makes the tables that replies need, once.
    world.reply(BENS_PHONE, NUMBERS[0], "first");
    world.wait_for_messages(&first, 4).await;
    let is_idle = |record: &Value| record["replies"]["waiting"] == 0;
    world.record_when(BEN, is_idle).await;
    let reply = bill(&world, "a reply", async || {
        world.reply(BENS_PHONE, NUMBERS[0], "five");
        world.wait_for_messages(&first, 5).await;
    })
    .await;
    let event = world.layer.events().into_iter().next_back().unwrap();
    let duplicate = bill(&world, "a duplicate", async || {
        world.layer.publish_again(&event)
    })
    .await;

    assert!(read.rows_written + DELETED_LATER <= 7, "{read:?}");
    assert!(texted.rows_written + TEXT_DELETED_LATER <= 14, "{texted:?}");
    assert!(linked.rows_written + TEXT_DELETED_LATER <= 16, "{linked:?}");
    // For when it is due; none for the end of its lease.
    assert_eq!(texted.alarms_set, 1);
    assert_eq!((texted.kv_reads, texted.kv_writes), (2, 0));
    assert_eq!((linked.kv_reads, linked.kv_writes), (2, 1));
    assert!(reply.rows_written + DELETED_LATER <= 11, "{reply:?}");
    assert_eq!(duplicate.rows_written, 0);
}

/// All questions are asked at once, so a text takes as long as two of them: one to the chat or about a user, and
/// one to Nexmo.
#[tokio::test]
async fn a_text_waits_for_two_answers_in_a_row() {
    let introduction = (
        "INTRODUCE_CONVERSATION",
        "<%= conversation.metadata.title %>",
    );
    let world = World::with(&[introduction]).await;
    let latency = Duration::from_millis(500);
    for traffic in [world.layer.traffic(), world.nexmo.traffic()] {
        traffic.add_fault(Fault::new(When::always(), What::Slow(latency)));
    }
    let conversation = world.conversation(&[ALICE, BEN]);
    for (what, texts) in [("the first text of a link", 1), ("another text", 2)] {
        let bill = bill(&world, what, async || {
            world.say(&conversation, ALICE, "Hello");
            world.texts(texts).await;
            world.waiting(BEN, 0).await;
        })
        .await;
        assert!((1_000..1_900).contains(&bill.waited_ms), "{bill:?}");
    }
}

/// What rows the further messages of a digest cost, and a text that is held back or unwanted.
#[tokio::test]
async fn digests_holds_and_preferences_cost_what_the_readme_says() {
    let preference = ("PREFERENCE_FIELD", "metadata.texts");
    let world = World::with(&[("DIGEST", "on"), ("DELAY", "2 seconds"), preference]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "one");
    world.texts(1).await;
    world.waiting(BEN, 0).await;
    let digest_of = async |messages: usize, texts: usize| {
        let what = format!("a digest of {messages}");
        bill(&world, &what, async || {
            for message in 0..messages {
                world.say(&conversation, ALICE, &message.to_string());
            }
            world.texts(texts).await;
            world.waiting(BEN, 0).await;
        })
        .await
    };
    let one = digest_of(1, 2).await;
    let five = digest_of(5, 3).await;
    let further = (five.rows_written - one.rows_written).div_ceil(4);
    assert!(one.rows_written + TEXT_DELETED_LATER <= 14, "{one:?}");
    assert!(further + DELETED_LATER <= 5, "{five:?}");
    assert_eq!((five.kv_reads, five.kv_writes), (one.kv_reads, 0));

    let cara = User {
        metadata: [("texts".to_owned(), "off".to_owned())].into(),
        ..User::new(CARA, "Cara", "447700900123")
    };
    world.layer.create_user(cara);
    let alone = world.conversation(&[ALICE, CARA]);
    world.say(&alone, ALICE, "one");
    world.dropped(1).await;
    let unwanted = bill_of(&world, CARA, "unwanted", async || {
        world.say(&alone, ALICE, "two");
        world.dropped(2).await;
        world.waiting(CARA, 0).await;
    })
    .await;
    assert!(unwanted.rows_written + DELETED_LATER <= 9, "{unwanted:?}");
    assert_eq!((unwanted.kv_reads, unwanted.kv_writes), (0, 0));
}

#[tokio::test]
async fn a_text_that_is_held_back_costs_what_the_readme_says() {
    let mut world = World::without_delay(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "one");
    world.texts(1).await;
    world.waiting(BEN, 0).await;
    world
        .redeploy(&[("QUIET_HOURS", &quiet_now()), ("TIME_ZONE", "UTC")])
        .await;
    let is_held = |record: &Value| record["notices"]["first"][0]["waits_for"].is_string();
    let held = bill(&world, "held in quiet hours", async || {
        world.say(&conversation, ALICE, "two");
        world.record_when(BEN, is_held).await;
    })
    .await;
    world.redeploy(&[("QUIET_HOURS", "")]).await;
    let sent = bill(&world, "and texted after them", async || {
        let path = format!("/admin/users/{BEN}/wake");
        world.admin(reqwest::Method::POST, &path).await;
        world.texts(2).await;
        world.waiting(BEN, 0).await;
    })
    .await;
    let rows = held.rows_written + sent.rows_written + TEXT_DELETED_LATER;
    assert!(rows <= 22, "{held:?} {sent:?}");
}

/// The URL for receipts in the last text's request.
fn callback(world: &World) -> Option<String> {
    let requests = world.nexmo.traffic().requests();
    let text = requests.iter().rfind(|it| it.path == "/sms/json").unwrap();
    let mut form = form_urlencoded::parse(text.body.as_bytes());
    form.find(|(name, _)| name == "callback")
        .map(|(_, url)| url.into_owned())
}

/// Pushes the receipts of a text, one for each part.
async fn push_receipts(world: &World, text: &Text, status: &str, code: &str) {
    let url = callback(world).unwrap();
    for part in 0..text.message_ids.len() {
        let receipt = world.nexmo.receipt(text, part, status, code);
        assert_eq!(world.push_to(&receipt, &url).await.status, 200);
    }
}

/// A world in which Ben's record has all tables that a text and a receipt need.
async fn world_with_receipts(kept: &str) -> (World, String) {
    let world = World::without_delay(&[("DELIVERY_RECEIPTS", kept)]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "one");
    world.texts(1).await;
    world.waiting(BEN, 0).await;
    (world, conversation)
}

/// The cost of a text, and the text.
async fn bill_of_text(world: &World, conversation: &str, what: &str) -> (Bill, Text) {
    let count = world.nexmo.texts().len() + 1;
    let bill = bill(world, what, async || {
        world.say(conversation, ALICE, "again");
        world.texts(count).await;
        world.waiting(BEN, 0).await;
    })
    .await;
    (bill, world.nexmo.texts().pop().unwrap())
}

#[tokio::test]
async fn without_receipts_a_text_costs_three_rows_less() {
    let (world, conversation) = world_with_receipts("off").await;
    let (off, _) = bill_of_text(&world, &conversation, "a text, receipts off").await;
    assert!(off.rows_written + DELETED_LATER + ALARM <= 11, "{off:?}");
    assert_eq!(callback(&world), None);
}

#[tokio::test]
async fn receipts_cost_what_the_readme_says() {
    for (kept, rows_of_good_news) in [("failures", 0), ("all", 3)] {
        let (world, conversation) = world_with_receipts(kept).await;
        let what = |it: &str| format!("{kept}: {it}");
        let (texted, text) = bill_of_text(&world, &conversation, &what("a text")).await;
        let rows = texted.rows_written + TEXT_DELETED_LATER + ALARM;
        assert!(rows <= 14, "{texted:?}");
        let delivered = bill(&world, &what("delivered"), async || {
            push_receipts(&world, &text, "delivered", "0").await;
        })
        .await;
        let rows = match delivered.rows_written {
            0 => 0,
            rows => rows + DELETED_LATER,
        };
        assert_eq!(rows, rows_of_good_news, "{delivered:?}");
        for (code, rows, kv_writes) in [("2", 3, 0), ("3", 4, 0), ("9", 10, 1)] {
            let (_, text) = bill_of_text(&world, &conversation, &what("another text")).await;
            let failed = bill(&world, &what(&format!("failed, code {code}")), async || {
                push_receipts(&world, &text, "failed", code).await;
            })
            .await;
            assert!(failed.rows_written + DELETED_LATER <= rows, "{failed:?}");
            assert_eq!(failed.kv_writes, kv_writes);
            // A text from the phone makes it reachable again.
            world.reply(BENS_PHONE, NUMBERS[0], &format!("after {code}"));
            let is_over = |record: &Value| {
                record["unreachable"].is_null() && record["replies"]["waiting"] == 0
            };
            world.record_when(BEN, is_over).await;
        }
    }
}
