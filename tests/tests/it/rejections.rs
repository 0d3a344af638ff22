//! Every refusal of the tables (`rejections!`) is told somewhere, and has a test that provokes it.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{self, Refusal, workspace};

#[test]
fn every_rejection_code_has_a_test() {
    let mut tests: BTreeMap<String, String> = BTreeMap::new();
    let mut refusals = Vec::new();
    for source in sources::all() {
        let of_package = tests.entry(source.package().to_owned()).or_default();
        of_package.push_str(source.tests());
        refusals.extend(source.refusals());
    }
    let anywhere: String = tests.values().map(String::as_str).collect();
    // Two services may refuse by the same code, and each has to show that it does. What a library
    // refuses is seen where it is used.
    let tested = |refusal: &Refusal| {
        let package = workspace().join("services").join(&refusal.package);
        if package.join("src/main.rs").exists() {
            refusal.is_in(&tests[&refusal.package])
        } else {
            refusal.is_in(&anywhere)
        }
    };
    let codes: BTreeSet<_> = refusals.iter().map(|refusal| &refusal.code).collect();
    assert!(codes.len() > 700, "only {} codes found", codes.len());
    let untested: Vec<_> = refusals.iter().filter(|it| !tested(it)).collect();
    assert!(
        untested.is_empty(),
        "no test of its package names {untested:#?}"
    );
}

#[test]
fn every_refusal_is_told_somewhere() {
    let sources = sources::all();
    let refusals = sources.iter().flat_map(sources::Source::refusals);
    let never = refusals.filter(|refusal| !sources.iter().any(|source| source.tells(refusal)));
    let never: Vec<_> = never.collect();
    assert!(never.is_empty(), "nothing tells {never:#?}");
}
