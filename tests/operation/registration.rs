use serde_json::json;
use standins::{Hook, HookStatus};

use crate::{
    setup_report::{Setup, changes, clear_requests, hook, set_up, states},
    support::{ALICE, BEN, SOON, World},
};

const KEPT: [&str; 3] = ["kept"; 3];

fn find_hook(world: &World, id: &str) -> Option<Hook> {
    world.layer.hooks().into_iter().find(|hook| hook.id == id)
}

/// Deactivates a webhook, as one can in Layer's dashboard.
async fn deactivate(world: &World, id: &str) {
    let (app, token) = (
        &world.settings["LAYER_APP_ID"],
        &world.settings["LAYER_BEARER_TOKEN"],
    );
    let url = format!("{}/apps/{app}/webhooks/{id}/deactivate", world.layer.url());
    let request = reqwest::Client::new().post(url).bearer_auth(token);
    let accept = "application/vnd.layer.webhooks+json; version=1.0";
    let answer = request.header("accept", accept).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn setup_registers_the_webhook_and_points_the_numbers_at_the_worker() {
    for (version, first) in [("1.0", "message.sent"), ("3.0", "Message.created")] {
        let world = World::without_setup(&[("LAYER_API_VERSION", version)], |_, _, _| {}).await;
        let Setup {
            states: found,
            report,
        } = set_up(&world).await;
        assert_eq!(
            found,
            states(200, &["registered"], &["updated"; 3]),
            "{report:#}"
        );
        let target = format!("{}/nexmo-new-message", world.worker.url());
        assert_eq!(report["layer"]["target_url"], target.as_str());
        let active = |hooks: &[Hook]| hooks.len() == 1 && hooks[0].status == HookStatus::Active;
        let hook = world
            .layer
            .wait_for_hooks(SOON, active)
            .await
            .unwrap()
            .remove(0);
        assert_eq!((hook.target_url, hook.version.name()), (target, version));
        assert_eq!(hook.secret, world.settings["LAYER_WEBHOOK_SECRET"]);
        assert!(
            hook.events.iter().any(|event| event == first),
            "{:?}",
            hook.events
        );
        let config = hook.config.unwrap();
        assert_eq!(config["name"], "Nexmo Integration");
        assert!(config["fingerprint"].is_string());
        for number in world.nexmo.numbers() {
            let base = format!("{}/nexmo-new-sms/", world.worker.url());
            assert!(number.mo_http_url.unwrap().starts_with(&base));
        }
    }
}

#[tokio::test]
async fn repeated_setup_changes_nothing() {
    let world = World::with(&[]).await;
    clear_requests(&world);
    for _ in 0..2 {
        assert_eq!(set_up(&world).await.states, states(200, &["kept"], &KEPT));
    }
    assert_eq!(changes(&world), [""; 0]);
}

#[tokio::test]
async fn an_inactive_webhook_is_activated_again() {
    let world = World::with(&[]).await;
    let id = world.hook().id;
    deactivate(&world, &id).await;
    clear_requests(&world);
    assert_eq!(
        set_up(&world).await.states,
        states(200, &["activated"], &KEPT)
    );
    assert_eq!(changes(&world), [format!("POST /{id}/activate")]);
    assert_eq!(find_hook(&world, &id).unwrap().status, HookStatus::Active);
}

#[tokio::test]
async fn after_a_secret_is_rotated_setup_replaces_the_webhook_and_texts_continue() {
    let mut world = World::without_delay(&[]).await;
    let old = world.hook().id;
    world
        .redeploy(&[("LAYER_WEBHOOK_SECRET", "the rotated secret")])
        .await;
    clear_requests(&world);
    // The token in the numbers' URLs depends on that secret too.
    assert_eq!(
        set_up(&world).await.states,
        states(200, &["registered", "deleted"], &["updated"; 3])
    );
    assert_eq!(
        changes(&world)[..2],
        ["POST ".to_owned(), format!("DELETE /{old}")]
    );
    let only_new = |hooks: &[Hook]| {
        hooks.len() == 1 && hooks[0].id != old && hooks[0].status == HookStatus::Active
    };
    let hooks = world.layer.wait_for_hooks(SOON, only_new).await.unwrap();
    assert_eq!(hooks[0].secret, "the rotated secret");
    let thread = world.new_thread(BEN).await;
    world.deliver_reply(&thread.reply("Yes")).await;
    world.posted(&thread.conversation, 1).await;
    assert_eq!(set_up(&world).await.states, states(200, &["kept"], &KEPT));
}

#[tokio::test]
async fn the_old_webhook_is_kept_if_the_new_one_cannot_be_registered() {
    let mut world = World::with(&[]).await;
    let old = world.hook().id;
    world
        .redeploy(&[("LAYER_WEBHOOK_SECRET", "the rotated secret")])
        .await;
    let creation = standins::When::path("/webhooks").method("POST");
    let failure = standins::What::Status(500, String::new());
    world
        .layer
        .traffic()
        .set_faults(vec![standins::Fault::new(creation, failure)]);
    let Setup {
        states: found,
        report,
    } = set_up(&world).await;
    assert_eq!(
        (found.status, found.webhooks),
        (502, vec!["registered".to_owned()])
    );
    assert!(
        report["layer"]["webhooks"][0]["problem"]
            .as_str()
            .unwrap()
            .contains("HTTP 500")
    );
    assert!(find_hook(&world, &old).is_some());
}

#[tokio::test]
async fn webhooks_of_other_deployments_and_names_are_left_alone() {
    let world = World::without_setup(&[], |_, _, _| {}).await;
    let elsewhere = hook("Nexmo Integration", "https://old.example/nexmo-new-message");
    let here = format!("{}/nexmo-new-message", world.worker.url());
    let other = hook("Another Integration", &here);
    world.layer.add_hook(elsewhere.clone());
    world.layer.add_hook(other.clone());
    for first in ["registered", "kept"] {
        let Setup {
            states: found,
            report,
        } = set_up(&world).await;
        assert_eq!(
            (found.status, &found.webhooks[..]),
            (200, &[first.to_owned(), "elsewhere".to_owned()][..])
        );
        let reported = &report["layer"]["webhooks"][1];
        let expected =
            json!({ "state": "elsewhere", "id": elsewhere.id, "target_url": elsewhere.target_url });
        assert_eq!(reported, &expected);
        assert!(!report.to_string().contains(&other.id));
        let active = |hooks: &[Hook]| hooks.iter().all(|hook| hook.status == HookStatus::Active);
        world.layer.wait_for_hooks(SOON, active).await.unwrap();
    }
    let left: Vec<_> = world
        .layer
        .hooks()
        .into_iter()
        .map(|hook| hook.id)
        .collect();
    assert_eq!((left.len(), &left[..2]), (3, &[elsewhere.id, other.id][..]));
}

#[tokio::test]
async fn a_webhook_that_fails_layers_verification_is_reported() {
    let dead = format!("http://127.0.0.1:{}", crate::support::free_port());
    let world = World::without_setup(&[("SERVER_URL", &dead)], |_, _, _| {}).await;
    set_up(&world).await;
    let failed = |hooks: &[Hook]| hooks.len() == 1 && hooks[0].status == HookStatus::Inactive;
    let id = world
        .layer
        .wait_for_hooks(SOON, failed)
        .await
        .unwrap()
        .remove(0)
        .id;
    let Setup {
        states: found,
        report,
    } = set_up(&world).await;
    assert_eq!(found, states(502, &["activated"], &["failed"; 3]));
    assert_eq!(report["layer"]["webhooks"][0]["id"], id.as_str());
    let problem = report["layer"]["webhooks"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("Verification failed"), "{problem}");
    let problem = report["nexmo"]["numbers"][0]["problem"].as_str().unwrap();
    assert!(
        problem.contains("code 420: method failed") && problem.contains("SERVER_URL"),
        "{problem}"
    );
}

#[tokio::test]
async fn the_cron_trigger_runs_setup() {
    let world = World::without_setup(&[("DELAY", "0")], |_, _, _| {}).await;
    assert_eq!(world.worker.fire_cron().await.status(), 200);
    let active = |hooks: &[Hook]| hooks.len() == 1 && hooks[0].status == HookStatus::Active;
    world.layer.wait_for_hooks(SOON, active).await.unwrap();
    let entry = world.entries_when("setup.done", 1).await.remove(0);
    assert_eq!(
        (&entry["level"], &entry["webhooks"]),
        (&json!("info"), &json!("registered"))
    );
    let thread = world.new_thread(BEN).await;
    world.deliver_reply(&thread.reply("Yes")).await;
    world.posted(&thread.conversation, 1).await;
    world.say(&thread.conversation, ALICE, "Good");
    world.layer.traffic().set_faults(vec![standins::Fault::new(
        standins::When::path("/webhooks"),
        standins::What::Status(401, String::new()),
    )]);
    world.worker.fire_cron().await;
    let entry = world.entries_when("setup.done", 2).await.remove(1);
    assert_eq!(entry["level"], "error");
    assert!(
        entry["problems"].as_str().unwrap().contains("HTTP 401"),
        "{entry}"
    );
    crate::secrets::assert_hidden(&world, "");
}
