//! How what was brought forward about results is looked into: by clerks, without names, with the
//! organisation asked and nobody exposed; and what the public saw meanwhile.

use kernel::content_hash::ContentHash;
use platform::access::{Caller, Role};
use prost::Message;
use proto::common::v1 as common;
use proto::common::v1::PublicNoticeRowState as RowState;
use proto::common::v1::inquiry_service_server::InquiryService;
use proto::common::v1::public_notice_service_server::PublicNoticeService;
use proto::results::v1 as pb;
use proto::results::v1::objection_service_server::ObjectionService;
use tonic::Status;

use crate::neighbours::{citizen_id, ticket};
use crate::objections::{find, objection, party};
use crate::setup::{
    NOTICE_OVER, OPENED, Setup, city, clerk_a, clerk_b, clerk_c, codes, fields, from, province,
    refused, setup, stranger,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nsynthetic";

/// An objection against the first row: its id and its receipt code.
pub(crate) async fn objected(setup: &Setup) -> (String, String) {
    let (_, notice) = setup.shown().await;
    let request = objection(setup, &notice.public_notice_id, 0);
    let raised = setup.face.raise_objection(from(&Caller::public(), request));
    let raised = raised.await.expect("taken").into_inner();
    (raised.objection_id, raised.receipt_code)
}

pub(crate) async fn ask(setup: &Setup, caller: &Caller, id: &str) -> Result<String, Status> {
    let request = common::AskOrganizationRequest {
        request_id: setup.id(),
        inquiry_id: id.to_owned(),
        question: "请说明该考生的申报条件".to_owned(),
    };
    let reply = setup
        .inquiries
        .ask_organization(from(caller, request))
        .await?;
    Ok(reply.into_inner().answer_due.unwrap_or_default().date)
}

async fn answer(setup: &Setup, caller: &Caller, id: &str) -> Result<(), Status> {
    let request = common::AnswerInquiryRequest {
        request_id: setup.id(),
        inquiry_id: id.to_owned(),
        answer: "社保记录满三年".to_owned(),
    };
    let answered = setup.inquiries.answer_inquiry(from(caller, request)).await;
    answered.map(|_| ())
}

async fn get(
    setup: &Setup,
    caller: &Caller,
    id: &str,
) -> Result<common::GetInquiryResponse, Status> {
    let inquiry_id = id.to_owned();
    let request = common::GetInquiryRequest { inquiry_id };
    let reply = setup.inquiries.get_inquiry(from(caller, request)).await?;
    Ok(reply.into_inner())
}

fn texts(response: &common::GetInquiryResponse) -> Vec<&str> {
    let entries = response.entries.iter();
    entries.map(|entry| entry.text.as_str()).collect()
}

async fn resolve(setup: &Setup, id: &str) -> Result<(), Status> {
    let request = pb::ResolveObjectionRequest {
        request_id: setup.id(),
        objection_id: id.to_owned(),
        outcome: common::ObjectionOutcome::Dismissed.into(),
        reason: "年限符合".to_owned(),
    };
    let resolved = setup.face.resolve_objection(from(&city("c-a"), request));
    resolved.await.map(|_| ())
}

fn recorded(setup: &Setup, notice: &str, on: &str) -> pb::RecordObjectionRequest {
    pb::RecordObjectionRequest {
        request_id: setup.id(),
        public_notice_id: notice.to_owned(),
        row_key: ticket(0),
        party: Some(party(citizen_id(99).reveal())),
        grounds: "来信反映工作年限不足".to_owned(),
        channel: common::InquiryChannel::Letter.into(),
        received_on: on.to_owned(),
        whole_session: false,
    }
}

#[tokio::test]
async fn others_learn_that_an_organisation_is_asked_and_nothing_else() {
    let setup = setup().await;
    let (id, _) = objected(&setup).await;
    let due_on = ask(&setup, &city("c-a"), &id).await.expect("asked");
    answer(&setup, &clerk_c(), &id).await.expect("asked");
    let [fact] = &setup.published("inquiry").await[..] else {
        panic!("one fact")
    };
    let organization = clerk_a().organization.expect("an organisation's");
    let expected = common::OrganizationAsked {
        inquiry_id: id,
        organization_id: organization.to_string(),
        due_on,
    };
    assert_eq!(fact.kind, "organization_asked");
    let asked = common::OrganizationAsked::decode(fact.payload.clone());
    assert!(asked.expect("what its kind says") == expected);
}

#[tokio::test]
async fn the_organisation_is_asked_and_never_learns_by_whom() {
    let setup = setup().await;
    let (id, _) = objected(&setup).await;
    let unasked = refused(get(&setup, &clerk_a(), &id).await);
    assert_eq!(codes(&unasked), ["INQUIRY_NOT_FOUND"]);
    let due = ask(&setup, &city("c-a"), &id).await.expect("asked");
    assert_eq!(due, "2020-07-13", "the fifth working day after Monday");
    let again = refused(ask(&setup, &city("c-a"), &id).await);
    assert_eq!(codes(&again), ["INQUIRY_ASKED_ALREADY"]);

    find(&setup, &city("c-a"), &id).await.expect("found");
    let early = refused(resolve(&setup, &id).await);
    assert_eq!(codes(&early), ["INQUIRY_ANSWER_AWAITED"]);
    let foreign = refused(answer(&setup, &stranger(), &id).await);
    assert_eq!(codes(&foreign), ["INQUIRY_NOT_FOUND"]);
    for involved in [clerk_a(), clerk_b()] {
        let refusal = refused(answer(&setup, &involved, &id).await);
        assert_eq!(codes(&refusal), ["INQUIRY_ANSWERER_INVOLVED"]);
    }
    answer(&setup, &clerk_c(), &id).await.expect("asked");
    let twice = refused(answer(&setup, &clerk_c(), &id).await);
    assert_eq!(codes(&twice), ["INQUIRY_NOTHING_ASKED"]);
    resolve(&setup, &id).await.expect("decided");

    let seen = get(&setup, &clerk_a(), &id).await.expect("asked");
    assert_eq!(
        texts(&seen),
        ["请说明该考生的申报条件", "社保记录满三年", "年限符合"]
    );
    let inquiry = seen.inquiry.expect("it");
    assert!(!inquiry.named, "whether by name could tell who");
    assert_eq!(inquiry.channel(), common::InquiryChannel::Unspecified);

    let seen = get(&setup, &city("c-a"), &id).await.expect("its own");
    assert_eq!(
        texts(&seen),
        [
            "工作年限不足",
            "请说明该考生的申报条件",
            "经核对社保记录",
            "社保记录满三年",
            "年限符合"
        ]
    );
    let auditor = Caller {
        role: Role::Auditor,
        ..province("auditor")
    };
    let seen = get(&setup, &auditor, &id).await.expect("reads all");
    assert_eq!(texts(&seen), [""; 5]);
}

#[tokio::test]
async fn silence_of_the_organisation_is_no_veto() {
    let setup = setup().await;
    let (id, _) = objected(&setup).await;
    ask(&setup, &city("c-a"), &id).await.expect("asked");
    find(&setup, &city("c-a"), &id).await.expect("found");
    setup.day(NOTICE_OVER);
    resolve(&setup, &id).await.expect("its time is over");
}

#[tokio::test]
async fn who_objects_is_opened_for_the_centre_alone_and_on_record() {
    let setup = setup().await;
    let (id, _) = objected(&setup).await;
    let before = setup.access_records().await;
    let reveal = |purpose: common::RevealPurpose| common::RevealPartyRequest {
        inquiry_id: id.clone(),
        purpose: purpose.into(),
    };
    let purpose = common::RevealPurpose::VerifyIdentity;
    let request = from(&province("p-a"), reveal(purpose));
    let foreign = refused(setup.inquiries.reveal_party(request).await);
    assert_eq!(codes(&foreign), ["INQUIRY_CENTRE_FOREIGN"]);
    let request = from(&city("c-a"), reveal(common::RevealPurpose::Unspecified));
    let aimless = refused(setup.inquiries.reveal_party(request).await);
    assert_eq!(codes(&aimless), ["INQUIRY_PURPOSE_MISSING"]);
    assert_eq!(setup.access_records().await, before);
    let request = from(&city("c-a"), reveal(purpose));
    let shown = setup.inquiries.reveal_party(request).await;
    let shown = shown.expect("its own").into_inner().party.expect("it");
    assert_eq!(
        (
            shown.name.as_str(),
            shown.citizen_id.as_str(),
            shown.phone.as_str()
        ),
        ("示例证人", citizen_id(99).reveal(), "19900001234")
    );
    assert_eq!(setup.access_records().await, before + 1);
}

#[tokio::test]
async fn an_objection_by_letter_counts_from_the_day_on_which_it_came() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    let notice = notice.public_notice_id;
    let record = async |caller: &Caller, request| {
        let recorded = setup.face.record_objection(from(caller, request)).await;
        recorded.map(tonic::Response::into_inner)
    };
    setup.day(NOTICE_OVER);
    let opened = OPENED.to_string();
    let elsewhere = record(&province("p-a"), recorded(&setup, &notice, &opened)).await;
    assert_eq!(codes(&refused(elsewhere)), ["INQUIRY_CENTRE_FOREIGN"]);
    let foreign = platform::testing::city_officer("q-a", "370200");
    let unknown = record(&foreign, recorded(&setup, &notice, &opened)).await;
    assert_eq!(codes(&refused(unknown)), ["RESULT_NOTICE_NOT_FOUND"]);
    for (on, code) in [
        ("2020-07-15", "INQUIRY_RECEIVED_IN_FUTURE"),
        ("2020-07-14", "NOTICE_PERIOD_OVER"),
        ("2020-07-05", "NOTICE_BEFORE_OPENING"),
        ("yesterday", "DATE_MALFORMED"),
    ] {
        let late = record(&city("c-a"), recorded(&setup, &notice, on)).await;
        assert_eq!(codes(&refused(late)), [code], "{on}");
    }
    let mut bare = recorded(&setup, &notice, &opened);
    bare.channel = common::InquiryChannel::Online.into();
    bare.party = None;
    let bare = refused(record(&city("c-a"), bare).await);
    assert_eq!(codes(&bare), ["FIELD_REQUIRED", "INQUIRY_CHANNEL_MISSING"]);
    assert_eq!(fields(&bare), ["party", "channel"]);
    record(&city("c-a"), recorded(&setup, &notice, "2020-07-13"))
        .await
        .expect("came on the last day, and the sweep was not faster");
    assert_eq!(setup.notice_rows(&notice).await[0], RowState::Held);
    let again = recorded(&setup, &notice, &opened);
    let again = record(&city("c-a"), again).await;
    assert_eq!(codes(&refused(again)), ["OBJECTION_OPEN"]);
}

#[tokio::test]
async fn a_hint_without_a_name_is_kept_and_holds_nothing() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    let notice = notice.public_notice_id;
    let hint = |row_key: String| pb::LodgeLeadRequest {
        request_id: setup.id(),
        public_notice_id: notice.clone(),
        row_key,
        hint: "听说有人替考".to_owned(),
    };
    let unknown = from(&Caller::public(), hint(ticket(2)));
    let unknown = refused(setup.face.lodge_lead(unknown).await);
    assert_eq!(codes(&unknown), ["NOTICE_ROW_UNKNOWN"]);
    let lead = setup
        .face
        .lodge_lead(from(&Caller::public(), hint(ticket(0))));
    let lead = lead.await.expect("kept").into_inner();
    assert_eq!(setup.notice_rows(&notice).await[0], RowState::Open);

    let request = common::ListInquiriesRequest {
        kind: common::InquiryKind::Lead.into(),
        open_only: true,
        ..Default::default()
    };
    let listed = setup.inquiries.list_inquiries(from(&city("c-a"), request));
    let listed = listed.await.expect("listed").into_inner().inquiries;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].inquiry_id, lead.lead_id);
    assert_eq!(listed[0].about, format!("{notice} {}", ticket(0)));
    let reveal = common::RevealPartyRequest {
        inquiry_id: lead.lead_id.clone(),
        purpose: common::RevealPurpose::TellOutcome.into(),
    };
    let nobody = setup.inquiries.reveal_party(from(&city("c-a"), reveal));
    assert_eq!(codes(&refused(nobody.await)), ["INQUIRY_ANONYMOUS"]);

    let close = |inquiry_id: &str| common::CloseLeadRequest {
        request_id: setup.id(),
        inquiry_id: inquiry_id.to_owned(),
        note: "已列入检查".to_owned(),
    };
    let closed = setup
        .inquiries
        .close_lead(from(&city("c-a"), close(&lead.lead_id)));
    closed.await.expect("closed");
    let request = objection(&setup, &notice, 0);
    let raised = setup.face.raise_objection(from(&Caller::public(), request));
    let objection = raised.await.expect("taken").into_inner().objection_id;
    let wrong = setup
        .inquiries
        .close_lead(from(&city("c-a"), close(&objection)));
    assert_eq!(codes(&refused(wrong.await)), ["INQUIRY_NOT_A_LEAD"]);
    let track = common::TrackInquiryRequest {
        receipt_code: lead.receipt_code.to_lowercase(),
    };
    let tracked = setup
        .inquiries
        .track_inquiry(from(&Caller::public(), track));
    let tracked = tracked.await.expect("told").into_inner();
    assert_eq!(tracked.state(), common::InquiryState::Closed);
    assert_eq!(tracked.outcome, "已列入检查");
}

#[tokio::test]
async fn evidence_is_handed_in_with_the_code_and_read_on_record() {
    let setup = setup().await;
    let (id, code) = objected(&setup).await;
    let hand_in = |receipt_code: &str, content: &[u8]| common::HandInEvidenceRequest {
        request_id: setup.id(),
        receipt_code: receipt_code.to_owned(),
        file: Some(common::EvidenceFile {
            file_name: "照片.png".to_owned(),
            content: content.to_vec().into(),
        }),
    };
    let public = Caller::public();
    for given in ["", "0000-0000-0000-0000-0000", "照片"] {
        let unknown = setup
            .inquiries
            .hand_in_evidence(from(&public, hand_in(given, PNG)));
        assert_eq!(codes(&refused(unknown.await)), ["INQUIRY_RECEIPT_UNKNOWN"]);
    }
    let junk = setup
        .inquiries
        .hand_in_evidence(from(&public, hand_in(&code, b"MZ")));
    assert_eq!(codes(&refused(junk.await)), ["EVIDENCE_TYPE"]);
    let taken = setup
        .inquiries
        .hand_in_evidence(from(&public, hand_in(&code, PNG)));
    let entry = taken.await.expect("taken").into_inner().entry.expect("it");
    assert_eq!(
        entry.sha256,
        ContentHash::of_bytes(PNG).as_bytes().as_slice()
    );

    let read = |entry_id: &str| common::GetEvidenceRequest {
        inquiry_id: id.clone(),
        entry_id: entry_id.to_owned(),
    };
    ask(&setup, &city("c-a"), &id).await.expect("asked");
    let before = setup.access_records().await;
    let accused = setup
        .inquiries
        .get_evidence(from(&clerk_a(), read(&entry.entry_id)));
    assert_eq!(codes(&refused(accused.await)), ["EVIDENCE_NOT_FOUND"]);
    let none = setup
        .inquiries
        .get_evidence(from(&city("c-a"), read("照片")));
    assert_eq!(codes(&refused(none.await)), ["EVIDENCE_NOT_FOUND"]);
    let content = setup
        .inquiries
        .get_evidence(from(&city("c-a"), read(&entry.entry_id)));
    assert_eq!(content.await.expect("read").into_inner().content, PNG);
    assert_eq!(setup.access_records().await, before + 2, "name and content");
    for _ in 1..20 {
        let more = setup
            .inquiries
            .hand_in_evidence(from(&public, hand_in(&code, PNG)));
        more.await.expect("room for twenty");
    }
    let more = setup
        .inquiries
        .hand_in_evidence(from(&public, hand_in(&code, PNG)));
    assert_eq!(codes(&refused(more.await)), ["EVIDENCE_TOO_MANY"]);
}

#[tokio::test]
async fn what_the_public_saw_on_a_day_is_shown_again() {
    let setup = setup().await;
    let (id, _) = objected(&setup).await;
    let listed = setup.face.list_public_notices(from(
        &Caller::public(),
        common::ListPublicNoticesRequest {
            current_only: true,
            ..Default::default()
        },
    ));
    let listed = listed.await.expect("listed").into_inner().public_notices;
    let notice = listed[0].public_notice_id.clone();
    setup.day("2020-07-08".parse().expect("a day"));
    find(&setup, &city("c-a"), &id).await.expect("found");
    resolve(&setup, &id).await.expect("decided");
    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");

    let on = async |day: &str| {
        let request = common::GetPublicNoticeOnRequest {
            public_notice_id: notice.clone(),
            on: day.to_owned(),
            ..Default::default()
        };
        let shown = setup
            .face
            .get_public_notice_on(from(&Caller::public(), request));
        shown.await.map(tonic::Response::into_inner)
    };
    for (day, state) in [
        ("2020-07-06", RowState::Held),
        ("2020-07-07", RowState::Held),
        ("2020-07-08", RowState::Open),
        ("2020-07-13", RowState::Open),
        ("2020-07-14", RowState::Concluded),
    ] {
        let shown = on(day).await.expect("shown");
        let shown_notice = shown.public_notice.expect("it");
        assert_eq!(shown_notice.rows[0].state(), state, "{day}");
        assert_eq!(
            shown_notice.snapshot_hash,
            ContentHash::of_bytes(shown.snapshot.as_bytes())
                .as_bytes()
                .as_slice(),
            "anybody can check it"
        );
    }
    for (day, code) in [
        ("2020-07-05", "NOTICE_BEFORE_OPENING"),
        ("2020-07-15", "NOTICE_DAY_AHEAD"),
        ("2020-7-8", "DATE_MALFORMED"),
    ] {
        assert_eq!(codes(&refused(on(day).await)), [code]);
    }
    sqlx::query("update public_notice set snapshot = replace(snapshot::text, '示例', '甲')::json")
        .execute(&setup.platform.pool)
        .await
        .expect("somebody rewrites history");
    let tampered = on("2020-07-06").await.err().expect("nobody is shown that");
    assert_eq!(tampered.code(), tonic::Code::Internal);
}
