use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::template::TemplateKind;

fn message(sender: &str, line: &str) -> Message {
    let identity = Identity::named(sender);
    let text = line.split_once(": ").map_or(line, |(_, text)| text);
    Message {
        context: Context::new(
            &json!({}),
            &identity,
            &Identity::named("Ben"),
            text,
            &[],
            None,
        ),
        line: line.to_owned(),
        sender: sender.to_owned(),
        sender_name: sender.to_owned(),
    }
}

fn messages(count: usize, length: usize) -> Vec<Message> {
    let words = "a".repeat(length);
    (1..=count)
        .map(|n| message("Ada", &format!("{n}{words}")))
        .collect()
}

struct Made<'a> {
    template: Option<&'a str>,
    messages: &'a [Message],
    count: usize,
    introduction: &'a str,
}

impl Made<'_> {
    fn of(messages: &[Message], count: usize) -> Made<'_> {
        Made {
            template: None,
            messages,
            count,
            introduction: "",
        }
    }

    fn sms(&self) -> Option<Sms> {
        let compile = |source| Template::compile(source, TemplateKind::Digest).unwrap();
        let template = self.template.map(compile);
        let parts = Parts {
            template: template.as_ref(),
            messages: self.messages,
            count: self.count,
            recipient: &Identity::named("Ben"),
            conversation: Some(&json!({ "metadata": { "title": "Lunch" } })),
            introduction: self.introduction,
        };
        parts.text().unwrap().map(|made| made.sms)
    }

    fn text(&self) -> String {
        self.sms().unwrap().text
    }
}

#[test]
fn by_default_each_message_is_a_line() {
    let messages = [message("Ada", "Ada: Hi"), message("Cem", "Cem: Ho")];
    assert_eq!(Made::of(&messages, 2).text(), "Ada: Hi\nCem: Ho");
}

#[test]
fn messages_that_are_only_counted_are_a_last_line() {
    let messages = [message("Ada", "Ada: Hi")];
    assert_eq!(Made::of(&messages, 4).text(), "Ada: Hi\n+3 more");
}

#[test]
fn the_introduction_stands_in_front() {
    let messages = [message("Ada", "Hi"), message("Ada", "Ho")];
    let made = Made {
        introduction: "Answer me.\n\n",
        ..Made::of(&messages, 3)
    };
    assert_eq!(made.text(), "Answer me.\n\nHi\nHo\n+1 more");
}

#[test]
fn a_template_has_the_count_the_senders_the_messages_the_default_text_and_the_conversation() {
    let messages = [message("Ada", "Ada: Hi"), message("Cem", "Cem: Ho")];
    let made = |template| Made {
        template: Some(template),
        ..Made::of(&messages, 2)
    };
    assert_eq!(
        made("<%= recipient.name %>: <%= count %> from <%= senders %> in <%= conversation.metadata.title %>").text(),
        "Ben: 2 from Ada and Cem in Lunch"
    );
    assert_eq!(made("New:\n<%= text %>").text(), "New:\nAda: Hi\nCem: Ho");
    assert_eq!(
        made("<% for m in messages %><<%= m.sender.name %>|<%= m.text %>><% endfor %>").text(),
        "<Ada|Hi><Cem|Ho>"
    );
}

#[test]
fn a_template_without_the_messages_never_says_how_many_more_there_are() {
    let messages = messages(2, 5);
    let made = |template| Made {
        template: Some(template),
        ..Made::of(&messages, 9)
    };
    assert_eq!(made("<%= count %> new").text(), "9 new");
    assert_eq!(made("<%= text %>").text(), "1aaaaa\n2aaaaa\n+7 more");
}

#[test]
fn as_many_messages_are_shown_as_fit_into_six_parts_with_the_last_line() {
    // Each line has 301 characters: three of them and the breaks are 905, and `+7 more` with its break is 8.
    let of_300 = messages(10, 300);
    let sms = Made::of(&of_300, 10).sms().unwrap();
    assert!(sms.text.ends_with("a\n+7 more"), "{}", sms.text);
    assert_eq!(
        (sms.text.lines().count(), sms.parts, sms.cut),
        (4, 6, false)
    );
    // With six characters more, the last line does not fit.
    let made = Made {
        introduction: "123456",
        ..Made::of(&of_300, 10)
    };
    assert!(made.text().ends_with("a\n+8 more"));
}

#[test]
fn the_encoding_is_what_all_that_is_shown_needs() {
    let mut messages = messages(3, 190);
    messages.push(message("Ada", "привет"));
    let sms = Made::of(&messages, 4).sms().unwrap();
    assert_eq!(sms.text.lines().last(), Some("+1 more"));
    messages.truncate(2);
    messages.push(message("Ada", "привет"));
    let sms = Made::of(&messages, 3).sms().unwrap();
    assert_eq!(sms.text.lines().last(), Some("привет"));
}

#[test]
fn only_a_first_message_that_is_too_long_by_itself_is_cut_and_it_keeps_the_last_line() {
    let long = messages(3, 2_000);
    let sms = Made::of(&long, 12).sms().unwrap();
    assert!(sms.text.starts_with("1aaa") && sms.text.ends_with("aaa...\n+11 more"));
    assert_eq!((sms.text.len(), sms.parts, sms.cut), (918, 6, true));
    let alone = Made::of(&long[..1], 1).sms().unwrap();
    assert!(alone.text.ends_with("aaa...") && alone.text.len() == 918);
}

#[test]
fn a_template_that_renders_blank_makes_no_text() {
    let messages = messages(2, 5);
    let made = Made {
        template: Some("<% if recipient.vip %><%= text %><% endif %>"),
        introduction: "Hello",
        ..Made::of(&messages, 5)
    };
    assert_eq!(made.sms(), None);
}

#[test]
fn messages_that_fit_only_as_nothing_are_cut_instead() {
    let photo = message("Ada", &format!("Ada: {}", "a".repeat(1_000)));
    let messages = [message("Ada", "Ada: hi"), photo];
    let made = Made {
        template: Some(
            "<% for m in messages %><% if not loop.first %><%= m.text %><% endif %><% endfor %>",
        ),
        ..Made::of(&messages, 2)
    };
    assert!(made.text().ends_with("aaa..."));
}

proptest! {
    #[test]
    fn a_digest_fits_six_parts_and_counts_every_message(
        lines in prop::collection::vec("[a-z€é😀 ]{1,400}", 1..=10),
        hidden in 0_usize..2_000,
        introduction in "[a-zб]{0,40}",
    ) {
        let messages: Vec<Message> = lines.iter().map(|it| message("Ada", &format!("-{it}"))).collect();
        let count = messages.len() + hidden;
        let made = Made { introduction: &introduction, ..Made::of(&messages, count) };
        let sms = made.sms().unwrap();
        prop_assert!(fits(&sms.text));
        let more = sms.text.lines().last().and_then(|last| last.strip_prefix('+')?.strip_suffix(" more"));
        let more: usize = more.map_or(0, |more| more.parse().unwrap());
        let shown = sms.text.lines().filter(|line| line.contains('-')).count();
        prop_assert_eq!(shown + more, count);
        if !sms.cut && shown < messages.len() {
            let one_more: Vec<&str> = messages[..=shown].iter().map(|it| it.line.as_str()).collect();
            let ending = match count - shown - 1 { 0 => String::new(), more => format!("\n+{more} more") };
            let longer = format!("{introduction}{}{ending}", one_more.join("\n"));
            prop_assert!(!fits(&longer), "one more would have fitted");
        }
    }
}
