//! Which request goes to which service: the contract as a table.
//!
//! With it a step of the story is a request and nothing else. Connections are made when needed and
//! made again when lost: services may be killed while the journey is under way.

use std::{future::Future, time::Duration};

use anyhow::{Context, Result};
use bytes::Bytes;
use proto::{certificate::v1 as certificate, common::v1 as common, exam::v1 as exam};
use proto::{registry::v1 as registry, results::v1 as results, review::v1 as review};
use tonic::{
    Request, Response, Status,
    transport::{Channel, Endpoint},
};

use super::settings::Addresses;

const CONNECT: Duration = Duration::from_secs(2);
const CALL: Duration = Duration::from_secs(15);
/// Largest piece of an upload.
const PIECE: usize = 256 * 1024;

/// Connections to the five services.
#[derive(Clone)]
pub(super) struct Services {
    registry: Channel,
    review: Channel,
    exam: Channel,
    results: Channel,
    certificate: Channel,
}

impl Services {
    /// Connections to these addresses, made at the first call. Needs a tokio runtime.
    pub(super) fn new(addresses: &Addresses) -> Result<Self> {
        Ok(Self {
            registry: channel(&addresses.registry)?,
            review: channel(&addresses.review)?,
            exam: channel(&addresses.exam_scheduling)?,
            results: channel(&addresses.results)?,
            certificate: channel(&addresses.certificate_query)?,
        })
    }

    /// The connection to results.
    pub(super) fn results(&self) -> Channel {
        self.results.clone()
    }
}

fn channel(address: &str) -> Result<Channel> {
    let endpoint = Endpoint::from_shared(address.to_owned())
        .with_context(|| format!("the address {address}"))?;
    Ok(endpoint
        .connect_timeout(CONNECT)
        .timeout(CALL)
        .connect_lazy())
}

/// A request that knows where it goes.
pub(super) trait Call: Clone + Send + Sync {
    /// What comes back.
    type Reply: Send;
    /// Name of the method, for messages.
    const METHOD: &'static str;

    /// Makes the call once.
    fn send(
        services: &Services,
        request: Request<Self>,
    ) -> impl Future<Output = Result<Response<Self::Reply>, Status>> + Send;
}

macro_rules! calls {
    ($($service:ident, $client:ty { $($method:ident($request:ty) -> $reply:ty;)+ })+) => { $($(
        impl Call for $request {
            type Reply = $reply;
            const METHOD: &'static str = stringify!($method);

            async fn send(
                services: &Services,
                request: Request<Self>,
            ) -> Result<Response<$reply>, Status> {
                <$client>::new(services.$service.clone()).$method(request).await
            }
        }
    )+)+ };
}

calls! {
    registry, registry::body_service_client::BodyServiceClient<Channel> {
        enroll_body(registry::EnrollBodyRequest) -> registry::EnrollBodyResponse;
    }
    registry, registry::catalogue_service_client::CatalogueServiceClient<Channel> {
        check_occupation(registry::CheckOccupationRequest) -> registry::CheckOccupationResponse;
        explain_deadline(registry::ExplainDeadlineRequest) -> registry::ExplainDeadlineResponse;
    }
    registry, registry::organization_service_client::OrganizationServiceClient<Channel> {
        reserve_organization_codes(registry::ReserveOrganizationCodesRequest) -> registry::ReserveOrganizationCodesResponse;
        get_organization(registry::GetOrganizationRequest) -> registry::GetOrganizationResponse;
    }
    registry, registry::directory_service_client::DirectoryServiceClient<Channel> {
        publish_directory(registry::PublishDirectoryRequest) -> registry::PublishDirectoryResponse;
        list_directory(registry::ListDirectoryRequest) -> registry::ListDirectoryResponse;
        get_directory_entry(registry::GetDirectoryEntryRequest) -> registry::GetDirectoryEntryResponse;
    }
    registry, registry::published_rules_service_client::PublishedRulesServiceClient<Channel> {
        publish_rules(registry::PublishRulesRequest) -> registry::PublishRulesResponse;
    }
    registry, registry::people_service_client::PeopleServiceClient<Channel> {
        enlist_person(registry::EnlistPersonRequest) -> registry::EnlistPersonResponse;
    }
    registry, registry::qualification_service_client::QualificationServiceClient<Channel> {
        record_card(registry::RecordCardRequest) -> registry::RecordCardResponse;
    }
    registry, registry::site_service_client::SiteServiceClient<Channel> {
        register_site(registry::RegisterSiteRequest) -> registry::RegisterSiteResponse;
    }
    review, review::application_service_client::ApplicationServiceClient<Channel> {
        create_application(review::CreateApplicationRequest) -> review::CreateApplicationResponse;
        save_application(review::SaveApplicationRequest) -> review::SaveApplicationResponse;
        withdraw_application(review::WithdrawApplicationRequest) -> review::WithdrawApplicationResponse;
        submit_application(review::SubmitApplicationRequest) -> review::SubmitApplicationResponse;
        return_application(review::ReturnApplicationRequest) -> review::ReturnApplicationResponse;
        get_application(review::GetApplicationRequest) -> review::GetApplicationResponse;
    }
    review, review::round_service_client::RoundServiceClient<Channel> {
        open_round(review::OpenRoundRequest) -> review::OpenRoundResponse;
        list_rounds(review::ListRoundsRequest) -> review::ListRoundsResponse;
    }
    review, review::judgement_service_client::JudgementServiceClient<Channel> {
        list_judgements(review::ListJudgementsRequest) -> review::ListJudgementsResponse;
        record_judgement(review::RecordJudgementRequest) -> review::RecordJudgementResponse;
    }
    review, review::selection_service_client::SelectionServiceClient<Channel> {
        record_document_check(review::RecordDocumentCheckRequest) -> review::RecordDocumentCheckResponse;
        record_site_visit(review::RecordSiteVisitRequest) -> review::RecordSiteVisitResponse;
        propose_selection(review::ProposeSelectionRequest) -> review::ProposeSelectionResponse;
        confirm_selection(review::ConfirmSelectionRequest) -> review::ConfirmSelectionResponse;
        propose_rejection(review::ProposeRejectionRequest) -> review::ProposeRejectionResponse;
        confirm_rejection(review::ConfirmRejectionRequest) -> review::ConfirmRejectionResponse;
        get_public_notice(review::GetPublicNoticeRequest) -> review::GetPublicNoticeResponse;
    }
    review, review::objection_service_client::ObjectionServiceClient<Channel> {
        raise_objection(review::RaiseObjectionRequest) -> review::RaiseObjectionResponse;
        resolve_objection(review::ResolveObjectionRequest) -> review::ResolveObjectionResponse;
    }
    review, review::assessment_service_client::AssessmentServiceClient<Channel> {
        plan_panel(review::PlanPanelRequest) -> review::PlanPanelResponse;
        draw_panel(review::DrawPanelRequest) -> review::DrawPanelResponse;
        record_opinion(review::RecordOpinionRequest) -> review::RecordOpinionResponse;
    }
    review, review::filing_service_client::FilingServiceClient<Channel> {
        get_filing_receipt(review::GetFilingReceiptRequest) -> review::GetFilingReceiptResponse;
        submit_city_report(review::SubmitCityReportRequest) -> review::SubmitCityReportResponse;
        record_city_report(review::RecordCityReportRequest) -> review::RecordCityReportResponse;
    }
    exam, exam::plan_service_client::PlanServiceClient<Channel> {
        create_plan(exam::CreatePlanRequest) -> exam::CreatePlanResponse;
        update_plan(exam::UpdatePlanRequest) -> exam::UpdatePlanResponse;
        import_roster(exam::ImportRosterRequest) -> exam::ImportRosterResponse;
        report_plan(exam::ReportPlanRequest) -> exam::ReportPlanResponse;
    }
    exam, exam::session_service_client::SessionServiceClient<Channel> {
        record_attendance(exam::RecordAttendanceRequest) -> exam::RecordAttendanceResponse;
        record_misconduct(exam::RecordMisconductRequest) -> exam::RecordMisconductResponse;
        complete_session(exam::CompleteSessionRequest) -> exam::CompleteSessionResponse;
    }
    exam, exam::session_running_service_client::SessionRunningServiceClient<Channel> {
        prepare_session(exam::PrepareSessionRequest) -> exam::PrepareSessionResponse;
    }
    results, results::batch_service_client::BatchServiceClient<Channel> {
        open_batch(results::OpenBatchRequest) -> results::OpenBatchResponse;
        record_scores(results::RecordScoresRequest) -> results::RecordScoresResponse;
        propose_public_notice(results::ProposePublicNoticeRequest) -> results::ProposePublicNoticeResponse;
        open_public_notice(results::OpenPublicNoticeRequest) -> results::OpenPublicNoticeResponse;
        upload_results(results::UploadResultsRequest) -> results::UploadResultsResponse;
        get_batch(results::GetBatchRequest) -> results::GetBatchResponse;
        list_results(results::ListResultsRequest) -> results::ListResultsResponse;
        get_public_notice(results::GetPublicNoticeRequest) -> results::GetPublicNoticeResponse;
    }
    results, results::objection_service_client::ObjectionServiceClient<Channel> {
        raise_objection(results::RaiseObjectionRequest) -> results::RaiseObjectionResponse;
        resolve_objection(results::ResolveObjectionRequest) -> results::ResolveObjectionResponse;
    }
    results, common::inquiry_service_client::InquiryServiceClient<Channel> {
        record_finding(common::RecordFindingRequest) -> common::RecordFindingResponse;
    }
    results, results::result_review_service_client::ResultReviewServiceClient<Channel> {
        propose_review(results::ProposeReviewRequest) -> results::ProposeReviewResponse;
        confirm_review(results::ConfirmReviewRequest) -> results::ConfirmReviewResponse;
        resubmit_result(results::ResubmitResultRequest) -> results::ResubmitResultResponse;
    }
    results, results::certificate_service_client::CertificateServiceClient<Channel> {
        propose_issuance(results::ProposeIssuanceRequest) -> results::ProposeIssuanceResponse;
        issue_certificates(results::IssueCertificatesRequest) -> results::IssueCertificatesResponse;
        propose_correction(results::ProposeCorrectionRequest) -> results::ProposeCorrectionResponse;
        correct_certificate(results::CorrectCertificateRequest) -> results::CorrectCertificateResponse;
        propose_revocation(results::ProposeRevocationRequest) -> results::ProposeRevocationResponse;
        record_hearing(results::RecordHearingRequest) -> results::RecordHearingResponse;
        revoke_certificates(results::RevokeCertificatesRequest) -> results::RevokeCertificatesResponse;
        get_number_ledger(results::GetNumberLedgerRequest) -> results::GetNumberLedgerResponse;
    }
    certificate, certificate::certificate_query_service_client::CertificateQueryServiceClient<Channel> {
        verify_certificate(certificate::VerifyCertificateRequest) -> certificate::VerifyCertificateResponse;
    }
}

/// A finding about an objection against a selection: the common service, at review.
#[derive(Clone)]
pub(super) struct SelectionFinding(pub(super) common::RecordFindingRequest);

impl Call for SelectionFinding {
    type Reply = common::RecordFindingResponse;
    const METHOD: &'static str = "record_finding";

    async fn send(
        services: &Services,
        request: Request<Self>,
    ) -> Result<Response<Self::Reply>, Status> {
        let review = services.review.clone();
        let mut client = common::inquiry_service_client::InquiryServiceClient::new(review);
        client
            .record_finding(request.map(|finding| finding.0))
            .await
    }
}

/// A file on its way to a material group; the one call that is a stream.
#[derive(Clone)]
pub(super) struct Upload {
    /// What it is.
    pub(super) header: review::MaterialHeader,
    /// Its content.
    pub(super) content: Bytes,
}

impl Upload {
    fn parts(self) -> Vec<review::UploadMaterialRequest> {
        use review::upload_material_request::Part;
        let pieces = self
            .content
            .chunks(PIECE)
            .map(|piece| Part::Content(self.content.slice_ref(piece)));
        let parts = std::iter::once(Part::Header(self.header)).chain(pieces);
        parts
            .map(|part| review::UploadMaterialRequest { part: Some(part) })
            .collect()
    }
}

impl Call for Upload {
    type Reply = review::UploadMaterialResponse;
    const METHOD: &'static str = "upload_material";

    async fn send(
        services: &Services,
        request: Request<Self>,
    ) -> Result<Response<Self::Reply>, Status> {
        let mut client = review::application_service_client::ApplicationServiceClient::new(
            services.review.clone(),
        );
        client
            .upload_material(request.map(|upload| tokio_stream::iter(upload.parts())))
            .await
    }
}
