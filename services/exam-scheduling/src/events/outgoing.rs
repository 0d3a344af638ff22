//! What the others are told: fact by fact, exhaustively.

use kernel::division::DivisionCode;
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
        let (kind, message) = self.kind_and_message();
        Record {
            kind,
            schema_version: 1,
            areas: self.areas(),
            payload: serde_json::to_string(self.fact).expect("facts are made of plain values"),
            message,
        }
    }
}

impl PlanFact<'_> {
    /// Whose centres hear of it once it is reported: where its organisation filed, and where it is
    /// held (notice 3.4).
    fn areas(&self) -> Vec<DivisionCode> {
        let Some(report) = self.plan.report_made() else {
            return Vec::new();
        };
        let mut areas = vec![report.filing_division];
        for session in &self.plan.sessions {
            if !areas.contains(&session.division) {
                areas.push(session.division);
            }
        }
        areas
    }

    /// The name of the fact, and what the others are told, where they are told anything.
    fn kind_and_message(&self) -> (&'static str, Option<Vec<u8>>) {
        let plan_id = self.plan.id.to_string();
        let organization_id = self.plan.organization_id.to_string();
        match self.fact {
            Fact::PlanDrafted { .. } => ("plan_drafted", None),
            Fact::SessionsReplaced { .. } => ("sessions_replaced", None),
            Fact::CandidatesAdmitted { .. } => ("candidates_admitted", None),
            Fact::CandidateRemoved { .. } => ("candidate_removed", None),
            Fact::PlanReported {
                report,
                first_session_on,
                candidates,
                organization_version,
                ..
            } => {
                let message = contract::PlanReported {
                    plan_id,
                    organization_id,
                    receipt_id: report.receipt_id.to_string(),
                    first_session_on: first_session_on.to_string(),
                    candidates: *candidates,
                    plan_hash: report.plan_hash.as_bytes().to_vec().into(),
                    organization_version: *organization_version,
                };
                ("plan_reported", Some(message.encode_to_vec()))
            }
            Fact::AttendanceRecorded { .. } => ("attendance_recorded", None),
            Fact::MisconductRecorded { .. } => ("misconduct_recorded", None),
            Fact::SessionHeld {
                session_id,
                present,
                absent,
            } => {
                let message = contract::SessionHeld {
                    plan_id,
                    session_id: session_id.to_string(),
                    present: *present,
                    absent: *absent,
                };
                ("session_held", Some(message.encode_to_vec()))
            }
            Fact::RosterLocked {
                entries,
                roster_digest,
            } => {
                let message = contract::RosterLocked {
                    plan_id,
                    organization_id,
                    entries: *entries,
                    roster_digest: roster_digest.as_bytes().to_vec().into(),
                };
                ("roster_locked", Some(message.encode_to_vec()))
            }
        }
    }
}
