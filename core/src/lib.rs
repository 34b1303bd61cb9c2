//! The rules of the service, without a Worker, a clock, a network or randomness: events and the time come in,
//! and changes to rows, requests to send and log entries come out. Each group of modules uses only those
//! above it.

// Types for strings and numbers: ids, phones, times, secrets.
pub mod ids;
pub mod log;
mod newtype;
mod percent;
pub mod phone;
mod redact;
pub mod secret;
pub mod time;
pub mod timeout;

// What the caller carries out: requests as values, and the traits for KV and SQL.
pub mod http;
pub mod kv;
pub mod storage;

// JSON as others write it.
pub mod json;

// Texts, the events of any chat, and the words of its messages.
pub mod chat;
pub mod sms;
pub mod words;

// Wire formats.
mod fields;
pub mod identity;
pub mod layer;
pub mod matrix;
pub mod nexmo;

// When texts wait for the recipient's morning.
pub mod quiet;

// The operator's settings, templates and registrations, the paths that the Worker answers, and whether all is well.
pub mod console;
pub mod digest;
pub mod health;
pub mod routes;
pub mod settings;
pub mod setup;
pub mod template;

// The rules of a record and of the statistics.
pub mod backoff;
pub mod consent;
pub mod lookup;
pub mod pace;
pub mod record;
pub mod statistics;

// Which records an event, a text or a receipt is for, and what is answered to a text that is for none.
pub mod delivery;
pub mod fan_out;
pub mod inbound;
pub mod stray;

// One attempt at a piece of work, and the scheduler of all.
pub mod at_once;
pub mod attempt;
pub mod driver;
