//! SMS: encodings and parts, inbound texts, keywords, control characters, shortening.

pub mod control;
pub mod encoding;
pub mod gsm;
pub mod inbound;
pub mod keyword;
pub mod shorten;
