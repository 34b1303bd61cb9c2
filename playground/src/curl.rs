//! A request as a command line that can be pasted into a shell.

use standins::Outgoing;

/// The whole request, its answer's status shown at the end.
pub(crate) fn command(outgoing: &Outgoing) -> String {
    let mut parts = vec![format!(
        "curl -i -X {} {}",
        outgoing.method,
        quoted(&outgoing.url)
    )];
    for (name, value) in &outgoing.headers {
        parts.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
    }
    if !outgoing.body.is_empty() {
        parts.push(format!("--data-raw {}", quoted(&outgoing.body)));
    }
    parts.join(" \\\n  ")
}

/// In single quotes, in which a POSIX shell reads nothing but their end.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_the_body_survives_the_shell() {
        let outgoing = Outgoing {
            method: "POST".to_owned(),
            url: "http://127.0.0.1:1/x?a=b&c=d".to_owned(),
            headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
            body: "it's $HOME `x`".to_owned(),
        };
        let command = command(&outgoing).replace("curl -i", "printf '%s|'");
        let shell = std::process::Command::new("sh")
            .arg("-c")
            .arg(command)
            .output();
        let said = String::from_utf8(shell.unwrap().stdout).unwrap();
        assert_eq!(
            said,
            "-X|POST|http://127.0.0.1:1/x?a=b&c=d|-H|content-type: text/plain|--data-raw|it's $HOME `x`|"
        );
    }
}
