//! What is lost or doubled.

use std::{collections::BTreeMap, time::Duration};

use serde_json::json;

use super::{NAMES, Storm};
use crate::world::LATE;

impl Storm {
    /// What is still wrong: each message is texted once to everybody who has not read it, and each reply is posted once.
    async fn problem(&self) -> Option<String> {
        for person in &self.people {
            let record = self.world.record(person).await;
            let waits = |what: &str| record[what]["waiting"] != 0;
            if waits("notices") || waits("replies") || record["failures"] != json!([]) {
                return Some(format!("{record:#}"));
            }
        }
        let mut posted = BTreeMap::new();
        let mut doubled = 0;
        for room in &self.rooms {
            for (sender, text) in self.people[room.members[0]].messages(&room.id).await {
                *posted.entry(text.clone()).or_insert(0) += 1;
                let author = self.people.iter().position(|it| it.id == sender).unwrap();
                for reader in room.members.iter().filter(|member| **member != author) {
                    match self.texted(*reader, author, &text) {
                        Some(times) => doubled += times.saturating_sub(1),
                        None => {
                            return Some(format!("{text:?} was not texted to {}", NAMES[*reader]));
                        }
                    }
                }
            }
        }
        let mut replies = self.replies.iter();
        let not_once = replies.find(|text| posted.get(*text) != Some(&1));
        // Nexmo may have taken what was being sent when the Worker was killed.
        let interrupted = self.world.world.entries("notice.interrupted").len();
        not_once
            .map(|text| format!("the reply {text:?} was not posted once"))
            .or_else(|| {
                (doubled > interrupted)
                    .then(|| format!("{doubled} doubled, {interrupted} interrupted"))
            })
    }

    /// How often a message was texted to somebody; `None` if it was not and should have been.
    fn texted(&self, reader: usize, author: usize, text: &str) -> Option<usize> {
        let wanted = format!("{}: {text}", NAMES[author]);
        let texts = self.world.texts_to(&self.people[reader]);
        let times = texts.iter().filter(|one| **one == wanted).count();
        // A deleted message has no words any more.
        let may_be_missing = text.is_empty() || self.settled.contains(&(reader, text.to_owned()));
        (times > 0 || may_be_missing).then_some(times)
    }

    /// Waits until nothing is wrong.
    pub async fn nothing_is_wrong(&self) {
        let deadline = tokio::time::Instant::now() + LATE;
        while let Some(problem) = self.problem().await {
            assert!(tokio::time::Instant::now() < deadline, "{problem}");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}
