//! Drafts and what is refused about them.

use kernel::ids::OrganizationId;
use platform::testing::{clerk, free_port};
use proto::common::v1::Level;
use proto::registry::v1::{Affiliation, BodyKind};
use proto::review::v1::*;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::registry::FakeRegistry;
use crate::scenes::{applied, draft, electrician, first_officer, scope};
use crate::setup::{World, codes, fields, refused, request_id};

async fn create(
    world: &World,
    request: CreateApplicationRequest,
) -> Result<Application, Box<Status>> {
    let organization = OrganizationId::parse(&request.organization_id).expect("an id");
    let clerk = clerk("clerk-1", organization);
    let answer = world
        .applications(&clerk)
        .create_application(request)
        .await?;
    Ok(answer.into_inner().application.expect("it"))
}

/// Refused with these codes, and nothing is left of it.
async fn refuses(change: impl FnOnce(&mut CreateApplicationRequest), expected: &[&str]) -> Status {
    let world = World::start().await;
    let mut request = draft(world.college());
    change(&mut request);
    let status = create(&world, request).await.err().expect("to be refused");
    assert_eq!(codes(&status), expected);
    assert_eq!(world.traces().await, 0, "a refusal leaves no trace");
    *status
}

fn form(request: &mut CreateApplicationRequest) -> &mut BasicForm {
    request.basic_form.as_mut().expect("a form")
}

#[tokio::test]
async fn a_fourth_occupation_is_refused() {
    let change = |request: &mut CreateApplicationRequest| {
        form(request).occupations = ["6-31-01-03", "6-18-02-04", "6-18-01-01", "4-03-02-01"]
            .map(|code| applied(scope(code, &[Level::Five])))
            .to_vec();
    };
    let status = refuses(change, &["TOO_MANY_OCCUPATIONS"]).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(fields(&status), ["basic_form.occupations"]);
}

#[tokio::test]
async fn level_two_is_refused() {
    let change = |request: &mut CreateApplicationRequest| {
        let scope = scope("6-31-01-03", &[Level::Three, Level::Two]);
        form(request).occupations = vec![applied(scope)];
    };
    refuses(change, &["LEVEL_NOT_IN_PILOT"]).await;
}

#[tokio::test]
async fn an_unknown_and_an_access_type_occupation_are_refused_with_the_registrys_reason() {
    let change = |request: &mut CreateApplicationRequest| {
        let rows = ["6-31-01-03", "8-00-00-01", "7-01-01-01"];
        form(request).occupations = rows
            .map(|code| applied(scope(code, &[Level::Five])))
            .to_vec();
    };
    let status = refuses(change, &["OCCUPATION_NOT_EVALUABLE"; 2]).await;
    assert_eq!(
        fields(&status),
        [
            "basic_form.occupations[1].scope.occupation",
            "basic_form.occupations[2].scope.occupation"
        ]
    );
    assert!(status.message().contains("OCCUPATION_UNKNOWN"));
}

#[tokio::test]
async fn every_field_that_is_missing_is_told_at_once() {
    let change = |request: &mut CreateApplicationRequest| {
        request.basic_form = None;
        request.work_plan = None;
    };
    let status = refuses(change, &["FIELD_REQUIRED"; 16]).await;
    let fields = fields(&status);
    for field in [
        "basic_form.contact_phone",
        "basic_form.occupations",
        "work_plan.safeguards",
    ] {
        assert!(fields.iter().any(|named| named == field), "{field}");
    }
}

#[tokio::test]
async fn without_the_pledge_there_is_no_application() {
    let change = |request: &mut CreateApplicationRequest| form(request).integrity_pledge = false;
    refuses(change, &["PLEDGE_MISSING"]).await;
}

#[tokio::test]
async fn a_city_body_files_in_no_other_city_and_not_with_the_province() {
    for division in ["370100", "370000"] {
        let change = |request: &mut CreateApplicationRequest| {
            division.clone_into(&mut request.filing_division);
        };
        refuses(change, &["FILING_DIVISION_NOT_ALLOWED"]).await;
    }
}

#[tokio::test]
async fn a_provincial_body_may_file_with_the_province() {
    let world = World::start().await;
    let organization = world.college();
    world.registry.enroll(
        organization,
        BodyKind::HigherEducation,
        Affiliation::Provincial,
        "371000",
    );
    let request = CreateApplicationRequest {
        filing_division: "370000".to_owned(),
        ..draft(organization)
    };
    let application = create(&world, request).await.expect("provincial");
    assert!(application.state() == ApplicationState::Draft);
}

#[tokio::test]
async fn nobody_applies_for_another_organisation_or_one_that_is_not_enrolled() {
    let world = World::start().await;
    let request = draft(world.college());
    let stranger = clerk("clerk-2", OrganizationId::from_uuid(Uuid::now_v7()));
    let answer = world
        .applications(&stranger)
        .create_application(request)
        .await;
    assert_eq!(refused(answer), ["APPLICANT_NOT_FOUND"]);
    let unknown = OrganizationId::from_uuid(Uuid::now_v7());
    let answer = create(&world, draft(unknown)).await;
    assert_eq!(
        codes(&answer.err().expect("not enrolled")),
        ["APPLICANT_NOT_FOUND"]
    );
    assert_eq!(world.traces().await, 0);
}

#[tokio::test]
async fn a_registry_that_does_not_answer_is_never_a_yes() {
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    let world = World::with_registry(FakeRegistry::default(), &nowhere).await;
    let status = create(&world, draft(world.college()))
        .await
        .err()
        .expect("nobody answers");
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(world.traces().await, 0);
}

#[tokio::test]
async fn asking_twice_is_asking_once_and_an_id_stands_for_one_content() {
    let world = World::start().await;
    let request = draft(world.college());
    let first = create(&world, request.clone()).await.expect("a draft");
    let again = create(&world, request.clone()).await.expect("the same");
    assert_eq!(first.application_id, again.application_id);
    let mut other = request;
    form(&mut other).occupations = vec![applied(scope("6-31-01-03", &[Level::Five]))];
    let status = create(&world, other).await.err().expect("another content");
    assert_eq!(codes(&status), ["REQUEST_ID_REUSED"]);
    assert_eq!(world.facts("application").await, ["application_drafted"]);
}

#[tokio::test]
async fn the_same_request_id_of_another_caller_is_another_request() {
    let world = World::start().await;
    let (one, other) = (world.college(), world.college());
    let first = draft(one);
    let second = CreateApplicationRequest {
        request_id: first.request_id.clone(),
        ..draft(other)
    };
    let mut applications = world.applications(&clerk("clerk-1", one));
    applications
        .create_application(first)
        .await
        .expect("a draft");
    let mut applications = world.applications(&clerk("clerk-2", other));
    applications
        .create_application(second)
        .await
        .expect("another draft");
}

#[tokio::test]
async fn an_organisation_hands_in_one_application() {
    let world = World::start().await;
    let first = world.submitted().await;
    let organization = first.clerk.organization.expect("a clerk's");
    let second = create(&world, draft(organization))
        .await
        .expect("a draft is free");
    let second = crate::scenes::Filing {
        clerk: first.clerk,
        id: second.application_id,
    };
    for group in crate::scenes::GROUPS {
        world
            .upload(&second, group, crate::scenes::PDF)
            .await
            .expect("taken");
    }
    assert_eq!(refused(world.submit(&second).await), ["APPLICATION_EXISTS"]);
    assert!(world.state(&second).await == ApplicationState::Draft);
}

#[tokio::test]
async fn every_missing_group_of_materials_is_named() {
    let world = World::start().await;
    let filing = world.drafted().await;
    world
        .upload(&filing, MaterialGroup::Credit, crate::scenes::PDF)
        .await
        .expect("taken");
    let before = world.traces().await;
    let status = world.submit(&filing).await.err().expect("five are missing");
    assert_eq!(codes(&status), ["MATERIAL_MISSING"; 5]);
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn materials_are_given_back_with_a_reason_and_by_the_centre_alone() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let request = |reason: &str, group: MaterialGroup| ReturnApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        materials: vec![MaterialReturn {
            group: group.into(),
            reason: reason.to_owned(),
        }],
    };
    let mut centre = world.applications(&first_officer());
    let status = centre
        .return_application(request(" ", MaterialGroup::Unspecified))
        .await;
    let status = status.err().expect("neither group nor reason");
    assert_eq!(codes(&status), ["MATERIAL_GROUP_UNKNOWN", "FIELD_REQUIRED"]);
    let by_clerk = request("不清晰", MaterialGroup::Staff);
    let status = world
        .applications(&filing.clerk)
        .return_application(by_clerk)
        .await;
    assert_eq!(
        codes(&status.err().expect("a clerk")),
        ["METHOD_NOT_ALLOWED"]
    );
    let foreign = platform::testing::city_officer("jinan-1", "370100");
    let request = request("不清晰", MaterialGroup::Staff);
    let status = world
        .applications(&foreign)
        .return_application(request)
        .await;
    assert_eq!(
        codes(&status.err().expect("another city")),
        ["APPLICATION_NOT_FOUND"]
    );
}

#[tokio::test]
async fn the_same_occupation_twice_is_refused() {
    let change = |request: &mut CreateApplicationRequest| {
        form(request).occupations = vec![applied(electrician()), applied(electrician())];
    };
    refuses(change, &["OCCUPATION_TWICE"]).await;
}
