//! Reads the paths of the two webhooks.

use super::reader::quote;

/// The first segments of other routes.
const TAKEN: [&str; 3] = ["admin", "health", "_matrix"];

/// Reads a path. Returns it without a slash at either end.
pub(super) fn read(value: &str) -> Result<String, String> {
    let path = value.strip_prefix('/').unwrap_or(value);
    let path = path.strip_suffix('/').unwrap_or(path);
    if let Some(problem) = path.split('/').find_map(segment_problem) {
        return Err(format!("{} {problem}", quote(value)));
    }
    match TAKEN.iter().find(|taken| is_within(path, taken)) {
        Some(taken) => Err(format!(
            "{} lies under /{taken}, which is taken",
            quote(value)
        )),
        None => Ok(path.to_owned()),
    }
}

/// Whether a path equals another or lies under it.
pub(super) fn is_within(path: &str, other: &str) -> bool {
    path.strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn segment_problem(segment: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._~-".contains(c);
    match segment {
        "" => Some("has an empty segment".to_owned()),
        "." | ".." => Some(format!("has a segment `{segment}`")),
        _ => {
            let other = segment.chars().find(|c| !allowed(*c))?;
            Some(format!("has the character `{}`", other.escape_debug()))
        }
    }
}
