//! Runs Synapse for a test: a real Matrix homeserver, with its data in a temporary folder.
//!
//! ```ignore
//! let service = Service::new("texts", &url);
//! let mut homeserver = Homeserver::start(&[service]).await;
//! let alice = homeserver.register("texts_alice", "Alice").await;
//! homeserver.kill();
//! homeserver.restart().await;
//! ```

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{api::Api, config, config::Service};
use crate::support::free_port;

/// The time limit for a start, which takes about two seconds on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(90);
/// How many lines of the log a failure shows.
const LOG_TAIL: usize = 60;

/// Runs Synapse until standard input closes, which happens however the test's process ends. Then deletes the folder in
/// the first argument, because a test that was killed cannot.
const RUNNER: &str = r"
import os, shutil, sys, threading
folder = sys.argv.pop(1)
def watch():
    while os.read(0, 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os.kill(os.getpid(), 9)
threading.Thread(target=watch, daemon=True).start()
from synapse.app.homeserver import main
main()
";

/// The Python of Synapse's installation, or `None` if `scripts/synapse.sh` has not run.
pub fn python() -> Option<PathBuf> {
    let installation = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/synapse");
    let done = installation.join("done").exists();
    done.then(|| installation.join("bin/python"))
}

/// A running Synapse. Dropping it kills it and deletes its data.
pub struct Homeserver {
    port: u16,
    child: Option<Child>,
    /// The token of an administrator.
    admin_token: String,
    folder: tempfile::TempDir,
}

impl Homeserver {
    /// Starts a homeserver without rate limits that knows these application services, and waits until it answers.
    pub async fn start(services: &[Service]) -> Self {
        Self::start_at(free_port(), services).await
    }

    /// Like [`Homeserver::start`], at a port that is known before.
    pub async fn start_at(port: u16, services: &[Service]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        config::write(folder.path(), port, services);
        let mut homeserver = Self {
            port,
            child: None,
            admin_token: String::new(),
            folder,
        };
        homeserver.restart().await;
        homeserver.admin_token = homeserver.register_admin().await;
        homeserver
    }

    /// Its origin, without a path.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The API for whoever has this token.
    pub fn api(&self, token: &str) -> Api {
        Api::new(&self.url(), token)
    }

    /// The API for an application service that acts as a user.
    pub fn api_as(&self, service: &Service, user: &str) -> Api {
        self.api(&service.as_token).with("user_id", user)
    }

    /// The API for an administrator.
    pub fn admin(&self) -> Api {
        self.api(&self.admin_token)
    }

    /// Kills it, as a crash of its machine would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Kills it if it runs, and starts it with the same data and port.
    pub async fn restart(&mut self) {
        self.kill();
        self.child = Some(self.spawn());
        let deadline = tokio::time::Instant::now() + START_LIMIT;
        while !self.is_healthy().await {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(
                ended.is_none() && tokio::time::Instant::now() < deadline,
                "Synapse did not start ({ended:?}):\n{}",
                self.log_tail()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a line that contains `part` is logged.
    pub async fn logged(&self, part: &str, limit: Duration) {
        let found = async {
            while !self.log().contains(part) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let found = tokio::time::timeout(limit, found).await;
        found.unwrap_or_else(|_| panic!("{part:?} was not logged in {limit:?}"));
    }

    /// If the test is failing, prints the last lines of the log.
    pub fn explain_failure(&self) {
        if std::thread::panicking() {
            eprintln!("Synapse's log:\n{}", self.log_tail());
        }
    }

    /// The last lines that it logged, over all starts.
    fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_TAIL)..].join("\n")
    }

    fn log(&self) -> String {
        let log = std::fs::read(self.log_path()).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("homeserver.log")
    }

    async fn is_healthy(&self) -> bool {
        let answer = reqwest::get(format!("{}/health", self.url())).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    fn spawn(&self) -> Child {
        let mut options = File::options();
        let log = options.create(true).append(true).open(self.log_path());
        let log = log.unwrap();
        Command::new(python().expect("scripts/synapse.sh has installed Synapse"))
            .args(["-c", RUNNER])
            .arg(self.folder.path())
            .arg("--config-path")
            .arg(self.folder.path().join("homeserver.json"))
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            // An interrupt from the keyboard is for the test only.
            .process_group(0)
            .spawn()
            .expect("Python runs")
    }
}

impl Drop for Homeserver {
    fn drop(&mut self) {
        self.explain_failure();
        self.kill();
    }
}
