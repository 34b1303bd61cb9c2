//! The traffic of one stand-in: recorded requests, faults, and waiting for a condition.

use super::client::Client;
use super::message::{Request, find};
use crate::fault::{Facts, Fault, Rules, What};
use crate::lock::lock;
use std::future::Future;
use std::sync::Mutex;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::Instant;

/// The condition was not met within the limit.
#[derive(Debug, thiserror::Error)]
#[error("the condition was not met within {0:?}")]
pub struct TimedOut(pub Duration);

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// `GET`, `POST` …
    pub method: String,
    /// As sent (percent-encoded), without the query.
    pub path: String,
    /// As sent, without the `?`.
    pub query: String,
    /// Lower-case names, and values.
    pub headers: Vec<(String, String)>,
    /// The raw body, read as UTF-8.
    pub body: String,
    /// When it arrived.
    pub at: Instant,
    /// The response's status; `None` until it is sent, and after a reset.
    pub status: Option<u16>,
    /// The fault that applied to it.
    pub fault: Option<What>,
}

impl Recorded {
    /// The first header of this (lower-case) name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// What [`Traffic::arrived`] returns.
pub(crate) struct Arrival {
    /// Index of the recorded request, for [`Traffic::responded`].
    pub(crate) entry: usize,
    /// The fault that applies to it.
    pub(crate) fault: Option<What>,
}

/// The requests and faults of one stand-in.
pub struct Traffic {
    log: Mutex<Vec<Recorded>>,
    rules: Mutex<Rules>,
    changed: watch::Sender<u64>,
    stopped: watch::Receiver<()>,
    runtime: Handle,
    pub(crate) client: Client,
}

impl Traffic {
    pub(crate) fn new(seed: u64, stopped: watch::Receiver<()>) -> Self {
        Self {
            log: Mutex::default(),
            rules: Mutex::new(Rules::new(seed)),
            changed: watch::Sender::new(0),
            stopped,
            runtime: Handle::current(),
            client: Client::default(),
        }
    }

    /// All requests so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.log).clone()
    }

    /// The number of requests whose path contains `path`.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        lock(&self.log)
            .iter()
            .filter(|request| request.path.contains(path))
            .count()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        lock(&self.log).clear();
    }

    /// Replaces the rules and resets their counts.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        lock(&self.rules).set(faults);
    }

    /// Adds a rule after the others.
    pub fn add_fault(&self, fault: Fault) {
        lock(&self.rules).add(fault);
    }

    /// Removes all rules.
    pub fn clear_faults(&self) {
        lock(&self.rules).set(Vec::new());
    }

    /// How often each current rule has fired, in their order.
    #[must_use]
    pub fn fired(&self) -> Vec<u64> {
        lock(&self.rules).fired()
    }

    /// How many faults have fired, including those of removed rules.
    #[must_use]
    pub fn faults(&self) -> u64 {
        lock(&self.rules).total()
    }

    /// Waits until the requests so far meet the condition.
    ///
    /// # Errors
    /// The condition was not met within the limit.
    pub async fn wait_for(
        &self,
        limit: Duration,
        condition: impl Fn(&[Recorded]) -> bool,
    ) -> Result<(), TimedOut> {
        self.until(limit, || condition(&lock(&self.log)).then_some(()))
            .await
    }

    /// Calls `ask` after every change until it returns a value.
    pub(crate) async fn until<T>(
        &self,
        limit: Duration,
        mut ask: impl FnMut() -> Option<T>,
    ) -> Result<T, TimedOut> {
        let mut changes = self.changed.subscribe();
        let search = async {
            loop {
                if let Some(found) = ask() {
                    return found;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(limit, search)
            .await
            .map_err(|_| TimedOut(limit))
    }

    /// Wakes every waiter to check its condition again.
    pub(crate) fn changed(&self) {
        self.changed
            .send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    /// Spawns a task that is cancelled when the stand-in stops.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut stopped = self.stopped.clone();
        self.runtime.spawn(async move {
            tokio::select! {
                () = task => {}
                _ = stopped.changed() => {}
            }
        });
    }

    /// Picks the fault for a request and records both.
    pub(crate) fn arrived(&self, request: &Request, facts: &Facts<'_>) -> Arrival {
        let fault = lock(&self.rules).pick(facts);
        let mut log = lock(&self.log);
        log.push(Recorded {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            at: Instant::now(),
            status: None,
            fault: fault.clone(),
        });
        let entry = log.len() - 1;
        drop(log);
        self.changed();
        Arrival { entry, fault }
    }

    /// Records the status of a response.
    pub(crate) fn responded(&self, entry: usize, status: u16) {
        if let Some(request) = lock(&self.log).get_mut(entry) {
            request.status = Some(status);
        }
        self.changed();
    }
}
