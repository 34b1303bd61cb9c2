//! The Durable Object that stores rows.

use std::panic::AssertUnwindSafe;

use wasm_bindgen_futures::JsFuture;
use worker::{
    DurableObject, Env, Request, Response, Result, SqlStorageValue, State, durable_object,
    js_sys::Date, wasm_bindgen::JsValue,
};

/// Time until an alarm, in milliseconds: longer than any measurement.
const ALARM_DELAY: f64 = 3_600_000.0;

/// A table of rows, and an alarm.
#[durable_object(alarm)]
pub struct UserRecord {
    state: AssertUnwindSafe<State>,
}

impl DurableObject for UserRecord {
    fn new(state: State, _env: Env) -> Self {
        let table = "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)";
        // An error shows again at each insertion.
        let _ = state.storage().sql().exec(table, None);
        Self {
            state: AssertUnwindSafe(state),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.text().await?;
        let storage = self.state.storage();
        let row = vec![SqlStorageValue::String(body)];
        storage
            .sql()
            .exec("INSERT INTO rows (body) VALUES (?1)", row)?;
        let at = Date::new(&JsValue::from_f64(Date::now() + ALARM_DELAY));
        let set = storage.as_raw().set_alarm(at, JsValue::NULL.into())?;
        self.state.wait_until(async move {
            let _ = JsFuture::from(set).await;
        });
        Response::empty()
    }

    async fn alarm(&self) -> Result<Response> {
        Response::empty()
    }
}
