//! Whether a message is still unread, asked by an application service.

use std::time::Duration;

use crate::{
    support::SOON,
    synapse::{Api, Person, Receipt, Seat, seat},
};

/// A room in which Alice has written a message to Ben.
struct Scene {
    seat: Seat,
    alice: Person,
    ben: Person,
    room: String,
    message: String,
}

impl Scene {
    async fn new() -> Option<Self> {
        let seat = seat().await?;
        let (alice, ben) = (seat.person("alice").await, seat.person("ben").await);
        let room = alice.room_with(&[&ben]).await;
        let message = alice.say(&room, "Are you there?").await;
        Some(Self {
            seat,
            alice,
            ben,
            room,
            message,
        })
    }

    /// Ben's APIs, for the application service.
    fn as_ben(&self) -> Api {
        self.seat
            .homeserver
            .api_as(&self.seat.service, &self.ben.id)
    }

    /// Whether Ben has read the message, once the homeserver has an entry for it.
    async fn is_read(&self) -> Option<bool> {
        let page = self.as_ben().get(&["notifications"]).await;
        let entries = page["notifications"].as_array().unwrap();
        let entry = entries
            .iter()
            .find(|entry| entry["event"]["event_id"] == *self.message);
        entry.and_then(|entry| entry["read"].as_bool())
    }

    /// Waits until [`Scene::is_read`] is this.
    async fn wait_until_read_is(&self, wanted: bool) {
        let poll = async {
            while self.is_read().await != Some(wanted) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let done = tokio::time::timeout(SOON, poll).await;
        done.unwrap_or_else(|_| panic!("read did not become {wanted}"));
    }
}

#[tokio::test]
async fn a_public_receipt_marks_a_notification_as_read() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    scene.wait_until_read_is(false).await;
    let (room, message) = (&scene.room, &scene.message);
    scene.ben.read(room, message, Receipt::Public).await;
    scene.wait_until_read_is(true).await;
}

#[tokio::test]
async fn a_private_receipt_marks_a_notification_as_read() {
    let Some(scene) = Scene::new().await else {
        return;
    };
    scene.wait_until_read_is(false).await;
    let (room, message) = (&scene.room, &scene.message);
    scene.ben.read(room, message, Receipt::Private).await;
    scene.wait_until_read_is(true).await;
}

#[tokio::test]
async fn a_threaded_receipt_marks_a_notification_in_its_thread_as_read() {
    let Some(mut scene) = Scene::new().await else {
        return;
    };
    let (root, room) = (scene.message, scene.room.clone());
    scene.message = scene.alice.say_in_thread(&room, &root, "Ben?").await;
    scene.wait_until_read_is(false).await;
    let receipt = Receipt::Threaded(&root);
    scene.ben.read(&room, &scene.message, receipt).await;
    scene.wait_until_read_is(true).await;
}

#[tokio::test]
async fn a_message_in_a_muted_room_makes_no_notification() {
    let Some(mut scene) = Scene::new().await else {
        return;
    };
    scene.wait_until_read_is(false).await;
    scene.ben.mute(&scene.room).await;
    let muted = scene.alice.say(&scene.room, "Shh").await;
    let other_room = scene.alice.room_with(&[&scene.ben]).await;
    scene.message = scene.alice.say(&other_room, "Hello").await;
    scene.wait_until_read_is(false).await;
    let notifications = scene.ben.notifications().await;
    let mut events = notifications
        .iter()
        .map(|entry| &entry["event"]["event_id"]);
    assert!(!events.any(|event| *event == *muted));
}
