//! What the homeserver pushes to an application service.

use serde_json::{Value, json};

use crate::{
    support::SOON,
    synapse::{
        HELD, Homeserver, Person, Push, Receipt, Recorder, is_skipped, register, seat, seat_where,
        service,
    },
};

#[tokio::test]
async fn a_message_arrives_in_a_transaction() {
    let Some(seat) = seat().await else { return };
    let recorder = Recorder::start(&seat.service).await;
    let (alice, ben) = (seat.person("alice").await, seat.person("ben").await);
    let room = alice.room_with(&[&ben]).await;
    let sent = alice.say(&room, "Hello").await;
    let event = recorder.event(&sent, 200, SOON).await;
    assert_eq!(event["sender"], alice.id);
    assert_eq!(event["room_id"], room);
    let content = json!({ "msgtype": "m.text", "body": "Hello" });
    assert_eq!(event["content"], content);
    let transaction = "PUT /_matrix/app/v1/transactions/";
    let pushes = recorder.pushes();
    assert!(pushes.iter().all(|push| push.line.starts_with(transaction)));
}

#[tokio::test]
async fn a_service_is_told_nothing_of_rooms_without_its_users() {
    let (Some(seat), Some(other)) = (seat().await, seat().await) else {
        return;
    };
    let recorder = Recorder::start(&seat.service).await;
    let stranger = other.person("stranger").await;
    let strange_room = stranger.room_with(&[]).await;
    stranger.say(&strange_room, "To myself").await;
    let alice = seat.person("alice").await;
    let room = alice.room_with(&[]).await;
    let last = alice.say(&room, "To myself too").await;
    recorder.event(&last, 200, SOON).await;
    let pushes = recorder.pushes();
    let mut events = pushes.iter().flat_map(|push| push.events());
    assert!(events.all(|event| event["room_id"] == room));
}

#[tokio::test]
async fn receipts_are_pushed_to_a_service_that_wants_them() {
    let Some(seat) = seat_where(|service| service.receive_ephemeral).await else {
        return;
    };
    let recorder = Recorder::start(&seat.service).await;
    let (alice, ben) = (seat.person("alice").await, seat.person("ben").await);
    let room = alice.room_with(&[&ben]).await;
    let sent = alice.say(&room, "Hello").await;
    ben.read(&room, &sent, Receipt::Public).await;
    let of_ben = |push: &Push| {
        let mut all = push.body["ephemeral"].as_array().into_iter().flatten();
        let reader = |it: &Value| it["content"][&*sent]["m.read"][&*ben.id].is_object();
        all.any(|it| it["type"] == "m.receipt" && reader(it))
    };
    let arrived = |pushes: &[Push]| pushes.iter().any(of_ben).then_some(());
    recorder.wait_for(SOON, arrived).await;
}

/// A homeserver with one service, and Alice in a room by herself.
struct Scene {
    recorder: Recorder,
    homeserver: Homeserver,
    alice: Person,
    room: String,
}

impl Scene {
    /// `None` if the test is skipped.
    async fn new() -> Option<Self> {
        if is_skipped() {
            return None;
        }
        let service = service("texts");
        let recorder = Recorder::start(&service).await;
        let homeserver = Homeserver::start(std::slice::from_ref(&service)).await;
        let alice = register(&homeserver, &service, "alice").await;
        let room = alice.room_with(&[]).await;
        let scene = Self {
            recorder,
            homeserver,
            alice,
            room,
        };
        scene.say("All before this has arrived", 200).await;
        Some(scene)
    }

    /// Alice writes; waits until the service has answered with this status.
    async fn say(&self, text: &str, status: u16) -> String {
        let event = self.alice.say(&self.room, text).await;
        self.recorder.event(&event, status, SOON).await;
        event
    }

    /// Kills the homeserver and starts it again. The service accepts everything meanwhile.
    async fn crash(&mut self) {
        self.homeserver.kill();
        self.recorder.answer_with(200);
        self.homeserver.restart().await;
    }

    /// Waits until the homeserver has stored that the service fails.
    async fn wait_for_retries(&self) {
        let line = "Scheduling retries on texts";
        self.homeserver.logged(line, SOON).await;
    }

    /// The events that the service has accepted, in order of arrival.
    fn accepted(&self) -> Vec<String> {
        let pushes = self.recorder.pushes();
        let accepted = pushes.iter().filter(|push| push.status == 200);
        let id = |event: &Value| event["event_id"].as_str().unwrap().to_owned();
        accepted.flat_map(Push::events).map(id).collect()
    }
}

/// The homeserver starts to try again at its first event after the restart.
#[tokio::test]
async fn a_message_that_was_refused_arrives_with_the_first_one_after_a_restart_of_the_homeserver() {
    let Some(mut scene) = Scene::new().await else {
        return;
    };
    scene.recorder.answer_with(500);
    let refused = scene.say("First", 500).await;
    scene.wait_for_retries().await;
    scene.crash().await;
    let next = scene.say("Second", 200).await;
    assert!(scene.accepted().ends_with(&[refused, next]));
}

/// The homeserver forgets that it was not answered. It finds the message when it has to try another one again.
#[tokio::test]
async fn a_message_in_flight_at_a_crash_of_the_homeserver_arrives_after_later_ones() {
    let Some(mut scene) = Scene::new().await else {
        return;
    };
    scene.recorder.hold();
    let in_flight = scene.say("First", HELD).await;
    scene.crash().await;
    let later = scene.say("Second", 200).await;
    assert!(!scene.accepted().contains(&in_flight));
    scene.recorder.answer_with(500);
    let refused = scene.say("Third", 500).await;
    scene.recorder.answer_with(200);
    scene.recorder.event(&refused, 200, SOON).await;
    let accepted = scene.accepted();
    assert!(accepted.ends_with(&[later, in_flight, refused]));
}
