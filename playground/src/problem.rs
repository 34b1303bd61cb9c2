//! Errors.

/// Why the playground stopped; the texts say what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error("{0}; try --help")]
    Usage(String),
    #[error(
        "cannot listen on 127.0.0.1:{port}: {reason}; stop the program that uses the port, or set PAGE_PORT, \
         LAYER_PORT or NEXMO_PORT"
    )]
    Port { port: u16, reason: String },
    #[error("{0} is in use; stop the program that listens there, or set WORKER_PORT")]
    WorkerPort(String),
    #[error("the Worker's process ended ({status}); its output is in {log}")]
    WorkerEnded { status: String, log: String },
    #[error("no command to start the Worker was given")]
    NoCommand,
    #[error("cannot start the Worker's command: {0}")]
    Start(String),
    #[error("cannot write {path}: {reason}")]
    File { path: String, reason: String },
    #[error("the page's server failed: {0}")]
    Page(String),
    #[error("ADMIN_TOKEN is not set; POST /admin/setup needs the Worker's")]
    NoAdminToken,
    #[error("the Worker at {url} was not healthy within {seconds} s; last response: {last}")]
    NoWorker {
        url: String,
        seconds: u64,
        last: String,
    },
    #[error("POST {url}/admin/setup failed; last response: {last}")]
    Setup { url: String, last: String },
    #[error("{0}")]
    Failed(String),
}

impl Problem {
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::File {
            path: path.display().to_string(),
            reason: error.to_string(),
        }
    }
}
