//! Settings in the README's steps and examples, in `wrangler.toml` and in `package.json`.

use std::collections::BTreeSet;

use serde_json::Value;
use texting::settings::{ChatKind, NAMES, Setting};

use crate::{
    examples::{Example, assert_accepted, in_line},
    file,
    markdown::{blocks, code, section},
};

fn examples(lines: &[&str]) -> Vec<Example> {
    let uncommented = lines.iter().map(|line| line.trim_start_matches("# "));
    uncommented
        .filter_map(|line| in_line(line, " = "))
        .collect()
}

/// The names of all settings that are secret.
fn secrets() -> BTreeSet<&'static str> {
    let secret = NAMES.iter().filter(|setting| setting.secret);
    secret.map(|setting| setting.name).collect()
}

/// What a chat requires.
fn required(chat: ChatKind) -> BTreeSet<&'static str> {
    let is_for = |setting: &&Setting| setting.chat.is_none_or(|it| it == chat);
    let required = NAMES.iter().filter(|it| it.required).filter(is_for);
    required.map(|setting| setting.name).collect()
}

#[test]
fn the_steps_of_a_deployment_name_every_required_secret_and_set_the_rest() {
    for (title, chat) in [
        (
            "With Layer (or a server that speaks its protocol)",
            ChatKind::Layer,
        ),
        ("With Matrix", ChatKind::Matrix),
    ] {
        assert_names_all(title, &required(chat));
    }
}

fn assert_names_all(title: &str, required: &BTreeSet<&str>) {
    let readme = file("README.md");
    let deploy = section(&readme, title);
    let vars = examples(&blocks(deploy, "toml")[0]);
    assert_accepted(&vars);
    let vars = vars.iter().map(|(name, _)| name.as_str());
    let named = code(deploy).into_iter().filter(|it| secrets().contains(it));
    let set: BTreeSet<&str> = vars.chain(named).collect();
    assert!(set.is_superset(required), "{set:?}");
}

#[test]
fn the_templates_in_the_readme_are_accepted() {
    let readme = file("README.md");
    let alternatives = examples(&blocks(section(&readme, "Settings"), "toml")[0]);
    assert!(!alternatives.is_empty());
    for example in alternatives {
        assert_accepted(&[example]);
    }
}

#[test]
fn the_vars_in_wrangler_toml_are_accepted() {
    let wrangler = file("wrangler.toml");
    let vars = examples(&wrangler.lines().collect::<Vec<_>>());
    assert!(!vars.is_empty());
    for (name, _) in &vars {
        assert!(!secrets().contains(name.as_str()), "{name} is a secret");
    }
    assert_accepted(&vars);
}

#[test]
fn a_deployment_by_button_asks_for_the_required_secrets() {
    let package: Value = serde_json::from_str(&file("package.json")).unwrap();
    let asked = package["cloudflare"]["bindings"].as_object().unwrap();
    let asked: BTreeSet<&str> = asked.keys().map(String::as_str).collect();
    assert!(asked.is_subset(&secrets()), "{asked:?}");
    let needed: BTreeSet<&str> = required(ChatKind::Layer)
        .intersection(&secrets())
        .copied()
        .collect();
    assert!(asked.is_superset(&needed), "{asked:?}");
}
