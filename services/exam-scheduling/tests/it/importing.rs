//! Candidates out of spreadsheets.

use jiff::civil::date;
use kernel::citizen_id::CitizenId;
use kernel::ids::{OrganizationId, PlanId};
use platform::access::Caller;
use platform::testing::clerk;
use proto::common::v1::SheetFault;
use proto::exam::v1::candidate_service_client::CandidateServiceClient;
use proto::exam::v1::candidate_service_server::CandidateServiceServer;
use proto::exam::v1::{
    CandidatesHeader, ImportCandidatesRequest, ImportCandidatesResponse, import_candidates_request,
};
use tonic::service::interceptor::InterceptedService;
use tonic::{Request, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::samples::{MARK, citizen};
use crate::setup::{Setup, codes, setup};

const COLUMNS: &str = "姓名,公民身份号码,职业编码,等级,申报条件,承诺,学徒期满,毕业院校类别,毕业日期,重点群体,培训项目\n";

/// A row of a file: somebody of level five after an apprenticeship.
fn row(citizen_id: &CitizenId) -> String {
    let number = citizen_id.reveal();
    format!("{MARK}考生,{number},6-31-01-03,5,18-5b,是,是,,,企业职工,新型学徒制\n")
}

fn file(rows: impl IntoIterator<Item = String>) -> String {
    let rows = rows.into_iter();
    rows.fold(COLUMNS.to_owned(), |file, row| file + &row)
}

fn people(count: u16) -> impl Iterator<Item = String> {
    (0..count).map(|number| row(&CitizenId::synthetic("370099", born(number), number % 1000)))
}

fn born(number: u16) -> jiff::civil::Date {
    date(1990 + number.cast_signed() / 1000, 1, 1)
}

pub(crate) fn header(plan_id: &str, request_id: &str) -> CandidatesHeader {
    CandidatesHeader {
        request_id: request_id.to_owned(),
        plan_id: plan_id.to_owned(),
        ..CandidatesHeader::default()
    }
}

impl Setup {
    pub(crate) async fn import_file(
        &self,
        caller: &Caller,
        header: CandidatesHeader,
        file: &str,
    ) -> Result<ImportCandidatesResponse, Status> {
        use import_candidates_request::Part;
        let caller = caller.clone();
        let service = CandidateServiceServer::new(self.exams.clone());
        let service = InterceptedService::new(service, move |mut request: Request<()>| {
            request.extensions_mut().insert(caller.clone());
            Ok(request)
        });
        let mut client = CandidateServiceClient::new(service);
        let pieces = file.as_bytes().chunks(200 * 1024);
        let pieces = pieces.map(|piece| Part::Content(piece.to_vec().into()));
        let parts = [Part::Header(header)].into_iter().chain(pieces);
        let parts: Vec<_> = parts
            .map(|part| ImportCandidatesRequest { part: Some(part) })
            .collect();
        let reply = client.import_candidates(futures::stream::iter(parts)).await;
        reply.map(tonic::Response::into_inner)
    }
}

fn told(faults: &[SheetFault]) -> Vec<(u32, &str, &str)> {
    faults
        .iter()
        .map(|fault| (fault.row, fault.column.as_str(), fault.code.as_str()))
        .collect()
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing_and_a_longer_one_adds_what_is_new() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let first = file(people(1200));
    let reply = setup.import_file(&setup.clerk, header(&plan, "first"), &first);
    let reply = reply.await.expect("admitted");
    assert_eq!((reply.candidates.len(), reply.unchanged), (1200, 0));
    let rows: Vec<_> = reply.candidates.iter().map(|one| one.row).collect();
    assert_eq!((rows[0], rows[1199]), (2, 1201), "as spreadsheets count");
    let facts = setup.facts().await;
    assert_eq!(
        facts,
        [
            "plan_drafted",
            "candidates_admitted",
            "candidates_admitted",
            "candidates_admitted",
        ],
        "at most 500 in a fact"
    );

    setup.results.goes_away();
    let again = setup.import_file(&setup.clerk, header(&plan, "first"), &first);
    assert!(again.await.expect("as before, and nobody is asked") == reply);
    let away = setup.import_file(&setup.clerk, header(&plan, "second"), &first);
    let away = away.await.err().expect("no answer is never a yes");
    assert_eq!(away.code(), tonic::Code::Unavailable);
    setup.results.comes_back();
    let other_id = setup.import_file(&setup.clerk, header(&plan, "second"), &first);
    let other_id = other_id.await.expect("nothing new");
    assert_eq!((other_id.candidates.len(), other_id.unchanged), (0, 1200));
    assert_eq!(setup.facts().await, facts);

    let longer = file(people(1203));
    let reply = setup.import_file(&setup.clerk, header(&plan, "third"), &longer);
    let reply = reply.await.expect("three more");
    assert_eq!((reply.candidates.len(), reply.unchanged), (3, 1200));
    assert_eq!(setup.count("candidate").await, 1203);
    let stored = setup.plan(&setup.clerk, &plan).await.expect("a plan");
    assert_eq!(stored.candidates, 1203);
}

/// Eight rows, of which four are in order.
fn mixed() -> String {
    let mut rows: Vec<_> = (0..8).map(|number| row(&citizen(number))).collect();
    rows[1] = rows[1].replace("370099", "37009A");
    rows[2] = row(&citizen(0));
    rows[3] = rows[3]
        .replace(",5,", ",3,")
        .replace("18-5b,是,是", "18-4b,也许,");
    rows[4] = rows[4].replace(",,,企业职工", ",夜校,,外星人");
    file(rows)
}

const WRONG: [(u32, &str, &str); 7] = [
    (3, "citizen_id", "CITIZEN_ID_CHARACTERS"),
    (4, "citizen_id", "CANDIDATE_TWICE_IN_FILE"),
    (5, "pledged", "CANDIDATE_ANSWER_UNCLEAR"),
    (5, "occupation", "CANDIDATE_SUBJECT_NOT_OF_PLAN"),
    (6, "education", "ELIGIBILITY_EDUCATION_UNKNOWN"),
    (6, "graduated_on", "DATE_MALFORMED"),
    (6, "group", "CANDIDATE_GROUP_UNKNOWN"),
];

#[tokio::test]
async fn one_bad_row_keeps_all_out_unless_the_others_are_wanted() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let before = setup.facts().await;
    let refused = setup
        .import_file(&setup.clerk, header(&plan, "all"), &mixed())
        .await;
    let refused = refused.err().expect("four rows are wrong");
    let details = refused.get_error_details();
    let violations = &details.bad_request().expect("faults").field_violations;
    let expected = WRONG
        .iter()
        .map(|(row, column, code)| (format!("file.rows[{row}].{column}"), *code));
    let found = violations.iter();
    let found = found.map(|fault| (fault.field.clone(), fault.reason.as_str()));
    assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let said = format!("{refused:?}{details:?}");
    assert!(!said.contains(MARK) && !said.contains("370099"), "{said}");

    let tried = CandidatesHeader {
        dry_run: true,
        ..header(&plan, "try")
    };
    let tried = setup.import_file(&setup.clerk, tried, &mixed()).await;
    let tried = tried.expect("only tried");
    assert_eq!((tried.candidates.len(), tried.refused), (4, 4));
    assert_eq!(told(&tried.faults), WRONG);
    assert_eq!(setup.count("candidate").await, 0);
    assert_eq!(setup.facts().await, before);

    let partial = CandidatesHeader {
        partial: true,
        ..header(&plan, "partial")
    };
    let reply = setup.import_file(&setup.clerk, partial, &mixed()).await;
    let reply = reply.expect("four of eight");
    let rows: Vec<_> = reply.candidates.iter().map(|one| one.row).collect();
    assert_eq!((rows, reply.refused), (vec![2, 7, 8, 9], 4));
    assert_eq!(told(&reply.faults), WRONG);
    assert_eq!(setup.count("candidate").await, 4);
}

#[tokio::test]
async fn who_is_on_the_roster_otherwise_is_refused_by_the_row() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let first = setup
        .import_file(&setup.clerk, header(&plan, "first"), &file(people(1)))
        .await;
    first.expect("admitted");
    let changed = file(people(2)).replacen("新型学徒制", "企业培训", 1);
    let refused = setup.import_file(&setup.clerk, header(&plan, "changed"), &changed);
    let refused = refused.await.err().expect("another programme");
    assert_eq!(codes(&refused), ["CANDIDATE_ON_ROSTER"]);
    assert_eq!(setup.count("candidate").await, 1);
}

#[tokio::test]
async fn a_file_that_is_none_a_form_that_is_none_and_a_foreign_plan_are_refused() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let own = &setup.clerk;
    let years = "姓名,公民身份号码,职业编码,等级,申报条件,承诺,工作年限\n";
    let years = format!(
        "{years}{MARK},{},6-31-01-03,5,18-5a,是,+3\n",
        citizen(0).reveal()
    );
    for (sent, codes_told) in [
        (String::new(), &["SHEET_COLUMN_MISSING"; 6][..]),
        (COLUMNS.to_owned(), &["SHEET_EMPTY"]),
        (years, &["CANDIDATE_YEARS_MALFORMED"]),
    ] {
        let refused = setup.import_file(own, header(&plan, "bad"), &sent).await;
        assert_eq!(codes(&refused.err().expect("refused")), codes_told);
        let tried = CandidatesHeader {
            dry_run: true,
            ..header(&plan, "try")
        };
        let tried = setup.import_file(own, tried, &sent).await.expect("tried");
        assert_eq!(tried.faults.len(), codes_told.len());
    }
    let empty = setup.import_file(own, header("", ""), "").await;
    let empty = codes(&empty.err().expect("empty"));
    assert_eq!(empty, ["REQUEST_ID_MISSING", "ID_PREFIX"]);

    let stranger = clerk("stranger", OrganizationId::from_uuid(Uuid::now_v7()));
    let missing = PlanId::from_uuid(Uuid::now_v7()).to_string();
    for (caller, plan) in [(&stranger, &plan), (own, &missing)] {
        let refused = setup
            .import_file(caller, header(plan, "foreign"), &file(people(1)))
            .await;
        let refused = codes(&refused.err().expect("not there"));
        assert_eq!(refused, ["PLAN_NOT_FOUND"]);
    }
    assert_eq!(setup.facts().await, ["plan_drafted"]);
}
