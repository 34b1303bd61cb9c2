//! Asserts that no secret appears in a response or in the log.

use std::collections::BTreeMap;

use crate::support::World;

const NAMES: [&str; 7] = [
    "LAYER_BEARER_TOKEN",
    "LAYER_WEBHOOK_SECRET",
    "NEXMO_KEY",
    "NEXMO_SECRET",
    "NEXMO_SIGNATURE_SECRET",
    "IDENTITIES_TOKEN",
    "ADMIN_TOKEN",
];

/// The values of all secrets in these settings.
fn values(settings: &BTreeMap<String, String>) -> Vec<String> {
    let all = NAMES.iter().filter_map(|name| settings.get(*name)).cloned();
    all.filter(|value| !value.is_empty()).collect()
}

/// Asserts that neither a text nor the log contains a secret or the token in the numbers' URLs.
pub fn assert_hidden(world: &World, text: &str) {
    let mut secrets = values(&world.settings);
    let urls = world
        .nexmo
        .numbers()
        .into_iter()
        .filter_map(|number| number.mo_http_url);
    let tokens = urls.filter_map(|url| Some(url.rsplit_once("/nexmo-new-sms/")?.1.to_owned()));
    secrets.extend(tokens);
    assert!(secrets.len() >= 5, "{secrets:?}");
    let log = world.worker.logs().join("\n");
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} is in {text}");
        assert!(!log.contains(&secret), "{secret} is in the log:\n{log}");
    }
}

/// Asserts that the log contains no secret.
pub fn assert_not_in_log(world: &World) {
    let log = world.worker.logs().join("\n");
    assert!(
        values(&world.settings)
            .iter()
            .all(|secret| !log.contains(secret)),
        "{log}"
    );
}
