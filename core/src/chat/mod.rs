//! Any chat: its events and statuses, and the questions that the service asks of it ([`port`]). Each chat's wire format
//! has a module of its own, such as [`layer`](crate::layer).

pub mod event;
pub mod port;
pub mod post;
pub mod recheck;
pub mod resource;
pub mod status;
