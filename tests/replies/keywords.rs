use serde_json::Value;
use standins::{NewConversation, Reply, User};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, NUMBERS, Thread, World, seconds_ago};

const DAN: &str = "dan";

fn is_opted_out(record: &Value) -> bool {
    record["opted_out"].is_object() && record["replies"]["waiting"] == 0
}

fn is_opted_in(record: &Value) -> bool {
    record["opted_out"].is_null() && record["replies"]["waiting"] == 0
}

/// Asserts that a user is not texted about a new message.
async fn assert_opted_out(world: &World, user: &str) {
    let dropped = world.entries("notice.dropped").len();
    let texts = world.nexmo.texts().len();
    world.say(&world.conversation(&[ALICE, user]), ALICE, "Are you there?");
    let entries = world.entries_when("notice.dropped", dropped + 1).await;
    assert_eq!(entries[dropped]["reason"], "opted_out");
    assert_eq!(world.nexmo.texts().len(), texts);
}

async fn stop(world: &World, thread: &Thread, word: &str) {
    world.deliver_reply(&thread.reply(word)).await;
    world.record_when(BEN, is_opted_out).await;
}

#[tokio::test]
async fn every_form_of_stop_and_start_is_obeyed_and_not_posted() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let stops = [
        "STOP",
        "stop",
        " Stop. ",
        "\"stop\"",
        "“STOP”!",
        "STOPALL",
        "Stop all",
        "unsubscribe",
        "CANCEL",
        "End",
        "quit",
        "REVOKE",
        "OptOut",
        "opt out",
        "opt-out",
        "remove",
        "ARRET",
        "arrêt",
    ];
    for (word, back) in stops
        .into_iter()
        .zip(["START", "unstop", "Start!"].into_iter().cycle())
    {
        stop(&world, &thread, word).await;
        world.deliver_reply(&thread.reply(back)).await;
        world.record_when(BEN, is_opted_in).await;
    }
    world.deliver_reply(&thread.reply("stop by at five?")).await;
    world
        .deliver_reply(&thread.reply("please don't stop"))
        .await;
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, ["stop by at five?", "please don't stop"]);
    world.record_when(BEN, is_opted_in).await;
    // None of the keywords was answered.
    assert_eq!(world.texts_to(BENS_PHONE).len(), 1);
}

#[tokio::test]
async fn stop_applies_to_every_number_and_every_user_of_the_phone() {
    let world = World::without_delay(&[]).await;
    world.layer.create_user(User::new(DAN, "Dan", BENS_PHONE));
    let thread = world.new_thread(BEN).await;
    stop(&world, &thread, "STOP").await;
    world.say(&thread.conversation, ALICE, "On the same number");
    world.entries_when("notice.dropped", 1).await;
    assert_opted_out(&world, BEN).await;
    assert_opted_out(&world, DAN).await;
    assert_eq!(world.texts_to(BENS_PHONE).len(), 1);
    world.deliver_reply(&thread.reply("START")).await;
    world.record_when(BEN, is_opted_in).await;
    world.thread_in(&thread.conversation, BEN).await;
    world.new_thread(DAN).await;
}

#[tokio::test]
async fn an_opted_out_user_may_still_reply() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    stop(&world, &thread, "STOP").await;
    world.deliver_reply(&thread.reply("I said stop it")).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["I said stop it"]
    );
    world.record_when(BEN, is_opted_out).await;
}

#[tokio::test]
async fn a_stop_survives_a_restart_and_applies_to_the_next_user_of_the_phone() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    stop(&world, &thread, "STOP").await;
    world.redeploy(&[]).await;
    assert_opted_out(&world, BEN).await;
    world.layer.create_user(User::new(CARA, "Cara", BENS_PHONE));
    assert_opted_out(&world, CARA).await;
}

#[tokio::test]
async fn stop_reply_and_help_reply_are_sent_once_each() {
    let settings = [
        ("STOP_REPLY", "You are out. START brings you back."),
        ("HELP_REPLY", "Example Inc."),
    ];
    let world = World::without_delay(&settings).await;
    let thread = world.new_thread(BEN).await;
    let help = world.nexmo.inbound(&thread.reply("Help")).remove(0);
    let stop = world.nexmo.inbound(&thread.reply("stop")).remove(0);
    for inbound in [&help, &help, &stop, &stop] {
        assert_eq!(world.push(inbound).await, 200);
    }
    world.record_when(BEN, is_opted_out).await;
    world.deliver_reply(&thread.reply("info")).await;
    world.texts(4).await;
    world.record_when(BEN, is_opted_out).await;
    let texts = world.nexmo.texts().split_off(1);
    let said: Vec<_> = texts.iter().map(|text| text.text.as_str()).collect();
    assert_eq!(
        said,
        [
            "Example Inc.",
            "You are out. START brings you back.",
            "Example Inc."
        ]
    );
    assert!(
        texts
            .iter()
            .all(|text| text.phone == BENS_PHONE && text.number == thread.number)
    );
    assert!(world.layer.posts().is_empty());
}

#[tokio::test]
async fn without_help_reply_help_is_posted() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    world.deliver_reply(&thread.reply("Help")).await;
    assert_eq!(world.posted_texts(&thread.conversation, 1).await, ["Help"]);
}

#[tokio::test]
async fn a_stop_drops_waiting_notices() {
    let world = World::with(&[("DELAY", "2 s")]).await;
    let first = world.conversation(&[ALICE, BEN]);
    world.say(&first, ALICE, "Are you there?");
    let text = world.texts(1).await.remove(0);
    let group = world
        .layer
        .create_conversation(NewConversation::of(&[ALICE, BEN, CARA]))
        .unwrap();
    world.say(&group, ALICE, "And you two?");
    world.waiting(BEN, 1).await;
    world
        .deliver_reply(&Reply::new(BENS_PHONE, &text.number, "STOP"))
        .await;
    world.waiting(BEN, 0).await;
    // Cara's text about the same message shows that Ben's would be due.
    world.texts(2).await;
    assert_eq!(world.texts_to(BENS_PHONE).len(), 1);
}

/// The words of a phone on one of the numbers, whether or not it is known.
async fn say(world: &World, phone: &str, number: &str, words: &str) {
    let inbound = world.nexmo.inbound(&Reply::new(phone, number, words));
    assert_eq!(world.push(&inbound[0]).await, 200, "{words}");
}

#[tokio::test]
async fn start_reaches_as_far_as_stop_did() {
    let world = World::without_delay(&[]).await;
    for word in ["STOP", "START"] {
        say(&world, BENS_PHONE, NUMBERS[1], word).await;
    }
    world.new_thread(BEN).await;
}

#[tokio::test]
async fn a_stop_of_an_unknown_phone_is_obeyed_at_once() {
    let world = World::without_delay(&[]).await;
    say(&world, BENS_PHONE, NUMBERS[0], "STOP").await;
    assert_opted_out(&world, BEN).await;
}

#[tokio::test]
async fn of_the_keywords_of_an_unknown_phone_the_one_that_was_sent_last_counts() {
    let world = World::without_delay(&[]).await;
    let at = |seconds: i64, words: &str| Reply {
        at_ms: Some(seconds_ago(seconds)),
        ..Reply::new(BENS_PHONE, NUMBERS[0], words)
    };
    let start = world.nexmo.inbound(&at(600, "START")).remove(0);
    let stop = world.nexmo.inbound(&at(300, "STOP")).remove(0);
    for inbound in [&start, &stop, &start] {
        assert_eq!(world.push(inbound).await, 200);
    }
    assert_opted_out(&world, BEN).await;
    let later = world.nexmo.inbound(&at(100, "START")).remove(0);
    for inbound in [&later, &stop] {
        assert_eq!(world.push(inbound).await, 200);
    }
    world.new_thread(BEN).await;
}

#[tokio::test]
async fn start_counts_after_an_erasure() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    stop(&world, &thread, "STOP").await;
    let erased = world
        .admin(reqwest::Method::DELETE, "/admin/users/ben")
        .await;
    assert_eq!(erased.status(), 200);
    assert_opted_out(&world, BEN).await;
    say(&world, BENS_PHONE, NUMBERS[0], "START").await;
    world.new_thread(BEN).await;
}

#[tokio::test]
async fn start_counts_after_the_lookups_have_expired() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    stop(&world, &thread, "STOP").await;
    world.forget_lookups().await;
    assert_opted_out(&world, BEN).await;
    say(&world, BENS_PHONE, NUMBERS[1], "START").await;
    world.new_thread(BEN).await;
}

#[tokio::test]
async fn start_from_the_present_phone_takes_back_a_stop_from_the_former_one() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    stop(&world, &thread, "STOP").await;
    let new = "15550102099";
    world.layer.create_user(User::new(BEN, "Ben", new));
    world.redeploy(&[]).await;
    assert_opted_out(&world, BEN).await;
    say(&world, new, NUMBERS[2], "START").await;
    world.new_thread(BEN).await;
}

#[tokio::test]
async fn an_operator_can_lift_an_opt_out() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    stop(&world, &thread, "STOP").await;
    let lift = |phone: &str| {
        let path = format!("/admin/optouts/{phone}");
        let world = &world;
        async move { world.admin(reqwest::Method::DELETE, &path).await.status() }
    };
    assert_eq!(lift("5550102").await, 204, "it never sent STOP");
    assert_eq!(lift("nobody").await, 400);
    assert_opted_out(&world, BEN).await;
    assert_eq!(lift(&format!("%2B{BENS_PHONE}")).await, 204);
    world.entries_when("opt_out.lifted", 2).await;
    world.new_thread(BEN).await;
}
