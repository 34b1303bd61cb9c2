//! Layer: its webhooks and its Platform API.
pub mod api;
pub mod challenge;
pub mod concerns;
pub mod event;
mod fault;
pub mod ids;
pub mod message;
pub mod post;
pub mod registration;
pub mod signature;
pub mod status;
mod version;
