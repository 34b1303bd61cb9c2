//! The way with rustup of `scripts/setup.sh`, with stubs in place of the programs that it calls.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{file, root};

/// Notes its name and arguments in the file `calls`.
const NOTES: &str = "#!/bin/sh\necho \"${0##*/} $*\" >> calls\n";

/// Each stub's name, and what it does besides.
const STUBS: [(&str, &str); 5] = [
    ("rustup", ""),
    ("rustc", ""),
    (
        "node",
        "case $1 in --version) echo v24.0.0 ;; -p) echo \"$0\" ;; esac",
    ),
    (
        "npm",
        "[ \"$1\" != ci ] || ln -s \"$NODE_MODULES\" node_modules",
    ),
    (
        "cargo",
        "[ \"$1\" != install ] || { printf '#!/bin/sh\\necho 0.8.7\\n' > .tools/bin/worker-build; \
         chmod +x .tools/bin/worker-build; }",
    ),
];

/// A folder with the project's scripts, and a folder with the stubs.
struct Clone {
    folder: tempfile::TempDir,
}

impl Clone {
    fn new() -> Self {
        let clone = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let copied = [
            "scripts",
            "package.json",
            "package-lock.json",
            "rust-toolchain.toml",
            "Cargo.lock",
        ];
        let copy = Command::new("cp")
            .arg("-r")
            .args(copied.map(|name| root().join(name)))
            .arg(clone.folder.path())
            .status();
        assert!(copy.unwrap().success());
        fs::create_dir_all(clone.path(".tools/bin")).unwrap();
        fs::create_dir(clone.path("stubs")).unwrap();
        for (name, does) in STUBS {
            let stub = clone.path("stubs").join(name);
            fs::write(&stub, format!("{NOTES}{does}\n")).unwrap();
            fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).unwrap();
        }
        clone
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs setup. Returns what the stubs noted.
    fn setup(&self) -> (Output, String) {
        let _ = fs::remove_file(self.path("calls"));
        // Beside the temporary folder, because setup leaves out what lies in the project's.
        let stubs = tempfile::tempdir().unwrap();
        let linked = stubs.path().join("stubs");
        std::os::unix::fs::symlink(self.path("stubs"), &linked).unwrap();
        let output = Command::new("bash")
            .arg("scripts/setup.sh")
            .current_dir(&self.folder)
            .env("PATH", format!("{}:/usr/bin:/bin", linked.display()))
            .env("TOOLS_FROM", "rustup")
            .env("NODE_MODULES", root().join("node_modules"))
            .output()
            .unwrap();
        let calls = fs::read_to_string(self.path("calls")).unwrap_or_default();
        (output, calls)
    }
}

/// The commands that CONTRIBUTING.md gives for the same by hand.
fn by_hand() -> Vec<String> {
    let contributing = file("CONTRIBUTING.md");
    let lines = contributing.lines().map(str::trim);
    let given = ["npm ci", "rustup toolchain install", "cargo install"];
    let commands = lines.filter(|line| given.iter().any(|it| line.starts_with(it)));
    commands.map(str::to_owned).collect()
}

#[test]
fn setup_with_rustup_does_what_contributing_says_once() {
    let clone = Clone::new();
    let (output, calls) = clone.setup();
    assert!(output.status.success(), "{output:?}");
    let commands = by_hand();
    assert_eq!(commands.len(), 3, "{commands:?}");
    for command in commands {
        let words: Vec<_> = command.split(' ').collect();
        let is_it = |call: &str| {
            words
                .iter()
                .all(|word| call.split(' ').any(|it| it == *word))
        };
        assert!(calls.lines().any(is_it), "{command} is not among\n{calls}");
    }
    assert!(Path::exists(&clone.path(".tools/env.sh")));
    let (output, calls) = clone.setup();
    assert!(output.status.success(), "{output:?}");
    assert!(
        !calls.contains("install") && !calls.contains("ci"),
        "{calls}"
    );
}
