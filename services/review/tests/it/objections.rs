//! Objections against selections that are shown: by name, in time, looked into, decided.

use kernel::citizen_id::CitizenId;
use platform::access::Caller;
use platform::testing::city_officer;
use proto::common::v1 as common;
use proto::common::v1::PublicNoticeRowState as RowState;
use proto::review::v1::*;
use review::PublicNoticeSweep;
use tonic::Status;

use crate::scenes::{Filing, first_officer, province, second_officer};
use crate::setup::{World, fields, refused, request_id};

/// Somebody who objects, and must appear nowhere but in the inquiry.
const OBJECTOR: &str = "示例证人";
const OBJECTOR_PHONE: &str = "19900007654";

fn citizen(number: u16) -> CitizenId {
    CitizenId::synthetic("370099", jiff::civil::date(1990, 3, 7), number)
}

fn party(number: u16) -> common::Party {
    common::Party {
        name: OBJECTOR.to_owned(),
        citizen_id: citizen(number).reveal().to_owned(),
        phone: OBJECTOR_PHONE.to_owned(),
    }
}

/// A selection that is shown.
pub(crate) async fn shown(world: &World) -> (Filing, common::PublicNotice) {
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    let shown = world.confirm(&second_officer(), &filing, &proposal).await;
    (filing, shown.expect("another person"))
}

pub(crate) fn objection(notice: &common::PublicNotice, number: u16) -> RaiseObjectionRequest {
    RaiseObjectionRequest {
        request_id: request_id(),
        public_notice_id: notice.public_notice_id.clone(),
        row_key: notice.rows[0].row_key.clone(),
        party: Some(party(number)),
        grounds: "该单位考场不符合条件".to_owned(),
    }
}

pub(crate) async fn raise(
    world: &World,
    request: RaiseObjectionRequest,
) -> Result<RaiseObjectionResponse, Status> {
    let raised = world
        .objections(&Caller::public())
        .raise_objection(request)
        .await;
    Ok(raised?.into_inner())
}

pub(crate) async fn find(world: &World, officer: &Caller, id: &str) -> Result<u32, Status> {
    let request = common::RecordFindingRequest {
        request_id: request_id(),
        inquiry_id: id.to_owned(),
        finding: "现场复核考场".to_owned(),
    };
    let found = world.inquiries(officer).record_finding(request).await?;
    Ok(found.into_inner().findings)
}

async fn resolve(
    world: &World,
    officer: &Caller,
    id: &str,
    outcome: common::ObjectionOutcome,
) -> Result<(), Status> {
    let request = ResolveObjectionRequest {
        request_id: request_id(),
        objection_id: id.to_owned(),
        outcome: outcome.into(),
        reason: "经复核".to_owned(),
    };
    let resolved = world.objections(officer).resolve_objection(request).await;
    resolved.map(|_| ())
}

pub(crate) async fn row_on(world: &World, notice: &str, on: &str) -> RowState {
    let request = common::GetPublicNoticeOnRequest {
        public_notice_id: notice.to_owned(),
        on: on.to_owned(),
        ..Default::default()
    };
    let seen = world.notices().get_public_notice_on(request).await;
    let seen = seen.expect("shown").into_inner().public_notice;
    seen.expect("it").rows[0].state()
}

#[tokio::test]
async fn an_objection_holds_the_selection_until_it_is_dismissed() {
    let world = World::start().await;
    let (filing, notice) = shown(&world).await;
    let id = raise(&world, objection(&notice, 1)).await.expect("taken");
    let id = id.objection_id;
    world.set_day("2020-05-26");
    let sweep = PublicNoticeSweep::new(world.app.clone());
    assert_eq!(sweep.step().await.expect("swept"), 0, "held");

    let dismissed = common::ObjectionOutcome::Dismissed;
    let hasty = resolve(&world, &first_officer(), &id, dismissed).await;
    assert_eq!(refused(hasty), ["INQUIRY_WITHOUT_FINDING"]);
    find(&world, &first_officer(), &id).await.expect("found");
    let foreign = resolve(&world, &province(), &id, dismissed).await;
    assert_eq!(refused(foreign), ["INQUIRY_CENTRE_FOREIGN"]);
    let elsewhere = city_officer("jinan", "370100");
    let unknown = resolve(&world, &elsewhere, &id, dismissed).await;
    assert_eq!(refused(unknown), ["INQUIRY_NOT_FOUND"]);
    resolve(&world, &first_officer(), &id, dismissed)
        .await
        .expect("decided");
    assert_eq!(sweep.step().await.expect("swept"), 1);
    assert_eq!(world.state(&filing).await, ApplicationState::Selected);

    let notice = notice.public_notice_id;
    for (day, state) in [
        ("2020-05-18", RowState::Held),
        ("2020-05-25", RowState::Held),
        ("2020-05-26", RowState::Concluded),
    ] {
        assert_eq!(row_on(&world, &notice, day).await, state, "{day}");
    }
}

#[tokio::test]
async fn an_upheld_objection_sends_the_application_back_and_it_can_be_selected_anew() {
    let world = World::start().await;
    let (filing, notice) = shown(&world).await;
    let id = raise(&world, objection(&notice, 1)).await.expect("taken");
    let id = id.objection_id;
    find(&world, &first_officer(), &id).await.expect("found");
    let upheld = common::ObjectionOutcome::Upheld;
    resolve(&world, &first_officer(), &id, upheld)
        .await
        .expect("decided");
    assert_eq!(world.state(&filing).await, ApplicationState::Submitted);
    let early = world.propose(&filing).await;
    let anew = [
        ["JUDGEMENT_MISSING"; 7].as_slice(),
        &["ASSESSMENT_MISSING"; 3],
    ]
    .concat();
    assert_eq!(refused(early), anew);
    let late = raise(&world, objection(&notice, 2)).await;
    assert_eq!(refused(late), ["NOTICE_CLOSED"]);

    world.assess(&filing).await;
    let proposal = world.propose(&filing).await.expect("assessed anew");
    let again = world.confirm(&second_officer(), &filing, &proposal).await;
    let again = again.expect("another person");
    assert_ne!(again.public_notice_id, notice.public_notice_id);
    let old = row_on(&world, &notice.public_notice_id, "2020-05-18").await;
    assert_eq!(old, RowState::Upheld, "the first notice stays what it was");
    let late = raise(&world, objection(&notice, 2)).await;
    assert_eq!(refused(late), ["NOTICE_CLOSED"]);
    // The same person may object to what is shown anew.
    raise(&world, objection(&again, 1)).await.expect("taken");
}

#[tokio::test]
async fn all_that_is_wrong_with_an_objection_is_told_at_once() {
    let world = World::start().await;
    let (_, notice) = shown(&world).await;
    let traces = world.traces().await;
    let bare = RaiseObjectionRequest {
        request_id: String::new(),
        public_notice_id: "notice".to_owned(),
        row_key: " ".to_owned(),
        party: Some(common::Party::default()),
        grounds: "\n".to_owned(),
    };
    let status = raise(&world, bare).await.err().expect("nothing is right");
    assert_eq!(
        fields(&status),
        [
            "request_id",
            "public_notice_id",
            "row_key",
            "party.name",
            "party.citizen_id",
            "party.phone",
            "grounds"
        ]
    );
    let child = CitizenId::synthetic("370099", jiff::civil::date(2015, 1, 1), 1);
    let mut elsewhere = objection(&notice, 1);
    elsewhere.row_key = "app_00000000000000000000000000".to_owned();
    elsewhere.party = Some(common::Party {
        citizen_id: child.reveal().to_owned(),
        ..party(1)
    });
    let both = refused(raise(&world, elsewhere).await);
    assert_eq!(both, ["NOTICE_ROW_UNKNOWN", "PARTY_TOO_YOUNG"]);
    let mut unknown = objection(&notice, 1);
    unknown.public_notice_id = "notice_00000000000000000000000000".to_owned();
    let unknown = refused(raise(&world, unknown).await);
    assert_eq!(unknown, ["PUBLIC_NOTICE_NOT_FOUND"]);
    assert_eq!(world.traces().await, traces, "a refusal leaves nothing");
    world.set_day("2020-05-26");
    let late = refused(raise(&world, objection(&notice, 1)).await);
    assert_eq!(late, ["NOTICE_PERIOD_OVER"]);
}

#[tokio::test]
async fn fifty_at_once_under_one_name_are_one_objection() {
    let world = World::start().await;
    let (_, notice) = shown(&world).await;
    let (world, notice) = (&world, &notice);
    let racing = (0..50).map(|_| raise(world, objection(notice, 1)));
    let raced = futures::future::join_all(racing).await;
    let mut taken = 0;
    for outcome in raced {
        match outcome {
            Ok(_) => taken += 1,
            Err(status) => assert_eq!(crate::setup::codes(&status), ["OBJECTION_OPEN"]),
        }
    }
    assert_eq!(taken, 1);
    raise(world, objection(notice, 2))
        .await
        .expect("another person");
}

#[tokio::test]
async fn clerks_enter_what_came_by_letter_and_hints_are_kept_without_a_name() {
    let world = World::start().await;
    let (filing, notice) = shown(&world).await;
    world.set_day("2020-05-20");
    let recorded = |on: &str| RecordObjectionRequest {
        request_id: request_id(),
        public_notice_id: notice.public_notice_id.clone(),
        row_key: notice.rows[0].row_key.clone(),
        party: Some(party(1)),
        grounds: "来信反映考场不符合条件".to_owned(),
        channel: common::InquiryChannel::Letter.into(),
        received_on: on.to_owned(),
    };
    let early = world
        .objections(&first_officer())
        .record_objection(recorded("2020-05-15"))
        .await;
    assert_eq!(refused(early), ["NOTICE_BEFORE_OPENING"]);
    let ahead = world
        .objections(&first_officer())
        .record_objection(recorded("2020-05-21"))
        .await;
    assert_eq!(refused(ahead), ["INQUIRY_RECEIVED_IN_FUTURE"]);
    let elsewhere = world
        .objections(&province())
        .record_objection(recorded("2020-05-19"))
        .await;
    assert_eq!(refused(elsewhere), ["INQUIRY_CENTRE_FOREIGN"]);
    let unknown = world
        .objections(&city_officer("jinan", "370100"))
        .record_objection(recorded("2020-05-19"))
        .await;
    assert_eq!(refused(unknown), ["PUBLIC_NOTICE_NOT_FOUND"]);
    let entered = world
        .objections(&first_officer())
        .record_objection(recorded("2020-05-19"))
        .await;
    let entered = entered.expect("entered").into_inner();

    let hint = LodgeLeadRequest {
        request_id: request_id(),
        public_notice_id: notice.public_notice_id.clone(),
        row_key: filing.id.clone(),
        hint: "听说设备是借来的".to_owned(),
    };
    let lead = world.objections(&Caller::public()).lodge_lead(hint).await;
    let lead = lead.expect("kept").into_inner();
    let listed = world
        .inquiries(&first_officer())
        .list_inquiries(common::ListInquiriesRequest::default())
        .await;
    let listed = listed.expect("its own").into_inner().inquiries;
    let ids: Vec<_> = listed
        .iter()
        .map(|inquiry| inquiry.inquiry_id.as_str())
        .collect();
    assert_eq!(ids, [&lead.lead_id, &entered.objection_id]);
    assert_eq!(listed[1].received_on, "2020-05-19");
    assert_eq!(
        listed[1].organization_id,
        filing.clerk.organization.expect("its own").to_string()
    );
    let unasked = world
        .inquiries(&filing.clerk)
        .list_inquiries(common::ListInquiriesRequest::default())
        .await;
    assert_eq!(unasked.expect("nothing").into_inner().inquiries.len(), 0);
    let stray = common::ListInquiriesRequest {
        kind: 9,
        page_token: filing.id.clone(),
        ..Default::default()
    };
    let stray = world
        .inquiries(&first_officer())
        .list_inquiries(stray)
        .await;
    assert_eq!(
        refused(stray),
        ["INQUIRY_KIND_UNKNOWN", "INQUIRY_PAGE_TOKEN"]
    );
}
