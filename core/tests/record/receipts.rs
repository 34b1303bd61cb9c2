//! Delivery receipts: what they prove, count and cause.

use texting::{
    ids::{TextId, TextReference},
    phone::{Number, Phone},
    record::{
        claim::{LEASE, TextClaim},
        command::Outcome,
        ending::{Dropped, Ending},
        outcome::TextOutcome,
        policy::ReceiptPolicy,
        reply::ReplyOutcome,
        tables::{replies::Action, seen::Seen, texts::SentText},
    },
    settings::Kept,
    sms::receipt::{DeliveryReceipt, Fate, Verdict},
    time::{DAY, HOUR, MINUTE, SECOND, Span},
};

use crate::{
    replies::{claim, end},
    support::{
        Dispatched, NUMBERS, PHONE, User, due, failed, message_id, perhaps_taken, reference, reply,
        trace,
    },
};

const TTL: Span = DAY.times(3);

/// A user with a message that is due, whose receipts are kept.
fn receiving(kept: Kept) -> User {
    let mut user = due();
    user.policy.receipts = Some(ReceiptPolicy {
        kept,
        delivered_within: TTL,
    });
    user
}

/// A user who was texted, and the text's claim.
fn texted(kept: Kept) -> (User, TextClaim) {
    let user = receiving(kept);
    let claim = text(&user);
    (user, claim)
}

/// Texts what is due, and has it accepted.
fn text(user: &User) -> TextClaim {
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end(&claim, TextOutcome::Accepted { number });
    claim
}

/// A receipt about the text of a claim.
fn about(claim: &TextClaim, fate: Fate) -> DeliveryReceipt {
    about_part(claim, &trace(claim).part_ids[0], fate)
}

fn about_part(claim: &TextClaim, part: &str, fate: Fate) -> DeliveryReceipt {
    DeliveryReceipt {
        reference: Some(reference(claim)),
        message_id: TextId::new(part),
        phone: Phone::from_digits(PHONE),
        number: Number::from_digits(NUMBERS[0]),
        fate,
    }
}

impl User {
    fn receives(&self, receipt: &DeliveryReceipt) -> Outcome {
        self.turn(|record| record.delivery_receipt(receipt))
    }

    fn sent_text(&self, reference: &TextReference) -> SentText {
        self.texts_of(|texts| texts.find(reference)).unwrap()
    }

    fn shown_unreachable(&self) -> serde_json::Value {
        self.turn(|record| record.show())["unreachable"].clone()
    }

    fn verdict(&self, claim: &TextClaim) -> Option<Verdict> {
        self.sent_text(&reference(claim)).verdict
    }

    /// What is counted of receipts.
    fn counts(&self) -> Vec<(String, i64)> {
        let report = self.turn(|record| record.last_report());
        let counts = report.counts.into_iter();
        let of_receipts = counts.filter(|it| it.what.contains("delivered"));
        of_receipts.map(|it| (it.what, it.count)).collect()
    }
}

#[test]
fn a_failure_is_counted_once_however_often_it_comes() {
    let (user, claim) = texted(Kept::Failures);
    let failed = about(&claim, Fate::Failed(2));
    assert_eq!(user.receives(&failed), Outcome::Stored);
    assert_eq!(user.receives(&failed), Outcome::Known);
    assert_eq!(
        user.receives(&about(&claim, Fate::Failed(9))),
        Outcome::Known
    );
    assert_eq!(user.counts(), [("undelivered_passing".to_owned(), 1)]);
    assert_eq!(user.sent_text(&reference(&claim)).code, Some(2));
}

#[test]
fn a_text_is_delivered_when_all_of_its_parts_are() {
    let user = receiving(Kept::All);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end_with_parts(&claim, TextOutcome::Accepted { number }, &["A", "B"]);
    let delivered = |part| user.receives(&about_part(&claim, part, Fate::Delivered));
    assert_eq!(delivered("A"), Outcome::Stored);
    assert_eq!(delivered("A"), Outcome::Known);
    assert_eq!(user.verdict(&claim), None);
    assert_eq!(delivered("B"), Outcome::Stored);
    assert_eq!(user.verdict(&claim), Some(Verdict::Delivered));
    assert_eq!(user.counts(), [("delivered".to_owned(), 1)]);
}

#[test]
fn the_first_final_word_on_a_part_counts_and_one_part_fails_the_text() {
    let user = receiving(Kept::All);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.end_with_parts(&claim, TextOutcome::Accepted { number }, &["A", "B"]);
    user.receives(&about_part(&claim, "A", Fate::Delivered));
    assert_eq!(
        user.receives(&about_part(&claim, "A", Fate::Failed(3))),
        Outcome::Known
    );
    assert_eq!(
        user.receives(&about_part(&claim, "B", Fate::Failed(8))),
        Outcome::Stored
    );
    assert_eq!(
        user.receives(&about_part(&claim, "B", Fate::Delivered)),
        Outcome::Known
    );
    assert_eq!(user.counts(), [("undelivered_passing".to_owned(), 1)]);
}

#[test]
fn good_news_are_not_kept_if_only_failures_are() {
    let (user, claim) = texted(Kept::Failures);
    assert_eq!(
        user.receives(&about(&claim, Fate::Delivered)),
        Outcome::Known
    );
    assert_eq!(user.verdict(&claim), None);
}

#[test]
fn a_receipt_without_our_name_is_found_by_nexmos_id() {
    let (user, claim) = texted(Kept::Failures);
    let nameless = DeliveryReceipt {
        reference: None,
        ..about(&claim, Fate::Failed(1))
    };
    let other = DeliveryReceipt {
        message_id: TextId::new("another"),
        ..nameless.clone()
    };
    assert_eq!(user.receives(&other), Outcome::Known);
    assert_eq!(user.receives(&nameless), Outcome::Stored);
    assert_eq!(user.counts(), [("undelivered_unknown".to_owned(), 1)]);
}

#[test]
fn a_receipt_that_is_about_no_known_text_changes_nothing() {
    let (user, claim) = texted(Kept::All);
    let unknown = DeliveryReceipt {
        reference: Some(TextReference::new("another")),
        ..about(&claim, Fate::Failed(9))
    };
    let from_elsewhere = DeliveryReceipt {
        number: Number::from_digits(NUMBERS[1]),
        ..about(&claim, Fate::Failed(9))
    };
    for receipt in [unknown, from_elsewhere] {
        assert_eq!(user.receives(&receipt), Outcome::Known);
    }
    assert_eq!(user.turn(|record| record.opted_out()), None);
}

#[test]
fn a_receipt_before_nexmos_own_response_ends_the_notice() {
    for fate in [Fate::Taken, Fate::Delivered, Fate::Failed(8)] {
        let user = receiving(Kept::All);
        let Dispatched { claim, number } = user.dispatch().unwrap();
        assert_eq!(user.receives(&about(&claim, fate)), Outcome::Stored);
        assert_eq!(user.seen(&message_id(1)), Some(Seen::Ended(Ending::Texted)));
        assert!(user.links()[0].introduced);
        user.end(&claim, TextOutcome::Accepted { number });
        assert_eq!(user.seen(&message_id(1)), Some(Seen::Ended(Ending::Texted)));
        assert_eq!(user.claim(), None);
    }
}

#[test]
fn a_receipt_proves_a_text_that_nexmo_perhaps_took() {
    let ways: [fn(&mut User, &TextClaim); 3] = [
        |user, claim| user.end(claim, perhaps_taken()),
        |user, claim| user.end(claim, failed()),
        |user, _| {
            user.later(LEASE);
        },
    ];
    for way in ways {
        let mut user = receiving(Kept::Failures);
        let Dispatched { claim, .. } = user.dispatch().unwrap();
        way(&mut user, &claim);
        assert_eq!(user.receives(&about(&claim, Fate::Taken)), Outcome::Stored);
        assert_eq!(user.seen(&message_id(1)), Some(Seen::Ended(Ending::Texted)));
        user.later(HOUR);
        assert_eq!(user.claim(), None, "it is not sent again");
    }
}

#[test]
fn a_text_that_was_given_up_as_perhaps_sent_is_no_failure_once_a_receipt_proves_it() {
    let mut user = receiving(Kept::Failures);
    let mut last = None;
    while let Some(Dispatched { claim, .. }) = user.dispatch() {
        user.end(&claim, perhaps_taken());
        last = Some(claim);
        user.later(HOUR);
    }
    assert_eq!(user.failures().len(), 1);
    user.receives(&about(&last.unwrap(), Fate::Delivered));
    assert_eq!(user.failures().len(), 0);
}

#[test]
fn while_only_failures_are_kept_kv_is_told_of_each_try_that_nexmo_perhaps_took() {
    let noted = |user: &User| {
        let claimed = claim(user)?;
        end(user, &claimed, ReplyOutcome::Done);
        Some(claimed.reply.action)
    };
    let user = receiving(Kept::Failures);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    assert_eq!(noted(&user), Some(Action::NoteOpen(reference(&claim))));
    assert_eq!(noted(&user), None);

    let mut user = receiving(Kept::Failures);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.later(LEASE);
    user.dispatch().unwrap();
    assert_eq!(noted(&user), Some(Action::NoteOpen(reference(&claim))));

    let user = receiving(Kept::All);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    assert_eq!(noted(&user), None);
}

/// Whether the next message to the user is texted; if not, why its notice ends.
fn next(user: &mut User, message: u32) -> Result<TextClaim, Ending> {
    user.sent(message, 1);
    user.later(MINUTE * 10);
    let Some(claim) = user.claim() else {
        panic!("nothing is due");
    };
    let profile = user.turn(|record| record.profile());
    let phone = Phone::from_digits(PHONE);
    let known = profile.unreachable.as_ref();
    if user.turn(|record| record.is_unreachable(&phone, known)) {
        user.end(&claim, TextOutcome::Dropped(Dropped::Unreachable));
        return Err(Ending::Dropped(Dropped::Unreachable));
    }
    let number = user.number_for(&claim).unwrap().number().unwrap().clone();
    assert!(user.may_leave(&claim, &number, PHONE));
    user.end(&claim, TextOutcome::Accepted { number });
    Ok(claim)
}

#[test]
fn a_text_that_is_still_prepared_does_not_leave_to_a_phone_that_turns_out_to_be_out_of_service() {
    let (mut user, earlier) = texted(Kept::Failures);
    user.sent(2, 1);
    user.later(MINUTE * 10);
    let claim = user.claim().unwrap();
    let number = user.number_for(&claim).unwrap().number().unwrap().clone();
    user.receives(&about(&earlier, Fate::Failed(3)));
    assert!(!user.may_leave(&claim, &number, PHONE));
    let unreachable = Seen::Ended(Ending::Dropped(Dropped::Unreachable));
    assert_eq!(user.seen(&message_id(2)), Some(unreachable));
}

#[test]
fn a_phone_that_is_out_of_service_is_not_texted_for_30_days() {
    for code in [3, 4] {
        let (mut user, claim) = texted(Kept::Failures);
        user.receives(&about(&claim, Fate::Failed(code)));
        assert!(next(&mut user, 2).is_err());
        assert_eq!(user.shown_unreachable()["phone"], PHONE);
        user.later(DAY * 30);
        assert!(user.shown_unreachable().is_null());
        assert!(next(&mut user, 3).is_ok());
    }
}

#[test]
fn a_phone_that_three_texts_in_a_row_did_not_reach_is_not_texted() {
    let (mut user, first) = texted(Kept::Failures);
    user.receives(&about(&first, Fate::Failed(12)));
    let second = next(&mut user, 2).unwrap();
    user.receives(&about(&second, Fate::Failed(14)));
    let third = next(&mut user, 3).unwrap();
    user.receives(&about(&third, Fate::Failed(12)));
    assert!(next(&mut user, 4).is_err());
}

#[test]
fn a_text_in_between_that_did_not_fail_counts_as_one_that_arrived() {
    let (mut user, first) = texted(Kept::Failures);
    user.receives(&about(&first, Fate::Failed(12)));
    next(&mut user, 2).unwrap();
    for message in [3, 4] {
        let claim = next(&mut user, message).unwrap();
        user.receives(&about(&claim, Fate::Failed(12)));
    }
    assert!(next(&mut user, 5).is_ok());
}

#[test]
fn a_text_from_the_phone_or_another_phone_makes_the_user_reachable() {
    let (mut user, claim) = texted(Kept::Failures);
    user.receives(&about(&claim, Fate::Failed(3)));
    user.inbound(&reply("A1", NUMBERS[0], "Back again"));
    assert!(next(&mut user, 2).is_ok());

    let (mut user, claim) = texted(Kept::Failures);
    user.receives(&about(&claim, Fate::Failed(3)));
    let known = user.turn(|record| record.profile()).unreachable;
    let other = Phone::from_digits("15550109999");
    assert!(!user.turn(|record| record.is_unreachable(&other, known.as_ref())));
    assert!(next(&mut user, 2).is_ok());
}

#[test]
fn code_9_is_a_stop_that_is_not_answered() {
    let (mut user, text) = texted(Kept::Failures);
    let left_at = reference(&text).began().unwrap();
    user.later(HOUR);
    user.receives(&about(&text, Fate::Failed(9)));
    let opted_out = user.turn(|record| record.opted_out()).unwrap();
    assert_eq!((opted_out.at, opted_out.phone.as_str()), (left_at, PHONE));
    let claimed = claim(&user).unwrap();
    assert_eq!(claimed.reply.action, Action::CarrierStop(left_at));
}

#[test]
fn code_9_does_not_count_if_the_phone_has_sent_start_since() {
    let (mut user, text) = texted(Kept::Failures);
    user.later(SECOND * 2);
    user.inbound(&reply("A1", NUMBERS[0], "START"));
    user.receives(&about(&text, Fate::Failed(9)));
    assert_eq!(user.turn(|record| record.opted_out()), None);
    assert_eq!(user.counts(), [("undelivered_opted_out".to_owned(), 1)]);
}

#[test]
fn texts_are_forgotten_a_day_after_nexmo_stopped_trying() {
    let (mut user, claim) = texted(Kept::All);
    user.later(TTL + DAY - MINUTE * 20);
    next(&mut user, 2).unwrap();
    assert!(
        user.texts_of(|texts| texts.find(&reference(&claim)))
            .is_some()
    );
    user.later(HOUR);
    next(&mut user, 3).unwrap();
    assert_eq!(
        user.receives(&about(&claim, Fate::Failed(9))),
        Outcome::Known
    );
}

#[test]
fn without_receipts_nothing_is_stored_of_a_text() {
    let user = due();
    let claim = text(&user);
    assert_eq!(
        user.receives(&about(&claim, Fate::Failed(9))),
        Outcome::Known
    );
}

#[test]
fn code_9_does_not_shorten_a_later_stop() {
    let (mut user, text) = texted(Kept::Failures);
    user.later(HOUR);
    user.inbound(&reply("A1", NUMBERS[0], "STOP"));
    let stop = user.turn(|record| record.opted_out());
    user.receives(&about(&text, Fate::Failed(9)));
    assert_eq!(user.turn(|record| record.opted_out()), stop);
}

#[test]
fn an_old_failure_counts_no_more_once_the_phone_has_answered() {
    let (mut user, first) = texted(Kept::Failures);
    user.later(MINUTE);
    user.inbound(&reply("A1", NUMBERS[0], "I am here"));
    user.receives(&about(&first, Fate::Failed(3)));
    assert!(next(&mut user, 2).is_ok());
    for message in [3, 4] {
        let claim = next(&mut user, message).unwrap();
        user.receives(&about(&claim, Fate::Failed(12)));
    }
    assert!(next(&mut user, 5).is_ok(), "two in a row are not three");
}

#[test]
fn a_receipt_before_nexmos_response_leaves_alone_what_a_reply_marks() {
    let mut user = receiving(Kept::All);
    user.policy.mark_read = true;
    let Dispatched { claim, number } = user.dispatch().unwrap();
    user.receives(&about(&claim, Fate::Taken));
    let shown = user.links()[0].shown.clone();
    user.end_showing(&claim, TextOutcome::Accepted { number });
    assert_eq!(user.links()[0].shown, shown);
}

#[test]
fn a_receipt_of_an_earlier_try_leaves_the_phone_of_a_later_one_alone() {
    let mut user = receiving(Kept::Failures);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    user.later(HOUR);
    let retry = user.claim().unwrap();
    let number = user.number_for(&retry).unwrap().number().unwrap().clone();
    assert!(user.may_leave(&retry, &number, "15550109999"));
    user.receives(&about(&claim, Fate::Delivered));
    let link = user.links().remove(0);
    assert_eq!(link.phone.as_deref(), Some(PHONE));
    assert_eq!(link.phone_pending.as_deref(), Some("15550109999"));
    assert!(link.claimed_until.is_some(), "its text is under way");
}

#[test]
fn a_retired_link_stays_so_when_a_receipt_proves_an_earlier_text_on_it() {
    let mut user = receiving(Kept::Failures);
    let Dispatched { claim, .. } = user.dispatch().unwrap();
    user.end(&claim, perhaps_taken());
    user.later(HOUR);
    let Dispatched {
        claim: second,
        number,
    } = user.dispatch().unwrap();
    let why = "status 15".to_owned();
    user.end(&second, TextOutcome::NumberRefused { number, why });
    user.later(MINUTE);
    let Dispatched {
        claim: third,
        number,
    } = user.dispatch().unwrap();
    assert_eq!(number.as_str(), NUMBERS[1]);
    user.end(&third, TextOutcome::Accepted { number });
    user.receives(&about(&claim, Fate::Delivered));
    let link = user.links().remove(0);
    assert!(link.retired && link.introduced, "{link:?}");
}

#[test]
fn what_was_counted_as_perhaps_sent_counts_as_texted_once_it_is_proven() {
    let mut user = receiving(Kept::Failures);
    let mut last = None;
    while let Some(Dispatched { claim, .. }) = user.dispatch() {
        user.end(&claim, perhaps_taken());
        last = Some(claim);
        user.later(MINUTE);
    }
    assert_eq!(
        user.seen(&message_id(1)),
        Some(Seen::Ended(Ending::PerhapsSent))
    );
    user.receives(&about(&last.unwrap(), Fate::Taken));
    assert_eq!(user.seen(&message_id(1)), Some(Seen::Ended(Ending::Texted)));
}

#[test]
fn all_parts_that_came_before_nexmos_response_make_a_text_delivered() {
    let mut user = receiving(Kept::All);
    user.parts = 3;
    let Dispatched { claim, number } = user.dispatch().unwrap();
    for part in ["A", "B"] {
        user.receives(&about_part(&claim, part, Fate::Delivered));
    }
    assert_eq!(user.verdict(&claim), None);
    user.end_with_parts(&claim, TextOutcome::Accepted { number }, &["A", "B"]);
    assert_eq!(user.verdict(&claim), Some(Verdict::Delivered));
}
