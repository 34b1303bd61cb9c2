//! Cloudflare's runtime as this Worker uses it. Nothing here knows what the service does.

pub mod bindings;
pub mod clock;
pub mod durable_object;
pub mod fetch;
pub mod kv;
pub mod log;
pub mod outbound;
pub mod random;
pub mod storage;
pub mod time_zones;
pub mod timeout;
