//! Errors of templates.

use thiserror::Error;

/// What a template may contain.
pub const SUPPORTED: &str = "plain text and <%= path.to.value %>, the path beginning with one of \
    conversation, id, message, parts, position, recipient, recipient_status, sender, sent_at, text, url";

/// Why a template is unusable. The operator has to fix it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{fault}; expected {SUPPORTED}")]
pub struct TemplateError {
    /// What is wrong.
    pub fault: TemplateFault,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateFault {
    /// A mark that is not closed before the next mark or the end of the template.
    #[error("`{0}` is not closed by %>")]
    Unclosed(String),
    /// Underscore's mark for HTML escaping.
    #[error("`{0}` asks for HTML escaping, which a text message does not need")]
    Escaped(String),
    /// Underscore's mark for code.
    #[error("`{0}` is code, which is not run")]
    Code(String),
    /// A path with an unknown first name.
    #[error("`{name}` in `{expression}` is an unknown name")]
    UnknownName {
        /// The name.
        name: String,
        /// The expression that starts with it.
        expression: String,
    },
    /// An expression that is not a path.
    #[error("`{0}` is not a path of names: JavaScript is not run")]
    NotAPath(String),
    /// An error of the template engine.
    #[error("the template engine failed: {0}")]
    Engine(String),
}

impl From<TemplateFault> for TemplateError {
    fn from(fault: TemplateFault) -> Self {
        Self { fault }
    }
}
