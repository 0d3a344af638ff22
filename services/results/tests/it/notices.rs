//! The public notice: five working days, row by row, held by objections, ended by the calendar.

use jiff::civil::date;
use kernel::content_hash::ContentHash;
use platform::access::Caller;
use prost::Message;
use proto::common::v1::PublicNoticeRowState as RowState;
use proto::exam::v1::ExamPart::{Skill, Theory};
use proto::results::v1 as pb;
use proto::results::v1::ResultState as State;
use proto::results::v1::batch_service_server::BatchService;
use proto::results::v1::objection_service_server::ObjectionService;
use tonic::Status;

use crate::neighbours::{citizen_id, ticket};
use crate::setup::{NOTICE_OVER, OPENED, Setup, city, clerk_a, codes, from, refused, setup};

fn objection(setup: &Setup, notice: &str, number: usize) -> pb::RaiseObjectionRequest {
    pb::RaiseObjectionRequest {
        request_id: setup.id(),
        public_notice_id: notice.to_owned(),
        row_key: ticket(number),
        objector_name: "示例证人".to_owned(),
        objector_citizen_id: citizen_id(99).reveal().to_owned(),
        grounds: "工作年限不足".to_owned(),
    }
}

async fn object(setup: &Setup, notice: &str, number: usize) -> Result<String, Status> {
    let request = from(&Caller::public(), objection(setup, notice, number));
    Ok(setup
        .face
        .raise_objection(request)
        .await?
        .into_inner()
        .objection_id)
}

async fn resolve(
    setup: &Setup,
    caller: &Caller,
    objection: &str,
    outcome: pb::ObjectionOutcome,
    reason: &str,
) -> Result<(), Status> {
    let request = pb::ResolveObjectionRequest {
        request_id: setup.id(),
        objection_id: objection.to_owned(),
        outcome: outcome.into(),
        reason: reason.to_owned(),
    };
    setup
        .face
        .resolve_objection(from(caller, request))
        .await
        .map(|_| ())
}

async fn rows(setup: &Setup, notice: &str) -> Vec<RowState> {
    let request = pb::GetPublicNoticeRequest {
        public_notice_id: notice.to_owned(),
    };
    let reply = setup
        .face
        .get_public_notice(from(&Caller::public(), request))
        .await;
    let notice = reply
        .expect("shown")
        .into_inner()
        .public_notice
        .expect("a notice");
    notice
        .rows
        .iter()
        .map(proto::common::v1::PublicNoticeRow::state)
        .collect()
}

#[tokio::test]
async fn those_who_passed_are_shown_masked_for_five_working_days() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    assert_eq!(notice.opened_on, OPENED.to_string());
    let ends = notice.ends.expect("a deadline");
    assert_eq!(
        (ends.date.as_str(), ends.source.as_str()),
        ("2020-07-13", "notice 4.3")
    );
    let keys: Vec<_> = notice.rows.iter().map(|row| row.row_key.clone()).collect();
    assert_eq!(keys, [ticket(0), ticket(1), ticket(4)]);
    let masked = citizen_id(0).masked();
    assert_eq!(
        notice.rows[0].cells,
        ["示**一", &ticket(0), &masked, "电工", "--", "五级/初级工"]
    );
    assert_eq!(setup.state(&batch, 2).await, State::NotPassed);
    assert_eq!(setup.state(&batch, 3).await, State::NotPassed);

    let snapshot: String = sqlx::query_scalar("select snapshot::text from public_notice")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("kept");
    let hash = ContentHash::of_bytes(snapshot.as_bytes());
    assert_eq!(hash.as_bytes(), &notice.snapshot_hash[..]);
}

#[tokio::test]
async fn the_query_is_told_the_stage_by_digests_alone() {
    let setup = setup().await;
    setup.shown().await;
    let told = setup.published("result").await;
    assert_eq!(told.len(), 3);
    assert!(
        told.iter()
            .all(|fact| fact.kind == "candidate_stage_changed")
    );
    let stage = pb::CandidateStageFact::decode(told[0].payload.clone()).expect("a stage");
    assert_eq!(stage.stage(), pb::CandidateStage::InPublicNotice);
    assert_eq!(
        (stage.since.as_str(), stage.until.as_str()),
        ("2020-07-06", "2020-07-13")
    );
    assert_eq!(stage.blind_indexes.len(), 1);
    assert_eq!(
        stage.blind_indexes[0].purpose(),
        pb::IndexPurpose::TicketAndName
    );
}

#[tokio::test]
async fn a_notice_opens_once_when_all_is_scored_and_says_whom_to_turn_to() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let status = refused(setup.open_notice(&batch).await);
    assert_eq!(codes(&status), ["SCORES_MISSING"]);
    let failing = [
        (0, Theory, 1),
        (0, Skill, 1),
        (1, Theory, 1),
        (1, Skill, 1),
        (2, Theory, 1),
        (2, Skill, 1),
        (3, Theory, 1),
        (4, Theory, 1),
        (4, Skill, 1),
    ];
    setup.record(&batch, &failing).await.expect("recorded");
    let nobody = refused(setup.open_notice(&batch).await);
    assert_eq!(codes(&nobody), ["NOBODY_PASSED"]);
    setup
        .record(&batch, &[(0, Theory, 60), (0, Skill, 60)])
        .await
        .expect("recorded");
    let silent = pb::OpenPublicNoticeRequest {
        request_id: setup.id(),
        batch_id: batch.clone(),
        objection_contact: " ".to_owned(),
    };
    let silent = setup
        .face
        .open_public_notice(from(&clerk_a(), silent))
        .await;
    assert_eq!(codes(&refused(silent)), ["OBJECTION_CONTACT_MISSING"]);
    setup.open_notice(&batch).await.expect("opened");
    let twice = refused(setup.open_notice(&batch).await);
    assert_eq!(codes(&twice), ["RESULT_NOTICE_ALREADY_OPEN"]);
}

#[tokio::test]
async fn rows_conclude_by_themselves_after_the_last_day_and_not_on_it() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    setup.day(date(2020, 7, 13));
    setup.sweep.step().await.expect("swept");
    assert_eq!(
        rows(&setup, &notice.public_notice_id).await,
        [RowState::Open; 3]
    );
    let early = refused(setup.upload(&batch).await);
    assert_eq!(codes(&early), ["NOTHING_TO_UPLOAD"]);

    setup.day(NOTICE_OVER);
    for _ in 0..2 {
        setup.sweep.step().await.expect("swept");
    }
    assert_eq!(
        rows(&setup, &notice.public_notice_id).await,
        [RowState::Concluded; 3]
    );
    assert_eq!(setup.state(&batch, 0).await, State::NoticeConcluded);
}

#[tokio::test]
async fn an_objection_holds_its_row_until_it_is_dismissed() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    let notice = notice.public_notice_id;
    let id = object(&setup, &notice, 1).await.expect("taken");
    assert_eq!(
        rows(&setup, &notice).await,
        [RowState::Open, RowState::Held, RowState::Open]
    );
    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    let upload = setup.upload(&batch).await.expect("two rows");
    assert_eq!((upload.uploaded, upload.held), (2, 1));

    let dismissed = pb::ObjectionOutcome::Dismissed;
    resolve(&setup, &city("c-a"), &id, dismissed, "年限符合")
        .await
        .expect("decided");
    setup.sweep.step().await.expect("swept");
    assert_eq!(rows(&setup, &notice).await[1], RowState::Concluded);
    let upload = setup.upload(&batch).await.expect("the held row");
    assert_eq!((upload.uploaded, upload.held), (1, 0));
    let again = resolve(&setup, &city("c-a"), &id, dismissed, "年限符合").await;
    assert_eq!(codes(&refused(again)), ["OBJECTION_RESOLVED"]);
}

#[tokio::test]
async fn an_objection_that_is_upheld_takes_the_row_out() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    let id = object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let upheld = pb::ObjectionOutcome::Upheld;
    resolve(&setup, &city("c-a"), &id, upheld, "查实不符")
        .await
        .expect("decided");
    assert_eq!(setup.state(&batch, 0).await, State::ObjectionUpheld);
    let told = setup.published("result").await;
    let last = told.last().expect("told").payload.clone();
    let stage = pb::CandidateStageFact::decode(last).expect("a stage");
    assert_eq!(stage.stage(), pb::CandidateStage::Ended);
}

#[tokio::test]
async fn an_objection_comes_in_time_with_a_name_and_with_grounds() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    let notice = notice.public_notice_id;
    let mut bare = objection(&setup, &notice, 0);
    bare.objector_name = String::new();
    bare.objector_citizen_id = "370099199003070010".to_owned();
    bare.grounds = String::new();
    bare.row_key = String::new();
    let status = setup
        .face
        .raise_objection(from(&Caller::public(), bare))
        .await;
    assert_eq!(
        codes(&refused(status)),
        [
            "NOTICE_ROW_KEY",
            "PERSON_NAME_EMPTY",
            "CITIZEN_ID_CHECK",
            "RESULT_OBJECTION_GROUNDS_MISSING"
        ]
    );
    let not_shown = refused(object(&setup, &notice, 2).await);
    assert_eq!(codes(&not_shown), ["NOTICE_ROW_UNKNOWN"]);
    let unknown = object(&setup, "notice_00000000000000000000000000", 0).await;
    assert_eq!(codes(&refused(unknown)), ["RESULT_NOTICE_NOT_FOUND"]);
    setup.day(NOTICE_OVER);
    let late = refused(object(&setup, &notice, 0).await);
    assert_eq!(codes(&late), ["NOTICE_PERIOD_OVER"]);
}

#[tokio::test]
async fn the_decision_on_an_objection_is_written_and_the_areas_own() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    let id = object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let dismissed = pb::ObjectionOutcome::Dismissed;
    let silent = refused(resolve(&setup, &city("c-a"), &id, dismissed, " ").await);
    assert_eq!(codes(&silent), ["RESULT_OBJECTION_REASON_MISSING"]);
    let open = resolve(
        &setup,
        &city("c-a"),
        &id,
        pb::ObjectionOutcome::Unspecified,
        "理由",
    )
    .await;
    assert_eq!(codes(&refused(open)), ["RESULT_OBJECTION_OUTCOME_MISSING"]);
    let elsewhere = platform::testing::city_officer("q-a", "370200");
    let foreign = refused(resolve(&setup, &elsewhere, &id, dismissed, "理由").await);
    assert_eq!(codes(&foreign), ["RESULT_OBJECTION_NOT_FOUND"]);
}

#[tokio::test]
async fn who_objects_rests_sealed() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let row: String = sqlx::query_scalar("select objection::text from objection")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("read");
    for mark in ["示例证人", citizen_id(99).reveal(), "工作年限不足"] {
        assert!(!row.contains(mark) && !row.contains(&hex::encode(mark)));
    }
}
