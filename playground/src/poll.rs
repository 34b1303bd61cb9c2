//! Requests about the user records: they are read while a page is open, and woken after a deployment.

use crate::admin;
use crate::world::World;
use standins::Client;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::time::sleep;

/// The pause between two rounds.
const PERIOD: Duration = Duration::from_millis(350);

/// Reads every user record periodically while a page is open. Never returns.
pub(crate) async fn poll(world: Arc<World>, url: String, token: String) {
    let poll = Poll {
        world,
        url,
        token,
        client: Client::default(),
    };
    loop {
        // Before the records are read: what is held back under other settings would be shown with a wrong time.
        poll.wake_after_a_deployment().await;
        poll.read().await;
        sleep(PERIOD).await;
    }
}

struct Poll {
    world: Arc<World>,
    url: String,
    token: String,
    client: Client,
}

impl Poll {
    fn is_ready(&self) -> bool {
        self.world.process.phase().is_ready()
    }

    /// What was held back may leave under the new settings.
    async fn wake_after_a_deployment(&self) {
        let unwoken = &self.world.process.unwoken;
        // Not at the end: there may be another deployment meanwhile.
        if !self.is_ready() || !unwoken.swap(false, Relaxed) {
            return;
        }
        for user in self.world.layer.users() {
            if !admin::wake(&self.client, &self.url, &self.token, &user.user_id).await {
                unwoken.store(true, Relaxed);
            }
        }
    }

    async fn read(&self) {
        for user in self.world.layer.users() {
            if !self.world.records.is_page_open() || !self.is_ready() {
                return;
            }
            let id = user.user_id;
            let offset = self.world.clock.offset_at(standins::now_ms());
            if let Some(record) = admin::record(&self.client, &self.url, &self.token, &id).await {
                self.world.records.store(&id, record, offset);
            }
        }
    }
}
