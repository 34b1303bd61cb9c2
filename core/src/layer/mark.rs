//! Marking messages of a conversation as read for a user (`POST …/mark_all_read`, from version 3.0 on).

use serde_json::json;

use super::{account::LayerAccount, version::ApiVersion};
use crate::{
    chat::post::Mark,
    http::{HttpRequest, Method},
    percent::segment,
};

/// The request that marks a conversation as read for a user, up to a message. `None` without that message's position,
/// as without one Layer marks everything; and for a user id that a URL cannot carry ([`segment`]).
pub fn mark_read(account: &LayerAccount, mark: &Mark<'_>) -> Option<HttpRequest> {
    let (user, position) = (segment(mark.user_id)?, mark.position?.get());
    if account.version != ApiVersion::V3_0 {
        return None;
    }
    let conversation = mark.conversation_id;
    let path = format!("users/{user}/conversations/{conversation}/mark_all_read");
    let request = account.platform_request(Method::Post, &path);
    Some(request.with_json(json!({ "position": position }).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::{ConversationId, MessageId, Position, UserId},
        secret::Secret,
    };

    fn request(version: ApiVersion, user: &str, position: Option<u64>) -> Option<HttpRequest> {
        let account = LayerAccount {
            app_id: "app".to_owned(),
            token: Secret::new("t0ken"),
            version,
            api_url: "https://api.layer.com".to_owned(),
        };
        let mark = Mark {
            conversation_id: &ConversationId::new("c"),
            user_id: &UserId::new(user),
            message_id: &MessageId::new("m"),
            position: position.map(Position::new),
        };
        mark_read(&account, &mark)
    }

    #[test]
    fn a_mark_names_the_position_exactly() {
        let request = request(ApiVersion::V3_0, "user 1", Some(9_007_199_254_740_993)).unwrap();
        let url = "https://api.layer.com/apps/app/users/user%201/conversations/c/mark_all_read";
        assert_eq!(request.url, url);
        let body = r#"{"position":9007199254740993}"#;
        assert_eq!(request.body.as_deref(), Some(body));
    }

    #[test]
    fn without_a_position_a_user_or_version_3_0_nothing_is_marked() {
        assert!(request(ApiVersion::V3_0, "ben", None).is_none());
        assert!(request(ApiVersion::V3_0, "..", Some(1)).is_none());
        assert!(request(ApiVersion::V2_0, "ben", Some(1)).is_none());
    }
}
