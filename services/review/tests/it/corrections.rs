//! Saving, giving back by field, withdrawing, and deciding not to select.

use platform::testing::city_officer;
use proto::registry::v1::{Affiliation, BodyKind};
use proto::review::v1::*;
use tonic::{Code, Status};

use crate::scenes::{Filing, PDF, draft, first_officer, second_officer};
use crate::setup::{World, codes, fields, refused, request_id};
use crate::stages::{organization, round_of_documents};

fn saving(
    filing: &Filing,
    change: impl FnOnce(&mut CreateApplicationRequest),
) -> SaveApplicationRequest {
    let mut filled = draft(organization(filing));
    change(&mut filled);
    SaveApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        basic_form: filled.basic_form,
        work_plan: filled.work_plan,
        ..SaveApplicationRequest::default()
    }
}

async fn save(world: &World, filing: &Filing, safeguards: &str) -> Result<Application, Status> {
    let request = saving(filing, |request| {
        let plan = request.work_plan.as_mut().expect("a plan");
        safeguards.clone_into(&mut plan.safeguards);
    });
    let saved = world
        .applications(&filing.clerk)
        .save_application(request)
        .await?;
    Ok(saved.into_inner().application.expect("it"))
}

pub(crate) fn returning(filing: &Filing, paths: &[&str]) -> ReturnApplicationRequest {
    let field = |path: &&str| FieldReturn {
        path: (*path).to_owned(),
        reason: "请写明经费来源".to_owned(),
    };
    ReturnApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        fields: paths.iter().map(field).collect(),
        ..ReturnApplicationRequest::default()
    }
}

#[tokio::test]
async fn a_draft_is_saved_anew_and_reads_as_it_was_saved() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let saved = save(&world, &filing, "经费由举办单位全额保障")
        .await
        .expect("a draft");
    assert_eq!(saved.version, 2);
    let read = world.whole(&filing.clerk, &filing).await;
    let plan = read.work_plan.expect("a plan");
    assert_eq!(plan.safeguards, "经费由举办单位全额保障");
    let forms: i64 = sqlx::query_scalar("select count(*) from form")
        .fetch_one(&world.platform.pool)
        .await
        .expect("a count");
    assert_eq!(forms, 1, "what a draft said before is gone");
}

#[tokio::test]
async fn a_form_is_saved_as_it_is_and_its_round_is_one_of_its_authority() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let request = saving(&filing, |request| {
        let form = request.basic_form.as_mut().expect("a form");
        form.contact_phone.clear();
        form.integrity_pledge = false;
        request.work_plan = None;
    });
    let mut applicant = world.applications(&filing.clerk);
    applicant.save_application(request).await.expect("a draft");
    let before = world.traces().await;
    let mut unreadable = saving(&filing, |_| {});
    "rnd_x".clone_into(&mut unreadable.round_id);
    let answer = applicant.save_application(unreadable).await;
    assert_eq!(refused(answer), ["ID_BODY"]);
    let mut elsewhere = saving(&filing, |_| {});
    elsewhere.round_id = crate::scenes::first_round("370100");
    let answer = applicant.save_application(elsewhere).await;
    assert_eq!(refused(answer), ["ROUND_OF_ANOTHER_AUTHORITY"]);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn a_document_given_back_is_replaced_or_taken_out() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let removing = |document: DocumentKind| RemoveMaterialRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        document: document.into(),
        version: 0,
    };
    let mut applicant = world.applications(&filing.clerk);
    let pledge = DocumentKind::IntegrityPledge;
    let answer = applicant.remove_material(removing(pledge)).await;
    assert_eq!(refused(answer), ["APPLICATION_STATE"]);
    let returning = ReturnApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        materials: vec![MaterialReturn {
            document: pledge.into(),
            reason: "承诺书未盖章".to_owned(),
        }],
        ..ReturnApplicationRequest::default()
    };
    let mut centre = world.applications(&first_officer());
    centre
        .return_application(returning)
        .await
        .expect("handed in");
    // The report suffices, and the pledge that was found fault with is there all the same.
    let report = DocumentKind::CreditReport;
    world
        .upload(&filing, report, PDF)
        .await
        .expect("given back");
    let answer = world.submit(&filing).await;
    assert_eq!(refused(answer), ["MATERIAL_NOT_CORRECTED"]);
    applicant
        .remove_material(removing(pledge))
        .await
        .expect("there");
    let answer = applicant.remove_material(removing(pledge)).await;
    assert_eq!(refused(answer), ["MATERIAL_NOT_FOUND"]);
    world.submit(&filing).await.expect("corrected");
    let seen = world.whole(&first_officer(), &filing).await.materials;
    assert!(seen.iter().all(|material| material.document() != pledge));
    let kept: i64 = sqlx::query_scalar("select count(*) from material where document = $1")
        .bind("integrity_pledge")
        .fetch_one(&world.platform.pool)
        .await
        .expect("a count");
    assert_eq!(kept, 1, "what was handed in is kept");
}

#[tokio::test]
async fn a_scan_signed_before_annex_one_changed_is_signed_anew() {
    let world = World::start().await;
    let filing = world.completed(world.drafted().await).await;
    let request = saving(&filing, |request| {
        let form = request.basic_form.as_mut().expect("a form");
        form.occupations[0].persons_evaluated += 1;
    });
    let mut applicant = world.applications(&filing.clerk);
    applicant.save_application(request).await.expect("a draft");
    let status = world.submit(&filing).await.err().expect("signed before");
    assert_eq!(codes(&status), ["SIGNED_FORM_OUTDATED"]);
    assert_eq!(fields(&status), ["materials.signed_basic_form"]);
    let signed = DocumentKind::SignedBasicForm;
    world.upload(&filing, signed, PDF).await.expect("a draft");
    world.submit(&filing).await.expect("signed anew");
}

#[tokio::test]
async fn fields_are_given_back_with_reasons_and_corrected_before_it_is_handed_in() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let paths = ["work_plan.safeguards", "basic_form.contact_phone"];
    let mut centre = world.applications(&first_officer());
    let returned = centre.return_application(returning(&filing, &paths)).await;
    let returned = returned.expect("under assessment").into_inner().application;
    assert!(returned.expect("it").state() == ApplicationState::Returned);
    let seen = world.whole(&filing.clerk, &filing).await.returned_fields;
    assert_eq!(seen[1].path, "work_plan.safeguards");
    assert_eq!(seen[1].reason, "请写明经费来源");
    assert!(seen.iter().all(|field| !field.corrected));

    let status = world
        .submit(&filing)
        .await
        .err()
        .expect("nothing was changed");
    assert_eq!(codes(&status), ["FIELD_NOT_CORRECTED"; 2]);
    assert_eq!(fields(&status), [paths[1], paths[0]]);
    // Saved, and one field of the two is another.
    save(&world, &filing, "经费由举办单位全额保障")
        .await
        .expect("given back");
    let status = world.submit(&filing).await.err().expect("one is left");
    assert_eq!(fields(&status), [paths[1]]);
    let request = saving(&filing, |request| {
        let plan = request.work_plan.as_mut().expect("a plan");
        "经费由举办单位全额保障".clone_into(&mut plan.safeguards);
        let form = request.basic_form.as_mut().expect("a form");
        "0631-0000002".clone_into(&mut form.contact_phone);
    });
    let mut applicant = world.applications(&filing.clerk);
    applicant
        .save_application(request)
        .await
        .expect("given back");
    let answer = world.submit(&filing).await;
    assert_eq!(refused(answer), ["SIGNED_FORM_OUTDATED"]);
    let signed = DocumentKind::SignedBasicForm;
    world
        .upload(&filing, signed, PDF)
        .await
        .expect("given back");
    let application = world.submit(&filing).await.expect("corrected");
    assert!(application.state() == ApplicationState::Submitted);
    let seen = world.whole(&first_officer(), &filing).await.returned_fields;
    assert!(seen.iter().all(|field| field.corrected));
    let kept: i64 = sqlx::query_scalar("select count(*) from form")
        .fetch_one(&world.platform.pool)
        .await
        .expect("a count");
    assert_eq!(kept, 3, "what was handed in, and what was saved since");
}

#[tokio::test]
async fn a_field_of_the_head_is_given_back_and_corrected_where_the_body_is_enrolled() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let path = "applicant.affiliation";
    let mut centre = world.applications(&first_officer());
    let answer = centre.return_application(returning(&filing, &["applicant.x"]));
    assert_eq!(refused(answer.await), ["FIELD_PATH_UNKNOWN"]);
    let returned = centre.return_application(returning(&filing, &[path])).await;
    returned.expect("under assessment");
    let status = world.submit(&filing).await.err().expect("as it was");
    assert_eq!(codes(&status), ["FIELD_NOT_CORRECTED"]);
    assert_eq!(fields(&status), [path]);
    world.registry.enroll(
        organization(&filing),
        BodyKind::TechnicianCollege,
        Affiliation::Provincial,
        "371000",
    );
    let answer = world.submit(&filing).await;
    assert_eq!(refused(answer), ["SIGNED_FORM_OUTDATED"]);
    let signed = DocumentKind::SignedBasicForm;
    world
        .upload(&filing, signed, PDF)
        .await
        .expect("given back");
    world.submit(&filing).await.expect("corrected");
    let seen = world.whole(&first_officer(), &filing).await.returned_fields;
    assert!(seen.iter().all(|field| field.corrected));
    let told: Vec<String> = sqlx::query_scalar(
        "select kind from platform.fact where published_version is not null order by version",
    )
    .fetch_all(&world.platform.pool)
    .await
    .expect("facts");
    let moves = [
        "application_submitted",
        "application_returned",
        "application_submitted",
    ];
    assert_eq!(told, moves, "the registry leaves what is assessed as it is");
}

#[tokio::test]
async fn only_fields_of_the_annexes_are_given_back_and_each_once() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let before = world.traces().await;
    let mut centre = world.applications(&first_officer());
    let paths = ["basic_form.occupations[1]", "work_plan.other", "request_id"];
    let answer = centre.return_application(returning(&filing, &paths)).await;
    let status = answer.err().expect("two are none");
    assert_eq!(codes(&status), ["FIELD_PATH_UNKNOWN"; 2]);
    assert_eq!(fields(&status), ["fields[0].path", "fields[2].path"]);
    let twice = returning(&filing, &["work_plan.other", "work_plan.other", " "]);
    let status = centre.return_application(twice).await.err().expect("twice");
    assert_eq!(codes(&status), ["FIELD_REQUIRED", "FIELD_RETURNED_TWICE"]);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn of_two_who_saw_the_same_version_one_is_told_that_it_changed() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let version = world.whole(&first_officer(), &filing).await.version;
    let request = |path| ReturnApplicationRequest {
        version,
        ..returning(&filing, &[path])
    };
    let (first, second) = (first_officer(), second_officer());
    let (mut one, mut other) = (world.applications(&first), world.applications(&second));
    let (one, other) = tokio::join!(
        one.return_application(request("work_plan.other")),
        other.return_application(request("work_plan.safeguards")),
    );
    let late = if one.is_ok() { other } else { one };
    let status = late.err().expect("the other one was faster");
    assert_eq!(codes(&status), ["APPLICATION_CHANGED"]);
    assert_eq!(status.code(), Code::Aborted);
}

#[tokio::test]
async fn what_was_handed_in_stays_in_its_round_and_its_form_as_it_is() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let late = save(&world, &filing, "其他").await;
    assert_eq!(refused(late), ["APPLICATION_STATE"]);
    let round = world.open_round(round_of_documents("2020-05-18")).await;
    let mut centre = world.applications(&first_officer());
    let returned = centre
        .return_application(returning(&filing, &["work_plan.other"]))
        .await;
    returned.expect("under assessment");
    let mut moved = saving(&filing, |_| {});
    moved.round_id = round.expect("good days").round_id;
    let answer = world
        .applications(&filing.clerk)
        .save_application(moved)
        .await;
    assert_eq!(refused(answer), ["ROUND_FIXED"]);
    let stranger = world.drafted().await.clerk;
    let foreign = world
        .applications(&stranger)
        .save_application(saving(&filing, |_| {}))
        .await;
    assert_eq!(refused(foreign), ["APPLICATION_NOT_FOUND"]);
}

fn withdrawing(filing: &Filing) -> WithdrawApplicationRequest {
    WithdrawApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        version: 0,
    }
}

#[tokio::test]
async fn who_withdraws_ends_the_public_notice_and_may_apply_again() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    let shown = world.confirm(&second_officer(), &filing, &proposal).await;
    let shown = shown.expect("another person");
    let mut applicant = world.applications(&filing.clerk);
    let withdrawn = applicant.withdraw_application(withdrawing(&filing)).await;
    let withdrawn = withdrawn.expect("not final").into_inner().application;
    assert!(withdrawn.expect("it").state() == ApplicationState::Withdrawn);
    let request = GetPublicNoticeRequest {
        public_notice_id: shown.public_notice_id,
    };
    let public = platform::access::Caller::public();
    let notice = world.selections(&public).get_public_notice(request).await;
    let notice = notice
        .expect("everybody's")
        .into_inner()
        .public_notice
        .expect("it");
    assert!(notice.concluded);
    let again = applicant.withdraw_application(withdrawing(&filing)).await;
    assert_eq!(refused(again), ["APPLICATION_STATE"]);
    let anew = world
        .drafted_as(organization(&filing), |_| {})
        .await
        .expect("free again");
    let anew = world.completed(anew).await;
    world.submit(&anew).await.expect("nothing is undecided");
}

#[tokio::test]
async fn a_draft_that_is_withdrawn_was_never_seen_by_anybody_else() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let mut applicant = world.applications(&filing.clerk);
    let withdrawn = applicant.withdraw_application(withdrawing(&filing)).await;
    withdrawn.expect("a draft");
    let request = GetApplicationRequest {
        application_id: filing.id.clone(),
    };
    let answer = world
        .applications(&first_officer())
        .get_application(request)
        .await;
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
}

#[tokio::test]
async fn two_persons_decide_not_to_select_and_the_applicant_is_told_why() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let selection = world.propose(&filing).await.expect("passed");
    let request = ProposeRejectionRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        reason: "实训设备不能满足考核要求".to_owned(),
        version: 0,
    };
    let mut centre = world.selections(&first_officer());
    let proposed = centre
        .propose_rejection(request)
        .await
        .expect("under assessment");
    let proposal = proposed.into_inner().proposal.expect("it");
    // One decision waits for its second person.
    let stale = world.confirm(&second_officer(), &filing, &selection).await;
    assert_eq!(refused(stale), ["PROPOSAL_NOT_FOUND"]);
    let request = || ConfirmRejectionRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        confirmation: Some(proto::common::v1::Confirmation {
            proposal_id: proposal.proposal_id.clone(),
            content_hash: proposal.content_hash.clone(),
        }),
    };
    assert_eq!(
        refused(centre.confirm_rejection(request()).await),
        ["SAME_PERSON"]
    );
    let jinan = city_officer("jinan-1", "370100");
    let foreign = world.selections(&jinan).confirm_rejection(request()).await;
    assert_eq!(refused(foreign), ["APPLICATION_NOT_FOUND"]);
    let mut second = world.selections(&second_officer());
    second
        .confirm_rejection(request())
        .await
        .expect("another person");
    let told = world.whole(&filing.clerk, &filing).await;
    assert!(told.state() == ApplicationState::Rejected);
    let rejection = told.rejection.expect("a reason");
    assert_eq!(rejection.reason, "实训设备不能满足考核要求");
    assert_eq!(rejection.decided_on, "2020-05-18");
    let anew = world
        .drafted_as(organization(&filing), |_| {})
        .await
        .expect("free again");
    let anew = world.completed(anew).await;
    world.submit(&anew).await.expect("nothing is undecided");
}
