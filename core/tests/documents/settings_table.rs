//! The README's table of settings.

use texting::settings::{NAMES, Setting};

use crate::{
    examples::{assert_accepted, is_name},
    file,
    markdown::{code, rows, section},
};

/// What the table says of one setting.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Documented {
    name: String,
    alias: Option<String>,
    required: bool,
    secret: bool,
    default: Option<String>,
}

impl Documented {
    fn of(setting: &Setting) -> Self {
        Self {
            name: setting.name.to_owned(),
            alias: setting.alias.map(str::to_owned),
            required: setting.required,
            secret: setting.secret,
            default: setting.default.map(str::to_owned),
        }
    }
}

/// A row, which describes one setting or several of a kind.
struct Row<'a> {
    names: &'a str,
    kind: &'a str,
    default: &'a str,
    meaning: &'a str,
}

impl<'a> Row<'a> {
    fn of(cells: &[&'a str]) -> Self {
        let [names, kind, default, meaning] = cells else {
            panic!("not a row of four cells: {cells:?}");
        };
        Self {
            names,
            kind,
            default,
            meaning,
        }
    }

    fn settings(&self) -> impl Iterator<Item = Documented> {
        let alias = self.meaning.split_once("alias ");
        let alias = alias.map(|(_, rest)| code(rest)[0]);
        code(self.names).into_iter().map(move |name| Documented {
            name: name.to_owned(),
            alias: alias.map(str::to_owned),
            required: self.kind.contains("**required**"),
            secret: self.kind.contains("secret"),
            default: code(self.default).first().map(|it| (*it).to_owned()),
        })
    }

    /// What the row shows as values of its settings: all code but the names of settings and of placeholders.
    fn values(&self) -> Vec<String> {
        let uuid = "5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42";
        let is_value = |code: &&str| !is_name(code) && !code.starts_with('{');
        let cells = [self.kind, self.default, self.meaning];
        let values = cells.into_iter().flat_map(code).filter(is_value);
        values.map(|value| value.replace("<uuid>", uuid)).collect()
    }
}

fn each_row(check: impl FnMut(Row)) {
    let readme = file("README.md");
    let rows = rows(section(&readme, "Settings"));
    rows.iter().map(|cells| Row::of(cells)).for_each(check);
}

#[test]
fn every_setting_is_listed_once_with_its_alias_its_default_and_whether_it_is_required_or_secret() {
    let mut documented = Vec::new();
    each_row(|row| documented.extend(row.settings()));
    let mut known: Vec<Documented> = NAMES.iter().map(Documented::of).collect();
    documented.sort();
    known.sort();
    assert_eq!(documented, known);
}

#[test]
fn a_row_says_what_holds_without_a_value_unless_one_is_required() {
    each_row(|row| {
        let required = row.kind.contains("**required**");
        assert_eq!(row.default.is_empty(), required, "{}", row.names);
    });
}

#[test]
fn every_value_in_the_table_is_accepted() {
    let mut count = 0;
    each_row(|row| {
        for name in code(row.names) {
            for value in row.values() {
                assert_accepted(&[(name.to_owned(), value)]);
                count += 1;
            }
        }
    });
    assert!(count > NAMES.len() / 2, "{count} values were found");
}

#[test]
fn every_span_of_time_in_the_text_is_accepted() {
    let readme = file("README.md");
    let paragraphs = section(&readme, "Settings").split("\n\n");
    let mut durations = paragraphs.filter(|text| text.starts_with("**Durations**"));
    let spans = code(durations.next().unwrap()).into_iter();
    let spans: Vec<&str> = spans
        .filter(|it| it.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert!(!spans.is_empty());
    for span in spans {
        assert_accepted(&[("DELAY".to_owned(), span.to_owned())]);
    }
}
