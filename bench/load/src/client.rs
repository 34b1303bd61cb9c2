//! A closed loop of HTTP/1.1 connections: each sends its next request when it has its last response.

use std::{collections::VecDeque, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full};
use hyper::{
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::Mutex, task::JoinSet, time::Instant};

use crate::{Failure, job::Job, sample::Sample};

/// Sends all requests over so many connections; any status but 200 is an error. The requests of one
/// inner list go over one connection, in order.
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
    Ok(Sample::of(&times, start.elapsed()))
}

/// Sends one request over a connection of its own; the body of the response.
pub async fn ask(host: SocketAddr, job: Job) -> Result<Bytes, Failure> {
    let mut connection = connect(host).await?;
    Ok(exchange(host, &mut connection, job).await?.body)
}

type Connection = SendRequest<Full<Bytes>>;

async fn connect(host: SocketAddr) -> Result<Connection, Failure> {
    let stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    let (connection, driver) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(driver);
    Ok(connection)
}

/// Sends requests until none is left; the response times.
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
            times.push(exchange(host, &mut connection, job).await?.took);
        }
    }
}

struct Exchange {
    body: Bytes,
    took: Duration,
}

async fn exchange(
    host: SocketAddr,
    connection: &mut Connection,
    job: Job,
) -> Result<Exchange, Failure> {
    let request = job.request(host)?;
    let path = request.uri().path().to_owned();
    let start = Instant::now();
    connection.ready().await?;
    let response = connection.send_request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    let took = start.elapsed();
    if status != 200 {
        let body = String::from_utf8_lossy(&body);
        return Err(format!("{path}: status {status}: {body}").into());
    }
    Ok(Exchange { body, took })
}
