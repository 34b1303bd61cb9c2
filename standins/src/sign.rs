//! Both services' signatures, independent of the product's code: see `Cargo.toml`.

use data_encoding::{HEXLOWER, HEXUPPER};
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// How a Nexmo account signs inbound texts (in its dashboard: "Signature method").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// MD5 over the parameters and the secret.
    Md5Hash,
    /// HMAC-MD5.
    Md5,
    /// HMAC-SHA1.
    Sha1,
    /// HMAC-SHA256.
    Sha256,
    /// HMAC-SHA512.
    Sha512,
}

impl Method {
    /// By its name in the product's setting `NEXMO_SIGNATURE_METHOD`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "md5hash" => Self::Md5Hash,
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha256" => Self::Sha256,
            "sha512" => Self::Sha512,
            _ => return None,
        })
    }

    /// The inverse of [`Self::named`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5Hash => "md5hash",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }
}

/// How, and with which secret, parameters are signed.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// How.
    pub method: Method,
    /// The account's signature secret.
    pub secret: String,
}

/// The value of `layer-webhook-signature`: HMAC-SHA1 of the raw body, lower-case hex.
#[must_use]
pub fn layer_signature(secret: &str, body: &str) -> String {
    HEXLOWER.encode(&hmac::<Hmac<Sha1>>(secret, body))
}

/// The value of `sig` for these parameters, without an existing `sig`: lower-case hex for
/// [`Method::Md5Hash`], upper-case for the HMACs, as captured from the real service.
#[must_use]
pub fn nexmo_signature(method: Method, secret: &str, params: &[(String, String)]) -> String {
    let base = canonical(params);
    match method {
        Method::Md5Hash => HEXLOWER.encode(&Md5::digest(format!("{base}{secret}"))),
        Method::Md5 => HEXUPPER.encode(&hmac::<Hmac<Md5>>(secret, &base)),
        Method::Sha1 => HEXUPPER.encode(&hmac::<Hmac<Sha1>>(secret, &base)),
        Method::Sha256 => HEXUPPER.encode(&hmac::<Hmac<Sha256>>(secret, &base)),
        Method::Sha512 => HEXUPPER.encode(&hmac::<Hmac<Sha512>>(secret, &base)),
    }
}

fn canonical(params: &[(String, String)]) -> String {
    let mut sorted: Vec<_> = params.iter().filter(|(name, _)| name != "sig").collect();
    sorted.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let pairs = sorted.into_iter();
    pairs
        .map(|(name, value)| format!("&{name}={}", value.replace(['&', '='], "_")))
        .collect()
}

fn hmac<M: Mac + KeyInit>(secret: &str, text: &str) -> Vec<u8> {
    // An HMAC accepts keys of any length: the error is unreachable.
    <M as KeyInit>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| Vec::new(),
        |mac| mac.chain_update(text).finalize().into_bytes().to_vec(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn signatures_match_the_published_examples() {
        let webhook = params(&[
            ("text", "Test again"),
            ("message-timestamp", "2013-11-21 15:27:30"),
            ("messageId", "020000001B0FE827"),
            ("msisdn", "14843472194"),
            ("timestamp", "1385047698"),
            ("to", "13239877404"),
            ("type", "text"),
        ]);
        let sign = |method| nexmo_signature(method, "my_secret_key_for_testing", &webhook);
        assert_eq!(sign(Method::Md5Hash), "d2e7b1dc968737c5998ad624e02f90b7");
        assert_eq!(sign(Method::Md5), "DDEBD46008C2D4E93CCE578A332A52D5");
        assert_eq!(
            sign(Method::Sha1),
            "27D0D05C2876C7CB1720DBCDBA4D492E1E55C09A"
        );
    }

    #[test]
    fn ampersands_and_equal_signs_are_signed_as_underscores() {
        let a = nexmo_signature(
            Method::Md5Hash,
            "my_secret_key_for_testing",
            &params(&[("k", "&")]),
        );
        assert_eq!(a, "c3d6a686ab9c7e7408bb1c0506e9629a");
    }
}
