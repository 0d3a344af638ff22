//! What happens in the room, over gRPC.

use kernel::ids::{CandidateId, PlanId, SessionId};
use kernel::rejection::{FaultList, Faults};
use platform::access::caller;
use platform::unit::parsed;
use proto::exam::v1::session_service_server::SessionService;
use proto::exam::v1::{
    Attendance, CandidateAttendance, CompleteSessionRequest, CompleteSessionResponse,
    MisconductTier as Tier, RecordAttendanceRequest, RecordAttendanceResponse,
    RecordMisconductRequest, RecordMisconductResponse,
};
use tonic::{Request, Response, Status};

use super::{ExamScheduling, all_there};
use crate::domain::conduct::{MOST_CANDIDATES, MisconductTier, Presence, check_call};
use crate::domain::rejection::ConductRejection;

#[tonic::async_trait]
impl SessionService for ExamScheduling {
    async fn record_attendance(
        &self,
        request: Request<RecordAttendanceRequest>,
    ) -> Result<Response<RecordAttendanceResponse>, Status> {
        let given = request.get_ref();
        let (ids, candidates) = parsed(given, attendance(given))?;
        let reply = self
            .app
            .record_attendance(caller(&request), given, ids, candidates)
            .await?;
        Ok(Response::new(reply))
    }

    async fn record_misconduct(
        &self,
        request: Request<RecordMisconductRequest>,
    ) -> Result<Response<RecordMisconductResponse>, Status> {
        let given = request.get_ref();
        let (ids, candidate, tier) = parsed(given, misconduct(given))?;
        let caller = caller(&request);
        let reply = self
            .app
            .record_misconduct(caller, given, ids, candidate, tier)
            .await?;
        Ok(Response::new(reply))
    }

    async fn complete_session(
        &self,
        request: Request<CompleteSessionRequest>,
    ) -> Result<Response<CompleteSessionResponse>, Status> {
        let given = request.get_ref();
        let mut faults = FaultList::default();
        let ids = ids(&given.plan_id, &given.session_id, &mut faults);
        let ids = parsed(given, all_there(faults, ids))?;
        let reply = self
            .app
            .complete_session(caller(&request), given, ids)
            .await?;
        Ok(Response::new(reply))
    }
}

fn attendance(
    request: &RecordAttendanceRequest,
) -> Result<((PlanId, SessionId), Vec<Presence>), Faults> {
    let mut faults = FaultList::default();
    let ids = ids(&request.plan_id, &request.session_id, &mut faults);
    let read = |(index, row): (usize, &CandidateAttendance)| {
        let at = |field: &str| format!("candidates[{index}].{field}");
        let candidate_id = CandidateId::parse(&row.candidate_id);
        let candidate_id = faults.take(at("candidate_id"), candidate_id);
        let present = faults.take(at("attendance"), present(row.attendance()));
        Some(Presence {
            candidate_id: candidate_id?,
            present: present?,
        })
    };
    // One more than a call takes tells that there are too many; all of them could be very many.
    let given = request.candidates.iter().take(MOST_CANDIDATES + 1);
    let candidates: Vec<_> = given.enumerate().map(read).collect();
    check_call(&candidates, &mut faults);
    let candidates = candidates.into_iter().flatten().collect();
    Ok((all_there(faults, ids)?, candidates))
}

fn misconduct(
    request: &RecordMisconductRequest,
) -> Result<((PlanId, SessionId), CandidateId, MisconductTier), Faults> {
    let mut faults = FaultList::default();
    let ids = ids(&request.plan_id, &request.session_id, &mut faults);
    let candidate = faults.take("candidate_id", CandidateId::parse(&request.candidate_id));
    let tier = faults.take("tier", tier(request.tier()));
    all_there(
        faults,
        ids.zip(candidate)
            .zip(tier)
            .map(|((ids, candidate), tier)| (ids, candidate, tier)),
    )
}

/// Which session of which plan.
pub(super) type PlanAndSession = (PlanId, SessionId);

/// Reads which session is meant; faults go to the list.
pub(super) fn ids(plan: &str, session: &str, faults: &mut FaultList) -> Option<PlanAndSession> {
    let plan = faults.take("plan_id", PlanId::parse(plan));
    let session = faults.take("session_id", SessionId::parse(session));
    plan.zip(session)
}

fn present(given: Attendance) -> Result<bool, ConductRejection> {
    match given {
        Attendance::Present => Ok(true),
        Attendance::Absent => Ok(false),
        Attendance::Unspecified | Attendance::Void => Err(ConductRejection::AttendanceUnknown),
    }
}

fn tier(given: Tier) -> Result<MisconductTier, ConductRejection> {
    match given {
        Tier::Unspecified => Err(ConductRejection::TierUnknown),
        Tier::PartVoid => Ok(MisconductTier::PartVoid),
        Tier::Cheating => Ok(MisconductTier::Cheating),
        Tier::AllVoid => Ok(MisconductTier::AllVoid),
        Tier::Banned => Ok(MisconductTier::Banned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_record_is_told_all_its_faults_at_once() {
        let candidates = vec![CandidateAttendance::default()];
        let request = RecordAttendanceRequest {
            candidates,
            ..RecordAttendanceRequest::default()
        };
        let codes = attendance(&request).expect_err("refused").codes();
        assert_eq!(
            codes,
            ["ID_PREFIX", "ID_PREFIX", "ID_PREFIX", "ATTENDANCE_UNKNOWN"]
        );
        let codes = misconduct(&RecordMisconductRequest::default())
            .expect_err("refused")
            .codes();
        assert_eq!(
            codes,
            [
                "ID_PREFIX",
                "ID_PREFIX",
                "ID_PREFIX",
                "MISCONDUCT_TIER_UNKNOWN"
            ]
        );
    }

    #[test]
    fn void_is_not_said_by_attendance() {
        assert!(present(Attendance::Void).is_err());
        assert_eq!(present(Attendance::Present), Ok(true));
    }
}
