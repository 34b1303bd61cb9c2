//! The Durable Object of one number's [`Pace`]. It stores nothing.
//!
//! POST of the wait that Nexmo asked for returns the wait until the text's moment. Both are milliseconds as JSON, or
//! `null` if there is none.

pub mod client;

use std::{cell::RefCell, panic::AssertUnwindSafe};

use serde_json::json;
use texting::{pace::Pace, time::Span};
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::{http::response, platform::clock::now};

/// The pace of one number.
#[durable_object(fetch)]
pub struct NumberPace {
    pace: AssertUnwindSafe<RefCell<Pace>>,
}

impl DurableObject for NumberPace {
    fn new(_state: State, _env: Env) -> Self {
        Self {
            pace: AssertUnwindSafe(RefCell::default()),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match serde_json::from_str::<Option<Span>>(&request.text().await?) {
            Ok(asked) => {
                let wait = self.pace.borrow_mut().wait(now(), asked);
                response::json(200, &json!(wait))
            }
            Err(error) => response::text(400, &error.to_string()),
        }
    }
}
