//! The desk of exam-scheduling: what waits for an organisation.

use kernel::ids::OrganizationId;
use platform::testing::{city_officer, clerk, waiting};
use uuid::Uuid;

use crate::samples::{AFTER_THE_EXAM, EXAM_DAY, LATEST, WEIHAI};
use crate::setup::setup;
use proto::exam::v1::Attendance;

#[tokio::test]
async fn a_plan_waits_to_be_reported_in_time_and_its_sessions_to_be_completed() {
    let setup = setup().await;
    let desk = exam_scheduling::desk(setup.platform.journal.clone());
    let (plan, admitted) = {
        let plan = setup.drafted().await;
        let rows = (0..2).map(crate::samples::row).collect();
        let admitted = setup.import(&plan.plan_id, "import", rows).await;
        (plan, admitted.expect("admitted"))
    };
    let to_report = (
        "plan_to_report".to_owned(),
        plan.plan_id.clone(),
        LATEST.to_string(),
    );
    assert_eq!(waiting(&desk, &setup.clerk).await, [to_report]);
    let stranger = clerk("clerk", OrganizationId::from_uuid(Uuid::now_v7()));
    for other in [stranger, city_officer("officer", WEIHAI)] {
        assert!(waiting(&desk, &other).await.is_empty());
    }

    let plan = setup
        .report(&plan.plan_id, "report")
        .await
        .expect("in time");
    assert!(waiting(&desk, &setup.clerk).await.is_empty(), "not today");
    setup.time_is(AFTER_THE_EXAM);
    let of_session = |kind: &'static str| {
        let sessions = plan.sessions.iter();
        let item = move |session: &proto::exam::v1::ExamSession| {
            (
                kind.to_owned(),
                session.session_id.clone(),
                EXAM_DAY.to_string(),
            )
        };
        sessions.map(item)
    };
    let mut to_complete: Vec<_> = of_session("session_to_complete")
        .chain(of_session("session_to_prepare"))
        .collect();
    to_complete.sort();
    assert_eq!(waiting(&desk, &setup.clerk).await, to_complete);
    for session in 0..2 {
        let (at, name) = ((&plan, session), session.to_string());
        setup
            .attendance(
                at,
                &format!("attendance-{name}"),
                &admitted,
                Attendance::Present,
            )
            .await
            .expect("recorded");
        let completed = setup.complete(at, &format!("complete-{name}")).await;
        completed.expect("held");
    }
    assert!(waiting(&desk, &setup.clerk).await.is_empty());
}
