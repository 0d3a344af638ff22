//! Risk alerts: opened by what the other services publish, handled by an officer.

use jiff::civil::date;
use kernel::ids::{BatchId, CertificateId, FactId, OrganizationId, PlanId};
use kernel::working_day::CalendarYear;
use platform::access::Caller;
use platform::inbox::Inbox;
use platform::testing::{city_officer, clerk};
use prost::Message;
use proto::common::v1::{Confirmation, Fact, MeasureGround, MeasureKind};
use proto::exam::v1::{PlanReported, SessionHeld};
use proto::results::v1::{
    CertificateEvent, CertificateFact, CertificateLineage, ResultObjectionRaised,
};
use proto::review::v1::*;
use review::{BatchFacts, CertificateFacts, PlanFacts};
use tonic::Code;
use uuid::Uuid;

use crate::inspections::result;
use crate::recounting::with_off;
use crate::scenes::{first_officer, province, second_officer};
use crate::setup::{World, fields, refused, request_id};
use crate::stages;

/// A name that must appear nowhere but in its place.
const MARKED: &str = "甄预警";

fn fact(kind: &str, aggregate: Uuid, version: u64, payload: &impl Message) -> Fact {
    let mut fact = Fact {
        fact_id: FactId::from_uuid(Uuid::now_v7()).to_string(),
        aggregate_kind: "watched".to_owned(),
        aggregate_id: aggregate.to_string(),
        version,
        published_version: version,
        kind: kind.to_owned(),
        epoch: 1,
        occurred_at: "2020-09-12T16:30:00".to_owned(),
        payload: payload.encode_to_vec().into(),
        ..Fact::default()
    };
    fact.hash = platform::facts::hash(&fact).to_vec().into();
    fact
}

fn reported(plan: PlanId, organization: OrganizationId, candidates: u32) -> Fact {
    reported_with(plan, organization, (candidates, 0))
}

fn reported_with(
    plan: PlanId,
    organization: OrganizationId,
    (candidates, not_rotated): (u32, u32),
) -> Fact {
    let message = PlanReported {
        plan_id: plan.to_string(),
        organization_id: organization.to_string(),
        first_session_on: "2020-09-12".to_owned(),
        candidates,
        not_rotated,
        ..PlanReported::default()
    };
    fact("plan_reported", plan.uuid(), 1, &message)
}

fn held(plan: PlanId, version: u64, present: u32, absent: u32) -> Fact {
    held_on("2020-09-12", plan, version, (present, absent))
}

/// A session that was reported on 12 September.
fn held_on(day: &str, plan: PlanId, version: u64, (present, absent): (u32, u32)) -> Fact {
    let message = SessionHeld {
        plan_id: plan.to_string(),
        held_on: day.to_owned(),
        present,
        absent,
        ..SessionHeld::default()
    };
    fact("session_held", plan.uuid(), version, &message)
}

fn certificate(plan: PlanId, organization: OrganizationId, event: CertificateEvent) -> Fact {
    let lineage = CertificateLineage {
        organization_id: organization.to_string(),
        plan_id: plan.to_string(),
        ..CertificateLineage::default()
    };
    let message = CertificateFact {
        event: event.into(),
        status_since: "2020-09-30".to_owned(),
        lineage: Some(lineage),
        ..CertificateFact::default()
    };
    fact(
        "certificate",
        CertificateId::from_uuid(Uuid::now_v7()).uuid(),
        1,
        &message,
    )
}

fn objected(organization: OrganizationId) -> Fact {
    let batch = BatchId::from_uuid(Uuid::now_v7());
    let message = ResultObjectionRaised {
        batch_id: batch.to_string(),
        organization_id: organization.to_string(),
        ..ResultObjectionRaised::default()
    };
    fact("objection_raised", batch.uuid(), 1, &message)
}

impl World {
    async fn hear_of_plans(&self, facts: &[Fact]) {
        let handler = PlanFacts::new(self.app.clone());
        let journal = self.platform.journal.clone();
        Inbox::new(journal, "plans".to_owned(), handler)
            .take(facts)
            .await;
    }

    async fn hear_of_certificates(&self, facts: &[Fact]) {
        let handler = CertificateFacts::new(self.app.clone());
        let journal = self.platform.journal.clone();
        Inbox::new(journal, "certificates".to_owned(), handler)
            .take(facts)
            .await;
    }

    async fn hear_of_batches(&self, facts: &[Fact]) {
        let handler = BatchFacts::new(self.app.clone());
        let journal = self.platform.journal.clone();
        Inbox::new(journal, "batches".to_owned(), handler)
            .take(facts)
            .await;
    }

    /// The rules by which something stands out, newest first, and what it is about.
    async fn standing_out(&self) -> Vec<(String, String)> {
        let alerts = self.alerts(&first_officer()).await;
        let named = alerts.into_iter().map(|alert| (alert.rule, alert.subject));
        named.collect()
    }

    async fn alerts(&self, caller: &Caller) -> Vec<Alert> {
        let request = ListAlertsRequest::default();
        let listed = self
            .risks(caller)
            .list_alerts(request)
            .await
            .expect("a list");
        listed.into_inner().alerts
    }

    /// A plan of a registered organisation at which half of those expected did not come.
    pub(crate) async fn deserted(&self) -> (OrganizationId, PlanId) {
        self.set_day("2020-09-12");
        let organization = self.known_in("371000").await;
        let plan = PlanId::from_uuid(Uuid::now_v7());
        self.hear_of_plans(&[reported(plan, organization, 40), held(plan, 2, 10, 10)])
            .await;
        (organization, plan)
    }
}

fn handle(alert: &Alert, outcome: AlertOutcome, reference_id: &str) -> HandleAlertRequest {
    HandleAlertRequest {
        request_id: request_id(),
        alert_id: alert.alert_id.clone(),
        outcome: outcome.into(),
        reference_id: reference_id.to_owned(),
        reason: format!("经{MARKED}核实，当日暴雨"),
    }
}

#[tokio::test]
async fn what_stands_out_opens_one_alert_with_its_figures() {
    let world = World::start().await;
    let (organization, plan) = world.deserted().await;
    let [alert] = &world.alerts(&first_officer()).await[..] else {
        panic!("one alert")
    };
    assert_eq!(
        (&*alert.rule, &alert.subject),
        ("absence_high", &plan.to_string())
    );
    assert_eq!(alert.organization_id, organization.to_string());
    let figures: Vec<_> = alert
        .figures
        .iter()
        .map(|it| (&*it.name, it.value))
        .collect();
    assert_eq!(
        figures,
        [("absent", 10), ("expected", 20), ("threshold", 40)]
    );
    assert!(alert.due.is_some() && alert.state() == AlertState::Open);

    // It stands out as before, and nobody need be told again.
    world.hear_of_plans(&[held(plan, 3, 0, 10)]).await;
    assert_eq!(world.alerts(&first_officer()).await.len(), 1);
    assert_eq!(world.facts("alert").await, ["alert_opened"]);
}

#[tokio::test]
async fn an_alert_is_due_by_the_calendar_as_it_is_now() {
    let world = World::start().await;
    world.deserted().await;
    let due = async || {
        let [alert] = &world.alerts(&first_officer()).await[..] else {
            panic!("one alert")
        };
        alert.due.clone().expect("a deadline").date
    };
    let before = due().await;
    let day = before.parse().expect("a day");
    let recorded = world.recounted(with_off(day), "alert").await;
    assert_eq!(recorded, ["alert_due_recounted"]);
    assert!(due().await > before);
}

#[tokio::test]
async fn an_alert_that_waited_for_a_year_is_due_once_its_calendar_is_there() {
    let world = World::start().await;
    world.set_day("2026-12-30");
    let organization = world.known_in("371000").await;
    let plan = PlanId::from_uuid(Uuid::now_v7());
    world
        .hear_of_plans(&[reported(plan, organization, 40), held(plan, 2, 10, 10)])
        .await;
    let due = async || world.alerts(&first_officer()).await.remove(0).due;
    assert!(due().await.is_none());
    let year = CalendarYear::new(2027, &[date(2027, 1, 1)], &[]).expect("a year");
    assert_eq!(
        world.recounted(year, "alert").await,
        ["alert_due_recounted"]
    );
    let due = due().await.expect("a deadline");
    assert!(due.date.starts_with("2027-01") && due.explanation_zh.contains("2026-12-30"));
}

fn named(rule: &str, subject: &str) -> (String, String) {
    (rule.to_owned(), subject.to_owned())
}

#[tokio::test]
async fn late_reports_and_objections_are_counted_by_the_year() {
    let world = World::start().await;
    world.set_day("2020-09-12");
    let organization = world.known_in("371000").await;
    let plan = PlanId::from_uuid(Uuid::now_v7());
    let session = |day, version| held_on(day, plan, version, (1, 0));
    let in_time_or_unknown = [
        reported(plan, organization, 40),
        session("2020-09-09", 2),
        session("", 3),
        session("2020-09-08", 4),
        session("2020-09-01", 5),
    ];
    world.hear_of_plans(&in_time_or_unknown).await;
    assert_eq!(world.standing_out().await, []);
    world.hear_of_plans(&[session("2020-09-08", 6)]).await;
    let late = named("reports_late", "2020");
    assert_eq!(world.standing_out().await, std::slice::from_ref(&late));

    let objections: Vec<_> = (0..10).map(|_| objected(organization)).collect();
    world.hear_of_batches(&objections[..9]).await;
    world.hear_of_batches(&objections[..9]).await;
    assert_eq!(
        world.standing_out().await.len(),
        1,
        "heard twice, counted once"
    );
    world.hear_of_batches(&objections[9..]).await;
    let many = named("objections_many", "2020");
    assert_eq!(world.standing_out().await, [many, late]);
    assert_eq!(world.quarantined().await, 0);
}

#[tokio::test]
async fn plans_whose_examiners_do_not_rotate_are_counted_by_the_year() {
    let world = World::start().await;
    world.set_day("2020-09-12");
    let organization = world.known_in("371000").await;
    let plans = [3, 1, 0, 2].map(|not_rotated| {
        let plan = PlanId::from_uuid(Uuid::now_v7());
        reported_with(plan, organization, (10, not_rotated))
    });
    world.hear_of_plans(&plans[..3]).await;
    assert_eq!(world.standing_out().await, []);
    world.hear_of_plans(&plans[3..]).await;
    let expected = named("rotation_missing", "2020");
    assert_eq!(world.standing_out().await, [expected]);
}

#[tokio::test]
async fn a_month_is_held_against_the_seats_of_the_filing() {
    let world = World::start().await;
    let [filing] = world.filed(["S000037100001"]).await;
    world.set_day("2020-09-12");
    let organization = stages::organization(&filing);
    let plan = || PlanId::from_uuid(Uuid::now_v7());
    world
        .hear_of_plans(&[reported(plan(), organization, 799)])
        .await;
    assert_eq!(world.standing_out().await, []);
    world
        .hear_of_plans(&[reported(plan(), organization, 1)])
        .await;
    let [alert] = &world.alerts(&first_officer()).await[..] else {
        panic!("one alert")
    };
    assert_eq!(
        (&*alert.rule, &*alert.subject),
        ("capacity_exceeded", "2020-09")
    );
    let figures = alert.figures.iter();
    let figures: Vec<_> = figures.map(|it| (&*it.name, it.value)).collect();
    assert_eq!(
        figures,
        [("candidates", 800), ("seats", 40), ("threshold", 2000)]
    );
}

#[tokio::test]
async fn certificates_volumes_and_revocations_are_counted() {
    let world = World::start().await;
    world.set_day("2020-09-12");
    let organization = world.known_in("371000").await;
    let [small, large] = [1, 2].map(|_| PlanId::from_uuid(Uuid::now_v7()));
    world
        .hear_of_plans(&[reported(small, organization, 40), held(small, 2, 30, 0)])
        .await;
    let issued = |_| certificate(small, organization, CertificateEvent::Issued);
    let first: Vec<_> = (0..29).map(issued).collect();
    world.hear_of_certificates(&first).await;
    assert!(world.alerts(&first_officer()).await.is_empty());
    world.hear_of_certificates(&[issued(29), issued(30)]).await;
    let small = named("pass_rate_high", &small.to_string());
    assert_eq!(world.standing_out().await, std::slice::from_ref(&small));

    world
        .hear_of_plans(&[reported(large, organization, 2960)])
        .await;
    let volume = named("volume_high", "2020-09");
    assert_eq!(world.standing_out().await, [volume.clone(), small.clone()]);

    let revoked = |_| certificate(large, organization, CertificateEvent::Revoked);
    let four: Vec<_> = (0..4).map(revoked).collect();
    world.hear_of_certificates(&four).await;
    assert_eq!(world.standing_out().await.len(), 2);
    world.hear_of_certificates(&[revoked(4)]).await;
    assert_eq!(
        world.standing_out().await,
        [named("revocations_many", "2020"), volume, small]
    );
}

#[tokio::test]
async fn who_is_not_registered_is_not_watched() {
    let world = World::start().await;
    let organization = OrganizationId::from_uuid(Uuid::now_v7());
    let plan = PlanId::from_uuid(Uuid::now_v7());
    world
        .hear_of_plans(&[reported(plan, organization, 9000), held(plan, 2, 1, 99)])
        .await;
    assert!(world.alerts(&province()).await.is_empty());
    world
        .hear_of_plans(&[held(PlanId::from_uuid(Uuid::now_v7()), 1, 1, 99)])
        .await;
    assert!(world.facts("alert").await.is_empty());
}

#[tokio::test]
async fn an_alert_is_handled_once_by_its_centre_and_seen_by_those_who_watch() {
    let world = World::start().await;
    let (organization, _) = world.deserted().await;
    let alert = world.alerts(&first_officer()).await.remove(0);
    let before = world.traces().await;
    let dismiss = || handle(&alert, AlertOutcome::Dismissed, "");
    for (caller, code) in [
        (city_officer("jinan-1", "370100"), "ALERT_NOT_FOUND"),
        (province(), "ALERT_NOT_FILING_AUTHORITY"),
    ] {
        let answer = world.risks(&caller).handle_alert(dismiss()).await;
        assert_eq!(refused(answer), [code]);
    }
    let mut centre = world.risks(&first_officer());
    let empty = centre.handle_alert(HandleAlertRequest::default()).await;
    let expected = ["request_id", "alert_id", "outcome", "reason"];
    assert_eq!(fields(&empty.err().expect("nothing filled in")), expected);
    for (outcome, reference) in [
        (AlertOutcome::Dismissed, "meas_00000000000000000000000001"),
        (AlertOutcome::Inspected, ""),
        (AlertOutcome::Measure, "insp_00000000000000000000000001"),
    ] {
        let answer = centre
            .handle_alert(handle(&alert, outcome, reference))
            .await;
        assert_eq!(refused(answer), ["ALERT_REFERENCE"]);
    }
    let unknown = HandleAlertRequest {
        outcome: 9,
        ..dismiss()
    };
    assert_eq!(
        refused(centre.handle_alert(unknown).await),
        ["ALERT_OUTCOME_UNKNOWN"]
    );
    for (outcome, reference) in [
        (AlertOutcome::Inspected, "insp_00000000000000000000000001"),
        (AlertOutcome::Measure, "meas_00000000000000000000000001"),
    ] {
        let answer = centre
            .handle_alert(handle(&alert, outcome, reference))
            .await;
        assert_eq!(refused(answer), ["ALERT_REFERENCE_NOT_FOUND"]);
    }
    assert_eq!(world.traces().await, before);

    let mut other = world.risks(&second_officer());
    let (one, two) = tokio::join!(
        centre.handle_alert(dismiss()),
        other.handle_alert(dismiss())
    );
    let late = if one.is_ok() { two } else { one };
    assert_eq!(refused(late), ["ALERT_HANDLED"]);
    let request = || GetAlertRequest {
        alert_id: alert.alert_id.clone(),
    };
    let seen = world
        .risks(&province())
        .get_alert(request())
        .await
        .expect("it watches");
    let seen = seen.into_inner().alert.expect("it");
    assert!(seen.reason.contains(MARKED) && seen.outcome() == AlertOutcome::Dismissed);
    let answer = world
        .risks(&clerk("clerk-1", organization))
        .get_alert(request())
        .await;
    assert_eq!(
        answer.err().expect("not its").code(),
        Code::PermissionDenied
    );
    let foreign = city_officer("jinan-1", "370100");
    let answer = world.risks(&foreign).get_alert(request()).await;
    assert_eq!(refused(answer), ["ALERT_NOT_FOUND"]);
    let request = ListAlertsRequest {
        open_only: true,
        ..ListAlertsRequest::default()
    };
    let open = centre
        .list_alerts(request)
        .await
        .expect("a list")
        .into_inner();
    assert!(open.alerts.is_empty());
    let rows: String = sqlx::query_scalar(
        "select string_agg(payload::text, ' ') || (select string_agg(alert::text, ' ') from alert)
         from platform.fact",
    )
    .fetch_one(&world.platform.pool)
    .await
    .expect("rows");
    assert!(!rows.contains(MARKED) && !rows.contains(&hex::encode(MARKED)));
}

#[tokio::test]
async fn an_alert_leads_to_a_measure_or_an_inspection() {
    let world = World::start().await;
    let (organization, _) = world.deserted().await;
    let alert = world.alerts(&first_officer()).await.remove(0);
    let propose = || ProposeMeasureRequest {
        request_id: request_id(),
        organization_id: organization.to_string(),
        origin_id: alert.alert_id.clone(),
        kind: MeasureKind::Talk.into(),
        grounds: vec![MeasureGround::Other.into()],
        reason: "缺考过多".to_owned(),
        effective_on: "2020-09-12".to_owned(),
        ..ProposeMeasureRequest::default()
    };
    let mut first = world.measures(&first_officer());
    let proposed = first
        .propose_measure(propose())
        .await
        .expect("a cause")
        .into_inner();
    let (measure, proposal) = (
        proposed.measure.expect("it"),
        proposed.proposal.expect("it"),
    );
    let mut centre = world.risks(&first_officer());
    let by_measure = || handle(&alert, AlertOutcome::Measure, &measure.measure_id);
    let early = centre.handle_alert(by_measure()).await;
    assert_eq!(refused(early), ["ALERT_REFERENCE_NOT_FOUND"]);
    let request = ConfirmMeasureRequest {
        request_id: request_id(),
        measure_id: measure.measure_id.clone(),
        confirmation: Some(Confirmation {
            proposal_id: proposal.proposal_id,
            content_hash: proposal.content_hash,
        }),
    };
    let confirmed = world
        .measures(&second_officer())
        .confirm_measure(request)
        .await;
    confirmed.expect("another person");
    let handled = centre
        .handle_alert(by_measure())
        .await
        .expect("decided on it");
    assert_eq!(
        handled.into_inner().alert.expect("it").reference_id,
        measure.measure_id
    );

    let (innocent, _) = world.deserted().await;
    let alert = world.alerts(&first_officer()).await.remove(0);
    let dismissed = centre
        .handle_alert(handle(&alert, AlertOutcome::Dismissed, ""))
        .await;
    dismissed.expect("there is an explanation");
    let request = ProposeMeasureRequest {
        organization_id: innocent.to_string(),
        origin_id: alert.alert_id.clone(),
        ..propose()
    };
    let answer = first.propose_measure(request).await;
    assert_eq!(refused(answer), ["MEASURE_ORIGIN_UNFOUNDED"]);
}

#[tokio::test]
async fn an_inspection_that_came_to_something_answers_an_alert() {
    let world = World::start().await;
    let drawn = world.drawn().await;
    world.set_day("2020-09-12");
    let organization_id = &drawn.inspected[0].organization_id;
    let organization = OrganizationId::parse(organization_id).expect("an id");
    let plan = PlanId::from_uuid(Uuid::now_v7());
    world
        .hear_of_plans(&[reported(plan, organization, 40), held(plan, 2, 10, 10)])
        .await;
    let alert = world.alerts(&first_officer()).await.remove(0);
    let mut centre = world.risks(&first_officer());
    let by_inspection = || handle(&alert, AlertOutcome::Inspected, &drawn.inspection_id);
    let early = centre.handle_alert(by_inspection()).await;
    assert_eq!(refused(early), ["ALERT_REFERENCE_NOT_FOUND"]);
    let request = result(
        &drawn.inspection_id,
        organization_id,
        InspectionOutcome::NoProblem,
    );
    let recorded = world
        .inspections(&first_officer())
        .record_inspection_result(request)
        .await;
    recorded.expect("in its period");
    centre
        .handle_alert(by_inspection())
        .await
        .expect("inspected");
}

#[tokio::test]
async fn rules_are_everybodys_and_dated() {
    let world = World::start().await;
    let mut anybody = world.risks(&Caller::public());
    let mut rules = async |on: &str| {
        let request = ListRiskRulesRequest { on: on.to_owned() };
        anybody.list_risk_rules(request).await
    };
    assert_eq!(
        rules("").await.expect("today's").into_inner().rules.len(),
        8
    );
    assert!(
        rules("2020-05-13")
            .await
            .expect("none yet")
            .into_inner()
            .rules
            .is_empty()
    );
    assert_eq!(refused(rules("tomorrow").await), ["DATE_MALFORMED"]);
    let request = ListAlertsRequest {
        page_token: "2".to_owned(),
        ..ListAlertsRequest::default()
    };
    let answer = world.risks(&first_officer()).list_alerts(request).await;
    assert_eq!(refused(answer), ["ALERT_PAGE_TOKEN"]);
}

#[tokio::test]
async fn all_who_sat_two_parts_and_are_certified_stand_out() {
    let world = World::start().await;
    world.set_day("2020-09-30");
    let organization = world.known_in("371000").await;
    let plan = PlanId::from_uuid(Uuid::now_v7());
    let told = [
        reported(plan, organization, 30),
        held(plan, 2, 30, 0),
        held(plan, 3, 30, 0),
    ];
    world.hear_of_plans(&told).await;
    let issued = || certificate(plan, organization, CertificateEvent::Issued);
    let issued: Vec<_> = (0..30).map(|_| issued()).collect();
    world.hear_of_certificates(&issued).await;
    let about = ("pass_rate_high".to_owned(), plan.to_string());
    assert_eq!(world.standing_out().await, [about]);
}
