//! Delivery receipts of texts to phones.

use super::inbound::Inbound;
use super::params::OrderedParams;
use super::push::{attempt, deliver, record};
use crate::clock::{nexmo_time, now_ms, receipt_time};
use crate::lock::lock;
use crate::nexmo::handle::{Nexmo, Shared};
use crate::nexmo::model::{ReceiptTime, Receipts, Text, Via};
use std::sync::Arc;

/// The mobile network in receipts.
const NETWORK: &str = "310004";

impl Nexmo {
    /// A receipt of a part of a text, by GET and not signed; the first part is 0. `status`: `accepted`, `delivered`,
    /// `failed` …
    #[must_use]
    pub fn receipt(&self, text: &Text, part: usize, status: &str, err_code: &str) -> Inbound {
        let id = text.message_ids.get(part).map_or("", String::as_str);
        receipt(&self.shared, text, id, (status, err_code))
    }
}

fn receipt(shared: &Shared, text: &Text, id: &str, (status, err_code): (&str, &str)) -> Inbound {
    let now = now_ms();
    let mut params = OrderedParams::default();
    params.add("msisdn", &text.phone);
    params.add("to", &text.number);
    params.add("network-code", NETWORK);
    params.add("messageId", id);
    params.add("price", "0.03330000");
    params.add("status", status);
    params.add("scts", &receipt_time(now));
    params.add("err-code", err_code);
    params.add("api-key", &shared.options.key);
    if let Some(reference) = &text.client_ref {
        params.add("client-ref", reference);
    }
    params.add("message-timestamp", &nexmo_time(now));
    Inbound {
        params: params.all(),
        via: Via::Get,
    }
}

/// Pushes the receipts of a text that was just accepted, if they are switched on.
pub(in crate::nexmo) async fn push_receipts(shared: &Arc<Shared>, text: &Text) {
    let (receipts, url) = {
        let state = lock(&shared.state);
        let url = text.callback.clone().or_else(|| state.dr_callback.clone());
        (state.receipts.clone(), url)
    };
    let (Some(receipts), Some(url), true) = (receipts, url, text.wants_receipts) else {
        return;
    };
    for id in &text.message_ids {
        let of_part = of_part(shared, text, id, &receipts);
        if receipts.time == ReceiptTime::BeforeResponse {
            for one in of_part {
                let index = record(shared, &one, &url);
                attempt(shared, &one.request(&url), index, false).await;
            }
        } else {
            let task = push_in_order(Arc::clone(shared), of_part, url.clone(), receipts.time);
            shared.traffic.spawn(task);
        }
    }
}

/// Pushes receipts one after the other, each with retries.
async fn push_in_order(
    shared: Arc<Shared>,
    receipts: Vec<Inbound>,
    url: String,
    time: ReceiptTime,
) {
    if let ReceiptTime::Late(time) = time {
        tokio::time::sleep(time).await;
    }
    for one in receipts {
        let index = record(&shared, &one, &url);
        deliver(Arc::clone(&shared), one.request(&url), index).await;
    }
}

/// The receipts of a part, in the order in which they are pushed.
fn of_part(shared: &Shared, text: &Text, id: &str, receipts: &Receipts) -> Vec<Inbound> {
    let code = text.undelivered.map(|code| code.to_string());
    let last = match &code {
        Some(code) => ("failed", code.as_str()),
        None => ("delivered", "0"),
    };
    let mut said = vec![("accepted", "0"), last];
    if receipts.reversed {
        said.reverse();
    }
    let times = if receipts.twice { 2 } else { 1 };
    let one = |said| {
        let one = receipt(shared, text, id, said).via(receipts.via);
        let one = match &receipts.signed {
            Some(key) => one.sign(key),
            None => one,
        };
        vec![one; times]
    };
    said.into_iter().flat_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Fault, What, When};
    use crate::http::Recorded;
    use crate::nexmo::model::Push;
    use crate::nexmo::tests::{SOON, nexmo, send};
    use std::time::Duration;

    /// Sends a text of two parts whose receipts come to the stand-in itself.
    async fn text(nexmo: &Nexmo) -> Text {
        let fault = Fault::new(When::path("/dlr"), What::Status(200, String::new()));
        nexmo.traffic().add_fault(fault);
        let words = "a".repeat(161);
        let callback = format!("http%3A%2F%2F{}%2Fdlr", nexmo.url().split_at(7).1);
        let rest = format!(
            "from=12015550100&to=15550000001&text={words}&client-ref=r1&callback={callback}"
        );
        send(nexmo, &rest).await;
        nexmo.texts().pop().unwrap()
    }

    /// Waits for so many pushes, and returns the requests.
    async fn pushed(nexmo: &Nexmo, count: usize) -> Vec<Recorded> {
        let done = |all: &[Push]| all.len() == count && all.iter().all(|one| one.finished);
        nexmo.wait_for_pushes(SOON, done).await.unwrap();
        received(nexmo)
    }

    fn received(nexmo: &Nexmo) -> Vec<Recorded> {
        let requests = nexmo.traffic().requests().into_iter();
        requests.filter(|one| one.path == "/dlr").collect()
    }

    #[tokio::test]
    async fn no_receipts_are_pushed_unless_they_are_switched_on() {
        let nexmo = nexmo(|options| options).await;
        let text = text(&nexmo).await;
        assert_eq!(text.client_ref.as_deref(), Some("r1"));
        assert!(text.callback.unwrap().ends_with("/dlr"));
        assert!(nexmo.pushes().is_empty());
    }

    #[tokio::test]
    async fn each_part_is_accepted_and_then_delivered() {
        let nexmo = nexmo(|options| options).await;
        nexmo.receipts(Receipts::default());
        let text = text(&nexmo).await;
        let queries = pushed(&nexmo, 4).await.into_iter().map(|one| one.query);
        let queries: Vec<String> = queries.collect();
        for id in &text.message_ids {
            let of_part = queries.iter().filter(|query| query.contains(id.as_str()));
            let of_part: Vec<_> = of_part.collect();
            assert!(of_part[0].contains("&status=accepted&"), "{of_part:?}");
            assert!(of_part[1].contains("&status=delivered&"), "{of_part:?}");
            assert!(of_part[1].contains("&err-code=0&api-key=abcd1234&client-ref=r1&"));
        }
    }

    #[tokio::test]
    async fn receipts_can_come_before_the_response_twice_in_the_wrong_order_and_fail() {
        let nexmo = nexmo(|options| options).await;
        nexmo.receipts(Receipts {
            time: ReceiptTime::BeforeResponse,
            via: Via::Json,
            failing: [("15550000001".to_owned(), 9)].into(),
            twice: true,
            reversed: true,
            ..Receipts::default()
        });
        text(&nexmo).await;
        // Before the response, nothing needs to be waited for.
        let bodies: Vec<_> = received(&nexmo).into_iter().map(|one| one.body).collect();
        let statuses = bodies.iter().map(|body| {
            let json: serde_json::Value = serde_json::from_str(body).unwrap();
            format!("{}{}", json["status"], json["err-code"])
        });
        let (failed, accepted) = (r#""failed""9""#, r#""accepted""0""#);
        let of_part = [failed, failed, accepted, accepted];
        assert_eq!(statuses.collect::<Vec<_>>(), [of_part, of_part].concat());
    }

    #[tokio::test]
    async fn late_receipts_are_pushed_again_after_a_503() {
        let nexmo = nexmo(|options| options).await;
        nexmo.receipts(Receipts {
            time: ReceiptTime::Late(Duration::from_millis(1)),
            ..Receipts::default()
        });
        let busy = What::Status(503, String::new());
        nexmo
            .traffic()
            .add_fault(Fault::new(When::path("/dlr"), busy).times(1));
        text(&nexmo).await;
        assert_eq!(pushed(&nexmo, 4).await.len(), 5);
    }

    #[tokio::test]
    async fn a_callback_that_is_long_or_no_web_address_is_refused() {
        let nexmo = nexmo(|options| options).await;
        let long = format!("https://example.com/{}", "a".repeat(81));
        for callback in [
            long.as_str(),
            "ftp://example.com/",
            "httpx",
            "",
            "http://a%20b",
        ] {
            let rest = format!("from=12015550100&to=15550000001&text=x&callback={callback}");
            assert_eq!(send(&nexmo, &rest).await["messages"][0]["status"], "23");
        }
        let longest = long.split_at(100).0;
        let rest = format!("from=12015550100&to=15550000001&text=x&callback={longest}");
        assert_eq!(send(&nexmo, &rest).await["messages"][0]["status"], "0");
    }
}
