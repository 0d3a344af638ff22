//! What officers judge, and that nobody is selected without it.

use platform::testing::city_officer;
use proto::review::v1::*;
use tonic::Status;

use crate::scenes::{Filing, SUBJECTS, first_officer, province, second_officer, visit};
use crate::setup::{World, codes, fields, refused, request_id};

fn request(filing: &Filing, subject: JudgementSubject) -> RecordJudgementRequest {
    RecordJudgementRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        subject: subject.into(),
        met: true,
        reason: "查验原件".to_owned(),
        version: 0,
    }
}

async fn listed(world: &World, filing: &Filing) -> Result<Vec<JudgementItem>, Status> {
    let application_id = filing.id.clone();
    let request = ListJudgementsRequest { application_id };
    let answer = world
        .judgements(&first_officer())
        .list_judgements(request)
        .await?;
    Ok(answer.into_inner().items)
}

#[tokio::test]
async fn what_is_to_be_judged_is_listed_with_what_the_machine_found() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let items = listed(&world, &filing).await.expect("under assessment");
    let subjects: Vec<_> = items.iter().map(JudgementItem::subject).collect();
    assert!(subjects == SUBJECTS);
    assert!(items.iter().all(|item| item.judgement.is_none()));
    let found: Vec<_> = items
        .iter()
        .filter(|item| !item.finding_en.is_empty())
        .collect();
    assert!(found.len() == 1 && found[0].subject() == JudgementSubject::Registration);
    assert!(
        found[0].finding_zh.contains("校验不符"),
        "{}",
        found[0].finding_zh
    );

    let first = world.judge(&filing, JudgementSubject::Funding, false).await;
    let second = world.judge(&filing, JudgementSubject::Funding, true).await;
    let (first, second) = (first.expect("recorded"), second.expect("recorded"));
    assert_ne!(first.judgement_id, second.judgement_id);
    let items = listed(&world, &filing).await.expect("under assessment");
    assert!(items[5].judgement.as_ref() == Some(&second));
    assert_eq!(
        (second.reason.as_str(), second.recorded_on.as_str()),
        ("查验原件", "2020-05-18")
    );
}

#[tokio::test]
async fn nobody_is_selected_while_a_condition_is_not_judged_or_not_met() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("all is met");
    let judged = world.judge(&filing, JudgementSubject::Affiliation, false);
    judged.await.expect("recorded");
    let stale = world.confirm(&second_officer(), &filing, &proposal).await;
    assert_eq!(refused(stale), ["CONTENT_CHANGED"]);
    assert_eq!(refused(world.propose(&filing).await), ["JUDGEMENT_NOT_MET"]);
}

#[tokio::test]
async fn a_judgement_has_a_subject_of_this_kind_of_body_and_a_reason() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let before = world.traces().await;
    let mut centre = world.judgements(&first_officer());
    let empty = RecordJudgementRequest::default();
    let status = centre.record_judgement(empty).await.err().expect("empty");
    assert_eq!(
        codes(&status),
        [
            "REQUEST_ID_MISSING",
            "ID_PREFIX",
            "JUDGEMENT_SUBJECT_UNKNOWN",
            "FIELD_REQUIRED"
        ]
    );
    let foreign = request(&filing, JudgementSubject::MemberUnits);
    let status = centre
        .record_judgement(foreign)
        .await
        .err()
        .expect("a college");
    assert_eq!(codes(&status), ["JUDGEMENT_OF_ANOTHER_KIND"]);
    assert_eq!(fields(&status), ["subject"]);
    assert_eq!(world.traces().await, before, "a refusal leaves no trace");
}

#[tokio::test]
async fn only_the_centre_with_which_it_is_filed_judges_and_the_applicant_is_not_told() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let asked = || request(&filing, JudgementSubject::Funding);
    for (caller, expected) in [
        (city_officer("jinan-1", "370100"), "APPLICATION_NOT_FOUND"),
        (province(), "NOT_FILING_AUTHORITY"),
        (filing.clerk.clone(), "METHOD_NOT_ALLOWED"),
    ] {
        let answer = world.judgements(&caller).record_judgement(asked()).await;
        assert_eq!(refused(answer), [expected]);
    }
    let application_id = filing.id.clone();
    let request = ListJudgementsRequest { application_id };
    let answer = world
        .judgements(&filing.clerk)
        .list_judgements(request)
        .await;
    assert_eq!(refused(answer), ["METHOD_NOT_ALLOWED"]);
}

#[tokio::test]
async fn judging_twice_with_one_request_id_is_judging_once() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let asked = request(&filing, JudgementSubject::Funding);
    let mut centre = world.judgements(&first_officer());
    let first = centre
        .record_judgement(asked.clone())
        .await
        .expect("recorded");
    let again = centre
        .record_judgement(asked.clone())
        .await
        .expect("the same");
    assert!(first.into_inner() == again.into_inner());
    let other = RecordJudgementRequest {
        met: false,
        ..asked
    };
    assert_eq!(
        refused(centre.record_judgement(other).await),
        ["REQUEST_ID_REUSED"]
    );
    let kinds = world.facts("application").await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| *kind == "judgement_recorded")
            .count(),
        1
    );
}

#[tokio::test]
async fn of_two_officers_who_judge_what_they_saw_one_is_told_that_it_has_changed() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let seen = world.whole(&first_officer(), &filing).await.version;
    let by = |subject, met| RecordJudgementRequest {
        version: seen,
        met,
        ..request(&filing, subject)
    };
    let funding = JudgementSubject::Funding;
    let mut one = world.judgements(&first_officer());
    one.record_judgement(by(funding, true))
        .await
        .expect("as seen");
    let before = world.traces().await;
    let mut other = world.judgements(&second_officer());
    let answer = other.record_judgement(by(funding, false)).await;
    assert_eq!(refused(answer), ["APPLICATION_CHANGED"]);
    let visit = RecordSiteVisitRequest {
        version: seen,
        ..visit(&filing.id, "2020-05-18")
    };
    let answer = world
        .selections(&second_officer())
        .record_site_visit(visit)
        .await;
    assert_eq!(refused(answer), ["APPLICATION_CHANGED"]);
    let check = RecordDocumentCheckRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        items: vec![DocumentCheckItem {
            subject: "社会信用".to_owned(),
            in_order: true,
            ..DocumentCheckItem::default()
        }],
        version: seen,
    };
    let answer = world
        .selections(&second_officer())
        .record_document_check(check)
        .await;
    assert_eq!(refused(answer), ["APPLICATION_CHANGED"]);
    assert_eq!(world.traces().await, before);
}
