use standins::User;

use crate::support::{BEN, BENS_PHONE, CARA, World};

const DAN: &str = "dan";
const LONG_AGO: i64 = 1_577_880_000_000;

#[tokio::test]
async fn of_two_users_of_a_phone_the_one_texted_last_from_the_number_gets_the_reply() {
    let world = World::quick(&[]).await;
    world.layer.create_user(User::new(DAN, "Dan", BENS_PHONE));
    let bens = world.texted(BEN).await;
    let dans = world.texted(DAN).await;
    assert_eq!((&bens.phone, &bens.number), (&dans.phone, &dans.number));
    world.hear(&bens.reply("This is Dan")).await;
    assert_eq!(
        world.posted(&dans.conversation, 1).await[0].sender.user(),
        Some(DAN)
    );
    world.text_again(&bens.conversation, BEN).await;
    world.hear(&bens.reply("This is Ben")).await;
    assert_eq!(
        world.posted_texts(&bens.conversation, 1).await,
        ["This is Ben"]
    );
    assert_eq!(world.posted(&dans.conversation, 1).await.len(), 1);
}

#[tokio::test]
async fn a_reply_counts_only_from_the_phone_that_the_last_text_went_to() {
    let mut world = World::quick(&[]).await;
    let before = world.texted(BEN).await;
    world
        .layer
        .create_user(User::new(BEN, "Ben", "15550102099"));
    // Identities are remembered for five minutes.
    world.redeploy(&[]).await;
    let after = world.text_again(&before.conversation, BEN).await;
    assert_eq!(
        (&*after.phone, &after.number),
        ("15550102099", &before.number)
    );
    let from_old = before.reply("Who is this?");
    let fresh = world.nexmo.inbound(&from_old).remove(0);
    assert_eq!(world.push(&fresh).await, 503);
    let stale = standins::Reply {
        at_ms: Some(LONG_AGO),
        ..from_old
    };
    world.hear(&stale).await;
    assert_eq!(
        world
            .entries_when("nexmo_webhook.unknown_phone", 1)
            .await
            .len(),
        1
    );
    world.hear(&after.reply("From the new phone")).await;
    assert_eq!(
        world.posted_texts(&before.conversation, 1).await,
        ["From the new phone"]
    );
}

#[tokio::test]
async fn another_users_phone_does_not_open_a_thread() {
    let world = World::quick(&[]).await;
    let bens = world.texted(BEN).await;
    world.texted(CARA).await;
    let conversation = world.conversation(&["alice", BEN]);
    let second = world.text_again(&conversation, BEN).await;
    let caras = standins::Reply::new(crate::support::CARAS_PHONE, &second.number, "Let me in");
    let stale = standins::Reply {
        at_ms: Some(LONG_AGO),
        ..caras
    };
    world.hear(&stale).await;
    world.hear(&bens.reply("Mine")).await;
    world.posted(&bens.conversation, 1).await;
    assert_eq!(world.layer.posts().len(), 1);
}
