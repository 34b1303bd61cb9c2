use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    secrets,
    support::{WorkerOptions, WorkerProcess, World, assert_refused, fetch, valid_settings},
};

/// A Worker without stand-ins, with some settings changed.
async fn worker(overrides: &[(&str, &str)]) -> WorkerProcess {
    let mut options = WorkerOptions::new();
    options.settings = valid_settings(&options.url(), "http://127.0.0.1:9", "http://127.0.0.1:9");
    for (name, value) in overrides {
        options
            .settings
            .insert((*name).to_owned(), (*value).to_owned());
    }
    WorkerProcess::start(options).await
}

/// The response of `GET /health`.
struct Health {
    status: u16,
    body: Value,
}

async fn health(worker: &WorkerProcess) -> Health {
    let answer = fetch(Method::GET, &format!("{}/health", worker.url())).await;
    Health {
        status: answer.status,
        body: serde_json::from_str(&answer.body).unwrap(),
    }
}

#[tokio::test]
async fn a_valid_configuration_is_healthy() {
    let worker = worker(&[("DELAY", "1.5h"), ("NUMBER_EXPIRATION_TIME", "")]).await;
    let Health { status, body } = health(&worker).await;
    assert_eq!((status, &body["status"]), (200, &json!("ok")));
    assert_eq!(
        (&body["numbers"], &body["delay_ms"]),
        (&json!(2), &json!(5_400_000))
    );
    assert_eq!(body["number_expiration_ms"], 604_800_000);
    let url = format!("{}/health", worker.url());
    let head = fetch(Method::HEAD, &url).await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let others = [Method::POST, Method::PUT, Method::DELETE];
    assert_refused(&others, &url, "GET").await;
}

#[tokio::test]
async fn a_time_zone_is_one_that_the_runtime_knows() {
    let quiet = ("QUIET_HOURS", "21:00-8:00");
    let unknown = worker(&[quiet, ("TIME_ZONE", "Mars/Olympus_Mons")]).await;
    let Health { status, body } = health(&unknown).await;
    assert_eq!(
        (status, &body["problems"][0]["setting"]),
        (503, &json!("TIME_ZONE"))
    );
    assert_eq!(body["problems"].as_array().unwrap().len(), 1, "{body}");
    let known = worker(&[quiet, ("TIME_ZONE", "europe/berlin")]).await;
    assert_eq!(health(&known).await.status, 200);
}

/// The health of a Worker with these settings as JSON values, as `wrangler.toml` allows them.
async fn health_with_bare(bare: &[(&'static str, &str)]) -> Health {
    let mut options = WorkerOptions::new();
    options.settings = valid_settings(&options.url(), "http://127.0.0.1:9", "http://127.0.0.1:9");
    let settings = bare
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    options.settings.extend(settings);
    options.bare = bare.iter().map(|(name, _)| *name).collect();
    health(&WorkerProcess::start(options).await).await
}

#[tokio::test]
async fn settings_may_be_what_toml_writes_without_quotes() {
    let Health { body, .. } = health_with_bare(&[
        ("DELAY", "5400000"),
        ("NEXMO_NUMBERS", r#"["12025550101",12025550102]"#),
        ("REPORT_ON_STATUS", r#"["sent"]"#),
        ("LAYER_API_VERSION", "1.1"),
    ])
    .await;
    assert_eq!(
        (&body["numbers"], &body["delay_ms"]),
        (&json!(2), &json!(5_400_000))
    );
}

#[tokio::test]
async fn a_whole_number_for_a_version_and_a_table_are_problems_that_ask_for_quotes() {
    let Health { status, body } = health_with_bare(&[
        ("LAYER_API_VERSION", "1"),
        ("TEMPLATE", r#"{"text":"x"}"#),
        ("NEXMO_NUMBERS", "[]"),
    ])
    .await;
    let problems = body["problems"].as_array().unwrap();
    let named: Vec<&Value> = problems.iter().map(|one| &one["setting"]).collect();
    assert_eq!(status, 503);
    assert_eq!(named, ["LAYER_API_VERSION", "NEXMO_NUMBERS", "TEMPLATE"]);
    for (index, part) in [(0, "in quotes"), (1, "an empty list"), (2, "in quotes")] {
        let problem = problems[index]["problem"].as_str().unwrap();
        assert!(problem.contains(part), "{problem}");
    }
}

#[tokio::test]
async fn a_name_that_is_no_setting_is_a_warning() {
    let settings = [("DELAYS", "1 minute"), ("NEXMO_FOO", "x"), ("MY_OWN", "x")];
    let Health { status, body } = health_with_bare(&settings.map(|(name, value)| {
        let value: &str = Box::leak(json!(value).to_string().into_boxed_str());
        (name, value)
    }))
    .await;
    let warnings = body["warnings"].as_array().unwrap();
    let named: Vec<&Value> = warnings.iter().map(|one| &one["setting"]).collect();
    assert_eq!(
        (status, named.as_slice()),
        (200, &[&json!("DELAYS"), &json!("NEXMO_FOO")][..])
    );
    assert_eq!(warnings[0]["expected"], "DELAY, if that is meant");
}

#[tokio::test]
async fn a_template_of_which_every_text_would_be_blank_is_a_problem() {
    let blank = json!("<%= conversation.metadata.conversationName %>").to_string();
    let Health { status, body } = health_with_bare(&[("TEMPLATE", &blank)]).await;
    assert_eq!(
        (status, &body["problems"][0]["setting"]),
        (503, &json!("TEMPLATE"))
    );
}

#[tokio::test]
async fn all_missing_settings_are_reported_at_once() {
    let required = [
        "LAYER_APP_ID",
        "LAYER_BEARER_TOKEN",
        "LAYER_WEBHOOK_SECRET",
        "NEXMO_KEY",
        "NEXMO_SECRET",
        "NEXMO_NUMBERS",
        "SERVER_URL",
        "DELAY",
    ];
    let nothing = WorkerProcess::start(WorkerOptions::new()).await;
    let blank = worker(&required.map(|name| (name, " "))).await;
    for worker in [nothing, blank] {
        let Health { status, body } = health(&worker).await;
        assert_eq!((status, &body["status"]), (503, &json!("misconfigured")));
        let problems = body["problems"].as_array().unwrap();
        let settings: Vec<_> = problems
            .iter()
            .map(|one| one["setting"].as_str().unwrap())
            .collect();
        assert_eq!(settings, required);
        for problem in problems {
            assert_eq!(problem["problem"], "is not set");
            assert!(problem["expected"].as_str().unwrap().len() > 5, "{problem}");
            assert_eq!(problem.as_object().unwrap().len(), 3);
        }
    }
}

#[tokio::test]
async fn while_misconfigured_webhooks_are_answered_with_503() {
    let mut world = World::without_delay(&[]).await;
    let thread = world.new_thread(crate::support::BEN).await;
    let inbound = world.nexmo.inbound(&thread.reply("Hello")).remove(0);
    let event = world.layer.events().into_iter().last().unwrap();
    let hook = world.hook();
    world.redeploy(&[("DELAY", "soon")]).await;
    assert_eq!(world.push(&inbound).await, 503);
    assert_eq!(world.layer.post(&event, &hook).await.status(), Some(503));
    let challenge = format!(
        "{}/nexmo-new-message?verification_challenge=x",
        world.worker.url()
    );
    assert_eq!(fetch(Method::GET, &challenge).await.status, 503);
    assert_eq!(world.setup().await.status(), 503);
    let entry = world.entries_when("settings.problem", 1).await.remove(0);
    assert_eq!(
        (&entry["level"], &entry["setting"]),
        (&json!("error"), &json!("DELAY"))
    );
    assert!(
        entry["problem"].as_str().unwrap().contains("`soon`"),
        "{entry}"
    );
    world.redeploy(&[("DELAY", "0")]).await;
    assert_eq!(world.push(&inbound).await, 200);
    world.posted(&thread.conversation, 1).await;
}

#[tokio::test]
async fn health_shows_no_secret_while_misconfigured() {
    let secret = |name: &'static str| (name, "hush-Π-4711\n");
    let worker = worker(&[
        secret("LAYER_BEARER_TOKEN"),
        secret("LAYER_WEBHOOK_SECRET"),
        secret("NEXMO_KEY"),
        secret("NEXMO_SECRET"),
        secret("NEXMO_SIGNATURE_SECRET"),
        secret("IDENTITIES_TOKEN"),
        secret("ADMIN_TOKEN"),
        ("LAYER_API_URL", "https://me:hush-4712@layer.example"),
        (
            "IDENTITIES_URL",
            "https://me:hush-4713@ids.example/{user_id}",
        ),
        ("DELAY", "soon"),
    ])
    .await;
    let Health { status, body } = health(&worker).await;
    assert_eq!(status, 503);
    let problems = body["problems"].as_array().unwrap();
    let settings: Vec<_> = problems
        .iter()
        .map(|one| one["setting"].as_str().unwrap())
        .collect();
    let expected = [
        "LAYER_BEARER_TOKEN",
        "LAYER_API_URL",
        "DELAY",
        "IDENTITIES_URL",
        "IDENTITIES_TOKEN",
    ];
    assert_eq!(settings, expected);
    assert!(!body.to_string().contains("hush"), "{body}");
    let log = worker
        .logged("IDENTITIES_TOKEN", crate::support::SOON)
        .await;
    assert!(!log.contains("hush") && !worker.logs().join("\n").contains("hush"));
}

#[tokio::test]
async fn health_shows_no_secret_while_healthy() {
    let world = World::without_delay(&[("NEXMO_SIGNATURE_SECRET", "test-signature-secret")]).await;
    let Health { body, .. } = health(&world.worker).await;
    secrets::assert_hidden(&world, &body.to_string());
}
