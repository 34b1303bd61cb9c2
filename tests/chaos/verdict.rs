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

/// The longest time between Nexmo's acceptance of a text and the storing of it, on a machine that is overloaded.
const IN_FLIGHT: Duration = Duration::from_secs(5);
/// The longest time between a kill and Nexmo's acceptance of a text that was sent before it.
const ARRIVING: Duration = Duration::from_secs(1);

/// What was sent, lost and doubled.
#[derive(Debug, Default)]
pub struct Verdict {
    pub messages: usize,
    pub webhooks_given_up: usize,
    pub texts: usize,
    /// Neither read, deleted, texted nor perhaps sent.
    pub lost: Vec<String>,
    /// Given up after three lost responses.
    pub perhaps_sent: usize,
    /// Given up as perhaps sent, though fewer than three responses were lost.
    pub perhaps_sent_too_early: Vec<String>,
    /// Messages texted more than once.
    pub doubled: usize,
    /// Messages with a repeated text that neither a lost response nor a kill explains.
    pub unexplained: Vec<String>,
    pub replies: usize,
    pub replies_lost: Vec<String>,
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
        verdict.count_replies(people, &messages);
        verdict
    }

    fn count_texts(
        &mut self,
        world: &World,
        people: &People,
        messages: &BTreeMap<String, Message>,
    ) {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        let requests = world.nexmo.traffic().requests();
        let is_reset = |what: &What| *what == What::AcceptThenReset;
        let mut explained = texts_with(people, &requests, is_reset);
        for text in world.nexmo.texts() {
            let message = people.message_in(&text.text).to_owned();
            if people.kills.iter().any(|kill| is_near(text.at, *kill)) {
                *explained.entry(message.clone()).or_default() += 1;
            }
            *times.entry(message).or_default() += 1;
        }
        self.texts = times.values().sum();
        for (message, count) in &times {
            let explained = explained.get(message).copied().unwrap_or_default();
            self.doubled += usize::from(*count > 1);
            if count - 1 > explained {
                self.unexplained.push(message.clone());
            }
        }
        let perhaps_sent = ids(world, "notice.perhaps_sent", "message_id");
        self.perhaps_sent = perhaps_sent.len();
        let without_response = texts_with(people, &requests, |what| {
            matches!(what, What::Reset | What::AcceptThenReset | What::Hang(_))
        });
        let too_early = perhaps_sent.iter().filter(|id| {
            let requests = without_response.get(*id).copied().unwrap_or_default();
            requests + people.kills.len() < 3
        });
        self.perhaps_sent_too_early = too_early.cloned().collect();
        let is_lost = |id: &String, user: &str| {
            !times.contains_key(id) && !perhaps_sent.contains(id) && needs_text(&messages[id], user)
        };
        let lost = people
            .sent
            .iter()
            .filter(|sent| is_lost(&sent.id, &sent.user));
        self.lost = lost.map(|sent| sent.id.clone()).collect();
    }

    fn count_replies(&mut self, people: &People, messages: &BTreeMap<String, Message>) {
        self.replies = people.replies.len();
        for (words, conversation) in &people.replies {
            let posted = messages
                .values()
                .filter(|one| one.text() == *words)
                .map(|one| one.conversation.as_ref() == Some(conversation))
                .collect::<Vec<_>>();
            match posted.as_slice() {
                [true] => {}
                [] => self.replies_lost.push(words.clone()),
                [false] => self.replies_misplaced.push(words.clone()),
                _ => self.replies_doubled.push(words.clone()),
            }
        }
    }

    /// Asserts that every message that needed a text was texted, that every reply was posted once into its own
    /// conversation, and that only lost responses and kills doubled a text.
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
            self.perhaps_sent_too_early.is_empty(),
            "given up too early: {:?}",
            self.perhaps_sent_too_early
        );
        assert!(
            self.unexplained.is_empty(),
            "doubled without a reason: {:?}",
            self.unexplained
        );
    }
}

/// Whether a text was accepted so near to a kill that this may not have been stored.
fn is_near(accepted: Instant, kill: Instant) -> bool {
    accepted < kill + ARRIVING && kill < accepted + IN_FLIGHT
}

/// The ids in a field of all log entries with a name.
fn ids(world: &World, entry: &str, field: &str) -> BTreeSet<String> {
    let entries = world.entries(entry).into_iter();
    entries
        .filter_map(|entry| entry[field].as_str().map(str::to_owned))
        .collect()
}

fn needs_text(message: &Message, user: &str) -> bool {
    let read = message
        .status
        .iter()
        .any(|(who, how)| who == user && *how == Receipt::Read);
    !message.deleted && !read
}

/// How often a request to text about each message met such a fault.
fn texts_with(
    people: &People,
    requests: &[Recorded],
    fault: impl Fn(&What) -> bool,
) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in requests.iter().filter(|one| one.path == "/sms/json") {
        if request.fault.as_ref().is_some_and(&fault) {
            let mut fields = form_urlencoded::parse(request.body.as_bytes());
            let (_, text) = fields.find(|(name, _)| name == "text").unwrap();
            let message = people.message_in(&text).to_owned();
            *counts.entry(message).or_default() += 1;
        }
    }
    counts
}
