//! Delivery receipts, as Nexmo sends them: some are lost, and some lack our name.

use texting::{
    ids::{TextId, TextReference},
    sms::receipt::{DeliveryReceipt, ErrorCode, Fate},
};

use super::nexmo::Text;
use crate::random::Random;

/// Mostly those of which the record makes something.
const CODES: [ErrorCode; 10] = [1, 2, 3, 6, 9, 9, 12, 12, 14, 14];

/// The receipts of a text that Nexmo took and gave this id.
pub fn receipts(text: &Text, part: &str, random: &Random) -> Vec<DeliveryReceipt> {
    if !text.asks_for_receipts {
        return Vec::new();
    }
    let fate = match random.percent(75) {
        true => Fate::Delivered,
        false => Fate::Failed(random.of(&CODES)),
    };
    let mut fates = vec![Fate::Taken, fate];
    fates.retain(|_| random.percent(80));
    let is_named = random.percent(85);
    let receipt = |fate| DeliveryReceipt {
        reference: is_named.then(|| TextReference::new(&text.reference)),
        message_id: TextId::new(part),
        phone: text.phone.clone(),
        number: text.number.clone(),
        fate,
    };
    fates.into_iter().map(receipt).collect()
}
