//! The Worker as a child: a process group that is started, killed as a crash would, and deployed anew.

use crate::config::Config;
use crate::feed::Feed;
use crate::problem::Problem;
use crate::settings::{self, Chosen};
use crate::worker;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// How long a group may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(3);

/// What the Worker is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Its process runs, `/health` does not answer yet.
    Starting,
    /// `/health` says ok.
    Ready,
    /// `/health` names problems: this body.
    Misconfigured(String),
    /// Killed from the page.
    Killed,
    /// It ended by itself, or could not be started: why.
    Ended(String),
    /// Not this program's child, and not seen yet.
    Elsewhere,
}

impl Phase {
    /// Whether its admin routes can be asked.
    pub(crate) fn answers(&self) -> bool {
        *self == Self::Ready
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Misconfigured(_) => "misconfigured",
            Self::Killed => "killed",
            Self::Ended(_) => "ended",
            Self::Elsewhere => "elsewhere",
        }
    }
}

struct Shown {
    phase: Phase,
    chosen: Chosen,
}

/// Runs the Worker by the command that `--run-worker` names; without one, only watches where it answers.
pub(crate) struct Runner {
    config: Arc<Config>,
    command: Vec<String>,
    settings: Option<PathBuf>,
    feed: Arc<Feed>,
    child: tokio::sync::Mutex<Option<Child>>,
    shown: Mutex<Shown>,
}

impl Runner {
    pub(crate) fn new(config: &Arc<Config>, feed: &Arc<Feed>) -> Self {
        Self {
            config: Arc::clone(config),
            command: config.run_worker.clone(),
            settings: config.settings.clone(),
            feed: Arc::clone(feed),
            child: tokio::sync::Mutex::default(),
            shown: Mutex::new(Shown {
                phase: Phase::Elsewhere,
                chosen: config.chosen.clone(),
            }),
        }
    }

    /// Whether the Worker is this program's child.
    pub(crate) fn managed(&self) -> bool {
        !self.command.is_empty()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.shown().phase.clone()
    }

    pub(crate) fn chosen(&self) -> Chosen {
        self.shown().chosen.clone()
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, phase: Phase) {
        self.shown().phase = phase;
    }

    /// Writes the settings file and starts the command, unless it runs or there is none.
    pub(crate) async fn start(&self) -> Result<(), Problem> {
        let started = self.try_start().await;
        if let Err(problem) = &started {
            self.enter(Phase::Ended(problem.to_string()));
        }
        started
    }

    async fn try_start(&self) -> Result<(), Problem> {
        if !self.managed() {
            return Ok(());
        }
        let mut child = self.child.lock().await;
        if child.is_some() {
            return Ok(());
        }
        if answers(&self.config.worker).await {
            return Err(Problem::WorkerPort(self.config.worker.clone()));
        }
        if let Some(file) = &self.settings {
            let text = settings::file(&self.config, &self.shown().chosen);
            std::fs::write(file, text).map_err(|error| Problem::file(file, &error))?;
        }
        *child = Some(self.spawn()?);
        self.enter(Phase::Starting);
        self.feed.note("info", "demo.worker_started");
        Ok(())
    }

    /// A process group of its own, so that the Worker's own children end with it.
    fn spawn(&self) -> Result<Child, Problem> {
        let (program, arguments) = self.command.split_first().ok_or(Problem::NoCommand)?;
        let spawned = Command::new(program)
            .args(arguments)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = spawned.map_err(|error| Problem::Start(error.to_string()))?;
        if let Some(lines) = child.stdout.take() {
            tokio::spawn(read(lines, Arc::clone(&self.feed)));
        }
        if let Some(lines) = child.stderr.take() {
            tokio::spawn(read(lines, Arc::clone(&self.feed)));
        }
        Ok(child)
    }

    /// Ends the whole group at once, as a crash of the machine would.
    pub(crate) async fn kill(&self) {
        let mut child = self.child.lock().await;
        let Some(mut killed) = child.take() else {
            return;
        };
        self.enter(Phase::Killed);
        end(&mut killed, Duration::ZERO).await;
        self.feed.note("error", "demo.worker_killed");
    }

    /// Lets the group end by itself; kills it if it does not.
    pub(crate) async fn stop(&self) {
        if let Some(mut child) = self.child.lock().await.take() {
            end(&mut child, GRACE).await;
        }
    }

    /// Starts it anew with other settings, on the state that it has.
    pub(crate) async fn deploy(&self, chosen: Chosen) -> Result<(), Problem> {
        self.enter(Phase::Starting);
        self.stop().await;
        self.shown().chosen = chosen;
        self.start().await
    }

    /// Has the Worker erase a user's record; whether it did.
    pub(crate) async fn forget(&self, user: &str) -> bool {
        match &self.config.admin_token {
            Some(token) => worker::erase(&self.config.worker, token, user).await,
            None => false,
        }
    }

    /// Ends when the child has ended by itself; says how.
    pub(crate) async fn died(&self) -> Problem {
        loop {
            if let Some(child) = self.child.lock().await.as_mut()
                && let Ok(Some(status)) = child.try_wait()
            {
                let log = self.config.log.as_ref();
                let log = log.map_or_else(String::new, |log| log.display().to_string());
                return Problem::WorkerEnded(status.to_string(), log);
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// Keeps the phase true: is the child alive, what does `/health` say?
    pub(crate) async fn watch(&self) {
        loop {
            self.look().await;
            let pause = match self.phase() {
                Phase::Starting => 150,
                _ => 800,
            };
            sleep(Duration::from_millis(pause)).await;
        }
    }

    async fn look(&self) {
        if self.managed() {
            let Ok(mut child) = self.child.try_lock() else {
                return;
            };
            let Some(running) = child.as_mut() else {
                return;
            };
            if let Ok(Some(status)) = running.try_wait() {
                *child = None;
                self.enter(Phase::Ended(status.to_string()));
                return self.feed.note("error", "demo.worker_ended");
            }
        }
        let phase = match worker::health(&self.config.worker).await {
            (Some(200), _) => Phase::Ready,
            (Some(503), body) => Phase::Misconfigured(body),
            _ if self.managed() => Phase::Starting,
            _ => Phase::Elsewhere,
        };
        // It may have been killed while its answer was on the way.
        if self.managed() && self.child.lock().await.is_none() {
            return;
        }
        if phase == Phase::Ready && self.phase() != Phase::Ready {
            self.feed.note("info", "demo.worker_ready");
        }
        self.enter(phase);
    }
}

async fn read(lines: impl AsyncRead + Unpin, feed: Arc<Feed>) {
    let mut lines = BufReader::new(lines).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        feed.line(&line);
    }
}

async fn answers(url: &str) -> bool {
    let place = url.trim_start_matches("http://");
    let open = timeout(Duration::from_secs(1), TcpStream::connect(place)).await;
    matches!(open, Ok(Ok(_)))
}

/// Ends the child's group and waits until no process of it is left.
async fn end(child: &mut Child, grace: Duration) {
    let Some(leader) = child.id() else { return };
    if !grace.is_zero() {
        signal("TERM", leader).await;
        let _ = timeout(grace, child.wait()).await;
    }
    signal("KILL", leader).await;
    let _ = child.wait().await;
    for _ in 0..50 {
        if !signal("0", leader).await {
            return;
        }
        sleep(Duration::from_millis(40)).await;
    }
}

/// Whether there was a group to send it to.
async fn signal(name: &str, leader: u32) -> bool {
    let group = format!("kill -{name} -{leader}");
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &group]).stderr(Stdio::null());
    shell.status().await.is_ok_and(|status| status.success())
}
