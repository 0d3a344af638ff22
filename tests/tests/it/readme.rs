//! The pages that say of each rule of the notice where it is kept, by which refusal, and which test
//! shows it: what they name is there, the sources of a row tell its refusals, and its tests provoke
//! them.

use std::fs;
use std::path::PathBuf;

use crate::sources::{self, Refusal, Source, workspace};

/// The pages, from the folder of the workspace.
const PAGES: [&str; 4] = [
    "services/review/README.md",
    "services/registry/README.md",
    "services/results/README.md",
    "services/exam-scheduling/README.md",
];
/// How the first row of each of their tables begins and goes on.
const COLUMNS: &str = "| Rule | Kept by | Refused as | Shown by |";
/// What an item of a source is called by.
const ITEMS: [&str; 6] = ["fn", "struct", "enum", "const", "view", "table"];

struct Page {
    path: PathBuf,
    text: String,
}

/// A row of a table: what it says in each of its columns.
struct Row<'page> {
    rule: &'page str,
    kept: &'page str,
    refused: &'page str,
    shown: &'page str,
}

fn pages() -> [Page; 4] {
    PAGES.map(|page| {
        let path = workspace().join(page);
        let text = fs::read_to_string(&path).expect("the page");
        Page { path, text }
    })
}

impl Page {
    /// Where a link of the page leads.
    fn target(&self, address: &str) -> PathBuf {
        let (file, _anchor) = address.split_once('#').unwrap_or((address, ""));
        self.path.with_file_name(file)
    }

    fn read(&self, address: &str) -> String {
        fs::read_to_string(self.target(address)).unwrap_or_else(|_| panic!("no file {address}"))
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let lines = self.text.lines().filter(|line| line.starts_with("| "));
        let rows = lines.filter(|line| *line != COLUMNS).map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let &[_, rule, kept, refused, shown, _] = cells.as_slice() else {
                panic!("not of four columns: {line}");
            };
            Row {
                rule,
                kept,
                refused,
                shown,
            }
        });
        rows.collect()
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

/// Codes of refusals that a text names.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
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

/// A row names a source as a whole where that tells one of its refusals, and otherwise what in it
/// keeps the rule.
#[test]
fn every_rule_is_kept_by_sources_that_tell_its_refusals() {
    let sources = sources::all();
    let refusals: Vec<_> = sources.iter().flat_map(Source::refusals).collect();
    for page in pages() {
        for row in page.rows() {
            let its = |refusal: &&Refusal| codes(row.refused).any(|code| code == refusal.code);
            let its: Vec<_> = refusals.iter().filter(its).collect();
            let mut told = Vec::new();
            for (said, address) in links(row.kept) {
                if !address.ends_with(said) {
                    let text = page.read(address);
                    let mut items = ITEMS.iter().map(|kind| format!("{kind} {said}"));
                    let has = items.any(|item| text.contains(&item));
                    assert!(has, "{said} in {address}");
                    continue;
                }
                let path = page.target(address).canonicalize().expect(address);
                let is_it = |source: &&Source| path.ends_with(&source.path);
                let source = sources.iter().find(is_it).expect(address);
                let tells = its.iter().filter(|refusal| source.tells(refusal));
                let tells: Vec<_> = tells.map(|refusal| &refusal.code).collect();
                assert!(
                    !tells.is_empty(),
                    "{address} tells nothing of: {}",
                    row.rule
                );
                told.extend(tells);
            }
            assert!(
                links(row.kept).next().is_some(),
                "nothing keeps: {}",
                row.rule
            );
            let untold = codes(row.refused).find(|code| !told.iter().any(|told| told == code));
            assert_eq!(untold, None, "told by no source of: {}", row.rule);
        }
    }
}

#[test]
fn every_refusal_of_a_row_is_provoked_by_a_test_of_that_row() {
    for page in pages() {
        let rows = page.rows();
        assert!(rows.len() > 15, "{}", page.path.display());
        for row in rows {
            let tests = links(row.shown).map(|(test, address)| {
                let body = body(&page.read(address), test);
                body.unwrap_or_else(|| panic!("no test {test} in {address}"))
            });
            let tests: Vec<_> = tests.collect();
            assert!(!tests.is_empty(), "nothing shows: {}", row.rule);
            for code in codes(row.refused) {
                let quoted = format!("\"{code}\"");
                let provoked = tests.iter().any(|test| test.contains(&quoted));
                assert!(provoked, "{code} in: {}", row.rule);
            }
        }
    }
}
