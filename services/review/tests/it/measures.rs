//! Measures on organisations: two persons, a cause, and what the registry is told.

use kernel::ids::{InspectionId, OrganizationId};
use platform::access::Caller;
use platform::testing::{city_officer, clerk};
use prost::Message;
use proto::common::v1::{
    Confirmation, Fact, Level, MeasureGround, MeasureKind, OngoingBatches, Proposal,
};
use proto::review::v1::*;
use tonic::Status;
use uuid::Uuid;

use crate::inspections::result;
use crate::registry::RIGHT;
use crate::scenes::{first_officer, province, scope, second_officer};
use crate::setup::{World, fields, refused, request_id};

/// A name that must appear nowhere but in its place.
const MARKED: &str = "甄措施";

/// The inspection of an organisation that came to something.
pub(crate) struct Found {
    inspection: String,
    organization: String,
    /// The other one, where there was no problem.
    innocent: String,
}

fn suspend(found: &Found) -> ProposeMeasureRequest {
    ProposeMeasureRequest {
        request_id: request_id(),
        organization_id: found.organization.clone(),
        origin_id: found.inspection.clone(),
        kind: MeasureKind::Suspension.into(),
        grounds: vec![MeasureGround::RulesNotPublished.into()],
        reason: format!("负责人{MARKED}未公开收费标准"),
        effective_on: "2020-09-10".to_owned(),
        due_on: String::new(),
        right_ids: Vec::new(),
        ongoing_batches: OngoingBatches::Hold.into(),
    }
}

fn confirm(measure_id: &str, proposal: &Proposal) -> ConfirmMeasureRequest {
    ConfirmMeasureRequest {
        request_id: request_id(),
        measure_id: measure_id.to_owned(),
        confirmation: Some(Confirmation {
            proposal_id: proposal.proposal_id.clone(),
            content_hash: proposal.content_hash.clone(),
        }),
    }
}

impl World {
    pub(crate) async fn found(&self) -> Found {
        let drawn = self.drawn().await;
        self.set_day("2020-09-08");
        let (inspection, inspected) = (drawn.inspection_id, drawn.inspected);
        let found = Found {
            organization: inspected[0].organization_id.clone(),
            innocent: inspected[1].organization_id.clone(),
            inspection,
        };
        let mut centre = self.inspections(&first_officer());
        for (organization, outcome) in [
            (&found.organization, InspectionOutcome::NotPublished),
            (&found.innocent, InspectionOutcome::NoProblem),
        ] {
            let request = result(&found.inspection, organization, outcome);
            centre
                .record_inspection_result(request)
                .await
                .expect("in its period");
        }
        found
    }

    pub(crate) async fn proposed(&self, found: &Found) -> (String, Proposal) {
        let proposed = self
            .measures(&first_officer())
            .propose_measure(suspend(found))
            .await;
        let proposed = proposed.expect("there is a cause").into_inner();
        let measure = proposed.measure.expect("it");
        (measure.measure_id, proposed.proposal.expect("it"))
    }
}

#[tokio::test]
async fn a_measure_is_proposed_confirmed_and_told_to_the_registry() {
    let world = World::start().await;
    let found = world.found().await;
    let (id, proposal) = world.proposed(&found).await;
    let before = world.traces().await;
    let own = world
        .measures(&first_officer())
        .confirm_measure(confirm(&id, &proposal))
        .await;
    assert_eq!(refused(own), ["SAME_PERSON"]);
    let other = Proposal {
        content_hash: vec![7; 32].into(),
        ..proposal.clone()
    };
    let mut second = world.measures(&second_officer());
    assert_eq!(
        refused(second.confirm_measure(confirm(&id, &other)).await),
        ["PROPOSAL_MISMATCH"]
    );
    assert_eq!(world.traces().await, before);

    let organization = OrganizationId::parse(&found.organization).expect("an id");
    let concerned = clerk("clerk-1", organization);
    assert_eq!(
        refused(read(&world, &concerned, &id).await),
        ["MEASURE_NOT_FOUND"]
    );
    let decided = second
        .confirm_measure(confirm(&id, &proposal))
        .await
        .expect("another person");
    let decided = decided.into_inner().measure.expect("it");
    assert!(decided.state() == MeasureState::Decided);
    assert_eq!(
        (&*decided.decided_on, &*decided.decided_by),
        ("2020-09-08", "371000")
    );
    let seen = read(&world, &concerned, &id).await.expect("decided by now");
    assert!(seen.reason.contains(MARKED));
    let again = second.confirm_measure(confirm(&id, &proposal)).await;
    assert_eq!(refused(again), ["MEASURE_DECIDED"]);

    let told = told(&world).await;
    assert_eq!(
        (told.measure_id, told.organization_id),
        (id, found.organization)
    );
    assert_eq!(told.origin_id, found.inspection);
    assert!(told.kind == i32::from(MeasureKind::Suspension));
    assert!(told.ongoing_batches == i32::from(OngoingBatches::Hold));
    assert_eq!(told.grounds, [i32::from(MeasureGround::RulesNotPublished)]);
    assert_eq!((&*told.effective_on, &*told.due_on), ("2020-09-10", ""));
    nobody_is_named(&world).await;
}

async fn read(world: &World, caller: &Caller, id: &str) -> Result<Measure, Status> {
    let measure_id = id.to_owned();
    let request = GetMeasureRequest { measure_id };
    let answer = world.measures(caller).get_measure(request).await?;
    Ok(answer.into_inner().measure.expect("it"))
}

/// The only fact that left about a measure.
async fn told(world: &World) -> MeasureDecided {
    let messages: Vec<Vec<u8>> = sqlx::query_scalar("select message from platform.publication")
        .fetch_all(&world.platform.pool)
        .await
        .expect("messages");
    let facts = messages
        .iter()
        .map(|message| Fact::decode(message.as_slice()).expect("a fact"));
    let mut facts: Vec<_> = facts
        .filter(|fact| fact.aggregate_kind == "measure")
        .collect();
    assert_eq!(facts.len(), 1);
    let fact = facts.remove(0);
    assert_eq!(fact.kind, "measure_decided");
    MeasureDecided::decode(fact.payload).expect("a decision")
}

async fn nobody_is_named(world: &World) {
    let everything: String = sqlx::query_scalar(
        "select (select string_agg(payload::text, ' ') from platform.fact)
             || (select string_agg(encode(message, 'escape'), ' ') from platform.publication)
             || (select string_agg(measure::text, ' ') from measure)",
    )
    .fetch_one(&world.platform.pool)
    .await
    .expect("rows");
    assert!(!everything.contains(MARKED) && !everything.contains(&hex::encode(MARKED)));
}

#[tokio::test]
async fn there_is_no_measure_without_a_cause_about_the_organisation() {
    let world = World::start().await;
    let found = world.found().await;
    let before = world.traces().await;
    let mut centre = world.measures(&first_officer());
    let elsewhere = InspectionId::from_uuid(Uuid::now_v7()).to_string();
    for (request, code) in [
        (
            ProposeMeasureRequest {
                origin_id: elsewhere,
                ..suspend(&found)
            },
            "MEASURE_ORIGIN_NOT_FOUND",
        ),
        (
            ProposeMeasureRequest {
                organization_id: found.innocent.clone(),
                ..suspend(&found)
            },
            "MEASURE_ORIGIN_UNFOUNDED",
        ),
        (
            ProposeMeasureRequest {
                organization_id: OrganizationId::from_uuid(Uuid::now_v7()).to_string(),
                ..suspend(&found)
            },
            "MEASURE_ORGANIZATION_NOT_FOUND",
        ),
    ] {
        assert_eq!(refused(centre.propose_measure(request).await), [code]);
    }
    for (caller, code) in [
        (
            city_officer("jinan-1", "370100"),
            "MEASURE_ORGANIZATION_NOT_FOUND",
        ),
        (province(), "MEASURE_NOT_FILING_AUTHORITY"),
    ] {
        let answer = world
            .measures(&caller)
            .propose_measure(suspend(&found))
            .await;
        assert_eq!(refused(answer), [code]);
    }
    assert_eq!(world.traces().await, before);
    let (id, proposal) = world.proposed(&found).await;
    let foreign = city_officer("jinan-1", "370100");
    let answer = world
        .measures(&foreign)
        .confirm_measure(confirm(&id, &proposal))
        .await;
    assert_eq!(refused(answer), ["MEASURE_NOT_FOUND"]);
    let answer = world
        .measures(&province())
        .confirm_measure(confirm(&id, &proposal))
        .await;
    assert_eq!(refused(answer), ["MEASURE_NOT_FILING_AUTHORITY"]);
}

#[tokio::test]
async fn every_fault_of_a_measure_is_told_at_once() {
    let world = World::start().await;
    let found = world.found().await;
    let before = world.traces().await;
    let mut centre = world.measures(&first_officer());
    let empty = centre
        .propose_measure(ProposeMeasureRequest::default())
        .await;
    let expected = [
        "request_id",
        "organization_id",
        "origin_id",
        "kind",
        "effective_on",
        "grounds",
        "reason",
    ];
    assert_eq!(fields(&empty.err().expect("nothing filled in")), expected);
    let wrong = ProposeMeasureRequest {
        kind: MeasureKind::Rectification.into(),
        effective_on: "2020-09-07".to_owned(),
        due_on: "2020-09-07".to_owned(),
        grounds: vec![15, 15],
        ..suspend(&found)
    };
    assert_eq!(
        refused(centre.propose_measure(wrong).await),
        [
            "MEASURE_GROUND_TWICE",
            "MEASURE_EFFECTIVE_IN_PAST",
            "MEASURE_SUSPENSION_UNCALLED_FOR",
            "MEASURE_DUE_TOO_EARLY"
        ]
    );
    let many = ProposeMeasureRequest {
        right_ids: vec!["x".to_owned(); 101],
        ..suspend(&found)
    };
    assert!(
        refused(centre.propose_measure(many).await).contains(&"MEASURE_LIST_TOO_LONG".to_owned())
    );
    let other = ProposeMeasureRequest {
        origin_id: "org_00000000000000000000000001".to_owned(),
        ..suspend(&found)
    };
    assert_eq!(
        refused(centre.propose_measure(other).await),
        ["MEASURE_ORIGIN_UNKNOWN"]
    );
    let nothing = centre
        .confirm_measure(ConfirmMeasureRequest::default())
        .await;
    let expected = ["request_id", "measure_id", "confirmation"];
    assert_eq!(fields(&nothing.err().expect("empty")), expected);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn what_is_suspended_is_a_right_of_the_organisation() {
    let world = World::start().await;
    let found = world.found().await;
    let organization = OrganizationId::parse(&found.organization).expect("an id");
    let electrician = scope("6-31-01-03", &[Level::Five]);
    world.registry.register(organization, electrician, "371000");
    let invented = "right_00000000000000000000000009".to_owned();
    let propose = async |right_ids: Vec<String>, effective_on: &str| {
        let request = ProposeMeasureRequest {
            right_ids,
            effective_on: effective_on.to_owned(),
            ..suspend(&found)
        };
        world
            .measures(&first_officer())
            .propose_measure(request)
            .await
    };
    let refused_far = propose(vec![RIGHT.to_owned(), invented], "9999-12-31").await;
    assert_eq!(
        refused(refused_far),
        ["MEASURE_DAY_TOO_FAR", "MEASURE_RIGHT_UNKNOWN"]
    );
    let proposed = propose(vec![RIGHT.to_owned()], "2020-09-10").await;
    let proposed = proposed.expect("its own").into_inner();
    // What has ended by then is none, be it since the proposal.
    world.registry.end(organization, "2020-09-09");
    let ended = propose(vec![RIGHT.to_owned()], "2020-09-10").await;
    assert_eq!(refused(ended), ["MEASURE_RIGHT_UNKNOWN"]);
    let measure_id = proposed.measure.expect("it").measure_id;
    let confirmation = confirm(&measure_id, &proposed.proposal.expect("it"));
    let mut second = world.measures(&second_officer());
    let confirmed = second.confirm_measure(confirmation.clone()).await;
    assert_eq!(refused(confirmed), ["MEASURE_RIGHT_UNKNOWN"]);
    world.registry.end(organization, "2020-09-10");
    let confirmed = second.confirm_measure(confirmation).await;
    confirmed.expect("it lasts that day");
}

#[tokio::test]
async fn of_two_who_confirm_at_once_one_is_told_that_it_is_done() {
    let world = World::start().await;
    let found = world.found().await;
    let (id, proposal) = world.proposed(&found).await;
    let third = city_officer("weihai-3", "371000");
    let (mut second, mut third) = (world.measures(&second_officer()), world.measures(&third));
    let (one, other) = tokio::join!(
        second.confirm_measure(confirm(&id, &proposal)),
        third.confirm_measure(confirm(&id, &proposal)),
    );
    let late = if one.is_ok() { other } else { one };
    assert_eq!(refused(late), ["MEASURE_DECIDED"]);
    told(&world).await;
}

#[tokio::test]
async fn a_proposal_that_waited_too_long_is_not_confirmed() {
    let world = World::start().await;
    let found = world.found().await;
    let (id, proposal) = world.proposed(&found).await;
    world.set_day("2020-09-11");
    let late = world
        .measures(&second_officer())
        .confirm_measure(confirm(&id, &proposal))
        .await;
    assert_eq!(refused(late), ["MEASURE_EFFECTIVE_IN_PAST"]);
}

#[tokio::test]
async fn measures_are_listed_to_whom_they_concern() {
    let world = World::start().await;
    let found = world.found().await;
    let (first, proposal) = world.proposed(&found).await;
    let (second, _) = world.proposed(&found).await;
    let mut centre = world.measures(&second_officer());
    let confirmed = centre.confirm_measure(confirm(&first, &proposal)).await;
    confirmed.expect("another person");
    let organization = OrganizationId::parse(&found.organization).expect("an id");
    let other = OrganizationId::parse(&found.innocent).expect("an id");
    for (caller, expected) in [
        (first_officer(), vec![&second, &first]),
        (province(), vec![&second, &first]),
        (clerk("clerk-1", organization), vec![&first]),
        (clerk("clerk-2", other), vec![]),
        (city_officer("jinan-1", "370100"), vec![]),
    ] {
        let request = ListMeasuresRequest::default();
        let listed = world
            .measures(&caller)
            .list_measures(request)
            .await
            .expect("a list");
        let listed = listed.into_inner().measures;
        assert!(listed.iter().all(|measure| measure.reason.is_empty()));
        let ids: Vec<_> = listed.iter().map(|measure| &measure.measure_id).collect();
        assert_eq!(ids, expected, "{}", caller.subject);
    }
    let mut centre = world.measures(&first_officer());
    let request = |page_token: &str| ListMeasuresRequest {
        organization_id: found.organization.clone(),
        page_size: 1,
        page_token: page_token.to_owned(),
    };
    let page = centre
        .list_measures(request(""))
        .await
        .expect("a page")
        .into_inner();
    assert_eq!(page.measures[0].measure_id, second);
    let page = centre
        .list_measures(request(&page.next_page_token))
        .await
        .expect("the next");
    let page = page.into_inner();
    assert_eq!(
        (&page.measures[0].measure_id, &*page.next_page_token),
        (&first, "")
    );
    let answer = centre.list_measures(request("page 2")).await;
    assert_eq!(refused(answer), ["MEASURE_PAGE_TOKEN"]);
}
