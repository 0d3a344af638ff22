//! The eight places of a city and the three occupations of an organisation, raced for.

use futures::future::join_all;
use kernel::ids::RightId;
use platform::testing::{city_officer, clerk};
use proto::registry::v1::{
    OrganizationRegistered, OrganizationWithdrawn, Right, RightsEnd, RightsEnded, RightsGranted,
    RightsRenewed,
};
use proto::review::v1::*;
use review::PublicNoticeSweep;
use uuid::Uuid;

use crate::scenes::{Filing, draft, first_officer, province, second_officer};
use crate::setup::{World, codes, refused, request_id};
use crate::stages::{five, organization, right, round_of_documents};
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

    let elsewhere = Right {
        right_id: RightId::from_uuid(Uuid::from_u128(7)).to_string(),
        division_code: "370100".to_owned(),
        ..right(CODES[0], "2020-06-30")
    };
    registry_ends(&world, &third, 3, elsewhere).await;
    world.set_day("2020-07-01");
    assert_eq!(
        drafted(extension, &CODES[3..]).await,
        ["TOO_MANY_OCCUPATIONS"],
        "what ended elsewhere is held at home"
    );
    registry_ends(&world, &third, 4, right(CODES[0], "2020-07-01")).await;
    assert_eq!(
        drafted(extension, &CODES[3..]).await,
        ["TOO_MANY_OCCUPATIONS"]
    );
    world.set_day("2020-07-02");
    let fourth = drafted(extension, &CODES[3..]).await;
    assert_eq!(fourth, [""; 0], "its last day is over");
    registry_withdraws(&world, &third, 5, "2020-07-04").await;
    world.set_day("2020-07-03");
    let until_that_day = drafted(extension, &CODES[3..]).await;
    assert_eq!(until_that_day, [""; 0]);
    assert_eq!(quota(&world).await.selected, 1);
    world.set_day("2020-07-04");
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
        rights: CODES[..3]
            .iter()
            .map(|code| right(code, "2020-08-31"))
            .collect(),
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
    // One goes on, and one is a right of its own.
    let mut own = right(CODES[1], "2021-08-31");
    own.right_id = RightId::from_uuid(Uuid::from_u128(7)).to_string();
    let told = RightsRenewed {
        organization_id: college.to_string(),
        rights: vec![right(CODES[0], "2021-08-31"), own],
        selection_id,
    };
    world.tell(&renewed, 2, "rights_renewed", &told).await;
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
    registry_withdraws(&world, &filing, 2, "2020-05-27").await;
    let sweep = PublicNoticeSweep::new(world.app.clone());
    assert_eq!(sweep.step().await.expect("a step"), 0);
    assert!(world.state(&extension).await == ApplicationState::InPublicNotice);
    world.set_day("2020-06-08");
    assert_eq!(sweep.step().await.expect("a step"), 0);
    assert!(world.state(&extension).await == ApplicationState::Lapsed);
    assert!(world.state(&filing).await == ApplicationState::Filed);
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
    let losing = registry_withdraws(&world, &filing, 2, "2020-05-26");
    let (confirmed, ()) = tokio::join!(confirming, losing);
    if let Err(status) = confirmed {
        assert_eq!(codes(&status), ["FILING_WITHDRAWN"]);
    }
    let sweep = PublicNoticeSweep::new(world.app.clone());
    assert_eq!(sweep.step().await.expect("a step"), 0);
    assert!(world.state(&extension).await == ApplicationState::Lapsed);
    assert_eq!(world.quarantined().await, 0);
}

#[tokio::test]
async fn rights_that_come_when_the_application_has_lapsed_hold_nothing_up() {
    let world = World::start().await;
    let (filing, extension) = extending(&world).await;
    world
        .select(&extension, &CODES[1..2])
        .await
        .expect("room for two");
    world.conclude("2020-06-08").await;
    assert!(world.state(&extension).await == ApplicationState::Selected);
    // The registry follows the selection, and then withdraws the filing: review hears it the other
    // way round where its own sweep comes first.
    registry_withdraws(&world, &filing, 2, "2020-06-08").await;
    let sweep = PublicNoticeSweep::new(world.app.clone());
    sweep.step().await.expect("a step");
    assert!(world.state(&extension).await == ApplicationState::Lapsed);
    let granted = rights_granted(&world, &extension).await;
    world.tell(&extension, 3, "rights_granted", &granted).await;
    assert!(world.state(&extension).await == ApplicationState::Lapsed);
    assert_eq!(world.quarantined().await, 0);
}

async fn rights_granted(world: &World, filing: &Filing) -> RightsGranted {
    RightsGranted {
        organization_id: organization(filing).to_string(),
        rights: world.granted(filing).await,
        selection_id: world.selection(filing).await.to_string(),
        ..RightsGranted::default()
    }
}

async fn registry_adds_what_was_selected(world: &World, filing: &Filing) {
    world.conclude("2020-06-08").await;
    let payload = rights_granted(world, filing).await;
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

async fn registry_ends(world: &World, filing: &Filing, version: u64, right: Right) {
    let payload = RightsEnded {
        organization_id: organization(filing).to_string(),
        rights: vec![right],
        reason: RightsEnd::GivenUp.into(),
    };
    world.tell(filing, version, "rights_ended", &payload).await;
}

async fn registry_withdraws(world: &World, filing: &Filing, version: u64, from: &str) {
    let payload = OrganizationWithdrawn {
        organization_id: organization(filing).to_string(),
        effective_on: from.to_owned(),
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

#[tokio::test]
async fn of_fifty_that_hand_in_a_fourth_occupation_while_the_third_is_registered_none_succeeds() {
    let world = World::start().await;
    let round = world.open_round(round_of_documents("2020-05-18")).await;
    let round = round.expect("good days");
    let college = world.college();
    let (first, extension) = (ApplicationPurpose::First, ApplicationPurpose::Extension);
    let filing = world.checked_as(college, &round, first, &CODES[..2]).await;
    world.select(&filing, &CODES[..2]).await.expect("checked");
    world.register(&filing, "S000037100001", "2020-05-26").await;
    let third = world
        .checked_as(college, &round, extension, &CODES[2..3])
        .await;
    world.select(&third, &CODES[2..3]).await.expect("room");
    let mut fourth = Vec::new();
    for _ in 0..2 {
        let change = |request: &mut CreateApplicationRequest| {
            request.purpose = extension.into();
            let form = request.basic_form.as_mut().expect("a form");
            form.occupations = vec![crate::scenes::applied(five(CODES[3]))];
        };
        let drafted = world.drafted_as(college, change).await.expect("a draft");
        fourth.push(world.completed(drafted).await);
    }
    world.conclude("2020-06-08").await;
    let granted = rights_granted(&world, &third).await;
    let registering = world.tell(&third, 2, "rights_granted", &granted);
    let race = join_all((0..50).map(|number| world.submit(&fourth[number % 2])));
    let (answers, ()) = tokio::join!(race, registering);
    for answer in answers {
        let codes = refused(answer);
        assert!(
            codes == ["APPLICATION_UNDECIDED"] || codes == ["TOO_MANY_OCCUPATIONS"],
            "{codes:?}"
        );
    }
    assert!(world.state(&third).await == ApplicationState::Filed);
    let late = world.submit(&fourth[0]).await;
    assert_eq!(refused(late), ["TOO_MANY_OCCUPATIONS"]);
}

#[tokio::test]
async fn of_fifty_drafts_at_once_ten_are_opened_and_one_taken_back_makes_room() {
    let world = World::start().await;
    let organization = world.college();
    let clerk = clerk("clerk-1", organization);
    let open = async || {
        let mut applications = world.applications(&clerk);
        applications.create_application(draft(organization)).await
    };
    let answers = join_all((0..50).map(|_| open())).await;
    let opened: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().ok())
        .collect();
    assert_eq!(opened.len(), 10);
    for answer in &answers {
        if let Err(status) = answer {
            assert_eq!(codes(status), ["DRAFTS_TOO_MANY"]);
        }
    }
    let known = opened[0].get_ref().application.clone().expect("it");
    let request = WithdrawApplicationRequest {
        request_id: request_id(),
        application_id: known.application_id,
        version: 0,
    };
    let mut applications = world.applications(&clerk);
    applications
        .withdraw_application(request)
        .await
        .expect("a draft");
    open().await.expect("nine are left");
    assert_eq!(refused(open().await), ["DRAFTS_TOO_MANY"]);
}
