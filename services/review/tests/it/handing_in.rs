//! Handing in, and giving back for correction.

use platform::testing::city_officer;
use proto::review::v1::*;
use tonic::Code;

use crate::scenes::{DOCUMENTS, Filing, PDF, draft, first_officer};
use crate::setup::{World, codes, refused, request_id};
use crate::submissions::create;

#[tokio::test]
async fn an_organisation_has_one_undecided_application() {
    let world = World::start().await;
    let first = world.submitted().await;
    let organization = first.clerk.organization.expect("a clerk's");
    let second = create(&world, draft(organization))
        .await
        .expect("a draft is free");
    let second = Filing {
        clerk: first.clerk,
        id: second.application_id,
    };
    for document in DOCUMENTS {
        world.upload(&second, document, PDF).await.expect("taken");
    }
    assert_eq!(
        refused(world.submit(&second).await),
        ["APPLICATION_UNDECIDED"]
    );
    assert!(world.state(&second).await == ApplicationState::Draft);
}

#[tokio::test]
async fn every_missing_document_is_named() {
    let world = World::start().await;
    let filing = world.drafted().await;
    world
        .upload(&filing, DocumentKind::CreditReport, PDF)
        .await
        .expect("taken");
    let before = world.traces().await;
    let status = world
        .submit(&filing)
        .await
        .err()
        .expect("eleven are missing");
    assert_eq!(codes(&status), ["MATERIAL_MISSING"; 11]);
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn materials_are_given_back_with_a_reason_and_by_the_centre_alone() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let request = |reason: &str, document: DocumentKind| ReturnApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        materials: vec![MaterialReturn {
            document: document.into(),
            reason: reason.to_owned(),
        }],
        ..ReturnApplicationRequest::default()
    };
    let mut centre = world.applications(&first_officer());
    let status = centre
        .return_application(request(" ", DocumentKind::Unspecified))
        .await;
    let status = status.err().expect("neither group nor reason");
    assert_eq!(
        codes(&status),
        ["MATERIAL_DOCUMENT_UNKNOWN", "FIELD_REQUIRED"]
    );
    let by_clerk = request("不清晰", DocumentKind::ExaminerCards);
    let status = world
        .applications(&filing.clerk)
        .return_application(by_clerk)
        .await;
    assert_eq!(
        codes(&status.err().expect("a clerk")),
        ["METHOD_NOT_ALLOWED"]
    );
    let foreign = city_officer("jinan-1", "370100");
    let request = request("不清晰", DocumentKind::ExaminerCards);
    let status = world
        .applications(&foreign)
        .return_application(request)
        .await;
    assert_eq!(
        codes(&status.err().expect("another city")),
        ["APPLICATION_NOT_FOUND"]
    );
}
