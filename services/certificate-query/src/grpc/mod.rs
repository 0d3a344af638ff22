//! The query over gRPC.

use std::sync::Arc;

use jiff::Timestamp;
use platform::access::Source;
use platform::{Error, contract};
use proto::certificate::v1::certificate_query_service_server::{
    CertificateQueryService, CertificateQueryServiceServer,
};
use proto::certificate::v1::{
    CandidateProgress, CertificationStage, FindCertificatesRequest, FindCertificatesResponse,
    FoundCertificate, GetCandidateStageRequest, GetCandidateStageResponse, VerificationStatus,
    VerifiedCertificate, VerifyCertificateByTokenRequest, VerifyCertificateByTokenResponse,
    VerifyCertificateRequest, VerifyCertificateResponse,
};
use tonic::{Request, Response, Status};

use crate::LARGEST_QUESTION;
use crate::index::{Finding, Progress, Stage, Standing};
use crate::public::{Public, Unanswered, Visitor};
use crate::question::{DocumentQuestion, Question, TicketQuestion, Token};

/// The service over the public face of an index.
pub fn service(public: Arc<Public>) -> CertificateQueryServiceServer<Query> {
    CertificateQueryServiceServer::new(Query { public }).max_decoding_message_size(LARGEST_QUESTION)
}

/// `luban.certificate.v1.CertificateQueryService`
pub struct Query {
    public: Arc<Public>,
}

impl Query {
    fn visitor<'a, T>(&self, request: &'a Request<T>) -> Visitor<'a> {
        let (peer, headers) = (request.remote_addr(), request.metadata().as_ref());
        let proxies = self.public.limiter().trusted_proxies();
        Visitor::of(Source::of(peer, headers, proxies), headers)
    }
}

/// The status of a question without an answer; a challenge and a wait come as metadata.
fn unanswered(unanswered: Unanswered) -> Status {
    let limited = match unanswered {
        Unanswered::Unavailable(rejection) => return Error::refused(rejection).into(),
        Unanswered::Limited(limited) => limited,
    };
    let mut status = Status::from(Error::refused(limited.rejection()));
    for (name, value) in limited.headers() {
        let value = value.to_str().ok().and_then(|value| value.parse().ok());
        if let Some(value) = value {
            status.metadata_mut().insert(name, value);
        }
    }
    status
}

#[tonic::async_trait]
impl CertificateQueryService for Query {
    async fn verify_certificate(
        &self,
        request: Request<VerifyCertificateRequest>,
    ) -> Result<Response<VerifyCertificateResponse>, Status> {
        let visitor = self.visitor(&request);
        let request = request.get_ref();
        let question = Question::parse(&request.number, &request.name).map_err(Error::from)?;
        let answer = self.public.verify(&visitor, &question);
        let answer = answer.map_err(unanswered)?.answer;
        Ok(Response::new(VerifyCertificateResponse {
            status: status(&answer.finding).into(),
            certificate: certificate(&answer.finding),
            data_as_of: Some(timestamp(answer.data_as_of)),
        }))
    }

    async fn verify_certificate_by_token(
        &self,
        request: Request<VerifyCertificateByTokenRequest>,
    ) -> Result<Response<VerifyCertificateByTokenResponse>, Status> {
        let visitor = self.visitor(&request);
        let token = Token::parse(&request.get_ref().token).map_err(Error::refused)?;
        let answer = self.public.verify_token(&visitor, &token);
        let answer = answer.map_err(unanswered)?.answer;
        Ok(Response::new(VerifyCertificateByTokenResponse {
            status: status(&answer.finding).into(),
            certificate: certificate(&answer.finding),
            data_as_of: Some(timestamp(answer.data_as_of)),
        }))
    }

    async fn find_certificates(
        &self,
        request: Request<FindCertificatesRequest>,
    ) -> Result<Response<FindCertificatesResponse>, Status> {
        let visitor = self.visitor(&request);
        let request = request.get_ref();
        let question = DocumentQuestion::parse(&request.document_number, &request.name);
        let question = question.map_err(Error::from)?;
        let answer = self.public.find(&visitor, &question);
        let answer = answer.map_err(unanswered)?.answer;
        let found = answer.finding.iter().map(|finding| FoundCertificate {
            status: status(finding).into(),
            certificate: certificate(finding),
        });
        Ok(Response::new(FindCertificatesResponse {
            certificates: found.collect(),
            data_as_of: Some(timestamp(answer.data_as_of)),
        }))
    }

    async fn get_candidate_stage(
        &self,
        request: Request<GetCandidateStageRequest>,
    ) -> Result<Response<GetCandidateStageResponse>, Status> {
        let visitor = self.visitor(&request);
        let request = request.get_ref();
        let question = TicketQuestion::parse(&request.ticket_number, &request.name);
        let question = question.map_err(Error::from)?;
        let answer = self.public.progress(&visitor, &question);
        let answer = answer.map_err(unanswered)?.answer;
        let status = match answer.finding {
            Some(_) => VerificationStatus::InProgress,
            None => VerificationStatus::NotFound,
        };
        Ok(Response::new(GetCandidateStageResponse {
            status: status.into(),
            progress: answer.finding.map(progress),
            data_as_of: Some(timestamp(answer.data_as_of)),
        }))
    }
}

fn progress(progress: Progress) -> CandidateProgress {
    let stage = match progress.stage {
        Stage::InPublicNotice => CertificationStage::InPublicNotice,
        Stage::InCityReview => CertificationStage::InCityReview,
        Stage::InProvinceReview => CertificationStage::InProvinceReview,
        Stage::Approved => CertificationStage::Approved,
    };
    let until = progress.until.map(|until| until.to_string());
    CandidateProgress {
        stage: stage.into(),
        since: progress.since.to_string(),
        until: until.unwrap_or_default(),
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
    let subject = &certificate.subject;
    Some(VerifiedCertificate {
        number: certificate.number.clone(),
        holder: certificate.holder.clone(),
        document_number: certificate.document_number.clone(),
        occupation: Some(contract::occupation_message(&subject.occupation)),
        occupation_name: subject.occupation_name.clone(),
        trade: subject.shown_trade().to_owned(),
        level: contract::level_message(subject.level).into(),
        organization_name: certificate.organization.name.clone(),
        organization_code: certificate.organization.code.clone(),
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
