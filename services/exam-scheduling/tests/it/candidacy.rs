//! Who may come onto a roster: what people claim, and what other rosters say of them.

use jiff::civil::date;
use platform::access::Caller;
use platform::testing::province_officer;
use proto::common::v1::Level;
use proto::exam::v1 as contract;
use proto::exam::v1::eligibility_service_server::EligibilityService;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::session_service_server::SessionService;
use proto::results::v1::Holding;
use tonic::Status;

use crate::samples::{AFTER_THE_EXAM, citizen, claim, row, sessions, subject};
use crate::setup::{Setup, codes, from, setup};

/// A row with another claim.
fn claiming(claim: contract::EligibilityClaim) -> contract::RosterCandidate {
    contract::RosterCandidate {
        subject: 1,
        claim: Some(claim),
        ..row(0)
    }
}

async fn refused(
    setup: &Setup,
    plan: &str,
    id: &str,
    row: contract::RosterCandidate,
) -> Vec<String> {
    let reply = setup.import(plan, id, vec![row]).await;
    codes(&reply.err().expect("refused"))
}

/// A draft with sessions on another day and perhaps another occupation.
async fn another(setup: &Setup, request_id: &str, code: &str, day: &str) -> String {
    let mut request = setup.new_plan(request_id);
    for subject in &mut request.subjects {
        let occupation = subject.occupation.as_mut().expect("an occupation");
        code.clone_into(&mut occupation.code);
    }
    for session in &mut request.sessions {
        day.clone_into(&mut session.held_on);
    }
    let reply = setup.exams.create_plan(from(&setup.clerk, request)).await;
    let plan = reply.expect("a draft").into_inner().plan;
    plan.expect("a plan").plan_id
}

#[tokio::test]
async fn nobody_is_registered_twice_for_the_same_level_of_an_occupation() {
    let setup = setup().await;
    let first = setup.drafted().await.plan_id;
    let second = setup.draft("create-2").await.plan_id;
    let admitted = setup.import(&first, "import-1", vec![row(0)]).await;
    let admitted = admitted.expect("the first");
    let elsewhere = refused(&setup, &second, "import-2", row(0)).await;
    assert_eq!(elsewhere, ["CANDIDATE_REGISTERED_ELSEWHERE"]);

    // For another level or another occupation, yes.
    let other_level = contract::RosterCandidate {
        subject: 1,
        claim: Some(claim(1)),
        ..row(0)
    };
    let reply = setup.import(&second, "import-3", vec![other_level]).await;
    reply.expect("of another level");
    let third = another(&setup, "create-3", "6-18-02-04", "2020-06-08").await;
    let reply = setup.import(&third, "import-4", vec![row(0)]).await;
    reply.expect("of another occupation");

    // And for the same, once the first roster is left.
    let fourth = setup.draft("create-4").await.plan_id;
    assert_eq!(
        refused(&setup, &fourth, "import-5", row(0)).await,
        elsewhere
    );
    let leave = contract::RemoveCandidateRequest {
        request_id: "remove".to_owned(),
        plan_id: first,
        candidate_id: admitted[0].candidate_id.clone(),
    };
    let left = setup.exams.remove_candidate(from(&setup.clerk, leave));
    left.await.expect("a draft");
    let reply = setup.import(&fourth, "import-6", vec![row(0)]).await;
    reply.expect("nowhere else");
}

#[tokio::test]
async fn a_draft_of_which_the_days_have_passed_holds_nobody() {
    let setup = setup().await;
    let first = setup.drafted().await.plan_id;
    let reply = setup.import(&first, "import-1", vec![row(0)]).await;
    reply.expect("the first");
    setup.today_is(date(2020, 6, 9));
    let next = another(&setup, "create-2", "6-31-01-03", "2020-07-08").await;
    let reply = setup.import(&next, "import-2", vec![row(0)]).await;
    reply.expect("the first was never held");
}

#[tokio::test]
async fn of_many_rosters_that_want_the_same_person_at_once_one_is_given() {
    let setup = setup().await;
    let mut plans = Vec::new();
    for number in 0..12 {
        plans.push(setup.draft(&format!("create-{number}")).await.plan_id);
    }
    let imports = plans.iter().enumerate().map(|(number, plan)| {
        let setup = &setup;
        async move {
            let id = format!("import-{number}");
            setup.import(plan, &id, vec![row(0), row(2)]).await
        }
    });
    let outcomes = futures::future::join_all(imports).await;
    let admitted = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(admitted, 1);
    for status in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(codes(&status), ["CANDIDATE_REGISTERED_ELSEWHERE"; 2]);
    }
    assert_eq!(setup.count("candidate").await, 2);
}

#[tokio::test]
async fn whoever_made_all_parts_void_is_excluded_for_the_rest_of_the_year() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(1).await;
    setup.time_is(AFTER_THE_EXAM);
    let misconduct = contract::RecordMisconductRequest {
        request_id: "misconduct".to_owned(),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[0].session_id.clone(),
        candidate_id: admitted[0].candidate_id.clone(),
        tier: contract::MisconductTier::AllVoid.into(),
    };
    let recorded = setup
        .exams
        .record_misconduct(from(&setup.clerk, misconduct));
    recorded.await.expect("recorded");
    let autumn = another(&setup, "create-2", "6-18-02-04", "2020-12-31").await;
    let banned = refused(&setup, &autumn, "import-2", row(0)).await;
    assert_eq!(banned, ["CANDIDATE_BANNED"]);
    let next_year = another(&setup, "create-3", "6-18-02-04", "2021-01-04").await;
    let reply = setup.import(&next_year, "import-3", vec![row(0)]).await;
    reply.expect("in the next year");
}

#[tokio::test]
async fn a_claim_is_judged_at_admission_and_once_more_when_the_plan_is_reported() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let years = contract::EligibilityClaim {
        rule: "18-4a".to_owned(),
        work_years: 3,
        certificate: Some(contract::PriorCertificate {
            number: "1637000000500001".to_owned(),
            level: Level::Five.into(),
            issued_on: "2016-06-09".to_owned(),
        }),
        ..contract::EligibilityClaim::default()
    };
    let told = refused(&setup, &plan, "import-1", claiming(years.clone())).await;
    assert_eq!(
        told,
        [
            "ELIGIBILITY_PLEDGE_MISSING",
            "ELIGIBILITY_WORK_YEARS_SHORT",
            "ELIGIBILITY_CERTIFICATE_TOO_RECENT",
        ]
    );
    assert_eq!(setup.count("candidate").await, 0);
    let mut enough = contract::EligibilityClaim {
        work_years: 4,
        pledged: true,
        ..years
    };
    let certificate = enough.certificate.as_mut().expect("a certificate");
    certificate.issued_on = "2016-06-08".to_owned();
    let reply = setup
        .import(&plan, "import-2", vec![claiming(enough)])
        .await;
    reply.expect("four years on the day");

    let mut earlier = sessions();
    for session in &mut earlier {
        session.held_on = "2020-06-05".to_owned();
    }
    let update = contract::UpdatePlanRequest {
        request_id: "update".to_owned(),
        plan_id: plan.clone(),
        sessions: earlier,
    };
    let moved = setup.exams.update_plan(from(&setup.clerk, update)).await;
    moved.expect("a draft");
    let reply = setup.report(&plan, "report").await;
    let told = codes(&reply.err().expect("three days too early"));
    assert_eq!(told, ["PLAN_CANDIDATES_INELIGIBLE"]);
}

fn standard(request_id: &str) -> contract::SetEligibilityRulesRequest {
    contract::SetEligibilityRulesRequest {
        request_id: request_id.to_owned(),
        occupation: subject(Level::Five).occupation,
        level: Level::Five.into(),
        version: "电工 2020".to_owned(),
        valid_from: "2020-06-01".to_owned(),
        rules: vec![contract::EligibilityRule {
            id: "5-1".to_owned(),
            text_zh: "年满18周岁".to_owned(),
            text_en: "eighteen years of age".to_owned(),
            age: 18,
            ..contract::EligibilityRule::default()
        }],
    }
}

async fn set(
    setup: &Setup,
    caller: &Caller,
    request: contract::SetEligibilityRulesRequest,
) -> Result<(), Status> {
    let reply = setup.exams.set_eligibility_rules(from(caller, request));
    reply.await.map(|_| ())
}

async fn rules_on(setup: &Setup, day: &str) -> (String, Vec<String>) {
    let request = contract::ListEligibilityRulesRequest {
        occupation: subject(Level::Five).occupation,
        level: Level::Five.into(),
        on: day.to_owned(),
    };
    let request = from(&Caller::public(), request);
    let reply = setup.exams.list_eligibility_rules(request).await;
    let reply = reply.expect("for everybody").into_inner();
    let ids = reply.rules.into_iter().map(|rule| rule.id).collect();
    (reply.version, ids)
}

#[tokio::test]
async fn the_rules_of_a_standard_come_before_the_template_from_their_day_on() {
    let setup = setup().await;
    let officer = province_officer("officer");
    set(&setup, &officer, standard("set"))
        .await
        .expect("entered");
    set(&setup, &officer, standard("set"))
        .await
        .expect("as before");
    let again = set(&setup, &officer, standard("again")).await;
    let again = codes(&again.expect_err("entered already"));
    assert_eq!(again, ["ELIGIBILITY_RULES_SET"]);
    let past = contract::SetEligibilityRulesRequest {
        valid_from: "2020-05-17".to_owned(),
        ..standard("past")
    };
    let past = codes(&set(&setup, &officer, past).await.expect_err("yesterday"));
    assert_eq!(past, ["ELIGIBILITY_RULES_IN_THE_PAST"]);
    assert_eq!(setup.facts().await, ["eligibility_rules_set"]);

    let template = (
        "模板 2018".to_owned(),
        vec!["18-5a".to_owned(), "18-5b".to_owned()],
    );
    assert_eq!(rules_on(&setup, "").await, template);
    assert_eq!(rules_on(&setup, "2020-05-31").await, template);
    let own = ("电工 2020".to_owned(), vec!["5-1".to_owned()]);
    assert_eq!(rules_on(&setup, "2020-06-01").await, own);

    let plan = setup.drafted().await.plan_id;
    let told = refused(&setup, &plan, "import-1", row(0)).await;
    assert_eq!(told, ["ELIGIBILITY_RULE_UNKNOWN"]);
    let mut of_age = row(0);
    of_age.claim.as_mut().expect("a claim").rule = "5-1".to_owned();
    let reply = setup.import(&plan, "import-2", vec![of_age]).await;
    reply.expect("thirty years of age");
}

/// A certificate of our register for the occupation of the samples.
fn held(number: &str, level: Level) -> Holding {
    Holding {
        number: number.to_owned(),
        occupation: subject(level).occupation,
        level: level.into(),
        issued_on: "2016-06-08".to_owned(),
        valid: true,
        ..Holding::default()
    }
}

/// By a certificate of level five, which is stated to be of level three.
fn by_certificate(number: &str) -> contract::RosterCandidate {
    claiming(contract::EligibilityClaim {
        rule: "18-4a".to_owned(),
        work_years: 4,
        certificate: Some(contract::PriorCertificate {
            number: number.to_owned(),
            level: Level::Three.into(),
            issued_on: "2019-01-01".to_owned(),
        }),
        pledged: true,
        ..contract::EligibilityClaim::default()
    })
}

#[tokio::test]
async fn a_certificate_of_ours_is_looked_up_and_counts_as_the_register_has_it() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let number = "S000037100001165000001";
    let told = refused(&setup, &plan, "import-1", by_certificate(number)).await;
    assert_eq!(told, ["ELIGIBILITY_CERTIFICATE_NOT_HELD"]);
    let person = citizen(0);
    let revoked = Holding {
        valid: false,
        ..held("S000037100001165000002", Level::Five)
    };
    setup.results.gives(person.reveal(), revoked);
    let told = by_certificate("S000037100001165000002");
    let told = refused(&setup, &plan, "import-2", told).await;
    assert_eq!(told, ["ELIGIBILITY_CERTIFICATE_NOT_IN_FORCE"]);

    setup
        .results
        .gives(person.reveal(), held(number, Level::Five));
    let admitted = setup.import(&plan, "import-3", vec![by_certificate(number)]);
    let admitted = admitted.await.expect("held since 2016, whatever is stated");
    assert!(admitted[0].warnings.is_empty());
    setup.results.goes_away();
    let away = setup.import(&plan, "import-4", vec![row(2)]).await;
    let away = away.err().expect("no answer is never a yes");
    assert_eq!(away.code(), tonic::Code::Unavailable);
    let again = setup.import(&plan, "import-3", vec![by_certificate(number)]);
    assert!(again.await.expect("answered before") == admitted);
}

#[tokio::test]
async fn whoever_holds_the_level_already_is_warned_about() {
    let setup = setup().await;
    let plan = setup.drafted().await.plan_id;
    let higher = held("S000037100001164000001", Level::Four);
    setup.results.gives(citizen(0).reveal(), higher);
    let admitted = setup.import(&plan, "import", vec![row(0), row(2)]).await;
    let admitted = admitted.expect("warned about, and not refused");
    let codes: Vec<Vec<_>> = admitted
        .iter()
        .map(|one| one.warnings.iter().map(|told| told.code.as_str()).collect())
        .collect();
    assert_eq!(codes, [vec!["CANDIDATE_LEVEL_HELD"], Vec::new()]);
}
