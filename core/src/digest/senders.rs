//! The names of a digest's senders as one phrase.

/// How many names are shown before the others are counted.
const MOST_NAMED: usize = 2;

/// A sender of a message.
pub struct Sender<'a> {
    /// Tells users apart; two of them may have the same name.
    pub user: &'a str,
    /// The name.
    pub name: &'a str,
}

/// Each user once, in order: `Ada`; `Ada and Ben`; `Ada, Ben and Cem`; `Ada, Ben and 2 others`.
pub fn senders<'a>(senders: impl IntoIterator<Item = Sender<'a>>) -> String {
    let mut known: Vec<Sender<'a>> = Vec::new();
    for sender in senders {
        if known.iter().all(|it| it.user != sender.user) {
            known.push(sender);
        }
    }
    let names: Vec<&str> = known.iter().map(|sender| sender.name).collect();
    joined(&names)
}

/// Names as one phrase, in their order.
pub fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if first.len() <= MOST_NAMED => {
            format!("{} and {last}", first.join(", "))
        }
        _ => {
            let named: Vec<&str> = names.iter().take(MOST_NAMED).copied().collect();
            let others = names.len() - named.len();
            format!("{} and {others} others", named.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(users: &[&str]) -> String {
        senders(users.iter().map(|user| Sender { user, name: user }))
    }

    #[test]
    fn up_to_three_senders_are_named() {
        assert_eq!(phrase(&[]), "");
        assert_eq!(phrase(&["Ada"]), "Ada");
        assert_eq!(phrase(&["Ada", "Ben"]), "Ada and Ben");
        assert_eq!(phrase(&["Ada", "Ben", "Cem"]), "Ada, Ben and Cem");
    }

    #[test]
    fn of_more_senders_two_are_named() {
        assert_eq!(
            phrase(&["Ada", "Ben", "Cem", "Dan"]),
            "Ada, Ben and 2 others"
        );
        assert_eq!(
            phrase(&["Ada", "Ben", "Cem", "Dan", "Eve"]),
            "Ada, Ben and 3 others"
        );
    }

    #[test]
    fn a_sender_of_several_messages_is_named_once() {
        assert_eq!(phrase(&["Ben", "Ada", "Ben"]), "Ben and Ada");
        let namesakes = ["1", "2"].map(|user| Sender { user, name: "Ada" });
        assert_eq!(senders(namesakes), "Ada and Ada");
    }
}
