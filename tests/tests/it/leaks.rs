//! Nothing of any person in the journeys is found anywhere it does not belong.
//!
//! The people are made up, so what they are called and their numbers mark them: they are looked
//! for, as text and in hexadecimal, in everything that was written while two journeys were made
//! with logs at their most talkative.

use std::fmt::Write;
use std::path::Path;

use aho_corasick::AhoCorasick;
use tests::harness::{Service, streams};
use tests::journey::people::{self, Candidate};
use tests::journey::{Dates, FIRST_ROUND};

use crate::walked::{Walked, walked};

/// Looks for the marks of all people at once.
struct Search {
    marks: AhoCorasick,
    found: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_and_spans_name_nobody() {
    let walked = walked().await;
    let mut search = Search::for_everybody();
    search.files(&walked.platform.logs());
    for batch in walked.collector.bytes() {
        search.look("a span", &batch);
    }
    search.assert_nothing();
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_and_messages_name_nobody() {
    let walked = walked().await;
    let mut search = Search::for_everybody();
    let bus = walked.platform.broker().await;
    for owner in streams::OWNERS {
        let messages = streams::messages(&bus, owner).await.expect("read the stream");
        assert!(!messages.is_empty(), "{} told nobody anything", owner.name());
        for message in messages {
            search.look(&message.subject, &message.payload);
        }
    }
    search.assert_nothing();
}

/// Facts, publications, replies, quarantine and the services' own tables alike: in a database
/// people are sealed, wherever that is.
#[tokio::test(flavor = "multi_thread")]
async fn at_rest_nobody_is_named() {
    let walked = walked().await;
    let mut search = Search::for_everybody();
    for service in Service::ALL {
        let tables = walked.platform.records(service).dump().await.expect("read all tables");
        assert!(tables.values().any(|rows| !rows.is_empty()), "{} is empty", service.name());
        for (table, rows) in tables {
            rows.iter().for_each(|row| search.look(&table, row.as_bytes()));
        }
    }
    search.assert_nothing();
}

#[test]
fn the_search_finds_what_is_there() {
    let person = people::objector();
    let number = person.citizen_id.reveal();
    for text in [person.name.clone(), number.to_owned(), hex::encode(&person.name), hex::encode(number)]
    {
        let mut search = Search::for_everybody();
        search.look("a text", format!("before {text} after").as_bytes());
        assert!(search.found.contains("a text"), "{text} was not found");
    }
}

impl Search {
    fn for_everybody() -> Self {
        let first_exam = Dates::from(FIRST_ROUND).expect("2020 is known").exam;
        let mut everybody: Vec<Candidate> = [1, 2].into_iter().flat_map(people::candidates).collect();
        everybody.extend([people::too_young(first_exam), people::objector()]);
        let mut marks = Vec::new();
        for person in everybody {
            for mark in [person.citizen_id.reveal().to_owned(), person.right_name(), person.name] {
                marks.extend([hex::encode(&mark), mark]);
            }
        }
        Self { marks: AhoCorasick::new(marks).expect("a list of texts"), found: String::new() }
    }

    fn look(&mut self, place: &str, bytes: &[u8]) {
        if let Some(found) = self.marks.find(bytes) {
            let around = &bytes[found.start().saturating_sub(80)..(found.end() + 20).min(bytes.len())];
            let _ = writeln!(self.found, "{place}: …{}…", String::from_utf8_lossy(around));
        }
    }

    fn files(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            self.look(&path.display().to_string(), &std::fs::read(&path).expect("a file"));
        }
    }

    fn assert_nothing(&self) {
        assert!(self.found.is_empty(), "people were found:\n{}", self.found);
    }
}
