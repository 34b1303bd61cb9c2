//! Identities in Layer's Identity service.

use serde_json::{Map, Value};

use super::{account::LayerAccount, api::read_resource};
use crate::{
    chat::resource::Resource,
    http::{HttpRequest, HttpResponse, Method},
    identity::{Identity, IdentityOutcome},
    ids::UserId,
    percent::segment,
};

/// Fields of Layer's identities (`platform/identities`), each with its name in templates. Some have two
/// names: Layer's, and that of the original service.
const FIELDS: [(&str, &str); 11] = [
    ("display_name", "name"),
    ("phone_number", "phone"),
    ("first_name", "first_name"),
    ("first_name", "firstName"),
    ("last_name", "last_name"),
    ("last_name", "lastName"),
    ("email_address", "email"),
    ("avatar_url", "avatar_url"),
    ("avatar_url", "avatarUrl"),
    ("metadata", "metadata"),
    ("user_id", "user_id"),
];

/// The request for a user's identity; `None` for a user id that a URL cannot carry ([`segment`]).
pub fn get_identity(account: &LayerAccount, user: &UserId) -> Option<HttpRequest> {
    let user = segment(user)?;
    Some(account.platform_request(Method::Get, &format!("users/{user}/identity")))
}

/// Reads the response to [`get_identity`].
pub fn read_identity(response: &HttpResponse) -> IdentityOutcome {
    match read_resource(response) {
        Resource::Found(found) => IdentityOutcome::Found(identity(&found)),
        Resource::Gone => IdentityOutcome::NoSuchUser,
        Resource::Failed { why } => IdentityOutcome::Failed { why },
    }
}

/// Reads an identity of any API version. Leaves out nulls.
pub fn identity(theirs: &Value) -> Identity {
    let fields: Map<_, _> = FIELDS
        .iter()
        .filter_map(|(name, ours)| Some(((*ours).to_owned(), theirs.get(name)?.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect();
    Identity::with(fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{layer::version::ApiVersion, secret::Secret};

    #[test]
    fn a_user_is_escaped_in_the_path_or_not_requested() {
        let account = LayerAccount {
            app_id: "app".to_owned(),
            token: Secret::new("t0ken"),
            version: ApiVersion::V1_0,
            api_url: "https://api.layer.com".to_owned(),
        };
        let url = |user| get_identity(&account, &UserId::new(user)).map(|it| it.url);
        let expected = "https://api.layer.com/apps/app/users/user%201%2F%C3%A9/identity";
        assert_eq!(url("user 1/é").as_deref(), Some(expected));
        assert_eq!(url(".."), None);
    }

    #[test]
    fn fields_of_layer_have_both_names() {
        let ada = identity(&json!({
            "id": "layer:///identities/ada", "user_id": "ada", "identity_type": "user",
            "display_name": "Ada", "first_name": "Augusta", "last_name": "King", "public_key": null,
            "phone_number": "+1 (555) 010-2030", "email_address": "ada@example.com",
            "avatar_url": "https://example.com/ada.png", "metadata": {"level": "35"},
        }));
        assert_eq!(ada.phone.as_deref(), Some("+1 (555) 010-2030"));
        let expected = json!({
            "user_id": "ada", "name": "Ada", "phone": "+1 (555) 010-2030", "email": "ada@example.com",
            "first_name": "Augusta", "firstName": "Augusta", "last_name": "King", "lastName": "King",
            "avatar_url": "https://example.com/ada.png", "avatarUrl": "https://example.com/ada.png",
            "metadata": {"level": "35"},
        });
        assert_eq!(Value::Object(ada.fields), expected);
    }

    #[test]
    fn nulls_of_layer_are_left_out() {
        let ada = identity(&json!({"display_name": "Ada", "phone_number": null, "metadata": null}));
        assert_eq!(ada, Identity::named("Ada"));
        assert_eq!(identity(&json!([])), Identity::default());
    }
}
