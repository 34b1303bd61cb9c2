//! What happens.

use standins::{Push, Reply, Text};

use crate::narrator::Narrator;
use crate::stage::{Room, Stage};
use crate::support::NUMBERS;
use crate::synapse::Receipt;
use crate::witness::{ensure, until};

/// The whole story. Whoever tells it stops everything when it is dropped.
///
/// # Errors
/// Says what was not as told, with the Worker's log.
pub(crate) async fn tell() -> Result<(), String> {
    let narrator = Narrator::new();
    let stage = Stage::set(&narrator).await?;
    let story = Story { narrator, stage };
    story.all().await.map_err(|problem| {
        let log = story.stage.world.worker.logs().join("\n");
        format!("{problem}\nThe Worker's log:\n{log}")
    })
}

struct Story {
    narrator: Narrator,
    stage: Stage,
}

impl Story {
    async fn all(&self) -> Result<(), String> {
        let (lunch, project) = (&self.stage.lunch, &self.stage.project);
        let [first, second, _] = NUMBERS;
        let question = self
            .bob_does_not_read(lunch, "Are you coming to lunch?")
            .await?;
        let text = self
            .bob_is_texted(first, "Are you coming to lunch?")
            .await?;
        self.is_introduced(lunch, &text)?;
        self.bob_answers(first, "Yes, in ten minutes!").await?;
        self.the_answer_is_in(lunch, "Yes, in ten minutes!").await?;
        self.is_read_now(&question).await?;
        self.bob_reads_in_time(lunch, "We sit by the window.")
            .await?;
        self.bob_does_not_read(project, "Is the plan ready?")
            .await?;
        let text = self.bob_is_texted(second, "Is the plan ready?").await?;
        self.tell("That is another number: each room is a thread of its own.");
        self.is_introduced(project, &text)?;
        self.alice_corrects_herself(project, "We meet at three.", "We meet at four.")
            .await?;
        self.bob_is_texted(second, "We meet at four.").await?;
        self.bob_wants_no_more(first, lunch, "You forgot your umbrella.")
            .await?;
        self.there_were_texts(3)?;
        self.tell("Done: everything works.");
        Ok(())
    }

    fn tell(&self, line: &str) {
        self.narrator.tell(line);
    }

    /// Returns the id of the message.
    async fn alice_writes(&self, room: &Room, words: &str) -> String {
        let message = self.stage.alice.say(&room.id, words).await;
        self.tell(&format!("Alice writes in {}: “{words}”", room.name));
        message
    }

    /// Returns the id of the message.
    async fn bob_does_not_read(&self, room: &Room, words: &str) -> Result<String, String> {
        let message = self.alice_writes(room, words).await;
        let unread =
            async || (self.stage.bob_has_read(&message).await == Some(false)).then_some(());
        until("an unread message for Bob at the homeserver", unread).await?;
        self.tell("Bob does not read it: at the homeserver it counts as unread for him.");
        Ok(message)
    }

    /// Returns the text.
    async fn bob_is_texted(&self, number: &str, words: &str) -> Result<Text, String> {
        let text = async || self.stage.text_with(words);
        let text = until(&format!("a text with “{words}”"), text).await?;
        let line = format!("Bob's phone shows a text from {}:", text.number);
        self.narrator.show(&line, text.text.lines());
        ensure(text.number == number, || {
            format!("the text came from {}, not from {number}", text.number)
        })?;
        Ok(text)
    }

    fn is_introduced(&self, room: &Room, text: &Text) -> Result<(), String> {
        let introduction = format!("This thread is the room {}.", room.name);
        ensure(text.text.starts_with(&introduction), || {
            format!("the first text does not begin with “{introduction}”")
        })?;
        self.tell("As it is the first one of its thread, it begins with the introduction.");
        Ok(())
    }

    /// Bob texts to a number, and the Worker accepts it.
    async fn bob_texts(&self, number: &str, words: &str) -> Result<(), String> {
        let nexmo = &self.stage.world.nexmo;
        let before = nexmo.pushes().len();
        nexmo.reply(&Reply::new(&Stage::phone(), number, words));
        self.tell(&format!("Bob texts to {number}: “{words}”"));
        let accepted = async || {
            nexmo
                .pushes()
                .get(before)
                .filter(|push| push.delivered())
                .cloned()
        };
        until("the Worker accepting the inbound text", accepted)
            .await
            .map(|_: Push| ())
    }

    async fn bob_answers(&self, number: &str, words: &str) -> Result<(), String> {
        self.bob_texts(number, words).await?;
        self.tell("Nexmo pushed it to the Worker, which accepted it.");
        Ok(())
    }

    async fn the_answer_is_in(&self, room: &Room, words: &str) -> Result<(), String> {
        let answer = (self.stage.bob.id.clone(), words.to_owned());
        let posted = async || {
            let messages = self.stage.alice.messages(&room.id).await;
            messages.contains(&answer).then_some(messages)
        };
        let messages = until("Bob's answer in the room", posted).await?;
        let lines: Vec<String> = messages
            .iter()
            .map(|(who, words)| format!("{who}: {words}"))
            .collect();
        let line = format!("It is in {}, as Bob's own message. Alice sees:", room.name);
        self.narrator.show(&line, lines.iter().map(String::as_str));
        Ok(())
    }

    async fn is_read_now(&self, message: &str) -> Result<(), String> {
        let read = async || (self.stage.bob_has_read(message).await != Some(false)).then_some(());
        until("Alice's message counting as read", read).await?;
        self.tell("Since Bob has answered, Alice's message counts as read for him.");
        Ok(())
    }

    async fn bob_reads_in_time(&self, room: &Room, words: &str) -> Result<(), String> {
        let message = self.alice_writes(room, words).await;
        self.stage
            .bob
            .read(&room.id, &message, Receipt::Public)
            .await;
        self.tell("Bob reads it at once.");
        // A homeserver that has forgotten what was read does not say whether it was read or muted.
        self.is_dropped(&message, &["read", "read_or_muted"])
            .await?;
        self.tell("When it is due, the Worker asks the homeserver and sends no text.");
        Ok(())
    }

    async fn alice_corrects_herself(
        &self,
        room: &Room,
        old: &str,
        new: &str,
    ) -> Result<(), String> {
        let message = self.alice_writes(room, old).await;
        self.stage.alice.edit(&room.id, &message, new).await;
        self.tell(&format!("Before it is due, Alice edits it: “{new}”"));
        Ok(())
    }

    async fn bob_wants_no_more(
        &self,
        number: &str,
        room: &Room,
        words: &str,
    ) -> Result<(), String> {
        self.bob_texts(number, "STOP").await?;
        let message = self.alice_writes(room, words).await;
        self.is_dropped(&message, &["opted_out"]).await?;
        self.tell("Bob is not texted: he has said STOP.");
        Ok(())
    }

    /// Waits until the Worker has decided not to text a message, for one of these reasons.
    async fn is_dropped(&self, message: &str, reasons: &[&str]) -> Result<(), String> {
        let why = async || self.stage.why_dropped(message);
        let why = until("the Worker deciding about the message", why).await?;
        ensure(reasons.contains(&&*why), || {
            format!("no text was sent, but for another reason: {why}")
        })
    }

    fn there_were_texts(&self, count: usize) -> Result<(), String> {
        let texts = self.stage.world.nexmo.texts().len();
        ensure(texts == count, || {
            format!("{texts} texts were sent, not {count}")
        })
    }
}
