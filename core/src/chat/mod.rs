//! Chat events and statuses, independent of the chat. Each chat's wire format has a module of its own, such
//! as [`layer`](crate::layer).

pub mod event;
pub mod recheck;
pub mod status;
