//! What an administrator of a homeserver does.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use standins::layer_signature;

use super::{api::ADMIN, client::Person, config::REGISTRATION_SECRET, homeserver::Homeserver};
use crate::support::SOON;

/// The password of all users.
const PASSWORD: &str = "test-password";

impl Homeserver {
    /// Registers a user. `name` is the id without the server's name; people see `display_name`.
    pub async fn register(&self, name: &str, display_name: &str) -> Person {
        let account = self.create_account(name, false).await;
        let text = |name: &str| account[name].as_str().unwrap().to_owned();
        let person = Person::new(text("user_id"), self.api(&text("access_token")));
        person.set_display_name(display_name).await;
        person
    }

    /// Registers an administrator, and returns the token.
    pub(super) async fn register_admin(&self) -> String {
        let account = self.create_account("admin", true).await;
        account["access_token"].as_str().unwrap().to_owned()
    }

    async fn create_account(&self, name: &str, admin: bool) -> Value {
        let path = ["v1", "register"];
        let api = self.api("");
        let nonce = api.expect(Method::GET, ADMIN, &path, &Value::Null).await;
        let nonce = nonce["nonce"].as_str().unwrap();
        let role = if admin { "admin" } else { "notadmin" };
        let signed = [nonce, name, PASSWORD, role].join("\0");
        let account = json!({
            "nonce": nonce,
            "username": name,
            "password": PASSWORD,
            "admin": admin,
            // The name says whose it is, but it is plain HMAC-SHA1, as here.
            "mac": layer_signature(REGISTRATION_SECRET, &signed),
        });
        api.expect(Method::POST, ADMIN, &path, &account).await
    }

    /// Replaces the phones of a user, which are stored as they are written here. A phone that another user has is taken
    /// from that user, so tests that share the homeserver need phones of their own.
    pub async fn set_phones(&self, person: &Person, phones: &[&str]) {
        let one = |phone: &&str| json!({ "medium": "msisdn", "address": phone });
        let phones: Vec<Value> = phones.iter().map(one).collect();
        let change = json!({ "threepids": phones });
        let path = ["v2", "users", &person.id];
        self.admin()
            .expect(Method::PUT, ADMIN, &path, &change)
            .await;
    }

    /// Allows a user so many messages a second, and as many at once.
    pub async fn limit_messages(&self, person: &Person, per_second: u32) {
        let limit = json!({ "messages_per_second": per_second, "burst_count": per_second });
        let path = ["v1", "users", &person.id, "override_ratelimit"];
        self.admin()
            .expect(Method::POST, ADMIN, &path, &limit)
            .await;
    }

    /// Removes everybody from a room, then the room with its messages. Waits until it is gone.
    pub async fn delete_room(&self, room: &str) {
        let order = json!({ "purge": true });
        let path = ["v2", "rooms", room];
        let admin = self.admin();
        let answer = admin.expect(Method::DELETE, ADMIN, &path, &order).await;
        let path = [
            "v2",
            "rooms",
            "delete_status",
            answer["delete_id"].as_str().unwrap(),
        ];
        let deadline = tokio::time::Instant::now() + SOON;
        loop {
            let state = admin.expect(Method::GET, ADMIN, &path, &Value::Null).await;
            if state["status"] == "complete" {
                return;
            }
            let in_time = tokio::time::Instant::now() < deadline;
            assert!(in_time && state["status"] != "failed", "{state}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
