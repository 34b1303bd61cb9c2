//! The words of a text: a message's own, or a digest of several messages of a conversation.

pub mod senders;

use serde_json::Value;

use crate::{
    identity::Identity,
    sms::{
        control::is_blank,
        gsm::{Sms, fits, sms_ending_in},
    },
    template::{Context, DigestValues, Template, TemplateError},
};
use senders::Sender;

/// What a text is made of.
pub struct Parts<'a> {
    /// The template of digests, if it is one. `None`: each message as in a text of its own, one line each.
    pub template: Option<&'a Template>,
    /// The values of each message that may be shown, in order: at least one.
    pub messages: &'a [Message],
    /// How many messages it covers, shown or not.
    pub count: usize,
    /// The recipient.
    pub recipient: &'a Identity,
    /// The conversation as fetched, if the template or the introduction needs it.
    pub conversation: Option<&'a Value>,
    /// What stands before it; empty if there is no introduction.
    pub introduction: &'a str,
}

/// A message that a digest may show.
pub struct Message {
    /// Its values for templates.
    pub context: Context,
    /// A text about it alone.
    pub line: String,
    /// The user who sent it; empty if no user did.
    pub sender: String,
    /// The sender's name.
    pub sender_name: String,
}

/// A text that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worded {
    /// Its words.
    pub sms: Sms,
    /// Of how many messages it shows the words, from the first on.
    pub shown: usize,
}

impl Parts<'_> {
    /// The text with as many messages as fit into six parts, from the first on. A line says how many more there are.
    /// Only a first message that is too long by itself is cut. `None` if the template renders blank.
    ///
    /// # Errors
    /// [`TemplateError`] if the template fails.
    pub fn text(&self) -> Result<Option<Worded>, TemplateError> {
        let mut shown = self.messages;
        let mut rendering = self.rendering(shown)?;
        if is_blank(&rendering) {
            return Ok(None);
        }
        loop {
            let text = format!("{}{rendering}", self.introduction);
            let ending = self.ending(shown.len());
            let is_last = shown.len() <= 1 || !self.shows_messages();
            let fewer = shown.split_last().map_or(shown, |(_, fewer)| fewer);
            if !is_last && !fits(&format!("{text}{ending}")) {
                let shorter = self.rendering(fewer)?;
                if !is_blank(&shorter) {
                    (shown, rendering) = (fewer, shorter);
                    continue;
                }
            }
            return Ok(Some(Worded {
                sms: sms_ending_in(&text, &ending),
                shown: if self.shows_messages() {
                    shown.len()
                } else {
                    0
                },
            }));
        }
    }

    /// Whether the template renders blank.
    ///
    /// # Errors
    /// [`TemplateError`] if the template fails.
    pub fn is_blank(&self) -> Result<bool, TemplateError> {
        Ok(is_blank(&self.rendering(self.messages)?))
    }

    /// The last line: how many messages are not shown; empty if all are, or if the template shows none.
    fn ending(&self, shown: usize) -> String {
        match self.count.saturating_sub(shown) {
            more if more > 0 && self.shows_messages() => format!("\n+{more} more"),
            _ => String::new(),
        }
    }

    fn shows_messages(&self) -> bool {
        self.template
            .is_none_or(|template| template.uses("messages") || template.uses("text"))
    }

    /// The digest of these messages.
    fn rendering(&self, messages: &[Message]) -> Result<String, TemplateError> {
        let lines: Vec<&str> = messages.iter().map(|it| it.line.as_str()).collect();
        let lines = lines.join("\n");
        match self.template {
            None => Ok(lines),
            Some(template) => template.render(&self.context(messages, &lines)),
        }
    }

    fn context(&self, messages: &[Message], lines: &str) -> Context {
        let contexts: Vec<Context> = messages.iter().map(|it| it.context.clone()).collect();
        let senders = senders::senders(self.messages.iter().map(|message| Sender {
            user: &message.sender,
            name: &message.sender_name,
        }));
        Context::digest(&DigestValues {
            messages: &contexts,
            count: self.count,
            senders: &senders,
            text: lines,
            recipient: self.recipient,
            conversation: self.conversation,
        })
    }
}

#[cfg(test)]
mod tests;
