//! An HTTP/1.1 server on loopback whose handlers can reset the TCP connection.

use super::message::{Request, Response};
use super::traffic::{Arrival, Traffic};
use crate::fault::{Facts, Parties, What};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderValue;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};

/// One of the two services.
pub(crate) trait Site: Send + Sync + 'static {
    fn traffic(&self) -> &Traffic;
    /// The phone and number of a request, for the faults.
    fn parties(&self, request: &Request) -> Parties;
    /// The response to a request; `partial`: accept only the first part of a text.
    fn respond(&self, request: Request, partial: bool) -> impl Future<Output = Response> + Send;
    /// The response of a fault, in the service's format.
    fn fault_response(&self, what: &What) -> Response;
}

/// A running server. Dropping it stops it and all its tasks.
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
                Ok((stream, _)) => { connections.spawn(serve(Arc::clone(&site), stream)); }
                // Out of file descriptors, for example: retry shortly.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve<S: Site>(site: Arc<S>, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    // A second descriptor that outlives hyper's: closing it with zero linger resets the connection.
    let Ok(second) = SockRef::from(&stream).try_clone() else {
        return;
    };
    let reset = Arc::new(Notify::new());
    let service = service_fn(|request| handle(Arc::clone(&site), Arc::clone(&reset), request));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = connection => {}
        () = reset.notified() => { let _ = second.set_linger(Some(Duration::ZERO)); }
    }
}

async fn handle<S: Site>(
    site: Arc<S>,
    reset: Arc<Notify>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let Some(request) = read(request).await else {
        let bad_request = Response::new(400, "text/plain", String::new());
        return Ok(write(bad_request));
    };
    let facts = Facts {
        method: &request.method,
        path: &request.path,
        parties: site.parties(&request),
    };
    let Arrival { entry, fault } = site.traffic().arrived(&request, &facts);
    let Some(response) = outcome(&*site, request, fault).await else {
        reset.notify_one();
        return std::future::pending().await;
    };
    site.traffic().responded(entry, response.status);
    Ok(write(response))
}

/// The response, or `None` to reset the connection.
async fn outcome<S: Site>(site: &S, request: Request, fault: Option<What>) -> Option<Response> {
    match fault {
        None => Some(site.respond(request, false).await),
        Some(What::Partial) => Some(site.respond(request, true).await),
        Some(What::Reset) => None,
        Some(What::Hang(time)) => {
            tokio::time::sleep(time).await;
            None
        }
        Some(What::AcceptThenReset) => {
            site.respond(request, false).await;
            None
        }
        Some(What::AcceptThenStatus(status, body)) => {
            site.respond(request, false).await;
            Some(site.fault_response(&What::Status(status, body)))
        }
        Some(What::Slow(time)) => {
            let response = site.respond(request, false).await;
            tokio::time::sleep(time).await;
            Some(response)
        }
        Some(what) => Some(site.fault_response(&what)),
    }
}

async fn read(request: hyper::Request<Incoming>) -> Option<Request> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter();
    Some(Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

fn write(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut builder = hyper::Response::builder().status(response.status);
    if !response.body.is_empty() {
        builder = builder.header("content-type", response.content_type);
    }
    if let Some(allow) = response.allow {
        builder = builder.header("allow", allow);
    }
    builder.body(Full::from(response.body)).unwrap_or_default()
}
