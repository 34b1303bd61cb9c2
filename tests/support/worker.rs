//! Runs the built Worker on this machine for a test: real workerd, real Durable Objects, state in a folder.
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
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

/// How long a Worker may take to start; a start takes about one second on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Starts that are tried when the port is still held by a process that was just killed.
const START_TRIES: u32 = 20;

/// What a Worker is started with.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    /// The Worker's environment, vars and secrets alike.
    pub settings: BTreeMap<String, String>,
    /// The folder of its KV and Durable Objects; a temporary one when not given.
    pub persist: Option<PathBuf>,
    /// The port of 127.0.0.1 where it answers.
    pub port: u16,
    /// Service bindings: name to the origin of a stand-in, such as `http://127.0.0.1:1234`.
    pub services: BTreeMap<String, String>,
    /// Leaves the object of the statistics out.
    pub without_statistics: bool,
    /// Settings that are bound as the numbers or booleans that they are written as.
    pub bare: &'static [&'static str],
    /// The folder of the built Worker, below the project's.
    pub build: &'static str,
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
            bare: &[],
            build: "build",
        }
    }

    /// Where the Worker will answer: the setting `SERVER_URL` needs it before the start.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A port of 127.0.0.1 that nothing listens on, below those that the system hands out by itself: one of
/// these could be taken by a stand-in before the Worker listens there.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 9_000).unwrap();
    loop {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Settings that pass every check, for a Worker between the stand-ins at these addresses.
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

/// A running Worker. Dropped, it ends at once, with all its processes.
pub struct WorkerProcess {
    options: WorkerOptions,
    folder: PathBuf,
    // Removed with everything in it at the end.
    _temporary: Option<tempfile::TempDir>,
    url: String,
    entry: String,
    child: Option<Child>,
    logs: Arc<Mutex<Vec<String>>>,
}

impl WorkerProcess {
    /// Starts the Worker that `scripts/build.sh` has built and waits until it answers.
    pub async fn start(options: WorkerOptions) -> Self {
        let temporary = options
            .persist
            .is_none()
            .then(|| tempfile::tempdir().expect("a temporary folder"));
        let folder = match (&options.persist, &temporary) {
            (Some(folder), _) => folder.clone(),
            (None, Some(folder)) => folder.path().to_owned(),
            (None, None) => unreachable!("one of them is there"),
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

    /// The folder of its KV and Durable Objects.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every line logged so far, `level: message`, over all starts.
    pub fn logs(&self) -> Vec<String> {
        self.logs.lock().expect("the logs").clone()
    }

    /// Waits until a line with `part` in it is logged, and returns it.
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

    /// Fires the cron trigger, as the platform does every 15 minutes, and waits until it has run.
    pub async fn fire_cron(&self) -> reqwest::Response {
        let url = format!("{}/cdn-cgi/local/scheduled?cron=*/15+*+*+*+*", self.entry);
        reqwest::get(url)
            .await
            .expect("an answer from Miniflare's front door")
    }

    /// Ends every process of it at once, as a crash of the machine would.
    pub fn kill_9(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // The child leads a process group, and workerd is in it: killing only Node would leave workerd
        // behind, holding the port and the databases.
        let group = format!("kill -9 -{}", child.id());
        let _ = Command::new("sh").arg("-c").arg(group).status();
        let _ = child.wait();
    }

    /// Starts it again on the same folder and port, with the settings as they were.
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

    /// Starts it again with other settings: a deployment.
    pub async fn restart_with(&mut self, settings: BTreeMap<String, String>) {
        self.options.settings = settings;
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
                    Ok(_) => "its process ended; its error is in the test's output".to_owned(),
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

fn spawn(options: &WorkerOptions, folder: &Path) -> Child {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(
        root.join(options.build).join("index_bg.wasm").exists(),
        "the Worker is not built: run scripts/build.sh, or all tests by scripts/test.sh"
    );
    let arguments = serde_json::json!({
        "port": options.port,
        "persist": folder,
        "settings": options.settings,
        "services": options.services,
        "withoutStatistics": options.without_statistics,
        "bare": options.bare,
        "build": options.build,
    });
    Command::new(node())
        .arg(root.join("tests/support/worker-runner.mjs"))
        .arg(arguments.to_string())
        // Held open for as long as the Worker shall live: it ends with this process, however that ends.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("node runs: scripts/setup.sh brings it")
}

/// The Node that `scripts/setup.sh` has chosen, so that a bare `cargo test` works too.
pub fn node() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/bin/node");
    if own.exists() { own } else { "node".into() }
}

/// Reads the runner's lines until it ends: logs to `logs`, the start or its failure to `ready`.
fn listen(
    stdout: ChildStdout,
    logs: &Mutex<Vec<String>>,
    ready: oneshot::Sender<Result<String, String>>,
) {
    let mut ready = Some(ready);
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        let line: Value = serde_json::from_str(&line).unwrap_or(Value::String(line));
        let outcome = match (line["entry"].as_str(), line["failed"].as_str()) {
            (Some(entry), _) => Ok(entry.to_owned()),
            (None, Some(reason)) => Err(reason.to_owned()),
            (None, None) => {
                logs.lock().expect("the logs").push(log_line(&line));
                continue;
            }
        };
        if let Some(ready) = ready.take() {
            let _ = ready.send(outcome);
        }
    }
}

fn log_line(line: &Value) -> String {
    match (
        line["log"]["level"].as_str(),
        line["log"]["message"].as_str(),
    ) {
        (Some(level), Some(message)) => format!("{level}: {message}"),
        _ => line.to_string(),
    }
}
