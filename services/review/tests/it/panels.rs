//! Expert panels: drawn in the open, named, heard one by one, and the record of it all.

use kernel::draw::Seed;
use platform::access::{Caller, Role};
use platform::testing::city_officer;
use proto::review::v1::*;
use tonic::{Code, Status};

use crate::scenes::{Filing, MARKED_PERSON, PDF, first_officer, province, visit};
use crate::setup::{World, codes, fields, refused, request_id};

/// The token of an expert: its subject is the person's id.
pub(crate) fn expert(person_id: &str) -> Caller {
    Caller {
        subject: person_id.to_owned(),
        role: Role::Expert,
        ..first_officer()
    }
}

pub(crate) fn plan(filing: &Filing, size: u32) -> PlanPanelRequest {
    PlanPanelRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        size,
        with_province_pool: false,
        declared_conflicts: Vec::new(),
    }
}

fn convene(filing: &Filing, numbers: &[&str]) -> ConvenePanelRequest {
    ConvenePanelRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        expert_numbers: numbers.iter().copied().map(str::to_owned).collect(),
        with_province_pool: false,
        declared_conflicts: Vec::new(),
    }
}

pub(crate) fn opinion(panel: &Panel, expert_number: &str, in_favour: bool) -> RecordOpinionRequest {
    RecordOpinionRequest {
        request_id: request_id(),
        panel_id: panel.panel_id.clone(),
        expert_number: expert_number.to_owned(),
        in_favour,
        opinion: format!("{MARKED_PERSON}认为条件符合"),
    }
}

impl World {
    /// So many experts in the pool of Weihai's centre: E001 and on.
    pub(crate) fn experts(&self, count: usize) {
        for number in 1..=count {
            self.registry
                .enlist_expert("371000", &format!("E{number:03}"));
        }
    }

    pub(crate) async fn plan(&self, request: PlanPanelRequest) -> Result<Panel, Status> {
        let mut centre = self.assessments(&first_officer());
        let answer = centre.plan_panel(request).await?;
        Ok(answer.into_inner().panel.expect("it"))
    }

    pub(crate) async fn draw(&self, panel: &Panel) -> Result<Panel, Status> {
        let request = DrawPanelRequest {
            request_id: request_id(),
            panel_id: panel.panel_id.clone(),
        };
        let mut centre = self.assessments(&first_officer());
        let answer = centre.draw_panel(request).await?;
        Ok(answer.into_inner().panel.expect("it"))
    }

    async fn convene(&self, request: ConvenePanelRequest) -> Result<Panel, Status> {
        let mut centre = self.assessments(&first_officer());
        let answer = centre.convene_panel(request).await?;
        Ok(answer.into_inner().panel.expect("it"))
    }

    pub(crate) async fn opine(
        &self,
        caller: &Caller,
        request: RecordOpinionRequest,
    ) -> Result<Panel, Status> {
        let answer = self.assessments(caller).record_opinion(request).await?;
        Ok(answer.into_inner().panel.expect("it"))
    }

    async fn dissolve(&self, panel: &Panel) -> Result<Panel, Status> {
        let request = DissolvePanelRequest {
            request_id: request_id(),
            panel_id: panel.panel_id.clone(),
            reason: "专家时间冲突".to_owned(),
        };
        let mut centre = self.assessments(&first_officer());
        let answer = centre.dissolve_panel(request).await?;
        Ok(answer.into_inner().panel.expect("it"))
    }

    async fn read_panel(&self, caller: &Caller, id: &str) -> Result<Panel, Status> {
        let request = GetPanelRequest {
            panel_id: id.to_owned(),
        };
        let answer = self.assessments(caller).get_panel(request).await?;
        Ok(answer.into_inner().panel.expect("it"))
    }

    pub(crate) async fn assessment_record(
        &self,
        caller: &Caller,
        filing: &Filing,
    ) -> Result<GetAssessmentRecordResponse, Status> {
        let request = GetAssessmentRecordRequest {
            application_id: filing.id.clone(),
        };
        let answer = self
            .assessments(caller)
            .get_assessment_record(request)
            .await?;
        Ok(answer.into_inner())
    }
}

fn numbers(panel: &Panel) -> Vec<&str> {
    let members = panel.members.iter();
    members
        .map(|member| member.expert_number.as_str())
        .collect()
}

#[tokio::test]
async fn a_panel_is_drawn_by_a_seed_that_was_committed_to_before() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(9);
    let planned = world.plan(plan(&filing, 3)).await.expect("enough experts");
    assert!(planned.state() == PanelState::Planned);
    assert_eq!(planned.candidate_numbers.len(), 9);
    assert!(planned.seed.is_empty() && planned.members.is_empty());

    let drawn = world.draw(&planned).await.expect("planned");
    let seed = Seed::parse(&drawn.seed).expect("a seed");
    assert_eq!(
        seed.commitment().as_bytes().as_slice(),
        &planned.seed_commitment[..]
    );
    let again = seed.draw(&drawn.candidate_numbers, 3, String::clone);
    assert_eq!(numbers(&drawn), again);
    assert_eq!(refused(world.draw(&planned).await), ["PANEL_NOT_PLANNED"]);
    let seed: Vec<String> = sqlx::query_scalar(
        "select fact::text from platform.fact fact where kind = 'panel_planned'",
    )
    .fetch_all(&world.platform.pool)
    .await
    .expect("facts");
    assert!(!seed[0].contains(&drawn.seed), "revealed before the draw");
}

#[tokio::test]
async fn with_the_last_opinion_the_majority_counts_as_the_applications_panel() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(5);
    let planned = world.plan(plan(&filing, 3)).await.expect("enough experts");
    let panel = world.draw(&planned).await.expect("planned");
    let own = expert(&panel.members[0].person_id);
    let seen = world
        .opine(&own, opinion(&panel, numbers(&panel)[0], true))
        .await
        .expect("on the panel");
    assert!(seen.members[0].recorded_by_expert);
    for (number, in_favour) in [(numbers(&panel)[1], false), (numbers(&panel)[2], true)] {
        world
            .opine(&first_officer(), opinion(&panel, number, in_favour))
            .await
            .expect("on the panel");
    }
    assert_eq!(
        world.facts("panel").await,
        [
            "panel_planned",
            "panel_drawn",
            "opinion_recorded",
            "opinion_recorded",
            "opinion_recorded",
            "panel_closed"
        ]
    );
    world.judge_all(&filing).await;
    assert!(world.check(&filing, true).await.expect("recorded"));
    let mut centre = world.selections(&first_officer());
    let visited = centre
        .record_site_visit(visit(&filing.id, "2020-05-18"))
        .await;
    visited.expect("recorded");
    world.propose(&filing).await.expect("all three passed");

    let record = world.assessment_record(&province(), &filing).await;
    let record = record.expect("the province reads it");
    assert_eq!(record.panels.len(), 1);
    let [panel, check, visit] = record.assessments.try_into().ok().expect("three");
    assert!(panel.passed && panel.counts && check.counts && visit.counts);
    let Some(assessment::Particulars::ExpertPanel(heard)) = panel.particulars else {
        panic!("the panel was first");
    };
    assert_eq!(heard.opinions.len(), 3);
    assert!(heard.opinions[0].opinion.contains(MARKED_PERSON));
}

#[tokio::test]
async fn an_expert_speaks_for_nobody_else_and_hears_nobody_else() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(4);
    let panel = world
        .convene(convene(&filing, &["E001", "E002", "E003"]))
        .await;
    let panel = panel.expect("no conflicts");
    let [one, other] = [0, 1].map(|index| expert(&panel.members[index].person_id));
    let foreign = world.opine(&one, opinion(&panel, "E002", true)).await;
    assert_eq!(refused(foreign), ["PANEL_NOT_MEMBER"]);
    world
        .opine(&one, opinion(&panel, "Ｅ００１", true))
        .await
        .expect("the own");
    let again = world
        .opine(&first_officer(), opinion(&panel, "E001", false))
        .await;
    assert_eq!(refused(again), ["PANEL_OPINION_GIVEN"]);
    let seen = world
        .read_panel(&other, &panel.panel_id)
        .await
        .expect("on it");
    assert_eq!(seen.members[0].in_favour, None);
    assert_eq!(seen.members[0].opinion, "");
    let stranger = expert("pers_00000000000000000000000001");
    let status = world.read_panel(&stranger, &panel.panel_id).await.err();
    assert_eq!(codes(&status.expect("not on it")), ["PANEL_NOT_FOUND"]);
    let heard = world.opine(&stranger, opinion(&panel, "E002", true)).await;
    assert_eq!(refused(heard), ["PANEL_NOT_FOUND"]);
}

#[tokio::test]
async fn an_expert_reads_what_there_is_to_judge_as_long_as_it_is() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(3);
    world.registry.enlist_expert("370000", "P001");
    let request = ConvenePanelRequest {
        with_province_pool: true,
        ..convene(&filing, &["E001", "E002", "P001"])
    };
    let panel = world.convene(request).await.expect("no conflicts");
    let mut members = panel.members.iter();
    let lent = members.find(|member| member.expert_number == "P001");
    let lent = Caller {
        division: province().division,
        ..expert(&lent.expect("on it").person_id)
    };
    let read = world.whole(&lent, &filing).await;
    assert!(read.basic_form.is_some() && !read.materials.is_empty());
    let material_id = read.materials[0].material_id.clone();
    let download = || DownloadMaterialRequest {
        application_id: filing.id.clone(),
        material_id: material_id.clone(),
    };
    let print = || PrintBasicFormRequest {
        application_id: filing.id.clone(),
    };
    let mut files = world.applications(&lent);
    files.download_material(download()).await.expect("seated");
    let mut prints = world.prints(&lent);
    prints.print_basic_form(print()).await.expect("seated");

    let looks_in_vain = async |caller: &Caller| {
        let application_id = filing.id.clone();
        let mut applications = world.applications(caller);
        let asked = GetApplicationRequest { application_id };
        let answers = [
            refused(applications.get_application(asked).await),
            refused(applications.download_material(download()).await),
            refused(world.prints(caller).print_basic_form(print()).await),
        ];
        for answer in answers {
            assert_eq!(answer, ["APPLICATION_NOT_FOUND"]);
        }
    };
    looks_in_vain(&expert("pers_00000000000000000000000001")).await;
    looks_in_vain(&expert("somebody")).await;
    let first = expert(&panel.members[0].person_id);
    assert!(world.whole(&first, &filing).await.basic_form.is_some());
    for number in ["E001", "E002", "P001"] {
        let opinion = opinion(&panel, number, true);
        let heard = world.opine(&first_officer(), opinion).await;
        heard.expect("the centre records it");
    }
    looks_in_vain(&lent).await;
}

#[tokio::test]
async fn nobody_reads_on_about_what_was_given_back_or_taken_back() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(3);
    let numbers = ["E001", "E002", "E003"];
    let panel = world.convene(convene(&filing, &numbers)).await;
    let panel = panel.expect("no conflicts");
    let first = expert(&panel.members[0].person_id);
    assert!(world.whole(&first, &filing).await.basic_form.is_some());
    let reads = async || {
        let asked = GetApplicationRequest {
            application_id: filing.id.clone(),
        };
        world.applications(&first).get_application(asked).await
    };
    let on_desk = async |kind: &str| {
        let items = world.on_desk(&first_officer()).await.items;
        items.iter().any(|item| item.kind == kind)
    };
    assert!(on_desk("opinion_to_give").await);

    let document = DocumentKind::ExaminerCards;
    let request = ReturnApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        materials: vec![MaterialReturn {
            document: document.into(),
            reason: "不清晰".to_owned(),
        }],
        ..ReturnApplicationRequest::default()
    };
    let mut centre = world.applications(&first_officer());
    centre.return_application(request).await.expect("assessed");
    assert_eq!(refused(reads().await), ["APPLICATION_NOT_FOUND"]);
    assert!(!on_desk("opinion_to_give").await);
    // Nor what was handed in instead, which the panel is not about.
    let other = [PDF, b" corrected"].concat();
    let corrected = world.upload(&filing, document, &other).await;
    corrected.expect("given back");
    world.submit(&filing).await.expect("corrected");
    assert_eq!(refused(reads().await), ["APPLICATION_NOT_FOUND"]);
    world.dissolve(&panel).await.expect("open");

    let panel = world.convene(convene(&filing, &numbers)).await;
    panel.expect("about what there is now");
    reads().await.expect("to judge again");
    let withdrawal = WithdrawApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        ..WithdrawApplicationRequest::default()
    };
    let mut clerk = world.applications(&filing.clerk);
    clerk
        .withdraw_application(withdrawal)
        .await
        .expect("its own");
    assert_eq!(refused(reads().await), ["APPLICATION_NOT_FOUND"]);
}

#[tokio::test]
async fn conflicts_are_excluded_and_a_number_that_nobody_knows_is_told() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(4);
    let applicant = filing.clerk.organization.expect("a clerk's");
    world.registry.tie("E001", applicant);
    let declared = |number: &str| DeclaredConflict {
        expert_number: number.to_owned(),
        note: format!("{MARKED_PERSON}的亲属"),
    };
    let request = PlanPanelRequest {
        declared_conflicts: vec![declared("E099")],
        ..plan(&filing, 3)
    };
    let status = world.plan(request).await.err().expect("typed wrong");
    assert_eq!(codes(&status), ["PANEL_EXPERT_UNKNOWN"]);
    assert_eq!(fields(&status), ["declared_conflicts[0].expert_number"]);
    let request = PlanPanelRequest {
        declared_conflicts: vec![declared("e002")],
        ..plan(&filing, 3)
    };
    assert_eq!(
        refused(world.plan(request.clone()).await),
        ["PANEL_POOL_TOO_SMALL"]
    );
    world.registry.enlist_expert("370000", "P001");
    let request = PlanPanelRequest {
        request_id: request_id(),
        with_province_pool: true,
        ..request
    };
    let panel = world.plan(request).await.expect("three are left");
    assert_eq!(panel.candidate_numbers, ["E003", "E004", "P001"]);
    let excluded: Vec<_> = panel
        .exclusions
        .iter()
        .map(|excluded| (&*excluded.expert_number, excluded.conflict()))
        .collect();
    assert_eq!(
        excluded,
        [
            ("E001", PanelConflict::Employer),
            ("E002", PanelConflict::Declared)
        ]
    );
    assert!(panel.exclusions[1].note.contains(MARKED_PERSON));
    let conflicted = world
        .convene(convene(&filing, &["E001", "E003", "E004"]))
        .await;
    assert_eq!(refused(conflicted), ["PANEL_EXPERT_CONFLICT"]);
    let rows: Vec<String> = sqlx::query_scalar(
        "select panel::text from panel union all select fact::text from platform.fact fact",
    )
    .fetch_all(&world.platform.pool)
    .await
    .expect("rows");
    let hex = hex::encode(MARKED_PERSON);
    for row in rows {
        assert!(!row.contains(MARKED_PERSON) && !row.contains(&hex), "{row}");
    }
}

#[tokio::test]
async fn an_application_has_one_panel_at_a_time() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(9);
    let (one, other) = tokio::join!(world.plan(plan(&filing, 3)), world.plan(plan(&filing, 5)),);
    let (panel, late) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!(refused(late), ["PANEL_OPEN"]);
    let panel = panel.expect("the first");
    let dissolved = world.dissolve(&panel).await.expect("open");
    assert_eq!(dissolved.dissolution_reason, "专家时间冲突");
    assert_eq!(refused(world.dissolve(&panel).await), ["PANEL_ENDED"]);
    assert_eq!(refused(world.draw(&panel).await), ["PANEL_ENDED"]);
    world.plan(plan(&filing, 5)).await.expect("free again");
}

#[tokio::test]
async fn whoever_is_excused_is_followed_by_the_next_rank() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(9);
    let planned = world.plan(plan(&filing, 3)).await.expect("enough experts");
    let excuse = async |number: &str, replacement: &str| {
        let request = ExcuseExpertRequest {
            request_id: request_id(),
            panel_id: planned.panel_id.clone(),
            expert_number: number.to_owned(),
            reason: "因病".to_owned(),
            replacement_number: replacement.to_owned(),
        };
        let mut centre = world.assessments(&first_officer());
        centre.excuse_expert(request).await
    };
    assert_eq!(refused(excuse("E001", "").await), ["PANEL_NOT_SITTING"]);
    let drawn = world.draw(&planned).await.expect("planned");
    let first = numbers(&drawn)[0];
    assert_eq!(
        refused(excuse(first, "E009").await),
        ["PANEL_REPLACEMENT_DRAWN"]
    );
    let panel = excuse(first, "").await.expect("nothing was said");
    let panel = panel.into_inner().panel.expect("it");
    let seed = Seed::parse(&drawn.seed).expect("a seed");
    let ranked = seed.draw(&drawn.candidate_numbers, 4, String::clone);
    assert_eq!(numbers(&panel), ranked);
    assert_eq!(panel.members[0].excuse, "因病");
    let heard = world
        .opine(&first_officer(), opinion(&panel, first, true))
        .await;
    assert_eq!(refused(heard), ["PANEL_NOT_MEMBER"]);
}

#[tokio::test]
async fn an_expert_barred_since_the_list_was_frozen_is_passed_over() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(4);
    let planned = world.plan(plan(&filing, 3)).await.expect("enough experts");
    world.registry.bar("E002");
    let drawn = world.draw(&planned).await.expect("three are left");
    assert!(!numbers(&drawn).contains(&"E002"));
    assert_eq!(drawn.unavailable_numbers, ["E002"]);
}

#[tokio::test]
async fn a_draw_is_repeated_from_what_is_told_whoever_was_barred_and_excused_since() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(9);
    let planned = world.plan(plan(&filing, 3)).await.expect("enough experts");
    world.registry.bar("E002");
    let drawn = world.draw(&planned).await.expect("eight are left");
    // The commonest case: whoever is excused is barred, and so is the next.
    let seed = Seed::parse(&drawn.seed).expect("a seed");
    let ranked = seed.draw(&drawn.candidate_numbers, 9, String::clone);
    let left: Vec<_> = ranked.iter().copied().filter(|it| *it != "E002").collect();
    for barred in [left[0], left[3]] {
        world.registry.bar(barred);
    }
    let request = ExcuseExpertRequest {
        request_id: request_id(),
        panel_id: planned.panel_id.clone(),
        expert_number: left[0].clone(),
        reason: "受到处理".to_owned(),
        replacement_number: String::new(),
    };
    let mut centre = world.assessments(&first_officer());
    let panel = centre
        .excuse_expert(request)
        .await
        .expect("others are left");
    let panel = panel.into_inner().panel.expect("it");

    let serves = |out: &[String], number: &String| !out.contains(number);
    let drawn = ranked.iter().copied();
    let drawn = drawn.filter(|number| serves(&panel.unavailable_numbers, number));
    let mut repeated: Vec<_> = drawn.take(3).collect();
    for member in &panel.members[3..] {
        let out = &member.passed_over_numbers;
        let mut next = ranked.iter().copied();
        let next = next.find(|number| !repeated.contains(number) && serves(out, number));
        repeated.push(next.expect("one is left"));
    }
    assert_eq!(numbers(&panel), repeated);
    assert_eq!(panel.unavailable_numbers, ["E002"]);
    let passed_over = &panel.members[3].passed_over_numbers;
    assert!(passed_over.contains(left[3]) && !passed_over.contains(left[0]));
}

#[tokio::test]
async fn opinions_about_documents_that_have_changed_do_not_count() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(3);
    let panel = world
        .convene(convene(&filing, &["E001", "E002", "E003"]))
        .await;
    let panel = panel.expect("no conflicts");
    let document = DocumentKind::ExaminerCards;
    let request = ReturnApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        materials: vec![MaterialReturn {
            document: document.into(),
            reason: "不清晰".to_owned(),
        }],
        ..ReturnApplicationRequest::default()
    };
    let mut centre = world.applications(&first_officer());
    centre.return_application(request).await.expect("assessed");
    let other = [PDF, b" corrected"].concat();
    world
        .upload(&filing, document, &other)
        .await
        .expect("given back");
    world.submit(&filing).await.expect("corrected");
    let heard = world
        .opine(&first_officer(), opinion(&panel, "E001", true))
        .await;
    assert_eq!(refused(heard), ["PANEL_OUTDATED"]);
    world.dissolve(&panel).await.expect("open");
}

#[tokio::test]
async fn a_panel_is_the_filing_centres_and_the_province_reads_it() {
    let world = World::start().await;
    let filing = world.submitted().await;
    world.experts(3);
    let mut centre = world.assessments(&province());
    let answer = centre.plan_panel(plan(&filing, 3)).await;
    let status = answer.err().expect("filed with Weihai");
    assert_eq!(codes(&status), ["NOT_FILING_AUTHORITY"]);
    assert_eq!(status.code(), Code::PermissionDenied);
    let panel = world.plan(plan(&filing, 3)).await.expect("its own");
    world
        .read_panel(&province(), &panel.panel_id)
        .await
        .expect("it may read");
    let heard = world
        .opine(&province(), opinion(&panel, "E001", true))
        .await;
    assert_eq!(refused(heard), ["NOT_FILING_AUTHORITY"]);
    let jinan = city_officer("jinan-1", "370100");
    let foreign = world.read_panel(&jinan, &panel.panel_id).await;
    assert_eq!(refused(foreign), ["PANEL_NOT_FOUND"]);
    let foreign = world.assessment_record(&jinan, &filing).await;
    assert_eq!(refused(foreign), ["APPLICATION_NOT_FOUND"]);
    let answer = world.assessments(&jinan).plan_panel(plan(&filing, 3)).await;
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
}

#[tokio::test]
async fn every_fault_of_a_panels_form_is_told_at_once() {
    let world = World::start().await;
    let mut centre = world.assessments(&first_officer());
    let request = ConvenePanelRequest {
        expert_numbers: ["E1", "", "ｅ１", "E2"].map(str::to_owned).to_vec(),
        declared_conflicts: vec![DeclaredConflict::default()],
        ..ConvenePanelRequest::default()
    };
    let status = centre.convene_panel(request).await.err();
    assert_eq!(
        fields(&status.expect("seven faults")),
        [
            "request_id",
            "application_id",
            "expert_numbers[1]",
            "expert_numbers",
            "expert_numbers[2]",
            "declared_conflicts[0].expert_number",
            "declared_conflicts[0].note"
        ]
    );
    let status = centre.plan_panel(PlanPanelRequest::default()).await.err();
    assert_eq!(
        fields(&status.expect("three faults")),
        ["request_id", "application_id", "size"]
    );
    let status = centre.record_opinion(RecordOpinionRequest::default()).await;
    assert_eq!(
        fields(&status.err().expect("four faults")),
        ["request_id", "panel_id", "expert_number", "opinion"]
    );
    let large = PlanPanelRequest {
        request_id: request_id(),
        application_id: "app_00000000000000000000000001".to_owned(),
        size: u32::MAX,
        ..PlanPanelRequest::default()
    };
    assert_eq!(refused(centre.plan_panel(large).await), ["PANEL_TOO_LARGE"]);
    assert_eq!(world.traces().await, 0);
}
