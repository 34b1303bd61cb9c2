//! Nexmo's signatures against vectors: our own, and those in the tests and documents of Nexmo's
//! libraries.

#![allow(clippy::expect_used)]

use std::collections::BTreeMap;

use serde::Deserialize;
use texting::{
    nexmo::signature::{SignatureMethod, sign, verify},
    secret::Secret,
};

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    secret: String,
    params: BTreeMap<String, String>,
    sig: String,
}

impl Vector {
    fn method(&self) -> SignatureMethod {
        self.method.parse().expect("a known method")
    }

    fn secret(&self) -> Secret {
        Secret::new(self.secret.as_str())
    }

    fn params(&self) -> Vec<(String, String)> {
        self.params.clone().into_iter().rev().collect()
    }

    fn signed(&self, sig: String) -> Vec<(String, String)> {
        let mut params = self.params();
        params.insert(0, ("sig".to_owned(), sig));
        params
    }
}

fn vectors() -> Vec<Vector> {
    let files = [
        include_str!("vectors/nexmo-signatures.json"),
        include_str!("vectors/nexmo-published.json"),
    ];
    files
        .into_iter()
        .flat_map(|file| serde_json::from_str::<Vec<Vector>>(file).expect("a list of vectors"))
        .collect()
}

#[test]
fn every_vector_is_vouched_for_in_either_case() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 25 + 33);
    for vector in vectors.iter().filter(|vector| !vector.secret.is_empty()) {
        for sig in [
            vector.sig.to_ascii_lowercase(),
            vector.sig.to_ascii_uppercase(),
        ] {
            let params = vector.signed(sig);
            let vouched = verify(&params, &vector.secret(), vector.method());
            assert!(vouched, "{} {}", vector.name, vector.method);
        }
    }
}

#[test]
fn signing_gives_the_signature_of_the_vector() {
    for vector in vectors()
        .iter()
        .filter(|vector| vector.name != "blank dropped")
    {
        let sig = sign(&vector.params(), &vector.secret(), vector.method());
        assert!(
            sig.eq_ignore_ascii_case(&vector.sig),
            "{} {}",
            vector.name,
            vector.method
        );
    }
}

#[test]
fn no_vector_is_vouched_for_with_another_secret_or_text() {
    for vector in vectors() {
        let mut params = vector.signed(vector.sig.clone());
        assert!(!verify(&params, &Secret::new("another"), vector.method()));
        params.push(("text".to_owned(), "more".to_owned()));
        assert!(!verify(&params, &vector.secret(), vector.method()));
        params.remove(0);
        assert!(!verify(&params, &vector.secret(), vector.method()));
    }
}

#[test]
fn the_vector_with_an_empty_secret_is_refused() {
    let vectors = vectors();
    let mut unkeyed = vectors.iter().filter(|vector| vector.secret.is_empty());
    assert!(unkeyed.all(|vector| {
        !verify(
            &vector.signed(vector.sig.clone()),
            &vector.secret(),
            vector.method(),
        )
    }));
}
