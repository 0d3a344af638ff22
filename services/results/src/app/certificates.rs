//! Corrections of certificates, by two persons; and how what happened to certificates is saved.

use kernel::certificate_number::CertificateNumber;
use kernel::person_name::PersonName;
use kernel::rejection::Faults;
use kernel::two_persons::Stated;
use platform::Result;
use platform::access::{Caller, Scope};
use platform::error::corrupt;
use platform::facts::Locked;
use platform::proposal;
use platform::unit::{Begun, Unit};
use proto::results::v1::{
    self as results, CorrectCertificateRequest, CorrectCertificateResponse,
    ProposeCorrectionRequest, ProposeCorrectionResponse,
};
use sha2::{Digest, Sha256};

use super::publishing::{Event, Telling, reply};
use super::{CERTIFICATE, Results};
use crate::domain::certificate::{Certificate, CertificateFact, Correction};
use crate::events::outgoing;
use crate::store;
use crate::store::person::Person;
use kernel::written::Written;

const CORRECT: &str = "correct_certificate";

impl Results {
    /// First person: the holder's right name.
    pub async fn propose_correction(
        &self,
        caller: &Caller,
        request: &ProposeCorrectionRequest,
        number: CertificateNumber,
        corrected: &PersonName,
        reason: &Written,
    ) -> Result<ProposeCorrectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, certificate) = lock(&mut unit, &caller.scope(), &number).await?;
        let vault = self.journal.vault();
        let mut names =
            store::certificate::holders(unit.connection(), vault, &[&certificate]).await?;
        let current = names.remove(&certificate.id);
        let current = current.ok_or_else(|| anyhow::anyhow!("a certificate without a holder"))?;
        let correction = certificate.propose_correction(&current, corrected, reason, salt())?;
        let hash = correction.hash_over(&certificate);
        let proposal =
            proposal::propose(&mut unit, &locked, caller, CORRECT, hash, &correction).await?;
        let fact = CertificateFact::CorrectionProposed { content_hash: hash };
        unit.record_all(vec![(
            &mut locked,
            outgoing::of_proposal(&certificate, &fact),
        )])
        .await?;
        unit.finish(ProposeCorrectionResponse {
            proposal: Some(proposal),
        })
        .await
    }

    /// Second person: a new version with a new token; the number stays.
    pub async fn correct_certificate(
        &self,
        caller: &Caller,
        request: &CorrectCertificateRequest,
        number: CertificateNumber,
        stated: Stated,
    ) -> Result<CorrectCertificateResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut certificate) = lock(&mut unit, &caller.scope(), &number).await?;
        let current = |proposed: &Correction| proposed.hash_over(&certificate);
        let confirmed =
            proposal::confirm(&mut unit, &locked, caller, CORRECT, stated, current).await?;
        let name = PersonName::parse(&confirmed.content.name);
        let name = name
            .map_err(Faults::from)
            .map_err(corrupt("corrected name"))?;
        let token: [u8; 16] = rand::random();
        let token_hash = Sha256::digest(token).into();
        let fact = certificate.correct(confirmed.id, name.masked(), token_hash)?;
        certificate.apply(&fact);

        let vault = self.journal.vault();
        let named = [(&certificate, &name)];
        store::certificate::insert_versions(unit.connection(), vault, &named).await?;
        let told = reply(&certificate, token);
        let event = Event { certificate, fact };
        let word = results::CertificateEvent::Corrected;
        let (locked, event) = (
            std::slice::from_mut(&mut locked),
            std::slice::from_ref(&event),
        );
        self.publish_changes(&mut unit, locked, word, event).await?;
        unit.finish(CorrectCertificateResponse {
            certificate: Some(told),
        })
        .await
    }

    /// Saves and records what happened to certificates, each behind its leaf before; their locks come
    /// in the same order.
    pub(super) async fn publish_changes(
        &self,
        unit: &mut Unit,
        locked: &mut [Locked],
        word: results::CertificateEvent,
        events: &[Event],
    ) -> Result<()> {
        let vault = self.journal.vault();
        let certificates: Vec<_> = events.iter().map(|event| &event.certificate).collect();
        store::certificate::save(unit.connection(), &certificates).await?;
        let results: Vec<_> = certificates.iter().map(|it| it.lineage.result).collect();
        let mut people = store::person::load(unit.connection(), vault, &results).await?;
        let mut names =
            store::certificate::holders(unit.connection(), vault, &certificates).await?;
        let mut leaves = store::leaf::last(unit.connection(), &certificates).await?;
        let mut holders = Vec::with_capacity(events.len());
        for certificate in &certificates {
            let examined = people.remove(&certificate.lineage.result);
            let examined = examined.ok_or_else(|| anyhow::anyhow!("a result without a person"))?;
            let name = names.remove(&certificate.id);
            let name = name.ok_or_else(|| anyhow::anyhow!("a certificate without a holder"))?;
            holders.push(Person { name, ..examined });
        }
        let tellings: Vec<_> = events
            .iter()
            .zip(&holders)
            .map(|(event, holder)| Telling {
                word,
                event,
                holder,
                previous_leaf: leaves.remove(&event.certificate.id),
            })
            .collect();
        self.publish(unit, locked, &tellings).await
    }
}

/// Locks a certificate in the caller's scope, and reads it under the lock.
async fn lock(
    unit: &mut Unit,
    scope: &Scope,
    number: &CertificateNumber,
) -> Result<(Locked, Certificate)> {
    let id = store::certificate::find(unit.connection(), scope, number)
        .await?
        .id;
    let locked = unit.lock(CERTIFICATE, id.uuid()).await?;
    let certificate = store::certificate::find(unit.connection(), scope, number).await?;
    Ok((locked, certificate))
}

/// Random bytes that keep a proposal's hash from being guessed.
pub(super) fn salt() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}
