use super::*;
use crate::time::{MINUTE, Span};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const PAST: Span = Span::from_millis(-1);

fn link(number: &str, conversation: &str, expires_in: Span) -> Link {
    Link {
        number: Number::from_digits(number),
        conversation_id: ConversationId::new(conversation),
        expires_at: NOW + expires_in,
        introduced: true,
        perhaps_texted: false,
        retired: false,
        phone: None,
        phone_perhaps: None,
        phone_pending: None,
        claimed_until: None,
        heard_at: None,
        shown: None,
    }
}

fn not_introduced(link: Link) -> Link {
    Link {
        introduced: false,
        ..link
    }
}

fn perhaps_texted(link: Link) -> Link {
    Link {
        introduced: false,
        perhaps_texted: true,
        ..link
    }
}

fn claimed(link: Link) -> Link {
    Link {
        claimed_until: Some(NOW + MINUTE),
        ..link
    }
}

fn allocated(links: &[Link]) -> Allocation {
    let numbers = ["1", "2", "3"].map(Number::from_digits);
    allocate(links, &ConversationId::new("own"), &numbers, NOW)
}

/// The conversations whose links are deleted when conversation `own` is texted.
fn removed(links: &[Link]) -> Vec<String> {
    let keys = allocated(links).removed.into_iter();
    keys.map(|key| key.conversation_id.to_string()).collect()
}

#[test]
fn expired_links_on_other_numbers_are_deleted_unless_a_claim_is_open() {
    let own = link("1", "own", MINUTE);
    let others = [
        link("2", "expired", PAST),
        link("3", "current", Span::ZERO),
        claimed(link("2", "claimed", PAST)),
    ];
    assert_eq!(removed(&[vec![own], others.to_vec()].concat()), ["expired"]);
}

#[test]
fn expired_links_on_other_numbers_are_deleted_for_a_new_link_too() {
    let links = [
        link("1", "current", MINUTE),
        link("2", "former", PAST),
        link("3", "expired", PAST),
    ];
    assert_eq!(removed(&links), ["expired"]);
}

#[test]
fn the_former_link_of_a_number_stays_until_the_new_conversation_is_introduced() {
    let former = link("1", "former", PAST);
    assert_eq!(removed(std::slice::from_ref(&former)), [""; 0]);
    let taken = not_introduced(link("1", "own", MINUTE));
    assert_eq!(removed(&[former, taken]), [""; 0]);
}

#[test]
fn a_take_over_that_is_not_being_sent_yields_to_the_conversation_that_has_the_number() {
    let own = link("1", "own", MINUTE);
    let taking = not_introduced(link("1", "taking", MINUTE));
    assert_eq!(removed(&[own.clone(), taking.clone()]), ["taking"]);
    // While it is being sent, the conversation takes another number and both links stay.
    assert_eq!(removed(&[own, claimed(taking)]), [""; 0]);
}

#[test]
fn a_conversation_keeps_its_number_unless_another_is_taking_it_over() {
    let own = link("1", "own", PAST);
    let keep = Choice::Keep {
        number: Number::from_digits("1"),
        introduced: true,
    };
    assert_eq!(allocated(&[claimed(own.clone())]).choice, keep);
    let taking = claimed(not_introduced(link("1", "taking", MINUTE)));
    let take = Choice::Take {
        number: Number::from_digits("2"),
    };
    assert_eq!(allocated(&[own, taking]).choice, take);
    let own = claimed(not_introduced(link("1", "own", MINUTE)));
    let keep = Choice::Keep {
        number: Number::from_digits("1"),
        introduced: false,
    };
    assert_eq!(allocated(&[own]).choice, keep);
}

#[test]
fn a_take_over_that_failed_and_expired_is_deleted_by_the_next() {
    let failed = not_introduced(link("1", "failed", PAST));
    assert_eq!(removed(std::slice::from_ref(&failed)), ["failed"]);
    let own = not_introduced(link("1", "own", MINUTE));
    assert_eq!(removed(&[failed, own]), ["failed"]);
    let waiting = not_introduced(link("1", "waiting", MINUTE));
    let own = not_introduced(link("1", "own", MINUTE));
    assert_eq!(removed(&[waiting, own]), [""; 0]);
}

#[test]
fn a_text_that_was_perhaps_taken_holds_the_number_as_an_accepted_one_does() {
    let own = perhaps_texted(link("1", "own", MINUTE));
    let keep = Choice::Keep {
        number: Number::from_digits("1"),
        introduced: false,
    };
    assert_eq!(allocated(std::slice::from_ref(&own)).choice, keep);
    let taking = not_introduced(link("1", "taking", MINUTE));
    assert_eq!(removed(&[own, taking]), ["taking"]);
    let other = perhaps_texted(link("1", "other", MINUTE));
    let take = Choice::Take {
        number: Number::from_digits("2"),
    };
    assert_eq!(allocated(&[other]).choice, take);
    let former = perhaps_texted(link("1", "former", PAST));
    assert_eq!(removed(&[former]), [""; 0]);
}

#[test]
fn a_conversation_uses_the_newer_of_two_links_whichever_expires_first() {
    let refused = Link {
        retired: true,
        ..link("1", "own", MINUTE)
    };
    let newer = not_introduced(link("3", "own", Span::ZERO));
    let keep = Choice::Keep {
        number: Number::from_digits("3"),
        introduced: false,
    };
    assert_eq!(allocated(&[refused.clone(), newer]).choice, keep);
    let keep = Choice::Keep {
        number: Number::from_digits("1"),
        introduced: true,
    };
    assert_eq!(allocated(&[refused]).choice, keep);
}
