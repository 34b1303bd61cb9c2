//! Replies: each is posted once, in the conversation that its number stood for, in order of arrival.

use std::collections::{BTreeMap, HashSet};

use texting::{
    record::command::{InboundText, Part},
    time::{HOUR, MINUTE, Millis},
};

use crate::{names::conversation_id, network::Attempt};

#[derive(Clone, Debug)]
pub struct Reply {
    pub id: String,
    pub keyword: bool,
    phone: String,
    pub body: String,
    received_at: Millis,
    /// How much of it Layer has taken.
    posted: usize,
    claim: Option<(Attempt, Millis)>,
    pub over: bool,
}

type Group = (String, String, String, u8);

struct Held {
    part: u8,
    id: String,
    body: String,
    conversation: u32,
    at: Millis,
}

#[derive(Default)]
pub struct Replies {
    /// By conversation; keywords by themselves under an empty name.
    pub lanes: BTreeMap<String, Vec<Reply>>,
    parts: BTreeMap<Group, Vec<Held>>,
    heard: HashSet<String>,
    /// The phone that said STOP last, while that holds.
    pub opted_out: Option<String>,
}

const PATIENCE: Millis = 10 * MINUTE;

/// What a text consists of, if it is only that.
fn keyword(body: &str, answers_help: bool) -> bool {
    matches!(body, "STOP" | "START") || body == "HELP" && answers_help
}

impl Replies {
    pub fn is_known(&self, id: &str) -> bool {
        self.heard.contains(id)
    }

    /// A text was stored; it is for a conversation, or obeyed without one.
    pub fn stored(
        &mut self,
        now: Millis,
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

    fn queue(&mut self, now: Millis, text: &InboundText, to: Option<u32>, answers_help: bool) {
        let keyword = keyword(&text.text, answers_help);
        match text.text.as_str() {
            "STOP" => self.opted_out = Some(text.phone.clone()),
            "START" => self.opted_out = None,
            _ => {}
        }
        let lane = if keyword {
            String::new()
        } else {
            conversation_id(to.unwrap())
        };
        self.lanes.entry(lane).or_default().push(Reply {
            id: text.message_id.clone(),
            keyword,
            phone: text.phone.clone(),
            body: text.text.clone(),
            received_at: now,
            posted: 0,
            claim: None,
            over: false,
        });
    }

    fn part(&mut self, now: Millis, text: &InboundText, part: &Part, to: u32, answers_help: bool) {
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

    fn assemble(&mut self, now: Millis, group: &Group, answers_help: bool) {
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

    /// The object looked for work: what misses a part for ten minutes goes as it is.
    pub fn give_up_parts(&mut self, now: Millis, answers_help: bool) {
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

    /// Whether a START came from a phone since; perhaps only one that is still on its way to KV.
    pub fn has_start(&self, phone: &str, since: Millis, waits: bool) -> bool {
        self.lanes.get("").into_iter().flatten().any(|reply| {
            let is_start = reply.body == "START" && reply.phone == phone;
            is_start && reply.received_at >= since && !(waits && reply.over)
        })
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

    pub fn claimed(
        &mut self,
        now: Millis,
        attempt: Attempt,
        (lane, id): (&str, &str),
        lease: Millis,
    ) {
        let first = self
            .waiting(lane)
            .expect("a reply that does not wait is claimed");
        assert_eq!(first.id, id, "a reply is claimed before an earlier one");
        let open = first.claim.is_some_and(|(_, until)| until > now);
        assert!(!open, "reply {id} is claimed twice");
        first.claim = Some((attempt, lease));
    }

    /// The claim ended without an outcome.
    pub fn postponed(&mut self, lane: &str) {
        if let Some(reply) = self.waiting(lane) {
            reply.claim = None;
        }
    }

    /// Layer took a post that it had not had before.
    pub fn posted(&mut self, conversation: u32, piece: &str) {
        let lane = self
            .lanes
            .get_mut(&conversation_id(conversation))
            .expect("a post from nowhere");
        let fits = |reply: &Reply| reply.body[reply.posted..].starts_with(piece);
        let first = lane
            .iter()
            .position(|reply| !reply.over)
            .filter(|it| fits(&lane[*it]));
        // One that was given up may have been on its way.
        let late = || lane.iter().position(|reply| reply.over && fits(reply));
        let index = first
            .or_else(late)
            .expect("posted twice, too early, or never received");
        lane[index].posted += piece.len();
    }

    pub fn end(&mut self, now: Millis, (lane, id): (&str, &str), done: bool, refused: bool) {
        let lane = self.lanes.get_mut(lane).unwrap();
        let reply = lane.iter_mut().find(|reply| reply.id == id && !reply.over);
        let reply = reply.unwrap_or_else(|| panic!("reply {id} ends twice"));
        let longest = if reply.keyword { HOUR } else { 24 * HOUR };
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
    }

    /// What waits, in order.
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
        // A post that is on its way may still arrive.
        self.lanes
            .values_mut()
            .flatten()
            .for_each(|reply| reply.over = true);
        self.parts.clear();
        self.heard.clear();
        self.opted_out = None;
    }
}
