//! Reading requests and making responses.

pub mod error;
pub mod request;
pub mod response;
