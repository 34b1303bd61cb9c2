//! Errors of templates.

use strsim::levenshtein;
use thiserror::Error;

use super::kind::TemplateKind;

/// A word within this distance of another one is taken for misspelt.
const MISSPELT: usize = 2;

/// Why a template is unusable. The operator has to fix it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{fault}; expected {}", kind.supported())]
pub struct TemplateError {
    /// What is wrong.
    pub fault: TemplateFault,
    /// What the template is for.
    pub kind: TemplateKind,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateFault {
    /// A mark that is not closed before the next mark or the end of the template.
    #[error("`{0}` is not closed by %>")]
    Unclosed(String),
    /// Underscore's mark for HTML escaping.
    #[error("`{0}` asks for HTML escaping, which a text message does not need")]
    Escaped(String),
    /// Underscore's mark for code.
    #[error("`{0}` is code, which is not run")]
    Code(String),
    /// An expression that is not a path.
    #[error("`{0}` is not a path of names: JavaScript is not run")]
    NotAPath(String),
    /// One of the three above, of which it is known how it is written here.
    #[error("{why}; write `{instead}`")]
    JavaScript {
        /// What is wrong.
        why: JavaScript,
        /// The whole template as it is written here; only the mark if the template is long or has other faults.
        instead: String,
    },
    /// A path with an unknown first name.
    #[error("`{name}` in `{expression}` is an unknown name")]
    UnknownName {
        /// The name.
        name: String,
        /// The mark that it stands in.
        expression: String,
    },
    /// `loop` with another key than it has.
    #[error(
        "`{0}` asks of a loop what is not known; write `loop.index`, `loop.first` or `loop.last`"
    )]
    Loop(String),
    /// A filter that does not exist.
    #[error("`{filter}` in `{mark}` is an unknown filter; write {}", filters(*nearest))]
    UnknownFilter {
        /// Its name.
        filter: String,
        /// The mark that it stands in.
        mark: String,
        /// The filter that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A filter without what it needs, or with more.
    #[error("`{filter}` in `{mark}` {needs}; write `{form}`")]
    FilterForm {
        /// Its name.
        filter: &'static str,
        /// The mark that it stands in.
        mark: String,
        /// What it needs.
        needs: &'static str,
        /// How it is written.
        form: &'static str,
    },
    /// A block with filters where a list is expected.
    #[error("`{0}` has filters, which make a text of a list; write `<% for item in path %>`")]
    FilteredFor(String),
    /// A value in the mark of a block.
    #[error("`{mark}` prints nothing; write `{instead}`")]
    Bare {
        /// The mark.
        mark: String,
        /// The mark that prints it.
        instead: String,
    },
    /// A mark that begins with no word of a block.
    #[error("`{mark}` is an unknown block; write {}", blocks(*nearest))]
    UnknownBlock {
        /// The mark.
        mark: String,
        /// The block that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The mark of a block with too few words, or too many.
    #[error("`{mark}` has too few words or too many; write `{form}`")]
    BlockForm {
        /// The mark.
        mark: String,
        /// How it is written.
        form: &'static str,
    },
    /// A mark without the block that it belongs to.
    #[error("`{mark}` has no block that it belongs to; write `{opens}` before it")]
    NotOpen {
        /// The mark.
        mark: String,
        /// How the block begins.
        opens: &'static str,
    },
    /// A mark of another block than the innermost.
    #[error("`{mark}` stands in `{open}`, which is still open; write `{closes}` before it")]
    Crossed {
        /// The mark.
        mark: String,
        /// The mark of the block that is open.
        open: String,
        /// How that is closed.
        closes: &'static str,
    },
    /// A second `else`.
    #[error("`{mark}` follows the else of `{open}`; write `<% endif %>` before it")]
    AfterElse {
        /// The mark.
        mark: String,
        /// The mark of the block.
        open: String,
    },
    /// A block that is not closed.
    #[error("`{mark}` is not closed; write `{closes}` after it")]
    NotClosed {
        /// The mark.
        mark: String,
        /// How it is closed.
        closes: &'static str,
    },
    /// Too many blocks in each other.
    #[error("`{mark}` is nested too deeply: at most {most} blocks may stand in each other")]
    TooDeep {
        /// The mark.
        mark: String,
        /// How many are allowed.
        most: usize,
    },
    /// An error of the template engine.
    #[error("the template engine failed: {0}")]
    Engine(String),
}

/// JavaScript that can be written as a template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JavaScript {
    /// Underscore's mark for HTML escaping.
    #[error("`{0}` asks for HTML escaping, which a text message does not need")]
    Escaped(String),
    /// An expression or a statement.
    #[error("`{0}` is JavaScript, which is not run")]
    Code(String),
}

/// The word that was probably meant.
pub(super) fn nearest(
    word: &str,
    known: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let length = word.chars().count();
    known
        .map(|known| (levenshtein(word, known), known))
        .filter(|(distance, _)| *distance <= MISSPELT && *distance < length)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

fn filters(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "`default`, `truncate`, `upper`, `lower` or `trim`".to_owned(),
        |filter| format!("`{filter}`"),
    )
}

fn blocks(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "`<%= path %>`, `<% if path %>` or `<% for item in path %>`".to_owned(),
        |block| format!("`{block}`"),
    )
}
