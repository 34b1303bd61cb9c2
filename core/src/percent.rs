//! Percent-encoding of ids in URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything except the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encodes everything except the unreserved characters of RFC 3986.
pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Percent-encodes an id as one segment of a URL's path; `None` when a URL cannot carry it: an empty id, `.`
/// and `..`, which every client removes from paths, encoded or not.
pub fn segment(id: &str) -> Option<String> {
    (!matches!(id, "" | "." | "..")).then(|| escaped(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_escapes_everything_that_ends_or_changes_a_path() {
        assert_eq!(
            segment("a/b?c#d%e+f g").as_deref(),
            Some("a%2Fb%3Fc%23d%25e%2Bf%20g")
        );
        assert_eq!(segment("a-b_c.d~e").as_deref(), Some("a-b_c.d~e"));
        assert_eq!(segment("...").as_deref(), Some("..."));
        assert_eq!(
            [segment(""), segment("."), segment("..")],
            [None, None, None]
        );
    }
}
