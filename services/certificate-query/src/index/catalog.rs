//! All certificates and all candidates, in memory.
//!
//! A certificate is found by three doors: number and name, document number and name, the token of
//! its QR code. Each version has its own; where a correction leaves a pair as it was, the door of
//! either leads to both and the newest answers. What is put in twice is there once.

use std::collections::HashMap;

use anyhow::bail;
use kernel::level::Level;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use kernel::rejection::Faults;

use super::record::{Day, Record, Status, tail};
use super::store::{candidate, certificate};
use super::table::{Table, Tag};
use super::texts::{Shared, Texts};
use super::{Certificate, Finding, Organization, Progress, Stage, Standing, Subject};

/// Doors of a certificate under one key.
const DOORS: usize = 3;
/// Records that are taken from the system at once.
const CHUNK: usize = 1 << 16;

/// All that can be told, and what leads to it.
pub(super) struct Catalog {
    /// Names of the keys whose doors can be opened here.
    keys: Vec<String>,
    doors: Table,
    records: Vec<Vec<Record>>,
    texts: Texts,
    subjects: Shared<Subject>,
    organizations: Shared<Organization>,
    reasons: Shared<String>,
    stages: HashMap<[u8; 16], Progress>,
}

impl Catalog {
    /// An empty one for doors under these keys, with room for so many versions.
    pub(super) fn with_room_for(versions: usize, keys: Vec<String>) -> Self {
        Self {
            doors: Table::with_room_for(versions * (1 + (DOORS - 1) * keys.len())),
            keys,
            records: Vec::new(),
            texts: Texts::default(),
            subjects: Shared::default(),
            organizations: Shared::default(),
            reasons: Shared::default(),
            stages: HashMap::new(),
        }
    }

    /// How many versions there are.
    pub(super) fn versions(&self) -> usize {
        self.records.iter().map(Vec::len).sum()
    }

    /// Bytes taken, but for what all share.
    pub(super) fn bytes(&self) -> usize {
        let records: usize = self.records.iter().map(Vec::capacity).sum();
        self.doors.bytes() + records * size_of::<Record>() + self.texts.bytes()
    }

    /// Puts a version in, or what became of it.
    pub(super) fn put(&mut self, entry: certificate::Entry<'_>) -> anyhow::Result<()> {
        let mut record = self.record(&entry)?;
        let token = Tag::of(entry.qr_token_hash)?;
        let texts = [entry.masked_name, entry.masked_document_number];
        let known = self.same_version(token, &record);
        record.texts = match known.map(|number| self.get(number).texts) {
            Some(place) if self.texts.get(place) == texts => place,
            _ => self.texts.push(texts)?,
        };
        let number = match known {
            Some(number) => {
                *self.slot(number) = record;
                number
            }
            None => self.push(record)?,
        };
        self.doors.insert(token, number);
        let doors = entry.number_doors.zip(entry.document_doors);
        for (key, (number_door, document_door)) in entry.door_keys.zip(doors) {
            if self.keys.iter().any(|known| known.as_bytes() == key) {
                self.doors.insert(Tag::of(number_door)?, number);
                self.doors.insert(Tag::of(document_door)?, number);
            }
        }
        Ok(())
    }

    /// Writes down how far a candidate is; one who is through has no stage any more.
    pub(super) fn put_stage(&mut self, entry: candidate::Entry<'_>) -> anyhow::Result<()> {
        let stage = match entry.stage {
            candidate::ENDED => None,
            word => Some(stage(word)?),
        };
        for (key, door) in entry.door_keys.zip(entry.ticket_doors) {
            let Some(door) = door.first_chunk() else {
                bail!("a digest too short");
            };
            if !self.keys.iter().any(|known| known.as_bytes() == key) {
                continue;
            }
            match stage {
                Some(stage) => {
                    let (since, until) = (entry.since, entry.until);
                    let progress = Progress {
                        stage,
                        since,
                        until,
                    };
                    self.stages.insert(*door, progress);
                }
                None => drop(self.stages.remove(door)),
            }
        }
        Ok(())
    }

    /// The certificate that one of the digests opens the door to.
    pub(super) fn find(&self, digests: &[[u8; 32]]) -> Finding {
        let found = self.opened(digests).into_iter().next();
        found.map_or(Finding::NotFound, |record| self.finding(record))
    }

    /// The certificates that the digests open doors to, each once, the last issued first.
    pub(super) fn find_all(&self, digests: &[[u8; 32]]) -> Vec<Finding> {
        let mut found = self.opened(digests);
        found.sort_unstable_by_key(|record| std::cmp::Reverse(record.issued_on));
        found
            .into_iter()
            .map(|record| self.finding(record))
            .collect()
    }

    /// How far the candidate is whose door one of the digests opens.
    pub(super) fn stage(&self, digests: &[[u8; 32]]) -> Option<Progress> {
        let door = |digest: &[u8; 32]| *digest.first_chunk().expect("sixteen of 32 bytes");
        let mut doors = digests.iter().map(door);
        doors.find_map(|door| self.stages.get(&door)).copied()
    }

    /// What the digests open, each certificate by the newest of the versions that are opened.
    fn opened(&self, digests: &[[u8; 32]]) -> Vec<Record> {
        let mut found = Vec::<Record>::new();
        for digest in digests {
            let tag = Tag::of(digest).expect("32 bytes are enough");
            for record in self.doors.get(tag).map(|number| *self.get(number)) {
                let same = found
                    .iter_mut()
                    .find(|known| self.are_of_one_certificate(known, &record));
                match same {
                    Some(known) if known.version < record.version => *known = record,
                    Some(_) => {}
                    None => found.push(record),
                }
            }
        }
        found
    }

    /// A revocation is told to whoever knows any pair of the certificate, a correction only to who
    /// knows an older one.
    fn finding(&self, record: Record) -> Finding {
        let since = record.status_since.date();
        let standing = match record.status {
            Status::Revoked => Standing::Revoked {
                on: since,
                reason: (**self.reasons.get(record.reason.into())).clone(),
            },
            _ if record.superseded => return Finding::Corrected,
            Status::Suspended => Standing::Suspended { since },
            Status::Valid => Standing::Valid,
        };
        let [holder, document_number] = self.texts.get(record.texts);
        let organization = self.organizations.get(record.organization).clone();
        Finding::Found(Box::new(Certificate {
            number: format!(
                "{}{:02}{}{:06}",
                organization.code,
                record.year,
                char::from(record.level),
                record.sequence
            ),
            holder: holder.to_owned(),
            document_number: document_number.to_owned(),
            subject: self.subjects.get(record.subject).clone(),
            organization,
            issued_on: record.issued_on.date(),
            standing,
        }))
    }

    /// The number of the record of the same version, if it is there. Its token tells it: that does
    /// not change with a key.
    fn same_version(&self, token: Tag, record: &Record) -> Option<u32> {
        self.doors.get(token).find(|number| {
            let known = self.get(*number);
            self.are_of_one_certificate(known, record) && known.version == record.version
        })
    }

    fn record(&mut self, entry: &certificate::Entry<'_>) -> anyhow::Result<Record> {
        let (code, tail) = tail(entry)?;
        let organization = [code, entry.organization_name].join("\0");
        let organization = self.organizations.number(organization.as_bytes(), || {
            Ok(Organization {
                code: code.to_owned(),
                name: entry.organization_name.to_owned(),
            })
        })?;
        let reason = entry.public_reason;
        let reason = self
            .reasons
            .number(reason.as_bytes(), || Ok(reason.to_owned()))?;
        Ok(Record {
            // Whoever puts it in says where they are.
            texts: 0,
            subject: self.subject(entry)?,
            organization,
            sequence: tail.sequence,
            issued_on: Day::of(entry.issued_on)?,
            status_since: Day::of(entry.status_since)?,
            version: u16::try_from(entry.version)?,
            reason: u16::try_from(reason)?,
            year: tail.year,
            level: tail.level,
            status: Status::parse(entry.status)?,
            superseded: entry.superseded,
        })
    }

    fn subject(&mut self, entry: &certificate::Entry<'_>) -> anyhow::Result<u32> {
        let edition = entry.occupation_edition.cast_unsigned();
        let mut bytes = edition.to_le_bytes().to_vec();
        for text in [
            entry.occupation_code,
            entry.occupation_name,
            entry.trade,
            entry.level,
        ] {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
        }
        self.subjects.number(&bytes, || {
            let subject = || -> Result<_, Faults> {
                let code = OccupationCode::parse(entry.occupation_code)?;
                Ok(Subject {
                    occupation: OccupationRef::new(Edition::of_year(edition)?, code),
                    occupation_name: entry.occupation_name.to_owned(),
                    trade: entry.trade.to_owned(),
                    level: Level::parse(entry.level)?,
                })
            };
            subject().map_err(|_| anyhow::anyhow!("a stored certificate of no known subject"))
        })
    }

    /// Whether two records are versions of one certificate: its number never changes.
    fn are_of_one_certificate(&self, one: &Record, other: &Record) -> bool {
        let code = |record: &Record| &self.organizations.get(record.organization).code;
        (one.year, one.level, one.sequence) == (other.year, other.level, other.sequence)
            && code(one) == code(other)
    }

    fn push(&mut self, record: Record) -> anyhow::Result<u32> {
        let number = u32::try_from(self.versions())?;
        match self.records.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push(record),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(record);
                self.records.push(chunk);
            }
        }
        Ok(number)
    }

    fn get(&self, number: u32) -> &Record {
        &self.records[number as usize / CHUNK][number as usize % CHUNK]
    }

    fn slot(&mut self, number: u32) -> &mut Record {
        &mut self.records[number as usize / CHUNK][number as usize % CHUNK]
    }
}

fn stage(word: &str) -> anyhow::Result<Stage> {
    let known = Stage::ALL.into_iter().find(|stage| stage.name() == word);
    known.ok_or_else(|| anyhow::anyhow!("a stored candidate at an unknown stage"))
}
