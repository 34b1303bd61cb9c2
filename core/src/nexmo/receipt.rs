//! Reads delivery receipts from the parameters of Nexmo's webhook.

use super::params::{Details, Params, WebhookError};
use crate::{
    ids::TextReference,
    phone::Phone,
    sms::receipt::{DeliveryReceipt, ErrorCode, Fate},
};

/// The longest `client-ref` that Nexmo repeats, in characters.
const LONGEST_REFERENCE: usize = 100;

/// Reads the parameters of a delivery receipt. `None` for a probe without parameters.
///
/// # Errors
/// Any [`WebhookError`] but [`WebhookError::Json`].
pub fn read(
    params: &[(String, String)],
) -> Result<Option<(DeliveryReceipt, Details)>, WebhookError> {
    let params = Params::of_sms_api(params)?;
    if params.0.is_empty() {
        return Ok(None);
    }
    let phone = Phone::parse(params.required("msisdn")?).ok_or(WebhookError::NoPhone)?;
    let receipt = DeliveryReceipt {
        reference: reference(&params),
        message_id: params.message_id()?,
        phone,
        number: params.number()?,
        fate: fate(params.required("status")?, params.get("err-code")),
    };
    Ok(Some((receipt, params.details())))
}

fn reference(params: &Params<'_>) -> Option<TextReference> {
    let reference = params.get("client-ref")?.trim();
    let is_plausible = (1..=LONGEST_REFERENCE).contains(&reference.chars().count());
    is_plausible.then(|| TextReference::new(reference))
}

/// What became of the part, by `status` and `err-code`. A status that says nothing of the delivery still shows that
/// Nexmo has taken the text.
fn fate(status: &str, code: Option<&str>) -> Fate {
    let code: Option<ErrorCode> = code.and_then(|code| code.trim().parse().ok());
    match status.to_ascii_lowercase().as_str() {
        "delivered" => Fate::Delivered,
        "expired" | "failed" | "rejected" => Fate::Failed(code.unwrap_or_default()),
        _ => Fate::Taken,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ids::TextId, nexmo::params::params, phone::Number};

    const CAPTURED: &str = "msisdn=14845552121&to=16105553939&network-code=310004&messageId=14000000F9DBBBBB\
        &price=0.00845000&status=delivered&scts=1234567890&err-code=0&api-key=a1234567&client-ref=my-ref\
        &message-timestamp=2020-07-17+02%3A34%3A35";

    fn receipt(query: &str) -> Result<Option<DeliveryReceipt>, WebhookError> {
        let read = read(&params(query, None, b"").unwrap())?;
        Ok(read.map(|(receipt, _)| receipt))
    }

    fn fate_of(status: &str, code: &str) -> Fate {
        let query = CAPTURED
            .replace("status=delivered", &format!("status={status}"))
            .replace("err-code=0", &format!("err-code={code}"));
        receipt(&query).unwrap().unwrap().fate
    }

    #[test]
    fn a_captured_receipt_is_read() {
        let expected = DeliveryReceipt {
            reference: Some(TextReference::new("my-ref")),
            message_id: TextId::new("14000000F9DBBBBB"),
            phone: Phone::from_digits("14845552121"),
            number: Number::from_digits("16105553939"),
            fate: Fate::Delivered,
        };
        assert_eq!(receipt(CAPTURED), Ok(Some(expected)));
    }

    #[test]
    fn a_receipt_in_json_is_read_whatever_the_type_of_its_code() {
        let json = r#"{"msisdn":"14845552121","to":"16105553939","messageId":"14","status":"failed","err-code":12}"#;
        let (receipt, _) = read(&params("", None, json.as_bytes()).unwrap())
            .unwrap()
            .unwrap();
        assert_eq!(receipt.fate, Fate::Failed(12));
        assert_eq!(receipt.reference, None);
    }

    #[test]
    fn the_status_says_what_became_of_the_text_and_the_code_why() {
        assert_eq!(fate_of("Delivered", "9"), Fate::Delivered);
        for status in ["failed", "expired", "REJECTED"] {
            assert_eq!(fate_of(status, "9"), Fate::Failed(9));
            assert_eq!(fate_of(status, "x"), Fate::Failed(0));
        }
        for status in ["accepted", "buffered", "unknown", "something_new"] {
            assert_eq!(fate_of(status, "1"), Fate::Taken, "{status}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        for name in ["msisdn", "to", "messageId", "status"] {
            let query = CAPTURED.replace(&format!("{name}="), "other=");
            assert_eq!(receipt(&query), Err(WebhookError::Missing(name)));
        }
        assert_eq!(receipt(""), Ok(None));
        let name = CAPTURED.replace("msisdn=14845552121", "msisdn=Ben");
        assert_eq!(receipt(&name), Err(WebhookError::NoPhone));
    }

    proptest! {
        #[test]
        fn no_receipt_makes_it_panic(query in "([a-z-]{0,9}=[^&]{0,9}&){0,5}", body in "\\PC{0,30}") {
            if let Ok(params) = params(&query, None, body.as_bytes()) {
                let _ = read(&params);
            }
        }
    }
}
