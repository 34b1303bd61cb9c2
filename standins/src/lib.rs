//! Strict stand-ins for Layer and Nexmo, on loopback.
//!
//! They refuse what the real services refuse, with the real statuses and bodies, record everything
//! that they are asked, and break on demand ([`Fault`]). A handle ([`Layer`], [`Nexmo`]) is cheap to
//! clone; when the last one goes, the server stops.

mod client;
mod clock;
mod fault;
mod json;
mod layer;
mod nexmo;
mod server;
mod sign;
mod traffic;

pub use client::{Answer, Client, Outgoing};
pub use clock::now_ms;
pub use fault::{Fault, What, When};
pub use layer::{
    Attempt, Conversation, Delivery, Event, Hook, HookStatus, Layer, LayerOptions, Message,
    NewConversation, Outcome, Part, Post, Receipt, Refused, Repeat, Sender, Sent, User, Version,
};
pub use nexmo::{
    Alphabet, Inbound, Nexmo, NexmoOptions, Number, Push, Reply, RetryRule, Text, Via,
};
pub use sign::{Method, layer_signature, nexmo_signature};
pub use traffic::{Recorded, TimedOut, Traffic};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A stand-in's state is plain data: after a panic elsewhere it is still worth reading.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
