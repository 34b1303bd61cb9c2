//! The phones: inbound texts, delivery receipts, and pushing both.

mod inbound;
mod params;
mod push;
mod receipt;
mod reply;

pub use inbound::Inbound;
pub(super) use receipt::push_receipts;
pub use reply::Reply;
