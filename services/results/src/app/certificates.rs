//! New versions of certificates, by two persons: corrections and re-issues; and how what happened
//! to certificates is saved.

use kernel::certificate_number::CertificateNumber;
use kernel::two_persons::Stated;
use kernel::written::Written;
use platform::Result;
use platform::access::{Caller, Scope};
use platform::error::readable;
use platform::facts::Locked;
use platform::proposal;
use platform::unit::{Begun, Unit};
use proto::results::v1::{
    self as results, CorrectCertificateRequest, CorrectCertificateResponse,
    ProposeCorrectionRequest, ProposeCorrectionResponse, ProposeReissueRequest,
    ProposeReissueResponse, ReissueCertificateRequest, ReissueCertificateResponse,
};

use super::publishing::{Event, Telling, reply};
use super::{CERTIFICATE, Results};
use crate::domain::certificate::{
    Certificate, CertificateFact, Corrected, Correction, QrToken, Reissue,
};
use crate::domain::person::Person;
use crate::events::outgoing;
use crate::store;

const CORRECT: &str = "correct_certificate";
const REISSUE: &str = "reissue_certificate";

/// A new version: the certificate as it now is, and what is sealed of it.
struct Next {
    event: Event,
    holder: Person,
    token: QrToken,
    word: results::CertificateEvent,
}

impl Results {
    /// First person: what is right of the holder's data.
    pub(crate) async fn propose_correction(
        &self,
        caller: &Caller,
        request: &ProposeCorrectionRequest,
        number: CertificateNumber,
        corrected: &Corrected,
        reason: &Written,
    ) -> Result<ProposeCorrectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, certificate) = lock(&mut unit, &caller.scope(), &number).await?;
        let current = self.holder(&mut unit, &certificate).await?;
        let correction = certificate.propose_correction(&current, corrected, reason, salt())?;
        let hash = correction.hash_over(&certificate);
        let proposed = proposal::propose(&mut unit, &locked, caller, CORRECT, hash, &correction);
        let proposal = Some(proposed.await?);
        let fact = CertificateFact::CorrectionProposed { content_hash: hash };
        let record = outgoing::of_proposal(&certificate, &fact);
        unit.record_all(vec![(&mut locked, record)]).await?;
        unit.finish(ProposeCorrectionResponse { proposal }).await
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
        let (locked, certificate) = lock(&mut unit, &caller.scope(), &number).await?;
        let current = |proposed: &Correction| proposed.hash_over(&certificate);
        let confirmed =
            proposal::confirm(&mut unit, &locked, caller, CORRECT, stated, current).await?;
        let holder = readable("corrected holder", confirmed.content.holder())?;
        let token = QrToken::new(rand::random());
        let fact = certificate.correct(confirmed.id, &holder, token.hash())?;
        let next = Next {
            event: Event { certificate, fact },
            holder,
            token,
            word: results::CertificateEvent::Corrected,
        };
        let certificate = Some(self.make_next(&mut unit, locked, next).await?);
        unit.finish(CorrectCertificateResponse { certificate })
            .await
    }

    /// First person: the paper was lost or damaged, and is issued anew (补发).
    pub async fn propose_reissue(
        &self,
        caller: &Caller,
        request: &ProposeReissueRequest,
        number: CertificateNumber,
        reason: &Written,
    ) -> Result<ProposeReissueResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, certificate) = lock(&mut unit, &caller.scope(), &number).await?;
        let reissue = certificate.propose_reissue(reason, salt())?;
        let hash = reissue.hash_over(&certificate);
        let proposed = proposal::propose(&mut unit, &locked, caller, REISSUE, hash, &reissue);
        let proposal = Some(proposed.await?);
        let fact = CertificateFact::ReissueProposed { content_hash: hash };
        let record = outgoing::of_proposal(&certificate, &fact);
        unit.record_all(vec![(&mut locked, record)]).await?;
        unit.finish(ProposeReissueResponse { proposal }).await
    }

    /// Second person: a new version with a new token, and nothing else new; whoever finds the lost
    /// paper cannot pass it for the one in force.
    pub async fn reissue_certificate(
        &self,
        caller: &Caller,
        request: &ReissueCertificateRequest,
        number: CertificateNumber,
        stated: Stated,
    ) -> Result<ReissueCertificateResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (locked, certificate) = lock(&mut unit, &caller.scope(), &number).await?;
        let current = |proposed: &Reissue| proposed.hash_over(&certificate);
        let confirmed =
            proposal::confirm(&mut unit, &locked, caller, REISSUE, stated, current).await?;
        let token = QrToken::new(rand::random());
        let next = Next {
            holder: self.holder(&mut unit, &certificate).await?,
            event: Event {
                fact: certificate.reissue(confirmed.id, token.hash())?,
                certificate,
            },
            token,
            word: results::CertificateEvent::Reissued,
        };
        let certificate = Some(self.make_next(&mut unit, locked, next).await?);
        unit.finish(ReissueCertificateResponse { certificate })
            .await
    }

    /// Keeps a new version and tells of it.
    async fn make_next(
        &self,
        unit: &mut Unit,
        mut locked: Locked,
        mut next: Next,
    ) -> Result<results::IssuedCertificate> {
        next.event.certificate.apply(&next.event.fact);
        let version = store::version::New {
            certificate: &next.event.certificate,
            holder: &next.holder,
            token: &next.token,
        };
        let vault = self.journal.vault();
        let version = [version];
        store::version::insert(unit.connection(), vault, &version).await?;
        self.note_holders(unit.connection(), &version).await?;
        let (locked, event) = (
            std::slice::from_mut(&mut locked),
            std::slice::from_ref(&next.event),
        );
        self.publish_changes(unit, locked, next.word, event).await?;
        Ok(reply(&next.event.certificate, &next.token))
    }

    async fn holder(&self, unit: &mut Unit, certificate: &Certificate) -> Result<Person> {
        let vault = self.journal.vault();
        let mut holders = store::version::holders(unit.connection(), vault, &[certificate]).await?;
        let holder = holders.remove(&certificate.id);
        Ok(holder.ok_or_else(|| anyhow::anyhow!("a certificate without a holder"))?)
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
        let holders = store::version::holders(unit.connection(), vault, &certificates).await?;
        let mut leaves = store::leaf::last(unit.connection(), &certificates).await?;
        let mut tellings = Vec::with_capacity(events.len());
        for event in events {
            let holder = holders.get(&event.certificate.id);
            tellings.push(Telling {
                word,
                event,
                holder: holder.ok_or_else(|| anyhow::anyhow!("a certificate without a holder"))?,
                previous_leaf: leaves.remove(&event.certificate.id),
            });
        }
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
