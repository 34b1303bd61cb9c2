use serde_json::Value;
use standins::{NewConversation, Reply, User};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, NUMBERS, Thread, World, ago};

const DAN: &str = "dan";

fn is_out(record: &Value) -> bool {
    record["opted_out"].is_object() && record["replies"]["waiting"] == 0
}

fn is_in(record: &Value) -> bool {
    record["opted_out"].is_null() && record["replies"]["waiting"] == 0
}

/// Alice writes to a user anew, who is not texted.
async fn is_left_alone(world: &World, user: &str) {
    let dropped = world.entries("notice.dropped").len();
    let texts = world.nexmo.texts().len();
    world.say(&world.conversation(&[ALICE, user]), ALICE, "Are you there?");
    let entries = world.entries_when("notice.dropped", dropped + 1).await;
    assert_eq!(entries[dropped]["reason"], "opted_out");
    assert_eq!(world.nexmo.texts().len(), texts);
}

async fn stop(world: &World, thread: &Thread, word: &str) {
    world.hear(&thread.reply(word)).await;
    world.record_when(BEN, is_out).await;
}

#[tokio::test]
async fn stop_and_start_are_obeyed_in_all_their_forms_and_not_posted() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
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
        world.hear(&thread.reply(back)).await;
        world.record_when(BEN, is_in).await;
    }
    world.hear(&thread.reply("stop by at five?")).await;
    world.hear(&thread.reply("please don't stop")).await;
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, ["stop by at five?", "please don't stop"]);
    world.record_when(BEN, is_in).await;
    // None of them was answered.
    assert_eq!(world.texts_to(BENS_PHONE).len(), 1);
}

#[tokio::test]
async fn who_stopped_is_texted_from_no_number_and_nobody_else_at_that_phone_is() {
    let world = World::quick(&[]).await;
    world.layer.create_user(User::new(DAN, "Dan", BENS_PHONE));
    let thread = world.texted(BEN).await;
    stop(&world, &thread, "STOP").await;
    world.say(&thread.conversation, ALICE, "On the same number");
    world.entries_when("notice.dropped", 1).await;
    is_left_alone(&world, BEN).await;
    is_left_alone(&world, DAN).await;
    assert_eq!(world.texts_to(BENS_PHONE).len(), 1);
    world.hear(&thread.reply("START")).await;
    world.record_when(BEN, is_in).await;
    world.text_again(&thread.conversation, BEN).await;
    world.texted(DAN).await;
}

#[tokio::test]
async fn who_stopped_may_still_write() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    stop(&world, &thread, "STOP").await;
    world.hear(&thread.reply("I said stop it")).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["I said stop it"]
    );
    world.record_when(BEN, is_out).await;
}

#[tokio::test]
async fn a_stop_stays_in_force_after_a_restart_and_for_a_user_who_gets_the_phone_later() {
    let mut world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    stop(&world, &thread, "STOP").await;
    world.redeploy(&[]).await;
    is_left_alone(&world, BEN).await;
    world.layer.create_user(User::new(CARA, "Cara", BENS_PHONE));
    is_left_alone(&world, CARA).await;
}

#[tokio::test]
async fn the_configured_replies_go_out_once_each() {
    let settings = [
        ("STOP_REPLY", "You are out. START brings you back."),
        ("HELP_REPLY", "Example Inc."),
    ];
    let world = World::quick(&settings).await;
    let thread = world.texted(BEN).await;
    let help = world.nexmo.inbound(&thread.reply("Help")).remove(0);
    let stop = world.nexmo.inbound(&thread.reply("stop")).remove(0);
    for inbound in [&help, &help, &stop, &stop] {
        assert_eq!(world.push(inbound).await, 200);
    }
    world.record_when(BEN, is_out).await;
    world.hear(&thread.reply("info")).await;
    world.texts(4).await;
    world.record_when(BEN, is_out).await;
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
async fn help_is_a_message_where_nothing_answers_it() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    world.hear(&thread.reply("Help")).await;
    assert_eq!(world.posted_texts(&thread.conversation, 1).await, ["Help"]);
}

#[tokio::test]
async fn a_stop_from_a_phone_that_nobody_is_known_at_counts() {
    let world = World::quick(&[]).await;
    let fresh = Reply::new(BENS_PHONE, NUMBERS[2], "Stop");
    assert_eq!(
        world.push(&world.nexmo.inbound(&fresh).remove(0)).await,
        503
    );
    world
        .hear(&Reply {
            at_ms: Some(ago(600)),
            ..fresh
        })
        .await;
    is_left_alone(&world, BEN).await;
}

#[tokio::test]
async fn a_stop_drops_what_is_waiting_already() {
    let world = World::with(&[("DELAY", "2 s")]).await;
    let first = world.conversation(&[ALICE, BEN]);
    world.say(&first, ALICE, "Are you there?");
    let text = world.texts(1).await.remove(0);
    let group = world
        .layer
        .create_conversation(NewConversation::of(&[ALICE, BEN, CARA]))
        .unwrap();
    world.say(&group, ALICE, "And you two?");
    world
        .record_when(BEN, |record| record["notices"]["waiting"] == 1)
        .await;
    world
        .hear(&Reply::new(BENS_PHONE, &text.number, "STOP"))
        .await;
    world
        .record_when(BEN, |record| record["notices"]["waiting"] == 0)
        .await;
    // Cara's text about the same message shows that its time has come.
    world.texts(2).await;
    assert_eq!(world.texts_to(BENS_PHONE).len(), 1);
}
