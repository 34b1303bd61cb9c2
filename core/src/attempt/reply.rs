//! One attempt to act on an inbound text: to post it as the user, or to obey a keyword.

use super::{LONGEST_ATTEMPT, Turns, effects::Effects, last_wish};
use crate::{
    chat::post::{Mark, Post, PostOutcome, dedupe_id},
    consent::Wish,
    delivery::{OPEN_FOR, open_key},
    http::{Http, HttpRequest},
    ids::{ConversationId, TextReference},
    kv::{Kv, KvEntry, KvError},
    log::{Entry, Level},
    nexmo::send::{SendOutcome, Text, read_send_response, send},
    record::{
        reply::{ReplyClaim, ReplyOutcome},
        tables::replies::Action,
    },
    sms::{control::without_controls, gsm, keyword::Keyword},
    storage::StoreError,
    time::{SECOND, Span, Timestamp},
};

/// How often a conversation is tried to be marked as read.
const MOST_MARKS: usize = 3;
/// How long each of these tries may take: others of the user wait for the connection.
const MARK_TIMEOUT: Span = SECOND.times(3);

/// Acts on a claimed reply and stores the outcome.
///
/// # Errors
/// [`StoreError`] if a turn fails: another attempt follows when the claim's lease ends.
pub async fn run(
    turns: &impl Turns,
    effects: &impl Effects,
    claim: &ReplyClaim,
) -> Result<(), StoreError> {
    let attempt = Attempt {
        turns,
        effects,
        claim,
        deadline: claim.claimed_at + LONGEST_ATTEMPT,
    };
    if let Some(outcome) = attempt.act().await? {
        let random = effects.random();
        turns.last(|record| record.reply_ended(claim, outcome.clone(), random))?;
        if outcome == ReplyOutcome::Done {
            attempt.mark_read().await;
        }
    }
    Ok(())
}

impl From<PostOutcome> for ReplyOutcome {
    fn from(outcome: PostOutcome) -> Self {
        match outcome {
            PostOutcome::Posted => Self::Done,
            PostOutcome::TryAgain { why, wait: None } => Self::Failed(why),
            PostOutcome::TryAgain {
                why,
                wait: Some(wait),
            } => Self::Throttled { why, wait },
            PostOutcome::OperatorFault { why } => Self::OperatorFault(why),
            PostOutcome::Refused { why } => Self::Refused(why),
        }
    }
}

struct Attempt<'a, T, E> {
    turns: &'a T,
    effects: &'a E,
    claim: &'a ReplyClaim,
    deadline: Timestamp,
}

/// The outcome of an attempt; `None` if the claim is void, so that there is nothing to store.
type Ended = Result<Option<ReplyOutcome>, StoreError>;

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    async fn act(&self) -> Ended {
        let settings = self.effects.settings();
        match &self.claim.reply.action {
            Action::Post(conversation_id) => self.post(conversation_id).await,
            Action::Obey(Keyword::Stop) => {
                let answer = settings.stop_reply.as_deref();
                self.obey(self.wish(true), answer).await
            }
            Action::Obey(Keyword::Start) => self.obey(self.wish(false), None).await,
            Action::Obey(Keyword::Help) => self.answer(settings.help_reply.as_deref()).await,
            Action::CarrierStop(since) => {
                let (opted_out, at) = (true, *since);
                self.obey(Wish { opted_out, at }, None).await
            }
            Action::NoteOpen(reference) => self.note_open(reference).await,
        }
    }

    /// Makes the chat ready, then posts the pieces in order.
    async fn post(&self, conversation_id: &ConversationId) -> Ended {
        let (chat, user_id) = (&self.effects.settings().chat, &self.claim.user_id);
        let ready = chat.may_post(self.effects, user_id, conversation_id, self.deadline);
        if let Err(outcome) = ready.await {
            return Ok(Some(outcome.into()));
        }
        self.post_pieces(conversation_id).await
    }

    /// Each piece has its own de-duplication id, the same in every try, so the chat posts
    /// none of them twice.
    async fn post_pieces(&self, conversation_id: &ConversationId) -> Ended {
        let (reply, chat) = (&self.claim.reply, &self.effects.settings().chat);
        let pieces = chat.pieces(&without_controls(&reply.body));
        for (index, piece) in pieces.iter().enumerate() {
            let connection = self.effects.connect().await;
            if !self.may_act()? {
                return Ok(None);
            }
            let request = chat.post(&Post {
                conversation_id,
                user_id: &self.claim.user_id,
                text: piece,
                dedupe_id: &dedupe_id(&reply.message_id, index),
            });
            let response = self.effects.call_over(connection, request, self.deadline);
            match chat.posted(&response.await) {
                PostOutcome::Posted => {}
                failed => return Ok(Some(failed.into())),
            }
        }
        Ok(Some(ReplyOutcome::Done))
    }

    /// Marks what the user had been shown when the reply came in as read. Tries a few times; a mark that fails is made up
    /// for by the next one.
    async fn mark_read(&self) {
        let Some(mut request) = self.mark() else {
            return;
        };
        request.timeout = MARK_TIMEOUT;
        let mut last = String::new();
        for _ in 0..MOST_MARKS {
            if self.effects.now() >= self.deadline {
                break;
            }
            let response = self.effects.call(request.clone(), self.deadline).await;
            match response.status() {
                Some(200..=299) => return,
                _ => last = response.outline(),
            }
        }
        let entry = Entry::new(Level::Warn, "reply.not_marked_read")
            .with("conversation_id", self.claim.reply.action.conversation())
            .with("why", last);
        self.effects.log(&entry);
    }

    /// The request of the mark, if there is something to mark.
    fn mark(&self) -> Option<HttpRequest> {
        let Action::Post(conversation_id) = &self.claim.reply.action else {
            return None;
        };
        let shown = self.claim.reply.shown.as_ref()?;
        let settings = self.effects.settings();
        let mark = Mark {
            conversation_id,
            user_id: &self.claim.user_id,
            message_id: &shown.message_id,
            position: shown.position,
        };
        settings.mark_read.then(|| settings.chat.mark_read(&mark))?
    }

    /// What the phone wants, as of when it said so.
    fn wish(&self, opted_out: bool) -> Wish {
        let at = self.claim.reply.received_at;
        Wish { opted_out, at }
    }

    /// Obeys STOP or START: stores the wish in KV, for all users with the phone, then texts the confirmation.
    async fn obey(&self, wish: Wish, confirmation: Option<&str>) -> Ended {
        if !self.may_act()? {
            return Ok(None);
        }
        match self.store_wish(wish).await {
            Ok(()) => self.answer(confirmation).await,
            Err(error) => Ok(Some(ReplyOutcome::Failed(error.to_string()))),
        }
    }

    /// Stores the wish, unless KV has a later one. A START is stored although KV has no STOP: it counts against the
    /// STOP of any user whose phone this becomes.
    async fn store_wish(&self, wish: Wish) -> Result<(), KvError> {
        let phone = &self.claim.reply.phone;
        let stored = last_wish(self.effects, phone, self.deadline).await?;
        if !wish.replaces(stored) {
            return Ok(());
        }
        wish.put(self.effects.kv(), phone, self.deadline).await
    }

    /// Tells KV that Nexmo may have taken a try.
    async fn note_open(&self, reference: &TextReference) -> Ended {
        let entry = KvEntry::of(open_key(reference), &true, Some(OPEN_FOR));
        let stored = match entry {
            Ok(entry) => self.effects.kv().put(entry, self.deadline).await,
            Err(error) => Err(error),
        };
        Ok(Some(match stored {
            Ok(()) => ReplyOutcome::Done,
            Err(error) => ReplyOutcome::Failed(error.to_string()),
        }))
    }

    /// Texts an answer to the phone, if the operator has set one. An answer that Nexmo may have taken is not
    /// sent again: the keyword is obeyed all the same.
    async fn answer(&self, text: Option<&str>) -> Ended {
        let Some(text) = text else {
            return Ok(Some(ReplyOutcome::Done));
        };
        let connection = self.effects.connect().await;
        if !self.may_act()? {
            return Ok(None);
        }
        if self.effects.now() >= self.deadline {
            let why = "preparing the answer took too long".to_owned();
            return Ok(Some(ReplyOutcome::Failed(why)));
        }
        let reply = &self.claim.reply;
        let settings = self.effects.settings();
        let text = Text {
            from: &reply.number,
            to: &reply.phone,
            sms: &gsm::sms(text),
            client_ref: &reply.message_id,
            callback: None,
            ttl: settings.text_ttl,
        };
        let request = send(&settings.nexmo, &text);
        let response = self.effects.call_over(connection, request, self.deadline);
        Ok(Some(match read_send_response(&response.await) {
            SendOutcome::Accepted { .. } | SendOutcome::PerhapsTaken { .. } => ReplyOutcome::Done,
            SendOutcome::TryAgain { why } | SendOutcome::Throttled { why, .. } => {
                ReplyOutcome::Failed(why)
            }
            SendOutcome::OperatorFault { why } => ReplyOutcome::OperatorFault(why),
            SendOutcome::NumberRefused { why } | SendOutcome::Refused { why } => {
                ReplyOutcome::Refused(why)
            }
        }))
    }

    /// Whether the claim is still open. If not, the attempt is over.
    fn may_act(&self) -> Result<bool, StoreError> {
        let open = self.turns.turn(|record| {
            let open = record.may_act(self.claim)?;
            Ok(open.then_some(()))
        })?;
        Ok(open.is_some())
    }
}
