//! The Worker's process group: started, killed, and restarted with other settings.

use crate::admin::{self, Health};
use crate::config::Config;
use crate::log::Log;
use crate::page_settings::PageSettings;
use crate::problem::Problem;
use crate::settings_file;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// How long the group has to end after TERM before it is killed.
const TERM_TIMEOUT: Duration = Duration::from_secs(3);

/// The state of the Worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Its process runs, but `/health` does not respond yet.
    Starting,
    /// `/health` returns 200.
    Ready,
    /// `/health` returns 503 with this body.
    Misconfigured(String),
    /// Killed from the page.
    Killed,
    /// Its process ended or could not be started, for this reason.
    Ended(String),
    /// It was started elsewhere and does not respond.
    Elsewhere,
}

impl Phase {
    pub(crate) fn is_ready(&self) -> bool {
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

struct Current {
    phase: Phase,
    settings: PageSettings,
}

/// The Worker's process, started by the command of `--run-worker`. Without a command, only the Worker's
/// health is watched.
pub(crate) struct Process {
    config: Arc<Config>,
    command: Vec<String>,
    settings: Option<PathBuf>,
    log: Arc<Log>,
    child: tokio::sync::Mutex<Option<Child>>,
    current: Mutex<Current>,
    /// Whether the records are still to be woken after a deployment.
    pub(crate) unwoken: AtomicBool,
}

impl Process {
    pub(crate) fn new(config: &Arc<Config>, log: &Arc<Log>) -> Self {
        Self {
            config: Arc::clone(config),
            command: config.run_worker.clone(),
            settings: config.settings.clone(),
            log: Arc::clone(log),
            child: tokio::sync::Mutex::default(),
            current: Mutex::new(Current {
                phase: Phase::Elsewhere,
                settings: config.page_settings.clone(),
            }),
            unwoken: AtomicBool::default(),
        }
    }

    /// Whether the Worker is a child process of the playground.
    pub(crate) fn is_managed(&self) -> bool {
        !self.command.is_empty()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.current().phase.clone()
    }

    /// The settings that the page changed last.
    pub(crate) fn page_settings(&self) -> PageSettings {
        self.current().settings.clone()
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_phase(&self, phase: Phase) {
        self.current().phase = phase;
    }

    /// Writes the settings file and starts the command. Does nothing if it runs or there is none.
    pub(crate) async fn start(&self) -> Result<(), Problem> {
        let started = self.try_start().await;
        if let Err(problem) = &started {
            self.set_phase(Phase::Ended(problem.to_string()));
        }
        started
    }

    async fn try_start(&self) -> Result<(), Problem> {
        if !self.is_managed() {
            return Ok(());
        }
        let mut child = self.child.lock().await;
        if child.is_some() {
            return Ok(());
        }
        if is_listening(&self.config.worker).await {
            return Err(Problem::WorkerPort(self.config.worker.clone()));
        }
        if let Some(file) = &self.settings {
            let text = settings_file::text(&self.config, &self.current().settings);
            std::fs::write(file, text).map_err(|error| Problem::file(file, &error))?;
        }
        *child = Some(self.spawn()?);
        self.set_phase(Phase::Starting);
        self.log.note("info", "demo.worker_started");
        Ok(())
    }

    /// Starts the command in its own process group, so that signals reach the Worker's children, too.
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
            tokio::spawn(log_lines(lines, Arc::clone(&self.log)));
        }
        if let Some(lines) = child.stderr.take() {
            tokio::spawn(log_lines(lines, Arc::clone(&self.log)));
        }
        Ok(child)
    }

    /// Kills the group, like a crash of the machine.
    pub(crate) async fn kill(&self) {
        let mut child = self.child.lock().await;
        let Some(mut killed) = child.take() else {
            return;
        };
        self.set_phase(Phase::Killed);
        end(&mut killed, Duration::ZERO).await;
        self.log.note("error", "demo.worker_killed");
    }

    /// Terminates the group; kills it after a timeout.
    pub(crate) async fn stop(&self) {
        if let Some(mut child) = self.child.lock().await.take() {
            end(&mut child, TERM_TIMEOUT).await;
        }
    }

    /// Restarts with other settings and the same state.
    pub(crate) async fn deploy(&self, settings: PageSettings) -> Result<(), Problem> {
        *self.current() = Current {
            phase: Phase::Starting,
            settings,
        };
        self.stop().await;
        self.unwoken.store(true, Relaxed);
        self.start().await
    }

    /// Has the Worker erase a user record; returns whether it succeeded.
    pub(crate) async fn erase(&self, user: &str) -> bool {
        match &self.config.admin_token {
            Some(token) => admin::erase(&self.config.worker, token, user).await,
            None => false,
        }
    }

    /// Returns when the process ended by itself.
    pub(crate) async fn ended(&self) -> Problem {
        loop {
            if let Some(child) = self.child.lock().await.as_mut()
                && let Ok(Some(status)) = child.try_wait()
            {
                let log = self.config.log.as_ref();
                let log = log.map_or_else(String::new, |log| log.display().to_string());
                return Problem::WorkerEnded {
                    status: status.to_string(),
                    log,
                };
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// Updates the phase periodically. Never returns.
    pub(crate) async fn watch(&self) {
        loop {
            self.update_phase().await;
            let pause = match self.phase() {
                Phase::Starting => 150,
                _ => 800,
            };
            sleep(Duration::from_millis(pause)).await;
        }
    }

    async fn update_phase(&self) {
        if self.is_managed() && !self.is_running() {
            return;
        }
        let phase = match admin::health(&self.config.worker).await {
            Health::Healthy => Phase::Ready,
            Health::Misconfigured(body) => Phase::Misconfigured(body),
            Health::Unreachable if self.is_managed() => Phase::Starting,
            Health::Unreachable => Phase::Elsewhere,
        };
        // It may have been killed since the request.
        if self.is_managed() && self.child.lock().await.is_none() {
            return;
        }
        if phase == Phase::Ready && self.phase() != Phase::Ready {
            self.log.note("info", "demo.worker_ready");
        }
        self.set_phase(phase);
    }

    /// Whether the child runs. Notes it if it has just ended; false while it is being started or ended.
    fn is_running(&self) -> bool {
        let Ok(mut child) = self.child.try_lock() else {
            return false;
        };
        let Some(running) = child.as_mut() else {
            return false;
        };
        if let Ok(Some(status)) = running.try_wait() {
            *child = None;
            self.set_phase(Phase::Ended(status.to_string()));
            self.log.note("error", "demo.worker_ended");
            return false;
        }
        true
    }
}

async fn log_lines(lines: impl AsyncRead + Unpin, log: Arc<Log>) {
    let mut lines = BufReader::new(lines).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        log.line(&line);
    }
}

async fn is_listening(url: &str) -> bool {
    let address = url.trim_start_matches("http://");
    let connected = timeout(Duration::from_secs(1), TcpStream::connect(address)).await;
    matches!(connected, Ok(Ok(_)))
}

/// Sends TERM to the child's group, KILL after the timeout, and waits until no process is left. A zero
/// timeout skips TERM.
async fn end(child: &mut Child, term_timeout: Duration) {
    let Some(leader) = child.id() else { return };
    if !term_timeout.is_zero() {
        signal("TERM", leader).await;
        let _ = timeout(term_timeout, child.wait()).await;
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

/// Sends a signal to a process group; returns whether the group exists.
async fn signal(name: &str, leader: u32) -> bool {
    let group = format!("kill -{name} -{leader}");
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &group]).stderr(Stdio::null());
    shell.status().await.is_ok_and(|status| status.success())
}
