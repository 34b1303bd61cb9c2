//! The actions of the page.

use crate::page_settings::PageSettings;
use crate::switches::{LayerMode, NexmoMode, PhoneMode};
use crate::world::{World, phone_of};
use serde::Deserialize;
use standins::{Part, Sender};
use std::sync::Arc;

/// An action.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "lowercase")]
pub(crate) enum Act {
    /// A user sends a message.
    Write {
        conversation: String,
        user: String,
        text: String,
        #[serde(default)]
        photo: bool,
    },
    /// A user reads a conversation.
    Read { conversation: String, user: String },
    /// A user leaves a conversation.
    Leave { conversation: String, user: String },
    /// A message is deleted for all participants.
    Delete { message: String },
    /// A conversation is created.
    Create { name: String, people: Vec<String> },
    /// A text is sent from a phone.
    Reply {
        phone: String,
        number: String,
        text: String,
    },
    /// Sets Nexmo's mode.
    Nexmo { mode: NexmoMode },
    /// Sets Layer's mode.
    Layer { mode: LayerMode },
    /// Sets what becomes of the texts to a user's phone.
    Phone { user: String, mode: PhoneMode },
    /// Sends this user messages in more conversations than there are numbers.
    Exhaust { user: String },
    /// Erases a user record.
    Forget { user: String },
    /// Kills the Worker.
    Kill,
    /// Starts the Worker.
    Start,
    /// Restarts the Worker with other `DELAY` and `NUMBER_EXPIRATION_TIME`.
    Settings { delay: String, expiration: String },
    /// Restarts the Worker with digests on or off.
    Digests { on: bool },
    /// Restarts the Worker with quiet hours on or off.
    Quiet { on: bool },
    /// Sets the clock of the page.
    Clock { time: String },
}

/// A conversation of a user, and another participant.
struct OpenConversation {
    conversation: String,
    other: String,
}

impl World {
    /// Carries out an action. The error is a text for the page.
    pub(crate) async fn act(self: &Arc<Self>, act: Act) -> Result<(), String> {
        match act {
            Act::Write {
                conversation,
                user,
                text,
                photo,
            } => self.write(&conversation, &user, &text, photo),
            Act::Read { conversation, user } => {
                let read = self.layer.mark_all_read(&conversation, &user);
                let describe = |refused| match refused {
                    standins::Refused::NoEffect => "There is nothing unread.".to_owned(),
                    other => other.to_string(),
                };
                read.map(drop).map_err(describe)
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
            other => self.operate(other).await,
        }
    }

    /// The actions on the services and the Worker.
    async fn operate(self: &Arc<Self>, act: Act) -> Result<(), String> {
        match act {
            Act::Nexmo { mode } => self.switches.set_nexmo(&self.nexmo, mode),
            Act::Layer { mode } => self.switches.set_layer(&self.layer, mode),
            Act::Phone { user, mode } => return self.set_phone(&user, mode),
            Act::Kill if self.process.is_managed() => self.process.kill().await,
            Act::Forget { user } => {
                if !self.layer.users().iter().any(|one| one.user_id == user) {
                    return Err("There is no such user.".to_owned());
                }
                let erased = self.process.erase(&user).await;
                return erased
                    .then_some(())
                    .ok_or("The Worker did not erase the record.".to_owned());
            }
            Act::Start => {
                let started = self.process.start().await;
                return started.map_err(|problem| problem.to_string());
            }
            other if self.process.is_managed() => return self.set(other).await,
            _ => return Err("The playground did not start the Worker.".to_owned()),
        }
        Ok(())
    }

    fn set_phone(&self, user: &str, mode: PhoneMode) -> Result<(), String> {
        let users = self.layer.users();
        let user = users.iter().find(|one| one.user_id == user);
        let phone = phone_of(user.ok_or("There is no such user.")?);
        self.push_receipts(Some((phone, mode)));
        Ok(())
    }

    /// The actions on the Worker's settings.
    async fn set(&self, act: Act) -> Result<(), String> {
        match act {
            Act::Settings { delay, expiration } => {
                let change = |settings: &mut PageSettings| {
                    settings.delay = delay;
                    settings.expiration = expiration;
                };
                self.redeploy(change).await
            }
            Act::Digests { on } => self.redeploy(|settings| settings.digests = on).await,
            Act::Quiet { on } => self.set_quiet(on).await,
            Act::Clock { time } => self.set_clock(&time).await,
            _ => Err("That is no setting.".to_owned()),
        }
    }

    /// A user sends words, a photo, or both.
    fn write(&self, conversation: &str, user: &str, text: &str, photo: bool) -> Result<(), String> {
        let words = (!photo || !text.trim().is_empty()).then(|| Part::text(text));
        let photo = photo.then(|| Part::content("image/jpeg"));
        let parts = words.into_iter().chain(photo).collect();
        let sender = Sender::User(user.to_owned());
        let sent = self.layer.send_message(conversation, sender, parts);
        sent.map(drop).map_err(|refused| refused.to_string())
    }

    fn create(&self, name: &str, people: &[String]) -> Result<(), String> {
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        if people.len() < 2 {
            return Err("A conversation needs two participants.".to_owned());
        }
        let name = name.trim();
        let name = if name.is_empty() { "Untitled" } else { name };
        self.create_conversation(name, &people).map(drop)
    }

    /// Sends an unread message in one conversation more than there are numbers, so that the last gets none.
    fn exhaust(&self, user: &str) -> Result<(), String> {
        let wanted = self.nexmo.numbers().len() + 1;
        let others = self.layer.users();
        let other = others.iter().find(|other| other.user_id != user);
        let other = other.ok_or("There is no other user.")?.user_id.clone();
        let mut open = self.shared_with_others(user);
        while open.len() < wanted {
            let name = format!("Talk {}", open.len() + 1);
            let conversation = self.create_conversation(&name, &[&other, user])?;
            open.push(OpenConversation {
                conversation,
                other: other.clone(),
            });
        }
        for one in open.iter().take(wanted) {
            self.write(&one.conversation, &one.other, "Are you there?", false)?;
        }
        Ok(())
    }

    /// The user's conversations that have another participant.
    fn shared_with_others(&self, user: &str) -> Vec<OpenConversation> {
        let all = self.layer.conversations().into_iter();
        let shared = all.filter(|one| !one.deleted && one.participants.iter().any(|id| id == user));
        shared
            .filter_map(|one| {
                let other = one.participants.iter().find(|id| *id != user)?.clone();
                Some(OpenConversation {
                    conversation: one.id,
                    other,
                })
            })
            .collect()
    }
}
