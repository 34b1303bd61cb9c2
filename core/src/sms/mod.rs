//! SMS: encodings and parts, inbound texts, delivery receipts, keywords, control characters, shortening.

pub mod control;
pub mod encoding;
pub mod gsm;
pub mod inbound;
pub mod keyword;
pub mod receipt;
pub mod shorten;
