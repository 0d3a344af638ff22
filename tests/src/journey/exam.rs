//! Act 5: the exam is held; one candidate is absent, one cheats.

use anyhow::Result;
use jiff::civil::{Time, time};
use proto::exam::v1 as exam;

use super::{
    cast::Who,
    people::Fate,
    plan::Plan,
    story::{Story, expect},
};

const RULE: &str = "通知四（二）";
const THEORY_OVER: Time = time(10, 30, 0, 0);
const SKILL_OVER: Time = time(17, 0, 0, 0);

/// A session, as the steps of this act speak of it.
#[derive(Clone, Copy)]
struct Session<'a> {
    plan: &'a Plan,
    id: &'a str,
    step: &'static str,
    chinese: &'static str,
}

/// Both sessions are held, and with the last one the roster is locked.
pub(super) async fn hold(story: &mut Story<'_>, plan: &Plan) -> Result<()> {
    story.page.act("第五幕 考务组织", "The exam")?;
    let day = story.dates.exam;
    story.day(day)?;
    let theory = Session {
        plan,
        id: &plan.theory,
        step: "theory",
        chinese: "理论知识考试",
    };
    story.hour(day, THEORY_OVER)?;
    prepare(story, theory).await?;
    record_attendance(story, theory).await?;
    complete(story, theory).await?;

    let skill = Session {
        plan,
        id: &plan.skill,
        step: "skill",
        chinese: "技能考核",
    };
    story.hour(day, SKILL_OVER)?;
    prepare(story, skill).await?;
    record_attendance(story, skill).await?;
    record_misconduct(story, skill).await?;
    let held = complete(story, skill).await?;
    let expected = exam::PlanState::Held.as_str_name();
    expect("state of the plan", held.state().as_str_name(), expected)?;
    story.outcome.kinds.plan = expected;
    story.page.result("各场次均已结束，考生名册锁定")
}

/// Paper, custody, and that everything is there.
async fn prepare(story: &mut Story<'_>, session: Session<'_>) -> Result<()> {
    let request = exam::PrepareSessionRequest {
        request_id: story.id(&format!("prepare-{}", session.step)),
        plan_id: session.plan.id.clone(),
        session_id: session.id.to_owned(),
        paper: Some(exam::SessionPaper {
            source: exam::PaperSource::Province.into(),
            set_code: format!("2020-{}-A", session.step),
            copies: 0,
            custodian_name: "示例保管".to_owned(),
            kept_from: story.dates.exam.to_string(),
        }),
        ready: vec![
            exam::PreparationItem::Materials.into(),
            exam::PreparationItem::Facilities.into(),
            exam::PreparationItem::Equipment.into(),
            exam::PreparationItem::IdentityCheck.into(),
            exam::PreparationItem::SignalShielding.into(),
            exam::PreparationItem::Monitoring.into(),
        ],
    };
    let what = format!("{}：题源、试卷保管与考前准备登记", session.chinese);
    story.deed(Who::CollegeA, &what, RULE, request).await?;
    story
        .page
        .result("场地、设备、原材料、身份识别、屏蔽、监控齐备")
}

async fn record_attendance(story: &mut Story<'_>, session: Session<'_>) -> Result<()> {
    let attendance = |fate| match fate {
        Fate::Absent => exam::Attendance::Absent,
        _ => exam::Attendance::Present,
    };
    let pairs = session.plan.roster.iter().zip(&story.candidates);
    let candidates = pairs.map(|(entry, candidate)| exam::CandidateAttendance {
        candidate_id: entry.candidate_id.clone(),
        attendance: attendance(candidate.fate).into(),
    });
    let request = exam::RecordAttendanceRequest {
        request_id: story.id(&format!("attendance-{}", session.step)),
        plan_id: session.plan.id.clone(),
        session_id: session.id.to_owned(),
        candidates: candidates.collect(),
    };
    let what = format!("{}：核验身份，登记到考", session.chinese);
    let reply = story.deed(Who::CollegeA, &what, RULE, request).await?;
    let absent = &session.plan.roster[story.whose(Fate::Absent)].ticket_number;
    story
        .page
        .result(&format!("登记 {} 人，{absent} 缺考", reply.recorded))
}

async fn record_misconduct(story: &mut Story<'_>, session: Session<'_>) -> Result<()> {
    let cheat = &session.plan.roster[story.whose(Fate::Cheats)];
    let request = exam::RecordMisconductRequest {
        request_id: story.id("misconduct"),
        plan_id: session.plan.id.clone(),
        session_id: session.id.to_owned(),
        candidate_id: cheat.candidate_id.clone(),
        tier: exam::MisconductTier::Cheating.into(),
    };
    let what = format!("{} {}作弊，记录违纪", cheat.ticket_number, session.chinese);
    story
        .deed(Who::CollegeB, &what, "通知四（二），第二类违纪", request)
        .await?;
    story.page.result("该科目成绩无效")
}

async fn complete(story: &mut Story<'_>, session: Session<'_>) -> Result<exam::ExamPlan> {
    let request = exam::CompleteSessionRequest {
        request_id: story.id(&format!("complete-{}", session.step)),
        plan_id: session.plan.id.clone(),
        session_id: session.id.to_owned(),
    };
    let what = format!("{}结束", session.chinese);
    let reply = story.deed(Who::CollegeA, &what, RULE, request).await?;
    Ok(reply.plan.unwrap_or_default())
}
