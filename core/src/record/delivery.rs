//! Delivery receipts: what became of the texts that left.
//!
//! A receipt of any kind proves that Nexmo took a try, whatever its response said or did not say. What it says of the
//! delivery is counted once for each text, and no text is sent again because of it.

use super::{
    Record,
    claim::TextClaim,
    command::Outcome,
    covered::Covered,
    outcome::Trace,
    policy::ReceiptPolicy,
    tables::{
        notices::Notice,
        replies::{Action, NewReply},
        texts::SentText,
    },
    taken::Taken,
};
use crate::{
    ids::{MessageId, TextId, TextReference},
    log::{Entry, Level},
    phone::{Number, Phone},
    settings::Kept,
    sms::receipt::{DeliveryReceipt, ErrorCode, Fate, Verdict},
    storage::StoreError,
    time::{DAY, Span},
};

/// A text is forgotten this long after Nexmo stops trying to deliver it: its receipts may be late.
const LATE: Span = DAY;

/// A text that is about to leave.
pub struct Departure<'a> {
    /// Its name in receipts.
    pub reference: &'a TextReference,
    /// The number that it leaves from.
    pub number: &'a Number,
    /// The phone that it goes to.
    pub phone: &'a Phone,
    /// How many parts it has.
    pub parts: usize,
}

impl Record<'_> {
    /// Stores a try that begins, if receipts are asked for.
    pub(super) fn note_departure(
        &self,
        claim: &TextClaim,
        covered: &Covered,
        departure: &Departure<'_>,
    ) -> Result<(), StoreError> {
        let Some(ReceiptPolicy {
            delivered_within, ..
        }) = self.policy.receipts
        else {
            return Ok(());
        };
        let text = SentText {
            reference: departure.reference.clone(),
            message_id: claim.message_id.clone(),
            claim: claim.claim,
            link: claim.link(departure.number),
            phone: departure.phone.clone(),
            covered: covered.clone(),
            parts: i64::try_from(departure.parts).unwrap_or(i64::MAX),
            is_taken: false,
            part_ids: Vec::new(),
            delivered: Vec::new(),
            verdict: None,
            code: None,
        };
        let oldest = TextReference::first_at(self.now - delivered_within - LATE);
        self.texts().insert(&text, &oldest)
    }

    /// Nexmo may have taken the tries of a claim: KV is to know that any receipt of theirs matters.
    pub(super) fn fate_is_open(&self, holder: &MessageId, claim: i64) -> Result<(), StoreError> {
        if self
            .policy
            .receipts
            .is_none_or(|it| it.kept != Kept::Failures)
        {
            return Ok(());
        }
        for text in self.texts().of_claim(holder, claim)? {
            if !text.is_taken {
                self.queue_about(&text, &Action::NoteOpen(text.reference.clone()))?;
            }
        }
        Ok(())
    }

    /// A delivery receipt came in for this user.
    pub fn delivery_receipt(&self, receipt: &DeliveryReceipt) -> Result<Outcome, StoreError> {
        let Some(text) = self.text_of(receipt)? else {
            return Ok(Outcome::Known);
        };
        if !text.is_taken {
            self.proven(&text)?;
        }
        let is_news = self.hear(&text, receipt)?;
        Ok(match is_news || !text.is_taken {
            true => Outcome::Stored,
            false => Outcome::Known,
        })
    }

    fn text_of(&self, receipt: &DeliveryReceipt) -> Result<Option<SentText>, StoreError> {
        let found = match &receipt.reference {
            Some(reference) => self.texts().find(reference)?,
            None => self
                .texts()
                .find_part(&receipt.message_id, &receipt.number)?,
        };
        Ok(found.filter(|text| {
            text.link.number == receipt.number && text.phone.key() == receipt.phone.key()
        }))
    }

    /// Stores what Nexmo's response tells of a text that it accepted. Returns whether a receipt had proved that before, so
    /// that there is nothing more to do.
    pub(super) fn was_proven(&self, trace: &Trace) -> Result<bool, StoreError> {
        let Some(text) = self.texts().find(&trace.reference)? else {
            return Ok(false);
        };
        self.texts()
            .set_answered(&trace.reference, &trace.part_ids)?;
        let delivered = text.delivered.len();
        if text.verdict.is_none() && delivered > 0 && delivered >= trace.part_ids.len() {
            self.judged(&text, Verdict::Delivered, None)?;
        }
        Ok(text.is_taken)
    }

    /// Nexmo has taken a text, although it is not known from its response.
    fn proven(&self, text: &SentText) -> Result<(), StoreError> {
        let covered = text.covered.all();
        for message in &covered {
            self.failures().delete_text(message)?;
            self.seen().correct_to_texted(message)?;
        }
        self.confirm_link(text)?;
        self.texts().set_taken(&text.reference)?;
        self.end_texted(&Taken {
            message_id: &text.message_id,
            claim: text.claim,
            link: &text.link,
            covered: &text.covered,
        })?;
        let conversation = &text.link.conversation_id;
        match self.notices().holds_claim(conversation, self.now)? {
            true => Ok(()),
            // A later try of its messages may have got another number, and will not leave any more.
            false => self.links().release_unused(conversation),
        }
    }

    /// Confirms the link of a text. If its claim is open, it is the last text on the link; else a later one may be under
    /// way, or may have been taken.
    fn confirm_link(&self, text: &SentText) -> Result<(), StoreError> {
        let shown = self.last_shown(&text.link.conversation_id, &text.covered)?;
        let waiting = self.notices().find_all(&text.covered.all())?;
        let is_own = |it: &Notice| it.message_id == text.message_id && it.claims == text.claim;
        let mut open = waiting.iter().filter(|notice| notice.lease_until.is_some());
        if open.clone().any(is_own) {
            return self.settle(&text.link, shown.as_ref());
        }
        let is_last = !self.texts().is_followed(text)?;
        let phone = Some(&text.phone).filter(|_| is_last);
        let texted_at = open.next().map(|_| self.now);
        let times = (self.link_expiry(), texted_at);
        self.links()
            .set_proven(&text.link, phone, times, shown.as_ref())?;
        self.links().delete_others(&text.link, self.now)
    }

    /// Stores what a receipt says of the delivery. Returns whether that is news. The first final word on a part counts;
    /// one part that failed fails the text.
    fn hear(&self, text: &SentText, receipt: &DeliveryReceipt) -> Result<bool, StoreError> {
        if text.verdict.is_some() || text.delivered.contains(&receipt.message_id) {
            return Ok(false);
        }
        match receipt.fate {
            Fate::Taken => Ok(false),
            Fate::Delivered => self.part_delivered(text, &receipt.message_id),
            Fate::Failed(code) => self
                .undelivered(text, code, &receipt.message_id)
                .map(|()| true),
        }
    }

    fn part_delivered(&self, text: &SentText, part: &TextId) -> Result<bool, StoreError> {
        if self.policy.receipts.is_none_or(|it| it.kept != Kept::All) {
            return Ok(false);
        }
        let parts = match text.part_ids.len() {
            0 => usize::try_from(text.parts).unwrap_or(usize::MAX),
            known => known,
        };
        let delivered = [text.delivered.as_slice(), std::slice::from_ref(part)].concat();
        match delivered.len() >= parts {
            true => self.judged(text, Verdict::Delivered, None)?,
            false => self.texts().set_delivered(&text.reference, &delivered)?,
        }
        Ok(true)
    }

    fn undelivered(
        &self,
        text: &SentText,
        code: ErrorCode,
        part: &TextId,
    ) -> Result<(), StoreError> {
        let verdict = Verdict::of_code(code);
        self.judged(text, verdict, Some(code))?;
        let entry = match verdict {
            Verdict::UndeliveredOperator => {
                Entry::new(Level::Error, "text.undelivered").repetitive()
            }
            _ => Entry::new(Level::Info, "text.undelivered"),
        };
        self.log(
            entry
                .with("conversation_id", &text.link.conversation_id)
                .with("nexmo_id", part)
                .with("code", code)
                .with("reason", verdict.word()),
        );
        match verdict {
            Verdict::UndeliveredOptedOut => self.opted_out_at_carrier(text),
            _ => self.not_reached(text, verdict),
        }
    }

    fn judged(
        &self,
        text: &SentText,
        verdict: Verdict,
        code: Option<ErrorCode>,
    ) -> Result<(), StoreError> {
        self.texts().set_verdict(&text.reference, verdict, code)?;
        self.seen()
            .insert_verdict(self.hour(), &text.reference, verdict)
    }

    /// The carrier has refused a text because the user opted out: as if the phone had sent STOP when the text left, unless
    /// it has sent START since.
    fn opted_out_at_carrier(&self, text: &SentText) -> Result<(), StoreError> {
        let at = text.reference.began().unwrap_or(self.now);
        if self.has_sent_start(&text.phone, at)? {
            return Ok(());
        }
        // A STOP of the user's own that came later stays.
        if self.opted_out()?.is_none_or(|own| own.at < at) {
            self.profiles().opt_out(at, &text.phone)?;
        }
        self.queue_about(text, &Action::CarrierStop(at))
    }

    fn queue_about(&self, text: &SentText, action: &Action) -> Result<(), StoreError> {
        let since = match action {
            Action::CarrierStop(since) => since.as_millis().to_string(),
            _ => String::new(),
        };
        let new = NewReply {
            action,
            message_id: &TextId::new(text.reference.as_str()),
            phone: &text.phone,
            number: &text.link.number,
            body: &since,
            shown: None,
        };
        self.replies().insert(&new, self.now)
    }
}
