//! How often and how long a text is tried.

use texting::{
    record::outcome::TextOutcome,
    time::{HOUR, MINUTE, SECOND, Span},
};

use crate::support::{Dispatched, User, due, failed};

fn throttled() -> TextOutcome {
    TextOutcome::Throttled {
        asked: Some(Span::from_millis(702)),
        paced: None,
        why: "busy".to_owned(),
    }
}

fn fault() -> TextOutcome {
    TextOutcome::OperatorFault("no credit".to_owned())
}

/// Tries what is due with this outcome, and goes on to the next try. `None` if there is none.
fn try_once(user: &mut User, outcome: TextOutcome) -> Option<()> {
    let Dispatched { claim, .. } = user.dispatch()?;
    user.end(&claim, outcome);
    user.now = user.wake()?;
    Some(())
}

/// Tries with this outcome until the text is given up. Returns for how long, and how often.
fn until_given_up(user: &mut User, outcome: impl Fn() -> TextOutcome) -> (Span, usize) {
    let start = user.now;
    let mut tries = 1;
    while try_once(user, outcome()).is_some() {
        tries += 1;
    }
    assert_eq!(user.turn(|record| record.kept_failures()).len(), 1);
    (user.now - start, tries)
}

fn is_about(span: Span, wanted: Span) -> bool {
    (wanted..wanted + MINUTE * 15).contains(&span)
}

#[test]
fn each_failure_doubles_the_wait_before_the_next_try() {
    let mut user = due();
    for millis in [500, 1_000, 2_000] {
        let Dispatched { claim, .. } = user.dispatch().unwrap();
        user.end(&claim, failed());
        let wait = Span::from_millis(millis);
        assert_eq!(user.wake(), Some(user.now + wait));
        user.later(wait);
    }
}

#[test]
fn each_throttled_try_widens_the_wait_before_the_next() {
    let mut user = due();
    for seconds in [1, 2, 4] {
        let Dispatched { claim, .. } = user.dispatch().unwrap();
        let throttled = TextOutcome::Throttled {
            asked: Some(Span::ZERO),
            paced: None,
            why: "busy".to_owned(),
        };
        user.end_randomly(&claim, throttled, u32::MAX);
        let longest = SECOND * seconds - Span::from_millis(1);
        assert_eq!(user.wake(), Some(user.now + longest));
        user.later(longest);
    }
}

#[test]
fn a_text_that_fails_or_is_throttled_is_tried_for_six_hours() {
    for outcome in [failed, throttled] {
        let (span, tries) = until_given_up(&mut due(), outcome);
        assert!(is_about(span, HOUR * 6), "{span:?}");
        assert!(tries > 72, "{tries}");
    }
}

#[test]
fn a_text_waits_for_the_operator_for_three_days() {
    let (span, tries) = until_given_up(&mut due(), fault);
    assert!(is_about(span, HOUR * 72), "{span:?}");
    assert!(tries < 400, "{tries}");
}

#[test]
fn an_operators_fault_waits_a_minute_then_two_and_again_a_minute_after_another_error() {
    let mut user = due();
    let mut wait = |outcome| {
        let before = user.now;
        try_once(&mut user, outcome).unwrap();
        user.now - before
    };
    assert_eq!(wait(fault()), MINUTE);
    assert_eq!(wait(fault()), MINUTE * 2 - SECOND * 15);
    assert!(wait(failed()) < MINUTE);
    assert_eq!(wait(fault()), MINUTE);
}

#[test]
fn the_hours_in_which_the_operator_had_to_act_leave_six_more_for_other_errors() {
    let mut user = due();
    let start = user.now;
    while user.now - start < HOUR * 10 {
        try_once(&mut user, fault()).unwrap();
    }
    let (span, _) = until_given_up(&mut user, failed);
    assert!(is_about(span, HOUR * 6 - MINUTE * 15), "{span:?}");
}

#[test]
fn no_mixture_of_errors_is_tried_for_longer_than_three_days() {
    let mut user = due();
    let start = user.now;
    while try_once(&mut user, fault()).is_some() {
        if try_once(&mut user, failed()).is_none() {
            break;
        }
    }
    assert!(is_about(user.now - start, HOUR * 72));
}
