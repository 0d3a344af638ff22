//! Measures: by the filing centre, two persons where it is hard, and as review decided.

use jiff::civil::date;
use kernel::ids::{ApplicationId, InspectionId, MeasureId, OrganizationId, SelectionId};
use platform::access::Caller;
use platform::testing::{city_officer, clerk, province_officer};
use prost::Message;
use proto::common::v1::{
    Confirmation, Fact, Level, MeasureGround, MeasureKind, OccupationScope, OngoingBatches,
    Proposal,
};
use proto::registry::v1::directory_service_server::DirectoryService;
use proto::registry::v1::keeping_service_server::KeepingService;
use proto::registry::v1::organization_service_server::OrganizationService;
use proto::registry::v1::{
    AcceptRectificationRequest, ConfirmMeasureRequest, GetOrganizationRequest,
    ImposeMeasureRequest, ListAnnouncementsRequest, ListMeasuresRequest, Measure, Organization,
    OrganizationStanding, ProposeMeasureRequest, ReportRectificationRequest, ResumeRightsRequest,
    RightPurpose,
};
use proto::review::v1::{ApplicationPurpose, MeasureDecided, OrganizationSelected};
use tonic::Status;
use uuid::Uuid;

use crate::setup::{QINGDAO, Setup, WEIHAI, codes, fact_of, from, setup, violations};

pub(crate) fn officer(name: &str) -> Caller {
    city_officer(name, WEIHAI)
}

pub(crate) fn suspension(id: OrganizationId, request_id: &str) -> ProposeMeasureRequest {
    ProposeMeasureRequest {
        request_id: request_id.to_owned(),
        organization_id: id.to_string(),
        kind: MeasureKind::Suspension.into(),
        grounds: vec![MeasureGround::BeyondScope.into()],
        effective_on: "2020-05-18".to_owned(),
        ongoing_batches: OngoingBatches::Hold.into(),
        statement: "超出备案地区开展评价（示例）".to_owned(),
        ..ProposeMeasureRequest::default()
    }
}

/// Fees are to be published by 1 June.
pub(crate) fn rectification(id: OrganizationId) -> ImposeMeasureRequest {
    ImposeMeasureRequest {
        request_id: "i1".to_owned(),
        organization_id: id.to_string(),
        kind: MeasureKind::Rectification.into(),
        grounds: vec![MeasureGround::RulesNotPublished.into()],
        effective_on: "2020-05-18".to_owned(),
        due_on: "2020-06-01".to_owned(),
        statement: "收费标准未公开（示例）".to_owned(),
    }
}

impl Setup {
    pub(crate) async fn propose(
        &self,
        caller: &Caller,
        request: ProposeMeasureRequest,
    ) -> Result<Proposal, Status> {
        let reply = self.registry.propose_measure(from(caller, request)).await?;
        Ok(reply.into_inner().proposal.expect("a proposal"))
    }

    pub(crate) async fn confirm(
        &self,
        caller: &Caller,
        id: OrganizationId,
        proposal: Proposal,
    ) -> Result<Measure, Status> {
        let request = ConfirmMeasureRequest {
            request_id: format!("confirm-{}", proposal.proposal_id),
            organization_id: id.to_string(),
            confirmation: Some(Confirmation {
                proposal_id: proposal.proposal_id,
                content_hash: proposal.content_hash,
            }),
        };
        let reply = self.registry.confirm_measure(from(caller, request)).await?;
        Ok(reply.into_inner().measure.expect("a measure"))
    }

    async fn imposed(&self, id: OrganizationId, request: ProposeMeasureRequest) -> Measure {
        let proposal = self.propose(&officer("first"), request).await;
        let proposal = proposal.expect("proposed");
        self.confirm(&officer("second"), id, proposal)
            .await
            .expect("confirmed")
    }

    async fn seen(&self, id: OrganizationId) -> Organization {
        let request = GetOrganizationRequest {
            organization_id: id.to_string(),
        };
        let asked = from(&clerk("clerk", id), request);
        let reply = self.registry.get_organization(asked).await.expect("found");
        reply.into_inner().organization.expect("it")
    }

    async fn standing(&self, id: OrganizationId) -> OrganizationStanding {
        self.seen(id).await.standing()
    }

    pub(crate) async fn measures(&self, id: OrganizationId) -> Vec<Measure> {
        let request = ListMeasuresRequest {
            organization_id: id.to_string(),
            ..ListMeasuresRequest::default()
        };
        let asked = from(&officer("reader"), request);
        let reply = self.registry.list_measures(asked).await.expect("a page");
        reply.into_inner().measures
    }

    async fn resume(
        &self,
        id: OrganizationId,
        measure_id: &str,
        resumes_on: &str,
    ) -> Result<Measure, Status> {
        let request = ResumeRightsRequest {
            request_id: format!("resume-{measure_id}-{resumes_on}"),
            organization_id: id.to_string(),
            measure_id: measure_id.to_owned(),
            resumes_on: resumes_on.to_owned(),
            reason: "整改到位（示例）".to_owned(),
        };
        let asked = from(&officer("first"), request);
        let reply = self.registry.resume_rights(asked).await?;
        Ok(reply.into_inner().measure.expect("a measure"))
    }
}

#[tokio::test]
async fn two_persons_suspend_and_the_rights_rest_until_they_are_resumed() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    setup.publish_all(id).await;
    let proposal = setup.propose(&officer("first"), suspension(id, "p1")).await;
    let proposal = proposal.expect("proposed");
    let same = setup
        .confirm(&officer("First "), id, proposal.clone())
        .await;
    assert_eq!(codes(&same.err().expect("one person")), ["SAME_PERSON"]);
    assert_eq!(setup.standing(id).await, OrganizationStanding::Active);

    let measure = setup
        .confirm(&officer("second"), id, proposal.clone())
        .await;
    let measure = measure.expect("confirmed");
    let seen = setup.seen(id).await;
    assert_eq!(seen.standing(), OrganizationStanding::Suspended);
    let rights: Vec<_> = seen.rights.iter().map(|right| &right.right_id).collect();
    let suspended: Vec<_> = seen.suspended_right_ids.iter().collect();
    assert_eq!(suspended, rights);
    let again = setup.confirm(&officer("third"), id, proposal).await;
    assert_eq!(
        codes(&again.err().expect("it is done")),
        ["PROPOSAL_NOT_FOUND"]
    );
    assert_eq!(
        setup.against_plan(id, "2020-07-04").await,
        "RIGHT_SUSPENDED"
    );
    let twice = setup.propose(&officer("first"), suspension(id, "p2")).await;
    assert_eq!(
        codes(&twice.err().expect("it rests")),
        ["RIGHTS_SUSPENDED_ALREADY"]
    );

    let early = setup.resume(id, &measure.measure_id, "2020-05-17").await;
    assert_eq!(
        codes(&early.err().expect("backwards")),
        ["DAY_OUT_OF_RANGE"]
    );
    let ended = setup.resume(id, &measure.measure_id, "2020-07-01").await;
    let ended = ended.expect("ended");
    assert_eq!(ended.resumes_on, "2020-07-01");
    assert_eq!(ended.resumption_reason, "整改到位（示例）");
    let twice = setup.resume(id, &measure.measure_id, "2020-08-01").await;
    assert_eq!(codes(&twice.err().expect("ended")), ["SUSPENSION_ENDED"]);
    assert_eq!(setup.against_plan(id, "2020-07-04").await, "");
    assert_eq!(
        setup.against_plan(id, "2020-06-30").await,
        "RIGHT_SUSPENDED"
    );
}

#[tokio::test]
async fn what_was_examined_before_goes_on_only_where_the_suspension_says_so() {
    let setup = setup().await;
    let mut organizations = Vec::new();
    for (serial, ongoing, expected) in [
        (1, OngoingBatches::Continue, ""),
        (2, OngoingBatches::Hold, "RIGHT_SUSPENDED"),
    ] {
        let id = setup.registered(serial).await;
        let mut request = suspension(id, &format!("p{serial}"));
        request.ongoing_batches = ongoing.into();
        request.effective_on = "2020-05-19".to_owned();
        setup.imposed(id, request).await;
        organizations.push((id, expected));
    }
    let later = date(2020, 5, 20).at(9, 0, 0, 0);
    setup.platform.clock.set(later);
    for (id, expected) in organizations {
        let issue = RightPurpose::Issue;
        assert_eq!(
            setup.against(id, "2020-05-18", WEIHAI, issue).await,
            expected
        );
        assert_eq!(
            setup.against(id, "2020-05-19", WEIHAI, issue).await,
            "RIGHT_SUSPENDED",
            "an exam held meanwhile"
        );
    }
}

#[tokio::test]
async fn the_withdrawn_is_announced_and_nothing_happens_to_it_any_more() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let mut request = suspension(id, "p");
    request.kind = MeasureKind::Withdrawal.into();
    request.ongoing_batches = 0;
    let measure = setup.imposed(id, request).await;
    assert_eq!(setup.standing(id).await, OrganizationStanding::Withdrawn);
    for purpose in [RightPurpose::Plan, RightPurpose::Issue] {
        assert_eq!(
            setup.against(id, "2020-07-04", WEIHAI, purpose).await,
            "ORGANIZATION_WITHDRAWN"
        );
    }
    let more = setup.propose(&officer("first"), suspension(id, "p2")).await;
    assert_eq!(
        codes(&more.err().expect("it is none")),
        ["ORGANIZATION_WITHDRAWN"]
    );
    let asked = from(&Caller::public(), ListAnnouncementsRequest::default());
    let page = setup.registry.list_announcements(asked).await;
    let announced = page.expect("a page").into_inner().announcements;
    assert_eq!(announced.len(), 1);
    assert_eq!(announced[0].measure_id, measure.measure_id);
    assert_eq!(announced[0].organization_code, "S000037100001");
    assert_eq!(announced[0].statement, "超出备案地区开展评价（示例）");
    let published: Vec<String> = sqlx::query_scalar(
        "select kind from platform.fact where published_version is not null order by recorded_at",
    )
    .fetch_all(&setup.platform.pool)
    .await
    .expect("facts");
    assert_eq!(published.last().expect("one"), "organization_withdrawn");
    let words: i64 = sqlx::query_scalar(
        "select count(*) from platform.fact where payload::text like '%超出备案地区%'",
    )
    .fetch_one(&setup.platform.pool)
    .await
    .expect("counted");
    assert_eq!(words, 0, "findings in words are no part of facts");
}

#[tokio::test]
async fn a_rectification_is_reported_accepted_and_late_when_its_day_has_passed() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let request = rectification(id);
    let imposed = setup
        .registry
        .impose_measure(from(&officer("first"), request.clone()))
        .await;
    let measure = imposed.expect("imposed").into_inner().measure.expect("it");
    setup.platform.clock.set(date(2020, 6, 2).at(9, 0, 0, 0));
    assert!(setup.measures(id).await[0].overdue);

    let report = ReportRectificationRequest {
        request_id: "r1".to_owned(),
        organization_id: id.to_string(),
        measure_id: measure.measure_id.clone(),
        report: "已公开（示例）".to_owned(),
    };
    let reported = setup
        .registry
        .report_rectification(from(&clerk("clerk", id), report))
        .await;
    let reported = reported
        .expect("reported")
        .into_inner()
        .measure
        .expect("it");
    assert_eq!(reported.reported_on, "2020-06-02");
    let accept = |request_id: &str| AcceptRectificationRequest {
        request_id: request_id.to_owned(),
        organization_id: id.to_string(),
        measure_id: measure.measure_id.clone(),
    };
    let one = from(&officer("first"), accept("a1"));
    let other = from(&officer("second"), accept("a2"));
    let (one, other) = tokio::join!(
        setup.registry.accept_rectification(one),
        setup.registry.accept_rectification(other)
    );
    let ((Ok(accepted), Err(refused)) | (Err(refused), Ok(accepted))) = (one, other) else {
        panic!("one of two is told that the other was first");
    };
    assert_eq!(codes(&refused), ["RECTIFICATION_ACCEPTED"]);
    let accepted = accepted.into_inner().measure.expect("it");
    assert!(!accepted.overdue && accepted.report == "已公开（示例）");

    let resumed = setup.resume(id, &measure.measure_id, "2020-07-01").await;
    assert_eq!(
        codes(&resumed.err().expect("no suspension")),
        ["MEASURE_NOT_SUSPENSION"]
    );
    let hard = ImposeMeasureRequest {
        request_id: "i2".to_owned(),
        kind: MeasureKind::Withdrawal.into(),
        effective_on: "2020-06-02".to_owned(),
        due_on: String::new(),
        ..request
    };
    let refused = setup
        .registry
        .impose_measure(from(&officer("first"), hard))
        .await;
    assert_eq!(
        codes(&refused.err().expect("by one person")),
        ["MEASURE_TAKES_TWO_PERSONS"]
    );
}

#[tokio::test]
async fn only_the_filing_centre_takes_measures() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let foreign = setup
        .propose(&city_officer("first", QINGDAO), suspension(id, "p1"))
        .await;
    assert_eq!(
        codes(&foreign.err().expect("another city")),
        ["ORGANIZATION_NOT_FOUND"]
    );
    let province = setup
        .propose(&province_officer("first"), suspension(id, "p2"))
        .await;
    assert_eq!(
        codes(&province.err().expect("not where it filed")),
        ["NOT_FILING_CENTRE"]
    );
    let unknown = setup
        .resume(
            id,
            &MeasureId::from_uuid(Uuid::nil()).to_string(),
            "2020-07-01",
        )
        .await;
    assert_eq!(codes(&unknown.err().expect("none")), ["MEASURE_NOT_FOUND"]);
    let mut wrong = suspension(id, "p3");
    wrong.right_ids = vec![kernel::ids::RightId::from_uuid(Uuid::nil()).to_string()];
    let refused = setup.propose(&officer("first"), wrong).await;
    assert_eq!(
        codes(&refused.err().expect("no such right")),
        ["RIGHT_UNKNOWN"]
    );
    let facts: i64 = sqlx::query_scalar(
        "select count(*) from platform.fact where kind in ('measure_imposed', 'rights_resumed')",
    )
    .fetch_one(&setup.platform.pool)
    .await
    .expect("counted");
    assert_eq!(facts, 0);
}

#[tokio::test]
async fn what_a_renewal_makes_of_a_suspended_right_rests_with_it() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    setup.publish_all(id).await;
    sqlx::query("update organization_right set valid_until = '2020-06-30'")
        .execute(&setup.platform.pool)
        .await
        .expect("a term");
    let right = setup.seen(id).await.rights.remove(0);
    let mut named = suspension(id, "p1");
    named.right_ids = vec![right.right_id.clone()];
    setup.imposed(id, named).await;
    let application = Uuid::from_u128(700);
    let renewal = OrganizationSelected {
        application_id: ApplicationId::from_uuid(application).to_string(),
        selection_id: SelectionId::from_uuid(application).to_string(),
        organization_id: id.to_string(),
        filing_division: WEIHAI.to_owned(),
        granted: vec![OccupationScope {
            levels: vec![Level::Five.into()],
            ..right.scope.expect("a scope")
        }],
        purpose: ApplicationPurpose::Renewal.into(),
        ..OrganizationSelected::default()
    };
    let kind = "organization_selected";
    let renewed = fact_of(
        ("application", application),
        1,
        kind,
        renewal.encode_to_vec(),
    );
    setup.inbox.take(&[renewed]).await;
    let rights = setup.seen(id).await.rights;
    let split = rights.iter().find(|one| one.right_id != right.right_id);
    assert_eq!(
        split.expect("a right of its own").goes_on_from,
        right.right_id
    );
    let exam = "2020-07-04";
    assert_eq!(setup.against_plan(id, exam).await, "RIGHT_SUSPENDED");
}

fn decided(id: OrganizationId, serial: u128, kind: MeasureKind) -> Fact {
    let measure_id = Uuid::from_u128(serial);
    let message = MeasureDecided {
        measure_id: MeasureId::from_uuid(measure_id).to_string(),
        organization_id: id.to_string(),
        origin_id: InspectionId::from_uuid(Uuid::from_u128(serial)).to_string(),
        kind: kind.into(),
        grounds: vec![MeasureGround::PapersLeaked.into()],
        // Decided yesterday; the fact was under way past midnight.
        effective_on: "2020-05-17".to_owned(),
        ongoing_batches: match kind {
            MeasureKind::Suspension => OngoingBatches::Continue.into(),
            _ => 0,
        },
        decided_by: WEIHAI.to_owned(),
        ..MeasureDecided::default()
    };
    fact_of(
        ("measure", measure_id),
        1,
        "measure_decided",
        message.encode_to_vec(),
    )
}

#[tokio::test]
async fn what_review_decided_is_applied_once() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let suspended = decided(id, 71, MeasureKind::Suspension);
    setup.inbox.take(std::slice::from_ref(&suspended)).await;
    setup.inbox.take(&[suspended]).await;
    assert_eq!(setup.standing(id).await, OrganizationStanding::Suspended);
    let measures = setup.measures(id).await;
    assert_eq!(measures.len(), 1);
    assert!(measures[0].origin_id.starts_with("insp_"));

    let withdrawn = decided(id, 72, MeasureKind::Withdrawal);
    let late = decided(id, 73, MeasureKind::Talk);
    setup.inbox.take(&[withdrawn, late]).await;
    assert_eq!(setup.standing(id).await, OrganizationStanding::Withdrawn);
    assert_eq!(setup.measures(id).await.len(), 2, "a talk with nobody");
}

#[tokio::test]
async fn all_that_is_wrong_with_a_confirmation_is_told_at_once() {
    let setup = setup().await;
    let request = ConfirmMeasureRequest {
        request_id: "r1".to_owned(),
        organization_id: "nobody".to_owned(),
        confirmation: None,
    };
    let asked = from(&officer("second"), request);
    let refused = setup.registry.confirm_measure(asked).await;
    let told = violations(&refused.err().expect("refused"));
    let fields: Vec<_> = told.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["organization_id", "confirmation"]);
}
