//! The token in the path of Nexmo's webhook. It authenticates inbound texts when signatures are off.

use crate::secret::{Secret, hmac_sha256_hex};

/// The message that is hashed. Never change it: the registered URL of every number would stop working.
const LABEL: &[u8] = b"layer-nexmo inbound webhook token 1";
/// Hex digits of a token: 128 bits.
const LENGTH: usize = 32;

/// The token: 32 hex digits, keyed by both secrets. One secret is not enough to derive it.
pub fn webhook_token(nexmo_secret: &Secret, chat_secret: &Secret) -> String {
    let mut key = Vec::new();
    for secret in [nexmo_secret, chat_secret] {
        // The length distinguishes ("ab", "c") from ("a", "bc").
        let value = secret.expose().as_bytes();
        key.extend_from_slice(value.len().to_string().as_bytes());
        key.push(b':');
        key.extend_from_slice(value);
    }
    let mut token = hmac_sha256_hex(&key, LABEL);
    token.truncate(LENGTH);
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(nexmo: &str, layer: &str) -> String {
        webhook_token(&Secret::new(nexmo), &Secret::new(layer))
    }

    #[test]
    fn a_token_stays_the_same_for_ever() {
        assert_eq!(
            token("nexmo-secret", "layer-secret"),
            "714b198de5641784b0ee348133f0d7fe"
        );
    }

    #[test]
    fn a_token_depends_on_each_secret() {
        let tokens = [
            token("ab", "c"),
            token("a", "bc"),
            token("c", "ab"),
            token("abc", ""),
        ];
        for (index, one) in tokens.iter().enumerate() {
            assert_eq!(one.len(), 32);
            assert!(!tokens.iter().skip(index + 1).any(|other| other == one));
        }
    }
}
