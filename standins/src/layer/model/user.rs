//! Users.

use std::collections::BTreeMap;

/// A user and the identity that the application stored for them.
#[derive(Clone, Debug, Default)]
pub struct User {
    /// The application's own id.
    pub user_id: String,
    /// Identity: `display_name`.
    pub display_name: String,
    /// Identity: free text, not normalised.
    pub phone_number: Option<String>,
    /// Identity: `first_name`.
    pub first_name: Option<String>,
    /// Identity: `last_name`.
    pub last_name: Option<String>,
    /// Identity: `email_address`.
    pub email_address: Option<String>,
    /// Identity: `avatar_url`.
    pub avatar_url: Option<String>,
    /// Identity: `metadata`.
    pub metadata: BTreeMap<String, String>,
    /// 2.x: `identity_type` is `bot`.
    pub bot: bool,
    /// The user has no identity: requests for it get 404.
    pub no_identity: bool,
}

impl User {
    /// A user with a name and a phone.
    #[must_use]
    pub fn new(user_id: &str, display_name: &str, phone_number: &str) -> Self {
        Self {
            user_id: user_id.to_owned(),
            display_name: display_name.to_owned(),
            phone_number: Some(phone_number.to_owned()),
            ..Self::default()
        }
    }
}
