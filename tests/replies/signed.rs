use standins::{Inbound, Method, Via, nexmo_signature};

use crate::support::{BEN, Thread, World, ago};

const SECRET: &str = "test-signature-secret";
const METHODS: [&str; 5] = ["md5hash", "md5", "sha1", "sha256", "sha512"];
const WAYS: [Via; 4] = [Via::Get, Via::Form, Via::Json, Via::BareJson];

async fn signing(method: &str, differences: &[(&str, &str)]) -> World {
    let signature = [
        ("NEXMO_SIGNATURE_SECRET", SECRET),
        ("NEXMO_SIGNATURE_METHOD", method),
    ];
    World::quick(&[&signature, differences].concat()).await
}

/// Both forms of the path.
fn addresses(world: &World) -> [String; 2] {
    let bare = format!("{}/nexmo-new-sms", world.worker.url());
    let with_token = format!("{bare}/0123456789abcdef0123456789abcdef");
    [bare, with_token]
}

async fn only_signed_texts_are_taken(name: &str) {
    let world = signing(name, &[]).await;
    let method = Method::named(name).unwrap();
    let thread = world.texted(BEN).await;
    assert_eq!(world.inbound_url(&thread.number), addresses(&world)[0]);
    for via in WAYS {
        for url in addresses(&world) {
            for forgery in forgeries(&world, &thread, method, via) {
                let (status, _) = world.push_to(&forgery, &url).await;
                assert_eq!(status, 403, "{forgery:?} at {url}");
            }
        }
    }
    for (count, (url, via)) in (1..).zip(addresses(&world).iter().zip([Via::Get, Via::Json])) {
        let text = "50 % & more = fun, né? 🎉";
        let inbound = world
            .nexmo
            .inbound(&thread.reply(text).via(via).signed(method, SECRET))
            .remove(0);
        assert_eq!(world.push_to(&inbound, url).await.0, 200);
        assert_eq!(
            world.posted_texts(&thread.conversation, count).await[count - 1],
            text
        );
    }
    assert_eq!(world.layer.posts().len(), 2);
}

/// A text that is not signed, not with this secret, not by this method, or not as it stands.
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
async fn with_md5hash_only_signed_texts_are_taken() {
    only_signed_texts_are_taken("md5hash").await;
}

#[tokio::test]
async fn with_md5_only_signed_texts_are_taken() {
    only_signed_texts_are_taken("md5").await;
}

#[tokio::test]
async fn with_sha1_only_signed_texts_are_taken() {
    only_signed_texts_are_taken("sha1").await;
}

#[tokio::test]
async fn with_sha256_only_signed_texts_are_taken() {
    only_signed_texts_are_taken("sha256").await;
}

#[tokio::test]
async fn with_sha512_only_signed_texts_are_taken() {
    only_signed_texts_are_taken("sha512").await;
}

/// A text that was signed so many seconds ago, or without saying when.
fn signed_at(world: &World, thread: &Thread, seconds: Option<i64>) -> Inbound {
    let mut inbound = world.nexmo.inbound(&thread.reply("From Ben")).remove(0);
    if let Some(seconds) = seconds {
        inbound = inbound.with("timestamp", &(ago(seconds) / 1_000).to_string());
    }
    let sig = nexmo_signature(Method::Md5Hash, SECRET, &inbound.params);
    inbound.with("sig", &sig)
}

#[tokio::test]
async fn a_signature_may_be_of_any_age_unless_the_operator_says_otherwise() {
    let world = signing("md5hash", &[]).await;
    let thread = world.texted(BEN).await;
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
async fn a_signature_older_than_the_operator_allows_is_refused() {
    let world = signing("md5hash", &[("NEXMO_SIGNATURE_MAX_AGE", "5 minutes")]).await;
    let thread = world.texted(BEN).await;
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
