//! HTTP for both stand-ins: requests and responses, a client, a server, and the record of its traffic.

mod client;
mod message;
mod server;
mod traffic;

pub use client::{Answer, Attempt, Client, Outgoing};
pub(crate) use message::{Request, Response, find};
pub(crate) use server::{Server, Site};
pub use traffic::{Recorded, TimedOut, Traffic};
