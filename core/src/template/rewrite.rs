//! Rewrites a template in the syntax of `upon`. Each expression becomes a name (`e0`, `e1`, …), because `upon` reads
//! neither every path nor every text in quotes that a template may have.

use super::{
    block::{Block, Condition},
    error::TemplateFault,
    expression::{Expression, Path},
    kind::TemplateKind,
    marks::{Mark, MarkKind, Piece},
    nesting::{Branch, Closes, Nesting},
    resolve::{Resolved, Root},
};
use crate::redact::excerpt;

/// What begins the names of expressions.
const EXPRESSION: char = 'e';

/// A template in the syntax of `upon`.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    pub(super) source: String,
    /// What the names in it stand for.
    pub(super) expressions: Vec<Named>,
    /// The names of the context that it uses.
    pub(super) used: Vec<String>,
}

/// What a name in the rewritten template stands for.
#[derive(Debug)]
pub(super) enum Named {
    /// A value to print.
    Printed(Resolved),
    /// Whether a value is true.
    Truth(Resolved),
    /// The list of a loop, which is known by how many are around it.
    Rounds { depth: usize, list: Resolved },
    /// Nothing to print; its evaluation begins the next round of a loop.
    NextRound { depth: usize },
}

/// The first fault of a template.
#[derive(Debug)]
pub(super) struct Faulty {
    pub(super) fault: TemplateFault,
    /// The index of the piece with the fault.
    pub(super) at: usize,
}

/// Checks and rewrites a template.
pub(super) fn rewrite(kind: TemplateKind, pieces: &[Piece<'_>]) -> Result<Rewritten, Faulty> {
    let mut rewriter = Rewriter {
        kind,
        rewritten: Rewritten::default(),
        nesting: Nesting::default(),
    };
    for (at, piece) in pieces.iter().enumerate() {
        rewriter
            .piece(piece)
            .map_err(|fault| Faulty { fault, at })?;
    }
    let at = pieces.len();
    rewriter
        .nesting
        .end()
        .map_err(|fault| Faulty { fault, at })?;
    Ok(rewriter.rewritten)
}

impl Rewritten {
    /// What a name stands for.
    pub(super) fn expression(&self, name: &str) -> Option<&Named> {
        let index: usize = name.strip_prefix(EXPRESSION)?.parse().ok()?;
        self.expressions.get(index)
    }
}

struct Rewriter {
    kind: TemplateKind,
    rewritten: Rewritten,
    nesting: Nesting,
}

impl Rewriter {
    fn piece(&mut self, piece: &Piece<'_>) -> Result<(), TemplateFault> {
        match piece {
            Piece::Text(text) => {
                text.chars().for_each(|c| self.literal(c));
                Ok(())
            }
            Piece::Mark(mark) => self.mark(mark),
        }
    }

    /// A character of the text; a brace as a literal, because it could be one of a mark.
    fn literal(&mut self, c: char) {
        match c {
            '{' => self.rewritten.source.push_str(r#"{{ "{" }}"#),
            '}' => self.rewritten.source.push_str(r#"{{ "}" }}"#),
            _ => self.rewritten.source.push(c),
        }
    }

    fn mark(&mut self, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        match mark.kind {
            MarkKind::Print => {
                let expression = Expression::read(mark.inside, mark.whole)?;
                let value = self.resolved(expression, mark)?;
                self.print(Named::Printed(value));
                Ok(())
            }
            MarkKind::Escaped => Err(TemplateFault::Escaped(mark.shown())),
            MarkKind::Block => match Block::read(mark)? {
                Some(block) => self.block(block, mark),
                None => Err(self.no_block(mark)),
            },
        }
    }

    fn block(&mut self, block: Block, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        match block {
            Block::If(condition) => {
                self.condition("if", condition, mark)?;
                self.nesting.open_if(mark)?;
            }
            Block::ElseIf(condition) => {
                self.nesting.branch(Branch::ElseIf, mark)?;
                self.condition("else if", condition, mark)?;
            }
            Block::Else => {
                self.nesting.branch(Branch::Else, mark)?;
                self.block_mark("else");
            }
            Block::EndIf => {
                self.nesting.close(Closes::If, mark)?;
                self.block_mark("endif");
            }
            Block::For { item, list } => self.rounds(item, list, mark)?,
            Block::EndFor => {
                self.nesting.close(Closes::For, mark)?;
                self.block_mark("endfor");
            }
        }
        Ok(())
    }

    fn condition(
        &mut self,
        word: &str,
        condition: Condition,
        mark: &Mark<'_>,
    ) -> Result<(), TemplateFault> {
        let value = self.resolved(condition.value, mark)?;
        let name = self.name(Named::Truth(value));
        let not = if condition.not { "not " } else { "" };
        self.block_mark(&format!("{word} {not}{name}"));
        Ok(())
    }

    fn rounds(&mut self, item: String, list: Path, mark: &Mark<'_>) -> Result<(), TemplateFault> {
        let depth = self.nesting.items().count();
        let filters = Vec::new();
        let list = self.resolved(
            Expression {
                path: list,
                filters,
            },
            mark,
        )?;
        let list = self.name(Named::Rounds { depth, list });
        self.block_mark(&format!("for round in {list}"));
        self.print(Named::NextRound { depth });
        self.nesting.open_for(item, mark)
    }

    /// The fault of a mark that begins with no word of a block.
    fn no_block(&mut self, mark: &Mark<'_>) -> TemplateFault {
        let value = Expression::read(mark.inside, mark.whole);
        match value.map(|value| self.resolved(value, mark).is_ok()) {
            Ok(true) => TemplateFault::Bare {
                mark: mark.shown(),
                instead: excerpt(&format!("<%= {} %>", mark.inside)),
            },
            _ => Block::unknown(mark, self.nesting.closes()),
        }
    }

    fn resolved(
        &mut self,
        expression: Expression,
        mark: &Mark<'_>,
    ) -> Result<Resolved, TemplateFault> {
        let resolved = Resolved::new(expression, self.kind, &self.nesting, mark)?;
        if let Root::Name(name) = &resolved.root {
            self.rewritten.used.push(name.clone());
        }
        Ok(resolved)
    }

    /// Gives a name to an expression.
    fn name(&mut self, expression: Named) -> String {
        let name = format!("{EXPRESSION}{}", self.rewritten.expressions.len());
        self.rewritten.expressions.push(expression);
        name
    }

    fn print(&mut self, expression: Named) {
        let name = self.name(expression);
        self.rewritten.source.push_str(&format!("{{{{ {name} }}}}"));
    }

    fn block_mark(&mut self, words: &str) {
        self.rewritten.source.push_str(&format!("{{% {words} %}}"));
    }
}
