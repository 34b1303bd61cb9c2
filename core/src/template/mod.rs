//! Templates of texts and introductions: the interpolation `<%= path.to.value %>` of Underscore, on
//! `upon`. Values are printed as JavaScript prints them, never escaped and never evaluated again.

mod context;
mod error;
mod javascript;
mod marks;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use upon::{Engine, Value as Printed};

pub(crate) use self::error::shown;
use self::marks::{MARK, Piece};
pub use self::{
    context::Context,
    error::{Fault, SUPPORTED, TemplateError},
};

/// The names with which a path may begin.
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
pub enum Kind {
    /// A text about a message: `conversation` is what the webhook says of it, its `id` and `url`.
    Text,
    /// An introduction of a conversation: `conversation` is the one that was asked for at Layer.
    Introduction,
}

/// A compiled template; a clone shares it.
#[derive(Clone)]
pub struct Template {
    kind: Kind,
    source: Arc<str>,
    compiled: Arc<upon::Template<'static>>,
}

impl Template {
    /// Compiles a template and checks each of its expressions.
    ///
    /// # Errors
    /// Says which expression is at fault, and what is supported instead.
    pub fn compile(source: &str, kind: Kind) -> Result<Self, TemplateError> {
        let rewritten: String = marks::split(source)?
            .into_iter()
            .map(rewrite)
            .collect::<Result<_, _>>()?;
        let compiled = ENGINE
            .compile(rewritten)
            .map_err(|error| Fault::Engine(error.to_string()))?;
        Ok(Self {
            kind,
            source: source.into(),
            compiled: Arc::new(compiled),
        })
    }

    /// Renders the template for one message and one recipient.
    ///
    /// # Errors
    /// None are known for a template that compiled: a value that is missing is empty.
    pub fn render(&self, context: &Context) -> Result<String, TemplateError> {
        self.compiled
            .render_from_fn(&ENGINE, |path| {
                let value = context.value(self.kind, path);
                Ok(Printed::String(javascript::print(value)))
            })
            .to_string()
            .map_err(|error| Fault::Engine(error.to_string()).into())
    }

    /// The template as it was written.
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

/// One piece in `upon`'s own terms: its braces for our marks, and for every brace of the text a
/// literal. (`upon` can be told other marks, at the price of a whole string searching library.)
fn rewrite(piece: Piece<'_>) -> Result<String, Fault> {
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

/// Refuses everything but a path whose first name is known. `upon` parses more than paths
/// (literals, filters, lists), hence the look at the characters first.
fn check(expression: &str) -> Result<(), Fault> {
    let alone = || shown(&format!("<%= {expression} {MARK}"));
    let not_a_path = || Fault::NotAPath(alone());
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
        return Err(Fault::UnknownName {
            name: shown(first),
            expression: alone(),
        });
    }
    ENGINE
        .compile(format!("{{{{ {expression} }}}}"))
        .map(|_| ())
        .map_err(|_| not_a_path())
}

#[cfg(test)]
mod tests;
