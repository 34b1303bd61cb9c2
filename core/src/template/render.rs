//! The values that `upon` asks for while it renders a template.

use std::borrow::Cow;

use serde_json::Value;
use upon::{Value as Shown, ValueAccess, ValueMember};

use super::{
    TemplateKind,
    context::Context,
    javascript::{is_true, print},
    resolve::{LoopState, Resolved, Root},
    rewrite::{Named, Rewritten},
};

/// The most rounds of all loops of a template together. A text is cut to six parts, at most 918 characters: more
/// rounds would only cost.
const MOST_ROUNDS: usize = 1000;

/// A template that is being rendered.
pub(super) struct Rendering<'r> {
    template: &'r Rewritten,
    kind: TemplateKind,
    context: &'r Context,
    /// The loops that are under way, the outermost first.
    loops: Vec<Rounds<'r>>,
    rounds_left: usize,
}

/// A loop that is under way.
#[derive(Clone, Copy)]
struct Rounds<'r> {
    items: &'r [Value],
    /// How many rounds have begun.
    begun: usize,
}

impl<'r> Rendering<'r> {
    pub(super) fn new(template: &'r Rewritten, kind: TemplateKind, context: &'r Context) -> Self {
        Self {
            template,
            kind,
            context,
            loops: Vec::new(),
            rounds_left: MOST_ROUNDS,
        }
    }

    /// The value of a name in the rewritten template.
    pub(super) fn value(&mut self, path: &[ValueMember<'_>]) -> Shown {
        let template = self.template;
        let [
            ValueMember {
                access: ValueAccess::Key(name),
                ..
            },
        ] = path
        else {
            return Shown::None;
        };
        match template.expression(name) {
            Some(Named::Printed(value)) => Shown::String(print(&self.evaluated(value))),
            Some(Named::Truth(value)) => Shown::Bool(is_true(&self.evaluated(value))),
            Some(Named::Rounds { depth, list }) => self.begin(*depth, list),
            Some(Named::NextRound { depth }) => {
                if let Some(rounds) = self.loops.get_mut(*depth) {
                    rounds.begun += 1;
                }
                Shown::None
            }
            None => Shown::None,
        }
    }

    /// Begins a loop: a list with as many items as there are rounds. What they are, only `loops` knows.
    fn begin(&mut self, depth: usize, list: &Resolved) -> Shown {
        let items = match self.found(list) {
            Cow::Borrowed(list) => Context::items(list),
            Cow::Owned(_) => &[],
        };
        let items = items.get(..self.rounds_left).unwrap_or(items);
        self.rounds_left -= items.len();
        self.loops.truncate(depth);
        self.loops.push(Rounds { items, begun: 0 });
        Shown::List(vec![Shown::None; items.len()])
    }

    fn evaluated(&self, value: &Resolved) -> Cow<'r, Value> {
        let found = self.found(value);
        value
            .filters
            .iter()
            .fold(found, |value, filter| filter.apply(value))
    }

    /// The value before the filters.
    fn found(&self, value: &Resolved) -> Cow<'r, Value> {
        let start = match &value.root {
            Root::Name(name) => self.context.named(self.kind, name),
            Root::Item { depth } => {
                let item = self.loops.get(*depth).and_then(Rounds::item);
                item.unwrap_or(&Value::Null)
            }
            Root::State { depth, state } => {
                let state = self.loops.get(*depth).map(|rounds| rounds.state(*state));
                return Cow::Owned(state.unwrap_or_default());
            }
        };
        Cow::Borrowed(self.context.at(start, &value.keys))
    }
}

impl<'r> Rounds<'r> {
    /// The item of this round.
    fn item(&self) -> Option<&'r Value> {
        self.items.get(self.begun.checked_sub(1)?)
    }

    fn state(&self, state: LoopState) -> Value {
        match state {
            LoopState::Index => Value::from(self.begun.saturating_sub(1)),
            LoopState::IsFirst => Value::from(self.begun == 1),
            LoopState::IsLast => Value::from(self.begun == self.items.len()),
        }
    }
}
