//! The sources as tests read them: what of a file is the program and what are tests, and the tables
//! of refusals (`rejections!`).

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of the workspace.
pub(crate) struct Source {
    /// Where it lies in the workspace.
    pub(crate) path: PathBuf,
    text: String,
    /// Where its tests begin: a file of tests is all of them, in others they stand at the end.
    tests_from: usize,
}

/// A row of a table, such as `NotFound => "PLAN_NOT_FOUND", NotFound, "platform",`.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// What clients see.
    pub(crate) code: String,
    /// The package whose table it is, by its folder.
    pub(crate) package: String,
    table: String,
    variant: String,
}

/// The folder of the workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace")
}

/// All Rust files of the workspace.
pub(crate) fn all() -> Vec<Source> {
    let mut folders = vec![PathBuf::from("services"), PathBuf::from("tests")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(workspace().join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if entry.file_type().expect("its type").is_dir() {
                folders.push(path);
            } else if path.extension() == Some(OsStr::new("rs")) {
                sources.push(Source::read(path));
            }
        }
    }
    sources
}

impl Source {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(workspace().join(&path)).expect("a source file");
        let mut parts = path.iter();
        let tests_from = if parts.any(|part| part == "tests" || part == "tests.rs") {
            0
        } else {
            let tests = text.find("#[cfg(test)]\nmod tests {");
            tests.unwrap_or(text.len())
        };
        Self {
            path,
            text,
            tests_from,
        }
    }

    /// What of it is the program.
    pub(crate) fn program(&self) -> &str {
        &self.text[..self.tests_from]
    }

    /// What of it is tests.
    pub(crate) fn tests(&self) -> &str {
        &self.text[self.tests_from..]
    }

    /// The folder of its package.
    pub(crate) fn package(&self) -> &str {
        let mut parts = self.path.iter().filter_map(OsStr::to_str);
        parts
            .find(|part| *part != "services")
            .expect("a path has parts")
    }

    /// Whether the program names the refusal, and not only lists it in its table. Tables go by other
    /// names where they are imported as such.
    pub(crate) fn tells(&self, refusal: &Refusal) -> bool {
        let variant = format!("::{}", refusal.variant);
        is_named(self.program(), &refusal.table) && is_named(self.program(), &variant)
    }

    /// Rows of the tables in it.
    pub(crate) fn refusals(&self) -> Vec<Refusal> {
        let mut table = "";
        let mut rows = Vec::new();
        let mut before = "";
        for line in self.program().lines().map(str::trim) {
            if let Some((_, name)) = line.split_once("enum ") {
                table = name.trim_end_matches(" {");
            }
            // What does not fit into a line goes on in the next.
            let head = if line.starts_with("=>") { before } else { line };
            rows.extend(
                code(line)
                    .zip(variant(head))
                    .map(|(code, variant)| Refusal {
                        code: code.to_owned(),
                        package: self.package().to_owned(),
                        table: table.to_owned(),
                        variant: variant.to_owned(),
                    }),
            );
            before = line;
        }
        rows
    }
}

impl Refusal {
    /// Whether tests name it, by its code as clients see it or by its variant.
    pub(crate) fn is_in(&self, tests: &str) -> bool {
        let variant = format!("{}::{}", self.table, self.variant);
        tests.contains(&format!("\"{}\"", self.code)) || is_named(tests, &variant)
    }
}

/// The code in a line of a row.
fn code(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("=> \"")?;
    let (code, rest) = rest.split_once("\", ")?;
    let is_code = code.bytes().all(|it| it.is_ascii_uppercase() || it == b'_');
    (is_code && rest.contains(", \"")).then_some(code)
}

/// The variant with which a line begins, unless it is a comment.
fn variant(line: &str) -> Option<&str> {
    let variant = line.split(' ').next()?;
    variant
        .chars()
        .all(char::is_alphanumeric)
        .then_some(variant)
}

/// Whether the text has the name, and not as the beginning of a longer one.
fn is_named(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let next = text[at + name.len()..].chars().next();
        !next.is_some_and(char::is_alphanumeric)
    })
}
