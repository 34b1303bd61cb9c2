use super::*;
use crate::fault::{Fault, When};
use crate::http::{Answer, Client, Outgoing};
use serde_json::Value;
use std::time::Duration;

pub(super) const SOON: Duration = Duration::from_secs(5);
const AUTH: &str = "api_key=abcd1234&api_secret=abcdef0123456789";

pub(super) async fn nexmo(change: impl FnOnce(NexmoOptions) -> NexmoOptions) -> Nexmo {
    let numbers = vec![
        Number::new("12015550100", "US"),
        Number::new("447700900000", "GB"),
    ];
    let options = NexmoOptions {
        numbers,
        retry_scale: 0.001,
        ..NexmoOptions::default()
    };
    Nexmo::start(change(options)).await.unwrap()
}

async fn ask(url: String, body: &str) -> (u16, Value) {
    let form = (
        "content-type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    );
    let method = if body.is_empty() { "GET" } else { "POST" };
    let outgoing = Outgoing {
        method: method.to_owned(),
        url,
        headers: vec![form],
        body: body.to_owned(),
    };
    match Client::default().send(&outgoing, SOON).await {
        Answer::Status(status, body) => (status, serde_json::from_str(&body).unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn send(nexmo: &Nexmo, rest: &str) -> Value {
    ask(
        format!("{}/sms/json", nexmo.url()),
        &format!("{AUTH}&{rest}"),
    )
    .await
    .1
}

#[tokio::test]
async fn invalid_texts_are_refused() {
    let nexmo = nexmo(|options| options).await;
    nexmo.bar("15550000007", true);
    let long = format!("from=12015550100&to=15550000001&text={}", "a".repeat(3201));
    let cases = [
        ("to=15550000001&text=x", "2"),
        ("from=12015550100&to=%2B15550000001&text=x", "3"),
        ("from=19995550100&to=15550000001&text=x", "15"),
        ("from=12015550100&to=15550000007&text=x", "7"),
        (long.as_str(), "12"),
    ];
    for (form, status) in cases {
        assert_eq!(
            send(&nexmo, form).await["messages"][0]["status"],
            status,
            "{form:.40}"
        );
    }
    let url = format!("{}/sms/json", nexmo.url());
    let form = "api_key=abcd1234&api_secret=wrong12&from=12015550100&to=15550000001&text=x";
    assert_eq!(
        ask(url, form).await.1["messages"][0]["error-text"],
        "invalid credentials"
    );
    nexmo.set_balance(0.0);
    assert_eq!(
        send(&nexmo, "from=12015550100&to=15550000001&text=x").await["messages"][0]["status"],
        "9"
    );
    assert!(nexmo.texts().is_empty());
}

#[tokio::test]
async fn each_part_has_an_entry_and_the_alphabet_counts() {
    let nexmo = nexmo(|options| NexmoOptions {
        integer_count: true,
        ..options
    })
    .await;
    let form = format!(
        "from=12015550100&to=15550000001&type=unicode&text={}",
        "%D1%8F".repeat(71)
    );
    let body = send(&nexmo, &form).await;
    assert_eq!(
        (
            body["message-count"].as_u64(),
            body["messages"].as_array().map(Vec::len)
        ),
        (Some(2), Some(2))
    );
    send(&nexmo, "from=12015550100&to=15550000001&text=%D1%8F").await;
    let texts = nexmo.texts();
    assert_eq!((texts[0].parts, texts[1].text.as_str()), (2, "?"));
}

#[tokio::test]
async fn a_us_number_sends_once_a_second() {
    let nexmo = nexmo(|options| NexmoOptions {
        throughput: true,
        ..options
    })
    .await;
    send(&nexmo, "from=12015550100&to=15550000001&text=x").await;
    let second = send(&nexmo, "from=12015550100&to=15550000001&text=x").await;
    let text = second["messages"][0]["error-text"].as_str().unwrap();
    assert!(
        text.starts_with("Throughput Rate Exceeded - please wait [ "),
        "{text}"
    );
    assert_eq!(
        send(&nexmo, "from=447700900000&to=15550000001&text=x").await["messages"][0]["status"],
        "0"
    );
}

#[tokio::test]
async fn only_a_live_address_is_taken_and_paging_works() {
    let nexmo = nexmo(|options| options).await;
    let page = ask(
        format!("{}/account/numbers?{AUTH}&size=1&index=2", nexmo.url()),
        "",
    )
    .await
    .1;
    assert_eq!(
        (
            page["count"].as_u64(),
            page["numbers"][0]["msisdn"].as_str()
        ),
        (Some(2), Some("447700900000"))
    );
    assert_eq!(
        ask(format!("{}/account/numbers", nexmo.url()), "").await.0,
        401
    );
    let update = format!(
        "country=US&msisdn=12015550100&moHttpUrl={}/hook",
        nexmo.url()
    );
    let url = format!("{}/number/update?{AUTH}", nexmo.url());
    assert_eq!(ask(url.clone(), &update).await.0, 420);
    nexmo.traffic().add_fault(Fault::new(
        When::path("/hook"),
        What::Status(200, String::new()),
    ));
    assert_eq!(ask(url, &update).await.0, 200);
    assert!(nexmo.numbers()[0].mo_http_url.is_some());
}

#[tokio::test]
async fn a_reply_is_pushed_again_after_a_503_and_not_after_a_400() {
    let nexmo = nexmo(|options| options).await;
    let fault =
        |status| Fault::new(When::path("/hook"), What::Status(status, String::new())).times(1);
    nexmo.set_mo_http_url("12015550100", Some(&format!("{}/hook", nexmo.url())));
    nexmo
        .traffic()
        .set_faults(vec![fault(503), fault(200), fault(400)]);
    nexmo.reply(&Reply::new("15550000001", "12015550100", "hi there"));
    let done = |pushes: &[Push]| !pushes.is_empty() && pushes.iter().all(|push| push.finished);
    let pushes = nexmo.wait_for_pushes(SOON, done).await.unwrap();
    assert_eq!((pushes[0].attempts.len(), pushes[0].delivered()), (2, true));
    let query = nexmo.traffic().requests()[0].query.clone();
    assert!(
        query.starts_with("msisdn=15550000001&to=12015550100&messageId="),
        "{query}"
    );
    assert!(
        query.contains("&text=hi+there&type=text&keyword=HI&api-key=abcd1234&message-timestamp=")
    );
    nexmo.reply(&Reply::new("15550000001", "12015550100", "again").via(Via::Json));
    let pushes = nexmo
        .wait_for_pushes(SOON, |pushes| pushes.len() == 2 && done(pushes))
        .await
        .unwrap();
    assert_eq!(pushes[1].attempts.len(), 1);
}

#[tokio::test]
async fn a_long_reply_comes_in_parts_and_shuffled_on_request() {
    let nexmo = nexmo(|options| options).await;
    let text = "abcdefgh ".repeat(60);
    let reply = Reply {
        shuffle: true,
        ..Reply::new("15550000001", "12015550100", &text)
    };
    let mut parts = nexmo.inbound(&reply);
    assert_ne!(parts[0].param("concat-part"), Some("1"));
    parts.sort_by_key(|part| part.param("concat-part").unwrap().to_owned());
    let whole: String = parts
        .iter()
        .map(|part| part.param("text").unwrap())
        .collect();
    assert_eq!((whole, parts[0].param("concat-total")), (text, Some("4")));
}

#[tokio::test]
async fn the_last_handle_stops_the_server() {
    let nexmo = nexmo(|options| options).await;
    let url = format!("{}/account/get-balance?{AUTH}", nexmo.url());
    let second = nexmo.clone();
    drop(nexmo);
    assert_eq!(ask(url.clone(), "").await.0, 200);
    drop(second);
    tokio::task::yield_now().await;
    let outgoing = Outgoing {
        method: "GET".to_owned(),
        url,
        ..Outgoing::default()
    };
    let answer = Client::default().send(&outgoing, SOON).await;
    assert!(matches!(answer, Answer::Failed(_)), "{answer:?}");
}
