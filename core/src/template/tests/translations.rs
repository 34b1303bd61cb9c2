use super::*;

/// The translation in the error; checks that it compiles.
fn translated(source: &str, kind: TemplateKind) -> String {
    let fault = Template::compile(source, kind).unwrap_err().fault;
    let TemplateFault::JavaScript { instead, .. } = fault else {
        panic!("{source}: {fault}");
    };
    Template::compile(&instead, kind).unwrap();
    instead
}

#[test]
fn expressions_are_translated() {
    for (javascript, ours) in [
        ("text.toUpperCase()", "text | upper"),
        ("text.toLowerCase()", "text | lower"),
        ("text.trim().slice(0, 40)", "text | trim | truncate: 40"),
        ("text.substring(0,40)", "text | truncate: 40"),
        ("text.substr( 0 , 40 )", "text | truncate: 40"),
        ("text || 'x'", "text | default: \"x\""),
        ("text ?? \"it's\"", "text | default: \"it's\""),
        (
            "(sender['first-name'] || 'a \"b\"').trim()",
            "sender['first-name'] | default: \"a \\\"b\\\"\" | trim",
        ),
        (
            "sender.name | upper || 'x'",
            "sender.name | upper | default: \"x\"",
        ),
        ("_.escape(text)", "text"),
        ("(text)", "text"),
        ("text;", "text"),
        (
            "recipient.metadata.first-name.x",
            "recipient.metadata['first-name'].x",
        ),
    ] {
        let source = format!("<%= {javascript} %>");
        assert_eq!(
            translated(&source, TemplateKind::Text),
            format!("<%= {ours} %>")
        );
        assert_eq!(
            refusal(&source),
            format!("`{source}` is JavaScript, which is not run; write `<%= {ours} %>`")
        );
    }
}

#[test]
fn expressions_become_blocks_where_they_have_to() {
    for (javascript, ours) in [
        (
            "text ? id : 'none'",
            "<% if text %><%= id %><% else %>none<% endif %>",
        ),
        (
            "!text ? '' : text.trim()",
            "<% if not text %><% else %><%= text | trim %><% endif %>",
        ),
        (
            "recipient.vip ? '*' : ''",
            "<% if recipient.vip %>*<% endif %>",
        ),
        ("text ? 1 : id", ""),
        (
            "text ? id : url ? 'a' : 'b'",
            "<% if text %><%= id %><% else %><% if url %>a<% else %>b<% endif %><% endif %>",
        ),
        (
            "text || id",
            "<% if text %><%= text %><% else %><%= id %><% endif %>",
        ),
        (
            "sender.name + ': ' + text",
            "<%= sender.name %>: <%= text %>",
        ),
        ("'only'", "only"),
        ("position + 1", ""),
        ("sender.count-1", ""),
        ("sender.-count", ""),
        ("sender.first - sender.last", ""),
        ("position + position", ""),
    ] {
        let source = format!("<%= {javascript} %>");
        match ours {
            "" => assert!(
                refusal(&source).contains("is not a path of names"),
                "{source}"
            ),
            ours => assert_eq!(translated(&source, TemplateKind::Text), ours),
        }
    }
}

#[test]
fn marks_for_html_are_translated() {
    let said = "asks for HTML escaping, which a text message does not need; write";
    refusals(&[
        (
            "<%- sender.name %>",
            &format!("`<%- sender.name %>` {said} `<%= sender.name %>`"),
        ),
        (
            "<%-text.trim()%>",
            &format!("`<%-text.trim()%>` {said} `<%= text | trim %>`"),
        ),
        (
            "<%- text + 1 %>",
            "`<%- text + 1 %>` asks for HTML escaping, which a text message does not need",
        ),
    ]);
}

#[test]
fn statements_are_translated_with_all_of_the_template() {
    for (javascript, ours) in [
        (
            "a<% if (recipient.vip) { %>b<% } %>c",
            "a<% if recipient.vip %>b<% endif %>c",
        ),
        (
            "<% if (!text){ %>1<% } else if (id) { %>2<% } else { %>3<% } %>",
            "<% if not text %>1<% else if id %>2<% else %>3<% endif %>",
        ),
        (
            "<% if (parts.length > 0) { %><% _.each(parts, function(p) { %><%= p.body || '?' %><% }); %><% } %>",
            "<% if parts %><% for p in parts %><%= p.body | default: \"?\" %><% endfor %><% endif %>",
        ),
        (
            "<% for (const p of parts) { %><% if (!(p.body)) { %>-<% } %><% } %>",
            "<% for p in parts %><% if not p.body %>-<% endif %><% endfor %>",
        ),
        (
            "<% _(parts).each(p => { %><%= p.body %><% }) %>",
            "<% for p in parts %><%= p.body %><% endfor %>",
        ),
        (
            "<% parts.forEach(function (p) { %>x<% }); %>",
            "<% for p in parts %>x<% endfor %>",
        ),
        (
            "<% print(text); %> <% print('x' + id) %>",
            "<%= text %> x<%= id %>",
        ),
        ("<% if (text) %>x<% endif %>", "<% if text %>x<% endif %>"),
        (
            "<% if not (text) { %>x<% }; %>",
            "<% if not text %>x<% endif %>",
        ),
        ("<% if text %>x<% } %>", "<% if text %>x<% endif %>"),
        ("<% if (text) { %>x<% endif %>", "<% if text %>x<% endif %>"),
    ] {
        assert_eq!(
            translated(javascript, TemplateKind::Text),
            ours,
            "{javascript}"
        );
    }
    let digest =
        "<% messages.forEach(m => { %><%- m.sender.name %>: <%= m.text.trim() %>\n<% }); %>";
    assert_eq!(
        translated(digest, TemplateKind::Digest),
        "<% for m in messages %><%= m.sender.name %>: <%= m.text | trim %>\n<% endfor %>"
    );
}

#[test]
fn conditions_are_translated() {
    for (javascript, ours) in [
        ("if (text)", "if text"),
        ("if ((text)) {", "if text"),
        ("if (!!text) {", "if text"),
        ("if (!(!text)) {", "if text"),
        ("if not (text)", "if not text"),
        ("if text {", "if text"),
        ("if (parts.length) {", "if parts"),
        ("if (!parts.length) {", "if not parts"),
        ("if (parts.length > 0) {", "if parts"),
        ("if (parts.length === 0) {", "if not parts"),
        ("if (sender.name != null) {", "if sender.name"),
        ("if (sender.name == '') {", "if not sender.name"),
        ("if (text.trim() !== '') {", "if text | trim"),
        ("if (position > 0) {", ""),
        ("if (position == 1) {", ""),
        ("if (text && id) {", ""),
    ] {
        let source = format!("<% {javascript} %>x<% }} %>");
        match ours {
            "" => assert!(refusal(&source).ends_with("is code, which is not run")),
            ours => assert_eq!(
                translated(&source, TemplateKind::Text),
                format!("<% {ours} %>x<% endif %>")
            ),
        }
    }
}

#[test]
fn what_stands_too_much_behind_a_block_is_left_out() {
    for source in [
        "<% if text; %>1<% else { %>2<% endif; %>",
        "<% if text { %>1<% } else { %>2<% } %>",
        "<% if text; %>1<% } else { %>2<% }; %>",
    ] {
        let ours = "<% if text %>1<% else %>2<% endif %>";
        assert_eq!(translated(source, TemplateKind::Text), ours);
    }
    let source = "<% for p in parts { %>x<% } %>";
    let ours = "<% for p in parts %>x<% endfor %>";
    assert_eq!(translated(source, TemplateKind::Text), ours);
}

#[test]
fn a_mark_alone_is_translated_where_the_template_cannot_be() {
    let said = |source: &str, mark: &str, instead: &str| {
        let said = format!("`{mark}` is JavaScript, which is not run; write `{instead}`");
        assert_eq!(refusal(source), said);
    };
    let if_text = "<% if (text) { %>";
    said(
        "<% if (text) { %><% x() %><% } %>",
        if_text,
        "<% if text %>",
    );
    said("<% if (text) { %>", if_text, "<% if text %>");
    said(
        &format!("<% if (text) {{ %>{}<% }} %>", "x".repeat(240)),
        if_text,
        "<% if text %>",
    );
    said("<% if text %><% } %><%= user %>", "<% } %>", "<% endif %>");
    said(
        "<% for p in parts %><% }); %><%= user %>",
        "<% }); %>",
        "<% endfor %>",
    );
    said(
        "<% if text %><% } else { %><%= user %>",
        "<% } else { %>",
        "<% else %>",
    );
}

#[test]
fn what_cannot_be_translated_is_refused_alone() {
    refusals(&[
        (
            "<% if (a && b) { %>",
            "`<% if (a && b) { %>` is code, which is not run",
        ),
        (
            "<% if (nobody) { %>",
            "`<% if (nobody) { %>` is code, which is not run",
        ),
        ("<% } %>", "`<% } %>` is code, which is not run"),
        (
            "<% } else { %>",
            "`<% } else { %>` is code, which is not run",
        ),
        (
            "<% for (var i = 0; i < 3; i++) { %>",
            "`<% for (var i = 0; i < 3; i++) { %>` is code, which is not run",
        ),
        (
            "<%= user.name.trim() %>",
            "`<%= user.name.trim() %>` is not a path of names: JavaScript is not run",
        ),
        (
            "<%= text || 'a<%' %>",
            "`<%= text || 'a` is not closed by %>",
        ),
    ]);
    let long = format!("<%= {}text{} %>", "(".repeat(100_000), ")".repeat(100_000));
    assert!(refusal(&long).ends_with("is not a path of names: JavaScript is not run"));
}
