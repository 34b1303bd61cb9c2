//! The files that configure a homeserver. They are JSON, which Synapse reads as YAML.

use std::path::Path;

use serde_json::{Value, json};

/// The name of the homeserver, which ends the ids of its users.
pub const SERVER_NAME: &str = "chat.test";
/// Signs registrations by the admin API.
pub const REGISTRATION_SECRET: &str = "test-registration-secret";

/// An application service, as its registration file describes it.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its id, which also begins the names of its users.
    pub id: String,
    /// Its origin.
    pub url: String,
    /// Its token towards the homeserver.
    pub as_token: String,
    /// The homeserver's token towards it.
    pub hs_token: String,
    /// Whether it is told of receipts, presence and typing.
    pub receive_ephemeral: bool,
    /// Whether the limits of a user hold for what it does as the user.
    pub rate_limited: bool,
    /// The content of its registration file, if that is not made of what is said here.
    pub registration: Option<String>,
}

impl Service {
    /// A service without ephemeral events and rate limits. `id` is in lower case.
    pub fn new(id: &str, url: &str) -> Self {
        Self {
            id: id.to_owned(),
            url: url.to_owned(),
            as_token: format!("{id}-as-token"),
            hs_token: format!("{id}-hs-token"),
            receive_ephemeral: false,
            rate_limited: false,
            registration: None,
        }
    }

    /// The name of a user in the service's namespace, without the server's.
    pub fn user_name(&self, name: &str) -> String {
        format!("{}_{name}", self.id)
    }

    /// The content of the registration file.
    fn registration(&self) -> String {
        self.registration
            .clone()
            .unwrap_or_else(|| self.described().to_string())
    }

    fn described(&self) -> Value {
        json!({
            "id": self.id,
            "url": self.url,
            "as_token": self.as_token,
            "hs_token": self.hs_token,
            "sender_localpart": format!("{}-bot", self.id),
            "rate_limited": self.rate_limited,
            "receive_ephemeral": self.receive_ephemeral,
            "namespaces": { "users": [{
                "regex": format!("@{}_.*:{}", self.id, SERVER_NAME.replace('.', r"\.")),
                "exclusive": false,
            }] },
        })
    }
}

/// Writes all files into a folder: `homeserver.json`, and `{id}.json` for each service.
pub fn write(folder: &Path, port: u16, services: &[Service]) {
    let registrations: Vec<String> = services
        .iter()
        .map(|service| {
            let file = format!("{}.json", service.id);
            save(folder, &file, &service.registration())
        })
        .collect();
    let mut config = homeserver(folder, port);
    config["app_service_config_files"] = registrations.into();
    for (name, limit) in no_limits() {
        config[name] = limit;
    }
    save(folder, "homeserver.json", &config.to_string());
}

/// Writes one file, and returns its path.
fn save(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn homeserver(folder: &Path, port: u16) -> Value {
    json!({
        "server_name": SERVER_NAME,
        "public_baseurl": format!("http://127.0.0.1:{port}/"),
        "listeners": [{
            "port": port,
            "type": "http",
            "bind_addresses": ["127.0.0.1"],
            "resources": [{ "names": ["client"] }],
        }],
        "database": { "name": "sqlite3", "args": { "database": folder.join("homeserver.db") } },
        "media_store_path": folder.join("media"),
        // An ed25519 key of 32 zeros. Nothing outside of the test sees what it signs.
        "signing_key": format!("ed25519 a_test {}", "A".repeat(43)),
        "registration_shared_secret": REGISTRATION_SECRET,
        "form_secret": "test-form-secret",
        "bcrypt_rounds": 4,
        "report_stats": false,
        "trusted_key_servers": [],
    })
}

/// The settings that take back Synapse's limits on requests.
fn no_limits() -> Vec<(&'static str, Value)> {
    let none = json!({ "per_second": 100_000, "burst_count": 100_000 });
    let each = |parts: &[&str]| parts.iter().map(|part| (*part, none.clone())).collect();
    vec![
        ("rc_message", none.clone()),
        ("rc_registration", none.clone()),
        ("rc_room_creation", none.clone()),
        ("rc_joins_per_room", none.clone()),
        ("rc_admin_redaction", none.clone()),
        ("rc_login", each(&["address", "account", "failed_attempts"])),
        ("rc_joins", each(&["local", "remote"])),
        ("rc_invites", each(&["per_room", "per_user", "per_issuer"])),
    ]
}
