//! Reported plans as the centres see them whom they concern.

use jiff::ToSpan;
use jiff::civil::Date;
use platform::access::Caller;
use platform::testing::{city_officer, province_officer};
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{ListPlansRequest, ListPlansResponse, PlanState};
use tonic::Status;

use crate::samples::{EXAM_DAY, QINGDAO, ROOMS, WEIHAI, row};
use crate::setup::{Setup, codes, from, setup};

const JINAN: &str = "370100";

async fn plans(
    setup: &Setup,
    caller: &Caller,
    request: ListPlansRequest,
) -> Result<ListPlansResponse, Status> {
    let reply = setup.exams.list_plans(from(caller, request)).await?;
    Ok(reply.into_inner())
}

/// A plan of an organisation of Weihai whose last session is held in Qingdao.
async fn reported_elsewhere(setup: &Setup, request_id: &str, day: Date) -> String {
    let mut request = setup.new_plan(request_id);
    let last = request.sessions.last_mut().expect("sessions");
    QINGDAO.clone_into(&mut last.division_code);
    ROOMS[3].0.clone_into(&mut last.room);
    // Each plan examines another trade: nobody is registered twice for the same.
    for subject in &mut request.subjects {
        request_id.clone_into(&mut subject.trade);
    }
    for session in &mut request.sessions {
        session.held_on = day.to_string();
    }
    let reply = setup.exams.create_plan(from(&setup.clerk, request)).await;
    let plan_id = reply
        .expect("a draft")
        .into_inner()
        .plan
        .expect("it")
        .plan_id;
    let import = format!("{request_id}-import");
    setup
        .import(&plan_id, &import, vec![row(0)])
        .await
        .expect("admitted");
    let report = format!("{request_id}-report");
    setup.report(&plan_id, &report).await.expect("in time");
    plan_id
}

#[tokio::test]
async fn the_filing_centre_and_the_host_centre_see_a_plan_and_no_other_city_does() {
    let setup = setup().await;
    let plan_id = reported_elsewhere(&setup, "one", EXAM_DAY).await;
    for city in [WEIHAI, QINGDAO] {
        let officer = city_officer("officer", city);
        let plan = setup.plan(&officer, &plan_id).await.expect("theirs");
        assert_eq!(plan.plan_id, plan_id);
        let page = plans(&setup, &officer, ListPlansRequest::default()).await;
        let seen = page.expect("a page").plans;
        assert_eq!(seen.len(), 1);
        assert!(seen[0].state() == PlanState::Reported);
        assert_eq!(seen[0].filing_division, WEIHAI);
        assert_eq!(seen[0].host_divisions, [QINGDAO, WEIHAI]);
    }
    let stranger = city_officer("officer", JINAN);
    let refused = setup.plan(&stranger, &plan_id).await.err();
    assert_eq!(codes(&refused.expect("foreign")), ["PLAN_NOT_FOUND"]);
    let page = plans(&setup, &stranger, ListPlansRequest::default()).await;
    assert!(page.expect("a page").plans.is_empty());
    let areas: Vec<String> = sqlx::query_scalar(
        "select distinct unnest(areas) from platform.fact where kind = 'plan_reported' order by 1",
    )
    .fetch_all(&setup.platform.pool)
    .await
    .expect("areas");
    assert_eq!(areas, [QINGDAO, WEIHAI]);
}

#[tokio::test]
async fn plans_are_listed_page_by_page_and_by_their_days() {
    let setup = setup().await;
    let mut reported = Vec::new();
    let days = EXAM_DAY.series(1.day());
    for (request_id, day) in ["one", "two", "three"].into_iter().zip(days) {
        reported.insert(0, reported_elsewhere(&setup, request_id, day).await);
    }
    setup.draft("draft").await;
    let (mut seen, mut request) = (Vec::new(), ListPlansRequest::default());
    request.page_size = 2;
    loop {
        let page = plans(&setup, &province_officer("officer"), request.clone()).await;
        let page = page.expect("a page");
        seen.extend(page.plans.into_iter().map(|plan| plan.plan_id));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(seen, reported);

    let mut asked = ListPlansRequest {
        from: "2021-01-01".to_owned(),
        ..ListPlansRequest::default()
    };
    let page = plans(&setup, &setup.clerk, asked.clone()).await;
    assert!(page.expect("a page").plans.is_empty());
    asked.until = "2020-12-31".to_owned();
    asked.page_token = "elsewhere".to_owned();
    let refused = plans(&setup, &setup.clerk, asked).await.err();
    assert_eq!(
        codes(&refused.expect("two faults")),
        ["PLAN_DAYS_REVERSED", "PLAN_PAGE_TOKEN"]
    );
}
