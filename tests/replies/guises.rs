//! One phone in two guises: the identity has one form, carriers send texts in the other.

use standins::{Reply, User};

use crate::support::{ALICE, BEN, World};

#[tokio::test]
async fn a_reply_from_the_phones_other_form_is_posted_and_texts_go_to_the_identitys() {
    for (identity, texted, replies) in [
        ("+52 1 55 1234 5678", "5215512345678", "525512345678"),
        ("+52 55 1234 5678", "525512345678", "5215512345678"),
        ("+55 11 98765-4321", "5511987654321", "551187654321"),
        ("+54 9 11 1234-5678", "5491112345678", "54111512345678"),
    ] {
        let world = World::without_delay(&[]).await;
        world.layer.create_user(User::new(BEN, "Ben", identity));
        let thread = world.new_thread(BEN).await;
        assert_eq!(thread.phone, texted);
        let reply = |words: &str| Reply::new(replies, &thread.number, words);
        world.deliver_reply(&reply("On my way")).await;
        let posted = world.posted_texts(&thread.conversation, 1).await;
        assert_eq!(posted, ["On my way"]);
        world.deliver_reply(&reply("STOP")).await;
        world
            .record_when(BEN, |record| record["opted_out"].is_object())
            .await;
        world.say(&world.conversation(&[ALICE, BEN]), ALICE, "Hello");
        world.entries_when("notice.dropped", 1).await;
        assert_eq!(world.texts_to(texted).len(), 1);
    }
}
