//! Scores that turn out to be wrong after the scoring: two persons, and a public notice of its own.

use jiff::civil::date;
use platform::access::Caller;
use prost::Message;
use proto::common::v1 as common;
use proto::common::v1::PublicNoticeRowState as RowState;
use proto::exam::v1 as exam;
use proto::exam::v1::ExamPart::{Skill, Theory};
use proto::results::v1 as pb;
use proto::results::v1::ResultState as State;
use proto::results::v1::ReviewLevel as Level;
use proto::results::v1::batch_service_server::BatchService;
use tonic::Status;

use crate::neighbours::ticket;
use crate::objections::object;
use crate::setup::{
    NOTICE_OVER, Setup, clerk_a, clerk_b, codes, confirmation, fields, from, refused, setup,
    stranger,
};
use crate::stages::CONTACT;

impl Setup {
    async fn propose_change(
        &self,
        caller: &Caller,
        batch: &str,
        scores: &[(usize, exam::ExamPart, u32)],
    ) -> Result<pb::ProposeScoreChangeResponse, Status> {
        let entry = |(number, part, score): &(usize, exam::ExamPart, u32)| pb::ScoreEntry {
            ticket_number: ticket(*number),
            part: (*part).into(),
            score: *score,
        };
        let request = pb::ProposeScoreChangeRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
            scores: scores.iter().map(entry).collect(),
            reason: "合分有误".to_owned(),
            objection_contact: CONTACT.to_owned(),
        };
        let reply = self.face.propose_score_change(from(caller, request));
        Ok(reply.await?.into_inner())
    }

    async fn confirm_change(
        &self,
        caller: &Caller,
        batch: &str,
        proposal: Option<common::Proposal>,
    ) -> Result<pb::ChangeScoresResponse, Status> {
        let request = pb::ChangeScoresRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
            confirmation: Some(confirmation(proposal)),
        };
        let reply = self.face.change_scores(from(caller, request)).await?;
        Ok(reply.into_inner())
    }

    async fn change(
        &self,
        batch: &str,
        scores: &[(usize, exam::ExamPart, u32)],
    ) -> pb::ChangeScoresResponse {
        let proposed = self.propose_change(&clerk_a(), batch, scores).await;
        let proposal = proposed.expect("proposed").proposal;
        let changed = self.confirm_change(&clerk_b(), batch, proposal).await;
        changed.expect("changed")
    }
}

#[tokio::test]
async fn a_failed_row_that_passes_after_all_has_a_notice_of_its_own() {
    let setup = setup().await;
    let (batch, first) = setup.shown().await;
    setup.day(date(2020, 7, 8));
    let changed = setup.change(&batch, &[(2, Skill, 60)]).await;
    let notice = changed.public_notice.expect("a notice");
    assert!(notice.title.contains("更正"), "{}", notice.title);
    assert_eq!(notice.rows.len(), 1);
    assert_eq!(notice.rows[0].row_key, ticket(2));
    let until = notice.ends.expect("a deadline").date;
    assert_eq!(until, "2020-07-15", "its own five working days");
    let shown = changed.batch.expect("the batch");
    assert_eq!(shown.public_notice_id, first.public_notice_id);
    let later = std::slice::from_ref(&notice.public_notice_id);
    assert_eq!(shown.later_public_notice_ids, later);
    let told = setup.published("result").await;
    let last = told.last().expect("told").payload.clone();
    let stage = pb::CandidateStageFact::decode(last).expect("a stage");
    assert_eq!(stage.until, "2020-07-15");

    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    assert_eq!(setup.upload(&batch).await.expect("the first").uploaded, 3);
    assert_eq!(setup.state(&batch, 2).await, State::InPublicNotice);
    setup.day(date(2020, 7, 16));
    setup.sweep.step().await.expect("swept");
    assert_eq!(setup.upload(&batch).await.expect("the late").uploaded, 1);
    setup.approve(&batch, Level::City).await;
    setup.approve(&batch, Level::Province).await;
    assert_eq!(setup.issue_approved(&batch).await.len(), 4);
    let certificates = setup.published("certificate").await;
    let lineage = |fact: &common::Fact| {
        let told = pb::CertificateFact::decode(fact.payload.clone());
        let lineage = told.expect("a certificate").lineage;
        lineage.expect("a lineage").public_notice_id
    };
    let notices: Vec<_> = certificates.iter().map(lineage).collect();
    let own = notices.iter().filter(|id| **id == notice.public_notice_id);
    assert_eq!(own.count(), 1, "each names the notice it came through");
}

#[tokio::test]
async fn a_shown_row_is_taken_back_and_shown_anew_or_did_not_pass() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    let changed = setup
        .change(&batch, &[(0, Theory, 99), (1, Theory, 59)])
        .await;
    let own = changed.public_notice.expect("a notice");
    assert_eq!(own.rows.len(), 1);
    assert_eq!(
        setup.notice_rows(&notice.public_notice_id).await,
        [RowState::Withdrawn, RowState::Withdrawn, RowState::Open]
    );
    assert_eq!(setup.state(&batch, 0).await, State::InPublicNotice);
    assert_eq!(setup.state(&batch, 1).await, State::NotPassed);
    assert_eq!(
        setup.rows(&batch).await[0].public_notice_id,
        own.public_notice_id
    );
}

#[tokio::test]
async fn a_row_given_back_goes_through_notice_and_reviews_again() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    setup.give_back(&batch, 1, "合分有误").await;
    setup.change(&batch, &[(1, Skill, 61)]).await;
    assert_eq!(setup.state(&batch, 1).await, State::InPublicNotice);
    setup.day(date(2020, 7, 22));
    setup.sweep.step().await.expect("swept");
    setup.upload(&batch).await.expect("uploaded");
    assert_eq!(setup.state(&batch, 1).await, State::InCityReview);
}

#[tokio::test]
async fn scores_are_changed_by_two_persons_with_all_faults_told_and_where_nobody_objects() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let early = setup
        .propose_change(&clerk_a(), &batch, &[(0, Theory, 60)])
        .await;
    assert_eq!(codes(&refused(early)), ["SCORE_NOT_CHANGEABLE"]);
    let (batch, notice) = {
        setup.hear_of_a_plan().await;
        setup.shown().await
    };
    object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let facts = setup.facts().await;
    let scores = [
        (0, Theory, 90),
        (1, Theory, 60),
        (3, Skill, 60),
        (7, Skill, 101),
    ];
    let wrong = refused(setup.propose_change(&clerk_a(), &batch, &scores).await);
    assert_eq!(
        codes(&wrong),
        [
            "SCORE_CHANGE_WHILE_OBJECTED",
            "SCORE_UNCHANGED",
            "SCORE_PART_ABSENT",
            "SCORE_OUT_OF_RANGE",
            "TICKET_UNKNOWN"
        ]
    );
    let foreign = setup
        .propose_change(&stranger(), &batch, &[(1, Theory, 61)])
        .await;
    assert_eq!(codes(&refused(foreign)), ["BATCH_NOT_FOUND"]);
    let bare = pb::ProposeScoreChangeRequest {
        request_id: setup.id(),
        batch_id: batch.clone(),
        ..Default::default()
    };
    let bare = refused(
        setup
            .face
            .propose_score_change(from(&clerk_a(), bare))
            .await,
    );
    assert_eq!(fields(&bare), ["reason", "objection_contact", "scores"]);
    assert!(codes(&bare).contains(&"SCORE_CHANGE_REASON_MISSING".to_owned()));
    assert_eq!(setup.facts().await, facts);

    let proposed = setup
        .propose_change(&clerk_a(), &batch, &[(1, Theory, 61)])
        .await;
    let proposal = proposed.expect("proposed").proposal;
    let same = setup
        .confirm_change(&clerk_a(), &batch, proposal.clone())
        .await;
    assert_eq!(codes(&refused(same)), ["SAME_PERSON"]);
    object(&setup, &notice.public_notice_id, 1)
        .await
        .expect("taken");
    let late = setup.confirm_change(&clerk_b(), &batch, proposal).await;
    assert_eq!(codes(&refused(late)), ["SCORE_CHANGE_WHILE_OBJECTED"]);
    assert_eq!(setup.rows(&batch).await[1].parts[0].score, Some(60));
}
