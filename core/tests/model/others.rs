//! Steps of the operator, of another user with the same phone, and changes of identities.

use std::rc::Rc;

use texting::{ids::UserId, lookup::Lookup};

use crate::{
    event::Event,
    names::{self, NUMBERS, OTHER_USER, PHONES, USER},
    parties::layer::{Person, Wishes},
    rows::FailureRow,
    setup,
    world::World,
};

impl World {
    /// The user's identity changes: another phone, no phone, another time zone, no wish for texts, or no identity
    /// at all.
    pub fn change_person(&mut self) {
        let random = &self.shared.random;
        let person = match random.below(25) {
            0 => Person::NoPhone,
            1 => Person::OddPhone,
            2 => Person::Nobody,
            _ => Person::Phone(random.below(PHONES.len())),
        };
        let wishes = Wishes {
            zone: random.of(&[None, None, Some("Asia/Tokyo"), Some("Nowhere/Land")]),
            says_no: random.percent(15),
        };
        let mut layer = self.shared.layer.borrow_mut();
        (layer.person, layer.wishes) = (person, wishes);
        drop(layer);
        self.note(move || format!("the user is {person:?}, {wishes:?}"));
    }

    /// Another user with the same phone is texted from one of our numbers, or sends STOP or START.
    pub fn other_user(&mut self) {
        let random = &self.shared.random;
        let number = names::number(random.of(&NUMBERS));
        let phone = names::phone(random.of(&PHONES));
        if random.percent(30) {
            return self.wish(&phone, random.percent(25));
        }
        if self.shared.user_at(&phone, &number).as_deref() != Some(USER) {
            return;
        }
        let shown = (phone.clone(), number.clone());
        self.note(move || format!("another user is texted at {} from {}", shown.0, shown.1));
        let event = Event::Disown {
            phone: phone.clone(),
            number: number.clone(),
        };
        if self.object.event(&event).is_ok() {
            self.take_over = Some((phone, number));
        }
    }

    /// The other user's entry arrives at KV.
    pub fn finish_take_over(&mut self) {
        let Some((phone, number)) = self.take_over.take() else {
            return;
        };
        let now = self.shared.now();
        let entry = Lookup::new(
            &UserId::new(OTHER_USER),
            now,
            self.shared.setup.settings.number_expiration,
        );
        let value = serde_json::to_string(&entry).unwrap();
        let key = Lookup::key(&phone, &number);
        self.shared
            .kv
            .borrow_mut()
            .store(&key, value, Some(entry.expires_at));
        self.note(move || format!("KV: {key} is another user's"));
        let taken = (names::present(&phone), number);
        self.shared.others.borrow_mut().insert(taken, now);
    }

    /// The operator retries a failure.
    pub fn retry(&mut self) {
        let failures = FailureRow::all(&self.shared.storage);
        if failures.is_empty() {
            return;
        }
        let failure = failures[self.shared.random.below(failures.len())].clone();
        let shown = failure.clone();
        self.note(move || format!("the operator retries {shown:?}"));
        self.object.retry(&failure);
    }

    /// The operator changes the pool of numbers, which restarts the object.
    pub fn reconfigure(&mut self) {
        self.object.crash();
        let numbers = setup::numbers(&self.shared.random);
        let shown = numbers.clone();
        self.note(move || format!("the numbers are {shown:?}"));
        let mut policy = self.shared.policy.borrow_mut();
        Rc::make_mut(&mut policy).numbers = numbers;
    }
}
