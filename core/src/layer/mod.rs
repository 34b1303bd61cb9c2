//! Layer: its webhooks and its Platform API.
pub mod api;
pub mod challenge;
pub mod event;
mod fault;
pub mod ids;
pub mod message;
pub mod post;
pub mod registration;
pub mod signature;
mod version;
