//! Work outside the filing area: recommended, answered, decided, ended; and who sees what of it.

use kernel::ids::OrganizationId;
use platform::access::{Caller, Role};
use platform::testing::{city_officer, clerk, province_officer};
use prost::Message;
use proto::common::v1::{Confirmation, Fact, Level, Proposal};
use proto::registry::v1::OrganizationStanding;
use proto::review::v1::*;
use review::SilenceSweep;
use tonic::{Code, Status};

use crate::recounting::with_monday_off;
use crate::scenes::{electrician, first_officer, province, scope};
use crate::setup::{World, codes, fields, refused, request_id};

/// A name that must appear nowhere but in its place.
const MARKED: &str = "甄协商";

pub(crate) fn jinan() -> Caller {
    city_officer("jinan-1", "370100")
}

pub(crate) fn qingdao() -> Caller {
    city_officer("qingdao-1", "370200")
}

pub(crate) fn second_of_the_province() -> Caller {
    province_officer("province-2")
}

fn recommendation(organization: OrganizationId) -> RecommendOrganizationRequest {
    RecommendOrganizationRequest {
        request_id: request_id(),
        organization_id: organization.to_string(),
        scopes: vec![electrician()],
        division_codes: vec!["370100".to_owned(), "370200".to_owned()],
        reasons: format!("评价质量好，联系人{MARKED}"),
    }
}

fn answer(id: &str, answer: ConsultationAnswer) -> AnswerConsultationRequest {
    AnswerConsultationRequest {
        request_id: request_id(),
        consultation_id: id.to_owned(),
        answer: answer.into(),
        reasons: format!("经{MARKED}研究"),
    }
}

pub(crate) fn decision(division_code: &str, granted: bool) -> CrossAreaDecision {
    CrossAreaDecision {
        division_code: division_code.to_owned(),
        granted,
        valid_until: String::new(),
        reasons: format!("{MARKED}意见"),
    }
}

fn confirmed(proposal: &Proposal) -> Confirmation {
    Confirmation {
        proposal_id: proposal.proposal_id.clone(),
        content_hash: proposal.content_hash.clone(),
    }
}

impl World {
    /// A registered college of Weihai, and the consultation about it in Jinan and Qingdao.
    pub(crate) async fn consulting(&self) -> (OrganizationId, String) {
        let organization = self.college();
        self.registry
            .register(organization, electrician(), "371000");
        let opened = self
            .consultations(&first_officer())
            .recommend_organization(recommendation(organization))
            .await
            .expect("filed with Weihai")
            .into_inner();
        (
            organization,
            opened.consultation.expect("it").consultation_id,
        )
    }

    pub(crate) async fn answer(
        &self,
        city: &Caller,
        id: &str,
        said: ConsultationAnswer,
    ) -> Result<Consultation, Status> {
        let request = answer(id, said);
        let mut centre = self.consultations(city);
        let answer = centre.answer_consultation(request).await?;
        Ok(answer.into_inner().consultation.expect("it"))
    }

    pub(crate) async fn propose_decision(
        &self,
        id: &str,
        decisions: Vec<CrossAreaDecision>,
    ) -> Result<Proposal, Status> {
        let request = ProposeCrossAreaDecisionRequest {
            request_id: request_id(),
            consultation_id: id.to_owned(),
            decisions,
        };
        let mut centre = self.consultations(&province());
        let answer = centre.propose_cross_area_decision(request).await?;
        Ok(answer.into_inner().proposal.expect("it"))
    }

    async fn confirm_decision(
        &self,
        officer: &Caller,
        id: &str,
        proposal: &Proposal,
    ) -> Result<Consultation, Status> {
        let request = ConfirmCrossAreaDecisionRequest {
            request_id: request_id(),
            consultation_id: id.to_owned(),
            confirmation: Some(confirmed(proposal)),
        };
        let mut centre = self.consultations(officer);
        let answer = centre.confirm_cross_area_decision(request).await?;
        Ok(answer.into_inner().consultation.expect("it"))
    }

    /// Granted in Jinan, which agreed, and not in Qingdao, which did not.
    async fn decided(&self) -> (OrganizationId, String) {
        let (organization, id) = self.consulting().await;
        for (city, said) in [
            (jinan(), ConsultationAnswer::Agreed),
            (qingdao(), ConsultationAnswer::Disagreed),
        ] {
            self.answer(&city, &id, said).await.expect("in time");
        }
        let decisions = vec![decision("370100", true), decision("370200", false)];
        let proposal = self.propose_decision(&id, decisions).await;
        self.confirm_decision(&second_of_the_province(), &id, &proposal.expect("heard"))
            .await
            .expect("another person");
        (organization, id)
    }

    async fn read(&self, caller: &Caller, id: &str) -> Result<Consultation, Status> {
        let request = GetConsultationRequest {
            consultation_id: id.to_owned(),
        };
        let answer = self.consultations(caller).get_consultation(request).await?;
        Ok(answer.into_inner().consultation.expect("it"))
    }

    /// The published facts of a kind.
    async fn published(&self, kind: &str) -> Vec<Fact> {
        let messages: Vec<Vec<u8>> = sqlx::query_scalar(
            "select message from platform.publication join platform.fact using (fact_id)
             where kind = $1 order by published_version",
        )
        .bind(kind)
        .fetch_all(&self.platform.pool)
        .await
        .expect("publications");
        let decoded = messages
            .iter()
            .map(|message| Fact::decode(message.as_slice()).expect("a fact"));
        decoded.collect()
    }

    async fn listed(&self, caller: &Caller) -> Vec<String> {
        let request = ListConsultationsRequest::default();
        let listed = self.consultations(caller).list_consultations(request).await;
        let listed = listed.expect("a list").into_inner().consultations;
        let ids = listed.into_iter().map(|listed| listed.consultation_id);
        ids.collect()
    }
}

#[tokio::test]
async fn who_may_not_work_at_home_is_not_recommended() {
    let world = World::start().await;
    let organization = world.college();
    world
        .registry
        .register(organization, electrician(), "371000");
    for (standing, code) in [
        (
            OrganizationStanding::PartlySuspended,
            "CROSS_AREA_SCOPE_SUSPENDED",
        ),
        (
            OrganizationStanding::Suspended,
            "RECOMMENDED_ORGANIZATION_SUSPENDED",
        ),
        (
            OrganizationStanding::Withdrawn,
            "RECOMMENDED_ORGANIZATION_WITHDRAWN",
        ),
    ] {
        world.registry.suspend(organization, standing);
        let before = world.traces().await;
        let mut centre = world.consultations(&first_officer());
        let answer = centre
            .recommend_organization(recommendation(organization))
            .await;
        assert_eq!(refused(answer), [code]);
        assert_eq!(world.traces().await, before);
    }
}

#[tokio::test]
async fn the_province_grants_work_in_a_city_that_was_consulted() {
    let world = World::start().await;
    let (organization, id) = world.decided().await;
    let seen = world.read(&first_officer(), &id).await.expect("its own");
    assert!(seen.state() == ConsultationState::Decided);
    assert_eq!(seen.decided_on, "2020-05-18");
    assert_eq!(seen.answers_due.expect("a deadline").date, "2020-06-01");
    assert_eq!(seen.organization_code, "S000037100002");
    let granted: Vec<_> = seen.areas.iter().map(|area| area.granted).collect();
    assert_eq!(granted, [Some(true), Some(false)]);
    assert!(seen.areas[1].answer() == ConsultationAnswer::Disagreed);

    let published = world.published("cross_area_granted").await;
    let [granted] = published.as_slice() else {
        panic!("one city");
    };
    assert_eq!(granted.areas, ["371000", "370100", "370200"]);
    let granted = CrossAreaGranted::decode(granted.payload.clone()).expect("readable");
    assert_eq!(granted.organization_id, organization.to_string());
    assert_eq!(granted.division_code, "370100");
    assert_eq!(
        (&*granted.valid_from, &*granted.valid_until),
        ("2020-05-18", "")
    );
    assert!(granted.scopes == [electrician()]);
}

#[tokio::test]
async fn what_was_written_is_nowhere_but_in_its_place() {
    let world = World::start().await;
    let (_, id) = world.decided().await;
    let seen = world.read(&jinan(), &id).await.expect("it was asked");
    assert!(seen.reasons.contains(MARKED));
    assert!(seen.areas[0].answer_reasons.contains(MARKED));
    assert!(seen.areas[1].decision_reasons.contains(MARKED));
    let everything: Vec<String> = sqlx::query_scalar(
        "select consultation::text from consultation
         union all select area::text from consultation_area area
         union all select fact::text from platform.fact fact
         union all select encode(message, 'escape') from platform.publication",
    )
    .fetch_all(&world.platform.pool)
    .await
    .expect("rows");
    let hex = hex::encode(MARKED);
    for row in everything {
        assert!(!row.contains(MARKED) && !row.contains(&hex), "{row}");
    }
}

#[tokio::test]
async fn filing_centre_cities_concerned_and_the_organisation_see_it_and_nobody_else() {
    let world = World::start().await;
    let (organization, id) = world.consulting().await;
    let auditor = Caller {
        role: Role::Auditor,
        ..province()
    };
    let own = clerk("clerk-1", organization);
    for caller in [
        first_officer(),
        jinan(),
        qingdao(),
        province(),
        auditor,
        own,
    ] {
        assert_eq!(
            world
                .read(&caller, &id)
                .await
                .expect("its part")
                .consultation_id,
            id
        );
        assert_eq!(world.listed(&caller).await, [&*id]);
    }
    let stranger = clerk("clerk-9", world.college());
    for caller in [city_officer("yantai-1", "370600"), stranger] {
        assert_eq!(
            refused(world.read(&caller, &id).await),
            ["CONSULTATION_NOT_FOUND"]
        );
        assert!(world.listed(&caller).await.is_empty());
    }
    let yantai = city_officer("yantai-1", "370600");
    let answer = world.answer(&yantai, &id, ConsultationAnswer::Agreed).await;
    assert_eq!(refused(answer), ["CONSULTATION_NOT_FOUND"]);
    // The filing city sees it, but was not asked.
    let own = world
        .answer(&first_officer(), &id, ConsultationAnswer::Agreed)
        .await;
    let status = own.err().expect("not asked");
    assert_eq!(codes(&status), ["CITY_NOT_CONSULTED"]);
    assert_eq!(status.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn only_the_filing_city_recommends_and_only_what_is_held() {
    let world = World::start().await;
    let organization = world.college();
    let recommend = async |caller: &Caller, request| {
        let mut centre = world.consultations(caller);
        centre.recommend_organization(request).await
    };
    let before = world.traces().await;
    let unregistered = recommend(&first_officer(), recommendation(organization)).await;
    assert_eq!(
        refused(unregistered),
        ["RECOMMENDED_ORGANIZATION_NOT_FOUND"]
    );
    world
        .registry
        .register(organization, electrician(), "371000");
    let elsewhere = RecommendOrganizationRequest {
        division_codes: vec!["371000".to_owned()],
        ..recommendation(organization)
    };
    assert_eq!(
        refused(recommend(&jinan(), elsewhere).await),
        ["RECOMMENDED_ORGANIZATION_NOT_FOUND"]
    );
    let wrong = RecommendOrganizationRequest {
        scopes: vec![scope("6-31-01-03", &[Level::Three])],
        division_codes: ["370102", "370600"].map(str::to_owned).to_vec(),
        ..recommendation(organization)
    };
    let status = recommend(&first_officer(), wrong).await.err();
    let status = status.expect("two faults");
    assert_eq!(
        codes(&status),
        ["CROSS_AREA_SCOPE_NOT_HELD", "CONSULTED_AREA_NOT_CITY"]
    );
    assert_eq!(fields(&status), ["scopes[0]", "division_codes[0]"]);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_form_is_told_at_once() {
    let world = World::start().await;
    let request = RecommendOrganizationRequest {
        request_id: String::new(),
        organization_id: "org_x".to_owned(),
        scopes: Vec::new(),
        division_codes: ["371000", "370100", "370100", "37", "３７０６００"]
            .map(str::to_owned)
            .to_vec(),
        reasons: "\u{3000}".to_owned(),
    };
    let mut centre = world.consultations(&first_officer());
    let status = centre.recommend_organization(request).await.err();
    assert_eq!(
        fields(&status.expect("seven faults")),
        [
            "request_id",
            "organization_id",
            "scopes",
            "division_codes[3]",
            "division_codes[0]",
            "division_codes[2]",
            "reasons"
        ]
    );
    let nobody = AnswerConsultationRequest::default();
    let mut city = world.consultations(&jinan());
    let status = city.answer_consultation(nobody).await;
    let status = status.err().expect("four faults");
    assert_eq!(
        fields(&status),
        ["request_id", "consultation_id", "answer", "reasons"]
    );
    let nothing = ProposeCrossAreaEndingRequest::default();
    let mut centre = world.consultations(&province());
    let status = centre.propose_cross_area_ending(nothing).await.err();
    assert_eq!(
        fields(&status.expect("five faults")),
        [
            "request_id",
            "consultation_id",
            "division_code",
            "ends_on",
            "reasons"
        ]
    );
    let request = ListConsultationsRequest {
        page_token: "app_00000000000000000000000001".to_owned(),
        ..ListConsultationsRequest::default()
    };
    assert_eq!(
        refused(centre.list_consultations(request).await),
        ["CONSULTATION_PAGE_TOKEN"]
    );
    assert_eq!(world.traces().await, 0);
}

#[tokio::test]
async fn of_two_recommendations_at_once_one_is_told_that_a_consultation_is_open() {
    let world = World::start().await;
    let organization = world.college();
    world
        .registry
        .register(organization, electrician(), "371000");
    let centre = first_officer();
    let (mut one, mut other) = (world.consultations(&centre), world.consultations(&centre));
    let (one, other) = tokio::join!(
        one.recommend_organization(recommendation(organization)),
        other.recommend_organization(recommendation(organization)),
    );
    let late = if one.is_ok() { other } else { one };
    assert_eq!(refused(late), ["CONSULTATION_OPEN"]);
    assert_eq!(
        world.facts("consultation").await,
        ["organization_recommended"]
    );
}

#[tokio::test]
async fn a_city_answers_once_and_the_same_request_is_answered_as_before() {
    let world = World::start().await;
    let (_, id) = world.consulting().await;
    let request = answer(&id, ConsultationAnswer::Agreed);
    let mut city = world.consultations(&jinan());
    let first = city.answer_consultation(request.clone()).await;
    let again = city.answer_consultation(request.clone()).await;
    assert!(first.expect("in time").into_inner() == again.expect("as before").into_inner());
    let other = AnswerConsultationRequest {
        answer: ConsultationAnswer::Disagreed.into(),
        ..request
    };
    assert_eq!(
        refused(city.answer_consultation(other).await),
        ["REQUEST_ID_REUSED"]
    );
    let change = world
        .answer(&jinan(), &id, ConsultationAnswer::Disagreed)
        .await;
    assert_eq!(refused(change), ["CONSULTATION_ANSWERED"]);
    let silent = world
        .answer(&qingdao(), &id, ConsultationAnswer::Silent)
        .await;
    assert_eq!(refused(silent), ["CONSULTATION_ANSWER_UNKNOWN"]);
}

#[tokio::test]
async fn silence_is_recorded_when_the_due_day_is_over_and_the_province_decides_then() {
    let world = World::start().await;
    let (_, id) = world.consulting().await;
    world
        .answer(&jinan(), &id, ConsultationAnswer::Agreed)
        .await
        .expect("in time");
    let decisions = || vec![decision("370100", true), decision("370200", true)];
    let sweep = SilenceSweep::new(world.app.clone());
    world.set_day("2020-06-01");
    assert_eq!(
        sweep.step().await.expect("a step"),
        0,
        "the due day belongs to it"
    );
    assert_eq!(
        refused(world.propose_decision(&id, decisions()).await),
        ["CONSULTATION_ANSWERS_OUTSTANDING"]
    );
    world.set_day("2020-06-02");
    let late = world
        .answer(&qingdao(), &id, ConsultationAnswer::Agreed)
        .await;
    assert_eq!(refused(late), ["CONSULTATION_ANSWER_LATE"]);
    assert_eq!(sweep.step().await.expect("a step"), 1);
    assert_eq!(sweep.step().await.expect("a step"), 0, "once");
    let seen = world.read(&qingdao(), &id).await.expect("its part");
    assert!(seen.areas[1].answer() == ConsultationAnswer::Silent);
    assert_eq!(seen.areas[1].answered_on, "2020-06-02");
    world
        .propose_decision(&id, decisions())
        .await
        .expect("all were heard");
}

#[tokio::test]
async fn a_city_that_is_asked_has_time_by_the_calendar_as_it_is_now() {
    let world = World::start().await;
    let (_, id) = world.consulting().await;
    let sweep = SilenceSweep::new(world.app.clone());
    sweep.step().await.expect("a step");
    let before = world.facts("consultation").await;
    world.hears_of(with_monday_off()).await;
    for _ in 0..2 {
        assert_eq!(sweep.step().await.expect("a step"), 0);
    }
    let after = world.facts("consultation").await;
    assert_eq!(after[before.len()..], ["answers_due_recounted"]);
    let seen = world.read(&qingdao(), &id).await.expect("its part");
    let due = seen.answers_due.map(|due| due.date);
    assert_eq!(due.as_deref(), Some("2020-06-02"));

    world.set_day("2020-06-02");
    assert_eq!(sweep.step().await.expect("a step"), 0, "it was moved");
    world
        .answer(&qingdao(), &id, ConsultationAnswer::Agreed)
        .await
        .expect("in time");
}

#[tokio::test]
async fn two_persons_of_the_province_decide_on_one_content() {
    let world = World::start().await;
    let (_, id) = world.consulting().await;
    for city in [jinan(), qingdao()] {
        world
            .answer(&city, &id, ConsultationAnswer::Agreed)
            .await
            .expect("in time");
    }
    let decisions = vec![decision("370100", true), decision("370200", true)];
    let proposal = world.propose_decision(&id, decisions).await.expect("heard");
    let own = world.confirm_decision(&province(), &id, &proposal).await;
    assert_eq!(refused(own), ["SAME_PERSON"]);
    let (second, third) = (second_of_the_province(), province_officer("province-3"));
    let (one, other) = tokio::join!(
        world.confirm_decision(&second, &id, &proposal),
        world.confirm_decision(&third, &id, &proposal),
    );
    let late = if one.is_ok() { other } else { one };
    assert_eq!(refused(late), ["PROPOSAL_NOT_FOUND"]);
    assert_eq!(world.published("cross_area_granted").await.len(), 2);
    let again = world
        .propose_decision(&id, vec![decision("370100", true)])
        .await;
    assert_eq!(refused(again), ["CONSULTATION_DECIDED"]);
}

#[tokio::test]
async fn what_is_lost_at_home_between_recommendation_and_decision_is_not_granted_elsewhere() {
    let world = World::start().await;
    let (organization, id) = world.consulting().await;
    for city in [jinan(), qingdao()] {
        let agreed = world.answer(&city, &id, ConsultationAnswer::Agreed);
        agreed.await.expect("in time");
    }
    let decisions = || vec![decision("370100", true), decision("370200", true)];
    let proposal = world.propose_decision(&id, decisions()).await;
    let proposal = proposal.expect("heard");
    let withdrawn = OrganizationStanding::Withdrawn;
    world.registry.suspend(organization, withdrawn);
    let second = second_of_the_province();
    let confirmed = world.confirm_decision(&second, &id, &proposal).await;
    assert_eq!(refused(confirmed), ["RECOMMENDED_ORGANIZATION_WITHDRAWN"]);
    let again = world.propose_decision(&id, decisions()).await;
    assert_eq!(refused(again), ["RECOMMENDED_ORGANIZATION_WITHDRAWN"]);
    let other = scope("6-18-02-04", &[Level::Five]);
    world.registry.register(organization, other, "371000");
    let confirmed = world.confirm_decision(&second, &id, &proposal).await;
    assert_eq!(refused(confirmed), ["CROSS_AREA_SCOPE_NOT_HELD"]);
    let again = world.propose_decision(&id, decisions()).await;
    assert_eq!(fields(&again.err().expect("not held")), ["decisions"]);
    assert!(world.published("cross_area_granted").await.is_empty());
}

#[tokio::test]
async fn every_city_is_refused_while_nobody_says_what_the_organisation_holds() {
    let world = World::start().await;
    let (_, id) = world.consulting().await;
    for city in [jinan(), qingdao()] {
        let disagreed = world.answer(&city, &id, ConsultationAnswer::Disagreed);
        disagreed.await.expect("in time");
    }
    world.registry.go_away();
    let granting = vec![decision("370100", true), decision("370200", false)];
    let status = world.propose_decision(&id, granting).await.err();
    assert_eq!(status.expect("nobody answers").code(), Code::Unavailable);
    let refusing = vec![decision("370100", false), decision("370200", false)];
    let proposal = world.propose_decision(&id, refusing).await;
    let proposal = proposal.expect("nothing to ask");
    let second = second_of_the_province();
    let decided = world.confirm_decision(&second, &id, &proposal).await;
    decided.expect("nothing to ask");
}

#[tokio::test]
async fn a_decision_leaves_no_city_out_and_is_reasoned() {
    let world = World::start().await;
    let (_, id) = world.consulting().await;
    for city in [jinan(), qingdao()] {
        world
            .answer(&city, &id, ConsultationAnswer::Disagreed)
            .await
            .expect("in time");
    }
    let before = world.traces().await;
    let propose = async |decisions| refused(world.propose_decision(&id, decisions).await);
    assert_eq!(propose(Vec::new()).await, ["FIELD_REQUIRED"]);
    assert_eq!(
        propose(vec![decision("370100", true)]).await,
        ["CROSS_AREA_DECISION_MISSING"]
    );
    let stranger = vec![
        decision("370100", true),
        decision("370200", true),
        decision("370600", true),
    ];
    assert_eq!(
        propose(stranger).await,
        ["CROSS_AREA_DECISION_NOT_CONSULTED"]
    );
    let unreasoned = |granted| CrossAreaDecision {
        reasons: " ".to_owned(),
        ..decision("370100", granted)
    };
    for granted in [true, false] {
        let decisions = vec![unreasoned(granted), decision("370200", false)];
        assert_eq!(propose(decisions).await, ["CROSS_AREA_DECISION_REASONS"]);
    }
    let dated = |granted, valid_until: &str| CrossAreaDecision {
        valid_until: valid_until.to_owned(),
        ..decision("370100", granted)
    };
    for (wrong, code) in [
        (dated(false, "2021-05-18"), "CROSS_AREA_END_WITHOUT_GRANT"),
        (dated(true, "2020-05-17"), "CROSS_AREA_END_PAST"),
        (dated(true, "2020-5-17"), "DATE_MALFORMED"),
    ] {
        let decisions = vec![wrong, decision("370200", false)];
        assert_eq!(propose(decisions).await, [code]);
    }
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn work_in_a_city_ends_by_two_persons_and_the_registry_is_told() {
    let world = World::start().await;
    let (_, id) = world.decided().await;
    let propose = async |division_code: &str, ends_on: &str| {
        let request = ProposeCrossAreaEndingRequest {
            request_id: request_id(),
            consultation_id: id.clone(),
            division_code: division_code.to_owned(),
            ends_on: ends_on.to_owned(),
            reasons: "机构不再开展评价".to_owned(),
        };
        let mut centre = world.consultations(&province());
        centre.propose_cross_area_ending(request).await
    };
    assert_eq!(
        refused(propose("370200", "2020-06-30").await),
        ["CROSS_AREA_NOT_GRANTED"]
    );
    assert_eq!(
        refused(propose("370100", "2020-05-17").await),
        ["CROSS_AREA_END_PAST"]
    );
    let proposal = propose("370100", "2020-06-30").await.expect("granted");
    let proposal = proposal.into_inner().proposal.expect("it");
    let confirm = async |officer: &Caller| {
        let request = ConfirmCrossAreaEndingRequest {
            request_id: request_id(),
            consultation_id: id.clone(),
            confirmation: Some(confirmed(&proposal)),
        };
        let mut centre = world.consultations(officer);
        centre.confirm_cross_area_ending(request).await
    };
    assert_eq!(refused(confirm(&province()).await), ["SAME_PERSON"]);
    let ended = confirm(&second_of_the_province()).await;
    let ended = ended.expect("another person").into_inner();
    let area = ended.consultation.expect("it").areas[0].clone();
    assert_eq!(
        (&*area.valid_until, &*area.ending_decided_on),
        ("2020-06-30", "2020-05-18")
    );
    let published = world.published("cross_area_ended").await;
    let ended = CrossAreaEnded::decode(published[0].payload.clone()).expect("readable");
    assert_eq!(
        (&*ended.division_code, &*ended.ends_on),
        ("370100", "2020-06-30")
    );
    assert_eq!(
        refused(propose("370100", "2020-06-30").await),
        ["CROSS_AREA_END_NOT_EARLIER"]
    );
}

#[tokio::test]
async fn no_answer_of_the_registry_is_no_recommendation() {
    let world = World::start().await;
    let organization = world.college();
    world
        .registry
        .register(organization, electrician(), "371000");
    let request = recommendation(organization);
    let mut centre = world.consultations(&first_officer());
    let first = centre.recommend_organization(request.clone()).await;
    world.registry.go_away();
    let again = centre.recommend_organization(request).await;
    assert!(first.expect("filed").into_inner() == again.expect("as before").into_inner());
    let another = world.college();
    world.registry.register(another, electrician(), "371000");
    let status = centre.recommend_organization(recommendation(another)).await;
    assert_eq!(status.err().expect("away").code(), Code::Unavailable);
}
