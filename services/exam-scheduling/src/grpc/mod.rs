//! The service over gRPC: parse (all faults at once), ask the app, answer.

use kernel::ids::PlanId;
use kernel::rejection::{FaultList, Faults};
use proto::exam::v1::candidate_service_server::CandidateServiceServer;
use proto::exam::v1::eligibility_service_server::EligibilityServiceServer;
use proto::exam::v1::exam_calendar_service_server::ExamCalendarServiceServer;
use proto::exam::v1::plan_change_service_server::PlanChangeServiceServer;
use proto::exam::v1::plan_service_server::PlanServiceServer;
use proto::exam::v1::session_running_service_server::SessionRunningServiceServer;
use proto::exam::v1::session_service_server::SessionServiceServer;
use proto::exam::v1::supervision_service_server::SupervisionServiceServer;

use crate::app::App;

mod calendar;
mod candidates;
mod changes;
mod claim;
mod eligibility;
mod parse;
mod plan;
mod roster;
mod running;
mod session;
mod supervision;

/// The gRPC services of this one.
#[derive(Clone)]
pub struct ExamScheduling {
    app: App,
}

impl ExamScheduling {
    /// The services over an app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Plans and rosters, with messages of at most so many bytes.
    pub(crate) fn plans(&self, most_bytes: usize) -> PlanServiceServer<Self> {
        PlanServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// What becomes of reported plans, with messages of at most so many bytes.
    pub(crate) fn changes(&self, most_bytes: usize) -> PlanChangeServiceServer<Self> {
        PlanChangeServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// The calendar of exams, with messages of at most so many bytes.
    pub(crate) fn calendar(&self, most_bytes: usize) -> ExamCalendarServiceServer<Self> {
        ExamCalendarServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// What is done before and during sessions, with messages of at most so many bytes.
    pub(crate) fn running(&self, most_bytes: usize) -> SessionRunningServiceServer<Self> {
        SessionRunningServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// External supervision, with messages of at most so many bytes.
    pub(crate) fn supervision(&self, most_bytes: usize) -> SupervisionServiceServer<Self> {
        SupervisionServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Candidates in numbers, with messages of at most so many bytes.
    pub(crate) fn candidates(&self, most_bytes: usize) -> CandidateServiceServer<Self> {
        CandidateServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Conditions, with messages of at most so many bytes.
    pub(crate) fn eligibility(&self, most_bytes: usize) -> EligibilityServiceServer<Self> {
        EligibilityServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Sessions, with messages of at most so many bytes.
    pub(crate) fn sessions(&self, most_bytes: usize) -> SessionServiceServer<Self> {
        SessionServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }
}

/// What was read, unless something could not be.
fn all_there<T>(faults: FaultList, read: Option<T>) -> Result<T, Faults> {
    faults.finish()?;
    Ok(read.unwrap_or_else(|| unreachable!("a missing value is a fault, and there was none")))
}

fn plan_id(text: &str) -> Result<PlanId, Faults> {
    PlanId::parse(text).map_err(|rejection| Faults::at("plan_id", &rejection))
}
