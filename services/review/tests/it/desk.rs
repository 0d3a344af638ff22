//! The desk: what waits for whom, and by when.

use platform::access::{Caller, Role};
use platform::testing::{city_officer, clerk};
use proto::common::v1 as common;
use proto::review::v1::*;
use review::{PublicNoticeSweep, SilenceSweep};
use tonic::Code;

use crate::complaints::{complaint, lodge, organization, take_up};
use crate::consultations::{decision, jinan, qingdao, second_of_the_province};
use crate::corrections::returning;
use crate::inspections::{draw, freeze, inspector, publish, result};
use crate::objections::{objection, raise, shown};
use crate::panels::{expert, opinion, plan};
use crate::reports::fault;
use crate::scenes::{Filing, first_officer, province, second_officer};
use crate::setup::{World, fields, refused, request_id};

/// Kind, record and day of what waits.
type Waiting = (String, String, String);

impl World {
    pub(crate) async fn on_desk(&self, caller: &Caller) -> common::ListDeskResponse {
        let request = common::ListDeskRequest::default();
        let listed = self.desk(caller).list_desk(request).await;
        listed.expect("a desk of one's own").into_inner()
    }

    /// What waits for somebody.
    async fn waits(&self, caller: &Caller) -> Vec<Waiting> {
        let items = self.on_desk(caller).await.items.into_iter();
        items
            .map(|item| (item.kind, item.subject_id, item.due_on))
            .collect()
    }
}

fn waiting(kind: &str, subject: &str, due_on: &str) -> Waiting {
    (kind.to_owned(), subject.to_owned(), due_on.to_owned())
}

#[tokio::test]
async fn an_application_waits_for_whoever_is_to_act_next() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let on_desk = world.waits(&filing.clerk).await;
    assert_eq!(on_desk, [waiting("application_to_hand_in", &filing.id, "")]);
    assert!(world.waits(&first_officer()).await.is_empty());

    let filing = world.submitted().await;
    let on_desk = world.on_desk(&first_officer()).await.items;
    let [item] = &on_desk[..] else {
        panic!("one application")
    };
    let due = item.due.as_ref().expect("a rule");
    assert_eq!((&*due.date, &*due.source), ("2020-06-01", "platform"));
    assert!(due.explanation_zh.starts_with("申报材料核验期限"));
    assert_eq!(item.title_zh, "申报材料待核验");
    assert_eq!((&*item.since, item.late), ("2020-05-18", false));
    let organization = filing.clerk.organization.expect("its own").to_string();
    assert_eq!(
        (&item.organization_id, &*item.division_code),
        (&organization, "371000")
    );

    world.set_day("2020-05-19");
    let mut centre = world.applications(&first_officer());
    let fields = ["work_plan.safeguards"];
    let returned = centre.return_application(returning(&filing, &fields)).await;
    returned.expect("assessed");
    assert!(world.waits(&first_officer()).await.is_empty());
    let on_desk = world.waits(&filing.clerk).await;
    let correct = waiting("application_to_correct", &filing.id, "2020-06-02");
    assert_eq!(on_desk, [correct]);

    let filing = world.submitted().await;
    world.judge_all(&filing).await;
    world.check(&filing, true).await.expect("recorded");
    let on_desk = world.waits(&first_officer()).await;
    let decide = waiting("application_to_decide", &filing.id, "2020-06-15");
    assert_eq!(on_desk, [decide]);
}

#[tokio::test]
async fn what_one_person_proposed_waits_for_another() {
    let world = World::start().await;
    let filing = world.assessed().await;
    world.propose(&filing).await.expect("passed");
    assert!(world.waits(&first_officer()).await.is_empty());
    let confirm = waiting("selection_to_confirm", &filing.id, "2020-06-15");
    assert_eq!(world.waits(&second_officer()).await, [confirm]);
    for foreign in [province(), city_officer("jinan-1", "370100")] {
        assert!(world.waits(&foreign).await.is_empty());
    }
    assert!(world.waits(&filing.clerk).await.is_empty());

    let refused = world.submitted().await;
    let request = ProposeRejectionRequest {
        request_id: request_id(),
        application_id: refused.id.clone(),
        reason: "不符合条件".to_owned(),
        version: 0,
    };
    let mut centre = world.selections(&second_officer());
    centre.propose_rejection(request).await.expect("handed in");
    let confirm = waiting("rejection_to_confirm", &refused.id, "2020-06-15");
    assert_eq!(world.waits(&first_officer()).await, [confirm]);
}

#[tokio::test]
async fn a_filing_is_reported_and_a_report_corrected_and_recorded() {
    let world = World::start().await;
    let [filing] = world.filed(["S000037100002"]).await;
    let report = waiting("filing_to_report", &filing.id, "2020-06-09");
    assert_eq!(world.waits(&first_officer()).await, [report]);
    world.set_day("2020-06-10");
    assert!(world.on_desk(&first_officer()).await.items[0].late);

    let report = world.report(&[&filing]).await.expect("filed");
    assert!(world.waits(&first_officer()).await.is_empty());
    let record = waiting("city_report_to_record", &report.city_report_id, "");
    assert_eq!(world.waits(&province()).await, [record]);
    let given_back = world.give_back(&report, vec![fault(&filing)]).await;
    given_back.expect("not recorded");
    assert!(world.waits(&province()).await.is_empty());
    let correct = waiting(
        "city_report_to_correct",
        &report.city_report_id,
        "2020-06-17",
    );
    assert_eq!(world.waits(&first_officer()).await, [correct]);
}

#[tokio::test]
async fn each_expert_is_awaited_until_heard() {
    let world = World::start().await;
    world.experts(3);
    let filing = world.submitted().await;
    let panel = world.plan(plan(&filing, 3)).await.expect("enough");
    let to_draw = waiting("panel_to_draw", &panel.panel_id, "");
    assert!(world.waits(&first_officer()).await.contains(&to_draw));
    let panel = world.draw(&panel).await.expect("planned");
    let opine = waiting("opinion_to_give", &panel.panel_id, "");
    assert!(world.waits(&first_officer()).await.contains(&opine));
    for member in &panel.members {
        let expert = expert(&member.person_id);
        assert_eq!(world.waits(&expert).await, std::slice::from_ref(&opine));
        let opinion = opinion(&panel, &member.expert_number, true);
        world.opine(&expert, opinion).await.expect("on the panel");
        assert!(world.waits(&expert).await.is_empty());
    }
    assert!(!world.waits(&first_officer()).await.contains(&opine));
    assert!(world.waits(&expert("somebody")).await.is_empty());
}

#[tokio::test]
async fn a_consultation_waits_for_each_city_and_then_for_the_province() {
    let world = World::start().await;
    let (_, id) = world.consulting().await;
    let answer = waiting("consultation_to_answer", &id, "2020-06-01");
    for city in [jinan(), qingdao()] {
        assert_eq!(world.waits(&city).await, std::slice::from_ref(&answer));
    }
    let agreed = ConsultationAnswer::Agreed;
    world.answer(&jinan(), &id, agreed).await.expect("asked");
    assert!(world.waits(&jinan()).await.is_empty());
    assert!(world.waits(&province()).await.is_empty());

    world.set_day("2020-06-02");
    assert!(world.on_desk(&qingdao()).await.items[0].late);
    let sweep = SilenceSweep::new(world.app.clone());
    sweep.step().await.expect("a step");
    assert!(world.waits(&qingdao()).await.is_empty());
    let decide = waiting("consultation_to_decide", &id, "");
    assert_eq!(world.waits(&province()).await, [decide]);
    let decisions = vec![decision("370100", true), decision("370200", false)];
    world.propose_decision(&id, decisions).await.expect("heard");
    assert!(world.waits(&province()).await.is_empty());
    let confirm = waiting("cross_area_to_confirm", &id, "");
    assert_eq!(world.waits(&second_of_the_province()).await, [confirm]);
}

#[tokio::test]
async fn an_inspection_waits_step_by_step_and_for_inspectors_in_between() {
    let world = World::start().await;
    world.inspectable(5, 5).await;
    let id = world.planned().await;
    let on_desk = |kind: &str, due_on: &str| [waiting(kind, &id, due_on)];
    let mut centre = world.inspections(&first_officer());
    let officer = first_officer();
    assert_eq!(
        world.waits(&officer).await,
        on_desk("inspection_to_freeze", "2020-09-30")
    );
    centre.freeze_inspection(freeze(&id)).await.expect("enough");
    assert_eq!(
        world.waits(&officer).await,
        on_desk("inspection_to_draw", "2020-09-30")
    );
    let drawn = centre.draw_inspection(draw(&id)).await.expect("frozen");
    let drawn = drawn.into_inner().inspection.expect("it");
    // Its period has not begun.
    let of_the_first = inspector(&drawn.inspected[0].person_ids[0], "371000");
    assert!(world.waits(&of_the_first).await.is_empty());
    world.set_day("2020-09-08");
    for caller in [of_the_first.clone(), first_officer()] {
        let waits = world.on_desk(&caller).await.items;
        assert_eq!(waits[0].kind, "inspection_to_carry_out");
        // Counted from the last day of the inspection.
        assert!(waits[0].due.is_some() && *waits[0].due_on > *"2020-09-30");
    }
    // It waits for those who were drawn, and for no other inspector of the city.
    assert!(
        world
            .waits(&inspector("inspector-1", "371000"))
            .await
            .is_empty()
    );

    for drawn in &drawn.inspected {
        let outcome = InspectionOutcome::NoProblem;
        let request = result(&id, &drawn.organization_id, outcome);
        let recorded = centre.record_inspection_result(request).await;
        recorded.expect("in its period");
    }
    assert!(world.waits(&of_the_first).await.is_empty());
    let waits = world.on_desk(&officer).await.items;
    assert_eq!(waits[0].kind, "inspection_to_publish");
    assert!(waits[0].due.is_some());
    let published = centre.publish_inspection(publish(&id)).await;
    published.expect("complete");
    assert!(world.waits(&officer).await.is_empty());
}

#[tokio::test]
async fn measures_wait_for_their_second_person_and_alerts_for_the_centre() {
    let world = World::start().await;
    let found = world.found().await;
    let (measure, _) = world.proposed(&found).await;
    let kinds = async |caller: &Caller| {
        let waits = world.waits(caller).await.into_iter();
        waits.map(|(kind, id, _)| (kind, id)).collect::<Vec<_>>()
    };
    let confirm = ("measure_to_confirm".to_owned(), measure);
    assert!(kinds(&second_officer()).await.contains(&confirm));
    assert!(!kinds(&first_officer()).await.contains(&confirm));

    world.deserted().await;
    let on_desk = world.on_desk(&first_officer()).await.items;
    let mut alerts = on_desk.iter().filter(|item| item.kind == "alert_to_handle");
    let alert = alerts.next().expect("it stood out");
    assert!(alert.subject_id.starts_with("alert_") && alert.due.is_some());
}

#[tokio::test]
async fn what_people_bring_forward_waits_for_the_centre_and_for_whoever_is_asked() {
    let world = World::start().await;
    let (filing, notice) = shown(&world).await;
    let raised = raise(&world, objection(&notice, 1)).await.expect("in time");
    let hint = LodgeLeadRequest {
        request_id: request_id(),
        public_notice_id: notice.public_notice_id.clone(),
        row_key: filing.id.clone(),
        hint: "听说设备是借来的".to_owned(),
    };
    let mut anybody = world.objections(&Caller::public());
    let lead = anybody.lodge_lead(hint).await.expect("kept").into_inner();
    let accused = organization(&world).await;
    let (complaint, _) = lodge(&world, complaint(accused)).await.expect("taken");

    let officer = first_officer();
    let on_desk = |complaint_waits: &str| {
        let mut kinds = vec![
            (
                "objection_to_decide".to_owned(),
                raised.objection_id.clone(),
            ),
            ("lead_to_close".to_owned(), lead.lead_id.clone()),
            (complaint_waits.to_owned(), complaint.clone()),
        ];
        kinds.sort();
        kinds
    };
    let waits = async || {
        let waits = world.waits(&officer).await.into_iter();
        let mut kinds: Vec<_> = waits.map(|(kind, id, _)| (kind, id)).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(waits().await, on_desk("complaint_to_accept"));
    let taken_up = take_up(&world, &officer, &complaint).await;
    taken_up.expect("its own");
    assert_eq!(waits().await, on_desk("complaint_to_answer"));

    let accused = clerk("clerk-2", accused);
    for (asked, id, respond) in [
        (
            &filing.clerk,
            &raised.objection_id,
            "objection_to_respond_to",
        ),
        (&filing.clerk, &lead.lead_id, "lead_to_respond_to"),
        (&accused, &complaint, "complaint_to_respond_to"),
    ] {
        assert!(world.waits(asked).await.is_empty());
        let question = common::AskOrganizationRequest {
            request_id: request_id(),
            inquiry_id: id.clone(),
            question: "请说明设备来源".to_owned(),
        };
        let mut centre = world.inquiries(&officer);
        centre
            .ask_organization(question)
            .await
            .expect("looked into");
        let respond = waiting(respond, id, "2020-05-25");
        assert_eq!(world.waits(asked).await, [respond]);
        let answer = common::AnswerInquiryRequest {
            request_id: request_id(),
            inquiry_id: id.clone(),
            answer: "设备为自有".to_owned(),
        };
        let mut organization = world.inquiries(asked);
        organization.answer_inquiry(answer).await.expect("asked");
        assert!(world.waits(asked).await.is_empty());
    }
}

#[tokio::test]
async fn a_desk_is_counted_whole_and_read_page_by_page_by_day() {
    let world = World::start().await;
    let mut filings: Vec<Filing> = Vec::new();
    for day in ["2020-05-18", "2020-05-19", "2020-05-20"] {
        world.set_day(day);
        filings.push(world.submitted().await);
    }
    let decided = &filings[1];
    world.check(decided, true).await.expect("recorded");
    world.set_day("2020-06-02");

    let mut desk = world.desk(&first_officer());
    let (mut read, mut token) = (Vec::new(), String::new());
    loop {
        let request = common::ListDeskRequest {
            page_size: 1,
            page_token: token,
            ..Default::default()
        };
        let page = desk.list_desk(request).await.expect("a page").into_inner();
        let counts = page.counts.iter();
        let counts: Vec<_> = counts
            .map(|count| (&*count.kind, count.waiting, count.late))
            .collect();
        let check = ("application_to_check", 2, 1);
        assert_eq!(counts, [check, ("application_to_decide", 1, 0)]);
        read.extend(
            page.items
                .into_iter()
                .map(|item| (item.due_on, item.subject_id)),
        );
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let by_day = [("2020-06-01", 0), ("2020-06-03", 2), ("2020-06-15", 1)];
    let by_day = by_day.map(|(day, number)| (day.to_owned(), filings[number].id.clone()));
    assert_eq!(read, by_day);

    let request = common::ListDeskRequest {
        late_only: true,
        ..Default::default()
    };
    let late = desk.list_desk(request).await.expect("a list").into_inner();
    assert_eq!(late.items.len(), 1);
    let request = common::ListDeskRequest {
        kind: "application_to_decide".to_owned(),
        ..Default::default()
    };
    let of_kind = desk.list_desk(request).await.expect("a list").into_inner();
    assert_eq!((of_kind.items.len(), of_kind.counts.len()), (1, 2));
}

#[tokio::test]
async fn a_desk_is_asked_for_in_order_and_by_those_who_have_one() {
    let world = World::start().await;
    let request = common::ListDeskRequest {
        kind: "certificate_to_forge".to_owned(),
        page_token: "app_00000000000000000000000001".to_owned(),
        ..Default::default()
    };
    let answer = world.desk(&first_officer()).list_desk(request).await;
    let status = answer.err().expect("nothing of this is known");
    assert_eq!(fields(&status), ["kind", "page_token"]);
    assert_eq!(
        refused::<()>(Err(status)),
        ["DESK_KIND_UNKNOWN", "DESK_PAGE_TOKEN"]
    );

    // Not enrolled yet: nothing can wait.
    let stranger = Caller {
        organization: None,
        ..clerk("clerk-1", world.college())
    };
    assert!(world.waits(&stranger).await.is_empty());
    let auditor = Caller {
        role: Role::Auditor,
        ..province()
    };
    let request = common::ListDeskRequest::default();
    let answer = world.desk(&auditor).list_desk(request).await;
    assert_eq!(
        answer.err().expect("it watches").code(),
        Code::PermissionDenied
    );
}

#[tokio::test]
async fn an_application_that_was_overturned_is_checked_anew() {
    let world = World::start().await;
    let (filing, notice) = shown(&world).await;
    assert!(world.waits(&first_officer()).await.is_empty());
    let raised = raise(&world, objection(&notice, 1)).await.expect("in time");
    let id = raised.objection_id;
    world.set_day("2020-05-20");
    crate::objections::find(&world, &first_officer(), &id)
        .await
        .expect("found");
    let request = ResolveObjectionRequest {
        request_id: request_id(),
        objection_id: id,
        outcome: common::ObjectionOutcome::Upheld.into(),
        reason: "经复核属实".to_owned(),
    };
    let mut centre = world.objections(&first_officer());
    centre
        .resolve_objection(request)
        .await
        .expect("looked into");
    PublicNoticeSweep::new(world.app.clone())
        .step()
        .await
        .expect("a step");
    let check = waiting("application_to_check", &filing.id, "2020-06-03");
    assert_eq!(world.waits(&first_officer()).await, [check]);
}
