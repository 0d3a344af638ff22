//! Act 6: scores, public notice of results, an objection, upload.

use anyhow::{Context, Result};
use proto::common::v1 as common;
use proto::common::v1::PublicNoticeRowState as RowState;
use proto::exam::v1 as exam;
use proto::results::v1 as results;

use super::{
    cast::Who,
    papers,
    people::{self, Fate},
    plan::Plan,
    print::table,
    selection::confirm,
    story::{Story, expect, reached},
};

const RULE: &str = "通知四（三）";
const OBJECTION_CONTACT: &str = "威海市职业技能鉴定（指导）中心，电话 0631-0000000（示例）";
/// Refusal of a plan whose locked roster `results` has not heard of yet.
const NOT_HEARD_OF: &str = "LOCKED_PLAN_NOT_FOUND";

/// The results of the plan.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    /// `batch_…`
    pub(super) batch_id: String,
    /// `notice_…`
    pub(super) notice_id: String,
}

/// Scores are recorded; 101 is none.
pub(super) async fn score(story: &mut Story<'_>, plan: &Plan) -> Result<String> {
    story
        .page
        .act("第六幕 成绩与公示", "Scores and public notice")?;
    story.day(story.dates.scored)?;
    let batch_id = open(story, plan).await?;
    let scores = scores(story, plan);
    let mut wrong = scores.clone();
    wrong[0].score = 101;
    let request = record(story, &batch_id, "scores-101", wrong);
    let what = "录入成绩，其中一项 101 分";
    story
        .attempt(Who::CollegeA, what, request, "SCORE_OUT_OF_RANGE")
        .await?;

    let count = scores.len();
    let request = record(story, &batch_id, "scores", scores);
    let what = "更正后录入成绩（一人恰为 60 分，两人 59 分）";
    let recorded = story
        .deed(Who::CollegeA, what, RULE, request)
        .await?
        .recorded;
    expect("scores recorded", recorded as usize, count)?;
    story
        .page
        .result(&format!("录入 {recorded} 项；各科目均达 60 分为合格"))?;
    Ok(batch_id)
}

async fn open(story: &mut Story<'_>, plan: &Plan) -> Result<String> {
    let request = results::OpenBatchRequest {
        request_id: story.id("open-batch"),
        plan_id: plan.id.clone(),
    };
    let what = "建立成绩批次，取得锁定的考生名册";
    let reply = story
        .deed_once_heard(Who::CollegeA, what, RULE, request, NOT_HEARD_OF)
        .await?;
    let batch_id = reply.batch.unwrap_or_default().batch_id;
    story.outcome.ids.batch.clone_from(&batch_id);
    story.page.result(&format!("批次 {batch_id}"))?;
    Ok(batch_id)
}

fn record(
    story: &Story<'_>,
    batch_id: &str,
    step: &str,
    scores: Vec<results::ScoreEntry>,
) -> results::RecordScoresRequest {
    let (request_id, batch_id) = (story.id(step), batch_id.to_owned());
    results::RecordScoresRequest {
        request_id,
        batch_id,
        scores,
    }
}

/// A score for every part that a candidate sat and that counts.
fn scores(story: &Story<'_>, plan: &Plan) -> Vec<results::ScoreEntry> {
    let mut scores = Vec::new();
    for (entry, candidate) in plan.roster.iter().zip(&story.candidates) {
        let mut add = |part: exam::ExamPart, score| {
            let ticket_number = entry.ticket_number.clone();
            scores.push(results::ScoreEntry {
                ticket_number,
                part: part.into(),
                score,
            });
        };
        let (theory, skill) = candidate.scores;
        if candidate.fate != Fate::Absent {
            add(exam::ExamPart::Theory, theory);
        }
        if !matches!(candidate.fate, Fate::Absent | Fate::Cheats) {
            add(exam::ExamPart::Skill, skill);
        }
    }
    scores
}

/// Those who passed are shown to the public, and somebody objects.
pub(super) async fn show(story: &mut Story<'_>, plan: &Plan, batch_id: String) -> Result<Batch> {
    story.day(story.dates.results_shown)?;
    let request = results::ProposePublicNoticeRequest {
        request_id: story.id("propose-results-notice"),
        batch_id: batch_id.clone(),
        objection_contact: OBJECTION_CONTACT.to_owned(),
    };
    let what = "提出结束录入、公示合格人员";
    let proposed = story.deed(Who::CollegeA, what, RULE, request).await?;
    let request = results::OpenPublicNoticeRequest {
        request_id: story.id("open-results-notice"),
        batch_id: batch_id.clone(),
        confirmation: Some(confirm(&proposed.proposal.unwrap_or_default())),
    };
    let reply = story
        .deed(Who::CollegeB, "第二人确认，开始公示", RULE, request)
        .await?;
    let notice_id = reply.public_notice.unwrap_or_default().public_notice_id;
    story.outcome.ids.results_notice.clone_from(&notice_id);
    story.page.result("开始公示，期限 5 个工作日")?;
    show_outcomes(story, plan, &batch_id).await?;
    look_at_notice(story, &notice_id).await?;
    object(story, plan, &notice_id).await?;
    Ok(Batch {
        batch_id,
        notice_id,
    })
}

/// What came of those whose exam was out of the ordinary.
async fn show_outcomes(story: &mut Story<'_>, plan: &Plan, batch_id: &str) -> Result<()> {
    let rows = story.ask(Who::CollegeA, all_rows(batch_id)).await?.results;
    let mut lines = Vec::new();
    for fate in [
        Fate::PassesWith60,
        Fate::FailsTheoryWith59,
        Fate::FailsSkillWith59,
        Fate::Absent,
        Fate::Cheats,
    ] {
        let position = story.whose(fate);
        let ticket = &plan.roster[position].ticket_number;
        let row = rows.iter().find(|row| row.ticket_number == *ticket);
        let row = row.with_context(|| format!("{ticket} is not in the batch"))?;
        let expected = if story.candidates[position].passes() {
            results::ResultState::InPublicNotice
        } else {
            results::ResultState::NotPassed
        };
        let (state, expected) = (row.state().as_str_name(), expected.as_str_name());
        expect("state of a result", state, expected)?;
        lines.push(papers::outcome(row));
    }
    story.page.paper("认定成绩（节选）", &table(&lines))
}

/// Asks for every row of a batch.
pub(super) fn all_rows(batch_id: &str) -> results::ListResultsRequest {
    results::ListResultsRequest {
        batch_id: batch_id.to_owned(),
        page_size: 500,
        page_token: String::new(),
    }
}

/// As anybody sees it, without a token.
async fn look_at_notice(story: &mut Story<'_>, notice_id: &str) -> Result<()> {
    let request = results::GetPublicNoticeRequest {
        public_notice_id: notice_id.to_owned(),
        ..Default::default()
    };
    let reply = story
        .deed(Who::Public, "查看结果公示", RULE, request)
        .await?;
    let notice = reply.public_notice.unwrap_or_default();
    let ends = notice.ends.clone().unwrap_or_default().date;
    let expected = story.dates.results_notice_ends.to_string();
    expect("last day of the notice", ends, expected)?;
    expect("rows of the notice", notice.rows.len(), story.passed())?;
    story
        .page
        .paper("认定结果公示", &papers::public_notice(&notice))
}

async fn object(story: &mut Story<'_>, plan: &Plan, notice_id: &str) -> Result<()> {
    story.day(story.dates.objected)?;
    let ticket = &plan.roster[story.whose(Fate::ObjectedTo)].ticket_number;
    let objector = people::objector();
    let request = results::RaiseObjectionRequest {
        request_id: story.id("objection"),
        public_notice_id: notice_id.to_owned(),
        row_key: ticket.clone(),
        party: Some(common::Party {
            name: objector.name,
            citizen_id: objector.citizen_id.reveal().to_owned(),
            phone: "19900004321".to_owned(),
        }),
        grounds: "该考生工作年限不足，请核实申报条件".to_owned(),
        whole_session: false,
    };
    let what = format!("实名对 {ticket} 提出异议：工作年限不足");
    let reply = story.deed(Who::Public, &what, RULE, request).await?;
    story.outcome.ids.objection = reply.objection_id;
    let request = results::GetPublicNoticeRequest {
        public_notice_id: notice_id.to_owned(),
        ..Default::default()
    };
    let reply = story.ask(Who::Public, request).await?;
    let notice = reply.public_notice.unwrap_or_default();
    let row = notice.rows.iter().find(|row| row.row_key == *ticket);
    let state = row.context("the row objected to is not shown")?.state();
    expect(
        "state of the row",
        state.as_str_name(),
        RowState::Held.as_str_name(),
    )?;
    story.page.result("该行暂停，其余各行不受影响")
}

/// The notice has ended by itself for every row but one; those are uploaded.
pub(super) async fn upload(story: &mut Story<'_>, batch: &Batch) -> Result<()> {
    story.page.act("第七幕 上传与审核", "Upload and reviews")?;
    story.day(story.dates.results_notice_over)?;
    let passed = story.passed();
    let request = results::GetPublicNoticeRequest {
        public_notice_id: batch.notice_id.clone(),
        ..Default::default()
    };
    let seen = |reply: results::GetPublicNoticeResponse| {
        let notice = reply.public_notice.unwrap_or_default();
        let in_state = |state| {
            notice
                .rows
                .iter()
                .filter(|row| row.state() == state)
                .count()
        };
        let (over, held) = (in_state(RowState::Concluded), in_state(RowState::Held));
        let there = (over, held) == (passed - 1, 1);
        reached(there, over, || {
            format!("{over} rows have ended, {held} are held")
        })
    };
    let over = story.until(Who::Public, request, seen).await?;
    story.page.event(&format!(
        "公示期满：{over} 行无异议，自动结束；1 行有异议，继续暂停"
    ))?;
    hand_up(story, batch, "upload", (over, 1)).await
}

/// Uploads what has come through its notice; so many rows, and so many still held.
pub(super) async fn hand_up(
    story: &mut Story<'_>,
    batch: &Batch,
    step: &str,
    expected: (usize, usize),
) -> Result<()> {
    let request = results::UploadResultsRequest {
        request_id: story.id(step),
        batch_id: batch.batch_id.clone(),
    };
    let reply = story
        .deed(Who::CollegeA, "上传认定结果", RULE, request)
        .await?;
    let (uploaded, held) = (reply.uploaded as usize, reply.held as usize);
    expect("rows uploaded and held", (uploaded, held), expected)?;
    story
        .page
        .result(&format!("上传 {uploaded} 人，{held} 人因异议留下"))
}
