//! Candidates who leave the roster of a draft again.

use kernel::ids::CandidateId;
use platform::access::Caller;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{ExamPlan, RemoveCandidateRequest};
use tonic::Status;
use uuid::Uuid;

use crate::samples::row;
use crate::setup::{Setup, codes, from, setup};

async fn remove(
    setup: &Setup,
    caller: &Caller,
    request_id: &str,
    (plan_id, candidate_id): (&str, &str),
) -> Result<ExamPlan, Status> {
    let request = RemoveCandidateRequest {
        request_id: request_id.to_owned(),
        plan_id: plan_id.to_owned(),
        candidate_id: candidate_id.to_owned(),
    };
    let reply = setup.exams.remove_candidate(from(caller, request)).await?;
    Ok(reply.into_inner().plan.expect("a plan"))
}

#[tokio::test]
async fn a_candidate_leaves_a_draft_and_may_come_back() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let rows: Vec<_> = (0..3).map(row).collect();
    let admitted = setup.import(&plan, "import", rows.clone()).await;
    let admitted = admitted.expect("three");
    let one = (plan.as_str(), admitted[1].candidate_id.as_str());

    let left = remove(&setup, &setup.clerk, "remove", one).await;
    let left = left.expect("a draft");
    assert_eq!(left.candidates, 2);
    let again = remove(&setup, &setup.clerk, "remove", one).await;
    assert!(again.expect("as before") == left, "the same request");
    assert_eq!(setup.count("candidate").await, 2);

    let gone = remove(&setup, &setup.clerk, "once-more", one).await;
    let gone = gone.err().expect("gone");
    assert_eq!(codes(&gone), ["CANDIDATE_NOT_FOUND"]);
    let back = setup.import(&plan, "back", rows[1..2].to_vec()).await;
    assert_ne!(back.expect("once more")[0].candidate_id, one.1);
    assert_eq!(
        setup.facts().await,
        [
            "plan_drafted",
            "candidates_admitted",
            "candidate_removed",
            "candidates_admitted",
        ]
    );
    let reported = setup.report(&plan, "report").await.expect("in time");
    assert_eq!(reported.candidates, 3);
}

#[tokio::test]
async fn nobody_is_removed_from_elsewhere_or_from_a_reported_plan() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(1).await;
    let own = admitted[0].candidate_id.as_str();
    let stranger = CandidateId::from_uuid(Uuid::now_v7()).to_string();
    let draft = setup.draft("create-2").await.plan_id;
    let before = setup.facts().await;
    for (number, (ids, code)) in [
        ((plan.plan_id.as_str(), own), "PLAN_NOT_DRAFT"),
        ((draft.as_str(), own), "CANDIDATE_NOT_FOUND"),
        ((draft.as_str(), stranger.as_str()), "CANDIDATE_NOT_FOUND"),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = remove(&setup, &setup.clerk, &format!("remove-{number}"), ids).await;
        assert_eq!(codes(&refused.err().expect(code)), [code]);
    }
    let malformed = remove(&setup, &setup.clerk, "remove", ("", "cand_")).await;
    let malformed = codes(&malformed.err().expect("no ids"));
    assert_eq!(malformed.len(), 2, "{malformed:?}");
    assert_eq!(setup.facts().await, before);
    assert_eq!(setup.count("candidate").await, 1);
}
