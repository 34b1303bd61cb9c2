//! The settings of the Worker that is measured.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::bodies::SECRET;

/// The token of the routes under `/admin`.
pub const ADMIN_TOKEN: &str = "bench-admin-token";
/// The Layer application.
pub const LAYER_APP_ID: &str = "5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42";
/// The token of Layer's API.
pub const LAYER_TOKEN: &str = "bench-layer-bearer-token";
/// The key of Nexmo's API.
pub const NEXMO_KEY: &str = "test1234";
/// The secret of Nexmo's API.
pub const NEXMO_SECRET: &str = "bench-nexmo-secret";
/// The operator's numbers.
pub const NUMBERS: [&str; 3] = ["12025550101", "12025550102", "12025550103"];

/// Nothing listens there.
const UNUSED_URL: &str = "http://127.0.0.1:9";

/// The settings that differ between scenarios.
pub struct Settings {
    /// URL of Layer's API.
    pub layer: String,
    /// URL of Nexmo's API.
    pub nexmo: String,
    /// `DELAY`.
    pub delay: String,
}

impl Settings {
    /// For scenarios in which no notice becomes due.
    pub fn never_due() -> Self {
        Self {
            layer: UNUSED_URL.to_owned(),
            nexmo: UNUSED_URL.to_owned(),
            delay: "1 hour".to_owned(),
        }
    }

    /// All settings of a Worker at this address, by name.
    pub fn of_worker_at(&self, address: SocketAddr) -> Value {
        json!({
            "LAYER_APP_ID": LAYER_APP_ID,
            "LAYER_BEARER_TOKEN": LAYER_TOKEN,
            "LAYER_WEBHOOK_SECRET": SECRET,
            "LAYER_API_URL": self.layer,
            "NEXMO_KEY": NEXMO_KEY,
            "NEXMO_SECRET": NEXMO_SECRET,
            "NEXMO_NUMBERS": NUMBERS.join(","),
            "NEXMO_API_URL": self.nexmo,
            "SERVER_URL": format!("http://{address}"),
            "DELAY": self.delay,
            // The same phones say the same words, round after round.
            "SAME_REPLY_LIMIT": "0",
            "ADMIN_TOKEN": ADMIN_TOKEN,
        })
    }
}
