use standins::User;

use crate::support::{BEN, BENS_PHONE, CARA, World};

const DAN: &str = "dan";
const LONG_AGO: i64 = 1_577_880_000_000;

#[tokio::test]
async fn on_a_shared_phone_the_reply_belongs_to_the_user_last_texted_from_the_number() {
    let world = World::without_delay(&[]).await;
    world.layer.create_user(User::new(DAN, "Dan", BENS_PHONE));
    let bens = world.new_thread(BEN).await;
    let dans = world.new_thread(DAN).await;
    assert_eq!((&bens.phone, &bens.number), (&dans.phone, &dans.number));
    world.deliver_reply(&bens.reply("This is Dan")).await;
    assert_eq!(
        world.posted(&dans.conversation, 1).await[0].sender.user(),
        Some(DAN)
    );
    world.thread_in(&bens.conversation, BEN).await;
    world.deliver_reply(&bens.reply("This is Ben")).await;
    assert_eq!(
        world.posted_texts(&bens.conversation, 1).await,
        ["This is Ben"]
    );
    assert_eq!(world.posted(&dans.conversation, 1).await.len(), 1);
}

#[tokio::test]
async fn a_reply_is_accepted_only_from_the_phone_last_texted() {
    let mut world = World::without_delay(&[]).await;
    let before = world.new_thread(BEN).await;
    world
        .layer
        .create_user(User::new(BEN, "Ben", "15550102099"));
    // Restarts to clear the cache of identities.
    world.redeploy(&[]).await;
    let after = world.thread_in(&before.conversation, BEN).await;
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
    world.deliver_reply(&stale).await;
    assert_eq!(
        world
            .entries_when("nexmo_webhook.unknown_phone", 1)
            .await
            .len(),
        1
    );
    world
        .deliver_reply(&after.reply("From the new phone"))
        .await;
    assert_eq!(
        world.posted_texts(&before.conversation, 1).await,
        ["From the new phone"]
    );
}

#[tokio::test]
async fn a_reply_from_another_users_phone_is_refused() {
    let world = World::without_delay(&[]).await;
    let bens = world.new_thread(BEN).await;
    world.new_thread(CARA).await;
    let conversation = world.conversation(&["alice", BEN]);
    let second = world.thread_in(&conversation, BEN).await;
    let caras = standins::Reply::new(crate::support::CARAS_PHONE, &second.number, "Let me in");
    let stale = standins::Reply {
        at_ms: Some(LONG_AGO),
        ..caras
    };
    world.deliver_reply(&stale).await;
    world.deliver_reply(&bens.reply("Mine")).await;
    world.posted(&bens.conversation, 1).await;
    assert_eq!(world.layer.posts().len(), 1);
}
