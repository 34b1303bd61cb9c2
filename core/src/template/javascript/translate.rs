//! Shows how a template with JavaScript is written here.

use super::super::{
    Compiled, TemplateKind,
    block::{Block, ENDFOR, ENDIF},
    error::{JavaScript, TemplateFault},
    expression::Expression,
    marks::{self, Mark, MarkKind, Piece},
    rewrite::Faulty,
    scanner::Scanner,
};
use super::{
    syntax::{Loop, unwrapped},
    values::{printed, truth},
};

/// The longest mark that is translated, in bytes.
const LONGEST_MARK: usize = 300;
/// The longest translation that an error shows, in characters.
const LONGEST_SHOWN: usize = 240;

/// The fault; if it is JavaScript that can be written here, with how it is written.
pub(in super::super) fn with_translation(
    kind: TemplateKind,
    pieces: &[Piece<'_>],
    faulty: Faulty,
) -> TemplateFault {
    let Faulty { fault, at } = faulty;
    let why = match &fault {
        TemplateFault::Escaped(mark) => JavaScript::Escaped(mark.clone()),
        TemplateFault::Code(mark) | TemplateFault::NotAPath(mark) => JavaScript::Code(mark.clone()),
        _ => return fault,
    };
    match translation(kind, pieces, at) {
        Some(instead) => TemplateFault::JavaScript { why, instead },
        None => fault,
    }
}

/// The whole template without JavaScript. The first mark that has it, if the whole would be long or faulty.
fn translation(kind: TemplateKind, pieces: &[Piece<'_>], at: usize) -> Option<String> {
    let (before, from_fault) = pieces.split_at_checked(at)?;
    let mut translator = Translator::default();
    let before: String = translator.pieces(before)?;
    let (first, after) = from_fault.split_first()?;
    let first = translator.piece(first)?;
    let closed = translator.closing();
    let after = translator.pieces(after);
    let whole = after.map(|after| format!("{before}{first}{after}"));
    let is_short = |text: &String| text.chars().count() <= LONGEST_SHOWN;
    whole
        .filter(is_short)
        .filter(|whole| compiles(kind, whole))
        .or_else(|| {
            let alone = format!("{before}{first}{closed}");
            Some(first).filter(|first| is_short(first) && compiles(kind, &alone))
        })
}

fn compiles(kind: TemplateKind, source: &str) -> bool {
    marks::split(source).is_ok_and(|pieces| Compiled::new(kind, &pieces).is_ok())
}

/// Translates marks one after the other.
#[derive(Default)]
struct Translator {
    /// What closes the blocks that are open, the innermost last.
    open: Vec<&'static str>,
}

impl Translator {
    fn pieces(&mut self, pieces: &[Piece<'_>]) -> Option<String> {
        pieces.iter().map(|piece| self.piece(piece)).collect()
    }

    fn piece(&mut self, piece: &Piece<'_>) -> Option<String> {
        let mark = match piece {
            Piece::Text(text) => return Some((*text).to_owned()),
            Piece::Mark(mark) => mark,
        };
        let code = mark.inside.trim_end_matches(';').trim_end();
        let inside = code.trim_end_matches('{').trim_end();
        if self.is_readable(&Mark { inside, ..*mark }) {
            return Some(match mark.kind {
                _ if inside == mark.inside => mark.whole.to_owned(),
                MarkKind::Block => format!("<% {inside} %>"),
                MarkKind::Print | MarkKind::Escaped => format!("<%= {inside} %>"),
            });
        }
        match mark.kind {
            _ if mark.whole.len() > LONGEST_MARK => None,
            MarkKind::Print | MarkKind::Escaped => printed(code),
            MarkKind::Block => self.statement(code),
        }
    }

    /// Whether a mark needs no translation. Follows the blocks that it opens and closes.
    fn is_readable(&mut self, mark: &Mark<'_>) -> bool {
        match mark.kind {
            MarkKind::Print => Expression::read(mark.inside, mark.whole).is_ok(),
            MarkKind::Escaped => false,
            MarkKind::Block => {
                let block = Block::read(mark).ok().flatten();
                match block {
                    Some(Block::If(_)) => self.open.push(ENDIF),
                    Some(Block::For { .. }) => self.open.push(ENDFOR),
                    Some(Block::EndIf | Block::EndFor) => drop(self.open.pop()),
                    _ => {}
                }
                block.is_some()
            }
        }
    }

    fn statement(&mut self, code: &str) -> Option<String> {
        let mut scanner = Scanner::new(code);
        let closes = scanner.symbol("}");
        if scanner.word("else") {
            return otherwise(scanner);
        }
        if closes {
            let is_end = scanner.is_at_end() || scanner.rest() == ")";
            return is_end.then(|| self.open.pop())?.map(str::to_owned);
        }
        if let Some(Loop { item, list }) = Loop::read(code) {
            self.open.push(ENDFOR);
            return Some(format!("<% for {item} in {} %>", list.trim()));
        }
        if scanner.word("if") {
            self.open.push(ENDIF);
            return Some(format!("<% if {} %>", condition(scanner)?));
        }
        match scanner.word("print") {
            true => printed(unwrapped(scanner.rest())?),
            false => None,
        }
    }

    /// The marks that close what is open.
    fn closing(&self) -> String {
        self.open.iter().rev().copied().collect()
    }
}

/// What follows `else`.
fn otherwise(mut scanner: Scanner<'_>) -> Option<String> {
    if scanner.word("if") {
        return Some(format!("<% else if {} %>", condition(scanner)?));
    }
    (scanner.rest() == "{").then(|| "<% else %>".to_owned())
}

/// What follows `if`.
fn condition(scanner: Scanner<'_>) -> Option<String> {
    let code = scanner.rest();
    truth(code.strip_suffix('{').unwrap_or(code))
}
