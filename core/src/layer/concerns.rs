//! Whom an event concerns, and what their records are told.

use super::{
    event::{LayerEvent, SentMessage},
    status::Status,
};
use crate::record::command::{Command, Sent};

/// One command for each user for whom the event can change something. `reports` says which states
/// justify a text: between two that both do or both do not, moving on changes nothing.
pub fn commands(event: LayerEvent, reports: impl Fn(Status) -> bool) -> Vec<(String, Command)> {
    let idle =
        |status| status == Status::Delivered && reports(Status::Sent) == reports(Status::Delivered);
    match event {
        LayerEvent::Sent(message) => sent(message),
        LayerEvent::Receipt { message_id, users } => {
            let moved = users.into_iter().filter(|(_, status)| !idle(*status));
            each(moved, |status| Command::Receipt {
                message_id: message_id.clone(),
                status,
            })
        }
        LayerEvent::Receipts { status, .. } if idle(status) => Vec::new(),
        LayerEvent::Receipts {
            conversation_id,
            user,
            from,
            to,
            status,
        } => {
            let command = Command::Receipts {
                conversation_id,
                from,
                to,
                status,
            };
            if user.is_empty() {
                Vec::new()
            } else {
                vec![(user, command)]
            }
        }
        LayerEvent::MessageDeleted { message_id, users } => {
            all(users, || Command::MessageDeleted {
                message_id: message_id.clone(),
            })
        }
        LayerEvent::ConversationDeleted {
            conversation_id,
            users,
        } => all(users, || Command::ConversationDeleted {
            conversation_id: conversation_id.clone(),
        }),
        LayerEvent::Left {
            conversation_id,
            users,
        } => all(users, || Command::Left {
            conversation_id: conversation_id.clone(),
        }),
        LayerEvent::Nothing(_) => Vec::new(),
    }
}

/// A message for all but its sender. Who has read it already only needs to know that, in case that
/// the same event comes again, older.
fn sent(message: SentMessage) -> Vec<(String, Command)> {
    let SentMessage {
        message_id,
        conversation_id,
        position,
        sent_at,
        sender,
        statuses,
        message,
    } = message;
    let others = statuses.into_iter().filter(|(user, _)| *user != sender);
    each(others, |status| match status {
        Status::Read => Command::Receipt {
            message_id: message_id.clone(),
            status,
        },
        Status::Sent | Status::Delivered => Command::Message(Box::new(Sent {
            message_id: message_id.clone(),
            conversation_id: conversation_id.clone(),
            position,
            sent_at,
            status,
            message: message.clone(),
        })),
    })
}

fn all(users: Vec<String>, command: impl Fn() -> Command) -> Vec<(String, Command)> {
    each(users.into_iter().map(|user| (user, ())), |()| command())
}

fn each<T>(
    users: impl Iterator<Item = (String, T)>,
    command: impl Fn(T) -> Command,
) -> Vec<(String, Command)> {
    users
        .filter(|(user, _)| !user.is_empty())
        .map(|(user, of)| (user, command(of)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::value::RawValue;

    use super::*;

    fn message(statuses: &[(&str, Status)]) -> LayerEvent {
        LayerEvent::Sent(SentMessage {
            message_id: "m".to_owned(),
            conversation_id: "c".to_owned(),
            position: Some(7),
            sent_at: 42,
            sender: "ann".to_owned(),
            statuses: map(statuses),
            message: RawValue::from_string(r#"{ "a" : 1 }"#.to_owned()).unwrap(),
        })
    }

    fn map(statuses: &[(&str, Status)]) -> BTreeMap<String, Status> {
        statuses
            .iter()
            .map(|(user, status)| ((*user).to_owned(), *status))
            .collect()
    }

    fn both(status: Status) -> bool {
        status < Status::Read
    }

    fn only_sent(status: Status) -> bool {
        status == Status::Sent
    }

    fn names(commands: &[(String, Command)]) -> Vec<&str> {
        commands.iter().map(|(user, _)| user.as_str()).collect()
    }

    #[test]
    fn a_message_goes_to_all_but_its_sender() {
        let all = [
            ("ann", Status::Sent),
            ("bob", Status::Sent),
            ("cid", Status::Delivered),
        ];
        let commands = commands(message(&all), both);
        assert_eq!(names(&commands), ["bob", "cid"]);
        let Command::Message(sent) = &commands[1].1 else {
            panic!()
        };
        assert_eq!(
            (sent.status, sent.position, sent.sent_at),
            (Status::Delivered, Some(7), 42)
        );
        assert_eq!(sent.message.get(), r#"{ "a" : 1 }"#);
    }

    #[test]
    fn who_has_read_a_new_message_is_told_only_that() {
        let commands = commands(message(&[("bob", Status::Read)]), both);
        let [
            (
                _,
                Command::Receipt {
                    status: Status::Read,
                    ..
                },
            ),
        ] = &commands[..]
        else {
            panic!()
        };
    }

    #[test]
    fn a_user_without_a_name_has_no_record() {
        assert!(commands(message(&[("", Status::Sent)]), both).is_empty());
        let event = LayerEvent::Left {
            conversation_id: "c".to_owned(),
            users: vec!["".to_owned()],
        };
        assert!(commands(event, both).is_empty());
    }

    #[test]
    fn a_delivery_concerns_nobody_unless_it_decides_about_a_text() {
        let receipt = || LayerEvent::Receipt {
            message_id: "m".to_owned(),
            users: map(&[("bob", Status::Delivered), ("cid", Status::Read)]),
        };
        assert_eq!(names(&commands(receipt(), both)), ["cid"]);
        assert_eq!(names(&commands(receipt(), |_| false)), ["cid"]);
        assert_eq!(names(&commands(receipt(), only_sent)), ["bob", "cid"]);

        let receipts = |status| LayerEvent::Receipts {
            conversation_id: "c".to_owned(),
            user: "bob".to_owned(),
            from: 1,
            to: 2,
            status,
        };
        assert!(commands(receipts(Status::Delivered), both).is_empty());
        assert_eq!(
            names(&commands(receipts(Status::Delivered), only_sent)),
            ["bob"]
        );
        assert_eq!(names(&commands(receipts(Status::Read), both)), ["bob"]);
    }

    #[test]
    fn an_end_concerns_every_user_that_it_names() {
        let users = || vec!["bob".to_owned(), "cid".to_owned()];
        let gone = LayerEvent::MessageDeleted {
            message_id: "m".to_owned(),
            users: users(),
        };
        assert_eq!(names(&commands(gone, both)), ["bob", "cid"]);
        let gone = LayerEvent::ConversationDeleted {
            conversation_id: "c".to_owned(),
            users: users(),
        };
        assert_eq!(names(&commands(gone, both)), ["bob", "cid"]);
        assert!(commands(LayerEvent::Nothing("why"), both).is_empty());
    }
}
