//! The registration of the application service, a file of the homeserver.

use super::account::Homeserver;

/// The id of the application service, and the local part of its own user.
pub const ID: &str = "texts";

/// The registration as YAML. The tokens are to be filled in: no response ever holds a secret.
///
/// Receipts are not asked for, as with them come everybody's presence and typing: what the homeserver says when a text is
/// due decides.
pub fn yaml(homeserver: &Homeserver, server_url: &str) -> String {
    let server = escaped(&homeserver.server_name);
    format!(
        "id: {ID}
url: \"{server_url}\"
as_token: \"<MATRIX_AS_TOKEN>\"
hs_token: \"<MATRIX_HS_TOKEN>\"
sender_localpart: {ID}
rate_limited: false
receive_ephemeral: false
namespaces:
  users:
    - regex: '@.*:{server}$'
      exclusive: false
"
    )
}

/// A server's name in a regular expression.
fn escaped(server: &str) -> String {
    let escaped = |c| match c {
        '.' | '[' | ']' => vec!['\\', c],
        _ => vec![c],
    };
    server.chars().flat_map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::account::homeserver;

    #[test]
    fn a_registration_names_the_users_and_no_secret() {
        let homeserver = Homeserver {
            server_name: "example.org:8448".to_owned(),
            ..homeserver()
        };
        let yaml = yaml(&homeserver, "https://texts.example.com");
        assert!(yaml.contains("regex: '@.*:example\\.org:8448$'"), "{yaml}");
        assert!(yaml.contains("url: \"https://texts.example.com\""));
        for secret in [&homeserver.as_token, &homeserver.hs_token] {
            assert!(!yaml.contains(secret.expose()));
        }
    }
}
