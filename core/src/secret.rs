//! Secrets that stay out of logs; hashes and comparisons of secrets.

use std::fmt;

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A credential or a key. Its `Debug` output hides the value.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret with this value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the value is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a candidate equals the secret. Compares digests in constant time: the time taken shows neither
    /// the content nor the length of the secret.
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

/// Lower-case hex of bytes.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Whether two texts are equal. The time taken depends only on their lengths.
pub fn equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// The HMAC of a message with the hash `D`, such as `sha1::Sha1`.
pub fn hmac<D: EagerHash>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC accepts keys of any length: this never fails.
    let mac = Hmac::<D>::new_from_slice(key).map(|mac| mac.chain_update(message).finalize());
    mac.map(|code| code.into_bytes().to_vec())
        .unwrap_or_default()
}

/// The HMAC-SHA256 of a message in lower-case hex.
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
