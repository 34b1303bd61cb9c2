//! Who is not texted, and which messages cause no texts.

use crate::{gate::Instead, synapse::Person, world::MatrixWorld};

/// Whether the Worker has never stored anything about a user.
async fn is_unknown(world: &MatrixWorld, person: &Person) -> bool {
    world.record(person).await["user_id"].is_null()
}

#[tokio::test]
async fn what_bots_say_is_not_texted() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    alice.notice(&room, "The build is green").await;
    alice.say(&room, "Hello").await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    assert!(world.world.entries("notice.dropped").is_empty());
}

#[tokio::test]
async fn users_who_are_ignored_are_not_texted_and_cause_no_texts() {
    let ignored = "@{service}_bot:chat.test, @{service}_telegram_*";
    let Some(world) = MatrixWorld::with(&[("MATRIX_IGNORE_USERS", ignored)]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let (bot, guest) = (
        world.person("Bot").await,
        world.person("Telegram_Guest").await,
    );
    let botany = world.person("Botany").await;
    for person in [&bot, &guest, &botany] {
        alice.invite(&room, person).await;
        person.join(&room).await;
    }
    bot.say(&room, "Beep").await;
    guest.say(&room, "Hi from afar").await;
    alice.say(&room, "Hello").await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    assert_eq!(world.texted(&botany, 1).await, ["Alice: Hello"]);
    assert!(is_unknown(&world, &bot).await && is_unknown(&world, &guest).await);
    assert_eq!(world.world.nexmo.texts().len(), 2);
}

/// The rooms of one homeserver are enough for this: the gate adds the user of another one to the members.
#[tokio::test]
async fn users_of_other_homeservers_are_not_texted() {
    let Some(world) = MatrixWorld::behind_gate(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let stranger = "@stranger:elsewhere.test";
    world.gate().instead(
        "/joined_members",
        usize::MAX,
        Instead::AddMember(stranger.to_owned()),
    );
    alice.say(&room, "Hello").await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    assert!(world.gate().asked("elsewhere").is_empty());
    assert!(world.world.record("%40stranger%3Aelsewhere.test").await["user_id"].is_null());
}

#[tokio::test]
async fn who_is_only_invited_is_not_texted() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let (alice, ben, room) = world.pair().await;
    let cara = world.person("Cara").await;
    alice.invite(&room, &cara).await;
    alice.say(&room, "Hello").await;
    assert_eq!(world.texted(&ben, 1).await, ["Alice: Hello"]);
    assert!(is_unknown(&world, &cara).await);
    // Joining is noticed at once, though the members of a room are remembered for a minute.
    cara.join(&room).await;
    alice.say(&room, "Welcome").await;
    assert_eq!(world.texted(&cara, 1).await, ["Alice: Welcome"]);
}
