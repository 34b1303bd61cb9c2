//! Which blocks are open at a place of a template.

use super::{block, error::TemplateFault, marks::Mark};

/// The most blocks in each other; an `else if` counts as one. `upon` compiles them by recursion.
const MOST_OPEN: usize = 50;

/// The blocks that are open, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    open: Vec<Open>,
}

/// A block that is open.
#[derive(Debug)]
struct Open {
    /// Its mark, for errors.
    mark: String,
    block: OpenBlock,
}

#[derive(Debug)]
enum OpenBlock {
    If { branches: usize, has_else: bool },
    For { item: String },
}

/// A branch of an `if` after its first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Branch {
    ElseIf,
    Else,
}

/// What a mark closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closes {
    If,
    For,
}

impl Nesting {
    pub(super) fn open_if(&mut self, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        let (branches, has_else) = (1, false);
        self.open(OpenBlock::If { branches, has_else }, mark)
    }

    pub(super) fn open_for(&mut self, item: String, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        self.open(OpenBlock::For { item }, mark)
    }

    /// Another branch of the innermost block, which has to be an `if` without an `else`.
    pub(super) fn branch(&mut self, branch: Branch, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        let open = self
            .open
            .last_mut()
            .ok_or_else(|| not_open(mark, Closes::If))?;
        match &mut open.block {
            OpenBlock::If { has_else: true, .. } => {
                return Err(TemplateFault::AfterElse {
                    mark: mark.shown(),
                    open: open.mark.clone(),
                });
            }
            OpenBlock::If { branches, has_else } => match branch {
                Branch::ElseIf => *branches += 1,
                Branch::Else => *has_else = true,
            },
            OpenBlock::For { .. } => return Err(open.crossed(mark)),
        }
        self.check_depth(mark)
    }

    pub(super) fn close(&mut self, closes: Closes, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        let open = self.open.pop().ok_or_else(|| not_open(mark, closes))?;
        match (&open.block, closes) {
            (OpenBlock::If { .. }, Closes::If) | (OpenBlock::For { .. }, Closes::For) => Ok(()),
            _ => Err(open.crossed(mark)),
        }
    }

    /// Checks that nothing is open.
    pub(super) fn end(&self) -> Result<(), TemplateFault> {
        self.open.first().map_or(Ok(()), |open| {
            Err(TemplateFault::NotClosed {
                mark: open.mark.clone(),
                closes: open.closes(),
            })
        })
    }

    /// The names of the items of the loops that are open, the innermost last.
    pub(super) fn items(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.open.iter().filter_map(|open| match &open.block {
            OpenBlock::For { item } => Some(item.as_str()),
            OpenBlock::If { .. } => None,
        })
    }

    /// How the innermost block is closed.
    pub(super) fn closes(&self) -> Option<&'static str> {
        self.open.last().map(Open::closes)
    }

    fn open(&mut self, block: OpenBlock, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        let mark_shown = mark.shown();
        self.open.push(Open {
            mark: mark_shown,
            block,
        });
        self.check_depth(mark)
    }

    fn check_depth(&self, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        let depth: usize = self.open.iter().map(Open::depth).sum();
        match depth > MOST_OPEN {
            true => Err(TemplateFault::TooDeep {
                mark: mark.shown(),
                most: MOST_OPEN,
            }),
            false => Ok(()),
        }
    }
}

impl Open {
    fn closes(&self) -> &'static str {
        match self.block {
            OpenBlock::If { .. } => block::ENDIF,
            OpenBlock::For { .. } => block::ENDFOR,
        }
    }

    /// How deep the block is for `upon`.
    fn depth(&self) -> usize {
        match self.block {
            OpenBlock::If { branches, .. } => branches,
            OpenBlock::For { .. } => 1,
        }
    }

    /// The fault of a mark that belongs to another block.
    fn crossed(&self, mark: &Mark<'_>) -> TemplateFault {
        TemplateFault::Crossed {
            mark: mark.shown(),
            open: self.mark.clone(),
            closes: self.closes(),
        }
    }
}

fn not_open(mark: &Mark<'_>, closes: Closes) -> TemplateFault {
    TemplateFault::NotOpen {
        mark: mark.shown(),
        opens: match closes {
            Closes::If => block::IF,
            Closes::For => block::FOR,
        },
    }
}
