use serde_json::Value;
use standins::{Fault, NexmoOptions, Number, What, When};

use crate::{
    reports::{changes, forget, set_up, told},
    support::{NUMBERS, World},
};

fn problem(report: &Value, index: usize) -> &str {
    report["nexmo"]["numbers"][index]["problem"]
        .as_str()
        .unwrap()
}

#[tokio::test]
async fn numbers_are_found_on_any_page_of_a_large_account() {
    let all: Vec<String> = (0..230).map(|n| format!("1202555{n:04}")).collect();
    let wanted = [all[229].as_str(), &all[0], &all[150]].join(",");
    let world = World::unregistered(
        &[("NEXMO_NUMBERS", &wanted)],
        |_, nexmo: &mut NexmoOptions, _| {
            nexmo.numbers = all.iter().map(|number| Number::new(number, "US")).collect();
        },
    )
    .await;
    let (found, report) = set_up(&world).await;
    assert_eq!(found, told(200, &["registered"], &["updated"; 3]));
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
async fn only_a_number_that_points_elsewhere_is_changed_and_keeps_what_else_it_has() {
    let world = World::unregistered(&[], |_, nexmo: &mut NexmoOptions, _| {
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
    forget(&world);
    assert_eq!(
        set_up(&world).await.0,
        told(200, &["kept"], &["kept", "updated", "kept"])
    );
    assert_eq!(changes(&world), ["POST number/update"]);
    assert_eq!(world.inbound_url(NUMBERS[1]), ours);
    assert_eq!(world.nexmo.numbers().remove(1).extra, extra);
}

#[tokio::test]
async fn numbers_that_cannot_take_texts_are_reported_and_the_others_pointed_here() {
    let numbers = format!("{},{},447700900999", NUMBERS[0], NUMBERS[1]);
    let world = World::unregistered(
        &[("NEXMO_NUMBERS", &numbers)],
        |_, nexmo: &mut NexmoOptions, _| {
            nexmo.numbers[0].features = vec!["VOICE".to_owned()];
        },
    )
    .await;
    let (found, report) = set_up(&world).await;
    assert_eq!(
        found,
        told(502, &["registered"], &["failed", "updated", "not_owned"])
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
async fn an_account_that_is_refused_or_out_of_order_is_reported_and_does_not_keep_the_other_from_being_set_up()
 {
    let world = World::unregistered(&[], |_, _, _| {}).await;
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
    let (found, report) = set_up(&world).await;
    assert_eq!(found, told(502, &["registered"], &[]));
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
        let (found, report) = set_up(&world).await;
        assert_eq!(found, told(502, &[], &[numbers; 3]));
        let why = report["layer"]["problem"].as_str().unwrap();
        assert!(why.contains(&format!("HTTP {status}")), "{why}");
    }
    world
        .layer
        .traffic()
        .set_faults(vec![Fault::new(When::path("/webhooks"), What::Reset)]);
    assert_eq!(set_up(&world).await.0.status, 502);
    world.layer.traffic().clear_faults();
    assert_eq!(set_up(&world).await.0, told(200, &["kept"], &["kept"; 3]));
}

#[tokio::test]
async fn wrong_credentials_are_found_out() {
    let wrong = [
        ("LAYER_BEARER_TOKEN", "not-the-token"),
        ("NEXMO_SECRET", "not-the-secret"),
    ];
    let world = World::unregistered(&wrong, |_, _, _| {}).await;
    let (found, report) = set_up(&world).await;
    assert_eq!(found, told(502, &[], &[]));
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
async fn nexmos_limit_of_one_request_a_second_is_waited_for() {
    let world = World::unregistered(&[], |_, nexmo: &mut NexmoOptions, _| {
        nexmo.account_limit = true;
    })
    .await;
    assert_eq!(
        set_up(&world).await.0,
        told(200, &["registered"], &["updated"; 3])
    );
    let refused = world
        .nexmo
        .traffic()
        .requests()
        .iter()
        .filter(|one| one.status == Some(429))
        .count();
    assert!(refused >= 1, "the limit was never met");
}
