use serde_json::Value;
use standins::{Fault, NexmoOptions, Number, What, When};

use crate::{
    setup_report::{Setup, changes, clear_requests, set_up, states},
    support::{NUMBERS, World},
};

fn problem(report: &Value, index: usize) -> &str {
    report["nexmo"]["numbers"][index]["problem"]
        .as_str()
        .unwrap()
}

#[tokio::test]
async fn numbers_are_found_on_every_page_of_a_large_account() {
    let all: Vec<String> = (0..230).map(|n| format!("1202555{n:04}")).collect();
    let wanted = [all[229].as_str(), &all[0], &all[150]].join(",");
    let world = World::without_setup(
        &[("NEXMO_NUMBERS", &wanted)],
        |_, nexmo: &mut NexmoOptions, _| {
            nexmo.numbers = all.iter().map(|number| Number::new(number, "US")).collect();
        },
    )
    .await;
    let Setup {
        states: found,
        report,
    } = set_up(&world).await;
    assert_eq!(found, states(200, &["registered"], &["updated"; 3]));
    assert_eq!(report["nexmo"]["numbers"][0]["number"], all[229].as_str());
    let pages: Vec<_> = world
        .nexmo
        .traffic()
        .requests()
        .into_iter()
        .filter(|request| request.path == "/account/numbers")
        .map(|request| request.query)
        .collect();
    assert_eq!(
        pages,
        ["size=100&index=1", "size=100&index=2", "size=100&index=3"]
    );
    let pointed: Vec<_> = world
        .nexmo
        .numbers()
        .into_iter()
        .filter(|number| number.mo_http_url.is_some())
        .map(|number| number.msisdn)
        .collect();
    assert_eq!(pointed, [all[0].as_str(), &all[150], &all[229]]);
}

#[tokio::test]
async fn only_a_number_with_another_url_is_updated_and_it_keeps_its_other_fields() {
    let world = World::without_setup(&[], |_, nexmo: &mut NexmoOptions, _| {
        for (name, value) in [
            ("app_id", "29f7"),
            ("voiceCallbackType", "app"),
            ("voiceCallbackValue", "a&b"),
        ] {
            nexmo.numbers[1]
                .extra
                .insert(name.to_owned(), value.to_owned());
        }
        nexmo.numbers[1].country = "CA".to_owned();
    })
    .await;
    set_up(&world).await;
    let ours = world.inbound_url(NUMBERS[1]);
    let extra = world.nexmo.numbers().remove(1).extra;
    assert_eq!(extra.len(), 3);
    world
        .nexmo
        .set_mo_http_url(NUMBERS[1], Some("https://elsewhere.example/sms"));
    clear_requests(&world);
    assert_eq!(
        set_up(&world).await.states,
        states(200, &["kept"], &["kept", "updated", "kept"])
    );
    assert_eq!(changes(&world), ["POST number/update"]);
    assert_eq!(world.inbound_url(NUMBERS[1]), ours);
    assert_eq!(world.nexmo.numbers().remove(1).extra, extra);
}

#[tokio::test]
async fn unusable_numbers_are_reported_and_the_others_are_set_up() {
    let numbers = format!("{},{},447700900999", NUMBERS[0], NUMBERS[1]);
    let world = World::without_setup(
        &[("NEXMO_NUMBERS", &numbers)],
        |_, nexmo: &mut NexmoOptions, _| {
            nexmo.numbers[0].features = vec!["VOICE".to_owned()];
        },
    )
    .await;
    let Setup {
        states: found,
        report,
    } = set_up(&world).await;
    assert_eq!(
        found,
        states(502, &["registered"], &["failed", "updated", "not_owned"])
    );
    assert_eq!(problem(&report, 0), "the number cannot receive texts");
    assert_eq!(problem(&report, 2), "the Nexmo account has no such number");
    let entry = world.entries_when("setup.done", 1).await.remove(0);
    assert_eq!(entry["level"], "error");
    let words = entry["numbers"].as_str().unwrap();
    assert!(words.contains("**********99 not_owned"), "{words}");
    assert!(
        NUMBERS.iter().all(|number| !words.contains(number)),
        "{words}"
    );
}

#[tokio::test]
async fn if_one_service_fails_it_is_reported_and_the_other_is_set_up() {
    let world = World::without_setup(&[], |_, _, _| {}).await;
    let broken = |path: &str, status| {
        vec![Fault::new(
            When::path(path),
            What::Status(status, String::new()),
        )]
    };
    world
        .nexmo
        .traffic()
        .set_faults(broken("/account/numbers", 401));
    let Setup {
        states: found,
        report,
    } = set_up(&world).await;
    assert_eq!(found, states(502, &["registered"], &[]));
    let why = report["nexmo"]["problem"].as_str().unwrap();
    assert!(
        why.contains("NEXMO_KEY and NEXMO_SECRET") && why.contains("HTTP 401"),
        "{why}"
    );
    world.nexmo.traffic().clear_faults();
    for (status, numbers) in [(401, "updated"), (403, "kept"), (500, "kept")] {
        world
            .layer
            .traffic()
            .set_faults(broken("/webhooks", status));
        let Setup {
            states: found,
            report,
        } = set_up(&world).await;
        assert_eq!(found, states(502, &[], &[numbers; 3]));
        let why = report["layer"]["problem"].as_str().unwrap();
        assert!(why.contains(&format!("HTTP {status}")), "{why}");
    }
    world
        .layer
        .traffic()
        .set_faults(vec![Fault::new(When::path("/webhooks"), What::Reset)]);
    assert_eq!(set_up(&world).await.states.status, 502);
    world.layer.traffic().clear_faults();
    assert_eq!(
        set_up(&world).await.states,
        states(200, &["kept"], &["kept"; 3])
    );
}

#[tokio::test]
async fn wrong_credentials_are_reported() {
    let wrong = [
        ("LAYER_BEARER_TOKEN", "not-the-token"),
        ("NEXMO_SECRET", "not-the-secret"),
    ];
    let world = World::without_setup(&wrong, |_, _, _| {}).await;
    let Setup {
        states: found,
        report,
    } = set_up(&world).await;
    assert_eq!(found, states(502, &[], &[]));
    assert!(
        report["layer"]["problem"]
            .as_str()
            .unwrap()
            .contains("HTTP 401, code 4")
    );
    assert!(
        report["nexmo"]["problem"]
            .as_str()
            .unwrap()
            .contains("code 401: authentication failed")
    );
}

#[tokio::test]
async fn setup_respects_nexmos_limit_of_one_request_a_second() {
    let world = World::without_setup(&[], |_, nexmo: &mut NexmoOptions, _| {
        nexmo.account_limit = true;
    })
    .await;
    assert_eq!(
        set_up(&world).await.states,
        states(200, &["registered"], &["updated"; 3])
    );
    let refused = world
        .nexmo
        .traffic()
        .requests()
        .iter()
        .filter(|one| one.status == Some(429))
        .count();
    assert!(refused >= 1, "the limit was never reached");
}
