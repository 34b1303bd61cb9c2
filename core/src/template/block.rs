//! Reads the marks of blocks: `if`, `else`, `endif`, `for` and `endfor`.

use super::{
    error::{TemplateFault, nearest},
    expression::{Expression, Path},
    marks::Mark,
    scanner::Scanner,
};

/// How `if` is written.
pub(super) const IF: &str = "<% if path %>";
/// How `else if` is written.
pub(super) const ELSE_IF: &str = "<% else if path %>";
/// How `else` is written.
pub(super) const ELSE: &str = "<% else %>";
/// How `endif` is written.
pub(super) const ENDIF: &str = "<% endif %>";
/// How `for` is written.
pub(super) const FOR: &str = "<% for item in path %>";
/// How `endfor` is written.
pub(super) const ENDFOR: &str = "<% endfor %>";

/// Words of blocks, here and in other languages of templates, with how they are written here.
const FORMS: [(&str, &str); 11] = [
    ("if", IF),
    ("unless", "<% if not path %>"),
    ("else", ELSE),
    ("elseif", ELSE_IF),
    ("elsif", ELSE_IF),
    ("elif", ELSE_IF),
    ("endif", ENDIF),
    ("for", FOR),
    ("foreach", FOR),
    ("each", FOR),
    ("endfor", ENDFOR),
];

/// The mark of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    If(Condition),
    ElseIf(Condition),
    Else,
    EndIf,
    For { item: String, list: Path },
    EndFor,
}

/// What an `if` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) not: bool,
    pub(super) value: Expression,
}

impl Block {
    /// Reads a mark; `None` if it begins with none of the words of blocks.
    pub(super) fn read(mark: &Mark<'_>) -> Result<Option<Self>, TemplateFault> {
        let mut scanner = Scanner::new(mark.inside);
        let block = match scanner.name() {
            Some("if") => Self::If(condition(scanner, mark, IF)?),
            Some("else") if scanner.word("if") => Self::ElseIf(condition(scanner, mark, ELSE_IF)?),
            Some("else") => alone(Self::Else, scanner, mark, ELSE)?,
            Some("endif") => alone(Self::EndIf, scanner, mark, ENDIF)?,
            Some("for") => rounds(scanner, mark)?,
            Some("endfor") => alone(Self::EndFor, scanner, mark, ENDFOR)?,
            _ => return Ok(None),
        };
        Ok(Some(block))
    }

    /// The fault of a mark that begins with no word of a block: code, or a word that is misspelt. The innermost block
    /// is closed by `closes`.
    pub(super) fn unknown(mark: &Mark<'_>, closes: Option<&'static str>) -> TemplateFault {
        let is_code = |c: char| !c.is_alphanumeric() && !c.is_whitespace() && !"_.,|:".contains(c);
        if mark.inside.is_empty() || mark.inside.contains(is_code) {
            return TemplateFault::Code(mark.shown());
        }
        let word = Scanner::new(mark.inside).name().unwrap_or_default();
        TemplateFault::UnknownBlock {
            mark: mark.shown(),
            nearest: match closes {
                Some(closes) if word.starts_with("end") => Some(closes),
                _ => form_of(word),
            },
        }
    }
}

/// How the block is written whose word was probably meant.
fn form_of(word: &str) -> Option<&'static str> {
    let meant = nearest(word, FORMS.iter().map(|(word, _)| *word))?;
    let (_, form) = FORMS.iter().find(|(word, _)| *word == meant)?;
    Some(form)
}

/// Reads what follows `if`.
fn condition(
    mut scanner: Scanner<'_>,
    mark: &Mark<'_>,
    form: &'static str,
) -> Result<Condition, TemplateFault> {
    let mut ahead = scanner;
    let not = ahead.word("not") && !ahead.is_at_end() && Path::read(&mut ahead.clone()).is_some();
    if not {
        scanner = ahead;
    }
    match Expression::read(scanner.rest(), mark.whole) {
        Ok(value) => Ok(Condition { not, value }),
        Err(TemplateFault::NotAPath(_)) => Err(wrong(scanner, mark, form)),
        Err(fault) => Err(fault),
    }
}

/// Reads what follows `for`.
fn rounds(scanner: Scanner<'_>, mark: &Mark<'_>) -> Result<Block, TemplateFault> {
    let mut ahead = scanner;
    let mut read = || {
        let item = ahead
            .name()
            .filter(|item| !item.starts_with(char::is_numeric))?;
        let list = ahead.word("in").then(|| Path::read(&mut ahead))??;
        Some((item.to_owned(), list))
    };
    match read() {
        Some((item, list)) if ahead.is_at_end() => Ok(Block::For { item, list }),
        Some(_) if ahead.is_at("|") && !ahead.is_at("||") => {
            Err(TemplateFault::FilteredFor(mark.shown()))
        }
        _ => Err(wrong(scanner, mark, FOR)),
    }
}

/// A word that nothing may follow.
fn alone(
    block: Block,
    scanner: Scanner<'_>,
    mark: &Mark<'_>,
    form: &'static str,
) -> Result<Block, TemplateFault> {
    match scanner.is_at_end() {
        true => Ok(block),
        false => Err(wrong(scanner, mark, form)),
    }
}

/// The fault of a mark that begins as a block: code, or only wrong words.
fn wrong(mut scanner: Scanner<'_>, mark: &Mark<'_>, form: &'static str) -> TemplateFault {
    while scanner.name().is_some() || scanner.symbol(",") || scanner.symbol(".") {}
    match scanner.is_at_end() {
        true => TemplateFault::BlockForm {
            mark: mark.shown(),
            form,
        },
        false => TemplateFault::Code(mark.shown()),
    }
}
