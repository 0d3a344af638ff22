//! Objections: bound to a row, in time, by name; decided by the centre that reviews first.

use jiff::civil::date;
use kernel::citizen_id::CitizenId;
use platform::access::Caller;
use prost::Message;
use proto::common::v1 as common;
use proto::common::v1::PublicNoticeRowState as RowState;
use proto::common::v1::inquiry_service_server::InquiryService;
use proto::results::v1 as pb;
use proto::results::v1::ResultState as State;
use proto::results::v1::objection_service_server::ObjectionService;
use tonic::Status;

use crate::neighbours::{citizen_id, ticket};
use crate::setup::{NOTICE_OVER, Setup, city, codes, fields, from, province, refused, setup};

pub(crate) fn objection(setup: &Setup, notice: &str, number: usize) -> pb::RaiseObjectionRequest {
    pb::RaiseObjectionRequest {
        request_id: setup.id(),
        public_notice_id: notice.to_owned(),
        row_key: ticket(number),
        party: Some(party(citizen_id(99).reveal())),
        grounds: "工作年限不足".to_owned(),
        whole_session: false,
    }
}

pub(crate) fn party(citizen_id: &str) -> common::Party {
    common::Party {
        name: "示例证人".to_owned(),
        citizen_id: citizen_id.to_owned(),
        phone: "19900001234".to_owned(),
    }
}

pub(crate) async fn object(setup: &Setup, notice: &str, number: usize) -> Result<String, Status> {
    raise(setup, objection(setup, notice, number)).await
}

async fn raise(setup: &Setup, objection: pb::RaiseObjectionRequest) -> Result<String, Status> {
    let request = from(&Caller::public(), objection);
    let reply = setup.face.raise_objection(request).await?;
    Ok(reply.into_inner().objection_id)
}

/// Decides an objection as it is.
async fn resolve(
    setup: &Setup,
    caller: &Caller,
    objection: &str,
    outcome: common::ObjectionOutcome,
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

/// Looks into an objection and decides it.
async fn decide(
    setup: &Setup,
    caller: &Caller,
    objection: &str,
    outcome: common::ObjectionOutcome,
) -> Result<(), Status> {
    find(setup, caller, objection).await?;
    resolve(setup, caller, objection, outcome, "已核实").await
}

pub(crate) async fn find(setup: &Setup, caller: &Caller, inquiry: &str) -> Result<u32, Status> {
    let request = common::RecordFindingRequest {
        request_id: setup.id(),
        inquiry_id: inquiry.to_owned(),
        finding: "经核对社保记录".to_owned(),
    };
    let reply = setup
        .inquiries
        .record_finding(from(caller, request))
        .await?;
    Ok(reply.into_inner().findings)
}

#[tokio::test]
async fn an_objection_holds_its_row_until_it_is_dismissed() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    let notice = notice.public_notice_id;
    let id = object(&setup, &notice, 1).await.expect("taken");
    let [told] = &setup.published("batch").await[..] else {
        panic!("one fact")
    };
    let raised = pb::ResultObjectionRaised::decode(told.payload.clone()).expect("what it is");
    assert_eq!((&raised.objection_id, &raised.batch_id), (&id, &batch));
    assert_eq!(
        setup.notice_rows(&notice).await,
        [RowState::Open, RowState::Held, RowState::Open]
    );
    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    let upload = setup.upload(&batch).await.expect("two rows");
    assert_eq!((upload.uploaded, upload.held), (2, 1));

    let dismissed = common::ObjectionOutcome::Dismissed;
    let hasty = resolve(&setup, &city("c-a"), &id, dismissed, "年限符合").await;
    assert_eq!(codes(&refused(hasty)), ["INQUIRY_WITHOUT_FINDING"]);
    decide(&setup, &city("c-a"), &id, dismissed)
        .await
        .expect("decided");
    setup.sweep.step().await.expect("swept");
    assert_eq!(setup.notice_rows(&notice).await[1], RowState::Concluded);
    let upload = setup.upload(&batch).await.expect("the held row");
    assert_eq!((upload.uploaded, upload.held), (1, 0));
    let again = resolve(&setup, &city("c-a"), &id, dismissed, "年限符合").await;
    assert_eq!(codes(&refused(again)), ["INQUIRY_CLOSED"]);
}

#[tokio::test]
async fn an_objection_that_is_upheld_takes_the_row_out() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    let id = object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let upheld = common::ObjectionOutcome::Upheld;
    decide(&setup, &city("c-a"), &id, upheld)
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
    bare.party = Some(common::Party {
        citizen_id: "370099199003070010".to_owned(),
        ..common::Party::default()
    });
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
            "PARTY_PHONE",
            "RESULT_OBJECTION_GROUNDS_MISSING"
        ]
    );
    let not_shown = refused(object(&setup, &notice, 2).await);
    assert_eq!(codes(&not_shown), ["NOTICE_ROW_UNKNOWN"]);
    assert_eq!(fields(&not_shown), ["row_key"]);
    let unknown = object(&setup, "notice_00000000000000000000000000", 0).await;
    assert_eq!(codes(&refused(unknown)), ["RESULT_NOTICE_NOT_FOUND"]);
    setup.day(NOTICE_OVER);
    let mut late = objection(&setup, &notice, 0);
    let unborn = CitizenId::synthetic("370099", date(2031, 1, 1), 1);
    late.party = Some(party(unborn.reveal()));
    let late = refused(raise(&setup, late).await);
    let told = ["NOTICE_PERIOD_OVER", "PARTY_TOO_YOUNG"];
    assert_eq!(codes(&late), told);
}

#[tokio::test]
async fn a_person_objects_to_a_row_once() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    let notice = notice.public_notice_id;
    let id = object(&setup, &notice, 0).await.expect("taken");
    let facts = setup.facts().await;
    let mut again = objection(&setup, &notice, 0);
    again.grounds = "另有事由".to_owned();
    again.party = again.party.map(|party| common::Party {
        name: "示例别名".to_owned(),
        ..party
    });
    let refusal = refused(raise(&setup, again.clone()).await);
    assert_eq!(codes(&refusal), ["OBJECTION_OPEN"]);
    assert_eq!(fields(&refusal), ["party.citizen_id"]);
    let dismissed = common::ObjectionOutcome::Dismissed;
    let decided = decide(&setup, &city("c-a"), &id, dismissed).await;
    decided.expect("decided");
    let refusal = refused(raise(&setup, again.clone()).await);
    assert_eq!(codes(&refusal), ["OBJECTION_DECIDED"]);
    assert_eq!(setup.facts().await, facts + 3, "found, closed, decided");
    assert_eq!(setup.notice_rows(&notice).await[0], RowState::Open);

    object(&setup, &notice, 1).await.expect("to another row");
    again.party = Some(party(citizen_id(98).reveal()));
    raise(&setup, again).await.expect("by another person");
}

#[tokio::test]
async fn nobody_objects_before_being_of_an_age_to_act() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    for born in [date(2031, 1, 1), date(2020, 6, 26)] {
        let mut request = objection(&setup, &notice.public_notice_id, 0);
        let child = CitizenId::synthetic("370099", born, 1);
        request.party = Some(party(child.reveal()));
        let refusal = refused(raise(&setup, request).await);
        assert_eq!(codes(&refusal), ["PARTY_TOO_YOUNG"]);
        assert_eq!(fields(&refusal), ["party.citizen_id"]);
    }
}

#[tokio::test]
async fn what_somebody_writes_has_its_bounds() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    for (grounds, code) in [
        (" \n".to_owned(), "RESULT_OBJECTION_GROUNDS_MISSING"),
        ("字".repeat(2001), "FIELD_TOO_LONG"),
        ("坏\0字".to_owned(), "FIELD_CHARACTERS"),
    ] {
        let mut request = objection(&setup, &notice.public_notice_id, 0);
        request.grounds = grounds;
        let refusal = refused(raise(&setup, request).await);
        assert_eq!(
            (codes(&refusal), fields(&refusal)),
            (vec![code.to_owned()], vec!["grounds".to_owned()])
        );
    }
    let mut request = objection(&setup, &notice.public_notice_id, 0);
    request.grounds = format!("两\n行{}", "字".repeat(1997));
    raise(&setup, request).await.expect("as much as is taken");
}

#[tokio::test]
async fn the_decision_on_an_objection_is_written_and_the_areas_own() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    let id = object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let dismissed = common::ObjectionOutcome::Dismissed;
    let silent = refused(resolve(&setup, &city("c-a"), &id, dismissed, " ").await);
    assert_eq!(codes(&silent), ["RESULT_OBJECTION_REASON_MISSING"]);
    let open = common::ObjectionOutcome::Unspecified;
    let open = refused(resolve(&setup, &city("c-a"), "obj", open, "").await);
    assert_eq!(fields(&open), ["objection_id", "outcome", "reason"]);
    assert_eq!(codes(&open)[1], "OBJECTION_OUTCOME_MISSING");
    let elsewhere = platform::testing::city_officer("q-a", "370200");
    let foreign = refused(resolve(&setup, &elsewhere, &id, dismissed, "理由").await);
    assert_eq!(codes(&foreign), ["INQUIRY_NOT_FOUND"]);
}

#[tokio::test]
async fn the_province_decides_objections_where_it_reviews_alone_and_nowhere_else() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    let id = object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let dismissed = common::ObjectionOutcome::Dismissed;
    let facts = setup.facts().await;
    let foreign = refused(resolve(&setup, &province("p-a"), &id, dismissed, "理由").await);
    assert_eq!(codes(&foreign), ["INQUIRY_CENTRE_FOREIGN"]);
    assert_eq!(setup.facts().await, facts);

    setup.hear_of_a_plan().await;
    setup.played.world().filing_division = "370000";
    let (_, notice) = setup.shown().await;
    let id = object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let foreign = refused(resolve(&setup, &city("c-a"), &id, dismissed, "理由").await);
    assert_eq!(codes(&foreign), ["INQUIRY_NOT_FOUND"]);
    decide(&setup, &province("p-a"), &id, dismissed)
        .await
        .expect("its own");
}

#[tokio::test]
async fn who_objects_rests_sealed() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    object(&setup, &notice.public_notice_id, 0)
        .await
        .expect("taken");
    let row: String = sqlx::query_scalar(
        "select string_agg(inquiry::text || entry::text, '')
         from platform.inquiry join platform.inquiry_entry entry using (inquiry_id)",
    )
    .fetch_one(&setup.platform.pool)
    .await
    .expect("read");
    for mark in [
        "示例证人",
        citizen_id(99).reveal(),
        "19900001234",
        "工作年限不足",
    ] {
        assert!(!row.contains(mark) && !row.contains(&hex::encode(mark)));
    }
}

#[tokio::test]
async fn an_objection_to_the_session_holds_the_whole_batch() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    let notice = notice.public_notice_id;
    let mut session = objection(&setup, &notice, 0);
    session.whole_session = true;
    session.grounds = "考核期间场外有人传递答案".to_owned();
    let both = refused(raise(&setup, session.clone()).await);
    assert_eq!(codes(&both), ["OBJECTION_ROW_AND_SESSION"]);
    assert_eq!(fields(&both), ["row_key"]);
    session.row_key = String::new();
    let id = raise(&setup, session.clone()).await.expect("taken");
    assert_eq!(setup.notice_rows(&notice).await, [RowState::Held; 3]);
    session.request_id = setup.id();
    let again = refused(raise(&setup, session).await);
    assert_eq!(codes(&again), ["OBJECTION_OPEN"]);
    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    let early = refused(setup.upload(&batch).await);
    assert_eq!(codes(&early), ["NOTHING_TO_UPLOAD"]);

    let dismissed = common::ObjectionOutcome::Dismissed;
    let decided = decide(&setup, &city("c-a"), &id, dismissed).await;
    decided.expect("decided");
    setup.sweep.step().await.expect("swept");
    assert_eq!(setup.upload(&batch).await.expect("all").uploaded, 3);
}

#[tokio::test]
async fn an_objection_to_the_session_that_is_upheld_takes_every_row_out() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    let mut session = objection(&setup, &notice.public_notice_id, 0);
    (session.whole_session, session.row_key) = (true, String::new());
    let id = raise(&setup, session).await.expect("taken");
    let upheld = common::ObjectionOutcome::Upheld;
    let decided = decide(&setup, &city("c-a"), &id, upheld).await;
    decided.expect("decided");
    for number in [0, 1, 4] {
        assert_eq!(setup.state(&batch, number).await, State::ObjectionUpheld);
    }
}
