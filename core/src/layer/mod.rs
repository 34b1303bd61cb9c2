//! Layer: its webhooks and its Platform API.

pub mod account;
pub mod api;
pub mod challenge;
pub mod chat;
mod error;
pub mod event;
pub mod identity;
pub mod ids;
pub mod mark;
pub mod pieces;
pub mod post;
pub mod registration;
pub mod signature;
pub mod version;
