//! Web addresses as far as settings need them: a scheme, a host, perhaps a port, a path. Hosts are
//! ASCII; a browser shows the same form of an international one when it is copied.

use std::{fmt, net::IpAddr};

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but RFC 3986's unreserved characters.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An `http` or `https` address without user info, query or fragment, in its normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    /// `http` or `https`.
    pub scheme: String,
    /// The host in lower case; an IPv6 address stands in brackets.
    pub host: String,
    /// The port, unless it is the scheme's own.
    pub port: Option<u16>,
    /// The path, `/` at least.
    pub path: String,
}

/// Why a text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAddress {
    /// Not a URL with a host.
    #[error("is not a URL")]
    NotAUrl,
    /// A user name or password before the host.
    #[error("has user info")]
    UserInfo,
    /// Something after the path.
    #[error("has a query or a fragment")]
    Query,
    /// Neither `http` nor `https`.
    #[error("is not https")]
    Scheme,
}

impl WebAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`NoAddress`] says what it is instead.
    pub fn read(text: &str) -> Result<Self, NoAddress> {
        let uri: Uri = text.parse().map_err(|_| NoAddress::NotAUrl)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(NoAddress::NotAUrl);
        };
        if authority.as_str().contains('@') {
            return Err(NoAddress::UserInfo);
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(NoAddress::Query);
        }
        let scheme = scheme.to_ascii_lowercase();
        let own_port = match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => return Err(NoAddress::Scheme),
        };
        let (host, port) = host_and_port(authority.as_str())?;
        let port = port.filter(|port| *port != own_port);
        Ok(Self {
            scheme,
            host,
            port,
            path: uri.path().to_owned(),
        })
    }

    /// Whether nobody but this machine is at the address.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// Scheme, host and port.
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

fn host_and_port(authority: &str) -> Result<(String, Option<u16>), NoAddress> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port = port.filter(|port| !port.is_empty()).map(str::parse);
    let port = port.transpose().map_err(|_| NoAddress::NotAUrl)?;
    if host.is_empty() || host.starts_with('[') && !is_ipv6(host) {
        return Err(NoAddress::NotAUrl);
    }
    Ok((host.to_ascii_lowercase(), port))
}

fn is_ipv6(host: &str) -> bool {
    let inside = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    inside.is_some_and(|inside| inside.parse::<std::net::Ipv6Addr>().is_ok())
}

/// The path and the query of a request's absolute URL, both as they came.
pub fn path_and_query(url: &str) -> (&str, Option<&str>) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let from_path = after_scheme
        .find('/')
        .and_then(|at| after_scheme.split_at_checked(at));
    let target = from_path.map_or("/", |(_, target)| target);
    let target = target.split('#').next().unwrap_or(target);
    match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    }
}

/// A text percent-encoded, but for RFC 3986's unreserved characters.
pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// An id as one segment of a URL's path; `None` for one that a URL cannot carry: empty, and `.` and
/// `..`, which every client resolves away, escaped or not.
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
    fn what_is_no_plain_address_is_said() {
        for (written, why) in [
            ("", NoAddress::NotAUrl),
            ("sms.example", NoAddress::NotAUrl),
            ("/hook", NoAddress::NotAUrl),
            ("https://", NoAddress::NotAUrl),
            ("https://a b", NoAddress::NotAUrl),
            ("https://a:99999", NoAddress::NotAUrl),
            ("https://[::zz]", NoAddress::NotAUrl),
            ("https://user:pw@sms.example", NoAddress::UserInfo),
            ("https://sms.example/?a=b", NoAddress::Query),
            ("https://sms.example/#a", NoAddress::Query),
            ("ftp://sms.example", NoAddress::Scheme),
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
    fn a_target_is_split_as_it_came() {
        for (url, target) in [
            ("http://h/a%2Fb?c=d?e", ("/a%2Fb", Some("c=d?e"))),
            ("http://h//a/", ("//a/", None)),
            ("http://h", ("/", None)),
            ("http://h/?", ("/", Some(""))),
        ] {
            assert_eq!(path_and_query(url), target);
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
            let _ = path_and_query(&text);
            let _ = WebAddress::read(&text);
            if let Ok(address) = WebAddress::read(&format!("https://{tail}")) {
                prop_assert_eq!(WebAddress::read(&address.to_string()), Ok(address));
            }
        }
    }
}
