//! The pages that say by which refusal each rule of the notice is kept and which test shows it: what
//! they name is there, and each test named does provoke the refusals of its row.

use std::fs;
use std::path::{Path, PathBuf};

/// The pages, from the folder of the services.
const PAGES: [&str; 4] = [
    "review/README.md",
    "registry/README.md",
    "results/README.md",
    "exam-scheduling/README.md",
];

struct Page {
    path: PathBuf,
    text: String,
}

fn pages() -> [Page; 4] {
    PAGES.map(|page| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
        let text = fs::read_to_string(&path).expect("the page");
        Page { path, text }
    })
}

impl Page {
    /// Where a link of the page leads.
    fn target(&self, address: &str) -> PathBuf {
        let (file, _anchor) = address.split_once('#').unwrap_or((address, ""));
        self.path.with_file_name("").join(file)
    }

    /// Rows of tables with the tests that they name: each test's text, from its name to its end.
    fn rows(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        let rows = self.text.lines().filter(|line| line.starts_with("| "));
        let rows = rows.map(|row| {
            let tests = links(row).filter(|(said, _)| is_name(said));
            let tests = tests.map(|(test, address)| {
                let source = fs::read_to_string(self.target(address)).expect("a source");
                body(&source, test).unwrap_or_else(|| panic!("no test {test} in {address}"))
            });
            (row, tests.collect())
        });
        rows.filter(|(_, tests): &(_, Vec<_>)| !tests.is_empty())
    }
}

/// Links of a text: what they say and where they lead.
fn links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let links = text.split("](").zip(text.split("](").skip(1));
    links.filter_map(|(before, after)| {
        let (_, said) = before.rsplit_once('[')?;
        let (address, _) = after.split_once(')')?;
        Some((said.trim_matches('`'), address))
    })
}

/// Whether it is what a test is called.
fn is_name(said: &str) -> bool {
    said.contains('_') && said.chars().all(|it| it.is_ascii_lowercase() || it == '_')
}

/// Codes of refusals that a text names.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|word| word.chars().all(|it| it.is_ascii_uppercase() || it == '_'))
}

/// A function in a source, from its name to the brace that closes it.
fn body(source: &str, name: &str) -> Option<String> {
    let start = source.find(&format!("fn {name}("))?;
    let line = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let indent = source[line..].len() - source[line..].trim_start().len();
    let end = format!("\n{}}}\n", " ".repeat(indent));
    let length = source[start..].find(&end)?;
    Some(source[start..start + length].to_owned())
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        for (_, address) in links(&page.text).filter(|(_, address)| !address.contains(':')) {
            assert!(page.target(address).exists(), "{address}");
        }
    }
}

#[test]
fn every_refusal_of_a_row_is_provoked_by_a_test_of_that_row() {
    for page in pages() {
        let rows: Vec<_> = page.rows().collect();
        assert!(rows.len() > 15, "{}", page.path.display());
        for (row, tests) in rows {
            for code in codes(row) {
                let quoted = format!("\"{code}\"");
                assert!(
                    tests.iter().any(|test| test.contains(&quoted)),
                    "{code} in: {row}"
                );
            }
        }
    }
}
