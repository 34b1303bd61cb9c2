//! The Durable Objects. Each has a module `client` for its callers.

pub mod number_pace;
pub mod statistics;
pub mod user_record;
