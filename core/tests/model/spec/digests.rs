//! Digests: which messages one text covers. Those that it shows are derived from its words.

use super::{Moment, Spec, claims::Claim, facts::Facts, notices::Notices};

/// How many messages a text shows at most. Layer is asked about each of them again.
const MOST_SHOWN: usize = 10;

/// What six parts hold, if all characters are of Nexmo's alphabet.
const LONGEST_TEXT: usize = 918;

/// The messages that a text covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    pub shown: Vec<u32>,
    pub counted: Vec<u32>,
}

impl Covered {
    pub fn all(&self) -> Vec<u32> {
        self.shown.iter().chain(&self.counted).copied().collect()
    }
}

/// The lines of a text about messages, and how many more messages its last line says that there are.
fn read(words: &str) -> (Vec<&str>, usize) {
    let mut lines: Vec<&str> = words.lines().collect();
    let more = |line: &&str| line.strip_prefix('+')?.strip_suffix(" more")?.parse().ok();
    let more = lines.last().and_then(more);
    if more.is_some() {
        lines.pop();
    }
    (lines, more.unwrap_or(0))
}

/// The last line of a text that leaves out so many messages.
fn ending(more: usize) -> String {
    match more {
        0 => String::new(),
        more => format!("\n+{more} more"),
    }
}

impl Notices {
    /// The waiting messages of a conversation, in order.
    pub fn in_order(&self, conversation: u32) -> Vec<u32> {
        let of_it = self
            .waiting
            .iter()
            .filter(|(_, notice)| notice.conversation == conversation);
        let mut placed: Vec<_> = of_it.map(|(number, it)| (it.place, *number)).collect();
        placed.sort_unstable();
        placed.into_iter().map(|(_, number)| number).collect()
    }

    /// What a text of a conversation is to cover that is claimed now: the messages that Layer is asked about, and
    /// those that are only counted. Without digests, the first message goes alone.
    pub fn gathered(&self, at: Moment<'_>, conversation: u32) -> (Vec<u32>, Vec<u32>) {
        let mut waiting = self.in_order(conversation);
        if at.policy.digest.is_none() {
            waiting.truncate(1);
            return (waiting, Vec::new());
        }
        let justifies = |number: &u32| {
            let known = self.waiting[number].known;
            at.policy.report_on.justifies(known)
        };
        // Of one that is due, Layer may say that it justifies a text by now.
        waiting.retain(|number| justifies(number) || self.waiting[number].is_due(at.now));
        let mut counted = waiting.split_off(waiting.len().min(MOST_SHOWN));
        counted.retain(justifies);
        (waiting, counted)
    }
}

impl Spec {
    /// What a text covers that leaves with these words. Checks that it shows and counts what it should.
    pub fn covered(&self, at: Moment<'_>, claim: &Claim, facts: &Facts, words: &str) -> Covered {
        let waits = |number: &&u32| self.notices.waiting.contains_key(number);
        let justifies = |number: &&u32| {
            let notice = &self.notices.waiting[number];
            notice.justifies(at.policy, facts.answer(**number))
        };
        let left = |numbers: &[u32]| -> Vec<u32> {
            let left = numbers.iter().filter(waits).filter(justifies);
            left.copied().collect()
        };
        let mut covered = Covered {
            shown: left(&claim.asked),
            counted: left(&claim.counted),
        };
        covered
            .shown
            .retain(|number| !self.notices.waiting[number].is_blank());
        let (lines, more) = read(words);
        let shown: Vec<u32> = lines.iter().map(|line| self.message_of(line)).collect();
        let too_many = covered
            .shown
            .split_off(shown.len().clamp(1, covered.shown.len()));
        assert_eq!(shown, covered.shown, "what {words:?} shows");
        covered.counted.splice(..0, too_many);
        assert_eq!(more, covered.counted.len(), "what {words:?} counts");
        let is_asked = |number: &u32| facts.asked.contains(number);
        assert!(
            claim.asked.iter().all(is_asked),
            "Layer was not asked about all of {:?}",
            claim.asked
        );
        covered
    }

    /// The message that a line of a text shows.
    fn message_of(&self, line: &str) -> u32 {
        let number = line.strip_prefix("Ada: message ").and_then(|words| {
            let digits = words.split(' ').next()?;
            digits.parse().ok()
        });
        let notice = number.and_then(|number| self.notices.waiting.get(&number));
        let line_of = notice.map(|notice| format!("Ada: {}", notice.text));
        assert_eq!(line_of.as_deref(), Some(line), "the line of {number:?}");
        number.unwrap()
    }

    /// A text shows as many messages as fit.
    pub fn shows_what_fits(&self, facts: &Facts, covered: &Covered, body: &str) {
        let more = covered.counted.len();
        let Some(next) = covered
            .counted
            .first()
            .filter(|it| facts.asked.contains(it))
        else {
            return;
        };
        let line = format!("\nAda: {}", self.notices.waiting[next].text);
        let longer = body.len() - ending(more).len() + line.len() + ending(more - 1).len();
        assert!(longer > LONGEST_TEXT, "{next} would fit into {body:?}");
    }
}
