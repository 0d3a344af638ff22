//! Review over gRPC: parse (all faults at once), ask the app, answer.

use std::time::Duration;

use axum::Router;
use kernel::ids::ApplicationId;
use kernel::rejection::Faults;
use proto::common::v1::public_notice_service_server::PublicNoticeServiceServer;
use proto::review::v1::application_service_server::ApplicationServiceServer;
use proto::review::v1::assessment_service_server::AssessmentServiceServer;
use proto::review::v1::complaint_service_server::ComplaintServiceServer;
use proto::review::v1::consultation_service_server::ConsultationServiceServer;
use proto::review::v1::filing_service_server::FilingServiceServer;
use proto::review::v1::inspection_service_server::InspectionServiceServer;
use proto::review::v1::judgement_service_server::JudgementServiceServer;
use proto::review::v1::measure_service_server::MeasureServiceServer;
use proto::review::v1::objection_service_server::ObjectionServiceServer;
use proto::review::v1::print_service_server::PrintServiceServer;
use proto::review::v1::risk_service_server::RiskServiceServer;
use proto::review::v1::round_service_server::RoundServiceServer;
use proto::review::v1::selection_service_server::SelectionServiceServer;

use crate::app::App;
use crate::pages;
use crate::scopes::{self, rows};

mod application;
mod assessment;
mod complaint;
mod consultation;
mod files;
mod filing;
mod inspection;
mod judgement;
mod measure;
mod notice;
mod objection;
mod print;
mod risk;
mod round;
mod selection;
mod upload;

/// Review's gRPC services.
#[derive(Clone)]
pub struct Review {
    app: App,
}

impl Review {
    /// The services over an app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Applications, with messages of at most so many bytes.
    pub fn applications(&self, most_bytes: usize) -> ApplicationServiceServer<Self> {
        ApplicationServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Judgements, with messages of at most so many bytes.
    pub fn judgements(&self, most_bytes: usize) -> JudgementServiceServer<Self> {
        JudgementServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Assessments and selections, with messages of at most so many bytes.
    pub fn selections(&self, most_bytes: usize) -> SelectionServiceServer<Self> {
        SelectionServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Rounds and quotas, with messages of at most so many bytes.
    pub fn rounds(&self, most_bytes: usize) -> RoundServiceServer<Self> {
        RoundServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Expert panels and records of assessments, with messages of at most so many bytes.
    pub fn assessments(&self, most_bytes: usize) -> AssessmentServiceServer<Self> {
        AssessmentServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Receipts and reports, with messages of at most so many bytes.
    pub fn filings(&self, most_bytes: usize) -> FilingServiceServer<Self> {
        FilingServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Consultations about work elsewhere, with messages of at most so many bytes.
    pub fn consultations(&self, most_bytes: usize) -> ConsultationServiceServer<Self> {
        ConsultationServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Inspections, with messages of at most so many bytes.
    pub fn inspections(&self, most_bytes: usize) -> InspectionServiceServer<Self> {
        InspectionServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Measures on organisations, with messages of at most so many bytes.
    pub fn measures(&self, most_bytes: usize) -> MeasureServiceServer<Self> {
        MeasureServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Risk alerts, with messages of at most so many bytes.
    pub fn risks(&self, most_bytes: usize) -> RiskServiceServer<Self> {
        RiskServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Complaints, with messages of at most so many bytes.
    pub fn complaints(&self, most_bytes: usize) -> ComplaintServiceServer<Self> {
        ComplaintServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Objections, with messages of at most so many bytes.
    pub fn objections(&self, most_bytes: usize) -> ObjectionServiceServer<Self> {
        ObjectionServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Public notices, with messages of at most so many bytes.
    pub fn notices(&self, most_bytes: usize) -> PublicNoticeServiceServer<Self> {
        PublicNoticeServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Documents to print, with messages of at most so many bytes.
    pub fn prints(&self, most_bytes: usize) -> PrintServiceServer<Self> {
        PrintServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// What anybody may look at over HTTP, each answer within a time.
    pub fn pages(&self, request_timeout: Duration) -> Router {
        pages::pages(self.app.clone(), request_timeout)
    }
}

/// The id that is all a request has to say.
fn application_id(text: &str) -> Result<ApplicationId, Faults> {
    ApplicationId::parse(text).map_err(|rejection| Faults::at("application_id", &rejection))
}

/// Characters of a reason.
const REASON: usize = 2_000;

/// What can be said once no fault was found: every value that was taken is there.
const ALL_THERE: &str = "a missing value is a fault, and there was none";
