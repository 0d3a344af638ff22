//! What the others are told: fact by fact, exhaustively.

use kernel::division::DivisionCode;
use platform::facts::{IntoRecord, Record};
use prost::Message;
use proto::exam::v1 as contract;

use crate::domain::eligibility::setting::StandardFact;
use crate::domain::fact::Fact;
use crate::domain::plan::{Plan, Report};

/// A fact with the plan it is about, as the plan stands after it. The plan knows whose it is and,
/// once reported, which city centre hears of it.
pub(crate) struct PlanFact<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) fact: &'a Fact,
}

impl IntoRecord for PlanFact<'_> {
    fn record(&self) -> Record {
        Record {
            kind: self.kind(),
            schema_version: 1,
            areas: self.areas(),
            payload: serde_json::to_string(self.fact).expect("facts are made of plain values"),
            message: self.message(),
        }
    }
}

/// A fact about the conditions under which people are examined; nobody else is told.
pub(crate) struct StandardRecord<'a>(pub(crate) &'a StandardFact);

impl IntoRecord for StandardRecord<'_> {
    fn record(&self) -> Record {
        let kind = match self.0 {
            StandardFact::RulesSet { .. } => "eligibility_rules_set",
        };
        Record {
            kind,
            schema_version: 1,
            areas: Vec::new(),
            payload: serde_json::to_string(self.0).expect("facts are made of plain values"),
            message: None,
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

    /// The name of the fact.
    fn kind(&self) -> &'static str {
        match self.fact {
            Fact::PlanDrafted { .. } => "plan_drafted",
            Fact::SessionsReplaced { .. } => "sessions_replaced",
            Fact::CandidatesAdmitted { .. } => "candidates_admitted",
            Fact::CandidateRemoved { .. } => "candidate_removed",
            Fact::PlanReported {
                takes_consent: true,
                ..
            } => "plan_consent_asked",
            Fact::PlanReported { .. } => "plan_reported",
            Fact::PlanConsented { .. } => "plan_consented",
            Fact::PlanReturned { .. } => "plan_returned",
            Fact::PlanReopened {} => "plan_reopened",
            Fact::PlanWithdrawn {} => "plan_withdrawn",
            Fact::StaffReplaced { .. } => "staff_replaced",
            Fact::SeatsAssigned { .. } => "seats_assigned",
            Fact::AttendanceRecorded { .. } => "attendance_recorded",
            Fact::MisconductRecorded { .. } => "misconduct_recorded",
            Fact::SessionPrepared { .. } => "session_prepared",
            Fact::IncidentRecorded { .. } => "incident_recorded",
            Fact::SupervisorAppointed { .. } => "supervisor_appointed",
            Fact::FindingRecorded { .. } => "finding_recorded",
            Fact::RectificationReported { .. } => "rectification_reported",
            Fact::RectificationJudged { .. } => "rectification_judged",
            Fact::SessionHeld { .. } => "session_held",
            Fact::RosterLocked { .. } => "roster_locked",
        }
    }

    /// What the others are told, where they are told anything.
    fn message(&self) -> Option<Vec<u8>> {
        let plan_id = self.plan.id.to_string();
        let organization_id = self.plan.organization_id.to_string();
        Some(match self.fact {
            Fact::PlanReported { .. } | Fact::PlanConsented { .. } => return self.in_force(),
            Fact::PlanReturned { .. } | Fact::PlanReopened {} => contract::PlanReopened {
                plan_id,
                organization_id,
                returned: matches!(self.fact, Fact::PlanReturned { .. }),
            }
            .encode_to_vec(),
            Fact::PlanWithdrawn {} => {
                let first = self.plan.first_session_on();
                contract::PlanWithdrawn {
                    plan_id,
                    organization_id,
                    first_session_on: first.map(|day| day.to_string()).unwrap_or_default(),
                }
                .encode_to_vec()
            }
            Fact::StaffReplaced { session_id, .. } => contract::StaffReplaced {
                plan_id,
                session_id: session_id.to_string(),
            }
            .encode_to_vec(),
            Fact::SessionHeld {
                session_id,
                held_on,
                present,
                absent,
            } => contract::SessionHeld {
                plan_id,
                session_id: session_id.to_string(),
                present: *present,
                absent: *absent,
                held_on: held_on.to_string(),
            }
            .encode_to_vec(),
            Fact::RosterLocked {
                entries,
                roster_digest,
            } => contract::RosterLocked {
                plan_id,
                organization_id,
                entries: *entries,
                roster_digest: roster_digest.as_bytes().to_vec().into(),
            }
            .encode_to_vec(),
            _ => return None,
        })
    }

    /// What the others are told of a plan that is in force, or would be with consent.
    fn in_force(&self) -> Option<Vec<u8>> {
        let plan_id = self.plan.id.to_string();
        let organization_id = self.plan.organization_id.to_string();
        let plan_hash = |report: &Report| report.plan_hash.as_bytes().to_vec().into();
        Some(match self.fact {
            Fact::PlanReported {
                report,
                first_session_on,
                takes_consent: true,
                ..
            } => contract::PlanConsentAsked {
                plan_id,
                organization_id,
                first_session_on: first_session_on.to_string(),
                plan_hash: plan_hash(report),
            }
            .encode_to_vec(),
            Fact::PlanReported {
                report,
                first_session_on,
                candidates,
                organization_version,
                ..
            } => contract::PlanReported {
                plan_id,
                organization_id,
                receipt_id: report.receipt_id.to_string(),
                first_session_on: first_session_on.to_string(),
                candidates: *candidates,
                plan_hash: plan_hash(report),
                organization_version: *organization_version,
                not_rotated: not_rotated(report),
            }
            .encode_to_vec(),
            Fact::PlanConsented {
                report,
                first_session_on,
                candidates,
            } => contract::PlanConsented {
                plan_id,
                organization_id,
                receipt_id: report.receipt_id.to_string(),
                first_session_on: first_session_on.to_string(),
                candidates: *candidates,
                plan_hash: plan_hash(report),
                not_rotated: not_rotated(report),
            }
            .encode_to_vec(),
            _ => return None,
        })
    }
}

/// Entries of examiners that the report was warned about.
fn not_rotated(report: &Report) -> u32 {
    u32::try_from(report.warnings.len()).unwrap_or(u32::MAX)
}
