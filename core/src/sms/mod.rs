//! SMS: encodings and parts, inbound texts, keywords, and repair of broken characters in JSON.

pub mod gsm;
pub mod inbound;
pub mod keyword;
pub mod surrogates;
