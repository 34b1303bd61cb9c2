//! One attempt to act on a text that came in: to post it as the user, or to obey a keyword.

use super::{Host, KvError, LONGEST_ATTEMPT, read_kv, write_kv};
use crate::{
    gsm,
    layer::post::{PostAnswer, dedupe_id, post_message, read_post, split},
    lookup::{Wish, wish_key},
    nexmo::send::{SendAnswer, read_answer, send},
    record::{
        reply::{Kind, ReplyClaim, ReplyOutcome},
        store::StoreError,
    },
    time::Millis,
};

/// Acts on a claimed reply and stores what came of it.
pub async fn run<H: Host>(host: &H, claim: &ReplyClaim) -> Result<(), StoreError> {
    let attempt = Attempt {
        host,
        claim,
        deadline: claim.claimed_at + LONGEST_ATTEMPT,
    };
    let outcome = match claim.kind {
        Kind::Post => attempt.post().await?,
        Kind::Stop => {
            attempt
                .wish(true, host.settings().stop_reply.as_deref())
                .await?
        }
        Kind::Start => attempt.wish(false, None).await?,
        Kind::Help => {
            attempt
                .answer(host.settings().help_reply.as_deref())
                .await?
        }
    };
    let Some(outcome) = outcome else {
        return Ok(());
    };
    let random = host.random();
    host.turn(|record| record.reply_ended(claim, outcome, random))
}

struct Attempt<'a, H> {
    host: &'a H,
    claim: &'a ReplyClaim,
    deadline: Millis,
}

/// `None` when the claim is void.
type Ended = Result<Option<ReplyOutcome>, StoreError>;

impl<H: Host> Attempt<'_, H> {
    /// Posts each piece with an id of its own that no retry changes: Layer posts none of them twice.
    async fn post(&self) -> Ended {
        for (index, piece) in split(&self.claim.body).iter().enumerate() {
            if !self.may_act()? {
                return Ok(None);
            }
            let call = post_message(
                &self.host.settings().layer,
                &self.claim.lane,
                &self.claim.user_id,
                piece,
                &dedupe_id(&self.claim.message_id, index),
            );
            let failed = match read_post(&self.host.call(call, self.deadline).await) {
                PostAnswer::Posted => continue,
                PostAnswer::TryAgain { why } => ReplyOutcome::Failed(why),
                PostAnswer::OperatorFault { why } => ReplyOutcome::OperatorFault(why),
                PostAnswer::Refused { why } => ReplyOutcome::Refused(why),
            };
            return Ok(Some(failed));
        }
        Ok(Some(ReplyOutcome::Done))
    }

    /// Tells the other users of the phone, by KV, what its owner wants.
    async fn wish(&self, opted_out: bool, confirmation: Option<&str>) -> Ended {
        if !self.may_act()? {
            return Ok(None);
        }
        match self.store_wish(opted_out).await {
            Ok(()) => self.answer(confirmation).await,
            Err(error) => Ok(Some(ReplyOutcome::Failed(error.to_string()))),
        }
    }

    async fn store_wish(&self, opted_out: bool) -> Result<(), KvError> {
        let key = wish_key(&self.claim.phone);
        let stored = read_kv(self.host, (&key, Wish::read), self.deadline).await?;
        let at = self.claim.received_at;
        let known = match stored {
            Some(wish) => wish.opted_out == opted_out || wish.at > at,
            None => !opted_out,
        };
        if known {
            return Ok(());
        }
        write_kv(
            self.host,
            key,
            &Wish { opted_out, at },
            (None, self.deadline),
        )
        .await
    }

    async fn answer(&self, text: Option<&str>) -> Ended {
        let Some(text) = text else {
            return Ok(Some(ReplyOutcome::Done));
        };
        if !self.may_act()? {
            return Ok(None);
        }
        let (number, phone) = (&self.claim.number, &self.claim.phone);
        let account = &self.host.settings().nexmo;
        let call = send(
            account,
            number,
            phone,
            &gsm::sms(text),
            &self.claim.message_id,
        );
        Ok(Some(
            match read_answer(&self.host.call(call, self.deadline).await) {
                SendAnswer::Accepted { .. } => ReplyOutcome::Done,
                SendAnswer::TryAgain { why } | SendAnswer::Throttled { why, .. } => {
                    ReplyOutcome::Failed(why)
                }
                SendAnswer::OperatorFault { why } => ReplyOutcome::OperatorFault(why),
                SendAnswer::Refused { why } => ReplyOutcome::Refused(why),
            },
        ))
    }

    fn may_act(&self) -> Result<bool, StoreError> {
        self.host.turn(|record| record.may_act(self.claim))
    }
}
