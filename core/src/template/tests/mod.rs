mod blocks;
mod digests;
mod filters;
mod properties;
mod translations;

use serde_json::{Value, json};

use super::*;
use crate::{identity::Identity, layer::identity::identity};

const KINDS: [TemplateKind; 3] = [
    TemplateKind::Text,
    TemplateKind::Introduction,
    TemplateKind::Digest,
];

fn context(text: &str) -> Context {
    let message = json!({
        "id": "layer:///messages/m",
        "conversation": {"id": "layer:///conversations/c", "url": "https://layer/c"},
        "parts": [{"body": "one"}, {"body": "two"}],
        "sender": {"user_id": "ada"},
        "recipient_status": {"12345": "sent", "4294967296": "read", "007": "delivered"},
        "position": 177_831_018_496_u64,
    });
    let sender = identity(&json!({
        "display_name": "Ada <b>",
        "phone_number": null,
        "metadata": {"team": "blue", "tags": ["a", "b"], "first-name": "Ada", "it's": 1, "in": {"for": "x"}},
    }));
    let recipient = Identity::from_hook(&json!({
        "name": "Ben", "phone": 15_550_102_030_u64, "vip": true, "muted": false, "balance": 0,
        "prénom": "Benoît", "pre\u{301}nom": "decomposed", "with": "with", "not": {"as": "as"},
    }))
    .unwrap();
    let conversation =
        json!({"id": "layer:///conversations/c", "metadata": {"conversationName": "Lunch"}});
    let attachments = [
        json!({"kind": "photo", "name": ""}),
        json!({"kind": "file", "name": "plan.pdf"}),
    ];
    Context::new(
        &message,
        &sender,
        &recipient,
        text,
        &attachments,
        Some(&conversation),
    )
}

fn text(source: &str) -> String {
    let template = Template::compile(source, TemplateKind::Text).unwrap();
    template.render(&context("Hi")).unwrap()
}

fn texts(cases: &[(&str, &str)]) {
    for (source, rendered) in cases {
        assert_eq!(text(source), *rendered, "{source}");
    }
}

fn introduction(source: &str) -> String {
    let template = Template::compile(source, TemplateKind::Introduction).unwrap();
    template.render(&context("Hi")).unwrap()
}

fn refusal(source: &str) -> String {
    let error = Template::compile(source, TemplateKind::Text).unwrap_err();
    assert!(error.to_string().ends_with(SUPPORTED), "{error}");
    error.fault.to_string()
}

fn refusals(cases: &[(&str, &str)]) {
    for (source, fault) in cases {
        assert_eq!(refusal(source), *fault, "{source}");
    }
}

#[test]
fn the_examples_of_the_original_work() {
    assert_eq!(text("<%= sender.name %>: <%= text %>"), "Ada <b>: Hi");
    assert_eq!(text("<%= sender.name %> says:"), "Ada <b> says:");
    assert_eq!(
        introduction(
            r#"You have new messages in Conversation "<%= conversation.metadata.conversationName %>""#
        ),
        r#"You have new messages in Conversation "Lunch""#
    );
}

#[test]
fn the_example_with_an_unclosed_mark_is_refused() {
    assert_eq!(
        refusal("<%= sender.name =>: <%= text %>"),
        "`<%= sender.name =>:` is not closed by %>"
    );
}

#[test]
fn paths_reach_every_value() {
    let cases = [
        ("<%=text%>", "Hi"),
        ("<%=\n\ttext\n%>", "Hi"),
        ("<%= position %>", "177831018496"),
        (
            "<%= recipient.vip %> <%= recipient.phone %>",
            "true 15550102030",
        ),
        ("<%= sender.metadata.tags %>", "a,b"),
        ("<%= recipient.not %>", r#"{"as":"as"}"#),
        ("<%= parts.1.body %>", "two"),
        ("<%= recipient_status.12345 %>", "sent"),
        ("<%= sender?.metadata?.team %>", "blue"),
        (
            "<%= message.sender.name %> <%= message.id %>",
            "Ada <b> layer:///messages/m",
        ),
    ];
    texts(&cases);
}

#[test]
fn paths_are_written_as_for_underscore() {
    texts(&[
        (
            "<%= sender['name'] %> <%= sender[\"name\"] %>",
            "Ada <b> Ada <b>",
        ),
        ("<%= sender.metadata['first-name'] %>", "Ada"),
        (r"<%= sender.metadata['it\'s'] %>", "1"),
        (r"<%= recipient['pr\u00e9nom'] %>", "Benoît"),
        ("<%= parts[0].body %> <%= parts['1'].body %>", "one two"),
        (
            "<%= obj.text %> <%= obj['text'] %> <%= obj?.sender?.['name'] %>",
            "Hi Hi Ada <b>",
        ),
        ("<%= obj[\"sender\"].name %>", "Ada <b>"),
        ("<%= message['id'] %>", "layer:///messages/m"),
        ("<%= sender . name %>", "Ada <b>"),
    ]);
}

#[test]
fn a_property_may_have_any_name() {
    texts(&[
        ("<%= recipient.prénom %>", "Benoît"),
        ("<%= recipient.pre\u{301}nom %>", "decomposed"),
        ("<%= sender.metadata.in.for %>", "x"),
        ("<%= recipient.with %> <%= recipient.not.as %>", "with as"),
        ("<%= recipient.true %><%= recipient.if %>", ""),
        ("<%= recipient_status.4294967296 %>", "read"),
        ("<%= recipient_status[4294967296] %>", "read"),
        (
            "<%= recipient_status.007 %><%= recipient_status.7 %>",
            "delivered",
        ),
        (
            "<%= parts.01.body %><%= parts.99999999999999999999999.body %>",
            "",
        ),
    ]);
}

#[test]
fn attachments_have_a_kind_and_a_name() {
    texts(&[(
        "<%= attachments[1].kind %>: <%= attachments[1].name %>",
        "file: plan.pdf",
    )]);
}

#[test]
fn missing_values_are_empty() {
    for path in [
        "sent_at",
        "url",
        "sender.phone",
        "sender.a.b.c",
        "text.length",
        "parts.9.body",
        "parts.name",
        "conversation.metadata.conversationName",
        "message.nothing",
    ] {
        assert_eq!(text(&format!("[<%= {path} %>]")), "[]", "{path}");
    }
}

#[test]
fn a_text_has_the_conversation_of_the_webhook() {
    assert_eq!(text("<%= conversation.url %>"), "https://layer/c");
    assert_eq!(introduction("<%= conversation.url %>"), "");
    assert_eq!(
        introduction("<%= message.conversation.url %>"),
        "https://layer/c"
    );
}

#[test]
fn without_a_fetched_conversation_an_introduction_has_that_of_the_webhook() {
    let message = json!({"conversation": {"id": "layer:///conversations/c"}});
    let nobody = Identity::named("Nobody");
    let context = Context::new(&message, &nobody, &nobody, "", &[], None);
    let template = Template::compile("<%= conversation.id %>", TemplateKind::Introduction).unwrap();
    assert_eq!(
        template.render(&context).unwrap(),
        "layer:///conversations/c"
    );
}

#[test]
fn values_are_not_evaluated_again() {
    let template = Template::compile("<%= text %>", TemplateKind::Text).unwrap();
    for said in [
        "<%= sender.name %>",
        "{{ text }}",
        "{% if text %}",
        "%>",
        "<% x",
    ] {
        assert_eq!(template.render(&context(said)).unwrap(), said);
    }
}

#[test]
fn other_marks_and_a_stray_end_are_plain_text() {
    for source in [
        "100 %> 50 %",
        "%>%>",
        "{{ text }} {% if %} {# #}",
        "a < b",
        "<",
        "%",
        "\"%>\"",
        "-%>-",
    ] {
        assert_eq!(text(source), source);
    }
    assert_eq!(text("<<%= text %>>%>"), "<Hi>%>");
    assert_eq!(text(" -<%= text %>- "), " -Hi- ");
}

#[test]
fn a_mark_that_is_not_closed_is_refused() {
    refusals(&[
        ("a <%= text", "`<%= text` is not closed by %>"),
        ("a <%", "`<%` is not closed by %>"),
    ]);
}

#[test]
fn an_unknown_name_is_named() {
    assert_eq!(
        refusal("<%= text %> <%= sendr.name %>"),
        "`sendr` in `<%= sendr.name %>` is an unknown name"
    );
    assert_eq!(
        refusal("<%= true %>"),
        "`true` in `<%= true %>` is an unknown name"
    );
}

#[test]
fn what_is_no_path_is_refused() {
    for expression in [
        "text + 1",
        "12",
        "[text]",
        "!text",
        "",
        ".text",
        "text.",
        "text?",
        "text..id",
        "text.-",
        "text['x'",
        "text['x]",
        "text[id]",
        "text[-1]",
        "text[]",
        "text |",
        "text | | trim",
        "sender name",
        "sender.name text",
        "-1",
        "{a: text}",
        "`x`",
        "text && id",
        "text.replace('a', 'b')",
        "text > 1",
    ] {
        let source = format!("<%= {expression} %>");
        let fault = Template::compile(&source, TemplateKind::Text)
            .unwrap_err()
            .fault;
        assert_eq!(fault, TemplateFault::NotAPath(source));
    }
}

#[test]
fn errors_repeat_at_most_sixty_characters() {
    let fault = refusal(&format!("<%= {} %>", "ü".repeat(500)));
    assert_eq!(
        fault,
        format!(
            "`{}…` in `<%= {}…` is an unknown name",
            "ü".repeat(60),
            "ü".repeat(56)
        )
    );
}

#[test]
fn every_name_renders_on_the_sample() {
    for kind in KINDS {
        for name in kind.names() {
            let template = Template::compile(&format!("<%= {name} %>"), kind).unwrap();
            assert_ne!(
                template.render(&Context::sample(kind)).unwrap(),
                "",
                "{name}"
            );
        }
    }
}

#[test]
fn metadata_of_the_sample_has_every_key_in_loops_too() {
    let source = "<%= sender.metadata.a.b %>|<% for tag in sender.metadata.tags %><%= tag %>,<%= tag.name %><% endfor %>";
    let template = Template::compile(source, TemplateKind::Text).unwrap();
    let rendered = template.render(&Context::sample(TemplateKind::Text));
    assert_eq!(rendered.unwrap(), "Sample|Sample,Sample");
    assert_eq!(text("<%= sender.metadata.a.b %>"), "");
}

#[test]
fn a_template_knows_which_names_it_uses() {
    let source = "<%= obj.text %><% if not sender.a %><% for part in parts %><%= part.id %><% endfor %><% endif %>";
    let template = Template::compile(source, TemplateKind::Text).unwrap();
    for name in ["text", "sender", "parts"] {
        assert!(template.uses(name), "{name}");
    }
    for name in ["id", "part", "obj", "conversation"] {
        assert!(!template.uses(name), "{name}");
    }
}
