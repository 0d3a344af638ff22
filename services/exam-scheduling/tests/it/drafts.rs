//! Drafts: opened, changed, and who sees what of them.

use kernel::ids::OrganizationId;
use platform::access::{Caller, Role};
use platform::testing::{city_officer, clerk, province_officer};
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{self as contract, PlanState};
use tonic::Code;
use uuid::Uuid;

use crate::samples::{MARK, WEIHAI, sessions};
use crate::setup::{codes, from, setup};

#[tokio::test]
async fn a_draft_is_opened_and_the_same_request_is_answered_as_before() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    assert!(plan.state() == PlanState::Draft);
    assert_eq!(plan.organization_code, "");
    assert_eq!(plan.sessions.len(), 2);
    assert!(
        plan.sessions
            .iter()
            .all(|session| session.session_id.starts_with("ses_"))
    );
    assert!(
        setup.drafted().await == plan,
        "the same request, the same plan"
    );
    assert_eq!(setup.facts().await, ["plan_drafted"]);
}

#[tokio::test]
async fn a_request_id_stands_for_one_content() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    let mut other = setup.new_plan("create");
    other.process.push('。');
    let status = setup.exams.create_plan(from(&setup.clerk, other)).await;
    let status = status.err().expect("another content");
    assert_eq!(codes(&status), ["REQUEST_ID_REUSED"]);
    let colleague = clerk("colleague", setup.college);
    let theirs = from(&colleague, setup.new_plan("create"));
    let theirs = setup.exams.create_plan(theirs).await.expect("a draft");
    let theirs = theirs.into_inner().plan.expect("a plan");
    assert_ne!(
        theirs.plan_id, plan.plan_id,
        "ids of two callers never meet"
    );
}

#[tokio::test]
async fn an_organisation_plans_for_itself_alone() {
    let setup = setup().await;
    let foreign = OrganizationId::from_uuid(Uuid::now_v7());
    let mut request = setup.new_plan("create");
    request.organization_id = foreign.to_string();
    let status = setup
        .exams
        .create_plan(from(&setup.clerk, request))
        .await
        .err()
        .expect("foreign");
    assert_eq!(codes(&status), ["PLAN_ORGANIZATION_NOT_FOUND"]);
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(
        setup.count("plan").await + setup.count("platform.request_log").await,
        0
    );
}

#[tokio::test]
async fn all_contradictions_of_a_draft_are_told_and_nothing_remains() {
    let setup = setup().await;
    let mut request = setup.new_plan("create");
    request.sessions[1] = request.sessions[0].clone();
    request.sessions[1].seats = 0;
    let status = setup
        .exams
        .create_plan(from(&setup.clerk, request))
        .await
        .err()
        .expect("refused");
    let expected = [
        "SESSION_SEATS_OUT_OF_RANGE",
        "SESSION_ROOM_TAKEN",
        "STAFF_IN_TWO_SESSIONS",
    ];
    assert_eq!(codes(&status)[..3], expected);
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        setup.count("plan").await + setup.count("platform.fact").await,
        0
    );
}

#[tokio::test]
async fn sessions_and_staff_of_a_draft_are_replaced_as_a_whole() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    let mut other = sessions();
    other.truncate(1);
    other[0].room = "202".to_owned();
    let request = contract::UpdatePlanRequest {
        request_id: "update".to_owned(),
        plan_id: plan.plan_id.clone(),
        sessions: other,
    };
    let reply = setup
        .exams
        .update_plan(from(&setup.clerk, request))
        .await
        .expect("a draft");
    let changed = reply.into_inner().plan.expect("a plan");
    assert_eq!(changed.sessions.len(), 1);
    assert_ne!(changed.sessions[0].session_id, plan.sessions[0].session_id);
    let stored = setup
        .plan(&setup.clerk, &plan.plan_id)
        .await
        .expect("its own");
    assert_eq!(stored.sessions[0].room, "202");
    assert_eq!(setup.count("session_staff").await, 3);
    assert_eq!(setup.facts().await, ["plan_drafted", "sessions_replaced"]);
}

#[tokio::test]
async fn a_reported_plan_is_no_longer_changed() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    let request = contract::UpdatePlanRequest {
        request_id: "update".to_owned(),
        plan_id: plan.plan_id.clone(),
        sessions: sessions(),
    };
    let status = setup
        .exams
        .update_plan(from(&setup.clerk, request))
        .await
        .err()
        .expect("reported");
    assert_eq!(codes(&status), ["PLAN_NOT_DRAFT"]);
}

/// Reads what is not personal, all over the province.
fn auditor() -> Caller {
    Caller {
        role: Role::Auditor,
        ..province_officer("auditor")
    }
}

#[tokio::test]
async fn a_draft_is_its_organisations_alone_until_it_is_reported() {
    let setup = setup().await;
    let others = [
        city_officer("weihai", WEIHAI),
        province_officer("province"),
        auditor(),
        Caller::service("results"),
    ];
    let plan = setup.drafted().await;
    for other in &others {
        let status = setup.plan(other, &plan.plan_id).await;
        let status = status.err().expect("a draft");
        assert_eq!(codes(&status), ["PLAN_NOT_FOUND"], "{}", other.subject);
    }
    assert_eq!(setup.count("platform.access_record").await, 0);

    let (plan, _) = setup.reported(1).await;
    for other in &others {
        let seen = setup.plan(other, &plan.plan_id).await.expect("reported");
        assert_eq!(seen.organization_code, "S000037100001");
    }
}

#[tokio::test]
async fn a_city_centre_sees_the_plans_reported_in_its_area_and_no_others() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    let jinan = city_officer("jinan", "370100");
    let foreign = clerk("other", OrganizationId::from_uuid(Uuid::now_v7()));
    for stranger in [jinan, foreign] {
        let status = setup
            .plan(&stranger, &plan.plan_id)
            .await
            .err()
            .expect("not theirs");
        assert_eq!(codes(&status), ["PLAN_NOT_FOUND"]);
    }
}

#[tokio::test]
async fn names_of_staff_are_shown_to_those_who_deal_with_them_and_on_record() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    let first = |plan: &contract::ExamPlan| plan.sessions[0].staff[0].clone();
    assert!(!first(&plan).name.contains(MARK) && first(&plan).card_number.is_empty());
    assert_eq!(setup.count("platform.access_record").await, 0);

    for caller in [setup.clerk.clone(), province_officer("province")] {
        let seen = setup
            .plan(&caller, &plan.plan_id)
            .await
            .expect("theirs to see");
        assert_eq!(first(&seen).name, format!("{MARK}考务"));
        assert_eq!(first(&seen).card_number, "R37200000");
    }
    assert_eq!(setup.count("platform.access_record").await, 2 * 6);

    for caller in [auditor(), Caller::service("results")] {
        let seen = setup
            .plan(&caller, &plan.plan_id)
            .await
            .expect("theirs to see");
        assert!(!first(&seen).name.contains(MARK) && first(&seen).card_number.is_empty());
    }
    assert_eq!(setup.count("platform.access_record").await, 2 * 6);
}
