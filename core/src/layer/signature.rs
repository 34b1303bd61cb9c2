//! The signature of Layer's webhooks: HMAC-SHA1 of the raw body in hex, keyed by the secret from the
//! registration (Layer's `webhooks/requests/validating-payload`).

use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::secret::{hex, hmac};

/// The header with the signature.
pub const HEADER: &str = "layer-webhook-signature";

/// Whether the header holds the signature of the body, in hex of either case. Compares in constant time.
pub fn verify(body: &[u8], header: Option<&str>, key: &[u8]) -> bool {
    let given = header.and_then(|digits| base16ct::mixed::decode_vec(digits).ok());
    given.is_some_and(|given| given.ct_eq(&hmac::<Sha1>(key, body)).into())
}

/// The signature of a body, in lower-case hex.
pub fn sign(body: &[u8], key: &[u8]) -> String {
    hex(&hmac::<Sha1>(key, body))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // RFC 2202, test case 2.
    const KEY: &[u8] = b"Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";
    const SIGNATURE: &str = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";

    #[test]
    fn the_case_of_the_digits_does_not_matter() {
        assert_eq!(sign(BODY, KEY), SIGNATURE);
        assert!(verify(BODY, Some(SIGNATURE), KEY));
        assert!(verify(BODY, Some(&SIGNATURE.to_uppercase()), KEY));
    }

    #[test]
    fn a_wrong_signature_is_refused() {
        assert!(!verify(BODY, None, KEY));
        assert!(!verify(BODY, Some(SIGNATURE), b"jefe"));
        assert!(!verify(
            b"what do ya want for nothing? ",
            Some(SIGNATURE),
            KEY
        ));
        for header in [
            "",
            "effc",
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            "zz",
            "é",
        ] {
            assert!(!verify(BODY, Some(header), KEY), "{header}");
        }
        assert!(!verify(BODY, Some(&format!("{SIGNATURE}00")), KEY));
        assert!(!verify(BODY, Some(&format!(" {SIGNATURE}")), KEY));
    }

    proptest! {
        #[test]
        fn a_signature_verifies(body: Vec<u8>, key: Vec<u8>) {
            prop_assert!(verify(&body, Some(&sign(&body, &key)), &key));
        }

        #[test]
        fn no_header_makes_it_panic(header in ".*") {
            prop_assert!(!verify(BODY, Some(&header), b"another"));
        }
    }
}
