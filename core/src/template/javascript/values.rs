//! Translates JavaScript that stands for a value.

use super::super::{expression::Expression, quoted};
use super::syntax::{Call, literal, split, unwrapped};

/// Operators, and whether they ask for equality. Those that contain others come first.
const COMPARISONS: [(&str, bool); 5] = [
    ("!==", false),
    ("===", true),
    ("!=", false),
    ("==", true),
    (">", false),
];

/// Code that is true or false.
pub(super) fn truth(code: &str) -> Option<String> {
    let code = code.trim();
    if let Some(truth) = unwrapped(code).and_then(truth) {
        return Some(truth);
    }
    let is_apart = |rest: &&str| rest.starts_with([' ', '(']);
    let not = || code.strip_prefix("not").filter(is_apart);
    if let Some(negated) = code.strip_prefix('!').or_else(not) {
        return Some(opposite(&truth(negated)?));
    }
    for (operator, is_equal) in COMPARISONS {
        match split(code, operator) {
            Some((value, other)) if is_false(value, operator, other) => {
                let truth = truth(value)?;
                return Some(if is_equal { opposite(&truth) } else { truth });
            }
            Some(_) => return None,
            None => {}
        }
    }
    // A list is true when it is not empty.
    filtered(code.strip_suffix(".length").unwrap_or(code))
}

fn opposite(truth: &str) -> String {
    truth
        .strip_prefix("not ")
        .map_or_else(|| format!("not {truth}"), str::to_owned)
}

/// Whether a value is compared with what is false. Only a length is never below zero.
fn is_false(value: &str, operator: &str, other: &str) -> bool {
    match operator {
        ">" => value.trim_end().ends_with(".length") && other.trim() == "0",
        _ => ["null", "undefined", "false", "0", "''", "\"\""].contains(&other.trim()),
    }
}

/// A mark that prints what the code is, or the text that it is.
pub(super) fn printed(code: &str) -> Option<String> {
    if let Some(text) = literal(code) {
        return Some(text).filter(|text| !text.contains("<%"));
    }
    if let Some(value) = filtered(code) {
        return Some(format!("<%= {value} %>"));
    }
    if let Some((condition, branches)) = split(code, "?") {
        let (yes, no) = split(branches, ":")?;
        return Some(branched(&truth(condition)?, &printed(yes)?, &printed(no)?));
    }
    if let Some((value, other)) = split(code, "||").or_else(|| split(code, "??")) {
        return Some(branched(&truth(value)?, &printed(value)?, &printed(other)?));
    }
    match unwrapped(code).and_then(printed) {
        Some(printed) => Some(printed),
        None => joined(code),
    }
}

/// Texts and values that are joined by `+`. Without a text, it would be a sum.
fn joined(code: &str) -> Option<String> {
    let mut operands = Vec::new();
    let mut rest = code;
    while let Some((operand, others)) = split(rest, "+") {
        operands.push(operand);
        rest = others;
    }
    let is_text = operands
        .iter()
        .chain([&rest])
        .any(|operand| literal(operand).is_some());
    let first = operands.first().filter(|_| is_text)?;
    let others = operands.iter().skip(1).chain([&rest]);
    others.fold(printed(first), |joined, operand| {
        Some(joined? + &printed(operand)?)
    })
}

fn branched(condition: &str, yes: &str, no: &str) -> String {
    let otherwise = match no {
        "" => String::new(),
        no => format!("<% else %>{no}"),
    };
    format!("<% if {condition} %>{yes}{otherwise}<% endif %>")
}

/// A path with filters.
fn filtered(code: &str) -> Option<String> {
    let code = code.trim();
    if Expression::read(code, "").is_ok() {
        return Some(code.to_owned());
    }
    if let Some((value, other)) = split(code, "||").or_else(|| split(code, "??")) {
        let other = quoted::written(&literal(other)?);
        return Some(format!("{} | default: {other}", filtered(value)?));
    }
    if let Some(call) = Call::read(code) {
        return called(&call);
    }
    match unwrapped(code) {
        Some(inside) => filtered(inside),
        None => with_hyphens(code),
    }
}

/// A path with names such as `first-name`, which JavaScript takes for a subtraction.
fn with_hyphens(code: &str) -> Option<String> {
    let mut keys = code.split('.');
    let mut path = keys.next()?.to_owned();
    for key in keys {
        let mut words = key.split('-');
        let is_name = words.all(|word| word.starts_with(char::is_alphabetic));
        match key.contains('-') {
            true if is_name => path.push_str(&format!("['{key}']")),
            true => return None,
            false => path.extend([".", key]),
        }
    }
    Expression::read(&path, "").is_ok().then_some(path)
}

fn called(call: &Call<'_>) -> Option<String> {
    let start = call
        .arguments
        .split_once(',')
        .filter(|(from, _)| from.trim() == "0");
    let filter = match (call.method, call.arguments, start) {
        ("toUpperCase", "", _) => "upper".to_owned(),
        ("toLowerCase", "", _) => "lower".to_owned(),
        ("trim", "", _) => "trim".to_owned(),
        ("slice" | "substring" | "substr", _, Some((_, most))) => {
            format!("truncate: {}", most.trim())
        }
        ("escape", code, _) if call.of == "_" => return filtered(code),
        _ => return None,
    };
    Some(format!("{} | {filter}", filtered(call.of)?))
}
