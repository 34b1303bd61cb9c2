//! The Durable Object that stores rows.

use std::panic::AssertUnwindSafe;

use futures_util::future::join;
use serde::Deserialize;
use wasm_bindgen_futures::JsFuture;
use worker::{
    DurableObject, Env, Fetch, Headers, Method, Request, RequestInit, Response, Result,
    SqlStorageValue, State, durable_object, js_sys::Date, wasm_bindgen::JsValue,
};

use crate::kv;

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
        let table = "CREATE TABLE IF NOT EXISTS rows
                (id INTEGER PRIMARY KEY, body TEXT NOT NULL, careful INTEGER NOT NULL, claims INTEGER NOT NULL)";
        // An error shows again at each insertion.
        let _ = state.storage().sql().exec(table, None);
        Self {
            state: AssertUnwindSafe(state),
            env: AssertUnwindSafe(env),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let delay = |kind| url.strip_prefix(kind).and_then(|delay| delay.parse().ok());
        let careful = delay("https://careful/");
        let delay = careful.or(delay("https://text/"));
        let body = request.text().await?;
        let storage = self.state.storage();
        let row = vec![
            SqlStorageValue::String(body),
            SqlStorageValue::Integer(i64::from(careful.is_some())),
        ];
        let insert = "INSERT INTO rows (body, careful, claims) VALUES (?1, ?2, 0)";
        storage.sql().exec(insert, row)?;
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
        let rows: Vec<Row> = sql
            .exec("SELECT body, careful FROM rows WHERE careful < 2", None)?
            .to_array()?;
        for Row { body, careful } in rows {
            match careful {
                0 => self.text(&body).await?,
                _ => self.text_carefully(&body).await?,
            }
        }
        Response::empty()
    }
}

impl UserRecord {
    async fn text(&self, body: &str) -> Result<()> {
        self.post(body).await?;
        self.write("DELETE FROM rows")
    }

    async fn text_carefully(&self, body: &str) -> Result<()> {
        self.write("UPDATE rows SET claims = claims + 1 WHERE careful = 1")?;
        let url = self.env.var("ASKED")?.to_string();
        let asked = async { Fetch::Url(url.parse()?).send().await?.text().await };
        let (asked, read) = join(asked, kv::read(&self.env, &["wish", "user"])).await;
        asked.and(read.map(|()| String::new()))?;
        self.write("UPDATE rows SET claims = -claims WHERE careful = 1")?;
        self.post(body).await?;
        self.write("DELETE FROM rows WHERE careful = 1")?;
        self.write("INSERT INTO rows (body, careful, claims) VALUES ('', 2, 0)")
    }

    fn write(&self, statement: &str) -> Result<()> {
        self.state.storage().sql().exec(statement, None).map(|_| ())
    }

    async fn post(&self, body: &str) -> Result<()> {
        let headers = Headers::new();
        headers.set("Content-Type", "application/x-www-form-urlencoded")?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post)
            .with_headers(headers)
            .with_body(Some(JsValue::from_str(body)));
        let url = self.env.var("TEXTS")?.to_string();
        let request = Request::new_with_init(&url, &init)?;
        Fetch::Request(request).send().await?.text().await?;
        Ok(())
    }
}

#[derive(Deserialize)]
struct Row {
    body: String,
    careful: i64,
}
