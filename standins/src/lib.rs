//! Strict stand-ins for Layer and Nexmo, on loopback.
//!
//! They reject the same requests as the real services, with the same statuses and bodies, record every
//! request, and fail on demand ([`Fault`]). A handle ([`Layer`], [`Nexmo`]) is cheap to clone; dropping the
//! last clone stops the server.
//!
//! Both are built in the same layers, each using only those before it: plain data (`model`), the handle
//! with its state (`handle`), deliveries, what users and tests do (`acts`, `phones`), the HTTP API (`api`), and
//! `mod` to start the server.

mod clock;
mod fault;
mod http;
mod json;
mod layer;
mod lock;
mod nexmo;
mod sign;

pub use clock::now_ms;
pub use fault::{Fault, What, When};
pub use http::{Answer, Attempt, Client, Outgoing, Recorded, TimedOut, Traffic};
pub use layer::{
    Conversation, Delivery, Event, Hook, HookStatus, Layer, LayerOptions, Message, NewConversation,
    Outcome, Part, Post, Receipt, Refused, Repeat, Sender, Sent, User, Version,
};
pub use nexmo::{
    Alphabet, Inbound, Nexmo, NexmoOptions, Number, Push, ReceiptTime, Receipts, Reply, RetryRule,
    Text, Via,
};
pub use sign::{Method, SigningKey, layer_signature, nexmo_signature};
