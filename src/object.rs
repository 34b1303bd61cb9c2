//! Calls to Durable Objects: a POST tells one something in JSON, a GET asks for all of it.

use serde_json::Value;
use worker::{Env, web_sys::Response, worker_sys::Fetcher};

use crate::fetch;

/// An object did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// There is no such binding, or the call itself failed.
    #[error("an object of {0} could not be called (is it bound, as in wrangler.toml?): {1}")]
    Call(&'static str, worker::Error),
    /// It answered with an error, or something that this version does not know.
    #[error("an object of {0} answered {1}")]
    Answer(&'static str, String),
    /// It did not answer in time.
    #[error("an object of {0} did not answer in time")]
    TimeOut(&'static str),
}

/// An object, by its binding and its name.
#[derive(Clone, Copy)]
pub struct Address<'a>(pub &'static str, pub &'a str);

impl Address<'_> {
    /// Tells the object something in JSON, or asks it for everything.
    pub async fn call(self, env: &Env, told: Option<&str>) -> Result<Response, ObjectError> {
        let answered = self.answered(env, told).await;
        let answer = answered.map_err(|error| ObjectError::Call(self.0, error))?;
        match answer.status() {
            200 | 204 => Ok(answer),
            status => Err(self.unknown(status)),
        }
    }

    async fn answered(self, env: &Env, told: Option<&str>) -> worker::Result<Response> {
        let stub: Fetcher = env.durable_object(self.0)?.get_by_name(self.1)?.into_rpc();
        let init = fetch::init(told.map_or("GET", |_| "POST"), told);
        fetch::answer(stub.fetch_with_str_and_init("https://object/", &init)?).await
    }

    /// The JSON in an answer.
    pub async fn json(self, answer: &Response) -> Result<Value, ObjectError> {
        let body = fetch::body(answer).await;
        let body = body.map_err(|error| ObjectError::Call(self.0, error))?;
        serde_json::from_str(&String::from_utf8_lossy(&body)).map_err(|error| self.unknown(error))
    }

    /// The error that the object answered so.
    pub fn unknown(self, answer: impl ToString) -> ObjectError {
        ObjectError::Answer(self.0, answer.to_string())
    }
}
