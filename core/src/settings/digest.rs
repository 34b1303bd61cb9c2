//! The settings of digests. Some mean nothing without others.

use super::{
    reader::{Reader, quote},
    table, values,
};
use crate::{
    template::{Template, TemplateKind},
    time::Span,
};

/// How digests are made.
#[derive(Clone, Debug)]
pub struct Digest {
    /// The template of a digest of two messages and more. `None`: each by the template of texts, one line each.
    pub template: Option<Template>,
    /// The least time between two texts of a conversation; zero if there is none.
    pub interval: Span,
}

/// Reads the settings of digests. `None` if digests are off. Reports problems even then.
pub(super) fn read(reader: &mut Reader<'_>, expiration: Option<Span>) -> Option<Digest> {
    let is_on = reader.read(&table::DIGEST, values::switch);
    let template = reader.read(&table::DIGEST_TEMPLATE, |it| {
        values::template(it, TemplateKind::Digest)
    });
    let interval = reader.read(&table::TEXT_INTERVAL, values::above_zero);
    if is_on == Some(false) {
        for setting in [table::DIGEST_TEMPLATE, table::TEXT_INTERVAL] {
            if reader.is_set(&setting) {
                reader.problem(&setting, "needs DIGEST=on".to_owned());
            }
        }
        return None;
    }
    if let (Some(interval), Some(expiration)) = (interval, expiration)
        && interval > expiration
    {
        let value = reader.set_value(&table::TEXT_INTERVAL).unwrap_or_default();
        let problem = format!("{} is over NUMBER_EXPIRATION_TIME", quote(&value));
        reader.problem(&table::TEXT_INTERVAL, problem);
    }
    Some(Digest {
        template,
        interval: interval.unwrap_or(Span::ZERO),
    })
}
