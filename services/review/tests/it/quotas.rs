//! The eight places of a city and the three occupations of an organisation, raced for.

use futures::future::join_all;
use platform::testing::city_officer;
use proto::registry::v1::{
    OrganizationRegistered, OrganizationWithdrawn, Right, RightsEnd, RightsEnded, RightsGranted,
    RightsRenewed,
};
use proto::review::v1::*;
use review::PublicNoticeSweep;

use crate::scenes::{Filing, first_officer, province, second_officer};
use crate::setup::{World, codes, refused, request_id};
use crate::stages::{five, organization, round_of_documents};
use crate::submissions::said_against;

const ELECTRICIAN: &str = "6-31-01-03";
const CODES: [&str; 4] = [ELECTRICIAN, "6-18-02-04", "4-03-02-01", "4-03-02-02"];

async fn quota(world: &World) -> CityQuota {
    let request = ListCityQuotasRequest::default();
    let listed = world
        .rounds(&first_officer())
        .list_city_quotas(request)
        .await;
    let listed = listed.expect("its own").into_inner().quotas;
    assert_eq!(listed.len(), 1);
    listed.into_iter().next().expect("Weihai's")
}

/// Ten applicants, all checked and proposed, and their proposals.
async fn ten_proposed(world: &World) -> Vec<(Filing, ProposeSelectionResponse)> {
    let round = world.open_round(round_of_documents("2020-05-18")).await;
    let round = round.expect("good days");
    let proposed = (0..10).map(async |_| {
        let (college, first) = (world.college(), ApplicationPurpose::First);
        let filing = world
            .checked_as(college, &round, first, &[ELECTRICIAN])
            .await;
        let proposed = world.propose_codes(&filing, &[ELECTRICIAN]).await;
        (filing, proposed.expect("checked"))
    });
    join_all(proposed).await
}

#[tokio::test]
async fn of_fifty_commands_that_race_for_eight_places_eight_get_one() {
    let world = World::start().await;
    let proposed = ten_proposed(&world).await;
    let officers: Vec<_> = (2..=6)
        .map(|number| city_officer(&format!("weihai-{number}"), "371000"))
        .collect();
    let race = proposed.iter().flat_map(|(filing, response)| {
        let proposal = response.proposal.as_ref().expect("it");
        let world = &world;
        let confirm = move |officer| world.confirm(officer, filing, proposal);
        officers.iter().map(confirm)
    });
    let answers = join_all(race).await;
    assert_eq!(answers.len(), 50);
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 8);
    let full = |answer: &&Result<_, tonic::Status>| {
        let status = answer.as_ref().err();
        status.is_some_and(|status| codes(status) == ["CITY_QUOTA_EXHAUSTED"])
    };
    assert_eq!(
        answers.iter().filter(full).count(),
        10,
        "five for each of two"
    );
    assert_eq!(quota(&world).await.selected, 8);
    assert_eq!(quota(&world).await.warnings[0].code, "CITY_QUOTA_EXHAUSTED");
    let opened = world.facts("application").await;
    let opened = opened.iter().filter(|kind| *kind == "public_notice_opened");
    assert_eq!(opened.count(), 8);
    one_withdraws_and_its_place_is_free(&world, &proposed).await;
}

async fn one_withdraws_and_its_place_is_free(
    world: &World,
    proposed: &[(Filing, ProposeSelectionResponse)],
) {
    let mut shown = None;
    let mut waiting = None;
    for (filing, _) in proposed {
        match world.state(filing).await {
            ApplicationState::InPublicNotice => shown = Some(filing),
            _ => waiting = Some(filing),
        }
    }
    let (shown, waiting) = (shown.expect("eight"), waiting.expect("two"));
    let warned = world
        .propose_codes(waiting, &[ELECTRICIAN])
        .await
        .expect("checked");
    assert_eq!(warned.warnings[0].code, "CITY_QUOTA_EXHAUSTED");
    let request = WithdrawApplicationRequest {
        request_id: request_id(),
        application_id: shown.id.clone(),
        version: 0,
    };
    let mut applicant = world.applications(&shown.clerk);
    applicant
        .withdraw_application(request)
        .await
        .expect("not final");
    assert_eq!(quota(world).await.selected, 7);
    world
        .select(waiting, &[ELECTRICIAN])
        .await
        .expect("a place is free");
    assert_eq!(quota(world).await.selected, 8);
}

#[tokio::test]
async fn quotas_are_the_cities_own_and_the_province_has_none() {
    let world = World::start().await;
    let province = province();
    let listed = async |page_token: &str| {
        let request = ListCityQuotasRequest {
            page_size: 10,
            page_token: page_token.to_owned(),
        };
        world.rounds(&province).list_city_quotas(request).await
    };
    let first = listed("").await.expect("all cities").into_inner();
    let rest = listed(&first.next_page_token).await;
    let rest = rest.expect("all cities").into_inner();
    let cities = first.quotas.iter().chain(&rest.quotas);
    let cities: Vec<_> = cities.map(|quota| quota.division_code.as_str()).collect();
    assert_eq!(
        (cities.len(), cities[0], cities[15]),
        (16, "370100", "371700")
    );
    assert!(rest.next_page_token.is_empty());
    let nonsense = listed("app_x").await;
    assert_eq!(refused(nonsense), ["ROUND_PAGE_TOKEN"]);
}

#[tokio::test]
async fn over_all_grants_there_are_three_occupations() {
    let world = World::start().await;
    let round = world.open_round(round_of_documents("2020-05-18")).await;
    let round = round.expect("good days");
    let college = world.college();
    let (first, extension) = (ApplicationPurpose::First, ApplicationPurpose::Extension);
    let early = world
        .drafted_as(college, |request| request.purpose = extension.into())
        .await;
    assert_eq!(refused(early), ["NOT_SELECTED_YET"]);
    let filing = world.checked_as(college, &round, first, &CODES[..2]).await;
    world.select(&filing, &CODES[..2]).await.expect("checked");
    world.register(&filing, "S000037100001", "2020-05-26").await;

    let drafted = async |purpose: ApplicationPurpose, wanted: &[&str]| {
        let change = |request: &mut CreateApplicationRequest| {
            request.purpose = purpose.into();
            let form = request.basic_form.as_mut().expect("a form");
            form.occupations = wanted
                .iter()
                .map(|code| crate::scenes::applied(five(code)))
                .collect();
        };
        said_against(&world, world.drafted_as(college, change).await).await
    };
    for (purpose, wanted, expected) in [
        (first, &CODES[2..3], "SELECTED_ALREADY"),
        (extension, &CODES[2..4], "TOO_MANY_OCCUPATIONS"),
        (extension, &CODES[..1], "OCCUPATION_HELD_ALREADY"),
        (
            ApplicationPurpose::Renewal,
            &CODES[2..3],
            "OCCUPATION_NOT_HELD",
        ),
    ] {
        assert_eq!(drafted(purpose, wanted).await, [expected]);
    }
    let third = world
        .checked_as(college, &round, extension, &CODES[2..3])
        .await;
    world
        .select(&third, &CODES[2..3])
        .await
        .expect("the third one");
    registry_adds_what_was_selected(&world, &third).await;
    let fourth = drafted(extension, &CODES[3..]).await;
    assert_eq!(fourth, ["TOO_MANY_OCCUPATIONS"]);
    assert_eq!(
        quota(&world).await.selected,
        1,
        "an extension takes no place"
    );

    registry_ends_a_right(&world, &third, 3, ("370100", "2020-06-30")).await;
    world.set_day("2020-07-01");
    assert_eq!(
        drafted(extension, &CODES[3..]).await,
        ["TOO_MANY_OCCUPATIONS"],
        "what ended elsewhere is held at home"
    );
    registry_ends_a_right(&world, &third, 4, ("371000", "2020-07-01")).await;
    assert_eq!(
        drafted(extension, &CODES[3..]).await,
        ["TOO_MANY_OCCUPATIONS"]
    );
    world.set_day("2020-07-02");
    let fourth = drafted(extension, &CODES[3..]).await;
    assert_eq!(fourth, [""; 0], "its last day is over");
    registry_withdraws(&world, &third, 5).await;
    assert_eq!(drafted(extension, &CODES[3..]).await, ["FILING_WITHDRAWN"]);
    assert_eq!(quota(&world).await.selected, 0);
}

#[tokio::test]
async fn a_right_whose_term_ran_out_takes_no_place_and_is_renewed_before_it_does() {
    let world = World::start().await;
    let round = world.open_round(round_of_documents("2020-05-18")).await;
    let round = round.expect("good days");
    let college = world.college();
    let (first, renewal) = (ApplicationPurpose::First, ApplicationPurpose::Renewal);
    let filing = world.checked_as(college, &round, first, &CODES[..3]).await;
    world.select(&filing, &CODES[..3]).await.expect("checked");
    world.conclude("2020-05-26").await;
    let payload = OrganizationRegistered {
        scopes: CODES[..3].iter().map(|code| five(code)).collect(),
        valid_until: "2020-08-31".to_owned(),
        ..world.registration(&filing, "S000037100001").await
    };
    world
        .tell(&filing, 1, "organization_registered", &payload)
        .await;

    let renewed = world
        .checked_as(college, &round, renewal, &CODES[..2])
        .await;
    world.select(&renewed, &CODES[..2]).await.expect("held");
    world.conclude("2020-06-08").await;
    let selection_id = world.selection(&renewed).await.to_string();
    let right = |code: &str| Right {
        scope: Some(five(code)),
        division_code: "371000".to_owned(),
        valid_until: "2021-08-31".to_owned(),
        ..Right::default()
    };
    // One goes on, and one is a right of its own: told one after the other.
    let told = RightsRenewed {
        organization_id: college.to_string(),
        rights: vec![right(CODES[0])],
        selection_id: selection_id.clone(),
    };
    world.tell(&renewed, 2, "rights_renewed", &told).await;
    let told = RightsGranted {
        organization_id: college.to_string(),
        rights: vec![right(CODES[1])],
        selection_id,
        ..RightsGranted::default()
    };
    world.tell(&renewed, 3, "rights_granted", &told).await;
    assert!(world.state(&renewed).await == ApplicationState::Filed);
    assert_eq!(world.quarantined().await, 0);

    let extended = async || {
        let change = |request: &mut CreateApplicationRequest| {
            request.purpose = ApplicationPurpose::Extension.into();
            let form = request.basic_form.as_mut().expect("a form");
            form.occupations = vec![crate::scenes::applied(five(CODES[3]))];
        };
        said_against(&world, world.drafted_as(college, change).await).await
    };
    world.set_day("2020-08-31");
    assert_eq!(extended().await, ["TOO_MANY_OCCUPATIONS"]);
    world.set_day("2020-09-01");
    assert_eq!(extended().await, [""; 0], "the third one ran out");
    let change = |request: &mut CreateApplicationRequest| {
        request.purpose = renewal.into();
        let form = request.basic_form.as_mut().expect("a form");
        form.occupations = vec![crate::scenes::applied(five(CODES[2]))];
    };
    let late = said_against(&world, world.drafted_as(college, change).await).await;
    assert_eq!(late, ["OCCUPATION_NOT_HELD"]);
}

/// An organisation with its code, and its extension by a second occupation, checked.
async fn extending(world: &World) -> (Filing, Filing) {
    let round = world.open_round(round_of_documents("2020-05-18")).await;
    let round = round.expect("good days");
    let college = world.college();
    let (first, extension) = (ApplicationPurpose::First, ApplicationPurpose::Extension);
    let filing = world.checked_as(college, &round, first, &CODES[..1]).await;
    world.select(&filing, &CODES[..1]).await.expect("checked");
    world.register(&filing, "S000037100001", "2020-05-26").await;
    let extension = world
        .checked_as(college, &round, extension, &CODES[1..2])
        .await;
    (filing, extension)
}

#[tokio::test]
async fn an_extension_does_not_conclude_after_the_filing_was_withdrawn() {
    let world = World::start().await;
    let (filing, extension) = extending(&world).await;
    world
        .select(&extension, &CODES[1..2])
        .await
        .expect("room for two");
    registry_withdraws(&world, &filing, 2).await;
    assert!(world.state(&extension).await == ApplicationState::Lapsed);
    assert!(world.state(&filing).await == ApplicationState::Filed);
    world.set_day("2020-06-08");
    let sweep = PublicNoticeSweep::new(world.app.clone());
    assert_eq!(sweep.step().await.expect("a step"), 0);
    let facts = world.facts("application").await;
    let selected = facts.iter().filter(|kind| *kind == "organization_selected");
    assert_eq!(selected.count(), 1, "the first one");
    assert_eq!(world.quarantined().await, 0);
}

#[tokio::test]
async fn a_confirmation_that_races_the_loss_of_the_filing_comes_to_nothing() {
    let world = World::start().await;
    let (filing, extension) = extending(&world).await;
    let proposed = world.propose_codes(&extension, &CODES[1..2]).await;
    let proposal = proposed.expect("room for two").proposal.expect("it");
    let officer = second_officer();
    let confirming = world.confirm(&officer, &extension, &proposal);
    let losing = registry_withdraws(&world, &filing, 2);
    let (confirmed, ()) = tokio::join!(confirming, losing);
    if let Err(status) = confirmed {
        assert_eq!(codes(&status), ["APPLICATION_STATE"]);
    }
    assert!(world.state(&extension).await == ApplicationState::Lapsed);
    assert_eq!(world.quarantined().await, 0);
}

async fn registry_adds_what_was_selected(world: &World, filing: &Filing) {
    world.conclude("2020-06-08").await;
    let payload = RightsGranted {
        organization_id: organization(filing).to_string(),
        selection_id: world.selection(filing).await.to_string(),
        ..RightsGranted::default()
    };
    world.tell(filing, 2, "rights_granted", &payload).await;
    assert!(world.state(filing).await == ApplicationState::Filed);
    let request = GetFilingReceiptRequest {
        application_id: filing.id.clone(),
    };
    let receipt = world
        .filings(&filing.clerk)
        .get_filing_receipt(request)
        .await;
    let receipt = receipt.expect("issued").into_inner().receipt.expect("it");
    assert_eq!(receipt.organization_code, "S000037100001");
}

async fn registry_ends_a_right(
    world: &World,
    filing: &Filing,
    version: u64,
    (division, last_day): (&str, &str),
) {
    let payload = RightsEnded {
        organization_id: organization(filing).to_string(),
        rights: vec![Right {
            scope: Some(five(CODES[0])),
            division_code: division.to_owned(),
            valid_until: last_day.to_owned(),
            ..Right::default()
        }],
        reason: RightsEnd::GivenUp.into(),
    };
    world.tell(filing, version, "rights_ended", &payload).await;
}

async fn registry_withdraws(world: &World, filing: &Filing, version: u64) {
    let payload = OrganizationWithdrawn {
        organization_id: organization(filing).to_string(),
        effective_on: "2020-07-01".to_owned(),
        ..OrganizationWithdrawn::default()
    };
    world
        .tell(filing, version, "organization_withdrawn", &payload)
        .await;
}

#[tokio::test]
async fn of_fifty_that_hand_in_two_applications_of_one_body_one_succeeds() {
    let world = World::start().await;
    let college = world.college();
    let mut filings = Vec::new();
    for _ in 0..2 {
        let drafted = world.drafted_as(college, |_| {}).await.expect("a draft");
        filings.push(world.completed(drafted).await);
    }
    let race = (0..50).map(|number| world.submit(&filings[number % 2]));
    let answers = join_all(race).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for status in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        let codes = codes(status);
        assert!(
            codes == ["APPLICATION_UNDECIDED"] || codes == ["APPLICATION_STATE"],
            "{codes:?}"
        );
    }
}
