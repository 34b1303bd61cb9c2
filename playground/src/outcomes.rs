//! How each message to a user ended: with a text, or with a reason for none.
//!
//! A text names no message. The Worker's log does: it has an entry for each message that was in a text, and the text is
//! the last one before that from a number of the message's conversation.

use crate::log::Entry;
use crate::records::{End, Gone, Link, Logged};
use crate::world::World;
use serde_json::{Value, json};
use standins::{Message, Text, User};
use std::collections::{BTreeMap, BTreeSet};

/// What a user's phone received.
struct Received<'a> {
    /// Oldest first.
    texts: &'a [&'a Text],
    messages: BTreeMap<String, Message>,
    /// Those that the user's record has or had.
    links: BTreeSet<Link>,
}

impl World {
    /// The outcomes of a user's messages, oldest first.
    pub(crate) fn outcomes(&self, user: &User, texts: &[&Text], log: &[Entry]) -> Vec<Value> {
        let messages = self.layer.all_messages().into_iter();
        let received = Received {
            texts,
            messages: messages.map(|one| (one.id.clone(), one)).collect(),
            links: self.records.links_ever(&user.user_id),
        };
        let fits = |gone: &Gone, logged: &Logged| received.fits(gone, logged);
        let ended = self.records.ended(&user.user_id, log, fits);
        let mut outcomes = received.texted(&ended);
        outcomes.extend(ended.iter().filter_map(without_a_text));
        outcomes.sort_by_key(|one| one.get("at").and_then(Value::as_i64));
        outcomes
    }
}

impl Received<'_> {
    /// Whether this user's notice may have ended like that.
    fn fits(&self, gone: &Gone, logged: &Logged) -> bool {
        logged.end != End::Texted || self.text_about(gone, logged.at).is_some()
    }

    /// The index of the text about a message that the Worker reported as sent at `at`: the last before.
    fn text_about(&self, gone: &Gone, at: i64) -> Option<usize> {
        let sent_at = self.messages.get(&gone.message)?.sent_at;
        self.texts.iter().rposition(|text| {
            let is_in_time = (sent_at..=at).contains(&text.at_ms);
            let link = (text.number.clone(), gone.conversation.clone());
            is_in_time && self.links.contains(&link)
        })
    }

    /// The texts, once for each message that is in them.
    fn texted(&self, ended: &[Gone]) -> Vec<Value> {
        let mut ids: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); self.texts.len()];
        for gone in ended {
            let logged = gone.logged.as_ref().filter(|one| one.end == End::Texted);
            let place = logged.and_then(|logged| self.text_about(gone, logged.at));
            if let Some(found) = place.and_then(|place| ids.get_mut(place)) {
                found.insert(&gone.message);
            }
        }
        let texts = self.texts.iter().zip(&ids);
        texts
            .flat_map(|(text, ids)| self.shown(text, ids))
            .collect()
    }

    fn shown(&self, text: &Text, ids: &BTreeSet<&str>) -> Vec<Value> {
        let mut ids: Vec<&str> = ids.iter().copied().collect();
        ids.sort_by_key(|id| self.messages.get(*id).map(|one| one.position));
        let others = ids.len().saturating_sub(1);
        let one = |id: &&str| {
            json!({
                "message_id": id, "number": text.number, "parts": text.parts, "at": text.at_ms,
                "what": "texted", "others": others,
            })
        };
        ids.iter().map(one).collect()
    }
}

fn without_a_text(gone: &Gone) -> Option<Value> {
    let (what, reason) = match &gone.logged.as_ref()?.end {
        End::Texted => return None,
        End::Dropped(reason) => ("dropped", reason),
        End::Failed(reason) => ("failed", reason),
    };
    Some(json!({"message_id": gone.message, "at": gone.at, "what": what, "reason": reason}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use standins::{Alphabet, Part, Sender};
    use tokio::time::Instant;

    fn message(id: &str, conversation: &str, position: u64) -> Message {
        Message {
            id: id.to_owned(),
            conversation: Some(conversation.to_owned()),
            sender: Sender::User("alice".to_owned()),
            parts: vec![Part::text(id)],
            sent_at: 0,
            position,
            status: Vec::new(),
            deleted: false,
            platform: false,
            dedupe: None,
        }
    }

    fn text(number: &str, at_ms: i64) -> Text {
        Text {
            phone: "bob".to_owned(),
            number: number.to_owned(),
            text: String::new(),
            alphabet: Alphabet::Gsm,
            parts: 1,
            message_ids: Vec::new(),
            client_ref: None,
            callback: None,
            wants_receipts: true,
            undelivered: None,
            at: Instant::now(),
            at_ms,
        }
    }

    fn sent(message: &str, conversation: &str, at: i64) -> Gone {
        Gone {
            user: "bob".to_owned(),
            message: message.to_owned(),
            conversation: conversation.to_owned(),
            at,
            logged: Some(Logged {
                end: End::Texted,
                at,
            }),
        }
    }

    /// The ids of the messages in each of the texts, which are all about the conversations `c` and `d`.
    fn texted(texts: &[Text], ended: &[Gone]) -> Vec<(String, String)> {
        let messages = [
            message("m1", "c", 1),
            message("m2", "c", 2),
            message("n", "d", 1),
        ];
        let texts: Vec<&Text> = texts.iter().collect();
        let received = Received {
            texts: &texts,
            messages: messages
                .into_iter()
                .map(|one| (one.id.clone(), one))
                .collect(),
            links: pairs(&[("1", "c"), ("2", "d")]).into_iter().collect(),
        };
        let field = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        let texted = received.texted(ended);
        let pair = |one: &Value| (field(one, "number"), field(one, "message_id"));
        texted.iter().map(pair).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let pair = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        expected.iter().map(pair).collect()
    }

    #[test]
    fn the_messages_of_a_digest_were_in_the_last_text_of_their_conversation() {
        let texts = [text("1", 10), text("2", 11), text("1", 20)];
        let ended = [sent("m2", "c", 12), sent("m1", "c", 12), sent("n", "d", 13)];
        let expected = pairs(&[("1", "m1"), ("1", "m2"), ("2", "n")]);
        assert_eq!(texted(&texts, &ended), expected);
    }

    #[test]
    fn a_text_that_nothing_is_known_about_has_no_message() {
        assert_eq!(texted(&[text("1", 10)], &[]), []);
    }
}
