//! `CertificateService`.

use kernel::certificate_number::CertificateNumber;
use kernel::ids::{BatchId, OrganizationId, RevocationId};
use kernel::level::Level;
use kernel::person_name::PersonName;
use kernel::rejection::Faults;
use kernel::written::Written;
use platform::access::caller;
use platform::unit::parsed;
use platform::{Error, contract};
use proto::results::v1 as results;
use proto::results::v1::certificate_service_server::CertificateService;
use tonic::{Request, Response, Status};

use super::{Face, at, batch_id, both, confirmed, opened, written};
use crate::convert;
use crate::domain::certificate::{Corrected, RevocationReason};
use crate::domain::rejection::{CertificateRejection, IssuanceRejection};
use crate::store::certificate::Which;

/// Corrections, re-issues and revocations alike say why.
pub(super) const REASON_MISSING: CertificateRejection = CertificateRejection::ReasonMissing;

#[tonic::async_trait]
impl CertificateService for Face {
    async fn propose_issuance(
        &self,
        request: Request<results::ProposeIssuanceRequest>,
    ) -> Result<Response<results::ProposeIssuanceResponse>, Status> {
        let (caller, request) = opened(request);
        let batch = parsed(&request, batch_id(&request.batch_id))?;
        let reply = self.0.propose_issuance(&caller, &request, batch);
        Ok(Response::new(reply.await?))
    }

    async fn issue_certificates(
        &self,
        request: Request<results::IssueCertificatesRequest>,
    ) -> Result<Response<results::IssueCertificatesResponse>, Status> {
        let (caller, request) = opened(request);
        let confirmed = confirmed(batch_id(&request.batch_id), request.confirmation.as_ref());
        let (batch, stated) = parsed(&request, confirmed)?;
        let reply = self.0.to_the_end(|results| async move {
            let issuance = results.issue_certificates(&caller, &request, batch, stated);
            issuance.await
        });
        Ok(Response::new(reply.await?))
    }

    async fn propose_correction(
        &self,
        request: Request<results::ProposeCorrectionRequest>,
    ) -> Result<Response<results::ProposeCorrectionResponse>, Status> {
        let (caller, request) = opened(request);
        let reason = written("reason", &request.reason, &REASON_MISSING);
        let form = both(number(&request.number), both(corrected(&request), reason));
        let (number, (corrected, reason)) = parsed(&request, form)?;
        let reply = self
            .0
            .propose_correction(&caller, &request, number, &corrected, &reason);
        Ok(Response::new(reply.await?))
    }

    async fn propose_reissue(
        &self,
        request: Request<results::ProposeReissueRequest>,
    ) -> Result<Response<results::ProposeReissueResponse>, Status> {
        let (caller, request) = opened(request);
        let reason = written("reason", &request.reason, &REASON_MISSING);
        let (number, reason) = parsed(&request, both(number(&request.number), reason))?;
        let reply = self.0.propose_reissue(&caller, &request, number, &reason);
        Ok(Response::new(reply.await?))
    }

    async fn reissue_certificate(
        &self,
        request: Request<results::ReissueCertificateRequest>,
    ) -> Result<Response<results::ReissueCertificateResponse>, Status> {
        let (caller, request) = opened(request);
        let confirmed = confirmed(number(&request.number), request.confirmation.as_ref());
        let (number, stated) = parsed(&request, confirmed)?;
        let reply = self
            .0
            .reissue_certificate(&caller, &request, number, stated);
        Ok(Response::new(reply.await?))
    }

    async fn correct_certificate(
        &self,
        request: Request<results::CorrectCertificateRequest>,
    ) -> Result<Response<results::CorrectCertificateResponse>, Status> {
        let (caller, request) = opened(request);
        let confirmed = confirmed(number(&request.number), request.confirmation.as_ref());
        let (number, stated) = parsed(&request, confirmed)?;
        let reply = self
            .0
            .correct_certificate(&caller, &request, number, stated);
        Ok(Response::new(reply.await?))
    }

    async fn propose_revocation(
        &self,
        request: Request<results::ProposeRevocationRequest>,
    ) -> Result<Response<results::ProposeRevocationResponse>, Status> {
        let (caller, request) = opened(request);
        let target = target(&request.number, &request.batch_id, &request.organization_id);
        let why = both(
            category(request.reason()),
            written("grounds", &request.grounds, &REASON_MISSING),
        );
        let form = both(target, why);
        let (target, (reason, grounds)) = parsed(&request, form)?;
        let reply = self.0.to_the_end(|results| async move {
            let which = target.which();
            let proposed = results.propose_revocation(&caller, &request, which, reason, &grounds);
            proposed.await
        });
        Ok(Response::new(reply.await?))
    }

    async fn record_hearing(
        &self,
        request: Request<results::RecordHearingRequest>,
    ) -> Result<Response<results::RecordHearingResponse>, Status> {
        let (caller, request) = opened(request);
        let named = both(revocation(&request.revocation_id), number(&request.number));
        let form = both(named, statement(&request));
        let ((id, number), said) = parsed(&request, form)?;
        let reply = self
            .0
            .record_hearing(&caller, &request, id, number, said.as_ref());
        Ok(Response::new(reply.await?))
    }

    async fn abandon_revocation(
        &self,
        request: Request<results::AbandonRevocationRequest>,
    ) -> Result<Response<results::AbandonRevocationResponse>, Status> {
        let (caller, request) = opened(request);
        let reason = written("reason", &request.reason, &REASON_MISSING);
        let form = both(revocation(&request.revocation_id), reason);
        let (id, reason) = parsed(&request, form)?;
        let reply = self.0.abandon_revocation(&caller, &request, id, &reason);
        Ok(Response::new(reply.await?))
    }

    async fn revoke_certificates(
        &self,
        request: Request<results::RevokeCertificatesRequest>,
    ) -> Result<Response<results::RevokeCertificatesResponse>, Status> {
        let (caller, request) = opened(request);
        let id = revocation(&request.revocation_id);
        let (id, stated) = parsed(&request, confirmed(id, request.confirmation.as_ref()))?;
        let reply = self.0.to_the_end(|results| async move {
            let revoked = results.revoke_certificates(&caller, &request, id, stated);
            revoked.await
        });
        Ok(Response::new(reply.await?))
    }

    async fn get_number_ledger(
        &self,
        request: Request<results::GetNumberLedgerRequest>,
    ) -> Result<Response<results::GetNumberLedgerResponse>, Status> {
        let asked = request.get_ref();
        let organization = OrganizationId::parse(&asked.organization_id);
        let organization = at("organization_id", organization);
        let key = ledger_key(asked);
        let (organization, (year, level)) = both(organization, key).map_err(Error::from)?;
        let reply = self
            .0
            .number_ledger(caller(&request), organization, year, level);
        Ok(Response::new(reply.await?))
    }
}

/// What a revocation is about.
pub(super) enum Target {
    Number(CertificateNumber),
    Batch(BatchId),
    Organization(OrganizationId),
}

impl Target {
    pub(super) fn which(&self) -> Which<'_> {
        match self {
            Self::Number(number) => Which::Number(number),
            Self::Batch(batch) => Which::Batch(*batch),
            Self::Organization(organization) => Which::Organization(*organization),
        }
    }
}

/// One of a number, a batch and an organisation.
pub(super) fn target(one: &str, batch: &str, all: &str) -> Result<Target, Faults> {
    match (one.is_empty(), batch.is_empty(), all.is_empty()) {
        (false, true, true) => number(one).map(Target::Number),
        (true, false, true) => batch_id(batch).map(Target::Batch),
        (true, true, false) => {
            let organization = at("organization_id", OrganizationId::parse(all));
            organization.map(Target::Organization)
        }
        _ => Err(Faults::at(
            "number",
            &CertificateRejection::RevocationTarget,
        )),
    }
}

pub(super) fn category(reason: results::RevocationReason) -> Result<RevocationReason, Faults> {
    let reason = convert::revocation_reason(reason);
    at(
        "reason",
        reason.ok_or(CertificateRejection::CategoryMissing),
    )
}

fn revocation(text: &str) -> Result<RevocationId, Faults> {
    at("revocation_id", RevocationId::parse(text))
}

/// What the holder said; nothing where they have nothing to say, and then nothing else either.
fn statement(request: &results::RecordHearingRequest) -> Result<Option<Written>, Faults> {
    let missing = &CertificateRejection::StatementMissing;
    match (request.waived, request.statement.is_empty()) {
        (true, true) => Ok(None),
        (true, false) => Err(Faults::at("waived", missing)),
        (false, _) => written("statement", &request.statement, missing).map(Some),
    }
}

/// What is given of the holder; an empty field says that it stands there right.
fn corrected(request: &results::ProposeCorrectionRequest) -> Result<Corrected, Faults> {
    let given = |text: &str| !text.is_empty();
    let name = given(&request.corrected_name)
        .then(|| at("corrected_name", PersonName::parse(&request.corrected_name)));
    let (number, other) = (
        &request.corrected_document_number,
        request.corrected_document.as_ref(),
    );
    let document = (given(number) || other.is_some()).then(|| {
        let field = |field: &str| match field {
            "citizen_id" => "corrected_document_number".to_owned(),
            field => format!("corrected_{field}"),
        };
        contract::document(number, other).map_err(|refused| refused.moved(field))
    });
    let (name, document) = both(name.transpose(), document.transpose())?;
    Ok(Corrected { name, document })
}

fn number(text: &str) -> Result<CertificateNumber, Faults> {
    at("number", CertificateNumber::parse(text))
}

fn ledger_key(asked: &results::GetNumberLedgerRequest) -> Result<(i16, Level), Faults> {
    let year = i16::try_from(asked.year)
        .ok()
        .filter(|year| (1000..=9999).contains(year));
    let level = contract::level(asked.level)
        .ok()
        .filter(|level| level.code().is_some());
    both(
        at("year", year.ok_or(IssuanceRejection::LedgerKey)),
        at("level", level.ok_or(IssuanceRejection::LedgerKey)),
    )
}
