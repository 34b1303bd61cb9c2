//! Which number a conversation gets, and when a number moves to another conversation.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;
use standins::{Fault, What, When};

use crate::support::{
    ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, NUMBERS, World, node, seconds_ago,
};

/// Settings with one number and links that expire within seconds.
const SCARCE: [(&str, &str); 4] = [
    ("DELAY", "0"),
    ("NEXMO_NUMBERS", NUMBERS[0]),
    ("NUMBER_EXPIRATION_TIME", "2 seconds"),
    ("INTRODUCE_CONVERSATION", "New thread"),
];

#[derive(Clone, Debug, PartialEq, Eq)]
struct Link {
    number: String,
    conversation: String,
}

impl Link {
    fn new(number: &str, conversation: &str) -> Self {
        Self {
            number: number.to_owned(),
            conversation: conversation.to_owned(),
        }
    }
}

fn links(record: &Value) -> Vec<Link> {
    let links = record["links"].as_array().unwrap().iter();
    let text = |link: &Value, name: &str| link[name].as_str().unwrap().to_owned();
    links
        .map(|one| Link::new(&text(one, "number"), &text(one, "conversation_id")))
        .collect()
}

/// Waits until all links of Ben have expired.
async fn wait_for_expiry(world: &World) {
    let all = |record: &Value| {
        record["links"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["expired"] == true)
    };
    world.record_when(BEN, all).await;
}

#[tokio::test]
async fn conversations_of_a_user_never_share_a_number() {
    let world = World::with(&[("DELAY", "1 second")]).await;
    let conversations: Vec<_> = (0..40).map(|_| world.conversation(&[ALICE, BEN])).collect();
    for conversation in &conversations {
        world.say(conversation, ALICE, "Hello");
    }
    let dropped = world.dropped(37).await;
    let record = world.waiting(BEN, 0).await;
    assert_eq!(
        dropped
            .values()
            .filter(|reason| *reason == "no_number")
            .count(),
        37
    );
    let errors = world.entries("notice.dropped");
    assert!(
        errors.iter().all(|entry| entry["level"] == "error"),
        "{errors:?}"
    );
    assert_eq!(record["dropped_without_number"], 37);

    let texts = world.nexmo.texts();
    let used: BTreeSet<_> = texts.iter().map(|text| text.number.as_str()).collect();
    assert_eq!((texts.len(), used), (3, BTreeSet::from(NUMBERS)));
    let linked: BTreeSet<_> = links(&record).into_iter().map(|link| link.number).collect();
    assert_eq!(linked.len(), 3);

    // Links belong to one user: all numbers are free for another.
    let another = world.conversation(&[ALICE, CARA]);
    world.say(&another, ALICE, "Hello");
    world.texts(4).await;
    assert_eq!(world.texts_to(CARAS_PHONE).len(), 1);
    assert_eq!(world.nexmo.texts()[3].number, NUMBERS[0]);

    // A conversation keeps its number.
    let Link {
        number,
        conversation,
    } = links(&record)[1].clone();
    world.say(&conversation, ALICE, "Again");
    let texts = world.texts(5).await;
    assert_eq!(
        (texts[4].text.as_str(), &texts[4].number),
        ("Alice: Again", &number)
    );
}

#[tokio::test]
async fn numbers_are_given_in_the_order_of_preference() {
    let world =
        World::without_delay(&[("NEXMO_NUMBERS", &[NUMBERS[2], NUMBERS[0]].join(", "))]).await;
    let numbers = [
        world.new_thread(BEN).await.number,
        world.new_thread(BEN).await.number,
    ];
    assert_eq!(numbers, [NUMBERS[2], NUMBERS[0]]);
}

#[tokio::test]
async fn the_number_of_an_expired_link_is_reused_and_the_thread_introduced_again() {
    let world = World::with(&SCARCE).await;
    let [one, two] = [(); 2].map(|()| world.conversation(&[ALICE, BEN]));
    world.say(&one, ALICE, "First");
    world.texts(1).await;
    world.say(&two, ALICE, "Too early");
    assert_eq!(world.dropped(1).await[&two], "no_number");
    wait_for_expiry(&world).await;
    world.say(&two, ALICE, "Second");
    world.texts(2).await;
    wait_for_expiry(&world).await;
    world.say(&one, ALICE, "Third");
    world.texts(3).await;
    let record = world.waiting(BEN, 0).await;
    assert_eq!(links(&record), [Link::new(NUMBERS[0], &one)]);
    let texts = ["First", "Second", "Third"].map(|text| format!("New thread\n\nAlice: {text}"));
    assert_eq!(world.texts_to(BENS_PHONE), texts);
}

#[tokio::test]
async fn an_expired_link_is_kept_while_no_other_conversation_needs_its_number() {
    let world = World::with(&SCARCE).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "First");
    world.texts(1).await;
    wait_for_expiry(&world).await;
    world.say(&conversation, ALICE, "Second");
    assert_eq!(world.texts(2).await[1].text, "Alice: Second");
    let record = world.waiting(BEN, 0).await;
    assert_eq!(record["links"][0]["expired"], false, "the text renewed it");
}

#[tokio::test]
async fn a_reassigned_number_belongs_to_the_old_conversation_until_the_new_ones_text_is_accepted() {
    let world = World::with(&SCARCE).await;
    let old = world.new_thread(BEN).await;
    wait_for_expiry(&world).await;
    let words = "Throughput Rate Exceeded - please wait [ 3000 ] and retry".to_owned();
    let throttled = Fault::new(When::phone(BENS_PHONE), What::NexmoStatus(1, words)).times(1);
    world.nexmo.traffic().add_fault(throttled);
    let new = world.conversation(&[ALICE, BEN]);
    world.say(&new, ALICE, "Hello");
    world.entries_when("notice.postponed", 1).await;
    world.deliver_reply(&old.reply("To the old one")).await;
    assert_eq!(
        world.posted_texts(&old.conversation, 1).await,
        ["To the old one"]
    );

    let accepted = |record: &Value| links(record) == [Link::new(NUMBERS[0], &new)];
    world.record_when(BEN, accepted).await;
    assert_eq!(world.texts_to(BENS_PHONE)[1], "New thread\n\nAlice: Hello");
    world.deliver_reply(&old.reply("To the new one")).await;
    assert_eq!(world.posted_texts(&new, 1).await, ["To the new one"]);
    assert_eq!(world.posted(&old.conversation, 1).await.len(), 1);
}

#[tokio::test]
async fn a_number_stays_with_the_old_conversation_if_the_new_ones_text_fails_for_good() {
    let world = World::with(&SCARCE).await;
    let old = world.new_thread(BEN).await;
    wait_for_expiry(&world).await;
    let invalid = What::NexmoStatus(6, "The message was invalid".to_owned());
    world
        .nexmo
        .traffic()
        .add_fault(Fault::new(When::phone(BENS_PHONE), invalid).times(1));
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.entries_when("notice.failed", 1).await;
    let record = world.record(BEN).await;
    assert_eq!(links(&record), [Link::new(NUMBERS[0], &old.conversation)]);
    world.deliver_reply(&old.reply("Still here")).await;
    assert_eq!(
        world.posted_texts(&old.conversation, 1).await,
        ["Still here"]
    );
}

#[tokio::test]
async fn a_new_link_whose_first_text_fails_for_good_is_released() {
    let world = World::without_delay(&[]).await;
    world.nexmo.bar(BENS_PHONE, true);
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    world.entries_when("notice.failed", 1).await;
    let record = world.record(BEN).await;
    assert_eq!(links(&record), []);
    assert!(
        record["failures"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("status 7")
    );
    world.nexmo.bar(BENS_PHONE, false);
    assert_eq!(world.new_thread(BEN).await.number, NUMBERS[0]);
}

#[tokio::test]
async fn an_introduced_link_survives_a_text_that_fails_for_good() {
    let world = World::without_delay(&[("INTRODUCE_CONVERSATION", "New thread")]).await;
    let thread = world.new_thread(BEN).await;
    world.nexmo.bar(BENS_PHONE, true);
    world.say(&thread.conversation, ALICE, "Lost");
    world.entries_when("notice.failed", 1).await;
    world.nexmo.bar(BENS_PHONE, false);
    world.say(&thread.conversation, ALICE, "Found");
    let text = &world.texts(2).await[1];
    assert_eq!(
        (text.text.as_str(), &text.number),
        ("Alice: Found", &thread.number)
    );
}

#[tokio::test]
async fn a_link_on_a_number_that_is_no_longer_configured_is_replaced() {
    let mut world = World::without_delay(&[("INTRODUCE_CONVERSATION", "New thread")]).await;
    let thread = world.new_thread(BEN).await;
    assert_eq!(thread.number, NUMBERS[0]);
    world.redeploy(&[("NEXMO_NUMBERS", NUMBERS[1])]).await;
    world.say(&thread.conversation, ALICE, "Hello");
    let text = &world.texts(2).await[1];
    let expected = ("New thread\n\nAlice: Hello", NUMBERS[1]);
    assert_eq!((text.text.as_str(), text.number.as_str()), expected);
}

/// Prints the expiry of each KV entry as JSON: key → milliseconds since 1970, or null.
const EXPIRIES: &str = r#"
const { DatabaseSync } = require("node:sqlite");
const { readdirSync } = require("node:fs");
const entries = {};
for (const file of readdirSync(process.argv[1]).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite")) {
  const rows = new DatabaseSync(`${process.argv[1]}/${file}`).prepare("SELECT key, expiration FROM _mf_entries").all();
  for (const { key, expiration } of rows) entries[key] = expiration;
}
console.log(JSON.stringify(entries));
"#;

#[tokio::test]
async fn reverse_lookups_expire_90_days_after_the_link_and_stops_never() {
    let mut world = World::without_delay(&[("NUMBER_EXPIRATION_TIME", "10 days")]).await;
    let thread = world.new_thread(BEN).await;
    world.deliver_reply(&thread.reply("STOP")).await;
    world.entries_when("reply.done", 1).await;
    world.worker.kill_9();
    let namespace = world.worker.folder().join("kv/miniflare-KVNamespaceObject");
    let mut look = Command::new(node());
    look.args(["--no-warnings", "-e", EXPIRIES]).arg(namespace);
    let entries: Value = serde_json::from_slice(&look.output().unwrap().stdout).unwrap();
    let user = entries[format!("user/{BENS_PHONE}/{}", thread.number)].as_i64();
    let seconds = (user.unwrap() - seconds_ago(0)) / 1_000;
    assert!(
        (100 * 86_400 - 60..=100 * 86_400).contains(&seconds),
        "{entries}"
    );
    assert_eq!(
        entries.get(format!("wish/{BENS_PHONE}")),
        Some(&Value::Null),
        "{entries}"
    );
}
