//! Nexmo (Vonage): its SMS API, its webhooks and its numbers.

pub mod account;
pub mod balance;
pub mod failure;
pub mod inbound;
pub mod numbers;
pub mod params;
pub mod receipt;
pub mod send;
pub mod signature;
mod timestamp;
pub mod token;
