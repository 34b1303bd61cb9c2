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

use serde_json::Value;
use support::{ALICE, BEN, BENS_PHONE, NUMBERS, QUIET, World};

/// Rows deleted after this test has ended: one per message or reply, which records how it ended until it is
/// reported to the statistics hours later.
const DELETED_LATER: u64 = 1;

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
}

async fn bill_so_far(world: &World) -> Bill {
    let cost = &world.record(BEN).await["cost_of_this_instance"];
    let count = |name: &str| cost[name].as_u64().unwrap();
    Bill {
        rows_read: count("rows_read"),
        rows_written: count("rows_written") + count("alarms_set"),
        alarms_set: count("alarms_set"),
        kv_reads: count("kv_reads"),
        kv_writes: count("kv_writes"),
        outbound: world.layer.traffic().requests().len() + world.nexmo.traffic().requests().len(),
    }
}

/// The cost of running `work`, which is printed as `what`.
async fn bill(world: &World, what: &str, work: impl AsyncFnOnce()) -> Bill {
    let before = bill_so_far(world).await;
    work().await;
    tokio::time::sleep(QUIET).await;
    let after = bill_so_far(world).await;
    let bill = Bill {
        rows_read: after.rows_read - before.rows_read,
        rows_written: after.rows_written - before.rows_written,
        alarms_set: after.alarms_set - before.alarms_set,
        kv_reads: after.kv_reads - before.kv_reads,
        kv_writes: after.kv_writes - before.kv_writes,
        outbound: after.outbound - before.outbound,
    };
    println!("{what:32} {bill:?}");
    bill
}

fn waiting(count: u64) -> impl Fn(&Value) -> bool {
    move |record| record["notices"]["waiting"] == count
}

#[tokio::test]
async fn a_message_costs_what_the_readme_says() {
    let world = World::with(&[]).await;
    let first = world.conversation(&[ALICE, BEN]);
    let other = world.conversation(&[ALICE, BEN]);
    world.say(&first, ALICE, "one");
    world.texts(1).await;
    world.record_when(BEN, waiting(0)).await;

    let read = bill(&world, "read before due", async || {
        let sent = world.say(&first, ALICE, "two");
        world.record_when(BEN, waiting(1)).await;
        world.layer.mark_read(&sent.message.id, BEN).unwrap();
        world.record_when(BEN, waiting(0)).await;
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
    let reply = bill(&world, "a reply", async || {
        world.reply(BENS_PHONE, NUMBERS[0], "five");
        world.wait_for_messages(&first, 4).await;
    })
    .await;
    let event = world.layer.events().into_iter().next_back().unwrap();
    let duplicate = bill(&world, "a duplicate", async || {
        world.layer.publish_again(&event)
    })
    .await;

    assert!(read.rows_written + DELETED_LATER <= 7, "{read:?}");
    assert!(texted.rows_written + DELETED_LATER <= 12, "{texted:?}");
    assert_eq!((texted.kv_reads, texted.kv_writes), (2, 0));
    assert_eq!((linked.kv_reads, linked.kv_writes), (2, 1));
    assert!(reply.rows_written + DELETED_LATER <= 12, "{reply:?}");
    assert_eq!(duplicate.rows_written, 0);
}
