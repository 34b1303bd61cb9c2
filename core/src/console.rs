//! The files of the operator's console that a path may name.

/// A file of the console: the page, or a script or style sheet, which is all that the page's policy lets it load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsoleFile<'a> {
    /// Its name in the folder `console/`.
    pub name: &'a str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
}

impl<'a> ConsoleFile<'a> {
    /// The file that a path names, whether it exists or not. A name is letters, digits, `-` and `_`, then `.js` or
    /// `.css`: the routes of the API have no dot, and nothing can lead out of the folder.
    pub fn at(path: &'a str) -> Option<Self> {
        if matches!(path, "/admin" | "/admin/") {
            return Some(Self {
                name: "index.html",
                content_type: "text/html; charset=utf-8",
            });
        }
        let name = path.strip_prefix("/admin/")?;
        let (stem, extension) = name.rsplit_once('.')?;
        let content_type = match extension {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => return None,
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_plain = !stem.is_empty() && stem.bytes().all(plain);
        is_plain.then_some(Self { name, content_type })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_its_scripts_and_style_sheets_are_files() {
        for (path, name, content_type) in [
            ("/admin", "index.html", "text/html; charset=utf-8"),
            ("/admin/", "index.html", "text/html; charset=utf-8"),
            (
                "/admin/console.js",
                "console.js",
                "text/javascript; charset=utf-8",
            ),
            ("/admin/a-b_2.css", "a-b_2.css", "text/css; charset=utf-8"),
        ] {
            let file = ConsoleFile { name, content_type };
            assert_eq!(ConsoleFile::at(path), Some(file), "{path}");
        }
    }

    #[test]
    fn nothing_else_is_a_file() {
        for path in [
            "/admin/index.html",
            "/admin/settings",
            "/admin/users/a.js",
            "/admin/..%2fwrangler.js",
            "/admin/../console.js",
            "/admin//console.js",
            "/admin/console.js/",
            "/admin/.js",
            "/admin/a.b.js",
            "/admin/console.JS",
            "/console.js",
            "/administrator.js",
        ] {
            assert_eq!(ConsoleFile::at(path), None, "{path}");
        }
    }
}
