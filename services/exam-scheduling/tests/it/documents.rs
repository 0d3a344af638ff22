//! Candidates who have no citizen number.

use proto::common::v1::{DocumentType, IdentityDocument};
use proto::exam::v1 as contract;
use proto::exam::v1::candidate_service_server::CandidateService;
use tonic_types::StatusExt;

use crate::importing::header;
use crate::reading::{recomputed, roster};
use crate::samples::{AFTER_THE_EXAM, MARK, row};
use crate::setup::{Setup, codes, from, setup};

fn passport(number: &str, born_on: &str) -> contract::RosterCandidate {
    contract::RosterCandidate {
        citizen_id: String::new(),
        document: Some(IdentityDocument {
            r#type: DocumentType::Passport.into(),
            number: number.to_owned(),
            born_on: born_on.to_owned(),
        }),
        ..row(0)
    }
}

async fn told(
    setup: &Setup,
    plan: &str,
    id: &str,
    rows: &[contract::RosterCandidate],
) -> Vec<String> {
    let refused = setup.import(plan, id, rows.to_vec()).await;
    let refused = refused.err().expect("refused");
    let details = refused.get_error_details();
    let faults = &details.bad_request().expect("faults").field_violations;
    let fault = |fault: &tonic_types::FieldViolation| format!("{} {}", fault.field, fault.reason);
    faults.iter().map(fault).collect()
}

#[tokio::test]
async fn whoever_has_no_citizen_number_is_a_candidate_by_another_document() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let rows = vec![passport("e1234 5678", "1990-03-07"), row(2)];
    let admitted = setup.import(&plan, "import", rows).await.expect("admitted");
    let again = [
        passport("E12345678", "1991-01-01"),
        passport("E00000001", "2004-06-09"),
        passport("E00000002", "2020-05-19"),
        passport("E00000003", ""),
        passport("E0000000345", "1990-03-07"),
    ];
    assert_eq!(
        told(&setup, &plan, "again", &again).await,
        [
            "candidates[0].document CANDIDATE_ON_ROSTER",
            "candidates[1].document CANDIDATE_UNDER_AGE",
            "candidates[2].document CANDIDATE_NOT_BORN",
            "candidates[3].document.born_on DOCUMENT_BIRTH_DATE_MISSING",
            "candidates[4].document.number DOCUMENT_NUMBER_SHAPE",
        ]
    );
    let second = setup.draft("create-2").await.plan_id;
    let elsewhere = [passport("E12345678", "1990-03-07")];
    assert_eq!(
        told(&setup, &second, "elsewhere", &elsewhere).await,
        ["candidates[0].document CANDIDATE_REGISTERED_ELSEWHERE"]
    );

    let plan = setup.report(&plan, "report").await.expect("reported");
    let assign = contract::AssignSeatsRequest {
        request_id: "assign".to_owned(),
        plan_id: plan.plan_id.clone(),
    };
    let seated = setup.exams.assign_seats(from(&setup.clerk, assign)).await;
    seated.expect("two seats");
    let request = contract::ListAdmissionTicketsRequest {
        plan_id: plan.plan_id.clone(),
        ..contract::ListAdmissionTicketsRequest::default()
    };
    let tickets = setup
        .exams
        .list_admission_tickets(from(&setup.clerk, request));
    let tickets = tickets.await.expect("tickets").into_inner().tickets;
    let masked = |one: &contract::AdmissionTicket| one.masked_document_number.clone();
    assert!(tickets.iter().map(masked).any(|it| it == "E1*****78"));

    setup.time_is(AFTER_THE_EXAM);
    let present = contract::Attendance::Present;
    for session in 0..2 {
        let at = (&plan, session);
        let id = format!("attendance-{session}");
        let recorded = setup.attendance(at, &id, &admitted, present).await;
        recorded.expect("recorded");
        let completed = setup.complete(at, &format!("complete-{session}")).await;
        completed.expect("completed");
    }
    let page = roster(&setup, &plan, 10, "").await.expect("locked");
    let mut shown = page
        .entries
        .iter()
        .filter_map(|entry| entry.document.clone());
    assert!(shown.next() == passport("E12345678", "1990-03-07").document);
    assert_eq!(
        recomputed(&page.entries).as_slice(),
        &page.roster_digest[..]
    );
}

#[tokio::test]
async fn a_file_has_columns_for_other_documents() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let columns =
        "姓名,公民身份号码,证件类型,证件号码,出生日期,职业编码,等级,申报条件,承诺,学徒期满\n";
    let end = "6-31-01-03,5,18-5b,是,是\n";
    let good = format!("{columns}{MARK},,台湾居民来往大陆通行证,01234567,1990-03-07,{end}");
    let setup = &setup;
    let import = |id: &'static str, file: String| {
        let header = header(&plan, id);
        async move { setup.import_file(&setup.clerk, header, &file).await }
    };
    let reply = import("good", good.clone()).await.expect("admitted");
    assert_eq!(reply.candidates.len(), 1);
    let reply = import("again", good).await.expect("as before");
    assert_eq!((reply.candidates.len(), reply.unchanged), (0, 1));
    let bad = [
        format!("{MARK},11010519491231002X,护照,E12345678,1990-03-07,{end}"),
        format!("{MARK},,军官证,E12345678,1990-03-07,{end}"),
        format!("{MARK},,护照,,7 March,{end}"),
    ];
    let refused = import("bad", columns.to_owned() + &bad.concat()).await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        [
            "DOCUMENT_NOT_ONE",
            "DOCUMENT_TYPE_UNKNOWN",
            "DATE_MALFORMED",
            "DOCUMENT_NUMBER_SHAPE",
        ]
    );
}
