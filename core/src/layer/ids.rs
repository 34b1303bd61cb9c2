//! Layer's identifiers in the form used everywhere else: lower-case UUIDs of messages and conversations,
//! percent-decoded ids of users.

use percent_encoding::percent_decode_str;
use uuid::Uuid;

use crate::{ids::UserId, percent::escaped};

/// The scheme of Layer's identifiers.
const SCHEME: &str = "layer:///";
/// The prefix of an identity's identifier, before the user id.
const IDENTITY: &str = "layer:///identities/";

/// The lower-case UUID in `layer:///messages/<uuid>`, `layer:///conversations/<uuid>` or a bare UUID;
/// `None` for anything else.
pub fn uuid_of(id: &str) -> Option<String> {
    let bare = match id.strip_prefix(SCHEME) {
        Some(rest) => rest.split_once('/')?.1,
        None => id,
    };
    // Excludes forms without hyphens or in braces, which the parser accepts and Layer never sends.
    if bare.len() != 36 {
        return None;
    }
    Uuid::try_parse(bare).ok().map(|uuid| uuid.to_string())
}

/// The user id in `layer:///identities/<id>`, percent-decoded, or in a plain id, which is not encoded.
pub fn user_of(reference: &str) -> UserId {
    let Some(encoded) = reference.strip_prefix(IDENTITY) else {
        return UserId::new(reference);
    };
    match percent_decode_str(encoded).decode_utf8() {
        Ok(user) => UserId::new(user),
        Err(_) => UserId::new(encoded),
    }
}

/// The identifier of a user's identity, required by the API from version 2.0.
pub fn identity_uri(user: &UserId) -> String {
    format!("{IDENTITY}{}", escaped(user))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const UUID: &str = "940de862-3c96-11e4-baad-164230d1df67";

    #[test]
    fn uris_and_bare_uuids_become_the_bare_uuid_in_lower_case() {
        let upper = UUID.to_uppercase();
        for id in [
            UUID,
            &upper,
            &format!("layer:///messages/{UUID}"),
            &format!("layer:///conversations/{upper}"),
        ] {
            assert_eq!(uuid_of(id).as_deref(), Some(UUID), "{id}");
        }
    }

    #[test]
    fn anything_but_a_uuid_is_refused() {
        let simple = UUID.replace('-', "");
        for id in [
            "",
            "layer:///messages/",
            "layer:///messages",
            "layer:///",
            "12345",
            "../../etc/passwd",
            &simple,
            &format!("{{{UUID}}}"),
            &format!("urn:uuid:{UUID}"),
            &format!("layer:///messages/{UUID}/parts/{UUID}"),
            &format!("layer:///messages/{UUID}/parts/0"),
            &format!(" {UUID}"),
            "940de862-3c96-11e4-baad-164230d1dfg7",
        ] {
            assert_eq!(uuid_of(id), None, "{id}");
        }
    }

    #[test]
    fn an_identity_is_decoded_and_a_plain_id_is_not() {
        assert_eq!(
            &*user_of("layer:///identities/user%201%2F%C3%A9"),
            "user 1/é"
        );
        assert_eq!(&*user_of("layer:///identities/a/b"), "a/b");
        assert_eq!(&*user_of("user%201"), "user%201");
        assert_eq!(&*user_of("12345"), "12345");
        assert_eq!(&*user_of("layer:///identities/%FF"), "%FF");
        assert_eq!(&*user_of("layer:///identities/"), "");
    }

    proptest! {
        #[test]
        fn an_identity_uri_decodes_to_its_user(user in ".*") {
            let user = UserId::new(user);
            prop_assert_eq!(user_of(&identity_uri(&user)), user);
        }

        #[test]
        fn reading_an_id_never_panics(id in ".*") {
            if let Some(uuid) = uuid_of(&id) {
                let again = uuid_of(&uuid);
                prop_assert_eq!(again, Some(uuid));
            }
            user_of(&id);
        }
    }
}
