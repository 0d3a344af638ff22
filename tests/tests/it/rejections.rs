//! Every refusal has a test that provokes it.
//!
//! The tables of refusals (`rejections!`) are read from the sources, and so are the tests. A
//! refusal counts as tested where a test names its code, as clients see it, or its variant.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_rejection_code_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut tests = String::new();
    for file in sources(root) {
        let text = fs::read_to_string(root.join(&file)).expect("a source file");
        let (program, test) = parted(&file, &text);
        tests.push_str(test);
        for (code, variant) in refusals(program) {
            tables.entry(code).or_default().push(variant);
        }
    }
    assert!(tables.len() > 250, "only {} codes found", tables.len());
    let untested = tables.iter().filter(|(code, variants)| {
        let mut names = variants.iter().cloned().chain([format!("\"{code}\"")]);
        !names.any(|name| is_named(&tests, &name))
    });
    let untested: Vec<_> = untested.collect();
    assert!(untested.is_empty(), "no test names {untested:#?}");
}

/// All Rust files of the workspace, by their paths in it.
fn sources(root: &Path) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("services"), PathBuf::from("tests")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if entry.file_type().expect("its type").is_dir() {
                folders.push(path);
            } else if path.extension() == Some(OsStr::new("rs")) {
                files.push(path);
            }
        }
    }
    files
}

/// What a file has of the program and what of tests: a file of tests is all of them, in others
/// they stand at the end.
fn parted<'text>(file: &Path, text: &'text str) -> (&'text str, &'text str) {
    let is_test = file
        .iter()
        .any(|part| part == "tests" || part == "tests.rs");
    if is_test {
        return ("", text);
    }
    let tests_begin = text.find("#[cfg(test)]\nmod tests {");
    text.split_at(tests_begin.unwrap_or(text.len()))
}

/// Code and `Enum::Variant` of each row of the tables in a text. A row begins like
/// `NotFound => "PLAN_NOT_FOUND", NotFound, "platform",`.
fn refusals(text: &str) -> Vec<(String, String)> {
    let mut table = "";
    let mut rows = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some((_, name)) = line.split_once("enum ") {
            table = name.trim_end_matches(" {");
        }
        let Some((variant, rest)) = line.split_once(" => \"") else {
            continue;
        };
        let Some((code, rest)) = rest.split_once("\", ") else {
            continue;
        };
        let is_code = code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        if is_code && rest.contains(", \"") {
            let variant = variant.split(' ').next().unwrap_or_default();
            rows.push((code.to_owned(), format!("{table}::{variant}")));
        }
    }
    rows
}

/// Whether the text has the name, and not as the beginning of a longer one.
fn is_named(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let next = text[at + name.len()..].chars().next();
        name.ends_with('"') || !next.is_some_and(char::is_alphanumeric)
    })
}
