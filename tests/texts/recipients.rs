//! Who is texted, by which name and at which phone.

use serde_json::Value;
use standins::{Fault, Part, Sender, User, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, World};

#[tokio::test]
async fn each_recipient_is_texted_by_name_and_the_sender_is_not_texted() {
    let template = "<%= recipient.name %>, <%= sender.name %> says: <%= text %>";
    let world = World::without_delay(&[("TEMPLATE", template)]).await;
    world.say(&world.conversation(&[ALICE, BEN, CARA]), ALICE, "Hi");
    world.texts(2).await;
    assert_eq!(world.texts_to(BENS_PHONE), ["Ben, Alice says: Hi"]);
    assert_eq!(world.texts_to(CARAS_PHONE), ["Cara, Alice says: Hi"]);
    assert_eq!(world.record(ALICE).await["user_id"], Value::Null);
    assert_eq!(world.nexmo.texts().len(), 2);
}

#[tokio::test]
async fn messages_from_bots_and_to_channels_are_ignored() {
    let world = World::without_delay(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let bot = Sender::Bot("News".to_owned());
    world
        .layer
        .send_message(&conversation, bot, vec![Part::text("News!")])
        .unwrap();
    world.layer.send_to_channel(ALICE, &[ALICE, BEN], "To all");
    world.webhooks_delivered().await;
    assert_eq!(world.record(BEN).await["user_id"], Value::Null);
    assert!(world.nexmo.texts().is_empty());
}

#[tokio::test]
async fn without_a_plausible_phone_no_text_is_sent_and_no_phone_is_logged() {
    let world = World::without_delay(&[]).await;
    let phones = [
        None,
        Some(" "),
        Some("123456"),
        Some("+1 555 010 2030 4050 60"),
        Some("call me"),
        Some("5550102 / 5550103"),
        Some("5550102 5550103"),
        Some("+1 555 010 4050 x12"),
    ];
    let mut everybody = vec![ALICE.to_owned(), "nobody".to_owned(), "ghost".to_owned()];
    for (index, phone) in phones.iter().enumerate() {
        everybody.push(format!("user{index}"));
        let user = User::new(&everybody[index + 3], "Somebody", "");
        world.layer.create_user(User {
            phone_number: phone.map(str::to_owned),
            ..user
        });
    }
    let ghost = User {
        no_identity: true,
        ..User::new("ghost", "Ghost", "+1 555 010 3333")
    };
    world.layer.create_user(ghost);
    let everybody: Vec<&str> = everybody.iter().map(String::as_str).collect();
    world.say(&world.conversation(&everybody), ALICE, "Hello");
    let dropped = world.entries_when("notice.dropped", phones.len() + 2).await;
    assert!(
        dropped.iter().all(|entry| entry["reason"] == "no_phone"),
        "{dropped:?}"
    );
    assert!(world.nexmo.texts().is_empty());
    for user in &everybody[1..] {
        assert_eq!(
            world.record(user).await["links"].as_array().unwrap().len(),
            0
        );
    }
    let masked = |user: &str| {
        let of_user = |entry: &Value| entry["user_id"] == user;
        world
            .entries("phone.implausible")
            .into_iter()
            .find(of_user)
            .map(|one| one["phone"].clone())
    };
    assert_eq!(
        masked("user0").or(masked("user1")),
        None,
        "a missing phone is not an error"
    );
    assert_eq!(masked("user2").unwrap(), "****56");
    let log = world.worker.logs().join("\n");
    assert!(!log.contains("123456") && !log.contains("2030"), "{log}");
}

#[tokio::test]
async fn phones_are_normalised_to_digits() {
    let world = World::without_delay(&[]).await;
    let written = [
        "+49 (0)30-123",
        "0049 171.555-0001",
        "1-555-010-9999",
        "\u{202a}+447700900999\u{202c}",
        "tel:+1-555-010-2032",
        "＋１５５５０１０２０３６",
    ];
    let mut everybody = vec![ALICE.to_owned()];
    for (index, phone) in written.iter().enumerate() {
        everybody.push(format!("user{index}"));
        world
            .layer
            .create_user(User::new(&everybody[index + 1], "Somebody", phone));
    }
    let everybody: Vec<&str> = everybody.iter().map(String::as_str).collect();
    world.say(&world.conversation(&everybody), ALICE, "Hello");
    let mut phones: Vec<_> = world
        .texts(written.len())
        .await
        .into_iter()
        .map(|text| text.phone)
        .collect();
    phones.sort();
    assert_eq!(
        phones,
        [
            "15550102032",
            "15550102036",
            "15550109999",
            "447700900999",
            "491715550001",
            "4930123"
        ]
    );
}

#[tokio::test]
async fn a_phone_without_a_countrys_code_is_one_of_phone_country() {
    let world = World::without_delay(&[("PHONE_COUNTRY", "us")]).await;
    let national = User::new("national", "Nat", "(555) 010-2038");
    let foreign = User::new("foreign", "Fay", "+44 7700 900998");
    let unclear = User::new("unclear", "Una", "447700900997");
    for user in [national, foreign, unclear] {
        world.layer.create_user(user);
    }
    let everybody = [ALICE, "national", "foreign", "unclear"];
    world.say(&world.conversation(&everybody), ALICE, "Hello");
    world.entries_when("notice.dropped", 1).await;
    let texts = world.texts(2).await.into_iter();
    let mut phones: Vec<String> = texts.map(|text| text.phone).collect();
    phones.sort();
    assert_eq!(phones, ["15550102038", "447700900998"]);
}

#[tokio::test]
async fn in_1_0_user_ids_may_contain_any_characters() {
    assert_unusual_user_ids_work("1.0").await;
}

#[tokio::test]
async fn in_2_0_user_ids_may_contain_any_characters() {
    assert_unusual_user_ids_work("2.0").await;
}

async fn assert_unusual_user_ids_work(version: &str) {
    let world = World::without_delay(&[("LAYER_API_VERSION", version)]).await;
    let odd = [
        "user 1/é",
        "100%",
        "%41",
        "a?b#c&d=e+f",
        "日本 😀",
        "../ben",
        "layer:x",
    ];
    let phone = |index: usize| format!("1555040000{index}");
    for (index, user) in odd.iter().enumerate() {
        world
            .layer
            .create_user(User::new(user, "Odd", &phone(index)));
    }
    let everybody: Vec<&str> = [ALICE, ".", ".."].into_iter().chain(odd).collect();
    let conversation = world.conversation(&everybody);
    let first = world.say(&conversation, ALICE, "Hello");
    world.texts(odd.len()).await;
    for (index, user) in odd.iter().enumerate() {
        assert_eq!(world.texts_to(&phone(index)), ["Alice: Hello"], "{user}");
    }
    assert_eq!(
        world.dropped(2).await[&conversation],
        "no_phone",
        "of . and .."
    );
    assert_eq!(world.entries("notice.dropped").len(), 2);
    let sender = world.say(&conversation, odd[0], "And me?");
    world.texts(2 * odd.len()).await;
    assert!(
        world.texts_to(&phone(0)).len() == 1,
        "the sender is not texted"
    );
    assert_eq!(world.texts_to(&phone(1))[1], "Odd: And me?");
    assert_ne!(first.message.id, sender.message.id);
}

#[tokio::test]
async fn identities_are_cached() {
    let world = World::without_delay(&[]).await;
    world.layer.create_user(User {
        no_identity: true,
        ..User::new("ghost", "Ghost", "")
    });
    let conversation = world.conversation(&[ALICE, BEN, "ghost"]);
    for count in 1..=3 {
        world.say(&conversation, ALICE, "Hello");
        world.texts(count).await;
        world.entries_when("notice.dropped", count).await;
    }
    // Two attempts at once may both ask for the sender.
    for (user, most) in [(ALICE, 2), (BEN, 1), ("ghost", 1)] {
        let path = format!("/users/{user}/identity");
        let asked = world.layer.traffic().count(&path);
        assert!((1..=most).contains(&asked), "{user}: {asked}");
    }
}

#[tokio::test]
async fn no_text_is_sent_while_layers_identities_fail() {
    let world = World::without_delay(&[]).await;
    // Both are asked for in each try, and the recipient's failure counts first.
    let answers = [
        ("ben", 500, "", 1),
        ("ben", 401, "", 1),
        ("ben", 200, "[]", 1),
        ("alice", 403, "", 4),
    ];
    for (user, status, body, times) in answers {
        let identity = When::path(&format!("/users/{user}/identity"));
        let fault = Fault::new(identity, What::Status(status, body.to_owned()));
        world.layer.traffic().add_fault(fault.times(times));
    }
    world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
    assert_eq!(world.texts(1).await[0].text, "Alice: Hello");
    let reasons = world.entries("notice.postponed");
    let about = |who: &str| {
        let named = |entry: &&Value| entry["why"].as_str().unwrap().starts_with(who);
        reasons.iter().filter(named).count()
    };
    let counted = (
        about("recipient's identity: "),
        about("sender's identity: "),
    );
    assert_eq!(counted, (3, 1), "{reasons:?}");
}

#[tokio::test]
async fn a_sender_without_an_identity_has_the_name_from_the_webhook() {
    let world = World::without_delay(&[("LAYER_API_VERSION", "2.0")]).await;
    world.layer.create_user(User {
        no_identity: true,
        ..User::new("zoe", "Zoe of old", "")
    });
    world.say(&world.conversation(&["zoe", BEN]), "zoe", "Remember me?");
    assert_eq!(world.texts(1).await[0].text, "Zoe of old: Remember me?");
}
