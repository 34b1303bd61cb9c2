//! Layer's data: users, conversations, messages, webhooks and their calls.

mod conversation;
mod event;
mod hook;
mod message;
mod user;
mod version;

pub use conversation::{Conversation, NewConversation};
pub use event::Event;
pub(crate) use event::{Kinds, Rendered, is_event_type};
pub use hook::{Delivery, Hook, HookStatus, Outcome};
pub use message::{Message, Part, Post, Receipt, Repeat, Sender};
pub use user::User;
pub use version::Version;
