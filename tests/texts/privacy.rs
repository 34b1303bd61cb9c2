//! What neither the log nor a record may show.

use standins::{Fault, User, What, When};

use crate::support::{ALICE, BEN, BENS_PHONE, CARA, CARAS_PHONE, World};

const WORDS: &str = "Xyzzy plugh";

#[tokio::test]
async fn logs_and_records_show_no_texts_and_logs_no_phones_or_secrets() {
    let world =
        World::without_delay(&[("INTRODUCE_CONVERSATION", "Plover <%= recipient.phone %>")]).await;
    // One text is accepted, one refused with its phone in the error, one waits, one has no phone.
    let refusal = format!("Number {CARAS_PHONE} is barred, +{CARAS_PHONE}");
    let waits = "15550105050";
    world.layer.create_user(User::new("dora", "Dora", waits));
    world.layer.create_user(User::new("emil", "Emil", "999999"));
    let mute = Fault::new(
        When::phone(CARAS_PHONE),
        What::NexmoStatus(7, refusal.clone()),
    );
    world.nexmo.traffic().add_fault(mute);
    let broke = Fault::new(When::phone(waits), What::NexmoStatus(9, refusal));
    world.nexmo.traffic().add_fault(broke);
    let everybody = [ALICE, BEN, CARA, "dora", "emil"];
    world.say(
        &world.conversation(&everybody),
        ALICE,
        &format!("{WORDS} {BENS_PHONE}"),
    );
    world.texts(1).await;
    let endings = [
        "notice.sent",
        "notice.failed",
        "notice.postponed",
        "notice.dropped",
    ];
    for message in endings {
        world.entries_when(message, 1).await;
    }

    let log = world.worker.logs().join("\n");
    let secrets = [
        "LAYER_BEARER_TOKEN",
        "LAYER_WEBHOOK_SECRET",
        "NEXMO_SECRET",
        "ADMIN_TOKEN",
    ]
    .map(|name| world.settings[name].as_str());
    let phones = [BENS_PHONE, CARAS_PHONE, waits, "999999"];
    for hidden in secrets.into_iter().chain(phones).chain([WORDS, "Plover"]) {
        assert!(!log.contains(hidden), "{hidden} is logged:\n{log}");
    }
    for user in [BEN, CARA, "dora", "emil"] {
        let record = world.record(user).await.to_string();
        assert!(
            !record.contains(WORDS) && !record.contains("Plover"),
            "{record}"
        );
    }
    let failure = &world.record(CARA).await["failures"][0];
    assert!(
        !failure["reason"].as_str().unwrap().contains(CARAS_PHONE),
        "{failure}"
    );
}
