//! What the service does, without a Worker, a clock, a network or randomness: events and time come in,
//! decisions go out. Each group of modules uses only those above it.

// Values: types that say what a string or a number is.
pub mod ids;
pub mod log;
mod newtype;
pub mod phone;
mod redact;
pub mod secret;
pub mod time;
pub mod web_address;

// Effects as values, and SQL: what the surroundings carry out.
pub mod http;
pub mod kv;
pub mod storage;

// What is said: texts, and any chat's events.
pub mod chat;
pub mod sms;

// Wire formats.
mod fields;
pub mod identity;
pub mod layer;
pub mod nexmo;

// What the operator decides.
pub mod settings;
pub mod setup;
pub mod template;

// Rules.
pub mod backoff;
pub mod consent;
pub mod lookup;
pub mod record;
pub mod statistics;

// Whose record an event or a text is for.
pub mod fan_out;
pub mod inbound;

// Work: one try, and the scheduler.
pub mod attempt;
pub mod driver;
