//! What waits in exam-scheduling, by name; for whom and by when, the view `platform.desk` says
//! (`migrations/0007_desk.sql`).

use kernel::ids::{PlanId, SessionId};
use platform::desk::{Desk, Kind};
use platform::unit::Journal;

/// The desk of exam-scheduling.
pub fn desk(journal: Journal) -> Desk {
    Desk::new(journal, KINDS)
}

const KINDS: [Kind; 6] = [
    Kind::of::<PlanId>(
        "plan_to_report",
        "考核计划待报送",
        "report an exam plan in time",
    ),
    Kind::of::<PlanId>(
        "plan_to_consent",
        "考核计划临近变更待同意",
        "consent to a late change of an exam plan, or return it",
    ),
    Kind::of::<SessionId>(
        "session_to_prepare",
        "场次考前准备待登记",
        "record paper, custody and preparation of a session",
    ),
    Kind::of::<SessionId>(
        "finding_to_rectify",
        "督导意见待整改",
        "put right what external supervision found",
    ),
    Kind::of::<SessionId>(
        "rectification_to_judge",
        "整改情况待确认",
        "accept what was put right, or set another day",
    ),
    Kind::of::<SessionId>(
        "session_to_complete",
        "场次待组织实施并办结",
        "hold a session and complete its record",
    ),
];
