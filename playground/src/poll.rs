//! Reading the user records from the Worker.

use crate::admin;
use crate::world::World;
use standins::Client;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// The pause between two readings while a page is open.
const PERIOD: Duration = Duration::from_millis(350);

/// Reads every user record periodically while a page is open. Never returns.
pub(crate) async fn poll(world: Arc<World>, url: String, token: String) {
    let client = Client::default();
    loop {
        if world.records.is_page_open() && world.process.phase().is_ready() {
            for user in world.layer.users() {
                let id = user.user_id;
                if let Some(record) = admin::record(&client, &url, &token, &id).await {
                    world.records.store(&id, record);
                }
            }
        }
        sleep(PERIOD).await;
    }
}
