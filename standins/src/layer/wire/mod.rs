//! Layer's JSON: objects, events and responses.

mod events;
mod objects;
pub(crate) mod responses;

pub(crate) use events::EventBuilder;
pub(crate) use objects::Renderer;
