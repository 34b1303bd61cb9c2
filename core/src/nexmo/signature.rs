//! Signatures of Nexmo's webhooks.
//!
//! What is signed: every parameter except `sig`, sorted by the bytes of its name, as `&name=value`, with `&`
//! and `=` inside names and values replaced by `_` (Nexmo's "Signing messages").

use std::borrow::Cow;

use hmac::EagerHash;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use strum::EnumString;

use crate::secret::{self, Secret};

/// How Nexmo signs, as chosen in its dashboard. Read from its name in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString)]
#[strum(
    serialize_all = "lowercase",
    ascii_case_insensitive,
    parse_err_ty = UnknownMethod,
    parse_err_fn = unknown_method
)]
pub enum SignatureMethod {
    /// MD5 of the message followed by the secret: Nexmo's default.
    #[default]
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

/// A name that is not one of Nexmo's methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such signature method; write one of md5hash, md5, sha1, sha256, sha512")]
pub struct UnknownMethod;

fn unknown_method(_: &str) -> UnknownMethod {
    UnknownMethod
}

/// Whether the parameters are signed with the secret. Never true for an empty secret.
///
/// Accepts signatures with and without blank values: Nexmo does not document which it sends, and its
/// libraries differ.
pub fn verify(params: &[(String, String)], secret: &Secret, method: SignatureMethod) -> bool {
    let Some((_, sig)) = params.iter().find(|(name, _)| name == "sig") else {
        return false;
    };
    if sig.is_empty() || secret.is_empty() {
        return false;
    }
    let sig = sig.to_ascii_lowercase();
    let is_made_from = |text: &str| secret::equal(&digest(text, secret, method), &sig);
    let any_blank = params.iter().any(|(_, value)| is_blank(value));
    is_made_from(&signed_text(params, |_| true))
        || (any_blank && is_made_from(&signed_text(params, |value| !is_blank(value))))
}

/// The `sig` of these parameters as Nexmo writes it: lower-case hex for MD5, upper-case for the HMACs.
pub fn sign(params: &[(String, String)], secret: &Secret, method: SignatureMethod) -> String {
    let digest = digest(&signed_text(params, |_| true), secret, method);
    match method {
        SignatureMethod::Md5Hash => digest,
        _ => digest.to_ascii_uppercase(),
    }
}

fn is_blank(value: &str) -> bool {
    value.trim().is_empty()
}

fn signed_text(params: &[(String, String)], is_signed: impl Fn(&str) -> bool) -> String {
    let mut signed: Vec<_> = params
        .iter()
        .filter(|(name, value)| name != "sig" && is_signed(value))
        .collect();
    signed.sort_by_key(|(name, _)| name.as_str());
    let mut text = String::new();
    for (name, value) in signed {
        // Names are cleaned too: otherwise one parameter named `a=1&b` would have the signature of two.
        for piece in ["&", &cleaned(name), "=", &cleaned(value)] {
            text.push_str(piece);
        }
    }
    text
}

fn cleaned(text: &str) -> Cow<'_, str> {
    match text.contains(['&', '=']) {
        true => Cow::Owned(text.replace(['&', '='], "_")),
        false => Cow::Borrowed(text),
    }
}

/// The signature of a message in lower-case hex.
fn digest(text: &str, secret: &Secret, method: SignatureMethod) -> String {
    fn hmac<D: EagerHash>(text: &str, secret: &Secret) -> String {
        secret::hex(&secret::hmac::<D>(
            secret.expose().as_bytes(),
            text.as_bytes(),
        ))
    }
    match method {
        SignatureMethod::Md5Hash => {
            let digest = Md5::new().chain_update(text).chain_update(secret.expose());
            secret::hex(&digest.finalize())
        }
        SignatureMethod::Md5 => hmac::<Md5>(text, secret),
        SignatureMethod::Sha1 => hmac::<Sha1>(text, secret),
        SignatureMethod::Sha256 => hmac::<Sha256>(text, secret),
        SignatureMethod::Sha512 => hmac::<Sha512>(text, secret),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: SignatureMethod = SignatureMethod::Sha256;

    fn params(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    fn signed(pairs: &[(&str, &str)], secret: &Secret) -> Vec<(String, String)> {
        let mut params = params(pairs);
        let sig = sign(&params, secret, METHOD);
        params.push(("sig".to_owned(), sig));
        params
    }

    #[test]
    fn a_method_is_read_in_any_case() {
        assert_eq!("MD5hash".parse(), Ok(SignatureMethod::Md5Hash));
        assert_eq!("sha512".parse(), Ok(SignatureMethod::Sha512));
        assert_eq!("sha-1".parse::<SignatureMethod>(), Err(UnknownMethod));
    }

    #[test]
    fn any_change_breaks_a_signature() {
        let secret = Secret::new("s");
        let good = signed(&[("text", "hello"), ("to", "1")], &secret);
        assert!(verify(&good, &secret, METHOD));
        assert!(!verify(&good, &Secret::new("t"), METHOD));
        assert!(!verify(&good, &secret, SignatureMethod::Sha1));
        for index in 0..good.len() {
            let mut changed = good.clone();
            changed[index].1.push('x');
            assert!(!verify(&changed, &secret, METHOD));
            changed.remove(index);
            assert!(!verify(&changed, &secret, METHOD));
        }
    }

    #[test]
    fn every_parameter_of_a_name_is_signed() {
        let secret = Secret::new("s");
        let mut good = signed(&[("text", "one"), ("text", "two")], &secret);
        assert!(verify(&good, &secret, METHOD));
        good.remove(1);
        assert!(!verify(&good, &secret, METHOD));
    }

    #[test]
    fn one_parameter_does_not_have_the_signature_of_two() {
        let secret = Secret::new("s");
        let two = signed(&[("a", "1"), ("b", "2")], &secret);
        let mut one = params(&[("a=1&b", "2")]);
        one.extend(two.last().cloned());
        assert!(!verify(&one, &secret, METHOD));
    }

    #[test]
    fn without_a_signature_or_a_secret_nothing_is_verified() {
        let secret = Secret::new("s");
        assert!(!verify(&params(&[("text", "x")]), &secret, METHOD));
        assert!(!verify(
            &params(&[("text", "x"), ("sig", "")]),
            &secret,
            METHOD
        ));
        let unkeyed = signed(&[("text", "x")], &Secret::new(""));
        assert!(!verify(&unkeyed, &Secret::new(""), METHOD));
    }
}
