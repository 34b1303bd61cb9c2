//! The Worker's settings for a homeserver.

use super::config::{SERVER_NAME, Service};

/// The settings of a Worker that is this application service.
pub fn settings(service: &Service, homeserver: &str) -> Vec<(&'static str, String)> {
    let texts = [
        ("CHAT", "matrix"),
        ("LAYER_APP_ID", ""),
        ("LAYER_BEARER_TOKEN", ""),
        ("LAYER_WEBHOOK_SECRET", ""),
        ("LAYER_API_URL", ""),
        ("MATRIX_URL", homeserver),
        ("MATRIX_SERVER_NAME", SERVER_NAME),
        ("MATRIX_AS_TOKEN", &service.as_token),
        ("MATRIX_HS_TOKEN", &service.hs_token),
    ];
    texts.map(|(name, value)| (name, value.to_owned())).into()
}
