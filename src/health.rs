//! `GET /health`: whether the configuration is whole, and everything that is wrong with it if not.

use serde_json::json;
use texting::settings::Problem;
use worker::{Method, Request, Response, Result};

use crate::{answer, configuration::Configuration, routes};

/// 200 `{"status":"ok",…}` or 503 `{"status":"misconfigured","problems":[…]}`.
pub fn answer(request: &Request, configuration: &Configuration) -> Result<Response> {
    if !matches!(routes::method(request), Method::Get | Method::Head) {
        return answer::method_not_allowed("GET");
    }
    match configuration {
        Ok(configured) => answer::json(
            200,
            &json!({
                "status": "ok",
                "version": env!("CARGO_PKG_VERSION"),
                "numbers": configured.settings.numbers.len(),
                "delay_ms": configured.settings.delay,
                "number_expiration_ms": configured.settings.number_expiration,
            }),
        ),
        Err(problems) => misconfigured(problems),
    }
}

/// What is asked for needs settings that are right.
pub fn misconfigured(problems: &[Problem]) -> Result<Response> {
    answer::json(
        503,
        &json!({ "status": "misconfigured", "problems": problems }),
    )
}
