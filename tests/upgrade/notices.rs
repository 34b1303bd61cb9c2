//! Messages that waited when the first release was killed.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    people::{ALICE, phone},
    support::{NUMBERS, QUIET},
    upgraded::{after, at_once, prepared},
};

/// Longer than the delay: whatever waited is due.
const PAST_DUE: Duration = Duration::from_secs(2 * 3_600);

fn once(texts: &[&str]) -> BTreeMap<String, usize> {
    texts.iter().map(|text| ((*text).to_owned(), 1)).collect()
}

#[tokio::test]
async fn each_message_that_is_still_unread_is_texted_once_from_the_number_of_its_link() {
    let world = prepared(PAST_DUE, |beginning| {
        // The webhook that says so gets lost.
        beginning.layer.call_webhooks(false);
        let conversations = beginning.layer.conversations();
        let read = |id: &str| {
            let messages = beginning.layer.messages(id);
            messages.iter().any(|it| it.text() == "ben, read meanwhile")
        };
        let read = conversations.iter().find(|it| read(&it.id)).unwrap();
        beginning.layer.mark_all_read(&read.id, "ben").unwrap();
        beginning.layer.call_webhooks(true);
    })
    .await;
    world.texted("ben", 3).await;
    tokio::time::sleep(QUIET).await;
    let wanted = once(&[
        "New thread\n\nalice: Are you there?",
        "alice: The first of two",
        "alice: The second of two",
        "New thread\n\nalice: ben, new",
    ]);
    assert_eq!(world.all_texts_to("ben"), wanted);
    let texts = world.nexmo.texts().into_iter();
    let (known, new): (Vec<_>, Vec<_>) = texts
        .filter(|text| text.phone == phone("ben"))
        .partition(|text| text.text.contains("of two"));
    let number = world.thread("ben", "ben").number;
    assert!(known.iter().all(|text| text.number == number), "{known:?}");
    assert!(known[0].text < known[1].text, "in their order");
    assert_eq!(new[0].number, NUMBERS[1]);
}

#[tokio::test]
async fn texts_that_failed_or_were_throttled_are_tried_again_and_arrive_once() {
    let world = after(Duration::from_secs(70)).await;
    for (user, text) in [("quin", "Nexmo is down"), ("rita", "Nexmo is busy")] {
        world.texted(user, 1).await;
        let wanted = once(&[&format!("New thread\n\nalice: {text}")]);
        assert_eq!(world.all_texts_to(user), wanted);
    }
}

#[tokio::test]
async fn a_text_whose_response_was_lost_is_sent_once_more_and_can_be_answered_before() {
    let mut world = at_once().await;
    let thread = world.thread("sam", "sam");
    let link = &world.record("sam").await["links"][0];
    assert_eq!(link["perhaps_texted"], true, "it keeps its number");
    world.deliver_reply(&thread.reply("It arrived")).await;
    let posted = world.posted_texts(&thread.conversation, 1).await;
    assert_eq!(posted, ["It arrived"]);
    assert_eq!(world.texts_to(&thread.phone), [""; 0]);
    world.advance_clock(Duration::from_secs(70)).await;
    world.texted("sam", 1).await;
    tokio::time::sleep(QUIET).await;
    let twice = BTreeMap::from([("New thread\n\nalice: Nexmo is busy".to_owned(), 2)]);
    assert_eq!(world.all_texts_to("sam"), twice);
    assert_eq!(world.nexmo.texts().last().unwrap().number, thread.number);
}

#[tokio::test]
async fn a_new_message_of_a_known_conversation_is_texted_from_its_number() {
    let mut world = at_once().await;
    world.redeploy(&[("DELAY", "0")]).await;
    let thread = world.thread("vic, two", "vic");
    world.say(&thread.conversation, ALICE, "After the upgrade");
    world.texted("vic", 1).await;
    let text = world
        .nexmo
        .texts()
        .into_iter()
        .find(|text| text.phone == thread.phone);
    let text = text.unwrap();
    assert_eq!(
        (text.text.as_str(), text.number),
        ("alice: After the upgrade", thread.number)
    );
}
