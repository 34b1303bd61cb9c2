//! Which messages a user has not read: the user's notifications.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{
    account::Homeserver,
    failure::{Failure, success},
};
use crate::{
    fields::{FieldProblem, Fields},
    http::{HttpRequest, HttpResponse, Method},
    ids::{MessageId, UserId},
    json,
    percent::escaped,
    time::Timestamp,
};

/// How many notifications a page has. Each holds a whole event of up to 64 KiB, and a longer response would be cut off.
const PAGE: usize = 50;

/// A page of a user's notifications, the newest first.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// The notifications.
    pub entries: Vec<Notified>,
    /// Where the next page begins. The last page is empty.
    pub next: Option<String>,
}

/// The notification of a message.
#[derive(Debug, PartialEq, Eq)]
pub struct Notified {
    /// The message.
    pub message_id: MessageId,
    /// Whether the user has read it.
    pub is_read: bool,
    /// When the homeserver received the message.
    pub at: Timestamp,
}

/// The request for a page of a user's notifications: the first, or the one that begins at `from`.
pub fn notifications(homeserver: &Homeserver, user_id: &UserId, from: Option<&str>) -> HttpRequest {
    let mut path = format!("v3/notifications?limit={PAGE}");
    if let Some(from) = from {
        path.push_str(&format!("&from={}", escaped(from)));
    }
    homeserver.request_as(user_id, Method::Get, &path)
}

/// Reads the response to [`notifications`].
///
/// # Errors
/// [`Failure`] if there is no page.
pub fn read_page(response: &HttpResponse) -> Result<Page, Failure> {
    page(&json::readable(success(response)?.as_bytes()))
        .map_err(|_| Failure::unreadable(response, "notifications"))
}

fn page(body: &str) -> Result<Page, FieldProblem> {
    let body = Fields::read("", body)?;
    let entries = body.must("notifications", body.list("notifications"))?;
    Ok(Page {
        entries: entries
            .into_iter()
            .filter_map(|it| notified(it).ok())
            .collect(),
        next: body.text("next_token")?.map(Cow::into_owned),
    })
}

/// An entry that is about no event is none.
fn notified(entry: &RawValue) -> Result<Notified, FieldProblem> {
    let entry = Fields::read("", entry.get())?;
    let event = entry.must("event", entry.object("event"))?;
    let at = i64::try_from(entry.must("ts", entry.number("ts"))?).unwrap_or_default();
    let is_read = entry.raw("read").ok_or_else(|| entry.missing("read"))?;
    Ok(Notified {
        message_id: MessageId::new(event.must("event_id", event.text("event_id"))?),
        is_read: is_read.get() == "true",
        at: Timestamp::from_millis(at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::account::homeserver;

    fn page(body: &str) -> Result<Page, Failure> {
        let body = body.to_owned();
        read_page(&HttpResponse::Received { status: 200, body })
    }

    #[test]
    fn a_page_is_asked_for_as_the_user() {
        let url = |from| notifications(&homeserver(), &UserId::new("@b:x"), from).url;
        let first = "https://matrix.example.org/_matrix/client/v3/notifications?limit=50";
        assert_eq!(url(None), format!("{first}&user_id=%40b%3Ax"));
        assert_eq!(
            url(Some("1 2")),
            format!("{first}&from=1%202&user_id=%40b%3Ax")
        );
    }

    #[test]
    fn the_last_page_is_empty_and_leads_nowhere() {
        let last = page(r#"{"notifications":[],"next_token":null}"#).unwrap();
        assert_eq!((last.entries.len(), last.next), (0, None));
        assert!(page(r#"{"notifications":{}}"#).is_err());
    }

    #[test]
    fn what_is_no_notification_of_an_event_is_left_out() {
        let page = page(
            r#"{"notifications":[{"read":true},{"read":true,"ts":5,"event":{"event_id":"$a"}}],"next_token":"9"}"#,
        );
        let page = page.unwrap();
        assert_eq!(page.entries.len(), 1);
        assert_eq!(page.next.as_deref(), Some("9"));
    }
}
