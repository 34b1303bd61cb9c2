//! Splits a template into text and the expressions between `<%=` and `%>`.

use super::error::TemplateFault;
use crate::redact::excerpt;

/// The end of every mark.
pub(super) const END: &str = "%>";

/// The beginning of every mark: `<%=`, `<%-` or `<%`.
const BEGIN: &str = "<%";

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    /// Text to print unchanged. May contain `%>`.
    Text(&'s str),
    /// The expression between `<%=` and `%>`, trimmed.
    Expression(&'s str),
}

/// Splits a template at its marks.
pub(super) fn split(source: &str) -> Result<Vec<Piece<'_>>, TemplateFault> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((text, begun)) = rest.split_once(BEGIN) {
        let mark = Mark::read(begun)?;
        pieces.push(Piece::Text(text));
        pieces.push(Piece::Expression(mark.expression()?));
        rest = mark.after;
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

/// A mark, and the text after it.
struct Mark<'s> {
    inside: &'s str,
    after: &'s str,
}

impl<'s> Mark<'s> {
    /// Reads a mark, given the template after its `<%`. The mark has to be closed before the next `<%`: an
    /// unclosed mark would otherwise extend to the end of the next one.
    fn read(begun: &'s str) -> Result<Self, TemplateFault> {
        let up_to_next = begun.split(BEGIN).next().unwrap_or(begun);
        let unclosed = || TemplateFault::Unclosed(excerpt(&format!("{BEGIN}{up_to_next}")));
        let (inside, _) = up_to_next.split_once(END).ok_or_else(unclosed)?;
        let (_, after) = begun.split_once(END).ok_or_else(unclosed)?;
        Ok(Self { inside, after })
    }

    fn expression(&self) -> Result<&'s str, TemplateFault> {
        let inside = self.inside;
        let whole = || excerpt(&format!("{BEGIN}{inside}{END}"));
        match inside.strip_prefix('=') {
            Some(expression) => Ok(expression.trim()),
            None if inside.starts_with('-') => Err(TemplateFault::Escaped(whole())),
            None => Err(TemplateFault::Code(whole())),
        }
    }
}
