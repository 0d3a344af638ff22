//! Complaints about evaluation organisations, by anybody.

use kernel::ids::OrganizationId;
use platform::access::Caller;
use platform::testing::{city_officer, clerk};
use proto::common::v1 as common;
use proto::review::v1::*;
use tonic::Status;

use crate::objections::find;
use crate::scenes::{first_officer, province};
use crate::setup::{World, codes, refused, request_id};

/// An evaluation organisation that filed with Weihai.
pub(crate) async fn organization(world: &World) -> OrganizationId {
    let id = world.college();
    sqlx::query(
        "insert into evaluation_organization
             (organization_id, organization_code, filing_division, registered_on)
         values ($1, 'S000037100001', '371000', '2020-05-18')",
    )
    .bind(id.uuid())
    .execute(&world.platform.pool)
    .await
    .expect("registered");
    id
}

pub(crate) fn complaint(organization: OrganizationId) -> LodgeComplaintRequest {
    LodgeComplaintRequest {
        request_id: request_id(),
        organization_id: organization.to_string(),
        party: None,
        statement: "收费高于公布的标准".to_owned(),
    }
}

pub(crate) async fn lodge(
    world: &World,
    request: LodgeComplaintRequest,
) -> Result<(String, String), Status> {
    let lodged = world
        .complaints(&Caller::public())
        .lodge_complaint(request)
        .await;
    let lodged = lodged?.into_inner();
    Ok((lodged.complaint_id, lodged.receipt_code))
}

pub(crate) async fn take_up(world: &World, officer: &Caller, id: &str) -> Result<String, Status> {
    let request = TakeUpComplaintRequest {
        request_id: request_id(),
        complaint_id: id.to_owned(),
    };
    let taken_up = world.complaints(officer).take_up_complaint(request).await?;
    Ok(taken_up.into_inner().due.unwrap_or_default().date)
}

async fn conclude(world: &World, id: &str, outcome: ComplaintOutcome) -> Result<(), Status> {
    let request = ConcludeComplaintRequest {
        request_id: request_id(),
        complaint_id: id.to_owned(),
        outcome: outcome.into(),
        reason: "查实两人多收费用，已责令退还".to_owned(),
    };
    let concluded = world
        .complaints(&first_officer())
        .conclude_complaint(request)
        .await;
    concluded.map(|_| ())
}

async fn track(world: &World, code: &str) -> common::TrackInquiryResponse {
    let receipt_code = code.to_owned();
    let request = common::TrackInquiryRequest { receipt_code };
    let tracked = world
        .inquiries(&Caller::public())
        .track_inquiry(request)
        .await;
    tracked.expect("its own").into_inner()
}

#[tokio::test]
async fn a_complaint_is_taken_up_looked_into_and_answered() {
    let world = World::start().await;
    let organization = organization(&world).await;
    let (id, code) = lodge(&world, complaint(organization)).await.expect("taken");
    assert_eq!(
        track(&world, &code).await.state(),
        common::InquiryState::Received
    );
    let hasty = find(&world, &first_officer(), &id).await;
    assert_eq!(refused(hasty), ["INQUIRY_NOT_TAKEN_UP"]);
    let elsewhere = take_up(&world, &province(), &id).await;
    assert_eq!(refused(elsewhere), ["INQUIRY_CENTRE_FOREIGN"]);
    let due = take_up(&world, &first_officer(), &id)
        .await
        .expect("its own");
    assert!(due.as_str() > "2020-05-18");
    let again = take_up(&world, &first_officer(), &id).await;
    assert_eq!(refused(again), ["INQUIRY_TAKEN_UP"]);

    let substantiated = ComplaintOutcome::Substantiated;
    let empty = conclude(&world, &id, substantiated).await;
    assert_eq!(refused(empty), ["INQUIRY_WITHOUT_FINDING"]);
    find(&world, &first_officer(), &id).await.expect("found");
    let aimless = conclude(&world, &id, ComplaintOutcome::Unspecified).await;
    assert_eq!(refused(aimless), ["COMPLAINT_OUTCOME_MISSING"]);
    conclude(&world, &id, substantiated).await.expect("closed");
    let tracked = track(&world, &code).await;
    assert_eq!(tracked.state(), common::InquiryState::Closed);
    assert_eq!(tracked.outcome, "查实两人多收费用，已责令退还");
    let stored: String = sqlx::query_scalar("select outcome from complaint")
        .fetch_one(&world.platform.pool)
        .await
        .expect("read");
    assert_eq!(stored, "substantiated");

    let staff = clerk("clerk-2", organization);
    let request = common::GetInquiryRequest { inquiry_id: id };
    let accused = world.inquiries(&staff).get_inquiry(request).await;
    assert_eq!(
        refused(accused),
        ["INQUIRY_NOT_FOUND"],
        "it was never asked"
    );
}

#[tokio::test]
async fn a_complaint_is_declined_with_a_reason_that_is_told() {
    let world = World::start().await;
    let organization = organization(&world).await;
    let (id, code) = lodge(&world, complaint(organization)).await.expect("taken");
    let decline = |reason: &str| DeclineComplaintRequest {
        request_id: request_id(),
        complaint_id: id.clone(),
        reason: reason.to_owned(),
    };
    let silent = world
        .complaints(&first_officer())
        .decline_complaint(decline(" "))
        .await;
    assert_eq!(refused(silent), ["FIELD_REQUIRED"]);
    let declined = world
        .complaints(&first_officer())
        .decline_complaint(decline("不属于受理范围"))
        .await;
    declined.expect("declined");
    assert_eq!(track(&world, &code).await.outcome, "不属于受理范围");
    let late = take_up(&world, &first_officer(), &id).await;
    assert_eq!(refused(late), ["INQUIRY_CLOSED"]);
}

#[tokio::test]
async fn a_complaint_is_about_an_evaluation_organisation_and_by_a_whole_person_or_nobody() {
    let world = World::start().await;
    let stranger = world.college();
    let unknown = lodge(&world, complaint(stranger)).await;
    assert_eq!(refused(unknown), ["COMPLAINT_ORGANIZATION_NOT_FOUND"]);
    let mut half = complaint(organization(&world).await);
    half.organization_id = "org".to_owned();
    half.party = Some(common::Party {
        phone: "１９９００００７６５４".to_owned(),
        ..Default::default()
    });
    half.statement = "字".repeat(2001);
    let half = refused(lodge(&world, half).await);
    assert_eq!(
        half,
        [
            "ID_PREFIX",
            "PERSON_NAME_EMPTY",
            "CITIZEN_ID_LENGTH",
            "FIELD_TOO_LONG"
        ]
    );
}

#[tokio::test]
async fn the_centre_enters_what_came_by_telephone() {
    let world = World::start().await;
    let organization = organization(&world).await;
    let recorded = |received_on: &str| RecordComplaintRequest {
        request_id: request_id(),
        organization_id: organization.to_string(),
        party: None,
        statement: "来电反映考务混乱".to_owned(),
        channel: common::InquiryChannel::Telephone.into(),
        received_on: received_on.to_owned(),
    };
    let ahead = world
        .complaints(&first_officer())
        .record_complaint(recorded("2020-05-19"))
        .await;
    assert_eq!(refused(ahead), ["INQUIRY_RECEIVED_IN_FUTURE"]);
    let elsewhere = world
        .complaints(&province())
        .record_complaint(recorded("2020-05-18"))
        .await;
    assert_eq!(refused(elsewhere), ["INQUIRY_CENTRE_FOREIGN"]);
    let unknown = world
        .complaints(&city_officer("jinan", "370100"))
        .record_complaint(recorded("2020-05-18"))
        .await;
    assert_eq!(refused(unknown), ["COMPLAINT_ORGANIZATION_NOT_FOUND"]);
    let entered = world
        .complaints(&first_officer())
        .record_complaint(recorded("2020-05-15"))
        .await;
    entered.expect("entered");
    // Nobody is kept from complaining of the same again.
    let entered = world
        .complaints(&first_officer())
        .record_complaint(recorded("2020-05-15"))
        .await;
    entered.expect("entered");
}

#[tokio::test]
async fn a_measure_follows_from_a_complaint_that_is_so() {
    let world = World::start().await;
    let organization = organization(&world).await;
    let propose = async |origin: &str| {
        let request = ProposeMeasureRequest {
            request_id: request_id(),
            organization_id: organization.to_string(),
            origin_id: origin.to_owned(),
            kind: common::MeasureKind::Talk.into(),
            grounds: vec![common::MeasureGround::UnlawfulFees.into()],
            reason: "多收费用".to_owned(),
            effective_on: "2020-05-18".to_owned(),
            ..Default::default()
        };
        let mut centre = world.measures(&first_officer());
        centre.propose_measure(request).await
    };
    for (outcome, expected) in [
        (
            ComplaintOutcome::Unsubstantiated,
            Some("MEASURE_ORIGIN_UNFOUNDED"),
        ),
        (ComplaintOutcome::PartlySubstantiated, None),
    ] {
        let (id, _) = lodge(&world, complaint(organization)).await.expect("taken");
        let early = propose(&id).await;
        assert_eq!(
            refused(early),
            ["MEASURE_ORIGIN_UNFOUNDED"],
            "not closed yet"
        );
        take_up(&world, &first_officer(), &id)
            .await
            .expect("its own");
        find(&world, &first_officer(), &id).await.expect("found");
        conclude(&world, &id, outcome).await.expect("closed");
        let proposed = propose(&id).await;
        match expected {
            Some(code) => assert_eq!(refused(proposed), [code]),
            None => assert!(proposed.is_ok()),
        }
    }
    let unknown = propose("cmp_00000000000000000000000000").await;
    assert_eq!(refused(unknown), ["MEASURE_ORIGIN_NOT_FOUND"]);
}

#[tokio::test]
async fn a_desk_is_not_buried_from_one_address() {
    let world = World::start().await;
    let organization = organization(&world).await;
    let mut lodged = 0;
    let refusal = loop {
        match lodge(&world, complaint(organization)).await {
            Ok(_) => lodged += 1,
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(codes(&refusal), ["LODGED_TOO_OFTEN"]);
    assert_eq!(lodged, 60, "as the setting says");
    let tracked = common::TrackInquiryRequest {
        receipt_code: "0000-0000-0000-0000-0000".to_owned(),
    };
    let mut anybody = world.inquiries(&Caller::public());
    let answer = anybody.track_inquiry(tracked).await;
    assert_eq!(refused(answer), ["INQUIRY_RECEIPT_UNKNOWN"]);
    // Who has a name goes on.
    let mut officer = world.complaints(&first_officer());
    let lodged = officer.lodge_complaint(complaint(organization)).await;
    lodged.expect("known by a token");
}
