//! What an application service does as a user.

use reqwest::Method;
use serde_json::json;

use crate::synapse::{
    Answer, Api, CLIENT, Homeserver, is_skipped, register, seat, seat_where, service,
};

/// The device that posts.
const DEVICE: &str = "TEXTS";

/// Posts a text from a phone as a user; `transaction` makes it unique.
async fn post(api: &Api, room: &str, transaction: &str, text: &str) -> Answer {
    let path = ["rooms", room, "send", "m.room.message", transaction];
    let content = json!({ "msgtype": "m.text", "body": text });
    let api = api.clone().with("device_id", DEVICE);
    api.ask(Method::PUT, CLIENT, &path, &content).await
}

/// Makes the device of a user, if there is none.
async fn make_device(api: &Api) {
    let name = json!({ "display_name": "Texts" });
    api.put(&["devices", DEVICE], &name).await;
}

#[tokio::test]
async fn a_post_needs_the_device() {
    let Some(seat) = seat().await else { return };
    let ben = seat.person("ben").await;
    let room = ben.room_with(&[]).await;
    let api = seat.homeserver.api_as(&seat.service, &ben.id);
    let refused = post(&api, &room, "reply1", "Yes").await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body["errcode"], "M_UNKNOWN_DEVICE");
    make_device(&api).await;
    assert_eq!(post(&api, &room, "reply1", "Yes").await.status, 200);
    ben.logout_all().await;
    let refused = post(&api, &room, "reply2", "Again").await;
    assert_eq!(refused.body["errcode"], "M_UNKNOWN_DEVICE");
}

#[tokio::test]
async fn a_post_is_made_once_though_the_homeserver_is_killed_in_between() {
    if is_skipped() {
        return;
    }
    let service = service("texts");
    let mut homeserver = Homeserver::start(std::slice::from_ref(&service)).await;
    let ben = register(&homeserver, &service, "ben").await;
    let room = ben.room_with(&[]).await;
    let api = homeserver.api_as(&service, &ben.id);
    make_device(&api).await;
    let first = post(&api, &room, "reply1", "Yes").await;
    assert_eq!(first.status, 200);
    assert_eq!(post(&api, &room, "reply1", "Yes").await, first);
    homeserver.kill();
    homeserver.restart().await;
    assert_eq!(post(&api, &room, "reply1", "Yes").await, first);
    assert_eq!(
        ben.messages(&room).await,
        [(ben.id.clone(), "Yes".to_owned())]
    );
}

#[tokio::test]
async fn a_post_beyond_the_limit_is_refused_with_the_time_to_wait() {
    let Some(seat) = seat_where(|service| service.rate_limited).await else {
        return;
    };
    let ben = seat.person("ben").await;
    let room = ben.room_with(&[]).await;
    let api = seat.homeserver.api_as(&seat.service, &ben.id);
    make_device(&api).await;
    seat.homeserver.limit_messages(&ben, 1).await;
    let mut refused = None;
    for number in 0..20 {
        let answer = post(&api, &room, &format!("reply{number}"), "Yes").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a post beyond the limit");
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body["errcode"], "M_LIMIT_EXCEEDED");
    assert!(refused.body["retry_after_ms"].is_number());
}
