//! What people do on the homeserver, so that the other tests can rely on it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::synapse::{CLIENT, NewRoom, seat};

#[tokio::test]
async fn people_see_each_others_messages() {
    let Some(seat) = seat().await else { return };
    let (alice, ben) = (seat.person("alice").await, seat.person("ben").await);
    let room = alice.room_with(&[&ben]).await;
    let first = alice.say(&room, "One").await;
    ben.notice(&room, "Two").await;
    alice.image(&room, "three.png").await;
    ben.file(&room, "four.pdf").await;
    ben.reply(&room, &first, "Five").await;
    ben.say_in_thread(&room, &first, "Six").await;
    ben.edit(&room, &first, "Not Ben's").await;
    let gone = alice.say(&room, "Gone").await;
    alice.redact(&room, &gone).await;
    let messages = ben.messages(&room).await;
    let texts: Vec<&str> = messages.iter().map(|(_, text)| &**text).collect();
    let expected = [
        "One",
        "Two",
        "three.png",
        "four.pdf",
        "Five",
        "Six",
        "* Not Ben's",
        "",
    ];
    assert_eq!(texts, expected);
    assert_eq!(messages[0].0, alice.id);
    assert_eq!(messages[1].0, ben.id);
}

#[tokio::test]
async fn members_are_those_who_joined_and_did_not_leave() {
    let Some(seat) = seat().await else { return };
    let alice = seat.person("alice").await;
    let (ben, cara, dan) = (
        seat.person("ben").await,
        seat.person("cara").await,
        seat.person("dan").await,
    );
    let room = alice.room_with(&[&ben, &cara]).await;
    alice.invite(&room, &dan).await;
    ben.leave(&room).await;
    alice.kick(&room, &cara).await;
    let api = seat.homeserver.api(&seat.service.as_token);
    let answer = api.get(&["rooms", &room, "joined_members"]).await;
    let joined = json!({ (alice.id.clone()): { "display_name": "alice", "avatar_url": null } });
    assert_eq!(answer["joined"], joined);
}

#[tokio::test]
async fn a_room_has_its_name_and_its_encryption() {
    let Some(seat) = seat().await else { return };
    let (alice, ben) = (seat.person("alice").await, seat.person("ben").await);
    let room = NewRoom {
        name: Some("Falcon"),
        invite: &[&ben],
        direct: true,
        encrypted: true,
        version: None,
    };
    let room = alice.create_room(&room).await;
    ben.join(&room).await;
    let api = seat.homeserver.api_as(&seat.service, &ben.id);
    let state = async |kind: &str| api.get(&["rooms", &room, "state", kind]).await;
    assert_eq!(state("m.room.name").await, json!({ "name": "Falcon" }));
    let encryption = json!({ "algorithm": "m.megolm.v1.aes-sha2" });
    assert_eq!(state("m.room.encryption").await, encryption);
}

#[tokio::test]
async fn a_phone_is_listed_as_it_was_written() {
    let Some(seat) = seat().await else { return };
    let ben = seat.person("ben").await;
    seat.homeserver
        .set_phones(&ben, &["+1 (555) 010-2030"])
        .await;
    let api = seat.homeserver.api_as(&seat.service, &ben.id);
    let answer = api.get(&["account", "3pid"]).await;
    let phones: Vec<&Value> = answer["threepids"].as_array().unwrap().iter().collect();
    assert_eq!(phones.len(), 1);
    assert_eq!(phones[0]["medium"], "msisdn");
    assert_eq!(phones[0]["address"], "+1 (555) 010-2030");
}

#[tokio::test]
async fn a_deleted_room_is_gone() {
    let Some(seat) = seat().await else { return };
    let alice = seat.person("alice").await;
    let room = alice.room_with(&[]).await;
    let message = alice.say(&room, "Hello").await;
    seat.homeserver.delete_room(&room).await;
    let api = seat.homeserver.api_as(&seat.service, &alice.id);
    let path = ["rooms", &*room, "event", &message];
    let answer = api.ask(Method::GET, CLIENT, &path, &Value::Null).await;
    assert_eq!(answer.status, 404);
}
