//! Templates of texts, introductions and digests: Underscore's interpolation `<%= path.to.value %>` with filters,
//! and the blocks of `upon` between `<%` and `%>`. `upon` renders them; values are printed as in JavaScript, neither
//! escaped nor evaluated again.

mod block;
mod context;
mod error;
mod expression;
mod filters;
mod javascript;
mod kind;
mod marks;
mod nesting;
mod quoted;
mod render;
mod resolve;
mod rewrite;
mod sample;
mod scanner;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use upon::Engine;

pub use self::{
    context::{Context, DigestValues},
    error::{JavaScript, TemplateError, TemplateFault},
    kind::{SUPPORTED, SUPPORTED_IN_DIGESTS, TemplateKind},
};
use self::{
    marks::Piece,
    render::Rendering,
    rewrite::{Faulty, Rewritten},
};

static ENGINE: LazyLock<Engine<'static>> = LazyLock::new(Engine::new);

/// A compiled template. Cheap to clone.
#[derive(Clone)]
pub struct Template {
    kind: TemplateKind,
    source: Arc<str>,
    compiled: Arc<Compiled>,
}

/// What `upon` renders, and what its names stand for.
struct Compiled {
    template: upon::Template<'static>,
    rewritten: Rewritten,
}

impl Template {
    /// Compiles and checks a template.
    ///
    /// # Errors
    /// [`TemplateError`] for the first fault.
    pub fn compile(source: &str, kind: TemplateKind) -> Result<Self, TemplateError> {
        let error = |fault| TemplateError { fault, kind };
        let pieces = marks::split(source).map_err(error)?;
        let compiled = Compiled::new(kind, &pieces).map_err(|faulty| {
            error(javascript::translate::with_translation(
                kind, &pieces, faulty,
            ))
        })?;
        Ok(Self {
            kind,
            source: source.into(),
            compiled: Arc::new(compiled),
        })
    }

    /// Renders the template.
    ///
    /// # Errors
    /// [`TemplateError`] when the engine fails. Missing values are no error: they are empty.
    pub fn render(&self, context: &Context) -> Result<String, TemplateError> {
        let Compiled {
            template,
            rewritten,
        } = &*self.compiled;
        let mut rendering = Rendering::new(rewritten, self.kind, context);
        template
            .render_from_fn(&ENGINE, move |path| Ok(rendering.value(path)))
            .to_string()
            .map_err(|error| TemplateError {
                fault: TemplateFault::Engine(error.to_string()),
                kind: self.kind,
            })
    }

    /// The source of the template.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether a path in the template begins with this name.
    pub fn uses(&self, name: &str) -> bool {
        self.compiled.rewritten.used.iter().any(|used| used == name)
    }
}

impl Compiled {
    fn new(kind: TemplateKind, pieces: &[Piece<'_>]) -> Result<Self, Faulty> {
        let mut rewritten = rewrite::rewrite(kind, pieces)?;
        let template = ENGINE
            .compile(std::mem::take(&mut rewritten.source))
            .map_err(|error| Faulty {
                fault: TemplateFault::Engine(error.to_string()),
                at: pieces.len(),
            })?;
        Ok(Self {
            template,
            rewritten,
        })
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

#[cfg(test)]
mod tests;
