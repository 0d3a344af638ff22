//! The query over gRPC.

use std::sync::Arc;

use jiff::Timestamp;
use platform::{Error, contract};
use proto::certificate::v1::certificate_query_service_server::{
    CertificateQueryService, CertificateQueryServiceServer,
};
use proto::certificate::v1::{
    VerificationStatus, VerifiedCertificate, VerifyCertificateRequest, VerifyCertificateResponse,
};
use tonic::{Request, Response, Status};

use crate::LARGEST_QUESTION;
use crate::index::{Finding, Index, Standing};
use crate::question::Question;

/// The service over an index.
pub fn service(index: Arc<Index>) -> CertificateQueryServiceServer<Query> {
    CertificateQueryServiceServer::new(Query { index }).max_decoding_message_size(LARGEST_QUESTION)
}

/// `luban.certificate.v1.CertificateQueryService`
pub struct Query {
    index: Arc<Index>,
}

#[tonic::async_trait]
impl CertificateQueryService for Query {
    async fn verify_certificate(
        &self,
        request: Request<VerifyCertificateRequest>,
    ) -> Result<Response<VerifyCertificateResponse>, Status> {
        let request = request.into_inner();
        let question = Question::parse(&request.number, &request.name).map_err(Error::from)?;
        let answer = self.index.answer(&question).await?;
        Ok(Response::new(VerifyCertificateResponse {
            status: status(&answer.finding).into(),
            certificate: certificate(&answer.finding),
            data_as_of: answer.data_as_of.map(timestamp),
        }))
    }
}

fn status(finding: &Finding) -> VerificationStatus {
    match finding {
        Finding::NotFound => VerificationStatus::NotFound,
        Finding::Corrected => VerificationStatus::Superseded,
        Finding::Found(certificate) => match certificate.standing {
            Standing::Valid => VerificationStatus::Valid,
            Standing::Suspended { .. } => VerificationStatus::Suspended,
            Standing::Revoked { .. } => VerificationStatus::Revoked,
        },
    }
}

fn certificate(finding: &Finding) -> Option<VerifiedCertificate> {
    let Finding::Found(certificate) = finding else {
        return None;
    };
    let (status_since, public_reason) = match &certificate.standing {
        Standing::Valid => (certificate.issued_on, ""),
        Standing::Suspended { since } => (*since, ""),
        Standing::Revoked { on, reason } => (*on, reason.as_str()),
    };
    Some(VerifiedCertificate {
        number: certificate.number.clone(),
        holder: certificate.holder.clone(),
        document_number: certificate.document_number.clone(),
        occupation: Some(contract::occupation_message(&certificate.occupation)),
        occupation_name: certificate.occupation_name.clone(),
        trade: certificate.shown_trade().to_owned(),
        level: contract::level_message(certificate.level).into(),
        organization_name: certificate.organization_name.clone(),
        organization_code: certificate.organization_code.clone(),
        issued_on: certificate.issued_on.to_string(),
        status_since: status_since.to_string(),
        public_reason: public_reason.to_owned(),
    })
}

fn timestamp(moment: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: moment.as_second(),
        nanos: moment.subsec_nanosecond(),
    }
}
