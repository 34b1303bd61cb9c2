//! `GET /admin/users?phone=`: whom a phone reaches.

use reqwest::{Client, Method};
use serde_json::{Value, json};
use standins::{Reply, User};

use crate::support::{BEN, BENS_PHONE, NUMBERS, World};

async fn users_at(world: &World, phone: &str) -> Value {
    let answer = world
        .admin(Method::GET, &format!("/admin/users?phone={phone}"))
        .await;
    assert_eq!(answer.status(), 200, "{phone}");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn the_users_of_a_phone_are_found_however_it_is_written() {
    let world = World::without_delay(&[]).await;
    let mut numbers: Vec<String> = Vec::new();
    for _ in 0..2 {
        numbers.push(world.new_thread(BEN).await.number);
    }
    let expected = json!([{ "user_id": BEN, "numbers": numbers }]);
    for written in [
        BENS_PHONE,
        "%2B15550102030",
        "0015550102030",
        "%2B1%20(555)%20010-2030",
        "+1+555+010+2030",
        "tel:%2B15550102030",
    ] {
        let found = users_at(&world, written).await;
        assert_eq!(found["users"], expected, "{written}");
        assert_eq!(found["phone"], BENS_PHONE);
        assert_eq!(found["wish"], Value::Null);
    }
}

/// A Mexican phone may have a 1 after the country's code.
#[tokio::test]
async fn they_are_found_by_the_former_form_of_the_phone_too() {
    let world = World::without_delay(&[]).await;
    world
        .layer
        .create_user(User::new("rosa", "Rosa", "+525512345678"));
    let thread = world.new_thread("rosa").await;
    for written in ["525512345678", "5215512345678"] {
        let found = users_at(&world, written).await;
        let expected = json!([{ "user_id": "rosa", "numbers": [thread.number] }]);
        assert_eq!(found["users"], expected, "{written}");
    }
}

#[tokio::test]
async fn several_users_of_a_phone_are_listed_with_its_last_keyword() {
    let world = World::without_delay(&[]).await;
    world.layer.create_user(User::new("dan", "Dan", BENS_PHONE));
    world.new_thread(BEN).await;
    let bens = world.new_thread(BEN).await;
    // Dan's texts take over the number of Ben's first conversation.
    let dans = world.new_thread("dan").await;
    assert_ne!(dans.number, bens.number);
    let expected = json!([
        { "user_id": BEN, "numbers": [bens.number] },
        { "user_id": "dan", "numbers": [dans.number] },
    ]);
    assert_eq!(users_at(&world, BENS_PHONE).await["users"], expected);
    world.deliver_reply(&bens.reply("STOP")).await;
    let is_stored = |record: &Value| record["replies"]["waiting"] == 0;
    world.record_when(BEN, is_stored).await;
    let wish = users_at(&world, BENS_PHONE).await["wish"].clone();
    assert_eq!(wish["opted_out"], true);
}

#[tokio::test]
async fn an_unknown_phone_reaches_nobody() {
    let world = World::without_delay(&[]).await;
    let found = users_at(&world, "15550109999").await;
    let expected = json!({ "phone": "15550109999", "users": [], "wish": null });
    assert_eq!(found, expected);
    let start = Reply::new("15550109999", NUMBERS[0], "START");
    world.deliver_reply(&start).await;
    let found = users_at(&world, "15550109999").await;
    assert_eq!(found["users"], json!([]));
    assert_eq!(found["wish"]["opted_out"], false);
}

#[tokio::test]
async fn what_is_no_phone_is_refused_with_the_reason() {
    let world = World::with(&[]).await;
    for query in [
        "",
        "?",
        "?phone=",
        "?phone=ben",
        "?phone=123",
        "?user=ben",
        "?phone=15550102030%2F15550102031",
    ] {
        let answer = world
            .admin(Method::GET, &format!("/admin/users{query}"))
            .await;
        assert_eq!(answer.status(), 400, "{query}");
        assert!(answer.text().await.unwrap().contains("no phone"), "{query}");
    }
}

#[tokio::test]
async fn nobody_is_listed_without_the_token() {
    let world = World::with(&[]).await;
    let url = format!("{}/admin/users?phone={BENS_PHONE}", world.worker.url());
    let answer = Client::new().get(url).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let answer = world
        .admin(Method::POST, &format!("/admin/users?phone={BENS_PHONE}"))
        .await;
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "GET");
}
