//! What the others are told: fact by fact, exhaustively.

use platform::facts::{IntoRecord, Record};
use prost::Message;
use proto::exam::v1 as contract;

use crate::domain::fact::Fact;
use crate::domain::plan::Plan;

/// A fact with the plan it is about, as the plan stands after it. The plan knows whose it is and,
/// once reported, which city centre hears of it.
pub(crate) struct PlanFact<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) fact: &'a Fact,
}

impl IntoRecord for PlanFact<'_> {
    fn record(&self) -> Record {
        match self.fact {
            Fact::PlanDrafted { .. } => self.kept("plan_drafted"),
            Fact::SessionsReplaced { .. } => self.kept("sessions_replaced"),
            Fact::CandidatesAdmitted { .. } => self.kept("candidates_admitted"),
            Fact::AttendanceRecorded { .. } => self.kept("attendance_recorded"),
            Fact::MisconductRecorded { .. } => self.kept("misconduct_recorded"),
            Fact::PlanReported { .. } | Fact::SessionHeld { .. } | Fact::RosterLocked { .. } => {
                self.published()
            }
        }
    }
}

impl PlanFact<'_> {
    /// A fact that stays in this service.
    fn kept(&self, kind: &'static str) -> Record {
        let areas = self.plan.report_made().map(|report| report.filing_division);
        Record {
            kind,
            schema_version: 1,
            areas: areas.into_iter().collect(),
            payload: serde_json::to_string(self.fact).expect("facts are made of plain values"),
            message: None,
        }
    }
}
