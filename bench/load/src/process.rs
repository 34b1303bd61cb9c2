//! Runs a built Worker with the tests' Miniflare runner, in a process group of its own.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::Failure;

const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Folder of the build under test, in the project's folder.
pub const PRODUCT: &str = "build";
/// Folder of the built floor, in the project's folder.
pub const FLOOR: &str = "bench/floor/build";

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Node that `scripts/setup.sh` chose, else the one on the PATH.
pub fn node() -> PathBuf {
    let own = root().join(".tools/bin/node");
    if own.exists() { own } else { "node".into() }
}

/// A free port of 127.0.0.1.
pub fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// A running Worker. Dropping it kills all its processes.
pub struct Worker {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    _folder: TempDir,
}

impl Worker {
    /// Starts the build in a folder (relative to the project's folder) and waits until it listens.
    pub async fn start(
        build: &Path,
        address: SocketAddr,
        settings: &Value,
    ) -> Result<Self, Failure> {
        if !root().join(build).join("index_bg.wasm").exists() {
            return Err(format!("{} holds no built Worker", build.display()).into());
        }
        let folder = tempfile::tempdir()?;
        let arguments = json!({
            "port": address.port(), "persist": folder.path(), "settings": settings, "build": build,
            // Static assets would put Miniflare's router in front of the Worker, which is not to be measured.
            "withoutAssets": true,
        });
        let mut child = Command::new(node())
            .arg(root().join("tests/support/worker-runner.mjs"))
            .arg(arguments.to_string())
            // The runner ends when its standard input is closed.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let stdout = child.stdout.take();
        let worker = Self {
            address,
            child,
            _folder: folder,
        };
        let (ready, started) = oneshot::channel();
        std::thread::spawn(move || stdout.map(|stdout| listen(stdout, ready)));
        tokio::time::timeout(START_TIMEOUT, started).await???;
        Ok(worker)
    }

    /// CPU time of workerd so far, in milliseconds; 0 on systems other than Linux.
    ///
    /// Other load on the machine affects it less than times by the clock.
    pub fn cpu(&self) -> f64 {
        let node = self.child.id();
        let children = fs::read_to_string(format!("/proc/{node}/task/{node}/children"));
        let children = children.unwrap_or_default();
        children.split_whitespace().flat_map(threads).sum()
    }

    /// Stops all processes of the Worker.
    pub fn pause(&self) -> Result<(), Failure> {
        self.signal("STOP")
    }

    /// Continues all processes of the Worker.
    pub fn resume(&self) -> Result<(), Failure> {
        self.signal("CONT")
    }

    fn signal(&self, name: &str) -> Result<(), Failure> {
        let group = format!("kill -{name} -{}", self.child.id());
        let status = Command::new("sh").arg("-c").arg(&group).status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{group}: {status}").into())
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // workerd is in the group of the Node that started it.
        let _ = self.signal("KILL");
        let _ = self.child.wait();
    }
}

/// CPU time of each thread of a process, in milliseconds.
fn threads(process: &str) -> Vec<f64> {
    let tasks = fs::read_dir(format!("/proc/{process}/task"));
    let tasks = tasks.into_iter().flatten().flatten();
    let time = |task: fs::DirEntry| {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
        Some(nanoseconds / 1_000_000.0)
    };
    tasks.filter_map(time).collect()
}

/// Reads the runner's lines until it ends, and skips the Worker's log.
fn listen(stdout: ChildStdout, ready: oneshot::Sender<Result<(), Failure>>) {
    let mut ready = Some(ready);
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        if line.starts_with(r#"{"log""#) {
            continue;
        }
        let line: Value = serde_json::from_str(&line).unwrap_or_default();
        let outcome = match line.get("failed") {
            Some(reason) => Err(format!("the Worker did not start: {reason}").into()),
            None => Ok(()),
        };
        if let Some(ready) = ready.take() {
            let _ = ready.send(outcome);
        }
    }
}
