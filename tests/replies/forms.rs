use standins::{Reply, Via};

use crate::support::{BEN, NUMBERS, World};

const WAYS: [Via; 4] = [Via::Get, Via::Form, Via::Json, Via::BareJson];

#[tokio::test]
async fn a_reply_is_posted_however_nexmo_is_set_to_send_it() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let text = |via: Via| format!("On my way, by {via:?}: 1 + 1 = 2 & 100 % sûr\n🎉");
    for (count, via) in (1..).zip(WAYS) {
        world.hear(&thread.reply(&text(via)).via(via)).await;
        world.posted(&thread.conversation, count).await;
    }
    let posted = world.posted(&thread.conversation, WAYS.len()).await;
    for (message, via) in posted.iter().zip(WAYS) {
        assert_eq!(message.text(), text(via));
        assert_eq!(message.sender.user(), Some(BEN));
    }
}

#[tokio::test]
async fn what_only_some_carriers_and_accounts_send_is_not_needed() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    for (count, via) in (1..).zip(WAYS) {
        let reply = Reply {
            no_keyword: true,
            no_api_key: true,
            iso_time: true,
            ..thread.reply("Yes").via(via)
        };
        world.hear(&reply).await;
        world.posted(&thread.conversation, count).await;
    }
}

#[tokio::test]
async fn phones_may_be_written_in_other_ways() {
    let world = World::quick(&[]).await;
    let thread = world.texted(BEN).await;
    let inbound = |text| world.nexmo.inbound(&thread.reply(text)).remove(0);
    let plus = inbound("With a plus").with("msisdn", "+1 (555) 010-2030");
    let zeros = inbound("With zeros").with("msisdn", "0015550102030");
    let url = world.inbound_url(NUMBERS[0]);
    for inbound in [plus, zeros.with("to", "+12025550101")] {
        assert_eq!(world.push_to(&inbound, &url).await.0, 200);
    }
    let posted = world.posted_texts(&thread.conversation, 2).await;
    assert_eq!(posted, ["With a plus", "With zeros"]);
}

#[tokio::test]
async fn replies_come_in_at_the_path_that_the_operator_chose() {
    let world = World::quick(&[
        ("NEXMO_PATH", "/hooks/sms.in/"),
        ("LAYER_PATH", "hooks/layer"),
    ])
    .await;
    let thread = world.texted(BEN).await;
    let base = format!("{}/hooks/sms.in/", world.worker.url());
    assert!(world.inbound_url(&thread.number).starts_with(&base));
    world.hear(&thread.reply("Yes")).await;
    world.posted(&thread.conversation, 1).await;
    let default = world
        .inbound_url(&thread.number)
        .replace("hooks/sms.in", "nexmo-new-sms");
    let inbound = world.nexmo.inbound(&thread.reply("No")).remove(0);
    assert_eq!(world.push_to(&inbound, &default).await.0, 404);
}
