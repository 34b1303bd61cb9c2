//! What everything that comes from outside has in common: read in each of its shapes it means the
//! same, and nothing makes a reader panic. Each parser's own properties are beside it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use texting::{
    chat::{event::ChatEvent, status::Status},
    http::HttpResponse,
    identity::Identity,
    ids::UserId,
    layer::{
        event::{self, Received},
        ids::identity_uri,
    },
    nexmo::{
        inbound::{Inbound, read},
        params::params,
        send::{SendOutcome, read_send_response},
        signature::{SignatureMethod, sign, verify},
    },
    phone::Phone,
    secret::Secret,
    settings::duration,
    sms::inbound::InboundText,
    template::{Context, Template, TemplateKind},
    time::Span,
};

const M: &str = "940de862-3c96-11e4-baad-164230d1df67";
const C: &str = "e67b5da2-95ca-40c4-bfc5-a2a8baaeb50f";

/// Anything that a user id may be.
fn user() -> impl Strategy<Value = String> {
    "[a-z0-9]{1,8}|[ -~]{1,12}|\\PC{1,8}|%[0-9a-f]{2}|layer"
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![Status::Sent, Status::Delivered, Status::Read])
}

fn event_of(body: &Value) -> Received {
    event::read(body.to_string().as_bytes(), "N").unwrap()
}

/// An event about a message, as in 1.0 or, with identities, as in 2.0 and 3.0.
fn about_message(
    names: [&str; 2],
    identities: bool,
    (sender, actor): (&str, &str),
    statuses: &BTreeMap<String, Status>,
) -> Value {
    let named = |user: &str| match identities {
        true => identity_uri(&UserId::new(user)),
        false => user.to_owned(),
    };
    let statuses: BTreeMap<String, &str> = statuses
        .iter()
        .map(|(user, status)| (named(user), status.word()))
        .collect();
    let person = |user: &str| match identities {
        true => json!({ "id": named(user), "user_id": user }),
        false => json!({ "user_id": user }),
    };
    let mut body = json!({
        "event": { "type": names[usize::from(identities)] },
        "message": {
            "id": format!("layer:///messages/{M}"),
            "conversation": { "id": format!("layer:///conversations/{C}") },
            "parts": [],
            "sender": person(sender),
            "recipient_status": statuses,
        },
    });
    let place = if identities {
        &mut body
    } else {
        &mut body["event"]
    };
    place["actor"] = person(actor);
    body
}

/// A request of Nexmo's in each of the three ways, as what is read of it.
fn in_every_encoding(pairs: &[(&str, &str)]) -> [InboundText; 3] {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let json = serde_json::to_vec(&pairs.iter().copied().collect::<BTreeMap<_, _>>()).unwrap();
    let form_type = Some("application/x-www-form-urlencoded");
    [
        params(&form, None, b""),
        params("", form_type, form.as_bytes()),
        params("", Some("application/json"), &json),
    ]
    .map(|params| match read(&params.unwrap()) {
        Ok(Inbound::Text(text, _)) => text,
        other => panic!("{other:?}"),
    })
}

fn method() -> impl Strategy<Value = SignatureMethod> {
    use SignatureMethod::{Md5, Md5Hash, Sha1, Sha256, Sha512};
    prop::sample::select(vec![Md5Hash, Md5, Sha1, Sha256, Sha512])
}

proptest! {
    #[test]
    fn a_message_says_the_same_in_both_generations(
        sender in user(),
        statuses in prop::collection::btree_map(user(), status(), 1..4),
    ) {
        for identities in [false, true] {
            let names = ["message.sent", "Message.created"];
            let body = about_message(names, identities, (&sender, &sender), &statuses);
            let Received::Event(ChatEvent::Sent(sent)) = event_of(&body) else { panic!("{body}") };
            prop_assert_eq!((&sent.message_id[..], &sent.conversation_id[..]), (M, C));
            let named: BTreeMap<_, _> = sent.statuses.iter().map(|(user, status)| (user.to_string(), *status)).collect();
            prop_assert_eq!((sent.sender.as_str(), &named), (sender.as_str(), &statuses));
        }
    }

    #[test]
    fn a_mark_in_front_and_an_unused_field_of_any_kind_change_no_event(
        sender in user(),
        statuses in prop::collection::btree_map(user(), status(), 1..4),
        depth in 0usize..300,
        field in "[a-z]{9}",
    ) {
        let names = ["message.sent", "Message.created"];
        let body = about_message(names, false, (&sender, &sender), &statuses);
        let deep = format!("{}\"\\ud83d\"{}", "[".repeat(depth), "]".repeat(depth));
        let noisy = body.to_string().replacen('{', &format!("{{\"{field}\":{deep},"), 1);
        let noisy = format!("\u{feff}{noisy}");
        let read = event::read(noisy.as_bytes(), "N").unwrap();
        prop_assert_eq!(format!("{read:?}"), format!("{:?}", event_of(&body)));
    }

    #[test]
    fn a_deletion_says_the_same_in_both_generations(
        sender in user(),
        statuses in prop::collection::btree_map(user(), status(), 1..4),
    ) {
        let read = |identities| {
            let names = ["message.deleted", "Message.deleted"];
            let body = about_message(names, identities, (&sender, &sender), &statuses);
            format!("{:?}", event_of(&body))
        };
        prop_assert_eq!(read(false), read(true));
    }

    #[test]
    fn a_text_says_the_same_in_a_query_a_form_and_json(
        phone in "[1-9][0-9]{6,14}",
        number in "[1-9][0-9]{6,14}",
        id in "[0-9A-F]{16}",
        said in "\\PC{0,60}[^\\s]",
        part in prop::option::of((1u8..=9, 0u8..3)),
    ) {
        let (index, total) = part.map_or((0, 0), |(index, more)| (index, index.max(2) + more));
        let (index_word, total_word) = (index.to_string(), total.to_string());
        let mut pairs = vec![
            ("msisdn", &phone[..]), ("to", &number), ("messageId", &id), ("text", &said),
        ];
        if part.is_some() {
            let concat = [("concat", "true"), ("concat-ref", "7")];
            pairs.extend(concat);
            pairs.extend([("concat-total", &total_word[..]), ("concat-part", &index_word)]);
        }
        for text in in_every_encoding(&pairs) {
            prop_assert_eq!((text.phone.as_str(), text.number.as_str()), (&phone[..], &number[..]));
            prop_assert_eq!((text.message_id.as_str(), &text.text), (&id[..], &said));
            let read = text.part.map(|part| (part.index, part.total));
            prop_assert_eq!(read, part.map(|_| (index, total)));
        }
    }

    #[test]
    fn what_is_signed_verifies_in_any_order_and_nothing_else_does(
        params in vec(("[a-z-]{1,8}", "\\PC{0,12}"), 1..6),
        (secret, other) in ("[ -~]{1,20}", "[ -~]{1,20}"),
        method in method(),
        at in any::<prop::sample::Index>(),
    ) {
        prop_assume!(secret != other && params.iter().all(|(name, _)| name != "sig"));
        let sig = sign(&params, &Secret::new(secret.clone()), method);
        let mut signed = params;
        let at = at.index(signed.len());
        signed.insert(at, ("sig".to_owned(), sig));
        let names: std::collections::BTreeSet<_> = signed.iter().map(|(name, _)| name).collect();
        if names.len() == signed.len() {
            signed.reverse();
        }
        let secret = Secret::new(secret);
        prop_assert!(verify(&signed, &secret, method));
        prop_assert!(!verify(&signed, &Secret::new(other), method));
        let changed = signed.iter().position(|(name, _)| name != "sig").unwrap();
        signed[changed].1.push('!');
        prop_assert!(!verify(&signed, &secret, method));
    }

    #[test]
    fn a_span_means_its_number_times_its_unit(
        number in 0i64..1_000_000,
        (unit, millis) in prop::sample::select(vec![
            ("ms", 1), ("milliseconds", 1), ("s", 1_000), ("secs", 1_000), ("m", 60_000),
            ("minutes", 60_000), ("h", 3_600_000), ("hrs", 3_600_000), ("d", 86_400_000),
            ("day", 86_400_000), ("w", 604_800_000), ("weeks", 604_800_000),
        ]),
        (upper, gap) in (any::<u16>(), " {0,3}"),
    ) {
        let any_case = |(at, c): (usize, char)| match upper >> (at % 16) & 1 {
            1 => c.to_ascii_uppercase(),
            _ => c,
        };
        let unit: String = unit.chars().enumerate().map(any_case).collect();
        let text = format!("{number}{gap}{unit}");
        prop_assert_eq!(duration::read(&text), Ok(Span::from_millis(number * millis)), "{}", text);
    }

    /// As long as it is too short for two phones.
    #[test]
    fn a_phone_means_its_digits_however_it_is_written(
        digits in "[1-9][0-9]{6,12}",
        marks in vec(" {0,2}|-| - |\u{2011}|\u{a0}", 12),
        prefix in "\\+|00",
    ) {
        let marks = marks.iter().map(String::as_str).take(digits.len() - 1).chain([""]);
        let written: String = digits.chars().zip(marks).map(|(c, mark)| format!("{c}{mark}")).collect();
        prop_assert_eq!(Phone::parse(&format!("{prefix}{written}")), Some(Phone::from_digits(digits)));
    }

    #[test]
    fn one_part_that_nexmo_took_makes_a_text_accepted(
        statuses in vec((0u32..40, any::<bool>()), 1..5),
        http in prop::sample::select(vec![200u16, 202, 420, 429, 500]),
    ) {
        let entry = |(status, as_text): &(u32, bool)| match as_text {
            true => json!({ "status": status.to_string() }),
            false => json!({ "status": status }),
        };
        let entries: Vec<_> = statuses.iter().map(entry).collect();
        let body = json!({ "message-count": entries.len(), "messages": entries }).to_string();
        let answer = read_send_response(&HttpResponse::Received { status: http, body });
        let taken = statuses.iter().any(|(status, _)| *status == 0);
        prop_assert_eq!(matches!(answer, SendOutcome::Accepted { .. }), taken, "{:?}", answer);
    }

    #[test]
    fn what_people_write_is_never_read_as_a_template(
        said in "(<%= ?(text|sender\\.name) ?%>|%>|<%|\\{\\{|\\PC){0,8}",
        name in "(<%= text %>|\\PC){0,4}",
    ) {
        let template = Template::compile("<%= sender.name %>|<%= text %>", TemplateKind::Text).unwrap();
        let (sender, recipient) = (Identity::named(&name), Identity::named("Ben"));
        let context = Context::new(&json!({}), &sender, &recipient, &said, &[], None);
        prop_assert_eq!(template.render(&context).unwrap(), format!("{name}|{said}"));
    }
}
