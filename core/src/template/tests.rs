use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::identity::Identity;

fn context(text: &str) -> Context {
    let message = json!({
        "id": "layer:///messages/m",
        "conversation": {"id": "layer:///conversations/c", "url": "https://layer/c"},
        "parts": [{"body": "one"}, {"body": "two"}],
        "sender": {"user_id": "ada"},
        "recipient_status": {"12345": "sent"},
        "position": 177_831_018_496_u64,
    });
    let sender = Identity::from_layer(&json!({
        "display_name": "Ada <b>", "phone_number": null, "metadata": {"team": "blue", "tags": ["a", "b"]},
    }));
    let recipient =
        Identity::from_hook(&json!({"name": "Ben", "phone": 15_550_102_030_u64, "vip": true}))
            .unwrap();
    let conversation =
        json!({"id": "layer:///conversations/c", "metadata": {"conversationName": "Lunch"}});
    Context::new(&message, &sender, &recipient, text, Some(&conversation))
}

fn text(source: &str) -> String {
    let template = Template::compile(source, TemplateKind::Text).unwrap();
    template.render(&context("Hi")).unwrap()
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
        (
            "<%= sender.metadata %>",
            r#"{"tags":["a","b"],"team":"blue"}"#,
        ),
        ("<%= parts.1.body %>", "two"),
        ("<%= recipient_status.12345 %>", "sent"),
        ("<%= sender?.metadata?.team %>", "blue"),
        (
            "<%= message.sender.name %> <%= message.id %>",
            "Ada <b> layer:///messages/m",
        ),
    ];
    for (source, rendered) in cases {
        assert_eq!(text(source), rendered, "{source}");
    }
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
    let context = Context::new(&message, &nobody, &nobody, "", None);
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
fn other_marks_of_underscore_are_refused() {
    assert_eq!(
        refusal("<%- sender.name %>"),
        "`<%- sender.name %>` asks for HTML escaping, which a text message does not need"
    );
    assert_eq!(
        refusal("<% if (text) { %>x<% } %>"),
        "`<% if (text) { %>` is code, which is not run"
    );
    assert_eq!(refusal("a <%= text"), "`<%= text` is not closed by %>");
    assert_eq!(refusal("a <%"), "`<%` is not closed by %>");
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
fn javascript_is_refused() {
    for expression in [
        "text.toUpperCase()",
        "text + 1",
        "sender['name']",
        "parts[0].body",
        "'x'",
        "\"x\"",
        "12",
        "[text]",
        "(text)",
        "text ? text : id",
        "text || id",
        "!text",
        "sender.name | upper",
        "",
        ".text",
        "text.",
        "text?",
        "text..id",
        "sender name",
        "sender.name text",
        "-1",
        "{a: text}",
        "text;",
        "`x`",
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
            "`<%= {}…` is not a path of names: JavaScript is not run",
            "ü".repeat(56)
        )
    );
}

#[test]
fn the_list_of_what_is_supported_is_complete() {
    let listed = SUPPORTED.split("one of ").nth(1).unwrap();
    assert_eq!(listed.split(", ").collect::<Vec<_>>(), NAMES);
}

#[test]
fn every_name_renders_on_the_sample() {
    for name in NAMES {
        let template =
            Template::compile(&format!("<%= {name} %>"), TemplateKind::Introduction).unwrap();
        assert_ne!(template.render(&Context::sample()).unwrap(), "", "{name}");
    }
}

proptest! {
    #[test]
    fn no_template_panics(source in "(<%=?|%>|[ -~]|[a-z.]|text|sender|\\PC){0,40}") {
        if let Ok(template) = Template::compile(&source, TemplateKind::Text) {
            template.render(&Context::sample()).unwrap();
        }
    }

    #[test]
    fn a_template_without_marks_is_itself(source in "[^<]{0,40}") {
        prop_assert_eq!(text(&source), source);
    }

    #[test]
    fn a_text_is_not_changed(said in "\\PC{0,40}") {
        let template = Template::compile("<%= text %>", TemplateKind::Text).unwrap();
        prop_assert_eq!(template.render(&context(&said)).unwrap(), said);
    }
}
