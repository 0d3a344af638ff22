//! Rounds: those of the notice, those that centres open and close, and what their windows mean.

use platform::access::Caller;
use platform::testing::{city_officer, clerk, province_officer};
use proto::review::v1::*;
use tonic::Code;

use crate::scenes::{draft, first_officer, first_round, province};
use crate::setup::{World, codes, fields, refused, request_id};
use crate::stages::round_of_documents;

async fn listed(world: &World, division_code: &str, open_only: bool) -> Vec<Round> {
    let request = ListRoundsRequest {
        division_code: division_code.to_owned(),
        open_only,
        ..ListRoundsRequest::default()
    };
    let answer = world.rounds(&Caller::public()).list_rounds(request).await;
    answer.expect("everybody's").into_inner().rounds
}

fn close(round_id: &str) -> CloseRoundRequest {
    CloseRoundRequest {
        request_id: request_id(),
        round_id: round_id.to_owned(),
    }
}

#[tokio::test]
async fn the_rounds_of_the_notice_are_there_from_the_beginning() {
    let world = World::start().await;
    assert_eq!(listed(&world, "", false).await.len(), 34);
    let of_the_province = listed(&world, "370000", true).await;
    let [first] = &of_the_province[..] else {
        panic!("the first round alone")
    };
    assert_eq!(first.hand_in_until, "2020-05-30");
    assert_eq!(first.select_by, "2020-06-15");
    let of_weihai = listed(&world, "371000", true).await;
    assert_eq!(of_weihai[0].round_id, first_round("371000"));
    assert_eq!(of_weihai[0].hand_in_until, "");
    assert_eq!(of_weihai[0].select_by, "2020-06-15");
    assert_eq!(of_weihai[0].required_assessments.len(), 3);

    world.set_day("2020-06-16");
    let of_the_province = listed(&world, "370000", false).await;
    let states: Vec<_> = of_the_province.iter().map(Round::state).collect();
    assert!(
        states == [RoundState::Open, RoundState::Closed],
        "newest first"
    );
    assert_eq!(of_the_province[0].hand_in_until, "", "without an end");
    assert_eq!(listed(&world, "371000", true).await.len(), 2);
}

#[tokio::test]
async fn a_list_of_rounds_comes_in_pages() {
    let world = World::start().await;
    let mut rounds = world.rounds(&Caller::public());
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListRoundsRequest {
            page_size: 9,
            page_token,
            ..ListRoundsRequest::default()
        };
        let page = rounds
            .list_rounds(request)
            .await
            .expect("a page")
            .into_inner();
        seen.extend(page.rounds.into_iter().map(|round| round.round_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen.len(), 34);
    assert!(seen.is_sorted_by(|one, next| one > next));
    let nonsense = ListRoundsRequest {
        division_code: "37".to_owned(),
        page_token: "371000".to_owned(),
        ..ListRoundsRequest::default()
    };
    let status = rounds.list_rounds(nonsense).await.err().expect("nonsense");
    assert_eq!(fields(&status), ["division_code", "page_token"]);
}

#[tokio::test]
async fn a_centre_opens_a_round_and_closes_it() {
    let world = World::start().await;
    let round = world.open_round(round_of_documents("2020-05-18")).await;
    let round = round.expect("good days");
    assert_eq!(round.division_code, "371000");
    assert!(round.state() == RoundState::Open);
    assert_eq!(
        round.required_assessments,
        [i32::from(AssessmentWay::DocumentCheck)]
    );
    let before = world.traces().await;
    for (caller, expected) in [
        (city_officer("jinan-1", "370100"), "ROUND_NOT_FOUND"),
        (province(), "ROUND_NOT_OWN"),
        (clerk("clerk-1", world.college()), "METHOD_NOT_ALLOWED"),
    ] {
        let answer = world
            .rounds(&caller)
            .close_round(close(&round.round_id))
            .await;
        assert_eq!(refused(answer), [expected]);
    }
    assert_eq!(world.traces().await, before);
    let mut centre = world.rounds(&first_officer());
    let request = close(&round.round_id);
    let closed = centre.close_round(request.clone()).await.expect("its own");
    let closed = closed.into_inner().round.expect("it");
    assert!(closed.state() == RoundState::Closed);
    assert_eq!(closed.closed_on, "2020-05-18");
    let again = centre.close_round(request).await.expect("as before");
    assert!(again.into_inner().round == Some(closed));
    let anew = centre.close_round(close(&round.round_id)).await;
    assert_eq!(refused(anew), ["ROUND_CLOSED"]);
    assert_eq!(world.facts("round").await, ["round_opened", "round_closed"]);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_round_is_told_at_once() {
    let world = World::start().await;
    let request = OpenRoundRequest {
        request_id: request_id(),
        title: " ".to_owned(),
        hand_in_from: "2020-05-17".to_owned(),
        hand_in_until: "2020-05-16".to_owned(),
        select_by: "2020-05-15".to_owned(),
        required_assessments: vec![0, 9],
    };
    let status = world.open_round(request).await.err().expect("six faults");
    assert_eq!(
        codes(&status),
        [
            "FIELD_REQUIRED",
            "ROUND_ASSESSMENT_UNKNOWN",
            "ROUND_ASSESSMENT_UNKNOWN",
            "ROUND_IN_THE_PAST",
            "ROUND_WINDOW",
            "ROUND_DEADLINE"
        ]
    );
    let nonsense = OpenRoundRequest {
        hand_in_until: "soon".to_owned(),
        select_by: "２０２０-06-15".to_owned(),
        title: "长".repeat(101),
        ..round_of_documents("")
    };
    let status = world.open_round(nonsense).await.err().expect("four faults");
    assert_eq!(
        fields(&status),
        ["title", "hand_in_from", "hand_in_until", "select_by"]
    );
    assert_eq!(world.facts("round").await, [""; 0]);
}

#[tokio::test]
async fn there_is_no_such_round() {
    let world = World::start().await;
    let unknown = "rnd_00000000000000000000000000";
    let request = GetRoundRequest {
        round_id: unknown.to_owned(),
    };
    let answer = world.rounds(&Caller::public()).get_round(request).await;
    assert_eq!(refused(answer), ["ROUND_NOT_FOUND"]);
    let drafted = world
        .drafted_as(world.college(), |request| {
            unknown.clone_into(&mut request.round_id);
        })
        .await;
    let status = drafted.err().expect("no such round");
    assert_eq!(codes(&status), ["ROUND_NOT_FOUND"]);
    assert_eq!(fields(&status), ["round_id"]);
    let drafted = world
        .drafted_as(world.college(), |request| {
            "rnd_x".clone_into(&mut request.round_id);
            request.purpose = 0;
        })
        .await;
    assert_eq!(refused(drafted), ["ID_BODY", "PURPOSE_UNKNOWN"]);
}

#[tokio::test]
async fn nothing_is_handed_in_outside_of_the_window() {
    let world = World::start().await;
    let window = OpenRoundRequest {
        hand_in_until: "2020-05-20".to_owned(),
        ..round_of_documents("2020-05-19")
    };
    let round = world.open_round(window).await.expect("good days");
    let into = |request: &mut CreateApplicationRequest| {
        request.round_id.clone_from(&round.round_id);
    };
    let early = world.drafted_as(world.college(), into).await;
    let early = world.completed(early.expect("to be prepared")).await;
    let before = world.traces().await;
    assert_eq!(refused(world.submit(&early).await), ["ROUND_NOT_OPEN_YET"]);
    assert_eq!(world.traces().await, before);
    world.set_day("2020-05-20");
    world.submit(&early).await.expect("the last day");

    let late = world.drafted_as(world.college(), into).await;
    let late = world.completed(late.expect("still open")).await;
    world.set_day("2020-05-21");
    let status = world.submit(&late).await.err().expect("a day late");
    assert_eq!(codes(&status), ["ROUND_OVER"]);
    assert_eq!(status.code(), Code::FailedPrecondition);
    let too_late = world.drafted_as(world.college(), into).await;
    assert_eq!(codes(&too_late.err().expect("over")), ["ROUND_OVER"]);

    // It moves to the round that is open.
    let request = SaveApplicationRequest {
        request_id: request_id(),
        application_id: late.id.clone(),
        round_id: first_round("371000"),
        basic_form: draft(world.college()).basic_form,
        work_plan: draft(world.college()).work_plan,
        version: 0,
    };
    let saved = world
        .applications(&late.clerk)
        .save_application(request)
        .await;
    let saved = saved
        .expect("a draft")
        .into_inner()
        .application
        .expect("it");
    assert_eq!(saved.round_id, first_round("371000"));
    world.submit(&late).await.expect("in time");
}

#[tokio::test]
async fn a_round_tells_how_it_goes_and_when_it_is_late() {
    let world = World::start().await;
    let deadline = OpenRoundRequest {
        select_by: "2020-05-25".to_owned(),
        ..round_of_documents("2020-05-18")
    };
    let round = world.open_round(deadline).await.expect("good days");
    let first = ApplicationPurpose::First;
    let one = world
        .checked_as(world.college(), &round, first, &["6-31-01-03"])
        .await;
    world
        .checked_as(world.college(), &round, first, &["6-31-01-03"])
        .await;
    world.select(&one, &["6-31-01-03"]).await.expect("checked");
    let progress = async |caller: &Caller| {
        let request = GetRoundProgressRequest {
            round_id: round.round_id.clone(),
        };
        world.rounds(caller).get_round_progress(request).await
    };
    let told = progress(&first_officer())
        .await
        .expect("its own")
        .into_inner();
    let counted = told.applications.iter();
    let counted: Vec<_> = counted
        .map(|count| (count.state(), count.applications))
        .collect();
    let (shown, submitted) = (
        ApplicationState::InPublicNotice,
        ApplicationState::Submitted,
    );
    assert!(counted == [(shown, 1), (submitted, 1)]);
    assert!(!told.late);
    let quota = told.quota.expect("a city's");
    assert_eq!((quota.selected, quota.least, quota.most), (1, 2, Some(8)));
    assert_eq!(quota.warnings[0].code, "CITY_QUOTA_BELOW_LEAST");
    assert!(quota.warnings[0].text_zh.contains("不少于 2 家"));

    world.set_day("2020-05-26");
    let told = progress(&province_officer("province-1"))
        .await
        .expect("it reads all");
    assert!(told.into_inner().late);
    let foreign = progress(&city_officer("jinan-1", "370100")).await;
    assert_eq!(refused(foreign), ["ROUND_NOT_FOUND"]);
}
