//! What is asked before a text is decided about. No question waits for the answer to another, but those about the
//! recipient's phone.

use std::cell::RefCell;

use serde_json::Value;

use super::{Attempt, End, failed};
use crate::{
    at_once::{Part, at_once},
    attempt::{Turns, effects::Effects, last_wish, readable},
    chat::{
        recheck::{self, AskAgain, Asked, AskedMessage, When},
        resource::Resource,
    },
    consent::Wish,
    http::{Http, HttpResponse},
    identity::{Identity, IdentityOutcome},
    ids::UserId,
    json,
    kv::{Kv, KvError},
    lookup::Lookup,
    nexmo::balance::balance,
    phone::{Number, Phone},
    record::{allocation::Choice, ending::Dropped},
    words::sender::sender_of,
};

/// What the services answered.
#[derive(Default)]
pub(super) struct Answers {
    /// The chat, about the messages; `None` before it has answered.
    pub rechecked: Option<Result<recheck::Answers, AskAgain>>,
    /// Nexmo, about whether it responds at all; `None` if that was not asked.
    pub balance: Option<HttpResponse>,
    /// The recipient.
    pub recipient: Option<IdentityOutcome>,
    /// What KV has of the recipient's phone; `None` if there is no phone.
    pub reach: Option<Result<Reach, KvError>>,
    /// The users who sent the messages.
    pub senders: Vec<(UserId, IdentityOutcome)>,
    /// The conversation; `None` if it was not asked for.
    pub conversation: Option<Resource>,
}

/// What KV has of the recipient's phone.
pub(super) struct Reach {
    /// The last wish from the phone.
    pub wish: Option<Wish>,
    /// The last wish from the phone of the user's STOP.
    pub wish_where_stopped: Option<Wish>,
    /// The reverse lookup of the phone and the expected number.
    pub expected: Option<ExpectedLookup>,
}

/// A reverse lookup that was read before the text's number was chosen.
pub(super) struct ExpectedLookup {
    /// The number that was expected.
    pub number: Number,
    /// The entry of the phone and the number, if there is one.
    pub entry: Option<Lookup>,
}

/// The conversation as the chat answered.
pub(super) fn found(conversation: &Resource) -> Result<&Value, End> {
    match conversation {
        Resource::Found(conversation) => Ok(conversation),
        Resource::Gone => Err(Dropped::Deleted.into()),
        Resource::Failed { why } => Err(failed(format!("conversation: {why}"))),
    }
}

impl<T: Turns, E: Effects> Attempt<'_, T, E> {
    pub(super) async fn ask(&self) -> Answers {
        let answers = RefCell::default();
        at_once(self.questions(&answers)).await;
        answers.into_inner()
    }

    fn questions<'a>(&'a self, answers: &'a RefCell<Answers>) -> Vec<Part<'a>> {
        let mut questions: Vec<Part<'a>> = Vec::new();
        // First, because another question follows.
        questions.push(Box::pin(self.ask_about_recipient(answers)));
        for user_id in self.senders() {
            questions.push(Box::pin(async move {
                let sender = self.effects.identity(&user_id, self.deadline).await;
                answers.borrow_mut().senders.push((user_id, sender));
            }));
        }
        questions.push(Box::pin(async {
            let rechecked = self.recheck().await;
            answers.borrow_mut().rechecked = Some(rechecked);
        }));
        if self.claim.in_doubt {
            questions.push(Box::pin(async {
                let balance = self.balance().await;
                answers.borrow_mut().balance = Some(balance);
            }));
        }
        if self.shows_conversation() {
            questions.push(Box::pin(async {
                let conversation = self.conversation().await;
                answers.borrow_mut().conversation = Some(conversation);
            }));
        }
        questions
    }

    /// Asks the chat whether the messages are still unread, because the webhook with a receipt may be lost or late.
    async fn recheck(&self) -> Result<recheck::Answers, AskAgain> {
        let shown = self.claim.asked.iter().map(|it| AskedMessage {
            message_id: &it.message_id,
            message: &it.message,
            status: it.status,
        });
        let asked = Asked {
            user_id: &self.claim.user_id,
            conversation_id: &self.claim.conversation_id,
            shown: &shown.collect::<Vec<_>>(),
            counted: &self.claim.counted,
        };
        let chat = &self.effects.settings().chat;
        chat.recheck(self.effects, &asked, self.when()).await
    }

    fn when(&self) -> When {
        When {
            now: self.effects.now(),
            deadline: self.deadline,
        }
    }

    /// Asks Nexmo for anything: if it does not respond, another text would only be perhaps taken again.
    async fn balance(&self) -> HttpResponse {
        let request = balance(&self.effects.settings().nexmo);
        self.effects.call(request, self.deadline).await
    }

    pub(super) async fn conversation(&self) -> Resource {
        let chat = &self.effects.settings().chat;
        let (user_id, conversation_id) = (&self.claim.user_id, &self.claim.conversation_id);
        chat.conversation(self.effects, user_id, conversation_id, self.when())
            .await
    }

    /// Whether the text shows the conversation, as far as that can be told before it is decided about.
    fn shows_conversation(&self) -> bool {
        let introduced = matches!(
            self.claim.expected,
            Choice::Keep {
                introduced: true,
                ..
            }
        );
        !introduced && self.effects.introduces() || self.digest_shows("conversation")
    }

    /// Asks about the recipient, and then about the phone of a recipient who wants texts.
    async fn ask_about_recipient(&self, answers: &RefCell<Answers>) {
        let user_id = &self.claim.user_id;
        let recipient = self.effects.identity(user_id, self.deadline).await;
        let phone = match &recipient {
            IdentityOutcome::Found(identity) if self.is_wanted(identity) => self.phone_of(identity),
            _ => None,
        };
        answers.borrow_mut().recipient = Some(recipient);
        if let Some(phone) = phone {
            let reach = self.reach(&phone).await;
            answers.borrow_mut().reach = Some(reach);
        }
    }

    /// A recipient's phone, if the identity has a plausible one.
    pub(super) fn phone_of(&self, recipient: &Identity) -> Option<Phone> {
        let written = recipient.phone.as_deref().unwrap_or_default().trim();
        Phone::of_identity(written, self.effects.settings().phone_country)
    }

    async fn reach(&self, phone: &Phone) -> Result<Reach, KvError> {
        let number = self.claim.expected.number();
        let wish_keys = Wish::keys(phone);
        let lookup_keys = number.map_or_else(Vec::new, |number| Lookup::keys(phone, number));
        let keys = [wish_keys.as_slice(), &lookup_keys].concat();
        let mut found = self.effects.kv().get(&keys, self.deadline).await?;
        let lookups = found.split_off(wish_keys.len().min(found.len()));
        let wish = Wish::last(readable(self.effects, found, Wish::read));
        Ok(Reach {
            wish,
            wish_where_stopped: self.wish_where_stopped(phone, wish).await?,
            expected: number.cloned().map(|number| ExpectedLookup {
                number,
                entry: Lookup::find(readable(self.effects, lookups, Lookup::read)),
            }),
        })
    }

    async fn wish_where_stopped(
        &self,
        phone: &Phone,
        wish: Option<Wish>,
    ) -> Result<Option<Wish>, KvError> {
        match &self.claim.opted_out {
            Some(own) if !own.phone.is_same(phone) => {
                last_wish(self.effects, &own.phone, self.deadline).await
            }
            _ => Ok(wish),
        }
    }

    /// The users who sent the messages, each once.
    fn senders(&self) -> Vec<UserId> {
        let messages = self.claim.asked.iter().map(|it| json::value(&it.message));
        let senders = messages.filter_map(|message| sender_of(&message?));
        let mut senders: Vec<UserId> = senders.collect();
        senders.sort();
        senders.dedup();
        senders
    }
}
