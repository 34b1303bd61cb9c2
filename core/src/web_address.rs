//! URLs as settings need them: scheme, host, port and path. Hosts are ASCII; browsers copy international ones
//! in that form.

use std::{fmt, net::IpAddr};

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything except the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An `http` or `https` URL without user info, query or fragment, in normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    /// `http` or `https`.
    pub scheme: String,
    /// The host in lower case; an IPv6 address in brackets.
    pub host: String,
    /// The port, unless it is the default of the scheme.
    pub port: Option<u16>,
    /// The path, `/` at least.
    pub path: String,
}

/// Why a text is not a [`WebAddress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a URL with a host.
    #[error("is not a URL")]
    NotAUrl,
    /// Has a user name or a password.
    #[error("has user info")]
    UserInfo,
    /// Has a query or a fragment.
    #[error("has a query or a fragment")]
    Query,
    /// Neither `http` nor `https`.
    #[error("is not https")]
    Scheme,
}

impl WebAddress {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn read(text: &str) -> Result<Self, AddressError> {
        let uri: Uri = text.parse().map_err(|_| AddressError::NotAUrl)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(AddressError::NotAUrl);
        };
        if authority.as_str().contains('@') {
            return Err(AddressError::UserInfo);
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(AddressError::Query);
        }
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => return Err(AddressError::Scheme),
        };
        let Authority { host, port } = Authority::read(authority.as_str())?;
        Ok(Self {
            scheme,
            host,
            port: port.filter(|port| *port != default_port),
            path: uri.path().to_owned(),
        })
    }

    /// Whether the host is the machine itself.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// Scheme, host and port, without a slash at the end.
    pub fn origin(&self) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}", self.scheme, self.host)
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path)
    }
}

struct Authority {
    host: String,
    port: Option<u16>,
}

impl Authority {
    fn read(authority: &str) -> Result<Self, AddressError> {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let port = port.filter(|port| !port.is_empty()).map(str::parse);
        let port = port.transpose().map_err(|_| AddressError::NotAUrl)?;
        if host.is_empty() || host.starts_with('[') && !is_ipv6(host) {
            return Err(AddressError::NotAUrl);
        }
        Ok(Self {
            host: host.to_ascii_lowercase(),
            port,
        })
    }
}

fn is_ipv6(host: &str) -> bool {
    let inside = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    inside.is_some_and(|inside| inside.parse::<std::net::Ipv6Addr>().is_ok())
}

/// The path of an absolute URL, not decoded.
pub fn path_of(url: &str) -> &str {
    let target = target(url);
    target.split_once('?').map_or(target, |(path, _)| path)
}

/// The query of an absolute URL, not decoded; `None` when there is no `?`.
pub fn query_of(url: &str) -> Option<&str> {
    target(url).split_once('?').map(|(_, query)| query)
}

/// Path and query of an absolute URL.
fn target(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = after_scheme
        .find('/')
        .and_then(|at| after_scheme.get(at..))
        .unwrap_or("/");
    target.split('#').next().unwrap_or(target)
}

/// Percent-encodes everything except the unreserved characters of RFC 3986.
pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Percent-encodes an id as one segment of a URL's path; `None` when a URL cannot carry it: an empty id, `.`
/// and `..`, which every client removes from paths, encoded or not.
pub fn segment(id: &str) -> Option<String> {
    (!matches!(id, "" | "." | "..")).then(|| escaped(id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn scheme_host_and_port_have_one_form() {
        for (written, normal) in [
            ("https://SMS.example:443", "https://sms.example/"),
            ("HTTPS://sms.example/Hook", "https://sms.example/Hook"),
            ("http://127.0.0.1:8787/", "http://127.0.0.1:8787/"),
            ("http://[::1]:80/a", "http://[::1]/a"),
        ] {
            assert_eq!(WebAddress::read(written).unwrap().to_string(), normal);
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        for (written, why) in [
            ("", AddressError::NotAUrl),
            ("sms.example", AddressError::NotAUrl),
            ("/hook", AddressError::NotAUrl),
            ("https://", AddressError::NotAUrl),
            ("https://a b", AddressError::NotAUrl),
            ("https://a:99999", AddressError::NotAUrl),
            ("https://[::zz]", AddressError::NotAUrl),
            ("https://user:pw@sms.example", AddressError::UserInfo),
            ("https://sms.example/?a=b", AddressError::Query),
            ("https://sms.example/#a", AddressError::Query),
            ("ftp://sms.example", AddressError::Scheme),
        ] {
            assert_eq!(WebAddress::read(written).unwrap_err(), why, "{written}");
        }
    }

    #[test]
    fn loopback_is_this_machine_only() {
        for (address, loopback) in [
            ("http://localhost", true),
            ("http://127.8.9.1:1", true),
            ("http://[::1]", true),
            ("http://localhost.example", false),
            ("http://127.0.0.1.example", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(
                WebAddress::read(address).unwrap().is_loopback(),
                loopback,
                "{address}"
            );
        }
    }

    #[test]
    fn path_and_query_are_not_decoded() {
        for (url, path, query) in [
            ("http://h/a%2Fb?c=d?e", "/a%2Fb", Some("c=d?e")),
            ("http://h//a/", "//a/", None),
            ("http://h", "/", None),
            ("http://h/?", "/", Some("")),
        ] {
            assert_eq!((path_of(url), query_of(url)), (path, query));
        }
    }

    #[test]
    fn a_segment_escapes_everything_that_ends_or_changes_a_path() {
        assert_eq!(
            segment("a/b?c#d%e+f g").as_deref(),
            Some("a%2Fb%3Fc%23d%25e%2Bf%20g")
        );
        assert_eq!(segment("a-b_c.d~e").as_deref(), Some("a-b_c.d~e"));
        assert_eq!(segment("...").as_deref(), Some("..."));
        assert_eq!(
            [segment(""), segment("."), segment("..")],
            [None, None, None]
        );
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_a_normal_form_is_its_own(text in "\\PC*", tail in "[a-z0-9.:/@\\[\\]]*") {
            let _ = (path_of(&text), query_of(&text));
            let _ = WebAddress::read(&text);
            if let Ok(address) = WebAddress::read(&format!("https://{tail}")) {
                prop_assert_eq!(WebAddress::read(&address.to_string()), Ok(address));
            }
        }
    }
}
