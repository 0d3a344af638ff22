//! Assessment and decision: what is refused, and that two persons agree on one content.

use std::sync::atomic::Ordering;

use platform::testing::city_officer;
use proto::common::v1::{Confirmation, Level, Proposal};
use proto::registry::v1::{Affiliation, BodyKind};
use proto::review::v1::*;
use tonic::Code;

use crate::scenes::{Filing, first_officer, province, scope, second_officer, visit};
use crate::setup::{World, codes, fields, refused, request_id};
use crate::stages::organization;

#[tokio::test]
async fn a_visit_has_taken_place_and_by_two_people() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let mut centre = world.selections(&first_officer());
    let mut tomorrow = visit(&filing.id, "2020-05-19");
    tomorrow.visitor_numbers.pop();
    let status = centre
        .record_site_visit(tomorrow)
        .await
        .err()
        .expect("two faults");
    assert_eq!(codes(&status), ["SITE_VISIT_IN_FUTURE", "VISITORS_TOO_FEW"]);
    let early = visit(&filing.id, "2020-05-17");
    assert_eq!(
        refused(centre.record_site_visit(early).await),
        ["SITE_VISIT_BEFORE_APPLICATION"]
    );
    let everything = RecordSiteVisitRequest {
        application_id: String::new(),
        visitor_numbers: vec!["V1".to_owned()],
        findings: "\u{7}".to_owned(),
        ..visit(&filing.id, "2031-01-01")
    };
    let everything = centre.record_site_visit(everything).await;
    let expected = [
        "application_id",
        "visited_on",
        "visitor_numbers",
        "findings",
    ];
    assert_eq!(fields(&everything.err().expect("four faults")), expected);
    let nonsense = RecordSiteVisitRequest {
        findings: String::new(),
        ..visit(&filing.id, "18 May")
    };
    let status = centre
        .record_site_visit(nonsense)
        .await
        .err()
        .expect("two faults");
    assert_eq!(fields(&status), ["visited_on", "findings"]);
}

#[tokio::test]
async fn visitors_are_of_the_pools_and_have_nothing_to_do_with_the_applicant() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let visited_by = async |numbers: [&str; 2]| {
        let request = RecordSiteVisitRequest {
            visitor_numbers: numbers.map(str::to_owned).to_vec(),
            ..visit(&filing.id, "2020-05-18")
        };
        let mut centre = world.selections(&first_officer());
        centre.record_site_visit(request).await
    };
    world.registry.enlist_visitor("370100", "J1");
    let before = world.traces().await;
    let strangers = visited_by(["J1", "X9"]).await.err().expect("strangers");
    assert_eq!(codes(&strangers), ["VISITOR_UNKNOWN"; 2]);
    let expected = ["visitor_numbers[0]", "visitor_numbers[1]"];
    assert_eq!(fields(&strangers), expected);
    world.registry.tie("V2", organization(&filing));
    let status = visited_by(["V1", "V2"]).await.err().expect("works there");
    assert_eq!(codes(&status), ["VISITOR_CONFLICT"]);
    assert_eq!(fields(&status), ["visitor_numbers[1]"]);
    assert_eq!(world.traces().await, before);

    world.registry.enlist_visitor("370000", "P1");
    world.registry.enlist_expert("371000", "E1");
    visited_by(["e1", "P1"])
        .await
        .expect("an expert and the province's");
}

#[tokio::test]
async fn what_is_not_in_order_needs_a_remark_and_stops_the_selection() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let item = DocumentCheckItem {
        subject: "社会信用".to_owned(),
        ..DocumentCheckItem::default()
    };
    let request = RecordDocumentCheckRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        items: vec![item],
        version: 0,
    };
    let status = world
        .selections(&first_officer())
        .record_document_check(request)
        .await;
    assert_eq!(
        fields(&status.err().expect("no remark")),
        ["items[0].remark"]
    );
    assert!(!world.check(&filing, false).await.expect("recorded"));
    assert_eq!(
        refused(world.propose(&filing).await),
        ["ASSESSMENT_NOT_PASSED"]
    );
}

#[tokio::test]
async fn no_selection_without_assessments_and_none_beyond_the_application() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.judge_all(&filing).await;
    assert_eq!(
        refused(world.propose(&filing).await),
        ["ASSESSMENT_MISSING"; 3]
    );
    let filing = world.assessed().await;
    let request = ProposeSelectionRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        granted: vec![scope("6-31-01-03", &[Level::Five, Level::Three])],
        version: 0,
    };
    let status = world
        .selections(&first_officer())
        .propose_selection(request)
        .await;
    let status = status.err().expect("level three was not applied for");
    assert_eq!(codes(&status), ["GRANT_EXCEEDS_APPLICATION"]);
    assert_eq!(fields(&status), ["granted[0]"]);
}

#[tokio::test]
async fn nobody_confirms_their_own_proposal() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    let before = world.traces().await;
    let own = world.confirm(&first_officer(), &filing, &proposal).await;
    assert_eq!(refused(own), ["SAME_PERSON"]);
    assert_eq!(world.traces().await, before);
    assert!(world.state(&filing).await == ApplicationState::DecisionProposed);
    world
        .confirm(&second_officer(), &filing, &proposal)
        .await
        .expect("another person");
    let third = city_officer("weihai-3", "371000");
    let again = world.confirm(&third, &filing, &proposal).await;
    assert_eq!(refused(again), ["PROPOSAL_NOT_FOUND"]);
}

#[tokio::test]
async fn of_two_who_confirm_at_once_one_is_told_that_it_is_done() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    let (second, third) = (second_officer(), city_officer("weihai-3", "371000"));
    let (one, other) = tokio::join!(
        world.confirm(&second, &filing, &proposal),
        world.confirm(&third, &filing, &proposal),
    );
    let late = if one.is_ok() { other } else { one };
    assert_eq!(refused(late), ["PROPOSAL_NOT_FOUND"]);
    let opened = world.facts("application").await;
    let opened = opened.iter().filter(|kind| *kind == "public_notice_opened");
    assert_eq!(opened.count(), 1);
}

#[tokio::test]
async fn a_confirmation_is_answered_as_before_though_the_registry_is_away() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    let request = ConfirmSelectionRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        confirmation: Some(Confirmation {
            proposal_id: proposal.proposal_id.clone(),
            content_hash: proposal.content_hash.clone(),
        }),
    };
    let mut centre = world.selections(&second_officer());
    let first = centre.confirm_selection(request.clone()).await;
    world.registry.go_away();
    let again = centre.confirm_selection(request).await;
    assert!(first.expect("another person").into_inner() == again.expect("as before").into_inner());
}

#[tokio::test]
async fn the_province_reads_what_is_filed_with_a_city_and_does_not_decide_it() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    let before = world.traces().await;
    let mut centre = world.selections(&province());
    let answer = centre
        .record_site_visit(visit(&filing.id, "2020-05-18"))
        .await;
    let status = answer.err().expect("filed with Weihai");
    assert_eq!(codes(&status), ["NOT_FILING_AUTHORITY"]);
    assert_eq!(status.code(), Code::PermissionDenied);
    let answer = world.confirm(&province(), &filing, &proposal).await;
    assert_eq!(refused(answer), ["NOT_FILING_AUTHORITY"]);
    let request = ReturnApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        materials: vec![MaterialReturn {
            document: DocumentKind::ExaminerCards.into(),
            reason: "不清晰".to_owned(),
        }],
        ..ReturnApplicationRequest::default()
    };
    let mut centre = world.applications(&province());
    let answer = centre.return_application(request).await;
    assert_eq!(refused(answer), ["NOT_FILING_AUTHORITY"]);
    assert_eq!(world.traces().await, before);
    let request = GetApplicationRequest {
        application_id: filing.id.clone(),
    };
    centre.get_application(request).await.expect("it may read");
}

#[tokio::test]
async fn what_changes_after_the_proposal_voids_it() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    world.check(&filing, true).await.expect("recorded anew");
    let changed = world.confirm(&second_officer(), &filing, &proposal).await;
    assert_eq!(refused(changed), ["CONTENT_CHANGED"]);
    let anew = world.propose(&filing).await.expect("passed");
    assert_ne!(anew.content_hash, proposal.content_hash);
    let stale = world.confirm(&second_officer(), &filing, &proposal).await;
    assert_eq!(refused(stale), ["PROPOSAL_MISMATCH"]);
    world
        .confirm(&second_officer(), &filing, &anew)
        .await
        .expect("as it is now");
    assert!(world.state(&filing).await == ApplicationState::InPublicNotice);
}

#[tokio::test]
async fn a_confirmation_says_what_it_confirms() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    let confirm = async |confirmation| {
        let (request_id, application_id) = (request_id(), filing.id.clone());
        let request = ConfirmSelectionRequest {
            request_id,
            application_id,
            confirmation,
        };
        world
            .selections(&second_officer())
            .confirm_selection(request)
            .await
    };
    assert_eq!(refused(confirm(None).await), ["CONFIRMATION_MISSING"]);
    let other = Proposal {
        content_hash: vec![7; 32].into(),
        ..proposal
    };
    let Proposal {
        proposal_id,
        content_hash,
        ..
    } = other;
    let answer = confirm(Some(Confirmation {
        proposal_id,
        content_hash,
    }))
    .await;
    assert_eq!(refused(answer), ["PROPOSAL_MISMATCH"]);
}

#[tokio::test]
async fn another_city_finds_nothing_to_assess_or_decide() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let foreign = city_officer("jinan-1", "370100");
    let mut centre = world.selections(&foreign);
    let answer = centre
        .record_site_visit(visit(&filing.id, "2020-05-18"))
        .await;
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
    let proposal = world.propose(&filing).await.expect("passed");
    let answer = world.confirm(&foreign, &filing, &proposal).await;
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
}

#[tokio::test]
async fn a_draft_is_nobodys_to_assess() {
    let world = World::start().await;
    let filing: Filing = world.drafted().await;
    let answer = world.check(&filing, true).await;
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
}

#[tokio::test]
async fn only_filed_applications_are_reported() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let report = async |application_ids: Vec<String>| {
        let request = SubmitCityReportRequest {
            request_id: request_id(),
            application_ids,
        };
        world
            .filings(&first_officer())
            .submit_city_report(request)
            .await
    };
    assert_eq!(refused(report(vec![]).await), ["REPORT_EMPTY"]);
    assert_eq!(
        refused(report(vec![filing.id.clone()]).await),
        ["APPLICATION_STATE"]
    );
    let many = vec![filing.id.clone(); 501];
    assert_eq!(refused(report(many).await), ["REPORT_TOO_LARGE"]);
    let twice = vec![filing.id.clone(), "x".to_owned(), filing.id.clone()];
    assert_eq!(
        refused(report(twice).await),
        ["ID_PREFIX", "REPORT_APPLICATION_TWICE"]
    );
}

#[tokio::test]
async fn every_document_handed_in_is_checked_and_every_item_of_a_site_looked_at() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let before = world.traces().await;
    let check = async |items: Vec<DocumentCheckItem>| {
        let request = RecordDocumentCheckRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            items,
            version: 0,
        };
        let mut centre = world.selections(&first_officer());
        centre
            .record_document_check(request)
            .await
            .err()
            .expect("to be refused")
    };
    let item = |document: i32| DocumentCheckItem {
        document,
        in_order: true,
        ..DocumentCheckItem::default()
    };
    let licence = DocumentKind::TrainingLicence.into();
    let status = check(vec![item(licence)]).await;
    let found = codes(&status);
    assert_eq!(found[0], "DOCUMENT_NOT_HANDED_IN");
    assert_eq!(found[1..], ["DOCUMENT_NOT_CHECKED"; 12]);
    let twice = check(vec![item(1), item(1), item(99), item(0)]).await;
    assert_eq!(
        fields(&twice),
        ["items[2].document", "items[3].subject", "items[1].document"]
    );

    let visited = async |request: RecordSiteVisitRequest| {
        let mut centre = world.selections(&first_officer());
        centre
            .record_site_visit(request)
            .await
            .err()
            .expect("to be refused")
    };
    let good = visit(&filing.id, "2020-05-18");
    let nothing = RecordSiteVisitRequest {
        items: Vec::new(),
        ..good.clone()
    };
    assert_eq!(codes(&visited(nothing).await), ["SITE_ITEM_MISSING"; 8]);
    let mut lacking = good.clone();
    lacking.items[6].in_order = false;
    assert_eq!(
        fields(&visited(lacking.clone()).await),
        ["items[6].finding"]
    );
    lacking.items[6].finding = "未配备信号屏蔽设备".to_owned();
    assert_eq!(
        codes(&visited(lacking.clone()).await),
        ["SITE_ITEM_NOT_IN_ORDER"]
    );
    let mut unknown = good.clone();
    unknown.items[0].item = 99;
    assert_eq!(codes(&visited(unknown).await), ["SITE_ITEM_UNKNOWN"]);
    let mut twice = good;
    twice.items.push(twice.items[0].clone());
    assert_eq!(codes(&visited(twice).await), ["SITE_ITEM_TWICE"]);
    assert_eq!(world.traces().await, before);

    lacking.passed = false;
    let mut centre = world.selections(&first_officer());
    centre.record_site_visit(lacking).await.expect("not passed");
}

#[tokio::test]
async fn what_was_so_at_hand_in_is_asked_again_at_the_proposal_and_at_its_confirmation() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let became_access_type = |now| world.registry.access_type.store(now, Ordering::Relaxed);
    became_access_type(true);
    let before = world.traces().await;
    let status = world.propose(&filing).await.err().expect("not evaluated");
    assert_eq!(codes(&status), ["OCCUPATION_ACCESS_TYPE"]);
    assert_eq!(fields(&status), ["granted[0].occupation"]);
    assert_eq!(world.traces().await, before);
    became_access_type(false);
    let proposal = world.propose(&filing).await.expect("evaluated");
    became_access_type(true);
    let confirm = async || world.confirm(&second_officer(), &filing, &proposal).await;
    assert_eq!(refused(confirm().await), ["OCCUPATION_ACCESS_TYPE"]);
    became_access_type(false);

    // Corrected before the registry heard that it is assessed.
    let enrolled_as = |kind| {
        let (body, affiliation) = (organization(&filing), Affiliation::City);
        world.registry.enroll(body, kind, affiliation, "371000");
    };
    enrolled_as(BodyKind::PrivateTraining);
    assert_eq!(refused(confirm().await), ["APPLICANT_CHANGED"]);
    let again = world.propose(&filing).await;
    assert_eq!(refused(again), ["APPLICANT_CHANGED"]);
    enrolled_as(BodyKind::TechnicianCollege);
    confirm().await.expect("as it was handed in");
}
