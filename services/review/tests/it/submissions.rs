//! Drafts, which are kept as they are written, and what is refused when they are handed in.

use std::sync::atomic::Ordering;

use kernel::ids::OrganizationId;
use platform::testing::{clerk, free_port};
use proto::common::v1::Level;
use proto::registry::v1::{Affiliation, BodyKind};
use proto::review::v1::*;
use review::domain::refusal::ResourceRejection;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::registry::FakeRegistry;
use crate::scenes::{Filing, PDF, applied, draft, electrician, first_round, header, scope};
use crate::setup::{World, codes, fields, refused};

pub(crate) async fn create(
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

/// Opens a draft and hands it in as it is, without any material.
pub(crate) async fn hand_in(
    world: &World,
    request: CreateApplicationRequest,
) -> Result<Application, Box<Status>> {
    let organization = OrganizationId::parse(&request.organization_id).expect("an id");
    let clerk = clerk("clerk-1", organization);
    let id = create(world, request).await?.application_id;
    Ok(world.submit(&Filing { clerk, id }).await?)
}

/// What a refusal says of the annexes, field by field; materials and resources are others' tests.
pub(crate) fn of_the_annexes(status: &Status) -> Vec<(String, String)> {
    let told = fields(status).into_iter().zip(codes(status));
    let others = ResourceRejection::CODES;
    let told = told.filter(|(field, code)| {
        !field.starts_with("materials.") && !others.contains(&code.as_str())
    });
    told.collect()
}

/// What is said against a draft: when it is opened, or of its annexes when it is handed in.
pub(crate) async fn said_against(world: &World, drafted: Result<Filing, Status>) -> Vec<String> {
    let filing = match drafted {
        Ok(filing) => filing,
        Err(status) => return codes(&status),
    };
    let status = world.submit(&filing).await.err().expect("no material");
    let told = of_the_annexes(&status).into_iter();
    told.map(|(_, code)| code).collect()
}

/// A draft is taken as it is, and handing it in is refused with these codes at the fields that are
/// given back; nothing is left of that.
async fn refuses(
    change: impl FnOnce(&mut CreateApplicationRequest),
    expected: &[&str],
) -> Vec<String> {
    let world = World::start().await;
    let filing = world.drafted_as(world.college(), change).await;
    let filing = filing.expect("a draft is kept as it is written");
    let before = world.traces().await;
    let status = world.submit(&filing).await.err().expect("to be refused");
    let (fields, codes): (Vec<_>, Vec<_>) = of_the_annexes(&status).into_iter().unzip();
    assert_eq!(codes, expected);
    assert_eq!(world.traces().await, before, "a refusal leaves no trace");
    fields
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
    let fields = refuses(change, &["TOO_MANY_OCCUPATIONS"]).await;
    assert_eq!(fields, ["basic_form.occupations"]);
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
async fn an_unknown_and_an_access_type_occupation_are_refused_each_by_its_name() {
    let change = |request: &mut CreateApplicationRequest| {
        let rows = ["6-31-01-03", "8-00-00-01", "7-01-01-01"];
        form(request).occupations = rows
            .map(|code| applied(scope(code, &[Level::Five])))
            .to_vec();
    };
    let expected = ["OCCUPATION_UNKNOWN", "OCCUPATION_ACCESS_TYPE"];
    let fields = refuses(change, &expected).await;
    assert_eq!(
        fields,
        [
            "basic_form.occupations[1].scope.occupation",
            "basic_form.occupations[2].scope.occupation"
        ]
    );
}

#[tokio::test]
async fn an_occupation_is_applied_for_under_the_edition_in_force() {
    let change = |request: &mut CreateApplicationRequest| {
        let mut before = electrician();
        let occupation = before.occupation.as_mut();
        occupation.expect("an occupation").edition = 1999;
        form(request).occupations = vec![applied(before)];
    };
    let expected = [
        "OCCUPATION_EDITION_NOT_IN_FORCE",
        "OCCUPATION_WITHOUT_MAJOR",
    ];
    refuses(change, &expected).await;
}

#[tokio::test]
async fn every_field_that_is_missing_is_told_at_once() {
    let change = |request: &mut CreateApplicationRequest| {
        request.basic_form = None;
        request.work_plan = None;
    };
    let mut expected = vec!["FIELD_REQUIRED"; 18];
    expected.push("PLEDGE_MISSING");
    let fields = refuses(change, &expected).await;
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
            request.round_id = first_round(division);
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
        round_id: first_round("370000"),
        ..draft(organization)
    };
    let status = hand_in(&world, request).await.err().expect("no material");
    assert_eq!(of_the_annexes(&status), []);
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
    assert_eq!(world.traces().await, 0);
    let unknown = OrganizationId::from_uuid(Uuid::now_v7());
    let answer = hand_in(&world, draft(unknown)).await;
    assert_eq!(
        codes(&answer.err().expect("not enrolled")),
        ["APPLICANT_NOT_FOUND"]
    );
}

#[tokio::test]
async fn a_registry_that_does_not_answer_keeps_nobody_from_writing_and_is_never_a_yes() {
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    let alone = World::with_registry(FakeRegistry::default(), &nowhere).await;
    alone.completed(alone.drafted().await).await;
    let world = World::start().await;
    let filing = world.completed(world.drafted().await).await;
    world.registry.go_away();
    let before = world.traces().await;
    let status = world.submit(&filing).await.err().expect("nobody answers");
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn a_signed_form_of_nobody_knows_whom_is_kept_and_handed_in_once_it_is_there_again() {
    let world = World::start().await;
    let filing = world.completed(world.drafted().await).await;
    let signed = DocumentKind::SignedBasicForm;
    world.registry.away.store(true, Ordering::Relaxed);
    let again = header(&filing, signed);
    let kept = world.upload_with(&filing.clerk, again.clone(), PDF).await;
    let kept = kept.expect("kept").material_id;
    let repeated = world.upload_with(&filing.clerk, again, PDF).await;
    assert_eq!(repeated.expect("as before").material_id, kept);
    world.registry.away.store(false, Ordering::Relaxed);
    let status = world.submit(&filing).await.err().expect("of whom is it");
    assert_eq!(codes(&status), ["SIGNED_FORM_OUTDATED"]);
    let uploaded = world.upload(&filing, signed, PDF).await;
    uploaded.expect("the registry is there");
    world.submit(&filing).await.expect("complete");
}

#[tokio::test]
async fn half_a_form_is_kept_and_reads_as_it_was_written() {
    let world = World::start().await;
    let written = BasicForm {
        contact_name: " 联系示例 ".to_owned(),
        occupations: vec![AppliedOccupation::default()],
        conditions: Some(basic_form::Conditions::Enterprise(EnterpriseConditions {
            valid_from: "2019-7".to_owned(),
            ..EnterpriseConditions::default()
        })),
        ..BasicForm::default()
    };
    let half = |request: &mut CreateApplicationRequest| {
        request.basic_form = Some(written.clone());
        request.work_plan = None;
    };
    let filing = world.drafted_as(world.college(), half).await;
    let filing = filing.expect("kept");
    let read = world.whole(&filing.clerk, &filing).await;
    assert!(read.basic_form == Some(written));
    assert!(read.work_plan == Some(WorkPlan::default()));
    let facts: String =
        sqlx::query_scalar("select string_agg(payload::text, '') from platform.fact")
            .fetch_one(&world.platform.pool)
            .await
            .expect("facts");
    assert!(!facts.contains("联系示例"), "people are in no fact");
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
async fn the_same_occupation_twice_is_refused() {
    let change = |request: &mut CreateApplicationRequest| {
        form(request).occupations = vec![applied(electrician()), applied(electrician())];
    };
    refuses(change, &["OCCUPATION_TWICE"]).await;
}

#[tokio::test]
async fn a_level_and_an_occupation_that_are_not_allowed_are_told_at_once() {
    let change = |request: &mut CreateApplicationRequest| {
        let second = scope("7-01-01-01", &[Level::Five]);
        form(request).occupations =
            vec![applied(scope("6-31-01-03", &[Level::Two])), applied(second)];
        form(request).integrity_pledge = false;
    };
    let expected = [
        "LEVEL_NOT_IN_PILOT",
        "OCCUPATION_ACCESS_TYPE",
        "PLEDGE_MISSING",
    ];
    refuses(change, &expected).await;
}

#[tokio::test]
async fn what_the_notice_forbids_is_told_with_the_faults_of_the_form() {
    let change = |request: &mut CreateApplicationRequest| {
        request.work_plan.as_mut().expect("a plan").overall_plan = "甲\0".to_owned();
        let two = || applied(scope("6-31-01-03", &[Level::Two]));
        let nameless = AppliedOccupation::default();
        form(request).occupations = vec![two(), nameless, two()];
    };
    let expected = [
        "FIELD_REQUIRED",
        "FIELD_REQUIRED",
        "FIELD_CHARACTERS",
        "LEVEL_NOT_IN_PILOT",
        "OCCUPATION_TWICE",
        "LEVEL_NOT_IN_PILOT",
    ];
    let fields = refuses(change, &expected).await;
    let field = "basic_form.occupations[2].scope".to_owned();
    assert!(fields.contains(&field));
}

#[tokio::test]
async fn what_the_registry_knows_is_told_with_all_the_rest() {
    let change = |request: &mut CreateApplicationRequest| {
        form(request).contact_name.clear();
        form(request).integrity_pledge = false;
        "370100".clone_into(&mut request.filing_division);
        request.round_id = first_round("370100");
        let unreadable = scope("x", &[Level::Two]);
        let rows = ["6-31-01-03", "8-00-00-01", "7-01-01-01", "6-18-02-04"];
        let mut rows = rows
            .map(|code| applied(scope(code, &[Level::Five])))
            .to_vec();
        rows.push(applied(unreadable));
        form(request).occupations = rows;
    };
    let expected = [
        "OCCUPATION_CODE_SHAPE",
        "FIELD_REQUIRED",
        "OCCUPATION_UNKNOWN",
        "OCCUPATION_ACCESS_TYPE",
        "LEVEL_NOT_IN_PILOT",
        "PLEDGE_MISSING",
        "TOO_MANY_OCCUPATIONS",
        "FILING_DIVISION_NOT_ALLOWED",
    ];
    refuses(change, &expected).await;
}

#[tokio::test]
async fn a_registry_that_is_away_hides_no_fault_of_the_form() {
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    let world = World::with_registry(FakeRegistry::default(), &nowhere).await;
    let mut request = draft(world.college());
    form(&mut request).integrity_pledge = false;
    form(&mut request).staff.clear();
    let status = hand_in(&world, request).await.err().expect("two faults");
    assert_eq!(codes(&status), ["FIELD_REQUIRED", "PLEDGE_MISSING"]);
}

#[tokio::test]
async fn a_name_is_one_line_of_which_everything_is_seen() {
    let change = |request: &mut CreateApplicationRequest| {
        form(request).contact_name = "甲\n乙".to_owned();
        form(request).contact_position = "主任\u{202e}".to_owned();
        form(request).occupations[0].scope = Some(proto::common::v1::OccupationScope {
            trade: "\0电工".to_owned(),
            ..electrician()
        });
        form(request).strengths = "一行\n又一行".to_owned();
    };
    refuses(change, &["FIELD_CHARACTERS"; 3]).await;
}

#[tokio::test]
async fn a_telephone_a_mail_and_numbers_are_what_they_can_be() {
    let change = |request: &mut CreateApplicationRequest| {
        form(request).contact_phone = "０６３１５１９００００".to_owned();
        form(request).contact_email = "abc".to_owned();
        form(request).occupations[0].experience_years = u32::MAX;
        form(request).occupations[0].persons_evaluated = u32::MAX;
    };
    let expected = [
        "NUMBER_TOO_LARGE",
        "NUMBER_TOO_LARGE",
        "PHONE_MALFORMED",
        "EMAIL_MALFORMED",
    ];
    let fields = refuses(change, &expected).await;
    let row = "basic_form.occupations[0]";
    assert_eq!(fields[0], format!("{row}.experience_years"));
    assert_eq!(fields[1], format!("{row}.persons_evaluated"));
}

#[tokio::test]
async fn a_list_is_looked_at_as_far_as_anybody_fills_one_in() {
    let change = |request: &mut CreateApplicationRequest| {
        form(request).occupations = vec![AppliedOccupation::default(); 51];
    };
    let fields = refuses(change, &["LIST_TOO_LONG"]).await;
    assert_eq!(fields, ["basic_form.occupations"]);
}

#[tokio::test]
async fn a_message_that_is_too_large_is_not_read() {
    let world = World::start().await;
    let mut request = draft(world.college());
    form(&mut request).strengths = "长".repeat(400_000);
    let status = create(&world, request).await.err().expect("too large");
    assert_eq!(codes(&status), ["MESSAGE_TOO_LARGE"]);
    assert_eq!(world.traces().await, 0);
}
