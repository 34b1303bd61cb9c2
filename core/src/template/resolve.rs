//! Finds out where a path begins: at a name of the context or at a loop.

use super::{
    error::TemplateFault,
    expression::{Expression, Path},
    filters::Filter,
    kind::TemplateKind,
    marks::Mark,
    nesting::Nesting,
};
use crate::redact::excerpt;

/// The name of all values together, as Underscore's templates know it.
const ALL: &str = "obj";
/// The name of a loop's state.
const LOOP: &str = "loop";

/// An expression of which it is known where its path begins.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) root: Root,
    pub(super) keys: Vec<String>,
    pub(super) filters: Vec<Filter>,
}

/// Where a path begins. A loop is known by how many are around it.
#[derive(Debug)]
pub(super) enum Root {
    /// At a name of the context.
    Name(String),
    /// At the item of a loop.
    Item { depth: usize },
    /// At the state of a loop.
    State { depth: usize, state: LoopState },
}

/// What can be asked of a loop.
#[derive(Clone, Copy, Debug)]
pub(super) enum LoopState {
    /// How many rounds came before.
    Index,
    IsFirst,
    IsLast,
}

impl Resolved {
    pub(super) fn new(
        expression: Expression,
        kind: TemplateKind,
        nesting: &Nesting,
        mark: &Mark<'_>,
    ) -> Result<Self, TemplateFault> {
        let Expression { path, filters } = expression;
        let (root, read) = root(&path, kind, nesting, mark)?;
        Ok(Self {
            root,
            keys: path.keys.into_iter().skip(read).collect(),
            filters,
        })
    }
}

/// Where a path begins, and how many of its keys this takes. The innermost loop comes first.
fn root(
    path: &Path,
    kind: TemplateKind,
    nesting: &Nesting,
    mark: &Mark<'_>,
) -> Result<(Root, usize), TemplateFault> {
    let items: Vec<&str> = nesting.items().collect();
    let first = path.first.as_str();
    if let Some(depth) = items.iter().rposition(|item| *item == first) {
        return Ok((Root::Item { depth }, 0));
    }
    if let (LOOP, Some(depth)) = (first, items.len().checked_sub(1)) {
        let state = LoopState::read(path).ok_or_else(|| TemplateFault::Loop(mark.shown()))?;
        return Ok((Root::State { depth, state }, 1));
    }
    let (name, read) = match (first, path.keys.first()) {
        (ALL, Some(name)) => (name.as_str(), 1),
        _ => (first, 0),
    };
    match kind.names().contains(&name) {
        true => Ok((Root::Name(name.to_owned()), read)),
        false => Err(TemplateFault::UnknownName {
            name: excerpt(name),
            expression: mark.shown(),
        }),
    }
}

impl LoopState {
    fn read(path: &Path) -> Option<Self> {
        let [key] = path.keys.as_slice() else {
            return None;
        };
        match key.as_str() {
            "index" => Some(Self::Index),
            "first" => Some(Self::IsFirst),
            "last" => Some(Self::IsLast),
            _ => None,
        }
    }
}
