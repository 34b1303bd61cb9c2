//! The process that runs the Worker: Node with Miniflare, which starts workerd.
#![allow(dead_code, reason = "each test target uses a part of it")]

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::Value;
use tokio::sync::oneshot;

use super::worker::WorkerOptions;

/// Starts the process that runs the Worker.
pub fn spawn(options: &WorkerOptions, folder: &Path) -> Child {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(
        root.join(&options.build).join("index_bg.wasm").exists(),
        "the Worker is not built: run scripts/build.sh, or run all tests with scripts/test.sh"
    );
    let arguments = serde_json::json!({
        "port": options.port,
        "persist": folder,
        "settings": options.settings,
        "services": options.services,
        "withoutStatistics": options.without_statistics,
        "withoutPaces": options.without_paces,
        "withoutAssets": options.without_assets,
        "withTail": options.with_tail,
        "bare": options.bare,
        "build": options.build,
    });
    Command::new(node())
        .arg(root.join("tests/support/worker-runner.mjs"))
        .arg(arguments.to_string())
        // The Worker exits when this pipe closes, which happens however this process ends.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("Node runs; scripts/setup.sh installs it")
}

/// The Node installed by `scripts/setup.sh`, so that a plain `cargo test` works too.
pub fn node() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/bin/node");
    if installed.exists() {
        installed
    } else {
        "node".into()
    }
}

/// Reads the runner's output: sends the start or its failure to `ready`, and appends log lines to `logs`.
pub fn listen(
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
