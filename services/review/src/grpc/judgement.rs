//! Judgements over gRPC.

use kernel::ids::ApplicationId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::text;
use platform::unit::parsed;
use proto::review::v1 as review;
use proto::review::v1::judgement_service_server::JudgementService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, Review, application_id};
use crate::domain::JudgementSubject;
use crate::domain::refusal::JudgementRejection;
use crate::messages;

/// Characters of a reason.
const REASON: usize = 5_000;

#[tonic::async_trait]
impl JudgementService for Review {
    async fn record_judgement(
        &self,
        request: Request<review::RecordJudgementRequest>,
    ) -> Result<Response<review::RecordJudgementResponse>, Status> {
        let (id, subject, reason) = parsed(request.get_ref(), judgement(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .record_judgement(caller, request, id, subject, reason)
                .await?,
        ))
    }

    async fn list_judgements(
        &self,
        request: Request<review::ListJudgementsRequest>,
    ) -> Result<Response<review::ListJudgementsResponse>, Status> {
        let id = application_id(&request.get_ref().application_id).map_err(Error::from)?;
        let (application, judgements) = self.app.judgements(caller(&request), id).await?;
        let items = messages::judgement_items(&application, judgements);
        Ok(Response::new(review::ListJudgementsResponse { items }))
    }
}

fn judgement(
    request: &review::RecordJudgementRequest,
) -> Result<(ApplicationId, JudgementSubject, String), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let subject = faults.take("subject", subject(request.subject()));
    let reason = faults.take("reason", text(&request.reason, REASON));
    faults.finish()?;
    Ok((
        id.expect(ALL_THERE),
        subject.expect(ALL_THERE),
        reason.expect(ALL_THERE),
    ))
}

fn subject(given: review::JudgementSubject) -> Result<JudgementSubject, JudgementRejection> {
    use review::JudgementSubject as Given;
    Ok(match given {
        Given::Affiliation => JudgementSubject::Affiliation,
        Given::Registration => JudgementSubject::Registration,
        Given::ManagementAndCredit => JudgementSubject::ManagementAndCredit,
        Given::ExperienceAndQuality => JudgementSubject::ExperienceAndQuality,
        Given::EmergencyPlan => JudgementSubject::EmergencyPlan,
        Given::Funding => JudgementSubject::Funding,
        Given::MainField => JudgementSubject::MainField,
        Given::MemberUnits => JudgementSubject::MemberUnits,
        Given::Unspecified => return Err(JudgementRejection::SubjectUnknown),
    })
}
