//! Replies: each is posted once, into the conversation that its number stood for, in order of arrival.

use std::collections::{BTreeMap, HashMap, HashSet};

use texting::{
    ids::{TextId, TextReference},
    phone::{Number, Phone},
    sms::inbound::{InboundText, Part},
    time::{DAY, HOUR, MINUTE, Span, Timestamp},
};

use crate::{
    names::{conversation_id, present},
    network::Attempt,
};

/// Which reply it is.
#[derive(Clone, Copy, Debug)]
pub struct ReplyKey<'a> {
    pub lane: &'a str,
    /// Nexmo's id of the text.
    pub id: &'a str,
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub id: TextId,
    pub keyword: bool,
    phone: Phone,
    pub body: String,
    received_at: Timestamp,
    /// From when a STOP or START counts.
    since: Timestamp,
    /// How many bytes of it Layer has accepted.
    posted: usize,
    claim: Option<(Attempt, Timestamp)>,
    pub over: bool,
    /// It was given up before: pieces of it may still be on their way.
    retried: bool,
}

type Group = (Phone, Number, String, u8);

struct Held {
    part: u8,
    id: TextId,
    body: String,
    conversation: u32,
    at: Timestamp,
}

#[derive(Default)]
pub struct Replies {
    /// The replies of each conversation; all keywords are under an empty name.
    pub lanes: BTreeMap<String, Vec<Reply>>,
    parts: BTreeMap<Group, Vec<Held>>,
    heard: HashSet<TextId>,
    /// The phone of the user's last STOP, while it holds.
    pub opted_out: Option<Phone>,
    /// When that came.
    pub opted_out_at: Timestamp,
    /// For each phone, the time of the last wish that KV should have, and whether it is a STOP. `None` if
    /// that is unknown, because a write came late or was given up.
    pub wishes: HashMap<Phone, Option<(Timestamp, bool)>>,
}

const PATIENCE: Span = MINUTE.times(10);

/// Whether a text is a keyword.
fn keyword(body: &str, answers_help: bool) -> bool {
    matches!(body, "STOP" | "START") || body == "HELP" && answers_help
}

impl Replies {
    pub fn is_known(&self, id: &TextId) -> bool {
        self.heard.contains(id)
    }

    /// The record has stored a text. Without a conversation, it is a keyword.
    pub fn stored(
        &mut self,
        now: Timestamp,
        text: &InboundText,
        conversation: Option<u32>,
        answers_help: bool,
    ) {
        self.heard.insert(text.message_id.clone());
        match (&text.part, conversation) {
            (Some(part), Some(conversation)) => {
                self.part(now, text, part, conversation, answers_help);
            }
            _ => self.queue(now, text, conversation, answers_help),
        }
    }

    fn queue(&mut self, now: Timestamp, text: &InboundText, to: Option<u32>, answers_help: bool) {
        let keyword = keyword(&text.text, answers_help);
        match text.text.as_str() {
            "STOP" => (self.opted_out, self.opted_out_at) = (Some(text.phone.clone()), now),
            "START" => self.opted_out = None,
            _ => {}
        }
        let lane = if keyword {
            String::new()
        } else {
            conversation_id(to.unwrap()).to_string()
        };
        self.lanes.entry(lane).or_default().push(Reply {
            id: text.message_id.clone(),
            keyword,
            phone: text.phone.clone(),
            body: text.text.clone(),
            received_at: now,
            since: now,
            posted: 0,
            claim: None,
            over: false,
            retried: false,
        });
    }

    /// A carrier said that the user had opted out when a text left, unless they have said START since.
    pub fn carrier_stop(&mut self, now: Timestamp, phone: &Phone, reference: &str) {
        let since = TextReference::new(reference).began().unwrap();
        if self.has_start(phone, since, true) {
            return;
        }
        if self.opted_out.is_none() || self.opted_out_at < since {
            (self.opted_out, self.opted_out_at) = (Some(phone.clone()), since);
        }
        self.lanes.entry(String::new()).or_default().push(Reply {
            id: TextId::new(reference),
            keyword: true,
            phone: phone.clone(),
            body: "STOP".to_owned(),
            received_at: now,
            since,
            posted: 0,
            claim: None,
            over: false,
            retried: false,
        });
    }

    fn part(
        &mut self,
        now: Timestamp,
        text: &InboundText,
        part: &Part,
        to: u32,
        answers_help: bool,
    ) {
        let group = (
            text.phone.clone(),
            text.number.clone(),
            part.reference.clone(),
            part.total,
        );
        let held = self.parts.entry(group.clone()).or_default();
        if held.iter().any(|held| held.part == part.index) {
            return;
        }
        held.push(Held {
            part: part.index,
            id: text.message_id.clone(),
            body: text.text.clone(),
            conversation: to,
            at: now,
        });
        if held.len() == usize::from(part.total) {
            self.assemble(now, &group, answers_help);
        }
    }

    fn assemble(&mut self, now: Timestamp, group: &Group, answers_help: bool) {
        let mut held = self.parts.remove(group).unwrap();
        held.sort_by_key(|held| held.part);
        let text = InboundText {
            message_id: held[0].id.clone(),
            phone: group.0.clone(),
            number: group.1.clone(),
            text: held.iter().map(|held| held.body.as_str()).collect(),
            part: None,
        };
        self.queue(now, &text, Some(held[0].conversation), answers_help);
    }

    /// The record looked for work: long texts that miss a part for ten minutes are joined without it.
    pub fn give_up_parts(&mut self, now: Timestamp, answers_help: bool) {
        let late = |held: &Vec<Held>| held.iter().any(|held| held.at + PATIENCE <= now);
        let groups: Vec<Group> = self
            .parts
            .iter()
            .filter(|(_, held)| late(held))
            .map(|(it, _)| it.clone())
            .collect();
        for group in groups {
            self.assemble(now, &group, answers_help);
        }
    }

    /// Whether a START came from a phone since. `waits`: only one that is not written to KV yet counts.
    pub fn has_start(&self, phone: &Phone, since: Timestamp, waits: bool) -> bool {
        self.lanes.get("").into_iter().flatten().any(|reply| {
            let is_start = reply.body == "START" && reply.phone.is_same(phone);
            is_start && reply.received_at >= since && !(waits && reply.over)
        })
    }

    /// Whether the user has opted out, or KV has a STOP for the phone.
    pub fn is_stopped(&self, phone: &Phone) -> bool {
        let wish = self.wishes.get(&present(phone));
        self.opted_out.is_some() || wish.is_some_and(|wish| wish.is_some_and(|(_, stop)| stop))
    }

    pub fn parts_wait(&self) -> bool {
        !self.parts.is_empty()
    }

    fn waiting(&mut self, lane: &str) -> Option<&mut Reply> {
        self.lanes
            .get_mut(lane)?
            .iter_mut()
            .find(|reply| !reply.over)
    }

    /// The open claim of a reply that waits.
    pub fn claim_of(&mut self, lane: &str, id: &str) -> Option<&mut (Attempt, Timestamp)> {
        let first = self.waiting(lane).filter(|first| first.id.as_str() == id);
        first.and_then(|first| first.claim.as_mut())
    }

    pub fn claimed(
        &mut self,
        now: Timestamp,
        attempt: Attempt,
        key: ReplyKey<'_>,
        lease: Timestamp,
    ) {
        let ReplyKey { lane, id } = key;
        let first = self
            .waiting(lane)
            .expect("a reply that does not wait is claimed");
        assert_eq!(
            first.id.as_str(),
            id,
            "a reply is claimed before an earlier one"
        );
        let open = first.claim.is_some_and(|(_, until)| until > now);
        assert!(!open, "reply {id} is claimed twice");
        first.claim = Some((attempt, lease));
    }

    /// Whether an attempt holds the claim of a reply that waits.
    pub fn is_claimed_by(&mut self, key: ReplyKey<'_>, attempt: Option<Attempt>) -> bool {
        let ReplyKey { lane, id } = key;
        let first = self.waiting(lane).filter(|first| first.id.as_str() == id);
        let claim = first.and_then(|first| first.claim);
        attempt.is_some() && claim.map(|(holder, _)| holder) == attempt
    }

    /// Something leaves because of a reply: its claim is open.
    pub fn leaves(&mut self, now: Timestamp, attempt: Attempt, key: ReplyKey<'_>) {
        let ReplyKey { lane, id } = key;
        let is_claimed = self.is_claimed_by(key, Some(attempt));
        let claim = self.waiting(lane).and_then(|first| first.claim);
        assert!(
            is_claimed && claim.is_some_and(|(_, until)| until > now),
            "reply {id} leaves without a claim"
        );
    }

    /// The claim on a reply ended, and the reply still waits.
    pub fn postponed(&mut self, lane: &str) {
        if let Some(reply) = self.waiting(lane) {
            reply.claim = None;
        }
    }

    /// Layer accepted a post that is no repeat.
    pub fn posted(&mut self, conversation: u32, piece: &str) {
        let lane = self
            .lanes
            .get_mut(conversation_id(conversation).as_str())
            .expect("a post from nowhere");
        let fits = |reply: &Reply| reply.body[reply.posted..].starts_with(piece);
        let first = lane
            .iter()
            .position(|reply| !reply.over)
            .filter(|it| fits(&lane[*it]));
        // The request of a reply that was given up may have arrived late.
        let late = || {
            lane.iter()
                .position(|reply| (reply.over || reply.retried) && fits(reply))
        };
        let index = first
            .or_else(late)
            .expect("posted twice, too early, or never received");
        lane[index].posted += piece.len();
    }

    pub fn end(&mut self, now: Timestamp, key: ReplyKey<'_>, done: bool, refused: bool) {
        let ReplyKey { lane, id } = key;
        let lane = self.lanes.get_mut(lane).unwrap();
        let reply = lane
            .iter_mut()
            .find(|reply| reply.id.as_str() == id && !reply.over);
        let reply = reply.unwrap_or_else(|| panic!("reply {id} ends twice"));
        let longest = if reply.keyword { HOUR } else { DAY };
        if done {
            assert!(
                reply.keyword || reply.posted == reply.body.len(),
                "{id} is not all posted"
            );
        } else {
            let long = now - reply.received_at >= longest;
            assert!(refused || long, "reply {id} is given up too early");
        }
        reply.over = true;
        let (phone, stop, at) = (reply.phone.clone(), reply.body == "STOP", reply.since);
        match reply.body.as_str() {
            "STOP" | "START" if reply.keyword && done => self.wish(&phone, at, stop),
            "STOP" | "START" if reply.keyword => self.unsure(&phone),
            _ => {}
        }
    }

    /// KV has a wish of a phone, unless a later one is known.
    pub fn wish(&mut self, phone: &Phone, at: Timestamp, stop: bool) {
        let wish = self
            .wishes
            .entry(present(phone))
            .or_insert(Some((at, stop)));
        if let Some(known) = wish
            && known.0 <= at
        {
            *known = (at, stop);
        }
    }

    /// It is unknown which wish KV has for a phone.
    pub fn unsure(&mut self, phone: &Phone) {
        self.wishes.insert(present(phone), None);
    }

    /// A failed reply waits again, at the end of its lane; the pieces that Layer has of it are not posted
    /// again. A STOP or START is not obeyed again if the user has sent the opposite since.
    pub fn retried(&mut self, now: Timestamp, lane: &str, id: &str) {
        let lane = self.lanes.get_mut(lane).unwrap();
        let given_up = lane.iter_mut().rev().find(|reply| reply.id.as_str() == id);
        let given_up = given_up.expect("a reply that never came is retried");
        assert!(given_up.over, "reply {id} is retried, but waits");
        let outdated = match given_up.body.as_str() {
            _ if !given_up.keyword => false,
            "STOP" => self.opted_out.is_none(),
            "START" => self.opted_out.is_some(),
            _ => false,
        };
        if !outdated {
            let again = Reply {
                received_at: now,
                since: now,
                claim: None,
                over: false,
                retried: true,
                ..given_up.clone()
            };
            given_up.posted = given_up.body.len();
            lane.push(again);
        }
    }

    /// The ids of the waiting replies of each lane, in order.
    pub fn waiting_ids(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut waiting = BTreeMap::new();
        for (lane, replies) in &self.lanes {
            let ids: Vec<&str> = replies
                .iter()
                .filter(|reply| !reply.over)
                .map(|it| it.id.as_str())
                .collect();
            if !ids.is_empty() {
                waiting.insert(lane.as_str(), ids);
            }
        }
        waiting
    }

    pub fn erase(&mut self) {
        // Their posts may still arrive.
        self.lanes
            .values_mut()
            .flatten()
            .for_each(|reply| reply.over = true);
        self.parts.clear();
        self.heard.clear();
        self.wishes.values_mut().for_each(|wish| *wish = None);
        self.opted_out = None;
    }
}
