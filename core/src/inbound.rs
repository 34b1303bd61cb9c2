//! What Nexmo's webhook does about an inbound text once KV, and the user's record if there is one, have
//! responded.

use crate::{
    record::command::Outcome,
    sms::{
        inbound::InboundText,
        keyword::{Keyword, keyword},
    },
    time::{MINUTE, Span},
};

/// KV may take this long to show a new entry everywhere. Until then, a text from an unknown phone may be a
/// user's reply.
const KV_DELAY: Span = MINUTE.times(2);

/// What the webhook does about an inbound text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// Nothing more: the user's record has handled it.
    Done,
    /// The phone is unknown, but KV may lag: have Nexmo try again.
    Later,
    /// The phone is unknown, and the text is STOP (`true`) or START: store that in KV for the phone, at once.
    Wish {
        /// Whether the phone wants no texts.
        opted_out: bool,
    },
    /// The phone is unknown: log that, and answer it if the operator has set an answer.
    Unknown,
    /// The number stands for no conversation of the user: answer that, in the same way.
    NoConversation,
}

impl Handling {
    /// Decides about a text. `outcome` is that of the user's record, `None` if KV names no user for the
    /// text's phone and number. `age` is the time since Nexmo first pushed the text, `None` if it is unknown.
    pub fn of(text: &InboundText, outcome: Option<Outcome>, age: Option<Span>) -> Self {
        match outcome {
            Some(Outcome::NotTheirPhone) | None => Self::of_unknown(text, age),
            Some(Outcome::NoLink) => Self::NoConversation,
            Some(_) => Self::Done,
        }
    }

    fn of_unknown(text: &InboundText, age: Option<Span>) -> Self {
        let is_young = age.is_some_and(|age| age < KV_DELAY);
        match keyword(&text.text).filter(|_| text.part.is_none()) {
            Some(Keyword::Stop) => Self::Wish { opted_out: true },
            Some(Keyword::Start) => Self::Wish { opted_out: false },
            Some(Keyword::Help) | None if is_young => Self::Later,
            Some(Keyword::Help) | None => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::TextId,
        phone::{Number, Phone},
        sms::inbound::Part,
    };

    fn text(words: &str) -> InboundText {
        InboundText {
            message_id: TextId::new("A1"),
            phone: Phone::from_digits("15550102030"),
            number: Number::from_digits("12025550101"),
            text: words.to_owned(),
            part: None,
        }
    }

    #[test]
    fn a_text_from_an_unknown_phone_comes_again_for_two_minutes() {
        let young = Some(KV_DELAY - Span::from_millis(1));
        for outcome in [None, Some(Outcome::NotTheirPhone)] {
            assert_eq!(Handling::of(&text("hi"), outcome, young), Handling::Later);
            for old in [Some(KV_DELAY), None] {
                assert_eq!(Handling::of(&text("hi"), outcome, old), Handling::Unknown);
            }
        }
    }

    #[test]
    fn stop_and_start_of_an_unknown_phone_are_obeyed_at_once() {
        for outcome in [None, Some(Outcome::NotTheirPhone)] {
            for age in [Some(Span::ZERO), Some(KV_DELAY), None] {
                for (word, opted_out) in [("STOP", true), ("Start", false)] {
                    let expected = Handling::Wish { opted_out };
                    assert_eq!(Handling::of(&text(word), outcome, age), expected);
                }
            }
        }
    }

    #[test]
    fn a_part_of_a_text_is_no_stop() {
        let part = InboundText {
            part: Some(Part {
                reference: "7".to_owned(),
                total: 2,
                index: 1,
            }),
            ..text("STOP")
        };
        assert_eq!(Handling::of(&part, None, None), Handling::Unknown);
    }

    #[test]
    fn what_the_record_answers_otherwise_ends_the_delivery() {
        let of = |outcome| Handling::of(&text("hi"), Some(outcome), None);
        assert_eq!(of(Outcome::Stored), Handling::Done);
        assert_eq!(of(Outcome::Known), Handling::Done);
        assert_eq!(of(Outcome::NoLink), Handling::NoConversation);
    }
}
