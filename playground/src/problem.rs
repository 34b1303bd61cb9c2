//! Why the demonstration stopped.

/// What went wrong, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error("{0}; try --help")]
    Usage(String),
    #[error(
        "port {port} of 127.0.0.1 cannot be used: {reason}; end what uses it, or choose another: \
         PAGE_PORT, LAYER_PORT, NEXMO_PORT"
    )]
    Port { port: u16, reason: String },
    #[error("{0} is in use; end what answers there, or choose another WORKER_PORT")]
    WorkerPort(String),
    #[error("the Worker's process ended ({0}); what it said is in {1}")]
    WorkerEnded(String, String),
    #[error("there is no command that runs the Worker")]
    NoCommand,
    #[error("the Worker's command cannot be started: {0}")]
    Start(String),
    #[error("{path} cannot be written: {reason}")]
    File { path: String, reason: String },
    #[error("the page ended: {0}")]
    Page(String),
    #[error("ADMIN_TOKEN is not set; it must be the Worker's own, for POST /admin/setup")]
    NoAdminToken,
    #[error("no Worker was ready at {url} within {seconds} s; it last said: {last}")]
    NoWorker {
        url: String,
        seconds: u64,
        last: String,
    },
    #[error("POST {url}/admin/setup failed; it last said: {last}")]
    Setup { url: String, last: String },
    #[error("{0}")]
    Story(String),
}

impl Problem {
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::File {
            path: path.display().to_string(),
            reason: error.to_string(),
        }
    }
}
