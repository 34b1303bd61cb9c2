//! `--guided`: one conversation, printed step by step.

use crate::problem::Problem;
use crate::terminal::say;
use crate::world::World;
use standins::{Message, Outcome, Text};
use std::time::Duration;
use tokio::time::Instant;

const LIMIT: Duration = Duration::from_secs(60);
const QUESTION: &str = "Are you coming to lunch?";
const REPLY: &str = "Yes, in ten minutes!";
const PHONE: &str = "15550102002";

struct Guide<'a> {
    world: &'a World,
    conversation: String,
    begun: Instant,
}

/// Alice sends a message, Bob does not read it and receives a text; his reply is posted as his message.
///
/// # Errors
/// A step did not succeed within the limit.
pub(crate) async fn play(world: &World) -> Result<(), Problem> {
    let first = world
        .layer
        .conversations()
        .into_iter()
        .find(|one| one.participants == ["alice", "bob"]);
    let none = || Problem::Failed("Alice and Bob have no conversation".to_owned());
    let conversation = first.ok_or_else(none)?.id;
    let guide = Guide {
        world,
        conversation,
        begun: Instant::now(),
    };
    guide.alice_writes().await?;
    let text = guide.a_text_arrives().await?;
    guide.bob_replies(&text).await?;
    guide.the_reply_is_in_the_chat().await?;
    guide.tell("Done: everything works.");
    Ok(())
}

impl Guide<'_> {
    fn tell(&self, line: &str) {
        say(&format!(
            "[{:5.1} s] {line}",
            self.begun.elapsed().as_secs_f64()
        ));
    }

    fn left(&self) -> Duration {
        LIMIT.saturating_sub(self.begun.elapsed())
    }

    async fn alice_writes(&self) -> Result<(), Problem> {
        let sent = self.world.layer.say(&self.conversation, "alice", QUESTION);
        let sent = sent.map_err(|refused| Problem::Failed(refused.to_string()))?;
        self.tell(&format!(
            "Alice writes in the chat: “{QUESTION}” Bob does not read it."
        ));
        let delivered = |all: &[standins::Delivery]| {
            let mut ours = all.iter().filter(|one| one.event_id == sent.event.id);
            ours.any(|one| one.outcome == Outcome::Delivered)
        };
        let called = self
            .world
            .layer
            .wait_for_deliveries(self.left(), delivered)
            .await;
        called.map_err(|_| self.not_called())?;
        self.tell("Layer called the Worker's webhook and got a 2xx in time.");
        Ok(())
    }

    fn not_called(&self) -> Problem {
        let calls = self.world.layer.deliveries();
        let last = calls.last().and_then(|call| call.attempts.last());
        Problem::Failed(match last {
            None => "Layer had no active webhook to call".to_owned(),
            Some(attempt) => format!(
                "the Worker's webhook never returned a 2xx; last: {:?}",
                attempt.answer
            ),
        })
    }

    async fn a_text_arrives(&self) -> Result<Text, Problem> {
        let is_bobs = |text: &&Text| text.phone == PHONE && text.text.contains(QUESTION);
        let arrived = self
            .world
            .nexmo
            .wait_for(self.left(), |texts| texts.iter().any(|text| is_bobs(&text)))
            .await;
        let missing = || {
            let tries = self.world.nexmo.traffic().count("/sms/json");
            Problem::Failed(format!(
                "no text arrived on Bob's phone in time ({tries} requests to Nexmo; is DELAY some seconds?)"
            ))
        };
        let texts = arrived.map_err(|_| missing())?;
        let text = texts
            .into_iter()
            .find(|text| is_bobs(&text))
            .ok_or_else(missing)?;
        self.tell(&format!("Bob's phone shows a text from {}:", text.number));
        for line in text.text.lines() {
            say(&format!("            | {line}"));
        }
        Ok(text)
    }

    async fn bob_replies(&self, text: &Text) -> Result<(), Problem> {
        self.world.reply(PHONE, &text.number, REPLY);
        self.tell(&format!("Bob texts back: “{REPLY}”"));
        let pushed = self
            .world
            .nexmo
            .wait_for_pushes(self.left(), |all| all.iter().any(|one| one.delivered()));
        let last = || {
            let pushes = self.world.nexmo.pushes();
            let answer = pushes
                .last()
                .and_then(|push| push.attempts.last().map(|last| last.answer.clone()));
            Problem::Failed(match answer {
                None => "the number has no URL at the Worker".to_owned(),
                Some(answer) => format!("the Worker did not accept the inbound text: {answer:?}"),
            })
        };
        pushed.await.map_err(|_| last())?;
        self.tell("Nexmo pushed it to the Worker, which accepted it.");
        Ok(())
    }

    async fn the_reply_is_in_the_chat(&self) -> Result<(), Problem> {
        let is_reply =
            |message: &Message| message.sender.user() == Some("bob") && message.text() == REPLY;
        let all = |messages: &[Message]| messages.iter().any(is_reply);
        let posted = self
            .world
            .layer
            .wait_for(&self.conversation, self.left(), all)
            .await;
        posted.map_err(|_| {
            let posts = self.world.layer.posts();
            let last = posts
                .last()
                .map_or_else(|| "none".to_owned(), |post| post.status.to_string());
            Problem::Failed(format!(
                "the reply is not in the conversation (status of the last post: {last})"
            ))
        })?;
        self.tell("The reply is in the conversation, as Bob's own message.");
        Ok(())
    }
}
