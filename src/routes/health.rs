//! `GET /health`: whether the settings are usable, and everything that is wrong with them if not.

use serde_json::json;
use texting::settings::SettingProblem;

use crate::{
    configuration::Configuration,
    http::{error::Handled, response},
};

/// 200 `{"status":"ok",…}` or 503 `{"status":"misconfigured","problems":[…]}`.
pub fn handle(configuration: &Configuration) -> Handled {
    let settings = match configuration {
        Ok(configured) => &configured.settings,
        Err(problems) => return misconfigured(problems),
    };
    let body = json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "numbers": settings.numbers.len(),
        "delay_ms": settings.delay,
        "number_expiration_ms": settings.number_expiration,
    });
    Ok(response::json(200, &body)?)
}

/// The response while the settings are unusable.
pub fn misconfigured(problems: &[SettingProblem]) -> Handled {
    let body = json!({ "status": "misconfigured", "problems": problems });
    Ok(response::json(503, &body)?)
}
