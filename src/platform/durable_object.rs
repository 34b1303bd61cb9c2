//! Calls to Durable Objects: GET, and POST of JSON.

use serde_json::Value;
use worker::{
    Env,
    web_sys::{RequestInit, Response},
    worker_sys::Fetcher,
};

use super::fetch;

/// A call to a Durable Object failed.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// The binding is missing, or the runtime could not make the call.
    #[error(
        "the Durable Object {binding} could not be called (is it bound, as in wrangler.toml?): {error}"
    )]
    Call {
        /// The object's binding.
        binding: &'static str,
        /// What the runtime says.
        error: worker::Error,
    },
    /// It responded with an error, or in a way that this version does not know.
    #[error("the Durable Object {binding} responded with {response}")]
    Response {
        /// The object's binding.
        binding: &'static str,
        /// What it responded with.
        response: String,
    },
    /// It did not respond within the timeout.
    #[error("the Durable Object {binding} did not respond in time")]
    Timeout {
        /// The object's binding.
        binding: &'static str,
    },
}

/// Which object to call.
#[derive(Clone, Copy)]
pub struct ObjectAddress<'a> {
    /// The binding of its class.
    pub binding: &'static str,
    /// The object's name within the class.
    pub name: &'a str,
}

impl ObjectAddress<'_> {
    /// Calls the object with GET. Any status but 200 and 204 is an error.
    pub async fn get(self, env: &Env) -> Result<Response, ObjectError> {
        self.call(env, &fetch::init("GET", None)).await
    }

    /// Calls the object with POST and a JSON body. Any status but 200 and 204 is an error.
    pub async fn post(self, env: &Env, json: &str) -> Result<Response, ObjectError> {
        self.call(env, &fetch::init("POST", Some(json))).await
    }

    async fn call(self, env: &Env, init: &RequestInit) -> Result<Response, ObjectError> {
        let response = self.fetch(env, init).await;
        let response = response.map_err(|error| self.not_called(error))?;
        match response.status() {
            200 | 204 => Ok(response),
            status => Err(self.unexpected(status)),
        }
    }

    async fn fetch(self, env: &Env, init: &RequestInit) -> worker::Result<Response> {
        let namespace = env.durable_object(self.binding)?;
        let stub: Fetcher = namespace.get_by_name(self.name)?.into_rpc();
        fetch::response(stub.fetch_with_str_and_init("https://object/", init)?).await
    }

    /// Reads the JSON body of a response from the object.
    pub async fn json(self, response: &Response) -> Result<Value, ObjectError> {
        let body = fetch::body(response).await;
        let body = body.map_err(|error| self.not_called(error))?;
        let json = String::from_utf8_lossy(&body);
        serde_json::from_str(&json).map_err(|error| self.unexpected(error))
    }

    /// The error for a response that this version does not know.
    pub fn unexpected(self, response: impl ToString) -> ObjectError {
        ObjectError::Response {
            binding: self.binding,
            response: response.to_string(),
        }
    }

    /// The error for a timeout.
    pub fn timeout(self) -> ObjectError {
        ObjectError::Timeout {
            binding: self.binding,
        }
    }

    fn not_called(self, error: worker::Error) -> ObjectError {
        ObjectError::Call {
            binding: self.binding,
            error,
        }
    }
}
