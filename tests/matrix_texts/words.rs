//! What a text says.

use serde_json::json;

use crate::{
    synapse::NewRoom,
    world::{LONG_DELAY, MatrixWorld},
};

#[tokio::test]
async fn a_text_has_the_words_of_the_last_edit() {
    let Some(mut world) = MatrixWorld::with(&[LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let message = alice.say(&room, "See you on Tuesday").await;
    alice.edit(&room, &message, "See you on Wednesday").await;
    alice.edit(&room, &message, "See you on Thursday").await;
    alice.say(&room, "Bring a hat").await;
    world.delay_passes(&ben, 2).await;
    let texts = world.texted(&ben, 2).await;
    assert_eq!(texts, ["Alice: See you on Thursday", "Alice: Bring a hat"]);
    // An edit of what was texted is no message.
    alice.edit(&room, &message, "See you on Friday").await;
    alice.say(&room, "Or a cap").await;
    world.delay_passes(&ben, 1).await;
    assert_eq!(world.texted(&ben, 3).await[2], "Alice: Or a cap");
}

#[tokio::test]
async fn an_edit_that_was_taken_back_or_is_another_users_changes_no_words() {
    let Some(mut world) = MatrixWorld::with(&[LONG_DELAY]).await else {
        return;
    };
    let (alice, ben, first) = world.pair().await;
    let second = alice.room_with(&[&ben]).await;
    let message = alice.say(&first, "One").await;
    let edit = alice.edit(&first, &message, "Two").await;
    alice.redact(&first, &edit).await;
    let message = alice.say(&second, "Mine").await;
    ben.edit(&second, &message, "Yours").await;
    world.delay_passes(&ben, 2).await;
    let mut texts = world.texted(&ben, 2).await;
    texts.sort();
    assert_eq!(texts, ["Alice: Mine", "Alice: One"]);
}

#[tokio::test]
async fn pictures_files_and_captions_stand_in_a_text() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.image(&room, "cat.png").await;
    let captioned = json!({
        "msgtype": "m.image",
        "body": "My cat",
        "filename": "cat.png",
        "url": "mxc://chat.test/cat",
    });
    alice.send(&room, &captioned).await;
    alice.file(&room, "plan.pdf").await;
    let expected = [
        "Alice: [photo]",
        "Alice: [photo]\nMy cat",
        "Alice: [file: plan.pdf]",
    ];
    assert_eq!(world.texted(&ben, 3).await, expected);
}

#[tokio::test]
async fn a_very_long_message_is_cut() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, &"0123456789".repeat(5_000)).await;
    let text = world.texted(&ben, 1).await.remove(0);
    assert_eq!(text.len(), 918);
    assert!(
        text.starts_with("Alice: 0123") && text.ends_with("..."),
        "{text}"
    );
}

#[tokio::test]
async fn an_answer_does_not_repeat_what_it_answers() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let question = ben.say(&room, "Lunch?").await;
    let body = format!("> <{}> Lunch?\n\nAt noon, > 4 people", ben.id);
    alice.reply(&room, &question, &body).await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: At noon, > 4 people"]);
}

#[tokio::test]
async fn an_introduction_says_the_name_of_the_room_or_of_who_is_in_it() {
    let introduction = "In <%= conversation.metadata.conversationName %>:";
    let Some(world) = MatrixWorld::with(&[("INTRODUCE_CONVERSATION", introduction)]).await else {
        return;
    };
    let (alice, ben, unnamed) = world.pair().await;
    let named = NewRoom {
        name: Some("Falcon"),
        invite: &[&ben],
        ..NewRoom::default()
    };
    let named = alice.create_room(&named).await;
    ben.join(&named).await;
    for room in [&unnamed, &named] {
        alice.say(room, "Hello").await;
    }
    let mut texts = world.texted(&ben, 2).await;
    texts.sort();
    assert_eq!(
        texts,
        ["In Alice:\n\nAlice: Hello", "In Falcon:\n\nAlice: Hello"]
    );
}

#[tokio::test]
async fn a_sender_without_a_name_has_that_of_the_id() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.set_display_name("").await;
    alice.say(&room, "Hello").await;
    let expected = format!("{}: Hello", world.service.user_name("alice"));
    assert_eq!(world.texted(&ben, 1).await, [expected]);
}
