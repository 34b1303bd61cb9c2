//! An HTTP/1.1 server on loopback whose handlers can reset the TCP connection.

use crate::fault::{Facts, What};
use crate::traffic::Traffic;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming as Body};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use socket2::SockRef;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};

/// A request, read whole.
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Incoming {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// The path's segments, each percent-decoded.
    pub(crate) fn segments(&self) -> Vec<String> {
        let raw = self.path.trim_start_matches('/').split('/');
        raw.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect()
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) allow: Option<&'static str>,
    pub(crate) body: String,
}

impl Answered {
    pub(crate) fn new(status: u16, content_type: &'static str, body: String) -> Self {
        Self {
            status,
            content_type,
            allow: None,
            body,
        }
    }
}

/// One of the two services.
pub(crate) trait Site: Send + Sync + 'static {
    fn traffic(&self) -> &Traffic;
    /// Phone and number that a request is about, for the faults.
    fn parties(&self, incoming: &Incoming) -> (Option<String>, Option<String>);
    /// The answer to a request; `partial`: only a text's first part is to be accepted.
    fn answer(&self, incoming: Incoming, partial: bool) -> impl Future<Output = Answered> + Send;
    /// An answer of this status that no rule of the service produced.
    fn broken(&self, what: &What) -> Answered;
}

/// A running server; dropped, it stops with all that it started.
pub(crate) struct Server {
    accept: JoinHandle<()>,
    port: u16,
    _stop: watch::Sender<()>,
}

impl Server {
    pub(crate) fn start<S: Site>(
        site: S,
        listener: TcpListener,
        stop: watch::Sender<()>,
    ) -> io::Result<Self> {
        let port = listener.local_addr()?.port();
        let accept = tokio::spawn(accept(Arc::new(site), listener));
        Ok(Self {
            accept,
            port,
            _stop: stop,
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

async fn accept<S: Site>(site: Arc<S>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(connection(Arc::clone(&site), stream)); }
                // Out of file descriptors, say: a moment later there may be one.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection<S: Site>(site: Arc<S>, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    // The second descriptor survives the connection's own: zero linger set on it makes its close a reset.
    let Ok((stream, second)) = twice(stream) else {
        return;
    };
    let cut = Arc::new(Notify::new());
    let service = service_fn(|request| handle(Arc::clone(&site), Arc::clone(&cut), request));
    let serve =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = serve => {}
        () = cut.notified() => { let _ = SockRef::from(&second).set_linger(Some(Duration::ZERO)); }
    }
}

fn twice(stream: TcpStream) -> io::Result<(TcpStream, std::net::TcpStream)> {
    let stream = stream.into_std()?;
    let second = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, second))
}

async fn handle<S: Site>(
    site: Arc<S>,
    cut: Arc<Notify>,
    request: Request<Body>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let Some(incoming) = read(request).await else {
        return Ok(respond(bad_request()));
    };
    let (phone, number) = site.parties(&incoming);
    let facts = Facts {
        method: &incoming.method,
        path: &incoming.path,
        phone,
        number,
    };
    let (entry, fault) = site.traffic().arrived(&incoming, &facts);
    let Some(answered) = outcome(&*site, incoming, fault).await else {
        cut.notify_one();
        return std::future::pending().await;
    };
    site.traffic().answered(entry, answered.status);
    Ok(respond(answered))
}

/// The answer, or `None` when the connection is to be reset.
async fn outcome<S: Site>(site: &S, incoming: Incoming, fault: Option<What>) -> Option<Answered> {
    match fault {
        None => Some(site.answer(incoming, false).await),
        Some(What::Partial) => Some(site.answer(incoming, true).await),
        Some(What::Reset) => None,
        Some(What::Hang(time)) => {
            tokio::time::sleep(time).await;
            None
        }
        Some(What::AcceptThenReset) => {
            site.answer(incoming, false).await;
            None
        }
        Some(What::Slow(time)) => {
            let answered = site.answer(incoming, false).await;
            tokio::time::sleep(time).await;
            Some(answered)
        }
        Some(what) => Some(site.broken(&what)),
    }
}

async fn read(request: Request<Body>) -> Option<Incoming> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    let text =
        |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Some(Incoming {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

fn bad_request() -> Answered {
    Answered::new(400, "text/plain", String::new())
}

fn respond(answered: Answered) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(answered.status);
    if !answered.body.is_empty() {
        response = response.header("content-type", answered.content_type);
    }
    if let Some(allow) = answered.allow {
        response = response.header("allow", allow);
    }
    response.body(Full::from(answered.body)).unwrap_or_default()
}
