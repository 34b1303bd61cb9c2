use standins::{Reply, Via};

use crate::support::{BEN, NUMBERS, World};

const METHODS: [Via; 4] = [Via::Get, Via::Form, Via::Json, Via::BareJson];

#[tokio::test]
async fn a_reply_is_posted_whichever_http_method_nexmo_uses() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let text = |via: Via| format!("On my way, by {via:?}: 1 + 1 = 2 & 100 % sûr\n🎉");
    for (count, via) in (1..).zip(METHODS) {
        world
            .deliver_reply(&thread.reply(&text(via)).via(via))
            .await;
        world.posted(&thread.conversation, count).await;
    }
    let posted = world.posted(&thread.conversation, METHODS.len()).await;
    for (message, via) in posted.iter().zip(METHODS) {
        assert_eq!(message.text(), text(via));
        assert_eq!(message.sender.user(), Some(BEN));
    }
}

#[tokio::test]
async fn optional_parameters_may_be_missing() {
    let world = World::without_delay(&[("SAME_REPLY_LIMIT", "0")]).await;
    let thread = world.new_thread(BEN).await;
    for (count, via) in (1..).zip(METHODS) {
        let reply = Reply {
            no_keyword: true,
            no_api_key: true,
            iso_time: true,
            ..thread.reply("Yes").via(via)
        };
        world.deliver_reply(&reply).await;
        world.posted(&thread.conversation, count).await;
    }
}

#[tokio::test]
async fn phones_may_be_written_in_other_formats() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let inbound = |text| world.nexmo.inbound(&thread.reply(text)).remove(0);
    let plus = inbound("With a plus").with("msisdn", "+1 (555) 010-2030");
    let zeros = inbound("With zeros").with("msisdn", "0015550102030");
    let url = world.inbound_url(NUMBERS[0]);
    for inbound in [plus, zeros.with("to", "+12025550101")] {
        assert_eq!(world.push_to(&inbound, &url).await.status, 200);
    }
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, ["With a plus", "With zeros"]);
}

#[tokio::test]
async fn replies_arrive_at_the_configured_path() {
    let world = World::without_delay(&[
        ("NEXMO_PATH", "/hooks/sms.in/"),
        ("LAYER_PATH", "hooks/layer"),
    ])
    .await;
    let thread = world.new_thread(BEN).await;
    let base = format!("{}/hooks/sms.in/", world.worker.url());
    assert!(world.inbound_url(&thread.number).starts_with(&base));
    world.deliver_reply(&thread.reply("Yes")).await;
    world.posted(&thread.conversation, 1).await;
    let default = world
        .inbound_url(&thread.number)
        .replace("hooks/sms.in", "nexmo-new-sms");
    let inbound = world.nexmo.inbound(&thread.reply("No")).remove(0);
    assert_eq!(world.push_to(&inbound, &default).await.status, 404);
}
