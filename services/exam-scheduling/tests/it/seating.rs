//! Seats and admission tickets.

use kernel::ids::{OrganizationId, PlanId};
use platform::access::Caller;
use platform::testing::clerk;
use proto::exam::v1::candidate_service_server::CandidateService;
use proto::exam::v1::{
    AdmissionTicket, AssignSeatsRequest, ListAdmissionTicketsRequest, ListAdmissionTicketsResponse,
};
use tonic::Status;
use uuid::Uuid;

use crate::samples::{AFTER_THE_EXAM, EXAM_DAY, MARK};
use crate::setup::{Setup, codes, from, setup};

impl Setup {
    async fn assign(&self, caller: &Caller, plan: &str, request_id: &str) -> Result<u32, Status> {
        let request = AssignSeatsRequest {
            request_id: request_id.to_owned(),
            plan_id: plan.to_owned(),
        };
        let reply = self.exams.assign_seats(from(caller, request)).await?;
        Ok(reply.into_inner().candidates)
    }

    async fn tickets(
        &self,
        caller: &Caller,
        plan: &str,
        (page_size, page_token): (u32, &str),
    ) -> Result<ListAdmissionTicketsResponse, Status> {
        let request = ListAdmissionTicketsRequest {
            plan_id: plan.to_owned(),
            page_size,
            page_token: page_token.to_owned(),
        };
        let reply = self.exams.list_admission_tickets(from(caller, request));
        Ok(reply.await?.into_inner())
    }
}

#[tokio::test]
async fn every_candidate_has_a_seat_in_each_session_and_a_ticket_that_says_so() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(7).await;
    let plan_id = plan.plan_id.as_str();
    let early = setup.tickets(&setup.clerk, plan_id, (0, "")).await;
    let early = codes(&early.err().expect("no seats yet"));
    assert_eq!(early, ["SEATING_MISSING"]);

    let seated = setup.assign(&setup.clerk, plan_id, "assign").await;
    assert_eq!(seated.expect("seats enough"), 7);
    let again = setup.assign(&setup.clerk, plan_id, "assign-again").await;
    assert_eq!(again.expect("until the exam begins"), 7);
    assert_eq!(setup.count("seat").await, 14);
    let facts = setup.facts().await;
    assert_eq!(facts[facts.len() - 2..], ["seats_assigned"; 2]);

    let mut tickets: Vec<AdmissionTicket> = Vec::new();
    let mut token = String::new();
    loop {
        let page = setup.tickets(&setup.clerk, plan_id, (3, &token)).await;
        let page = page.expect("a page");
        tickets.extend(page.tickets);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(tickets.len(), admitted.len());
    let mut seats: Vec<_> = tickets
        .iter()
        .map(|ticket| ticket.sittings[0].seat)
        .collect();
    seats.sort_unstable();
    assert_eq!(seats, [1, 2, 3, 4, 5, 6, 7]);
    for ticket in &tickets {
        assert!(ticket.name.contains(MARK) && ticket.masked_document_number.contains("********"));
        let sessions: Vec<_> = ticket.sittings.iter().map(|one| &one.session_id).collect();
        let expected: Vec<_> = plan.sessions.iter().map(|one| &one.session_id).collect();
        assert_eq!(sessions, expected);
        assert_eq!(ticket.sittings[0].held_on, EXAM_DAY.to_string());
    }
    let read: i64 = sqlx::query_scalar(
        "select count(*) from platform.access_record where purpose = 'list_admission_tickets'",
    )
    .fetch_one(&setup.platform.pool)
    .await
    .expect("count");
    assert_eq!(read, 7, "each one read is on record");
}

#[tokio::test]
async fn seats_are_not_assigned_to_a_draft_or_once_the_exam_has_begun() {
    let setup = setup().await;
    let draft = setup.draft("create-2").await.plan_id;
    let refused = setup.assign(&setup.clerk, &draft, "draft").await;
    assert_eq!(codes(&refused.expect_err("a draft")), ["PLAN_NOT_REPORTED"]);
    let (plan, _) = setup.reported(2).await;
    setup.time_is(AFTER_THE_EXAM);
    let refused = setup.assign(&setup.clerk, &plan.plan_id, "late").await;
    assert_eq!(codes(&refused.expect_err("begun")), ["SEATING_BEGUN"]);
    assert_eq!(setup.count("seat").await, 0);
}

#[tokio::test]
async fn seats_of_a_foreign_plan_and_tokens_from_elsewhere_are_refused() {
    let setup = setup().await;
    let (plan, _) = setup.reported(2).await;
    let own = &setup.clerk;
    setup
        .assign(own, &plan.plan_id, "assign")
        .await
        .expect("two seats");
    let stranger = clerk("stranger", OrganizationId::from_uuid(Uuid::now_v7()));
    let missing = PlanId::from_uuid(Uuid::now_v7()).to_string();
    for (caller, plan) in [(&stranger, &plan.plan_id), (own, &missing)] {
        let refused = setup.assign(caller, plan, "foreign").await;
        assert_eq!(codes(&refused.expect_err("not there")), ["PLAN_NOT_FOUND"]);
        let refused = setup.tickets(caller, plan, (0, "")).await;
        let refused = codes(&refused.err().expect("not there"));
        assert_eq!(refused, ["PLAN_NOT_FOUND"]);
    }
    for token in ["next", "2020000000000"] {
        let refused = setup.tickets(own, &plan.plan_id, (0, token)).await;
        let refused = codes(&refused.err().expect("of elsewhere"));
        assert_eq!(refused, ["SEATING_PAGE_TOKEN"]);
    }
    let empty = setup.assign(own, "", "").await;
    let empty = codes(&empty.expect_err("empty"));
    assert_eq!(empty, ["REQUEST_ID_MISSING", "ID_PREFIX"]);
}
