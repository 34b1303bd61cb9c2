//! What the service does, without a Worker, a clock, a network or randomness: events and time come
//! in, decisions go out.

pub mod attempt;
pub mod backoff;
pub mod duration;
mod fields;
pub mod gsm;
pub mod http;
pub mod identity;
pub mod keyword;
pub mod layer;
pub mod log;
pub mod lookup;
pub mod nexmo;
pub mod phone;
pub mod record;
pub mod secret;
pub mod settings;
pub mod setup;
pub mod statistics;
mod surrogates;
pub mod template;
pub mod time;
pub mod web_address;
