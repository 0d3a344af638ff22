//! Files that are handed in: small enough for a message, recognised by their content, sealed.

use kernel::rejection::{FaultList, Faults};
use proto::common::v1 as common;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::case::Case;
use super::entry::{Author, Entry, EntryKind, File};
use super::fact::InquiryFact;
use super::refusal::EvidenceRejection;
use super::store;
use super::words::entry_message;
use crate::contract::{FieldRejection, file_name};
use crate::error::{Error, Result};
use crate::unit::Unit;

/// Bytes of a file: a message has room for it, and for the rest of what is said.
const LARGEST: usize = 768 * 1024;
/// Files of one inquiry.
const MOST: i64 = 20;

/// What files begin with, and what they are then.
const KNOWN: [(&[u8], &str); 3] = [
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
];

/// A file as it is handed in.
pub(super) struct Evidence {
    name: String,
    media_type: &'static str,
    content: Vec<u8>,
}

impl Evidence {
    /// Reads a file from a message.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub(super) fn parse(given: Option<&common::EvidenceFile>) -> Result<Self, Faults> {
        let Some(given) = given else {
            return Err(Faults::at("file", &FieldRejection::Required));
        };
        let mut faults = FaultList::default();
        let name = faults.take("file.file_name", file_name(&given.file_name));
        let media_type = faults.take("file.content", recognise(&given.content));
        faults.finish()?;
        Ok(Self {
            name: name.unwrap_or_default(),
            media_type: media_type.unwrap_or_default(),
            content: given.content.to_vec(),
        })
    }
}

fn recognise(content: &[u8]) -> Result<&'static str, EvidenceRejection> {
    if content.is_empty() {
        return Err(EvidenceRejection::Empty);
    }
    if content.len() > LARGEST {
        return Err(EvidenceRejection::TooLarge { limit: LARGEST });
    }
    let known = KNOWN.iter().find(|(head, _)| content.starts_with(head));
    known
        .map(|(_, media_type)| *media_type)
        .ok_or(EvidenceRejection::Type)
}

impl Case {
    /// Keeps a file.
    pub(super) async fn keep(
        &mut self,
        unit: &mut Unit,
        author: Author,
        file: Evidence,
    ) -> Result<common::InquiryEntry> {
        self.inquiry().add_evidence().map_err(Error::refused)?;
        let inquiry = self.stored.id.uuid();
        if store::files(unit.connection(), inquiry).await? >= MOST {
            return Err(Error::refused(EvidenceRejection::TooMany { limit: MOST }));
        }
        let id = Uuid::now_v7();
        let vault = unit.vault();
        let described = File {
            name_sealed: vault.seal(Entry::name_place(id), file.name.as_bytes()),
            media_type: file.media_type.to_owned(),
            size: i64::try_from(file.content.len()).map_err(anyhow::Error::from)?,
            sha256: Sha256::digest(&file.content).to_vec(),
        };
        let entry = Entry {
            id,
            kind: EntryKind::Evidence,
            author,
            written_on: unit.today(),
            content_sealed: Some(vault.seal(Entry::content_place(id), &file.content)),
            file: Some(described),
        };
        store::add(unit.connection(), inquiry, &entry).await?;
        let fact = InquiryFact::EvidenceAdded { entry: id, author };
        self.record(unit, &fact).await?;
        Ok(entry_message(&entry, file.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(file_name: &str, content: &[u8]) -> Vec<&'static str> {
        let given = common::EvidenceFile {
            file_name: file_name.to_owned(),
            content: content.to_vec().into(),
        };
        match Evidence::parse(Some(&given)) {
            Ok(_) => Vec::new(),
            Err(refused) => refused.codes(),
        }
    }

    #[test]
    fn a_file_is_a_picture_or_a_pdf_by_its_content() {
        for (head, _) in KNOWN {
            assert_eq!(codes("照片", head), [""; 0]);
        }
        assert_eq!(codes("a.pdf", b""), ["EVIDENCE_EMPTY"]);
        assert_eq!(codes("a.pdf", b"PK\x03\x04"), ["EVIDENCE_TYPE"]);
        let large = [b"%PDF-".to_vec(), vec![0; LARGEST]].concat();
        assert_eq!(codes(" ", &large), ["FIELD_REQUIRED", "EVIDENCE_TOO_LARGE"]);
        let none = Evidence::parse(None).err().expect("nothing");
        assert_eq!(none.codes(), ["FIELD_REQUIRED"]);
    }
}
