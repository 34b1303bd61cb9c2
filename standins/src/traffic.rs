//! What both stand-ins have in common: the record of requests, the faults in force, and waiting.

use crate::client::Client;
use crate::fault::{Facts, Fault, Rules, What};
use crate::lock;
use crate::server::Incoming;
use std::future::Future;
use std::sync::Mutex;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::Instant;

/// The condition did not come true in time.
#[derive(Debug, thiserror::Error)]
#[error("the stand-in waited {0:?} in vain")]
pub struct TimedOut(pub Duration);

/// One request as it came in.
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
    /// The status answered; `None` while there is no answer, and for ever if the connection was reset.
    pub status: Option<u16>,
    /// The fault that it met.
    pub fault: Option<What>,
}

impl Recorded {
    /// The first header of this (lower-case) name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
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

    /// Everything that was requested so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.log).clone()
    }

    /// How many requests there were whose path contains this.
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

    /// These rules from now on, their counts at nought.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        lock(&self.rules).set(faults);
    }

    /// One more rule, after the others.
    pub fn add_fault(&self, fault: Fault) {
        lock(&self.rules).add(fault);
    }

    /// No rules any more.
    pub fn clear_faults(&self) {
        lock(&self.rules).set(Vec::new());
    }

    /// How often each rule in force has fired, in their order.
    #[must_use]
    pub fn fired(&self) -> Vec<u64> {
        lock(&self.rules).fired()
    }

    /// How many faults there were in all, those of cleared rules included.
    #[must_use]
    pub fn faults(&self) -> u64 {
        lock(&self.rules).total()
    }

    /// Waits until the requests so far meet the condition.
    ///
    /// # Errors
    /// They did not within the limit.
    pub async fn wait_for(
        &self,
        limit: Duration,
        condition: impl Fn(&[Recorded]) -> bool,
    ) -> Result<(), TimedOut> {
        self.until(limit, || condition(&lock(&self.log)).then_some(()))
            .await
    }

    /// Asks at every change until there is an answer.
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

    /// Tells those who wait that something may have come true.
    pub(crate) fn changed(&self) {
        self.changed
            .send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    /// Runs a task that ends with the stand-in.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut stopped = self.stopped.clone();
        self.runtime.spawn(async move {
            tokio::select! {
                () = task => {}
                _ = stopped.changed() => {}
            }
        });
    }

    /// Draws the fault for a request and records both; the number is for [`Self::answered`].
    pub(crate) fn arrived(&self, incoming: &Incoming, facts: &Facts<'_>) -> (usize, Option<What>) {
        let fault = lock(&self.rules).pick(facts);
        let mut log = lock(&self.log);
        log.push(Recorded {
            method: incoming.method.clone(),
            path: incoming.path.clone(),
            query: incoming.query.clone(),
            headers: incoming.headers.clone(),
            body: incoming.body.clone(),
            at: Instant::now(),
            status: None,
            fault: fault.clone(),
        });
        let number = log.len() - 1;
        drop(log);
        self.changed();
        (number, fault)
    }

    pub(crate) fn answered(&self, number: usize, status: u16) {
        if let Some(request) = lock(&self.log).get_mut(number) {
            request.status = Some(status);
        }
        self.changed();
    }
}
