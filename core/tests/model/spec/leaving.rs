//! What must hold when a text is sent to Nexmo.

use super::{Moment, Spec, facts::Claimed};
use crate::{
    names::{conversation_id, message_id},
    network::Attempt,
    parties::nexmo::Text,
};

impl Spec {
    /// A text about a message is sent to Nexmo. Checks that it may be, and returns its index.
    pub fn leaves(&mut self, at: Moment<'_>, attempt: Attempt, text: &Text, words: &str) -> usize {
        let facts = &self.facts[&attempt];
        let Claimed::Text { message } = facts.claimed else {
            panic!("a reply leaves as a text")
        };
        assert_eq!(text.reference, message_id(message).as_str());
        let notice = self.notices.get(message).unwrap();
        let (_, lease) = notice
            .claim
            .filter(|(holder, _)| *holder == attempt)
            .unwrap_or_default();
        assert!(
            notice.ending.is_none(),
            "message {message} leaves though {:?}",
            notice.ending
        );
        assert!(lease > at.now, "message {message} leaves without a claim");
        assert!(
            notice.told.is_empty(),
            "message {message} leaves though {:?}",
            notice.told
        );
        assert!(facts.asked, "message {message} leaves, but nobody asked");
        assert!(
            notice.perhaps_taken == 0 || facts.nexmo_responds,
            "message {message} leaves, but does Nexmo respond?"
        );
        assert!(
            !notice.refused_numbers.contains(&text.number),
            "message {message} leaves from a number that was refused"
        );
        let status = Some(notice.known).max(facts.status).unwrap();
        assert!(
            at.policy.report_on.justifies(status) && !facts.gone && !facts.left,
            "{message}: {facts:?}"
        );
        let opted_out = self.replies.opted_out.is_some() || self.stopped(facts, false);
        assert!(!opted_out, "opted out, but {message} leaves");
        assert_eq!(
            facts.phone.as_deref(),
            Some(text.phone.as_str()),
            "phone of {message}"
        );
        let introduced = self
            .numbers
            .is_introduced(&text.number, notice.conversation);
        let body = match (introduced || !at.introduces, &facts.introduction) {
            (true, _) | (false, Some(None)) => words.to_owned(),
            (false, Some(Some(introduction))) => format!("{introduction}\n\n{words}"),
            (false, None) => panic!("message {message} leaves without its introduction"),
        };
        assert_eq!(
            text.body, body,
            "message {message} in {}",
            notice.conversation
        );
        let linked = self.numbers.links.iter().any(|link| {
            link.number == text.number
                && link.conversation_id == conversation_id(notice.conversation)
        });
        assert!(
            linked,
            "message {message} leaves from {} without a link",
            text.number
        );
        let left = (message, notice.conversation);
        self.texts
            .leaves(at.now, left, attempt, lease, text.clone())
    }
}
