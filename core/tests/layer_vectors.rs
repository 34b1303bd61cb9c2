//! Signatures of bodies in which a verifier goes wrong that does not hash the raw bytes.

use serde::Deserialize;
use texting::layer::signature;

#[derive(Deserialize)]
struct Vector {
    name: String,
    secret: String,
    body: String,
    signature: String,
}

#[test]
fn every_vector_verifies_and_no_other_body_does() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("vectors/layer.json")).expect("the vectors are JSON");
    for Vector {
        name,
        secret,
        body,
        signature,
    } in vectors
    {
        let key = secret.as_bytes();
        assert_eq!(signature::sign(body.as_bytes(), key), signature, "{name}");
        assert!(
            signature::verify(body.as_bytes(), Some(&signature), key),
            "{name}"
        );
        let other = format!("{body} ");
        assert!(
            !signature::verify(other.as_bytes(), Some(&signature), key),
            "{name}"
        );
    }
}
