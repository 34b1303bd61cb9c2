//! The parameters of a push.

/// The parameters of a push, in the order of captured requests.
#[derive(Default)]
pub(super) struct OrderedParams(Vec<(String, String)>);

impl OrderedParams {
    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn all(self) -> Vec<(String, String)> {
        self.0
    }
}
