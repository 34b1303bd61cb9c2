//! Forgetting a user: what KV knows of their phones, then everything in the record.

use std::rc::Rc;

use texting::{
    log::{Entry, Level},
    record::command::Outcome,
};
use worker::{Response, Result};

use super::{Object, done, log_storage};
use crate::{answer, edge, kv};

impl Object {
    pub(super) async fn erase(self: &Rc<Self>, user_id: &str) -> Result<Response> {
        let lookups = match self.turn(|record| record.lookups()) {
            Ok(lookups) => lookups,
            Err(error) => {
                log_storage(&error);
                return answer::text(500, "storage failed");
            }
        };
        for (phone, number) in &lookups {
            if let Err(error) = kv::forget(&self.env, (phone, number), user_id).await {
                edge::log(&Entry::new(Level::Error, "record.not_erased").with("why", &error));
                return answer::text(502, "KV did not forget the user's phone: try again");
            }
        }
        let erased = self.turn(|record| {
            let last = record.last_report()?;
            record.erase()?;
            Ok(last)
        });
        match erased {
            Ok(last) => {
                self.introduced.set(false);
                let object = self.clone();
                self.state.wait_until(async move {
                    object.tell_statistics(&last).await;
                });
                done(Outcome::Stored)
            }
            Err(error) => {
                log_storage(&error);
                answer::text(500, "storage failed")
            }
        }
    }
}
