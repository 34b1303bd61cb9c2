//! The Durable Objects. Each has a `client` for whoever calls it.

pub mod statistics;
pub mod user_record;
