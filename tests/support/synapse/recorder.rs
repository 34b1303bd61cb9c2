//! Stands for an application service: records what a homeserver pushes to it, and answers as told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinHandle};

use super::config::Service;

/// The status of a request that gets no answer.
pub const HELD: u16 = 0;

/// A request to the service.
#[derive(Clone, Debug)]
pub struct Push {
    /// `PUT /_matrix/app/v1/transactions/1`, without the query.
    pub line: String,
    /// The status of the answer.
    pub status: u16,
    /// Null if there was none.
    pub body: Value,
}

impl Push {
    /// The events of a transaction; none in other requests.
    pub fn events(&self) -> &[Value] {
        self.body["events"].as_array().map_or(&[], Vec::as_slice)
    }
}

struct Shared {
    token: String,
    /// `None` answers nothing.
    status: Mutex<Option<StatusCode>>,
    pushes: watch::Sender<Vec<Push>>,
}

/// A running service. Dropping it closes its port.
pub struct Recorder {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Listens at the URL of a service, and accepts everything that has the service's token.
    pub async fn start(service: &Service) -> Self {
        let address = service.url.strip_prefix("http://").unwrap();
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let shared = Arc::new(Shared {
            token: format!("Bearer {}", service.hs_token),
            status: Mutex::new(Some(StatusCode::OK)),
            pushes: watch::Sender::default(),
        });
        let app = Router::new()
            .fallback(record)
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        Self { shared, task }
    }

    /// Answers with this status from now on.
    pub fn answer_with(&self, status: u16) {
        let status = StatusCode::from_u16(status).unwrap();
        *self.shared.status.lock().unwrap() = Some(status);
    }

    /// Lets all requests wait from now on. They are recorded with [`HELD`] as their status.
    pub fn hold(&self) {
        *self.shared.status.lock().unwrap() = None;
    }

    /// All requests so far, in order of arrival.
    pub fn pushes(&self) -> Vec<Push> {
        self.shared.pushes.borrow().clone()
    }

    /// Waits until `find` returns something for the requests so far.
    pub async fn wait_for<T>(&self, limit: Duration, find: impl Fn(&[Push]) -> Option<T>) -> T {
        let mut changes = self.shared.pushes.subscribe();
        let search = async {
            loop {
                if let Some(found) = find(&changes.borrow_and_update()) {
                    return found;
                }
                changes.changed().await.unwrap();
            }
        };
        let found = tokio::time::timeout(limit, search).await;
        found.unwrap_or_else(|_| panic!("not in {limit:?}: {:#?}", self.pushes()))
    }

    /// Waits for an event to arrive and be answered with this status; returns it as it was pushed.
    pub async fn event(&self, id: &str, status: u16, limit: Duration) -> Value {
        let find = |pushes: &[Push]| {
            let answered = pushes.iter().filter(|push| push.status == status);
            let mut events = answered.flat_map(Push::events);
            events.find(|event| event["event_id"] == id).cloned()
        };
        self.wait_for(limit, find).await
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn record(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    let token = headers.get("authorization");
    let status = if token.is_some_and(|token| *token == *shared.token) {
        *shared.status.lock().unwrap()
    } else {
        Some(StatusCode::FORBIDDEN)
    };
    let push = Push {
        line: format!("{method} {}", uri.path()),
        status: status.map_or(HELD, |status| status.as_u16()),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    shared.pushes.send_modify(|pushes| pushes.push(push));
    match status {
        Some(status) => (status, Json(json!({}))),
        None => std::future::pending().await,
    }
}
