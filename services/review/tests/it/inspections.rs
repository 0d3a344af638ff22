//! Double-random inspections: planned, frozen, drawn, drawn anew, recorded, published; and that
//! whoever has the answer can repeat the draw.

use std::process::Command;

use jiff::civil::Date;
use kernel::ids::{FactId, InspectionId, OrganizationId, PersonId};
use platform::access::{Caller, Role};
use platform::inbox::Inbox;
use platform::testing::{city_officer, clerk, eventually};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use proto::common::v1::Fact;
use proto::registry::v1::OrganizationWithdrawn;
use proto::review::v1::*;
use review::RegistryFacts;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::recounting::with_off;
use crate::scenes::{first_officer, province};
use crate::setup::{World, codes, fields, refused, request_id};

/// A name that must appear nowhere but in its place.
const MARKED: &str = "甄检查";

pub(crate) fn matter(code: &str) -> InspectionMatter {
    InspectionMatter {
        code: code.to_owned(),
        title: "收费标准公开情况".to_owned(),
        legal_basis: "鲁人社字〔2020〕50号第六条第（三）项".to_owned(),
    }
}

pub(crate) fn plan() -> PlanInspectionRequest {
    PlanInspectionRequest {
        request_id: request_id(),
        title: "2020年度双随机检查".to_owned(),
        matter_codes: vec!["PJ-01".to_owned(), "PJ-02".to_owned()],
        from_on: "2020-09-07".to_owned(),
        until_on: "2020-09-30".to_owned(),
        whole_province: false,
        share_percent: 40,
    }
}

pub(crate) fn freeze(inspection_id: &str) -> FreezeInspectionRequest {
    FreezeInspectionRequest {
        request_id: request_id(),
        inspection_id: inspection_id.to_owned(),
        with_provincial_inspectors: false,
    }
}

pub(crate) fn draw(inspection_id: &str) -> DrawInspectionRequest {
    DrawInspectionRequest {
        request_id: request_id(),
        inspection_id: inspection_id.to_owned(),
    }
}

fn redraw(inspection_id: &str, organization_id: &str, person_id: &str) -> OrderRedrawRequest {
    OrderRedrawRequest {
        request_id: request_id(),
        inspection_id: inspection_id.to_owned(),
        organization_id: organization_id.to_owned(),
        person_id: person_id.to_owned(),
        reason: "检查人员因病不能参加".to_owned(),
    }
}

pub(crate) fn result(
    inspection_id: &str,
    organization_id: &str,
    outcome: InspectionOutcome,
) -> RecordInspectionResultRequest {
    let in_order = outcome == InspectionOutcome::NoProblem;
    let finding = |code: &str, in_order: bool| MatterFinding {
        code: code.to_owned(),
        in_order,
        remark: if in_order {
            String::new()
        } else {
            format!("{MARKED}称未公示")
        },
    };
    RecordInspectionResultRequest {
        request_id: request_id(),
        inspection_id: inspection_id.to_owned(),
        organization_id: organization_id.to_owned(),
        inspected_on: "2020-09-08".to_owned(),
        matters: vec![finding("PJ-01", in_order), finding("PJ-02", true)],
        outcome: outcome.into(),
        findings: if in_order {
            String::new()
        } else {
            format!("负责人{MARKED}")
        },
    }
}

/// An inspector of an area, by the number in the pool.
pub(crate) fn inspector(person_id: &str, division: &str) -> Caller {
    Caller {
        role: Role::Inspector,
        ..city_officer(person_id, division)
    }
}

impl World {
    /// An organisation that is registered and filed with a division.
    pub(crate) async fn known_in(&self, filed: &str) -> OrganizationId {
        let organization = self.college();
        let count: i64 = sqlx::query_scalar("select count(*) from evaluation_organization")
            .fetch_one(&self.platform.pool)
            .await
            .expect("a count");
        sqlx::query("insert into evaluation_organization values ($1, $2, $3, '2020-06-01', null)")
            .bind(organization.uuid())
            .bind(format!("S00003710{:04}", count + 1))
            .bind(filed)
            .execute(&self.platform.pool)
            .await
            .expect("registered");
        organization
    }

    /// A published list of matters, so many organisations in Weihai and so many inspectors there.
    pub(crate) async fn inspectable(&self, organizations: usize, inspectors: usize) {
        self.set_day("2020-09-01");
        let request = PublishMatterListRequest {
            request_id: request_id(),
            matters: vec![matter("PJ-01"), matter("PJ-02"), matter("PJ-03")],
        };
        let published = self
            .inspections(&province())
            .publish_matter_list(request)
            .await;
        published.expect("a good list");
        for _ in 0..organizations {
            self.known_in("371000").await;
        }
        for _ in 0..inspectors {
            self.registry.enlist("371000", None);
        }
    }

    /// An inspection that Weihai planned.
    pub(crate) async fn planned(&self) -> String {
        let planned = self
            .inspections(&first_officer())
            .plan_inspection(plan())
            .await;
        let planned = planned
            .expect("a good plan")
            .into_inner()
            .inspection
            .expect("it");
        planned.inspection_id
    }

    /// An inspection that is drawn, two of five organisations.
    pub(crate) async fn drawn(&self) -> Inspection {
        self.inspectable(5, 5).await;
        let id = self.planned().await;
        let mut centre = self.inspections(&first_officer());
        centre.freeze_inspection(freeze(&id)).await.expect("enough");
        let drawn = centre.draw_inspection(draw(&id)).await.expect("frozen");
        drawn.into_inner().inspection.expect("it")
    }

    /// The day by which the results of the one inspection are to be published.
    async fn publication_due(&self) -> Date {
        let due: String = sqlx::query_scalar("select publication_due ->> 'date' from inspection")
            .fetch_one(&self.platform.pool)
            .await
            .expect("read");
        due.parse().expect("a day")
    }

    async fn seen(&self, id: &str) -> GetInspectionResponse {
        let inspection_id = id.to_owned();
        let request = GetInspectionRequest { inspection_id };
        let seen = self
            .inspections(&Caller::public())
            .get_inspection(request)
            .await;
        seen.expect("everybody's").into_inner()
    }
}

/// The program that repeats the draws of an inspection.
const DRAW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/clients/draw.py");

/// What the program says of an answer.
fn repeat(answer: &GetInspectionResponse) -> Result<String, String> {
    let pool = DescriptorPool::decode(proto::DESCRIPTOR_SET).expect("the contract");
    let name = "luban.review.v1.GetInspectionResponse";
    let message = pool.get_message_by_name(name).expect("in the contract");
    let encoded = answer.encode_to_vec();
    let answer = DynamicMessage::decode(message, encoded.as_slice()).expect("its own bytes");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answer.json");
    std::fs::write(&path, serde_json::to_vec(&answer).expect("json")).expect("written");
    let ran = Command::new("python3")
        .arg(DRAW)
        .arg(&path)
        .output()
        .expect("python3");
    if ran.status.success() {
        Ok(String::from_utf8(ran.stdout).expect("text"))
    } else {
        Err(String::from_utf8_lossy(&ran.stderr).into_owned())
    }
}

#[test]
fn twenty_lines_repeat_a_draw() {
    let program = std::fs::read_to_string(DRAW).expect("the program");
    assert!(program.lines().count() <= 20);
}

#[tokio::test]
async fn an_inspection_is_drawn_so_that_anybody_can_repeat_it() {
    let world = World::start().await;
    world.inspectable(12, 6).await;
    let officer = first_officer();
    let mut centre = world.inspections(&officer);
    let id = world.planned().await;
    let planned = world.seen(&id).await.inspection.expect("it");
    assert!(planned.state() == InspectionState::Planned);
    assert_eq!(
        (planned.draws.len(), planned.draws[0].commitment.len()),
        (1, 32)
    );
    assert!(planned.draws[0].seed.is_empty() && planned.frozen_lists.is_empty());

    centre.freeze_inspection(freeze(&id)).await.expect("enough");
    let frozen = world.seen(&id).await.inspection.expect("it");
    let lists = frozen.lists.expect("frozen");
    assert_eq!((lists.organizations.len(), lists.inspectors.len()), (12, 6));
    assert_eq!((lists.count, lists.inspectors_each), (5, 2));
    assert!(
        frozen.draws[0].seed.is_empty(),
        "the seed is still nobody's"
    );

    let drawn = centre.draw_inspection(draw(&id)).await.expect("frozen");
    let drawn = drawn.into_inner().inspection.expect("it");
    assert_eq!(drawn.inspected.len(), 5);
    let (first, second) = (&drawn.inspected[0], &drawn.inspected[1]);
    let out = redraw(&id, &first.organization_id, &first.person_ids[1]);
    centre.order_redraw(out).await.expect("the first redraw");
    repeat(&world.seen(&id).await).expect("what is revealed so far");
    let early = centre.publish_inspection(publish(&id)).await;
    assert_eq!(refused(early), ["INSPECTION_STATE"]);
    centre.draw_inspection(draw(&id)).await.expect("ordered");
    let out = redraw(&id, &second.organization_id, "");
    centre.order_redraw(out).await.expect("the second redraw");
    centre.draw_inspection(draw(&id)).await.expect("ordered");

    let seen = world.seen(&id).await;
    let said = repeat(&seen).expect("the same");
    assert_eq!(said, "3 draws repeated, 6 organisations: the same\n");
    let inspected = seen.inspection.as_ref().expect("it").inspected.clone();
    assert_eq!(inspected.len(), 5);
    assert!(
        inspected
            .iter()
            .all(|each| each.organization_id != second.organization_id)
    );

    let mut forged = seen.clone();
    let inspection = forged.inspection.as_mut().expect("it");
    inspection.draws[0].drawn.swap(0, 1);
    assert!(
        repeat(&forged)
            .expect_err("forged")
            .contains("another draw")
    );
    let mut forged = seen.clone();
    let inspection = forged.inspection.as_mut().expect("it");
    inspection.draws[1].seed = vec![7; 32].into();
    assert!(
        repeat(&forged)
            .expect_err("forged")
            .contains("not the seed")
    );
    let mut forged = seen;
    let inspection = forged.inspection.as_mut().expect("it");
    inspection.frozen_lists = inspection.frozen_lists.replace("J-001", "J-002");
    repeat(&forged).expect_err("other lists than those that were hashed");

    let facts = [
        "inspection_planned",
        "lists_frozen",
        "inspection_drawn",
        "redraw_ordered",
        "inspection_drawn",
        "redraw_ordered",
        "inspection_drawn",
    ];
    assert_eq!(world.facts("inspection").await, facts);
}

#[tokio::test]
async fn inspections_that_draw_at_once_keep_to_what_one_organisation_bears_in_a_year() {
    let world = World::start().await;
    world.inspectable(1, 3).await;
    let mut planned = Vec::new();
    for _ in 0..4 {
        let id = world.planned().await;
        let mut centre = world.inspections(&first_officer());
        centre.freeze_inspection(freeze(&id)).await.expect("enough");
        planned.push(id);
    }
    let drawing = planned.iter().map(|id| async {
        let mut centre = world.inspections(&first_officer());
        centre.draw_inspection(draw(id)).await
    });
    let (drawn, late): (Vec<_>, Vec<_>) = futures::future::join_all(drawing)
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((drawn.len(), late.len()), (2, 2), "twice a year at most");
    for answer in late {
        assert_eq!(refused(answer), ["INSPECTION_WITHOUT_ORGANIZATIONS"]);
    }
    let times: i64 = sqlx::query_scalar("select count(*) from inspected_organization")
        .fetch_one(&world.platform.pool)
        .await
        .expect("a count");
    assert_eq!(times, 2);
}

#[tokio::test]
async fn who_another_inspection_has_drawn_meanwhile_is_left_out_for_everybody_to_see() {
    let world = World::start().await;
    world.inspectable(2, 4).await;
    let whole = || PlanInspectionRequest {
        share_percent: 100,
        ..plan()
    };
    let mut planned = Vec::new();
    for _ in 0..3 {
        let mut centre = world.inspections(&first_officer());
        let answer = centre.plan_inspection(whole()).await.expect("a good plan");
        let id = answer.into_inner().inspection.expect("it").inspection_id;
        planned.push(id);
    }
    let mut centre = world.inspections(&first_officer());
    let (last, before) = planned.split_last().expect("three");
    for id in before {
        centre.freeze_inspection(freeze(id)).await.expect("enough");
    }
    // Somebody new is on the last list alone.
    let new = world.known_in("371000").await;
    centre
        .freeze_inspection(freeze(last))
        .await
        .expect("enough");
    for id in &planned {
        centre.draw_inspection(draw(id)).await.expect("frozen");
    }
    let seen = world.seen(last).await;
    repeat(&seen).expect("the same");
    let inspection = seen.inspection.expect("it");
    assert_eq!(inspection.draws[0].left_out_organization_ids.len(), 2);
    let inspected = inspection.inspected.iter();
    let inspected: Vec<_> = inspected.map(|each| &each.organization_id).collect();
    assert_eq!(inspected, [&new.to_string()]);
}

#[tokio::test]
async fn results_are_due_by_the_calendar_as_it_is_now() {
    let world = World::start().await;
    let drawn = world.drawn().await;
    let due = async || {
        let seen = world.seen(&drawn.inspection_id).await.inspection;
        let due = seen.expect("it").inspected[0].result_due.clone();
        due.expect("a deadline").date
    };
    let before = due().await;
    let day = before.parse().expect("a day");
    let recorded = world.recounted(with_off(day), "inspection").await;
    assert_eq!(recorded, ["results_due_recounted"]);
    assert!(due().await > before);
}

pub(crate) fn publish(inspection_id: &str) -> PublishInspectionRequest {
    PublishInspectionRequest {
        request_id: request_id(),
        inspection_id: inspection_id.to_owned(),
    }
}

#[tokio::test]
async fn results_are_recorded_read_by_whom_they_concern_and_published_together() {
    let world = World::start().await;
    let drawn = world.drawn().await;
    let id = &drawn.inspection_id;
    let [first, second] = &drawn.inspected[..] else {
        panic!("two of five")
    };
    let first_result = result(id, &first.organization_id, InspectionOutcome::NotPublished);
    let mut inspecting = world.inspections(&inspector(&first.person_ids[0], "371000"));
    assert_eq!(
        refused(
            inspecting
                .record_inspection_result(first_result.clone())
                .await
        ),
        ["INSPECTION_NOT_BEGUN"]
    );
    world.set_day("2020-09-08");
    only_who_was_drawn_for_it_records(&world, &first_result, [first, second]).await;
    let recorded = inspecting
        .record_inspection_result(first_result.clone())
        .await;
    let recorded = recorded
        .expect("in its period")
        .into_inner()
        .result
        .expect("it");
    assert!(!recorded.late);
    assert_eq!(recorded.due.expect("a deadline").date, "2020-09-22");
    let mut centre = world.inspections(&first_officer());
    assert_eq!(
        refused(centre.publish_inspection(publish(id)).await),
        ["INSPECTION_RESULTS_MISSING"]
    );
    world.set_day("2020-09-23");
    let second_result = result(id, &second.organization_id, InspectionOutcome::NoProblem);
    let recorded = centre.record_inspection_result(second_result).await;
    assert!(
        recorded
            .expect("late, and taken")
            .into_inner()
            .result
            .expect("it")
            .late
    );

    let due = world.publication_due().await;
    let recorded = world.recounted(with_off(due), "inspection").await;
    assert_eq!(recorded, ["publication_due_recounted"]);
    assert!(world.publication_due().await > due, "it was moved");

    let before = world.seen(id).await.inspection.expect("it");
    assert!(before.inspected.iter().all(|each| each.recorded));
    let nobody_knows =
        |each: &InspectedOrganization| each.outcome() == InspectionOutcome::Unspecified;
    assert!(before.inspected.iter().all(nobody_knows));
    centre
        .publish_inspection(publish(id))
        .await
        .expect("all there");
    let after = world.seen(id).await.inspection.expect("it");
    assert!(after.state() == InspectionState::Published);
    assert_eq!(after.published_on, "2020-09-23");
    assert!(after.inspected[0].outcome() == InspectionOutcome::NotPublished);

    let organization = OrganizationId::parse(&first.organization_id).expect("an id");
    let other = OrganizationId::parse(&second.organization_id).expect("an id");
    let read = async |caller: &Caller| {
        let request = GetInspectionResultRequest {
            inspection_id: id.clone(),
            organization_id: first.organization_id.clone(),
        };
        world
            .inspections(caller)
            .get_inspection_result(request)
            .await
    };
    for caller in [clerk("clerk-1", organization), first_officer(), province()] {
        let result = read(&caller).await.expect("concerned").into_inner().result;
        assert!(result.expect("it").findings.contains(MARKED));
    }
    for caller in [clerk("clerk-2", other), city_officer("jinan-1", "370100")] {
        assert_eq!(
            refused(read(&caller).await),
            ["INSPECTION_RESULT_NOT_FOUND"]
        );
    }
    nobody_is_named(&world).await;
}

/// Nobody but the inspectors of an organisation records its result, whoever else inspects.
async fn only_who_was_drawn_for_it_records(
    world: &World,
    of_the_first: &RecordInspectionResultRequest,
    [first, second]: [&InspectedOrganization; 2],
) {
    let before = world.traces().await;
    let not_drawn_for_it = second.person_ids.iter();
    let not_drawn_for_it = not_drawn_for_it.filter(|person| !first.person_ids.contains(person));
    for other in not_drawn_for_it {
        let answer = world
            .inspections(&inspector(other, "371000"))
            .record_inspection_result(of_the_first.clone())
            .await;
        assert_eq!(refused(answer), ["INSPECTION_NOT_DRAWN_FOR"]);
    }
    let nobody = PersonId::from_uuid(Uuid::now_v7()).to_string();
    for subject in [nobody.as_str(), "inspector-1"] {
        let answer = world
            .inspections(&inspector(subject, "371000"))
            .record_inspection_result(of_the_first.clone())
            .await;
        assert_eq!(refused(answer), ["INSPECTION_NOT_FOUND"]);
    }
    assert_eq!(world.traces().await, before);
}

/// What inspectors wrote lies sealed, and leaves in no fact.
async fn nobody_is_named(world: &World) {
    let everything: String = sqlx::query_scalar(
        "select (select string_agg(payload::text, ' ') from platform.fact)
             || (select string_agg(encode(message, 'escape'), ' ') from platform.publication)
             || (select string_agg(inspected_organization::text, ' ') from inspected_organization)",
    )
    .fetch_one(&world.platform.pool)
    .await
    .expect("rows");
    assert!(!everything.contains(MARKED));
    assert!(!everything.contains(&hex::encode(MARKED)));
    let published: Vec<String> = sqlx::query_scalar(
        "select kind from platform.fact
         where published_version is not null and kind <> 'reference_changed'",
    )
    .fetch_all(&world.platform.pool)
    .await
    .expect("facts");
    assert_eq!(published, ["inspection_published"]);
}

#[tokio::test]
async fn every_fault_of_a_form_is_told_and_nothing_is_left() {
    let world = World::start().await;
    world.inspectable(2, 2).await;
    let before = world.traces().await;
    let mut centre = world.inspections(&first_officer());
    let empty = centre
        .plan_inspection(PlanInspectionRequest::default())
        .await;
    let expected = ["request_id", "title", "matter_codes", "from_on", "until_on"];
    assert_eq!(fields(&empty.err().expect("nothing filled in")), expected);
    let odd = PlanInspectionRequest {
        title: "检\u{200b}查".to_owned(),
        matter_codes: vec!["PJ-01".to_owned(), "ＰＪ-02".to_owned(), "PJ-01".to_owned()],
        from_on: "２０２０-09-07".to_owned(),
        ..plan()
    };
    assert_eq!(
        refused(centre.plan_inspection(odd).await),
        [
            "FIELD_CHARACTERS",
            "MATTER_CODE_MALFORMED",
            "MATTER_TWICE",
            "DATE_MALFORMED"
        ]
    );
    let many = PlanInspectionRequest {
        matter_codes: vec!["PJ-01".to_owned(); 51],
        ..plan()
    };
    assert_eq!(
        refused(centre.plan_inspection(many).await),
        ["LIST_TOO_LONG"]
    );
    let wrong = PlanInspectionRequest {
        matter_codes: vec!["PJ-04".to_owned()],
        from_on: "2020-08-31".to_owned(),
        until_on: "9999-12-31".to_owned(),
        share_percent: 101,
        whole_province: true,
        ..plan()
    };
    assert_eq!(
        refused(centre.plan_inspection(wrong).await),
        [
            "MATTER_UNKNOWN",
            "INSPECTION_FROM_PAST",
            "INSPECTION_PERIOD",
            "INSPECTION_WHOLE_PROVINCE",
            "INSPECTION_SHARE"
        ]
    );
    let list = |matters| PublishMatterListRequest {
        request_id: request_id(),
        matters,
    };
    let mut publishing = world.inspections(&province());
    assert_eq!(
        refused(publishing.publish_matter_list(list(vec![])).await),
        ["FIELD_REQUIRED"]
    );
    let bare = InspectionMatter {
        legal_basis: " ".to_owned(),
        ..matter("PJ-01")
    };
    let answer = publishing
        .publish_matter_list(list(vec![matter("PJ-01"), bare]))
        .await;
    assert_eq!(refused(answer), ["FIELD_REQUIRED", "MATTER_TWICE"]);
    let request = RecordInspectionResultRequest {
        inspection_id: "insp".to_owned(),
        outcome: 9,
        findings: String::new(),
        ..result("", "", InspectionOutcome::FalseData)
    };
    let refusal = centre
        .record_inspection_result(request)
        .await
        .err()
        .expect("faults");
    assert_eq!(
        fields(&refusal),
        ["inspection_id", "organization_id", "outcome", "findings"]
    );
    assert_eq!(codes(&refusal)[2], "INSPECTION_OUTCOME_UNKNOWN");
    let answer = centre.order_redraw(OrderRedrawRequest::default()).await;
    let expected = ["request_id", "inspection_id", "organization_id", "reason"];
    assert_eq!(fields(&answer.err().expect("empty")), expected);
    let answer = centre
        .cancel_inspection(CancelInspectionRequest::default())
        .await;
    let expected = ["request_id", "inspection_id", "reason"];
    assert_eq!(fields(&answer.err().expect("empty")), expected);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn a_list_of_matters_is_everybodys_by_edition() {
    let world = World::start().await;
    let anybody = Caller::public();
    let get = async |edition| {
        let request = GetMatterListRequest { edition };
        world.inspections(&anybody).get_matter_list(request).await
    };
    assert_eq!(refused(get(0).await), ["MATTER_LIST_NOT_FOUND"]);
    let early = PlanInspectionRequest {
        from_on: "2020-05-18".to_owned(),
        until_on: "2020-05-18".to_owned(),
        ..plan()
    };
    let unlisted = world
        .inspections(&first_officer())
        .plan_inspection(early)
        .await;
    assert_eq!(refused(unlisted), ["MATTER_LIST_MISSING"]);
    world.inspectable(0, 0).await;
    world.inspectable(0, 0).await;
    let newest = get(0)
        .await
        .expect("published")
        .into_inner()
        .matter_list
        .expect("it");
    assert_eq!((newest.edition, newest.matters.len()), (2, 3));
    let first = get(1)
        .await
        .expect("kept")
        .into_inner()
        .matter_list
        .expect("it");
    assert_eq!(first.edition, 1);
    assert_eq!(refused(get(u32::MAX).await), ["MATTER_LIST_NOT_FOUND"]);
}

#[tokio::test]
async fn another_centre_finds_nothing_and_the_province_only_looks_on() {
    let world = World::start().await;
    let drawn = world.drawn().await;
    let (id, first) = (&drawn.inspection_id, &drawn.inspected[0].organization_id);
    let before = world.traces().await;
    for (caller, code) in [
        (city_officer("jinan-1", "370100"), "INSPECTION_NOT_FOUND"),
        (province(), "NOT_INSPECTING_CENTRE"),
    ] {
        let mut centre = world.inspections(&caller);
        assert_eq!(refused(centre.freeze_inspection(freeze(id)).await), [code]);
        assert_eq!(refused(centre.draw_inspection(draw(id)).await), [code]);
        assert_eq!(
            refused(centre.order_redraw(redraw(id, first, "")).await),
            [code]
        );
        assert_eq!(
            refused(centre.publish_inspection(publish(id)).await),
            [code]
        );
        let request = CancelInspectionRequest {
            request_id: request_id(),
            inspection_id: id.clone(),
            reason: "撤销".to_owned(),
        };
        assert_eq!(refused(centre.cancel_inspection(request).await), [code]);
        let request = result(id, first, InspectionOutcome::NoProblem);
        assert_eq!(
            refused(centre.record_inspection_result(request).await),
            [code]
        );
    }
    let mut foreign = world.inspections(&inspector("inspector-1", "370100"));
    let request = result(id, first, InspectionOutcome::NoProblem);
    let answer = foreign.record_inspection_result(request).await;
    assert_eq!(refused(answer), ["INSPECTION_NOT_FOUND"]);
    let answer = foreign.draw_inspection(draw(id)).await;
    assert_eq!(
        answer.err().expect("not an inspector's").code(),
        Code::PermissionDenied
    );
    assert_eq!(world.traces().await, before);
    let inspection_id = InspectionId::from_uuid(Uuid::now_v7()).to_string();
    let answer = world
        .inspections(&Caller::public())
        .get_inspection(GetInspectionRequest { inspection_id })
        .await;
    assert_eq!(refused(answer), ["INSPECTION_NOT_FOUND"]);
}

#[tokio::test]
async fn inspectors_with_a_conflict_keep_away_and_the_province_lends_its_own() {
    let world = World::start().await;
    world.inspectable(1, 1).await;
    let organization: Uuid =
        sqlx::query_scalar("select organization_id from evaluation_organization")
            .fetch_one(&world.platform.pool)
            .await
            .expect("one");
    let organization = OrganizationId::from_uuid(organization);
    let conflicted = world.registry.enlist("371000", Some(organization));
    let id = world.planned().await;
    let mut centre = world.inspections(&first_officer());
    let answer = centre.freeze_inspection(freeze(&id)).await;
    assert_eq!(refused(answer), ["INSPECTORS_TOO_FEW"]);
    let lent = world.registry.enlist("370000", None);
    let request = FreezeInspectionRequest {
        with_provincial_inspectors: true,
        ..freeze(&id)
    };
    let frozen = centre
        .freeze_inspection(request.clone())
        .await
        .expect("two")
        .into_inner();
    let lists = frozen
        .inspection
        .clone()
        .expect("it")
        .lists
        .expect("frozen");
    assert_eq!(lists.conflicts.len(), 1);
    assert_eq!(lists.conflicts[0].person_id, conflicted);
    assert!(lists.conflicts[0].ground() == ConflictGround::Employer);
    let drawn = centre
        .draw_inspection(draw(&id))
        .await
        .expect("frozen")
        .into_inner();
    let inspected = &drawn.inspection.expect("it").inspected[0];
    assert!(inspected.person_ids.contains(&lent) && !inspected.person_ids.contains(&conflicted));
    // Whom the province lends records like an inspector of the city.
    world.set_day("2020-09-08");
    let lent = inspector(&lent, "370000");
    assert_eq!(world.on_desk(&lent).await.items[0].subject_id, id);
    let recorded = world
        .inspections(&lent)
        .record_inspection_result(result(
            &id,
            &inspected.organization_id,
            InspectionOutcome::NoProblem,
        ))
        .await;
    recorded.expect("drawn for it");
    let read = async |inspector: &Caller| {
        let request = GetInspectionResultRequest {
            inspection_id: id.clone(),
            organization_id: inspected.organization_id.clone(),
        };
        let mut inspections = world.inspections(inspector);
        inspections.get_inspection_result(request).await
    };
    read(&lent).await.expect("written a minute before");
    for stranger in [&*conflicted, "somebody"] {
        let answer = read(&inspector(stranger, "371000")).await;
        assert_eq!(refused(answer), ["INSPECTION_RESULT_NOT_FOUND"]);
    }
    let again = centre
        .freeze_inspection(request)
        .await
        .expect("as before")
        .into_inner();
    assert!(
        again.inspection == frozen.inspection,
        "asked twice, answered once"
    );
    let answer = centre.freeze_inspection(freeze(&id)).await;
    assert_eq!(refused(answer), ["INSPECTION_STATE"]);
}

#[tokio::test]
async fn an_inspector_barred_since_the_freeze_is_not_drawn_and_everybody_sees_it() {
    let world = World::start().await;
    world.inspectable(3, 2).await;
    let id = world.planned().await;
    let barred = world.registry.enlist("371000", None);
    let mut centre = world.inspections(&first_officer());
    centre.freeze_inspection(freeze(&id)).await.expect("three");
    world.registry.bar(&barred);
    let drawn = centre
        .draw_inspection(draw(&id))
        .await
        .expect("two are left");
    let drawn = drawn.into_inner().inspection.expect("it");
    for inspected in &drawn.inspected {
        assert!(!inspected.person_ids.contains(&barred));
    }
    assert_eq!(drawn.draws[0].unavailable_person_ids, [barred]);
    repeat(&world.seen(&id).await).expect("the same again");
    // The barred one would be next.
    let first = &drawn.inspected[0];
    let order = redraw(&id, &first.organization_id, &first.person_ids[0]);
    assert_eq!(
        refused(centre.order_redraw(order).await),
        ["REDRAW_NOBODY_LEFT"]
    );
}

/// What the registry says of the organisations is asked for before the lists are locked.
#[tokio::test]
async fn an_organization_that_comes_while_lists_are_frozen_has_them_frozen_again() {
    let world = World::start().await;
    world.inspectable(2, 2).await;
    let id = world.planned().await;
    let before = world.traces().await;
    let mut another = world.platform.pool.begin().await.expect("begin");
    sqlx::query("select from platform.aggregate where kind = 'inspection' for update")
        .execute(&mut *another)
        .await
        .expect("locked");
    let mut centre = world.inspections(&first_officer());
    let request = freeze(&id);
    let freezing = tokio::spawn(async move { centre.freeze_inspection(request).await });
    eventually("the freezing to wait for the inspection", async || {
        let waits: bool = sqlx::query_scalar(
            "select exists (select from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock')",
        )
        .fetch_one(&world.platform.pool)
        .await
        .ok()?;
        waits.then_some(())
    })
    .await;
    world.known_in("371000").await;
    another.rollback().await.expect("nothing was changed");
    let answer = freezing.await.expect("no panic");
    assert_eq!(refused(answer), ["INSPECTION_LISTS_CHANGED"]);
    assert_eq!(world.traces().await, before);

    let again = world
        .inspections(&first_officer())
        .freeze_inspection(freeze(&id))
        .await;
    let frozen = again.expect("all are known by now").into_inner();
    let lists = frozen.inspection.expect("it").lists.expect("frozen");
    assert_eq!(lists.organizations.len(), 3);
}

#[tokio::test]
async fn the_province_draws_from_its_own_or_from_all() {
    let world = World::start().await;
    world.inspectable(2, 0).await;
    let of_the_province = world.known_in("370000").await;
    for _ in 0..2 {
        world.registry.enlist("370000", None);
    }
    let mut centre = world.inspections(&province());
    for (whole_province, expected) in [(false, 1), (true, 3)] {
        let request = PlanInspectionRequest {
            whole_province,
            ..plan()
        };
        let planned = centre
            .plan_inspection(request)
            .await
            .expect("a good plan")
            .into_inner();
        let id = planned.inspection.expect("it").inspection_id;
        let frozen = centre
            .freeze_inspection(freeze(&id))
            .await
            .expect("enough")
            .into_inner();
        let lists = frozen.inspection.expect("it").lists.expect("frozen");
        assert_eq!(lists.organizations.len(), expected);
        let own = of_the_province.to_string();
        assert!(
            lists
                .organizations
                .iter()
                .any(|listed| listed.organization_id == own)
        );
    }
}

#[tokio::test]
async fn of_fifty_who_draw_at_once_one_draws() {
    let world = World::start().await;
    world.inspectable(8, 4).await;
    let id = world.planned().await;
    let mut centre = world.inspections(&first_officer());
    centre.freeze_inspection(freeze(&id)).await.expect("enough");
    let racing = (0..50).map(|number| {
        let officer = city_officer(&format!("weihai-{number}"), "371000");
        let (mut centre, request) = (world.inspections(&officer), draw(&id));
        async move { centre.draw_inspection(request).await.map(|_| ()) }
    });
    let answers: Vec<Result<(), Status>> = futures::future::join_all(racing).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 49));
    for refusal in lost {
        assert_eq!(codes(&refusal.expect_err("lost")), ["INSPECTION_STATE"]);
    }
    repeat(&world.seen(&id).await).expect("one draw");
}

#[tokio::test]
async fn who_was_drawn_twice_this_year_is_left_out_of_the_third() {
    let world = World::start().await;
    world.inspectable(1, 2).await;
    let mut centre = world.inspections(&first_officer());
    for _ in 0..2 {
        let id = world.planned().await;
        centre
            .freeze_inspection(freeze(&id))
            .await
            .expect("one to draw");
        centre.draw_inspection(draw(&id)).await.expect("frozen");
    }
    let id = world.planned().await;
    let answer = centre.freeze_inspection(freeze(&id)).await;
    assert_eq!(refused(answer), ["INSPECTION_WITHOUT_ORGANIZATIONS"]);
    world.set_day("2021-01-04");
    let request = PlanInspectionRequest {
        from_on: "2021-01-04".to_owned(),
        until_on: "2021-01-29".to_owned(),
        ..plan()
    };
    let planned = centre
        .plan_inspection(request)
        .await
        .expect("another year")
        .into_inner();
    let id = planned.inspection.expect("it").inspection_id;
    centre
        .freeze_inspection(freeze(&id))
        .await
        .expect("a new year");
}

#[tokio::test]
async fn inspections_come_in_pages_newest_first() {
    let world = World::start().await;
    world.inspectable(0, 0).await;
    let mut newest_first = Vec::new();
    for _ in 0..3 {
        newest_first.insert(0, world.planned().await);
    }
    let mut anybody = world.inspections(&Caller::public());
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListInspectionsRequest {
            division_code: "371000".to_owned(),
            page_size: 2,
            page_token,
        };
        let page = anybody
            .list_inspections(request)
            .await
            .expect("a page")
            .into_inner();
        seen.extend(
            page.inspections
                .into_iter()
                .map(|listed| listed.inspection_id),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, newest_first);
    let request = ListInspectionsRequest {
        division_code: "3710".to_owned(),
        page_token: "app_00000000000000000000000001".to_owned(),
        ..ListInspectionsRequest::default()
    };
    let expected = ["DIVISION_CODE_LENGTH", "INSPECTION_PAGE_TOKEN"];
    assert_eq!(refused(anybody.list_inspections(request).await), expected);
    let request = CancelInspectionRequest {
        request_id: request_id(),
        inspection_id: newest_first[0].clone(),
        reason: "计划有误".to_owned(),
    };
    let cancelled = world
        .inspections(&first_officer())
        .cancel_inspection(request)
        .await;
    let cancelled = cancelled
        .expect("not drawn")
        .into_inner()
        .inspection
        .expect("it");
    assert!(cancelled.state() == InspectionState::Cancelled);
    assert_eq!(cancelled.cancelled_reason, "计划有误");
}

#[tokio::test]
async fn who_works_in_a_city_by_the_provinces_decision_is_inspected_there_too() {
    let world = World::start().await;
    world.inspectable(1, 2).await;
    let host = world.known_in("370100").await;
    for (day, expected) in [("2020-09-01", 1), ("2020-09-02", 2), ("2020-09-04", 1)] {
        world.set_day(day);
        if day == "2020-09-02" {
            may_work_in_weihai(&world, host).await;
        }
        let id = world.planned().await;
        let mut centre = world.inspections(&first_officer());
        let frozen = centre
            .freeze_inspection(freeze(&id))
            .await
            .expect("enough")
            .into_inner();
        let lists = frozen.inspection.expect("it").lists.expect("frozen");
        assert_eq!(lists.organizations.len(), expected, "{day}");
    }
}

/// An organisation filed elsewhere may work in Weihai on two days.
async fn may_work_in_weihai(world: &World, organization: OrganizationId) {
    let consultation = Uuid::now_v7();
    sqlx::query(
        "insert into consultation (consultation_id, organization_id, organization_code,
             organization_name, filing_division, scopes, recommended_on, answers_due, decided_on,
             texts, traceparent)
         values ($1, $2, 'S000037010001', '示例', '370100', '[]', '2020-08-01', '{}', '2020-08-20',
             '', '')",
    )
    .bind(consultation)
    .bind(organization.uuid())
    .execute(&world.platform.pool)
    .await
    .expect("decided");
    sqlx::query(
        "insert into consultation_area (consultation_id, division_code, answer, answered_on,
             granted, valid_from, valid_until)
         values ($1, '371000', 'agreed', '2020-08-10', true, '2020-09-02', '2020-09-03')",
    )
    .bind(consultation)
    .execute(&world.platform.pool)
    .await
    .expect("granted");
}

#[tokio::test]
async fn who_is_withdrawn_from_the_register_is_inspected_no_more() {
    let world = World::start().await;
    world.inspectable(0, 2).await;
    let organization = world.known_in("371000").await;
    let withdrawn = OrganizationWithdrawn {
        organization_id: organization.to_string(),
        effective_on: "2020-09-01".to_owned(),
        ..OrganizationWithdrawn::default()
    };
    let mut fact = Fact {
        fact_id: FactId::from_uuid(Uuid::now_v7()).to_string(),
        aggregate_kind: "organization".to_owned(),
        aggregate_id: organization.uuid().to_string(),
        version: 1,
        published_version: 1,
        kind: "organization_withdrawn".to_owned(),
        epoch: 1,
        payload: withdrawn.encode_to_vec().into(),
        ..Fact::default()
    };
    fact.hash = platform::facts::hash(&fact).to_vec().into();
    let handler = RegistryFacts::new(world.app.clone());
    let journal = world.platform.journal.clone();
    Inbox::new(journal, "registry".to_owned(), handler)
        .take(&[fact])
        .await;
    let id = world.planned().await;
    let answer = world
        .inspections(&first_officer())
        .freeze_inspection(freeze(&id))
        .await;
    assert_eq!(refused(answer), ["INSPECTION_WITHOUT_ORGANIZATIONS"]);
}
