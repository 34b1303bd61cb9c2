use standins::{Inbound, Method, Via, nexmo_signature};

use crate::support::{BEN, Thread, World, seconds_ago};

const SECRET: &str = "test-signature-secret";
const METHODS: [&str; 5] = ["md5hash", "md5", "sha1", "sha256", "sha512"];
const HTTP_METHODS: [Via; 4] = [Via::Get, Via::Form, Via::Json, Via::BareJson];

async fn world_with_signatures(method: &str, overrides: &[(&str, &str)]) -> World {
    let signature = [
        ("NEXMO_SIGNATURE_SECRET", SECRET),
        ("NEXMO_SIGNATURE_METHOD", method),
    ];
    World::without_delay(&[&signature, overrides].concat()).await
}

/// The URLs without and with a token.
fn urls(world: &World) -> [String; 2] {
    let bare = format!("{}/nexmo-new-sms", world.worker.url());
    let with_token = format!("{bare}/0123456789abcdef0123456789abcdef");
    [bare, with_token]
}

async fn only_signed_texts_are_accepted(name: &str) {
    let world = world_with_signatures(name, &[]).await;
    let method = Method::named(name).unwrap();
    let thread = world.new_thread(BEN).await;
    assert_eq!(world.inbound_url(&thread.number), urls(&world)[0]);
    for via in HTTP_METHODS {
        for url in urls(&world) {
            for forgery in forgeries(&world, &thread, method, via) {
                let status = world.push_to(&forgery, &url).await.status;
                assert_eq!(status, 403, "{forgery:?} at {url}");
            }
        }
    }
    for (count, (url, via)) in (1..).zip(urls(&world).iter().zip([Via::Get, Via::Json])) {
        let text = "50 % & more = fun, né? 🎉";
        let inbound = world
            .nexmo
            .inbound(&thread.reply(text).via(via).signed(method, SECRET))
            .remove(0);
        assert_eq!(world.push_to(&inbound, url).await.status, 200);
        assert_eq!(
            world.posted_texts(&thread.conversation, count).await[count - 1],
            text
        );
    }
    assert_eq!(world.layer.posts().len(), 2);
}

/// Texts without a signature, with a wrong one, or changed after they were signed.
fn forgeries(world: &World, thread: &Thread, method: Method, via: Via) -> Vec<Inbound> {
    let reply = thread.reply("Not from Ben").via(via);
    let inbound = |reply| world.nexmo.inbound(&reply).remove(0);
    let signed = inbound(reply.clone().signed(method, SECRET));
    let mut forgeries = vec![
        inbound(reply.clone()),
        inbound(reply.clone().signed(method, "another secret")),
        inbound(reply.clone().signed(method, "")),
        signed.clone().with("text", "Tampered with"),
        signed.clone().with("msisdn", "15550102031"),
        signed.clone().with("added", "1"),
        signed.clone().with("sig", ""),
        signed.with("sig", "0"),
    ];
    let others = METHODS
        .iter()
        .filter_map(|name| Method::named(name))
        .filter(|one| *one != method);
    forgeries.extend(others.map(|other| inbound(reply.clone().signed(other, SECRET))));
    forgeries
}

#[tokio::test]
async fn with_md5hash_only_signed_texts_are_accepted() {
    only_signed_texts_are_accepted("md5hash").await;
}

#[tokio::test]
async fn with_md5_only_signed_texts_are_accepted() {
    only_signed_texts_are_accepted("md5").await;
}

#[tokio::test]
async fn with_sha1_only_signed_texts_are_accepted() {
    only_signed_texts_are_accepted("sha1").await;
}

#[tokio::test]
async fn with_sha256_only_signed_texts_are_accepted() {
    only_signed_texts_are_accepted("sha256").await;
}

#[tokio::test]
async fn with_sha512_only_signed_texts_are_accepted() {
    only_signed_texts_are_accepted("sha512").await;
}

/// A text signed `seconds` ago, or without a timestamp.
fn signed_at(world: &World, thread: &Thread, seconds: Option<i64>) -> Inbound {
    let mut inbound = world.nexmo.inbound(&thread.reply("From Ben")).remove(0);
    if let Some(seconds) = seconds {
        inbound = inbound.with("timestamp", &(seconds_ago(seconds) / 1_000).to_string());
    }
    let sig = nexmo_signature(Method::Md5Hash, SECRET, &inbound.params);
    inbound.with("sig", &sig)
}

#[tokio::test]
async fn without_a_maximum_age_signatures_of_any_age_are_accepted() {
    let world = world_with_signatures("md5hash", &[("SAME_REPLY_LIMIT", "0")]).await;
    let thread = world.new_thread(BEN).await;
    for (count, age) in (1..).zip([Some(0), Some(86_400), Some(400 * 86_400), None]) {
        assert_eq!(
            world.push(&signed_at(&world, &thread, age)).await,
            200,
            "{age:?}"
        );
        world.posted(&thread.conversation, count).await;
    }
}

#[tokio::test]
async fn a_signature_over_the_maximum_age_is_refused() {
    let world = world_with_signatures("md5hash", &[("NEXMO_SIGNATURE_MAX_AGE", "5 minutes")]).await;
    let thread = world.new_thread(BEN).await;
    for age in [Some(310), Some(86_400), None] {
        assert_eq!(
            world.push(&signed_at(&world, &thread, age)).await,
            403,
            "{age:?}"
        );
    }
    for (count, age) in (1..).zip([0, 240]) {
        assert_eq!(
            world.push(&signed_at(&world, &thread, Some(age))).await,
            200,
            "{age}"
        );
        world.posted(&thread.conversation, count).await;
    }
    assert_eq!(world.layer.posts().len(), 2);
}
