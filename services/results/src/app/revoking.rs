//! Revocation: one certificate, all of a batch or all of an organisation in one go. Proposed by one
//! person, confirmed by another, and in between the holders are heard.

use std::collections::BTreeSet;

use kernel::certificate_number::CertificateNumber;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, RevocationId};
use kernel::rejection::Faults;
use kernel::two_persons::Stated;
use kernel::working_day::DeadlineRule;
use kernel::written::Written;
use platform::access::{Caller, Role, Scope};
use platform::contract::deadline_message;
use platform::facts::Locked;
use platform::proposal;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::results::v1::{
    self as results, AbandonRevocationRequest, AbandonRevocationResponse, ProposeRevocationRequest,
    ProposeRevocationResponse, RecordHearingRequest, RecordHearingResponse,
    RevokeCertificatesRequest, RevokeCertificatesResponse,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::certificates::salt;
use super::publishing::Event;
use super::{CERTIFICATE, Results, count};
use crate::domain::certificate::{Certificate, Revocation, RevocationFact, RevocationReason};
use crate::domain::rejection::CertificateRejection;
use crate::events::outgoing;
use crate::store;
use crate::store::CHUNK;
use crate::store::certificate::Which;
use crate::store::revocation::{Hearing, Open};

const REVOKE: &str = "revoke_certificates";
const REVOCATION: &str = "revocation";

/// A revocation under lock.
struct Case {
    locked: Locked,
    open: Open,
}

impl Results {
    /// First person: which certificates, and why. The holders have from now on time to be heard.
    pub async fn propose_revocation(
        &self,
        caller: &Caller,
        request: &ProposeRevocationRequest,
        which: Which<'_>,
        reason: RevocationReason,
        grounds: &Written,
    ) -> Result<ProposeRevocationResponse> {
        // What was answered before is answered so again, whatever the register says by now.
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        self.require_charge(caller, which).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let certificates = wanted(unit.connection(), &caller.scope(), which).await?;
        let revocation = Revocation::propose(&certificates, reason, grounds, salt());
        let revocation = revocation.map_err(Error::refused)?;
        let content_hash = revocation.hash_over(&certificates);
        let (id, today) = (RevocationId::from_uuid(Uuid::now_v7()), unit.today());
        let reference = unit.reference().await?;
        let hearing = reference.deadline(DeadlineRule::RevocationHearing, today, today);
        let hearing = hearing.map_err(Faults::from)?;
        let open = Open {
            id,
            organization: certificates[0].lineage.organization,
            areas: areas(&certificates),
            by_province: caller.role == Role::ProvinceCentre,
            until: hearing.date,
        };
        let mut locked = unit.lock(REVOCATION, id.uuid()).await?;
        store::revocation::insert(unit.connection(), &open, reason, &revocation).await?;
        let proposed = proposal::propose(
            &mut unit,
            &locked,
            caller,
            REVOKE,
            content_hash,
            &revocation,
        );
        let proposal = proposed.await?;
        let certificates = certificates.len();
        let fact = RevocationFact::RevocationProposed {
            content_hash,
            reason,
            certificates,
            hearing_until: hearing.date,
        };
        record(&mut unit, &mut locked, &open, &fact).await?;
        unit.finish(ProposeRevocationResponse {
            proposal: Some(proposal),
            revocation_id: id.to_string(),
            certificates: count(certificates)?,
            hearing_until: Some(deadline_message(&hearing)),
        })
        .await
    }

    /// What a holder said, or that they have nothing to say.
    pub async fn record_hearing(
        &self,
        caller: &Caller,
        request: &RecordHearingRequest,
        id: RevocationId,
        number: CertificateNumber,
        statement: Option<&Written>,
    ) -> Result<RecordHearingResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = lock(&mut unit, caller, id).await?;
        let (vault, on) = (self.journal.vault(), unit.today());
        let hearing = Hearing {
            revocation: id,
            number,
            statement,
            on,
        };
        let certificate = store::revocation::hear(unit.connection(), vault, &hearing).await?;
        let fact = RevocationFact::HolderHeard {
            certificate,
            waived: statement.is_none(),
        };
        record(&mut unit, &mut case.locked, &case.open, &fact).await?;
        let waiting = store::revocation::unheard(unit.connection(), id).await?;
        unit.finish(RecordHearingResponse { waiting }).await
    }

    /// Whoever proposed it thinks better of it.
    pub async fn abandon_revocation(
        &self,
        caller: &Caller,
        request: &AbandonRevocationRequest,
        id: RevocationId,
        reason: &Written,
    ) -> Result<AbandonRevocationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = lock(&mut unit, caller, id).await?;
        if store::order::binds(unit.connection(), id).await? {
            return Err(Error::refused(CertificateRejection::Ordered));
        }
        proposal::void(&mut unit, &case.locked, REVOKE).await?;
        let vault = self.journal.vault();
        store::revocation::abandon(unit.connection(), vault, id, reason).await?;
        let fact = RevocationFact::RevocationAbandoned {};
        record(&mut unit, &mut case.locked, &case.open, &fact).await?;
        unit.finish(AbandonRevocationResponse {}).await
    }

    /// Second person: revoked for good, all or none. The numbers are never used again.
    pub async fn revoke_certificates(
        &self,
        caller: &Caller,
        request: &RevokeCertificatesRequest,
        id: RevocationId,
        stated: Stated,
    ) -> Result<RevokeCertificatesResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = lock(&mut unit, caller, id).await?;
        let today = unit.today();
        let waiting = store::revocation::unheard(unit.connection(), id).await?;
        Revocation::heard(case.open.until, waiting, today).map_err(Error::refused)?;
        let ids = store::revocation::certificates(unit.connection(), id).await?;
        let mut locks = unit.lock_all(CERTIFICATE, &ids).await?;
        let which = Which::Ids(&ids);
        let certificates =
            store::certificate::select(unit.connection(), &caller.scope(), which).await?;
        let current = |proposed: &Revocation| proposed.hash_over(&certificates);
        let confirmed =
            proposal::confirm(&mut unit, &case.locked, caller, REVOKE, stated, current).await?;
        let mut events = Vec::with_capacity(certificates.len());
        for mut certificate in certificates {
            let fact = certificate.revoke(confirmed.id, confirmed.content.reason, today)?;
            certificate.apply(&fact);
            events.push(Event { certificate, fact });
        }
        let word = results::CertificateEvent::Revoked;
        for (locks, events) in locks.chunks_mut(CHUNK).zip(events.chunks(CHUNK)) {
            self.publish_changes(&mut unit, locks, word, events).await?;
        }
        store::revocation::done(unit.connection(), id).await?;
        let fact = RevocationFact::CertificatesRevoked {
            revocation: confirmed.id,
            certificates: events.len(),
        };
        record(&mut unit, &mut case.locked, &case.open, &fact).await?;
        unit.finish(RevokeCertificatesResponse {
            revoked_on: today.to_string(),
            certificates: count(events.len())?,
        })
        .await
    }

    /// Whoever issues revokes (谁发证、谁负责): the province does so only where the issuer is an
    /// evaluation organisation no longer.
    async fn require_charge(&self, caller: &Caller, which: Which<'_>) -> Result<()> {
        if caller.role != Role::ProvinceCentre {
            return Ok(());
        }
        let mut connection = self.journal.pool().acquire().await?;
        let certificates = wanted(&mut connection, &caller.scope(), which).await?;
        drop(connection);
        let issuers: BTreeSet<OrganizationId> = certificates
            .iter()
            .map(|certificate| certificate.lineage.organization)
            .collect();
        for issuer in issuers {
            if !self.neighbours.is_withdrawn(issuer).await? {
                return Err(Error::refused(CertificateRejection::IssuerInCharge));
            }
        }
        Ok(())
    }
}

/// Certificates in scope; one that is named and not there is refused as such.
pub(super) async fn wanted(
    connection: &mut PgConnection,
    scope: &Scope,
    which: Which<'_>,
) -> Result<Vec<Certificate>> {
    match which {
        Which::Number(number) => {
            let found = store::certificate::find(connection, scope, number).await?;
            Ok(vec![found])
        }
        many => store::certificate::select(connection, scope, many).await,
    }
}

/// Locks a revocation that waits for its second person, for the side that proposed it.
async fn lock(unit: &mut Unit, caller: &Caller, id: RevocationId) -> Result<Case> {
    let by_province = caller.role == Role::ProvinceCentre;
    let scope = caller.scope();
    store::revocation::find(unit.connection(), &scope, by_province, id).await?;
    let locked = unit.lock(REVOCATION, id.uuid()).await?;
    let open = store::revocation::find(unit.connection(), &scope, by_province, id).await?;
    Ok(Case { locked, open })
}

async fn record(
    unit: &mut Unit,
    locked: &mut Locked,
    open: &Open,
    fact: &RevocationFact,
) -> Result<()> {
    unit.record_all(vec![(locked, outgoing::of_revocation(&open.areas, fact))])
        .await
}

/// The divisions whose feeds carry a fact of these certificates.
pub(super) fn areas(certificates: &[Certificate]) -> Vec<DivisionCode> {
    let areas = certificates
        .iter()
        .flat_map(|certificate| &certificate.areas);
    areas
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}
