//! Stands between the Worker and a homeserver: records what the Worker asks, and answers for the homeserver when told to.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Uri, header},
    response::Response,
};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinHandle, time::Instant};

use crate::{support::SOON, world::LATE};

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET /_matrix/client/v3/…?…`, as it was sent.
    pub line: String,
    /// The status of the answer.
    pub status: u16,
    /// When it arrived.
    pub at: Instant,
}

/// What happens instead of passing the request on and its answer back.
#[derive(Clone, Debug)]
pub enum Instead {
    /// The homeserver is not asked. This is the answer.
    Answer(u16, Value),
    /// The homeserver is asked, but its answer is lost on the way back: 504.
    LoseAnswer,
    /// The homeserver is asked, and its answer is this late.
    Delay(Duration),
    /// The answer to a question for the members of a room also names this user.
    AddMember(String),
}

struct Rule {
    part: String,
    times: usize,
    instead: Instead,
}

struct Shared {
    homeserver: String,
    http: reqwest::Client,
    rules: Mutex<Vec<Rule>>,
    /// One in so many requests fails in any way; none if 0.
    fail_one_in: AtomicU32,
    asked: watch::Sender<Vec<Asked>>,
}

/// A running gate. Dropping it closes its port.
pub struct Gate {
    shared: Arc<Shared>,
    url: String,
    task: JoinHandle<()>,
}

impl Gate {
    /// In front of the homeserver with this origin.
    pub async fn start(homeserver: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            homeserver: homeserver.to_owned(),
            http: reqwest::Client::new(),
            rules: Mutex::default(),
            fail_one_in: AtomicU32::new(0),
            asked: watch::Sender::default(),
        });
        let app = Router::new().fallback(pass).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        Self { shared, url, task }
    }

    /// Its origin.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on, the next so many requests whose line contains `part` are answered in this way.
    pub fn instead(&self, part: &str, times: usize, instead: Instead) {
        let part = part.to_owned();
        let mut rules = self.shared.rules.lock().unwrap();
        rules.push(Rule {
            part,
            times,
            instead,
        });
    }

    /// From now on, requests whose line contains `part` are answered with a status, until [`Gate::open`].
    pub fn fail(&self, part: &str, status: u16) {
        self.instead(part, usize::MAX, Instead::Answer(status, json!({})));
    }

    /// From now on, one in so many requests fails, in any way, until [`Gate::open`].
    pub fn fail_one_in(&self, requests: u32) {
        self.shared.fail_one_in.store(requests, Ordering::Relaxed);
    }

    /// Passes everything on again.
    pub fn open(&self) {
        self.fail_one_in(0);
        self.shared.rules.lock().unwrap().clear();
    }

    /// The requests so far whose line contains `part`, in the order in which they were answered.
    pub fn asked(&self, part: &str) -> Vec<Asked> {
        let asked = self.shared.asked.borrow();
        asked
            .iter()
            .filter(|one| one.line.contains(part))
            .cloned()
            .collect()
    }

    /// Waits until there are so many requests whose line contains `part`, and returns them.
    pub async fn asked_when(&self, part: &str, count: usize) -> Vec<Asked> {
        let mut changes = self.shared.asked.subscribe();
        let enough =
            |all: &Vec<Asked>| all.iter().filter(|one| one.line.contains(part)).count() >= count;
        let outcome = tokio::time::timeout(LATE.max(SOON), changes.wait_for(enough)).await;
        assert!(
            outcome.is_ok(),
            "{part} was asked {} times",
            self.asked(part).len()
        );
        drop(outcome);
        self.asked(part)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    /// What is to happen to a request instead, if anything.
    fn instead(&self, line: &str) -> Option<Instead> {
        let mut rules = self.rules.lock().unwrap();
        let applies = |rule: &&mut Rule| rule.times > 0 && line.contains(&rule.part);
        let Some(rule) = rules.iter_mut().find(applies) else {
            return self.failure();
        };
        rule.times -= 1;
        Some(rule.instead.clone())
    }

    /// Some failure, now and then.
    fn failure(&self) -> Option<Instead> {
        let one_in = self.fail_one_in.load(Ordering::Relaxed);
        if one_in == 0 || fastrand::u32(..one_in) > 0 {
            return None;
        }
        let wait = json!({ "errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 500 });
        Some(match fastrand::u8(..3) {
            0 => Instead::LoseAnswer,
            1 => Instead::Answer(429, wait),
            _ => Instead::Answer(503, Value::Null),
        })
    }

    /// Asks the homeserver. One that does not answer is a 502.
    async fn forward(
        &self,
        method: Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: Bytes,
    ) -> (u16, Bytes) {
        let mut request = self
            .http
            .request(method, format!("{}{uri}", self.homeserver))
            .body(body);
        for name in [header::AUTHORIZATION, header::CONTENT_TYPE] {
            if let Some(value) = headers.get(&name) {
                request = request.header(name, value);
            }
        }
        match request.send().await {
            Ok(answer) => (
                answer.status().as_u16(),
                answer.bytes().await.unwrap_or_default(),
            ),
            Err(_) => (502, Bytes::new()),
        }
    }
}

async fn pass(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (line, at) = (format!("{method} {uri}"), Instant::now());
    let instead = shared.instead(&line);
    let (status, body) = match instead {
        Some(Instead::Answer(status, body)) => (status, body.to_string().into()),
        other => {
            let answer = shared.forward(method, &uri, &headers, body).await;
            if let Some(Instead::Delay(time)) = other {
                tokio::time::sleep(time).await;
            }
            changed(other, answer)
        }
    };
    shared
        .asked
        .send_modify(|asked| asked.push(Asked { line, status, at }));
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json");
    response.body(Body::from(body)).unwrap()
}

/// The homeserver's answer, as the Worker gets it.
fn changed(instead: Option<Instead>, (status, body): (u16, Bytes)) -> (u16, Bytes) {
    match instead {
        Some(Instead::LoseAnswer) => (504, Bytes::new()),
        Some(Instead::AddMember(user)) => {
            let mut members: Value = serde_json::from_slice(&body).unwrap_or_default();
            members["joined"][user] = json!({ "display_name": "Guest" });
            (status, members.to_string().into())
        }
        _ => (status, body),
    }
}
