//! Certificates one by one: correction and revocation, two persons each.

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
    ProposeCorrectionRequest, ProposeCorrectionResponse, ProposeRevocationRequest,
    ProposeRevocationResponse, RevokeCertificateRequest, RevokeCertificateResponse,
};
use sha2::{Digest, Sha256};

use super::publishing::{Event, Telling, reply};
use super::{CERTIFICATE, Results};
use crate::domain::certificate::{
    Certificate, CertificateFact, Correction, Revocation, RevocationReason,
};
use crate::events::outgoing;
use crate::store;
use crate::store::person::Person;
use kernel::written::Written;

const CORRECT: &str = "correct_certificate";
const REVOKE: &str = "revoke_certificate";

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
        let current = store::certificate::holder(unit.connection(), vault, &certificate).await?;
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
        self.publish_change(&mut unit, &mut locked, word, &event)
            .await?;
        unit.finish(CorrectCertificateResponse {
            certificate: Some(told),
        })
        .await
    }

    /// First person: a revocation.
    pub async fn propose_revocation(
        &self,
        caller: &Caller,
        request: &ProposeRevocationRequest,
        number: CertificateNumber,
        reason: RevocationReason,
        grounds: &Written,
    ) -> Result<ProposeRevocationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, certificate) = lock(&mut unit, &caller.scope(), &number).await?;
        let revocation = certificate.propose_revocation(reason, grounds, salt())?;
        let hash = revocation.hash_over(&certificate);
        let proposal =
            proposal::propose(&mut unit, &locked, caller, REVOKE, hash, &revocation).await?;
        let fact = CertificateFact::RevocationProposed {
            content_hash: hash,
            reason,
        };
        unit.record_all(vec![(
            &mut locked,
            outgoing::of_proposal(&certificate, &fact),
        )])
        .await?;
        unit.finish(ProposeRevocationResponse {
            proposal: Some(proposal),
        })
        .await
    }

    /// Second person: revoked for good. The number is never used again.
    pub async fn revoke_certificate(
        &self,
        caller: &Caller,
        request: &RevokeCertificateRequest,
        number: CertificateNumber,
        stated: Stated,
    ) -> Result<RevokeCertificateResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let (mut locked, mut certificate) = lock(&mut unit, &caller.scope(), &number).await?;
        let current = |proposed: &Revocation| proposed.hash_over(&certificate);
        let confirmed =
            proposal::confirm(&mut unit, &locked, caller, REVOKE, stated, current).await?;
        let fact = certificate.revoke(confirmed.id, confirmed.content.reason, today)?;
        certificate.apply(&fact);
        let event = Event { certificate, fact };
        let word = results::CertificateEvent::Revoked;
        self.publish_change(&mut unit, &mut locked, word, &event)
            .await?;
        unit.finish(RevokeCertificateResponse {
            revoked_on: today.to_string(),
        })
        .await
    }

    /// Saves and records what happened to one certificate, behind its leaf before.
    async fn publish_change(
        &self,
        unit: &mut Unit,
        locked: &mut Locked,
        word: results::CertificateEvent,
        event: &Event,
    ) -> Result<()> {
        let vault = self.journal.vault();
        let Event { certificate, .. } = event;
        store::certificate::save(unit.connection(), certificate).await?;
        let result = certificate.lineage.result;
        let mut people = store::person::load(unit.connection(), vault, &[result]).await?;
        let examined = people.remove(&result);
        let examined = examined.ok_or_else(|| anyhow::anyhow!("a result without a person"))?;
        let name = store::certificate::holder(unit.connection(), vault, certificate).await?;
        let holder = Person { name, ..examined };
        let previous_leaf = Some(store::leaf::last(unit.connection(), certificate.id).await?);
        let telling = Telling {
            word,
            event,
            holder: &holder,
            previous_leaf,
        };
        self.publish(unit, std::slice::from_mut(locked), &[telling])
            .await
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
fn salt() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}
