//! What one can do on the page.

use crate::settings::Chosen;
use crate::switches::{LayerMode, NexmoMode};
use crate::world::World;
use serde::Deserialize;
use std::sync::Arc;

/// One act.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "lowercase")]
pub(crate) enum Act {
    /// Someone writes in a conversation.
    Write {
        conversation: String,
        user: String,
        text: String,
    },
    /// Someone reads a conversation.
    Read { conversation: String, user: String },
    /// Someone leaves a conversation.
    Leave { conversation: String, user: String },
    /// A message is deleted for all.
    Delete { message: String },
    /// A conversation begins.
    Create { name: String, people: Vec<String> },
    /// Someone texts back.
    Reply {
        phone: String,
        number: String,
        text: String,
    },
    /// Nexmo works, or does not.
    Nexmo { mode: NexmoMode },
    /// Layer works, or does not.
    Layer { mode: LayerMode },
    /// Somebody writes to this user in more conversations than there are numbers.
    Exhaust { user: String },
    /// The Worker forgets this user.
    Forget { user: String },
    /// The Worker is killed.
    Kill,
    /// The Worker is started again.
    Start,
    /// The Worker is deployed with other settings.
    Settings(Chosen),
}

impl World {
    pub(crate) async fn act(self: &Arc<Self>, act: Act) -> Result<(), String> {
        match act {
            Act::Write {
                conversation,
                user,
                text,
            } => self.write(&conversation, &user, &text),
            Act::Read { conversation, user } => {
                let read = self.layer.mark_all_read(&conversation, &user);
                let nothing = |refused| match refused {
                    standins::Refused::NoEffect => "There is nothing unread.".to_owned(),
                    other => other.to_string(),
                };
                read.map(drop).map_err(nothing)
            }
            Act::Leave { conversation, user } => {
                let left = self.layer.leave(&conversation, &user);
                left.map(drop).map_err(|refused| refused.to_string())
            }
            Act::Delete { message } => {
                let deleted = self.layer.delete_message(&message);
                deleted.map(drop).map_err(|refused| refused.to_string())
            }
            Act::Create { name, people } => self.create(&name, &people),
            Act::Reply {
                phone,
                number,
                text,
            } => {
                self.reply(&phone, &number, &text);
                Ok(())
            }
            Act::Exhaust { user } => self.exhaust(&user),
            other => self.switch(other).await,
        }
    }

    async fn switch(self: &Arc<Self>, act: Act) -> Result<(), String> {
        match act {
            Act::Nexmo { mode } => self.switches.set_nexmo(&self.nexmo, mode),
            Act::Layer { mode } => self.switches.set_layer(&self.layer, mode),
            Act::Kill if self.runner.managed() => self.runner.kill().await,
            Act::Forget { user } => {
                if !self.layer.users().iter().any(|one| one.user_id == user) {
                    return Err("There is no such user.".to_owned());
                }
                let forgotten = self.runner.forget(&user).await;
                return forgotten
                    .then_some(())
                    .ok_or("The Worker does not answer.".to_owned());
            }
            Act::Start => {
                let started = self.runner.start().await;
                return started.map_err(|problem| problem.to_string());
            }
            Act::Settings(chosen) if self.runner.managed() => {
                if !chosen.is_plain() {
                    return Err("A span of time is letters, digits, blanks and dots.".to_owned());
                }
                let deployed = self.runner.deploy(chosen).await;
                return deployed.map_err(|problem| problem.to_string());
            }
            _ => return Err("The Worker was not started from here.".to_owned()),
        }
        Ok(())
    }

    fn write(&self, conversation: &str, user: &str, text: &str) -> Result<(), String> {
        let said = self.layer.say(conversation, user, text);
        said.map(drop).map_err(|refused| refused.to_string())
    }

    fn create(&self, name: &str, people: &[String]) -> Result<(), String> {
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        if people.len() < 2 {
            return Err("A conversation needs two people.".to_owned());
        }
        let name = name.trim();
        let name = if name.is_empty() { "Untitled" } else { name };
        self.converse(name, &people).map(drop)
    }

    /// One conversation more than there are numbers, each with something unread: the last one gets none.
    fn exhaust(&self, user: &str) -> Result<(), String> {
        let wanted = self.nexmo.numbers().len() + 1;
        let others = self.layer.users();
        let other = others.iter().find(|other| other.user_id != user);
        let other = other.ok_or("There is nobody else.")?.user_id.clone();
        let mut open = self.shared_with_others(user);
        while open.len() < wanted {
            let name = format!("Talk {}", open.len() + 1);
            let id = self.converse(&name, &[&other, user])?;
            open.push((id, other.clone()));
        }
        for (id, writer) in open.iter().take(wanted) {
            self.write(id, writer, "Are you there?")?;
        }
        Ok(())
    }

    /// The user's conversations, and somebody else in each.
    fn shared_with_others(&self, user: &str) -> Vec<(String, String)> {
        let all = self.layer.conversations().into_iter();
        let shared = all.filter(|one| !one.deleted && one.participants.iter().any(|id| id == user));
        shared
            .filter_map(|one| {
                let other = one.participants.iter().find(|id| *id != user)?.clone();
                Some((one.id, other))
            })
            .collect()
    }
}
