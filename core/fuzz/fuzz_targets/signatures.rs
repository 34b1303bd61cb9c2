//! Signatures of both services. The input is a key, up to the first line break, a header, up to the
//! second, and then a body, for Nexmo a form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use texting::{
    layer,
    nexmo::{
        params::params,
        signature::{SignatureMethod, sign, verify},
    },
    secret::Secret,
};
use texting_fuzz::Params;

const METHODS: [SignatureMethod; 5] = [
    SignatureMethod::Md5Hash,
    SignatureMethod::Md5,
    SignatureMethod::Sha1,
    SignatureMethod::Sha256,
    SignatureMethod::Sha512,
];

fuzz_target!(|input: &[u8]| {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let mut next = || lines.next().unwrap_or_default();
    let (key, header, body) = (next(), next(), next());
    let header = String::from_utf8_lossy(header);
    check_layer(body, &header, key);
    let secret = Secret::new(String::from_utf8_lossy(key));
    if let Ok(params) = params("", Some("application/x-www-form-urlencoded"), body) {
        for method in METHODS {
            check_nexmo(&params, &secret, method);
        }
    }
});

fn check_layer(body: &[u8], header: &str, key: &[u8]) {
    use layer::signature::{sign, verify};
    let signature = sign(body, key);
    assert!(verify(body, Some(&signature), key));
    let is_it = header.eq_ignore_ascii_case(&signature);
    assert_eq!(verify(body, Some(header), key), is_it);
    let longer = [body, b" "].concat();
    assert!(!verify(&longer, Some(&signature), key));
}

fn check_nexmo(params: &Params, secret: &Secret, method: SignatureMethod) {
    // One that came along has to be right, which no honest guess is.
    let as_they_came = verify(params, secret, method);
    let is_unsigned = params.iter().all(|(name, _)| name != "sig");
    assert!(!(as_they_came && (is_unsigned || secret.is_empty())));
    let sig = sign(params, secret, method);
    let mut signed = params.clone();
    signed.retain(|(name, _)| name != "sig");
    signed.push(("sig".to_owned(), sig.clone()));
    assert_eq!(verify(&signed, secret, method), !secret.is_empty());
    signed.insert(0, ("sig".to_owned(), sig.to_ascii_lowercase()));
    assert_eq!(verify(&signed, secret, method), !secret.is_empty());
    signed.push(("one more".to_owned(), "1".to_owned()));
    assert!(!verify(&signed, secret, method));
}
