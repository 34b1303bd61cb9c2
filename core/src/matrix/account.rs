//! The operator's homeserver, and authorised requests to it.

use crate::{
    http::{HttpRequest, Method},
    ids::UserId,
    percent::escaped,
    secret::Secret,
    time::{SECOND, Span},
};

/// Timeout of a request to the homeserver.
const TIMEOUT: Span = SECOND.times(10);

/// The operator's homeserver and its application service.
#[derive(Clone, Debug)]
pub struct Homeserver {
    /// The origin of the client API, without a slash at its end.
    pub url: String,
    /// The part after the colon of its users' ids.
    pub server_name: String,
    /// The service's token towards the homeserver. It may act as any user.
    pub as_token: Secret,
    /// The homeserver's token towards the service.
    pub hs_token: Secret,
    /// The users who are never texted and whose messages cause no texts.
    pub ignored: Vec<Ignored>,
}

/// One or more users to be ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// The user with this id.
    One(UserId),
    /// All users whose ids begin so.
    Prefix(String),
}

impl Ignored {
    fn is(&self, user_id: &UserId) -> bool {
        match self {
            Self::One(one) => one == user_id,
            Self::Prefix(prefix) => user_id.starts_with(prefix),
        }
    }
}

impl Homeserver {
    /// Whether the service has nothing to do with a user.
    pub fn ignores(&self, user_id: &UserId) -> bool {
        self.ignored.iter().any(|ignored| ignored.is(user_id))
    }

    /// Whether the service may text a user: one of this homeserver's, and not ignored.
    pub fn serves(&self, user_id: &UserId) -> bool {
        server_of(user_id) == Some(self.server_name.as_str()) && !self.ignores(user_id)
    }

    /// A request to the client API, as the service itself. `path` follows `/_matrix/client/`.
    pub(super) fn request(&self, method: Method, path: &str) -> HttpRequest {
        let token = format!("Bearer {}", self.as_token.expose());
        HttpRequest {
            method,
            url: format!("{}/_matrix/client/{path}", self.url),
            headers: vec![("Authorization", token)],
            body: None,
            timeout: TIMEOUT,
        }
    }

    /// The same, as a user.
    pub(super) fn request_as(&self, user_id: &UserId, method: Method, path: &str) -> HttpRequest {
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{mark}user_id={}", escaped(user_id));
        self.request(method, &path)
    }
}

/// The part of a user's id after its first colon.
pub(super) fn server_of(user_id: &UserId) -> Option<&str> {
    user_id.split_once(':').map(|(_, server)| server)
}

/// The part of a user's id between `@` and the colon.
pub fn local_part(user_id: &UserId) -> &str {
    let local = user_id.split(':').next().unwrap_or_default();
    local.strip_prefix('@').unwrap_or(local)
}

#[cfg(test)]
pub(super) fn homeserver() -> Homeserver {
    Homeserver {
        url: "https://matrix.example.org".to_owned(),
        server_name: "localtest".to_owned(),
        as_token: Secret::new("as-token"),
        hs_token: Secret::new("hs-token"),
        ignored: vec![
            Ignored::One(UserId::new("@bot:localtest")),
            Ignored::Prefix("@telegram_".to_owned()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_users_of_the_homeserver_who_are_not_ignored_are_texted() {
        let serves = |user: &str| homeserver().serves(&UserId::new(user));
        assert!(serves("@bob:localtest"));
        for other in [
            "@bob:localtest.example",
            "@bob:elsewhere.org",
            "@bob",
            "@bot:localtest",
            "@telegram_12:localtest",
        ] {
            assert!(!serves(other), "{other}");
        }
        let with_port = Homeserver {
            server_name: "localhost:8448".to_owned(),
            ..homeserver()
        };
        assert!(with_port.serves(&UserId::new("@bob:localhost:8448")));
    }

    #[test]
    fn a_request_has_the_token_and_the_user_whom_the_service_acts_as() {
        let bob = UserId::new("@bob/é:localtest");
        let request = homeserver().request_as(&bob, Method::Get, "v3/notifications?limit=1");
        assert_eq!(
            request.url,
            "https://matrix.example.org/_matrix/client/v3/notifications?limit=1\
             &user_id=%40bob%2F%C3%A9%3Alocaltest"
        );
        let token = ("Authorization", "Bearer as-token".to_owned());
        assert_eq!(request.headers, [token]);
        assert_eq!(local_part(&bob), "bob/é");
    }
}
