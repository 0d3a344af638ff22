//! One application, from the draft to the province's record of it.

use proto::common::v1::{PublicNotice, PublicNoticeRowState};
use proto::review::v1::*;
use review::PublicNoticeSweep;

use crate::scenes::{
    Filing, MARKED_PERSON, MARKED_PHONE, PDF, first_officer, province, second_officer,
};
use crate::setup::{World, refused, request_id};

const CODE: &str = "S000037100001";

#[tokio::test]
async fn an_applicant_becomes_an_evaluation_organisation() {
    let world = World::start().await;
    let filing = world.submitted().await;
    give_one_back_and_correct_it(&world, &filing).await;

    world.judge_all(&filing).await;
    assert!(world.check(&filing, true).await.expect("recorded"));
    let mut centre = world.selections(&first_officer());
    world.sit(&filing, [true, true, true]).await;
    let visit = crate::scenes::visit(&filing.id, "2020-05-18");
    centre.record_site_visit(visit).await.expect("recorded");

    let proposal = world.propose(&filing).await.expect("passed");
    let shown = world
        .confirm(&second_officer(), &filing, &proposal)
        .await
        .expect("another person");
    wait_for_the_end(&world, &filing, &shown).await;
    hear_of_the_code(&world, &filing).await;
    report(&world, &filing).await;

    let published: Vec<String> = sqlx::query_scalar(
        "select kind from platform.fact where published_version is not null
         order by published_version",
    )
    .fetch_all(&world.platform.pool)
    .await
    .expect("facts");
    assert_eq!(
        published,
        [
            "application_submitted",
            "application_returned",
            "application_submitted",
            "public_notice_opened",
            "organization_selected",
            "filing_receipt_issued",
            "city_report_recorded"
        ]
    );
    assert_eq!(
        world.facts("city_report").await,
        ["report_submitted", "report_recorded"]
    );
    nobody_is_named_in_a_fact(&world).await;
}

async fn give_one_back_and_correct_it(world: &World, filing: &Filing) {
    let reason = "资质证明不清晰，请重新扫描".to_owned();
    let returned = MaterialReturn {
        document: DocumentKind::ExaminerCards.into(),
        reason: reason.clone(),
    };
    let request = ReturnApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        materials: vec![returned],
        ..ReturnApplicationRequest::default()
    };
    let answer = world
        .applications(&first_officer())
        .return_application(request)
        .await;
    let application = answer
        .expect("under assessment")
        .into_inner()
        .application
        .expect("it");
    assert!(application.state() == ApplicationState::Returned);

    let request = GetApplicationRequest {
        application_id: filing.id.clone(),
    };
    let seen = world
        .applications(&filing.clerk)
        .get_application(request)
        .await;
    let seen = seen.expect("its own").into_inner().application.expect("it");
    assert_eq!(seen.materials[5].returned_reason, reason);
    assert_eq!(
        refused(world.submit(filing).await),
        ["MATERIAL_NOT_CORRECTED"]
    );

    world
        .upload(filing, DocumentKind::ExaminerCards, PDF)
        .await
        .expect("given back");
    let application = world.submit(filing).await.expect("corrected");
    assert_eq!(application.submitted_on, "2020-05-18");
}

async fn wait_for_the_end(world: &World, filing: &Filing, shown: &PublicNotice) {
    let ends = shown.ends.clone().expect("a deadline");
    assert_eq!(
        (shown.opened_on.as_str(), ends.date.as_str()),
        ("2020-05-18", "2020-05-25")
    );
    assert_eq!(shown.rows[0].cells[0], "威海示例技师学院");
    assert_eq!(shown.rows[0].cells[4..], ["威海市"]);
    assert_eq!(shown.objection_contact, "威海市职业技能鉴定中心");

    let sweep = PublicNoticeSweep::new(world.app.clone());
    world.set_day("2020-05-25");
    assert_eq!(
        sweep.step().await.expect("a step"),
        0,
        "the last day still belongs to it"
    );
    world.set_day("2020-05-26");
    assert_eq!(sweep.step().await.expect("a step"), 1);
    assert_eq!(sweep.step().await.expect("a step"), 0, "it ends once");
    assert!(world.state(filing).await == ApplicationState::Selected);

    let request = GetPublicNoticeRequest {
        public_notice_id: shown.public_notice_id.clone(),
    };
    let public = platform::access::Caller::public();
    let later = world.selections(&public).get_public_notice(request).await;
    let later = later
        .expect("everybody's")
        .into_inner()
        .public_notice
        .expect("it");
    assert!(later.concluded);
    assert!(later.rows[0].state() == PublicNoticeRowState::Concluded);
    assert_eq!(later.rows[0].cells, shown.rows[0].cells);
    assert_eq!(later.snapshot_hash, shown.snapshot_hash);
}

/// What the registry publishes after it heard of the selection, delivered twice.
async fn hear_of_the_code(world: &World, filing: &Filing) {
    let receipt_request = || GetFilingReceiptRequest {
        application_id: filing.id.clone(),
    };
    let early = world
        .filings(&filing.clerk)
        .get_filing_receipt(receipt_request())
        .await;
    assert_eq!(refused(early), ["RECEIPT_NOT_ISSUED"]);

    let fact = world.registered(filing, CODE).await;
    world.hear(&fact).await;
    world.hear(&fact).await;

    let receipt = world
        .filings(&filing.clerk)
        .get_filing_receipt(receipt_request())
        .await;
    let receipt = receipt.expect("issued").into_inner().receipt.expect("it");
    assert_eq!(
        (
            receipt.organization_code.as_str(),
            receipt.issued_on.as_str()
        ),
        (CODE, "2020-05-26")
    );
    assert_eq!(receipt.scopes[0].levels.len(), 2);
    assert!(world.state(filing).await == ApplicationState::Filed);
    let issued = world.facts("application").await;
    assert_eq!(
        issued
            .iter()
            .filter(|kind| *kind == "filing_receipt_issued")
            .count(),
        1
    );
}

async fn report(world: &World, filing: &Filing) {
    let request = || SubmitCityReportRequest {
        request_id: request_id(),
        application_ids: vec![filing.id.clone()],
    };
    let foreign = platform::testing::city_officer("jinan-1", "370100");
    let elsewhere = world.filings(&foreign).submit_city_report(request()).await;
    assert_eq!(refused(elsewhere), ["APPLICATION_NOT_FOUND"]);

    let mut centre = world.filings(&first_officer());
    let report = centre
        .submit_city_report(request())
        .await
        .expect("filed")
        .into_inner();
    let report = report.city_report.expect("it");
    assert_eq!(
        (report.division_code.as_str(), report.recorded_on.as_str()),
        ("371000", "")
    );
    let again = centre.submit_city_report(request()).await;
    assert_eq!(refused(again), ["REPORT_APPLICATION_REPORTED"]);

    let request = || RecordCityReportRequest {
        request_id: request_id(),
        city_report_id: report.city_report_id.clone(),
    };
    let mut centre = world.filings(&province());
    let recorded = centre
        .record_city_report(request())
        .await
        .expect("reported")
        .into_inner();
    assert_eq!(recorded.city_report.expect("it").recorded_on, "2020-05-26");
    assert_eq!(
        refused(centre.record_city_report(request()).await),
        ["REPORT_RECORDED"]
    );
}

async fn nobody_is_named_in_a_fact(world: &World) {
    let everything: String = sqlx::query_scalar(
        "select string_agg(payload::text, ' ') || coalesce((select
             string_agg(encode(message, 'escape'), ' ') from platform.publication), '')
         from platform.fact",
    )
    .fetch_one(&world.platform.pool)
    .await
    .expect("facts");
    for marked in [MARKED_PERSON, MARKED_PHONE] {
        assert!(
            !everything.contains(marked),
            "{marked} is in a fact or a message"
        );
    }
}
