//! A closed loop of HTTP/1.1 connections: each sends its next request when the last is answered.

use std::{collections::VecDeque, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::Mutex, task::JoinSet, time::Instant};

use crate::{Failure, statistics::percentile};

/// A request that is ready to go.
#[derive(Clone, Debug)]
pub struct Job {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Job {
    /// A GET.
    pub fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// A POST.
    pub fn post(path: &str, body: String) -> Self {
        Self {
            method: "POST",
            path: path.to_owned(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    fn request(self, host: SocketAddr) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let start = Request::builder().method(self.method).uri(self.path);
        let start = start
            .header("host", host.to_string())
            .header("content-type", "application/json");
        let request = self
            .headers
            .into_iter()
            .fold(start, |request, (name, value)| request.header(name, value));
        request.body(Full::new(self.body))
    }
}

/// What a run of requests took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// Requests answered per second.
    pub rate: f64,
    /// Half of the answers came within so many milliseconds.
    pub p50: f64,
    /// 95 % did.
    pub p95: f64,
    /// 99 % did.
    pub p99: f64,
    /// The slowest one, in milliseconds.
    pub worst: f64,
    /// CPU time of the Worker's processes for each request, in milliseconds; 0 when not known.
    pub cpu: f64,
}

/// Sends all requests over so many connections; any answer but 200 ends it. Those of one inner list
/// go over one connection, in their order.
pub async fn run(
    host: SocketAddr,
    connections: usize,
    jobs: Vec<Vec<Job>>,
) -> Result<Sample, Failure> {
    let jobs = Arc::new(Mutex::new(VecDeque::from(jobs)));
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(connect(host).await?);
    }
    let start = Instant::now();
    let mut loops = JoinSet::new();
    for connection in open {
        loops.spawn(drain(host, connection, Arc::clone(&jobs)));
    }
    let mut times = Vec::new();
    while let Some(done) = loops.join_next().await {
        times.extend(done??);
    }
    Ok(sample(times, start.elapsed()))
}

fn sample(mut times: Vec<Duration>, whole: Duration) -> Sample {
    times.sort();
    let times: Vec<_> = times
        .iter()
        .map(|time| time.as_secs_f64() * 1_000.0)
        .collect();
    let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
    Sample {
        rate: f64::from(count) / whole.as_secs_f64(),
        p50: percentile(&times, 50),
        p95: percentile(&times, 95),
        p99: percentile(&times, 99),
        worst: percentile(&times, 100),
        cpu: 0.0,
    }
}

type Connection = SendRequest<Full<Bytes>>;

async fn connect(host: SocketAddr) -> Result<Connection, Failure> {
    let stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    let (connection, driver) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(driver);
    Ok(connection)
}

async fn drain(
    host: SocketAddr,
    mut connection: Connection,
    jobs: Arc<Mutex<VecDeque<Vec<Job>>>>,
) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    loop {
        let Some(next) = jobs.lock().await.pop_front() else {
            return Ok(times);
        };
        for job in next {
            times.push(one(host, &mut connection, job).await?);
        }
    }
}

async fn one(host: SocketAddr, connection: &mut Connection, job: Job) -> Result<Duration, Failure> {
    let request = job.request(host)?;
    let path = request.uri().path().to_owned();
    let start = Instant::now();
    connection.ready().await?;
    let answer = connection.send_request(request).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    let took = start.elapsed();
    if status != 200 {
        let body = String::from_utf8_lossy(&body);
        return Err(format!("{path} was answered by {status}: {body}").into());
    }
    Ok(took)
}

/// One request over a connection of its own, and the body of its answer.
pub async fn ask(host: SocketAddr, job: Job) -> Result<Bytes, Failure> {
    let request = job.request(host)?;
    let mut connection = connect(host).await?;
    let answer = connection.send_request(request).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    match status.as_u16() {
        200 => Ok(body),
        _ => Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into()),
    }
}
