use std::fmt::Write;

use standins::Via;

use crate::support::{BEN, World};

/// The token at the end of a number's URL.
fn token(url: &str) -> &str {
    url.rsplit_once('/').unwrap().1
}

#[tokio::test]
async fn a_text_without_the_right_token_is_refused() {
    let world = World::without_delay(&[]).await;
    let other =
        World::without_delay(&[("LAYER_WEBHOOK_SECRET", "another deployment's secret")]).await;
    let thread = world.new_thread(BEN).await;
    let url = world.inbound_url(&thread.number);
    let (base, own) = (format!("{}/nexmo-new-sms", world.worker.url()), token(&url));
    assert!(
        own.len() == 32 && own.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{own}"
    );
    let foreign = token(&other.inbound_url(&thread.number)).to_owned();
    assert_ne!(foreign, own);
    let encoded = own.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02x}").unwrap();
        encoded
    });
    let forgeries = [
        base.clone(),
        format!("{base}/"),
        format!("{base}/{}", "0".repeat(32)),
        format!("{base}/{foreign}"),
        format!("{base}/{}", own.split_at(31).0),
        format!("{base}/{own}0"),
        format!("{base}/{}", own.to_uppercase()),
        format!("{base}/{encoded}"),
        format!("{base}/{own}/more"),
        format!("{base}%2F{own}"),
        format!("{base}?token={own}"),
        format!("{}/Nexmo-New-SMS/{own}", world.worker.url()),
        format!("{}/nexmo-new-sm%73/{own}", world.worker.url()),
        format!("{}/nexmo-new-message/{own}", world.worker.url()),
        format!("{}/{own}", world.worker.url()),
    ];
    for forgery in forgeries {
        for via in [Via::Get, Via::Form, Via::Json] {
            let inbound = world
                .nexmo
                .inbound(&thread.reply("Not from Ben").via(via))
                .remove(0);
            let status = world.push_to(&inbound, &forgery).await.status;
            assert!(matches!(status, 403 | 404), "{via:?} {forgery}: {status}");
        }
    }
    world.deliver_reply(&thread.reply("From Ben")).await;
    assert_eq!(
        world.posted_texts(&thread.conversation, 1).await,
        ["From Ben"]
    );
    assert_eq!(world.layer.posts().len(), 1);
}

#[tokio::test]
async fn a_signature_is_ignored_if_no_signature_secret_is_configured() {
    let world = World::without_delay(&[]).await;
    let thread = world.new_thread(BEN).await;
    let reply = thread
        .reply("Signed with a secret that nobody has")
        .signed(standins::Method::Md5Hash, "");
    let inbound = world.nexmo.inbound(&reply).remove(0);
    let bare = format!("{}/nexmo-new-sms", world.worker.url());
    assert_eq!(world.push_to(&inbound, &bare).await.status, 403);
    // With the token, the signature does no harm.
    assert_eq!(world.push(&inbound).await, 200);
    world.posted(&thread.conversation, 1).await;
}
