//! What can be wrong with a template: always the operator's to put right.

use thiserror::Error;

/// What a template may hold.
pub const SUPPORTED: &str = "plain text and <%= path.to.value %>, the path beginning with one of \
    conversation, id, message, parts, position, recipient, recipient_status, sender, sent_at, text, url";

/// Longest part of a template that an error repeats, in characters.
const SHOWN: usize = 60;

/// A template that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{fault}; expected {SUPPORTED}")]
pub struct TemplateError {
    /// What is wrong, without what would be right ([`SUPPORTED`]).
    pub fault: Fault,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// A mark without an end before the next mark or the end of the template.
    #[error("`{0}` is not closed by %>")]
    Unclosed(String),
    /// Underscore's HTML escaping.
    #[error("`{0}` asks for HTML escaping, which a text message does not need")]
    Escaped(String),
    /// Underscore's evaluation of code.
    #[error("`{0}` is code, which is not run")]
    Code(String),
    /// A path whose first name nothing has.
    #[error("`{name}` in `{expression}` is an unknown name")]
    UnknownName {
        /// The name.
        name: String,
        /// The expression that it begins.
        expression: String,
    },
    /// JavaScript other than a path.
    #[error("`{0}` is not a path of names: JavaScript is not run")]
    NotAPath(String),
    /// A refusal of the engine that the checks did not foresee, in its own words.
    #[error("the template engine refused it ({0})")]
    Engine(String),
}

impl From<Fault> for TemplateError {
    fn from(fault: Fault) -> Self {
        Self { fault }
    }
}

/// A part of a template, cut to what an error may repeat.
pub(crate) fn shown(part: &str) -> String {
    let mut characters = part.trim().chars();
    let mut shown: String = characters.by_ref().take(SHOWN).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}
