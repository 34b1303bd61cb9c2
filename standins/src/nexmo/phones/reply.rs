//! Texts from phones.

use super::inbound::Inbound;
use super::params::OrderedParams;
use crate::clock::{nexmo_time, now_ms};
use crate::lock::lock;
use crate::nexmo::encoding::{Alphabet, parts};
use crate::nexmo::handle::Nexmo;
use crate::nexmo::model::Via;
use crate::nexmo::wire::message_id;
use crate::sign::{Method, SigningKey};

/// A text from a phone.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// Digits.
    pub phone: String,
    /// One of the account's numbers.
    pub number: String,
    /// Split into parts if it is too long for one.
    pub text: String,
    /// How it is pushed.
    pub via: Via,
    /// How it is signed, if at all.
    pub signed: Option<SigningKey>,
    /// Whether parts are pushed in another order, the first one last.
    pub shuffle: bool,
    /// Omits `keyword`, as for some carriers.
    pub no_keyword: bool,
    /// Omits `api-key`, as in older captures.
    pub no_api_key: bool,
    /// Writes times as `2020-01-01T12:00:00.000+00:00` instead of `2020-01-01 12:00:00`.
    pub iso_time: bool,
    /// `message-timestamp` in milliseconds since 1970; `None`: now.
    pub at_ms: Option<i64>,
}

impl Reply {
    /// From a phone to a number, pushed by GET, not signed.
    #[must_use]
    pub fn new(phone: &str, number: &str, text: &str) -> Self {
        Self {
            phone: phone.to_owned(),
            number: number.to_owned(),
            text: text.to_owned(),
            ..Self::default()
        }
    }

    /// The same, pushed in another way.
    #[must_use]
    pub fn via(self, via: Via) -> Self {
        Self { via, ..self }
    }

    /// The same, signed.
    #[must_use]
    pub fn signed(self, method: Method, secret: &str) -> Self {
        Self {
            signed: Some(SigningKey {
                method,
                secret: secret.to_owned(),
            }),
            ..self
        }
    }
}

/// The UDH of a part of a long text.
struct Concat {
    reference: u8,
    total: usize,
    /// From 1.
    part: usize,
}

/// The `keyword` of a text: its first word in upper case.
fn keyword(text: &str) -> String {
    text.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_uppercase()
}

/// The `message-timestamp` of a text.
fn timestamp(reply: &Reply) -> String {
    let at = nexmo_time(reply.at_ms.unwrap_or_else(now_ms));
    if reply.iso_time {
        format!("{}.000+00:00", at.replace(' ', "T"))
    } else {
        at
    }
}

/// Reorders parts; the first becomes the last.
fn shuffle(pushes: &mut [Inbound]) {
    pushes.reverse();
    let third = pushes.len() / 3;
    if let Some((_, rest)) = pushes.split_last_mut() {
        rest.rotate_left(third.min(rest.len()));
    }
}

impl Nexmo {
    /// The pushes of a text, one for each part, in the order in which they are sent.
    #[must_use]
    pub fn inbound(&self, reply: &Reply) -> Vec<Inbound> {
        let alphabet = Alphabet::of(&reply.text);
        let texts = parts(&reply.text, alphabet);
        let reference = self.reference();
        let total = texts.len();
        let push = |(text, part): (String, usize)| {
            let concat = (total > 1).then_some(Concat {
                reference,
                total,
                part,
            });
            self.part(reply, &text, alphabet, concat)
        };
        let mut pushes: Vec<_> = texts.into_iter().zip(1_usize..).map(push).collect();
        if reply.shuffle {
            shuffle(&mut pushes);
        }
        pushes
    }

    /// The next `concat-ref`: one byte that wraps around.
    fn reference(&self) -> u8 {
        let mut state = lock(&self.shared.state);
        state.references = state.references.wrapping_add(1);
        state.references
    }

    /// The push of one part; `concat`: `None` for a text of one part.
    fn part(
        &self,
        reply: &Reply,
        text: &str,
        alphabet: Alphabet,
        concat: Option<Concat>,
    ) -> Inbound {
        let mut params = OrderedParams::default();
        params.add("msisdn", &reply.phone);
        params.add("to", &reply.number);
        params.add("messageId", &message_id(false));
        if let Some(concat) = concat {
            params.add("concat", "true");
            params.add("concat-ref", &concat.reference.to_string());
            params.add("concat-total", &concat.total.to_string());
            params.add("concat-part", &concat.part.to_string());
        }
        params.add("text", text);
        params.add("type", alphabet.name());
        if !reply.no_keyword {
            params.add("keyword", &keyword(text));
        }
        if !reply.no_api_key {
            params.add("api-key", &self.shared.options.key);
        }
        params.add("message-timestamp", &timestamp(reply));
        let inbound = Inbound {
            params: params.all(),
            via: reply.via,
        };
        match &reply.signed {
            Some(key) => inbound.sign(key),
            None => inbound,
        }
    }
}
