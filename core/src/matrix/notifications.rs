//! Which messages a user has not read: the user's notifications.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{account::Homeserver, failure::Failure};
use crate::{
    http::{HttpRequest, HttpResponse, Method},
    ids::{MessageId, UserId},
    json,
    percent::escaped,
    time::Timestamp,
};

/// How many notifications a page has.
const PAGE: usize = 100;

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

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    notifications: Vec<&'a RawValue>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    event: EntryEvent,
    read: bool,
    ts: i64,
}

#[derive(Deserialize)]
struct EntryEvent {
    event_id: String,
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
    let HttpResponse::Received { status: 200, body } = response else {
        return Err(Failure::read(response));
    };
    let body = json::readable(body.as_bytes());
    let body: Body<'_> =
        serde_json::from_str(&body).map_err(|_| Failure::unreadable(response, "notifications"))?;
    Ok(Page {
        entries: body
            .notifications
            .into_iter()
            .filter_map(notified)
            .collect(),
        next: body.next_token,
    })
}

/// An entry that is about no event is none.
fn notified(entry: &RawValue) -> Option<Notified> {
    let entry: Entry = serde_json::from_str(entry.get()).ok()?;
    Some(Notified {
        message_id: MessageId::new(entry.event.event_id),
        is_read: entry.read,
        at: Timestamp::from_millis(entry.ts),
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
        let first = "https://matrix.example.org/_matrix/client/v3/notifications?limit=100";
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
