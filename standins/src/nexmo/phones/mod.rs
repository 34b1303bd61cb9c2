//! The phones: inbound texts, delivery receipts, and pushing both.

mod inbound;
mod push;
mod reply;

pub use inbound::{Inbound, Via};
pub use reply::Reply;
