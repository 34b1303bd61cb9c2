//! The Durable Object that stores rows.

use std::panic::AssertUnwindSafe;

use serde::Deserialize;
use wasm_bindgen_futures::JsFuture;
use worker::{
    DurableObject, Env, Fetch, Headers, Method, Request, RequestInit, Response, Result,
    SqlStorageValue, State, durable_object, js_sys::Date, wasm_bindgen::JsValue,
};

/// Time until an alarm, in milliseconds: longer than any measurement.
const ALARM_DELAY: f64 = 3_600_000.0;

/// A table of rows, and an alarm that sends them.
#[durable_object(alarm)]
pub struct UserRecord {
    state: AssertUnwindSafe<State>,
    env: AssertUnwindSafe<Env>,
}

impl DurableObject for UserRecord {
    fn new(state: State, env: Env) -> Self {
        let table = "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)";
        // An error shows again at each insertion.
        let _ = state.storage().sql().exec(table, None);
        Self {
            state: AssertUnwindSafe(state),
            env: AssertUnwindSafe(env),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let delay = url.strip_prefix("https://text/");
        let delay = delay.and_then(|delay| delay.parse().ok());
        let body = request.text().await?;
        let storage = self.state.storage();
        let row = vec![SqlStorageValue::String(body)];
        storage
            .sql()
            .exec("INSERT INTO rows (body) VALUES (?1)", row)?;
        let at = Date::now() + delay.unwrap_or(ALARM_DELAY);
        let at = Date::new(&JsValue::from_f64(at));
        let set = storage.as_raw().set_alarm(at, JsValue::NULL.into())?;
        self.state.wait_until(async move {
            let _ = JsFuture::from(set).await;
        });
        Response::empty()
    }

    async fn alarm(&self) -> Result<Response> {
        let sql = self.state.storage().sql();
        let rows: Vec<Row> = sql.exec("SELECT body FROM rows", None)?.to_array()?;
        for Row { body } in rows {
            post(&self.env.var("TEXTS")?.to_string(), &body).await?;
        }
        sql.exec("DELETE FROM rows", None)?;
        Response::empty()
    }
}

#[derive(Deserialize)]
struct Row {
    body: String,
}

async fn post(url: &str, body: &str) -> Result<()> {
    let headers = Headers::new();
    headers.set("Content-Type", "application/x-www-form-urlencoded")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(JsValue::from_str(body)));
    let request = Request::new_with_init(url, &init)?;
    Fetch::Request(request).send().await?.text().await?;
    Ok(())
}
