//! Act 4: an exam plan, one working day too late and then in time.

use anyhow::{Result, ensure};
use jiff::civil::Date;
use kernel::level::Level;
use proto::exam::v1 as exam;
use proto::registry::v1::{self as registry, PersonRole};

use super::{
    annexes,
    application::Applicant,
    cast::{WEIHAI, Who},
    papers,
    people::{self, Candidate},
    rules, staff,
    story::{Story, expect},
};

const RULE: &str = "通知四（一）";

/// A reported plan.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// `plan_…`
    pub(super) id: String,
    /// Session of the theory.
    pub(super) theory: String,
    /// Session of the skill.
    pub(super) skill: String,
    /// Who is on the roster, in the order of the story's candidates.
    pub(super) roster: Vec<Entry>,
}

/// A candidate on the roster.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// `cand_…`
    pub(super) candidate_id: String,
    /// 准考证号
    pub(super) ticket_number: String,
}

/// The college drafts a plan and hands it in.
pub(super) async fn report(story: &mut Story<'_>, applicant: &Applicant) -> Result<Plan> {
    story.page.act("第四幕 考核计划", "The exam plan")?;
    story.day(story.dates.plan_reported)?;
    rules::publish(story, applicant).await?;
    let plan_id = draft(story, applicant).await?;
    let roster = import_roster(story, &plan_id).await?;
    too_late(story, &plan_id).await?;
    postpone(story, &plan_id).await?;
    let reported = hand_in(story, &plan_id).await?;
    let session = |part: exam::ExamPart| {
        let found = reported
            .sessions
            .iter()
            .find(|session| session.part() == part);
        found
            .map(|session| session.session_id.clone())
            .unwrap_or_default()
    };
    let (theory, skill) = (
        session(exam::ExamPart::Theory),
        session(exam::ExamPart::Skill),
    );
    Ok(Plan {
        id: plan_id,
        theory,
        skill,
        roster,
    })
}

async fn draft(story: &mut Story<'_>, applicant: &Applicant) -> Result<String> {
    let subject = |level: Level| exam::PlanSubject {
        occupation: Some(annexes::electrician()),
        trade: String::new(),
        level: papers::level(level).into(),
    };
    let request = exam::CreatePlanRequest {
        request_id: story.id("create-plan"),
        organization_id: applicant.organization_id.clone(),
        process: "上午理论知识考试（机考），下午技能考核（实操），均为百分制。".to_owned(),
        subjects: [Level::Five, Level::Four].map(subject).to_vec(),
        sessions: sessions(story.number, story.dates.exam_too_soon),
    };
    let staffed = |role| staff::who_do(story.number, role).len();
    let what = format!(
        "编制考核计划：{} 理论、技能各一场，监考员 {}、考评员 {}、督导员 {}",
        story.dates.exam_too_soon,
        staffed(PersonRole::Invigilator),
        staffed(PersonRole::Examiner),
        staffed(PersonRole::InternalSupervisor),
    );
    let reply = story.deed(Who::CollegeA, &what, RULE, request).await?;
    let plan_id = reply.plan.unwrap_or_default().plan_id;
    story.outcome.ids.plan.clone_from(&plan_id);
    story.page.result(&format!("计划草稿 {plan_id}"))?;
    Ok(plan_id)
}

/// Thirty-one are refused for one of them; thirty are taken.
async fn import_roster(story: &mut Story<'_>, plan_id: &str) -> Result<Vec<Entry>> {
    let thirty_first = people::too_young(story.dates.exam);
    let everybody = story.candidates.iter().chain([&thirty_first]);
    let everybody: Vec<_> = everybody.map(row).collect();
    let import = |request_id, candidates: &[exam::RosterCandidate]| exam::ImportRosterRequest {
        request_id,
        plan_id: plan_id.to_owned(),
        candidates: candidates.to_vec(),
    };
    let request = import(story.id("import-31"), &everybody);
    let what = "导入考生名册 31 人";
    story
        .attempt(Who::CollegeA, what, request, "CANDIDATE_UNDER_AGE")
        .await?;

    let request = import(story.id("import-30"), &everybody[..people::ADMITTED]);
    let what = "去掉未满年龄的第 31 人，导入 30 人（五级 18，四级 12）";
    let admitted = story
        .deed(Who::CollegeA, what, RULE, request)
        .await?
        .candidates;
    expect("candidates admitted", admitted.len(), people::ADMITTED)?;
    let shown =
        |one: &exam::AdmittedCandidate| format!("{} {}", one.ticket_number, one.masked_name);
    let (first, last) = (shown(&admitted[0]), shown(&admitted[people::ADMITTED - 1]));
    story.page.result(&format!("准考证号 {first} 至 {last}"))?;
    let entry = |admitted: exam::AdmittedCandidate| Entry {
        candidate_id: admitted.candidate_id,
        ticket_number: admitted.ticket_number,
    };
    Ok(admitted.into_iter().map(entry).collect())
}

async fn too_late(story: &mut Story<'_>, plan_id: &str) -> Result<()> {
    let request = exam::ReportPlanRequest {
        request_id: story.id("report-late"),
        plan_id: plan_id.to_owned(),
    };
    let what = format!("报送 {} 考核的计划", story.dates.exam_too_soon);
    story
        .attempt(Who::CollegeA, &what, request, "PLAN_TOO_LATE")
        .await?;
    let request = registry::ExplainDeadlineRequest {
        rule: registry::DeadlineRule::PlanHandIn.into(),
        from: story.dates.exam_too_soon.to_string(),
        as_of: String::new(),
    };
    let reply = story
        .deed(Who::Public, "查询期限如何计算", RULE, request)
        .await?;
    let deadline = reply.deadline.unwrap_or_default();
    story.page.paper("期限说明", &papers::deadline(&deadline))
}

async fn postpone(story: &mut Story<'_>, plan_id: &str) -> Result<()> {
    let request = exam::UpdatePlanRequest {
        request_id: story.id("update-plan"),
        plan_id: plan_id.to_owned(),
        sessions: sessions(story.number, story.dates.exam),
    };
    let what = format!("考核改期到 {}", story.dates.exam);
    story.deed(Who::CollegeA, &what, RULE, request).await?;
    story.page.result("场次与考务人员已更新")
}

async fn hand_in(story: &mut Story<'_>, plan_id: &str) -> Result<exam::ExamPlan> {
    let request = exam::ReportPlanRequest {
        request_id: story.id("report-plan"),
        plan_id: plan_id.to_owned(),
    };
    let reply = story
        .deed(Who::CollegeA, "再次报送考核计划", RULE, request)
        .await?;
    let plan = reply.plan.unwrap_or_default();
    let expected = exam::PlanState::Reported.as_str_name();
    expect("state of the plan", plan.state().as_str_name(), expected)?;
    let receipt = plan.receipt.clone().unwrap_or_default();
    let latest: Date = receipt.deadline.clone().unwrap_or_default().date.parse()?;
    ensure!(
        latest >= story.dates.plan_reported,
        "the receipt's deadline {latest} has passed"
    );
    story
        .page
        .paper("考核计划回执", &papers::plan_receipt(&receipt))?;
    Ok(plan)
}

fn row(candidate: &Candidate) -> exam::RosterCandidate {
    exam::RosterCandidate {
        name: candidate.name.clone(),
        citizen_id: candidate.citizen_id.reveal().to_owned(),
        subject: u32::from(candidate.level == Level::Four),
        claim: Some(claim(candidate.level)),
        ..Default::default()
    }
}

/// By the template of 2018: level four after a technical school, level five after an apprenticeship.
fn claim(level: Level) -> exam::EligibilityClaim {
    let claim = exam::EligibilityClaim {
        pledged: true,
        ..Default::default()
    };
    if level == Level::Four {
        exam::EligibilityClaim {
            rule: "18-4c".to_owned(),
            schooling: Some(exam::Schooling {
                education: exam::Education::TechnicalSchool.into(),
                graduated_on: "2019-07-01".to_owned(),
            }),
            ..claim
        }
    } else {
        exam::EligibilityClaim {
            rule: "18-5b".to_owned(),
            apprenticeship: true,
            ..claim
        }
    }
}

/// Theory in the morning, skill in the afternoon.
pub(super) fn sessions(journey: u32, day: Date) -> Vec<exam::ExamSession> {
    let session = |part: exam::ExamPart, hours: [&str; 2], room: &str, staff| exam::ExamSession {
        part: part.into(),
        held_on: day.to_string(),
        starts_at: hours[0].to_owned(),
        ends_at: hours[1].to_owned(),
        site: staff::SITE.to_owned(),
        room: room.to_owned(),
        seats: staff::SEATS,
        division_code: WEIHAI.to_owned(),
        staff,
        ..Default::default()
    };
    let staffed = |role| {
        let members = staff::who_do(journey, role).into_iter();
        members.map(assigned).collect::<Vec<_>>()
    };
    let supervisor = staffed(PersonRole::InternalSupervisor);
    let theory = [staffed(PersonRole::Invigilator), supervisor.clone()].concat();
    let skill = [staffed(PersonRole::Examiner), supervisor].concat();
    vec![
        session(
            exam::ExamPart::Theory,
            ["09:00", "10:30"],
            staff::THEORY_ROOM,
            theory,
        ),
        session(
            exam::ExamPart::Skill,
            ["13:00", "17:00"],
            staff::SKILL_ROOM,
            skill,
        ),
    ]
}

fn assigned(member: staff::Member) -> exam::SessionStaff {
    let role = match member.role {
        PersonRole::Invigilator => exam::StaffRole::Invigilator,
        PersonRole::Examiner => exam::StaffRole::Examiner,
        _ => exam::StaffRole::QualitySupervisor,
    };
    exam::SessionStaff {
        role: role.into(),
        card_number: member.card_number(),
        name: member.name,
        avoidance: Some(exam::Avoidance::default()),
    }
}
