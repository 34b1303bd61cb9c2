//! Splits a template into text and the marks from `<%` to `%>`.

use super::error::TemplateFault;
use crate::redact::excerpt;

/// The beginning of every mark: `<%=`, `<%-` or `<%`.
const BEGIN: &str = "<%";
/// The end of every mark.
const END: &str = "%>";

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    /// Text to print unchanged. May contain `%>`.
    Text(&'s str),
    /// A mark.
    Mark(Mark<'s>),
}

/// A mark of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark<'s> {
    pub(super) kind: MarkKind,
    /// What stands in the mark, trimmed.
    pub(super) inside: &'s str,
    /// The mark from `<%` to `%>`.
    pub(super) whole: &'s str,
}

/// What a mark asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// `<%=`: to print a value.
    Print,
    /// `<%-`: to print a value, escaped for HTML.
    Escaped,
    /// `<%`: a block or, in Underscore, code.
    Block,
}

/// Splits a template at its marks.
pub(super) fn split(source: &str) -> Result<Vec<Piece<'_>>, TemplateFault> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((text, begun)) = rest.split_once(BEGIN) {
        let from_mark = rest.get(text.len()..).unwrap_or_default();
        let mark = Mark::read(from_mark, begun)?;
        pieces.push(Piece::Text(text));
        pieces.push(Piece::Mark(mark));
        rest = from_mark.get(mark.whole.len()..).unwrap_or_default();
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

impl<'s> Mark<'s> {
    /// Reads a mark, given the template from its `<%` and after it. The mark has to be closed before the next `<%`:
    /// an unclosed mark would otherwise extend to the end of the next one.
    fn read(from_mark: &'s str, begun: &'s str) -> Result<Self, TemplateFault> {
        let up_to_next = begun.split(BEGIN).next().unwrap_or(begun);
        let (inside, _) = up_to_next
            .split_once(END)
            .ok_or_else(|| TemplateFault::Unclosed(excerpt(&format!("{BEGIN}{up_to_next}"))))?;
        let length = BEGIN.len() + inside.len() + END.len();
        let (kind, inside) = match (inside.strip_prefix('='), inside.strip_prefix('-')) {
            (Some(inside), _) => (MarkKind::Print, inside),
            (None, Some(inside)) => (MarkKind::Escaped, inside),
            (None, None) => (MarkKind::Block, inside),
        };
        Ok(Self {
            kind,
            inside: inside.trim(),
            whole: from_mark.get(..length).unwrap_or(from_mark),
        })
    }

    /// The mark, short enough for an error.
    pub(super) fn shown(&self) -> String {
        excerpt(self.whole)
    }
}
