//! The words of a text: those of its messages, by the operator's templates.

use serde_json::Value;

use super::{
    Attempt, End,
    gathering::Unread,
    questions::{Answers, found},
};
use crate::{
    attempt::{Turns, effects::Effects},
    digest,
    ids::MessageId,
    record::{Record, ending::Dropped, outcome::TextOutcome},
    sms::{control::is_blank, gsm::Sms},
    template::{Context, Template, TemplateError},
    words::Words,
};

pub(super) use crate::digest::Message;

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    /// The values of each message for templates. Messages without words end.
    pub(super) fn read(
        &self,
        record: &Record<'_>,
        unread: &[Unread],
        answers: &Answers,
    ) -> Result<Vec<Message>, End> {
        let mut messages = Vec::new();
        let mut blank = Vec::new();
        for one in unread {
            match self.values(&one.message, answers)? {
                Some(message) => messages.push(message),
                None => blank.push(one.message_id.clone()),
            }
        }
        match blank.is_empty() {
            true => Ok(messages),
            false => self.leave_out(record, &blank).map(|()| messages),
        }
    }

    /// The values of a message; `None` if it has no words.
    fn values(&self, message: &Value, answers: &Answers) -> Result<Option<Message>, End> {
        let sender = answers.sender(message)?;
        let words = Words::of(message, self.effects.settings().attachments);
        let context = Context::new(
            message,
            &sender.identity,
            answers.recipient()?,
            &words.text,
            &words.attachments_json(),
            None,
        );
        let line = self.effects.settings().template.render(&context);
        let line = line.map_err(|error| fault("TEMPLATE", &error))?;
        let is_blank = is_blank(&words.text) || is_blank(&line) && self.digest_template().is_none();
        Ok((!is_blank).then_some(Message {
            context,
            line,
            sender: sender.user_id,
            sender_name: sender.name,
        }))
    }

    /// Ends messages without words. If all are, the text's notices end with this outcome.
    fn leave_out(&self, record: &Record<'_>, blank: &[MessageId]) -> Result<(), End> {
        let covered = self.covered.borrow().clone();
        if covered.shown.len() == blank.len() && covered.counted.is_empty() {
            return Err(Dropped::Blank.into());
        }
        let left = record.without_blanks(self.claim, &covered, blank)?;
        self.covered.replace(left.ok_or(End::Void)?);
        Ok(())
    }

    /// Ends the attempt if the text renders blank.
    pub(super) fn not_blank(&self, digest: &digest::Parts<'_>) -> Result<(), End> {
        match digest.is_blank() {
            Ok(false) => Ok(()),
            Ok(true) => Err(Dropped::Blank.into()),
            Err(error) => Err(fault("DIGEST_TEMPLATE", &error)),
        }
    }

    /// The words of the text. Notes the last message whose words it shows: it may be marked as read later.
    pub(super) fn words(&self, digest: &digest::Parts<'_>) -> Result<Sms, End> {
        let made = digest.text();
        let made = made.map_err(|error| fault("DIGEST_TEMPLATE", &error))?;
        let made = made.ok_or(End::from(Dropped::Blank))?;
        let shows_words = self.digest_template().is_some() || self.lines_show_words();
        let mut covered = self.covered.borrow_mut();
        let mut shown = covered.shown.iter().take(made.shown);
        covered.last_shown = shown.next_back().filter(|_| shows_words).cloned();
        Ok(made.sms)
    }

    /// Whether the template of texts, by which each message is a line, shows what messages say. Of a template of digests,
    /// [`digest::Worded::shown`] tells.
    fn lines_show_words(&self) -> bool {
        let template = &self.effects.settings().template;
        ["text", "parts", "message"]
            .iter()
            .any(|name| template.uses(name))
    }

    /// What the text is made of, but for its introduction.
    pub(super) fn parts<'p>(
        &'p self,
        messages: &'p [Message],
        answers: &'p Answers,
    ) -> Result<digest::Parts<'p>, End> {
        let conversation = match &answers.conversation {
            Some(conversation) if self.digest_shows("conversation") => Some(found(conversation)?),
            _ => None,
        };
        Ok(digest::Parts {
            template: self.digest_template(),
            messages,
            count: self.covered.borrow().count(),
            recipient: answers.recipient()?,
            conversation,
            introduction: "",
        })
    }

    /// The template of the text if it is a digest with one of its own.
    fn digest_template(&self) -> Option<&Template> {
        let digest = self.effects.settings().digest.as_ref()?;
        let is_digest = self.covered.borrow().count() > 1;
        digest.template.as_ref().filter(|_| is_digest)
    }

    /// Whether the text is a digest whose template uses a name.
    pub(super) fn digest_shows(&self, name: &str) -> bool {
        self.digest_template()
            .is_some_and(|template| template.uses(name))
    }
}

fn fault(setting: &str, error: &TemplateError) -> End {
    End::With(TextOutcome::OperatorFault(format!("{setting}: {error}")))
}
