//! The result of a run.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use standins::{Message, Outcome, Receipt, Recorded, What};
use tokio::time::Instant;

use super::{Plan, people::People, support::World};

/// Longer than the lease of a try interrupted by a kill, plus a few retries.
const PATIENCE: Duration = Duration::from_secs(150);

/// What was sent, lost and doubled.
#[derive(Debug, Default)]
pub struct Verdict {
    pub messages: usize,
    pub webhooks_given_up: usize,
    pub texts: usize,
    /// Neither read, deleted nor texted.
    pub lost: Vec<String>,
    /// Messages texted more than once.
    pub doubled: usize,
    /// Repeated texts that lost responses do not explain.
    pub unexplained: usize,
    pub replies: usize,
    pub replies_lost: Vec<String>,
    /// Replies to texts that Nexmo accepted but whose response was lost, and whose message was read or
    /// deleted before the next try, which released the new link.
    pub replies_without_link: usize,
    /// Posted once, but into another conversation.
    pub replies_misplaced: Vec<String>,
    pub replies_doubled: Vec<String>,
}

impl Verdict {
    /// Waits until nothing is missing, at most for [`PATIENCE`].
    pub async fn when_quiet(world: &World, people: &People) -> Self {
        let end = Instant::now() + PATIENCE;
        loop {
            let verdict = Self::of(world, people);
            if verdict.is_complete() || Instant::now() > end {
                // Leaves time for duplicates to arrive.
                tokio::time::sleep(Duration::from_secs(3)).await;
                return Self::of(world, people);
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    pub fn is_complete(&self) -> bool {
        self.lost.is_empty() && self.replies_lost.is_empty()
    }

    fn of(world: &World, people: &People) -> Self {
        let messages: BTreeMap<_, _> = world
            .layer
            .all_messages()
            .into_iter()
            .map(|one| (one.id.clone(), one))
            .collect();
        let mut verdict = Self {
            messages: people.sent.len(),
            ..Self::default()
        };
        let deliveries = world.layer.deliveries();
        verdict.webhooks_given_up = deliveries
            .iter()
            .filter(|one| one.outcome == Outcome::GivenUp)
            .count();
        verdict.count_texts(world, people, &messages);
        verdict.count_replies(world, people, &messages);
        verdict
    }

    fn count_texts(
        &mut self,
        world: &World,
        people: &People,
        messages: &BTreeMap<String, Message>,
    ) {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for text in world.nexmo.texts() {
            *times.entry(text.client_ref.unwrap()).or_default() += 1;
        }
        self.texts = times.values().sum();
        let lost = lost_responses(&world.nexmo.traffic().requests());
        for (message, count) in &times {
            let explained = lost.get(message).copied().unwrap_or_default();
            self.doubled += usize::from(*count > 1);
            self.unexplained += (count - 1).saturating_sub(explained);
        }
        let texted: BTreeSet<_> = times.keys().collect();
        self.lost = people
            .sent
            .iter()
            .filter(|sent| {
                !texted.contains(&sent.id) && needs_text(&messages[&sent.id], &sent.user)
            })
            .map(|sent| sent.id.clone())
            .collect();
    }

    fn count_replies(
        &mut self,
        world: &World,
        people: &People,
        messages: &BTreeMap<String, Message>,
    ) {
        self.replies = people.replies.len();
        let without_link: BTreeSet<_> = world
            .entries("reply.without_link")
            .iter()
            .filter_map(|entry| entry["nexmo_id"].as_str().map(str::to_owned))
            .collect();
        for (words, reply) in &people.replies {
            let posted = messages
                .values()
                .filter(|one| one.text() == *words)
                .map(|one| one.conversation.as_ref() == Some(&reply.conversation))
                .collect::<Vec<_>>();
            match posted.as_slice() {
                [true] => {}
                [] if reply.ids.iter().any(|id| without_link.contains(id)) => {
                    self.replies_without_link += 1;
                }
                [] => self.replies_lost.push(words.clone()),
                [false] => self.replies_misplaced.push(words.clone()),
                _ => self.replies_doubled.push(words.clone()),
            }
        }
    }

    /// Asserts that every message that needed a text was texted, that every reply was posted once, and that
    /// only lost responses and kills doubled a text.
    pub fn check(&self, plan: Plan) {
        assert!(
            self.messages + plan.kills >= plan.messages,
            "{} messages",
            self.messages
        );
        assert_eq!(
            self.webhooks_given_up, 0,
            "the run outlasted Layer's retries"
        );
        assert!(self.lost.is_empty(), "lost: {:?}", self.lost);
        assert!(
            self.replies_lost.is_empty(),
            "lost: {:?}",
            self.replies_lost
        );
        assert!(
            self.replies_doubled.is_empty(),
            "doubled: {:?}",
            self.replies_doubled
        );
        assert!(
            self.replies_misplaced.is_empty(),
            "in the wrong conversation: {:?}",
            self.replies_misplaced
        );
        assert!(
            self.replies_without_link <= 2 * plan.kills,
            "{} replies without a link",
            self.replies_without_link
        );
        // The most tries that one kill can interrupt after Nexmo accepted their text.
        let by_kills = plan.kills * 20;
        assert!(
            self.unexplained <= by_kills,
            "{} unexplained doubles",
            self.unexplained
        );
    }
}

fn needs_text(message: &Message, user: &str) -> bool {
    let read = message
        .status
        .iter()
        .any(|(who, how)| who == user && *how == Receipt::Read);
    !message.deleted && !read
}

/// How often the text of each message was accepted but its response lost.
fn lost_responses(requests: &[Recorded]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in requests.iter().filter(|one| one.path == "/sms/json") {
        if matches!(request.fault, Some(What::AcceptThenReset)) {
            let reference = request
                .body
                .split('&')
                .find_map(|pair| pair.strip_prefix("client-ref="));
            *counts
                .entry(reference.unwrap_or_default().to_owned())
                .or_default() += 1;
        }
    }
    counts
}
