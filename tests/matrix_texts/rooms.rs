//! Rooms and their numbers.

use futures_util::future::join_all;

use crate::{synapse::NewRoom, world::MatrixWorld};

#[tokio::test]
async fn each_room_has_a_number_of_its_own() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, first) = world.pair().await;
    let second = alice.room_with(&[&ben]).await;
    for room in [&first, &second] {
        alice.say(room, "Hello").await;
    }
    world.texted(&ben, 2).await;
    let (one, other) = (
        world.thread(&ben, &first).await,
        world.thread(&ben, &second).await,
    );
    assert_ne!(one.number, other.number);
    alice.say(&second, "Again").await;
    world.texted(&ben, 3).await;
    assert_eq!(world.world.nexmo.texts()[2].number, other.number);
}

#[tokio::test]
async fn replies_in_several_conversations_at_once_each_reach_their_own() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let ben = world.person("Ben").await;
    let mut threads = Vec::new();
    for name in ["Alice", "Cara", "Dan"] {
        let person = world.person(name).await;
        let room = person.room_with(&[&ben]).await;
        person.say(&room, "Hello").await;
        let thread = world.thread(&ben, &room).await;
        threads.push((person, thread));
    }
    for round in ["One", "Two"] {
        let replies = threads.iter().map(|(person, thread)| {
            let world = &world;
            async move {
                world
                    .reply(thread, &format!("{round} for {}", person.id))
                    .await
            }
        });
        join_all(replies).await;
    }
    for (person, thread) in &threads {
        let said = world.said(person, &thread.conversation, &ben, 2).await;
        let expected = ["One", "Two"].map(|round| format!("{round} for {}", person.id));
        assert_eq!(said, expected);
    }
}

/// Ids come into URLs.
#[tokio::test]
async fn users_and_rooms_with_odd_ids_are_texted_and_answer() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben) = (
        world.person("A/l+i=c.e").await,
        world.person("B/../e-n+1").await,
    );
    let old = NewRoom {
        invite: &[&ben],
        version: Some("3"), // its events' ids have slashes and plus signs
        ..NewRoom::default()
    };
    let room = alice.create_room(&old).await;
    ben.join(&room).await;
    for number in 1..=4 {
        alice.say(&room, &number.to_string()).await;
    }
    let texts = world.texted(&ben, 4).await;
    assert_eq!(
        texts,
        ["1", "2", "3", "4"].map(|number| format!("A/l+i=c.e: {number}"))
    );
    let thread = world.thread(&ben, &room).await;
    world.reply(&thread, "Yes").await;
    assert_eq!(world.said(&alice, &room, &ben, 1).await, ["Yes"]);
}

#[tokio::test]
async fn two_people_converse_by_text_alone() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.say(&room, "Lunch?").await;
    world.texted(&ben, 1).await;
    world
        .reply(&world.thread(&ben, &room).await, "At noon?")
        .await;
    assert_eq!(world.texted(&alice, 1).await, ["Ben: At noon?"]);
    world
        .reply(&world.thread(&alice, &room).await, "Fine")
        .await;
    assert_eq!(
        world.texted(&ben, 2).await,
        ["Alice: Lunch?", "Alice: Fine"]
    );
    let messages = alice.messages(&room).await;
    let words: Vec<&str> = messages.iter().map(|(_, text)| &**text).collect();
    assert_eq!(words, ["Lunch?", "At noon?", "Fine"]);
}
