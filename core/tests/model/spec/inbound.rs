//! Inbound texts: what the record answers, and that none is lost or goes to the wrong conversation.

use texting::{record::command::Outcome, sms::inbound::InboundText, time::MINUTE};

use super::{
    Moment, Spec,
    claims::Claim,
    texts::{Fate, Left},
};

impl Spec {
    pub fn text(&mut self, at: Moment<'_>, text: &InboundText, outcome: Outcome) {
        let help = at.policy.answers_help;
        let extended = self.about_to_be_extended(at);
        let conversation =
            self.numbers
                .conversation_for(at.now, &text.number, &text.phone, &extended);
        self.reaches_who_texted(at, text, conversation);
        let obeyed = matches!(text.text.as_str(), "STOP" | "START") || text.text == "HELP" && help;
        let expected = match conversation {
            _ if self.replies.is_known(&text.message_id) => Outcome::Known,
            Some(_) => Outcome::Stored,
            None if self.numbers.has_links(&text.number) => Outcome::NotTheirPhone,
            None if obeyed && text.part.is_none() => Outcome::Stored,
            None if self.replies.opted_out.is_some() => Outcome::Known,
            None => Outcome::NoLink,
        };
        assert_eq!(outcome, expected, "{text:?}");
        if !self.replies.is_known(&text.message_id) {
            self.heard_from(at, &text.phone);
        }
        if outcome != Outcome::Stored {
            return;
        }
        if let Some(conversation) = conversation {
            let went = self.texts.went(&text.number, conversation, &text.phone);
            assert!(went, "{} never stood for {conversation} there", text.number);
        }
        if let Some(conversation) = conversation {
            let expires = at.now + at.policy.number_expiration;
            self.numbers.renewed(&text.number, conversation, expires);
            if !obeyed || text.part.is_some() {
                self.answers(at, conversation);
            }
        }
        self.replies.stored(at.now, text, conversation, help);
    }

    /// The conversations whose leases have ended and are extended in this turn, because their attempts still run.
    fn about_to_be_extended(&self, at: Moment<'_>) -> Vec<u32> {
        let is_it = |claim: &Claim| {
            let runs = self.under_way.texts.contains(&claim.attempt);
            runs && !claim.extended && !claim.is_open(at.now)
        };
        let claims = self.notices.claims.iter();
        let extended = claims.filter(|(_, claim)| is_it(claim));
        extended.map(|(conversation, _)| *conversation).collect()
    }

    /// The user answered in a conversation: the interval between its texts is over.
    fn answers(&mut self, at: Moment<'_>, conversation: u32) {
        if self.waits_for_interval(at, conversation) {
            self.count("interval ended by a reply");
        }
        self.texted.remove(&conversation);
        self.answered.insert(conversation, at.now);
    }

    /// Nothing that a person texts to a number that we last texted them from is lost: it goes into the
    /// conversation of that text, or into a later one whose text may have arrived.
    fn reaches_who_texted(&self, at: Moment<'_>, text: &InboundText, conversation: Option<u32>) {
        let is_recent = |left: &&Left| at.now + MINUTE < left.at + at.policy.number_expiration;
        let mut later = Vec::new();
        for left in self.texts.last_from(&text.number).take_while(is_recent) {
            if !left.text.phone.is_same(&text.phone) || left.disowned {
                return;
            }
            later.push(left.conversation);
            if left.taken {
                // Until its claim ends, the record cannot know.
                let flies =
                    matches!(left.fate, Fate::Flying | Fate::Accepted) || left.lease > at.now;
                assert!(
                    flies || conversation.is_some_and(|it| later.contains(&it)),
                    "{text:?} goes to {conversation:?}, but {left:?}"
                );
                return;
            }
        }
    }
}
