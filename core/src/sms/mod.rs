//! Texts as phones send and receive them: encoding and parts, broken characters, keywords.

pub mod gsm;
pub mod inbound;
pub mod keyword;
pub mod surrogates;
