//! What the service does, without a Worker, a clock, a network or randomness: events and time come
//! in, decisions go out.

pub mod attempt;
pub mod backoff;
pub mod chat;
pub mod consent;
pub mod driver;
pub mod fan_out;
mod fields;
pub mod http;
pub mod identity;
pub mod ids;
pub mod inbound;
pub mod kv;
pub mod layer;
pub mod log;
pub mod lookup;
pub mod nexmo;
pub mod phone;
pub mod record;
mod redact;
pub mod secret;
pub mod settings;
pub mod setup;
pub mod sms;
pub mod statistics;
pub mod storage;
pub mod template;
pub mod time;
pub mod web_address;
