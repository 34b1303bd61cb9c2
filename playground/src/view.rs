//! The state that the page shows, as JSON.

use crate::log::Entry;
use crate::process::Phase;
use crate::quiet;
use crate::world::{SentText, World, phone_of};
use serde_json::{Map, Value, json};
use standins::{Message, Text, User};

/// How many log entries are shown.
const SHOWN: usize = 150;

impl World {
    /// The whole state. The value is the same until something changes.
    pub(crate) fn state(&self) -> Value {
        let log = self.log.all();
        let texts = self.nexmo.texts();
        let users = self.layer.users();
        let shown = log.iter().skip(log.len().saturating_sub(SHOWN));
        json!({
            "worker": self.worker(),
            "switches": self.switches.modes(),
            "numbers": self.nexmo.numbers().iter().map(|one| one.msisdn.clone()).collect::<Vec<_>>(),
            "users": users.iter().map(|user| self.user(user, &texts, &log)).collect::<Vec<_>>(),
            "conversations": self.conversations(),
            "activity": shown.map(|entry| self.entry(entry)).collect::<Vec<_>>(),
            "webhooks": self.webhooks(),
        })
    }

    fn worker(&self) -> Value {
        let phase = self.process.phase();
        let settings = self.process.page_settings();
        let problems = match &phase {
            Phase::Misconfigured(body) => serde_json::from_str::<Value>(body)
                .ok()
                .and_then(|body| body.get("problems").cloned()),
            _ => None,
        };
        let active = |hook: &standins::Hook| hook.status == standins::HookStatus::Active;
        json!({
            "phase": phase.name(),
            "managed": self.process.is_managed(),
            "delay": settings.delay,
            "expiration": settings.expiration,
            "digests": settings.digests,
            "quiet": settings.quiet_hours.is_some(),
            "quiet_hours": quiet::hours(),
            "clock": self.clock.json(),
            "problems": problems,
            "connected": self.layer.hooks().iter().any(active),
        })
    }

    /// A log entry, with the times of the page's clock.
    fn entry(&self, entry: &Entry) -> Value {
        let mut shown = entry.json();
        if let (Some(why), Some(field)) = (entry.field("why"), shown.pointer_mut("/fields/why")) {
            *field = quiet::shown(why, self.clock.offset_at(entry.at)).into();
        }
        shown
    }

    fn user(&self, user: &User, texts: &[Text], log: &[Entry]) -> Value {
        let phone = phone_of(user);
        let received: Vec<&Text> = texts.iter().filter(|text| text.phone == phone).collect();
        json!({
            "id": user.user_id,
            "name": user.display_name,
            "phone": phone,
            "record": self.records.of(&user.user_id),
            "ended": self.outcomes(user, &received, log),
            "threads": self.threads(&phone, texts),
        })
    }

    fn conversations(&self) -> Vec<Value> {
        let show = |message: &Message| {
            let status = message.status.iter();
            let status: Map<String, Value> = status
                .map(|(user, receipt)| (user.clone(), receipt.name().into()))
                .collect();
            json!({
                "id": message.id,
                "sender": message.sender.user(),
                "text": message.text(),
                "photo": message.parts.iter().any(|part| part.mime_type.starts_with("image/")),
                "by_text": message.platform,
                "at": message.sent_at,
                "status": status,
            })
        };
        let open = self
            .layer
            .conversations()
            .into_iter()
            .filter(|one| !one.deleted);
        open.map(|conversation| {
            let messages = self.layer.messages(&conversation.id);
            json!({
                "id": conversation.id,
                "name": conversation.metadata.get("conversationName"),
                "participants": conversation.participants,
                "messages": messages.iter().map(show).collect::<Vec<_>>(),
            })
        })
        .collect()
    }

    /// A phone's threads, one for each number that it exchanged texts with.
    fn threads(&self, phone: &str, texts: &[Text]) -> Vec<Value> {
        let sent_texts = self.sent_texts();
        let numbers = self.nexmo.numbers().into_iter().map(|number| number.msisdn);
        let thread = |number: String| {
            // Received texts count from 1; a sent text follows the last one before it.
            let got = (1_usize..).zip(texts);
            let got = got
                .filter(|(_, text)| text.phone == phone && text.number == number)
                .map(|(place, text)| (place, 0, received(text)));
            let replied = sent_texts
                .iter()
                .filter(|one| one.phone == phone && one.number == number)
                .map(|one| (one.after, 1, sent(one)));
            let mut all: Vec<_> = got.chain(replied).collect();
            all.sort_by_key(|(place, side, _)| (*place, *side));
            let all: Vec<Value> = all.into_iter().map(|(_, _, shown)| shown).collect();
            json!({"number": number, "texts": all})
        };
        let some = |thread: &Value| {
            let texts = thread.get("texts").and_then(Value::as_array);
            texts.is_some_and(|texts| !texts.is_empty())
        };
        numbers.map(thread).filter(some).collect()
    }
}

fn received(text: &Text) -> Value {
    let arrived = text.undelivered.is_none();
    json!({"from": "number", "text": text.text, "at": text.at_ms, "arrived": arrived})
}

fn sent(text: &SentText) -> Value {
    json!({"from": "phone", "text": text.text, "at": text.at})
}
