//! Rosters: all of a call or none, and every fault at once.

use std::collections::HashSet;

use exam_scheduling::domain::canonical::Salt;
use exam_scheduling::domain::eligibility::claim::{CandidateGroup, Claim};
use exam_scheduling::domain::roster::{Person, TicketNumber};
use exam_scheduling::store::roster::{NewCandidate, insert};
use jiff::civil::date;
use kernel::citizen_id::CitizenId;
use kernel::ids::{CandidateId, PlanId};
use kernel::person_name::PersonName;
use proto::exam::v1 as contract;
use tonic::Code;
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::samples::{EXAM_DAY, MARK, citizen, row};
use crate::setup::{codes, setup};

#[tokio::test]
async fn candidates_are_admitted_under_ticket_numbers_of_their_own() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    let rows = |range: std::ops::Range<u16>| range.map(row).collect::<Vec<_>>();
    let first = setup
        .import(&plan.plan_id, "import-1", rows(0..500))
        .await
        .expect("500 rows");
    let second = setup
        .import(&plan.plan_id, "import-2", rows(500..520))
        .await
        .expect("20 more");
    let tickets: HashSet<_> = first
        .iter()
        .chain(&second)
        .map(|candidate| &candidate.ticket_number)
        .collect();
    assert_eq!(tickets.len(), 520);
    assert!(
        tickets
            .iter()
            .all(|ticket| ticket.len() == 13 && ticket.starts_with("2020"))
    );
    assert!(
        first
            .iter()
            .all(|candidate| !candidate.masked_name.contains(MARK))
    );
    let stored = setup
        .plan(&setup.clerk, &plan.plan_id)
        .await
        .expect("a plan");
    assert_eq!(stored.candidates, 520);
    let again = setup
        .import(&plan.plan_id, "import-2", rows(500..520))
        .await
        .expect("as before");
    assert!(again == second, "the same request, the same candidates");
    assert_eq!(setup.count("candidate").await, 520);
}

#[tokio::test]
async fn one_bad_row_keeps_all_out_and_every_fault_is_told_without_naming_anybody() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    setup
        .import(&plan.plan_id, "import-1", vec![row(0)])
        .await
        .expect("one candidate");

    let mut rows: Vec<_> = (0..31).map(row).collect();
    let young = CitizenId::synthetic("370099", date(2004, 6, 9), 1);
    rows[30].citizen_id = young.reveal().to_owned();
    let wrong_check = if rows[4].citizen_id.ends_with('0') {
        "1"
    } else {
        "0"
    };
    rows[4].citizen_id.replace_range(17.., wrong_check);
    rows[7].citizen_id = rows[6].citizen_id.clone();
    rows[9].subject = 2;
    let status = setup
        .import(&plan.plan_id, "import-2", rows)
        .await
        .err()
        .expect("five faults");
    let details = status.get_error_details();
    let violations = &details
        .bad_request()
        .expect("field faults")
        .field_violations;
    let told: Vec<_> = violations
        .iter()
        .map(|fault| (fault.field.as_str(), fault.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("candidates[0].citizen_id", "CANDIDATE_ON_ROSTER"),
            ("candidates[4].citizen_id", "CITIZEN_ID_CHECK"),
            ("candidates[7].citizen_id", "CANDIDATE_TWICE_IN_CALL"),
            ("candidates[9].subject", "CANDIDATE_SUBJECT_UNKNOWN"),
            ("candidates[30].citizen_id", "CANDIDATE_UNDER_AGE"),
        ]
    );
    let said = format!("{status:?}{details:?}");
    assert!(!said.contains(MARK) && !said.contains("370099"), "{said}");
    assert_eq!(setup.count("candidate").await, 1);
    assert_eq!(setup.facts().await, ["plan_drafted", "candidates_admitted"]);
}

#[tokio::test]
async fn two_calls_at_once_do_not_admit_a_person_twice() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    let (one, other) = tokio::join!(
        setup.import(&plan.plan_id, "import-1", vec![row(0)]),
        setup.import(&plan.plan_id, "import-2", vec![row(0)]),
    );
    let refused: Vec<_> = [one.err(), other.err()].into_iter().flatten().collect();
    assert_eq!(refused.len(), 1, "one of the two is admitted");
    assert_eq!(codes(&refused[0]), ["CANDIDATE_ON_ROSTER"]);
    assert_eq!(refused[0].code(), Code::AlreadyExists);
}

#[tokio::test]
async fn a_person_is_the_same_however_the_number_is_typed() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    let with_x = (0..100).map(citizen).find(|id| id.reveal().ends_with('X'));
    let number = with_x.expect("one in eleven").reveal().to_owned();
    let full_width = |digit: char| match digit {
        'X' => 'ｘ',
        digit => char::from_u32(u32::from(digit) + 0xfee0).expect("full width"),
    };
    let typed = [
        number.clone(),
        number.to_lowercase(),
        number.chars().map(full_width).collect(),
        format!(" {} {}", &number[..6], &number[6..]),
    ];
    let rows = typed.map(|citizen_id| contract::RosterCandidate {
        citizen_id,
        ..row(0)
    });
    let status = setup.import(&plan.plan_id, "one-call", rows.to_vec()).await;
    let status = status.err().expect("four times the same");
    assert_eq!(codes(&status), ["CANDIDATE_TWICE_IN_CALL"; 3]);
    let first = setup.import(&plan.plan_id, "first", rows[..1].to_vec());
    first.await.expect("admitted");
    for (index, again) in rows.into_iter().enumerate() {
        let status = setup
            .import(&plan.plan_id, &format!("again-{index}"), vec![again])
            .await;
        let status = status.err().expect("on the roster");
        assert_eq!(codes(&status), ["CANDIDATE_ON_ROSTER"]);
    }
}

#[tokio::test]
async fn an_unknown_plan_has_no_roster() {
    let setup = setup().await;
    let unknown = PlanId::from_uuid(Uuid::now_v7()).to_string();
    let status = setup
        .import(&unknown, "import", vec![row(0)])
        .await
        .err()
        .expect("no such plan");
    assert_eq!(codes(&status), ["PLAN_NOT_FOUND"]);
    assert_eq!(setup.count("platform.aggregate").await, 0);
}

#[tokio::test]
async fn a_ticket_number_in_use_is_drawn_again() {
    let setup = setup().await;
    let plan = PlanId::parse(&setup.drafted().await.plan_id).expect("an id");
    let indexer = setup.platform.indexer();
    let person = |number: u16| Person {
        id: CandidateId::from_uuid(Uuid::now_v7()),
        name: PersonName::parse("考生").expect("a name"),
        document: citizen(number).into(),
        subject: 0,
        salt: Salt::from_bytes([1; 16]),
        claim: Claim {
            rule: "18-5b".to_owned(),
            work_years: 0,
            apprenticeship: true,
            certificate: None,
            schooling: None,
            title: None,
            pledged: true,
        },
        conditions: "模板 2018".to_owned(),
        group: CandidateGroup::None,
        programme: String::new(),
    };
    let persons = [person(0), person(1), person(2)];
    // The first three draw the same number; of the rest each draws the next one twice.
    let mut drawn = [1, 1, 1, 1, 2, 2, 3].into_iter();
    let draw = || TicketNumber::new(EXAM_DAY, drawn.next().expect("enough numbers"));
    let vault = setup.platform.journal.vault();
    let mut connection = setup.platform.pool.acquire().await.expect("a connection");
    let candidates = persons.each_ref().map(|person| NewCandidate {
        index: indexer
            .index("exam.candidate", &[&person.document.key()])
            .remove(0),
        content: [0; 32],
        person,
    });
    let tickets = insert(&mut connection, vault, plan, &candidates, draw)
        .await
        .expect("in the end");
    let mut numbers: Vec<_> = tickets.values().map(TicketNumber::as_str).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["2020000000001", "2020000000002", "2020000000003"]);
}
