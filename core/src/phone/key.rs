//! One phone in two guises: some countries have changed the form of their mobile phones, and carriers send texts
//! in either form.

use super::Phone;

/// What two phones have in common that are one: the digits of its present form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneKey(String);

impl PhoneKey {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Phone {
    /// The phone's key. Lookups, links and wishes are found by it; texts go to the phone itself.
    pub fn key(&self) -> PhoneKey {
        let present = mexican(self)
            .or_else(|| brazilian(self))
            .or_else(|| argentine(self));
        PhoneKey(present.unwrap_or_else(|| self.to_string()))
    }

    /// Whether both are one phone.
    pub fn is_same(&self, other: &Phone) -> bool {
        self == other || self.key() == other.key()
    }

    /// All forms of the phone, the present one first: what was stored under one of them is found too.
    pub fn guises(&self) -> Vec<Phone> {
        let key = self.key();
        let mut guises = vec![key.0.clone()];
        guises.extend(former_mexican(&key.0));
        guises.extend(former_brazilian(&key.0));
        guises.extend(former_argentine(&key.0));
        guises.into_iter().map(Phone::from_digits).collect()
    }
}

/// Mexico dropped the 1 after the country's code in 2019.
fn mexican(phone: &str) -> Option<String> {
    let national = phone.strip_prefix("521")?;
    (national.len() == 10).then(|| format!("52{national}"))
}

fn former_mexican(phone: &str) -> Vec<String> {
    match phone.strip_prefix("52") {
        Some(national) if national.len() == 10 => vec![format!("521{national}")],
        _ => Vec::new(),
    }
}

/// Brazil put a 9 before the eight digits of mobile phones, which begin with 6 to 9.
fn brazilian(phone: &str) -> Option<String> {
    let (area, local) = phone.strip_prefix("55")?.split_at_checked(2)?;
    let is_mobile = local.len() == 8 && local.starts_with(['6', '7', '8', '9']);
    is_mobile.then(|| format!("55{area}9{local}"))
}

fn former_brazilian(phone: &str) -> Vec<String> {
    let former = || {
        let (area, local) = phone.strip_prefix("55")?.split_at_checked(2)?;
        let former = local.strip_prefix('9').filter(|former| former.len() == 8)?;
        former
            .starts_with(['6', '7', '8', '9'])
            .then(|| format!("55{area}{former}"))
    };
    former().into_iter().collect()
}

/// Argentina writes mobile phones with a 9 after the country's code from abroad, and with 15 after the area's code
/// at home. Areas have two to four digits; of two digits there is only Buenos Aires, 11.
fn argentine(phone: &str) -> Option<String> {
    let national = phone
        .strip_prefix("54")
        .filter(|national| national.len() == 12)?;
    let mut readings = [2, 3, 4].into_iter().filter_map(|length| {
        let (area, rest) = national.split_at_checked(length)?;
        let local = rest.strip_prefix("15")?;
        let is_area = (length == 2) == area.starts_with("11") && !area.starts_with('0');
        is_area.then(|| format!("549{area}{local}"))
    });
    let first = readings.next()?;
    readings.next().is_none().then_some(first)
}

fn former_argentine(phone: &str) -> Vec<String> {
    let Some(national) = phone
        .strip_prefix("549")
        .filter(|national| national.len() == 10)
    else {
        return Vec::new();
    };
    let with_15 = |length: usize| {
        let (area, local) = national.split_at_checked(length)?;
        Some(format!("54{area}15{local}"))
    };
    let forms = [2, 3, 4].into_iter().filter_map(with_15);
    forms
        .filter(|form| argentine(form).as_deref() == Some(phone))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_one(guises: &[&str]) {
        let keys = guises.iter().map(|guise| Phone::from_digits(*guise).key());
        let keys: std::collections::BTreeSet<PhoneKey> = keys.collect();
        assert_eq!(keys.len(), 1, "{guises:?} have {keys:?}");
    }

    fn are_two(one: &str, other: &str) {
        assert!(
            !Phone::from_digits(one).is_same(&Phone::from_digits(other)),
            "{one} {other}"
        );
    }

    #[test]
    fn the_old_and_the_new_form_are_one_phone() {
        is_one(&["5215512345678", "525512345678"]);
        is_one(&["5511987654321", "551187654321"]);
        is_one(&["5491112345678", "54111512345678"]);
        is_one(&["5493515123456", "54351155123456"]);
        is_one(&["5492901456789", "54290115456789"]);
    }

    #[test]
    fn phones_that_only_look_alike_stay_two() {
        // Land lines of Brazil have no 9.
        are_two("551132345678", "5511932345678");
        are_two("52155123456", "5255123456");
        are_two("15550102030", "5550102030");
        // Without 9 and 15 it could be a land line of Argentina.
        are_two("541112345678", "5491112345678");
    }

    #[test]
    fn every_guise_has_the_same_key() {
        for phone in [
            "5215512345678",
            "5511987654321",
            "5491112345678",
            "5493515123456",
        ] {
            let phone = Phone::from_digits(phone);
            let guises = phone.guises();
            assert!(
                guises.len() > 1 && guises.iter().all(|guise| guise.is_same(&phone)),
                "{guises:?}"
            );
        }
        assert_eq!(Phone::from_digits("15550102030").guises().len(), 1);
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key_and_that_of_all_guises(
            digits in "(52|521|55|54|549|1)[0-9]{8,12}"
        ) {
            let phone = Phone::from_digits(digits);
            let key = phone.key();
            prop_assert_eq!(&Phone::from_digits(key.as_str()).key(), &key);
            for guise in phone.guises() {
                prop_assert_eq!(guise.key(), key.clone());
            }
        }
    }
}
