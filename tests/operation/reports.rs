//! `POST /admin/setup`, and what its report says.

use serde_json::Value;
use standins::Hook;

use crate::{secrets, support::World};

/// What a report says of the webhooks and of the numbers, in a word each.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    pub webhooks: Vec<String>,
    pub numbers: Vec<String>,
}

/// Sets up; the report, in which there is no secret.
pub async fn set_up(world: &World) -> (Told, Value) {
    let answer = world.setup().await;
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    secrets::are_kept(world, &text);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["ok"].as_bool().unwrap(), status == 200, "{report:#}");
    let states = |list: &Value| {
        let list = list.as_array().unwrap().iter();
        list.map(|one| one["state"].as_str().unwrap().to_owned())
            .collect()
    };
    let told = Told {
        status,
        webhooks: states(&report["layer"]["webhooks"]),
        numbers: states(&report["nexmo"]["numbers"]),
    };
    (told, report)
}

/// What is expected to be told.
pub fn told(status: u16, webhooks: &[&str], numbers: &[&str]) -> Told {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Told {
        status,
        webhooks: owned(webhooks),
        numbers: owned(numbers),
    }
}

/// A webhook of this name at this address.
pub fn hook(name: &str, target_url: &str) -> Hook {
    let mut hook = Hook::active(
        standins::Version::V1_0,
        target_url,
        &["message.sent"],
        "a secret",
    );
    hook.config = serde_json::json!({ "name": name }).as_object().cloned();
    hook
}

/// Forgets what Layer and Nexmo were asked.
pub fn forget(world: &World) {
    world.layer.traffic().forget_requests();
    world.nexmo.traffic().forget_requests();
}

/// The methods and ends of the paths of what Layer and Nexmo were asked to change.
pub fn changes(world: &World) -> Vec<String> {
    let mut requests = world.layer.traffic().requests();
    requests.extend(world.nexmo.traffic().requests());
    let changing = requests.iter().filter(|request| request.method != "GET");
    changing
        .map(|request| {
            let path = request.path.trim_start_matches('/');
            let path = path.split_once("webhooks").map_or(path, |(_, rest)| rest);
            format!("{} {path}", request.method)
        })
        .collect()
}
