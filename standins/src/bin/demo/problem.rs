//! Why the demonstration stopped.

/// What went wrong, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error("{0}; try --help")]
    Usage(String),
    #[error("port {port} of 127.0.0.1 cannot be used: {reason}")]
    Port { port: u16, reason: String },
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
