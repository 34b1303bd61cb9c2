//! Matrix: the transactions of a homeserver, and its client API as an application service uses it. All of it was
//! observed on Synapse 1.163.

pub mod account;
pub mod chat;
pub mod event;
pub mod failure;
#[cfg(test)]
pub(crate) mod fake;
pub mod identity;
pub mod members;
pub mod message;
pub mod notifications;
pub mod ping;
pub mod post;
mod recheck;
pub mod recipients;
pub mod registration;
pub mod room;
pub mod transaction;
