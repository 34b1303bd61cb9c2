//! Runs `POST /admin/setup` and reads its report.

use serde_json::Value;
use standins::Hook;

use crate::{secrets, support::World};

/// A report's status, and the states of its webhooks and numbers.
#[derive(Debug, PartialEq, Eq)]
pub struct States {
    pub status: u16,
    pub webhooks: Vec<String>,
    pub numbers: Vec<String>,
}

/// The result of running setup.
pub struct Setup {
    pub states: States,
    pub report: Value,
}

/// Runs setup, and asserts that the report contains no secret.
pub async fn set_up(world: &World) -> Setup {
    let answer = world.setup().await;
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    secrets::assert_hidden(world, &text);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["ok"].as_bool().unwrap(), status == 200, "{report:#}");
    let words = |list: &Value| {
        let list = list.as_array().unwrap().iter();
        list.map(|one| one["state"].as_str().unwrap().to_owned())
            .collect()
    };
    let states = States {
        status,
        webhooks: words(&report["layer"]["webhooks"]),
        numbers: words(&report["nexmo"]["numbers"]),
    };
    Setup { states, report }
}

/// The expected states.
pub fn states(status: u16, webhooks: &[&str], numbers: &[&str]) -> States {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    States {
        status,
        webhooks: owned(webhooks),
        numbers: owned(numbers),
    }
}

/// A webhook with this name and URL.
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

/// Clears the recorded requests to Layer and Nexmo.
pub fn clear_requests(world: &World) {
    world.layer.traffic().forget_requests();
    world.nexmo.traffic().forget_requests();
}

/// The methods and the ends of the paths of requests that changed something at Layer or Nexmo.
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
