//! The chat as a port: what any chat tells the service, in the words that the rules think in. A chat's own
//! wire format is in a folder of its own, such as [`layer`](crate::layer).

pub mod event;
pub mod recheck;
pub mod status;
