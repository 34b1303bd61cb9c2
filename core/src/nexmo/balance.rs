//! The credit of the operator's account at Nexmo.

use super::{
    account::NexmoAccount,
    failure::{AccountError, success},
};
use crate::{
    http::{HttpRequest, HttpResponse},
    json,
};

/// The request for the account's credit. Any response shows that Nexmo can be reached.
pub fn balance(account: &NexmoAccount) -> HttpRequest {
    account.get("/account/get-balance")
}

/// Reads the response to [`balance`]. Returns the credit in euros (`value` in Nexmo's Account API reference).
///
/// # Errors
/// Any [`AccountError`].
pub fn read_balance(response: &HttpResponse) -> Result<f64, AccountError> {
    let balance = json::value(success(response)?);
    balance
        .and_then(|balance| balance.get("value")?.as_f64())
        .ok_or_else(|| AccountError::Unreadable("expected a number as `value`".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Result<f64, AccountError> {
        read_balance(&HttpResponse::Received {
            status,
            body: body.to_owned(),
        })
    }

    #[test]
    fn the_credit_is_a_number_of_euros() {
        let read = |body| read(200, body);
        assert_eq!(read(r#"{"value":10.28,"autoReload":false}"#), Ok(10.28));
        assert_eq!(read(r#"{"value":0,"autoReload":true}"#), Ok(0.0));
        assert_eq!(read(r#"{"value":-0.5}"#), Ok(-0.5));
        for unreadable in ["", "{}", r#"{"value":"10"}"#, r#"{"value":null}"#] {
            let read = read(unreadable);
            assert!(matches!(read, Err(AccountError::Unreadable(_))));
        }
    }

    #[test]
    fn wrong_credentials_and_a_throttled_account_are_told_apart() {
        let refused = r#"{"error-code":"401","error-code-label":"authentication failed"}"#;
        assert!(matches!(
            read(401, refused),
            Err(AccountError::Credentials(_))
        ));
        assert!(matches!(read(429, ""), Err(AccountError::Later(_))));
    }
}
