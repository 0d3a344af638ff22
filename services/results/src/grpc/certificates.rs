//! `CertificateService`.

use kernel::certificate_number::CertificateNumber;
use kernel::ids::{BatchId, OrganizationId};
use kernel::level::Level;
use kernel::person_name::PersonName;
use kernel::rejection::{Faults, Rejection};
use platform::access::caller;
use platform::proposal::parse_confirmation;
use platform::{Error, contract};
use proto::results::v1 as results;
use proto::results::v1::certificate_service_server::CertificateService;
use tonic::{Request, Response, Status};

use super::{Face, both, id};
use crate::convert;
use crate::domain::rejection::{CertificateRejection, IssuanceRejection};

#[tonic::async_trait]
impl CertificateService for Face {
    async fn propose_issuance(
        &self,
        request: Request<results::ProposeIssuanceRequest>,
    ) -> Result<Response<results::ProposeIssuanceResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let batch = id("batch_id", &request.batch_id, BatchId::parse).map_err(Error::from)?;
        Ok(Response::new(
            self.0.propose_issuance(&caller, &request, batch).await?,
        ))
    }

    async fn issue_certificates(
        &self,
        request: Request<results::IssueCertificatesRequest>,
    ) -> Result<Response<results::IssueCertificatesResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let batch = id("batch_id", &request.batch_id, BatchId::parse);
        let stated = parse_confirmation(request.confirmation.as_ref());
        let (batch, stated) = both(batch, stated).map_err(Error::from)?;
        Ok(Response::new(
            self.0
                .issue_certificates(&caller, &request, batch, stated)
                .await?,
        ))
    }

    async fn propose_correction(
        &self,
        request: Request<results::ProposeCorrectionRequest>,
    ) -> Result<Response<results::ProposeCorrectionResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let name = at("corrected_name", PersonName::parse(&request.corrected_name));
        let (number, name) = both(number(&request.number), name).map_err(Error::from)?;
        Ok(Response::new(
            self.0
                .propose_correction(&caller, &request, number, &name)
                .await?,
        ))
    }

    async fn correct_certificate(
        &self,
        request: Request<results::CorrectCertificateRequest>,
    ) -> Result<Response<results::CorrectCertificateResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let stated = parse_confirmation(request.confirmation.as_ref());
        let (number, stated) = both(number(&request.number), stated).map_err(Error::from)?;
        Ok(Response::new(
            self.0
                .correct_certificate(&caller, &request, number, stated)
                .await?,
        ))
    }

    async fn propose_revocation(
        &self,
        request: Request<results::ProposeRevocationRequest>,
    ) -> Result<Response<results::ProposeRevocationResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let reason = convert::revocation_reason(request.reason());
        let reason = at(
            "reason",
            reason.ok_or(CertificateRejection::CategoryMissing),
        );
        let (number, reason) = both(number(&request.number), reason).map_err(Error::from)?;
        Ok(Response::new(
            self.0
                .propose_revocation(&caller, &request, number, reason)
                .await?,
        ))
    }

    async fn revoke_certificate(
        &self,
        request: Request<results::RevokeCertificateRequest>,
    ) -> Result<Response<results::RevokeCertificateResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let stated = parse_confirmation(request.confirmation.as_ref());
        let (number, stated) = both(number(&request.number), stated).map_err(Error::from)?;
        Ok(Response::new(
            self.0
                .revoke_certificate(&caller, &request, number, stated)
                .await?,
        ))
    }

    async fn get_number_ledger(
        &self,
        request: Request<results::GetNumberLedgerRequest>,
    ) -> Result<Response<results::GetNumberLedgerResponse>, Status> {
        let asked = request.get_ref();
        let organization = id(
            "organization_id",
            &asked.organization_id,
            OrganizationId::parse,
        );
        let key = ledger_key(asked);
        let (organization, (year, level)) = both(organization, key).map_err(Error::from)?;
        let reply = self
            .0
            .number_ledger(caller(&request), organization, year, level)
            .await?;
        Ok(Response::new(reply))
    }
}

fn number(text: &str) -> Result<CertificateNumber, Faults> {
    at("number", CertificateNumber::parse(text))
}

fn at<T, R: Rejection>(field: &str, parsed: Result<T, R>) -> Result<T, Faults> {
    parsed.map_err(|refused| Faults::at(field, &refused))
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
