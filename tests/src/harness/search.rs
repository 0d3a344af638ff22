//! Looks for people where nobody may be named: in logs, spans, errors, tables and messages.
//!
//! The people of a journey are made up, so wherever one of their names or numbers is found, it got
//! there from a request. They are looked for in every form in which bytes are commonly written down,
//! and as the plain digest that anybody could make of them again.

use std::collections::BTreeSet;
use std::path::Path;

use aho_corasick::AhoCorasick;
use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use sha2::{Digest, Sha256};

use super::{Collector, Platform, Service, streams};
use crate::journey::Heard;

/// Bytes shown around what was found.
const AROUND: usize = 80;

/// A search for some people, and where they were found so far.
pub struct Search {
    forms: AhoCorasick,
    found: Vec<String>,
}

impl Search {
    /// A search for these names and numbers.
    pub fn for_people<'a>(people: impl IntoIterator<Item = &'a String>) -> anyhow::Result<Self> {
        let forms: BTreeSet<_> = people.into_iter().flat_map(|text| forms(text)).collect();
        ensure!(!forms.is_empty(), "nobody to look for");
        Ok(Self {
            forms: AhoCorasick::new(forms)?,
            found: Vec::new(),
        })
    }

    /// Looks in some bytes; `place` is what a reader is told when somebody is found in them.
    pub fn look(&mut self, place: &str, bytes: &[u8]) {
        if let Some(found) = self.forms.find(bytes) {
            let end = (found.end() + AROUND).min(bytes.len());
            let around = &bytes[found.start().saturating_sub(AROUND)..end];
            let around = String::from_utf8_lossy(around);
            self.found.push(format!("{place}: …{around}…"));
        }
    }

    /// Looks in everything that a platform writes down: logs, tables, messages.
    ///
    /// # Errors
    /// When it cannot be read, or a place is empty that never is.
    pub async fn platform(&mut self, platform: &Platform) -> anyhow::Result<()> {
        self.logs(&platform.logs())?;
        self.tables(platform).await?;
        self.messages(platform).await
    }

    /// Looks in the logs in a folder.
    pub fn logs(&mut self, folder: &Path) -> anyhow::Result<()> {
        let mut logs = 0;
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            self.look(&path.display().to_string(), &std::fs::read(&path)?);
            logs += 1;
        }
        ensure!(logs >= Service::ALL.len(), "only {logs} logs");
        Ok(())
    }

    /// Looks in every row of every table: facts, publications, replies, quarantine, and the
    /// services' own, in which people are sealed.
    pub async fn tables(&mut self, platform: &Platform) -> anyhow::Result<()> {
        for (table, rows) in platform.dump().await? {
            for row in rows {
                self.look(&table, row.as_bytes());
            }
        }
        Ok(())
    }

    /// Looks in every message that lies on a stream: subject, headers, content.
    pub async fn messages(&mut self, platform: &Platform) -> anyhow::Result<()> {
        let bus = platform.broker().await;
        for owner in streams::OWNERS {
            let messages = streams::messages(&bus, owner).await;
            for message in messages.with_context(|| owner.name())? {
                self.look("a subject", message.subject.as_bytes());
                self.look(&message.subject, &message.headers);
                self.look(&message.subject, &message.payload);
            }
        }
        Ok(())
    }

    /// Looks in the spans that a collector received.
    pub fn spans(&mut self, collector: &Collector) -> anyhow::Result<()> {
        let batches = collector.bytes();
        ensure!(!batches.is_empty(), "no spans came");
        for batch in batches {
            self.look("a span", &batch);
        }
        Ok(())
    }

    /// Looks in the errors that callers were given.
    pub fn errors(&mut self, heard: &Heard) {
        for error in &heard.errors {
            self.look("an error", error);
        }
    }

    /// Where somebody was found.
    pub fn found(&self) -> &[String] {
        &self.found
    }

    /// # Errors
    /// When somebody was found.
    pub fn found_nobody(&self) -> anyhow::Result<()> {
        ensure!(
            self.found.is_empty(),
            "people were found:\n{}",
            self.found.join("\n")
        );
        Ok(())
    }
}

/// How a text may be written down.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let bytes = text.as_bytes();
    let digest = Sha256::digest(bytes);
    let percent = each(bytes, |byte| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    let numbers: Vec<_> = bytes.iter().map(ToString::to_string).collect();
    let mut forms = vec![
        text.to_owned(),
        hex::encode(bytes),
        hex::encode_upper(bytes),
        percent.to_lowercase(),
        percent,
        escaped(text, |unit| format!("\\u{unit:04x}")),
        escaped(text, |unit| format!("\\u{unit:04X}")),
        escaped(text, |unit| format!("\\u{{{unit:x}}}")),
        // As Rust and as PostgreSQL write bytes.
        bytes.escape_ascii().to_string(),
        each(bytes, |byte| match byte {
            0x20..0x7f => char::from(byte).to_string(),
            byte => format!("\\{byte:03o}"),
        }),
        numbers.join(", "),
        numbers.join(","),
        hex::encode(digest),
        STANDARD.encode(digest),
    ];
    for before in 0..3 {
        forms.push(base64_within(&STANDARD, bytes, before));
        forms.push(base64_within(&URL_SAFE, bytes, before));
    }
    let mut forms: Vec<_> = forms.into_iter().map(String::into_bytes).collect();
    forms.push(digest.to_vec());
    forms
}

fn each(bytes: &[u8], form: impl Fn(u8) -> String) -> String {
    bytes.iter().map(|byte| form(*byte)).collect()
}

/// With each character that is not ASCII written as its units of UTF-16.
fn escaped(text: &str, form: impl Fn(u16) -> String) -> String {
    let written = |unit: u16| match u8::try_from(unit) {
        Ok(ascii) if ascii.is_ascii() => char::from(ascii).to_string(),
        _ => form(unit),
    };
    text.encode_utf16().map(written).collect()
}

/// What can be seen of a text within a longer one in Base64, where it begins so many bytes (0 to 2)
/// after a group of three: the characters that depend on it alone.
fn base64_within(engine: &impl Engine, text: &[u8], before: usize) -> String {
    let encoded = engine.encode([&[0; 2][..before], text].concat());
    let (first, last) = ((before * 8).div_ceil(6), (before + text.len()) * 8 / 6);
    encoded[first..last].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: [&str; 3] = ["张晓东", "371002198007010018", "li@example.org"];

    fn finds(text: &[u8]) -> bool {
        let people = PEOPLE.map(str::to_owned);
        let mut search = Search::for_people(&people).expect("people");
        search.look("here", &[b"before ", text, b" after"].concat());
        search.found_nobody().is_err()
    }

    #[test]
    fn people_are_found_in_whatever_form() {
        for person in PEOPLE {
            for form in forms(person) {
                assert!(finds(&form), "{}", String::from_utf8_lossy(&form));
            }
            assert!(finds(format!("{:?}", person.as_bytes()).as_bytes()));
            assert!(finds(serde_json::json!([person]).to_string().as_bytes()));
            for before in ["", "1", "12", "123"] {
                let text = format!("{before}{person} and so on");
                assert!(finds(STANDARD.encode(&text).as_bytes()), "{text}");
                assert!(finds(URL_SAFE.encode(&text).as_bytes()), "{text}");
            }
        }
        assert!(finds(br"\u5f20\u6653\u4e1c"));
        assert!(finds(b"%E5%BC%A0%E6%99%93%E4%B8%9C"));
        assert!(finds(br"\xe5\xbc\xa0\xe6\x99\x93\xe4\xb8\x9c"));
    }

    #[test]
    fn masked_and_others_are_not_found() {
        for text in [
            "张*东",
            "371002********0018",
            "371002198007010026",
            "张晓冬",
        ] {
            assert!(!finds(text.as_bytes()), "{text}");
        }
    }
}
