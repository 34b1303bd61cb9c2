//! Nexmo: its SMS API, its numbers, and the phones.

mod api;
mod encoding;
mod handle;
mod limits;
mod model;
mod phones;
#[cfg(test)]
mod tests;
mod wire;

pub use encoding::Alphabet;
pub use handle::{Nexmo, NexmoOptions};
pub use model::Via;
pub use model::{Number, Push, ReceiptTime, Receipts, RetryRule, Text};
pub use phones::{Inbound, Reply};

use crate::fault::{Parties, What};
use crate::http::{Request, Response, Server, Site, Traffic};
use handle::{Shared, State};
use std::io;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::watch;
use wire::{JSON, Refusal};

impl Nexmo {
    /// Starts on loopback.
    ///
    /// # Errors
    /// The port is in use.
    pub async fn start(options: NexmoOptions) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let (stop, stopped) = watch::channel(());
        let traffic = Traffic::new(options.seed, stopped);
        let state = State {
            numbers: options.numbers.clone(),
            balance: options.balance,
            ..State::default()
        };
        let shared = Arc::new(Shared {
            options,
            traffic,
            state: Mutex::new(state),
        });
        let server = Arc::new(Server::start(Arc::clone(&shared), listener, stop)?);
        Ok(Self { shared, server })
    }
}

impl Site for Arc<Shared> {
    fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    fn parties(&self, request: &Request) -> Parties {
        api::parties(request)
    }

    async fn respond(&self, request: Request, partial: bool) -> Response {
        api::respond(self, &request, partial).await
    }

    fn fault_response(&self, what: &What) -> Response {
        let refusal = match what {
            What::Status(status, body) => return Response::new(*status, JSON, body.clone()),
            What::NexmoStatus(status, text) => Refusal::new(*status, text),
            _ => Refusal::new(1, limits::WAIT),
        };
        refusal.response(self.options.integer_count)
    }
}
