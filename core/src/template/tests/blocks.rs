use super::*;

#[test]
fn an_if_shows_what_is_true() {
    texts(&[
        ("<% if recipient.vip %>yes<% endif %>", "yes"),
        ("<%if text%>yes<%else%>no<%endif%>", "yes"),
        ("<% if recipient.muted %>yes<% else %>no<% endif %>", "no"),
        (
            "<% if not recipient.muted %>yes<% else %>no<% endif %>",
            "yes",
        ),
        (
            "<% if sent_at %>1<% else if recipient.vip %>2<% else if text %>3<% else %>4<% endif %>",
            "2",
        ),
        (
            "<% if sent_at %>1<% else if not text %>2<% else %>3<% endif %>",
            "3",
        ),
        (
            "<% if parts['0']['body'] %><% if text %>both<% endif %><% endif %>",
            "both",
        ),
    ]);
}

#[test]
fn what_is_missing_empty_false_or_zero_is_false() {
    for path in [
        "sent_at",
        "sender.nothing.at.all",
        "recipient.muted",
        "recipient.balance",
        "attachments.0.name",
        "parts.7",
        "conversation.metadata",
    ] {
        let source = format!("<% if {path} %>true<% else %>false<% endif %>");
        assert_eq!(text(&source), "false", "{path}");
    }
}

#[test]
fn a_condition_may_have_filters() {
    let source = "<% if text | trim %>said<% else %>silent<% endif %>";
    let template = Template::compile(source, TemplateKind::Text).unwrap();
    assert_eq!(template.render(&context(" \n")).unwrap(), "silent");
    assert_eq!(template.render(&context("Hi")).unwrap(), "said");
    texts(&[(
        "<% if recipient.muted | default: 'x' %>1<% else %>0<% endif %>",
        "0",
    )]);
}

#[test]
fn a_name_of_the_grammar_is_a_name_where_one_is_expected() {
    texts(&[
        (
            "<% for not in parts %><% if not %>[<%= not.body %>]<% endif %><% endfor %>",
            "[one][two]",
        ),
        (
            "<% for in in parts %><% if not in.title %><%= in['body'] %><% endif %><% endfor %>",
            "onetwo",
        ),
    ]);
}

#[test]
fn a_for_shows_each_item() {
    texts(&[
        (
            "<% for part in parts %>[<%= part.body %>]<% endfor %>",
            "[one][two]",
        ),
        (
            "<% for tag in sender.metadata.tags %><%= tag %> <%= text %>;<% endfor %>",
            "a Hi;b Hi;",
        ),
        (
            "<% for a in attachments %><%= a.name | default: '?' %>,<% endfor %>",
            "?,plan.pdf,",
        ),
        (
            "<% for x in message['parts'] %><%= x.body | upper %><% endfor %>",
            "ONETWO",
        ),
    ]);
}

#[test]
fn what_is_no_list_has_no_rounds() {
    for path in [
        "sent_at",
        "text",
        "recipient.vip",
        "recipient.not",
        "position",
        "parts.0.body",
    ] {
        let source = format!("[<% for x in {path} %>x<% endfor %>]");
        assert_eq!(text(&source), "[]", "{path}");
    }
}

#[test]
fn the_innermost_loop_gives_a_name_its_meaning() {
    texts(&[
        (
            "<% for text in parts %><%= text.body %><% endfor %> <%= text %> <%= obj.text %>",
            "onetwo Hi Hi",
        ),
        (
            "<% for x in parts %><%= x.body %>:<% for x in sender.metadata.tags %><%= x %><% endfor %>,<%= x.body %>;<% endfor %>",
            "one:ab,one;two:ab,two;",
        ),
        (
            "<% for a in parts %><% for b in parts %><%= a.body %>-<%= b.body %> <% endfor %><% endfor %>",
            "one-one one-two two-one two-two ",
        ),
        (
            "<% for obj in parts %><%= obj.body %><% endfor %>",
            "onetwo",
        ),
        (
            "<% for x in parts %><% endfor %><% for y in sender.metadata.tags %><%= y %><% endfor %>",
            "ab",
        ),
    ]);
}

#[test]
fn a_loop_knows_where_it_is() {
    texts(&[
        (
            "<% for p in parts %><%= loop.index %><%= loop.first %><%= loop.last %> <% endfor %>",
            "0truefalse 1falsetrue ",
        ),
        (
            "<% for p in parts %><% if not loop.first %>, <% endif %><%= p.body %><% endfor %>",
            "one, two",
        ),
        (
            "<% for loop in parts %><%= loop.body %><% endfor %>",
            "onetwo",
        ),
    ]);
    refusals(&[
        (
            "<%= loop.index %>",
            "`loop` in `<%= loop.index %>` is an unknown name",
        ),
        (
            "<% for p in parts %><%= loop.length %><% endfor %>",
            "`<%= loop.length %>` asks of a loop what is not known; write `loop.index`, `loop.first` or `loop.last`",
        ),
    ]);
}

#[test]
fn text_between_blocks_is_printed_as_it_is_written() {
    texts(&[
        (
            "a \n <% if text %> \n b\t<% endif %> \n c",
            "a \n  \n b\t \n c",
        ),
        (
            "-<% if text %>-{{ x }}{% if %}-<% endif %>-",
            "--{{ x }}{% if %}--",
        ),
    ]);
}

#[test]
fn a_name_of_a_loop_is_unknown_outside_of_it() {
    refusals(&[
        (
            "<% for p in parts %><% endfor %><%= p.body %>",
            "`p` in `<%= p.body %>` is an unknown name",
        ),
        (
            "<% for p in p %><% endfor %>",
            "`p` in `<% for p in p %>` is an unknown name",
        ),
        (
            "<% for p in parts %><%= obj.p %><% endfor %>",
            "`p` in `<%= obj.p %>` is an unknown name",
        ),
        (
            "<% if nobody %><% endif %>",
            "`nobody` in `<% if nobody %>` is an unknown name",
        ),
    ]);
}

#[test]
fn blocks_that_do_not_match_are_named() {
    refusals(&[
        (
            "a<% endif %>",
            "`<% endif %>` has no block that it belongs to; write `<% if path %>` before it",
        ),
        (
            "<% endfor %>",
            "`<% endfor %>` has no block that it belongs to; write `<% for item in path %>` before it",
        ),
        (
            "<% else %>",
            "`<% else %>` has no block that it belongs to; write `<% if path %>` before it",
        ),
        (
            "<% else if text %>",
            "`<% else if text %>` has no block that it belongs to; write `<% if path %>` before it",
        ),
        (
            "<% if text %>",
            "`<% if text %>` is not closed; write `<% endif %>` after it",
        ),
        (
            "<% for p in parts %><% if text %><% endif %>",
            "`<% for p in parts %>` is not closed; write `<% endfor %>` after it",
        ),
        (
            "<% if text %><% endfor %>",
            "`<% endfor %>` stands in `<% if text %>`, which is still open; write `<% endif %>` before it",
        ),
        (
            "<% if text %><% for p in parts %><% else %>",
            "`<% else %>` stands in `<% for p in parts %>`, which is still open; write `<% endfor %>` before it",
        ),
        (
            "<% if text %><% else %><% else %><% endif %>",
            "`<% else %>` follows the else of `<% if text %>`; write `<% endif %>` before it",
        ),
        (
            "<% if text %><% else %><% else if id %><% endif %>",
            "`<% else if id %>` follows the else of `<% if text %>`; write `<% endif %>` before it",
        ),
    ]);
}

#[test]
fn blocks_with_wrong_words_show_the_right_ones() {
    let form = |mark: &str, form: &str| {
        let said = format!("`{mark}` has too few words or too many; write `{form}`");
        assert_eq!(refusal(mark), said);
    };
    form("<% if %>", "<% if path %>");
    form("<% if text id %>", "<% if path %>");
    form("<% else if %>", "<% else if path %>");
    form("<% else text %>", "<% else %>");
    form("<% endif text %>", "<% endif %>");
    form("<% for p %>", "<% for item in path %>");
    form("<% for p of parts %>", "<% for item in path %>");
    form("<% for i, p in parts %>", "<% for item in path %>");
    form("<% for p in %>", "<% for item in path %>");
    form("<% for p.x in parts %>", "<% for item in path %>");
    form("<% endfor p %>", "<% endfor %>");
    refusals(&[(
        "<% for p in parts | trim %><% endfor %>",
        "`<% for p in parts | trim %>` has filters, which make a text of a list; write `<% for item in path %>`",
    )]);
}

#[test]
fn words_that_are_no_blocks_show_the_nearest() {
    let unknown = |source: &str, mark: &str, forms: &str| {
        assert_eq!(
            refusal(source),
            format!("`{mark}` is an unknown block; write {forms}")
        );
    };
    unknown("<% endfi %>", "<% endfi %>", "`<% endif %>`");
    unknown("<% if text %><% end %>", "<% end %>", "`<% endif %>`");
    unknown(
        "<% for p in parts %><% endforeach %>",
        "<% endforeach %>",
        "`<% endfor %>`",
    );
    unknown(
        "<% foreach p in parts %>",
        "<% foreach p in parts %>",
        "`<% for item in path %>`",
    );
    unknown("<% elif text %>", "<% elif text %>", "`<% else if path %>`");
    unknown(
        "<% unless text %>",
        "<% unless text %>",
        "`<% if not path %>`",
    );
    let any = "`<%= path %>`, `<% if path %>` or `<% for item in path %>`";
    unknown("<% with text as t %>", "<% with text as t %>", any);
    unknown("<% x %>", "<% x %>", any);
    refusals(&[
        (
            "<% sender.name | upper %>",
            "`<% sender.name | upper %>` prints nothing; write `<%= sender.name | upper %>`",
        ),
        (
            "<% include \"x\" %>",
            "`<% include \"x\" %>` is code, which is not run",
        ),
        (
            "<% var x = 1 %>",
            "`<% var x = 1 %>` is code, which is not run",
        ),
        (
            "<% if text > 3 %>",
            "`<% if text > 3 %>` is code, which is not run",
        ),
        ("<% %>", "`<% %>` is code, which is not run"),
    ]);
}

#[test]
fn blocks_can_be_nested_fifty_deep() {
    let nested = |depth: usize| {
        format!(
            "{}x{}",
            "<% if text %>".repeat(depth),
            "<% endif %>".repeat(depth)
        )
    };
    let chained = |length: usize| {
        format!(
            "<% if id %>{}<% endif %>",
            "<% else if text %>x".repeat(length)
        )
    };
    assert_eq!(text(&nested(50)), "x");
    assert_eq!(text(&chained(49)), "");
    let said = "is nested too deeply: at most 50 blocks may stand in each other";
    assert_eq!(refusal(&nested(51)), format!("`<% if text %>` {said}"));
    assert_eq!(
        refusal(&chained(100_000)),
        format!("`<% else if text %>` {said}")
    );
}

#[test]
fn loops_end_after_a_thousand_rounds_together() {
    let tags: Vec<usize> = (0..300).collect();
    let identity = Identity::from_hook(&json!({"tags": tags})).unwrap();
    let context = Context::new(&json!({}), &identity, &identity, "", &[], None);
    let rendered = |source: &str| {
        let template = Template::compile(source, TemplateKind::Text).unwrap();
        template.render(&context).unwrap()
    };
    let once = "<% for x in sender.tags %>.<% endfor %>";
    assert_eq!(rendered(once).len(), 300);
    let nested = "<% for x in sender.tags %><% for y in sender.tags %>.<% endfor %><% endfor %>";
    assert_eq!(rendered(nested).len(), 700);
}
