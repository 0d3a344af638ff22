//! How facts of certificates leave: each with its leaf for the log, and all that the public may
//! be told.

use platform::facts::Locked;
use platform::unit::Unit;
use platform::{Result, contract};
use proto::results::v1 as results;
use uuid::Uuid;

use super::{CERTIFICATE, Results};
use crate::domain::certificate::{Certificate, CertificateFact, QrToken};
use crate::domain::person::Person;
use crate::events::{leaf::leaf, outgoing};
use crate::store;
use crate::store::leaf::Leaf;

/// A certificate with what just happened to it, already applied.
pub(super) struct Event {
    pub(super) certificate: Certificate,
    pub(super) fact: CertificateFact,
}

/// A certificate that comes into being, with the token of its QR code.
pub(super) struct Issued {
    pub(super) event: Event,
    pub(super) token: QrToken,
}

/// An event on its way out.
pub(super) struct Telling<'a> {
    pub(super) word: results::CertificateEvent,
    pub(super) event: &'a Event,
    pub(super) holder: &'a Person,
    /// Position and bytes of the leaf before.
    pub(super) previous_leaf: Option<(i32, Vec<u8>)>,
}

impl Results {
    /// Enters, keeps and records certificates that come into being, in the order of their ids.
    pub(super) async fn publish_issued(&self, unit: &mut Unit, issued: &[Issued]) -> Result<()> {
        let vault = self.journal.vault();
        let certificates: Vec<_> = issued.iter().map(|it| &it.event.certificate).collect();
        let ids: Vec<Uuid> = certificates.iter().map(|new| new.id.uuid()).collect();
        let mut locked = unit.lock_all(CERTIFICATE, &ids).await?;
        store::ledger::enter(unit.connection(), &certificates).await?;
        store::certificate::insert(unit.connection(), &certificates).await?;

        let results: Vec<_> = certificates.iter().map(|new| new.lineage.result).collect();
        let people = store::person::load(unit.connection(), vault, &results).await?;
        let mut tellings = Vec::with_capacity(issued.len());
        let mut versions = Vec::with_capacity(issued.len());
        for Issued { event, token } in issued {
            let holder = people.get(&event.certificate.lineage.result);
            let holder = holder.ok_or_else(|| anyhow::anyhow!("a result without a person"))?;
            let word = results::CertificateEvent::Issued;
            versions.push(store::version::New {
                certificate: &event.certificate,
                holder,
                token,
            });
            tellings.push(Telling {
                word,
                event,
                holder,
                previous_leaf: None,
            });
        }
        store::version::insert(unit.connection(), vault, &versions).await?;
        self.note_holders(unit.connection(), &versions).await?;
        self.publish(unit, &mut locked, &tellings).await
    }

    /// Keeps the leaves of events and records them; their locks come in the same order.
    pub(super) async fn publish(
        &self,
        unit: &mut Unit,
        locked: &mut [Locked],
        tellings: &[Telling<'_>],
    ) -> Result<()> {
        let occurred_at = unit.origin().occurred_at;
        let mut leaves = Vec::with_capacity(tellings.len());
        let mut records = Vec::with_capacity(tellings.len());
        for (locked, telling) in locked.iter_mut().zip(tellings) {
            let Telling {
                word,
                event: Event { certificate, fact },
                holder,
                previous_leaf,
            } = telling;
            let opening: [u8; 32] = rand::random();
            let previous = previous_leaf.as_ref();
            let previous_bytes = previous.map(|(_, bytes)| bytes.as_slice());
            let bytes = leaf(
                *word,
                certificate,
                holder,
                occurred_at,
                &opening,
                previous_bytes,
            );
            let record = outgoing::of_certificate(
                *word,
                certificate,
                fact,
                holder,
                &self.indexer,
                bytes.clone(),
            );
            records.push((locked, record));
            leaves.push(Leaf {
                certificate: certificate.id,
                position: previous.map_or(1, |(position, _)| position + 1),
                bytes,
                opening,
            });
        }
        store::leaf::insert(unit.connection(), self.journal.vault(), &leaves).await?;
        unit.record_all(records).await
    }
}

/// A certificate as its issuer is told, with the token of its QR code.
pub(super) fn reply(certificate: &Certificate, token: &QrToken) -> results::IssuedCertificate {
    results::IssuedCertificate {
        certificate_id: certificate.id.to_string(),
        number: certificate.number.to_string(),
        result_id: certificate.lineage.result.to_string(),
        ticket_number: certificate.ticket_number.clone(),
        level: contract::level_message(certificate.subject.level).into(),
        qr_token: token.reveal(),
        version: certificate.version,
    }
}
