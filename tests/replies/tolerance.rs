//! Inbound texts as carriers, phones and Nexmo's settings make them.

use standins::{Reply, Via};

use crate::support::{BEN, BENS_PHONE, NUMBERS, World};

#[tokio::test]
async fn a_text_from_a_short_code_a_name_or_nobody_is_ignored() {
    let world = World::without_delay(&[]).await;
    for sender in ["32665", "0", "", " ", "MTN"] {
        let hello = Reply::new(BENS_PHONE, NUMBERS[0], "Hello");
        let inbound = world.nexmo.inbound(&hello).remove(0).with("msisdn", sender);
        assert_eq!(world.push(&inbound).await, 200, "{sender:?}");
    }
    assert!(world.entries("nexmo_webhook.unreadable").is_empty());
}

#[tokio::test]
async fn every_form_of_the_time_is_read() {
    let world = World::without_delay(&[]).await;
    let hello = Reply::new("15550109999", NUMBERS[0], "Hello");
    let inbound = world.nexmo.inbound(&hello).remove(0);
    let now = inbound.param("message-timestamp").unwrap();
    let (date, time) = now.split_once(' ').unwrap();
    for time in [
        format!("{date} {time}"),
        format!("{date} {time} +0000"),
        format!("{date} {time} +00:00"),
        format!("{date} {time} Z"),
        format!("{date}T{time}.000+00:00"),
        format!("{date}T{time}Z"),
    ] {
        let inbound = inbound.clone().with("message-timestamp", &time);
        assert_eq!(world.push(&inbound).await, 503, "{time}");
    }
}

#[tokio::test]
async fn a_mark_before_a_form_or_json_and_a_control_character_do_no_harm() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    for (count, via) in [(1, Via::Form), (2, Via::Json)] {
        let reply = thread.reply("a\0b").via(via);
        let inbound = world.nexmo.inbound(&reply).remove(0);
        let url = world.inbound_url(&thread.number);
        let body = format!("\u{feff}{}", inbound.request(&url).body);
        let request = reqwest::Client::new().post(&url).body(body);
        assert_eq!(request.send().await.unwrap().status(), 200, "{via:?}");
        let posted = world.posted_texts(&thread.conversation, count).await;
        assert_eq!(posted[count - 1], "a\u{fffd}b");
    }
}

#[tokio::test]
async fn a_slash_more_is_the_same_path() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let url = world.inbound_url(&thread.number);
    let token = url.rsplit('/').next().unwrap();
    for (count, path) in [
        (1, format!("/nexmo-new-sms/{token}/")),
        (2, format!("//nexmo-new-sms//{token}")),
    ] {
        let inbound = world.nexmo.inbound(&thread.reply("Hello")).remove(0);
        let url = format!("{}{path}", world.worker.url());
        assert_eq!(world.push_to(&inbound, &url).await.status, 200, "{path}");
        world.posted(&thread.conversation, count).await;
    }
    let webhook = format!("{}/nexmo-new-message/", world.worker.url());
    assert_eq!(reqwest::get(webhook).await.unwrap().status(), 200);
}
