//! Runs the built Worker for a test: real workerd, real Durable Objects, state in a folder.
//!
//! ```ignore
//! let mut options = WorkerOptions::new();
//! options.settings = valid_settings(&options.url(), &layer_url, &nexmo_url);
//! let mut worker = WorkerProcess::start(options).await;
//! reqwest::get(format!("{}/health", worker.url())).await?;
//! worker.kill_9();
//! worker.restart().await;
//! ```
#![allow(dead_code, reason = "each test target uses a part of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

use super::{
    ports::free_port,
    process::{listen, spawn},
};

/// The time limit for a start, which takes about one second on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Moments in one hour at which the cron trigger fires, in milliseconds since the Unix epoch: the first one, which also
/// logs what is not well, and the second.
pub const FIRST_RUN: &str = "1795824000000";
pub const SECOND_RUN: &str = "1795824900000";

/// How often a start is tried while a killed process still holds the port.
const START_TRIES: u32 = 20;

/// The options of a Worker.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    /// The Worker's environment: vars and secrets.
    pub settings: BTreeMap<String, String>,
    /// The folder for KV and Durable Objects; a temporary one if not given.
    pub persist: Option<PathBuf>,
    /// The port on 127.0.0.1.
    pub port: u16,
    /// Service bindings: name → origin of a stand-in, such as `http://127.0.0.1:1234`.
    pub services: BTreeMap<String, String>,
    /// Whether to leave out the binding `STATISTICS`.
    pub without_statistics: bool,
    /// Whether to leave out the binding `NUMBER_PACES`.
    pub without_paces: bool,
    /// Whether to leave out the console's files and their binding `ASSETS`.
    pub without_assets: bool,
    /// Whether a Tail Worker receives the events, which [`WorkerProcess::tail`] returns.
    pub with_tail: bool,
    /// Names of settings that are bound as numbers or booleans instead of text.
    pub bare: Vec<&'static str>,
    /// The folder of the built Worker; if relative, in that of the project.
    pub build: PathBuf,
}

impl WorkerOptions {
    /// No settings, no services, a temporary folder, a free port.
    pub fn new() -> Self {
        Self {
            settings: BTreeMap::new(),
            persist: None,
            port: free_port(),
            services: BTreeMap::new(),
            without_statistics: false,
            without_paces: false,
            without_assets: false,
            with_tail: false,
            bare: Vec::new(),
            build: "build".into(),
        }
    }

    /// The URL of the Worker, known before the start for the setting `SERVER_URL`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Valid settings for a Worker with these URLs.
pub fn valid_settings(
    worker_url: &str,
    layer_url: &str,
    nexmo_url: &str,
) -> BTreeMap<String, String> {
    [
        ("LAYER_APP_ID", "5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42"),
        ("LAYER_BEARER_TOKEN", "test-layer-bearer-token"),
        ("LAYER_WEBHOOK_SECRET", "test-layer-webhook-secret"),
        ("LAYER_API_URL", layer_url),
        ("NEXMO_KEY", "test1234"),
        ("NEXMO_SECRET", "test-nexmo-secret"),
        ("NEXMO_NUMBERS", "12025550101,12025550102"),
        ("NEXMO_API_URL", nexmo_url),
        ("SERVER_URL", worker_url),
        ("DELAY", "1 second"),
        ("ADMIN_TOKEN", "test-admin-token"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// A running Worker. Dropping it kills all its processes.
pub struct WorkerProcess {
    options: WorkerOptions,
    folder: PathBuf,
    // Deleted with its content on drop.
    _temporary: Option<tempfile::TempDir>,
    url: String,
    entry: String,
    child: Option<Child>,
    logs: Arc<Mutex<Vec<String>>>,
}

impl WorkerProcess {
    /// Starts the Worker built by `scripts/build.sh` and waits until it answers.
    pub async fn start(options: WorkerOptions) -> Self {
        let temporary = options
            .persist
            .is_none()
            .then(|| tempfile::tempdir().expect("a temporary folder"));
        let folder = match (&options.persist, &temporary) {
            (Some(folder), _) => folder.clone(),
            (None, Some(folder)) => folder.path().to_owned(),
            (None, None) => unreachable!("a folder is either given or created"),
        };
        let mut worker = Self {
            url: options.url(),
            entry: String::new(),
            options,
            folder,
            _temporary: temporary,
            child: None,
            logs: Arc::default(),
        };
        worker.restart().await;
        worker
    }

    /// The Worker's origin, without a path.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The origin of Miniflare's entry point, which fires cron triggers.
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// The folder of its KV and Durable Objects.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The events that the Tail Worker has received so far, as `wrangler tail --format json` prints them.
    pub fn tail(&self) -> Vec<Value> {
        let logs = self.logs();
        let events = logs.iter().filter(|line| line.starts_with(r#"{"tail":"#));
        events
            .map(|line| serde_json::from_str::<Value>(line).expect("an event")["tail"].take())
            .collect()
    }

    /// All lines logged so far, over all starts, as `level: message`.
    pub fn logs(&self) -> Vec<String> {
        self.logs.lock().expect("the logs").clone()
    }

    /// Waits until a line that contains `part` is logged, and returns it.
    pub async fn logged(&self, part: &str, limit: Duration) -> String {
        let found = async {
            loop {
                if let Some(line) = self.logs().into_iter().find(|line| line.contains(part)) {
                    return line;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(limit, found).await {
            Ok(line) => line,
            Err(_) => panic!(
                "{part:?} was not logged in {limit:?}:\n{}",
                self.logs().join("\n")
            ),
        }
    }

    /// Fires the cron trigger, as at [`SECOND_RUN`], and waits until it has run.
    pub async fn fire_cron(&self) -> reqwest::Response {
        self.fire_cron_at(SECOND_RUN).await
    }

    /// Like [`Self::fire_cron`], as scheduled for a moment: milliseconds since the Unix epoch.
    pub async fn fire_cron_at(&self, time: &str) -> reqwest::Response {
        let url = format!(
            "{}/cdn-cgi/local/scheduled?cron=*/15+*+*+*+*&time={time}",
            self.entry
        );
        reqwest::get(url)
            .await
            .expect("a response from Miniflare's entry point")
    }

    /// Kills all its processes, as a crash of the machine would.
    pub fn kill_9(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // Kills the process group: killing only Node would leave workerd running, which holds the port and
        // the databases.
        let group = format!("kill -9 -{}", child.id());
        let _ = Command::new("sh").arg("-c").arg(group).status();
        let _ = child.wait();
    }

    /// Stops all its processes for a while, as an overloaded machine does.
    pub async fn stand_still(&self, time: Duration) {
        let Some(child) = &self.child else { return };
        let signal = |name: &str| {
            let command = format!("kill -{name} -{}", child.id());
            let _ = Command::new("sh").arg("-c").arg(command).status();
        };
        signal("STOP");
        tokio::time::sleep(time).await;
        signal("CONT");
    }

    /// Restarts it with the same folder, port and settings.
    pub async fn restart(&mut self) {
        self.kill_9();
        let mut reason = String::new();
        for _ in 0..START_TRIES {
            match self.try_start().await {
                Ok(()) => return,
                Err(failure) => reason = failure,
            }
            if !reason.contains("in use") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("the Worker did not start: {reason}");
    }

    /// Restarts it with other settings, as a deployment does.
    pub async fn restart_with(&mut self, settings: BTreeMap<String, String>) {
        self.options.settings = settings;
        self.restart().await;
    }

    /// Restarts another build, in an absolute folder, on the same state. `without_paces`: whether it lacks `NumberPace`.
    pub async fn restart_build(&mut self, build: PathBuf, without_paces: bool) {
        self.options.build = build;
        self.options.without_paces = without_paces;
        self.restart().await;
    }

    async fn try_start(&mut self) -> Result<(), String> {
        let mut child = spawn(&self.options, &self.folder);
        let stdout = child.stdout.take().expect("standard output");
        self.child = Some(child);
        let (ready, started) = oneshot::channel();
        let logs = Arc::clone(&self.logs);
        std::thread::spawn(move || listen(stdout, &logs, ready));
        match tokio::time::timeout(START_LIMIT, started).await {
            Ok(Ok(Ok(entry))) => {
                self.entry = entry;
                Ok(())
            }
            failure => {
                self.kill_9();
                Err(match failure {
                    Ok(Ok(Err(reason))) => reason,
                    Ok(_) => "the process exited; its error is in the test's output".to_owned(),
                    Err(_) => format!("not ready after {START_LIMIT:?}"),
                })
            }
        }
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        self.kill_9();
    }
}
