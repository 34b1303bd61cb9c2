//! A setting, and the chat that it is for.

use strum::{EnumString, IntoStaticStr};

/// Which chat the operator has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ChatKind {
    /// Layer, or a server that speaks its protocol.
    Layer,
    /// A Matrix homeserver.
    Matrix,
}

/// A setting, as documentation, console and checks use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in the Worker's environment.
    pub name: &'static str,
    /// An alternative name, used when the first is not set.
    pub alias: Option<&'static str>,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// Whether it must be set, with the chat that it is for.
    pub required: bool,
    /// The only chat that it is for. `None`: it is for any.
    pub chat: Option<ChatKind>,
    /// The default value.
    pub default: Option<&'static str>,
    /// What the value should be, for the operator.
    pub expected: &'static str,
}

impl Setting {
    pub(super) const fn new(name: &'static str, expected: &'static str) -> Self {
        Self {
            name,
            alias: None,
            secret: false,
            required: false,
            chat: None,
            default: None,
            expected,
        }
    }

    pub(super) const fn layer(mut self) -> Self {
        self.chat = Some(ChatKind::Layer);
        self
    }

    pub(super) const fn matrix(mut self) -> Self {
        self.chat = Some(ChatKind::Matrix);
        self
    }

    pub(super) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    pub(super) const fn alias(mut self, name: &'static str) -> Self {
        self.alias = Some(name);
        self
    }
}
