//! Reads the settings of Matrix.

use std::rc::Rc;

use super::{
    reader::{Reader, quote},
    table, url, values,
};
use crate::{
    ids::UserId,
    matrix::{
        account::{Homeserver, Ignored},
        chat::MatrixChat,
    },
};

/// `largest`: rooms with more people than this cause no texts.
pub(super) fn read(reader: &mut Reader<'_>, largest: usize) -> Option<MatrixChat> {
    let url = reader.read(&table::MATRIX_URL, url::origin);
    let server_name = reader.read(&table::MATRIX_SERVER_NAME, server_name);
    let as_token = reader.read(&table::MATRIX_AS_TOKEN, values::token);
    let hs_token = reader.read(&table::MATRIX_HS_TOKEN, values::token);
    let ignored = reader.read(&table::MATRIX_IGNORE_USERS, ignored);
    let homeserver = Homeserver {
        url: url?,
        server_name: server_name?,
        as_token: as_token?,
        hs_token: hs_token?,
        ignored: ignored.unwrap_or_default(),
    };
    Some(MatrixChat {
        homeserver,
        largest,
        members: Rc::default(),
    })
}

/// Reads a host with or without a port (the specification's appendix on server names).
fn server_name(value: &str) -> Result<String, String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    match value.chars().all(is_allowed) && !value.starts_with(':') {
        true => Ok(value.to_owned()),
        false => Err(format!("{} is not the name of a server", quote(value))),
    }
}

/// Reads whom the service has nothing to do with.
fn ignored(value: &str) -> Result<Vec<Ignored>, String> {
    let entries = value.split(',').map(str::trim);
    entries.filter(|entry| !entry.is_empty()).map(one).collect()
}

fn one(entry: &str) -> Result<Ignored, String> {
    match entry.strip_suffix('*') {
        Some(prefix) if prefix.starts_with('@') && !prefix.contains('*') => {
            Ok(Ignored::Prefix(prefix.to_owned()))
        }
        None if entry.starts_with('@') && entry.contains(':') && !entry.contains('*') => {
            Ok(Ignored::One(UserId::new(entry)))
        }
        _ => Err(format!("{} is not a user's id", quote(entry))),
    }
}
