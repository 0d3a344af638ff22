//! Commands of which nothing is filled in.

use platform::testing::clerk;
use proto::review::v1::upload_material_request::Part;
use proto::review::v1::*;

use crate::scenes::{first_officer, part, province};
use crate::setup::{World, fields};

/// The fields that an answer finds fault with.
async fn faulty<T>(answer: impl Future<Output = Result<T, tonic::Status>>) -> Vec<String> {
    fields(&answer.await.err().expect("nothing is filled in"))
}

#[tokio::test]
async fn every_empty_command_is_told_of_its_request_id_with_all_the_rest() {
    let world = World::start().await;
    let mut applicant = world.applications(&clerk("clerk-1", world.college()));
    let (mut returning, mut centre) = (
        world.applications(&first_officer()),
        world.selections(&first_officer()),
    );
    let mut rounds = world.rounds(&first_officer());
    let (mut city, mut department) = (world.filings(&first_officer()), world.filings(&province()));
    let header = tokio_stream::iter([part(Part::Header(MaterialHeader::default()))]);
    let id = "application_id";
    for (found, other) in [
        (
            faulty(applicant.create_application(CreateApplicationRequest::default())).await,
            "round_id",
        ),
        (
            faulty(applicant.remove_material(RemoveMaterialRequest::default())).await,
            "document",
        ),
        (
            faulty(applicant.upload_material(header)).await,
            "header.application_id",
        ),
        (
            faulty(applicant.save_application(SaveApplicationRequest::default())).await,
            id,
        ),
        (
            faulty(applicant.submit_application(SubmitApplicationRequest::default())).await,
            id,
        ),
        (
            faulty(applicant.withdraw_application(WithdrawApplicationRequest::default())).await,
            id,
        ),
        (
            faulty(rounds.open_round(OpenRoundRequest::default())).await,
            "hand_in_from",
        ),
        (
            faulty(rounds.close_round(CloseRoundRequest::default())).await,
            "round_id",
        ),
        (
            faulty(centre.propose_rejection(ProposeRejectionRequest::default())).await,
            "reason",
        ),
        (
            faulty(centre.confirm_rejection(ConfirmRejectionRequest::default())).await,
            id,
        ),
        (
            faulty(returning.return_application(ReturnApplicationRequest::default())).await,
            "materials",
        ),
        (
            faulty(centre.record_document_check(RecordDocumentCheckRequest::default())).await,
            "items",
        ),
        (
            faulty(centre.record_site_visit(RecordSiteVisitRequest::default())).await,
            "visitor_numbers",
        ),
        (
            faulty(centre.propose_selection(ProposeSelectionRequest::default())).await,
            "granted",
        ),
        (
            faulty(centre.confirm_selection(ConfirmSelectionRequest::default())).await,
            id,
        ),
        (
            faulty(city.submit_city_report(SubmitCityReportRequest::default())).await,
            "application_ids",
        ),
        (
            faulty(department.record_city_report(RecordCityReportRequest::default())).await,
            "city_report_id",
        ),
        (
            faulty(department.return_city_report(ReturnCityReportRequest::default())).await,
            "faults",
        ),
        (
            faulty(city.correct_city_report(CorrectCityReportRequest::default())).await,
            "city_report_id",
        ),
    ] {
        for expected in ["request_id", other] {
            assert!(
                found.iter().any(|field| field == expected),
                "{expected}: {found:?}"
            );
        }
    }
    assert_eq!(world.traces().await, 0);
}
