use super::*;

#[test]
fn filters_change_what_is_printed() {
    texts(&[
        ("<%= sender.name | upper %>", "ADA <B>"),
        ("<%= sender.name|lower %>", "ada <b>"),
        ("<%= sender.name | truncate: 6 | upper %>", "ADA..."),
        ("<%= sender.name | upper | truncate:3 %>", "ADA"),
        ("<%= sent_at | default: \"never\" %>", "never"),
        (
            "<%= sent_at | default: 'it\\'s \\u0037' | upper %>",
            "IT'S 7",
        ),
        (r#"<%= sent_at | default: "\\" %>"#, "\\"),
        (r#"<%= sent_at | default: "{{ text }}" %>"#, "{{ text }}"),
        ("<%= text | default: \"x\" %>", "Hi"),
        ("<%= recipient.balance | default: \"x\" %>", "0"),
        ("<%= sent_at | trim | truncate: 40 | lower | upper %>", ""),
        ("<%= position | truncate: 5 %>", "17..."),
        ("<%= sender.metadata.tags | upper %>", "A,B"),
    ]);
}

#[test]
fn values_with_filters_are_not_evaluated_again() {
    let template =
        Template::compile("<%= text | trim | truncate: 100 %>", TemplateKind::Text).unwrap();
    for said in [
        "<%= sender.name | upper %>",
        "{{ e0 }}",
        "{% endif %}",
        "\\",
        "\"",
    ] {
        assert_eq!(template.render(&context(said)).unwrap(), said);
    }
}

#[test]
fn an_unknown_filter_shows_what_was_meant() {
    refusals(&[
        (
            "<%= text | uper %>",
            "`uper` in `<%= text | uper %>` is an unknown filter; write `upper`",
        ),
        (
            "<%= text | trucate: 4 %>",
            "`trucate` in `<%= text | trucate: 4 %>` is an unknown filter; write `truncate`",
        ),
        (
            "<% if text | capitalize %>",
            "`capitalize` in `<% if text | capitalize %>` is an unknown filter; \
             write `default`, `truncate`, `upper`, `lower` or `trim`",
        ),
    ]);
}

#[test]
fn a_filter_with_a_wrong_argument_shows_the_right_one() {
    let wrong = |filter: &str, said: &str| {
        let mark = format!("<%= text | {filter} %>");
        let name = filter.split([':', '(', ' ']).next().unwrap();
        assert_eq!(refusal(&mark), format!("`{name}` in `{mark}` {said}"));
    };
    for filter in [
        "truncate",
        "truncate:",
        "truncate: 0",
        "truncate: -4",
        "truncate: 4.5",
        "truncate: '4'",
        "truncate: 4, 5",
        "truncate: x",
        "truncate(4)",
        "truncate: ٤",
    ] {
        wrong(
            filter,
            "needs a whole number above zero; write `truncate: 40`",
        );
    }
    for filter in [
        "default",
        "default:",
        "default: x",
        "default: 'x",
        "default: 4",
        "default: 'a', 'b'",
        "default: “a”",
    ] {
        wrong(filter, "needs a text in quotes; write `default: \"…\"`");
    }
    wrong("upper: 1", "takes nothing; write `upper`");
    wrong("lower()", "takes nothing; write `lower`");
    wrong("trim: ''", "takes nothing; write `trim`");
    assert_eq!(
        text("<%= text | truncate: 99999999999999999999999 %>"),
        "Hi"
    );
}
