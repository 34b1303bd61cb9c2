//! Requests that are ready to be sent.

use std::net::SocketAddr;

use http_body_util::Full;
use hyper::{Request, body::Bytes};

/// A request, apart from the host.
#[derive(Clone, Debug)]
pub struct Job {
    method: &'static str,
    path: String,
    headers: Vec<Header>,
    body: Bytes,
}

#[derive(Clone, Debug)]
struct Header {
    name: &'static str,
    value: String,
}

impl Job {
    /// A GET.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path, String::new())
    }

    /// A POST.
    pub fn post(path: &str, body: String) -> Self {
        Self::new("POST", path, body)
    }

    fn new(method: &'static str, path: &str, body: String) -> Self {
        Self {
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Adds a header.
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push(Header { name, value });
        self
    }

    /// The request to a host.
    pub fn request(self, host: SocketAddr) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let start = Request::builder().method(self.method).uri(self.path);
        let start = start
            .header("host", host.to_string())
            .header("content-type", "application/json");
        let headers = self.headers.into_iter();
        let request = headers.fold(start, |request, header| {
            request.header(header.name, header.value)
        });
        request.body(Full::new(self.body))
    }
}
