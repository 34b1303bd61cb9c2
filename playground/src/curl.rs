//! Requests as curl commands.

use standins::Outgoing;

/// A curl command for the request, quoted for a POSIX shell; it prints the response with its headers.
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

/// Quotes for a POSIX shell: between single quotes, only a single quote is special.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_does_not_interpret_the_body() {
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
