//! Finds the marks of a template: what is text and what stands between `<%=` and `%>`.

use super::error::{Fault, shown};

/// The end of every mark.
pub(super) const MARK: &str = "%>";

/// The beginning of every mark: `<%=`, `<%-` or `<%`.
const BEGIN: &str = "<%";

/// A stretch of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    /// Text that stays as it is; it may hold an end mark.
    Text(&'s str),
    /// What stands between `<%=` and `%>`, without the blanks around it.
    Expression(&'s str),
}

/// Splits a template at its marks.
pub(super) fn split(source: &str) -> Result<Vec<Piece<'_>>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((text, begun)) = rest.split_once(BEGIN) {
        let (inside, following) = close(begun)?;
        pieces.push(Piece::Text(text));
        pieces.push(Piece::Expression(expression(inside)?));
        rest = following;
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

/// Splits at the end of a mark, which comes before the next mark begins: otherwise a forgotten end
/// would swallow the text up to the end of another expression.
fn close(begun: &str) -> Result<(&str, &str), Fault> {
    let own = begun.split(BEGIN).next().unwrap_or(begun);
    if !own.contains(MARK) {
        return Err(Fault::Unclosed(shown(&format!("{BEGIN}{own}"))));
    }
    begun
        .split_once(MARK)
        .ok_or_else(|| Fault::Unclosed(shown(begun)))
}

fn expression(inside: &str) -> Result<&str, Fault> {
    let whole = || shown(&format!("{BEGIN}{inside}{MARK}"));
    match inside.strip_prefix('=') {
        Some(expression) => Ok(expression.trim()),
        None if inside.starts_with('-') => Err(Fault::Escaped(whole())),
        None => Err(Fault::Code(whole())),
    }
}
