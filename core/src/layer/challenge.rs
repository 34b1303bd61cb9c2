//! The handshake by which Layer verifies a webhook's URL: a challenge in the query comes back as the body.

/// The longest challenge that is echoed, in bytes. Layer's are far shorter.
pub const LONGEST: usize = 1_024;

/// The challenge is too long to be Layer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("verification_challenge is over {LONGEST} bytes")]
pub struct TooLong;

/// The response body for a request with this query: the decoded challenge, empty when there is none.
///
/// # Errors
/// [`TooLong`] when the challenge is over [`LONGEST`] bytes: the limit keeps strangers from having
/// arbitrary content echoed.
pub fn echo(query: &str) -> Result<String, TooLong> {
    let challenge = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "verification_challenge")
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    if challenge.len() > LONGEST {
        Err(TooLong)
    } else {
        Ok(challenge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_echoed_decoded() {
        assert_eq!(echo("a=b&verification_challenge=x%20+y").unwrap(), "x  y");
        assert_eq!(echo("a=b").unwrap(), "");
        assert_eq!(echo("").unwrap(), "");
    }

    #[test]
    fn its_length_is_bounded() {
        let query = |length: usize| format!("verification_challenge={}", "x".repeat(length));
        assert!(echo(&query(LONGEST)).is_ok());
        assert_eq!(echo(&query(LONGEST + 1)), Err(TooLong));
    }
}
