use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

/// JSON of any shape.
fn any_json() -> impl Strategy<Value = Value> {
    let number = "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,5})?(e[+-]?[0-9]{1,3})?";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number.prop_map(|number| serde_json::from_str(&number).unwrap()),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 30, 4, |inner| {
        let keys = "name|body|metadata|0|1|in|\\PC{0,3}";
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys, inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// What others write.
#[derive(Debug)]
struct Written {
    message: Value,
    identity: Value,
    conversation: Value,
    text: String,
    attachments: Vec<Value>,
}

impl Written {
    fn context(&self) -> Context {
        let person = Identity::from_hook(&self.identity).unwrap_or_default();
        let fetched = self.conversation.is_object().then_some(&self.conversation);
        Context::new(
            &self.message,
            &person,
            &person,
            &self.text,
            &self.attachments,
            fetched,
        )
    }
}

fn any_written() -> impl Strategy<Value = Written> {
    let names = "parts|id|recipient_status|conversation|position";
    let message = prop::collection::btree_map(names, any_json(), 0..5)
        .prop_map(|fields| Value::Object(fields.into_iter().collect()));
    let attachments = vec(any_json(), 0..3);
    (message, any_json(), any_json(), "\\PC{0,10}", attachments).prop_map(
        |(message, identity, conversation, text, attachments)| Written {
            message,
            identity,
            conversation,
            text,
            attachments,
        },
    )
}

/// Templates of all that is supported, each correct. Their paths begin with `obj`, which may be the item of a loop.
fn any_template() -> impl Strategy<Value = String> {
    let path = "obj\\.(sender|parts|text|message|recipient|attachments|conversation)\
        (\\.(name|in|metadata|0|1|99999999999999999999)|\\[(0|1|'body'|\"\\\\u00e9\")\\]){0,3}";
    let filters = "( \\| (trim|upper|lower|truncate: [1-9]|default: '[a-z]?')){0,3}";
    let value = (path, filters).prop_map(|(path, filters)| path + &filters);
    let leaf = prop_oneof![
        "[^<]{0,6}",
        value.clone().prop_map(|value| format!("<%= {value} %>"))
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let inner = vec(inner, 0..4).prop_map(|pieces| pieces.concat());
        let both = (
            value.clone(),
            inner.clone(),
            inner.clone(),
            select(vec!["", "not "]),
        );
        prop_oneof![
            both.prop_map(|(value, yes, no, not)| format!(
                "<% if {not}{value} %>{yes}<% else %>{no}<% endif %>"
            )),
            (path, inner.clone()).prop_map(|(list, round)| format!(
                "<% for x in {list} %>{round}<%= x.name %><%= x %><%= loop.index %><% endfor %>"
            )),
            inner,
        ]
    })
}

/// Marks that are often JavaScript.
fn any_javascript() -> impl Strategy<Value = String> {
    let mark = select(vec![
        "<% if (text) { %>",
        "<% if (!sender.vip) { %>",
        "<% if (parts.length > 0) { %>",
        "<% if (a == b) { %>",
        "<% } else { %>",
        "<% } else if (id) { %>",
        "<% } %>",
        "<% }); %>",
        "<% parts.forEach(p => { %>",
        "<% _.each(attachments, function (p, i) { %>",
        "<% for (const p of parts) { %>",
        "<% print(text + ' ' + id); %>",
        "<%= p.body || '\\'\"\\\\' %>",
        "<%= text ? 'yes' : text.slice(0, 4) %>",
        "<%= text.slice(0, x) %>",
        "<%- text %>",
        "<%= text %>",
        "<% if text %>",
        "<% else %>",
        "<% endif %>",
        "<% for p in parts %>",
        "<% endfor %>",
    ]);
    prop_oneof![
        vec(mark, 0..8).prop_map(|marks| marks.concat()),
        "<%[=-]? ?((text|sender|parts|p|if|else|for|of|print|_|each|trim|slice|'a'|0|1|[-(){}\\[\\]|?:;.,!+=>' ]){0,10}) ?%>",
    ]
}

/// Whether a mark compiles somewhere: by itself, or within some blocks.
fn compiles_somewhere(mark: &str) -> bool {
    let blocks = [
        ("", ""),
        ("", "<% endif %>"),
        ("", "<% endfor %>"),
        ("<% if text %>", ""),
        ("<% if text %>", "<% endif %>"),
        ("<% for p in parts %>", ""),
        ("<% for p in parts %>", "<% endfor %>"),
        ("<% for p in parts %>", "<% endif %><% endfor %>"),
        ("<% for p in parts %>", "<% endfor %><% endfor %>"),
        (
            "<% for p in parts %><% if text %>",
            "<% endif %><% endfor %>",
        ),
    ];
    blocks.iter().any(|(before, after)| {
        Template::compile(&format!("{before}{mark}{after}"), TemplateKind::Text).is_ok()
    })
}

proptest! {
    #[test]
    fn no_template_panics(
        source in "(<%[=-]?|%>|[ -~]|[a-z.]|text|sender|\\PC|if |for |else|endif|endfor| in |\\| ?(trim|default)){0,40}"
    ) {
        for kind in KINDS {
            if let Ok(template) = Template::compile(&source, kind) {
                template.render(&Context::sample(kind)).unwrap();
            }
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

    #[test]
    fn rendering_never_fails(source in any_template(), written in any_written()) {
        let context = written.context();
        for kind in [TemplateKind::Text, TemplateKind::Introduction] {
            let template = Template::compile(&source, kind).unwrap();
            template.render(&context).unwrap();
        }
        let messages = [context.clone(), context];
        let recipient = Identity::named("Ben");
        let digest = Context::digest(&DigestValues {
            messages: &messages,
            count: 2,
            senders: "",
            text: "",
            recipient: &recipient,
            conversation: None,
        });
        let in_a_digest = format!("<% for obj in messages %>{source}<% endfor %>");
        let template = Template::compile(&in_a_digest, TemplateKind::Digest).unwrap();
        template.render(&digest).unwrap();
    }

    #[test]
    fn every_property_can_be_reached(key in any::<String>(), value in "\\PC{0,8}", in_loop in any::<bool>()) {
        let sender = Identity { phone: None, fields: [(key.clone(), Value::from(value.as_str()))].into_iter().collect() };
        let parts = json!({"parts": [sender.fields]});
        let context = Context::new(&parts, &sender, &sender, "", &[], None);
        let key = quoted::written(&key).replace("%>", "%\\u003e").replace("<%", "<\\u0025");
        let source = match in_loop {
            true => format!("<% for p in parts %><%= p[{key}] %><% endfor %>"),
            false => format!("<%= sender[{key}] %>"),
        };
        let template = Template::compile(&source, TemplateKind::Text).unwrap();
        prop_assert_eq!(template.render(&context).unwrap(), value);
    }

    #[test]
    fn what_is_printed_is_true_unless_it_is_false_or_zero(value in any_json()) {
        let sender = Identity { phone: None, fields: [("x".to_owned(), value.clone())].into_iter().collect() };
        let context = Context::new(&json!({}), &sender, &sender, "", &[], None);
        let template = Template::compile("<% if sender.x %>1<% else %>0<% endif %>", TemplateKind::Text).unwrap();
        let is_zero = value.as_f64() == Some(0.0);
        let is_false = is_zero || [json!(null), json!(false), json!(""), json!([]), json!({})].contains(&value);
        prop_assert_eq!(template.render(&context).unwrap() == "0", is_false);
    }

    #[test]
    fn a_translation_that_is_offered_compiles(source in any_javascript()) {
        let fault = Template::compile(&source, TemplateKind::Text).map_err(|error| error.fault);
        if let Err(TemplateFault::JavaScript { instead, .. }) = fault {
            prop_assert!(compiles_somewhere(&instead), "{} -> {}", source, instead);
        }
    }
}
