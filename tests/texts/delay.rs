use crate::support::{ALICE, BEN, BENS_PHONE, NUMBERS, QUIET, World};

#[tokio::test]
async fn an_unread_message_is_texted_after_the_delay() {
    let world = World::with(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    world.say(&conversation, ALICE, "Are you coming?");
    let texts = world.texts(1).await;
    assert_eq!(texts[0].phone, BENS_PHONE);
    assert_eq!(texts[0].number, NUMBERS[0]);
    assert_eq!(texts[0].text, "Alice: Are you coming?");
}

#[tokio::test]
async fn a_message_that_is_read_in_time_is_not_texted() {
    let world = World::with(&[]).await;
    let conversation = world.conversation(&[ALICE, BEN]);
    let sent = world.say(&conversation, ALICE, "Are you coming?");
    world.record_when(BEN, |record| record["notices"]["waiting"] == 1).await;
    world.layer.mark_read(&sent.message.id, BEN).unwrap();
    world.record_when(BEN, |record| record["notices"]["waiting"] == 0).await;
    tokio::time::sleep(QUIET).await;
    assert!(world.nexmo.texts().is_empty());
}
