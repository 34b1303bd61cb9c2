use super::*;

fn values<'a>(
    messages: &'a [Context],
    recipient: &'a Identity,
    conversation: Option<&'a Value>,
) -> DigestValues<'a> {
    DigestValues {
        messages,
        count: 3,
        senders: "Ada and Cem",
        text: "all",
        recipient,
        conversation,
    }
}

fn digest(source: &str) -> String {
    let conversation = json!({"metadata": {"conversationName": "Lunch"}});
    let messages = [context("Hi"), context("Bye")];
    let recipient = Identity::named("Ben");
    let context = Context::digest(&values(&messages, &recipient, Some(&conversation)));
    let template = Template::compile(source, TemplateKind::Digest).unwrap();
    template.render(&context).unwrap()
}

#[test]
fn a_digest_has_names_of_its_own() {
    assert_eq!(
        digest(
            "<%= count %> from <%= senders %> to <%= recipient.name %> in <%= conversation.metadata.conversationName %>: <%= text %>"
        ),
        "3 from Ada and Cem to Ben in Lunch: all"
    );
    for name in ["sender", "message", "parts", "attachments", "id"] {
        let error = Template::compile(&format!("<%= {name} %>"), TemplateKind::Digest).unwrap_err();
        assert!(
            matches!(error.fault, TemplateFault::UnknownName { .. }),
            "{name}"
        );
        assert!(error.to_string().ends_with(SUPPORTED_IN_DIGESTS), "{error}");
    }
    assert!(refusal("<%= count %>").contains("unknown name"));
}

#[test]
fn each_message_of_a_digest_has_all_that_a_text_has() {
    let each = |inner: &str| digest(&format!("<% for m in messages %>{inner}<% endfor %>"));
    assert_eq!(
        each("<%= m.sender.name %>: <%= m.text %>\n"),
        "Ada <b>: Hi\nAda <b>: Bye\n"
    );
    for name in TemplateKind::Text.names() {
        let in_a_text = text(&format!("<%= {name} %>"));
        let in_a_digest = each(&format!("<% if loop.first %><%= m.{name} %><% endif %>"));
        assert_eq!(in_a_digest, in_a_text, "{name}");
    }
    assert_eq!(
        each("<% for a in m.attachments %><%= a.kind %> <% endfor %>"),
        "photo file photo file "
    );
    assert_eq!(digest("<%= messages[1].text %>"), "Bye");
}

#[test]
fn a_digest_without_its_conversation_has_none() {
    let recipient = Identity::named("Ben");
    let context = Context::digest(&values(&[], &recipient, None));
    let template =
        Template::compile("[<%= conversation %><%= messages %>]", TemplateKind::Digest).unwrap();
    assert_eq!(template.render(&context).unwrap(), "[]");
    assert_eq!(context.to_json()["count"], 3);
}

#[test]
fn the_sample_of_a_digest_has_two_messages() {
    let source = "<%= senders %> <% for m in messages %><%= m.sender.name %> <%= m.sender.metadata.x %>,<% endfor %>\
        <%= count %> <%= conversation.metadata.x %>";
    let template = Template::compile(source, TemplateKind::Digest).unwrap();
    let rendered = template.render(&Context::sample(TemplateKind::Digest));
    assert_eq!(
        rendered.unwrap(),
        "Ada and Cem Ada Sample,Cem Sample,2 Sample"
    );
}
