//! Setup, and the registration that an operator gives to the homeserver.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::{
    support::{SOON, World},
    synapse::{Homeserver, SERVER_NAME, Service, is_skipped, register, service, settings},
    world::MatrixWorld,
};

/// A Worker that has not been set up, with a homeserver that is nowhere.
async fn worker(service: &Service) -> World {
    let settings = settings(service, "http://127.0.0.1:1");
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let port = service.url.rsplit_once(':').unwrap().1.parse().unwrap();
    World::without_setup(&settings, |_, _, options| options.port = port).await
}

async fn setup(world: &World) -> (u16, Value) {
    let answer = world.setup().await;
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The homeserver reads the registration that the Worker prints, with the tokens in their places.
#[tokio::test]
async fn the_registration_that_the_worker_prints_is_all_that_a_homeserver_needs() {
    if is_skipped() {
        return;
    }
    let mut service = service("texts");
    let mut world = worker(&service).await;
    let printed = world
        .admin(Method::GET, "/admin/matrix/registration.yaml")
        .await;
    assert_eq!(printed.status(), 200);
    let printed = printed.text().await.unwrap();
    assert!(!printed.contains(&service.as_token) && !printed.contains(&service.hs_token));
    let filled = printed
        .replace("<MATRIX_AS_TOKEN>", &service.as_token)
        .replace("<MATRIX_HS_TOKEN>", &service.hs_token);
    assert!(!filled.contains(['<', '>']), "{filled}");
    service.registration = Some(filled);
    let homeserver = Homeserver::start(std::slice::from_ref(&service)).await;
    world.redeploy(&[("MATRIX_URL", &homeserver.url())]).await;
    let (status, report) = setup(&world).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(report["matrix"]["ok"], true, "{report}");
    assert_eq!(report["matrix"]["url"], homeserver.url(), "{report}");

    let (alice, ben) = (
        register(&homeserver, &service, "alice").await,
        register(&homeserver, &service, "ben").await,
    );
    homeserver.set_phones(&ben, &["+1 555 020 3040"]).await;
    let room = alice.room_with(&[&ben]).await;
    alice.say(&room, "Hello").await;
    let text = world.texts(1).await.remove(0);
    assert_eq!((&*text.phone, &*text.text), ("15550203040", "alice: Hello"));
    world.reply(&text.phone, &text.number, "Yes");
    let posted = async {
        let reply = (ben.id.clone(), "Yes".to_owned());
        while ben.messages(&room).await.last() != Some(&reply) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(SOON, posted).await.is_ok();
    assert!(in_time, "{}", world.worker.logs().join("\n"));
}

#[tokio::test]
async fn setup_says_what_is_wrong_with_the_homeserver() {
    if is_skipped() {
        return;
    }
    let at_homeserver = service("texts");
    let homeserver = Homeserver::start(std::slice::from_ref(&at_homeserver)).await;
    let mut world = worker(&at_homeserver).await;
    let silent = setup(&world).await;
    let at_it = ("MATRIX_URL", &*homeserver.url());
    world
        .redeploy(&[at_it, ("MATRIX_HS_TOKEN", "another-hs-token")])
        .await;
    let other_hs_token = setup(&world).await;
    let right = ("MATRIX_HS_TOKEN", &*at_homeserver.hs_token);
    world
        .redeploy(&[right, ("MATRIX_AS_TOKEN", "another-as-token")])
        .await;
    let other_as_token = setup(&world).await;
    for ((status, report), named) in [
        (silent, "MATRIX_URL"),
        (other_hs_token, "MATRIX_HS_TOKEN"),
        (other_as_token, "MATRIX_AS_TOKEN"),
    ] {
        assert_eq!(status, 502, "{report}");
        assert_eq!(report["matrix"]["ok"], false, "{report}");
        let problem = report["matrix"]["problem"].as_str().unwrap();
        assert!(problem.contains(named), "{problem}");
        assert!(!report.to_string().contains("-token"), "{report}");
    }
    world
        .redeploy(&[("MATRIX_AS_TOKEN", &at_homeserver.as_token)])
        .await;
    let (status, report) = setup(&world).await;
    assert_eq!(status, 200, "{report}");
}

#[tokio::test]
async fn the_registration_names_the_users_of_the_homeserver_and_only_an_operator_sees_it() {
    let Some(world) = MatrixWorld::with(&[]).await else {
        return;
    };
    let path = "/admin/matrix/registration.yaml";
    let url = format!("{}{path}", world.world.worker.url());
    assert_eq!(reqwest::get(url).await.unwrap().status(), 401);
    let printed = world
        .world
        .admin(Method::GET, path)
        .await
        .text()
        .await
        .unwrap();
    for line in [
        "id: texts",
        "sender_localpart: texts",
        "receive_ephemeral: false",
        &world.service.url,
    ] {
        assert!(printed.contains(line), "{line}: {printed}");
    }
    assert!(
        printed.contains(&format!("@.*:{}", SERVER_NAME.replace('.', r"\."))),
        "{printed}"
    );
}
