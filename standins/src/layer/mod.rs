//! Layer: its webhooks, its Platform API, and the users' actions.

mod acts;
mod api;
mod deliveries;
mod handle;
mod model;
mod state;
#[cfg(test)]
mod tests;
mod wire;

pub use acts::Sent;
pub use handle::{Layer, LayerOptions};
pub use model::{
    Conversation, Delivery, Event, Hook, HookStatus, Message, NewConversation, Outcome, Part, Post,
    Receipt, Repeat, Sender, User, Version,
};
pub use state::Refused;

use crate::fault::{Parties, What};
use crate::http::{Request, Response, Server, Site, Traffic};
use handle::Shared;
use state::State;
use std::io;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::watch;

impl Layer {
    /// Starts on loopback.
    ///
    /// # Errors
    /// The port is in use.
    pub async fn start(options: LayerOptions) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let (stop, stopped) = watch::channel(());
        let state = State {
            repeat: options.repeat,
            ..State::default()
        };
        let traffic = Traffic::new(options.seed, stopped);
        let shared = Arc::new(Shared {
            options,
            traffic,
            state: Mutex::new(state),
            posting: Mutex::default(),
        });
        let server = Arc::new(Server::start(Arc::clone(&shared), listener, stop)?);
        Ok(Self { shared, server })
    }
}

/// For `Arc<Shared>`, as handlers spawn tasks that own a clone.
impl Site for Arc<Shared> {
    fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    fn parties(&self, _: &Request) -> Parties {
        Parties::default()
    }

    async fn respond(&self, request: Request, _partial: bool) -> Response {
        api::respond(self, &request).await
    }

    fn fault_response(&self, what: &What) -> Response {
        let (status, body) = match what {
            What::Status(status, body) => (*status, body.clone()),
            _ => (429, String::new()),
        };
        Response::new(status, wire::responses::JSON, body)
    }
}
