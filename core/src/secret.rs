//! Secrets that cannot slip into a log, and the arithmetic on them.

use std::fmt;

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A credential or a key. It shows its value only to whoever asks for it by name.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes a value into custody.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it has no characters, so that it protects nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a candidate is this secret. The time that it takes depends on neither's content, and
    /// on the secret's length no more than its hash does: digests are compared.
    pub fn matches(&self, candidate: &[u8]) -> bool {
        let own = Sha256::digest(self.0.as_bytes());
        let other = Sha256::digest(candidate);
        own.as_slice().ct_eq(other.as_slice()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Whether two texts are equal, in a time that depends on their lengths alone.
pub fn equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// The HMAC of a message over the hash `D`, such as `sha1::Sha1`.
pub fn hmac<D: EagerHash>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length, so there is always a result.
    let mac = Hmac::<D>::new_from_slice(key).map(|mac| mac.chain_update(message).finalize());
    mac.map(|code| code.into_bytes().to_vec())
        .unwrap_or_default()
}

/// The HMAC-SHA256 of a message as lower-case hex.
pub fn hmac_sha256_hex(key: &[u8], message: &[u8]) -> String {
    hex(&hmac::<Sha256>(key, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print_its_value() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn only_the_same_bytes_match() {
        let secret = Secret::new("hunter2");
        assert!(secret.matches(b"hunter2"));
        for other in ["", "hunter", "hunter22", "Hunter2"] {
            assert!(!secret.matches(other.as_bytes()), "{other:?}");
        }
    }

    #[test]
    fn hmac_sha256_gives_the_published_value() {
        // RFC 4231, test case 2; the second has a key longer than a block (test case 6).
        assert_eq!(
            hmac_sha256_hex(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hmac_sha256_hex(
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First"
            ),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn texts_of_other_lengths_are_not_equal() {
        assert!(equal("", "") && equal("ab", "ab"));
        assert!(!equal("ab", "abc") && !equal("ab", "aB"));
    }
}
