//! What users and clients do. Each action sends its events to the webhooks, unless they are off.

mod conversations;
mod messages;
mod receipts;

pub use messages::Sent;
