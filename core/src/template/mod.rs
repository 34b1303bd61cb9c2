//! Templates of texts and introductions: Underscore's interpolation `<%= path.to.value %>`, implemented with
//! `upon`. Values are printed as in JavaScript, neither escaped nor evaluated again.

mod context;
mod error;
mod javascript;
mod marks;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use upon::{Engine, Value as Printed};

use self::marks::{END, Piece};
pub use self::{
    context::Context,
    error::{SUPPORTED, TemplateError, TemplateFault},
};
use crate::redact::excerpt;

/// The names that a path may start with.
pub const NAMES: [&str; 11] = [
    "conversation",
    "id",
    "message",
    "parts",
    "position",
    "recipient",
    "recipient_status",
    "sender",
    "sent_at",
    "text",
    "url",
];

static ENGINE: LazyLock<Engine<'static>> = LazyLock::new(Engine::new);

/// What a template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    /// A text: `conversation` has the `id` and `url` from the webhook.
    Text,
    /// An introduction: `conversation` is the whole conversation, as fetched from Layer.
    Introduction,
}

/// A compiled template. Cheap to clone.
#[derive(Clone)]
pub struct Template {
    kind: TemplateKind,
    source: Arc<str>,
    compiled: Arc<upon::Template<'static>>,
}

impl Template {
    /// Compiles a template and checks its expressions.
    ///
    /// # Errors
    /// [`TemplateError`] for the first wrong expression.
    pub fn compile(source: &str, kind: TemplateKind) -> Result<Self, TemplateError> {
        let rewritten: String = marks::split(source)?
            .into_iter()
            .map(rewrite)
            .collect::<Result<_, _>>()?;
        let compiled = ENGINE
            .compile(rewritten)
            .map_err(|error| TemplateFault::Engine(error.to_string()))?;
        Ok(Self {
            kind,
            source: source.into(),
            compiled: Arc::new(compiled),
        })
    }

    /// Renders the template for one message and one recipient.
    ///
    /// # Errors
    /// [`TemplateError`] when the engine fails. Missing values are no error: they are empty.
    pub fn render(&self, context: &Context) -> Result<String, TemplateError> {
        self.compiled
            .render_from_fn(&ENGINE, |path| {
                let value = context.value(self.kind, path);
                Ok(Printed::String(javascript::print(value)))
            })
            .to_string()
            .map_err(|error| TemplateFault::Engine(error.to_string()).into())
    }

    /// The source of the template.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("kind", &self.kind)
            .field("source", &self.source)
            .finish()
    }
}

/// Rewrites a piece in the syntax of `upon`: braces for marks, a literal for each brace in the text. (If `upon`
/// had our marks instead, it would refuse a `%>` in the text.)
fn rewrite(piece: Piece<'_>) -> Result<String, TemplateFault> {
    match piece {
        Piece::Text(text) => Ok(text.chars().map(literal).collect()),
        Piece::Expression(expression) => {
            check(expression)?;
            Ok(format!("{{{{ {expression} }}}}"))
        }
    }
}

fn literal(c: char) -> String {
    match c {
        '{' | '}' => format!(r#"{{{{ "{c}" }}}}"#),
        _ => c.to_string(),
    }
}

/// Accepts only a path with a known first name. Checks the characters first, because `upon` parses more than
/// paths (literals, filters, lists).
fn check(expression: &str) -> Result<(), TemplateFault> {
    let marked = || excerpt(&format!("<%= {expression} {END}"));
    let not_a_path = || TemplateFault::NotAPath(marked());
    let of_a_path = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || "_.?".contains(c);
    let first = expression
        .split(['.', '?'])
        .next()
        .unwrap_or_default()
        .trim();
    let is_name = first.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !first.contains(char::is_whitespace);
    if !is_name || !expression.chars().all(of_a_path) {
        return Err(not_a_path());
    }
    if !NAMES.contains(&first) {
        return Err(TemplateFault::UnknownName {
            name: excerpt(first),
            expression: marked(),
        });
    }
    ENGINE
        .compile(format!("{{{{ {expression} }}}}"))
        .map(|_| ())
        .map_err(|_| not_a_path())
}

#[cfg(test)]
mod tests;
