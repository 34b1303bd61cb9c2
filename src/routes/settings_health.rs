//! `GET /health`: whether the settings are usable, and everything that is wrong with them if not.

use serde_json::{Value, json};
use texting::settings::{SettingProblem, SettingWarning, Settings};
use worker::Env;

use crate::{
    configuration::{self, Configuration},
    http::{error::Handled, response},
};

/// 200 `{"status":"ok",…}` or 503 `{"status":"misconfigured","problems":[…]}`, each with `warnings` if there are
/// any.
pub fn handle(configuration: &Configuration, env: &Env) -> Handled {
    let (status, mut body) = match configuration {
        Ok(configured) => (200, ok(&configured.settings)),
        Err(problems) => (503, misconfigured_body(problems)),
    };
    let warnings: Vec<SettingWarning> = configuration::warnings(env);
    if let Value::Object(fields) = &mut body
        && !warnings.is_empty()
    {
        fields.insert("warnings".to_owned(), json!(warnings));
    }
    Ok(response::json(status, &body)?)
}

fn ok(settings: &Settings) -> Value {
    json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "numbers": settings.numbers.len(),
        "delay_ms": settings.delay,
        "number_expiration_ms": settings.number_expiration,
    })
}

fn misconfigured_body(problems: &[SettingProblem]) -> Value {
    json!({ "status": "misconfigured", "problems": problems })
}

/// The response while the settings are unusable.
pub fn misconfigured(problems: &[SettingProblem]) -> Handled {
    Ok(response::json(503, &misconfigured_body(problems))?)
}
