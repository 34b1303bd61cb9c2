//! The sender of a message.

use serde_json::Value;

use crate::{ids::UserId, layer::ids::user_of};

/// The sender's name in the webhook: `display_name` from version 2.0, `name` before; empty when there is
/// none.
pub fn sender_name(message: &Value) -> String {
    let sender = message.get("sender");
    ["display_name", "name"]
        .into_iter()
        .filter_map(|key| sender?.get(key)?.as_str())
        .find(|name| !name.trim().is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// The user who sent a message; `None` when the webhook names no user.
pub fn sender_of(message: &Value) -> Option<UserId> {
    let sender = message.get("sender")?;
    let plain = sender.get("user_id").and_then(Value::as_str);
    let uri = || sender.get("id").and_then(Value::as_str);
    plain.or_else(uri).map(user_of)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_sender_has_the_first_name_that_is_not_blank() {
        let name = |sender: Value| sender_name(&json!({ "sender": sender }));
        assert_eq!(name(json!({ "display_name": "Ann", "name": "Bot" })), "Ann");
        assert_eq!(name(json!({ "display_name": " ", "name": "Bot" })), "Bot");
        assert_eq!(name(json!({ "display_name": null, "user_id": "x" })), "");
        assert_eq!(name(Value::Null), "");
        assert_eq!(sender_name(&json!({})), "");
    }
}
