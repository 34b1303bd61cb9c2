//! What an operator sees of a record, and its erasure.

use serde_json::{Value as Json, json};

use super::{
    Record,
    tables::{
        failures::Failure, links::Link, lookups::LookupRow, notices::Notice, replies::Reply,
        texts::SentText,
    },
};
use crate::{
    log::{Entry, Level},
    phone::{Number, Phone},
    sms::receipt::Verdict,
    storage::StoreError,
    time::Timestamp,
};

/// At most this many notices and replies are shown. The counts cover all of them.
const SHOWN: i64 = 100;

impl Record<'_> {
    /// The record as JSON for an operator, without the texts of messages and replies. The schema `Record` in
    /// `docs/openapi.yaml` describes it.
    pub fn show(&self) -> Result<Json, StoreError> {
        let profile = self.profiles().find()?;
        let profile = profile.as_ref();
        let opted_out = profile.and_then(|profile| profile.opted_out.as_ref());
        let links = self.links().all()?;
        let notices = self.notices().first_by_due_time(SHOWN)?;
        let replies = self.replies().first(SHOWN)?;
        let unreachable = profile.and_then(|profile| profile.unreachable.as_ref());
        let unreachable = unreachable.filter(|it| it.holds(self.now));
        let texts = self.texts().taken()?;
        let failures = self.kept_failures()?;
        Ok(json!({
            "user_id": profile.map(|profile| &profile.user_id),
            "now": self.now,
            "opted_out": opted_out.map(|out| json!({ "at": out.at, "phone": out.phone })),
            "unreachable": unreachable.map(|it| json!({ "since": it.at, "phone": it.phone })),
            "links": links.iter().map(|link| self.shown_link(link, &texts)).collect::<Vec<_>>(),
            "notices": {
                "waiting": self.notices().count()?,
                "first": self.shown_notices(&notices),
            },
            "replies": {
                "waiting": self.replies().count()?,
                "first": self.each(&replies, Self::shown_reply),
            },
            "parts_waiting": self.parts().count()?,
            "failures": self.each(&failures, Self::shown_failure),
            "dropped_without_number": profile.map_or(0, |profile| profile.without_number),
        }))
    }

    fn each<T>(&self, rows: &[T], shown: fn(&Self, &T) -> Json) -> Vec<Json> {
        rows.iter().map(|row| shown(self, row)).collect()
    }

    /// `texts`: the texts that Nexmo has taken, the newest first.
    fn shown_link(&self, link: &Link, texts: &[SentText]) -> Json {
        let mut of_link = texts.iter().filter(|text| text.link == link.key());
        let last = of_link.find(|text| text.verdict.is_some());
        json!({
            "number": link.number,
            "conversation_id": link.conversation_id,
            "expires_at": link.expires_at,
            "expired": link.expires_at < self.now,
            "introduced": link.introduced,
            "perhaps_texted": link.perhaps_texted,
            "retired": link.retired,
            "configured": self.policy.numbers.contains(&link.number),
            "phone": link.phone,
            "last_verdict": last.map(shown_verdict),
        })
    }

    /// The notices by the end of their waits. With digests, those of a conversation leave together.
    fn shown_notices(&self, notices: &[Notice]) -> Vec<Json> {
        let digests = self.policy.digest.is_some();
        let together = |notice: &Notice| {
            let mut others = notices.iter().filter(|_| digests);
            others.find(|it| it.conversation_id == notice.conversation_id && it.wake_at.is_some())
        };
        let mut due: Vec<(Timestamp, &Notice)> = notices
            .iter()
            .map(|notice| (due_at(together(notice).unwrap_or(notice)), notice))
            .collect();
        due.sort_by_key(|(due_at, notice)| (*due_at, notice.wake_at.is_none()));
        due.into_iter()
            .map(|(due_at, notice)| self.shown_notice(notice, due_at))
            .collect()
    }

    fn shown_notice(&self, notice: &Notice, due_at: Timestamp) -> Json {
        let digests = self.policy.digest.is_some();
        json!({
            "message_id": notice.message_id,
            "conversation_id": notice.conversation_id,
            "status": notice.status,
            "due_at": due_at,
            "waits_for": waits_for(notice),
            "tries": notice.tries.tries,
            "perhaps_taken": notice.tries.perhaps_taken,
            "sending": notice.lease_until.is_some_and(|lease| lease > self.now),
            "behind_another": notice.wake_at.is_none() && !digests,
            "joins_another": notice.wake_at.is_none() && digests,
        })
    }

    fn shown_reply(&self, reply: &Reply) -> Json {
        json!({
            "kind": reply.action.word(),
            "nexmo_id": reply.message_id,
            "conversation_id": reply.action.conversation(),
            "number": reply.number,
            "received_at": reply.received_at,
            "due_at": reply.due_at,
            "tries": reply.tries,
        })
    }

    fn shown_failure(&self, failure: &Failure) -> Json {
        json!({
            "id": failure.seq,
            "kind": <&str>::from(failure.kind),
            "message_id": failure.message_id,
            "conversation_id": failure.conversation_id,
            "number": failure.number,
            "reason": failure.reason,
            "failed_at": failure.failed_at,
        })
    }

    /// Every reverse lookup that may have been written to KV for the user.
    pub fn written_lookups(&self) -> Result<Vec<LookupRow>, StoreError> {
        self.lookups().all()
    }

    /// Notes that a reverse lookup is about to be written to KV.
    pub fn note_lookup(&self, phone: &Phone, number: &Number) -> Result<(), StoreError> {
        self.lookups().insert(phone, number)
    }

    /// Deletes all rows.
    pub fn erase(&self) -> Result<(), StoreError> {
        self.store.erase()?;
        self.log(Entry::new(Level::Info, "record.erased"));
        Ok(())
    }
}

/// What became of a text.
fn shown_verdict(text: &SentText) -> Json {
    json!({
        "verdict": text.verdict.map(Verdict::word),
        "code": text.code,
        "sent_at": text.reference.began(),
    })
}

/// The end of a notice's wait, as far as it is known.
fn due_at(notice: &Notice) -> Timestamp {
    let own = own_due_at(notice);
    match notice.wake_at {
        Some(wake) if notice.lease_until.is_none() => wake.max(own),
        _ => own,
    }
}

/// The end of its delay, or of what puts it off beyond that.
fn own_due_at(notice: &Notice) -> Timestamp {
    notice.due_at.max(notice.put_off_until.unwrap_or_default())
}

/// What a notice waits for beyond its delay.
fn waits_for(notice: &Notice) -> Option<&str> {
    let is_late = due_at(notice) > own_due_at(notice);
    let interval = is_late.then_some("the interval since the conversation's last text");
    notice.waits_for.as_deref().or(interval)
}
