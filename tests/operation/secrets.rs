//! What must never be seen in an answer or in the log.

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

/// The values of the secrets among these settings.
pub fn of(settings: &BTreeMap<String, String>) -> Vec<String> {
    let values = NAMES.iter().filter_map(|name| settings.get(*name)).cloned();
    values.filter(|value| !value.is_empty()).collect()
}

/// No secret, nor the token in the numbers' addresses, is in this text or in the log.
pub fn are_kept(world: &World, text: &str) {
    let mut secrets = of(&world.settings);
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

/// No secret is in the log.
pub fn are_kept_in_log(world: &World) {
    let log = world.worker.logs().join("\n");
    assert!(
        of(&world.settings)
            .iter()
            .all(|secret| !log.contains(secret)),
        "{log}"
    );
}
