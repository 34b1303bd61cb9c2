//! Requests and responses of the server, with their bodies in memory.

use percent_encoding::percent_decode_str;

/// A request whose body has been read.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Percent-encoded, without the query.
    pub(crate) path: String,
    /// Without the `?`.
    pub(crate) query: String,
    /// Lower-case names, and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The path's segments, each percent-decoded.
    pub(crate) fn segments(&self) -> Vec<String> {
        let raw = self.path.trim_start_matches('/').split('/');
        raw.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect()
    }
}

/// The value of the first pair with this name.
pub(crate) fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|(found, _)| found == name);
    found.map(|(_, value)| value.as_str())
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Sent only if there is a body.
    pub(crate) content_type: &'static str,
    /// The `Allow` header of a 405.
    pub(crate) allow: Option<&'static str>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn new(status: u16, content_type: &'static str, body: String) -> Self {
        Self {
            status,
            content_type,
            allow: None,
            body,
        }
    }
}
