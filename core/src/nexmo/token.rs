//! The tokens in the paths of Nexmo's webhooks. They authenticate inbound texts and delivery receipts when signatures are
//! off.

use crate::secret::{Secret, hmac_sha256_hex};

/// Hex digits of the token of delivery receipts.
pub const RECEIPT_TOKEN_LENGTH: usize = 20;

/// A token: what is hashed, and how many hex digits of the hash it has.
struct Kind {
    label: &'static [u8],
    length: usize,
}

/// Never change it: the registered URL of every number would stop working.
const INBOUND: Kind = Kind {
    label: b"layer-nexmo inbound webhook token 1",
    length: 32,
};
/// Never change it: the receipts of texts that were sent before would be refused. It is short, because Nexmo takes no
/// long URL.
const RECEIPT: Kind = Kind {
    label: b"layer-nexmo delivery receipt token 1",
    length: RECEIPT_TOKEN_LENGTH,
};

/// The token of inbound texts: 32 hex digits, keyed by both secrets. One secret is not enough to derive it.
pub fn webhook_token(nexmo_secret: &Secret, chat_secret: &Secret) -> String {
    token(&INBOUND, nexmo_secret, chat_secret)
}

/// The token of delivery receipts: 20 hex digits, keyed in the same way.
pub fn receipt_token(nexmo_secret: &Secret, chat_secret: &Secret) -> String {
    token(&RECEIPT, nexmo_secret, chat_secret)
}

fn token(kind: &Kind, nexmo_secret: &Secret, chat_secret: &Secret) -> String {
    let mut key = Vec::new();
    for secret in [nexmo_secret, chat_secret] {
        // The length distinguishes ("ab", "c") from ("a", "bc").
        let value = secret.expose().as_bytes();
        key.extend_from_slice(value.len().to_string().as_bytes());
        key.push(b':');
        key.extend_from_slice(value);
    }
    let mut token = hmac_sha256_hex(&key, kind.label);
    token.truncate(kind.length);
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
    fn the_token_of_receipts_is_another_one() {
        let secrets = [Secret::new("nexmo-secret"), Secret::new("layer-secret")];
        let token = receipt_token(&secrets[0], &secrets[1]);
        assert_eq!(token.len(), 20);
        assert!(!super::webhook_token(&secrets[0], &secrets[1]).starts_with(&token));
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
