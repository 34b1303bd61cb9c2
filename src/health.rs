//! `GET /health`: whether the configuration is whole, and everything that is wrong with it if not.

use serde_json::json;
use worker::{Method, Request, Response, Result};

use crate::{answer, configuration::Configuration};

/// 200 `{"status":"ok",…}` or 503 `{"status":"misconfigured","problems":[…]}`.
pub fn answer(request: &Request, configuration: &Configuration) -> Result<Response> {
    if !matches!(request.method(), Method::Get | Method::Head) {
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
        Err(problems) => {
            answer::json(503, &json!({ "status": "misconfigured", "problems": problems }))
        }
    }
}
